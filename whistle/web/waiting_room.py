"""Where a request waits for a place at work: its form is taken in first, so whoever sends slowly keeps nobody out.

A server needs more threads than there are places (`gunicorn.conf.py`): those that only listen cost next to nothing.
Those who wait stand as they came, but one with many requests here behind whoever comes meanwhile (`web/crowds.py`).
Files are too long to be taken in first. They have places of their own, so that no upload keeps a page from anybody.
"""

import io
import logging
import threading
from collections import Counter
from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from whistle.services.lines import Line
from whistle.web.clients import CLIENT, client_of
from whistle.web.crowds import Here

log = logging.getLogger("whistle.web")

#: Requests that a process works on at once.
PLACES = 8
#: Forms with files that a process takes in at once. Each holds a chunk of 64 KB in memory, and a thread.
FILE_PLACES = 12
#: How long one with files waits for its place, in seconds; then the page that takes them says to come again.
FILE_PATIENCE = 20.0
#: For each place so many may wait. Who waits holds a thread, and sends nothing, so could not be cut off for being slow.
FILE_WAITERS = 2
#: Set where there was no place for files.
NO_PLACE = "whistle.no_place_for_files"


class WaitingRoom:
    """A WSGI program in which no more than `places` requests are worked on at once.

    A body of up to `longest` bytes is in memory before its request takes a place. A longer one is left to the program,
    which refuses it or reads it as it comes: in a place for files, where it is a form in parts. `proxies` of ours are
    believed about whom a request comes from.
    """

    def __init__(
        self,
        program: WSGIApplication,
        longest: int,
        places: int = PLACES,
        file_places: int = FILE_PLACES,
        *,
        proxies: int = 0,
    ) -> None:
        self._program = program
        self._longest = longest
        self._proxies = proxies
        #: Owned by the process; a place is held until the program returns its answer.
        self._places = Line(slots=places)
        self._here = Here()
        self._file_places = FilePlaces(file_places)
        self._told = False

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Listen, then wait, then work."""
        client = environ[CLIENT] = client_of(environ, self._proxies)
        if self._proxies and not client and not self._told and environ.get("REQUEST_METHOD") == "POST":
            self._told = True
            log.warning(
                "the proxy does not send X-Forwarded-For: one flood slows everybody who comes through it"
            )
        length = _length(environ)
        if 0 < length <= self._longest:
            environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(length))
        elif length and environ.get("CONTENT_TYPE", "").lower().startswith("multipart/"):
            return self._take_files(environ, start_response)
        return self._work(environ, start_response)

    def _take_files(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        client = environ[CLIENT]
        if not self._file_places.take(client):
            environ[NO_PLACE] = True
            return self._work(environ, start_response)
        try:
            return self._program(environ, start_response)
        finally:
            self._file_places.give_back(client)

    def _work(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        client = environ[CLIENT]
        place = self._here.come(client)
        try:
            with self._places.turn(place):
                return self._program(environ, start_response)
        finally:
            self._here.leave(client)


class FilePlaces:
    """Places for those who send files, which takes long: no client may hold more than two thirds of them.

    No more wait for them than FILE_WAITERS says, and of one client two thirds of those.
    """

    def __init__(self, places: int) -> None:
        self._places = places
        #: Guards who holds how many, and who waits; told when a place is free.
        self._changed = threading.Condition()
        self._held: Counter[str] = Counter()
        self._waiting: Counter[str] = Counter()

    def take(self, client: str) -> bool:
        """Hold a place as soon as there is one; False where none came free in time, or too many wait already."""
        with self._changed:
            if not self._has_room(client) and not self._wait(client):
                return False
            self._held[client] += 1
            return True

    def give_back(self, client: str) -> None:
        """Let somebody else have it."""
        with self._changed:
            _uncount(self._held, client)
            self._changed.notify_all()

    def _wait(self, client: str) -> bool:
        if not _is_within(self._waiting, client, self._places * FILE_WAITERS):
            return False
        self._waiting[client] += 1
        try:
            return self._changed.wait_for(lambda: self._has_room(client), timeout=FILE_PATIENCE)
        finally:
            _uncount(self._waiting, client)

    def _has_room(self, client: str) -> bool:
        return _is_within(self._held, client, self._places)


def _is_within(counted: Counter[str], client: str, most: int) -> bool:
    """Whether one more fits: into `most`, and into the two thirds of it that are one client's; one unknown has all."""
    own = max(1, most * 2 // 3) if client else most
    return counted.total() < most and counted[client] < own


def _uncount(counted: Counter[str], client: str) -> None:
    counted[client] -= 1
    if not counted[client]:
        del counted[client]


def _length(environ: dict[str, Any]) -> int:
    said = environ.get("CONTENT_LENGTH") or ""
    return int(said) if said.isascii() and said.isdigit() else 0
