"""Where a request waits for a place at work: its form is taken in first, so whoever sends slowly keeps nobody out.

A server needs more threads than there are places (`gunicorn.conf.py`): those that only listen cost next to nothing.
Those who wait stand as they came, but one with many requests here behind whoever comes meanwhile (`web/crowds.py`).
Files are too long to be taken in first. They have places of their own, so that no upload keeps a page from anybody.

Places for files are few, and a form may come slowly for hours. So where all are held and somebody waits whose client
holds none, one is ended: of the places of the client that holds the most, and more than one, the longest held of those
that are slow (SLOW_PACE on average) and were held for a minute. Whose place it was is told what every slow sender is.
So a crowd behind one address ends no single upload of somebody else, and one slow person alone is never cut off. A
crowd that sends faster than that holds its places, and so do as many addresses as there are places.
"""

import io
import logging
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.exceptions import RequestTimeout

from whistle.services.lines import Line
from whistle.web.clients import CLIENT, client_of
from whistle.web.crowds import Here

log = logging.getLogger("whistle.web")


class OfClient(Protocol):
    """What is some client's."""

    client: str


T = TypeVar("T", bound=OfClient)

#: Requests that a process works on at once.
PLACES = 8
#: Forms with files that a process takes in at once. Each holds a chunk of 64 KB in memory, and a thread.
FILE_PLACES = 12
#: How long one with files waits for its place, in seconds; then the page that takes them says to come again.
FILE_PATIENCE = 20.0
#: For each place so many may wait. Who waits holds a thread, and sends nothing, so could not be cut off for being slow.
FILE_WAITERS = 2
#: A place may be ended for somebody who has none when it was held for so many seconds, and its form came slower than
#: this: 50 MB would take more than twenty minutes.
SLOW_AFTER = 60.0
SLOW_PACE = 40_000  # bytes a second
#: How often those who wait look whether a place has become slow, in seconds.
LOOK_EVERY = 1.0
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
        length, sock = _length(environ), environ.get("gunicorn.socket")
        place = self._file_places.take(environ[CLIENT], length, sock)
        if place is None:
            environ[NO_PLACE] = True
            return self._work(environ, start_response)
        environ["wsgi.input"] = FileForm(environ["wsgi.input"], place)
        try:
            return self._program(environ, start_response)
        finally:
            self._file_places.give_back(place)

    def _work(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        client = environ[CLIENT]
        place = self._here.come(client)
        try:
            with self._places.turn(place):
                return self._program(environ, start_response)
        finally:
            self._here.leave(client)


class FilePlace:
    """A place for one form with files: whose it is, since when, and how much of its `length` bytes came."""

    def __init__(self, client: str, length: int = 0, sock: Any = None) -> None:
        self.client = client
        self.began_at = time.monotonic()
        #: Counted by the thread that reads the form alone.
        self.came = 0
        #: Set under the lock of the places, for good.
        self.is_over = False
        self._length = length
        self._sock = sock

    @property
    def left(self) -> int:
        """How many bytes are still to come."""
        return max(0, self._length - self.came)

    @property
    def is_slow(self) -> bool:
        """Whether it was had for long enough to be judged, and its form still comes, slower than most do."""
        seconds = time.monotonic() - self.began_at
        return self.left > 0 and seconds >= SLOW_AFTER and self.came < seconds * SLOW_PACE

    def end(self) -> None:
        """Let no more of the form be read, and wake the thread that waits for it.

        Over TLS of our own it ends with the next bytes: to shut the socket would take the encryption off the answer.
        """
        self.is_over = True
        if self._sock is not None and not isinstance(self._sock, ssl.SSLSocket):
            with suppress(OSError):
                self._sock.shutdown(socket.SHUT_RD)


class FileForm(io.RawIOBase):
    """A form with files as it is read in its place: counted, until it is whole or its place is ended."""

    def __init__(self, body: Any, place: FilePlace) -> None:
        super().__init__()
        self._body, self._place = body, place

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """The next bytes; raises RequestTimeout, as for any slow sender, where somebody else needs the place more."""
        if not self._place.is_over:
            data = self._body.read(min(len(buffer), self._place.left))
            buffer[: len(data)] = data
            self._place.came += len(data)
            if data:
                return len(data)
        if self._place.is_over:
            raise RequestTimeout
        return 0


@dataclass(eq=False, slots=True)
class _Waiter:
    client: str
    is_sent_away: bool = False


class FilePlaces:
    """Places for those who send files, which takes long: no client may hold more than two thirds of them.

    No more wait for them than FILE_WAITERS says, and of one client two thirds of those. Whose client holds none
    goes before whose does; each such client may have one slow place ended, as said above.
    """

    def __init__(self, places: int) -> None:
        self._places = places
        #: Guards both lists, neither longer than there are places and waiters; told when either changes.
        self._changed = threading.Condition()
        self._held: list[FilePlace] = []
        self._waiting: list[_Waiter] = []

    def take(self, client: str, length: int = 0, sock: Any = None) -> FilePlace | None:
        """Hold a place as soon as there is one; None where none came free in time, or too many wait already.

        It is for a form of so many bytes, from that socket.
        """
        with self._changed:
            if not self._has_room(client) and not self._wait(client):
                return None
            place = FilePlace(client, length, sock)
            self._held.append(place)
            return place

    def give_back(self, place: FilePlace) -> None:
        """Let somebody else have it."""
        with self._changed:
            self._held.remove(place)
            self._changed.notify_all()

    def _wait(self, client: str) -> bool:
        waiter = _Waiter(client)
        if not self._stand_in_line(waiter):
            return False
        until = time.monotonic() + FILE_PATIENCE
        try:
            while not self._has_room(client):
                self._make_room()
                left = until - time.monotonic()
                if left <= 0 or waiter.is_sent_away:
                    return False
                self._changed.wait(min(left, LOOK_EVERY))
            return not waiter.is_sent_away
        finally:
            if not waiter.is_sent_away:
                self._waiting.remove(waiter)
            self._changed.notify_all()  # who let this one go first

    def _stand_in_line(self, waiter: _Waiter) -> bool:
        """Wait behind the others; whoever has nothing here yet has the last of a crowd sent away from a full line."""
        waiting, held = _by_client(self._waiting), _by_client(self._held)
        if not _is_within(waiting, waiter.client, self._places * FILE_WAITERS):
            crowd = _crowd(self._waiting)
            if not crowd or waiting[waiter.client] or held[waiter.client]:
                return False
            crowd[-1].is_sent_away = True
            self._waiting.remove(crowd[-1])
            self._changed.notify_all()
        self._waiting.append(waiter)
        return True

    def _has_room(self, client: str) -> bool:
        held = _by_client(self._held)
        if held[client] and self._newcomers():
            return False
        return _is_within(held, client, self._places)

    def _make_room(self) -> None:
        """End one slow place for each client that waits and holds none, where the line cannot move otherwise."""
        free = self._places - len(self._held)
        ending = sum(place.is_over for place in self._held)
        if len(self._newcomers()) <= free + ending:
            return
        crowd = _crowd([place for place in self._held if not place.is_over])
        slow = [place for place in crowd if place.is_slow]
        if slow:
            min(slow, key=lambda place: place.began_at).end()

    def _newcomers(self) -> set[str]:
        return {waiter.client for waiter in self._waiting} - {place.client for place in self._held}


def _by_client(those: Iterable[OfClient]) -> Counter[str]:
    return Counter(one.client for one in those)


def _crowd(those: list[T]) -> list[T]:
    """Those of the client that has the most, in their order; of all such clients; none where nobody has two."""
    counted = _by_client(those)
    most = max(counted.values(), default=0)
    return [one for one in those if counted[one.client] == most] if most > 1 else []


def _is_within(counted: Counter[str], client: str, most: int) -> bool:
    """Whether one more fits: into `most`, and into the two thirds of it that are one client's; one unknown has all."""
    own = max(1, most * 2 // 3) if client else most
    return counted.total() < most and counted[client] < own


def _length(environ: dict[str, Any]) -> int:
    said = environ.get("CONTENT_LENGTH") or ""
    return int(said) if said.isascii() and said.isdigit() else 0
