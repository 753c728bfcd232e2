"""Proposals that wait for leave: the queue, the decision in the approver's own session, and taking one back."""

import dataclasses
import datetime as dt
from typing import Any

from whistle import clock
from whistle.rules import workflow
from whistle.rules.workflow import Action
from whistle.services import askings, contexts, deciders, grants, ledger, overtaking
from whistle.services.access import Acting, is_shut_out, may, require
from whistle.services.casework import act, classification, clockwork, writing
from whistle.services.casework.clockwork import ClockView
from whistle.services.casework.inputs import days_of_now
from whistle.services.errors import Conflict, Invalid, NotAllowed, NotFound
from whistle.services.messages import check_text
from whistle.services.use_case import reading, use_case
from whistle.store.cases import Case, Proposal
from whistle.store.database import lock_row
from whistle.store.people import Person
from whistle.vault import envelope


@dataclasses.dataclass(frozen=True, slots=True)
class QueueRow:
    """A proposal in the queue: nothing of what it says, for reading that is an opening of the case."""

    id: str
    case_ref: str
    action: Action
    is_named: bool
    by_name: str
    waits_for: tuple[str, ...]
    made_at: dt.datetime
    #: Whose leave it needs, as `workflow.leave_for` says.
    approval: str
    #: What is due first in its case.
    clock: ClockView | None
    #: Whom a decider asked to decide in their place, as long as that person may.
    delegated_to: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal as who decides it, its proposer or a reader of the case sees it."""

    id: str
    case_ref: str
    action: Action
    by_name: str
    #: Who may decide while it waits: any one of them; nobody where it is stuck.
    waits_for: tuple[str, ...]
    #: Who decided.
    decided_by: str | None
    made_at: dt.datetime
    state: str
    facts: dict[str, Any]
    words: dict[str, Any]
    #: Why it was returned, where it was.
    answer: str | None
    can_decide: bool
    can_withdraw: bool
    #: Whose leave it needs; "collective": a meeting's, which the head records.
    approval: str = ""
    #: Whom a decider asked to decide in their place, and to whom this person may pass it on: id, name and role.
    delegated_to: str | None = None
    delegates: tuple[tuple[int, str, str], ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class DecidedView:
    """What became of a proposal: nothing of what it says. `can_open`: whether the case is open to this person."""

    id: str
    case_ref: str
    action: Action
    by_name: str
    made_at: dt.datetime
    state: str
    #: Who may decide while it waits.
    waits_for: tuple[str, ...]
    #: Nobody where it was taken back or overtaken.
    decided_by: str | None
    decided_at: dt.datetime | None
    can_open: bool


@reading
def queue(by: Acting) -> list[QueueRow]:
    """The proposals that this person may decide: of real-name cases first, then what is due first, then the oldest.

    At most 200.
    """
    require(by, "proposal.list")
    rows = deciders.waiting_for(by.person_id)
    deciding = deciders.of([row.id for row in rows])
    due = clockwork.next_due([row.case_id for row in rows])
    found = [
        QueueRow(
            id=row.id,
            case_ref=act.reference(row.case),
            action=workflow.ACTIONS[row.action],
            is_named=bool(row.case.is_named),
            by_name=row.by.name,
            waits_for=deciders.names(deciding[row.id]),
            made_at=row.made_at,
            approval=deciders.leave_of(row),
            clock=due.get(row.case_id),
            delegated_to=_passed_on_to(row, deciding[row.id]),
        )
        for row in rows
    ]
    return sorted(found, key=lambda row: (not row.is_named, row.clock.due_on if row.clock else dt.date.max))


def _passed_on_to(row: Proposal, deciding: list[Person]) -> str | None:
    """Whom a proposal was passed on to; nobody once that person may not decide it: one would wait for who is gone."""
    return row.delegated_to.name if row.delegated_to in deciding else None


@reading
def outcome(by: Acting, proposal_id: str) -> DecidedView:
    """How a proposal stands, for who made or decided it, and who may know of its case; for others NotFound."""
    row = Proposal.get_or_none(Proposal.id == proposal_id)
    require(by, "proposal.list")
    if row is None or not _may_know(by, row):
        raise NotFound("proposal")
    return DecidedView(
        id=row.id,
        case_ref=act.reference(row.case),
        action=workflow.ACTIONS[row.action],
        by_name=row.by.name,
        made_at=row.made_at,
        state=row.state,
        waits_for=deciders.names(deciders.of([row.id])[row.id]),
        decided_by=None if row.decided_by is None else row.decided_by.name,
        decided_at=row.decided_at,
        can_open=may(by, "case.read", row.case),
    )


def _may_know(by: Acting, row: Proposal) -> bool:
    """Who made or decided a proposal, and who may know of its case; of one that went the sealed way, its readers.

    Whoever keeps off the case by now learns nothing more of it, not even of an own proposal.
    """
    if is_sealed_from(by, row) or is_shut_out(row.case, by.person_id):
        return False
    return by.person_id in (row.by_id, row.decided_by_id) or may(by, "proposal.outcome", row)


def is_sealed_from(by: Acting, row: Proposal) -> bool:
    """Whether a proposal's case went the sealed way, and so is not there for this person."""
    return bool(row.case.is_flagged) and not may(by, "case.read", row.case)


def view(by: Acting, row: Proposal) -> ProposalView:
    """A proposal opened for somebody who holds the case; the caller records the opening."""
    inputs = act.proposal_inputs(by, row)
    waiting = row.state == "waiting"
    facts = inputs["facts"]
    if waiting:
        facts |= days_of_now(workflow.ACTIONS[row.action].needs, facts)
    deciding = deciders.of([row.id])[row.id]
    can_decide = by.person_id in {person.id for person in deciding} and not _is_about(by, inputs)
    others = deciders.delegates(row, by) if can_decide else []
    return ProposalView(
        id=row.id,
        case_ref=act.reference(row.case),
        action=workflow.ACTIONS[row.action],
        by_name=row.by.name,
        waits_for=deciders.names(deciding),
        decided_by=None if row.decided_by is None else row.decided_by.name,
        made_at=row.made_at,
        state=row.state,
        facts=facts,
        words=inputs["words"],
        answer=_answer(by, row),
        can_decide=can_decide,
        can_withdraw=waiting and (row.by_id == by.person_id or overtaking.is_stuck(row)),
        approval=deciders.leave_of(row),
        delegated_to=_passed_on_to(row, deciding),
        delegates=tuple((person.id, person.name, person.role) for person in others),
    )


def _answer(by: Acting, row: Proposal) -> str | None:
    if row.sealed_decision is None:
        return None
    key = grants.key_of_generation(row.case, grants.case_key(by, row.case), row.generation)
    context = contexts.decision(row.id, row.case_id, row.generation)
    return str(envelope.open_json_record(key, row.sealed_decision, context)["text"])


@use_case
def approve(
    by: Acting,
    proposal_id: str,
    version: int | None = None,
    seen: int | None = None,
    **meeting: Any,
) -> act.Outcome:
    """Give leave: the act happens now, in this person's session.

        `version` and `seen` are the case's version and the number of its newest event as the person saw them; where
    anything happened since, a reporter's letter too, it raises Conflict 'changed'. Raises Conflict 'state' where the
    case moved to where the act cannot be done. `meeting`: for a collective decision its day, number and result; raises
    Invalid naming what is missing.
    """
    row = _deciding(by, proposal_id)
    case = row.case
    if version not in (None, case.version) or seen not in (None, writing.newest_seq(case)):
        raise Conflict("changed")
    _decide(row, by, "approved")
    return act.carry_out(by, row, **meeting)


@use_case
def send_back(by: Acting, proposal_id: str, words: str) -> None:
    """Refuse leave, with reasons that the proposer reads; the case goes on as it was."""
    words = check_text("words", words, 5_000)
    row = _deciding(by, proposal_id)
    key = grants.key_of_generation(row.case, grants.case_key(by, row.case), row.generation)
    context = contexts.decision(row.id, row.case_id, row.generation)
    row.sealed_decision = envelope.seal_json_record(key, {"text": words}, context)
    _decide(row, by, "returned")
    _take_back_grant(by, row)


@use_case
def delegate(by: Acting, proposal_id: str, person: int) -> None:
    """Pass a decision on to somebody else who may give such leave; the case's key goes with it.

    Whom it was passed on to before holds the case no more for its sake. Raises Invalid('person', …) for who may not
    decide it, or may not come to hold the case.
    """
    row = _deciding(by, proposal_id)
    chosen = next((other for other in deciders.delegates(row, by) if other.id == person), None)
    key = grants.case_key(by, row.case)
    if chosen is None or not grants.may_hold(row.case, key, chosen):
        raise Invalid("person", "may_not_decide")
    former, row.delegated_to = row.delegated_to, chosen
    row.save()
    ledger.append("other", "delegated", row, by=by.person_id)
    if not deciders.holds(row.case, chosen):
        grants.grant(row.case, key, chosen, "proposal")
    if former is not None and not deciders.may_decide(former.id, row):
        case = Case.get_by_id(row.case_id)
        if grants.revoke(case, person=former, reasons=grants.TO_DECIDE):
            grants.renew(case, key)


@use_case
def withdraw(by: Acting, proposal_id: str) -> act.Outcome:
    """Take an own proposal back before it is decided; or, as a reader of the case, one that lost its people.

    The outcome tells where the case is, and whether this person can still open it.
    """
    row = _waiting(by, proposal_id)
    require(by, "proposal.withdraw", row)
    if row.by_id != by.person_id and not overtaking.is_stuck(row):
        raise NotAllowed("proposal.withdraw")
    row.state, row.decided_at = "withdrawn", clock.now()
    row.save()
    ledger.append("other", "withdrawn", row, by=by.person_id)
    _take_back_grant(by, row)
    case = Case.get_by_id(row.case_id)
    return act.Outcome(act.reference(case), case.state, is_left=not may(by, "case.read", case))


def _waiting(by: Acting, proposal_id: str) -> Proposal:
    """The proposal, its case locked before it: in that order everybody else takes them too."""
    of_case = Proposal.select(Proposal.case).where(Proposal.id == proposal_id)
    list(lock_row(Case.select().where(Case.id.in_(of_case))))
    row: Proposal | None = lock_row(Proposal.select().where(Proposal.id == proposal_id)).first()
    if row is None or is_sealed_from(by, row):
        raise NotFound("proposal")
    if row.state != "waiting":
        raise Conflict("decided_already")
    return row


def _deciding(by: Acting, proposal_id: str) -> Proposal:
    row = _waiting(by, proposal_id)
    require(by, "proposal.decide", row)
    if not deciders.may_decide(by.person_id, row) or _is_about(by, act.proposal_inputs(by, row)):
        raise NotAllowed("proposal.decide")
    return row


def _is_about(by: Acting, inputs: dict[str, Any]) -> bool:
    """Whether a proposal names this person as subject: it is for somebody else to decide (rulebook §11)."""
    return by.person_id in {person.id for person in classification.named_in(inputs["words"])}


def _decide(row: Proposal, by: Acting, state: str) -> None:
    row.state, row.decided_by, row.decided_at = state, Person.get_by_id(by.person_id), clock.now()
    row.save()
    ledger.append("other", state, row, by=by.person_id)


def _take_back_grant(by: Acting, row: Proposal) -> None:
    """Who held the case for the proposal's sake alone holds it no more; keys are renewed (vault: grants)."""
    case = Case.get_by_id(row.case_id)
    if not any(grants.given_for(case, reason) for reason in grants.TO_DECIDE):
        return
    key = grants.case_key(by, case)
    grants.revoke(case, reasons=grants.TO_DECIDE)
    grants.renew(case, key)
    askings.end_lost([case], by.person_id)
