"""A crowd before a slow hash, for tests of what the next one is told."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from whistle.services.slow_hash import Line


@contextmanager
def full(line: Line) -> Iterator[None]:
    """The line with somebody in each of its places."""
    with ExitStack() as stack:
        for _ in range(line.places):
            line._enter()
            stack.callback(line._places.release)
        yield
