"""Proposals that wait for leave: the queue, and one page to decide each with a thumb."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from whistle.services import recusal
from whistle.services.casework import approvals as service
from whistle.services.casework import reading
from whistle.services.casework.approvals import ProposalView
from whistle.services.errors import Conflict
from whistle.web import forms
from whistle.web.filters import term
from whistle.web.forms import Form, Hidden, Lines, show
from whistle.web.numbers import as_number
from whistle.web.office import blueprint
from whistle.web.office.case import people_choices
from whistle.web.office.desk import case_url, clock_words, is_number, unit_choices
from whistle.web.office.told import Line, lines_of
from whistle.web.office.wording import CONSEQUENCES, OUTCOMES, PAST, REPORTER_WROTE
from whistle.web.session import by


class ApproveForm(Form):
    """Leave for what the page showed: the case's version, and the newest thing that had happened."""

    version = Hidden()
    seen = Hidden()


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
        return _page(proposal_id, ApproveForm(), ReturnForm())
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
    form = ApproveForm()
    if form.validate_on_submit():
        try:
            service.approve(by(), proposal_id, as_number(form.version.data), as_number(form.seen.data))
            return redirect(url_for(".approvals", done="approved"), 303)
        except Conflict as fault:
            if fault.why != "changed":
                raise
            form.form_errors.append(_("你看的时候，这件事又有了变化，所以还没有批准。请看过最新情况再决定"))
    return _page(proposal_id, form, ReturnForm(formdata=None))


@blueprint.post("/approvals/<proposal_id>/return")
def approval_return(proposal_id: str) -> ResponseReturnValue:
    """Refuse leave, with reasons."""
    form = ReturnForm()
    if form.validate_on_submit():
        with form.catching():
            service.send_back(by(), proposal_id, form.words.data)
            return redirect(url_for(".approvals", done="sent_back"), 303)
    return _page(proposal_id, ApproveForm(formdata=None), form)


@blueprint.post("/approvals/<proposal_id>/withdraw")
def approval_withdraw(proposal_id: str) -> ResponseReturnValue:
    """Take an own proposal back."""
    forms.check_button()
    outcome = service.withdraw(by(), proposal_id)
    if outcome.is_left:
        return redirect(url_for(".desk", done="withdrawn"), 303)
    return redirect(case_url(outcome.case_ref, done="withdrawn"), 303)


def _page(proposal_id: str, approving: ApproveForm, form: ReturnForm) -> ResponseReturnValue:
    """A proposal that waits for this person, as the case stands now; one that was decided meanwhile says so."""
    page = reading.open_proposal(by(), proposal_id)
    approving.version.data, approving.seen.data = str(page.version), str(page.seen)
    return show(
        "office/approvals/decide.html",
        proposal=page.proposal,
        since=page.since,
        past=PAST,
        reporter_past=REPORTER_WROTE,
        approving=approving,
        form=form,
        lines=_lines(page.proposal),
        case_url=case_url,
        is_number=is_number,
        consequence=CONSEQUENCES.get(page.proposal.action.name),
    )


def _lines(view: ProposalView) -> list[Line]:
    people = {number: name for number, name, _role in people_choices()}
    return lines_of(view.action, view.facts, view.words, dict(unit_choices()), people)
