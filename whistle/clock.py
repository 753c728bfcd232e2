"""The one source of time: the present instant, and the office's calendar day."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

#: Set while `at` moves the clock; owned by the running context, so threads and tasks keep their own.
_moved: ContextVar[dt.datetime | None] = ContextVar("whistle_clock", default=None)

#: The zone in which days begin. Written once, at start, by `use_zone`.
_zone = ZoneInfo("Asia/Shanghai")


def use_zone(name: str) -> None:
    """Days begin at midnight in this zone from now on (an IANA name that `config` has checked)."""
    global _zone
    _zone = ZoneInfo(name)


def now() -> dt.datetime:
    """The present, aware, in UTC."""
    return _moved.get() or dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """The calendar day it is at the office."""
    return day_of(now())


def local(instant: dt.datetime) -> dt.datetime:
    """The same instant as the office's wall clock shows it."""
    return instant.astimezone(_zone)


def day_of(instant: dt.datetime) -> dt.date:
    """The office's calendar day of an instant."""
    return local(instant).date()


def start_of_day(day: dt.date) -> dt.datetime:
    """The instant, in UTC, at which a day begins at the office."""
    return dt.datetime.combine(day, dt.time(), _zone).astimezone(dt.UTC)


@contextmanager
def at(instant: dt.datetime) -> Iterator[None]:
    """Let it be this instant within the block: for the demo's months of history, and for tests."""
    if instant.tzinfo is None:
        raise TypeError("the clock needs an aware instant")
    token = _moved.set(instant.astimezone(dt.UTC))
    try:
        yield
    finally:
        _moved.reset(token)
