"""Opens SQLite or PostgreSQL behind one face: transactions, row locks, and migrations under a lock.

`open_database` binds `whistle.store.base.database` for the whole process. A thread takes a connection from its pool and
gives it back by `close`: to open one anew costs SQLite more than what a page asks, and closing the last one a flush.
`migrate` brings the tables up to what this code knows, forward only.
"""

import fcntl
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from peewee import Database, ModelSelect, PostgresqlDatabase, SqliteDatabase
from playhouse.db_url import parse
from playhouse.migrations import Runner
from playhouse.pool import PooledDatabase, PooledPostgresqlDatabase, PooledSqliteDatabase

from whistle.store.base import Table, database
from whistle.store.fields import FIELD_TYPES

MIGRATIONS = Path(__file__).parent / "migrations"
HISTORY_TABLE = "schema_migration"
#: How long one connection waits for another's write to end before it gives up.
BUSY_SECONDS = 5
#: What PostgreSQL calls two transactions that wait for each other.
DEADLOCK = "40P01"
#: Names this product's migration lock among the advisory locks of a PostgreSQL database: "whis" in ASCII.
ADVISORY_LOCK = int.from_bytes(b"whis", "big")

#: More than a process works on at once (`web/waiting_room.py`).
MOST_CONNECTIONS = 32
#: Set on each new SQLite connection. FULL: a commit survives a power cut, for a reporter holds a receipt for
#: it. `secure_delete` overwrites what is deleted; temporary tables never reach a disk.
PRAGMAS = {
    "foreign_keys": 1,
    "synchronous": "FULL",
    "secure_delete": 1,
    "temp_store": "MEMORY",
}

T = TypeVar("T", bound=Table)


class WrongUrl(ValueError):
    """The database URL names no database this product can use."""


class MigrationFault(RuntimeError):
    """The database cannot be brought to, or is already beyond, the form this code knows."""


class NoTransaction(RuntimeError):
    """Something that must be part of a transaction was called outside of one: a programmer's mistake."""


def open_database(url: str) -> Database:
    """Bind the process to the database at `url` (`sqlite:///path`, `sqlite:////path` or `postgresql://…`).

    Connects lazily. Raises WrongUrl for another scheme or a missing name.
    """
    opened = _make(url)
    if database.obj is not None:
        close_all()
    database.initialize(opened)
    return opened


def close_all() -> None:
    """End this process's use of the bound database: this thread's connection and every pooled one."""
    current = database.obj
    if isinstance(current, PooledDatabase):
        current.close_all()
    elif current is not None:
        current.close()


def close() -> None:
    """Give back this thread's connection, at the end of a request or of a job."""
    if database.obj is not None and not database.is_closed():
        database.close()


def is_sqlite() -> bool:
    """Whether the bound database is SQLite."""
    return isinstance(database.obj, SqliteDatabase)


def atomic_write() -> AbstractContextManager[Any]:
    """A transaction that writes. On SQLite it takes the one write lock at its begin and cannot fail half-way.

    Inside another transaction it is a savepoint.
    """
    how = ("IMMEDIATE",) if is_sqlite() else ()
    transaction: AbstractContextManager[Any] = database.atomic(*how)
    return transaction


def atomic_read() -> AbstractContextManager[Any]:
    """A transaction that reads: all in it is seen as of one moment, whatever others write meanwhile."""
    how = {} if is_sqlite() else {"isolation_level": "REPEATABLE READ"}
    transaction: AbstractContextManager[Any] = database.atomic(**how)
    return transaction


def in_transaction() -> bool:
    """Whether this thread has a transaction open."""
    return database.obj is not None and bool(database.in_transaction())


def lock_row(query: "ModelSelect[T]") -> "ModelSelect[T]":
    """The same query, holding its rows until the transaction ends: `lock_row(Case.select().where(…)).get()`.

    SQLite needs no row lock, its write transactions already run one after the other.
    Lock rows before the first `ledger.append` of a transaction: in the other order two can block each other.
    """
    return query if is_sqlite() else query.for_update()


def share_row(query: "ModelSelect[T]") -> "ModelSelect[T]":
    """The same query, without the rows that another transaction holds by `lock_row`; nobody can lock the rest from now
    to this transaction's end. It never waits, so that it may come after a `ledger.append`.
    """
    return query if is_sqlite() else query.for_update("FOR KEY SHARE SKIP LOCKED")  # type: ignore[arg-type]


def take_free(query: "ModelSelect[T]") -> "ModelSelect[T]":
    """The same query, holding its rows like `lock_row` but for those that another transaction holds: it never waits."""
    return query if is_sqlite() else query.for_update("FOR UPDATE SKIP LOCKED")  # type: ignore[arg-type]


def is_deadlock(fault: BaseException) -> bool:
    """Whether PostgreSQL ended a transaction because two waited for each other; run again, it does what it should."""
    return getattr(fault.__cause__ or fault.__context__, "sqlstate", None) == DEADLOCK


def migrate() -> list[str]:
    """Apply the migrations that are missing, return their names; safe when several processes start at once.

    Raises MigrationFault when a newer version migrated the database, or a migration broke foreign keys. Keys that were
    broken before stop no start: a row that somebody deleted is told by `whistle doctor` and named by the log's check.
    """
    current = database.obj
    if current is None:
        raise NoTransaction("open_database first")
    with current.connection_context() if current.is_closed() else _as_it_is(), _migration_lock(current):
        if isinstance(current, SqliteDatabase):
            current.pragma("journal_mode", "wal")
        runner = _runner(current)
        _refuse_newer(runner)
        broken = broken_references() if pending() else []
        done: list[str] = runner.up()
        if done:
            _refuse_new_breaks(before=broken, after=broken_references())
        return done


def pending() -> list[str]:
    """The names of migrations not yet applied to the bound database."""
    return [m.name for m in _runner(database.obj).status() if m.applied is None]


def broken_references() -> list[str]:
    """The table of each row that points to a row which is not there, often none. PostgreSQL keeps its references."""
    if not is_sqlite():
        return []
    return [str(table) for table, *_ in database.execute_sql("PRAGMA foreign_key_check").fetchall()]


def _make(url: str) -> Database:
    scheme = urlsplit(url).scheme
    if scheme == "sqlite":
        return _make_sqlite(url)
    if scheme in ("postgresql", "postgres"):
        options = parse(url, unquote_password=True, unquote_user=True)
        if not options.get("database"):
            raise WrongUrl("a PostgreSQL URL ends in the database's name")
        options.setdefault("options", f"-c lock_timeout={BUSY_SECONDS * 1000}")
        pool: Database = PooledPostgresqlDatabase(
            max_connections=MOST_CONNECTIONS,
            stale_timeout=300,
            timeout=BUSY_SECONDS,
            field_types=FIELD_TYPES["postgresql"],
            **options,
        )
        return pool
    raise WrongUrl(f"databases are sqlite:// or postgresql://, not {scheme or 'nothing'}://")


def _make_sqlite(url: str) -> Database:
    path = url.removeprefix("sqlite:///")
    if path == url or not path or path.startswith(":memory:"):
        raise WrongUrl("a SQLite URL is sqlite:/// and the path of a file")
    _create_private(Path(path))
    return PooledSqliteDatabase(
        path,
        max_connections=MOST_CONNECTIONS,
        timeout=BUSY_SECONDS,
        pragmas={**PRAGMAS, "busy_timeout": BUSY_SECONDS * 1000},
        check_same_thread=False,  # one thread at a time: the pool's lock hands them on
        field_types=FIELD_TYPES["sqlite"],
    )


def _create_private(path: Path) -> None:
    """Make the file before SQLite does, for its owner alone; SQLite gives its side files the same mode."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


@contextmanager
def _as_it_is() -> Iterator[None]:
    yield


@contextmanager
def _migration_lock(current: Database) -> Iterator[None]:
    """One migrating process at a time: an advisory lock on PostgreSQL, a locked file beside it on SQLite.

    Both end with the process that holds them, however it ends.
    """
    if isinstance(current, PostgresqlDatabase):
        current.execute_sql("SET lock_timeout = 0")  # another's migration may take its time
        current.execute_sql("SELECT pg_advisory_lock(%s)", (ADVISORY_LOCK,))
        try:
            yield
        finally:
            current.execute_sql("SELECT pg_advisory_unlock(%s)", (ADVISORY_LOCK,))
            current.execute_sql("RESET lock_timeout")
        return
    with open(f"{current.database}.migrating", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _runner(current: Database) -> Runner:
    return Runner(current, str(MIGRATIONS), table_name=HISTORY_TABLE)


def _refuse_newer(runner: Runner) -> None:
    unknown = [m.name for m in runner.status() if m.path is None]
    if unknown:
        raise MigrationFault(f"a newer version migrated the database ({unknown[-1]}); start that version")


def _refuse_new_breaks(*, before: list[str], after: list[str]) -> None:
    """Runner switches SQLite's foreign keys off around each step, so what a step broke is looked for here."""
    more = sorted((Counter(after) - Counter(before)).elements())
    if more:
        raise MigrationFault(f"{len(more)} foreign keys are broken, the first in table {more[0]}")
