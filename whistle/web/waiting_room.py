"""Where a request waits for a place at work: its form is taken in first, so whoever sends slowly keeps nobody out.

A server needs more threads than there are places (`gunicorn.conf.py`): those that only listen cost next to nothing.
Files are too long to be taken in first. They have places of their own, so that no upload keeps a page from anybody.
"""

import io
import threading
from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

#: Requests that a process works on at once.
PLACES = 8
#: Forms with files that a process takes in at once. Each holds a chunk of 64 KB in memory, and a thread.
FILE_PLACES = 12
#: How long one with files waits for its place, in seconds; then the page that takes them says to come again.
FILE_PATIENCE = 20.0
#: Set where there was no place for files.
NO_PLACE = "whistle.no_place_for_files"


class WaitingRoom:
    """A WSGI program in which no more than `places` requests are worked on at once.

    A body of up to `longest` bytes is in memory before its request takes a place. A longer one is left to the program,
    which refuses it or reads it as it comes: in a place for files, where it is a form in parts.
    """

    def __init__(
        self, program: WSGIApplication, longest: int, places: int = PLACES, file_places: int = FILE_PLACES
    ) -> None:
        self._program = program
        self._longest = longest
        #: Owned by the process; held until the program returns its answer.
        self._places = threading.BoundedSemaphore(places)
        self._file_places = threading.BoundedSemaphore(file_places)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Listen, then wait, then work."""
        length = _length(environ)
        if 0 < length <= self._longest:
            environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(length))
        elif length and environ.get("CONTENT_TYPE", "").lower().startswith("multipart/"):
            return self._take_files(environ, start_response)
        with self._places:
            return self._program(environ, start_response)

    def _take_files(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not self._file_places.acquire(timeout=FILE_PATIENCE):
            environ[NO_PLACE] = True
            with self._places:
                return self._program(environ, start_response)
        try:
            return self._program(environ, start_response)
        finally:
            self._file_places.release()


def _length(environ: dict[str, Any]) -> int:
    said = environ.get("CONTENT_LENGTH") or ""
    return int(said) if said.isascii() and said.isdigit() else 0
