"""gunicorn's threaded worker with an end to waiting: for a request on its way in, and for who takes an answer.

Twenty seconds, and one more for every thousand bytes that came, is more than the slowest telephone needs. What is not
there by then counts as the end of what was sent: half a form is answered with its page, half a header with nothing.
Where gunicorn speaks TLS itself it keeps gunicorn's own pace, which has no such end.
"""

import socket
import time
from contextlib import suppress
from typing import Any

from gunicorn import http
from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers.gthread import TConn, ThreadWorker

SECONDS = 20.0
BYTES_A_SECOND = 1000
#: How long none of an answer may be taken: TCP_USER_TIMEOUT of tcp(7), where the system has it; in milliseconds.
UNTAKEN_MILLISECONDS = 30_000
#: How long, and for how many bytes, a connection that is to end is listened to, so that its answer still arrives.
PARTING_SECONDS = 2.0
PARTING_BYTES = 65_536


class PacedUnreader(SocketUnreader):
    """What is read from a socket for one request, until its time is over. Used by one thread at a time."""

    def __init__(self, sock: socket.socket, seconds: float = SECONDS) -> None:
        super().__init__(sock)
        self._seconds = seconds
        self.begin()

    def begin(self) -> None:
        """Count anew, for the connection's next request."""
        self._until = time.monotonic() + self._seconds
        self.is_over = False

    def chunk(self, size_hint: int | None = None) -> bytes:
        """The next bytes; none when the other side has ended, or its time has."""
        before = self.sock.gettimeout()
        left = self._until - time.monotonic()
        if before is not None and before < left:  # the worker's own, shorter limit
            return self._count(super().chunk(size_hint))
        self.is_over = self.is_over or left <= 0
        if self.is_over:
            return b""
        self.sock.settimeout(left)
        try:
            return self._count(super().chunk(size_hint))
        except TimeoutError:
            self.is_over = True
            return b""
        finally:
            self.sock.settimeout(before)

    def _count(self, data: bytes) -> bytes:
        self._until += len(data) / BYTES_A_SECOND
        return data


class PacedWorker(ThreadWorker):
    """The worker that reads at that pace."""

    seconds = SECONDS

    def handle(self, conn: TConn) -> Any:
        """One request of a connection; one whose time was over is the connection's last."""
        if self.cfg.is_ssl:
            return super().handle(conn)
        if conn.parser is None:
            _end_when_untaken(conn.sock)
            conn.parser = http.get_parser(self.cfg, conn.sock, conn.client)
            conn.parser.unreader = PacedUnreader(conn.sock, self.seconds)
        conn.parser.unreader.begin()
        again = super().handle(conn)
        if conn.parser.unreader.is_over or again is False:
            _part(conn.sock)
            return False
        return again


def _end_when_untaken(sock: socket.socket) -> None:
    if sock.family != socket.AF_UNIX and hasattr(socket, "TCP_USER_TIMEOUT"):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNTAKEN_MILLISECONDS)


def _part(sock: socket.socket) -> None:
    """Say that this was all, and wait a little for the other side to say so too.

    gunicorn closes the connection afterwards in the thread that accepts all others, and would wait there.
    """
    until, left = time.monotonic() + PARTING_SECONDS, PARTING_BYTES
    with suppress(OSError):
        sock.shutdown(socket.SHUT_WR)
        while left > 0 and (seconds := until - time.monotonic()) > 0:
            sock.settimeout(seconds)
            heard = sock.recv(left)
            if not heard:
                break
            left -= len(heard)
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
