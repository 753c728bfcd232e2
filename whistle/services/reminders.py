"""Reminders and escalation: finds the clocks that turned since they were last told of, and puts them into notices.

Each level of each due day is told once, and that it was leaves a row and a leaf, so that an auditor sees that it went
up; a clock that is past its day leaves a public `overdue` leaf. Safe to run as often as one likes, by several at once.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import Case as When
from peewee import fn

from whistle import clock
from whistle.rules import clocks
from whistle.rules.escalation import LEVELS, NOT_TOLD, Level, levels_due
from whistle.services import ledger, notices, outbox
from whistle.services.access import Acting, AsSystem, require
from whistle.services.casework.act import find_case
from whistle.services.escalation import Escalation
from whistle.services.use_case import reading, use_case
from whistle.store.cases import Case, Clock
from whistle.store.database import lock_row
from whistle.store.outbox import Notice, Reminder, Told
from whistle.store.people import Person

#: Cases of one transaction: nobody else writes meanwhile, and a reporter waits five seconds at most.
PAGE = 50


@dataclass(frozen=True, slots=True)
class Done:
    """What a run came to: due days told of, and people who have a notice of it."""

    due_days: int
    people: int


@dataclass(frozen=True, slots=True)
class ToldRow:
    """One level of one clock of a case: when it was told, and to whom by name."""

    clock: clocks.Clock
    due_on: dt.date
    level: Level
    made_on: dt.date
    names: tuple[str, ...]


def run(by: AsSystem) -> Done:
    """Tell of every due day that turned, then close the day's notices.

    A page of cases that fails stops no other; the first fault is raised at the end.
    """
    told, faults = 0, []
    for case_ids in _pages(by):
        try:
            told += _tell(by, case_ids)
        except Exception as fault:
            faults.append(fault)
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
    turned = list(_turned().where(Clock.case.in_(list(cases))))
    known = _known(list(cases))
    around = Escalation(list(cases.values()))
    due = [
        (row, level, around.whom(cases[row.case_id], level))
        for row in turned
        for level in levels_due(row.amber_on, row.due_on, clock.today())
        if (*_key(row), level.name) not in known
    ]
    open_notices = notices.open_for(person.id for _row, _level, people in due for person in people)
    for row, level, people in due:
        _note(row, level, [open_notices[person.id] for person in people])
    return len(turned)


def _key(row: Clock) -> tuple[str, str, str, dt.date, dt.date]:
    return (row.case_id, row.name, row.report or "", row.started_on, row.due_on)


def _known(case_ids: list[str]) -> set[tuple[object, ...]]:
    rows = Reminder.select().where(Reminder.case.in_(case_ids))
    return {(r.case_id, r.clock, r.report, r.started_on, r.due_on, r.level) for r in rows}


def _note(row: Clock, level: Level, told: list[Notice]) -> None:
    case_id, name, report, started_on, due_on = _key(row)
    reminder = Reminder.create(
        case=case_id,
        clock=name,
        report=report,
        started_on=started_on,
        due_on=due_on,
        level=level.name,
        made_on=clock.today(),
    )
    for notice in told:
        Told.create(reminder=reminder, notice=notice)
    to = [notice.person_id for notice in told]
    if level == LEVELS[-1]:
        ledger.append("overdue", "reminded", reminder, to=to)
    else:
        ledger.append("other", "reminded", reminder, to=to)


# --- look ----------------------------------------------------------------------------------------------------


@reading
def of_case(by: Acting, case_ref: str) -> list[ToldRow]:
    """What was told of a case's due days, the newest first, for who can open the case."""
    case = find_case(case_ref)
    require(by, "case.read", case)
    levels = {level.name: level for level in LEVELS}
    names: dict[str, list[str]] = {}
    rows: Any = Told.select(Told.reminder, Person.name).join(Reminder).switch(Told).join(Notice).join(Person)
    for reminder_id, name in rows.where(Reminder.case == case).order_by(Person.id).tuples():
        names.setdefault(reminder_id, []).append(name)
    reminders = Reminder.select().where(Reminder.case == case)
    return [
        ToldRow(
            clocks.clock_row(row.clock, row.started_on),
            row.due_on,
            levels[row.level],
            row.made_on,
            tuple(names.get(row.id, ())),
        )
        for row in reminders.order_by(Reminder.made_on.desc(), Reminder.clock, Reminder.level, Reminder.id)
    ]
