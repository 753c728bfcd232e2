"""Who did what in administration, read from the log: the office's people, units, desks, channels, days and settings.

Nothing of a case or a report is ever among it: only leaves about the tables named here are asked for, and of their
records nothing but the act and who did it.
"""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import fn

from whistle import clock
from whistle.services import access
from whistle.services.access import Acting
from whistle.services.use_case import reading
from whistle.store.base import Table
from whistle.store.channels import Channel
from whistle.store.desks import Desk, DeskMember, IdentityHolder
from whistle.store.entries import Entry
from whistle.store.offices import DayOverride, Office
from whistle.store.people import Absence, Admission, Confirmation, Invitation, Person, PersonKey
from whistle.store.units import Unit, UnitFact

#: Acts on one page.
PAGE_ROWS = 50
#: What can be chosen, and the tables its leaves are about.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "people": ("person", "invitation", "admission", "identity_holder", "absence"),
    "units": ("unit", "unit_fact"),
    "desks": ("desk", "desk_member"),
    "channels": ("channel",),
    "confirmations": ("confirmation",),
    "days": ("day_override",),
    "settings": ("office",),
}
#: Which column of the row keeps the moment of an act; of all others the log knows the day alone.
MOMENTS: Mapping[str, str] = {
    "account_invited": "recorded_at",
    "invitation": "made_at",
    "invitation_used": "used_at",
    "invitation_ended": "revoked_at",
    "admitted": "recorded_at",
    "admitted_on_trust": "recorded_at",
    "admission_ended": "ended_at",
    "identity_holder": "recorded_at",
    "identity_holder_ended": "ended_at",
    "absence": "recorded_at",
    "absence_ended": "ended_at",
    "unit": "recorded_at",
    "unit_fact": "recorded_at",
    "desk": "recorded_at",
    "channel": "recorded_at",
    "confirmation_asked": "asked_at",
    "confirmation_confirmed": "decided_at",
    "confirmation_refused": "decided_at",
    "day_off": "recorded_at",
    "day_worked": "recorded_at",
    "day_published": "recorded_at",
    "day_year_known": "recorded_at",
    "day_year_unknown": "recorded_at",
}

_Reference = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Named:
    """What something is called now."""

    zh: str
    en: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """One act; `at` where its moment was kept, `who` None where the shell or the system did it."""

    position: int
    day: dt.date
    at: dt.datetime | None
    who: str | None
    what: str
    things: tuple[Named, ...]
    about_day: dt.date | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; None is everything. `before` and `after` are places in the log, to turn the page."""

    person_id: int | None = None
    group: str | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    before: int | None = None
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Acts, the newest first."""

    acts: tuple[Act, ...]
    has_older: bool
    has_newer: bool


@reading
def people(by: Acting) -> list[tuple[int, str]]:
    """Those whose acts can be asked for, by id."""
    access.require(by, "administration.record")
    return list(_people().items())


@reading
def record(by: Acting, wanted: Wanted) -> Page:
    """The acts that were looked for, a page at a time."""
    access.require(by, "administration.record")
    entries = _query(wanted).limit(PAGE_ROWS + 1)
    if wanted.after is None:
        found = list(entries.order_by(Entry.position.desc()))
        has_older, has_newer = len(found) > PAGE_ROWS, wanted.before is not None
        found = found[:PAGE_ROWS]
    else:
        found = list(entries.order_by(Entry.position))
        has_older, has_newer = True, len(found) > PAGE_ROWS
        found = found[:PAGE_ROWS][::-1]
    return Page(tuple(_acts(found, _people())), has_older, has_newer)


def _people() -> dict[int, str]:
    return {row.id: row.name for row in Person.select(Person.id, Person.name).order_by(Person.id)}


def _query(wanted: Wanted) -> Any:
    groups = GROUPS.values() if wanted.group is None else (GROUPS.get(wanted.group, ()),)
    query = Entry.select(Entry.position, Entry.day, Entry.record, Entry.about_table, Entry.about_id)
    query = query.where(Entry.type.in_(("other", "key")))
    query = query.where(Entry.about_table.in_([table for tables in groups for table in tables]))
    if wanted.person_id is not None:
        # The record is canonical: who acted stands first in it, and the day follows.
        query = query.where(Entry.record.startswith(f'{{"by":{wanted.person_id:d},"day":'))
    for limit, condition in (
        (wanted.since, Entry.day >= wanted.since),
        (wanted.until, Entry.day <= wanted.until),
        (wanted.before, Entry.position < wanted.before),
        (wanted.after, Entry.position > wanted.after),
    ):
        if limit is not None:
            query = query.where(condition)
    return query


def _acts(entries: Sequence[Entry], people: Mapping[int, str]) -> Iterable[Act]:
    rows = _rows(entries)
    names = _names({thing for row in rows.values() for thing in _things(row)}, people)
    for entry in entries:
        record = json.loads(entry.record)
        row = rows.get((entry.about_table, entry.about_id))
        things = [] if row is None else [names[thing] for thing in _things(row) if thing in names]
        if isinstance(row, UnitFact):
            things = [Named(row.name_zh, row.name_en)]
        yield Act(
            position=entry.position,
            day=entry.day,
            at=_moment(record["what"], row, entry.day),
            who=people.get(record.get("by")),
            what=record["what"],
            things=tuple(things),
            about_day=row.day if isinstance(row, DayOverride) else None,
        )


def _moment(what: str, row: Table | None, day: dt.date) -> dt.datetime | None:
    """The moment that a row keeps of an act; None where a later one of another day has taken its place."""
    at: dt.datetime | None = getattr(row, MOMENTS.get(what, ""), None)
    return at if at is not None and clock.local(at).date() == day else None


_MODELS: Mapping[str, type[Table]] = {
    "person": Person,
    "invitation": Invitation,
    "admission": Admission,
    "identity_holder": IdentityHolder,
    "absence": Absence,
    "unit": Unit,
    "unit_fact": UnitFact,
    "desk": Desk,
    "desk_member": DeskMember,
    "channel": Channel,
    "confirmation": Confirmation,
    "day_override": DayOverride,
    "office": Office,
}


def _rows(entries: Sequence[Entry]) -> dict[tuple[str, str], Table]:
    """The rows that some leaves are about, a question a table."""
    ids: dict[str, set[int]] = defaultdict(set)
    for entry in entries:
        ids[entry.about_table].add(int(entry.about_id))
    found: dict[tuple[str, str], Table] = {}
    for table, wanted in ids.items():
        model: Any = _MODELS[table]
        query: Any = model.select()
        if table == "admission":
            query = Admission.select(Admission, PersonKey.id, PersonKey.person).join(PersonKey)
        for row in query.where(model.id.in_(wanted)):
            found[table, str(row.id)] = row
    return found


def _things(row: Any) -> list[_Reference]:
    """Whom and what a row is about."""
    return _THINGS[type(row)](row)


def _things_of_confirmation(row: Confirmation) -> list[_Reference]:
    return [(kind, row.what[kind]) for kind in ("channel", "desk", "unit", "person") if row.what.get(kind)]


_THINGS: Mapping[type[Table], Callable[[Any], list[_Reference]]] = {
    Person: lambda row: [("person", row.id)],
    Invitation: lambda row: [("person", row.person_id)],
    Admission: lambda row: [("person", row.key.person_id)],
    IdentityHolder: lambda row: [("person", row.person_id)],
    Absence: lambda row: [("person", row.person_id)],
    Unit: lambda row: [("unit", row.id)],
    UnitFact: lambda _row: [],
    Desk: lambda row: [("desk", row.id)],
    DeskMember: lambda row: [("person", row.person_id), ("desk", row.desk_id)],
    Channel: lambda row: [("channel", row.id)],
    Confirmation: _things_of_confirmation,
    DayOverride: lambda _row: [],
    Office: lambda _row: [],
}


def _names(things: set[_Reference], people: Mapping[int, str]) -> dict[_Reference, Named]:
    """What things are called now, a question a kind."""
    ids: dict[str, list[int]] = defaultdict(list)
    for kind, id in things:
        ids[kind].append(id)
    found = {("person", id): Named(people[id]) for id in ids["person"] if id in people}
    if ids["desk"]:
        desks = Desk.select().where(Desk.id.in_(ids["desk"]))
        found |= {("desk", row.id): Named(row.name_zh, row.name_en) for row in desks}
    if ids["channel"]:
        channels = Channel.select(Channel.id, Channel.name).where(Channel.id.in_(ids["channel"]))
        found |= {("channel", row.id): Named(row.name) for row in channels}
    if ids["unit"]:
        newest = UnitFact.select(fn.MAX(UnitFact.id)).where(UnitFact.unit.in_(ids["unit"]))
        facts = UnitFact.select().where(UnitFact.id.in_(newest.group_by(UnitFact.unit)))
        found |= {("unit", row.unit_id): Named(row.name_zh, row.name_en) for row in facts}
    return found
