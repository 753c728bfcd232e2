"""The `office` fixture: a trial office at work, built once a session on each database and copied for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import remembered
from tests.builders import MONDAY, Office, build_trial
from tests.databases import Copies
from whistle import clock
from whistle.services import ledger
from whistle.store.database import close_all, migrate, open_database


@pytest.fixture(scope="session")
def trial_template(copies: Copies, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Office]]:
    """The URL of a closed database with a trial office in it, and its people."""
    ledger.use_instance(tmp_path_factory.mktemp("instance"))
    url = copies.make_migrated()
    yield url, build_trial(url)
    copies.drop(url)


@pytest.fixture
def office_url(copies: Copies, trial_template: tuple[str, Office]) -> Iterator[str]:
    """The URL of a copy of the trial office's database that nobody has opened."""
    url = copies.make_like(trial_template[0])
    yield url
    copies.drop(url)


@pytest.fixture
def office(office_url: str, trial_template: tuple[str, Office], tmp_path: Path) -> Iterator[Office]:
    """A trial office on a Monday morning, its database bound to the models."""
    open_database(office_url)
    ledger.use_instance(tmp_path)
    with clock.at(MONDAY):
        remembered.opens()
        yield trial_template[1]
        remembered.closes()
    close_all()


@pytest.fixture
def sqlite_office_file(tmp_path: Path) -> Path:
    """The path for a trial office's database file of its own."""
    return tmp_path / "office.db"


@pytest.fixture
def sqlite_office(sqlite_office_file: Path, tmp_path: Path) -> Iterator[Office]:
    """A trial office in a database file that the test looks into byte by byte; SQLite alone has such a file."""
    url = f"sqlite:///{sqlite_office_file}"
    ledger.use_instance(tmp_path)
    open_database(url)
    migrate()
    close_all()
    built = build_trial(url)
    open_database(url)
    with clock.at(MONDAY):
        yield built
    close_all()
