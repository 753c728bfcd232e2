"""Spans of whole months that figures are counted over, and the spans they are set beside."""

import datetime as dt
from dataclasses import dataclass

_ONE = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to a day, both included."""

    first: dt.date
    last: dt.date

    def earlier(self, months: int) -> "Period":
        """So many months before; of a period of whole months, whole months again."""
        return Period(_first_of(self.first, -months), _first_of(self.last, 1 - months) - _ONE)


def month_of(day: dt.date) -> Period:
    """The month a day lies in."""
    return Period(day.replace(day=1), _first_of(day, 1) - _ONE)


def quarter_of(day: dt.date) -> Period:
    """The quarter a day lies in: January to March, and so on."""
    first = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return Period(first, _first_of(first, 3) - _ONE)


def quarter_number(period: Period) -> int:
    """Which of the four quarters of its year a quarter is."""
    return (period.first.month - 1) // 3 + 1


def _first_of(day: dt.date, months_on: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months_on, 12)
    return dt.date(year, month + 1, 1)
