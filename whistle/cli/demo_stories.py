"""What became of the demo's reports: read from the data, and put in order of time."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from whistle import clock
from whistle.rules.workdays import Calendar

DATA = Path(__file__).resolve().parent.parent / "demo_data"

REPORTER = "reporter"
#: The last act lies at least so far back, so that nothing happens while one looks.
LAST_ACT = dt.timedelta(minutes=20)
BETWEEN_ACTS = dt.timedelta(minutes=9)


@dataclass(slots=True)
class Story:
    """A report of the data with what became of it; what stands below is known once it happened.

    `things`: the ids of what the case has, by the names that the story gives them.
    """

    told: dict[str, Any]
    source: dict[str, Any]
    case: str = ""
    code: str = ""
    proposal: str = ""
    things: dict[str, str] = field(default_factory=dict)

    @property
    def is_flagged(self) -> bool:
        return bool(self.told.get("own_people"))

    def text(self, value: Any) -> Any:
        """A text as it is sent: `@0` is the first reply of the data."""
        if isinstance(value, str) and value.startswith("@"):
            return self.source["replies"][int(value[1:])]["text"]
        return value


@dataclass(frozen=True, slots=True, order=True)
class Beat:
    """One act at its instant."""

    at: dt.datetime
    number: int
    story: Story = field(compare=False)
    who: str = field(compare=False)
    what: str = field(compare=False)
    inputs: dict[str, Any] = field(compare=False)


def load() -> list[Story]:
    """All stories with the reports they are about."""
    lines = (DATA / "reports.jsonl").read_text("utf-8").splitlines()
    reports = {row["id"]: row for row in map(json.loads, lines)}
    stories = json.loads((DATA / "stories.json").read_text("utf-8"))
    return [Story(told, reports.get(told["report"], told)) for told in stories]


# --- when ------------------------------------------------------------------------------------------------------


def beats(stories: list[Story], now: dt.datetime) -> list[Beat]:
    """Every act of every story in the order of time, the office's on working days; all lie before `now`."""
    calendar = Calendar({})
    found: list[Beat] = []
    for number, story in enumerate(stories):
        acts = list(_acts(story))
        wanted = [
            _instant(days, who, 7 * number + order, now, calendar)
            for order, (days, who, _what, _inputs) in enumerate(acts)
        ]
        for at, (_days, who, what, inputs) in zip(_in_a_row(wanted, now - LAST_ACT), acts, strict=True):
            found.append(Beat(at, len(found), story, who, what, inputs))
    return sorted(found)


def _in_a_row(wanted: list[dt.datetime], last: dt.datetime) -> list[dt.datetime]:
    """The same instants, apart from each other and none after `last`: after a holiday many acts fall on one day."""
    found = list(wanted)
    for place in range(1, len(found)):
        found[place] = max(found[place], found[place - 1] + BETWEEN_ACTS)
    for place in reversed(range(len(found))):
        found[place] = min(found[place], last)
        last = found[place] - BETWEEN_ACTS
    return found


def _acts(story: Story) -> Iterator[tuple[int, str, str, dict[str, Any]]]:
    yield story.told["days"], REPORTER, "send", {}
    yield from story.told["acts"]


def _instant(days: int, who: str, number: int, now: dt.datetime, calendar: Calendar) -> dt.datetime:
    """So many days ago, at an hour at which the office works, or at which people write."""
    day = clock.day_of(now) - dt.timedelta(days=days)
    is_office = who != REPORTER
    if is_office and not calendar.is_working(day):
        day = calendar.next_working(day)
    hour = 9 + number % 8 if is_office else 8 + 5 * number % 14
    return clock.start_of_day(day) + dt.timedelta(hours=hour, minutes=37 * number % 60)
