"""Fairness among connections: whose request a thread takes next, and who is cut off when too many send slowly."""

import threading
from collections import Counter, OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")


class Turns(Generic[T]):
    """Things to be done for clients. Next is one of the client with the fewest under way, the oldest of equals."""

    def __init__(self) -> None:
        #: Guards what follows: what waits for each client, clients in the order they began to, and what is under way.
        self._lock = threading.Lock()
        self._waiting: OrderedDict[str, deque[T]] = OrderedDict()
        self._under_way: Counter[str] = Counter()

    def put(self, client: str, thing: T) -> None:
        """Let it wait."""
        with self._lock:
            self._waiting.setdefault(client, deque()).append(thing)

    def take(self) -> tuple[str, T]:
        """The next; call `done` when it is. Only where something waits."""
        with self._lock:
            client = min(self._waiting, key=lambda name: self._under_way[name])
            queue = self._waiting.pop(client)
            thing = queue.popleft()
            if queue:
                self._waiting[client] = queue  # behind the others
            self._under_way[client] += 1
            return client, thing

    def done(self, client: str) -> None:
        """One of a client's things is done."""
        with self._lock:
            self._under_way[client] -= 1
            if not self._under_way[client]:
                del self._under_way[client]


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
