"""When a clock is due: periods counted on the calendar, with pauses and extensions, within the limits of law.

The starting day is day 0. A period that ends on a day off ends on the next working day; a day that somebody entered
stands as it is.
"""

import datetime as dt
from collections.abc import Sequence

from whistle.rules.clock_hands import Hand
from whistle.rules.clock_rows import MONTHS, WORKING, Length
from whistle.rules.workdays import Calendar


def due_day(hand: Hand, all_hands: Sequence[Hand], calendar: Calendar) -> dt.date:
    """The due day with its pauses, none of which passes a limit of law; a wait for facts ends before it.

    The wait lapses the day after its own due day, and until then the case can neither be accepted nor declined: a
    working day must be left for that. Where none is left, the wait still lasts for the day of asking.
    """
    plain = _counted(hand, calendar)
    if hand.row.stage == ("supplementing",):
        limits = _limits(hand, all_hands, [hand.started_at], calendar)
        # A limit that has passed already is not kept by hurrying the reporter.
        ahead = [calendar.working_before(limit) for limit in limits if limit >= hand.started_on]
        return max(hand.started_on, min([plain, *ahead]))
    if not hand.pauses:
        return plain
    limits = _limits(hand, all_hands, [position for _, position, _ in hand.pauses], calendar)
    paused = _counted(hand, calendar, extra=_pause_days(hand, calendar))
    return min([paused, *(limit for limit in limits if limit >= plain)])


def end_of(start: dt.date, length: Length, calendar: Calendar) -> dt.date:
    """The last day of a period that begins with `start` as day 0."""
    return calendar.next_working(_unshifted(start, length, calendar))


def _limits(hand: Hand, all_hands: Sequence[Hand], asked_at: list[int], calendar: Calendar) -> list[dt.date]:
    """The due days of what the law limits and ran when facts were asked for, as they stood when `hand` ended."""
    return [
        _counted(other, calendar, until=hand.ended_at)
        for other in all_hands
        if other.length.is_law and other.row.per != "thing" and other is not hand
        if other.concerns(hand.owner) and any(other.was_running_at(position) for position in asked_at)
    ]


def _counted(hand: Hand, calendar: Calendar, *, extra: int = 0, until: int | None = None) -> dt.date:
    """The due day without any bound; `until`: as it was when the event at that position happened.

    An extension counts from the due day before it was moved off a day off.
    """
    is_extended = hand.extended_at is not None and (until is None or hand.extended_at <= until)
    extended = hand.extended if is_extended else None
    if hand.entered_on is not None:
        end = max(hand.started_on, hand.entered_on)
    else:
        end = _unshifted(hand.started_on, hand.length, calendar, extra)
    if extended is not None:
        return end_of(end, extended, calendar)
    due = calendar.next_working(end) if hand.entered_on is None else end
    return due if hand.row.at_most is None else min(due, end_of(hand.started_on, hand.row.at_most, calendar))


def _unshifted(start: dt.date, length: Length, calendar: Calendar, extra: int = 0) -> dt.date:
    """Where a period ends, whatever day that is; `extra` days of its kind are added, to months natural ones."""
    if length.unit == WORKING:
        return calendar.add_working(start, length.count + extra)
    if length.unit == MONTHS:
        return calendar.add_natural(calendar.add_months(start, length.count), extra)
    return calendar.add_natural(start, length.count + extra)


def _pause_days(hand: Hand, calendar: Calendar) -> int:
    """Days after asking, up to and including answering, in the clock's kind of day (months: natural days)."""
    over = [(asked, answered) for asked, _, answered in hand.pauses if answered is not None]
    if hand.length.unit == WORKING:
        return sum(calendar.working_between(asked, answered) for asked, answered in over)
    return sum(max(0, (answered - asked).days) for asked, answered in over)
