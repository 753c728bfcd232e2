"""The register of interference 打听过问 (JCF 66): whoever was asked about a matter, or spoken to for somebody, says so.

A record is sealed to the head and to the oversight members, but to nobody whom it names and to nobody who keeps off
the case it is about; about a case in sealed handling to the oversight desk alone. So a record that names the head is
read by the oversight members, and who recorded it stands under the seal with the rest: in the clear is the day alone.
Nothing here changes a record or takes one away. A reader who comes later is let in by the next who reads.
"""

import dataclasses
import datetime as dt
import re
from collections import Counter
from typing import Any

from whistle import clock
from whistle.rules.naming import is_named
from whistle.services import contexts, grants, ledger
from whistle.services.access import Acting, is_shut_out, may, require
from whistle.services.errors import Conflict
from whistle.services.use_case import reading, use_case
from whistle.store.cases import Case
from whistle.store.interferences import Interference, InterferenceSeal
from whistle.store.people import Person, PersonKey
from whistle.vault import envelope, keys

#: How many records a page of the list shows.
PAGE_ROWS = 300
READERS = ("head", "oversight")
#: Where a page ended: the last record's day and id.
CURSOR = re.compile("(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[.](?P<id>[0-9a-f]{24})")


@dataclasses.dataclass(frozen=True, slots=True)
class Record:
    """A record as its readers see it. `about`: the case or matter as the person who was asked knows it."""

    id: str
    recorded_on: dt.date
    by_name: str
    who: str
    asked_on: dt.date
    how: str
    about: str


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """A page of the list, the newest first; `older` is where the next goes on, None where there is nothing beyond."""

    rows: tuple[Record, ...]
    older: str | None


@reading
def people(by: Acting) -> list[tuple[int, str, str]]:
    """Id, name and role of those of the office who may be said to have asked."""
    require(by, "interference.record")
    rows = Person.select().where(Person.state == "active").order_by(Person.role, Person.name, Person.id)
    return [(person.id, person.name, person.role) for person in rows if person.id != by.person_id]


def keep(
    by: Acting,
    case: Case | None,
    *,
    who: str,
    asked_on: dt.date,
    how: str,
    about: str,
    is_unclear: bool = False,
) -> Interference:
    """Seal a record to its readers, in the caller's transaction.

    `is_unclear`: it names a case by a number that leads to none, which may be one in sealed handling: so the oversight
    desk alone reads it.

    Raises Conflict 'nobody_reads_this' where the only readers are those it names. Where it is the case that keeps its
    readers off, the record stays sealed to who made it and cannot open that case: a refusal would tell of it.
    """
    said = {
        "by": by.name,
        "who": who,
        "asked_on": asked_on.isoformat(),
        "how": how,
        "about": about,
        "case": None if case is None else case.id,
        "unclear": is_unclear,
        "named": [person.id for person in named(who, how)],
    }
    key, row = keys.new_key(), Interference(recorded_on=clock.today())
    row.sealed = envelope.seal_json_record(key, said, contexts.interference(row.id))
    row.save(force_insert=True)
    ledger.append("other", "interference", row)
    knows_case = not is_unclear if case is None else may(by, "case.read", case)
    readers = _readers(said)
    if not readers and (knows_case or not _readers({**said, "case": None, "unclear": False})):
        raise Conflict("nobody_reads_this")
    for person, person_key in readers or [_recorder(by)]:
        _seal(row, key, person, person_key)
    return row


def names_all_oversight(who: str, how: str) -> bool:
    """Whether what was said names every oversight member, so that of a case in sealed handling nobody could read it."""
    members = list(Person.select().where(Person.role == "oversight", Person.state == "active"))
    return bool(members) and all(is_named(person.name, f"{who}\n{how}") for person in members)


def named(who: str, how: str) -> list[Person]:
    """The people of the office whose full names stand in what was said."""
    return [person for person in Person.select() if is_named(person.name, f"{who}\n{how}")]


def number_of(record_id: str) -> str:
    """The short number of a record, for who made it to refer to."""
    return record_id[:8].upper()


@use_case
def page(by: Acting, older: str = "") -> Page:
    """The records that are sealed to this person, from the newest or from those after another page's `older` on.

    Who may read one and cannot yet is let in to it. An `older` that is none is passed over.
    """
    require(by, "interference.list")
    seals = (
        InterferenceSeal.select(InterferenceSeal, Interference)
        .join(Interference)
        .where(InterferenceSeal.person == by.person_id, InterferenceSeal.person_key == by.key_id)
        .order_by(Interference.recorded_on.desc(), Interference.id)
        .limit(PAGE_ROWS + 1)
    )
    mark = CURSOR.fullmatch(older)
    if mark is not None:
        is_same_day = Interference.recorded_on == mark["day"]
        is_after = is_same_day & (Interference.id > mark["id"])
        seals = seals.where((Interference.recorded_on < mark["day"]) | is_after)
    sealed, found = list(seals), []
    for seal in sealed[:PAGE_ROWS]:
        row = seal.interference
        context = contexts.interference_key(row.id, f"person-key:{by.key_id}")
        key = envelope.open_with(by.seed, bytes(seal.sealed), context)
        said = envelope.open_json_record(key, row.sealed, contexts.interference(row.id))
        if any(person.id == by.person_id for person, _key in _readers(said)):
            found.append(_record(row, said))
            _share(row, key, said)
    has_more = len(sealed) > PAGE_ROWS
    return Page(tuple(found), _cursor(sealed[PAGE_ROWS - 1].interference) if has_more else None)


@reading
def count_by_month(by: Acting) -> list[tuple[dt.date, int]]:
    """How many records were made in each month, the newest first; nothing of what they say."""
    require(by, "interference.count")
    days = Interference.select(Interference.recorded_on).iterator()
    return sorted(Counter(row.recorded_on.replace(day=1) for row in days).items(), reverse=True)


def take_from(person: Person) -> None:
    """Take the seals from a reader who leaves, but for those of records that nobody else has; in the transaction."""
    others = InterferenceSeal.alias()
    shared = others.select(others.interference).where(others.person != person)
    mine = InterferenceSeal.select().where(InterferenceSeal.person == person)
    gone = [row.id for row in mine.where(InterferenceSeal.interference.in_(shared))]
    if gone:
        InterferenceSeal.delete().where(InterferenceSeal.id.in_(gone)).execute()
        ledger.append("key", "interference_taken", None, person=person.id, seals=len(gone))


def _readers(said: dict[str, Any]) -> list[tuple[Person, PersonKey]]:
    """Who may read a record now, with the keys to seal to."""
    case = None if said["case"] is None else Case.get_or_none(Case.id == said["case"])
    is_sealed = said.get("unclear", False) or (case is not None and case.is_flagged)
    roles = ("oversight",) if is_sealed else READERS
    people = Person.select().where(Person.role.in_(roles), Person.state == "active").order_by(Person.id)
    named = set(said["named"])
    able = [
        person
        for person in people
        if person.id not in named
        and not is_named(person.name, f"{said['who']}\n{said['how']}")
        and (case is None or not is_shut_out(case, person.id))
    ]
    let_in = grants.admitted_keys(able)
    return [(person, let_in[person.id]) for person in able if person.id in let_in]


def _cursor(row: Interference) -> str:
    return f"{row.recorded_on.isoformat()}.{row.id}"


def _recorder(by: Acting) -> tuple[Person, PersonKey]:
    return Person.get_by_id(by.person_id), PersonKey.get_by_id(by.key_id)


def _share(row: Interference, key: bytes, said: dict[str, Any]) -> None:
    held = {(seal.person_id, seal.person_key_id) for seal in row.seals}
    for person, person_key in _readers(said):
        if (person.id, person_key.id) not in held:
            InterferenceSeal.delete().where(
                InterferenceSeal.interference == row, InterferenceSeal.person == person
            ).execute()
            _seal(row, key, person, person_key)


def _seal(row: Interference, key: bytes, person: Person, person_key: PersonKey) -> InterferenceSeal:
    context = contexts.interference_key(row.id, f"person-key:{person_key.id}")
    seal = InterferenceSeal.create(
        interference=row,
        person=person,
        person_key=person_key,
        sealed=envelope.seal_to(person_key.public, key, context),
    )
    ledger.append("key", "interference_granted", None, record=row.id, reader=f"person-key:{person_key.id}")
    return seal


def _record(row: Interference, said: dict[str, Any]) -> Record:
    return Record(
        id=number_of(row.id),
        recorded_on=row.recorded_on,
        by_name=said["by"],
        who=said["who"],
        asked_on=dt.date.fromisoformat(said["asked_on"]),
        how=said["how"],
        about=said["about"],
    )
