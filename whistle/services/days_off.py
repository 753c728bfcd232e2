"""Days off and make-up days that an administrator enters: for days to come alone, and nothing is ever struck out.

A day that has come stands: nobody makes yesterday's lateness a day off. What was entered takes effect at once, for the
worker counts open cases again in its next round; each entry stays, with its leaf, beneath the one that takes it back.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from whistle import clock
from whistle.rules.workdays import YEARS, Calendar
from whistle.services import access, ledger
from whistle.services.access import Acting
from whistle.services.casework import clockwork
from whistle.services.errors import Conflict, Invalid
from whistle.services.use_case import reading, use_case
from whistle.store.offices import DayOverride
from whistle.store.people import Person

#: Years ahead of this one for which days are taken: notices come at the end of the year before.
YEARS_AHEAD = 2
#: Weekdays off in one year at most. Published lists have about twenty: who wanted to put due days off without end
#: could not.
MOST_WEEKDAYS_OFF = 30
_ONE = dt.timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day that is otherwise than its weekday, or was entered. `entered_by` is None for what the package knows."""

    day: dt.date
    is_working: bool
    entered_by: str | None
    entered_at: dt.datetime | None
    can_take_back: bool


@dataclass(frozen=True, slots=True)
class YearRow:
    """A year: `is_published` in the package, or `is_known` because somebody said that it was entered whole."""

    year: int
    is_published: bool
    is_known: bool
    can_say: bool
    days: tuple[DayRow, ...]
    years: tuple[int, ...]


@reading
def year(by: Acting, year: int | None = None) -> YearRow:
    """The days of a year, this one by default. Raises Invalid for one that is not offered."""
    access.require(by, "days_off.year")
    today = clock.today()
    year = today.year if year is None else year
    offered = _offered(today)
    if year not in offered:
        raise Invalid("year", "out_of_range")
    calendar, newest = clockwork.calendar(), _newest(year)
    days = (_to_row(day, calendar, newest.get(day), today) for day in _days_of(year))
    return YearRow(
        year=year,
        is_published=year in YEARS,
        is_known=not calendar.is_provisional(dt.date(year, 1, 1)),
        can_say=year not in YEARS and year >= today.year,
        days=tuple(row for row in days if row is not None),
        years=offered,
    )


@use_case
def enter(by: Acting, days: Mapping[dt.date, bool], *, whole_year: int | None = None) -> int:
    """Say of days to come whether they are worked; returns how many became otherwise than they were.

    `whole_year`: a year whose notice they are, of which `say_year` is said with them.

    Raises Invalid for a day that has come, one too far away, or too many weekdays off in a year.
    """
    access.require(by, "days_off.enter")
    if not days:
        raise Invalid("days", "empty")
    today, before = clock.today(), clockwork.calendar()
    if min(days) <= today:
        raise Invalid("days", "day_has_come", day=min(days))
    if max(days).year > today.year + YEARS_AHEAD:
        raise Invalid("days", "day_too_far", year=today.year + YEARS_AHEAD)
    changed = {day: works for day, works in sorted(days.items()) if before.is_working(day) != works}
    for day, works in changed.items():
        _write(by, day, "worked" if works else "off")
    crowded = _crowded_year({day.year for day in changed})
    if crowded is not None:
        raise Invalid("days", "too_many_off", year=crowded, most=MOST_WEEKDAYS_OFF)
    if whole_year is not None:
        say_year(by, whole_year, is_known=True)
    return len(changed)


@use_case
def take_back(by: Acting, day: dt.date) -> None:
    """Let a day be again as it is published; what was entered stays in the history. Nothing entered, nothing done."""
    access.require(by, "days_off.take_back")
    if day <= clock.today():
        raise Conflict("day_has_come")
    if day not in clockwork.calendar().overrides:
        return
    _write(by, day, "published")
    if _crowded_year({day.year}) is not None:
        raise Conflict("too_many_days_off", most=MOST_WEEKDAYS_OFF)


@use_case
def say_year(by: Acting, year: int, *, is_known: bool) -> None:
    """Say that a year's notice was entered whole, or take that back: its due days are provisional no more, or again."""
    access.require(by, "days_off.say_year")
    today = clock.today()
    if not today.year <= year <= today.year + YEARS_AHEAD or year in YEARS:
        raise Conflict("year_stands")
    if (year in clockwork.calendar().complete) != is_known:
        _write(by, dt.date(year, 1, 1), "year_known" if is_known else "year_unknown")


def _write(by: Acting, day: dt.date, says: str) -> None:
    row = DayOverride.create(day=day, says=says, entered_by=by.person_id, recorded_at=clock.now())
    ledger.append("other", f"day_{says}", row, by=by.person_id)


def _crowded_year(years: set[int]) -> int | None:
    """The first of some years that has too many weekdays off as things stand now."""
    calendar = clockwork.calendar()
    for year in sorted(years):
        off = (day for day in _days_of(year) if day.weekday() < _SATURDAY and not calendar.is_working(day))
        if sum(1 for _day in off) > MOST_WEEKDAYS_OFF:
            return year
    return None


def _offered(today: dt.date) -> tuple[int, ...]:
    return tuple(range(min(YEARS), today.year + YEARS_AHEAD + 1))


def _days_of(year: int) -> list[dt.date]:
    first = dt.date(year, 1, 1)
    return [first + n * _ONE for n in range((dt.date(year + 1, 1, 1) - first).days)]


def _newest(year: int) -> dict[dt.date, tuple[str, dt.datetime]]:
    """Who entered a day last, and when."""
    entered = (
        DayOverride.select(DayOverride.day, DayOverride.recorded_at, Person.name)
        .join(Person, on=(Person.id == DayOverride.entered_by))
        .where(DayOverride.day.between(dt.date(year, 1, 1), dt.date(year, 12, 31)))
        .where(DayOverride.says.in_(("off", "worked")))
        .order_by(DayOverride.id)
    )
    rows: Any = entered.tuples()
    return {day: (name, at) for day, at, name in rows}


def _to_row(
    day: dt.date, calendar: Calendar, newest: tuple[str, dt.datetime] | None, today: dt.date
) -> DayRow | None:
    is_working = calendar.is_working(day)
    is_entered = day in calendar.overrides
    if not is_entered and is_working == (day.weekday() < _SATURDAY):
        return None
    name, at = newest if is_entered and newest is not None else (None, None)
    return DayRow(day, is_working, name, at, can_take_back=is_entered and day > today)
