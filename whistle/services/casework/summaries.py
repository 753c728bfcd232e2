"""The papers of a month and of a quarter: figures of the line, set beside earlier ones, and what became of reports.

What is in sealed handling is at another desk and in none of them, and so is what the person who looks is shut out of.
"""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

from peewee import fn

from whistle import clock
from whistle.rules import workflow
from whistle.rules.clocks import CLOCKS
from whistle.rules.figures import FIGURES, Figure, InTime
from whistle.rules.periods import Period, month_of, quarter_of
from whistle.rules.taxonomy import KINDS
from whistle.services import office, statistics
from whistle.services.access import Acting, require
from whistle.services.casework import scope
from whistle.services.casework.desk_filters import overdue
from whistle.services.casework.due import DueRow, most_urgent
from whistle.services.errors import Invalid
from whistle.services.statistics import Counted
from whistle.services.use_case import reading
from whistle.store.cases import Case
from whistle.store.desks import Desk

#: How many of the longest overdue cases a month's paper names.
LONGEST = 5
#: The figures of a quarter's sheet, besides what is in hand.
OF_QUARTER = ("accepted", "concluded", "substantiated", "redirected_later")


@dataclasses.dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure in the month, in the month before, and in the same month a year ago."""

    figure: Figure
    now: Counted
    before: Counted
    year_ago: Counted


@dataclasses.dataclass(frozen=True, slots=True)
class Month:
    """The paper of a month; `longest` are overdue today, whatever month it is about.

    begun_on: the day from which the office works here; of a month before it nothing is known.
    """

    period: Period
    before: Period
    year_ago: Period
    as_of: dt.date
    begun_on: dt.date
    figures: tuple[FigureRow, ...]
    longest: tuple[DueRow, ...]


@reading
def month(by: Acting, day: dt.date | None = None) -> Month:
    """The month that a day lies in; without one, the month before this one. Raises Invalid for a month to come."""
    require(by, "papers.month")
    today = clock.today()
    period = month_of(day or today).earlier(0 if day else 1)
    _must_have_begun(period, today)
    which = scope.is_of_line(by)
    rows = [row for row in FIGURES.values() if _is_there(row)]
    periods = (period, period.earlier(1), period.earlier(12))
    counted = [statistics.count(which, rows, each, today) for each in periods]
    return Month(
        *periods,
        as_of=today,
        begun_on=office.current().made_on,
        figures=tuple(FigureRow(row, *(found[row.name] for found in counted)) for row in rows),
        longest=tuple(most_urgent(by, Case.select().where(which), LONGEST)),
    )


def _must_have_begun(period: Period, today: dt.date) -> None:
    if period.first > today:
        raise Invalid("period", "future")


def _is_there(figure: Figure) -> bool:
    """Whether there is a clock that such a rate could be about."""
    known = {row.name for row in CLOCKS}
    return not isinstance(figure.counts, InTime) or any(
        limit.clock in known for limit in figure.counts.limits
    )


# --- the quarter -----------------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True, slots=True)
class KindRow:
    """What became of the reports of a kind: in the quarter, and where the rest stands today."""

    kind: str
    accepted: int
    concluded: int
    substantiated: int
    redirected: int
    in_hand: int
    held: int
    overdue: int


@dataclasses.dataclass(frozen=True, slots=True)
class DeskSheet:
    """The sheet to one intake desk."""

    name_zh: str
    name_en: str
    rows: tuple[KindRow, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Quarter:
    """The quarterly sheets: for deputy and head one for each desk of the line, for intake that of the own desk."""

    period: Period
    today: dt.date
    desks: tuple[DeskSheet, ...]


@reading
def quarter(by: Acting, day: dt.date | None = None) -> Quarter:
    """The quarter that a day lies in; without one, the quarter before this one. Raises Invalid for one to come.

    Counts alone, and no stage of what is still in hand: the desk may not open those cases any more.
    """
    require(by, "papers.quarter")
    today = clock.today()
    period = quarter_of(day or today).earlier(0 if day else 3)
    _must_have_begun(period, today)
    which = scope.is_handed_on(by) if by.role == "intake" else scope.is_of_line(by)
    figures = [FIGURES[name] for name in OF_QUARTER]
    counted = statistics.count_by(which, figures, period, today, (Case.desk, Case.kind))
    in_hand = _in_hand(Case.select().where(which))
    desks = {key[0] for key in (*counted, *in_hand)}
    return Quarter(
        period=period,
        today=today,
        desks=tuple(
            DeskSheet(desk.name_zh, desk.name_en, _kind_rows(desk.id, counted, in_hand))
            for desk in Desk.select().where(Desk.id.in_(desks)).order_by(Desk.id)
        ),
    )


_Key = tuple[Any, ...]


def _kind_rows(
    desk: int, counted: Mapping[_Key, Mapping[str, Counted]], in_hand: Mapping[_Key, tuple[int, int, int]]
) -> tuple[KindRow, ...]:
    rows = []
    for kind in KINDS:
        found = counted.get((desk, kind.name), {})
        accepted, concluded, substantiated, redirected = (
            found[name].count if name in found else 0 for name in OF_QUARTER
        )
        rows.append(
            KindRow(
                kind.name,
                accepted,
                concluded,
                substantiated,
                redirected,
                *in_hand.get((desk, kind.name), (0, 0, 0)),
            )
        )
    return tuple(rows)


def _in_hand(cases: Any) -> dict[_Key, tuple[int, int, int]]:
    """By desk and kind: the accepted cases that are worked on today, those of them that are held, and the overdue."""
    at_work = [name for name in workflow.ACCEPTED_STATES if workflow.STATES[name].is_open]
    found: dict[_Key, tuple[int, int, int]] = {}
    open_cases = cases.where(Case.state.in_(at_work))
    for place, some in enumerate(
        (open_cases, open_cases.where(Case.state == "held"), open_cases.where(Case.id.in_(overdue())))
    ):
        grouped = some.select(Case.desk, Case.kind, fn.COUNT(Case.id)).group_by(Case.desk, Case.kind)
        for desk, kind, n in grouped.tuples():
            numbers = list(found.get((desk, kind), (0, 0, 0)))
            numbers[place] = n
            found[desk, kind] = (numbers[0], numbers[1], numbers[2])
    return found
