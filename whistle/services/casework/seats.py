"""Who works on a case as what: in charge, reviewing, or of the group that verifies or investigates.

The officer in charge and the reviewer are columns of the case. Who is of the group follows from its events, so that a
seat outlasts the key of somebody who left and can be handed over with it.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from whistle.services.errors import Conflict
from whistle.store.cases import Case, CaseEvent
from whistle.store.desks import Desk, DeskMember, is_seated

IN_CHARGE, REVIEWING, OF_GROUP = "officer", "reviewer", "group"

#: Acts that say who is of the group, take somebody out of it, or pass a seat in it on.
_OF_GROUP_ACTS = ("start_verification", "file_case", "assign", "hand_over", "reopen", "release_oversight")


def seat_of(case: Case, person_id: int) -> str:
    """A person's seat; raises Conflict 'not_with_this_officer' for who has none."""
    if case.officer_id == person_id:
        return IN_CHARGE
    if case.reviewer_id == person_id:
        return REVIEWING
    if person_id in group_of(case):
        return OF_GROUP
    raise Conflict("not_with_this_officer")


def of_other_lines(case: Case) -> set[int]:
    """Who sits at intake desks, and at none of this case's line: its deputy does not answer for what they do."""
    rows: Any = (
        DeskMember.select(DeskMember.person, Desk.deputy)
        .join(Desk, on=(DeskMember.desk == Desk.id))
        .where(Desk.kind == "intake")
        .where(is_seated())
    )
    here: set[int] = set()
    elsewhere: set[int] = set()
    for person, deputy in rows.tuples():
        (here if deputy == case.desk.deputy_id else elsewhere).add(person)
    return elsewhere - here


def group_of(case: Case) -> set[int]:
    """The people who verify or investigate a case together."""
    return _fold(_acts(CaseEvent.case == case))[case.id]


def groups(cases: Any) -> dict[int, set[str]]:
    """The ids of those of some cases, given as a query of ids, in whose group somebody is; by person."""
    found: dict[int, set[str]] = defaultdict(set)
    for case_id, people in _fold(_acts(CaseEvent.case.in_(cases))).items():
        for person in people:
            found[person].add(case_id)
    return found


def _acts(condition: Any) -> Iterable[CaseEvent]:
    query = CaseEvent.select(CaseEvent.case, CaseEvent.action, CaseEvent.facts, CaseEvent.seq)
    acts: Any = query.where(condition, CaseEvent.action.in_(_OF_GROUP_ACTS))
    return list(acts.order_by(CaseEvent.case, CaseEvent.seq))


def _fold(acts: Iterable[CaseEvent]) -> dict[str, set[int]]:
    members: dict[str, set[int]] = defaultdict(set)
    for act in acts:
        group = members[act.case_id]
        leaves, comes = act.facts.get("from_person"), act.facts.get("person")
        if "group" in act.facts:
            members[act.case_id] = set(act.facts["group"])
        elif act.action in ("reopen", "release_oversight"):
            group.clear()  # it began anew
        elif leaves in group:
            group.discard(leaves)
            group |= {comes} if act.action == "hand_over" else set()
    return members
