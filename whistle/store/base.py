"""The common ground of all tables: one database for the process, strict types, and what the log covers."""

from typing import Any, ClassVar

from peewee import DatabaseProxy, Model

#: Bound once by `whistle.store.database.open_database`; peewee keeps one connection a thread.
database = DatabaseProxy()


class Table(Model):
    """A table. `unlogged` names columns outside the transparency log's digest (key seals, counters, caches)."""

    unlogged: ClassVar[frozenset[str]] = frozenset()

    class Meta:
        database = database
        strict_tables = True
        legacy_table_names = False

    def columns(self) -> dict[str, Any]:
        """Every column's value by column name, as the database keeps it; bytes as bytes."""
        return {f.column_name: _stored(f, self.__data__.get(f.name)) for f in self._meta.sorted_fields}


def _stored(field: Any, value: Any) -> Any:
    # Not through db_value: it would wrap bytes into what the driver likes.
    return bytes(value) if isinstance(value, bytes | bytearray | memoryview) else field.db_value(value)


class RandomIdTable(Table):
    """A table whose rows a reporter may cause: random id, and no hidden row number that tells the order.

    The migrations make these WITHOUT ROWID (peewee does not hand that option down to subclasses).
    """
