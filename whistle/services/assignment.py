"""Handing cases over: one act for all or some of the cases that somebody is in charge of, reviews, or works on in a
group; keys included.
"""

import dataclasses
from collections import Counter
from typing import Any

from peewee import fn

from whistle.rules.workflow import ACTIONS, OPEN_STATES, STATES, State
from whistle.services import grants
from whistle.services.access import Acting, not_shut_out, require
from whistle.services.casework import seats
from whistle.services.casework.act import act, reference
from whistle.services.casework.desk import tuples
from whistle.services.casework.scope import held_cases
from whistle.services.errors import Invalid
from whistle.services.use_case import reading, use_case
from whistle.store.cases import Case, CaseSeal, seals_open_to
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
    #: As what the officer has it: see `seats`.
    seat: str


#: Why somebody cannot be given one case, and perhaps another.
OF_THE_CASE = frozenset(
    {"shut_out", "other_line", "worked_on_it", "not_for_this_seat", "reviews_it", "works_on_it_already"}
)


@reading
def loads(by: Acting) -> list[Load]:
    """The officers of this person's line with the number of cases each has, whoever is deactivated included."""
    require(by, "assignment.hand_over")
    people = Person.select().where(Person.role.in_(("officer", "reviewer"))).order_by(Person.name, Person.id)
    groups = seats.groups(_in_line(not_shut_out(by.person_id), by).select(Case.id))
    return [_load(by, person, groups[person.id]) for person in people]


def _load(by: Acting, person: Person, of_group: set[str]) -> Load:
    cases = _with_seat(held_cases(by), by, person.id, of_group).count()
    listed = _with_seat(not_shut_out(by.person_id), by, person.id, of_group).count()
    left_to = "deputy" if by.role == "head" else "head"
    return Load(person.id, person.name, person.role, cases, listed - cases, left_to)


@reading
def in_charge(by: Acting) -> dict[int, int]:
    """How many open cases each person answers for, as officer or as reviewer, whatever the line: by the person's id.

    None in sealed handling is counted.
    """
    require(by, "case.list")
    going_on = Case.select().where(Case.state.in_(OPEN_STATES), ~Case.is_flagged)
    counts: Counter[int] = Counter()
    for who in (Case.officer, Case.reviewer):
        rows = going_on.select(who, fn.COUNT(Case.id)).where(who.is_null(False)).group_by(who)
        counts.update({person_id: int(number) for person_id, number in tuples(rows)})
    return dict(counts)


@reading
def cases_of(by: Acting, person_id: int) -> list[Movable]:
    """The cases of an officer that this person can hand over: real-name ones first, then the oldest."""
    require(by, "assignment.hand_over")
    rows = _movable(by, person_id).order_by(Case.is_named.desc(), Case.received_on, Case.id)
    return [
        Movable(reference(case), case.number, STATES[case.state], seats.seat_of(case, person_id))
        for case in rows
    ]


@use_case
def hand_over(
    by: Acting, from_person: int, person: int, reason: str, case_refs: list[str] | None = None
) -> int:
    """Move all, or the listed, cases of one officer in this person's line to another; returns how many moved.

    All are those that can be handed over now, by this person: cases that ended and cases this person must not read
    stay where they are. The same person twice re-seals the cases after a lost password. All or none: one that cannot
    move undoes all, and Invalid('cases', …) names those that cannot move for the first reason found, by number
    and by reference.
    """
    require(by, "assignment.hand_over")
    rows = list(lock_row(_movable(by, from_person).order_by(Case.id)))
    if case_refs is not None:
        rows = [case for case in rows if reference(case) in set(case_refs)]
    if not rows:
        raise Invalid("from_person", "no_cases")
    if from_person == person and not _has_lost(person, rows):
        raise Invalid("person", "holds_them_already")
    stay: dict[str, list[Case]] = {}
    for case in rows:
        try:
            act(case.id, "hand_over", by, from_person=from_person, person=person, reason=reason)
        except Invalid as fault:
            if fault.reason not in OF_THE_CASE:
                raise
            stay.setdefault(fault.reason, []).append(case)
    for why, staying in stay.items():
        numbers = tuple(sorted(case.number or "" for case in staying))
        refs = frozenset(map(reference, staying))
        raise Invalid("cases", why, cases=numbers, refs=refs, name=Person.get_by_id(person).name)
    return len(rows)


def _has_lost(person_id: int, cases: list[Case]) -> bool:
    """Whether somebody cannot open one of these cases with the key the person has now, as after a lost password."""
    key = grants.admitted_key(Person.get_by_id(person_id))
    now = (None,) if key is None else (None, key.id)
    seals = seals_open_to(person_id).where(CaseSeal.case.in_(cases))
    held = {seal.case_id for seal in seals if seal.person_key_id in now}
    return any(case.id not in held for case in cases)


def _movable(by: Acting, person_id: int) -> Any:
    """Somebody's cases that may be handed over by this person, who has to hold them."""
    cases = held_cases(by)
    return _with_seat(cases, by, person_id, seats.groups(_in_line(cases, by).select(Case.id))[person_id])


def _with_seat(cases: Any, by: Acting, person_id: int, of_group: set[str]) -> Any:
    """Which of some cases somebody is in charge of, reviews or works on in a group, in a state to be handed over."""
    is_seated = (Case.officer == person_id) | (Case.reviewer == person_id) | Case.id.in_(sorted(of_group))
    return _in_line(cases, by).where(is_seated)


def _in_line(cases: Any, by: Acting) -> Any:
    lines = Desk.select(Desk.id).where(Desk.kind != "oversight")
    if by.role != "head":
        lines = lines.where(Desk.deputy == by.person_id)
    return cases.where(Case.desk.in_(lines)).where(Case.state.in_(ACTIONS["hand_over"].frm))
