"""Case keys: made, granted, taken back and renewed. The only place that writes a grant of a case.

A grant is the newest case key sealed to a desk, a person, the recovery key or the superior's key. Nothing is sealed
to a person whose key was not admitted for the role held now, to a key that the log does not know, or to anybody
who is shut out. Taking a grant back deletes the seal; `renew` then makes new keys for all that is written later.
"""

from collections.abc import Iterable, Sequence, Set
from typing import Any

from whistle import clock
from whistle.rules import workflow
from whistle.rules.naming import is_named
from whistle.services import contexts, ledger
from whistle.services.access import Acting, AsReporter, cleared_of, is_shut_out, not_shut_out_of
from whistle.services.errors import Conflict, NotAllowed
from whistle.store.base import Table
from whistle.store.cases import Case, CaseKey, CaseSeal
from whistle.store.database import lock_row, share_row
from whistle.store.desks import Desk, DeskKey, DeskMember, DeskSeal, IdentityHolder, SuperiorKey
from whistle.store.people import Admission, Person, PersonKey, RecoveryKey
from whistle.store.reports import Identity, IdentitySeal, Report, ReportKey
from whistle.vault import envelope, keys
from whistle.vault.errors import VaultError

#: Reasons of a seal that belong to the time before acceptance.
BEFORE_ACCEPTANCE = ("desk", "proposal", "recusal")

#: The answers in which a reporter names people who must not read: as such, and as those it is about. Whoever only bears
#: the name of one it is about can be let in.
WISHED_OUT, ABOUT = "persons_shut_out", "people"
NAMING_ANSWERS = (WISHED_OUT, ABOUT)


def make_case_key(case: Case) -> bytes:
    """A new case key of `case.key_generation` with its box; the older key, if any, is chained by `renew`."""
    key, box = keys.new_key(), keys.new_pair()
    row = CaseKey.create(
        case=case,
        generation=case.key_generation,
        box_public=box.public,
        sealed_box_private=envelope.seal_record(
            key, box.seed, contexts.case_box(case.id, case.key_generation)
        ),
        made_on=clock.today(),
    )
    ledger.append("key", "case_key", row)
    return key


def admitted_key(person: Person) -> PersonKey | None:
    """The key that may be sealed to: the current one, admitted for the role held now, as the log knows it."""
    return admitted_keys([person]).get(person.id)


def admitted_keys(people: Iterable[Person]) -> dict[int, PersonKey]:
    """The keys that may be sealed to, by person; nobody else of these people may come to hold anything."""
    latest = claimed_admissions(people)
    return real_admissions(latest, set(ledger.matching([*latest, *(row.key for row in latest)])))


def real_admissions(claimed: Sequence[Admission], known: Set[Table]) -> dict[int, PersonKey]:
    """The keys of those admissions that the log knows, key and admission both, by person."""
    return {row.key.person_id: row.key for row in claimed if {row, row.key} <= known}


def claimed_admissions(people: Iterable[Person]) -> list[Admission]:
    """The newest admission of each active person's key for the role held now, before the log was asked."""
    active = {person.id: person for person in people if person.state == "active"}
    if not active:
        return []
    rows = (
        Admission.select(Admission, PersonKey)
        .join(PersonKey)
        .where(PersonKey.person.in_(list(active)))
        .where(PersonKey.retired_at.is_null())
        .where(Admission.ended_at.is_null())
        .order_by(Admission.id)
    )
    newest = {row.key.person_id: row for row in rows if row.role == active[row.key.person_id].role}
    return list(newest.values())


def key_to_seal_to(person: Person) -> PersonKey | None:
    """`admitted_key` for somebody about to get a seal, who cannot be stripped of it before this transaction has ended.

    None too for whoever is being stripped right now: either that transaction sees the seal, or this one makes none.
    """
    steady = share_row(Person.select().where(Person.id == person.id)).first()
    return None if steady is None else admitted_key(steady)


def desk_key(desk: Desk) -> DeskKey | None:
    """The desk's newest key, as the log knows it."""
    return desk_keys([desk]).get(desk.id)


def desk_keys(desks: Iterable[Desk]) -> dict[int, DeskKey]:
    """The newest keys of some desks, by desk, where the log knows them."""
    return {row.desk_id: row for row in ledger.matching(claimed_desk_keys(desks))}


def claimed_desk_keys(desks: Iterable[Desk]) -> list[DeskKey]:
    """The newest keys of some desks, before the log was asked."""
    rows = (
        DeskKey.select()
        .where(DeskKey.desk.in_([desk.id for desk in desks]))
        .where(DeskKey.retired_at.is_null())
        .order_by(DeskKey.generation)
    )
    return list({row.desk_id: row for row in rows}.values())


def recovery_key() -> RecoveryKey | None:
    """The office's recovery key: in force once its sheet was typed back, and as the log knows it."""
    query = RecoveryKey.select().where(
        RecoveryKey.checked_at.is_null(False), RecoveryKey.retired_at.is_null()
    )
    row = query.order_by(RecoveryKey.id.desc()).first()
    return row if row is not None and ledger.matches(row) else None


def superior_key() -> SuperiorKey | None:
    """The superior's key, once a second member confirmed it, as the log knows it."""
    query = SuperiorKey.select().where(
        SuperiorKey.confirmed_at.is_null(False), SuperiorKey.retired_at.is_null()
    )
    row = query.order_by(SuperiorKey.id.desc()).first()
    return row if row is not None and ledger.matches(row) else None


def desk_people(desk: Desk) -> list[Person]:
    """The people with an admitted seat at a desk."""
    return list(
        Person.select()
        .join(DeskMember, on=(DeskMember.person == Person.id))
        .where(DeskMember.desk == desk)
        .where(DeskMember.admitted_at.is_null(False))
        .where(DeskMember.ended_at.is_null())
        .where(Person.state == "active")
        .order_by(Person.id)
    )


def line_people(desk: Desk) -> list[Person]:
    """The line above a desk: its deputy and the head. Above the oversight desk stands nobody of the office."""
    if desk.kind == "oversight":
        return []
    people = [desk.deputy] if desk.deputy is not None else []
    people += list(Person.select().where(Person.role == "head").where(Person.state == "active"))
    return people


def units_of_readers(desk: Desk) -> set[int | None]:
    """The units that `desk_people` and `line_people` come from, in one question."""
    seated = (
        DeskMember.select(DeskMember.person)
        .where(DeskMember.desk == desk)
        .where(DeskMember.admitted_at.is_null(False))
        .where(DeskMember.ended_at.is_null())
    )
    who = (Person.state == "active") & Person.id.in_(seated)
    if desk.kind != "oversight":
        who |= (Person.state == "active") & (Person.role == "head")
        who |= Person.id == desk.deputy_id
    return {person.unit_id for person in Person.select(Person.unit).where(who).distinct()}


def may_hold(case: Case, key: bytes, person: Person) -> bool:
    """Whether the case could be granted to a person now."""
    return admitted_key(person) is not None and not is_kept_out(case, key, person)


def is_kept_out(case: Case, key: bytes, person: Person) -> bool:
    """Whether a person is shut out, or named in what a reporter wrote under "must not read" or "who is involved".

    Those words are sealed, so they are read by whoever is about to grant and leave no trace of the name in the clear.
    """
    return not not_kept_out(case, key, [person])


def not_kept_out(case: Case, key: bytes, people: Sequence[Person]) -> list[Person]:
    """Those of some people for whom that is not so; the sealed words are read once."""
    left = not_shut_out_of(case, people)
    words = _names_kept_out(case, key) if left else {}
    return [person for person in left if not _is_named(case, person.id, person.name, words)]


def _is_named(case: Case, person_id: int, name: str, words: dict[str, list[str]]) -> bool:
    """Whether a person is named so as to be kept out: what was decided about a namesake holds but for a wish."""
    if any(is_named(name, said) for said in words.get(WISHED_OUT, ())):
        return True
    return any(is_named(name, said) for said in words.get(ABOUT, ())) and person_id not in cleared_of(
        case, "name"
    )


def is_reported_on(case: Case, key: bytes, person: Person) -> bool:
    """Whether a reporter wrote a person's name among those it is about."""
    return any(is_named(person.name, said) for said in _names_kept_out(case, key)[ABOUT])


def names_kept_out(case: Case, key: bytes) -> list[str]:
    """The words in which a case's reporters named who must not read, or who is involved."""
    return [words for said in _names_kept_out(case, key).values() for words in said]


def _names_kept_out(case: Case, key: bytes) -> dict[str, list[str]]:
    """What reporters wrote in the answers that name people, by answer."""
    bodies = [
        envelope.open_json_record(
            report_key(case, key, report, 1), report.sealed_body, contexts.report_body(report.id, 1)
        )
        for report in case.reports
    ]
    answers = [_naming_answers(body) for body in bodies]
    return {name: [said[name] for said in answers] for name in NAMING_ANSWERS}


def _naming_answers(body: dict[str, Any]) -> dict[str, str]:
    return {name: str(body["answers"].get(name, "")) for name in NAMING_ANSWERS}


def holds(case: Case, person: Person) -> bool:
    """Whether a person has an own grant of a case."""
    return CaseSeal.select().where(CaseSeal.case == case, CaseSeal.person == person).exists()


def given_for(case: Case, reason: str) -> bool:
    """Whether a grant was given for a reason and still stands."""
    return CaseSeal.select().where(CaseSeal.case == case, CaseSeal.reason == reason).exists()


def grant(case: Case, key: bytes, person: Person, reason: str) -> bool:
    """Seal the case key to a person; False where the person may not have it (not admitted, shut out, just leaving)."""
    person_key = key_to_seal_to(person)
    if person_key is None or is_kept_out(case, key, person):
        return False
    held = CaseSeal.select().where(CaseSeal.case == case, CaseSeal.person == person)
    if held.where(CaseSeal.generation == case.key_generation, CaseSeal.person_key == person_key).exists():
        return True
    CaseSeal.delete().where(CaseSeal.case == case, CaseSeal.person == person).execute()
    reader = f"person-key:{person_key.id}"
    _seal(case, key, reader, person_key.public, reason, person=person, person_key=person_key)
    return True


def _seal(case: Case, key: bytes, reader: str, public: bytes, reason: str, **to: object) -> None:
    sealed = envelope.seal_to(public, key, contexts.case_key(case.id, reader, case.key_generation))
    CaseSeal.create(case=case, generation=case.key_generation, reason=reason, sealed=sealed, **to)
    ledger.append("key", "granted", None, case=case.id, reader=reader, reason=reason)


def grant_desk(case: Case, key: bytes, desk: Desk) -> None:
    """Seal the case key to a desk; to its other members one by one where some are shut out; else to the line.

    A desk that a member leaves right now gets the key member by member, for that member may keep a copy of its key.
    Raises Conflict 'no_reader' where nobody is left: a report that nobody can read must not be taken in.
    """
    is_steady = share_row(Desk.select().where(Desk.id == desk.id)).first() is not None
    members = desk_people(desk)
    allowed = not_kept_out(case, key, members)
    current = desk_key(desk) if is_steady else None
    if current is not None and not current.needs_renewal and members and len(allowed) == len(members):
        _seal(case, key, f"desk-key:{current.id}", current.public, "desk", desk_key=current)
        return
    if any([grant(case, key, p, "desk") for p in allowed]):
        return
    if desk.kind == "oversight" or not any([grant(case, key, p, "line") for p in line_people(desk)]):
        raise Conflict("no_reader")


def grant_archive(case: Case, key: bytes, desk: Desk) -> None:
    """Seal the case key to the archive desk; to its members one by one where some of them are shut out.

    Raises Conflict 'no_reader' where fewer than two could open it: nobody alone lets a case out of the archive.
    """
    members = desk_people(desk)
    allowed = not_kept_out(case, key, members)
    current = desk_key(desk)
    if current is not None and not current.needs_renewal and len(allowed) == len(members) > 1:
        _seal(case, key, f"desk-key:{current.id}", current.public, "archive", desk_key=current)
    elif len([person for person in allowed if grant(case, key, person, "archive")]) < 2:
        raise Conflict("no_reader")


def grant_recovery(case: Case, key: bytes) -> None:
    """Seal the case key to the recovery key; never called for a report on the office's own people."""
    recovery = recovery_key()
    if recovery is not None:
        _seal(case, key, f"recovery:{recovery.id}", recovery.public, "recovery", is_recovery=True)


def grant_superior(case: Case, key: bytes) -> None:
    """Seal the case key of a report on the office's own people to the superior's key."""
    superior = superior_key()
    if superior is not None:
        _seal(case, key, f"superior:{superior.id}", superior.public, "superior", superior_key=superior)


def owe_line(case: Case, key: bytes) -> None:
    """Give an accepted case to whoever of its line was not there, or not yet admitted, when it was accepted."""
    if case.state not in workflow.ACCEPTED_STATES:
        return
    for person in line_people(case.desk):
        if not holds(case, person):
            grant(case, key, person, "line")


def revoke(case: Case, *, person: Person | None = None, reasons: tuple[str, ...] | None = None) -> int:
    """Delete a person's grants of a case, or all given for `reasons`; returns how many went.

    The case then wants new keys, which the caller's session makes by `renew` before it commits. So it does where the
    person knows its key through a desk, whose seal others still need.
    """
    query = CaseSeal.delete().where(CaseSeal.case == case)
    if person is not None:
        query = query.where(CaseSeal.person == person)
    if reasons is not None:
        query = query.where(CaseSeal.reason.in_(reasons))
    gone = int(query.execute())
    if gone:
        case.needs_new_keys = True
        whom = None if person is None else person.id
        ledger.append(
            "key", "revoked", None, case=case.id, person=whom, reasons=list(reasons or ()), seals=gone
        )
    if person is not None and _opens_through_desk(case, person):
        case.needs_new_keys = True
    return gone


def _opens_through_desk(case: Case, person: Person) -> bool:
    held = DeskSeal.select(DeskSeal.desk_key).where(DeskSeal.person == person)
    return CaseSeal.select().where(CaseSeal.case == case, CaseSeal.desk_key.in_(held)).exists()


def mark(case: Case) -> None:
    """Note that a case wants new keys, for whoever of its holders comes next."""
    case.needs_new_keys = True
    case.save(only=[Case.needs_new_keys])


def case_key(by: Acting, case: Case) -> bytes:
    """Open the newest case key in a person's session; raises NotAllowed without a grant.

    A seal is of no use to whom a reporter named as not to read this: the person may have come to the desk later.
    """
    if not is_shut_out(case, by.person_id):
        for seal in CaseSeal.select().where(
            CaseSeal.case == case, CaseSeal.generation == case.key_generation
        ):
            key = _try_open(by, case, seal)
            if key is not None and not _is_named(case, by.person_id, by.name, _names_kept_out(case, key)):
                return key
    raise NotAllowed("case.read")


def _try_open(by: Acting, case: Case, seal: CaseSeal) -> bytes | None:
    if seal.person_id == by.person_id and seal.person_key_id == by.key_id:
        context = contexts.case_key(case.id, f"person-key:{by.key_id}", seal.generation)
        return envelope.open_with(by.seed, seal.sealed, context)
    if seal.desk_key is not None:
        private = desk_private(by, seal.desk_key)
        if private is not None:
            context = contexts.case_key(case.id, f"desk-key:{seal.desk_key_id}", seal.generation)
            return envelope.open_with(private, seal.sealed, context)
    return None


def desk_private(by: Acting, row: DeskKey) -> bytes | None:
    """A desk's private key as the person's own seal opens it; None without one."""
    seal = DeskSeal.get_or_none(DeskSeal.desk_key == row, DeskSeal.person == by.person_id)
    if seal is None or seal.person_key_id != by.key_id:
        return None
    try:
        return envelope.open_with(by.seed, seal.sealed, desk_seal_context(row, by.key_id))
    except VaultError:
        return None


def desk_seal_context(row: DeskKey, person_key_id: int) -> envelope.Context:
    """What a member's copy of a desk key is bound to."""
    return envelope.Context(
        "desk-key", str(row.desk_id), reader=f"person-key:{person_key_id}", generation=row.generation
    )


def key_of_generation(case: Case, key: bytes, generation: int) -> bytes:
    """The case key of an older generation, opened back along the chain from the newest `key`."""
    current = case.key_generation
    while current > generation:
        current -= 1
        row = CaseKey.get(CaseKey.case == case, CaseKey.generation == current)
        key = envelope.open_record(
            key, _there(row.sealed_under_next), contexts.older_case_key(case.id, current)
        )
    return key


def box_private(case: Case, key: bytes, generation: int) -> bytes:
    """The private half of a case's box of a generation, from that generation's case key."""
    row = CaseKey.get(CaseKey.case == case, CaseKey.generation == generation)
    return envelope.open_record(key, row.sealed_box_private, contexts.case_box(case.id, generation))


# --- report keys ---------------------------------------------------------------------------------------------


def make_report_key(report: Report, case_key_now: bytes) -> bytes:
    """A new report key of `report.key_generation`, sealed to the reporter and wrapped under the case key."""
    key = keys.new_key()
    keep_report_key(report, key, case_key_now)
    return key


def keep_report_key(report: Report, key: bytes, case_key_now: bytes) -> None:
    """Seal a report key of `report.key_generation` to the reporter and wrap it under the case key."""
    generation = report.key_generation
    to_reporter = None
    if report.reporter_public is not None:
        context = contexts.report_key(report.id, "reporter", generation)
        to_reporter = envelope.seal_to(report.reporter_public, key, context)
    wrapped = envelope.seal_record(case_key_now, key, contexts.report_key(report.id, "case", generation))
    ReportKey.create(
        report=report,
        generation=generation,
        case_generation=report.case.key_generation,
        sealed_to_reporter=to_reporter,
        wrapped=wrapped,
    )


def report_key(case: Case, key: bytes, report: Report, generation: int | None = None) -> bytes:
    """A report's key of a generation (the newest by default), through the case key."""
    generation = report.key_generation if generation is None else generation
    row = ReportKey.get(ReportKey.report == report, ReportKey.generation == generation)
    under = key_of_generation(case, key, row.case_generation)
    return envelope.open_record(under, row.wrapped, contexts.report_key(report.id, "case", generation))


def reporter_key(by: AsReporter, generation: int) -> bytes:
    """A report's key of a generation, through the reporter's own key pair."""
    row = ReportKey.get(ReportKey.report == by.report_id, ReportKey.generation == generation)
    context = contexts.report_key(by.report_id, "reporter", generation)
    return envelope.open_with(by.seed, _there(row.sealed_to_reporter), context)


def names_kept_out_by(by: AsReporter) -> list[str]:
    """The answers in which this reporter named who must not read, through the reporter's own key."""
    report = Report.get_by_id(by.report_id)
    context = contexts.report_body(report.id, 1)
    body = envelope.open_json_record(reporter_key(by, 1), report.sealed_body, context)
    return list(_naming_answers(body).values())


# --- identity ------------------------------------------------------------------------------------------------


def identity_holders() -> list[Person]:
    """The people who hold the first half of identity keys now."""
    return list(
        Person.select()
        .join(IdentityHolder, on=(IdentityHolder.person == Person.id))
        .where(IdentityHolder.ended_at.is_null())
        .where(Person.state == "active")
    )


def _there(value: bytes | None) -> bytes:
    """A column that is filled whenever one comes to read it."""
    if value is None:
        raise LookupError("a seal that should be there is missing")
    return bytes(value)


def seal_identity(
    report: Report, contact: dict[str, Any], case_key_now: bytes, *, with_recovery: bool
) -> None:
    """Keep a reporter's contact so that neither a holder alone nor an officer alone can open it."""
    half, other = keys.new_key(), keys.new_key()
    identity_key = keys.mix_identity(half, other)
    generation = report.case.key_generation
    row = Identity.create(
        report=report,
        sealed_contact=envelope.seal_json_record(identity_key, contact, contexts.identity_contact(report.id)),
        half_under_case=envelope.seal_record(
            case_key_now, other, contexts.identity_half(report.id, "case", generation)
        ),
        case_generation=generation,
        half_to_reporter=envelope.seal_to(
            _there(report.reporter_public), half, contexts.identity_half(report.id, "reporter")
        ),
        half_to_recovery=_half_to_recovery(report, half) if with_recovery else None,
    )
    flagged = bool(report.is_flagged)
    for person in desk_people(report.case.desk) if flagged else identity_holders():
        if not is_kept_out(report.case, case_key_now, person):
            seal_half(report, half, person)
    if flagged:
        _seal_half_to_superior(report, half)
    ledger.append("other", "identity", row)


def seal_half(report: Report, half: bytes, person: Person) -> None:
    """Seal the first half of an identity key to a holder who was let in and is not shut out of the case."""
    person_key = key_to_seal_to(person)
    if person_key is not None and not is_shut_out(report.case, person.id):
        context = contexts.identity_half(report.id, f"person-key:{person_key.id}")
        sealed = envelope.seal_to(person_key.public, half, context)
        IdentitySeal.create(report=report, person=person, person_key=person_key, sealed=sealed)
        ledger.append("key", "half_granted", None, report=report.id, reader=f"person-key:{person_key.id}")


def take_halves(case: Case, person: Person) -> None:
    """Take the first half of identity keys of a case's reports from somebody who keeps off it."""
    for report in case.reports:
        of_person = (IdentitySeal.report == report) & (IdentitySeal.person == person)
        if IdentitySeal.delete().where(of_person).execute():
            ledger.append("key", "half_taken", None, report=report.id, person=person.id)


def drop_identity_seals(case: Case) -> bool:
    """Take the first half of identity keys from the office's holders and the recovery key (the sealed way up).

    Nobody at hand can open a half to pass it on, so only the reporter keeps it. Returns whether a name was lost so.
    """
    lost = False
    for report in case.reports:
        IdentitySeal.delete().where(IdentitySeal.report == report).execute()
        gone = Identity.update(half_to_recovery=None).where(Identity.report == report).execute()
        lost = lost or bool(gone)
    return lost


def release_identity_seals(by: Acting, case: Case, key: bytes) -> bool:
    """Give the first half of identity keys from oversight and superior to the office's holders and the recovery key.

    The acting member's own seal opens it. Returns whether a half was lost for want of one: then it is with the reporter
    alone.
    """
    lost = False
    for report in case.reports:
        if not Identity.select().where(Identity.report == report).exists():
            continue
        half = _open_half(by, report)
        IdentitySeal.delete().where(IdentitySeal.report == report).execute()
        if half is None:
            lost = True
            continue
        for person in identity_holders():
            if not is_kept_out(case, key, person):
                seal_half(report, half, person)
        sealed = _half_to_recovery(report, half)
        Identity.update(half_to_recovery=sealed).where(Identity.report == report).execute()
    return lost


def _open_half(by: Acting, report: Report) -> bytes | None:
    seal = IdentitySeal.get_or_none(IdentitySeal.report == report, IdentitySeal.person_key == by.key_id)
    if seal is None:
        return None
    context = contexts.identity_half(report.id, f"person-key:{by.key_id}")
    return envelope.open_with(by.seed, seal.sealed, context)


def _half_to_recovery(report: Report, half: bytes) -> bytes | None:
    recovery = recovery_key()
    if recovery is None:
        return None
    return envelope.seal_to(
        recovery.public, half, contexts.identity_half(report.id, f"recovery:{recovery.id}")
    )


def _seal_half_to_superior(report: Report, half: bytes) -> None:
    superior = superior_key()
    if superior is not None:
        sealed = envelope.seal_to(
            superior.public, half, contexts.identity_half(report.id, f"superior:{superior.id}")
        )
        IdentitySeal.create(report=report, superior_key=superior, sealed=sealed)
        ledger.append("key", "half_granted", None, report=report.id, reader=f"superior:{superior.id}")


# --- renewal -------------------------------------------------------------------------------------------------


def renew(case: Case, old_key: bytes, *, keep: bool = True) -> bytes:
    """A new generation of case key, box and every joined report's key, sealed to all who hold the case.

    A report on the office's own people goes to the superior's key of today, which may be younger than the report.
    With `keep=False` no grant is carried over; the caller gives new ones. Identity halves move under the new key.
    Locks the case. Raises Conflict 'changed' where `old_key` is no longer the newest: callers that lock the case before
    they open it never meet that.
    """
    stored = lock_row(Case.select(Case.key_generation).where(Case.id == case.id)).get()
    if stored.key_generation != case.key_generation:
        raise Conflict("changed")
    holders = [(s.person, s.reason) for s in case.seals if s.person_id is not None] if keep else []
    desks = {s.desk_key.desk: s.reason for s in case.seals if s.desk_key_id is not None} if keep else {}
    has_recovery = keep and any(s.is_recovery for s in case.seals)
    has_superior = keep and bool(case.is_flagged)
    CaseSeal.delete().where(CaseSeal.case == case).execute()
    old_generation = case.key_generation
    case.key_generation = old_generation + 1
    case.needs_new_keys = False
    key = make_case_key(case)
    chained = envelope.seal_record(key, old_key, contexts.older_case_key(case.id, old_generation))
    CaseKey.update(sealed_under_next=chained).where(
        CaseKey.case == case, CaseKey.generation == old_generation
    ).execute()
    for desk, reason in desks.items():
        (grant_archive if reason == "archive" else grant_desk)(case, key, desk)
    for person, reason in holders:
        grant(case, key, person, reason)
    if has_recovery:
        grant_recovery(case, key)
    if has_superior:
        grant_superior(case, key)
    case.save(only=[Case.key_generation, Case.needs_new_keys])
    for report in case.reports:
        _renew_report(report, case, old_key, old_generation, key)
    return key


def move_report(report: Report, old: Case, old_key: bytes, new: Case, new_key: bytes) -> None:
    """Bring a report from one case to another: its keys under the other's key, and a new one for what comes later.

    Both keys are the newest of their cases. Who holds the old case alone opens nothing that is written from now on.
    """
    for row in ReportKey.select().where(ReportKey.report == report):
        held = report_key(old, old_key, report, row.generation)
        row.wrapped = envelope.seal_record(
            new_key, held, contexts.report_key(report.id, "case", row.generation)
        )
        row.case_generation = new.key_generation
        row.save(only=[ReportKey.wrapped, ReportKey.case_generation])
    report.case = new
    report.save(only=[Report.case])
    _renew_report(report, new, old_key, old.key_generation, new_key)
    ledger.append("other", "report", report)


def _renew_report(report: Report, case: Case, old_key: bytes, old_generation: int, key: bytes) -> None:
    report.case = case
    report.key_generation += 1
    make_report_key(report, key)
    report.save(only=[Report.key_generation])
    identity = Identity.get_or_none(Identity.report == report)
    if identity is not None:
        half = envelope.open_record(
            old_key, identity.half_under_case, contexts.identity_half(report.id, "case", old_generation)
        )
        identity.half_under_case = envelope.seal_record(
            key, half, contexts.identity_half(report.id, "case", case.key_generation)
        )
        identity.case_generation = case.key_generation
        identity.save()
