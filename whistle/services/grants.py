"""Case keys: made, granted, taken back and renewed. The only place that gives or takes a grant of a case.

A grant is the newest case key sealed to a desk, a person, the recovery key or the superior's key. Nothing is sealed
to a person whose key was not admitted for the role held now, to a key that the log does not know, or to anybody
who is shut out. Taking a grant back deletes the seal; `renew` then makes new keys for all that is written later. A
grant that is there is moved under its reader's keyring by `keyrings`; here it is opened in either form.
"""

import datetime as dt
from collections.abc import Iterable, Sequence, Set
from typing import Any

from whistle import clock
from whistle.rules import workflow
from whistle.rules.naming import is_named
from whistle.services import acting_heads, contexts, ledger
from whistle.services.access import Acting, AsReporter, cleared_of, is_shut_out, not_shut_out_of
from whistle.services.errors import Conflict, NotAllowed
from whistle.store.base import Table
from whistle.store.cases import Case, CaseEvent, CaseKey, CaseSeal, MergedKey
from whistle.store.database import lock_row, share_row
from whistle.store.desks import Desk, DeskKey, DeskMember, DeskSeal, SuperiorKey, is_seated
from whistle.store.finding import CaseDigest
from whistle.store.people import Admission, Person, PersonKey, RecoveryKey
from whistle.store.reports import Identity, Report, ReportKey
from whistle.vault import envelope, keys
from whistle.vault.errors import VaultError

#: Reasons of a seal that belong to the time before acceptance.
BEFORE_ACCEPTANCE = ("desk", *acting_heads.FOR_DAYS, *acting_heads.FOR_DAYS.values())

#: Reasons of a seal that end with a decision: of a proposal, of a wish for recusal.
TO_DECIDE, TO_DECIDE_RECUSAL = acting_heads.FOR_DAYS.items()

#: The answers in which a reporter names people who must not read: as such, and as those it is about. Whoever only bears
#: the name of one it is about can be let in.
WISHED_OUT, ABOUT = "persons_shut_out", "people"
NAMING_ANSWERS = (WISHED_OUT, ABOUT)

#: Under which of a merge's words those answers of the reports lie that went to another case.
KEPT_OUT_WORDS = "kept_out"

#: Reasons that outlast a decision, a loan or a change of group.
LASTING = ("line", "assigned", "reviewing")


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
        .where(is_seated())
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


def line_keeps_off(case: Case) -> bool:
    """Whether deputy and head both keep off a case, so that nobody of its line can decide anything in it."""
    return not case.is_flagged and not not_shut_out_of(case, line_people(case.desk))


def units_of_readers(desk: Desk) -> set[int | None]:
    """The units that `desk_people` and `line_people` come from, in one question."""
    seated = DeskMember.select(DeskMember.person).where(DeskMember.desk == desk).where(is_seated())
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
    """The words in which a case's reporters named who must not read, or who is involved.

    The reports of a case that was merged are with another; what they say of it lies in the merge's words.
    """
    return [words for said in _names_kept_out(case, key).values() for words in said]


def _names_kept_out(case: Case, key: bytes) -> dict[str, list[str]]:
    """What reporters wrote in the answers that name people, by answer; what left with a merge counts as a wish."""
    bodies = [
        envelope.open_json_record(
            report_key(case, key, report, 1), report.sealed_body, contexts.report_body(report.id, 1)
        )
        for report in case.reports
    ]
    answers = [_naming_answers(body) for body in bodies]
    if not answers:
        return {WISHED_OUT: _names_of_moved(case, key), ABOUT: []}
    return {name: [said[name] for said in answers] for name in NAMING_ANSWERS}


def _names_of_moved(case: Case, key: bytes) -> list[str]:
    merges = CaseEvent.select().where(CaseEvent.case == case, CaseEvent.action == "merge")
    event = merges.order_by(CaseEvent.seq.desc()).first()
    if event is None or event.sealed is None:
        return []
    own_key = key_of_generation(case, key, event.generation)
    context = contexts.event(event.id, case.id, event.generation)
    return list(envelope.open_json_record(own_key, event.sealed, context)[KEPT_OUT_WORDS])


def _naming_answers(body: dict[str, Any]) -> dict[str, str]:
    return {name: str(body["answers"].get(name, "")) for name in NAMING_ANSWERS}


def holds(case: Case, person: Person) -> bool:
    """Whether a person has an own grant of a case, for longer than the days of acting as head."""
    own = CaseSeal.select().where(CaseSeal.case == case, CaseSeal.person == person)
    return any(not _is_for_days(seal.reason) for seal in own)


def given_for(case: Case, reason: str) -> bool:
    """Whether a grant was given for a reason and still stands."""
    return CaseSeal.select().where(CaseSeal.case == case, CaseSeal.reason == reason).exists()


def grant(case: Case, key: bytes, person: Person, reason: str, *, until: dt.date | None = None) -> bool:
    """Seal the case key to a person, `until` the last day of a loan; False where the person may not have it.

    Not admitted, shut out, just leaving, or no longer head for days.
    """
    person_key = key_to_seal_to(person)
    is_over = _is_for_days(reason) and not acting_heads.for_days(person.id).exists()
    if is_over or person_key is None or is_kept_out(case, key, person):
        return False
    held = CaseSeal.select().where(CaseSeal.case == case, CaseSeal.person == person)
    newest = held.where(CaseSeal.generation == case.key_generation, CaseSeal.person_key == person_key).first()
    if newest is not None:
        _keep_for(case, newest, reason, until)
        return True
    CaseSeal.delete().where(CaseSeal.case == case, CaseSeal.person == person).execute()
    reader = f"person-key:{person_key.id}"
    _seal(case, key, reader, person_key.public, reason, person=person, person_key=person_key, until=until)
    return True


def _is_for_days(reason: str) -> bool:
    return reason in acting_heads.FOR_DAYS.values()


def _keep_for(case: Case, seal: CaseSeal, reason: str, until: dt.date | None) -> None:
    """Let a grant that would end with a decision, a loan, a group or days stand for the lasting reason given now.

    A case that is lent anew is lent until the new day; what opens nothing any more stands for whatever is given.
    """
    is_lent_anew = reason == seal.reason == "lent"
    is_over = seal.until is not None and seal.until < clock.today()
    lasts_longer = _is_for_days(seal.reason) or (reason in LASTING and seal.reason not in LASTING)
    if is_lent_anew or is_over or lasts_longer:
        seal.reason, seal.until = reason, until
        seal.save(only=[CaseSeal.reason, CaseSeal.until])
        reader = f"person-key:{seal.person_key_id}"
        ledger.append("key", "granted", None, case=case.id, reader=reader, reason=reason)


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


def archive_desk() -> Desk | None:
    """The desk where archived cases lie, ready or not; an office has one at most."""
    found: Desk | None = Desk.select().where(Desk.kind == "archive").first()
    return found


def grant_archive(case: Case, key: bytes, *, least: int) -> None:
    """Seal the case key to the archive desk; to its members one by one where some of them are shut out.

    Raises Conflict 'no_reader' where fewer than `least` could open it.
    """
    desk = archive_desk()
    is_steady = desk is not None and share_row(Desk.select().where(Desk.id == desk.id)).first() is not None
    members = [] if desk is None else desk_people(desk)
    allowed = not_kept_out(case, key, members)
    current = desk_key(desk) if desk is not None and is_steady else None
    is_whole = len(members) >= max(least, 1) and len(allowed) == len(members)
    if current is not None and not current.needs_renewal and is_whole:
        _seal(case, key, f"desk-key:{current.id}", current.public, "archive", desk_key=current)
    elif len([person for person in allowed if grant(case, key, person, "archive")]) < least:
        raise Conflict("no_reader")


def lend(case: Case, key: bytes, person: Person, until: dt.date) -> bool:
    """Seal an archived case to a person up to a day; False where the person may not have it.

    Who keeps the archive and held the case one by one holds it as borrower now, and gets it back with the next keys.
    """
    own = CaseSeal.delete().where(CaseSeal.case == case, CaseSeal.person == person)
    own.where(CaseSeal.reason == "archive").execute()
    return grant(case, key, person, "lent", until=until)


def owe_archive() -> None:
    """Mark for new keys what is sealed to the archive's members one by one, so that a newcomer gets it with them."""
    one_by_one = CaseSeal.select(CaseSeal.case).where(
        CaseSeal.reason == "archive", CaseSeal.person.is_null(False)
    )
    for case in lock_row(Case.select().where(Case.id.in_(one_by_one)).order_by(Case.id)):
        mark(case)


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


def owe_acting(case: Case, key: bytes) -> None:
    """Give a case to who acts as head in it, where who entered them could not open it."""
    for person in acting_heads.of_case_alone(case):
        if not holds(case, person):
            grant(case, key, person, "acting")


def owe_line(case: Case, key: bytes) -> None:
    """Give an accepted case to whoever of its line was not there, or not yet admitted, when it was accepted.

    And whatever its state, to who acts as head in it.
    """
    owe_acting(case, key)
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
        mine = acting_heads.open_seals(by.person_id).where(CaseSeal.case == case)
        for seal in mine.where(CaseSeal.generation == case.key_generation):
            key = _try_open(by, case, seal)
            if key is not None and not _is_named(case, by.person_id, by.name, _names_kept_out(case, key)):
                return key
    raise NotAllowed("case.read")


def _try_open(by: Acting, case: Case, seal: CaseSeal) -> bytes | None:
    private, reader = None, ""
    if seal.person_id == by.person_id and seal.person_key_id == by.key_id:
        private, reader = by.seed, f"person-key:{by.key_id}"
    elif seal.desk_key is not None:
        private, reader = desk_private(by, seal.desk_key), f"desk-key:{seal.desk_key_id}"
    if private is None:
        return None
    if seal.is_moved:
        context = contexts.case_key_on_ring(case.id, reader, seal.generation)
        return envelope.open_record(keyring(private), seal.sealed, context)
    return envelope.open_with(private, seal.sealed, contexts.case_key(case.id, reader, seal.generation))


def keyring(private: bytes) -> bytes:
    """The key of the keyring that belongs to a reader's private half, and to nobody who lacks that."""
    return keys.derive(private, "keyring")


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


# --- the keys of merged cases --------------------------------------------------------------------------------


def hand_to_target(case: Case, key: bytes, target: Case) -> None:
    """Seal a case's newest key to the case it is merged into, so that whoever takes the one along takes the other."""
    take_from_target(case)
    row = MergedKey(
        case=case, target=target, generation=case.key_generation, target_generation=target.key_generation
    )
    box = CaseKey.get(CaseKey.case == target, CaseKey.generation == target.key_generation)
    row.sealed = envelope.seal_to(box.box_public, key, _context_of_merged(row))
    row.save(force_insert=True)
    ledger.append("key", "granted", None, case=case.id, reader=f"case:{target.id}", reason="merged")


def take_from_target(case: Case) -> None:
    """Take a case's key from the case it was merged into."""
    if MergedKey.delete().where(MergedKey.case == case).execute():
        ledger.append("key", "revoked", None, case=case.id, person=None, reasons=["merged"], seals=1)


def key_of_merged(case: Case, target: Case, target_key: bytes) -> bytes | None:
    """A merged case's newest key, opened with the newest key of the case it was merged into; None where it has none."""
    row = MergedKey.get_or_none(MergedKey.case == case, MergedKey.target == target)
    if row is None or row.generation != case.key_generation:
        return None
    own_key = key_of_generation(target, target_key, row.target_generation)
    box = box_private(target, own_key, row.target_generation)
    return envelope.open_with(box, row.sealed, _context_of_merged(row))


def _context_of_merged(row: MergedKey) -> envelope.Context:
    return contexts.merged_case_key(row.case_id, row.target_id, row.generation, row.target_generation)


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


def _there(value: bytes | None) -> bytes:
    """A column that is filled whenever one comes to read it."""
    if value is None:
        raise LookupError("a seal that should be there is missing")
    return bytes(value)


# --- renewal -------------------------------------------------------------------------------------------------


def renew(case: Case, old_key: bytes, *, keep: bool = True) -> bytes:
    """A new generation of case key, box and every joined report's key, sealed to all who hold the case.

    A report on the office's own people goes to the superior's key of today, which may be younger than the report.
    With `keep=False` no grant is carried over; the caller gives new ones. Identity halves move under the new key. What
    was merged into the case gets new keys too: whoever lost this one knew those.
    Locks the case. Raises Conflict 'changed' where `old_key` is no longer the newest: callers that lock the case before
    they open it never meet that.
    """
    stored = lock_row(Case.select(Case.key_generation).where(Case.id == case.id)).get()
    if stored.key_generation != case.key_generation:
        raise Conflict("changed")
    kept = [seal for seal in case.seals if seal.reason != "archive"] if keep else []
    holders = [(seal.person, seal.reason, seal.until) for seal in kept if seal.person_id is not None]
    desks = dict.fromkeys(seal.desk_key.desk for seal in kept if seal.desk_key_id is not None)
    is_in_archive = keep and any(seal.reason == "archive" for seal in case.seals)
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
    for desk in desks:
        grant_desk(case, key, desk)
    for person, reason, until in holders:
        grant(case, key, person, reason, until=until)
    if is_in_archive:  # who has it on loan may be the last who can open it: then the sheet brings it back
        grant_archive(case, key, least=0 if has_recovery else 1)
    if has_recovery:
        grant_recovery(case, key)
    if has_superior:
        grant_superior(case, key)
    case.save(only=[Case.key_generation, Case.needs_new_keys])
    for report in case.reports:
        _renew_report(report, case, old_key, old_generation, key)
    _renew_digest(case, old_key, old_generation, key)
    _renew_merged(case, key)
    return key


def _renew_merged(case: Case, key: bytes) -> None:
    """New keys of a case go to the one it was merged into, and to what was merged into it."""
    for row in list(case.merged_keys):
        hand_to_target(case, key, row.target)
    for row in list(case.keys_of_merged):
        merged_key = key_of_merged(row.case, case, key)
        if merged_key is not None:
            renew(row.case, merged_key)


def _renew_digest(case: Case, old_key: bytes, old_generation: int, key: bytes) -> None:
    """Let the sealed copy of the case's words stand under the new key; one that no longer opens is made anew later."""
    row = CaseDigest.get_or_none(CaseDigest.case == case, CaseDigest.generation == old_generation)
    if row is None:
        return
    row.generation = case.key_generation
    try:
        for part in CaseDigest.PARTS:
            old = contexts.digest(case.id, part, row.covers, old_generation)
            words = envelope.open_record(old_key, getattr(row, f"sealed_{part}"), old)
            new = contexts.digest(case.id, part, row.covers, row.generation)
            setattr(row, f"sealed_{part}", envelope.seal_record(key, words, new))
    except VaultError:
        row.delete_instance()
    else:
        row.save()


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
