"""Months and quarters, and those they are compared with."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whistle.rules.periods import month_of, quarter_number, quarter_of

DAYS = st.dates(dt.date(2001, 1, 1), dt.date(2099, 12, 31))


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [("2026-02-14", "2026-02-01", "2026-02-28"), ("2028-02-29", "2028-02-01", "2028-02-29")],
)
def test_a_month_ends_on_its_last_day(day: str, first: str, last: str) -> None:
    period = month_of(dt.date.fromisoformat(day))
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)


@given(DAYS, st.integers(0, 60))
def test_months_before_are_whole_months(day: dt.date, n: int) -> None:
    period = month_of(day)
    before = period.earlier(n)
    assert before == month_of(before.first)
    assert (period.first.year - before.first.year) * 12 + period.first.month - before.first.month == n


@given(DAYS)
def test_quarters_follow_each_other_without_a_gap(day: dt.date) -> None:
    period = quarter_of(day)
    before = period.earlier(3)
    assert period.first <= day <= period.last
    assert before == quarter_of(before.first)
    assert before.last + dt.timedelta(days=1) == period.first
    assert quarter_number(period) % 4 == (quarter_number(before) + 1) % 4
