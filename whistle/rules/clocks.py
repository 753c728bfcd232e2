"""What a case's events make of the clocks: pure and total, so that the events alone determine every due day."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from whistle.rules.clock_events import NAMES_KIND, CaseFacts, Event
from whistle.rules.clock_hands import CANCELLING, Fold, Hand
from whistle.rules.clock_rows import CLOCKS, WORKING, Clock, clock_row
from whistle.rules.due_days import due_day, end_of
from whistle.rules.permits import ROLES
from whistle.rules.workdays import Calendar
from whistle.rules.workflow import BACK, THING_ACTIONS, Action, possible

__all__ = [
    "CLOCKS",
    "CaseFacts",
    "Clock",
    "ClockState",
    "Event",
    "can_be_met",
    "clock_row",
    "clocks_of",
    "colour",
    "working_days_left",
]


@dataclass(frozen=True, slots=True)
class ClockState:
    """A clock of one case: running, paused, met or cancelled. `unit` is its kind of day.

    `report`: the report it belongs to, or the thing (measure, item …); None where it is the case's own.
    `paused_on`: since when it stands still; `due_on` is then the day as if the answer had come at once.
    """

    name: str
    report: str | None
    started_on: dt.date
    due_on: dt.date
    state: str
    ended_on: dt.date | None
    is_provisional: bool
    unit: str = ""
    paused_on: dt.date | None = None


AMBER_SHARE = 0.8
AMBER_DAYS = 2


def clocks_of(events: Sequence[Event], facts: CaseFacts, calendar: Calendar) -> list[ClockState]:
    """Every clock these events ever started, oldest first, as it stands after the last of them.

    A new kind or complexity recomputes what still runs: clocks of the new class count from the events as if it had
    always been, those only the old one had are cancelled on the day of the change. What had ended stays as it ended.
    """
    found: dict[tuple[int, str, str | None], ClockState] = {}
    ended: set[tuple[int, str, str | None]] = set()
    for class_, until in _classes(events, facts):
        hands = Fold(class_, facts).over(events[:until])
        for hand in hands:
            key = (hand.started_at, hand.row.name, hand.owner)
            if key in ended:
                continue
            clock = _state_of(hand, hands, calendar)
            if clock.ended_on is not None:
                ended.add(key)
            elif until < len(events):
                clock = replace(clock, state="cancelled", ended_on=events[until].day, paused_on=None)
            found[key] = clock
    return [found[key] for key in sorted(found, key=lambda key: key[0])]


def colour(clock: ClockState, today: dt.date, calendar: Calendar) -> str:
    """Green, amber or red. Red after the due day; amber once 80 % is gone and two working days are left, or where the
    clock's row warns sooner.

    A clock that ended, or stands still, keeps the colour it had then, but for amber: nobody needs to hurry.
    """
    if clock.state == "cancelled":
        return "green"
    if clock.state in ("met", "paused"):
        return "red" if (clock.ended_on or clock.paused_on or clock.due_on) > clock.due_on else "green"
    if today > clock.due_on:
        return "red"
    warns = clock_row(clock.name, clock.started_on).warns
    if warns is not None and today >= end_of(clock.started_on, warns, calendar):
        return "amber"
    is_late = _share_gone(clock, today, calendar) >= AMBER_SHARE
    return "amber" if is_late and working_days_left(clock, today, calendar) <= AMBER_DAYS else "green"


def working_days_left(clock: ClockState, today: dt.date, calendar: Calendar) -> int:
    """Working days after `today` up to the due day; below zero, working days since it.

    0 on the due day, and also on the days off right after it: only the colour and the day tell these apart.
    """
    if today > clock.due_on:
        return -calendar.working_between(clock.due_on, today)
    return calendar.working_between(today, clock.due_on)


def can_be_met(row: Clock, state: str) -> bool:
    """Whether somebody of the office can meet this clock in a case that stands in `state`, by an action there is."""
    if row.stage and state not in row.stage:
        return False
    on_things = (action for action in THING_ACTIONS.values() if state in action.in_states)
    return any(_meets(action, row) for action in (*possible(state, ROLES), *on_things))


def _meets(action: Action, row: Clock) -> bool:
    if row.stage and action.thing == "case":
        leaves = any(to not in (None, BACK, *row.stage) for to in action.outcomes)
        if leaves and action.name not in CANCELLING:
            return True
    causes = (*row.stops, *row.restarts)
    return any(cause.action == action.name and cause.by in ("", "office") for cause in causes)


def _share_gone(clock: ClockState, today: dt.date, calendar: Calendar) -> float:
    """How much of the period is over, counted in the clock's kind of day."""
    unit = clock.unit or clock_row(clock.name, clock.started_on).lengths[0].unit
    if unit == WORKING:
        gone = calendar.working_between(clock.started_on, today)
        whole = calendar.working_between(clock.started_on, clock.due_on)
    else:
        gone, whole = (today - clock.started_on).days, (clock.due_on - clock.started_on).days
    return gone / whole if whole else 1.0


def _classes(events: Sequence[Event], facts: CaseFacts) -> Iterator[tuple[tuple[str, str], int]]:
    """Each kind and complexity the case had, with the position of the event that ended it; the last ends past all."""
    kind, complexity = facts.kind, ""
    for position, event in enumerate(events):
        says = event.facts if event.action in NAMES_KIND else {}
        new = (str(says.get("kind") or kind), str(says.get("complexity") or complexity))
        if new != (kind, complexity) and position:
            yield (kind, complexity), position
        kind, complexity = new
    yield (kind, complexity), len(events)


def _state_of(hand: Hand, hands: list[Hand], calendar: Calendar) -> ClockState:
    due = due_day(hand, hands, calendar)
    return ClockState(
        name=hand.row.name,
        report=hand.owner,
        started_on=hand.started_on,
        due_on=due,
        state="paused" if hand.paused_on else hand.state,
        ended_on=hand.ended_on,
        is_provisional=calendar.is_provisional(due),
        unit=hand.length.unit,
        paused_on=hand.paused_on,
    )
