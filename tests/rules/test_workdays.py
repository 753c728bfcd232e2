"""Working days: the published lists against an independent one, and counting with them."""

import datetime as dt

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from whistle.rules.workdays import YEARS, Calendar, Year

CALENDAR = Calendar()
DAYS = st.dates(dt.date(2023, 1, 1), dt.date(2029, 12, 31))
COUNTS = st.integers(0, 60)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize("year", sorted(YEARS))
def test_the_published_years_agree_with_an_independent_list(year: int) -> None:
    first = dt.date(year, 1, 1)
    days = [first + dt.timedelta(n) for n in range((dt.date(year + 1, 1, 1) - first).days)]
    assert [d for d in days if CALENDAR.is_working(d) != chinese_calendar.is_workday(d)] == []
    assert not any(CALENDAR.is_provisional(d) for d in days)


@pytest.mark.parametrize("year", list(YEARS.values()), ids=lambda year: year.name)
def test_make_up_days_are_weekend_days_outside_the_feasts_of_their_own_year(year: Year) -> None:
    assert all(d.weekday() >= 5 and str(d.year) == year.name for d in year.worked)
    off = {first + dt.timedelta(n) for first, last in year.off for n in range((last - first).days + 1)}
    assert off.isdisjoint(year.worked)


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        ("2026-11-20", 5, "2026-11-27"),  # Friday to Friday
        ("2026-09-24", 1, "2026-09-28"),  # over mid-autumn 25 to 27
        ("2026-09-18", 1, "2026-09-20"),  # a Sunday that is worked
        ("2026-02-13", 2, "2026-02-24"),  # Saturday 14th is worked, then spring festival
        ("2026-11-21", 1, "2026-11-23"),  # from a day off
        ("2026-11-23", 0, "2026-11-23"),
    ],
)
def test_working_days_are_counted_from_the_day_after(start: str, n: int, end: str) -> None:
    assert CALENDAR.add_working(day(start), n) == day(end)


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-03-31", -1, "2026-02-28"),
    ],
)
def test_months_end_on_the_same_number_or_the_last_day(start: str, n: int, end: str) -> None:
    assert CALENDAR.add_months(day(start), n) == day(end)


def test_a_make_up_saturday_is_a_working_day_to_end_on() -> None:
    assert CALENDAR.next_working(day("2026-02-28")) == day("2026-02-28")
    assert CALENDAR.next_working(day("2026-10-01")) == day("2026-10-08")


def test_an_unpublished_year_is_provisional_with_weekends_and_fixed_feasts_only() -> None:
    assert CALENDAR.is_provisional(day("2027-02-17"))
    assert not CALENDAR.is_working(day("2027-01-01"))
    assert not CALENDAR.is_working(day("2027-05-01"))
    assert not CALENDAR.is_working(day("2027-01-02"))
    assert CALENDAR.is_working(day("2027-01-04"))


def test_a_list_entered_by_hand_counts_at_once() -> None:
    days = {day("2027-02-08"): False, day("2027-02-13"): True}
    assert Calendar(days).is_provisional(day("2027-06-01"))
    entered = Calendar(days, complete=frozenset({2027}))
    assert not entered.is_provisional(day("2027-06-01"))
    assert not entered.is_working(day("2027-02-08"))
    assert entered.is_working(day("2027-02-13"))
    assert entered.is_provisional(day("2028-06-01"))


def test_an_entry_by_hand_goes_before_the_published_list() -> None:
    entered = Calendar({day("2026-10-08"): False})
    assert entered.next_working(day("2026-10-01")) == day("2026-10-09")


@given(DAYS, COUNTS)
def test_adding_and_counting_working_days_are_opposites(start: dt.date, n: int) -> None:
    end = CALENDAR.add_working(start, n)
    assert CALENDAR.working_between(start, end) == n
    assert n == 0 or CALENDAR.is_working(end)


@given(DAYS)
def test_the_next_working_day_is_worked_and_nothing_before_it_is(start: dt.date) -> None:
    found = CALENDAR.next_working(start)
    assert CALENDAR.is_working(found)
    assert CALENDAR.next_working(found) == found
    assert CALENDAR.working_between(start, found) <= 1


@given(DAYS)
def test_the_working_day_before_is_the_last_one_that_is_over(start: dt.date) -> None:
    found = CALENDAR.working_before(start)
    assert found < start
    assert CALENDAR.is_working(found)
    assert CALENDAR.next_working(found + dt.timedelta(1)) >= start


@given(DAYS, COUNTS)
def test_months_never_skip_one(start: dt.date, n: int) -> None:
    end = CALENDAR.add_months(start, n)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == n
    assert end.day <= start.day


@given(DAYS, DAYS)
def test_nothing_lies_between_a_day_and_one_before_it(a: dt.date, b: dt.date) -> None:
    later, earlier = max(a, b), min(a, b)
    assert CALENDAR.working_between(later, earlier) == 0
