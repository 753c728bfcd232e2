"""Working days: the State Council's lists for 2024 to 2026 as data, days entered by hand, and counting.

A day is a working day when it is Monday to Friday and not on a list of days off, or is on a list of make-up
days. Beyond the listed years only weekends and the feasts with a fixed solar date are known: such days are
provisional.
"""

import calendar as months
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from whistle.rules.terms import Row, Term, cite

_ONE = dt.timedelta(days=1)
_SATURDAY, _SUNDAY = 5, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Year(Row):
    """One year's notice: feasts as (first, last) day off, both included, and days worked instead."""

    number: str
    off: tuple[tuple[dt.date, dt.date], ...]
    worked: tuple[dt.date, ...]


def _year(year: int, number: str, since: dt.date, off: str, worked: str) -> Year:
    """A list from its notice; `off` holds spans "2-10/2-17", `worked` days "2-4"."""

    def day(text: str) -> dt.date:
        month, number_of_day = text.split("-")
        return dt.date(year, int(month), int(number_of_day))

    spans = [span.partition("/") for span in off.split()]
    return Year(
        name=str(year),
        term=Term(f"{year}年节假日安排", f"public holidays of {year}"),
        source=cite("TZ"),
        since=since,
        checked=None,
        number=number,
        off=tuple((day(first), day(last or first)) for first, _, last in spans),
        worked=tuple(day(text) for text in worked.split()),
    )


_PUBLISHED = (
    _year(
        2024,
        "国办发明电〔2023〕7号",
        dt.date(2023, 10, 25),
        off="1-1 2-10/2-17 4-4/4-6 5-1/5-5 6-10 9-15/9-17 10-1/10-7",
        worked="2-4 2-18 4-7 4-28 5-11 9-14 9-29 10-12",
    ),
    _year(
        2025,
        "国办发明电〔2024〕12号",
        dt.date(2024, 11, 12),
        off="1-1 1-28/2-4 4-4/4-6 5-1/5-5 5-31/6-2 10-1/10-8",
        worked="1-26 2-8 4-27 9-28 10-11",
    ),
    _year(
        2026,
        "国办发明电〔2025〕7号",
        dt.date(2025, 11, 4),
        off="1-1/1-3 2-15/2-23 4-4/4-6 5-1/5-5 6-19/6-21 9-25/9-27 10-1/10-7",
        worked="1-4 2-14 2-28 5-9 9-20 10-10",
    ),
)
YEARS: dict[int, Year] = {int(year.name): year for year in _PUBLISHED}

#: (month, day) of the feasts that need no almanac: New Year, Labour Day, National Day.
FIXED_FEASTS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})


def _listed() -> dict[dt.date, bool]:
    days: dict[dt.date, bool] = {}
    for year in _PUBLISHED:
        for first, last in year.off:
            for n in range((last - first).days + 1):
                days[first + n * _ONE] = False
        days.update(dict.fromkeys(year.worked, True))
    return days


_LISTED: Mapping[dt.date, bool] = MappingProxyType(_listed())


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days as known: the published lists, and over them `overrides` by hand (day → is it worked?).

    `complete` are years of which somebody said that their notice was entered whole: they are as good as published.
    `known_until` is the last year whose list is known: an earlier release's calendar is asked for by its own.
    """

    overrides: Mapping[dt.date, bool] = field(default_factory=dict)
    known_until: int = max(YEARS)
    complete: frozenset[int] = frozenset()
    _years: frozenset[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        years = {year for year in YEARS if year <= self.known_until}
        object.__setattr__(self, "_years", self.complete | years)

    def is_working(self, day: dt.date) -> bool:
        """Is the office at work on `day`?"""
        is_listed = day.year in YEARS and day.year <= self.known_until
        known = self.overrides.get(day, _LISTED.get(day) if is_listed else None)
        if known is not None:
            return known
        if day.weekday() >= _SATURDAY:
            return False
        return is_listed or (day.month, day.day) not in FIXED_FEASTS

    def is_provisional(self, day: dt.date) -> bool:
        """Is the list of that year not known yet, so that `is_working` may still change?"""
        return day.year not in self._years

    def next_working(self, day: dt.date) -> dt.date:
        """`day` itself when it is worked, else the first working day after it."""
        while not self.is_working(day):
            day += _ONE
        return day

    def working_before(self, day: dt.date) -> dt.date:
        """The last working day before `day`."""
        day -= _ONE
        while not self.is_working(day):
            day -= _ONE
        return day

    def end_of_working_week(self, day: dt.date) -> dt.date:
        """The Sunday after the next working day that follows `day`: on a Friday, or before a feast, a week later."""
        ahead = self.next_working(day + _ONE)
        return ahead + (_SUNDAY - ahead.weekday()) * _ONE

    def add_working(self, day: dt.date, n: int) -> dt.date:
        """The `n`-th working day after `day`, which itself is day 0."""
        while n > 0:
            day += _ONE
            n -= self.is_working(day)
        return day

    def add_natural(self, day: dt.date, n: int) -> dt.date:
        """`n` days after `day`."""
        return day + n * _ONE

    def add_months(self, day: dt.date, n: int) -> dt.date:
        """The same day number `n` months on, or that month's last day where there is none."""
        year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
        last = months.monthrange(year, month + 1)[1]
        return dt.date(year, month + 1, min(day.day, last))

    def working_between(self, after: dt.date, until: dt.date) -> int:
        """How many working days lie strictly after `after`, up to and including `until`."""
        return sum(self.is_working(after + n * _ONE) for n in range(1, (until - after).days + 1))
