"""What all tests share: databases, the program, and the visitor who fetches pages."""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from tests.visiting import Visitor
from whistle import config, create_app
from whistle.store import files
from whistle.vault import passwords, receipts

#: Templates compiled once a run and not once a test.
COMPILED = FileSystemBytecodeCache(tempfile.mkdtemp(prefix="whistle-templates-"))

# On a build server a red run means the change and not the day's luck; on one's own machine every run tries new cases.
hypothesis.settings.register_profile("build", derandomize=True)
if os.environ.get("CI"):
    hypothesis.settings.load_profile("build")

pytest_plugins = [
    "tests.databases",
    "tests.written",
    "tests.remembered",
    "tests.offices",
    "tests.people",
    "tests.browser",
    "tests.post_office",
    "tests.web.officers",
    "tests.house.walking",
]


@pytest.fixture(scope="session", autouse=True)
def quick_hashes() -> Iterator[None]:
    """Argon2 with little memory: the same code, and tests full of people end in time. tests/vault has the real cost."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (passwords, receipts):
            patch.setattr(module, "MEMORY_KIB", 64)
            patch.setattr(module, "ITERATIONS", 1)
        yield


@pytest.fixture(scope="session", autouse=True)
def some_store(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Somewhere for files: services need no program around them."""
    files.use(files.Folder(tmp_path_factory.mktemp("attachments")))


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
    app.jinja_env.bytecode_cache = COMPILED
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
