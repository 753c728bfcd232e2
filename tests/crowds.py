"""A crowd before a slow hash, for tests of what the next one is told."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from whistle.services.errors import Crowded
from whistle.services.lines import Line

#: Goes before everybody, so that nobody takes such a one's place in the line.
FIRST = -1000


@contextmanager
def full(line: Line, rank: int = FIRST) -> Iterator[None]:
    """The line with somebody of this rank in each of its places, until the end of the block."""
    is_over = threading.Event()

    def stand() -> None:
        while not is_over.is_set():
            with suppress(Crowded), line.turn(rank):
                is_over.wait(20)

    threads = [threading.Thread(target=stand) for _ in range(line.places)]
    for thread in threads:
        thread.start()
    while line._free or len(line._waiting) < (line._most or 0):
        time.sleep(0.001)
    try:
        yield
    finally:
        is_over.set()
        for thread in threads:
            thread.join()
