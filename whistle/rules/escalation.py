"""Who is told of a due day, and when: before it who answers for the case, on it the deputy, after it the head.

All of it is the office's own standard (OWN). Each level is told once for each due day; one that moved is a new one.
"""

import datetime as dt
from dataclasses import dataclass

from whistle.rules.terms import Term


@dataclass(frozen=True, slots=True)
class Level:
    """A step of escalation. `to`: whom it is for, where they are there: who `answers` for the case, deputy, head."""

    name: str
    term: Term
    to: str


LEVELS: tuple[Level, ...] = (
    Level("before", Term("到期前提醒", "reminder before the due day"), "answers"),
    Level("due", Term("到期当天提醒分管领导", "deputy told on the due day"), "deputy"),
    Level("after", Term("逾期后提醒主要负责人", "head told after the due day"), "head"),
)

#: Clocks that are told to nobody, each with the reason.
NOT_TOLD: dict[str, str] = {
    "supplement": "the reporter's own time; nobody here can hurry it, and it lapses by itself",
}


def levels_due(amber_on: dt.date, due_on: dt.date, today: dt.date) -> tuple[Level, ...]:
    """The levels whose day has come for a running clock that turns amber on `amber_on`.

    All of them, not the newest alone: who was told nothing because no worker ran is told late rather than never.
    """
    begins = {"before": amber_on, "due": due_on, "after": due_on + dt.timedelta(days=1)}
    return tuple(level for level in LEVELS if begins[level.name] <= today)


def order_of_asking(level: Level) -> tuple[str, ...]:
    """Whom a level is for, then who is told besides where nobody of those is there: upwards first, then back down."""
    steps = [row.to for row in LEVELS]
    place = steps.index(level.to)
    return (*steps[place:], *reversed(steps[:place]))
