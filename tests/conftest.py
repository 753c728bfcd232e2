"""What all tests share: databases, the program, and the visitor who fetches pages."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.visiting import Visitor
from whistle import config, create_app

pytest_plugins = ["tests.databases", "tests.offices", "tests.people", "tests.browser", "tests.web.officers"]


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> config.Settings:
    """Settings of an instance of its own, as `make run` has them."""
    return config.load({"WHISTLE_DATABASE_URL": database_url, "WHISTLE_INSTANCE": str(tmp_path / "instance")})


@pytest.fixture
def app(settings: config.Settings) -> Iterator[Flask]:
    """The program on a fresh database; an exception of ours is the test's, not an error page."""
    yield make_app(settings)
    _close()


def make_app(settings: config.Settings) -> Flask:
    """The program as every server starts it, for a test."""
    app = create_app(settings)
    app.testing = True
    return app


def _close() -> None:
    from whistle.store.database import close_all

    close_all()


@pytest.fixture
def visit(app: Flask) -> Visitor:
    """A person's browser. Another person in the same test: `new_visitor()`."""
    return Visitor(app)


@pytest.fixture
def new_visitor(app: Flask) -> Callable[[], Visitor]:
    """Makes browsers of further people."""
    return lambda: Visitor(app)
