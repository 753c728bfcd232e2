"""Which pages a signed-in person finds where: one table of menu entries by role, and what every page knows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request, url_for
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext as _n
from flask_login import current_user

from whistle.rules.permits import ROLES
from whistle.services import office, sessions
from whistle.services.casework import identity_giving
from whistle.services.errors import NotAllowed
from whistle.web.filters import term
from whistle.web.languages import is_english

EVERYBODY = frozenset(
    {"intake", "officer", "reviewer", "deputy", "head", "auditor", "supervisor", "oversight", "admin"}
)
CASEWORK = frozenset({"intake", "officer", "reviewer", "deputy", "head", "oversight"})
LEADERS = frozenset({"deputy", "head"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A menu entry: where it leads, what it says, who has it. `family` are the endpoints that belong to it."""

    endpoint: str
    label: Any
    roles: frozenset[str]
    family: str


#: The entry of who keeps halves of names' keys, whatever their role.
KEEPERS = "office.identity"
#: The one entry that leads somewhere before somebody compared the short code.
BEFORE_ADMISSION = "office.account"

#: In the order in which they are shown.
MENU: Sequence[Entry] = (
    Entry("office.desk", _l("工作台"), CASEWORK, "office.desk office.case"),
    Entry("office.register", _l("登记来件"), frozenset({"intake"}), "office.register"),
    Entry("office.search", _l("查找"), CASEWORK, "office.search"),
    Entry("office.board", _l("挂图作战"), CASEWORK, "office.board"),
    Entry("office.papers_week", _l("会议材料"), CASEWORK - {"oversight"}, "office.papers"),
    Entry("office.approvals", _l("待批事项"), LEADERS | {"oversight"}, "office.approval"),
    Entry("office.identity", _l("实名信息"), CASEWORK, "office.identity"),
    Entry("office.admissions", _l("准入"), LEADERS | {"oversight"}, "office.admission"),
    Entry("office.hand_over", _l("移交承办"), LEADERS, "office.hand_over"),
    Entry("office.recusals", _l("回避"), CASEWORK, "office.recusal office.acting_head"),
    Entry("office.keys", _l("密钥"), LEADERS | {"oversight"}, "office.keys"),
    Entry("audit.log", _l("日志核验"), frozenset({"auditor", "head", "oversight"}), "audit.log"),
    Entry("audit.identity", _l("实名查看登记"), frozenset({"auditor", "head"}), "audit.identity"),
    Entry("audit.recusals", _l("回避和打听过问"), frozenset({"auditor"}), "audit.recusals"),
    Entry("admin.checklist", _l("启用清单"), frozenset({"admin"}), "admin.checklist"),
    Entry("admin.people", _l("人员"), frozenset({"admin"}), "admin.people admin.person"),
    Entry("admin.units", _n("单位", "单位", 2), frozenset({"admin"}), "admin.unit"),
    Entry("admin.desks", _n("受理台", "受理台", 2), frozenset({"admin"}), "admin.desk"),
    Entry("admin.channels", _l("渠道"), frozenset({"admin"}), "admin.channel"),
    Entry("admin.calendar", _l("工作日"), frozenset({"admin"}), "admin.calendar"),
    Entry("admin.settings", _l("设置"), frozenset({"admin"}), "admin.settings"),
    Entry("admin.storage", _l("存储"), frozenset({"admin"}), "admin.storage"),
    Entry("admin.record", _l("操作记录"), frozenset({"admin", "head", "auditor"}), "admin.record"),
    Entry("office.setup", _l("启用清单"), LEADERS | {"oversight"}, "office.setup"),
    Entry("office.account", _l("我的账号"), EVERYBODY, "office.account"),
    Entry("office.interference", _l("打听过问"), EVERYBODY, "office.interference"),
)


@dataclass(frozen=True, slots=True)
class Link:
    """A menu entry as one page shows it."""

    url: str
    label: Any
    is_here: bool


def register(app: Flask) -> None:
    """Give templates the menu, the office's names and the invented people."""
    app.jinja_env.globals.update(
        menu=menu,
        asked_of_me=asked_of_me,
        about=about,
        own_words=own_words,
        invented_people=invented_people,
        role_name=role_name,
    )
    app.context_processor(lambda: {"faults": ()})


def menu(role: str) -> list[Link]:
    """The entries of a role; the one this page belongs to is marked. What waits for who keeps names is counted."""
    here = request.endpoint or ""
    asked = asked_of_me() if role in CASEWORK else None
    waits = g.get("waits_for_admission", False)
    return [
        Link(
            url_for(entry.endpoint),
            _label(entry, asked),
            any(here.startswith(stem) for stem in entry.family.split()),
        )
        for entry in MENU
        if role in entry.roles
        and (entry.endpoint != KEEPERS or asked is not None)
        and (not waits or entry.endpoint == BEFORE_ADMISSION)
    ]


def _label(entry: Entry, asked: int | None) -> Any:
    if entry.endpoint != KEEPERS or not asked:
        return entry.label
    return _l("%(label)s（%(count)s）", label=entry.label, count=asked)


def asked_of_me() -> int | None:
    """How many askings for a real-name contact wait for this person: found once a request.

    None for who keeps no halves, on error pages, and before somebody let the person in.
    """
    if g.get("plain_page") or not current_user.is_authenticated:
        return None
    if "asked_of_me" not in g:
        try:
            g.asked_of_me = identity_giving.count(current_user.acting)
        except NotAllowed as fault:
            g.asked_of_me, g.waits_for_admission = None, fault.permission == "not_admitted"
    found: int | None = g.asked_of_me
    return found


def role_name(role: str) -> str:
    """What a role is called."""
    return term(ROLES[role])


def about() -> office.About | None:
    """The office as every page names it: read once a request; None before set-up and on error pages."""
    if g.get("plain_page"):
        return g.get("about")
    if "about" not in g:
        g.about = office.about()
    return g.about


def own_words(name: str) -> str:
    """What the office says itself in this page's language; empty where it leaves our words."""
    known = about()
    return getattr(known.own_words, f"{name}_{'en' if is_english() else 'zh'}") if known else ""


def invented_people() -> list[Any]:
    """The people a trial or demo can change to with one click; nobody in a real office, nor on an error page."""
    known = None if g.get("plain_page") else about()
    return sessions.invented_people() if known is not None and known.is_invented else []
