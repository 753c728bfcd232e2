"""Leaves and their openings: what an act puts into the log, and how a row is held against it.

Format 1. All JSON here is canonical: UTF-8, keys sorted, no spaces, absent instead of null.

- leaf (public): `{"commitment", "day", "type", "v": 1}`, and `"reason"` with the type `declined`;
- commitment: `SHA-256(salt || record)` in hex, salt 32 random bytes;
- record: `{"what", "day", "v": 1}`; with a row `"table"`, `"id"` and, unless it was deleted, `"digest"`; and
  where given `"by"` (a person's id) and `"more"`;
- digest: `SHA-256(blind || columns)` in hex, blind 32 random bytes that never leave the database, columns the
  JSON object of the row's columns by name without its `unlogged` ones, sealed bytes as the hex of their
  SHA-256. A column that is NULL is left out, so a nullable column added by a later version leaves older
  digests as they are.

The opening, salt and record, lies in the leaf's row. Reporters get the openings of their leaves of the OPENED
types: no more is said there than they may know, and never who acted.
"""

import functools
import hashlib
import json
import operator
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from peewee import fn

from whistle import clock
from whistle.ledger import tree
from whistle.services.errors import NotFound
from whistle.store.base import Table, database
from whistle.store.database import NoTransaction, in_transaction
from whistle.store.entries import Checkpoint, Entry, LogHead, Node
from whistle.store.schema import TABLES

T = TypeVar("T", bound=Table)

FORMAT = 1
#: What a leaf says to everybody; anything that fits none of them is `other`.
TYPES = frozenset({"received", "accepted", "declined", "ended", "overdue", "deleted", "key", "other"})
#: Types whose openings reporters get.
OPENED = frozenset({"received", "accepted", "declined", "ended"})
RANDOM_BYTES = 32
#: How a reader of a downloaded proof checks that the signed root covers the leaf.
PATH_CHECK = "leaf_hash at position and path lead to the root in note by RFC 9162 section 2.1.3.2"

#: Tables whose rows need no leaf, each with the reason; leaves about them are history. All others are
#: checked.
NO_LEAF: Mapping[str, str] = {
    "setup_link": "a one-time link of the first minutes; the office's row says what became of it",
    "recovery_code": "a person's own second factor; making and using them leave leaves",
    "officer_session": "a visit of hours, sealed under the visitor's cookie",
    "known_device": "a mark of a browser and its counter of tries",
    "sign_in_tries": "a counter of tries",
    "visit_file": "of a visit, not sent yet, gone with it; once it is sent, the attachment's row has a leaf",
    "file_view": "a look of minutes; opening the case is recorded",
    "reporter_session": "a visit of minutes, sealed under the visitor's cookie; a trace would tell when",
    "old_token": "only words the page of an outdated poster; rotating leaves a leaf about the channel",
    "desk_seal": "a key seal: admitting and ending leave leaves about seat and key",
    "blind_seal": "a key seal: giving and taking leave leaves",
    "case_seal": "a key seal: granting and revoking leave leaves that name case, reader and reason",
    "merged_key": "a key seal: giving and taking it leave leaves that name the case and its reader",
    "case_digest": "the words of a case once more, sealed; the rows they come from have their leaves",
    "last_search": "of a visit of hours, sealed under the visitor's own key; looking for words leaves a leaf",
    "report_key": "key seals alone; a new generation leaves a leaf",
    "identity_seal": "a key seal: giving it leaves a leaf, and the identity row has its own",
    "identity_asking_seal": "a key seal: the asking it belongs to has its leaf, and another when it ends",
    "interference_seal": "a key seal: giving and taking it leave leaves, and the record has its own",
    "clock": "follows from the events, which have theirs",
    "told": "whom a reminder is for, whose leaf names them",
    "read_state": "a mark of what one officer has read",
    "entry": "the log itself",
    "node": "the log itself",
    "log_head": "the log itself",
    "checkpoint": "the log itself, and signed",
}


def logged_tables() -> list[type[Table]]:
    """The tables each of whose rows must have a leaf."""
    return [model for model in TABLES if table_name(model) not in NO_LEAF]


def append(type: str, what: str, row: Table | None = None, by: int | None = None, **more: Any) -> int:
    """Put a leaf at the log's end within the caller's transaction; returns its position.

    Call it after `row` was saved (or, with type `deleted`, before or after it is deleted): the row is read
    again, as the database has it. Call it after the transaction's row locks were taken: from here to the
    commit nobody else appends. `type` and a declined leaf's `reason` are public; in the OPENED types the
    reporter reads `what` and `more` too, and `by` is left out. Raises NoTransaction, and ValueError for a
    type, table or row that cannot be logged.
    """
    if not in_transaction():
        raise NoTransaction("ledger.append belongs into the transaction of the act")
    _check_type(type, more)
    position = _take_position()
    salt, blind = secrets.token_bytes(RANDOM_BYTES), secrets.token_bytes(RANDOM_BYTES)
    record = {"v": FORMAT, "what": what, "day": clock.today().isoformat(), "by": by, "more": more or None}
    if type in OPENED:
        del record["by"]
    record |= {} if row is None else _about(type, row, blind)
    _write(position, type, canonical(record), salt, blind, more)
    return position


def resealed(row: Table, by: int | None = None) -> int:
    """Log a lawful re-encryption of a saved row: the record holds the old digest beside the new one."""
    latest = _latest(row)
    if latest is None:
        raise NotFound("entry")
    return append("other", "resealed", row, by, was=json.loads(latest.record).get("digest"))


def matches(row: Table) -> bool:
    """Whether the newest leaf about a row covers exactly what `row` now holds."""
    return bool(matching([row]))


def matching(rows: Iterable[T]) -> list[T]:
    """Those of some rows, of any tables, that match; one question to the database for all of them."""
    asked = list(rows)
    latest = _newest_about(asked)
    return [row for row in asked if _covers(latest.get(_about_of(row)), row)]


def _covers(latest: Entry | None, row: Table) -> bool:
    if latest is None or latest.type == "deleted":
        return False
    held = digest(row.__class__, row.columns(), bytes(latest.blind))
    return bool(json.loads(latest.record).get("digest") == held)


def openings_about(table: str, id: str, types: Sequence[str]) -> list[dict[str, Any]]:
    """The openings of all leaves of some types about one row, oldest first, each with the newest signature and the
    path by which it covers the leaf; what is not signed yet has none.
    """
    query = (
        Entry.select()
        .where(Entry.about_table == table)
        .where(Entry.about_id == id)
        .where(Entry.type.in_(types))
        .order_by(Entry.position)
    )
    newest: Checkpoint | None = Checkpoint.select().order_by(Checkpoint.size.desc()).first()
    return [_opening(entry) | _signed(entry.position, newest) for entry in query.iterator()]


def _signed(position: int, newest: Checkpoint | None) -> dict[str, Any]:
    """What proves that a leaf is among those that were signed."""
    if newest is None or position >= newest.size:
        return {}
    steps = tree.path(position, newest.size)
    nodes = stored_nodes([node for step in steps for node in step])
    try:
        path = [tree.join([nodes[node] for node in step]).hex() for step in steps]
    except KeyError:
        return {}  # a damaged log proves nothing; its check says what is missing
    return {"signed": {"size": newest.size, "path": path, "note": newest.note, "check": PATH_CHECK}}


def _opening(entry: Entry) -> dict[str, Any]:
    return {
        "format": f"whistle-opening-{FORMAT}",
        "position": entry.position,
        "leaf": bytes(entry.leaf).decode(),
        "leaf_hash": bytes(entry.leaf_hash).hex(),
        "salt": bytes(entry.salt).hex(),
        "record": entry.record,
        "check": [
            "leaf_hash = SHA-256(0x00 || leaf)",
            "leaf.commitment = SHA-256(salt || record)",
        ],
    }


def digest(model: type[Table], columns: Mapping[str, Any], blind: bytes) -> str:
    """The digest of a row from its columns as the database keeps them."""
    covered = {f.column_name: f for f in model._meta.sorted_fields if not _is_unlogged(model, f)}
    plain = {name: _plain(field, columns[name]) for name, field in covered.items()}
    return hashlib.sha256(blind + canonical(plain).encode()).hexdigest()


def commitment(salt: bytes, record: str) -> str:
    """What a leaf says of its record, in hex."""
    return hashlib.sha256(salt + record.encode()).hexdigest()


def canonical(value: Mapping[str, Any]) -> str:
    """The one JSON text of an object; what is None is left out."""
    present = {key: content for key, content in value.items() if content is not None}
    return json.dumps(present, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def table_name(model: type[Table]) -> str:
    """A table's name in the database."""
    return str(model._meta.table_name)


def primary_key(model: type[Table]) -> Any:
    """A table's one key column (tables of the log with two have no leaves)."""
    return model._meta.primary_key


def row_id(row: Table) -> Any:
    """The value of a row's primary key."""
    return row.get_id()  # type: ignore[no-untyped-call]


def stored_columns(model: type[Table], ids: list[Any]) -> dict[Any, dict[str, Any]]:
    """Rows by primary key as the database keeps them, unconverted: a damaged value cannot stop a check."""
    key = primary_key(model)
    names = [field.column_name for field in model._meta.sorted_fields]
    cursor = database.execute(model.select().where(key.in_(ids)))
    rows = (dict(zip(names, values, strict=True)) for values in cursor.fetchall())
    return {row[key.column_name]: row for row in rows}


def stored_nodes(wanted: list[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    """The hashes of stored nodes by level and place, in one query."""
    if not wanted:
        return {}
    condition = (Node.level == wanted[0][0]) & (Node.place == wanted[0][1])
    for level, place in wanted[1:]:
        condition |= (Node.level == level) & (Node.place == place)
    return {(node.level, node.place): bytes(node.hash) for node in Node.select().where(condition)}


def _check_type(type: str, more: Mapping[str, Any]) -> None:
    if type not in TYPES:
        raise ValueError(f"{type!r} is no type of leaf")
    if type == "declined" and not more.get("reason"):
        raise ValueError("a declined leaf names its reason code")


def _take_position() -> int:
    """The next position. The head is written first: other appenders wait until this transaction ends."""
    query = LogHead.update(size=LogHead.size + 1).where(LogHead.id == 1).returning(LogHead.size)
    for head in query.execute():
        return int(head.size) - 1
    raise RuntimeError("the log has no head: the database was not migrated")


def _about(type: str, row: Table, blind: bytes) -> dict[str, Any]:
    model = row.__class__
    about = {"table": table_name(model), "id": str(row_id(row))}
    if type == "deleted":
        return about
    stored = list(stored_columns(model, [row_id(row)]).values())
    if not stored:
        raise ValueError(f"save the {table_name(model)} before it is logged")
    return about | {"digest": digest(model, stored[0], blind)}


def _write(position: int, type: str, record: str, salt: bytes, blind: bytes, more: Mapping[str, Any]) -> None:
    day = clock.today()
    public = {"v": FORMAT, "type": type, "day": day.isoformat(), "commitment": commitment(salt, record)}
    if type == "declined":
        public["reason"] = more["reason"]
    leaf = canonical(public).encode()
    about = json.loads(record)
    Entry.insert(
        position=position,
        type=type,
        day=day,
        leaf=leaf,
        leaf_hash=tree.leaf_hash(leaf),
        salt=salt,
        record=record,
        blind=blind,
        about_table=about.get("table", ""),
        about_id=about.get("id", ""),
    ).execute()
    known = stored_nodes(tree.siblings(position))
    new = tree.append(position, tree.leaf_hash(leaf), lambda level, place: known[level, place])
    Node.insert_many(new, fields=[Node.level, Node.place, Node.hash]).execute()


def _latest(row: Table) -> Entry | None:
    return _newest_about([row]).get(_about_of(row))


def _newest_about(rows: Sequence[Table]) -> dict[tuple[str, str], Entry]:
    """The newest leaf about each row that has one, by the row's table and id."""
    ids: dict[str, set[str]] = {}
    for row in rows:
        table, id = _about_of(row)
        ids.setdefault(table, set()).add(id)
    if not ids:
        return {}
    concerned = [
        (Entry.about_table == table) & Entry.about_id.in_(sorted(some)) for table, some in ids.items()
    ]
    newest = (
        Entry.select(fn.MAX(Entry.position))
        .where(functools.reduce(operator.or_, concerned))
        .group_by(Entry.about_table, Entry.about_id)
    )
    columns = (Entry.position, Entry.type, Entry.record, Entry.blind, Entry.about_table, Entry.about_id)
    found = Entry.select(*columns).where(Entry.position.in_(newest))
    return {(entry.about_table, entry.about_id): entry for entry in found}


def _about_of(row: Table) -> tuple[str, str]:
    return table_name(row.__class__), str(row_id(row))


def _is_unlogged(model: type[Table], field: Any) -> bool:
    return field.name in model.unlogged or field.column_name in model.unlogged


def _plain(field: Any, value: Any) -> Any:
    """A stored value as both databases would show it: SQLite keeps truth as 0 and 1, bytes vary in type."""
    if isinstance(value, bytes | bytearray | memoryview):
        return hashlib.sha256(value).hexdigest()
    if field.field_type == "BOOL" and value in (0, 1):
        return bool(value)
    return value
