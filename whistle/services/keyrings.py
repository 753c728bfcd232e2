"""Keyrings: a grant arrives as a seal to a public key, and the reader's next session moves it under their keyring.

A keyring is a symmetric key that is derived from a private half, a person's or a desk's, and never stored. Somebody who
holds two thousand cases so opens cheap records, where two thousand seals would take longer than a page may. Nothing
else changes: a grant is one row a reader and case, deleted when it is taken back, and new keys of a case arrive as
seals again. Moving gives nobody anything: only what the reader's own private half opens is moved.

It is derived and not a sealed random key, because a seal is anonymous: whoever can write to the database could put a
key of their own in its place, and sessions would move case keys under it.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from whistle.services import contexts, grants
from whistle.services.access import Acting, as_stranger
from whistle.services.use_case import use_case
from whistle.store.cases import CaseSeal, seals_open_to
from whistle.store.database import take_free
from whistle.store.desks import DeskKey
from whistle.vault import envelope
from whistle.vault.errors import VaultError

#: How many grants a sign of life moves, so that no page waits for it; the next one goes on.
MOST_AT_ONCE = 200


class Grant(NamedTuple):
    """What opening a grant takes, as a query of many brings it by `COLUMNS`."""

    case_id: str
    generation: int
    person_key_id: int | None
    desk_key_id: int | None
    is_moved: bool
    sealed: bytes

    @property
    def reader(self) -> str:
        """Who it is for, as its seal is bound to it."""
        if self.desk_key_id is not None:
            return f"desk-key:{self.desk_key_id}"
        return f"person-key:{self.person_key_id}"


COLUMNS = (
    CaseSeal.case,
    CaseSeal.generation,
    CaseSeal.person_key,
    CaseSeal.desk_key,
    CaseSeal.is_moved,
    CaseSeal.sealed,
)


@dataclass(slots=True)
class Opener:
    """Opens many grants in one session; private halves and keyrings are opened once each."""

    by: Acting
    _halves: dict[str, tuple[bytes, bytes] | None] = field(default_factory=dict, repr=False)

    def case_key(self, grant: Grant) -> bytes | None:
        """The case key of a grant; None for one that is not this session's, or does not open."""
        halves = self._of(grant)
        if halves is None:
            return None
        private, ring = halves
        try:
            if grant.is_moved:
                return envelope.open_record(ring, grant.sealed, _on_ring(grant))
            context = contexts.case_key(grant.case_id, grant.reader, grant.generation)
            return envelope.open_with(private, grant.sealed, context)
        except VaultError:
            return None

    def on_ring(self, grant: Grant) -> bytes | None:
        """The same case key under the reader's keyring; None where it does not open."""
        key, halves = self.case_key(grant), self._of(grant)
        if key is None or halves is None:
            return None
        return envelope.seal_record(halves[1], key, _on_ring(grant))

    def _of(self, grant: Grant) -> tuple[bytes, bytes] | None:
        if grant.reader not in self._halves:
            private = self._private(grant)
            self._halves[grant.reader] = None if private is None else (private, grants.keyring(private))
        return self._halves[grant.reader]

    def _private(self, grant: Grant) -> bytes | None:
        if grant.desk_key_id is not None:
            return grants.desk_private(self.by, DeskKey.get_by_id(grant.desk_key_id))
        return self.by.seed if grant.person_key_id == self.by.key_id else None


def _on_ring(grant: Grant) -> envelope.Context:
    return contexts.case_key_on_ring(grant.case_id, grant.reader, grant.generation)


@use_case
def gather(by: Acting, most: int = MOST_AT_ONCE) -> int:
    """Move up to `most` of a person's grants, and of the desks whose keys the person holds; returns how many.

    In a transaction of its own, which waits for nobody: what another holds is left for later. Held until the end of
    some other transaction, the rows would be in the way of who takes grants back after a first leaf.
    """
    as_stranger("sessions.acting")
    waiting = seals_open_to(by.person_id).where(~CaseSeal.is_moved)
    opener, moved = Opener(by), 0
    for row in take_free(waiting.order_by(CaseSeal.case, CaseSeal.id).limit(most)):
        grant = Grant(row.case_id, row.generation, row.person_key_id, row.desk_key_id, False, row.sealed)
        if (sealed := opener.on_ring(grant)) is not None:
            query = CaseSeal.update(sealed=sealed, is_moved=True).where(CaseSeal.id == row.id)
            moved += query.where(~CaseSeal.is_moved).execute()
    return moved
