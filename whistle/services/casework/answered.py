"""What was decided for a person who waits for it: an asked look at a real name, a file lent. Told on the desk, with the
case, until it was looked at or is over.

A refusal is told until the case was opened since, a week at most: it stands in the case in any event.
"""

import dataclasses
import datetime as dt

from whistle import clock
from whistle.services import acting_heads, archive
from whistle.services.access import Acting, require
from whistle.services.use_case import reading
from whistle.store.cases import Case, CaseEvent, CaseSeal, Opening
from whistle.store.reports import IdentityAsking, IdentityLook, Report

REFUSAL_DAYS = 7


@dataclasses.dataclass(frozen=True, slots=True)
class Answered:
    """One thing decided for a person. `what`: given, refused, lent; `until`: as long as it is given."""

    what: str
    case_ref: str
    number: str | None
    until: dt.date | None = None


@reading
def for_me(by: Acting) -> list[Answered]:
    """What was decided for this person and not looked at since, in cases that are open to them."""
    require(by, "case.list")
    return [*_looks(by), *_loans(by)]


def _looks(by: Acting) -> list[Answered]:
    held = acting_heads.open_seals(by.person_id).select(CaseSeal.case)
    rows = (
        IdentityAsking.select(IdentityAsking, Report, Case)
        .join(Report)
        .join(Case)
        .where(IdentityAsking.person == by.person_id, Case.id.in_(held))
        .where(IdentityAsking.state.in_(("given", "refused")))
        .where(IdentityAsking.decided_at > clock.now() - dt.timedelta(days=REFUSAL_DAYS))
        .order_by(IdentityAsking.decided_at.desc(), IdentityAsking.id)
    )
    newest = {row.report_id: row for row in reversed(list(rows))}
    return [_of_asking(row) for row in newest.values() if not _is_seen(by, row)]


def _is_seen(by: Acting, row: IdentityAsking) -> bool:
    if row.state == "given":
        is_over = row.until_at is None or clock.now() >= row.until_at
        return is_over or IdentityLook.select().where(IdentityLook.asking == row).exists()
    return _was_opened(by, row.report.case_id, row.decided_at) or _asked_again(row)


def _asked_again(row: IdentityAsking) -> bool:
    later = IdentityAsking.select().where(
        IdentityAsking.report == row.report_id,
        IdentityAsking.person == row.person_id,
        IdentityAsking.state == "waiting",
    )
    return bool(later.exists())


def _was_opened(by: Acting, case_id: str, since: dt.datetime | None) -> bool:
    rows = Opening.select().where(Opening.case == case_id, Opening.person == by.person_id)
    return since is None or bool(rows.where(Opening.recorded_at >= since).exists())


def _of_asking(row: IdentityAsking) -> Answered:
    case = row.report.case
    until = row.until_at if row.state == "given" else None
    return Answered(row.state, case.number or case.id, case.number, until and clock.day_of(until))


def _loans(by: Acting) -> list[Answered]:
    lent = (
        CaseSeal.select(CaseSeal.case)
        .where(CaseSeal.person == by.person_id, CaseSeal.reason == "lent")
        .distinct()
    )
    cases = list(Case.select().where(Case.id.in_(lent)).order_by(Case.number))
    loans = archive.loans(case.id for case in cases) if cases else {}
    found = []
    for case in cases:
        loan = next(loan for loan in loans[case.id] if loan.person_id == by.person_id)
        if not loan.is_over and not _was_opened(by, case.id, _lent_at(case, by.person_id)):
            found.append(Answered("lent", case.number or case.id, case.number, loan.until))
    return found


def _lent_at(case: Case, person_id: int) -> dt.datetime | None:
    events = CaseEvent.select().where(CaseEvent.case == case, CaseEvent.action == "lend")
    newest = [event for event in events.order_by(CaseEvent.seq) if event.facts["person"] == person_id]
    at: dt.datetime | None = newest[-1].recorded_at if newest else None
    return at
