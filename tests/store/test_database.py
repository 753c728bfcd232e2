"""The databases themselves: opening, migrating by many at once, transactions, and what they refuse."""

import datetime as dt
import shutil
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from peewee import Database, DataError, IntegrityError, OperationalError, SqliteDatabase

from tests.databases import AS_SHIPPED
from whistle.store import database as store
from whistle.store.base import database as bound
from whistle.store.cases import Case
from whistle.store.desks import Desk
from whistle.store.entries import LogHead
from whistle.store.offices import Series
from whistle.store.schema import TABLES, is_ready
from whistle.store.units import Unit, UnitFact

NOW = dt.datetime(2026, 11, 23, 8, 30, 15, tzinfo=dt.UTC)

MIGRATE = """
import sys
from whistle.store import database
database.open_database(sys.argv[1])
print(len(database.migrate()))
database.close_all()
"""


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("", "not nothing"),
        ("mysql://host/name", "not mysql"),
        ("sqlite://whistle.db", "path of a file"),
        ("sqlite:///", "path of a file"),
        ("sqlite:///:memory:", "path of a file"),
        ("postgresql://host", "database's name"),
    ],
)
def test_a_url_that_names_no_database_is_refused(url: str, fault: str) -> None:
    with pytest.raises(store.WrongUrl, match=fault):
        store.open_database(url)


def test_the_file_and_what_lies_beside_it_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "whistle.db"
    store.open_database(f"sqlite:///{path}")
    store.migrate()
    Unit.create(code="U1", recorded_at=NOW)
    files = [file for file in path.parent.iterdir() if not file.name.endswith(".migrating")]
    assert {file.name for file in files} == {"whistle.db", "whistle.db-wal", "whistle.db-shm"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    store.close_all()


def test_each_sqlite_connection_is_set_up_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "PRAGMAS", AS_SHIPPED)
    database = store.open_database(f"sqlite:///{tmp_path / 'whistle.db'}")
    store.migrate()
    found: list[list[object]] = []

    def look() -> None:
        found.append([database.pragma(name) for name in ("journal_mode", "foreign_keys", "synchronous")])
        found[-1] += [database.pragma(name) for name in ("secure_delete", "temp_store", "busy_timeout")]
        store.close()

    for thread in (threading.Thread(target=look) for _ in range(2)):
        thread.start()
        thread.join()
    assert found == [["wal", 1, 2, 1, 2, 5000]] * 2
    store.close_all()


def test_a_fresh_database_is_ready_once_migrated(empty_database_url: str) -> None:
    opened = store.open_database(empty_database_url)
    assert not is_ready()
    assert store.migrate() == [path.stem for path in sorted(store.MIGRATIONS.glob("0*.py"))]
    assert is_ready()
    assert store.migrate() == []
    assert set(opened.get_tables()) >= {str(model._meta.table_name) for model in TABLES}
    assert LogHead.get().size == 0
    store.close_all()


def test_four_processes_that_start_at_once_on_a_fresh_database_migrate_it_once(
    empty_database_url: str,
) -> None:
    command = [sys.executable, "-c", MIGRATE, empty_database_url]
    started = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(4)
    ]
    ended = [(process.communicate(timeout=60), process.returncode) for process in started]
    assert [code for _, code in ended] == [0] * 4, [errors for (_, errors), _ in ended]
    assert sorted(int(printed) for (printed, _), _ in ended) == [
        0,
        0,
        0,
        len(list(store.MIGRATIONS.glob("0*.py"))),
    ]
    store.open_database(empty_database_url)
    assert is_ready()
    assert LogHead.select().count() == 1
    store.close_all()


def test_a_database_of_a_newer_version_is_refused(database: Database) -> None:
    database.execute_sql(
        "INSERT INTO schema_migration (name, applied) VALUES ('9999_later', '2030-01-01 00:00:00')"
    )
    with pytest.raises(store.MigrationFault, match="9999_later"):
        store.migrate()


def orphan(database: Database) -> None:
    """A row whose unit somebody deleted behind the product's back."""
    assert isinstance(database, SqliteDatabase)
    database.pragma("foreign_keys", 0)
    database.execute_sql(
        "INSERT INTO unit_fact (unit_id, name_zh, name_en, kind, valid_on, recorded_at)"
        " VALUES (99, 'x', 'x', 'x', '2026-01-01', 0)"
    )
    database.pragma("foreign_keys", 1)


@pytest.fixture
def next_step(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The file of a migration that comes after those there are."""
    folder = tmp_path / "migrations"
    shutil.copytree(store.MIGRATIONS, folder)
    monkeypatch.setattr(store, "MIGRATIONS", folder)
    return folder / "9998_next.py"


DELETES_A_UNIT = """
def up(migrator, database):
    database.execute_sql("DELETE FROM unit")
"""
DOES_NOTHING = """
def up(migrator, database):
    pass
"""


def test_foreign_keys_that_a_migration_broke_are_found(database: Database, next_step: Path) -> None:
    if not isinstance(database, SqliteDatabase):
        return
    unit = Unit.create(code="U1", recorded_at=NOW)
    UnitFact.create(unit=unit, name_zh="x", name_en="x", kind="x", valid_on=NOW.date(), recorded_at=NOW)
    next_step.write_text(DELETES_A_UNIT)
    with pytest.raises(store.MigrationFault, match="unit_fact"):
        store.migrate()


def test_one_deleted_row_stops_neither_a_start_nor_an_update(database: Database, next_step: Path) -> None:
    if not isinstance(database, SqliteDatabase):
        return
    assert store.broken_references() == []
    orphan(database)
    assert store.migrate() == []
    next_step.write_text(DOES_NOTHING)
    assert store.migrate() == ["9998_next"]
    assert store.broken_references() == ["unit_fact"]


def test_a_database_that_is_gone_is_not_ready(tmp_path: Path) -> None:
    store.open_database("postgresql:///whistle?host=/nowhere&connect_timeout=1")
    assert not is_ready()
    store.close_all()


def test_an_inner_transaction_that_fails_leaves_the_outer_one(database: Database) -> None:
    def fail() -> None:
        with store.atomic_write():
            Unit.create(code="inner", recorded_at=NOW)
            raise RuntimeError

    with store.atomic_write():
        Unit.create(code="outer", recorded_at=NOW)
        with pytest.raises(RuntimeError):
            fail()
    assert [unit.code for unit in Unit.select()] == ["outer"]
    assert not store.in_transaction()


def test_writers_wait_for_each_other_and_none_is_lost(database: Database) -> None:
    Series.create(name="cases", year=2026, last=0)
    failed: list[Exception] = []

    def count_up() -> None:
        try:
            for _ in range(10):
                with store.atomic_write():
                    series = store.lock_row(Series.select().where(Series.name == "cases")).get()
                    series.last += 1
                    series.save()
        except Exception as fault:
            failed.append(fault)
        finally:
            store.close()

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert Series.get().last == 40


def test_a_reader_sees_one_moment(database: Database) -> None:
    def add() -> None:
        Unit.create(code="meanwhile", recorded_at=NOW)
        store.close()

    with store.atomic_read():
        before = Unit.select().count()
        writer = threading.Thread(target=add)
        writer.start()
        writer.join()
        assert Unit.select().count() == before
    assert Unit.select().count() == before + 1


def test_a_writer_that_waits_too_long_is_told_so(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    if not isinstance(database, SqliteDatabase):
        return
    told: list[str] = []

    def write() -> None:
        database.connect()
        database.pragma("busy_timeout", 50)
        started = time.monotonic()
        try:
            with store.atomic_write():
                pass
        except OperationalError as fault:
            told.append(str(fault))
        assert time.monotonic() - started < 3
        store.close()

    with store.atomic_write():
        Unit.create(code="slow", recorded_at=NOW)
        writer = threading.Thread(target=write)
        writer.start()
        writer.join()
    assert told == ["database is locked"]


def test_connections_return_when_a_request_ends(database: Database) -> None:
    assert Unit.select().count() == 0
    assert not bound.is_closed()
    store.close()
    assert bound.is_closed()
    store.close()
    assert Unit.select().count() == 0


def desk(**changes: object) -> dict[str, object]:
    return {"name_zh": "受理台", "name_en": "Intake", "kind": "intake", "recorded_at": NOW} | changes


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(lambda: Desk.create(**desk(kind="kitchen")), id="a check"),
        pytest.param(lambda: Desk.create(**desk(name_zh=None)), id="a missing value"),
        pytest.param(lambda: Desk.create(**desk(deputy=77)), id="a foreign key"),
        pytest.param(lambda: [Unit.create(code="U", recorded_at=NOW) for _ in "ab"], id="uniqueness"),
        pytest.param(
            lambda: Case.create(
                desk=Desk.create(**desk()), state="lost", kind="lead", received_on="2026-11-23"
            ),
            id="a state that is no state",
        ),
        pytest.param(lambda: bound.execute_sql("INSERT INTO log_head VALUES (2, 0)"), id="a second head"),
        pytest.param(
            lambda: bound.execute_sql("INSERT INTO series (name, year, last) VALUES ('a', 'soon', 1)"),
            id="a value of the wrong type",
        ),
    ],
)
def test_the_database_itself_refuses(database: Database, wrong: object) -> None:
    assert callable(wrong)
    with pytest.raises((IntegrityError, DataError)):
        wrong()


def test_a_row_with_children_cannot_be_deleted(database: Database) -> None:
    unit = Unit.create(code="U", recorded_at=NOW)
    UnitFact.create(unit=unit, name_zh="单位", name_en="Unit", valid_on=NOW.date(), recorded_at=NOW)
    with pytest.raises(IntegrityError):
        unit.delete_instance()
