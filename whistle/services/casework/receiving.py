"""How a report becomes a case: a new case with its first key, granted to those who may read it."""

import datetime as dt
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


def open_case(
    desk: Desk, *, kind: str, is_flagged: bool, is_named: bool, received_on: dt.date | None = None
) -> tuple[Case, bytes]:
    """A new case at a desk with its first key, not yet granted to anybody; part of a receipt, never alone.

    `received_on`: the day its report reached the office, where that is not today.
    """
    case = Case.create(
        desk=desk,
        state="oversight" if is_flagged else "received",
        version=0,
        kind=kind,
        is_flagged=is_flagged,
        is_named=is_named,
        received_on=received_on or clock.today(),
    )
    return case, grants.make_case_key(case)


def receive(
    by: Actor,
    case: Case,
    key: bytes,
    report: Report,
    *,
    at: Desk | None = None,
    words: dict[str, Any] | None = None,
    **more: Any,
) -> None:
    """Grant a new case to those who may read it and record its receipt; called once for a new report.

    `at`: the desk of the officer who writes it down, who may have no part in the case. `words` are kept sealed with
    the receipt. `more` are facts beside those of the report: concerns_head, origin, retaliation, from_superior. It
    takes effect on the day the report came. Raises Conflict 'nobody_may_read' where the reporter keeps out everybody
    who could take it in.
    """
    row = workflow.ACTIONS["receive_flagged" if case.is_flagged else "receive"]
    require(by, f"case.{row.name}", at or case)
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
    work = Work(case=case, row=row, by=by, facts=facts, words=words or {}, report=report, held_key=key)
    work.valid_on = report.received_on
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
