"""Due dates as stored rows: always what `rules.clocks` makes of the case's events, never edited."""

import dataclasses
import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable

from whistle import clock
from whistle.rules import clocks
from whistle.rules.workdays import YEARS, Calendar
from whistle.rules.workflow import ACTIONS
from whistle.store.cases import Case, CaseEvent, Clock
from whistle.store.offices import DayOverride


@dataclasses.dataclass(frozen=True, slots=True)
class ClockView:
    """A due date: `left` is in working days, negative once it is past; colour is green, amber or red."""

    name: str
    row: clocks.Clock
    started_on: dt.date
    due_on: dt.date
    state: str
    ended_on: dt.date | None
    colour: str
    left: int
    is_provisional: bool
    report_id: str | None


def calendar() -> Calendar:
    """The working days as published, with what an administrator entered by hand."""
    return calendar_of(DayOverride.select().order_by(DayOverride.id))


def calendar_of(entries: Iterable[DayOverride], known_until: int = max(YEARS)) -> Calendar:
    """What some entries by hand, oldest first, make of the working days as published."""
    says: dict[dt.date, str] = {}
    complete: set[int] = set()
    for row in entries:
        if row.says == "year_known":
            complete.add(row.day.year)
        elif row.says == "year_unknown":
            complete.discard(row.day.year)
        else:
            says[row.day] = row.says
    days = {day: said == "worked" for day, said in says.items() if said != "published"}
    return Calendar(days, known_until, frozenset(complete))


def events_of(case: Case) -> list[clocks.Event]:
    """A case's events as the rules read them, oldest first."""
    rows = CaseEvent.select().where(CaseEvent.case == case).order_by(CaseEvent.seq)
    return [
        clocks.Event(
            action=row.action,
            day=row.valid_on,
            from_state=row.from_state,
            to_state=row.to_state,
            report=row.report,
            by_kind=row.by_kind,
            facts=row.facts,
        )
        for row in rows
    ]


def acceptance_of(case: Case) -> CaseEvent | None:
    """The newest event by which a case was accepted."""
    names = [row.name for row in ACTIONS.values() if row.leaf == "accepted"]
    events = CaseEvent.select().where(CaseEvent.case == case, CaseEvent.action.in_(names))
    newest: CaseEvent | None = events.order_by(CaseEvent.seq.desc()).first()
    return newest


def facts_of(case: Case) -> clocks.CaseFacts:
    """What the clocks need to know of a case besides its events."""
    return clocks.CaseFacts(kind=case.kind, is_named=bool(case.is_named))


def recompute(case: Case) -> None:
    """Write the clocks that follow from the events in place of those that stood there."""
    days = calendar()
    Clock.delete().where(Clock.case == case).execute()
    for state in clocks.clocks_of(events_of(case), facts_of(case), days):
        Clock.create(case=case, amber_on=amber_on(state, days), **dataclasses.asdict(state))


def amber_on(state: clocks.ClockState, days: Calendar) -> dt.date:
    """The first day on which a clock is no longer green if it runs on; the due day, where it does not run.

    Asked of the colour itself, which turns once, so that a reminder comes when the page turns.
    """
    if state.state != "running":
        return state.due_on
    length = range((state.due_on - state.started_on).days)
    first = bisect_left(
        length, True, key=lambda n: clocks.colour(state, state.started_on + dt.timedelta(n), days) != "green"
    )
    return min(state.due_on, state.started_on + dt.timedelta(first))


def state_of(row: Clock) -> clocks.ClockState:
    """A stored clock as the rules know it."""
    names = [field.name for field in dataclasses.fields(clocks.ClockState)]
    return clocks.ClockState(**{name: getattr(row, name) for name in names})


def view(row: Clock, calendar: Calendar, today: dt.date) -> ClockView:
    """A stored clock with its colour and what is left of it."""
    state = state_of(row)
    return ClockView(
        name=row.name,
        row=clocks.clock_row(row.name, row.started_on),
        started_on=row.started_on,
        due_on=row.due_on,
        state=row.state,
        ended_on=row.ended_on,
        colour=clocks.colour(state, today, calendar),
        left=clocks.working_days_left(state, today, calendar),
        is_provisional=bool(row.is_provisional),
        report_id=row.report,
    )


def next_due(case_ids: list[str], since: dt.date = dt.date.min) -> dict[str, ClockView]:
    """The running clock that is due first, from `since` on, in each of these cases; none for a case without one."""
    days, today = calendar(), clock.today()
    # The state is looked at here: asked for it, SQLite reads every running clock of the office.
    clocks = Clock.select().where(Clock.case.in_(case_ids))
    latest_first = clocks.order_by(Clock.due_on.desc(), Clock.name.desc(), Clock.id)
    first = {row.case_id: row for row in latest_first if row.state == "running" and row.due_on >= since}
    return {case_id: view(row, days, today) for case_id, row in first.items()}
