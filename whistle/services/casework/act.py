"""The one way to change a case, or a thing of it: check the table, do what follows, write the event, move the clocks,
append the log.

`act` is called by officers, reporters and the system alike. An act that needs leave becomes a sealed proposal, and
`carry_out` runs it later in the approver's session. Rulebook §4.
"""

import dataclasses
import datetime as dt
from typing import Any

from whistle import clock
from whistle.rules import workflow
from whistle.rules.clock_rows import clock_row
from whistle.rules.permits import permission_of
from whistle.services import acting_heads, askings, contexts, deciders, grants, identity, ledger
from whistle.services.access import Acting, Actor, may, require, role_in
from whistle.services.casework import classification, clockwork, things
from whistle.services.casework.attempts import noted
from whistle.services.casework.effects import EFFECTS
from whistle.services.casework.guards import GUARDS
from whistle.services.casework.inputs import check_ahead, days_of_now, split_inputs
from whistle.services.casework.work import Work
from whistle.services.casework.writing import append, newest_seq, record
from whistle.services.errors import Conflict, NotFound
from whistle.services.use_case import use_case
from whistle.store.cases import Case, CaseEvent, Opening, Proposal
from whistle.store.database import lock_row
from whistle.store.fields import new_id
from whistle.store.people import Person
from whistle.store.reports import Report
from whistle.store.things import CaseThing
from whistle.vault import envelope, keys


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What an act came to: the state now, or the proposal that waits; `download` is a file handed over once.

    `is_left`: the acting person can no longer open the case.
    """

    case_ref: str
    state: str
    proposal_id: str | None = None
    download: bytes | None = None
    is_left: bool = False


def find_case(ref: str, *, lock: bool = False) -> Case:
    """A case by its number or its random id; raises NotFound."""
    query = Case.select().where((Case.number == ref) | (Case.id == ref))
    case: Case | None = (lock_row(query) if lock else query).first()
    if case is None:
        raise NotFound("case")
    return case


def reference(case: Case) -> str:
    """How a case is addressed: its number, before it has one its random id."""
    return case.number or case.id


@noted
@use_case
def act(
    case_ref: str,
    action: str,
    by: Actor,
    version: int | None = None,
    valid_on: dt.date | None = None,
    form_number: str = "",
    thing: str | None = None,
    **inputs: Any,
) -> Outcome:
    """Do `action` on a case, or on the thing of it with the id `thing`.

    `version` is the one the person saw; another now raises Conflict 'changed'. `valid_on` is the day the act
    took effect, where that is not today and no input says it (the system's lapses). `form_number` makes a
    reporter's form count once; sent again, it raises Conflict 'sent_already'.
    `report` among the inputs names the report it is about. Raises NotAllowed, NotFound, Invalid for an input,
    Conflict where the state, a guard or a waiting proposal forbids it. Returns the outcome; where leave is
    needed, with the proposal's id.
    """
    case = find_case(case_ref, lock=True)
    row = workflow.ACTIONS[action]
    _check_version(case, row, by, version)
    require(by, permission_of(row), case)
    form = _count_once(case, form_number)
    target = None if thing is None else things.find(case, row.thing, thing)
    _check_state(case, row, by, target)
    about = inputs.pop("report", None)
    needs = workflow.needs_in(row, case.state, role_in(by, case) if isinstance(by, Acting) else "")
    facts, words = split_inputs(needs, inputs, case)
    report = _report_of(case, facts.pop("to_report", about))
    facts |= form
    work = Work(
        case=case,
        row=row,
        by=by,
        facts=facts,
        words=words,
        report=report,
        thing=target,
        valid_on=valid_on,
        form_number=form_number,
    )
    if isinstance(by, Acting):
        work.key()  # who cannot open a case does nothing to it, not even what needs no word of it
    _run_guards(work)
    leave = _leave(work)
    return _apply(work) if leave is None else _propose(work, leave)


def _check_version(case: Case, row: workflow.Action, by: Actor, version: int | None) -> None:
    """Tell somebody who had the case open that it changed, even where the change took the case from them.

    Whoever never opened it, and everybody once it went the sealed way, is told by `require` that there is none.
    """
    if version is None or version == case.version or not isinstance(by, Acting):
        return
    has_lost_it = by.role in row.by and not case.is_flagged and _has_opened(by, case)
    if has_lost_it or may(by, permission_of(row), case):
        raise Conflict("changed")


def _has_opened(by: Acting, case: Case) -> bool:
    return bool(Opening.select().where(Opening.case == case, Opening.person == by.person_id).exists())


def _count_once(case: Case, form_number: str) -> dict[str, str]:
    """The fact that keeps a reporter's form from counting twice; the case's row is locked, so none slips in between."""
    if not form_number:
        return {}
    form = keys.hash_token(form_number).hex()
    events = CaseEvent.select(CaseEvent.facts).where(CaseEvent.case == case, CaseEvent.by_kind == "reporter")
    if any(event.facts.get("form") == form for event in events):
        raise Conflict("sent_already")
    return {"form": form}


def _report_of(case: Case, report_id: str | None) -> Report | None:
    if report_id is None:
        return None
    report = Report.get_or_none(Report.id == report_id, Report.case == case)
    if report is None:
        raise NotFound("report")
    return report


def _check_state(case: Case, row: workflow.Action, by: Actor, thing: CaseThing | None) -> None:
    """Where case and thing stand, and what waits for leave, allow it."""
    stands = case.state in row.frm if row.thing == "case" else case.state in row.in_states
    if row.thing != "case":
        stands = stands and workflow.is_from(row, None if thing is None else thing.state)
    if not stands or not workflow.fits_kind(row, case.kind):
        raise Conflict("state", state=case.state, action=row.name)
    waiting = waiting_proposal(case) if isinstance(by, Acting) else None
    if waiting is not None and blocked_by_proposal(row, workflow.ACTIONS[waiting.action]):
        raise Conflict("waiting_for_approval")


def blocked_by_proposal(row: workflow.Action, proposed: workflow.Action) -> bool:
    """Whether an action waits while `proposed` does: what moves the case or needs leave, never the sealed way up.

    Nobody is given a case that may be over with the decision, and what is proposed with a decision stays as it was.
    """
    if row.yields and any(to in workflow.END_STATES for to in proposed.outcomes):
        return True
    if row.name in ("to_oversight", "request_protection"):
        return False
    moves = row.thing == "case" and row.to is not None
    return moves or row.approval is not None or row.name in ("measure.propose", "measure.drop")


def _leave(work: Work) -> str | None:
    """Whose leave the act needs; nobody's, where a reporter or the system does it."""
    if not isinstance(work.by, Acting):
        return None
    return workflow.leave_for(
        work.row, by=work.role, complexity=work.case.complexity, clock=_extended_by(work)
    )


def _extended_by(work: Work) -> str:
    """What the row of the clock that is to be extended asks for."""
    name = work.facts.get("clock")
    extension = None if name is None else clock_row(str(name)).extension
    return "" if extension is None else extension.approval


def waiting_proposal(case: Case) -> Proposal | None:
    """The proposal a case waits for, if any."""
    return Proposal.get_or_none(Proposal.case == case, Proposal.state == "waiting")


def _run_guards(work: Work) -> None:
    for name in work.row.guards:
        GUARDS[name](work)


# --- applying ------------------------------------------------------------------------------------------------


def _apply(work: Work) -> Outcome:
    case, row = work.case, work.row
    before = case.state
    for name in row.effects:
        EFFECTS[name](work)
    if row.thing == "case":
        came_from = case.return_state
        case.state = workflow.state_after(row, before, came_from, work.to)
        case.return_state = workflow.return_state_after(row, before, came_from, work.to)
    else:
        things.write(work)
    if isinstance(work.by, Acting):
        # Owed by where the case stands now: what went into the archive is the line's no more.
        grants.owe_line(case, work.key())
    if case.needs_new_keys and isinstance(work.by, Acting):
        work.held_key = grants.renew(case, work.key())
    identity.take_from_shut_out(case)
    askings.end_lost([case], work.person_id)
    if isinstance(work.by, Acting) or case.state != before:
        case.version += 1
    case.save()
    event = record(work, before)
    clockwork.recompute(case)
    append(work, event)
    for note in work.then:
        note()
    is_left = isinstance(work.by, Acting) and not may(work.by, "case.read", case)
    return Outcome(reference(case), case.state, download=work.download, is_left=is_left)


# --- proposals -----------------------------------------------------------------------------------------------


def _propose(work: Work, leave: str) -> Outcome:
    case = work.case
    if not isinstance(work.by, Acting):
        raise TypeError("only a person proposes what needs leave")
    if waiting_proposal(case) is not None:
        raise Conflict("waiting_for_approval")
    key = work.key()
    _seal_to_deciders(work, work.by, leave)
    proposal = Proposal(
        id=new_id(),
        case=case,
        action=work.row.name,
        generation=case.key_generation,
        case_version=case.version,
        case_seq=newest_seq(case),
        by=work.by.person_id,
        made_at=clock.now(),
        approval=leave,
    )
    context = contexts.proposal(proposal.id, case.id, proposal.generation)
    body = {
        "facts": work.facts,
        "words": work.words,
        "report": None if work.report is None else work.report.id,
        "thing": None if work.thing is None else work.thing.id,
    }
    proposal.sealed = envelope.seal_json_record(key, body, context)
    proposal.save(force_insert=True)
    ledger.append("other", "proposed", proposal, by=work.by.person_id)
    return Outcome(reference(case), case.state, proposal_id=proposal.id)


def _seal_to_deciders(work: Work, by: Acting, leave: str) -> None:
    """Let everybody hold the case who may decide, so that one who is away holds up nothing.

    Whom the proposal names as subject may not. Raises Conflict 'no_approver' where nobody may hold it.
    """
    case, key = work.case, work.key()
    grants.owe_line(case, key)
    named = classification.named_in(work.words)
    asked = [
        person
        for person in deciders.candidates(case, leave, by)
        if person not in named
        and grants.may_hold(case, key, person)
        and (deciders.holds(case, person) or _lend_to_decide(case, key, person))
    ]
    if not asked:
        raise Conflict("no_approver")


def _lend_to_decide(case: Case, key: bytes, person: Person) -> bool:
    return grants.grant(case, key, person, acting_heads.reason_to_hold(person, case, "proposal"))


def carry_out(by: Acting, proposal: Proposal, **meeting: Any) -> Outcome:
    """Run an approved proposal in the approver's session; the case must still stand where it can be done.

    `meeting`: what the head records of a collective decision. Who held the case for the proposal's sake alone holds it
    no more.
    """
    case = find_case(proposal.case_id, lock=True)
    row = workflow.ACTIONS[proposal.action]
    inputs = proposal_inputs(by, proposal)
    check_ahead(row.needs, inputs["facts"])
    target = None if inputs.get("thing") is None else things.find(case, row.thing, inputs["thing"])
    _check_state(case, row, by, target)
    of_meeting = workflow.MEETING if proposal.approval == workflow.COLLECTIVE else ()
    facts, words = split_inputs(of_meeting, meeting, case)
    work = Work(
        case=case,
        row=row,
        by=by,
        facts={**inputs["facts"], **days_of_now(row.needs, inputs["facts"]), **facts},
        words={**inputs["words"], **words},
        report=_report_proposed(case, inputs["report"]),
        thing=target,
        proposed_by=proposal.by_id,
        held_key=grants.case_key(by, case),
    )
    grants.revoke(case, reasons=grants.TO_DECIDE)
    _run_guards(work)
    return _apply(work)


def _report_proposed(case: Case, report_id: str | None) -> Report | None:
    try:
        return _report_of(case, report_id)
    except NotFound:
        raise Conflict("report_left") from None


def proposal_inputs(by: Acting, proposal: Proposal) -> dict[str, Any]:
    """A proposal's facts, words and the report it is about, opened in a person's session."""
    case = proposal.case
    key = grants.key_of_generation(case, grants.case_key(by, case), proposal.generation)
    context = contexts.proposal(proposal.id, case.id, proposal.generation)
    body: dict[str, Any] = envelope.open_json_record(key, proposal.sealed, context)
    return body
