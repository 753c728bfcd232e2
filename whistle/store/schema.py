"""The list of all tables, and whether the database has them in the form this code knows."""

from peewee import InterfaceError, OperationalError

from whistle.store import (
    attachments,
    cases,
    channels,
    desks,
    entries,
    finding,
    offices,
    outbox,
    people,
    reports,
    things,
    units,
)
from whistle.store.base import Table
from whistle.store.database import pending

MODULES = (
    offices,
    units,
    people,
    desks,
    channels,
    cases,
    things,
    reports,
    attachments,
    outbox,
    finding,
    entries,
)


def _tables() -> list[type[Table]]:
    """All models, each after those its foreign keys point to: modules and classes stand in that order."""
    found: list[type[Table]] = []
    for module in MODULES:
        classes = [value for value in vars(module).values() if isinstance(value, type)]
        found += [c for c in classes if issubclass(c, Table) and c.__module__ == module.__name__]
    return found


#: Every table, in the order in which they can be made.
TABLES: list[type[Table]] = _tables()


def is_ready() -> bool:
    """Whether the database answers and every migration has been applied."""
    try:
        return not pending()
    except (OperationalError, InterfaceError):
        return False
