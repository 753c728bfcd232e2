"""Handing cases over: one act for all or some of an officer's cases, keys included."""

import dataclasses

from whistle.services.access import Acting, require
from whistle.services.casework.act import act
from whistle.services.errors import Invalid
from whistle.services.use_case import reading, use_case
from whistle.store.cases import Case
from whistle.store.database import lock_row
from whistle.store.desks import Desk
from whistle.store.people import Person


@dataclasses.dataclass(frozen=True, slots=True)
class Load:
    """How many cases an officer has in charge."""

    person_id: int
    name: str
    role: str
    cases: int


@reading
def loads(by: Acting) -> list[Load]:
    """The officers of this person's line with the number of cases each has, whoever is deactivated included."""
    require(by, "assignment.hand_over")
    people = Person.select().where(Person.role.in_(("officer", "reviewer"))).order_by(Person.name)
    return [Load(p.id, p.name, p.role, _cases(by, p.id).count()) for p in people]


@use_case
def hand_over(
    by: Acting, from_person: int, person: int, reason: str, case_refs: list[str] | None = None
) -> int:
    """Move all, or the listed, cases of one officer in this person's line to another; returns how many moved.

    The same person twice re-seals the cases after a lost password. All or none: one that cannot move undoes all.
    """
    require(by, "assignment.hand_over")
    rows = list(lock_row(_cases(by, from_person).order_by(Case.id)))
    if case_refs is not None:
        rows = [case for case in rows if (case.number or case.id) in set(case_refs)]
    if not rows:
        raise Invalid("from_person", "no_cases")
    for case in rows:
        act(case.id, "hand_over", by, from_person=from_person, person=person, reason=reason)
    return len(rows)


def _cases(by: Acting, person_id: int):  # type: ignore[no-untyped-def]
    lines = Desk.select(Desk.id).where(Desk.kind != "oversight")
    if by.role != "head":
        lines = lines.where(Desk.deputy == by.person_id)
    return Case.select().where(Case.officer == person_id, Case.desk.in_(lines)).order_by(Case.received_on)
