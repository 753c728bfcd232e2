"""The models and the migrated tables are the same, on both databases; mend by a new migration, never by an old one."""

import re

import pytest
from peewee import AutoField, BlobField, CompositeKey, Database, ForeignKeyField, IntegerField, SqliteDatabase

from whistle.services.ledger import NO_LEAF, logged_tables
from whistle.store.base import RandomIdTable, Table
from whistle.store.database import MIGRATIONS
from whistle.store.fields import FIELD_TYPES
from whistle.store.schema import TABLES

pytestmark = pytest.mark.on_both_databases

TYPES = {
    "sqlite": {"AUTO": "INTEGER", "INT": "INTEGER", "TEXT": "TEXT", "BLOB": "BLOB"} | FIELD_TYPES["sqlite"],
    "postgres": {"AUTO": "integer", "INT": "integer", "TEXT": "text", "BLOB": "bytea"}
    | {name: type.lower() for name, type in FIELD_TYPES["postgresql"].items()},
}


def name_of(model: type[Table]) -> str:
    return str(model._meta.table_name)


def field_type(field: object) -> str:
    while isinstance(field, ForeignKeyField):
        field = field.rel_field
    if isinstance(field, AutoField):
        return "AUTO"
    return str(field.field_type)


def test_every_table_has_a_model_and_every_model_a_table(database: Database) -> None:
    tables = set(database.get_tables()) - {"schema_migration", "sqlite_sequence"}
    assert tables == {name_of(model) for model in TABLES}


@pytest.mark.parametrize("model", TABLES, ids=name_of)
def test_columns_are_those_of_the_model(
    session_database: Database, database_kind: str, model: type[Table]
) -> None:
    expected = {
        f.column_name: (TYPES[database_kind][field_type(f)], bool(f.null)) for f in model._meta.sorted_fields
    }
    found = {c.name: (c.data_type, bool(c.null)) for c in session_database.get_columns(name_of(model))}
    assert found == expected


@pytest.mark.parametrize("model", TABLES, ids=name_of)
def test_keys_are_those_of_the_model(session_database: Database, model: type[Table]) -> None:
    meta = model._meta
    names = (
        meta.primary_key.field_names
        if isinstance(meta.primary_key, CompositeKey)
        else [meta.primary_key.name]
    )
    assert session_database.get_primary_keys(name_of(model)) == [meta.fields[n].column_name for n in names]
    expected = {
        (f.column_name, f.rel_model._meta.table_name, f.rel_field.column_name)
        for f in meta.sorted_fields
        if isinstance(f, ForeignKeyField)
    }
    found = session_database.get_foreign_keys(name_of(model))
    assert {(key.column, key.dest_table, key.dest_column) for key in found} == expected


@pytest.mark.parametrize("model", TABLES, ids=name_of)
def test_indexes_are_those_of_the_model(session_database: Database, model: type[Table]) -> None:
    wanted = {
        (index._name, tuple(field.column_name for field in index._expressions), bool(index._unique))
        for index in model._meta.fields_to_index()
    }
    found = {
        (index.name, tuple(index.columns), bool(index.unique))
        for index in session_database.get_indexes(name_of(model))
        if not index.name.startswith("sqlite_autoindex") and not index.name.endswith("_pkey")
    }
    assert found == wanted


@pytest.mark.parametrize("model", TABLES, ids=name_of)
def test_checks_are_those_of_the_model(session_database: Database, model: type[Table]) -> None:
    wanted = [c.sql for f in model._meta.sorted_fields for c in f.constraints or []]
    wanted += [c.sql for c in model._meta.constraints or []]
    if isinstance(session_database, SqliteDatabase):
        written = plain(sqlite_table(session_database, model))
        assert written.count("CHECK (") == len(wanted)
        missing = [check for check in wanted if plain(check) not in written]
        assert not missing
    else:
        rows = session_database.execute_sql(
            "SELECT count(*) FROM pg_constraint WHERE contype = 'c' AND conrelid = to_regclass(%s)",
            (f'"{name_of(model)}"',),
        )
        assert rows.fetchone()[0] == len(wanted)


@pytest.mark.parametrize("model", TABLES, ids=name_of)
def test_sqlite_is_strict_and_tells_no_order_of_what_reporters_cause(
    session_database: Database, model: type[Table]
) -> None:
    if not isinstance(session_database, SqliteDatabase):
        return
    options = sqlite_table(session_database, model).rpartition(")")[2]
    assert "STRICT" in options
    if issubclass(model, RandomIdTable):
        assert "WITHOUT ROWID" in options


def test_a_number_of_a_deleted_row_is_never_given_again(session_database: Database) -> None:
    """Leaves name rows by their number."""
    numbered = [model for model in TABLES if isinstance(model._meta.primary_key, AutoField)]
    assert numbered
    for model in numbered:
        if isinstance(session_database, SqliteDatabase):
            assert "AUTOINCREMENT" in sqlite_table(session_database, model)
        else:
            assert any(column.identity for column in session_database.get_columns(name_of(model)))


def test_defaults_are_values_or_made_anew_each_time() -> None:
    """A list as default is shared by all rows of the process: write `default=list`."""
    shared = [
        f for model in TABLES for f in model._meta.sorted_fields if isinstance(f.default, list | dict | set)
    ]
    assert not shared


def test_tables_without_leaves_exist_and_have_a_reason() -> None:
    assert set(NO_LEAF) <= {name_of(model) for model in TABLES}
    assert all(len(reason) > 10 for reason in NO_LEAF.values())


def test_a_row_that_needs_a_leaf_can_be_named_by_one_column() -> None:
    for model in logged_tables():
        key = model._meta.primary_key
        assert not isinstance(key, CompositeKey)
        assert isinstance(key, IntegerField) or field_type(key) in {"TEXT", "AUTO", "INT"}


@pytest.mark.parametrize("model", TABLES, ids=name_of)
def test_unlogged_columns_exist(model: type[Table]) -> None:
    """A misspelt one would be logged silently. Key seals belong here, sealed content does not."""
    known = {f.name for f in model._meta.sorted_fields} | {f.column_name for f in model._meta.sorted_fields}
    assert set(model.unlogged) <= known


def test_sealed_content_is_always_logged() -> None:
    content = {"sealed_body", "sealed_contact", "sealed"}
    for model in logged_tables():
        if name_of(model) in {"report", "identity", "message", "case_event", "proposal"}:
            blobs = {f.name for f in model._meta.sorted_fields if isinstance(f, BlobField)}
            assert not set(model.unlogged) & blobs & content, f"{name_of(model)} hides content from the log"


def test_migrations_are_numbered_without_gap_or_way_back() -> None:
    files = sorted(path for path in MIGRATIONS.glob("*.py") if path.name != "__init__.py")
    assert [int(path.name[:4]) for path in files] == list(range(1, len(files) + 1))
    assert not [path.name for path in files if "def down" in path.read_text()]


def sqlite_table(database: Database, model: type[Table]) -> str:
    rows = database.execute_sql(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (name_of(model),)
    )
    return str(rows.fetchone()[0])


def plain(sql: str) -> str:
    """SQL without its line breaks."""
    return re.sub(r"\s+", " ", sql)
