"""Whatever a test runs: no use case changes rows and keeps silent about it in the log, but those listed here.

Each statement is seen on its way to the database. At a use case's end each changed row of a logged table must have
brought a leaf about that table, and a change of any other row some leaf.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import pytest
from peewee import Database

from whistle.services import use_case
from whistle.services.ledger import leaves
from whistle.store.schema import TABLES

#: Use cases that write without a leaf, and why.
WITHOUT_LEAF = {
    "drafts.begin": "a reporter's draft: a trace would tell when somebody wrote",
    "drafts.save": "a reporter's draft",
    "drafts.note_refused": "a reporter's draft",
    "visit_files._put": "a file of a visit, not sent yet; sent, it has its leaf",
    "visit_files.stay": "a reporter's visit",
    "visit_files.rename_all": "a file of a visit, not sent yet",
    "visit_files._forget": "a file of a visit, not sent yet",
    "visit_files._end": "ends a reporter's visit",
    "tracking.add_note": "a reporter's visit",
    "tracking._start_visit": "a reporter's visit: a trace would tell when somebody looked",
    "tracking.view": "keeps a reporter's visit alive",
    "sessions.sign_out": "ends a visit of hours; signing in left its leaf",
    "sessions.sweep": "deletes ended sign-ins",
    "sessions._claim_try": "a counter of tries",
    "sessions._give_back_try": "a counter of tries",
    "sessions._forget_tries": "a counter of tries",
    "accounts._store_activation": "a half-made account that nobody can use; its first code leaves the leaf",
    "setup.first_link": "a one-time link before there is an office",
    "keyrings.gather": "wraps grants anew that are there; giving them left their leaves",
    "casework.looking._make": "the sealed copy of words that have their leaves; nobody is shown anything",
    "casework.search.keep": "what somebody looks for, of a visit of hours; looking leaves its leaf, without the words",
    "duties._recount": "due days follow from the events, which have their leaves, and from the calendar",
    "duties._sweep_rows": "deletes ended visits, which never had a leaf",
    "outbox.forget_bodies": "counts whose time is over; that the notice was made, and how it ended, has its leaves",
    "duties.daily_checkpoint": "signs the log; the checkpoint is the trace",
}

#: Use cases that leave a leaf in one case and not in another.
SOMETIMES = {
    "casework.file_views.look": "the opening of the case has its leaf, once a session; the look itself is of minutes",
    "outbox._claim": "a try of a minute; where the notice is not to be sent any more, that has its leaf",
    "outbox._put_off": "a try that failed; where it was the last, that has its leaf",
    "outbox._record_failure": "a try that failed; where it was the last, that has its leaf",
    "sessions._begin_with_password": "the first of two steps; the second leaves the leaf, or the first where it is all",
    "sessions._touch": "keeps a visit of hours alive; a key passed on meanwhile leaves its leaf",
    "casework.reading.open_case": "the opening has its leaf; that letters were read is a mark of one officer's own",
}
#: Tables whose rows are saved whole where only columns changed that the log leaves out; `ledger.verify` knows better.
SAVED_WHOLE = {"identity": "a renewal of keys moves the halves alone"}

LOG_TABLES = {"entry", "node", "log_head", "checkpoint"}
WRITE = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"(?: AS "\w+")?(?: SET (.*))?', re.DOTALL)
COLUMN = re.compile(r'"(\w+)" = ')
UNLOGGED = {
    leaves.table_name(model): {
        f.column_name for f in model._meta.sorted_fields if leaves._is_unlogged(model, f)
    }
    for model in TABLES
}


@dataclass
class Written:
    """What one use case wrote so far: the tables whose rows it changed, and the tables its leaves are about."""

    changed: set[str] = field(default_factory=set)
    to_log: set[str] = field(default_factory=set)
    logged: set[str] = field(default_factory=set)


#: The use cases that run now, the outermost first; each thread has its own.
_running: ContextVar[tuple[Written, ...]] = ContextVar("running", default=())


@pytest.fixture(scope="session", autouse=True)
def no_use_case_writes_in_silence() -> Iterator[None]:
    """Look on while any test runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(use_case, "around", _around)
        patch.setattr(Database, "execute_sql", _noting_statements(Database.execute_sql))
        patch.setattr(leaves, "_about", _noting_leaves(leaves._about))
        patch.setattr(leaves, "_write", _noting_any_leaf(leaves._write))
        yield


@contextmanager
def _around(name: str) -> Iterator[None]:
    own = Written()
    token = _running.set((*_running.get(), own))
    try:
        yield
    finally:
        _running.reset(token)
    fault = what_is_missing(name, own)
    assert not fault, fault


def what_is_missing(name: str, written: Written) -> str:
    """What a use case left out of the log, in words that say how to mend it."""
    if name in WITHOUT_LEAF:
        return ""
    unsaid = written.to_log - written.logged
    if unsaid:
        return f"{name} changed rows of {sorted(unsaid)}: append a leaf about each, with the row"
    if written.changed and not written.logged and name not in SOMETIMES:
        return f"{name} changed {sorted(written.changed)}: append to the log, or say in WITHOUT_LEAF why not"
    return ""


def _noting_statements(execute: Any) -> Any:
    def execute_sql(self: Database, sql: str, *more: Any, **named: Any) -> Any:
        cursor = execute(self, sql, *more, **named)
        if _running.get() and cursor.rowcount:
            _note(sql)
        return cursor

    return execute_sql


def _note(sql: str) -> None:
    found = WRITE.match(sql)
    if found is None or found[1] in LOG_TABLES:
        return
    table, is_update = found[1], sql.lstrip().startswith("UPDATE")
    head = (found[2] or "").partition(" WHERE ")[0]
    columns = set(COLUMN.findall(head)) if is_update else None
    is_bare = is_update and table in SAVED_WHOLE
    for written in _running.get():
        written.changed.add(table)
        if table not in leaves.NO_LEAF and not is_bare and (columns is None or columns - UNLOGGED[table]):
            written.to_log.add(table)


def _noting_leaves(about: Any) -> Any:
    def noted(type: str, row: Any, blind: bytes) -> Any:
        for written in _running.get():
            written.logged.add(leaves.table_name(row.__class__))
        return about(type, row, blind)

    return noted


def _noting_any_leaf(write: Any) -> Any:
    def noted(*given: Any) -> None:
        for written in _running.get():
            written.logged.add("")
        write(*given)

    return noted
