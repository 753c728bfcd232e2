"""The one way to change a case: check the table, do what follows, write the event, move the clocks, append the log.

`act` is called by officers, reporters and the system alike; `receive` makes a case from a report. An act that needs
leave becomes a sealed proposal, and `carry_out` runs it later in the approver's session. Rulebook §4.
"""

import dataclasses
import datetime as dt
from typing import Any

from peewee import fn

from whistle import clock
from whistle.rules import workflow
from whistle.services import contexts, deciders, grants, identity, ledger
from whistle.services.access import Acting, Actor, AsReporter, may, require
from whistle.services.casework import classification, clockwork
from whistle.services.casework.attempts import noted
from whistle.services.casework.effects import EFFECTS
from whistle.services.casework.guards import GUARDS
from whistle.services.casework.inputs import split_inputs
from whistle.services.casework.work import Work
from whistle.services.errors import Conflict, NotFound
from whistle.services.use_case import use_case
from whistle.store.cases import Case, CaseEvent, CaseKey, Opening, Proposal
from whistle.store.database import lock_row
from whistle.store.desks import Desk
from whistle.store.fields import new_id
from whistle.store.reports import Report
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
    **inputs: Any,
) -> Outcome:
    """Do `action` on a case.

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
    require(by, f"case.{action}", case)
    form = _count_once(case, form_number)
    _check_state(case, row, by)
    report = _report_of(case, inputs.pop("report", None))
    facts, words = split_inputs(row, inputs)
    facts |= form
    work = Work(case=case, row=row, by=by, facts=facts, words=words, report=report, valid_on=valid_on)
    work.form_number = form_number
    if isinstance(by, Acting):
        work.key()  # who cannot open a case does nothing to it, not even what needs no word of it
    _run_guards(work)
    if row.approval is not None:
        return _propose(work)
    return _apply(work)


def _check_version(case: Case, row: workflow.Action, by: Actor, version: int | None) -> None:
    """Tell somebody who had the case open that it changed, even where the change took the case from them.

    Whoever never opened it, and everybody once it went the sealed way, is told by `require` that there is none.
    """
    if version is None or version == case.version or not isinstance(by, Acting) or by.role not in row.by:
        return
    if may(by, "case.read", case) or (not case.is_flagged and _has_opened(by, case)):
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


def _check_state(case: Case, row: workflow.Action, by: Actor) -> None:
    if case.state not in row.frm:
        raise Conflict("state", state=case.state, action=row.name)
    waiting = waiting_proposal(case) if isinstance(by, Acting) else None
    if waiting is not None and blocked_by_proposal(row, workflow.ACTIONS[waiting.action]):
        raise Conflict("waiting_for_approval")


def blocked_by_proposal(row: workflow.Action, proposed: workflow.Action) -> bool:
    """Whether an action waits while `proposed` does: what moves the case or needs leave, never the sealed way up.

    Nobody is given a case that may be over with the decision.
    """
    if row.yields and proposed.to in workflow.END_STATES:
        return True
    return (row.to is not None or row.approval is not None) and row.name != "to_oversight"


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
    if isinstance(work.by, Acting):
        grants.owe_line(case, work.key())
    if case.needs_new_keys and isinstance(work.by, Acting):
        work.held_key = grants.renew(case, work.key())
    identity.end_lost([case], work.person_id)
    came_from = case.return_state
    case.state = workflow.state_after(row, before, came_from)
    case.return_state = workflow.return_state_after(row, before, came_from)
    if isinstance(work.by, Acting) or case.state != before:
        case.version += 1
    case.save()
    event = _record(work, before)
    clockwork.recompute(case)
    _append(work, event)
    is_left = isinstance(work.by, Acting) and not may(work.by, "case.read", case)
    return Outcome(reference(case), case.state, download=work.download, is_left=is_left)


def _record(work: Work, before: str | None) -> CaseEvent:
    case = work.case
    facts = dict(work.facts)
    if work.proposed_by is not None:
        facts["proposed_by"] = work.proposed_by
    event = CaseEvent(
        id=new_id(),
        case=case,
        seq=newest_seq(case) + 1,
        action=work.row.name,
        from_state=before,
        to_state=case.state,
        by=work.person_id,
        by_kind=_kind_of(work.by),
        report=None if work.report is None else work.report.id,
        facts=facts,
        valid_on=work.valid_on or clock.today(),
        recorded_on=clock.today(),
        recorded_at=clock.now() if isinstance(work.by, Acting) else None,
    )
    if work.words:
        event.generation = case.key_generation
        event.sealed = _seal_words(work, event, case.key_generation)
    event.save(force_insert=True)
    return event


def newest_seq(case: Case) -> int:
    """The number of the newest thing that happened to a case; what a reporter writes has one too."""
    return CaseEvent.select(fn.MAX(CaseEvent.seq)).where(CaseEvent.case == case).scalar() or 0


def _kind_of(by: Actor) -> str:
    if isinstance(by, Acting):
        return "office"
    return "reporter" if isinstance(by, AsReporter) else "system"


def _seal_words(work: Work, event: CaseEvent, generation: int) -> bytes:
    """Officers' words lie under the case key; who cannot read the case seals to its box."""
    body = dict(work.words)
    context = contexts.event(event.id, work.case.id, generation)
    if isinstance(work.by, Acting):
        return envelope.seal_json_record(work.key(), body, context)
    box = CaseKey.get(CaseKey.case == work.case, CaseKey.generation == generation)
    return envelope.seal_json_to(box.box_public, body, context)


def _append(work: Work, event: CaseEvent) -> None:
    ledger.append("other", work.row.name, event, by=work.person_id)
    ledger.append("other", "case", work.case, by=work.person_id)
    if work.row.leaf != "other":
        for report in work.reports():
            ledger.append(work.row.leaf, work.row.name, report, **_public_reason(work))


def _public_reason(work: Work) -> dict[str, Any]:
    """A decline's reason code is part of the public leaf; nothing else is."""
    return {"reason": work.facts["reason"]} if work.row.leaf == "declined" and "reason" in work.facts else {}


# --- receiving -----------------------------------------------------------------------------------------------


def open_case(desk: Desk, *, kind: str, is_flagged: bool, is_named: bool) -> tuple[Case, bytes]:
    """A new case at a desk with its first key, not yet granted to anybody; part of a receipt, never alone."""
    case = Case.create(
        desk=desk,
        state="oversight" if is_flagged else "received",
        version=0,
        kind=kind,
        is_flagged=is_flagged,
        is_named=is_named,
        received_on=clock.today(),
    )
    return case, grants.make_case_key(case)


def receive(by: Actor, case: Case, key: bytes, report: Report, *, concerns_head: bool = False) -> Outcome:
    """Grant a new case to those who may read it and record its receipt; called once for a new report.

    Raises Conflict 'nobody_may_read' where the reporter keeps out everybody who could take it in.
    """
    row = workflow.ACTIONS["receive_flagged" if case.is_flagged else "receive"]
    require(by, f"case.{row.name}", case)
    classification.shut_out_unit(case)
    _grant_first(case, key)
    if case.is_flagged:
        grants.grant_superior(case, key)
    else:
        grants.grant_recovery(case, key)
    facts = {
        "report": report.id,
        "origin": report.origin,
        "is_named": bool(report.is_named),
        "kind": report.kind,
        "own_people": bool(case.is_flagged),
        "concerns_head": concerns_head,
    }
    work = Work(case=case, row=row, by=by, facts=facts, report=report, held_key=key)
    case.version += 1
    case.save()
    event = _record(work, None)
    clockwork.recompute(case)
    _append(work, event)
    return Outcome(case.id, case.state)


def _grant_first(case: Case, key: bytes) -> None:
    try:
        grants.grant_desk(case, key, case.desk)
    except Conflict:
        raise Conflict("nobody_may_read") from None


# --- proposals -----------------------------------------------------------------------------------------------


def _propose(work: Work) -> Outcome:
    case = work.case
    if not isinstance(work.by, Acting) or work.row.approval is None:
        raise TypeError("only a person proposes what needs leave")
    if waiting_proposal(case) is not None:
        raise Conflict("waiting_for_approval")
    key = work.key()
    _seal_to_deciders(work, work.by)
    proposal = Proposal(
        id=new_id(),
        case=case,
        action=work.row.name,
        generation=case.key_generation,
        case_version=case.version,
        case_seq=newest_seq(case),
        by=work.by.person_id,
        made_at=clock.now(),
    )
    context = contexts.proposal(proposal.id, case.id, proposal.generation)
    body = {
        "facts": work.facts,
        "words": work.words,
        "report": None if work.report is None else work.report.id,
    }
    proposal.sealed = envelope.seal_json_record(key, body, context)
    proposal.save(force_insert=True)
    ledger.append("other", "proposed", proposal, by=work.by.person_id)
    return Outcome(reference(case), case.state, proposal_id=proposal.id)


def _seal_to_deciders(work: Work, by: Acting) -> None:
    """Let everybody hold the case who may decide, so that one who is away holds up nothing.

    Whom the proposal names as subject may not. Raises Conflict 'no_approver' where nobody may hold it.
    """
    case, key = work.case, work.key()
    grants.owe_line(case, key)
    named = classification.named_in(work.words)
    asked = [
        person
        for person in deciders.candidates(case, work.row, by)
        if person not in named
        and grants.may_hold(case, key, person)
        and (deciders.holds(case, person) or grants.grant(case, key, person, "proposal"))
    ]
    if not asked:
        raise Conflict("no_approver")


def carry_out(by: Acting, proposal: Proposal) -> Outcome:
    """Run an approved proposal in the approver's session; the case must still stand where it can be done.

    Who held the case for the proposal's sake alone holds it no more.
    """
    case = find_case(proposal.case_id, lock=True)
    row = workflow.ACTIONS[proposal.action]
    if case.state not in row.frm:
        raise Conflict("state", state=case.state, action=row.name)
    inputs = proposal_inputs(by, proposal)
    work = Work(
        case=case,
        row=row,
        by=by,
        facts=inputs["facts"],
        words=inputs["words"],
        report=_report_of(case, inputs["report"]),
        proposed_by=proposal.by_id,
        held_key=grants.case_key(by, case),
    )
    grants.revoke(case, reasons=("proposal",))
    _run_guards(work)
    return _apply(work)


def proposal_inputs(by: Acting, proposal: Proposal) -> dict[str, Any]:
    """A proposal's facts, words and the report it is about, opened in a person's session."""
    case = proposal.case
    key = grants.key_of_generation(case, grants.case_key(by, case), proposal.generation)
    context = contexts.proposal(proposal.id, case.id, proposal.generation)
    body: dict[str, Any] = envelope.open_json_record(key, proposal.sealed, context)
    return body
