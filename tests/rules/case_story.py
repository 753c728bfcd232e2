"""A case told as it happens: builds the events that clocks read, along the workflow's own table."""

import datetime as dt

from whistle.rules.clocks import CaseFacts, ClockState, Event, clocks_of
from whistle.rules.workdays import Calendar
from whistle.rules.workflow import ACTIONS, return_state_after, state_after

CALENDAR = Calendar()


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


class Story:
    """Tell it with `then`; read it with `clock` or `clocks`. The report is always called R."""

    def __init__(self, received: str, kind: str = "lead", *, flagged: bool = False, **facts: object) -> None:
        self.kind = kind
        self.state: str | None = None
        self.return_state: str | None = None
        self.events: list[Event] = []
        action = "receive_flagged" if flagged else "receive"
        self.then(action, received, by="system", report="R", kind=kind, **facts)

    def then(
        self,
        action: str,
        on: str,
        *,
        by: str = "office",
        report: str | None = None,
        to: str | None = None,
        **facts: object,
    ) -> "Story":
        """The next thing that happens; `to` where the row leads to several states."""
        row = ACTIONS[action]
        after, back = self.state or "", self.return_state
        if row.thing == "case":
            after = state_after(row, self.state, self.return_state, to)
            back = return_state_after(row, self.state, self.return_state, to)
        self.events.append(Event(action, day(on), self.state, after, report, by, facts))
        self.state, self.return_state = after, back
        return self

    def clocks(self, calendar: Calendar = CALENDAR) -> list[ClockState]:
        return clocks_of(self.events, CaseFacts(kind=self.kind), calendar)

    def named(self, name: str) -> list[ClockState]:
        return [clock for clock in self.clocks() if clock.name == name]

    def clock(self, name: str) -> ClockState:
        (found,) = self.named(name)
        return found

    def due(self, name: str) -> str:
        return self.clock(name).due_on.isoformat()

    def of(self, name: str, owner: str) -> ClockState:
        """The newest clock of this name that belongs to a report or thing."""
        return [clock for clock in self.named(name) if clock.report == owner][-1]

    def running(self) -> set[str]:
        return {clock.name for clock in self.clocks() if clock.state == "running"}
