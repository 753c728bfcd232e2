"""What is due: the cases of a person with a clock that is over, ends today or ends this week, most urgent first."""

import dataclasses
import datetime as dt
from typing import Any

from whistle import clock
from whistle.rules import workflow
from whistle.services import units
from whistle.services.access import Acting, require
from whistle.services.casework import clockwork, scope
from whistle.services.casework.clockwork import ClockView
from whistle.services.casework.desk import can_open, names_of_people
from whistle.services.casework.desk_filters import (
    DUE,
    DeskFilters,
    due_between,
    end_of_week,
    narrowed,
    span_of,
)
from whistle.services.use_case import reading
from whistle.store.cases import Case, Clock

#: How many cases are named of each kind; the rest are a number that leads to the list.
NAMED = 5
#: Clocks that are looked at for each case that is to be named; one case seldom has so many of them due at once.
LOOKED_AT = 8


@dataclasses.dataclass(frozen=True, slots=True)
class DueRow:
    """A case and the clock of it that is due first; `can_open` as on the desk."""

    ref: str
    number: str | None
    state: workflow.State
    received_on: dt.date
    unit_zh: str | None
    unit_en: str | None
    officer: str | None
    clock: ClockView
    can_open: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Due:
    """One of `desk_filters.DUE`: how many cases, and the first of them."""

    name: str
    total: int
    rows: list[DueRow]


@dataclasses.dataclass(frozen=True, slots=True)
class Week:
    """The week that "this week" means; `is_this_one`: today is a day of it."""

    until: dt.date
    is_this_one: bool


@reading
def week(by: Acting) -> Week:
    """The working week of which something is left."""
    require(by, "case.list")
    until, today = end_of_week(), clock.today()
    return Week(until, is_this_one=until - today < dt.timedelta(days=7))


@reading
def due(by: Acting) -> list[Due]:
    """Overdue, today, this week: for who takes in what no officer answers for, for deputy and head their line."""
    require(by, "case.list")
    mine = narrowed(scope.visible(by), by, DeskFilters(view="all", mine=True))
    found = []
    for name in DUE:
        first, last = span_of(name)
        total = mine.where(Case.id.in_(due_between(first, last))).count()
        rows = most_urgent(by, mine, first, last) if total else []
        found.append(Due(name, total, rows))
    return found


def most_urgent(
    by: Acting, cases: Any, first: dt.date | None, last: dt.date | None, most: int = NAMED
) -> list[DueRow]:
    """Those of some cases with a clock due on these days whose clock is due first; in the caller's transaction."""
    query = Clock.select().where(Clock.state == "running", Clock.case.in_(cases.select(Case.id)))
    if first is not None:
        query = query.where(Clock.due_on >= first)
    if last is not None:
        query = query.where(Clock.due_on <= last)
    soonest: dict[str, Clock] = {}
    for row in query.order_by(Clock.due_on, Clock.case, Clock.name).limit(LOOKED_AT * most):
        soonest.setdefault(row.case_id, row)
    return _rows(by, dict(list(soonest.items())[:most]))


def _rows(by: Acting, soonest: dict[str, Clock]) -> list[DueRow]:
    cases = {case.id: case for case in Case.select().where(Case.id.in_(list(soonest)))}
    openable = can_open(by, list(soonest))
    names = units.names_of({case.unit_id for case in cases.values() if case.unit_id is not None})
    officers = names_of_people({case.officer_id for case in cases.values()})
    days, today = clockwork.calendar(), clock.today()
    return [
        _row(cases[case_id], clockwork.view(row, days, today), names, officers, case_id in openable)
        for case_id, row in soonest.items()
    ]


def _row(
    case: Case,
    view: ClockView,
    names: dict[int, tuple[str, str]],
    officers: dict[int | None, str],
    is_open_to: bool,
) -> DueRow:
    unit_zh, unit_en = names.get(case.unit_id or 0, (None, None))
    return DueRow(
        ref=case.number or case.id,
        number=case.number,
        state=workflow.STATES[case.state],
        received_on=case.received_on,
        unit_zh=unit_zh,
        unit_en=unit_en,
        officer=officers.get(case.officer_id),
        clock=view,
        can_open=is_open_to,
    )
