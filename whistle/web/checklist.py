"""The six steps of the set-up as pages show them: one set of words and places, for administrators and for officers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from whistle.rules.permits import ROLES
from whistle.services import checklist
from whistle.services.access import Acting
from whistle.services.checklist import Missing, Task
from whistle.web.filters import term

#: What the steps are called.
TITLES: Mapping[str, Any] = {
    "office": _l("邀请主要负责人"),
    "keys": _l("主要负责人打印恢复单，抄回三组字符"),
    "people": _l("邀请其他人，包括一位外部监督成员"),
    "admit": _l("主要负责人核对短码，逐人准入"),
    "oversight": _l("监督小组生成密钥，录入并核对上级机关的公钥"),
    "channel": _l("开通第一个渠道，张贴二维码"),
}

#: What there is to do in a step now.
DEEDS: Mapping[str, Any] = {
    "invite_head": _l(
        "机关、单位和受理台的名称已经填好。现在邀请主要负责人，把一次性链接当面或者用可靠的方式交给本人"
    ),
    "print_sheet": _l("恢复单只显示一次，管理员看不到"),
    "invite_people": _l("受邀的人打开一次性链接，自己设置密码。人员齐了才不怕有人要回避"),
    "activate": _l("受邀的人要先打开一次性链接，启用账号"),
    "admit": _l("和本人逐个核对短码。管理员不能代替"),
    "give_seat": _l("受理员已经准入，还没有受理台。在“人员”里打开这个人，安排到受理台"),
    "make_oversight_key": _l("外部成员生成监督受理台的密钥"),
    "invite_second": _l("监督小组至少要有两位成员，还要邀请一位"),
    "admit_second": _l("外部成员核对另一位成员的短码，准入到监督受理台"),
    "give_oversight_seat": _l("另一位成员已经准入，还没有席位。在“人员”里打开这个人，安排到监督受理台"),
    "enter_superior": _l("录入上级机关交来的公钥，再由另一位成员核对"),
    "confirm_superior": _l("没有录入公钥的那位成员打电话给上级机关，核对短码"),
    "open_channel": _l("添加一个渠道，下载二维码或者海报"),
}

#: Where it is done.
PLACES: Mapping[str, tuple[str, dict[str, Any]]] = {
    "invite_head": ("admin.person_new", {"role": "head"}),
    "print_sheet": ("office.keys", {}),
    "invite_people": ("admin.person_new", {}),
    "admit": ("office.admissions", {}),
    "give_seat": ("admin.people", {"role": "intake"}),
    "make_oversight_key": ("office.keys", {}),
    "invite_second": ("admin.person_new", {"role": "oversight"}),
    "admit_second": ("office.admissions", {}),
    "give_oversight_seat": ("admin.people", {"role": "oversight"}),
    "enter_superior": ("office.keys", {}),
    "confirm_superior": ("office.keys", {}),
    "open_channel": ("admin.channel_new", {}),
}


@dataclass(frozen=True, slots=True)
class Step:
    """A step in words. `url` where the acting person can do it now; `missing`: who is still to be invited."""

    name: str
    number: int
    state: str
    title: Any
    deed: Any
    whose: str
    url: str | None
    missing: str


def steps(by: Acting) -> list[Step]:
    """The six steps for the acting person."""
    return [_to_step(number, task) for number, task in enumerate(checklist.tasks(by), start=1)]


def _to_step(number: int, task: Task) -> Step:
    return Step(
        name=task.name,
        number=number,
        state=task.state,
        title=TITLES[task.name],
        deed=DEEDS[task.what],
        whose=_whose(task),
        url=_place(task) if task.is_mine else None,
        missing=_("、").join(map(_wanted, task.missing)),
    )


def _place(task: Task) -> str:
    endpoint, values = PLACES[task.what]
    return url_for(endpoint, **values)


def _whose(task: Task) -> str:
    """The state in words: whose turn it is, or what comes first."""
    if task.state == "done":
        return _("已完成")
    if task.state == "later":
        return _("等第%(number)s步完成", number=task.after)
    if task.is_mine:
        return _("现在由你来做")
    names = _("、").join(task.people)
    if task.waits_for == "invited":
        return _("等%(names)s启用账号", names=names)
    role = term(ROLES[task.waits_for])
    return _("等%(role)s：%(names)s", role=role, names=names) if names else _("等%(role)s", role=role)


def _wanted(missing: Missing) -> str:
    role = term(ROLES[missing.role])
    if missing.from_outside:
        return ngettext(
            "%(role)s%(num)s位（至少一位来自机关以外）",
            "%(role)s%(num)s位（至少一位来自机关以外）",
            missing.count,
            role=role,
        )
    return ngettext("%(role)s%(num)s位", "%(role)s%(num)s位", missing.count, role=role)
