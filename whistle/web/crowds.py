"""Fairness among connections: whose request a thread takes next, and who is cut off when too many send slowly."""

import itertools
import queue
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")


#: How much later a request counts as come for each other of its client that is still here: so a crowd from one client
#: stands behind everybody who comes meanwhile, and nobody waits for ever.
SECONDS_BEHIND = 0.05


class Here:
    """How many of each client are here; where one more of it stands in the order."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count: Counter[str] = Counter()

    def come(self, client: str) -> float:
        """Count one; its place, the lower the sooner."""
        with self._lock:
            others = self._count[client]
            self._count[client] += 1
        return time.monotonic() + others * SECONDS_BEHIND

    def leave(self, client: str) -> None:
        """Uncount one."""
        with self._lock:
            self._count[client] -= 1
            if not self._count[client]:
                del self._count[client]


class Turns(Generic[T]):
    """Things to be done for clients, each at its place in the order."""

    def __init__(self) -> None:
        self._here = Here()
        self._numbers = itertools.count()
        #: A queue that guards itself.
        self._waiting: queue.PriorityQueue[tuple[float, int, str, T]] = queue.PriorityQueue()

    def put(self, client: str, thing: T) -> None:
        """Let it wait."""
        self._waiting.put((self._here.come(client), next(self._numbers), client, thing))

    def take(self) -> tuple[str, T]:
        """The next; call `done` when it is. Only where something waits."""
        _place, _number, client, thing = self._waiting.get_nowait()
        return client, thing

    def done(self, client: str) -> None:
        """One of a client's things is done."""
        self._here.leave(client)


class Sender(Protocol):
    """Somebody who is listened to, and can be told that this was all."""

    client: str
    began_at: float

    def end(self) -> None:
        """Hear nothing more."""


class Listening:
    """Who is being listened to just now. When that is more than `most`, the longest of the client with most is cut off.

    So slow senders only ever crowd out each other, and there is no limit where there is no crowd.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        #: Guards the list, which is short.
        self._lock = threading.Lock()
        self._senders: list[Sender] = []

    @contextmanager
    def to(self, sender: Sender) -> Iterator[None]:
        """While a thread waits for what this one sends."""
        with self._lock:
            self._senders.append(sender)
            if len(self._senders) > self._most:
                self._cut_off()
        try:
            yield
        finally:
            with self._lock:
                if sender in self._senders:
                    self._senders.remove(sender)

    def _cut_off(self) -> None:
        many = Counter(sender.client for sender in self._senders)
        chosen = max(self._senders, key=lambda sender: (many[sender.client], -sender.began_at))
        self._senders.remove(chosen)
        chosen.end()
