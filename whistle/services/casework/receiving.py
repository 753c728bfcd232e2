"""How a report becomes a case: a new case with its first key, granted to those who may read it."""

from typing import Any

from whistle import clock
from whistle.rules import workflow
from whistle.services import grants
from whistle.services.access import Actor, require
from whistle.services.casework import classification, clockwork, writing
from whistle.services.casework.work import Work
from whistle.services.errors import Conflict
from whistle.store.cases import Case
from whistle.store.desks import Desk
from whistle.store.reports import Report


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


def receive(by: Actor, case: Case, key: bytes, report: Report, **more: Any) -> None:
    """Grant a new case to those who may read it and record its receipt; called once for a new report.

    `more` are facts of the receipt beside those of the report: concerns_head, origin, retaliation, from_superior.
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
        "concerns_head": False,
        **more,
    }
    work = Work(case=case, row=row, by=by, facts=facts, report=report, held_key=key)
    case.version += 1
    case.save()
    event = writing.record(work, None)
    clockwork.recompute(case)
    writing.append(work, event)


def _grant_first(case: Case, key: bytes) -> None:
    try:
        grants.grant_desk(case, key, case.desk)
    except Conflict:
        raise Conflict("nobody_may_read") from None
