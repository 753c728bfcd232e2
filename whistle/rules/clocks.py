"""What a case's events make of the clocks: pure and total, so that the events alone determine every due day.

The starting day is day 0. Law counts first: its due days bound what a pause may do to the office's own.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from whistle.rules.clock_rows import CLOCKS, MONTHS, WORKING, Cause, Clock, Length, clock_row
from whistle.rules.permits import ROLES
from whistle.rules.workdays import Calendar
from whistle.rules.workflow import ACTIONS, BACK, END_STATES, Action, possible

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
class Event:
    """One thing that happened to a case, as far as clocks care.

    by_kind: "office", "reporter" or "system". report: the report it is about, None for the case or all its
    reports. facts: of `receive` report, kind, is_named, is_repeat, sent_by_department; of `receive_flagged`
    the same and, as of `to_oversight`, concerns_head; of `classify` and `reclassify` kind and complexity; of `write`
    no_answer_needed (then nothing was written); of `join` the joined report as of `receive`, what is owed to it and, as
    `since`, from which day; of acts on a thing, thing and code; of `decide` things, the code of each measure; of
    `extend` clock, count and `of`, whose it is; due days under the names that the clocks' rows give.
    """

    action: str
    day: dt.date
    from_state: str | None
    to_state: str
    report: str | None = None
    by_kind: str = "office"
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What holds where the events do not say: the kind as chosen, and whether the name is given."""

    kind: str = "lead"
    is_named: bool = False


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


#: Leaving a stage by one of these is no merit: the clock is cancelled, not met.
CANCELLING = frozenset(
    {
        "to_oversight",
        "hold",
        "send_back",
        "return_investigation",
        "recall_referral",
        "lapse_supplement",
        "unmerge",
    }
)

#: Actions whose facts say what kind of matter the case is.
NAMES_KIND = frozenset({"receive", "receive_flagged", "classify", "reclassify"})

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
        for started_at, clock in _Fold(class_, facts).over(events[:until]).clocks(calendar):
            key = (started_at, clock.name, clock.report)
            if key in ended:
                continue
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
    if warns is not None and today >= _end_of(clock.started_on, warns, calendar):
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
    is_there = not row.stage or state in row.stage
    return is_there and any(_meets(action, row) for action in possible(state, ROLES))


def _meets(action: Action, row: Clock) -> bool:
    if row.stage:
        leaves = any(to not in (None, BACK, *row.stage) for to in action.outcomes)
        return leaves and action.name not in CANCELLING
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


@dataclass(slots=True)
class _Hand:
    """A clock while the events are read. `…_at` are positions among the events: order within a day counts."""

    row: Clock
    length: Length
    report: str | None
    started_on: dt.date
    started_at: int
    state: str = "running"
    ended_on: dt.date | None = None
    ended_at: int | None = None
    ended_with_case: bool = False
    #: What the acting person entered in place of the length.
    entered_on: dt.date | None = None
    extended: Length | None = None
    #: (day of asking, its position, day of answering; None while waiting)
    pauses: list[tuple[dt.date, int, dt.date | None]] = field(default_factory=list)

    @property
    def is_running(self) -> bool:
        return self.ended_at is None

    @property
    def paused_on(self) -> dt.date | None:
        asked = self.pauses[-1] if self.pauses and self.is_running else None
        return asked[0] if asked and asked[2] is None else None

    def concerns(self, report: str | None) -> bool:
        return self.report is None or report is None or self.report == report

    def was_running_at(self, position: int) -> bool:
        return self.started_at <= position and (self.ended_at is None or self.ended_at >= position)

    def end(self, state: str, event: Event, position: int) -> None:
        self.state, self.ended_on, self.ended_at = state, event.day, position

    def resume(self, day: dt.date) -> None:
        if self.paused_on is not None:
            asked, position, _ = self.pauses.pop()
            self.pauses.append((asked, position, day))


class _Fold:
    """Reads events in order under one kind and complexity and keeps the hands of all clocks."""

    def __init__(self, class_: tuple[str, str], facts: CaseFacts) -> None:
        self.kind, complexity = class_
        self.is_named = facts.is_named
        #: What holds of the case so far: its complexity, and each fact that was ever said to be true.
        self.known: set[str] = {complexity}
        #: The reports whose reporter gave the name.
        self.named: set[str | None] = set()
        #: Each report of the case, and whether notice of acceptance is owed to it.
        self.reports: dict[str | None, bool] = {}
        self.received_on: dt.date | None = None
        self.is_taken_in = False
        self.hands: list[_Hand] = []

    def over(self, events: Iterable[Event]) -> "_Fold":
        for position, event in enumerate(events):
            self._learn(event)
            self._stop(event, position)
            self._move(event)
            self._pause(event, position)
            self._start(event, position)
        return self

    def clocks(self, calendar: Calendar) -> list[tuple[int, ClockState]]:
        """Each clock with the position of the event that started it; limits of law bound the others."""
        limits = [(hand, _due(hand, calendar)) for hand in self.hands if hand.length.is_law]
        return [(hand.started_at, _clock(hand, limits, calendar)) for hand in self.hands]

    def _learn(self, event: Event) -> None:
        self.known |= {name for name, value in event.facts.items() if value is True and name != "is_named"}
        if event.action in ("receive", "receive_flagged", "join"):
            self.received_on = self.received_on or event.day
            is_named = event.facts.get("is_named", self.is_named)
            report = _report_of(event)
            self.reports[report] = bool(is_named) and not event.facts.get("is_repeat")
            self.named |= {report} if is_named else set()
        if event.action == "part":
            self.reports.pop(_report_of(event), None)

    def _stop(self, event: Event, position: int) -> None:
        for hand in self._running():
            if event.to_state != "supplementing":
                hand.resume(event.day)
            if hand.row.stage and event.to_state not in hand.row.stage:
                hand.end("cancelled" if event.action in CANCELLING else "met", event, position)
            elif hand.concerns(_whose(hand.row, event)) and _is_any(hand.row.stops, event):
                hand.end("met", event, position)
            elif self._is_cancelled(hand, event):
                hand.end("cancelled", event, position)
            elif (
                event.to_state in END_STATES and event.from_state not in END_STATES and not hand.row.survives
            ):
                hand.end("cancelled", event, position)
                hand.ended_with_case = True

    def _is_cancelled(self, hand: _Hand, event: Event) -> bool:
        """Ended without merit: by an act that says so, by leaving what it runs in, or with the report it belongs to."""
        if event.action == "part" and hand.report is not None and hand.report == _report_of(event):
            return True
        is_out = bool(hand.row.only_in) and event.to_state not in hand.row.only_in
        return is_out or _is_any(hand.row.cancels, event)

    def _move(self, event: Event) -> None:
        """An extension, or a new day for what was due."""
        for hand in self._running():
            if event.action == "extend" and event.facts.get("clock") == hand.row.name:
                if hand.report == event.facts.get("of"):
                    hand.extended = Length(int(event.facts["count"]), hand.length.unit)
            elif _is_any(hand.row.moved_by, event) and hand.concerns(_whose(hand.row, event)):
                hand.entered_on = _entered(hand.row, event, hand.report)

    def _pause(self, event: Event, position: int) -> None:
        if event.to_state != "supplementing" or event.from_state == "supplementing":
            return
        for hand in self._running():
            if hand.row.pauses and not hand.length.is_law:
                hand.pauses.append((event.day, position, None))

    def _start(self, event: Event, position: int) -> None:
        for name in dict.fromkeys(row.name for row in CLOCKS):
            row = clock_row(name, event.day)
            if self._is_started(row, event):
                for whose in self._owners(row, event):
                    self._begin(row, whose, event, position)
        self._restart(event, position)
        self._revive(event, position)
        self.is_taken_in = self.is_taken_in or self._takes_in(event)

    def _is_started(self, row: Clock, event: Event) -> bool:
        if row.enters:
            return event.to_state in row.enters and event.from_state not in row.enters
        if row.stage and not row.starts:
            # From a parked state too: a clock that stood still there runs already, and `_begin` leaves it alone.
            return event.to_state == row.stage[0] != event.from_state
        return _is_any(row.starts, event) or (
            self._takes_in(event) and any(cause.action == "receive" for cause in row.starts)
        )

    def _takes_in(self, event: Event) -> bool:
        """A report that came in sealed for oversight and was released is taken in only then."""
        return event.action == "receive" or (event.action == "release_oversight" and not self.is_taken_in)

    def _begin(self, row: Clock, report: str | None, event: Event, position: int) -> None:
        length = self._length(row, report)
        if row.codes and _code_of(event, report) not in row.codes:
            return
        if length is None or any(
            hand.row.name == row.name and hand.report == report for hand in self._running()
        ):
            return
        if row.only_named and not self.reports.get(report, self.is_named):
            return
        # The law counts from the day the report came in, whatever desk it came to first.
        is_from_receipt = length.is_law and self._takes_in(event) and not row.stage
        day = self.received_on if is_from_receipt and self.received_on else _since(row, event)
        hand = _Hand(row, length, report, day, position, entered_on=_entered(row, event, report))
        self.hands.append(hand)

    def _restart(self, event: Event, position: int) -> None:
        if event.facts.get("no_answer_needed"):
            return
        for hand in self._running():
            is_meant = hand.concerns(_whose(hand.row, event)) and _is_any(hand.row.restarts, event)
            if is_meant and hand.started_at < position:
                hand.end("met", event, position)
                self._begin(hand.row, hand.report, event, position)

    def _revive(self, event: Event, position: int) -> None:
        """A case that comes back from an end owes again what the end had cancelled, counted from that day.

        What acceptance starts is left to the next acceptance, where the case comes back to before it.
        """
        if event.from_state not in END_STATES or event.to_state in END_STATES:
            return
        is_before_acceptance = event.to_state in ACTIONS["accept"].frm
        for hand in [hand for hand in self.hands if hand.ended_with_case]:
            hand.ended_with_case = False
            if not (is_before_acceptance and any(cause.action == "accept" for cause in hand.row.starts)):
                self._begin(hand.row, hand.report, event, position)

    def _length(self, row: Clock, report: str | None) -> Length | None:
        """The length that fits; the office's own are halved, rounded up, where retaliation is reported."""
        known = self.known | ({"is_named"} if report in self.named else set())
        fitting = (
            length
            for length in row.lengths
            if self.kind in length.kinds and (not length.when or length.when in known)
        )
        length = next(fitting, None)
        if length is not None and "retaliation" in known and not length.is_law:
            return replace(length, count=(length.count + 1) // 2)
        return length

    def _owners(self, row: Clock, event: Event) -> list[str | None]:
        """Whose clock an event starts: the case's one, each report's, or that of each thing it is about."""
        if row.per == "thing":
            return list(event.facts.get("things", ())) or [_thing_of(event)]
        if not row.per_report:
            return [None]
        report = _report_of(event)
        return [report] if report is not None else list(self.reports) or [None]

    def _running(self) -> list[_Hand]:
        return [hand for hand in self.hands if hand.is_running]


def _report_of(event: Event) -> str | None:
    report = event.report or event.facts.get("report")
    return report if isinstance(report, str) else None


def _thing_of(event: Event) -> str | None:
    thing = event.facts.get("thing")
    return thing if isinstance(thing, str) else None


def _whose(row: Clock, event: Event) -> str | None:
    """The report or thing an event is about; None: all that the case has."""
    return _thing_of(event) if row.per == "thing" else _report_of(event)


def _code_of(event: Event, thing: str | None) -> str | None:
    """The code of the measure an event is about."""
    things = event.facts.get("things", {})
    return things.get(thing) if thing in things else event.facts.get("code")


def _entered(row: Clock, event: Event, thing: str | None) -> dt.date | None:
    """The due day an event names; where it is about several things, for one of them."""
    value = event.facts.get(row.due_fact) if row.due_fact else None
    if isinstance(value, Mapping):
        value = value.get(thing)
    return None if value is None else dt.date.fromisoformat(value)


def _since(row: Clock, event: Event) -> dt.date:
    """From which day a clock counts: the event's, but for a report that brings its own along."""
    since = event.facts.get("since", {}).get(row.name) if event.action == "join" else None
    return event.day if since is None else dt.date.fromisoformat(since)


def _is_any(causes: Iterable[Cause], event: Event) -> bool:
    return any(_is(cause, event) for cause in causes)


def _is(cause: Cause, event: Event) -> bool:
    if event.action != cause.action or cause.by not in ("", event.by_kind):
        return False
    name, _, value = cause.fact.partition("=")
    return not name or (event.facts.get(name) == value if value else bool(event.facts.get(name)))


def _clock(hand: _Hand, limits: list[tuple[_Hand, dt.date]], calendar: Calendar) -> ClockState:
    due = _bounded(hand, limits, calendar)
    return ClockState(
        name=hand.row.name,
        report=hand.report,
        started_on=hand.started_on,
        due_on=due,
        state="paused" if hand.paused_on else hand.state,
        ended_on=hand.ended_on,
        is_provisional=calendar.is_provisional(due),
        unit=hand.length.unit,
        paused_on=hand.paused_on,
    )


def _due(hand: _Hand, calendar: Calendar, *, with_pauses: bool = False) -> dt.date:
    """The due day without any bound; a period that ends on a day off ends on the next working day.

    An extension counts from the due day before it was moved off a day off.
    """
    if hand.entered_on is not None:
        end = hand.entered_on
    else:
        extra = _pause_days(hand, calendar) if with_pauses else 0
        end = _unshifted(hand.started_on, hand.length, calendar, extra)
    if hand.extended is not None:
        end = _unshifted(end, hand.extended, calendar)
    due = end if hand.entered_on is not None and hand.extended is None else calendar.next_working(end)
    if hand.row.at_most is not None and hand.extended is None:
        due = min(due, _end_of(hand.started_on, hand.row.at_most, calendar))
    return due


def _end_of(start: dt.date, length: Length, calendar: Calendar) -> dt.date:
    return calendar.next_working(_unshifted(start, length, calendar))


def _unshifted(start: dt.date, length: Length, calendar: Calendar, extra: int = 0) -> dt.date:
    """Where a period ends, whatever day that is; `extra` days of its kind are added, to months natural ones."""
    if length.unit == WORKING:
        return calendar.add_working(start, length.count + extra)
    if length.unit == MONTHS:
        return calendar.add_natural(calendar.add_months(start, length.count), extra)
    return calendar.add_natural(start, length.count + extra)


def _pause_days(hand: _Hand, calendar: Calendar) -> int:
    """Days after asking, up to and including answering, in the clock's kind of day (months: natural days)."""
    over = [(asked, answered) for asked, _, answered in hand.pauses if answered is not None]
    if hand.length.unit == WORKING:
        return sum(calendar.working_between(asked, answered) for asked, answered in over)
    return sum(max(0, (answered - asked).days) for asked, answered in over)


def _bounded(hand: _Hand, limits: list[tuple[_Hand, dt.date]], calendar: Calendar) -> dt.date:
    """The due day with its pauses, none of which passes a limit of law; a wait for facts ends before it.

    The wait lapses the day after its own due day, and until then the case can neither be accepted nor declined: a
    working day must be left for that. Where none is left, the wait still lasts for the day of asking.
    """
    plain = _due(hand, calendar)
    if hand.length.is_law or not hand.row.within:
        return _due(hand, calendar, with_pauses=True)
    asked_at = [position for _, position, _ in hand.pauses] if hand.row.pauses else [hand.started_at]
    bounds = [
        due
        for other, due in limits
        if other.row.name in hand.row.within
        and other.concerns(hand.report)
        and any(other.was_running_at(position) for position in asked_at)
    ]
    if hand.row.pauses:
        return max(plain, min([_due(hand, calendar, with_pauses=True), *bounds]))
    # A limit that has passed already is not kept by hurrying the reporter.
    ahead = [calendar.working_before(due) for due in bounds if due >= hand.started_on]
    return max(hand.started_on, min([plain, *ahead]))
