"""Units that are reported on: a tree whose names and places are facts with a day, never updated in place.

Who is of a unit reported on, or of one beneath it, is shut out; so the place of the office's own people is no
administrator's to decide alone.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from peewee import JOIN

from whistle import clock
from whistle.rules import receivers
from whistle.services import access, confirmations, ledger, names
from whistle.services.access import Acting
from whistle.services.errors import Invalid, NotFound
from whistle.services.use_case import reading, use_case
from whistle.store.offices import Office
from whistle.store.people import Person
from whistle.store.prepared import Prepared
from whistle.store.units import Unit, UnitFact

K = TypeVar("K")

CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,15}")
KINDS = ("department", "subdistrict", "state_enterprise", "institution", "other")


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit as it is called now."""

    id: int
    code: str
    name_zh: str
    name_en: str
    kind: str
    parent_code: str | None
    valid_on: dt.date


@use_case
def make(
    by: Acting,
    code: str,
    name_zh: str,
    name_en: str,
    *,
    kind: str = "department",
    parent_code: str | None = None,
    valid_on: dt.date | None = None,
) -> UnitRow:
    """A new unit, known from `valid_on` (today by default)."""
    access.require(by, "units.make")
    unit = make_unit(code, by=by.person_id)
    who = by.person_id
    fact = add_fact(unit, name_zh, name_en, kind=kind, parent_code=parent_code, valid_on=valid_on, by=who)
    return _to_row(fact)


def make_unit(code: str, *, by: int | None) -> Unit:
    """Write a unit's row; in the caller's transaction. Raises Invalid for a code that is taken or no code."""
    code = code.strip().upper()
    if not CODE.fullmatch(code):
        raise Invalid("code", "pattern")
    if Unit.select().where(Unit.code == code).exists():
        raise Invalid("code", "taken")
    unit = Unit.create(code=code, recorded_at=clock.now())
    ledger.append("other", "unit", unit, by=by)
    return unit


def add_fact(
    unit: Unit,
    name_zh: str,
    name_en: str,
    *,
    kind: str,
    parent_code: str | None,
    valid_on: dt.date | None,
    by: int | None,
) -> UnitFact:
    """Write what a unit is called and under whom it stands from a day on; in the caller's transaction."""
    if kind not in KINDS:
        raise Invalid("kind", "unknown")
    parent = _parent(unit, parent_code)
    fact = UnitFact.create(
        unit=unit,
        name_zh=names.clean(name_zh, "name_zh"),
        name_en=names.clean(name_en, "name_en", longest=120, may_be_empty=True),
        kind=kind,
        parent=parent,
        valid_on=valid_on or clock.today(),
        recorded_at=clock.now(),
    )
    ledger.append("other", "unit_fact", fact, by=by)
    return fact


def _parent(unit: Unit, code: str | None) -> Unit | None:
    if not code:
        return None
    parent = find(code)
    if access.is_within(parent.id, unit.id):
        raise Invalid("parent_code", "circle")
    return parent


@use_case
def change(
    by: Acting,
    code: str,
    name_zh: str,
    name_en: str,
    *,
    kind: str,
    parent_code: str | None,
    valid_on: dt.date | None = None,
) -> int | None:
    """What a unit is called, or under whom it stands, from a day on; what was true before stays.

    Where people of the office belong to it or beneath it, another place decides what they are shut out of: it waits
    for the head, and the id of the confirmation is returned. The names are changed at once.
    """
    access.require(by, "units.change")
    unit, day, who = find(code), valid_on or clock.today(), by.person_id
    if day < (newest := _fact(unit).valid_on):
        raise Invalid("valid_on", "too_early", day=newest)
    parent, stood_under = _parent(unit, parent_code), _fact(unit, day).parent
    if parent == stood_under or not _has_people(unit):
        add_fact(unit, name_zh, name_en, kind=kind, parent_code=parent_code, valid_on=day, by=who)
        return None
    under = None if stood_under is None else stood_under.code
    if (name_zh, name_en, kind) != _called(_fact(unit, day)):
        add_fact(unit, name_zh, name_en, kind=kind, parent_code=under, valid_on=day, by=who)
    where = None if parent is None else parent.id
    return confirmations.ask(
        by, "unit_place", {"unit": unit.id, "parent": where, "valid_on": day.isoformat()}
    )


def _called(fact: UnitFact) -> tuple[str, str, str]:
    return fact.name_zh, fact.name_en, fact.kind


def _has_people(unit: Unit) -> bool:
    """Whether anybody of the office belongs to a unit or beneath it, by any fact, of the past or to come."""
    beneath, found = {unit.id}, {unit.id}
    while found:
        below = UnitFact.select(UnitFact.unit).where(UnitFact.parent.in_(found))
        found = {fact.unit_id for fact in below} - beneath
        beneath |= found
    people = Person.select().where(Person.unit.in_(beneath), Person.state != "deactivated")
    return bool(people.exists())


def find(code: str) -> Unit:
    """The unit of this code; raises NotFound."""
    code = code.strip().upper()
    unit = Unit.get_or_none(Unit.code == code) if CODE.fullmatch(code) else None
    if unit is None:
        raise NotFound("unit")
    return unit


@reading
def list_units(by: Acting) -> list[UnitRow]:
    """All units by code."""
    access.require(by, "units.list_units")
    return rows()


@reading
def get(by: Acting, code: str, day: dt.date | None = None) -> UnitRow:
    """One unit as it is called now, or as it will be on a day to come by what is planned."""
    access.require(by, "units.list_units")
    return _to_row(_fact(find(code), day))


def rows() -> list[UnitRow]:
    """All units as they are called now, by code; in the caller's transaction."""
    newest: dict[int, UnitFact] = {}
    query = UnitFact.select(UnitFact, Unit).join(Unit, on=(UnitFact.unit == Unit.id))
    for fact in query.where(UnitFact.valid_on <= clock.today()).order_by(UnitFact.valid_on, UnitFact.id):
        newest[fact.unit_id] = fact
    codes = {unit_id: fact.unit.code for unit_id, fact in newest.items()}
    return sorted((_to_row(fact, codes) for fact in newest.values()), key=lambda row: row.code)


def codes_within(ids: set[int]) -> set[str]:
    """The codes of some units and of all that stand beneath them today."""
    known = rows() if ids else []
    found = below = {row.code for row in known if row.id in ids}
    while below:
        below = {row.code for row in known if row.parent_code in below} - found
        found = found | below
    return found


def with_beneath(code: str, *, is_alone: bool = False) -> set[int]:
    """The ids of a unit and of all that stand beneath it today, or of the unit alone; none for an unknown code."""
    unit = Unit.get_or_none(Unit.code == code)
    if unit is None or is_alone:
        return set() if unit is None else {unit.id}
    known, found = rows(), {unit.code: unit.id}
    below = dict(found)
    while below:
        below = {row.code: row.id for row in known if row.parent_code in below and row.code not in found}
        found |= below
    return set(found.values())


def name_of(unit: Unit) -> tuple[str, str]:
    """A unit's names now, Chinese and English; its code where nothing is known of it."""
    return names_of({unit.id}).get(unit.id, (unit.code, unit.code))


def names_of(ids: set[int]) -> dict[int, tuple[str, str]]:
    """Names now by unit id, in one query; where nothing is true yet, those of the day that comes first."""
    facts = UnitFact.select().where(UnitFact.unit.in_(ids)).order_by(UnitFact.valid_on, UnitFact.id)
    return _named((fact.unit_id, fact) for fact in facts)


def _named(facts: Iterable[tuple[K, UnitFact]]) -> dict[K, tuple[str, str]]:
    """The names that hold now, of each unit's facts by day; where none does yet, the first to come."""
    found: dict[K, tuple[str, str]] = {}
    for key, fact in facts:
        if fact.valid_on <= clock.today() or key not in found:
            found[key] = fact.name_zh, fact.name_en
    return found


def choices() -> list[tuple[str, str, str]]:
    """Code and names now of every unit, by code, in one query, for forms; in the caller's transaction."""
    rows: list[Any] = list(_CHOICES.all())
    known = _named((row.code, row) for row in rows if row.valid_on is not None)
    return [(code, *known.get(code, (code, code))) for code in dict.fromkeys(row.code for row in rows)]


def _choices(_no_text: str) -> Any:
    columns = Unit.code, UnitFact.name_zh, UnitFact.name_en, UnitFact.valid_on
    units = Unit.select(*columns).join(UnitFact, JOIN.LEFT_OUTER, on=UnitFact.unit)
    return units.order_by(Unit.code, UnitFact.valid_on, UnitFact.id)


_CHOICES = Prepared(UnitFact, _choices)


def _fact(unit: Unit, day: dt.date | None = None) -> UnitFact:
    query = UnitFact.select().where(UnitFact.unit == unit, UnitFact.valid_on <= (day or clock.today()))
    fact = query.order_by(UnitFact.valid_on.desc(), UnitFact.id.desc()).first()
    return fact or UnitFact.select().where(UnitFact.unit == unit).order_by(UnitFact.id).get()


def _to_row(fact: UnitFact, codes: dict[int, str] | None = None) -> UnitRow:
    parent = None
    if fact.parent_id is not None:
        parent = (codes or {}).get(fact.parent_id) or Unit.get_by_id(fact.parent_id).code
    return UnitRow(fact.unit_id, fact.unit.code, fact.name_zh, fact.name_en, fact.kind, parent, fact.valid_on)


def written_in(text: str) -> list[set[int]]:
    """The units whose name stands in a text, by any name they ever had: one set for each name that stands there.

    In the caller's transaction.
    """
    office = Office.get()
    names_ever = [
        (fact.unit_id, name)
        for fact in UnitFact.select(UnitFact.unit, UnitFact.name_zh, UnitFact.name_en)
        for name in (fact.name_zh, fact.name_en)
    ]
    return receivers.units_named(text, names_ever, receivers.Home(office.name_zh, office.name_en))
