"""Connections to PostgreSQL that outlive a test: a new one has to learn anew about every table it meets."""

import itertools
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
import pytest
from peewee import PostgresqlDatabase
from psycopg.pq import TransactionStatus

#: What a connection forgets between tests: all but the statements that are prepared on it.
FORGET = "RESET ALL; DISCARD TEMP; SELECT pg_advisory_unlock_all()"
#: So many stay after a test for the next one on the same database.
AT_MOST = 2
#: By what they were opened with.
_kept: dict[str, list[psycopg.Connection[Any]]] = defaultdict(list)


@contextmanager
def at_work() -> Iterator[None]:
    """Hand connections on from one test's pool to the next one's; each is as good as new to its user."""
    connect: Any = PostgresqlDatabase._connect

    def take(database: Any) -> Any:
        spare = _kept[_opened_with(database)]
        while spare:
            if is_open(connection := spare.pop()):
                return connection
        return connect(database)

    def keep(database: Any, connection: Any) -> None:
        spare = _kept[_opened_with(database)]
        if len(spare) < AT_MOST and connection.info.transaction_status == TransactionStatus.IDLE:
            with suppress(psycopg.Error):
                connection.execute(FORGET)
                spare.append(connection)
                return
        connection.close()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PostgresqlDatabase, "_connect", take)
        patch.setattr(PostgresqlDatabase, "_close", keep, raising=False)
        yield
    end()


def end() -> None:
    """Keep none: for a test in which the server is to be gone."""
    for spare in _kept.values():
        while spare:
            spare.pop().close()


def backends() -> list[int]:
    """The server's processes for them."""
    return [one.info.backend_pid for one in itertools.chain.from_iterable(_kept.values()) if not one.closed]


def is_open(connection: psycopg.Connection[Any]) -> bool:
    """Whether a connection still stands: some tests end all that they find."""
    try:
        connection.execute("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True


def _opened_with(database: Any) -> str:
    return repr((database.database, sorted(database.connect_params.items())))
