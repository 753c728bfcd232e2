"""Desks, their seats, their deputies and the making and renewing of their keys.

An administrator makes a desk and wishes for seats; a sitting deputy or head makes the desk's key and lets its members
in. The oversight desk is the exception: its key is made by its outside member, and the head has no part in it.
"""

from dataclasses import dataclass
from typing import Any

from peewee import fn

from whistle import clock
from whistle.rules import workflow
from whistle.services import access, acting_heads, confirmations, grants, keyholding, ledger, names
from whistle.services.access import Acting, AsSystem
from whistle.services.errors import Conflict, Invalid, NotAllowed, NotFound
from whistle.services.use_case import reading, use_case
from whistle.store.cases import Case, CaseSeal
from whistle.store.desks import BlindKey, Desk, DeskKey, DeskMember
from whistle.store.people import Person
from whistle.store.reports import IdentitySeal

#: Roles that may sit at an intake desk or keep the archive. The oversight desk takes its own role alone, and that role
#: no other desk.
DESK_ROLES = frozenset({"intake", "officer", "reviewer", "deputy", "head"})
#: The kinds of desk an administrator makes; the oversight desk is there from the start.
MADE_LATER = ("intake", "archive")


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat as it is shown: wished for, or real once admitted."""

    person_id: int
    user_name: str
    name: str
    is_admitted: bool
    holds_key: bool
    #: Has an account with a key that somebody can let in.
    is_active: bool


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A desk as it is shown. `can_receive`: enough admitted members hold the key in use."""

    id: int
    name_zh: str
    name_en: str
    kind: str
    deputy_id: int | None
    deputy_name: str | None
    generation: int | None
    needs_renewal: bool
    can_receive: bool
    seats: tuple[Seat, ...]


@dataclass(frozen=True, slots=True)
class Renewals:
    """What there is to do about worn keys in a deputy's, head's or oversight member's session.

    `closed`: accepted cases that the person cannot open before somebody else made their new keys; `by`: who can.
    """

    desks: tuple[DeskRow, ...]
    cases: int
    blind_key: bool
    closed: int = 0
    by: tuple[str, ...] = ()


def find(desk_id: int) -> Desk:
    """The desk of this id; raises NotFound."""
    desk = Desk.get_or_none(Desk.id == desk_id)
    if desk is None:
        raise NotFound("desk")
    return desk


# --- make and change -------------------------------------------------------------------------------------------


@use_case
def make(
    by: Acting, name_zh: str, name_en: str, *, kind: str = "intake", deputy_id: int | None = None
) -> DeskRow:
    """A new desk of one of MADE_LATER. It receives nothing before a deputy or head has made its key and let members in.

    Raises Invalid('kind', …): an office has one archive desk at most.
    """
    access.require(by, "desks.make")
    if kind not in MADE_LATER:
        raise Invalid("kind", "unknown")
    if kind == "archive" and grants.archive_desk() is not None:
        raise Invalid("kind", "archive_exists")
    return to_row(make_desk(name_zh, name_en, kind, by=by.person_id, deputy=_deputy(deputy_id)))


def make_desk(name_zh: str, name_en: str, kind: str, *, by: int | None, deputy: Person | None = None) -> Desk:
    """Write a desk's row; in the caller's transaction."""
    row = Desk.create(
        name_zh=names.clean(name_zh, "name_zh"),
        name_en=names.clean(name_en, "name_en", may_be_empty=True),
        kind=kind,
        deputy=deputy,
        recorded_at=clock.now(),
    )
    ledger.append("other", "desk", row, by=by)
    return row


def _deputy(person_id: int | None) -> Person | None:
    if person_id is None:
        return None
    person = Person.get_or_none(Person.id == person_id)
    if person is None or person.role != "deputy" or person.state == "deactivated":
        raise Invalid("deputy_id", "not_a_deputy")
    return person


@use_case
def rename(by: Acting, desk_id: int, name_zh: str, name_en: str) -> DeskRow:
    """Call a desk by another name."""
    desk = find(desk_id)
    access.require(by, "desks.rename", desk)
    desk.name_zh = names.clean(name_zh, "name_zh")
    desk.name_en = names.clean(name_en, "name_en", may_be_empty=True)
    desk.save()
    ledger.append("other", "desk_renamed", desk, by=by.person_id)
    return to_row(desk)


@use_case
def change_deputy(by: Acting, desk_id: int, deputy_id: int) -> int | None:
    """Move a desk to another line. The head's word is enough; an administrator's waits for the head or the desk's
    deputy of now. Returns the id of the confirmation, None when it is done.
    """
    desk = find(desk_id)
    access.require(by, "desks.change_deputy", desk)
    deputy = _deputy(deputy_id)
    if deputy is None or desk.kind == "oversight":
        raise Invalid("deputy_id", "not_a_deputy")
    if desk.deputy_id == deputy.id:
        raise Conflict("same_deputy")
    return confirmations.ask_or_do(by, "desk_deputy", {"desk": desk.id, "deputy": deputy.id})


def lead_unled(by: Acting, deputy: Person) -> None:
    """Give the desks that have no deputy yet to the one the head lets in: every desk needs a line (vault: line)."""
    for desk in Desk.select().where(Desk.deputy.is_null(), Desk.kind != "oversight"):
        desk.deputy = deputy
        desk.save()
        ledger.append("key", "desk_deputy", desk, by=by.person_id)


@use_case
def ask_seat(by: Acting, desk_id: int, person_id: int) -> None:
    """Wish for a seat at a desk; it is real once a sitting deputy, head or oversight member admits it."""
    desk, person = find(desk_id), Person.get_or_none(Person.id == person_id)
    access.require(by, "desks.ask_seat", desk)
    if person is None or person.state == "deactivated":
        raise NotFound("person")
    wish_seat(desk, person, by.person_id)


def wish_seat(desk: Desk, person: Person, by: int | None) -> DeskMember:
    """Write the wish for a seat, or find the seat there is. Raises Invalid where the role may not sit there."""
    fits = person.role == "oversight" if desk.kind == "oversight" else person.role in DESK_ROLES
    if not fits:
        raise Invalid("desk_id", "role_does_not_fit")
    row = seat_of(desk, person)
    if row is None:
        row = DeskMember.create(desk=desk, person=person, asked_by=by, recorded_at=clock.now())
        ledger.append("key", "seat_wished", row, by=by)
    return row


def seat_of(desk: Desk, person: Person) -> DeskMember | None:
    """A person's seat at a desk, wished for or real."""
    return DeskMember.get_or_none(
        DeskMember.desk == desk, DeskMember.person == person, DeskMember.ended_at.is_null()
    )


def of_person(person: Person) -> list[Desk]:
    """The desks where a person has a seat, wished for or real."""
    seats = DeskMember.select(DeskMember.desk).where(
        DeskMember.person == person, DeskMember.ended_at.is_null()
    )
    return list(Desk.select().where(Desk.id.in_(seats)).order_by(Desk.id))


@use_case
def end_seat(by: Acting, desk_id: int, person_id: int) -> None:
    """End a seat at once; the desk's key and its cases then wait for new keys.

    An administrator may, and whoever stands over the desk: the head and the deputy have no say in the oversight desk.
    """
    desk = find(desk_id)
    access.require(by, "desks.end_seat", desk)
    if by.role != "admin":
        require_line(by, desk)
    row = DeskMember.get_or_none(
        DeskMember.desk == desk, DeskMember.person == person_id, DeskMember.ended_at.is_null()
    )
    if row is None:
        raise NotFound("seat")
    keyholding.hold(row.person)
    keyholding.end_seat(row, by.person_id)


# --- keys ------------------------------------------------------------------------------------------------------


def require_line(by: Acting, desk: Desk) -> None:
    """The acting person must be let in and stand over this desk: its deputy or the head; for the oversight desk,
    a sitting member, whose seat somebody admitted. Raises NotAllowed.
    """
    if not _stands_over(keyholding.require_sitting(by, "deputy", "head", "oversight"), desk):
        raise NotAllowed("line")


def _stands_over(person: Person, desk: Desk) -> bool:
    if desk.kind == "oversight":
        return person.role == "oversight" and person in keyholding.members(desk)
    return person.role == "head" or (person.role == "deputy" and desk.deputy_id == person.id)


@use_case
def make_key(by: Acting, desk_id: int) -> DeskRow:
    """The first key of a new desk, made by its deputy or the head."""
    desk = find(desk_id)
    access.require(by, "desks.make_key", desk)
    require_line(by, desk)
    if desk.kind == "oversight":
        raise NotAllowed("desks.make_key")
    if grants.recovery_key() is None:
        raise Conflict("no_recovery_key")
    if grants.desk_key(desk) is not None:
        raise Conflict("key_exists")
    keyholding.make_desk_key(desk, by.person_id)
    return to_row(desk)


@use_case
def renew_key(by: Acting, desk_id: int) -> DeskRow:
    """The next generation of a desk's key, sealed to its admitted members of now; reports to come use it."""
    desk = find(desk_id)
    access.require(by, "desks.renew_key", desk)
    require_line(by, desk)
    if not DeskKey.select().where(DeskKey.desk == desk).exists():
        raise Conflict("no_key")
    keyholding.make_desk_key(desk, by.person_id)
    return to_row(desk)


@use_case
def renew_blind_key(by: Acting) -> None:
    """The next generation of the blind-index key, after a holder left."""
    access.require(by, "desks.renew_blind_key")
    keyholding.require_sitting(by, "deputy", "head")
    keyholding.make_blind_key(by.person_id)


@use_case
def make_oversight_key(by: Acting) -> DeskRow:
    """The oversight desk's first key: made by its outside member in the first session, never sealed to recovery."""
    access.require(by, "desks.make_oversight_key")
    person, desk = keyholding.require_sitting(by, "oversight"), keyholding.oversight_desk()
    if not person.is_outside:
        raise NotAllowed("desks.make_oversight_key")
    if desk is None:
        raise NotFound("desk")
    if DeskKey.select().where(DeskKey.desk == desk).exists():
        raise Conflict("key_exists")
    make_seat_real(wish_seat(desk, person, person.id), by.person_id)
    keyholding.make_desk_key(desk, by.person_id)
    return to_row(desk)


def make_seat_real(row: DeskMember, by: int) -> None:
    """Admit a seat; in the caller's transaction, which then gives its holder the keys."""
    if row.admitted_at is None:
        row.person_key = keyholding.current_key(row.person)
        row.admitted_at, row.admitted_by = clock.now(), Person.get_by_id(by)
        row.save()
        ledger.append("key", "seat_admitted", row, by=by)


# --- identity holders --------------------------------------------------------------------------------------------


@use_case
def name_holder(by: Acting, person_id: int) -> int | None:
    """Name who holds the first half of identity keys. The head's word is enough; an administrator's waits for it.

    Returns the id of the confirmation, None when it is done.
    """
    person = Person.get_or_none(Person.id == person_id)
    access.require(by, "desks.name_holder", person)
    if person is None or person.state != "active" or person.role not in keyholding.CASEWORK_ROLES:
        raise Invalid("person_id", "cannot_hold")
    return confirmations.ask_or_do(by, "identity_holder", {"person": person.id})


@reading
def list_fit_holders(by: Acting) -> list[tuple[int, str]]:
    """Who could hold identity halves besides the line of the cases: neither head nor deputy, with no seat at a desk
    and in charge of no case.

    In the line the lock would be no more than a page.
    """
    access.require(by, "desks.list_holders")
    held = {row.person_id for row in keyholding.holders()}
    in_charge = {case.officer_id for case in Case.select(Case.officer).distinct()}
    people = keyholding.sitting(*sorted(keyholding.CASEWORK_ROLES - {"head", "deputy"}))
    return [(row.id, row.name) for row in people if row.id not in held | in_charge and not of_person(row)]


@reading
def before_ending_holder(by: Acting, person_id: int) -> str:
    """The name of the holder, before the halves are taken; raises what `end_holder` would."""
    access.require(by, "desks.end_holder", Person.get_or_none(Person.id == person_id))
    return _holder_beside_others(person_id).name


@use_case
def end_holder(by: Acting, person_id: int) -> None:
    """Take the identity halves from a person. What the head held goes to the holders who remain; of what another
    person holds nothing is lost either: Conflict says so where nobody else has it yet.
    """
    access.require(by, "desks.end_holder", Person.get_or_none(Person.id == person_id))
    person = _holder_beside_others(person_id)
    keyholding.share(by)
    if count_held_alone(person):
        raise Conflict("halves_held_alone")
    keyholding.end_holder(person, by.person_id)


def _holder_beside_others(person_id: int) -> Person:
    """The holder of this id; raises NotFound, and Conflict for the only one there is."""
    named = {row.person_id: row.person for row in keyholding.holders()}
    if person_id not in named:
        raise NotFound("holder")
    if len(named) == 1:
        raise Conflict("last_holder")
    person: Person = named[person_id]
    return person


def is_holder(person: Person) -> bool:
    """Whether a person is named to hold the first half of identity keys; in the caller's transaction."""
    return any(row.person_id == person.id for row in keyholding.holders())


def is_last_holder(person: Person) -> bool:
    """Whether nobody else is who holds them and is let in; in the caller's transaction."""
    sitting = {row.person_id for row in keyholding.holders() if keyholding.is_admitted(row.person)}
    return is_holder(person) and not sitting - {person.id}


def count_held_alone(person: Person) -> int:
    """How many reports there are whose first half no other holder has: one of them was not let in yet, or the person
    did not sign in since they were named.
    """
    others = [row.person_id for row in keyholding.holders() if row.person_id != person.id]
    theirs = IdentitySeal.alias()
    shared = theirs.select(theirs.report).where(theirs.person.in_(others))
    own = IdentitySeal.select().where(IdentitySeal.person == person)
    return int(own.where(IdentitySeal.report.not_in(shared)).count())


@reading
def list_holders(by: Acting) -> list[tuple[int, str]]:
    """Who holds the first half of identity keys: id and name."""
    access.require(by, "desks.list_holders")
    return [(row.person_id, row.person.name) for row in keyholding.holders()]


# --- look --------------------------------------------------------------------------------------------------------


@reading
def list_desks(by: Acting | AsSystem) -> list[DeskRow]:
    """All desks with their seats."""
    access.require(by, "desks.list_desks")
    return [to_row(desk) for desk in Desk.select().order_by(Desk.id)]


@reading
def get(by: Acting, desk_id: int) -> DeskRow:
    """One desk with its seats."""
    desk = find(desk_id)
    access.require(by, "desks.get", desk)
    return to_row(desk)


@reading
def renewals(by: Acting) -> Renewals:
    """What waits for new keys in the acting person's line."""
    access.require(by, "desks.renewals")
    mine = _in_line(by)
    worn = {desk_id for desk_id, key in grants.desk_keys(mine).items() if key.needs_renewal}
    waiting = Case.select().where(Case.needs_new_keys, Case.desk.in_([desk.id for desk in mine]))
    waiting = waiting.where(Case.state != "archived")  # those are with who keeps the archive
    closed = waiting.where(Case.state.not_in(workflow.DESK_STATES)).where(
        Case.id.not_in(acting_heads.open_seals(by.person_id).select(CaseSeal.case))
    )
    return Renewals(
        desks=tuple(to_row(desk) for desk in mine if desk.id in worn),
        cases=waiting.count(),
        blind_key=_blind_key_waits(by),
        closed=closed.count(),
        by=_who_open(closed),
    )


def _who_open(cases: Any) -> tuple[str, ...]:
    """The names of those who can open some of these cases: of who leads, where one of them can."""
    seals = acting_heads.open_seals(Person.id).where(CaseSeal.case.in_(cases.select(Case.id)))
    people = list(Person.select().where(Person.state == "active", fn.EXISTS(seals)).order_by(Person.id))
    leading = [person for person in people if person.role in ("head", "deputy")]
    return tuple(person.name for person in leading or people)


@reading
def count_keys(by: Acting) -> int:
    """How many keys the acting person could make now: first and next ones of desks, and the blind index's."""
    access.require(by, "desks.renewals")
    mine = _in_line(by)
    current = grants.desk_keys(mine)
    first = sum(desk.id not in current and desk.kind != "oversight" for desk in mine)
    return first + sum(key.needs_renewal for key in current.values()) + _blind_key_waits(by)


def _in_line(by: Acting) -> list[Desk]:
    """The desks at which `require_line` lets the acting person pass; that the key is let in is asked once."""
    try:
        person = keyholding.require_sitting(by, "deputy", "head", "oversight")
    except NotAllowed:
        return []
    return [desk for desk in Desk.select().order_by(Desk.id) if _stands_over(person, desk)]


def _blind_key_waits(by: Acting) -> bool:
    return by.role in ("deputy", "head") and BlindKey.select().where(BlindKey.needs_renewal).exists()


def is_in_line(by: Acting, desk: Desk) -> bool:
    """Whether `require_line` lets it pass."""
    try:
        require_line(by, desk)
    except NotAllowed:
        return False
    return True


def to_row(desk: Desk) -> DeskRow:
    """A desk as it is shown; in the caller's transaction."""
    current = grants.desk_key(desk)
    return DeskRow(
        id=desk.id,
        name_zh=desk.name_zh,
        name_en=desk.name_en,
        kind=desk.kind,
        deputy_id=desk.deputy_id,
        deputy_name=None if desk.deputy is None else desk.deputy.name,
        generation=None if current is None else current.generation,
        needs_renewal=current is not None and current.needs_renewal,
        can_receive=keyholding.can_receive(desk),
        seats=tuple(_seats(desk, current)),
    )


def _seats(desk: Desk, current: DeskKey | None) -> list[Seat]:
    query = DeskMember.select(DeskMember, Person).join(Person, on=(DeskMember.person == Person.id))
    query = query.where(DeskMember.desk == desk, DeskMember.ended_at.is_null()).order_by(DeskMember.id)
    return [
        Seat(
            person_id=row.person_id,
            user_name=row.person.user_name,
            name=row.person.name,
            is_admitted=row.admitted_at is not None,
            holds_key=current is not None and keyholding.holds(current, row.person),
            is_active=row.person.state == "active",
        )
        for row in query
    ]
