"""Where a request waits for a place at work: its form is taken in first, so whoever sends slowly keeps nobody out.

A server needs more threads than there are places (`gunicorn.conf.py`): those that only listen cost next to nothing.
Among those who wait, the client with the fewest requests here goes first: a thousand from one are one's own queue.
"""

import io
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from whistle.services.lines import Line
from whistle.web.clients import CLIENT, client_of

#: Requests that a process works on at once.
PLACES = 8


class WaitingRoom:
    """A WSGI program in which no more than `places` requests are worked on at once.

    A body of up to `longest` bytes is in memory before its request takes a place. A longer one is left to the program,
    which refuses it or reads it as it comes. `proxies` of ours are believed about whom a request comes from.
    """

    def __init__(
        self, program: WSGIApplication, longest: int, places: int = PLACES, *, proxies: int = 0
    ) -> None:
        self._program = program
        self._longest = longest
        self._proxies = proxies
        #: Owned by the process; a place is held until the program returns its answer.
        self._places = Line(slots=places)
        #: How many requests of each client wait or are worked on; guarded by the lock.
        self._here: Counter[str] = Counter()
        self._lock = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Listen, then wait, then work."""
        client = environ[CLIENT] = client_of(environ, self._proxies)
        length = _length(environ)
        if 0 < length <= self._longest:
            environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(length))
        with self._counted(client) as others, self._places.turn(others):
            return self._program(environ, start_response)

    @contextmanager
    def _counted(self, client: str) -> Iterator[int]:
        """Count a request of this client while it is here; how many others of it there are."""
        with self._lock:
            others = self._here[client]
            self._here[client] += 1
        try:
            yield others
        finally:
            with self._lock:
                self._here[client] -= 1
                if not self._here[client]:
                    del self._here[client]


def _length(environ: dict[str, Any]) -> int:
    said = environ.get("CONTENT_LENGTH") or ""
    return int(said) if said.isascii() and said.isdigit() else 0
