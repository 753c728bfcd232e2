"""Correcting who a person is: name, user name, e-mail and unit; and what was recorded of a person.

Name and unit decide which reports stay closed to a person. Once there is a key that somebody may let in, another name
or unit therefore waits for the head, or for a deputy where it is the head's own; user name and e-mail change at once.
"""

import datetime as dt
import json
from dataclasses import dataclass

from whistle.services import access, accounts, confirmations, keyholding, ledger, names, sessions, units
from whistle.services.access import Acting
from whistle.services.errors import Invalid, NotFound
from whistle.services.use_case import reading, use_case
from whistle.store.database import lock_row
from whistle.store.entries import Entry
from whistle.store.people import Person
from whistle.store.units import Unit

#: Leaves about a person that administrators may read; no other leaf is told to them.
TOLD = (
    "account_invited",
    "account_reinvited",
    "account_activated",
    "account_corrected",
    "role_changed",
    "account_deactivated",
)


@dataclass(frozen=True, slots=True)
class Told:
    """What happened to an account. `was`: what a correction replaced, by name, user_name, email and unit (its code)."""

    what: str
    day: dt.date
    by: str | None
    was: dict[str, str]


@use_case
def correct(
    by: Acting, person_id: int, *, name: str, user_name: str, unit_code: str | None, email: str | None = None
) -> bool:
    """Correct what was entered of another person; returns whether a part of it waits for a confirmation.

    `email`: "" for none, None where it stays.
    """
    person = Person.get_or_none(Person.id == person_id)
    access.require(by, "accounts.correct", person)
    if person is None:
        raise NotFound("person")
    person = keyholding.hold(person)
    name, unit = names.clean(name, "name"), _unit(unit_code)
    _call(by, person, user_name.strip().lower())
    if email is not None:
        _write_to(by, person, email)
    waits = False
    if name != person.name:
        waits |= _ask_or_do(by, person, "person_name", {"person": person.id, "name": name})
    if unit != person.unit:
        where = None if unit is None else unit.id
        waits |= _ask_or_do(by, person, "person_unit", {"person": person.id, "unit": where})
    return waits


def _unit(code: str | None) -> Unit | None:
    try:
        return units.find(code) if code else None
    except NotFound:
        raise Invalid("unit_code", "unknown") from None


def _call(by: Acting, person: Person, user_name: str) -> None:
    """Another name to sign in by."""
    if user_name == person.user_name:
        return
    if not sessions.USER_NAME.fullmatch(user_name):
        raise Invalid("user_name", "pattern")
    if Person.select().where(Person.user_name == user_name).exists():
        raise Invalid("user_name", "taken")
    was, person.user_name = person.user_name, user_name
    person.save(only=[Person.user_name])
    ledger.append("other", "account_corrected", person, by=by.person_id, was={"user_name": was})


@use_case
def change_own_email(by: Acting, email: str) -> None:
    """Say where one's own reminders go; "" for nowhere but the desk."""
    person = Person.get_by_id(by.person_id)
    access.require(by, "accounts.change_email", person)
    _write_to(by, lock_row(Person.select().where(Person.id == person.id)).get(), email)


def _write_to(by: Acting, person: Person, email: str) -> None:
    """Another address for reminders."""
    now = names.clean_email(email, "email") or None
    if now == person.email:
        return
    was, person.email = person.email, now
    person.save(only=[Person.email])
    ledger.append("other", "account_corrected", person, by=by.person_id, was={"email": was or ""})


def _ask_or_do(by: Acting, person: Person, kind: str, what: dict[str, object]) -> bool:
    if person.role in keyholding.CONTENT_ROLES and accounts.has_had_key(person):
        confirmations.ask(by, kind, what)
        return True
    confirmations.do(by, kind, what)
    return False


@reading
def told(by: Acting, person_id: int) -> list[Told]:
    """What was recorded of a person's account, the newest first."""
    access.require(by, "accounts.list_people")
    entries = Entry.select().where(Entry.about_table == "person", Entry.about_id == str(person_id))
    found = [(entry.day, json.loads(entry.record)) for entry in entries.order_by(Entry.position.desc())]
    people = {person.id: person.name for person in Person.select(Person.id, Person.name)}
    return [
        Told(record["what"], day, people.get(record.get("by")), record.get("more", {}).get("was", {}))
        for day, record in found
        if record["what"] in TOLD
    ]
