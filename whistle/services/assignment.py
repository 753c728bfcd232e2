"""Handing cases over: one act for all or some of an officer's cases, keys included."""

import dataclasses
from typing import Any

from whistle.rules.workflow import ACTIONS, STATES, State
from whistle.services.access import Acting, not_shut_out, require
from whistle.services.casework.act import act, reference
from whistle.services.casework.desk import held_cases
from whistle.services.errors import Invalid
from whistle.services.use_case import reading, use_case
from whistle.store.cases import Case
from whistle.store.database import lock_row
from whistle.store.desks import Desk
from whistle.store.people import Person


@dataclasses.dataclass(frozen=True, slots=True)
class Load:
    """How many cases an officer has that can be handed over now.

    `cases` by the person who asks; `left` by somebody of role `left_to` alone, who may read them.
    """

    person_id: int
    name: str
    role: str
    cases: int
    left: int
    left_to: str


@dataclasses.dataclass(frozen=True, slots=True)
class Movable:
    """A case of an officer that the person who asks can hand over now."""

    ref: str
    number: str | None
    state: State


@reading
def loads(by: Acting) -> list[Load]:
    """The officers of this person's line with the number of cases each has, whoever is deactivated included."""
    require(by, "assignment.hand_over")
    people = Person.select().where(Person.role.in_(("officer", "reviewer"))).order_by(Person.name, Person.id)
    return [_load(by, person) for person in people]


def _load(by: Acting, person: Person) -> Load:
    cases = _movable(by, person.id).count()
    listed = _of_officer(not_shut_out(by.person_id), by, person.id).count()
    left_to = "deputy" if by.role == "head" else "head"
    return Load(person.id, person.name, person.role, cases, listed - cases, left_to)


@reading
def cases_of(by: Acting, person_id: int) -> list[Movable]:
    """The cases of an officer that this person can hand over, oldest first."""
    require(by, "assignment.hand_over")
    rows = _movable(by, person_id).order_by(Case.received_on, Case.id)
    return [Movable(reference(case), case.number, STATES[case.state]) for case in rows]


@use_case
def hand_over(
    by: Acting, from_person: int, person: int, reason: str, case_refs: list[str] | None = None
) -> int:
    """Move all, or the listed, cases of one officer in this person's line to another; returns how many moved.

    All are those that can be handed over now, by this person: cases that ended and cases this person must not read
    stay where they are. The same person twice re-seals the cases after a lost password. All or none: one that cannot
    move undoes all.
    """
    require(by, "assignment.hand_over")
    rows = list(lock_row(_movable(by, from_person).order_by(Case.id)))
    if case_refs is not None:
        rows = [case for case in rows if reference(case) in set(case_refs)]
    if not rows:
        raise Invalid("from_person", "no_cases")
    for case in rows:
        act(case.id, "hand_over", by, from_person=from_person, person=person, reason=reason)
    return len(rows)


def _movable(by: Acting, person_id: int) -> Any:
    """An officer's cases that may be handed over by this person, who has to hold them."""
    return _of_officer(held_cases(by), by, person_id)


def _of_officer(cases: Any, by: Acting, person_id: int) -> Any:
    """Which of some cases an officer has in this person's line, in a state to be handed over."""
    lines = Desk.select(Desk.id).where(Desk.kind != "oversight")
    if by.role != "head":
        lines = lines.where(Desk.deputy == by.person_id)
    return (
        cases.where((Case.officer == person_id) | (Case.reviewer == person_id))
        .where(Case.desk.in_(lines))
        .where(Case.state.in_(ACTIONS["hand_over"].frm))
    )
