"""The record of an act: the event with its sealed words, and its leaves in the log; in the caller's transaction."""

from typing import Any

from peewee import fn

from whistle import clock
from whistle.rules import workflow
from whistle.services import contexts, ledger
from whistle.services.access import Acting, Actor, AsReporter, AsSystem
from whistle.services.casework import clockwork, reporters_view
from whistle.services.casework.work import Work
from whistle.store.cases import Case, CaseEvent, CaseKey
from whistle.store.fields import new_id
from whistle.store.reports import Report
from whistle.vault import envelope

SYSTEM = AsSystem("casework")


def record(work: Work, before: str | None) -> CaseEvent:
    """Write the event of an act that was just done to `work.case`; `before` is the state it was done in."""
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


def append(work: Work, event: CaseEvent) -> None:
    """Put the leaves of an act into the log, once the event and the case are saved."""
    ledger.append("other", work.row.name, event, by=work.person_id)
    ledger.append("other", "case", work.case, by=work.person_id)
    if work.row.leaf != "other":
        for report in _told_by_leaf(work):
            ledger.append(work.row.leaf, work.row.name, report, **_public_reason(work))


def _told_by_leaf(work: Work) -> list[Report]:
    """The reports whose proof says this: one that joined counts as accepted since then, and learns no other day."""
    if work.row.name != "accept":
        return work.reports()
    return [report for report in work.reports() if not reporters_view.is_joined(report)]


def _public_reason(work: Work) -> dict[str, Any]:
    """A decline's reason code is part of the public leaf; nothing else is."""
    return {"reason": work.facts["reason"]} if work.row.leaf == "declined" and "reason" in work.facts else {}


def note_on(case: Case, action: str, *, report: Report, **facts: Any) -> None:
    """What an act on one case means on another's timeline: an event of the system's, with clocks and leaves."""
    work = Work(case=case, row=workflow.ACTIONS[action], by=SYSTEM, facts=facts, report=report)
    case.version += 1
    case.save()
    event = record(work, case.state)
    clockwork.recompute(case)
    append(work, event)
