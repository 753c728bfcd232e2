"""A flood that came before a test: what this address may do is done."""

from contextlib import suppress

from whistle.services import limits
from whistle.services.errors import Slowed

#: Whom the test client comes from.
HERE = "127.0.0.1"


def used_up(kind: str, channel: str = "") -> None:
    """Everything this address may do of a kind is done already."""
    with suppress(Slowed):
        while True:
            limits.take(kind, HERE, channel)
