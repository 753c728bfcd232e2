"""A clock while a case's events are read, and the events read one by one into such clocks."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from whistle.rules.clock_events import (
    BRINGS_REPORT,
    CaseFacts,
    Event,
    brought,
    entered,
    extension_of,
    is_any,
    report_of,
    since,
    things_of,
    whose,
)
from whistle.rules.clock_rows import Clock, Length, clocks_on
from whistle.rules.workflow import ACTIONS, END_STATES, STATES

#: Leaving a stage by one of these is no merit: the clock is cancelled, not met.
CANCELLING = frozenset(
    {"to_oversight", "hold", "send_back", "return_investigation", "recall_referral", "lapse_supplement"}
)
#: End states that nothing leads out of: whatever still ran there could never stop.
FINAL_STATES = frozenset(name for name in END_STATES if not STATES[name].may_reopen)


@dataclass(slots=True)
class Hand:
    """A clock while the events are read. `…_at` are positions among the events: order within a day counts."""

    row: Clock
    length: Length
    #: The report or thing it belongs to.
    owner: str | None
    started_on: dt.date
    started_at: int
    #: The code of the measure it belongs to.
    code: str | None = None
    state: str = "running"
    ended_on: dt.date | None = None
    ended_at: int | None = None
    ended_with_case: bool = False
    #: What the acting person entered in place of the length.
    entered_on: dt.date | None = None
    extended: Length | None = None
    extended_at: int | None = None
    #: (day of asking, its position, day of answering; None while waiting)
    pauses: list[tuple[dt.date, int, dt.date | None]] = field(default_factory=list)

    @property
    def is_running(self) -> bool:
        """Neither met nor cancelled."""
        return self.ended_at is None

    @property
    def paused_on(self) -> dt.date | None:
        """Since when it stands still, if it does."""
        asked = self.pauses[-1] if self.pauses and self.is_running else None
        return asked[0] if asked and asked[2] is None else None

    def concerns(self, owner: str | None) -> bool:
        """Is what concerns this report or thing about it? None concerns all."""
        return self.owner is None or owner is None or self.owner == owner

    def was_running_at(self, position: int) -> bool:
        """Did it run when the event at `position` happened?"""
        return self.started_at <= position and (self.ended_at is None or self.ended_at >= position)

    def end(self, state: str, event: Event, position: int) -> None:
        """Met or cancelled by an event."""
        self.state, self.ended_on, self.ended_at = state, event.day, position

    def resume(self, day: dt.date) -> None:
        """End a pause, if there is one."""
        if self.paused_on is not None:
            asked, position, _ = self.pauses.pop()
            self.pauses.append((asked, position, day))


class Fold:
    """Reads events in order under one kind and complexity and keeps the hands of all clocks."""

    def __init__(self, class_: tuple[str, str], facts: CaseFacts) -> None:
        self.kind, complexity = class_
        self.is_named = facts.is_named
        #: What holds of the case so far: its complexity, and each fact that was ever said to be true.
        self.known: set[str] = {complexity}
        #: The reports whose reporter gave the name.
        self.named: set[str | None] = set()
        #: Each report of the case that somebody made, and whether notice of acceptance is owed to it.
        self.reports: dict[str | None, bool] = {}
        #: The reports without a receipt code, whose reporter reads nothing on the tracking page.
        self.without_page: set[str | None] = set()
        self.received_on: dt.date | None = None
        self.is_taken_in = False
        self.hands: list[Hand] = []
        #: From which day a clock counts that joining or coming back lets begin no later, once it begins.
        self.first_days: dict[str, dt.date] = {}

    def over(self, events: Iterable[Event]) -> list[Hand]:
        """The hands as they stand after the last of these events."""
        for position, event in enumerate(events):
            self._learn(event)
            self._stop(event, position)
            self._move(event, position)
            self._pause(event, position)
            self._date_back(event)
            self._start(event, position)
            self._restart(event, position)
            self._revive(event, position)
            self.is_taken_in = self.is_taken_in or self._takes_in(event)
        return self.hands

    # --- what the events say --------------------------------------------------------------------------------

    def _learn(self, event: Event) -> None:
        if event.action != "join":
            self.known |= {name for name, value in event.facts.items() if value is True}
        if event.facts.get("origin") == "superior":
            self.known.add("from_superior")
        if event.action in BRINGS_REPORT:
            self.received_on = self.received_on or event.day
            self._bring(event)
        elif event.action == "part":
            self.reports.pop(report_of(event), None)

    def _bring(self, event: Event) -> None:
        is_named = event.facts.get("is_named", self.is_named)
        has_page = event.facts.get("has_receipt") is not False
        if event.facts.get("origin") == "office" or not (has_page or is_named):
            return  # nobody reported, or nobody knows who: there is nobody to tell
        report = report_of(event)
        self.without_page |= set() if has_page else {report}
        self.reports[report] = bool(is_named) and not event.facts.get("is_repeat")
        self.named |= {report} if is_named else set()

    # --- stopping, moving, pausing ------------------------------------------------------------------------------

    def _stop(self, event: Event, position: int) -> None:
        for hand in self.hands:
            is_meant = hand.concerns(whose(hand.row, event)) and is_any(hand.row.stops, event)
            if not hand.is_running:
                hand.ended_with_case &= not is_meant
                continue
            if event.to_state != "supplementing":
                hand.resume(event.day)
            if hand.row.stage and event.to_state not in hand.row.stage:
                hand.end("cancelled" if event.action in CANCELLING else "met", event, position)
            elif is_meant:
                hand.end("met", event, position)
            elif self._is_cancelled(hand, event):
                hand.end("cancelled", event, position)
            elif self._ends_with_case(hand, event):
                hand.end("cancelled", event, position)
                hand.ended_with_case = True

    def _is_cancelled(self, hand: Hand, event: Event) -> bool:
        """Ended without merit: by an act that says so, by leaving what it runs in, or with the report it belongs to.

        A wait ends with its stage alone: with the last report gone, nothing else would lead the case on.
        """
        is_of_report = hand.row.per_report and not hand.row.stage
        if event.action == "part" and is_of_report and hand.owner == report_of(event):
            return True
        is_out = bool(hand.row.only_in) and event.to_state not in hand.row.only_in
        return is_out or is_any(hand.row.cancels, event)

    def _ends_with_case(self, hand: Hand, event: Event) -> bool:
        if event.to_state not in END_STATES or event.from_state in END_STATES:
            return False
        return not hand.row.survives or event.to_state in FINAL_STATES

    def _move(self, event: Event, position: int) -> None:
        """An extension, or a new day for what was due."""
        for hand in self._running():
            extended = extension_of(hand.row, event)
            if extended is not None and hand.owner == event.facts.get("of"):
                hand.extended, hand.extended_at = extended, position
            elif is_any(hand.row.moved_by, event) and hand.concerns(whose(hand.row, event)):
                hand.entered_on = entered(hand.row, event, hand.owner) or hand.entered_on

    def _pause(self, event: Event, position: int) -> None:
        if event.to_state != "supplementing" or event.from_state == "supplementing":
            return
        for hand in self._running():
            if hand.row.pauses and not hand.length.is_law:
                hand.pauses.append((event.day, position, None))

    def _date_back(self, event: Event) -> None:
        """A joining report brings the day from which a limit counted: a merge makes none longer."""
        if event.to_state in END_STATES:
            self.first_days.clear()
        for row in (row for row in clocks_on(event.day) if row.from_first):
            day = brought(row, event)
            if day is None:
                continue
            hands = [hand for hand in self.hands if hand.row.name == row.name]
            if not hands:
                self.first_days[row.name] = min(day, self.first_days.get(row.name, day))
            for hand in hands:
                if hand.is_running:
                    hand.started_on = min(day, hand.started_on)

    # --- starting -------------------------------------------------------------------------------------------------

    def _start(self, event: Event, position: int) -> None:
        for row in clocks_on(event.day):
            if self._is_started(row, event):
                for owner, code in self._owners(row, event).items():
                    if not row.codes or code in row.codes:
                        self._begin(row, owner, event, position, code)

    def _is_started(self, row: Clock, event: Event) -> bool:
        if row.enters:
            return event.to_state in row.enters and event.from_state not in row.enters
        if row.stage and not row.starts:
            # From a parked state too: a clock that stood still there runs already, and `_begin` leaves it alone.
            return event.to_state == row.stage[0] != event.from_state
        return is_any(row.starts, event) or (
            self._takes_in(event) and any(cause.action == "receive" for cause in row.starts)
        )

    def _takes_in(self, event: Event) -> bool:
        """A report that came in sealed for oversight and was released is taken in only then."""
        return event.action == "receive" or (event.action == "release_oversight" and not self.is_taken_in)

    def _owners(self, row: Clock, event: Event) -> dict[str | None, str | None]:
        """Whose clock an event starts, with its code: the case's one, each report's, or each thing's it is about."""
        if row.per == "thing":
            return things_of(event)
        report = report_of(event)
        # A wait ends even where nobody could be asked.
        is_nobodys = report is None and not self.reports and (self.received_on is None or bool(row.stage))
        if not row.per_report or is_nobodys:
            return {None: None}
        if report is None or event.action in BRINGS_REPORT:
            return dict.fromkeys(self.reports if report is None else {report} & set(self.reports))
        return {report: None}

    def _begin(self, row: Clock, owner: str | None, event: Event, position: int, code: str | None) -> None:
        length = self._length(row, owner)
        if length is None or any(
            hand.row.name == row.name and hand.owner == owner for hand in self._running()
        ):
            return
        if row.only_named and not self.reports.get(owner, self.is_named):
            return
        if row.on_page and owner in self.without_page:
            return
        # The law counts from the day the report came in, whatever desk it came to first.
        is_from_receipt = length.is_law and self._takes_in(event) and not row.stage
        day = self.received_on if is_from_receipt and self.received_on else since(row, event)
        day = min(day, self.first_days.pop(row.name, day))
        due = entered(row, event, owner)
        self.hands.append(Hand(row, length, owner, day, position, code=code, entered_on=due))

    def _restart(self, event: Event, position: int) -> None:
        if event.facts.get("no_answer_needed"):
            return
        for hand in self._running():
            is_meant = hand.concerns(whose(hand.row, event)) and is_any(hand.row.restarts, event)
            if is_meant and hand.started_at < position:
                hand.end("met", event, position)
                self._begin(hand.row, hand.owner, event, position, hand.code)

    def _revive(self, event: Event, position: int) -> None:
        """A case that comes back from an end owes again what the end had cancelled, counted from that day.

        What acceptance starts is left to the next acceptance, where the case comes back to before it; what is owed to a
        reporter whose report went to another case comes back with the report.
        """
        if event.from_state not in END_STATES or event.to_state in END_STATES:
            return
        is_before_acceptance = event.to_state in ACTIONS["accept"].frm
        for hand in [hand for hand in self.hands if hand.ended_with_case]:
            hand.ended_with_case = False
            if hand.row.from_first and event.action == "unmerge":
                self.first_days[hand.row.name] = hand.started_on
            waits = is_before_acceptance and any(cause.action == "accept" for cause in hand.row.starts)
            has_left = hand.row.per_report and (event.action == "unmerge" or hand.owner not in self.reports)
            if not (waits or has_left or is_any(hand.row.cancels, event)):
                self._begin(hand.row, hand.owner, event, position, hand.code)

    def _length(self, row: Clock, owner: str | None) -> Length | None:
        """The length that fits; the office's own are halved, rounded up, where retaliation is reported."""
        known = (self.known - {"is_named"}) | ({"is_named"} if owner in self.named else set())
        fitting = (
            length
            for length in row.lengths
            if self.kind in length.kinds and (not length.when or length.when in known)
        )
        length = next(fitting, None)
        if length is not None and "retaliation" in known and not length.is_law:
            return replace(length, count=(length.count + 1) // 2)
        return length

    def _running(self) -> list[Hand]:
        return [hand for hand in self.hands if hand.is_running]
