"""A real-name reporter's contact under a key of two halves, and who holds the first of them.

The identity key is mixed from two halves: the first sealed to the holders, the second under the case key. How somebody
comes to see the contact is told in `askings`.
"""

from typing import Any

from whistle.services import contexts, grants, ledger
from whistle.services.access import Acting, is_shut_out, not_shut_out_of
from whistle.store.cases import Case
from whistle.store.desks import IdentityHolder
from whistle.store.people import Person
from whistle.store.reports import Identity, IdentityAsking, IdentityAskingSeal, IdentitySeal, Report
from whistle.vault import envelope, keys


def holders() -> list[Person]:
    """The people who hold the first half of identity keys now."""
    return list(
        Person.select()
        .join(IdentityHolder, on=(IdentityHolder.person == Person.id))
        .where(IdentityHolder.ended_at.is_null())
        .where(Person.state == "active")
    )


def people_for(case: Case) -> list[Person]:
    """Who holds first halves for a case: of reports on the office's own people, the members of the oversight desk."""
    return grants.desk_people(case.desk) if case.is_flagged else holders()


# --- the halves ----------------------------------------------------------------------------------------------


def seal(report: Report, contact: dict[str, Any], case_key: bytes, *, with_recovery: bool) -> None:
    """Keep a reporter's contact so that neither a holder alone nor an officer alone can open it."""
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
        half_to_reporter=_half_to_reporter(report, half),
        half_to_recovery=_half_to_recovery(report, half) if with_recovery else None,
    )
    for person in grants.not_kept_out(report.case, case_key, people_for(report.case)):
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


def _half_to_reporter(report: Report, half: bytes) -> bytes | None:
    """None where the reporter has no receipt code, and so no key."""
    if report.reporter_public is None:
        return None
    return envelope.seal_to(report.reporter_public, half, contexts.identity_half(report.id, "reporter"))


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


def take_from_shut_out(case: Case) -> None:
    """Take the first half from holders who must keep off the case since, as long as another holder has it.

    The last one keeps it, or the name would be lost, and is refused whatever they would do with it.
    """
    seals = (
        IdentitySeal.select(IdentitySeal, Person)
        .join(Person)
        .join_from(IdentitySeal, Report)
        .where(Report.case == case)
    )
    held = [(row, row.person) for row in seals if row.person is not None]
    allowed = {person.id for person in not_shut_out_of(case, [person for _row, person in held])}
    kept = {row.report_id for row, person in held if person.id in allowed}
    for row, person in held:
        if person.id not in allowed and row.report_id in kept:
            row.delete_instance()
            _forget_reasons(person, row.report_id)
            ledger.append("key", "half_taken", None, report=row.report_id, person=person.id)


def _forget_reasons(person: Person, report_id: str) -> None:
    asked = IdentityAsking.select(IdentityAsking.id).where(IdentityAsking.report == report_id)
    told = IdentityAskingSeal.delete().where(IdentityAskingSeal.person == person)
    told.where(IdentityAskingSeal.asking.in_(asked)).execute()


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
