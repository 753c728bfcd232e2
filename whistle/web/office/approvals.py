"""Proposals that wait for leave: the queue, and one page to decide each with a thumb."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from whistle.rules.workflow import COLLECTIVE
from whistle.services import absences, recusal
from whistle.services.casework import approvals as service
from whistle.services.casework import desk as desk_service
from whistle.services.casework import reading
from whistle.services.casework.approvals import ProposalView
from whistle.services.casework.reading import ProposalPage
from whistle.services.errors import Conflict
from whistle.web import errors, forms
from whistle.web.filters import term
from whistle.web.forms import Day, Form, Hidden, Line, Lines, OneOf, show
from whistle.web.numbers import as_number
from whistle.web.office import blueprint
from whistle.web.office.case_bar import choice_words, labels, people_choices, thing_label
from whistle.web.office.desk import case_url, clock_words, is_number, unit_choices
from whistle.web.office.told import Line as Told
from whistle.web.office.told import lines_of
from whistle.web.office.wording import CONSEQUENCES, OUTCOMES, PAST, REPORTER_WROTE
from whistle.web.pages import role_name
from whistle.web.session import by


class ApproveForm(Form):
    """Leave for what the page showed: the case's version, and the newest thing that had happened."""

    version = Hidden()
    shown_up_to = Hidden()


class MeetingForm(ApproveForm):
    """The same for a collective decision, whose meeting is recorded with it."""

    meeting_on = Day(_l("会议日期"), required=_l("请填会议日期"), hint=_l("例如2026年11月23日"))
    meeting_number = Line(_l("会议文号"), required=_l("请填会议文号"))
    meeting_result = Lines(_l("会议结果"), required=_l("请写明会议结果"), at_most=5_000, rows=3)


class DelegateForm(Form):
    """Who is asked to decide in this person's place."""

    person = OneOf(_l("交给谁批"), choices=(), required=_l("请选择交给谁批"))


class ReturnForm(Form):
    """Why a proposal goes back."""

    words = Lines(
        _l("退回的理由"),
        required=_l("请写明为什么退回，提出的人会看到"),
        at_most=5_000,
        rows=3,
    )


@blueprint.get("/approvals")
def approvals() -> ResponseReturnValue:
    """What waits for this person, what is due first before all."""
    return show(
        "office/approvals/queue.html",
        queue=service.queue(by()),
        wishes=recusal.count(by()),
        clock_words=clock_words,
        is_number=is_number,
    )


@blueprint.get("/approvals/<proposal_id>")
def approval(proposal_id: str) -> ResponseReturnValue:
    """One proposal: what is proposed, by whom, and the two answers; for others, and later, what became of it."""
    try:
        return _page(proposal_id)
    except Conflict as fault:
        if fault.why != "decided_already":
            raise
    outcome = service.outcome(by(), proposal_id)
    return show(
        "office/approvals/decided.html",
        proposal=outcome,
        title=str(OUTCOMES[outcome.state]) % {"what": term(outcome.action)},
        case_url=case_url,
        is_number=is_number,
    )


@blueprint.post("/approvals/<proposal_id>/approve")
def approval_approve(proposal_id: str) -> ResponseReturnValue:
    """Give leave: it happens now."""
    errors.expect({"meeting_result": _("会议结果")})
    form = MeetingForm() if "meeting_number" in request.form else ApproveForm()
    if form.validate_on_submit():
        meeting = form.data if isinstance(form, MeetingForm) else {}
        try:
            with form.catching():
                service.approve(
                    by(),
                    proposal_id,
                    as_number(form.version.data),
                    as_number(form.shown_up_to.data),
                    **{name: value for name, value in meeting.items() if name.startswith("meeting_")},
                )
                return redirect(url_for(".approvals", done="approved"), 303)
        except Conflict as fault:
            if fault.why != "changed":
                raise
            form.form_errors.append(_("你看的时候，这件事又有了变化，所以还没有批准。请看过最新情况再决定"))
    return _page(proposal_id, approving=form)


@blueprint.post("/approvals/<proposal_id>/return")
def approval_return(proposal_id: str) -> ResponseReturnValue:
    """Refuse leave, with reasons."""
    form = ReturnForm()
    if form.validate_on_submit():
        with form.catching():
            service.send_back(by(), proposal_id, form.words.data)
            return redirect(url_for(".approvals", done="sent_back"), 303)
    return _page(proposal_id, returning=form)


@blueprint.post("/approvals/<proposal_id>/delegate")
def approval_delegate(proposal_id: str) -> ResponseReturnValue:
    """Ask somebody else to decide; the case's key goes with it."""
    form = DelegateForm()
    form.person.choices = _delegates(reading.open_proposal(by(), proposal_id).proposal)
    if form.validate_on_submit():
        with form.catching():
            service.delegate(by(), proposal_id, as_number(form.person.data))
            return redirect(url_for(".approvals", done="delegated"), 303)
    return _page(proposal_id, delegating=form)


@blueprint.post("/approvals/<proposal_id>/withdraw")
def approval_withdraw(proposal_id: str) -> ResponseReturnValue:
    """Take an own proposal back."""
    forms.check_button()
    outcome = service.withdraw(by(), proposal_id)
    if outcome.is_left:
        return redirect(url_for(".desk", done="withdrawn"), 303)
    return redirect(case_url(outcome.case_ref, done="withdrawn"), 303)


def _page(
    proposal_id: str,
    *,
    approving: ApproveForm | None = None,
    returning: ReturnForm | None = None,
    delegating: DelegateForm | None = None,
) -> ResponseReturnValue:
    """A proposal that waits for this person, as the case stands now; one that was decided meanwhile says so."""
    page = reading.open_proposal(by(), proposal_id)
    is_of_meeting = page.proposal.approval == COLLECTIVE
    if approving is None or isinstance(approving, MeetingForm) != is_of_meeting:
        approving = (MeetingForm if is_of_meeting else ApproveForm)(formdata=None)
    delegating = delegating or DelegateForm(formdata=None)
    delegating.person.choices = _delegates(page.proposal)
    approving.version.data, approving.shown_up_to.data = str(page.version), str(page.seen)
    return show(
        "office/approvals/decide.html",
        proposal=page.proposal,
        since=page.since,
        past=PAST,
        reporter_past=REPORTER_WROTE,
        approving=approving,
        is_of_meeting=is_of_meeting,
        form=returning or ReturnForm(formdata=None),
        delegating=delegating if page.proposal.delegates or delegating.errors else None,
        lines=_lines(page),
        drawn_up=_drawn_up(page),
        case_url=case_url,
        is_number=is_number,
        consequence=_consequence(page),
    )


def _delegates(view: ProposalView) -> list[tuple[str, str]]:
    """Whom it may be passed on to, each with the role, and until when they are away."""
    away = absences.away_now(by()) if view.delegates else {}
    return [
        ("", _("请选择")),
        *(
            (str(i), choice_words(i, _("%(name)s（%(role)s）", name=name, role=role_name(role)), away))
            for i, name, role in view.delegates
        ),
    ]


def _lines(page: ProposalPage) -> list[Told]:
    view = page.proposal
    is_loan = any(need.table == "borrowers" for need in view.action.needs)
    listed = desk_service.borrowers_to_choose(by(), view.case_ref) if is_loan else people_choices()
    people = {number: name for number, name, _role in listed}

    def told(given: Mapping[str, Any]) -> list[Told]:
        return lines_of(view.action, given, {}, dict(unit_choices()), people, labels(page.things))

    given = {**view.facts, **view.words}
    return told(given) if page.class_now is None else _changes(told(page.class_now), told(given))


def _changes(was: list[Told], proposed: list[Told]) -> list[Told]:
    """Of another class only what changes, each with what it was."""
    old, new = ({line.label: line for line in lines} for lines in (was, proposed))
    named = [line.label for line in proposed] + [line.label for line in was if line.label not in new]
    changes = [(label, old.get(label), new.get(label)) for label in named]
    return [
        line if line is not None and before is None and line.is_long else _change(label, before, line)
        for label, before, line in changes
        if before is None or line is None or before.value != line.value
    ]


def _change(label: str, before: Told | None, after: Told | None) -> Told:
    was, now = (_("未填写") if line is None else line.value for line in (before, after))
    return Told(label, _("%(was)s→%(now)s", was=was, now=now))


def _consequence(page: ProposalPage) -> Any:
    """What follows from the step; of another class, where the kind of matter becomes another."""
    registered = page.class_now
    is_same_kind = registered is not None and registered.get("kind") == page.proposal.facts.get("kind")
    return None if is_same_kind else CONSEQUENCES.get(page.proposal.action.name)


def _drawn_up(page: ProposalPage) -> list[str]:
    """The measures that are drawn up: who gives leave sees what it leads to."""
    return [thing_label(t) for t in page.things if t.kind == "measure" and t.state == "proposed"]
