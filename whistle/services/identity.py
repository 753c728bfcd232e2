"""A real-name reporter's contact: the key's two halves, who holds the first of them, and whom it was given for a time.

The identity key is mixed from two halves: the first sealed to the holders, the second under the case key. Whoever
works the case asks to see the contact; a holder's session seals the first half to the asker's person key, and that is
the second person's consent. It ends by its day, by either of the two, or with the asker's grant of the case; the seal
is deleted. A copy of it opens for nobody but the asker, and for nothing without the case's half, which moves under each
new case key: who lost the case is left with what could be seen before. Put back into the row it opens nothing, for the
row says that it is over and the log says what the row was.

Asking and looking are `casework.identity_asking`, giving and refusing `casework.identity_giving`.
"""

from collections.abc import Iterable
from typing import Any

from whistle import clock
from whistle.services import contexts, grants, ledger
from whistle.services.access import Acting, is_shut_out
from whistle.store.cases import Case, CaseSeal, seals_open_to
from whistle.store.desks import IdentityHolder
from whistle.store.people import Person
from whistle.store.reports import Identity, IdentityAsking, IdentityAskingSeal, IdentitySeal, Report
from whistle.vault import envelope, keys

#: Askings that wait, and those that were granted and are not over.
LIVE = ("waiting", "given")


def holders() -> list[Person]:
    """The people who hold the first half of identity keys now."""
    return list(
        Person.select()
        .join(IdentityHolder, on=(IdentityHolder.person == Person.id))
        .where(IdentityHolder.ended_at.is_null())
        .where(Person.state == "active")
    )


def _of_case(case: Case) -> list[Person]:
    """Who holds first halves for a case: of reports on the office's own people, the members of the oversight desk."""
    return grants.desk_people(case.desk) if case.is_flagged else holders()


# --- the halves ----------------------------------------------------------------------------------------------


def seal(report: Report, contact: dict[str, Any], case_key: bytes, *, with_recovery: bool) -> None:
    """Keep a reporter's contact so that neither a holder alone nor an officer alone can open it."""
    if report.reporter_public is None:
        raise LookupError("a reporter who leaves a name has a key")
    half, other = keys.new_key(), keys.new_key()
    identity_key = keys.mix_identity(half, other)
    generation = report.case.key_generation
    row = Identity.create(
        report=report,
        sealed_contact=envelope.seal_json_record(identity_key, contact, contexts.identity_contact(report.id)),
        half_under_case=envelope.seal_record(
            case_key, other, contexts.identity_half(report.id, "case", generation)
        ),
        case_generation=generation,
        half_to_reporter=envelope.seal_to(
            report.reporter_public, half, contexts.identity_half(report.id, "reporter")
        ),
        half_to_recovery=_half_to_recovery(report, half) if with_recovery else None,
    )
    for person in grants.not_kept_out(report.case, case_key, _of_case(report.case)):
        seal_half(report, half, person)
    if report.is_flagged:
        _seal_half_to_superior(report, half)
    ledger.append("other", "identity", row)


def seal_half(report: Report, half: bytes, person: Person) -> None:
    """Seal the first half of an identity key to a holder who was let in and is not shut out of the case."""
    person_key = grants.key_to_seal_to(person)
    if person_key is not None and not is_shut_out(report.case, person.id):
        context = contexts.identity_half(report.id, f"person-key:{person_key.id}")
        sealed = envelope.seal_to(person_key.public, half, context)
        IdentitySeal.create(report=report, person=person, person_key=person_key, sealed=sealed)
        ledger.append("key", "half_granted", None, report=report.id, reader=f"person-key:{person_key.id}")


def drop_seals(case: Case) -> bool:
    """Take the first half of identity keys from the office's holders and the recovery key (the sealed way up).

    Nobody at hand can open a half to pass it on, so only the reporter keeps it. Returns whether a name was lost so.
    """
    lost = False
    for report in case.reports:
        IdentitySeal.delete().where(IdentitySeal.report == report).execute()
        gone = Identity.update(half_to_recovery=None).where(Identity.report == report).execute()
        lost = lost or bool(gone)
    return lost


def release_seals(by: Acting, case: Case, case_key: bytes) -> bool:
    """Give the first half of identity keys from oversight and superior to the office's holders and the recovery key.

    The acting member's own seal opens it. Returns whether a half was lost for want of one: then it is with the reporter
    alone.
    """
    lost = False
    for report in case.reports:
        if not Identity.select().where(Identity.report == report).exists():
            continue
        half = open_half(by, report)
        IdentitySeal.delete().where(IdentitySeal.report == report).execute()
        if half is None:
            lost = True
            continue
        for person in grants.not_kept_out(case, case_key, holders()):
            seal_half(report, half, person)
        sealed = _half_to_recovery(report, half)
        Identity.update(half_to_recovery=sealed).where(Identity.report == report).execute()
    return lost


def open_half(by: Acting, report: Report) -> bytes | None:
    """The first half as the acting holder's own seal opens it; None without one."""
    row = IdentitySeal.get_or_none(IdentitySeal.report == report, IdentitySeal.person_key == by.key_id)
    if row is None:
        return None
    context = contexts.identity_half(report.id, f"person-key:{by.key_id}")
    return envelope.open_with(by.seed, row.sealed, context)


def _half_to_recovery(report: Report, half: bytes) -> bytes | None:
    recovery = grants.recovery_key()
    if recovery is None:
        return None
    return envelope.seal_to(
        recovery.public, half, contexts.identity_half(report.id, f"recovery:{recovery.id}")
    )


def _seal_half_to_superior(report: Report, half: bytes) -> None:
    superior = grants.superior_key()
    if superior is not None:
        sealed = envelope.seal_to(
            superior.public, half, contexts.identity_half(report.id, f"superior:{superior.id}")
        )
        IdentitySeal.create(report=report, superior_key=superior, sealed=sealed)
        ledger.append("key", "half_granted", None, report=report.id, reader=f"superior:{superior.id}")


def is_lost(report: Report) -> bool:
    """Whether nobody of the office holds the first half any more: the contact is with the reporter alone."""
    held = IdentitySeal.select().where(IdentitySeal.report == report, IdentitySeal.person.is_null(False))
    return not held.exists()


# --- given for a time ----------------------------------------------------------------------------------------


def able_to_give(case: Case, case_key: bytes, report: Report, asker_id: int) -> list[Person]:
    """Who could answer an asking: holders of the half for the key they use now, never the asker, nobody kept out."""
    here = {person.id for person in _of_case(case)} - {asker_id}
    held = {row.person_id: row for row in IdentitySeal.select().where(IdentitySeal.report == report)}
    people = [row.person for person_id, row in held.items() if person_id in here and row.person]
    in_use = grants.admitted_keys(people)
    fit = [p for p in people if p.id in in_use and held[p.id].person_key_id == in_use[p.id].id]
    return grants.not_kept_out(case, case_key, sorted(fit, key=lambda person: person.id))


def still_holds(by: Acting, case: Case) -> bool:
    """Whether this person is a holder for the case today."""
    return by.person_id in {person.id for person in _of_case(case)} and not is_shut_out(case, by.person_id)


def give_half(by: Acting, asking: IdentityAsking) -> bool:
    """Seal the first half to who asked; the caller saves the row. False where one of the two has no key for it."""
    asker_key = grants.key_to_seal_to(asking.person)
    half = open_half(by, asking.report)
    if asker_key is None or half is None:
        return False
    asking.person_key = asker_key
    asking.sealed_half = envelope.seal_to(asker_key.public, half, _given_context(asking, asker_key.id))
    return True


def contact(by: Acting, asking: IdentityAsking, case_key: bytes) -> dict[str, Any]:
    """A reporter's name and contact, by the half that was given to this person and the case's own.

    Raises VaultError where the given half was sealed for another asking, another key or another report.
    """
    report = asking.report
    row = Identity.get(Identity.report == report)
    half = envelope.open_with(by.seed, bytes(asking.sealed_half or b""), _given_context(asking, by.key_id))
    under = grants.key_of_generation(report.case, case_key, row.case_generation)
    context = contexts.identity_half(report.id, "case", row.case_generation)
    other = envelope.open_record(under, row.half_under_case, context)
    found: dict[str, Any] = envelope.open_json_record(
        keys.mix_identity(half, other), row.sealed_contact, contexts.identity_contact(report.id)
    )
    return found


def _given_context(asking: IdentityAsking, person_key_id: int) -> envelope.Context:
    """A given half is bound to its asking: put into another row it opens for nobody."""
    return contexts.identity_half(asking.report_id, f"asking:{asking.id}:person-key:{person_key_id}")


def opens_alone(case: Case, report: Report, asker_id: int, giver_id: int) -> bool:
    """Whether one of the two could open the contact without the other: the second lock is then no more than a page."""
    asker_has_half = IdentitySeal.select().where(
        IdentitySeal.report == report, IdentitySeal.person == asker_id
    )
    giver_has_case = seals_open_to(giver_id).where(CaseSeal.case == case)
    return bool(asker_has_half.exists() or giver_has_case.exists())


# --- over ----------------------------------------------------------------------------------------------------


def end(asking: IdentityAsking, why: str, by: int | None = None) -> None:
    """End an asking, given or not: the given half is deleted, and so are the reasons sealed to holders.

    `why`: 'withdrawn' or 'given_back' by the asker, 'taken_back' by the holder, 'time', or 'lost' with the case.
    """
    asking.state, asking.ended_at, asking.ended_why, asking.sealed_half = "ended", clock.now(), why, None
    asking.save()
    forget_reasons(asking)
    ledger.append("key", "identity_asking_ended", asking, by=by)


def forget_reasons(asking: IdentityAsking) -> None:
    """Take the reasons from the holders they were sealed to; they stay under the case key."""
    IdentityAskingSeal.delete().where(IdentityAskingSeal.asking == asking).execute()


def end_lost(cases: Iterable[Case], by: int | None = None) -> int:
    """End what was asked, or given, to people who cannot read these cases any more; returns how many.

    Called wherever somebody loses a case, with the cases locked. What is missed is refused all the same, and ended
    by the worker's next round.
    """
    ids = [case.id for case in cases]
    live = IdentityAsking.select().join(Report).where(Report.case.in_(ids), IdentityAsking.state.in_(LIVE))
    lost = [asking for asking in live if not still_reads(asking)] if ids else []
    for asking in lost:
        end(asking, "lost", by)
    return len(lost)


def still_reads(asking: IdentityAsking) -> bool:
    """Whether who asked can still open the case."""
    case = asking.report.case
    holds = seals_open_to(asking.person_id).where(CaseSeal.case == case).exists()
    return asking.person.state == "active" and holds and not is_shut_out(case, asking.person_id)


def leave(person: Person, *, flagged: bool | None = None) -> None:
    """Take first halves, and the reasons of askings, from a holder; `flagged` alone, or all but those, where given."""
    halves = IdentitySeal.delete().where(IdentitySeal.person == person)
    reasons = IdentityAskingSeal.delete().where(IdentityAskingSeal.person == person)
    if flagged is not None:
        of_desk = Report.select(Report.id).where(Report.is_flagged == flagged)
        halves = halves.where(IdentitySeal.report.in_(of_desk))
        asked = IdentityAsking.select(IdentityAsking.id).where(IdentityAsking.report.in_(of_desk))
        reasons = reasons.where(IdentityAskingSeal.asking.in_(asked))
    halves.execute()
    reasons.execute()
