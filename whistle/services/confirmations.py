"""Changes an administrator may ask for but not make: they wait for the head, or for the deputy who would lose by them.

Nobody confirms an own wish, and who confirms must be let in. What was asked is checked again when it is confirmed.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from whistle import clock
from whistle.services import access, keyholding, ledger
from whistle.services.access import Acting
from whistle.services.errors import Conflict, NotAllowed, NotFound
from whistle.services.use_case import reading, use_case
from whistle.store.channels import Channel
from whistle.store.database import lock_row
from whistle.store.desks import Desk
from whistle.store.people import Confirmation, Person
from whistle.store.units import Unit, UnitFact


@dataclass(frozen=True, slots=True)
class Waiting:
    """A change that waits. `kind` is channel_move, desk_deputy, identity_holder, unit_place, person_name or
    person_unit.

    `thing`, `old` and `new` are names, in Chinese; a unit that stands under none, and a person who belongs to none,
    have an empty one.
    """

    id: int
    kind: str
    thing: str
    old: str
    new: str
    asked_by: str
    asked_at: dt.datetime


@dataclass(frozen=True, slots=True)
class _Change:
    """What a wish says, as the database knows it now: the words, the line that may confirm it, and its effect."""

    thing: str
    old: str
    new: str
    desk: Desk | None
    apply: Callable[[int], None]
    #: Whom it is about, where it decides what that person is shut out of: they have no say in it.
    about: Person | None = None


def ask_or_do(by: Acting, kind: str, what: dict[str, Any]) -> int | None:
    """What the head asks for happens at once; anybody else's wish waits, and its id is returned."""
    if by.role != "head":
        return ask(by, kind, what)
    keyholding.require_sitting(by, "head")
    do(by, kind, what)
    return None


def do(by: Acting, kind: str, what: dict[str, Any]) -> None:
    """What needs nobody's word happens as if it had been confirmed; in the caller's transaction."""
    _change(kind, what).apply(by.person_id)


def ask(by: Acting, kind: str, what: dict[str, Any]) -> int:
    """Write a wish and return its id; the same wish twice is one. In the caller's transaction."""
    _change(kind, what)
    for row in Confirmation.select().where(Confirmation.kind == kind, Confirmation.state == "waiting"):
        if row.what == what:
            return int(row.id)
    row = Confirmation.create(kind=kind, what=what, asked_by=by.person_id, asked_at=clock.now())
    ledger.append("other", "confirmation_asked", row, by=by.person_id)
    return int(row.id)


@reading
def waiting(by: Acting) -> list[Waiting]:
    """The changes that wait for the acting person; for an administrator, all that were asked for."""
    access.require(by, "confirmations.waiting")
    return [_to_waiting(row) for row in _waiting_for(by)]


@reading
def waiting_about(by: Acting, thing: str, thing_id: int) -> list[Waiting]:
    """The same for one thing: a channel, a desk, a unit or a person, by its id."""
    access.require(by, "confirmations.waiting")
    return [
        _to_waiting(row)
        for row in _waiting_for(by)
        if _CHANGES[row.kind][0] == thing and row.what[thing] == thing_id
    ]


def _waiting_for(by: Acting) -> list[Confirmation]:
    query = Confirmation.select().where(Confirmation.state == "waiting").order_by(Confirmation.id)
    return [row for row in query if by.role == "admin" or _may_decide(by, row)]


def _to_waiting(row: Confirmation) -> Waiting:
    change = _change(row.kind, row.what)
    return Waiting(row.id, row.kind, change.thing, change.old, change.new, row.asked_by.name, row.asked_at)


@use_case
def confirm(by: Acting, confirmation_id: int) -> None:
    """Let a change happen."""
    row = _decide(by, confirmation_id, "confirmed")
    _change(row.kind, row.what).apply(by.person_id)


@use_case
def refuse(by: Acting, confirmation_id: int) -> None:
    """Leave everything as it is."""
    _decide(by, confirmation_id, "refused")


@use_case
def withdraw(by: Acting, confirmation_id: int) -> None:
    """Take back what an administrator asked for and nobody decided yet; any administrator may."""
    access.require(by, "confirmations.withdraw")
    _end(by, _find_waiting(confirmation_id), "withdrawn")


def _decide(by: Acting, confirmation_id: int, state: str) -> Confirmation:
    access.require(by, "confirmations.decide")
    row = _find_waiting(confirmation_id)
    if not _may_decide(by, row):
        raise NotAllowed("confirmations.decide")
    return _end(by, row, state)


def _find_waiting(confirmation_id: int) -> Confirmation:
    row = lock_row(Confirmation.select().where(Confirmation.id == confirmation_id)).get_or_none()
    if row is None:
        raise NotFound("confirmation")
    if row.state != "waiting":
        raise Conflict("decided_already")
    return row


def _end(by: Acting, row: Confirmation, state: str) -> Confirmation:
    row.state, row.decided_by, row.decided_at = state, Person.get_by_id(by.person_id), clock.now()
    row.save()
    ledger.append("other", f"confirmation_{state}", row, by=by.person_id)
    return row


def _may_decide(by: Acting, row: Confirmation) -> bool:
    """The head, or the deputy of the desk that would lose; of what is about the head, a deputy. Never who asked or whom
    it is about, and never anybody not let in.
    """
    person = Person.get_by_id(by.person_id)
    if row.asked_by_id == person.id or not keyholding.is_admitted(person):
        return False
    change = _change(row.kind, row.what)
    if change.about == person:
        return False
    loses = change.desk is not None and change.desk.deputy_id == person.id
    is_about_head = change.about is not None and change.about.role == "head"
    return person.role == "head" or (person.role == "deputy" and (loses or is_about_head))


def _change(kind: str, what: dict[str, Any]) -> _Change:
    _thing, read = _CHANGES[kind]
    return read(what)


def _channel_move(what: dict[str, Any]) -> _Change:
    channel, desk = Channel.get_by_id(what["channel"]), Desk.get_by_id(what["desk"])

    def apply(by: int) -> None:
        channel.desk = desk
        channel.save()
        ledger.append("other", "channel_moved", channel, by=by)

    return _Change(channel.name, channel.desk.name_zh, desk.name_zh, channel.desk, apply)


def _desk_deputy(what: dict[str, Any]) -> _Change:
    desk, deputy = Desk.get_by_id(what["desk"]), Person.get_by_id(what["deputy"])

    def apply(by: int) -> None:
        if deputy.role != "deputy" or deputy.state != "active":
            raise Conflict("not_a_deputy")
        former = desk.deputy
        if former is not None and former.id != deputy.id:
            keyholding.leave_line(desk, former)
        desk.deputy = deputy
        desk.save()
        ledger.append("key", "desk_deputy", desk, by=by)

    return _Change(desk.name_zh, "" if desk.deputy is None else desk.deputy.name, deputy.name, desk, apply)


def _identity_holder(what: dict[str, Any]) -> _Change:
    person = Person.get_by_id(what["person"])

    def apply(by: int) -> None:
        if person.state != "active" or person.role not in keyholding.CASEWORK_ROLES:
            raise Conflict("cannot_hold")
        keyholding.name_holder(person, by)

    return _Change(person.name, "", person.name, None, apply)


def _unit_place(what: dict[str, Any]) -> _Change:
    unit, fact = Unit.get_by_id(what["unit"]), _newest_fact(what["unit"])
    parent = None if what["parent"] is None else Unit.get_by_id(what["parent"])

    def apply(by: int) -> None:
        if parent is not None and access.is_within(parent.id, unit.id):
            raise Conflict("unit_circle")
        first_day = max(clock.today(), dt.date.fromisoformat(what["valid_on"]))
        for day, known in _from_day(unit, first_day):
            row = UnitFact.create(
                unit=unit,
                name_zh=known.name_zh,
                name_en=known.name_en,
                kind=known.kind,
                parent=parent,
                valid_on=day,
                recorded_at=clock.now(),
            )
            ledger.append("other", "unit_fact", row, by=by)

    return _Change(fact.name_zh, _unit_name(fact.parent), _unit_name(parent), None, apply)


def _from_day(unit: Unit, first_day: dt.date) -> list[tuple[dt.date, UnitFact]]:
    """What holds of a unit on a day, and what is planned for later without another place: each with its day.

    A plan made before a place was confirmed still says the old place, and would put the unit back there.
    """
    facts = UnitFact.select().where(UnitFact.unit == unit).order_by(UnitFact.valid_on, UnitFact.id)
    newest = {fact.valid_on: fact for fact in facts}
    held = [fact for day, fact in newest.items() if day <= first_day] or list(newest.values())[:1]
    here = held[-1]
    later = [fact for day, fact in newest.items() if day > max(first_day, here.valid_on)]
    planned = [(fact.valid_on, fact) for fact in later if fact.parent_id == here.parent_id]
    return [(max(first_day, here.valid_on), here), *planned]


def _person_name(what: dict[str, Any]) -> _Change:
    person, name = Person.get_by_id(what["person"]), what["name"]

    def apply(by: int) -> None:
        was, person.name = person.name, name
        person.save(only=[Person.name])
        ledger.append("other", "account_corrected", person, by=by, was={"name": was})

    return _Change(person.user_name, person.name, name, None, apply, about=person)


def _person_unit(what: dict[str, Any]) -> _Change:
    person = Person.get_by_id(what["person"])
    unit = None if what["unit"] is None else Unit.get_by_id(what["unit"])

    def apply(by: int) -> None:
        was = "" if person.unit is None else person.unit.code
        person.unit = unit
        person.save(only=[Person.unit])
        ledger.append("other", "account_corrected", person, by=by, was={"unit": was})

    return _Change(person.name, _unit_name(person.unit), _unit_name(unit), None, apply, about=person)


def _newest_fact(unit_id: int) -> UnitFact:
    facts = UnitFact.select().where(UnitFact.unit == unit_id)
    newest: UnitFact = facts.order_by(UnitFact.valid_on.desc(), UnitFact.id.desc()).get()
    return newest


def _unit_name(unit: Unit | None) -> str:
    return "" if unit is None else str(_newest_fact(unit.id).name_zh)


#: By the kind of wish: what it is about, as its `what` calls it, and how the wish is read.
_CHANGES: dict[str, tuple[str, Callable[[dict[str, Any]], _Change]]] = {
    "channel_move": ("channel", _channel_move),
    "desk_deputy": ("desk", _desk_deputy),
    "identity_holder": ("person", _identity_holder),
    "unit_place": ("unit", _unit_place),
    "person_name": ("person", _person_name),
    "person_unit": ("person", _person_unit),
}
