"""Units as administrators look after them: the tree of now, the history of each, and taking back what is only planned.

Nothing here is deleted: what is taken back gets a newer fact of the same day that says again what was true before.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, replace

from whistle import clock
from whistle.services import access, units
from whistle.services.access import Acting
from whistle.services.errors import Conflict, NotFound
from whistle.services.use_case import reading, use_case
from whistle.store.channels import Channel
from whistle.store.people import Person
from whistle.store.units import Unit, UnitFact


@dataclass(frozen=True, slots=True)
class TreeRow:
    """A unit in the tree of now. `depth`: how many stand above it; `people` and `channels` are its own alone.

    `planned_on`: the first day to come from which something else holds.
    """

    code: str
    name_zh: str
    name_en: str
    kind: str
    depth: int
    people: int
    channels: int
    planned_on: dt.date | None


@dataclass(frozen=True, slots=True)
class FactRow:
    """What was, is or will be true of a unit from a day on. `state`: past, now, planned, replaced or withdrawn.

    `ended_at`: when a newer record of the same day replaced it or took it back. `parent_zh` is None for no parent.
    """

    id: int
    name_zh: str
    name_en: str
    kind: str
    parent_zh: str | None
    parent_en: str | None
    valid_on: dt.date
    recorded_at: dt.datetime
    state: str
    ended_at: dt.datetime | None
    may_take_back: bool


# --- the tree ------------------------------------------------------------------------------------------------


@reading
def tree(by: Acting) -> list[TreeRow]:
    """Every unit once, each below the one it stands under today, by code; with a unit that is only planned, too."""
    access.require(by, "units.list_units")
    facts: dict[int, list[UnitFact]] = {}
    for fact in UnitFact.select().order_by(UnitFact.valid_on, UnitFact.id):
        facts.setdefault(fact.unit_id, []).append(fact)
    codes = {unit.id: unit.code for unit in Unit.select().order_by(Unit.code)}
    people = Counter(row.unit_id for row in Person.select(Person.unit).where(Person.state != "deactivated"))
    hung = Counter(row.unit_id for row in Channel.select(Channel.unit))
    held = {unit_id: _now(of_unit) for unit_id, of_unit in facts.items()}
    return [
        TreeRow(
            code=codes[unit_id],
            name_zh=held[unit_id].name_zh,
            name_en=held[unit_id].name_en,
            kind=held[unit_id].kind,
            depth=depth,
            people=people[unit_id],
            channels=hung[unit_id],
            planned_on=_planned_on(facts[unit_id]),
        )
        for unit_id, depth in _in_order([unit_id for unit_id in codes if unit_id in facts], held)
    ]


def _now(facts: list[UnitFact]) -> UnitFact:
    """What is true today; of a unit that is only planned, what will be first."""
    return next((fact for fact in reversed(facts) if fact.valid_on <= clock.today()), facts[0])


def _planned_on(facts: list[UnitFact]) -> dt.date | None:
    rows = _history(facts, {})
    return min((row.valid_on for row in rows if row.state == "planned"), default=None)


def _in_order(unit_ids: list[int], held: dict[int, UnitFact]) -> list[tuple[int, int]]:
    """Each unit with its depth, parents before their children. Facts planned apart may come to form a circle: what
    cannot be reached from above is shown like a unit without a parent, so that it can be mended.
    """
    under: dict[int | None, list[int]] = {}
    for unit_id in unit_ids:
        under.setdefault(held[unit_id].parent_id, []).append(unit_id)
    found: dict[int, int] = {}

    def walk(unit_id: int, depth: int) -> None:
        if unit_id not in found:
            found[unit_id] = depth
            for child in under.get(unit_id, []):
                walk(child, depth + 1)

    for root in [*under.get(None, []), *unit_ids]:
        walk(root, 0)
    return list(found.items())


# --- the history of one ------------------------------------------------------------------------------------------


@reading
def history(by: Acting, code: str) -> list[FactRow]:
    """All that was recorded of a unit, the latest day first."""
    access.require(by, "units.list_units")
    facts = _facts(units.find(code))
    return _history(facts, units.names_of({fact.parent_id for fact in facts if fact.parent_id is not None}))


@use_case
def take_back(by: Acting, code: str, fact_id: int) -> int | None:
    """Take back what was planned for a day to come. Returns like `units.change` the id of a confirmation where the
    unit's place waits for the head; its names are as before at once.

    Raises Conflict for what is no longer planned, and where something is planned for a later day still.
    """
    access.require(by, "units.change")
    unit = units.find(code)
    facts = _facts(unit)
    row = next((row for row in _history(facts, {}) if row.id == fact_id), None)
    if row is None:
        raise NotFound("unit_fact")
    if row.state != "planned":
        raise Conflict("not_planned")
    if not row.may_take_back:
        raise Conflict("later_is_planned")
    before = _before(facts, row.valid_on)
    if before is None:
        raise Conflict("first_fact")
    return units.change(
        by,
        unit.code,
        before.name_zh,
        before.name_en,
        kind=before.kind,
        parent_code=None if before.parent is None else before.parent.code,
        valid_on=row.valid_on,
    )


def _facts(unit: Unit) -> list[UnitFact]:
    return list(UnitFact.select().where(UnitFact.unit == unit).order_by(UnitFact.valid_on, UnitFact.id))


def _history(facts: list[UnitFact], names: dict[int, tuple[str, str]]) -> list[FactRow]:
    """Facts of one unit, oldest day first, as rows, latest day first.

    The newest record of a day is the one that counts. Where it only says again what was true before, it is no row of
    its own: the older records of its day are shown as withdrawn.
    """
    rows: list[FactRow] = []
    last_day = facts[-1].valid_on
    for place, fact in enumerate(facts):
        newest = [other for other in facts if other.valid_on == fact.valid_on][-1]
        before = _before(facts, fact.valid_on)
        is_restored = before is not None and _says(newest) == _says(before)
        if fact is newest:
            if is_restored and place and facts[place - 1].valid_on == fact.valid_on:
                continue
            state = "planned" if fact.valid_on > clock.today() else "past"
        else:
            state = "withdrawn" if is_restored else "replaced"
        may = state == "planned" and fact.valid_on == last_day and before is not None
        zh, en = names.get(fact.parent_id or 0, (None, None))
        rows.append(
            FactRow(
                id=fact.id,
                name_zh=fact.name_zh,
                name_en=fact.name_en,
                kind=fact.kind,
                parent_zh=zh,
                parent_en=en,
                valid_on=fact.valid_on,
                recorded_at=fact.recorded_at,
                state=state,
                ended_at=None if fact is newest else newest.recorded_at,
                may_take_back=may,
            )
        )
    in_force = next((place for place in reversed(range(len(rows))) if rows[place].state == "past"), None)
    if in_force is not None:
        rows[in_force] = replace(rows[in_force], state="now")
    return rows[::-1]


def _before(facts: list[UnitFact], day: dt.date) -> UnitFact | None:
    """What is true until the evening before a day."""
    return next((fact for fact in reversed(facts) if fact.valid_on < day), None)


def _says(fact: UnitFact) -> tuple[str, str, str, int | None]:
    return fact.name_zh, fact.name_en, fact.kind, fact.parent_id
