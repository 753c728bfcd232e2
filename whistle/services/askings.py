"""Askings to see a real-name reporter's contact: given for a time by a holder's session, over again by itself.

Whoever works a case asks to see the contact; a holder's session seals the first half of its key to the asker's person
key, and that is the second person's consent. It ends by its hour, by either of the two, or with the asker's grant of
the case; the seal is deleted. A copy of it opens for nobody but the asker, and for nothing without the case's half,
which moves under each new case key: who lost the case is left with what could be seen before. Put back into the row it
opens nothing, for the row says that it is over and the log says what the row was.

What people do with them is `casework.identity_asking` and `casework.identity_giving`. Decision 020.
"""

from collections.abc import Iterable
from typing import Any

from whistle import clock
from whistle.services import acting_heads, contexts, grants, identity, ledger
from whistle.services.access import Acting, is_shut_out
from whistle.store.cases import Case, CaseKey, CaseSeal, seals_open_to
from whistle.store.people import Person
from whistle.store.reports import Identity, IdentityAsking, IdentityAskingSeal, IdentitySeal, Report
from whistle.vault import envelope, keys

#: Askings that wait, and those that were granted and are not over.
LIVE = ("waiting", "given")


def able_to_give(case: Case, case_key: bytes, report: Report, asker_id: int) -> list[Person]:
    """Who could answer an asking: holders of the half for the key they use now, never the asker, nobody kept out."""
    here = {person.id for person in identity.people_for(case)} - {asker_id}
    held = {row.person_id: row for row in IdentitySeal.select().where(IdentitySeal.report == report)}
    people = [row.person for person_id, row in held.items() if person_id in here and row.person]
    in_use = grants.admitted_keys(people)
    fit = [p for p in people if p.id in in_use and held[p.id].person_key_id == in_use[p.id].id]
    return grants.not_kept_out(case, case_key, sorted(fit, key=lambda person: person.id))


def still_holds(by: Acting, case: Case) -> bool:
    """Whether this person is a holder for the case today."""
    return by.person_id in {person.id for person in identity.people_for(case)} and not is_shut_out(
        case, by.person_id
    )


def give_half(by: Acting, asking: IdentityAsking) -> bool:
    """Seal the first half to who asked; the caller saves the row. False where one of the two has no key for it."""
    asker_key = grants.key_to_seal_to(asking.person)
    half = identity.open_half(by, asking.report)
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


def move(report: Report, old: Case, old_key: bytes, new: Case, new_key: bytes) -> None:
    """Bring what was said about a report's contact to the case the report joined; both keys are the newest of theirs.

    Who works the new case reads it there. What was asked by somebody who does not ends.
    """
    for asking in list(IdentityAsking.select().where(IdentityAsking.report == report)):
        body = reason(asking, old, old_key)
        said = answer(asking, old, old_key)
        asking.generation = new.key_generation
        context = contexts.identity_reason(asking.id, "case", asking.generation)
        asking.sealed = envelope.seal_json_record(new_key, {"text": body}, context)
        if said is not None:
            seal_answer(asking, new, said)
        asking.save()
        ledger.resealed(asking)
    end_lost([new])


def reason(asking: IdentityAsking, case: Case, case_key: bytes) -> str:
    """Why somebody asked, through the newest case key."""
    own_key = grants.key_of_generation(case, case_key, asking.generation)
    context = contexts.identity_reason(asking.id, "case", asking.generation)
    return str(envelope.open_json_record(own_key, asking.sealed, context)["text"])


def answer(asking: IdentityAsking, case: Case, case_key: bytes) -> str | None:
    """Why a holder refused, through the newest case key; None where nobody did."""
    if asking.sealed_answer is None or asking.answer_generation is None:
        return None
    own_key = grants.key_of_generation(case, case_key, asking.answer_generation)
    box = grants.box_private(case, own_key, asking.answer_generation)
    context = contexts.identity_answer(asking.id, asking.answer_generation)
    return str(envelope.open_json_with(box, asking.sealed_answer, context)["text"])


def seal_answer(asking: IdentityAsking, case: Case, words: str) -> None:
    """Put a refusal's words into the row, sealed to the case's box: a holder cannot read the case. The caller saves."""
    asking.answer_generation = case.key_generation
    box = CaseKey.get(CaseKey.case == case, CaseKey.generation == case.key_generation).box_public
    context = contexts.identity_answer(asking.id, case.key_generation)
    asking.sealed_answer = envelope.seal_json_to(box, {"text": words}, context)


def still_reads(asking: IdentityAsking) -> bool:
    """Whether who asked can still open the case."""
    case = asking.report.case
    holds = acting_heads.opens(asking.person_id, case)
    return asking.person.state == "active" and holds and not is_shut_out(case, asking.person_id)
