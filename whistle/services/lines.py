"""Waiting in line for one of few slots: whoever asked least of late goes first, so a flood stands behind everybody."""

import itertools
import threading
from bisect import insort
from collections.abc import Iterator
from contextlib import contextmanager

from whistle.services.errors import Crowded


class _Waiter:
    """One thread in the line; `is_called` belongs to the line's lock."""

    def __init__(self, rank: float, number: int) -> None:
        self.place = (rank, number)
        self.woken = threading.Event()
        self.is_called = False

    def __lt__(self, other: "_Waiter") -> bool:
        return self.place < other.place


class Line:
    """`slots` run at once, and `waiting` wait for one, for `seconds` at most; None: all of them, however long.

    The lower `rank` goes first, and who came first among equals. Where the line is full, who comes with a lower rank
    takes the place of the last in it. The threads of one process share a line.
    """

    def __init__(self, slots: int, waiting: int | None = None, seconds: float | None = None) -> None:
        self.places = slots + (waiting or 0)
        self._most, self._seconds = waiting, seconds
        self._numbers = itertools.count()
        #: Guards what follows. A slot given back goes to the first who waits, and is free only where nobody does.
        self._lock = threading.Lock()
        self._free = slots
        self._waiting: list[_Waiter] = []

    @contextmanager
    def turn(self, rank: float = 0) -> Iterator[None]:
        """Wait for a slot and hold it; raises Crowded when there is no room to wait, or no slot came free in time."""
        self._take(rank)
        try:
            yield
        finally:
            self._give_back()

    def require_room(self, rank: float = 0) -> None:
        """Raise Crowded when the line is full: asked before anything is written for who would only be sent away."""
        with self._lock:
            if not self._free and self._is_full_for(_Waiter(rank, next(self._numbers))):
                raise Crowded(self._come_back())

    def _take(self, rank: float) -> None:
        with self._lock:
            if self._free:
                self._free -= 1
                return
            mine = _Waiter(rank, next(self._numbers))
            if self._is_full_for(mine):
                raise Crowded(self._come_back())
            if self._most is not None and len(self._waiting) >= self._most:
                self._waiting.pop().woken.set()  # not called: sent away
            insort(self._waiting, mine)
        mine.woken.wait(self._seconds)
        with self._lock:
            if mine in self._waiting:
                self._waiting.remove(mine)
            if not mine.is_called:
                raise Crowded(self._come_back())

    def _is_full_for(self, waiter: _Waiter) -> bool:
        if self._most is None or len(self._waiting) < self._most:
            return False
        return not self._waiting or self._waiting[-1] < waiter

    def _give_back(self) -> None:
        with self._lock:
            if not self._waiting:
                self._free += 1
                return
            first = self._waiting.pop(0)
            first.is_called = True
            first.woken.set()

    def _come_back(self) -> int:
        return max(1, round(self._seconds or 0))
