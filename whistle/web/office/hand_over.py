"""Handing cases over: whose, which of them, and to whom; keys go along in the same act."""

from typing import Any, ClassVar

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from whistle.services import absences, assignment
from whistle.services.assignment import Load, Movable
from whistle.services.casework import seats
from whistle.services.casework.inputs import REMARK_LIMIT
from whistle.services.errors import Invalid, NotFound
from whistle.web.filters import term
from whistle.web.forms import Choice, Form, Lines, OneOf, Several, show
from whistle.web.numbers import NUMBER
from whistle.web.office import blueprint
from whistle.web.office.case_bar import choice_words, people_choices, receiver_words
from whistle.web.session import by

ALL, LISTED = "all", "listed"


class HandOverForm(Form):
    """All or some cases of one person, to another."""

    which = Choice(
        _l("移交哪些"),
        choices=[(LISTED, _l("只移交下面勾选的")), (ALL, _l("全部案件"))],
        required=_l("请选择移交全部还是一部分"),
    )
    cases = Several(_l("案件"), choices=())
    person = OneOf(_l("接手人"), choices=(), required=_l("请选择接手人"))
    reason = Lines(_l("理由"), required=_l("请写明为什么移交"), at_most=REMARK_LIMIT, rows=3)

    words: ClassVar[dict[str, Any]] = {
        "cases.shut_out": _l("%(cases)s须由%(name)s回避，请另交别人"),
        "cases.other_line": _l("%(cases)s不归%(name)s那条线，请另交别人"),
        "cases.worked_on_it": _l("%(cases)s是%(name)s办过的，不能再审理，请另交别人"),
        "cases.not_for_this_seat": _l("%(cases)s要交给承办人，%(name)s只接审理，请另交别人"),
        "cases.works_on_it_already": _l(
            "%(name)s已经在办%(cases)s，再接手，核查或者调查就不到两个人了，请另交别人"
        ),
        "cases.reviews_it": _l("%(cases)s由%(name)s审理，不能再承办，请另交别人"),
    }

    def refuse(self, fault: Invalid) -> None:
        """Say what is refused; cases are named by their numbers, and the others are ticked, so that they can go."""
        numbers, refs = fault.data.get("cases"), fault.data.get("refs")
        if isinstance(numbers, tuple):
            numbers = _("、").join(number or _("未编号的举报") for number in numbers)
            fault = Invalid(fault.field, fault.reason, **{**fault.data, "cases": numbers})
        super().refuse(fault)
        if not isinstance(refs, frozenset):
            return
        wanted = (
            self.cases.data if self.which.data == LISTED else [choice.value for choice in self.cases.choices]
        )
        if rest := [ref for ref in wanted if ref not in refs]:
            self.which.data, self.cases.data = LISTED, rest
            told = self.cases.errors[-1]
            self.cases.errors = [_("%(fault)s；其余的下面已经勾选，可以先移交", fault=told)]

    def validate_cases(self, field: Several) -> None:
        """Some of them means at least one, and all of them no choice."""
        if self.which.data == LISTED and not field.data:
            raise ValidationError(_("请勾选要移交的案件"))
        if self.which.data == ALL and field.data:
            raise ValidationError(
                _("上面选了全部案件，这里又勾选了一部分。请改选“只移交下面勾选的”，或者取消勾选")
            )


@blueprint.get("/hand-over")
def hand_over() -> ResponseReturnValue:
    """Who has how many cases."""
    loads = [row for row in assignment.loads(by()) if row.cases or row.left]
    away = absences.away_now(by())
    rows = [(row, choice_words(row.person_id, row.name, away)) for row in loads]
    return show("office/hand_over/people.html", rows=rows)


@blueprint.route(f"/hand-over/<{NUMBER}:person_id>", methods=["GET", "POST"])
def hand_over_person(person_id: int) -> ResponseReturnValue:
    """All or listed cases of one person."""
    load = next((row for row in assignment.loads(by()) if row.person_id == person_id and row.cases), None)
    if load is None:
        raise NotFound("person")
    form = _form(load)
    if form.validate_on_submit():
        with form.catching():
            chosen = form.cases.data if form.which.data == LISTED else None
            assignment.hand_over(by(), person_id, int(form.person.data), form.reason.data, chosen)
            return redirect(url_for(".hand_over", done="handed_over"), 303)
    return show("office/hand_over/person.html", form=form, load=load)


def _form(load: Load) -> HandOverForm:
    form = HandOverForm()
    cases = assignment.cases_of(by(), load.person_id)
    form.cases.choices = [(case.ref, _case_words(case)) for case in cases]
    away = absences.away_now(by())
    people = [
        (str(i), choice_words(i, receiver_words(name, role), away))
        for i, name, role in people_choices()
        if role != "reviewer" or any(case.seat == seats.REVIEWING for case in cases)
    ]
    form.person.choices = [("", _("请选择")), *people]
    return form


def _case_words(case: Movable) -> str:
    number, state = case.number or _("未编号"), term(case.state)
    if case.seat == seats.OF_GROUP:
        return _("%(number)s（%(state)s，只是核查组成员）", number=number, state=state)
    if case.seat == seats.REVIEWING:
        return _("%(number)s（%(state)s，审理）", number=number, state=state)
    return _("%(number)s（%(state)s）", number=number, state=state)
