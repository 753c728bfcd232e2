"""All the cases that a person may read, looked through at once, without a copy of any of it staying anywhere.

One row a case brings the grant and the digest; what is wanted of a digest is picked as it is opened, and the rest is
forgotten. Digests that are missing, or older than their case, are made first, in the same session.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from peewee import JOIN

from whistle.services import acting_heads, grants, keyrings
from whistle.services.access import Acting, not_shut_out, require
from whistle.services.casework import digests
from whistle.services.casework.digests import Covered
from whistle.services.errors import NotAllowed
from whistle.services.use_case import reading, use_case
from whistle.store.base import database
from whistle.store.cases import Case, CaseSeal
from whistle.store.database import lock_row
from whistle.store.desks import DeskSeal
from whistle.store.finding import CaseDigest
from whistle.vault.errors import VaultError

T = TypeVar("T")

#: How many digests one look makes anew; the page says how many cases it has not come to.
MOST_MADE = 200

#: Makes a query of cases narrower.
Narrow = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Picked(Generic[T]):
    """What was wanted of one case, with its key of now."""

    case_id: str
    key: bytes = field(repr=False)
    value: T


@dataclass(frozen=True, slots=True)
class Looked(Generic[T]):
    """What came of a look: how many cases were read, what was picked of them, and how many could not be read yet."""

    read: int
    picked: list[Picked[T]]
    left: int


@dataclass(slots=True)
class _Look(Generic[T]):
    read: int = 0
    picked: list[Picked[T]] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)


def through(by: Acting, part: str, narrow: Narrow, pick: Callable[[bytes], T | None]) -> Looked[T]:
    """Open a part of the digest of every case that this person may read, and keep what `pick` makes of it.

    `pick` sees to it that nobody reads what a reporter kept them out of (`digests.keeps_out`).
    """
    look = _look(by, part, narrow, pick)
    stale = set(look.stale)
    if stale:
        stale -= _make(by, sorted(stale)[:MOST_MADE])
        again = _look(by, part, lambda cases: narrow(cases).where(Case.id.in_(list(stale))), pick)
        look.picked += again.picked
        look.read += again.read
        stale = set(again.stale)
    return Looked(look.read, look.picked, len(stale))


@reading
def _look(by: Acting, part: str, narrow: Narrow, pick: Callable[[bytes], T | None]) -> _Look[T]:
    require(by, "case.search")
    look, opener, seen = _Look[T](), keyrings.Opener(by), set[str]()
    for row in rows(by, part, narrow):
        grant, made, covered, sealed, now = _taken_apart(row)
        key = None if grant.case_id in seen else opener.case_key(grant)
        if key is None:
            continue
        seen.add(grant.case_id)
        if made != grant.generation or covered != now:
            look.stale.append(grant.case_id)
            continue
        try:
            content = digests.open_part(key, part, grant.case_id, made, covered, sealed)
        except VaultError:
            look.stale.append(grant.case_id)
            continue
        look.read += 1
        if (value := pick(content)) is not None:
            look.picked.append(Picked(grant.case_id, key, value))
    return look


def rows(by: Acting, part: str, narrow: Narrow) -> Iterator[tuple[Any, ...]]:
    """A row for each grant that this session may open, its case's digest beside it; each question has one index."""
    sealed = getattr(CaseDigest, f"sealed_{part}")
    columns = (*keyrings.COLUMNS, CaseDigest.generation, *_COVERED, sealed, *digests.COVERS)
    of_now = (CaseSeal.case == Case.id) & (CaseSeal.generation == Case.key_generation)
    query = (
        narrow(not_shut_out(by.person_id))
        .select(*columns)
        .join(CaseSeal, on=of_now)
        .switch(Case)
        .join(CaseDigest, JOIN.LEFT_OUTER, on=(CaseDigest.case == Case.id))
    )
    desk_keys = [row.desk_key_id for row in DeskSeal.select().where(DeskSeal.person == by.person_id)]
    readers = [(CaseSeal.person == by.person_id) & acting_heads.is_in_force(by.person_id)]
    if desk_keys:
        readers.append(CaseSeal.desk_key.in_(desk_keys))
    for reader in readers:
        yield from database.execute(query.where(reader))


_COVERED = (CaseDigest.events, CaseDigest.proposals, CaseDigest.reports)


def _taken_apart(
    row: tuple[Any, ...],
) -> tuple[keyrings.Grant, int | None, Covered, bytes, Covered]:
    """A row's grant, generation and extent of the digest, its sealed part, and how much of the case there is now."""
    return keyrings.Grant(*row[:6]), row[6], Covered(*row[7:10]), row[10], Covered(*row[11:14])


@use_case
def _make(by: Acting, case_ids: Iterable[str]) -> set[str]:
    """Make the digests of some cases, locked before; returns those whose reporters keep this person out."""
    require(by, "case.search")
    refused = set()
    for case in lock_row(Case.select().where(Case.id.in_(list(case_ids))).order_by(Case.id)):
        try:
            with suppress(VaultError):  # damaged: what cannot be read is told, and stops nothing else
                digests.refresh(case, grants.case_key(by, case))
        except NotAllowed:
            refused.add(case.id)
    return refused
