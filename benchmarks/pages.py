"""Pages that grow with the work: a case with a hundred messages, a desk with ten thousand reports."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock
from urllib.parse import quote

from benchmarks import district
from benchmarks.client import Client, at
from benchmarks.instance import Instance, opened
from benchmarks.server import Server
from whistle import create_app
from whistle.store.base import database

TIMES = 60


def fill(instance: Instance) -> dict[str, tuple[str, str]]:
    """Fill the office; each page by name, with its address and the secret of whoever looks at it."""
    with opened(instance):
        number = district.case_with_messages(instance.token, instance.password)
        district.fill_desk(instance.token)
        officer, _ = district.person("officer", instance.password)
        intake, _ = district.person("intake", instance.password)
        deputy, _ = district.person("deputy", instance.password)
    return {
        "case_page": (f"/office/cases/{quote(number)}", officer),
        "case_messages": (f"/office/cases/{quote(number)}/messages", officer),
        "desk_of_intake": ("/office/desk", intake),
        "desk_of_deputy": ("/office/desk?view=all", deputy),
    }


def measure(server: Server, instance: Instance, looks: dict[str, tuple[str, str]]) -> dict[str, Any]:
    """Median, p95 and the queries of each page."""
    asked = queries(instance, looks)
    return {name: timed(server.port, *look) | {"queries": asked[name]} for name, look in looks.items()}


def timed(port: int, path: str, secret: str) -> dict[str, Any]:
    """Median, p95 and bytes of a page, asked for many times by one signed-in person."""
    client = Client(port, cookies={"w_office": secret})
    try:
        for _ in range(TIMES + 4):
            answer = client.get(path)
            if answer.status != 200:
                raise RuntimeError(f"{path} answers {answer.status}")
    finally:
        client.close()
    seconds = client.seconds[4:]
    return {
        "p50_ms": 1000 * at(seconds, 0.5),
        "p95_ms": 1000 * at(seconds, 0.95),
        "bytes": len(answer.body),
    }


def queries(instance: Instance, looks: dict[str, tuple[str, str]]) -> dict[str, int]:
    """How many each page asks."""
    return {name: len(found) for name, found in asked(instance, looks).items()}


def asked(instance: Instance, looks: dict[str, tuple[str, str]]) -> dict[str, list[Any]]:
    """What each page asks of the database, seen in a program of this process on the same database."""
    with mock.patch.dict(os.environ, WHISTLE_INSTANCE=str(instance.folder)):
        app = create_app()
    found: dict[str, list[Any]] = {}
    for name, (path, secret) in looks.items():
        visitor = app.test_client()
        visitor.set_cookie("w_office", secret)
        visitor.get(path)
        with listening() as found[name]:
            visitor.get(path)
    return found


@contextmanager
def listening() -> Iterator[list[Any]]:
    """What is asked of this process's database meanwhile."""
    heard: list[Any] = []
    database.query_hooks.append(heard.append)
    try:
        yield heard
    finally:
        database.query_hooks.remove(heard.append)


def bare(asked: list[Any]) -> list[float]:
    """The rows of a page as the database hands them over, nothing made of them: the seconds of each time.

    The database is that of this process.
    """
    looked_up = [
        (event.sql, event.params) for event in asked if event.sql.lstrip().startswith(("SELECT", "WITH"))
    ]
    taken = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        for sql, params in looked_up:
            database.execute_sql(sql, params).fetchall()
        taken.append(time.perf_counter() - begun)
    return taken[4:]
