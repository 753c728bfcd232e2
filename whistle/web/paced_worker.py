"""gunicorn's threaded worker with an end to waiting: who sends or reads too slowly is let go.

Twenty seconds, and one more for every thousand bytes that came, is more than the slowest telephone needs. What is not
there by then counts as the end of what was sent, and the page for half a form is the answer.
"""

import socket
import time
from typing import Any

from gunicorn import http
from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers.gthread import TConn, ThreadWorker

SECONDS = 20.0
BYTES_A_SECOND = 1000
#: An answer that the other side stops taking: TCP_USER_TIMEOUT of tcp(7), in milliseconds.
UNREAD_MILLISECONDS = 30_000


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

    def handle(self, conn: TConn) -> Any:
        """One request of a connection; one whose time was over is the connection's last."""
        if self.cfg.is_ssl:  # wrapped later; a proxy that speaks TLS keeps its own pace
            return super().handle(conn)
        if conn.parser is None:
            if conn.sock.family != socket.AF_UNIX:
                conn.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_MILLISECONDS)
            conn.parser = http.get_parser(self.cfg, conn.sock, conn.client)
            conn.parser.unreader = PacedUnreader(conn.sock)
        conn.parser.unreader.begin()
        again = super().handle(conn)
        return False if conn.parser.unreader.is_over else again
