"""Letting people in: a sitting deputy or head compares the short code of a key, and only then is anything sealed to it.

The oversight desk lets in its own: its sitting members admit the next, never the deputy or the head. When none of them
is left, nobody founds the desk anew, for whom it is meant to watch could have seen to that; its box stays closed and
shows the superior's address.
"""

from dataclasses import dataclass
from typing import Any

from whistle import clock
from whistle.services import access, desks, grants, keyholding, ledger, units
from whistle.services.access import Acting
from whistle.services.confirmations import confirm as confirm
from whistle.services.confirmations import refuse as refuse
from whistle.services.confirmations import waiting as confirmations
from whistle.services.errors import Conflict, Invalid, NotAllowed, NotFound
from whistle.services.use_case import reading, use_case
from whistle.store.desks import Desk, DeskMember
from whistle.store.people import Admission, Person, PersonKey
from whistle.vault import keys

__all__ = ["SeatWish", "Waiting", "admit", "confirm", "confirmations", "refuse", "waiting"]


@dataclass(frozen=True, slots=True)
class SeatWish:
    """A seat somebody wished for; `may_admit` where it is in the acting person's line."""

    desk_id: int
    name_zh: str
    name_en: str
    may_admit: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits to be let in, or, when the key already is, only for a seat."""

    key_id: int
    person_id: int
    user_name: str
    name: str
    role: str
    short_code: str
    is_return: bool
    is_admitted: bool
    #: The unit the person belongs to, whose cases stay closed; empty for none.
    unit_zh: str
    unit_en: str
    seats: tuple[SeatWish, ...]


@reading
def waiting(by: Acting) -> list[Waiting]:
    """The people this person may let in, with the short codes to compare."""
    access.require(by, "admissions.waiting")
    actor = keyholding.require_sitting(by, "deputy", "head", "oversight")
    query = Person.select().where(Person.state == "active", Person.role.in_(keyholding.CONTENT_ROLES))
    people = list(query.order_by(Person.id))
    let_in = grants.admitted_keys(people)
    wishing = {row.person_id for row in _wished_seats()}
    concerned = [person for person in people if person.id not in let_in or person.id in wishing]
    return [_to_waiting(by, person) for person in concerned if _may_admit(by, actor, person)]


def _wished_seats() -> Any:
    return DeskMember.select().where(DeskMember.admitted_at.is_null(), DeskMember.ended_at.is_null())


def _may_admit(by: Acting, actor: Person, person: Person) -> bool:
    """Deputy and head let in everybody but the oversight desk's people; those are let in by who sits there."""
    if actor.id == person.id:
        return False
    if person.role != "oversight":
        return actor.role in ("deputy", "head")
    desk = keyholding.oversight_desk()
    return desk is not None and desks.is_in_line(by, desk)


def _to_waiting(by: Acting, person: Person) -> Waiting:
    key = keyholding.current_key(person)
    if key is None:
        raise Conflict("no_key")
    unit_zh, unit_en = ("", "") if person.unit is None else units.name_of(person.unit)
    return Waiting(
        key_id=key.id,
        person_id=person.id,
        user_name=person.user_name,
        name=person.name,
        role=person.role,
        short_code=keys.short_code(key.public),
        is_return=PersonKey.select().where(PersonKey.person == person).count() > 1,
        is_admitted=keyholding.is_admitted(person),
        unit_zh=unit_zh,
        unit_en=unit_en,
        seats=tuple(_wishes(by, person)),
    )


def _wishes(by: Acting, person: Person) -> list[SeatWish]:
    query = _wished_seats().select(DeskMember, Desk).join(Desk).where(DeskMember.person == person)
    return [
        SeatWish(row.desk.id, row.desk.name_zh, row.desk.name_en, desks.is_in_line(by, row.desk))
        for row in query.order_by(DeskMember.id)
    ]


@use_case
def admit(by: Acting, key_id: int, code: str, desk_ids: tuple[int, ...] = ()) -> None:
    """Let a key in for its owner's role of now, and to seats at desks of the acting person's line.

    `code` is the short code as it was compared: a key exchanged meanwhile has another. Raises Invalid when it differs,
    Conflict for a key that is out of use or that the log does not know.
    """
    access.require(by, "admissions.admit")
    actor = keyholding.require_sitting(by, "deputy", "head", "oversight")
    key = PersonKey.get_or_none(PersonKey.id == key_id)
    if key is None:
        raise NotFound("key")
    person = key.person
    if not _may_admit(by, actor, person):
        raise NotAllowed("admissions.admit")
    _compare(key, code)
    if not keyholding.is_admitted(person):
        _write_admission(by, person, key)
        if person.role == "deputy" and actor.role == "head":
            desks.lead_unled(by, person)
    for desk_id in desk_ids:
        _seat(by, desks.find(desk_id), person)
    keyholding.pass_on_blind(keyholding.blind_keys(by), person, by.person_id)


def _compare(key: PersonKey, code: str) -> None:
    if key.retired_at is not None or key.person.state != "active":
        raise Conflict("key_retired")
    if not ledger.matches(key):
        raise Conflict("key_not_in_log")
    if key.person.role not in keyholding.CONTENT_ROLES:
        raise Conflict("role_needs_none")
    if keys.typed_digits(code) != keys.typed_digits(keys.short_code(key.public)):
        raise Invalid("code", "differs")


def _write_admission(by: Acting, person: Person, key: PersonKey) -> None:
    row = Admission.create(key=key, role=person.role, admitted_by=by.person_id, recorded_at=clock.now())
    ledger.append("key", "admitted", row, by=by.person_id, code=keys.short_code(key.public))


def _seat(by: Acting, desk: Desk, person: Person) -> None:
    desks.require_line(by, desk)
    desks.make_seat_real(desks.wish_seat(desk, person, by.person_id), by.person_id)
    if grants.desk_key(desk) is not None or desk.kind == "oversight":
        keyholding.seat(by, desk, person)
