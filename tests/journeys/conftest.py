"""Which journeys run: those that only take pictures where pictures are asked for."""

import pytest

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
