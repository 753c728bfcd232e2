"""Who holds the keys of desks and of the office. The only place that writes DeskSeal, BlindSeal and IdentityHolder.

A desk's private key is sealed to its admitted members and, but for the oversight desk, to the recovery key: to
nobody else, not even to the deputy or head who makes it. So whoever lets a member in without sitting at the desk
cannot pass the key on; a new generation is made instead, sealed to all members, and a sitting member's next session
passes on the older ones (`share`). Case keys are not granted here but in `grants`.
"""

from collections import Counter
from collections.abc import Iterable, Sequence, Set
from contextlib import suppress
from typing import Any

from peewee import JOIN, fn

from whistle import clock
from whistle.services import (
    archive,
    askings,
    contexts,
    grants,
    identity,
    interference,
    ledger,
    overtaking,
    recusal,
)
from whistle.services.access import Acting
from whistle.services.errors import NotAllowed
from whistle.store.base import Table
from whistle.store.cases import Case, CaseSeal, seals_open_to
from whistle.store.database import lock_row
from whistle.store.desks import BlindKey, BlindSeal, Desk, DeskKey, DeskMember, DeskSeal, IdentityHolder
from whistle.store.people import Admission, Person, PersonKey
from whistle.store.reports import IdentitySeal, Report
from whistle.vault import envelope, keys
from whistle.vault.errors import VaultError

#: Roles that may come to hold a content key, so that somebody must have let them in.
CONTENT_ROLES = frozenset({"intake", "officer", "reviewer", "deputy", "head", "supervisor", "oversight"})
#: Roles that look names up in the blind index.
CASEWORK_ROLES = frozenset({"intake", "officer", "reviewer", "deputy", "head"})
#: Members who hold the key that a desk needs before it takes anything, by its kind: oversight and archive are never one
#: person alone.
LEAST_MEMBERS = {"intake": 1, "archive": archive.MEMBERS_AT_LEAST, "oversight": 2}


# --- persons -------------------------------------------------------------------------------------------------


def current_key(person: Person) -> PersonKey | None:
    """A person's key in use, admitted or not."""
    query = PersonKey.select().where(PersonKey.person == person).where(PersonKey.retired_at.is_null())
    row: PersonKey | None = query.order_by(PersonKey.id.desc()).first()
    return row


def is_admitted(person: Person) -> bool:
    """Whether keys may be sealed to this person."""
    return grants.admitted_key(person) is not None


def require_sitting(by: Acting, *roles: str) -> Person:
    """The acting person, who must hold one of `roles` and be let in; raises NotAllowed."""
    person = Person.get_by_id(by.person_id)
    if person.role not in roles or not is_admitted(person):
        raise NotAllowed("sitting")
    return person


def sitting(*roles: str) -> list[Person]:
    """The active people of these roles who have been let in."""
    query = Person.select().where(Person.role.in_(roles)).where(Person.state == "active").order_by(Person.id)
    return [person for person in query if is_admitted(person)]


def seal_to_recovery(person: Person, row: PersonKey, seed: bytes) -> None:
    """Seal a person's key to the recovery key where there is one; never the key of an oversight member.

    The head holds the sheet: with an oversight member's key it would open what is kept from the head.
    """
    recovery = grants.recovery_key()
    if recovery is None or person.role == "oversight" or row.sealed_to_recovery is not None:
        return
    context = contexts.person_to_recovery(person.id, keys.short_code(row.public))
    row.sealed_to_recovery = envelope.seal_to(recovery.public, seed, context)
    row.save(only=[PersonKey.sealed_to_recovery])
    ledger.append("key", "person_key_to_recovery", row, by=person.id)


# --- desks ---------------------------------------------------------------------------------------------------


def members(desk: Desk) -> list[Person]:
    """The people who may be sealed to and whose seat at the desk was admitted for the key they use."""
    return [seat.person for seat in _real(_claimed_seats([desk]))]


def _claimed_seats(desks: Iterable[Desk], *narrowed: Any) -> list[DeskMember]:
    rows = (
        DeskMember.select(DeskMember, Person)
        .join(Person, on=DeskMember.person)
        .where(DeskMember.desk.in_([desk.id for desk in desks]))
        .where(DeskMember.admitted_at.is_null(False))
        .where(DeskMember.ended_at.is_null(), *narrowed)
        .order_by(DeskMember.id)
    )
    return list(rows)


def _real(seats: Sequence[DeskMember]) -> list[DeskMember]:
    """The seats that, as the log knows them, belong to a key that was let in."""
    admissions = grants.claimed_admissions(seat.person for seat in seats)
    known = ledger.matching([*seats, *admissions, *(row.key for row in admissions)])
    return _held(seats, admissions, set(known))


def _held(
    seats: Sequence[DeskMember], admissions: Sequence[Admission], known: Set[Table]
) -> list[DeskMember]:
    used = {person_id: key.id for person_id, key in grants.real_admissions(admissions, known).items()}
    return [
        seat
        for seat in seats
        if seat in known and seat.person_id in used and seat.person_key_id == used[seat.person_id]
    ]


def make_desk_key(desk: Desk, by: int) -> DeskKey:
    """The next generation of a desk's key, sealed to its admitted members; older ones stay with who has them."""
    pair = keys.new_pair()
    newest = DeskKey.select(fn.MAX(DeskKey.generation)).where(DeskKey.desk == desk).scalar()
    generation = (newest or 0) + 1
    _retire_desk_keys(desk, by)
    row = DeskKey.create(
        desk=desk,
        generation=generation,
        public=pair.public,
        sealed_to_recovery=_desk_to_recovery(desk, generation, pair.seed),
        made_by=by,
        recorded_at=clock.now(),
    )
    ledger.append("key", "desk_key", row, by=by, code=keys.short_code(pair.public))
    for person in members(desk):
        _seal_desk(row, pair.seed, person, by)
    return row


def _retire_desk_keys(desk: Desk, by: int) -> None:
    for old in DeskKey.select().where(DeskKey.desk == desk).where(DeskKey.retired_at.is_null()):
        old.retired_at, old.needs_renewal = clock.now(), False
        old.save()
        ledger.append("key", "desk_key_retired", old, by=by)


def _desk_to_recovery(desk: Desk, generation: int, seed: bytes) -> bytes | None:
    recovery = grants.recovery_key()
    if desk.kind == "oversight" or recovery is None:
        return None
    return envelope.seal_to(recovery.public, seed, contexts.desk_to_recovery(desk.id, generation))


def _seal_desk(row: DeskKey, seed: bytes, person: Person, by: int) -> None:
    """Seal a desk's key to a member who lacks it; nothing happens for a key or a seat that nobody let in.

    The seat is looked at once the person is held: it may have ended since the caller read it.
    """
    person_key = grants.key_to_seal_to(person)
    if person_key is None or not _real(_claimed_seats([row.desk], DeskMember.person == person)):
        return
    if DeskSeal.select().where(DeskSeal.desk_key == row, DeskSeal.person_key == person_key).exists():
        return
    DeskSeal.delete().where(DeskSeal.desk_key == row, DeskSeal.person == person).execute()
    sealed = envelope.seal_to(person_key.public, seed, grants.desk_seal_context(row, person_key.id))
    DeskSeal.create(desk_key=row, person=person, person_key=person_key, sealed=sealed)
    ledger.append("key", "desk_granted", None, by=by, desk_key=row.id, person=person.id)


def seat(by: Acting, desk: Desk, person: Person) -> None:
    """Give a newly admitted member the desk's keys: those the acting person holds, or else a new generation."""
    pass_on(by, desk, person)
    current = grants.desk_key(desk)
    has_current = current is not None and holds(current, person)
    if not has_current and is_admitted(person):
        make_desk_key(desk, by.person_id)
    if desk.kind == "archive":
        grants.owe_archive()


def pass_on(by: Acting, desk: Desk, person: Person) -> None:
    """Seal every generation of the desk's key that the acting person can open to another member."""
    for row in DeskKey.select().where(DeskKey.desk == desk).order_by(DeskKey.generation):
        seed = grants.desk_private(by, row)
        if seed is not None and ledger.matches(row) and keys.pair_from_seed(seed).public == row.public:
            _keep_cases_from(by, row, person)
            _seal_desk(row, seed, person, by.person_id)


def _keep_cases_from(by: Acting, row: DeskKey, person: Person) -> None:
    """Take from under a desk's key, before a newcomer gets it, what the newcomer must not read.

    Such cases get new keys, sealed to the other members one by one. Those the acting person must not open either stay:
    `grants.case_key` opens them for nobody whom they name.
    """
    under = CaseSeal.select(CaseSeal.case).where(CaseSeal.desk_key == row)
    for locked in list(lock_row(Case.select().where(Case.id.in_(under)).order_by(Case.id))):
        case = Case.get_by_id(locked.id)  # read anew: what was merged into one of them got new keys with it
        with suppress(NotAllowed):
            key = grants.case_key(by, case)
            if grants.is_kept_out(case, key, person):
                grants.renew(case, key)


def holds(row: DeskKey, person: Person) -> bool:
    """Whether a person has a seal of this desk key."""
    return DeskSeal.select().where(DeskSeal.desk_key == row, DeskSeal.person == person).exists()


def share(by: Acting) -> None:
    """In a sitting member's session: pass on what other admitted members of the same desks, or of casework, and
    other identity holders lack.
    """
    at_desks, at_casework = _lacking_desk_keys(by.person_id), _lacking_blind_keys(by.person_id)
    halves = _lacking_halves(by)
    if not (at_desks or at_casework or halves) or not is_admitted(Person.get_by_id(by.person_id)):
        return
    for member in at_desks:
        if _real([member]):
            pass_on(by, member.desk, member.person)
    opened = blind_keys(by) if at_casework else {}
    for person in at_casework:
        pass_on_blind(opened, person, by.person_id)
    for seal, person in halves:
        _pass_on_half(by, seal, person)


def _lacking_desk_keys(person_id: int) -> list[DeskMember]:
    """Admitted seats beside a person's own whose holder lacks a desk key that the person has."""
    mine, theirs = DeskSeal.alias(), DeskSeal.alias()
    return list(
        DeskMember.select()
        .join(DeskKey, on=(DeskKey.desk == DeskMember.desk))
        .join(mine, on=((mine.desk_key == DeskKey.id) & (mine.person == person_id)))
        .join(
            theirs,
            JOIN.LEFT_OUTER,
            on=((theirs.desk_key == DeskKey.id) & (theirs.person == DeskMember.person)),
        )
        .where(theirs.id.is_null())
        .where(DeskMember.person != person_id)
        .where(DeskMember.admitted_at.is_null(False))
        .where(DeskMember.ended_at.is_null())
        .distinct()
    )


def _lacking_blind_keys(person_id: int) -> list[Person]:
    """Active people of casework who lack a generation of the blind-index key that a person has."""
    mine, theirs = BlindSeal.alias(), BlindSeal.alias()
    held = mine.select(mine.blind_key).where(mine.person == person_id)
    count = theirs.select(fn.COUNT(theirs.id)).where(theirs.person == Person.id, theirs.blind_key.in_(held))
    return list(
        Person.select()
        .where(Person.role.in_(CASEWORK_ROLES))
        .where(Person.state == "active")
        .where(Person.id != person_id)
        .where(count < BlindSeal.select().where(BlindSeal.person == person_id).count())
    )


def own_people_open() -> bool:
    """Whether reports on the office's own people can be taken in."""
    desk = oversight_desk()
    return desk is not None and can_receive(desk)


def oversight_desk() -> Desk | None:
    """The desk for reports on the office's own people."""
    row: Desk | None = Desk.select().where(Desk.kind == "oversight").order_by(Desk.id).first()
    return row


def can_receive(desk: Desk) -> bool:
    """Whether a report sent to this desk could be read there."""
    return desk.id in receiving([desk])


def receiving(desks: Iterable[Desk]) -> set[int]:
    """The desks, by id, where a report sent now could be read: enough admitted members hold the key in use.

    Public pages ask this: it is a fixed number of questions whatever the number of desks, and one of them to the log.
    """
    desks = list(desks)
    newest, seats = grants.claimed_desk_keys(desks), _claimed_seats(desks)
    admissions = grants.claimed_admissions(seat.person for seat in seats)
    known = set(ledger.matching([*newest, *seats, *admissions, *(row.key for row in admissions)]))
    current = {row.desk_id: row for row in newest if row in known}
    in_use = DeskSeal.desk_key.in_([key.id for key in current.values()])
    seals = set(DeskSeal.select(DeskSeal.desk_key, DeskSeal.person).where(in_use).tuples())
    holding = Counter(
        seat.desk_id
        for seat in _held(seats, admissions, known)
        if seat.desk_id in current and (current[seat.desk_id].id, seat.person_id) in seals
    )
    return {desk.id for desk in desks if holding[desk.id] >= LEAST_MEMBERS[desk.kind]}


# --- the blind-index key ----------------------------------------------------------------------------------------


def make_blind_key(by: int) -> BlindKey:
    """The next generation of the blind-index key, sealed to the admitted people of casework."""
    key, newest, recovery = keys.new_key(), _newest_blind(), grants.recovery_key()
    generation = 1 if newest is None else newest.generation + 1
    to_recovery = None
    if recovery is not None:
        to_recovery = envelope.seal_to(recovery.public, key, contexts.blind_key("recovery", generation))
    if newest is not None:
        newest.needs_renewal = False
        newest.save(only=[BlindKey.needs_renewal])
    row = BlindKey.create(
        generation=generation,
        made_by=by,
        sealed_to_recovery=to_recovery,
        recorded_at=clock.now(),
        force_insert=True,
    )
    ledger.append("key", "blind_key", row, by=by)
    for person in sitting(*sorted(CASEWORK_ROLES)):
        _seal_blind(row, key, person, by)
    return row


def _newest_blind() -> BlindKey | None:
    row: BlindKey | None = BlindKey.select().order_by(BlindKey.generation.desc()).first()
    return row


def _seal_blind(row: BlindKey, key: bytes, person: Person, by: int) -> None:
    person_key = grants.key_to_seal_to(person)
    if person_key is None:
        return
    if BlindSeal.select().where(BlindSeal.blind_key == row, BlindSeal.person_key == person_key).exists():
        return
    BlindSeal.delete().where(BlindSeal.blind_key == row, BlindSeal.person == person).execute()
    context = contexts.blind_key(f"person-key:{person_key.id}", row.generation)
    sealed = envelope.seal_to(person_key.public, key, context)
    BlindSeal.create(blind_key=row, person=person, person_key=person_key, sealed=sealed)
    ledger.append("key", "blind_granted", None, by=by, generation=row.generation, person=person.id)


def blind_keys(by: Acting) -> dict[int, bytes]:
    """The generations of the blind-index key that this person holds."""
    found: dict[int, bytes] = {}
    seals = BlindSeal.select().where(BlindSeal.person == by.person_id, BlindSeal.person_key == by.key_id)
    for row in seals:
        context = contexts.blind_key(f"person-key:{by.key_id}", row.blind_key_id)
        try:
            found[row.blind_key_id] = envelope.open_with(by.seed, row.sealed, context)
        except VaultError:
            continue
    return found


def pass_on_blind(opened: dict[int, bytes], person: Person, by: int) -> None:
    """Seal the generations of the blind-index key in `opened` to a person of casework."""
    if person.role in CASEWORK_ROLES:
        for generation, key in sorted(opened.items()):
            _seal_blind(BlindKey.get_by_id(generation), key, person, by)


# --- identity holders ----------------------------------------------------------------------------------------


def holders() -> list[IdentityHolder]:
    """Who is named to hold the first half of identity keys now."""
    return list(IdentityHolder.select().where(IdentityHolder.ended_at.is_null()).order_by(IdentityHolder.id))


def name_holder(person: Person, by: int) -> None:
    """Let a person hold the first half of identity keys of reports to come; nothing is done for who holds already."""
    if any(row.person_id == person.id for row in holders()):
        return
    row = IdentityHolder.create(person=person, named_by=by, recorded_at=clock.now())
    ledger.append("key", "identity_holder", row, by=by)


def end_holder(person: Person, by: int | None) -> None:
    """Take the identity halves from a person."""
    for row in holders():
        if row.person_id == person.id:
            row.ended_at = clock.now()
            row.save()
            ledger.append("key", "identity_holder_ended", row, by=by)
    identity.leave(person)


def _lacking_halves(by: Acting) -> list[tuple[IdentitySeal, Person]]:
    """The halves this person holds, each with a fellow who has none of that report: another holder, or for reports on
    the office's own people another member of the oversight desk.
    """
    named = [row.person for row in holders()]
    desk = oversight_desk() if by.role == "oversight" else None
    fellows = named if desk is None else members(desk)
    if by.person_id not in {person.id for person in fellows}:
        return []
    fellows = [person for person in fellows if person.id != by.person_id]
    theirs = IdentitySeal.alias()
    flagged = Report.is_flagged if by.role == "oversight" else ~Report.is_flagged
    own = IdentitySeal.select().join(Report).where(IdentitySeal.person_key == by.key_id).where(flagged)
    return [
        (seal, fellow)
        for fellow in fellows
        for seal in own.where(
            IdentitySeal.report.not_in(theirs.select(theirs.report).where(theirs.person == fellow.id))
        )
    ]


def _pass_on_half(by: Acting, seal: IdentitySeal, person: Person) -> None:
    context = contexts.identity_half(seal.report_id, f"person-key:{by.key_id}")
    identity.seal_half(seal.report, envelope.open_with(by.seed, seal.sealed, context), person)


# --- leaving -------------------------------------------------------------------------------------------------


def hold(person: Person) -> Person:
    """Lock a person with the desks and cases that `strip` or `end_seat` will touch, and read the person anew.

    Comes before a transaction's first leaf. Whoever seals to the person or to those desks meanwhile either commits
    first, so that what was sealed is found, or finds them locked and seals nothing (`grants.key_to_seal_to`).
    """
    held: Person = lock_row(Person.select().where(Person.id == person.id)).get()
    seats = DeskMember.select(DeskMember.desk).where(DeskMember.person == held, DeskMember.ended_at.is_null())
    list(lock_row(Desk.select().where(Desk.id.in_(seats)).order_by(Desk.id)))
    concerned = Case.id.in_(_ids_open_to(held)) | Case.id.in_(overtaking.cases_of(held))
    list(lock_row(Case.select().where(concerned).order_by(Case.id)))
    return held


def strip(person: Person, by: int | None) -> int:
    """Take every seal, seat and admission from a person at once; returns how many cases now wait for new keys.

    The caller holds the person (`hold`). Proposals that wait for the person, or were made by the person, end.

    Needs no key, so an administrator can do it. What the person knew is marked: desk keys and the blind-index key
    for a new generation, cases for new keys, all made later in the session of somebody who holds them.
    """
    concerned = _cases_open_to(person)
    for case in concerned:
        grants.revoke(case, person=person)
        grants.mark(case)
    overtaking.of_person(person, by)
    recusal.take_from(person)
    interference.take_from(person)
    for member in DeskMember.select().where(DeskMember.person == person, DeskMember.ended_at.is_null()):
        end_seat(member, by)
    DeskSeal.delete().where(DeskSeal.person == person).execute()
    if BlindSeal.delete().where(BlindSeal.person == person).execute():
        BlindKey.update(needs_renewal=True).where(BlindKey.generation == _newest_generation()).execute()
    end_holder(person, by)
    askings.end_lost(concerned, by)
    end_admissions(person, by)
    return len(concerned)


def _newest_generation() -> int:
    newest = _newest_blind()
    return 0 if newest is None else newest.generation


def count_open_to(person: Person) -> int:
    """How many cases a person can open, all of which want new keys when the person leaves."""
    return Case.select().where(Case.id.in_(_ids_open_to(person))).count()


def _cases_open_to(person: Person) -> list[Case]:
    return list(Case.select().where(Case.id.in_(_ids_open_to(person))).order_by(Case.id))


def _ids_open_to(person: Person) -> Any:
    return seals_open_to(person.id).select(CaseSeal.case)


def end_seat(member: DeskMember, by: int | None) -> None:
    """End a seat, take the desk's keys from who had it, and mark them and the desk's cases for new keys.

    The caller holds the person (`hold`).
    """
    member.ended_at = clock.now()
    member.save()
    ledger.append("key", "seat_ended", member, by=by)
    cases = _take_cases_of_seat(member)
    of_desk = DeskKey.select(DeskKey.id).where(DeskKey.desk == member.desk_id)
    seals = DeskSeal.delete().where(DeskSeal.person == member.person_id)
    if seals.where(DeskSeal.desk_key.in_(of_desk)).execute():
        newest = DeskKey.update(needs_renewal=True).where(DeskKey.desk == member.desk_id)
        newest.where(DeskKey.retired_at.is_null()).execute()
    if member.desk.kind == "oversight":
        identity.leave(member.person, flagged=True)
    askings.end_lost(cases, by)


def leave_line(desk: Desk, deputy: Person) -> None:
    """Take the desk's cases from a deputy in whose line it no longer stands; they want new keys.

    The next one of the line gets them with somebody's next act on them, or when their keys are renewed.
    """
    held = CaseSeal.select(CaseSeal.case).where(CaseSeal.person == deputy)
    for case in lock_row(Case.select().where(Case.desk == desk, Case.id.in_(held)).order_by(Case.id)):
        overtaking.of_person_in(case, deputy)
        grants.revoke(case, person=deputy)
        grants.mark(case)
        askings.end_lost([case])


def _take_cases_of_seat(member: DeskMember) -> list[Case]:
    """The desk's cases want new keys; those sealed to the person for the seat's sake are taken back."""
    is_archive = member.desk.kind == "archive"
    cases = [
        case
        for case in _cases_open_to(member.person)
        if (case.state == "archived" if is_archive else case.desk_id == member.desk_id)
    ]
    for case in cases:
        grants.revoke(case, person=member.person, reasons=("archive" if is_archive else "desk",))
        grants.mark(case)
    return cases


def end_admissions(person: Person, by: int | None) -> None:
    """End every admission of a person's keys."""
    of_person = PersonKey.select(PersonKey.id).where(PersonKey.person == person)
    for row in Admission.select().where(Admission.key.in_(of_person), Admission.ended_at.is_null()):
        row.ended_at = clock.now()
        row.save()
        ledger.append("key", "admission_ended", row, by=by)


def retire_keys(person: Person, by: int | None) -> None:
    """Put a person's key out of use for ever; its private half stays sealed where it is."""
    for row in PersonKey.select().where(PersonKey.person == person, PersonKey.retired_at.is_null()):
        row.retired_at = clock.now()
        row.save()
        ledger.append("key", "person_key_retired", row, by=by)
