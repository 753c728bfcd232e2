"""The sheet of the weekly meeting 周例会: what is new, moved, due, overdue and closed, and who must do what.

Rulebook §16. What happened since the last meeting goes by the day it was recorded: what was entered late stood on no
sheet before.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from peewee import fn

from whistle import clock
from whistle.rules import turns, workflow
from whistle.services import units
from whistle.services.access import Acting, require
from whistle.services.casework import clockwork, scope, stranded
from whistle.services.casework.clockwork import ClockView
from whistle.services.casework.desk import can_open, names_of_people
from whistle.services.casework.desk_filters import due_between, overdue
from whistle.services.casework.desk_pages import next_due
from whistle.services.errors import Invalid
from whistle.services.use_case import reading
from whistle.store.cases import Case, CaseEvent, Proposal
from whistle.store.people import Person

#: Days between two meetings, and how far ahead the sheet looks.
WEEK = dt.timedelta(days=7)
#: The parts of the sheet, in this order.
PARTS = ("new", "moved", "due", "overdue", "closed")
#: Cases that a part names; the rest are a number.
LINES = 100

#: A case that comes back from sealed handling is new to all others.
_ARRIVALS = ("receive", "receive_flagged", "release_oversight")


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A case on the sheet. `came_from`: where it stood at the last meeting; of what has not moved, None.

    Who must act: one of the roles `leave_of`, or "archive", decides `proposed`; else `turn`, a code of `State.turn`,
    'assignment' or 'another', and of an officer's or a reviewer's turn that person.
    """

    ref: str
    number: str | None
    can_open: bool
    received_on: dt.date
    unit_zh: str | None
    unit_en: str | None
    state: workflow.State
    came_from: workflow.State | None
    officer: str | None
    reviewer: str | None
    turn: str
    proposed: workflow.Action | None
    leave_of: tuple[str, ...]
    clock: ClockView | None


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """One of PARTS: how many cases, and the most urgent of them, officer by officer."""

    name: str
    total: int
    lines: tuple[Line, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Tally:
    """How many cases of each part a unit or an officer has; no name for those without one."""

    name_zh: str | None
    name_en: str | None
    counts: Mapping[str, int]


@dataclasses.dataclass(frozen=True, slots=True)
class Week:
    """The sheet: what happened from `since` to today, and what is due until `ahead`."""

    since: dt.date
    today: dt.date
    ahead: dt.date
    parts: tuple[Part, ...]
    by_unit: tuple[Tally, ...]
    by_officer: tuple[Tally, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class _Count:
    part: str
    unit: int | None
    officer: int | None
    total: int


@reading
def sheet(by: Acting, since: dt.date | None = None) -> Week:
    """The sheet of whatever cases this person may know of, since the day of the last meeting, a week ago by default.

    Raises Invalid for a day to come.
    """
    require(by, "papers.week")
    today = clock.today()
    since = today - WEEK if since is None else since
    if since > today:
        raise Invalid("since", "future")
    parts = _parts(by, since, today)
    counts = [_Count(name, *row) for name, cases in parts.items() for row in _counts(cases)]
    named = {name: _most_urgent(cases) for name, cases in parts.items()}
    lines = _lines(by, {case.id: case for some in named.values() for case in some}, since)
    ahead = clockwork.next_due([case.id for case in named["due"]], today)
    return Week(
        since=since,
        today=today,
        ahead=today + WEEK,
        parts=tuple(
            _part(
                name, counts, [_with(lines[case.id], ahead if name == "due" else {}, case) for case in some]
            )
            for name, some in named.items()
        ),
        by_unit=_by_unit(counts),
        by_officer=_by_officer(counts),
    )


def _parts(by: Acting, since: dt.date, today: dt.date) -> dict[str, Any]:
    cases = scope.visible(by).where(Case.state != "merged")
    is_open = Case.state.in_(workflow.OPEN_STATES)
    arrived = CaseEvent.action.in_(_ARRIVALS)
    found = {
        "new": cases.where(Case.id.in_(_events(since).where(arrived))),
        "moved": cases.where(is_open, Case.id.in_(_moves(since))),
        "due": cases.where(Case.id.in_(due_between(today, today + WEEK))),
        "overdue": cases.where(Case.id.in_(overdue())),
        "closed": cases.where(~is_open, Case.id.in_(_moves(since))),
    }
    return {name: found[name] for name in PARTS}


def _events(since: dt.date) -> Any:
    return CaseEvent.select(CaseEvent.case).where(CaseEvent.recorded_on >= since)


def _moves(since: dt.date) -> Any:
    is_move = (CaseEvent.from_state != CaseEvent.to_state) & CaseEvent.action.not_in(_ARRIVALS)
    return _events(since).where(is_move)


def _counts(cases: Any) -> Iterable[tuple[int | None, int | None, int]]:
    grouped = cases.select(Case.unit, Case.officer, fn.COUNT(Case.id)).group_by(Case.unit, Case.officer)
    found: Iterable[tuple[int | None, int | None, int]] = grouped.tuples()
    return found


# --- tallies ---------------------------------------------------------------------------------------------------


def _by_unit(counts: list[_Count]) -> tuple[Tally, ...]:
    tallied = _tallied(counts, "unit")
    names = units.names_of({unit for unit in tallied if unit is not None})
    found = []
    for unit, numbers in tallied.items():
        name_zh, name_en = names.get(unit or 0, (None, None))
        found.append((unit, Tally(name_zh, name_en, numbers)))
    return _in_order(found)


def _by_officer(counts: list[_Count]) -> tuple[Tally, ...]:
    tallied = _tallied(counts, "officer")
    names = names_of_people(set(tallied))
    return _in_order([(who, Tally(names.get(who), names.get(who), n)) for who, n in tallied.items()])


def _tallied(counts: list[_Count], name: str) -> dict[int | None, dict[str, int]]:
    """The numbers of each part, by unit or by officer."""
    found: dict[int | None, dict[str, int]] = {}
    for count in counts:
        numbers = found.setdefault(getattr(count, name), dict.fromkeys(PARTS, 0))
        numbers[count.part] += count.total
    return found


def _in_order(found: list[tuple[int | None, Tally]]) -> tuple[Tally, ...]:
    """Who has the most overdue first; what has no name last."""
    found.sort(
        key=lambda row: (row[0] is None, -row[1].counts["overdue"], -sum(row[1].counts.values()), row[0])
    )
    return tuple(tally for _id, tally in found)


# --- lines -----------------------------------------------------------------------------------------------------


def _part(name: str, counts: list[_Count], lines: list[Line]) -> Part:
    total = sum(count.total for count in counts if count.part == name)
    return Part(
        name, total, tuple(sorted(lines, key=lambda line: (line.officer is None, line.officer or "")))
    )


def _with(line: Line, clocks: Mapping[str, ClockView], case: Case) -> Line:
    """What is due in the days ahead is named by that clock, whatever else of the case is overdue."""
    if case.id not in clocks:
        return line
    named = clocks[case.id]
    return dataclasses.replace(line, clock=named, turn=_turn(case, named))


def _most_urgent(cases: Any) -> list[Case]:
    return list(cases.order_by(next_due(), Case.received_on, Case.id).limit(LINES))


def _lines(by: Acting, cases: Mapping[str, Case], since: dt.date) -> dict[str, Line]:
    ids = list(cases)
    openable, due, left, asked = can_open(by, ids), clockwork.next_due(ids), _left(ids, since), _asked(ids)
    names = units.names_of({case.unit_id for case in cases.values() if case.unit_id is not None})
    people = names_of_people({who for case in cases.values() for who in (case.officer_id, case.reviewer_id)})
    lines = {}
    for case in cases.values():
        unit_zh, unit_en = names.get(case.unit_id or 0, (None, None))
        proposed, leave_of = asked.get(case.id, (None, ()))
        lines[case.id] = Line(
            ref=case.number or case.id,
            number=case.number,
            can_open=case.id in openable,
            received_on=case.received_on,
            unit_zh=unit_zh,
            unit_en=unit_en,
            state=workflow.STATES[case.state],
            came_from=left.get(case.id),
            officer=people.get(case.officer_id),
            reviewer=people.get(case.reviewer_id),
            turn=_turn(case, due.get(case.id)),
            proposed=proposed,
            leave_of=leave_of,
            clock=due.get(case.id),
        )
    return lines


def _left(ids: list[str], since: dt.date) -> dict[str, workflow.State]:
    """The state that each of these cases left first since a day."""
    moves = _moves(since).where(CaseEvent.case.in_(ids)).order_by(CaseEvent.seq)
    found: dict[str, workflow.State] = {}
    for case_id, state in moves.select(CaseEvent.case, CaseEvent.from_state).tuples():
        found.setdefault(case_id, workflow.STATES[state])
    return found


def _asked(ids: list[str]) -> dict[str, tuple[workflow.Action, tuple[str, ...]]]:
    """What is proposed in each of these cases, and the roles that may give leave for it."""
    waiting: Any = (
        Proposal.select(Proposal.case, Proposal.action, Proposal.approval, Person.role)
        .join(Person, on=(Proposal.by == Person.id))
        .where(Proposal.case.in_(ids), Proposal.state == "waiting")
    )
    found = {}
    for case_id, name, approval, role in waiting.tuples():
        action = workflow.ACTIONS[name]
        found[case_id] = action, workflow.approvers(approval or action.approval, role)
    return found


def _turn(case: Case, named: ClockView | None) -> str:
    """Whose turn it is to meet the clock that is named; what is owed in a case that has ended is its officer's.

    A second look and a look-back are another's, where the officer did what is looked at.
    """
    if named is not None and stranded.waits_for_another(case, named.row.name):
        return "another"
    usual = turns.turn_of(workflow.STATES[case.state].turn, None if named is None else named.row)
    whose = {"officer": case.officer_id, "reviewer": case.reviewer_id}
    if not usual:
        return "officer" if case.officer_id is not None else ""
    return "assignment" if usual in whose and whose[usual] is None else usual
