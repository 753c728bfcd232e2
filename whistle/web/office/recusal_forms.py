"""The forms about recusals: what is declared, decided, answered and lifted."""

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from whistle.rules import taxonomy
from whistle.services.casework.inputs import REMARK_LIMIT
from whistle.services.casework.recusals import Choice as Somebody
from whistle.services.casework.recusals import Said
from whistle.web.filters import term
from whistle.web.forms import AHEAD, Choice, Day, Form, Hidden, Line, Lines, OneOf, Several
from whistle.web.pages import role_name


class _OfCase(Form):
    """Which case: the one whose page led here, or one by its number."""

    words: ClassVar[dict[str, Any]] = {
        "number.empty": _l("请填写案件编号"),
        "number.not_whole": _l("请写完整的案件编号，例如清访2026-000123"),
        "number.no_case": _l("没有这个编号的案件，或者不归你管，请核对编号"),
    }

    case = Hidden()
    number = Line(_lp("one", "案件编号"), hint=_l("例如清访2026-000123"), at_most=60)

    @property
    def ref(self) -> str:
        """The case's number or id; empty where nothing was said."""
        return str(self.case.data or self.number.data or "")


class _About(Form):
    """Somebody of the office."""

    person = OneOf(_l("应当回避的人"), choices=(), required=_l("请选择应当回避的人"))


class _AboutSome(Form):
    """Some people of the office; for a declaration nobody is to be chosen."""

    people = Several(_l("应当回避的人"), choices=())


class _Grounded(Form):
    """Asks for the ground, in the law's own items."""

    ground = Choice(_l("回避的情形"), choices=(), required=_l("请选择回避的情形"))

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        rows = taxonomy.TABLES["recusal_grounds"].values()
        self.ground.choices = [(row.code, term(row)) for row in rows]


class _Reasoned(Form):
    """Asks why."""

    reason = Lines(_l("理由"), required=_l("请写明理由"), at_most=REMARK_LIMIT, rows=3)


class _Papered(Form):
    """The superior's paper, where the superior decided."""

    words: ClassVar[dict[str, Any]] = {
        "paper.empty": _l("请填写上级文件的编号：主要负责人的回避由上级机关决定"),
        "paper.no_number": _l("请只填编号，例如清纪〔2026〕3号"),
        "paper_on.empty": _l("请填写上级文件的日期"),
        "paper_on.ahead": _l("上级文件的日期不能晚于今天"),
    }

    paper = Line(_l("上级文件编号"), hint=_l("例如清纪〔2026〕3号"), at_most=40)
    paper_on = Day(_l("上级文件日期"), hint=_l("例如2026年11月23日"))


class DeclareForm(_Reasoned, _Grounded, _OfCase):
    """The own recusal."""

    words: ClassVar[dict[str, Any]] = _OfCase.words


class DecideForm(_Papered, _Reasoned, _Grounded, _About, _OfCase):
    """Somebody keeps off."""

    words: ClassVar[dict[str, Any]] = {**_Papered.words, **_OfCase.words}


class GrantForm(_Papered, _Reasoned, _Grounded, _AboutSome):
    """A wish is granted: who of the office keeps off for it."""

    words: ClassVar[dict[str, Any]] = {**_Papered.words, "people.empty": _l("请勾选应当回避的人")}


class AnswerForm(_Papered, _Reasoned):
    """A wish is refused, or a recusal lifted."""

    words: ClassVar[dict[str, Any]] = _Papered.words


class ActingForm(_Papered, _OfCase):
    """Who acts as head: in one case, or for days."""

    words: ClassVar[dict[str, Any]] = {
        **_Papered.words,
        **_OfCase.words,
        "paper.empty": _l("请填写上级文件的编号：由谁代行由上级机关决定"),
        "person.cannot_act": _l("这个角色不能代行主要负责人职责，请选别人"),
        "from_on.empty": _l("请填写开始的日期，或者填写案件编号"),
        "to_on.empty": _l("请填写截止的日期，或者填写案件编号"),
        "to_on.before_start": _l("截止日期不能早于开始日期"),
        "to_on.past": _l("截止日期不能早于今天"),
        "to_on.head_is_there": _l(
            "这些天里主要负责人有在岗的。请先由管理员登记主要负责人离岗的起止日期，代行的日期要都在里面"
        ),
        "to_on.too_long": _l("一次最多一年，到期凭上级的新文件再登记"),
    }
    person = OneOf(_l("代行职责的人"), choices=(), required=_l("请选择代行职责的人"))
    from_on = Day(_l("从哪一天起"), hint=AHEAD, meant="near")
    to_on = Day(_l("到哪一天止"), hint=AHEAD, meant="ahead")


def named(one: Somebody) -> str:
    """Somebody who can be chosen, with the role."""
    return _("%(name)s（%(role)s）", name=one.name, role=role_name(one.role))


def said(form: Any) -> Said:
    """What a form says of a decision."""
    ground = form.ground.data if "ground" in form else ""
    return Said(form.reason.data, ground or "", form.paper.data or "", form.paper_on.data)
