"""What is due: the cases of a person with a clock that is over, ends today or ends this week, most urgent first."""

import dataclasses
import datetime as dt
from typing import Any

from peewee import SQL, fn
from peewee import Case as When

from whistle import clock
from whistle.rules import workflow
from whistle.rules.workdays import Calendar
from whistle.services import units
from whistle.services.access import Acting, require
from whistle.services.casework import clockwork, scope
from whistle.services.casework.clockwork import ClockView
from whistle.services.casework.desk import can_open, names_of_people, tuples
from whistle.services.casework.desk_filters import DUE, RUNS, DeskFilters, narrowed, runs_for, span_of
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
class Part:
    """One of `desk_filters.DUE`: how many cases, and the first of them."""

    name: str
    total: int
    rows: list[DueRow]


@dataclasses.dataclass(frozen=True, slots=True)
class Due:
    """What is due, and until when "this week" is; `is_this_week`: today is a day of that week."""

    until: dt.date
    is_this_week: bool
    parts: list[Part]


@reading
def due(by: Acting, *, in_parts: bool = True) -> Due:
    """Overdue, today, this week: for who takes in what no officer answers for, for deputy and head their line.

    Without parts, only which week that is.
    """
    require(by, "case.list")
    days, today = clockwork.calendar(), clock.today()
    until = days.end_of_working_week(today)
    parts = _parts(by, days, until) if in_parts else []
    return Due(until, is_this_week=until - today < dt.timedelta(days=7), parts=parts)


def _parts(by: Acting, days: Calendar, until: dt.date) -> list[Part]:
    mine = narrowed(scope.visible(by), by, DeskFilters(view="all", mine=True))
    running = runs_for(by)
    totals = _totals(mine, until, running)
    soonest = {
        name: _soonest(mine, *span_of(name, until), NAMED, running) for name in DUE if totals.get(name)
    }
    rows = _rows(by, [row for some in soonest.values() for row in some], days)
    return [
        Part(name, totals.get(name, 0), [rows[clock_row.id] for clock_row in soonest.get(name, ())])
        for name in DUE
    ]


def _totals(cases: Any, until: dt.date, running: Any) -> dict[str, int]:
    """How many of some cases have a clock that is due in each part; one may be in several."""
    spans = [(span_of(name, until), name) for name in DUE]
    part = When(
        None, [(Clock.due_on.between(first or dt.date.min, last), name) for (first, last), name in spans]
    )
    query = (
        Clock.select(part.alias("part"), fn.COUNT(Clock.case.distinct()))
        .where(running, Clock.due_on <= until, Clock.case.in_(cases.select(Case.id)))
        .group_by(SQL("part"))
    )
    return dict(tuples(query))


def most_urgent(by: Acting, cases: Any, most: int) -> list[DueRow]:
    """The longest overdue of some cases; in the caller's transaction."""
    days = clockwork.calendar()
    soonest = _soonest(cases, *span_of("overdue", clock.today()), most)
    rows = _rows(by, soonest, days)
    return [rows[row.id] for row in soonest]


def _soonest(cases: Any, first: dt.date | None, last: dt.date, most: int, running: Any = RUNS) -> list[Clock]:
    """The clocks of some cases that are due on these days and due first, one a case."""
    query = Clock.select().where(running, Clock.case.in_(cases.select(Case.id)))
    if first is not None:
        query = query.where(Clock.due_on >= first)
    query = query.where(Clock.due_on <= last).order_by(Clock.due_on, Clock.case, Clock.name)
    found: dict[str, Clock] = {}
    for row in query.limit(LOOKED_AT * most):
        found.setdefault(row.case_id, row)
    return list(found.values())[:most]


def _rows(by: Acting, clocks: list[Clock], days: Calendar) -> dict[str, DueRow]:
    """A row for each of these clocks, by its id."""
    ids = list({row.case_id for row in clocks})
    if not ids:
        return {}
    cases = {case.id: case for case in Case.select().where(Case.id.in_(ids))}
    openable = can_open(by, ids)
    names = units.names_of({case.unit_id for case in cases.values() if case.unit_id is not None})
    officers = names_of_people({case.officer_id for case in cases.values()})
    return {
        row.id: _row(
            cases[row.case_id],
            clockwork.view(row, days, clock.today()),
            names,
            officers,
            row.case_id in openable,
        )
        for row in clocks
    }


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
