"""What all tests share: databases, the program, and the visitor who fetches pages."""

import gc
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import Rule

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


def pytest_collection_finish() -> None:
    """Ten thousand collected tests stay to the end: search less often for garbage, and not among them."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def quick_hashes() -> Iterator[None]:
    """Argon2 with little memory: the same code, and tests full of people end in time. tests/vault has the real cost."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (passwords, receipts):
            patch.setattr(module, "MEMORY_KIB", 64)
            patch.setattr(module, "ITERATIONS", 1)
        yield


@pytest.fixture(scope="session", autouse=True)
def addresses_built_once() -> Iterator[None]:
    """What writes an address is compiled code; a program made anew has the same, so each is compiled once a run."""
    compiled: dict[tuple[object, ...], Callable[..., tuple[str, str]]] = {}
    compile_one: Any = Rule._compile_builder

    def once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        # Constants of a rule's defaults are written into the code; none of ours has any.
        key = (*rule._trace, append_unknown, rule.rule, *(rule.defaults or {}).items())
        if key not in compiled:
            compiled[key] = compile_one(rule, append_unknown)
        return compiled[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", once)
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
