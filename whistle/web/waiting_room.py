"""Where a request waits for a place at work: its form is taken in first, so whoever sends slowly keeps nobody out.

A server needs more threads than there are places (`gunicorn.conf.py`): those that only listen cost next to nothing.
Those who wait stand as they came, but one with many requests here behind whoever comes meanwhile (`web/crowds.py`).
"""

import io
import logging
from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from whistle.services.lines import Line
from whistle.web.clients import CLIENT, client_of
from whistle.web.crowds import Here

log = logging.getLogger("whistle.web")

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
        self._here = Here()
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
        place = self._here.come(client)
        try:
            with self._places.turn(place):
                return self._program(environ, start_response)
        finally:
            self._here.leave(client)


def _length(environ: dict[str, Any]) -> int:
    said = environ.get("CONTENT_LENGTH") or ""
    return int(said) if said.isascii() and said.isdigit() else 0
