"""Due dates as stored rows: always what `rules.clocks` makes of the case's events, never edited."""

import dataclasses

from whistle.rules import clocks
from whistle.rules.workdays import Calendar
from whistle.store.cases import Case, CaseEvent, Clock
from whistle.store.offices import DayOverride


def calendar() -> Calendar:
    """The working days as published, with what an administrator entered by hand."""
    return Calendar({row.day: bool(row.is_working) for row in DayOverride.select()})


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


def facts_of(case: Case) -> clocks.CaseFacts:
    """What the clocks need to know of a case besides its events."""
    return clocks.CaseFacts(kind=case.kind, is_named=bool(case.is_named))


def recompute(case: Case) -> None:
    """Write the clocks that follow from the events in place of those that stood there."""
    Clock.delete().where(Clock.case == case).execute()
    for state in clocks.clocks_of(events_of(case), facts_of(case), calendar()):
        Clock.create(case=case, **dataclasses.asdict(state))


def state_of(row: Clock) -> clocks.ClockState:
    """A stored clock as the rules know it."""
    names = [field.name for field in dataclasses.fields(clocks.ClockState)]
    return clocks.ClockState(**{name: getattr(row, name) for name in names})
