"""Which journeys run where: on SQLite all of them, on PostgreSQL those that go the whole way.

What a page looks like does not hang on the database, and a browser is dear. Where SQLite is not chosen, PostgreSQL
gets all journeys.
"""

import pytest

from tests import databases

#: On both databases.
BOTH = "on_both_databases"
#: Not a check of anything: takes pictures, and runs where pictures are asked for.
PICTURES = "for_pictures"


def pytest_configure(config: pytest.Config) -> None:
    """Tell what the marks are for."""
    config.addinivalue_line("markers", f"{BOTH}: a journey that runs on each database, not on SQLite alone")
    config.addinivalue_line("markers", f"{PICTURES}: runs with --pictures alone")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what would only be seen twice."""
    dropped = [item for item in items if item.path.is_relative_to(config.rootpath / "tests/journeys")]
    dropped = [item for item in dropped if _is_dropped(item, config)]
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = [item for item in items if item not in set(dropped)]


def _is_dropped(item: pytest.Item, config: pytest.Config) -> bool:
    if item.get_closest_marker(PICTURES) and not config.getoption("--pictures"):
        return True
    kind = getattr(item, "callspec", None) and item.callspec.params.get("database_kind")
    return kind == "postgres" and "sqlite" in databases.chosen() and not item.get_closest_marker(BOTH)
