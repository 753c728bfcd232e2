"""Break-glass: cases and names that nobody living can open any more come back, by the printed recovery sheet.

A deactivation takes the last seal as surely as any other. So that no report is buried by it, the head may type the
sheet in an own session; what it opens is granted under new keys to those of the line who may read it, and each case
gets a leaf. What the reporter shut the whole line out of stays as it is until somebody else sits there. Reports on the
office's own people are never sealed to the recovery key: for them the superior's key is the way.
"""

import dataclasses
from typing import Any

from whistle.rules import workflow
from whistle.services import archive, contexts, grants, identity, ledger
from whistle.services.access import Acting, is_shut_out, require
from whistle.services.errors import Conflict, Invalid
from whistle.services.use_case import reading, use_case
from whistle.store.cases import Case, CaseSeal
from whistle.store.database import lock_row
from whistle.store.desks import DeskSeal
from whistle.store.people import Person, PersonKey
from whistle.store.reports import Identity, IdentitySeal
from whistle.vault import envelope, keys, recovery
from whistle.vault.errors import SheetMistyped

#: How many cases one typed sheet brings back.
AT_ONCE = 500


@dataclasses.dataclass(frozen=True, slots=True)
class Lost:
    """What nobody can open who is still here: cases, and real names of which no holder has the first half.

    `has_holder`: there is somebody to whom those can be given.
    """

    cases: int = 0
    names: int = 0
    has_holder: bool = True


@reading
def count(by: Acting) -> Lost:
    """How much nobody can open who is still here."""
    require(by, "case.rescue")
    return Lost(_orphans().count(), len(_lost_names()), bool(identity.holders()))


@use_case
def rescue(by: Acting, sheet: str) -> int:
    """Open the orphaned cases with the recovery sheet and grant them to their line, archived ones to the archive desk.

    Real names that no holder has any more come to the holders of today. Returns how many cases, 500 at most. Raises
    Invalid('sheet', 'mistyped' or 'wrong'), Conflict 'no_archive_desk' where only the archive's are left and nobody
    keeps it, and 'nobody_to_hold' where only names are left and nobody is named to keep them.
    """
    require(by, "case.rescue")
    current = grants.recovery_key()
    try:
        seed = recovery.from_sheet(sheet)
    except SheetMistyped:
        raise Invalid("sheet", "mistyped") from None
    if current is None or keys.pair_from_seed(seed).public != bytes(current.public):
        raise Invalid("sheet", "wrong")
    rows = list(lock_row(_orphans()))
    if rows and archive.desk() is None and all(case.state == "archived" for case in rows):
        raise Conflict("no_archive_desk")
    if not rows and _lost_names() and not identity.holders():
        raise Conflict("nobody_to_hold")
    done = 0
    for row in rows:
        # Read anew: what was merged into one of them got new keys with it.
        done += _bring_back(Case.get_by_id(row.id), seed, current.id, by.person_id)
        if done == AT_ONCE:
            break
    _bring_back_names(seed, current.id)
    return done


def _bring_back(case: Case, seed: bytes, recovery_id: int, by: int) -> bool:
    """Give a case to its line, one nobody has accepted yet to its desk, and an archived one to who keeps the archive.

    False where nobody of them may read it.
    """
    seal = CaseSeal.get(
        CaseSeal.case == case,
        CaseSeal.is_recovery,
        CaseSeal.generation == case.key_generation,
    )
    context = contexts.case_key(case.id, f"recovery:{recovery_id}", seal.generation)
    key = envelope.open_with(seed, seal.sealed, context)
    readers = [person for person in _people_for(case) if grants.may_hold(case, key, person)]
    if not readers:
        return False
    key = grants.renew(case, key, keep=False)
    if case.state == "archived":
        grants.grant_archive(case, key, least=1)
    else:
        for person in readers:
            grants.grant(case, key, person, "line")
    if case.state in workflow.DESK_STATES and grants.desk_people(case.desk):
        grants.grant_desk(case, key, case.desk)
    grants.grant_recovery(case, key)
    ledger.append("key", "rescued", None, by, case=case.id)
    return True


def _people_for(case: Case) -> list[Person]:
    """To whom a case comes back: its line, or who keeps the archive, once that desk is ready."""
    if case.state != "archived":
        return grants.line_people(case.desk)
    desk = archive.desk()
    return [] if desk is None else grants.desk_people(desk)


def _bring_back_names(seed: bytes, recovery_id: int) -> None:
    """Give the first half of real names' keys, which no holder has any more, to the holders of today."""
    for row in _lost_names():
        context = contexts.identity_half(row.report_id, f"recovery:{recovery_id}")
        half = envelope.open_with(seed, bytes(row.half_to_recovery or b""), context)
        for person in identity.holders():
            identity.seal_half(row.report, half, person)


def _lost_names() -> list[Identity]:
    """Real names with a half for the recovery key of which nobody has a seal, but for those no holder may have."""
    held, holders = IdentitySeal.select(IdentitySeal.report), identity.holders()
    lost = Identity.select().where(Identity.half_to_recovery.is_null(False), Identity.report.not_in(held))
    return [
        row
        for row in lost
        if not holders or not all(is_shut_out(row.report.case, person.id) for person in holders)
    ]


def _orphans() -> Any:
    """Cases with a recovery seal whose other seals belong to nobody who is still here with that key."""
    here = (
        PersonKey.select(PersonKey.id)
        .join(Person)
        .where(Person.state == "active", PersonKey.retired_at.is_null())
    )
    by_person = CaseSeal.select(CaseSeal.case).where(CaseSeal.person_key.in_(here))
    desk_keys = DeskSeal.select(DeskSeal.desk_key).where(DeskSeal.person_key.in_(here))
    by_desk = CaseSeal.select(CaseSeal.case).where(CaseSeal.desk_key.in_(desk_keys))
    recoverable = CaseSeal.select(CaseSeal.case).where(CaseSeal.is_recovery)
    return (
        Case.select()
        .where(Case.id.in_(recoverable))
        .where(Case.id.not_in(by_person))
        .where(Case.id.not_in(by_desk))
        .order_by(Case.id)
    )
