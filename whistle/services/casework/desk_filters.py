"""What narrows a list of cases down: the desk's views and filters, as conditions on cases."""

import dataclasses
import datetime as dt
from typing import Any

from peewee import JOIN, fn

from whistle import clock
from whistle.rules import workflow
from whistle.rules.turns import NOT_A_REVIEWERS
from whistle.services import units
from whistle.services.access import Acting
from whistle.services.casework import clockwork, record, typed_numbers
from whistle.store.cases import Case, Clock
from whistle.store.people import Person
from whistle.store.reports import Message, ReadState, Report

#: As `officer`: the cases that nobody was given yet.
NOBODY = "nobody"
#: As `unit`: the cases of which no unit was registered.
NO_UNIT = "none"

#: The desk's views: which states each shows.
VIEWS: dict[str, tuple[str, ...]] = {
    "new": (*workflow.DESK_STATES, "oversight"),
    "open": tuple(s for s in workflow.OPEN_STATES if s not in (*workflow.DESK_STATES, "oversight")),
    "ended": tuple(s for s in workflow.STATES if s not in (*workflow.OPEN_STATES, "archived")),
    "archive": ("archived",),
    "all": tuple(workflow.STATES),
}

#: As `clock`: the cases in which no period runs or stands still, so that nobody is ever reminded of them.
NO_CLOCK = "none"

#: When what is owed is due, and the two ways a clock can stand, by the names that `DeskFilters.clock` takes.
DUE = ("overdue", "today", "week")
CLOCK_STATES = (*DUE, "running", "paused", NO_CLOCK)


@dataclasses.dataclass(frozen=True, slots=True)
class DeskFilters:
    """What the desk shows; `officer` is an id, a user name or NOBODY. Empty strings, None and False: no such filter.

    `clock`: one of CLOCK_STATES. `sort`: 'due' the earliest due day first, 'received' the newest first; '' real names
    first, then as 'due'.
    """

    view: str = "new"
    state: str = ""
    kind: str = ""
    category: str = ""
    #: A code, with what stands beneath it unless `unit_alone`; or NO_UNIT.
    unit: str = ""
    unit_alone: bool = False
    officer: str = ""
    number: str = ""
    clock: str = ""
    received_from: dt.date | None = None
    received_to: dt.date | None = None
    #: Days on which a running clock is due.
    due_from: dt.date | None = None
    due_to: dt.date | None = None
    unread: bool = False
    named: bool = False
    #: For who takes in: without the cases that an officer answers for. Nobody else is given less by it.
    mine: bool = False
    #: Those whose newest proposal is this person's and was sent back.
    sent_back: bool = False
    #: One of `desk_pages.SORTS`.
    sort: str = ""


def narrowed(query: Any, by: Acting, filters: DeskFilters) -> Any:
    """The cases of `query` that these filters leave, for the person who looks."""
    query = query.where(Case.state.in_(VIEWS.get(filters.view, VIEWS["all"])))
    for column, value in (
        (Case.state, filters.state),
        (Case.kind, filters.kind),
        (Case.category, filters.category),
    ):
        if value:
            query = query.where(column == value)
    if filters.unit:
        query = query.where(_of_unit(filters))
    if filters.officer:
        query = query.where(_of_officer(filters.officer))
    if filters.number:
        query = query.where(Case.number.contains(typed_numbers.plain(filters.number)))
    if filters.named:
        query = query.where(Case.is_named)
    if filters.mine and by.role == "intake":
        query = query.where(Case.state.in_(workflow.DESK_STATES) | Case.officer.is_null())
    if filters.sent_back:
        query = query.where(Case.id.in_(record.sent_back_to(by.person_id)))
    if filters.unread:
        query = query.where(Case.id.in_(_unread(by)))
    return _by_clock(_by_day(query, filters), by, filters)


def _of_unit(filters: DeskFilters) -> Any:
    if filters.unit == NO_UNIT:
        return Case.unit.is_null()
    return Case.unit.in_(units.with_beneath(filters.unit, is_alone=filters.unit_alone))


def _of_officer(officer: str) -> Any:
    if officer == NOBODY:
        return Case.officer.is_null()
    is_id = officer.isascii() and officer.isdigit()
    who = Person.id == int(officer[:9]) if is_id else Person.user_name == officer
    return Case.officer.in_(Person.select(Person.id).where(who))


def _by_day(query: Any, filters: DeskFilters) -> Any:
    if filters.received_from is not None:
        query = query.where(Case.received_on >= filters.received_from)
    if filters.received_to is not None:
        query = query.where(Case.received_on <= filters.received_to)
    if filters.due_from is not None or filters.due_to is not None:
        query = query.where(Case.id.in_(due_between(filters.due_from, filters.due_to)))
    return query


def _by_clock(query: Any, by: Acting, filters: DeskFilters) -> Any:
    if filters.clock in DUE:
        until = clockwork.calendar().end_of_working_week(clock.today())
        return query.where(Case.id.in_(due_between(*span_of(filters.clock, until), which=runs_for(by))))
    if filters.clock == NO_CLOCK:
        kept = Clock.select().where(Clock.case == Case.id, Clock.state.in_(("running", "paused")))
        return query.where(~fn.EXISTS(kept))
    if filters.clock in CLOCK_STATES:
        return query.where(Case.id.in_(Clock.select(Clock.case).where(Clock.state == filters.clock)))
    return query


def span_of(due: str, until: dt.date) -> tuple[dt.date | None, dt.date]:
    """The first and the last day on which what is called so in DUE is due; this week ends on `until`."""
    today = clock.today()
    if due == "overdue":
        return None, today - dt.timedelta(days=1)
    return (today, today) if due == "today" else (today + dt.timedelta(days=1), until)


def overdue() -> Any:
    """The ids of cases with a running clock whose due day is over, as a query."""
    return due_between(None, clock.today() - dt.timedelta(days=1))


#: Whether a clock runs, as a condition on clocks.
RUNS = Clock.state == "running"


def runs_for(by: Acting) -> Any:
    """The same without the clocks that a person of this role can do nothing about: to them they are not due."""
    return RUNS & Clock.name.not_in(NOT_A_REVIEWERS) if by.role == "reviewer" else RUNS


def due_between(first: dt.date | None, last: dt.date | None, *, which: Any = RUNS) -> Any:
    """The ids of cases that have a clock of `which` due on one of these days, both included, as a query."""
    query = Clock.select(Clock.case).where(which)
    if first is not None:
        query = query.where(Clock.due_on >= first)
    return query if last is None else query.where(Clock.due_on <= last)


def _unread(by: Acting) -> Any:
    """Cases with a report of whose messages this person has seen fewer than there are."""
    return (
        Report.select(Report.case)
        .join(Message, on=(Message.report == Report.id) & (Message.side == "reporter"))
        .switch(Report)
        .join(
            ReadState,
            JOIN.LEFT_OUTER,
            on=(ReadState.report == Report.id) & (ReadState.person == by.person_id),
        )
        .group_by(Report.case, Report.id, ReadState.seen)
        .having(fn.COUNT(Message.id) > fn.COALESCE(ReadState.seen, 0))
    )
