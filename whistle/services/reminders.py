"""Reminders and escalation: finds the clocks that turned since they were last told of, and puts them into notices.

Each level of each due day is told once, and that it was leaves a row and a leaf, so that an auditor sees that it went
up; a clock that is past its day leaves a public `overdue` leaf. Safe to run as often as one likes, by several at once.
"""

import datetime as dt
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import Case as When
from peewee import fn

from whistle import clock
from whistle.rules import clocks
from whistle.rules.escalation import LEVELS, NOT_TOLD, Level, levels_due
from whistle.rules.workflow import DESK_STATES
from whistle.services import ledger, notices, outbox
from whistle.services.access import Acting, AsSystem, require
from whistle.services.casework.act import find_case
from whistle.services.escalation import Escalation
from whistle.services.use_case import reading, use_case
from whistle.store.cases import Case, Clock
from whistle.store.database import lock_row
from whistle.store.outbox import Notice, Reminder, Told
from whistle.store.people import Person

#: Clocks whose cases are told of in one transaction, during which nobody else writes, and how long others are let in
#: between two: who brings a report must not wait because there is much to tell.
PAGE, PAUSE_SECONDS = 20, 0.05
#: Days ahead that new officers are told of in one run; each is told once, so that the next run finds the rest.
SUCCESSIONS = 200


@dataclass(frozen=True, slots=True)
class Done:
    """What a run came to: due days told of, and people who have a notice of it."""

    due_days: int
    people: int


@dataclass(frozen=True, slots=True)
class ToldLevel:
    """When a level was told, and to whom by name."""

    on: dt.date
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToldDueDay:
    """A due day of a case, and what was told of it by level."""

    clock: clocks.Clock
    due_on: dt.date
    levels: dict[str, ToldLevel]


def run(by: AsSystem) -> Done:
    """Tell of every due day that turned, then close the day's notices.

    A page of cases that fails stops no other; the first fault is raised at the end.
    """
    told, faults = 0, []
    for number, case_ids in enumerate(_pages(by)):
        time.sleep(PAUSE_SECONDS if number else 0)
        try:
            told += _tell(by, case_ids)
        except Exception as fault:
            faults.append(fault)
    if _has_unheard(by):
        _tell_successors(by)
    people = notices.close_all(by, is_mailed=outbox.has_server())
    if faults:
        raise faults[0]
    return Done(told, people)


def _pages(by: AsSystem) -> Iterator[list[str]]:
    """The cases of clocks that turned, page by page, the longest amber first."""
    last: tuple[dt.date, str] | None = None
    while True:
        rows = _page(by, last)
        if not rows:
            return
        last = (rows[-1].amber_on, rows[-1].id)
        yield list(dict.fromkeys(row.case_id for row in rows))


@reading
def _page(by: AsSystem, after: tuple[dt.date, str] | None) -> list[Clock]:
    require(by, "reminders.run")
    query = _turned().select(Clock.id, Clock.case, Clock.amber_on).order_by(Clock.amber_on, Clock.id)
    if after is not None:
        day, id = after
        query = query.where(Clock.amber_on >= day)
        query = query.where((Clock.amber_on > day) | (Clock.id > id))
    return list(query.limit(PAGE))


def _turned() -> Any:
    """The running clocks whose newest level was not told. Those before it are told with it: one is looked for."""
    today = clock.today()
    newest = When(None, [(Clock.due_on < today, "after"), (Clock.due_on == today, "due")], "before")
    told = Reminder.select().where(
        Reminder.case == Clock.case,
        Reminder.clock == Clock.name,
        Reminder.report == fn.COALESCE(Clock.report, ""),
        Reminder.started_on == Clock.started_on,
        Reminder.due_on == Clock.due_on,
        Reminder.level == newest,
    )
    return Clock.select().where(
        Clock.state == "running",
        Clock.amber_on <= today,
        Clock.name.not_in(list(NOT_TOLD)),
        ~fn.EXISTS(told),
    )


@use_case
def _tell(by: AsSystem, case_ids: Sequence[str]) -> int:
    """Tell of what turned in some cases; returns how many clocks that were.

    The cases are locked before it is looked what is left to tell: of two who run at once the second finds nothing.
    """
    require(by, "reminders.run")
    locked = lock_row(Case.select().where(Case.id.in_(list(case_ids))).order_by(Case.id))
    cases = {case.id: case for case in locked}
    due = list(_due(list(cases)))
    around = Escalation(list(cases.values()))
    whom = [around.whom(cases[reminder.case_id], level, reminder.clock) for reminder, level in due]
    open_notices = notices.open_for(person.id for people in whom for person in people)
    Reminder.bulk_create([reminder for reminder, _level in due])
    Told.bulk_create(
        Told(reminder=reminder, notice=open_notices[person.id])
        for (reminder, _level), people in zip(due, whom, strict=True)
        for person in people
    )
    for (reminder, level), people in zip(due, whom, strict=True):
        to = [person.id for person in people]
        if level == LEVELS[-1]:
            ledger.append("overdue", "reminded", reminder, to=to)
        else:
            ledger.append("other", "reminded", reminder, to=to)
    return len({_key(reminder)[:-1] for reminder, _level in due})


def _due(case_ids: list[str]) -> Iterator[tuple[Reminder, Level]]:
    """What is left to tell of some cases, as rows that are not written yet."""
    known = {_key(row) for row in Reminder.select().where(Reminder.case.in_(case_ids))}
    # The state is looked at here: asked for it, SQLite reads every running clock of the office.
    for row in Clock.select().where(Clock.case.in_(case_ids)).order_by(Clock.due_on, Clock.id):
        if row.state != "running" or row.name in NOT_TOLD:
            continue
        for level in levels_due(row.amber_on, row.due_on, clock.today()):
            reminder = _reminder(row, level)
            if _key(reminder) not in known:
                known.add(_key(reminder))
                yield reminder, level


def _reminder(row: Clock, level: Level) -> Reminder:
    return Reminder(
        case=row.case_id,
        report=row.report or "",
        clock=row.name,
        started_on=row.started_on,
        due_on=row.due_on,
        level=level.name,
        made_on=clock.today(),
    )


def _key(row: Reminder) -> tuple[object, ...]:
    """What a reminder is known by; without its last part, its clock."""
    return (row.case_id, row.clock, row.report, row.started_on, row.due_on, row.level)


# --- who took over ---------------------------------------------------------------------------------------------


@reading
def _has_unheard(by: AsSystem) -> bool:
    require(by, "reminders.run")
    return bool(_unheard().exists())


@use_case
def _tell_successors(by: AsSystem) -> None:
    """Tell an officer who was given a case since of the days ahead that an earlier one was told of."""
    require(by, "reminders.run")
    unheard = {row.case_id for row in _unheard().limit(SUCCESSIONS)}
    cases = {case.id: case for case in lock_row(Case.select().where(Case.id.in_(unheard)).order_by(Case.id))}
    around, level = Escalation(list(cases.values())), LEVELS[0]
    found = [
        (row, person)
        for row in _unheard().where(Reminder.case.in_(list(cases)))
        for person in around.whom(cases[row.case_id], level)
        if person.id == cases[row.case_id].officer_id
    ]
    open_notices = notices.open_for(person.id for _reminder, person in found)
    for reminder, person in found:
        Told.create(reminder=reminder, notice=open_notices[person.id])
        ledger.append("other", "reminded", reminder, to=[person.id])


def _unheard() -> Any:
    """The reminders of days still ahead that nobody told the officer whose case it is now, the first due first."""
    heard = Told.select().join(Notice).where(Told.reminder == Reminder.id, Notice.person == Case.officer)
    return (
        Reminder.select(Reminder)
        .join(Case)
        .join(Person, on=(Person.id == Case.officer) & (Person.state == "active"))
        .switch(Reminder)
        .join(Clock, on=notices.is_of_clock())
        .where(
            Reminder.level == LEVELS[0].name,
            Reminder.due_on > clock.today(),
            Clock.state == "running",
            Case.state.not_in(list(DESK_STATES)),
            ~fn.EXISTS(heard),
        )
        .order_by(Reminder.due_on, Reminder.id)
    )


# --- look ----------------------------------------------------------------------------------------------------


@reading
def of_case(by: Acting, case_ref: str) -> list[ToldDueDay]:
    """What was told of a case's due days, the latest told first, for who can open the case."""
    case = find_case(case_ref)
    require(by, "case.read", case)
    names: dict[str, list[str]] = {}
    rows: Any = Told.select(Told.reminder, Person.name).join(Reminder).switch(Told).join(Notice).join(Person)
    for reminder_id, name in rows.where(Reminder.case == case).order_by(Person.id).tuples():
        names.setdefault(reminder_id, []).append(name)
    found: dict[tuple[object, ...], ToldDueDay] = {}
    latest_first = (Reminder.made_on.desc(), Reminder.due_on, Reminder.clock, Reminder.id)
    for row in Reminder.select().where(Reminder.case == case).order_by(*latest_first):
        of_clock = clocks.clock_row(row.clock, row.started_on)
        due_day = found.setdefault(_key(row)[:-1], ToldDueDay(of_clock, row.due_on, {}))
        due_day.levels[row.level] = ToldLevel(row.made_on, tuple(names.get(row.id, ())))
    return list(found.values())
