"""Checks the whole log: leaves against openings, rows against leaves, tree and checkpoints against both.

Everything is read page by page as of one moment, so memory stays small however long the log is. What does not
match is listed; what could not be checked is listed apart, and no findings are good news only when that list
is empty.

Key seals have no leaves, for they change without an act; what is checked of them is that they are there (`seals`).
What a table without leaves should hold can be checked by a service that knows it: `verify(also=…)`.

What it cannot see: leaves after the newest checkpoint that were cut off together with their rows, so it says how far
that checkpoint reaches; and somebody who rewrites rows, leaves, nodes *and* the newest checkpoints, keys in hand.
Against both stand the checkpoints that others keep: one of them can be held against the log.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields
from itertools import islice
from typing import Any

from peewee import SQL, Cast, PeeweeException, fn

from whistle import clock
from whistle.ledger import checkpoints, tree
from whistle.services.errors import ServiceError
from whistle.services.ledger import leaves, signing
from whistle.services.ledger.findings import MOST, Finding, about
from whistle.services.ledger.leaves import table_name
from whistle.services.ledger.seals import check_seals
from whistle.store.base import Table, database
from whistle.store.database import atomic_read, in_transaction
from whistle.store.entries import Checkpoint, Entry, LogHead, Node

#: Leaves or rows read at once.
PAGE = 500
#: The worker signs every day; a leaf that waits longer may be what is left of a log whose checkpoints were taken.
UNSIGNED_AT_MOST = dt.timedelta(days=2)
#: Where there is neither checkpoint nor key, the first day's leaves wait for the next morning's signature at most.
NEVER_SIGNED_AT_MOST = dt.timedelta(days=1)

#: Further checks, made in the same moment as all others.
Check = Callable[[], Iterator[Finding]]


class Unreadable(ServiceError):
    """The database could not be read, so nothing is known about the log."""


class NoNote(ServiceError):
    """What was to be held against the log is no checkpoint."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check of the log came to.

    `root` is that of the `size` leaves that follow one another without a gap; `unchecked` names what could
    not be checked, in codes of REASONS. `signed_size` is how many leaves the newest checkpoint covers, `signed_on` its
    day as it is stored; None where nothing was ever signed.
    """

    size: int
    root: bytes
    findings: tuple[Finding, ...]
    unchecked: tuple[str, ...]
    signed_size: int | None
    signed_on: str | None

    @property
    def unsigned(self) -> int:
        """The leaves after the newest checkpoint: were more of them cut off, this check could not tell."""
        return max(0, self.size - (self.signed_size or 0))

    @property
    def complete(self) -> bool:
        """Whether everything could be checked."""
        return not self.unchecked


@dataclass(frozen=True, slots=True)
class _Leaf:
    """An entry as the database keeps it, nothing converted: a damaged value cannot stop a check."""

    position: int
    type: str
    day: str
    leaf: bytes
    leaf_hash: bytes
    salt: bytes
    record: str
    blind: bytes
    about_table: str
    about_id: str


_LEAF_COLUMNS = [getattr(Entry, column.name) for column in fields(_Leaf)]


@dataclass(slots=True)
class _Walk:
    """What is carried from leaf to leaf; owned by one `verify`. Of the tree only the peaks are kept."""

    #: Sizes of checkpoints, at which the root is noted.
    signed_sizes: set[int]
    #: The size of the note that somebody kept, at which it is noted too.
    kept_size: int | None = None
    size: int = 0
    peaks: dict[tuple[int, int], bytes] = field(default_factory=dict)
    roots: dict[int, bytes] = field(default_factory=dict)
    #: Nodes above a difference differ too; only the lowest of them is a finding.
    blamed: set[tuple[int, int]] = field(default_factory=set)
    #: A leaf is missing: the tree cannot be followed any further.
    has_gap: bool = False

    def notes(self, size: int) -> bool:
        """Whether the root of so many leaves will be asked for."""
        return size in self.signed_sizes or size == self.kept_size

    def root(self) -> bytes:
        return tree.root(self.size, lambda level, place: self.peaks[level, place])


def verify(*, kept: str | None = None, also: Iterable[Check] = ()) -> Verification:
    """Check everything that exists, in a transaction of its own; `kept` is a signed note that somebody kept elsewhere.

    Raises Unreadable without a database, NoNote where `kept` is none.
    """
    if in_transaction():
        raise RuntimeError("verify sees one moment only in a transaction of its own")
    held = None if kept is None else _read_note(kept)
    try:
        with atomic_read():
            return _verify(held, also)
    except PeeweeException as fault:
        raise Unreadable(str(fault)) from fault


def _read_note(copied: str) -> tuple[str, checkpoints.Head]:
    """The note out of a file somebody pasted it into: editors end lines and files in their own ways."""
    note = copied.replace("\r\n", "\n").strip() + "\n"
    try:
        return note, checkpoints.read(note)
    except checkpoints.CheckpointError as fault:
        raise NoNote(str(fault)) from fault


def _verify(held: tuple[str, checkpoints.Head] | None, also: Iterable[Check]) -> Verification:
    signed_size, signed_on = _newest_checkpoint()
    walk = _Walk(signed_sizes={row.size for row in Checkpoint.select(Checkpoint.size)})
    if held is not None:
        walk.kept_size = held[1].size
    unchecked: list[str] = []
    found = _all_findings(walk, unchecked, held, also)
    findings = tuple(islice(found, MOST))
    if next(found, None) is not None:
        unchecked.append("more_findings")
    return Verification(walk.size, walk.root(), findings, tuple(unchecked), signed_size, signed_on)


def _newest_checkpoint() -> tuple[int | None, str | None]:
    newest = Checkpoint.select(Checkpoint.size, Checkpoint.day).order_by(Checkpoint.size.desc()).limit(1)
    found: tuple[int, str] | None = database.execute(newest).fetchone()
    return found or (None, None)


def _all_findings(
    walk: _Walk, unchecked: list[str], held: tuple[str, checkpoints.Head] | None, also: Iterable[Check]
) -> Iterator[Finding]:
    yield from _check_leaves(walk)
    yield from _check_stored_tree(walk)
    yield from _check_checkpoints(walk, unchecked)
    if held is not None:
        yield from _check_kept(walk, unchecked, *held)
    for model in leaves.logged_tables():
        yield from _check_logged_rows(model)
        yield from _check_rows_without_leaf(model)
    yield from check_seals()
    for check in also:
        yield from check()


# Leaves and tree


def _check_leaves(walk: _Walk) -> Iterator[Finding]:
    if walk.notes(0):
        walk.roots[0] = tree.EMPTY
    for page in _pages(_all_leaves):
        new: list[tuple[int, int, bytes]] = []
        for leaf in page:
            yield from _check_place(walk, leaf)
            yield from _check_leaf(walk, leaf)
            if not walk.has_gap:
                new += _grow(walk, leaf)
        yield from _check_nodes(walk, new)


def _all_leaves(after: _Leaf | None) -> list[_Leaf]:
    query = Entry.select(*_LEAF_COLUMNS).order_by(Entry.position)
    return _fetch(query if after is None else query.where(Entry.position > after.position))


def _check_place(walk: _Walk, leaf: _Leaf) -> Iterator[Finding]:
    if not walk.has_gap and leaf.position != walk.size:
        walk.has_gap = True
        yield Finding("gap", walk.size, f"leaves {walk.size} to {leaf.position - 1} are missing")


def _check_leaf(walk: _Walk, leaf: _Leaf) -> Iterator[Finding]:
    if tree.leaf_hash(leaf.leaf) != leaf.leaf_hash:
        walk.blamed.add((0, leaf.position))
        yield Finding("leaf_hash", leaf.position, "the leaf's hash is not that of its data")
    public, record = _object(leaf.leaf), _object(leaf.record)
    if public.get("commitment") != leaves.commitment(leaf.salt, leaf.record):
        yield Finding("commitment", leaf.position, "the opening is not what the leaf commits to")
    said_by_leaf = (public.get("type"), public.get("day"))
    said_by_record = (record.get("day"), record.get("table", ""), record.get("id", ""))
    if (said_by_leaf, said_by_record) != ((leaf.type, leaf.day), (leaf.day, leaf.about_table, leaf.about_id)):
        yield Finding("entry", leaf.position, "the entry's columns are not what leaf and record say")


def _grow(walk: _Walk, leaf: _Leaf) -> list[tuple[int, int, bytes]]:
    """Let the tree grow by a leaf's data; returns the nodes that came to be."""
    new = tree.append(walk.size, tree.leaf_hash(leaf.leaf), lambda level, place: walk.peaks[level, place])
    for sibling in tree.siblings(walk.size):
        del walk.peaks[sibling]
    level, place, top = new[-1]
    walk.peaks[level, place] = top
    walk.size += 1
    if walk.notes(walk.size):
        walk.roots[walk.size] = walk.root()
    return new


def _check_nodes(walk: _Walk, new: list[tuple[int, int, bytes]]) -> Iterator[Finding]:
    """The stored nodes against those that follow from a page of leaves."""
    stored = _stored_between(new)
    for level, place, expected in sorted(new):
        below = {(level - 1, 2 * place), (level - 1, 2 * place + 1)}
        is_told = bool(walk.blamed & below) or (level, place) in walk.blamed
        walk.blamed -= below
        if stored.get((level, place)) == expected:
            walk.blamed.discard((level, place))
            continue
        walk.blamed.add((level, place))
        if not is_told:
            yield Finding("node", None, f"node {level}/{place} does not follow from the leaves")


def _stored_between(new: list[tuple[int, int, bytes]]) -> dict[tuple[int, int], bytes]:
    """All stored nodes from the first to the last place of each level in `new`, in one query."""
    if not new:
        return {}
    places: dict[int, list[int]] = {}
    for level, place, _ in new:
        places.setdefault(level, []).append(place)
    conditions = [(Node.level == level) & Node.place.between(min(p), max(p)) for level, p in places.items()]
    condition = conditions[0]
    for another in conditions[1:]:
        condition |= another
    return {(node.level, node.place): bytes(node.hash) for node in Node.select().where(condition)}


def _check_stored_tree(walk: _Walk) -> Iterator[Finding]:
    head = LogHead.select().first()
    said = "nothing" if head is None else f"{head.size} leaves"
    if said != f"{walk.size} leaves":
        yield Finding("size", None, f"the log's head says {said}, {walk.size} follow one another")
    if walk.has_gap:
        return
    nodes = Node.select().count()
    if nodes != tree.count_nodes(walk.size):
        yield Finding("node", None, f"{nodes} nodes are stored instead of {tree.count_nodes(walk.size)}")
    if _stored_root(walk.size) != walk.root():
        yield Finding("root", None, "the stored tree has another root than the leaves")


def _stored_root(size: int) -> bytes | None:
    try:
        return signing.root_of(size)
    except signing.LogDamaged:
        return None


# Checkpoints


def _check_checkpoints(walk: _Walk, unchecked: list[str]) -> Iterator[Finding]:
    if not walk.size and not walk.has_gap:
        unchecked.append("log_empty")
    if not walk.signed_sizes and signing.has_keys():
        yield Finding("checkpoint_missing", None, "there is a key that signed, and no checkpoint")
    if not walk.signed_sizes and not signing.has_keys() and _waits_longer(0, NEVER_SIGNED_AT_MOST):
        unchecked.append("signatures_missing")
    elif _waits_longer(max(walk.signed_sizes, default=0), UNSIGNED_AT_MOST):
        unchecked.append("checkpoint_old")
    keys = _verifier_keys(unchecked) if walk.signed_sizes else ()
    columns = (Checkpoint.size, Checkpoint.root, Checkpoint.note)
    for row in Checkpoint.select(*columns).order_by(Checkpoint.size).iterator():
        if keys:
            yield from _check_note(row, keys)
        if row.size not in walk.roots and walk.has_gap:
            unchecked.append(f"checkpoint_root {row.size}")
        elif row.size not in walk.roots:
            yield Finding("checkpoint_size", row.size, "more leaves were signed than there are")
        elif walk.roots[row.size] != bytes(row.root):
            yield Finding("checkpoint_root", row.size, "the leaves lead to another root than was signed")


def _check_kept(walk: _Walk, unchecked: list[str], note: str, head: checkpoints.Head) -> Iterator[Finding]:
    """A note that was kept elsewhere: signed by this log's keys, and about leaves that are still the same."""
    keys = _verifier_keys(unchecked)
    if keys:
        try:
            checkpoints.verify(note, keys)
        except checkpoints.CheckpointError as fault:
            yield Finding("kept_signature", head.size, str(fault))
            return
    if head.size not in walk.roots and walk.has_gap:
        _add(unchecked, f"checkpoint_root {head.size}")
    elif head.size not in walk.roots:
        yield Finding(
            "kept_size", head.size, f"the kept note covers {head.size} leaves, there are {walk.size}"
        )
    elif walk.roots[head.size] != head.root:
        yield Finding("kept_root", head.size, "the leaves lead to another root than the kept note says")


def _add(unchecked: list[str], reason: str) -> None:
    if reason not in unchecked:
        unchecked.append(reason)


def _waits_longer(signed: int, at_most: dt.timedelta) -> bool:
    """Whether a leaf waits for its checkpoint longer than the worker ever lets it."""
    oldest = Entry.select(Entry.day).where(Entry.position >= signed).order_by(Entry.position).limit(1)
    last_day = (clock.today() - at_most).isoformat()
    return any(day < last_day for (day,) in database.execute(oldest).fetchall())


def _verifier_keys(unchecked: list[str]) -> tuple[checkpoints.VerifierKey, ...]:
    try:
        return tuple(key.verifier for key in signing.read_keys())
    except (signing.SigningKeyMissing, checkpoints.CheckpointError, OSError, UnicodeError):
        _add(unchecked, "checkpoint_signatures")
        return ()


def _check_note(row: Checkpoint, keys: tuple[checkpoints.VerifierKey, ...]) -> Iterator[Finding]:
    try:
        head = checkpoints.verify(row.note, keys)
    except checkpoints.CheckpointError as fault:
        yield Finding("checkpoint_signature", row.size, str(fault))
        return
    if head != checkpoints.Head(keys[0].name, row.size, bytes(row.root)):
        yield Finding("checkpoint_signature", row.size, "the signed text says something else than its row")


# Rows


def _check_logged_rows(model: type[Table]) -> Iterator[Finding]:
    """The newest leaf about each row of a table against the row."""
    for page in _pages(lambda after: _newest_leaves(table_name(model), after)):
        keys = {leaf.position: _key(model, leaf.about_id) for leaf in page}
        rows = leaves.stored_columns(model, [key for key in keys.values() if key is not None])
        for leaf in page:
            fault = _compare(model, leaf, rows.get(keys[leaf.position]))
            if fault is not None:
                yield about(fault, leaf.about_table, leaf.about_id, leaf.position)


def _newest_leaves(table: str, after: _Leaf | None) -> list[_Leaf]:
    newest = (
        Entry.select(fn.MAX(Entry.position))
        .where(Entry.about_table == table)
        .group_by(Entry.about_id)
        .order_by(Entry.about_id)
        .limit(PAGE)
    )
    if after is not None:
        newest = newest.where(Entry.about_id > after.about_id)
    positions = [position for (position,) in database.execute(newest).fetchall()]
    return _fetch(Entry.select(*_LEAF_COLUMNS).where(Entry.position.in_(positions)).order_by(Entry.about_id))


def _compare(model: type[Table], leaf: _Leaf, row: dict[str, Any] | None) -> str | None:
    if leaf.type == "deleted":
        return None if row is None else "row_back"
    if row is None:
        return "row_missing"
    said = _object(leaf.record).get("digest")
    return None if said == leaves.digest(model, row, leaf.blind) else "row_changed"


def _check_rows_without_leaf(model: type[Table]) -> Iterator[Finding]:
    key = leaves.primary_key(model)
    leaf = (
        Entry.select(SQL("1"))
        .where(Entry.about_table == table_name(model))
        .where(Entry.about_id == Cast(key, "TEXT"))
    )
    bare = model.select(key).where(~fn.EXISTS(leaf)).order_by(key).limit(MOST + 1)
    for (found,) in database.execute(bare).fetchall():
        yield about("row_without_leaf", table_name(model), found)


def _key(model: type[Table], about_id: str) -> Any:
    """A primary key from its text; None where it cannot be one."""
    key = leaves.primary_key(model)
    if getattr(key, "rel_field", key).field_type == "TEXT":
        return about_id
    return int(about_id) if about_id.isascii() and about_id.isdigit() and len(about_id) < 10 else None


def _object(text: str | bytes) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _fetch(query: Any) -> list[_Leaf]:
    rows = database.execute(query.limit(PAGE)).fetchall()
    return [_Leaf(*row) for row in rows]


def _pages(fetch: Callable[[_Leaf | None], list[_Leaf]]) -> Iterator[list[_Leaf]]:
    """A long list, page by page. (A plain cursor of PostgreSQL would fetch it whole.)"""
    page = fetch(None)
    while page:
        yield page
        page = fetch(page[-1])
