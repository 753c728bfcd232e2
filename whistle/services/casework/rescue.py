"""Break-glass: cases that nobody living can open any more come to the head, by the printed recovery sheet.

A deactivation takes the last seal as surely as any other. So that no report is buried by it, the head may type the
sheet in an own session; what it opens is granted to the head under new keys, and each case gets a leaf. Reports on the
office's own people are never sealed to the recovery key: for them the superior's key is the way.
"""

from typing import Any

from whistle.services import contexts, grants, ledger
from whistle.services.access import Acting, require
from whistle.services.errors import Invalid
from whistle.services.use_case import reading, use_case
from whistle.store.cases import Case, CaseSeal
from whistle.store.database import lock_row
from whistle.store.desks import DeskSeal
from whistle.store.people import Person, PersonKey
from whistle.vault import envelope, keys, recovery
from whistle.vault.errors import SheetMistyped

#: How many cases one typed sheet brings back.
AT_ONCE = 500


@reading
def count(by: Acting) -> int:
    """How many cases nobody can open who is still here."""
    require(by, "case.rescue")
    return int(_orphans().count())


@use_case
def rescue(by: Acting, sheet: str) -> int:
    """Open the orphaned cases with the recovery sheet and grant them to the head; returns how many.

    Raises Invalid('sheet', 'mistyped' or 'wrong').
    """
    require(by, "case.rescue")
    current = grants.recovery_key()
    try:
        seed = recovery.from_sheet(sheet)
    except SheetMistyped:
        raise Invalid("sheet", "mistyped") from None
    if current is None or keys.pair_from_seed(seed).public != bytes(current.public):
        raise Invalid("sheet", "wrong")
    head = Person.get_by_id(by.person_id)
    rows = list(lock_row(_orphans().limit(AT_ONCE)))
    for case in rows:
        _bring_back(case, seed, current.id, head)
    return len(rows)


def _bring_back(case: Case, seed: bytes, recovery_id: int, head: Person) -> None:
    seal = CaseSeal.get(
        CaseSeal.case == case,
        CaseSeal.is_recovery,
        CaseSeal.generation == case.key_generation,
    )
    context = contexts.case_key(case.id, f"recovery:{recovery_id}", seal.generation)
    key = envelope.open_with(seed, seal.sealed, context)
    grants.grant(case, key, head, "line")
    ledger.append("key", "rescued", None, head.id, case=case.id)
    grants.renew(case, key)


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
