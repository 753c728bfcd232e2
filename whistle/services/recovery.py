"""The office's recovery key: made in the head's first session, printed once, typed back, and used for who lost theirs.

Its private half is on the sheet alone. A new one may be made as long as the old was never typed back; once in force
it stays, for everything sealed until then is sealed to it.
"""

import secrets
from dataclasses import dataclass, field

from whistle import clock
from whistle.services import access, contexts, grants, keyholding, ledger
from whistle.services.access import Acting
from whistle.services.errors import Conflict, Invalid
from whistle.services.use_case import reading, use_case
from whistle.store.desks import BlindKey, Desk, DeskKey
from whistle.store.people import Person, PersonKey, RecoveryKey
from whistle.vault import envelope, keys
from whistle.vault import recovery as sheets
from whistle.vault.errors import VaultError

#: Groups of the sheet that are typed back.
ASKED = 3


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet's groups, shown once, and the places (from 1) of those to type back."""

    groups: tuple[str, ...] = field(repr=False)
    asked: tuple[int, ...]
    #: The head's own short code and the outside member's, for the printed set-up sheet.
    short_codes: tuple[tuple[str, str], ...]


@use_case
def make_sheet(by: Acting) -> Sheet:
    """A new recovery pair, not in force before `check_sheet`; one that was never typed back ends."""
    access.require(by, "recovery.make_sheet")
    keyholding.require_sitting(by, "head")
    if grants.recovery_key() is not None:
        raise Conflict("recovery_in_force")
    _end_unchecked(by)
    pair = keys.new_pair()
    groups = tuple(sheets.groups(sheets.to_sheet(pair.seed)))
    asked = tuple(sorted(secrets.SystemRandom().sample(range(1, len(groups) + 1), ASKED)))
    row = RecoveryKey.create(
        public=pair.public,
        made_by=by.person_id,
        recorded_at=clock.now(),
        asked_groups=list(asked),
        groups_hash=_hash([groups[place - 1] for place in asked]),
    )
    ledger.append("key", "recovery_key", row, by=by.person_id, code=keys.short_code(pair.public))
    return Sheet(groups, asked, _short_codes())


def _end_unchecked(by: Acting) -> None:
    for row in RecoveryKey.select().where(RecoveryKey.checked_at.is_null(), RecoveryKey.retired_at.is_null()):
        row.retired_at, row.groups_hash = clock.now(), None
        row.save()
        ledger.append("key", "recovery_key_retired", row, by=by.person_id)


def _hash(groups: list[str]) -> bytes:
    return keys.hash_token(" ".join(groups))


def _short_codes() -> tuple[tuple[str, str], ...]:
    """Names and short codes of the people taken on trust, for the printed sheet."""
    people = keyholding.sitting("head", "oversight")
    found = [(person, keyholding.current_key(person)) for person in people]
    return tuple((person.name, keys.short_code(key.public)) for person, key in found if key is not None)


@reading
def is_in_force(by: Acting) -> bool:
    """Whether a sheet is in force, beside which there is no second."""
    access.require(by, "recovery.make_sheet")
    return grants.recovery_key() is not None


@reading
def asked_groups(by: Acting) -> tuple[int, ...]:
    """The places of the groups still to be typed back; empty when there is nothing to type."""
    access.require(by, "recovery.make_sheet")
    row = _unchecked()
    return () if row is None else tuple(row.asked_groups)


def _unchecked() -> RecoveryKey | None:
    query = RecoveryKey.select().where(RecoveryKey.checked_at.is_null(), RecoveryKey.retired_at.is_null())
    row: RecoveryKey | None = query.order_by(RecoveryKey.id.desc()).first()
    return row


@use_case
def check_sheet(by: Acting, groups: list[str]) -> None:
    """Type three groups back: the key is in force, and the office's keys are made in the same session.

    These are the keys of the desks without one, the blind-index key, and the head as first identity holder until
    others are named.
    """
    access.require(by, "recovery.make_sheet")
    person = keyholding.require_sitting(by, "head")
    row = _unchecked()
    if row is None:
        raise Conflict("no_sheet")
    typed = [sheets.plain(group) for group in groups]
    if len(typed) != ASKED or _hash(typed) != row.groups_hash:
        raise Invalid("groups", "mistyped", asked=row.asked_groups)
    row.checked_at, row.asked_groups, row.groups_hash = clock.now(), None, None
    row.save()
    ledger.append("key", "recovery_key_checked", row, by=by.person_id)
    _make_office_keys(by, person)


def _make_office_keys(by: Acting, head: Person) -> None:
    keyholding.seal_to_recovery(head, PersonKey.get_by_id(by.key_id), by.seed)
    for desk in Desk.select().where(Desk.kind != "oversight"):
        if not DeskKey.select().where(DeskKey.desk == desk).exists():
            keyholding.make_desk_key(desk, by.person_id)
    if not BlindKey.select().exists():
        keyholding.make_blind_key(by.person_id)
    if not keyholding.holders():
        keyholding.name_holder(head, by.person_id)


def is_complete() -> bool:
    """Whether the sheet is in force and the office's keys were made with it."""
    return grants.recovery_key() is not None and bool(BlindKey.select().exists())


@reading
def open_person_key(person_id: int, sheet: str) -> tuple[int, keys.KeyPair]:
    """A person's key as the typed sheet opens it. Raises Invalid for a slip, or a sheet that does not fit."""
    access.as_stranger("accounts.activate")
    try:
        seed = sheets.from_sheet(sheet)
    except sheets.SheetMistyped as error:
        raise Invalid("sheet", "mistyped", detail=error) from None
    row = keyholding.current_key(Person.get_by_id(person_id))
    if row is None or row.sealed_to_recovery is None or not ledger.matches(row):
        raise Invalid("sheet", "not_sealed")
    context = contexts.person_to_recovery(person_id, keys.short_code(row.public))
    try:
        pair = keys.pair_from_seed(envelope.open_with(seed, row.sealed_to_recovery, context))
    except VaultError:
        raise Invalid("sheet", "not_ours") from None
    if pair.public != row.public:
        raise Conflict("key_damaged")
    return row.id, pair
