"""A case's page of recusals: who keeps off it and why, letting somebody in again; and who acts in the head's place."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from whistle.services import headship
from whistle.services.casework import reading, recusals
from whistle.services.errors import Invalid, NotFound
from whistle.web import forms
from whistle.web.forms import show
from whistle.web.numbers import NUMBER
from whistle.web.office import blueprint
from whistle.web.office.case import SHELF, bar
from whistle.web.office.desk import case_url, is_number
from whistle.web.office.recusal_forms import ActingForm, AnswerForm, said
from whistle.web.office.wording import KEPT_BY, KEPT_SINCE
from whistle.web.pages import role_name
from whistle.web.session import by


@blueprint.get(f"/{SHELF}/recusals")
def case_recusals(shelf: str, ref: str) -> ResponseReturnValue:
    """Who keeps off this case and why, and what can be done about it."""
    view = reading.open_case(by(), ref, letters_shown=False)
    can = {row.name for row in view.actions}
    shown = recusals.of_case(by(), ref)
    return show(
        "office/case/recusals.html",
        shown=shown,
        can=can,
        kept_by=KEPT_BY,
        kept_since=KEPT_SINCE,
        **bar(view),
    )


@blueprint.route(f"/{SHELF}/recusals/<{NUMBER}:person_id>", methods=["GET", "POST"])
def case_recusal_end(shelf: str, ref: str, person_id: int) -> ResponseReturnValue:
    """Let somebody in again."""
    view = reading.open_case(by(), ref, letters_shown=False)
    kept = next((row for row in recusals.of_case(by(), ref).kept if row.person_id == person_id), None)
    if kept is None or not kept.may_end:
        raise NotFound("recusal")
    form = AnswerForm()
    if form.validate_on_submit():
        with form.catching():
            recusals.end(by(), ref, person_id, said(form))
            return redirect(case_url(ref, "case_recusals", done="ended_recusal"), 303)
    return show("office/case/recusal_end.html", form=form, kept=kept, kept_by=KEPT_BY, **bar(view))


# In the head's place


@blueprint.route("/acting-head", methods=["GET", "POST"])
def acting_head() -> ResponseReturnValue:
    """Who acts and acted as head, and for the deputy the form to enter somebody."""
    form = ActingForm()
    if form.is_submitted():
        headship.ask(by())
    form.case.data = form.case.data or request.args.get("case", "")
    people = headship.candidates(by())
    form.person.choices = [
        ("", _("请选择")),
        *((str(i), _("%(name)s（%(role)s）", name=name, role=role_name(role))) for i, name, role in people),
    ]
    if form.validate_on_submit():
        with form.catching():
            return _entered(form)
    return show(
        "office/recusals/acting.html", form=form, rows=headship.list_acting(by()), is_number=is_number
    )


def _entered(form: ActingForm) -> ResponseReturnValue:
    person, paper, paper_on = int(form.person.data), form.paper.data or "", form.paper_on.data
    if form.ref:
        try:
            done = headship.enter_in(by(), form.ref, person, paper, paper_on)
        except NotFound:
            raise Invalid("number", "no_case") from None
        if done.is_left:
            return redirect(url_for(".acting_head", done="enter_acting_head"), 303)
        return redirect(case_url(done.case_ref, "case_recusals", done="enter_acting_head"), 303)
    from_on, to_on = form.from_on.data, form.to_on.data
    if from_on is None or to_on is None:
        raise Invalid("to_on" if from_on else "from_on", "empty")
    headship.enter(by(), person, from_on, to_on, paper, paper_on)
    return redirect(url_for(".acting_head", done="enter_acting_head"), 303)


@blueprint.post("/acting-head/<acting_id>/end")
def acting_head_end(acting_id: str) -> ResponseReturnValue:
    """End it, in a case or for days."""
    forms.check_button()
    headship.end(by(), acting_id)
    return redirect(url_for(".acting_head", done="end_acting_head"), 303)
