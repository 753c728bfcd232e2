"""What clocks read in the events of a case. Whatever stands in an event's facts, reading them never fails."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from whistle.rules.clock_rows import Cause, Clock, Length

#: Actions whose facts say what kind of matter the case is.
NAMES_KIND = frozenset({"receive", "receive_flagged", "classify", "reclassify"})
#: Actions by which a report comes to the case.
BRINGS_REPORT = frozenset({"receive", "receive_flagged", "join"})
#: No due day that somebody enters lies further off, in days.
FURTHEST = 36_500


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a case, as far as clocks care.

    by_kind: "office", "reporter" or "system". report: the report it is about, None for the case or all its reports.
    facts:
    - of `receive` and `receive_flagged` report, origin ("office": nobody reported, so nobody is owed a word;
      "superior": handed down), has_receipt (False: a word is owed to who gave a name alone, and none on the tracking
      page), kind, is_named, is_repeat, sent_by_department, retaliation; of `receive_flagged` and `to_oversight`
      concerns_head; of `classify` and `reclassify` kind and complexity;
    - of `join` the joined report as of `receive`, notice_owed, reply_owed and protection_owed, and as `since` the day
      from which each of these clocks counts, with those of its case's limits; so too, but for these, where a report
      comes back to its own case, after `unmerge`;
    - of `write` no_answer_needed (then nothing was written); of `feed_back` stage; of `close` with_measures;
    - of acts on a thing, `press` and `press_answered` among them, thing (its id) and of measures code; of `decide`
      things: the code of each measure by its id;
    - of `extend` clock, count in the unit of the row's extension, and `of`: the report or thing whose clock it is;
    - due days under the names that the clocks' rows give, of `decide` by the measure's id.
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


def report_of(event: Event) -> str | None:
    """The report an event is about."""
    return event.report or _text(event.facts.get("report"))


def thing_of(event: Event) -> str | None:
    """The measure, item … an event is about."""
    return _text(event.facts.get("thing"))


def whose(row: Clock, event: Event) -> str | None:
    """The report or thing whose clock of this row an event is about; None: all that the case has."""
    return thing_of(event) if row.per == "thing" else report_of(event)


def things_of(event: Event) -> dict[str | None, str | None]:
    """Each thing an event is about, with its code."""
    things = event.facts.get("things")
    if isinstance(things, Mapping):
        return {str(thing): _text(code) for thing, code in things.items()}
    thing = thing_of(event)
    return {} if thing is None else {thing: _text(event.facts.get("code"))}


def entered(row: Clock, event: Event, thing: str | None) -> dt.date | None:
    """The due day an event names; where it is about several things, for one of them."""
    value = event.facts.get(row.due_fact) if row.due_fact else None
    day = _day(value.get(thing) if isinstance(value, Mapping) else value)
    return day if day is not None and abs((day - event.day).days) <= FURTHEST else None


def since(row: Clock, event: Event) -> dt.date:
    """From which day a clock counts: the event's, but for a report that brings its own along."""
    return brought(row, event) or event.day


def brought(row: Clock, event: Event) -> dt.date | None:
    """The day from which a clock counted where a joining report comes from."""
    days = event.facts.get("since") if event.action == "join" else None
    day = _day(days.get(row.name)) if isinstance(days, Mapping) else None
    return day if day is not None and day <= event.day else None


def extension_of(row: Clock, event: Event) -> Length | None:
    """By how much an event extends a clock, never by more than its row allows."""
    count = event.facts.get("count")
    if row.extension is None or event.action != "extend" or event.facts.get("clock") != row.name:
        return None
    if not isinstance(count, int) or count < 1:
        return None
    return Length(min(count, row.extension.count), row.extension.unit)


def is_any(causes: Iterable[Cause], event: Event) -> bool:
    """Is the event one of these causes?"""
    return any(_is(cause, event) for cause in causes)


def _is(cause: Cause, event: Event) -> bool:
    if event.action != cause.action or cause.by not in ("", event.by_kind):
        return False
    name, _, value = cause.fact.partition("=")
    return not name or (event.facts.get(name) == value if value else bool(event.facts.get(name)))


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _day(value: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        return None
