"""Holds every case's stored due days against its events, which alone determine them (decision 005).

Changes nothing, and reads case by case. The calendar may have grown since a case was last counted: days off entered
by hand, or a newer release with another year's list. What an earlier calendar, of those that stood since the case's
last act, makes of the events is therefore no finding, neither before the worker's next round nor in an ended case,
which keeps the rows of its last act.

What is left to doubt: a release that counts by other rules. Open cases follow at the worker's start; an ended case
then differs although nobody touched it.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence

from whistle import clock
from whistle.rules import clocks
from whistle.rules.workdays import YEARS, Calendar
from whistle.services.casework import clockwork
from whistle.services.ledger import Finding
from whistle.store.base import database
from whistle.store.cases import Case, CaseEvent, Clock
from whistle.store.offices import DayOverride

#: Cases named at once.
PAGE = 500
#: No release ever ran without the lists up to this year.
ALWAYS_KNOWN = 2026
#: What a damaged value of a row can raise on its way into the rules.
DAMAGED = (ValueError, TypeError, LookupError, AttributeError, OverflowError)


def check_clocks() -> Iterator[Finding]:
    """Each case whose stored clocks are not what its events make of them."""
    overrides = _overrides()
    for case_id in _all_cases():
        try:
            names = _differing(case_id, overrides)
        except DAMAGED:
            names = ["cannot be counted"]
        if names:
            yield Finding("clock_differs", None, f"case {case_id}: {', '.join(names)}", "case", case_id)


def _all_cases() -> Iterator[str]:
    cases = Case.select(Case.id).order_by(Case.id).limit(PAGE)
    page = database.execute(cases).fetchall()
    while page:
        yield from (id for (id,) in page)
        page = database.execute(cases.where(Case.id > page[-1][0])).fetchall()


def _overrides() -> list[DayOverride]:
    """The days entered by hand; a damaged one is a finding of its own."""
    found = []
    for (id,) in database.execute(DayOverride.select(DayOverride.id).order_by(DayOverride.id)).fetchall():
        try:
            found.append(DayOverride.get_by_id(id))
        except DAMAGED:
            continue
    return found


def _differing(case_id: str, overrides: Sequence[DayOverride]) -> list[str]:
    """The names of clocks that differ from what the events make of them by the calendar as it is; none where an earlier
    calendar explains all.

    From `amber_on` on people are told of a clock that runs, also that it is past its day: no calendar puts that later.
    """
    case = Case.select(Case.id, Case.kind, Case.is_named).where(Case.id == case_id).get()
    events, facts = clockwork.events_of(case), clockwork.facts_of(case)
    rows = list(Clock.select().where(Clock.case == case))
    silenced = {row.name for row in rows if row.state == "running" and row.amber_on > row.due_on}
    stored = Counter(clockwork.state_of(row) for row in rows)
    now = Counter(clocks.clocks_of(events, facts, clockwork.calendar_of(overrides)))
    earlier = _earlier_calendars(overrides, _last_act(case_id))
    if stored == now or any(stored == Counter(clocks.clocks_of(events, facts, days)) for days in earlier):
        return sorted(silenced)
    return sorted(silenced | {state.name for state in ((stored - now) + (now - stored))})


def _last_act(case_id: str) -> dt.date:
    newest = CaseEvent.select(CaseEvent.recorded_on).where(CaseEvent.case == case_id)
    found: CaseEvent | None = newest.order_by(CaseEvent.seq.desc()).first()
    return dt.date.min if found is None else found.recorded_on


def _earlier_calendars(overrides: Sequence[DayOverride], since: dt.date) -> Iterator[Calendar]:
    """The calendars that stood at some moment since a day, the newest first."""
    entered = sorted({row.recorded_at for row in overrides if clock.local(row.recorded_at).date() >= since})
    oldest = max(ALWAYS_KNOWN, since.year - 1)
    for known_until in range(max(YEARS), min(oldest, max(YEARS)) - 1, -1):
        yield clockwork.calendar_of(overrides, known_until)
        for moment in reversed(entered):
            earlier = [row for row in overrides if row.recorded_at < moment]
            yield clockwork.calendar_of(earlier, known_until)
