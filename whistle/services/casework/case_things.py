"""A case's things as its pages show them: what each is about, where it stands, and what may be done to it next."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Collection
from typing import Any

from whistle.rules import workflow
from whistle.rules.permits import permission_of
from whistle.rules.terms import Term
from whistle.rules.workflow import Action
from whistle.services import grants, units
from whistle.services.access import Acting, permitted, roles_of
from whistle.services.casework import things
from whistle.services.casework.act import blocked_by_proposal
from whistle.services.casework.guards import obstacle
from whistle.services.casework.work import Work
from whistle.store.cases import Case
from whistle.store.things import THING_TABLES, CaseThing, Item, Measure, Promise, Talk
from whistle.store.units import Unit

KeyOf = Callable[[int], bytes]


@dataclasses.dataclass(frozen=True, slots=True)
class ThingView:
    """A person concerned, measure, talk, promise or item. `name`: of the person a measure is on, or the thing's own.

    `held_up`: what would be possible but for the thing itself, each with why it is not.
    """

    kind: str
    id: str
    state: str
    state_term: Term
    made_on: dt.date
    code: str | None
    name: str
    unit: Unit | None
    unit_zh: str | None
    unit_en: str | None
    decided_on: dt.date | None
    delivered_on: dt.date | None
    due_on: dt.date | None
    words: dict[str, Any]
    actions: list[Action]
    held_up: list[tuple[Action, str]]


def of_case(
    by: Acting,
    case: Case,
    key: bytes,
    related: Collection[str],
    proposed: Action | None,
    kinds: Collection[str] = tuple(THING_TABLES),
) -> list[ThingView]:
    """Every thing of a case, oldest first within each kind; `kinds`: those it may have."""

    def key_of(generation: int) -> bytes:
        return grants.key_of_generation(case, key, generation)

    found = [(kind, row) for kind in THING_TABLES if kind in kinds for row in things.of_kind(case, kind)]
    words = {row.id: things.words_of(case, key_of, row, kind) for kind, row in found}
    return [_view(by, case, kind, row, words, related, proposed) for kind, row in found]


def makers(
    by: Acting, case: Case, related: Collection[str], proposed: Action | None, kinds: Collection[str]
) -> list[Action]:
    """The acts that make a thing here; none that wants a thing of a kind that is not among `kinds`, which there are."""
    return [
        row
        for kind in workflow.THINGS
        for row in workflow.possible_on(kind, None, case.state, _roles(by, related))
        if _is_free(by, row, related, proposed) and _wanted(row) <= set(kinds)
    ]


def _wanted(row: Action) -> set[str]:
    return {need.table for need in row.needs if need.kind == "thing" and need.required}


def _view(
    by: Acting,
    case: Case,
    kind: str,
    row: CaseThing,
    words: dict[str, dict[str, Any]],
    related: Collection[str],
    proposed: Action | None,
) -> ThingView:
    steps = [
        (action, obstacle(Work(case=case, row=action, by=by, thing=row)))
        for action in workflow.possible_on(kind, row.state, case.state, _roles(by, related))
        if _is_free(by, action, related, proposed)
    ]
    unit = row.unit if isinstance(row, Measure | Item) else None
    names = (None, None) if unit is None else units.name_of(unit)
    return ThingView(
        kind=kind,
        id=row.id,
        state=row.state,
        state_term=workflow.THING_STATES[kind][row.state],
        made_on=row.made_on,
        code=row.code if isinstance(row, Measure) else None,
        name=_name(row, words),
        unit=unit,
        unit_zh=names[0],
        unit_en=names[1],
        decided_on=row.decided_on if isinstance(row, Measure) else None,
        delivered_on=row.delivered_on if isinstance(row, Measure) else None,
        due_on=_due_on(row),
        words=words[row.id],
        actions=[action for action, why in steps if why is None],
        held_up=[(action, why) for action, why in steps if why is not None],
    )


def _name(row: CaseThing, words: dict[str, dict[str, Any]]) -> str:
    if isinstance(row, Measure):
        return "" if row.subject_id is None else str(words[row.subject_id].get("name", ""))
    said = words[row.id]
    return str(
        said.get("name")
        or said.get("to_whom")
        or said.get("who")
        or said.get("what")
        or said.get("problem")
        or ""
    )


def _due_on(row: CaseThing) -> dt.date | None:
    due: dt.date | None = None
    if isinstance(row, Talk):
        due = row.planned_on
    elif isinstance(row, Item | Promise):
        due = row.due_on
    return due


def _roles(by: Acting, related: Collection[str]) -> set[str]:
    return roles_of(by.role, related) | ({"reviewer"} if "reviews" in related else set())


def _is_free(by: Acting, row: Action, related: Collection[str], proposed: Action | None) -> bool:
    is_blocked = proposed is not None and blocked_by_proposal(row, proposed)
    return not is_blocked and permitted(permission_of(row), by.role, related)
