"""Which journeys run: those that only take pictures where these are asked for. And that they look at what they say."""

from collections.abc import Generator

import pytest

from tests.browser import LOOKED_AT
from tests.journeys import looks

#: Not a check of anything: takes pictures, and runs where pictures are asked for.
PICTURES = "for_pictures"


def pytest_configure(config: pytest.Config) -> None:
    """Tell what the mark is for."""
    config.addinivalue_line("markers", f"{PICTURES}: runs with --pictures alone")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the pictures out of an ordinary run."""
    dropped = [item for item in items if item.get_closest_marker(PICTURES)]
    if dropped and not config.getoption("--pictures"):
        config.hook.pytest_deselected(items=dropped)
        items[:] = [item for item in items if item not in dropped]


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """A journey that went well has looked at every page that stands in its name; axe needs scripts."""
    result = yield
    name = looks.name_of(pyfuncitem)
    parameters = pyfuncitem.callspec.params if hasattr(pyfuncitem, "callspec") else {}
    language = parameters.get("locale", "zh-CN")
    wanted = {(page, language) for page in looks.LOOKS.get(name, ())}
    wanted |= {(page, "en") for page in looks.ENGLISH.get(name, frozenset()) | looks.beside(name)}
    if parameters.get("javascript", True):
        missed = wanted - pyfuncitem.stash.get(LOOKED_AT, set())
        assert not missed, f"look at these pages again, or give them to another journey in looks.py: {missed}"
    return result
