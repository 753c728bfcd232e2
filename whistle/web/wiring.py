"""What the pages are handed from outside their layer: the settings, and how to tell a broken database."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app

from whistle.config import Settings


@dataclass(frozen=True, slots=True)
class Wiring:
    """Made by `create_app`. `broken` are the errors that mean: the database is locked or gone, come again.

    `unreadable` are those that mean: what was sealed, or the seal of its key, is not what was stored.
    """

    settings: Settings
    is_ready: Callable[[], bool]
    broken: tuple[type[Exception], ...]
    unreadable: tuple[type[Exception], ...]


def wiring() -> Wiring:
    """The wiring of the running program."""
    found: Wiring = current_app.extensions["whistle"]
    return found


def settings() -> Settings:
    """The settings of the running program."""
    return wiring().settings
