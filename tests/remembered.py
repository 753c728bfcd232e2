"""What a builder makes of a fresh trial office: made once a process on each database, and put back as rows ever after.

The rows are those that the ordinary services wrote, in this same run. A builder remembers only where nothing was
written yet and the office's clock stands where it opens; in every other place, and after `closes`, it does its work.
"""

# ruff: noqa: S608 - statements are put together from table and column names of our own

import copy
import functools
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest
from peewee import AutoField, CompositeKey, Database

from whistle import clock
from whistle.store.base import Table, database
from whistle.store.database import is_sqlite
from whistle.store.schema import TABLES

F = TypeVar("F", bound=Callable[..., Any])
#: A table's rows by primary key, as the database gives them.
Rows = dict[tuple[Any, ...], tuple[Any, ...]]

WRITES = ("INSERT", "UPDATE", "DELETE")


@dataclass
class _Fresh:
    """Whether the bound database is a trial office's to which nothing happened; when it opened. One a process."""

    since: Any = None


@dataclass(frozen=True)
class _Step:
    """What a builder returned, and by table the rows it took away, changed and added."""

    returned: Any
    gone: dict[type[Table], list[tuple[Any, ...]]]
    changed: dict[type[Table], Rows]
    new: dict[type[Table], list[tuple[Any, ...]]]


_fresh = _Fresh()
#: By the kind of database.
_before: dict[bool, dict[type[Table], Rows]] = {}
_steps: dict[tuple[Any, ...], _Step] = {}


def remembered(builder: F) -> F:
    """A builder whose first argument is the office, and whose others can be told apart as text."""

    @functools.wraps(builder)
    def build(office: Any, *given: Any, **named: Any) -> Any:
        # What lies in a folder beside the database is not put back, and another thread's rows are another's.
        has_files = any(isinstance(value, dict) for value in (*given, *named.values()))
        is_alone = threading.current_thread() is threading.main_thread()
        if has_files or not is_alone or _fresh.since is None or _fresh.since != clock.now():
            return builder(office, *given, **named)
        key = (
            is_sqlite(),
            builder.__qualname__,
            repr(given),
            repr(sorted(named.items())),
            tuple(office.people),
        )
        if key in _steps:
            _replay(_steps[key])
            _fresh.since = None
        else:
            before = _before.get(is_sqlite()) or _before.setdefault(is_sqlite(), _all_rows())
            since = _fresh.since
            returned = builder(office, *given, **named)
            if clock.now() == since:
                _steps[key] = _difference(before, _all_rows(), returned)
            return returned
        return copy.deepcopy(_steps[key].returned)

    return build  # type: ignore[return-value]


def opens() -> None:
    """The office fixture's database was bound, its clock stands."""
    _fresh.since = clock.now()


def closes() -> None:
    """Whatever comes next is no fresh trial office."""
    _fresh.since = None


@pytest.fixture(scope="session", autouse=True)
def nothing_is_remembered_after_a_write() -> Iterator[None]:
    """See every statement on its way to the database."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "execute_sql", _noting(Database.execute_sql))
        yield


def _noting(execute: Any) -> Any:
    def execute_sql(self: Database, sql: str, *more: Any, **named: Any) -> Any:
        if sql.lstrip().startswith(WRITES):
            _fresh.since = None
        return execute(self, sql, *more, **named)

    return execute_sql


# --- rows --------------------------------------------------------------------------------------------------------


def _columns(model: type[Table]) -> list[str]:
    return [field.column_name for field in model._meta.sorted_fields]


def _key_columns(model: type[Table]) -> list[str]:
    key = model._meta.primary_key
    names = key.field_names if isinstance(key, CompositeKey) else (key.name,)
    return [model._meta.fields[name].column_name for name in names]


def _all_rows() -> dict[type[Table], Rows]:
    return {model: _rows(model) for model in TABLES}


def _rows(model: type[Table]) -> Rows:
    columns = _columns(model)
    places = [columns.index(name) for name in _key_columns(model)]
    named = ", ".join(f'"{name}"' for name in columns)
    found = database.execute_sql(f'SELECT {named} FROM "{model._meta.table_name}"').fetchall()
    return {tuple(row[place] for place in places): tuple(row) for row in found}


def _difference(before: dict[type[Table], Rows], after: dict[type[Table], Rows], returned: Any) -> _Step:
    step = _Step(copy.deepcopy(returned), {}, {}, {})
    for model in TABLES:
        old, new = before[model], after[model]
        step.gone[model] = [key for key in old if key not in new]
        step.changed[model] = {key: row for key, row in new.items() if key in old and old[key] != row}
        step.new[model] = [row for key, row in new.items() if key not in old]
    return step


def _replay(step: _Step) -> None:
    mark = "?" if is_sqlite() else "%s"
    late_checks = (
        "PRAGMA defer_foreign_keys = ON" if is_sqlite() else "SET LOCAL session_replication_role = replica"
    )
    with database.atomic():
        database.execute_sql(late_checks)
        for model in TABLES:
            _replay_table(model, step, mark)


def _replay_table(model: type[Table], step: _Step, mark: str) -> None:
    table, columns = f'"{model._meta.table_name}"', _columns(model)
    of_row = " AND ".join(f'"{name}" = {mark}' for name in _key_columns(model))
    for key in step.gone[model]:
        database.execute_sql(f"DELETE FROM {table} WHERE {of_row}", key)
    sets = ", ".join(f'"{name}" = {mark}' for name in columns)
    for key, row in step.changed[model].items():
        database.execute_sql(f"UPDATE {table} SET {sets} WHERE {of_row}", (*row, *key))
    new = step.new[model]
    if not new:
        return
    named = ", ".join(f'"{name}"' for name in columns)
    marks = ", ".join([f"({', '.join([mark] * len(columns))})"] * len(new))
    database.execute_sql(
        f"INSERT INTO {table} ({named}) VALUES {marks}", [value for row in new for value in row]
    )
    key = model._meta.primary_key
    if isinstance(key, AutoField) and not is_sqlite():
        newest = f'(SELECT MAX("{key.column_name}") FROM {table})'
        database.execute_sql(
            f"SELECT setval(pg_get_serial_sequence('{table}', '{key.column_name}'), {newest})"
        )
