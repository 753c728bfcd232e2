"""gunicorn's threaded worker with an end to waiting, and with turns: one client's crowd is that client's own queue.

Twenty seconds, and one more for every thousand bytes that came, is more than the slowest telephone needs. What is not
there by then counts as the end of what was sent: half a form is answered with its page, half a header with nothing.
A connection that says nothing yet has no thread. Where nearly all threads listen, whoever is listened to longest among
the client's with the most is cut off; a client has a quarter of the connections at most.
Where gunicorn speaks TLS itself it keeps gunicorn's own pace, which has no such end.
"""

import socket
import time
from collections import Counter
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import Any

from gunicorn import http, util
from gunicorn.http import errors
from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers.gthread import _DEFER, TConn, ThreadWorker

from whistle.web import unread
from whistle.web.clients import network
from whistle.web.crowds import Listening, Turns

SECONDS = 20.0
BYTES_A_SECOND = 1000
#: How long none of an answer may be taken: TCP_USER_TIMEOUT of tcp(7), where the system has it; in milliseconds.
UNTAKEN_MILLISECONDS = 30_000
#: How long, and for how many bytes, a connection that is to end is listened to, so that its answer still arrives.
PARTING_SECONDS = 2.0
PARTING_BYTES = 65_536
#: The part of the threads that may listen at once: the rest is for those who sent what they had to say.
LISTENING_PART = 0.75
#: The part of the connections that one client may have.
A_CLIENTS_PART = 0.25
#: What a request is refused with that cannot be read: 400, but for these; and our own faults, of which no one is told.
UNREAD: dict[type[Exception], HTTPStatus] = {
    errors.LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    errors.LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    errors.UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
    errors.ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
}
OURS = (errors.ConfigurationProblem, errors.InvalidResponseHeader, errors.InvalidResponseHeaderName)


class PacedUnreader(SocketUnreader):
    """What is read from a socket for one request, until its time is over or it has to make room.

    Used by one thread at a time; another may `end` it.
    """

    def __init__(
        self,
        sock: socket.socket,
        seconds: float = SECONDS,
        *,
        client: str = "",
        listening: Listening | None = None,
    ) -> None:
        super().__init__(sock)
        self._seconds = seconds
        self.listening = listening or Listening(1)
        self.client = client
        self.begin()

    def begin(self) -> None:
        """Count anew, for the connection's next request."""
        self.began_at = time.monotonic()
        self._until = self.began_at + self._seconds
        self.is_over = False

    def end(self) -> None:
        """Hear nothing more, and wake the thread that waits for it."""
        self.is_over = True
        with suppress(OSError):
            self.sock.shutdown(socket.SHUT_RD)

    def chunk(self, size_hint: int | None = None) -> bytes:
        """The next bytes; none when the other side has ended, or its time has, or others need the thread more."""
        with self.listening.to(self):
            return self._listen(size_hint)

    def _listen(self, size_hint: int | None) -> bytes:
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._turns: Turns[TConn] = Turns()
        self._listening = Listening(int(self.cfg.threads * LISTENING_PART))
        #: How many connections each client has; owned by the thread that accepts them.
        self._open: Counter[str] = Counter()

    def enqueue_req(self, conn: TConn) -> None:
        """Let a connection wait for a thread. A new one of a client that has too many is not taken at all."""
        if conn.parser is None and not conn.data_ready and not self._take_in(conn):
            self.nr_conns -= 1
            conn.close()
            return
        self._turns.put(_client(conn), conn)
        self.tpool.submit(self._serve_next)

    def _take_in(self, conn: TConn) -> bool:
        client = _client(conn)
        if self._open[client] >= self.worker_connections * A_CLIENTS_PART:
            return False
        self._open[client] += 1
        conn.close = partial(self._close, conn, conn.close)
        return True

    def _close(self, conn: TConn, close: Any, graceful: bool = False) -> None:
        conn.close = close  # counted once
        client = _client(conn)
        self._open[client] -= 1
        if not self._open[client]:
            del self._open[client]
        close(graceful=graceful)

    def _serve_next(self) -> None:
        client, conn = self._turns.take()
        done: Future[Any] = Future()
        try:
            done.set_result(self.handle(conn))
        except BaseException as error:
            done.set_exception(error)
        finally:
            self._turns.done(client)
        self.method_queue.defer(self.finish_request, conn, done)

    def handle(self, conn: TConn) -> Any:
        """One request of a connection; one whose time was over is the connection's last."""
        if self.cfg.is_ssl:
            return super().handle(conn)
        if conn.parser is None:
            if not conn.wait_for_data(0):
                return _DEFER  # to where all such wait together
            _end_when_untaken(conn.sock)
            conn.parser = http.get_parser(self.cfg, conn.sock, conn.client)
            conn.parser.unreader = PacedUnreader(
                conn.sock, self.seconds, client=_client(conn), listening=self._listening
            )
        conn.parser.unreader.begin()
        again = super().handle(conn)
        if conn.parser.unreader.is_over or again is False:
            part(conn.parser.unreader)
            return False
        return again

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: Exception) -> None:
        """Answer what could not be read, or failed outside of every page, with a page of ours."""
        if isinstance(exc, errors.ParseException) and not isinstance(exc, OURS):
            self.log.warning("a request was refused")
            status = UNREAD.get(type(exc), HTTPStatus.BAD_REQUEST)
        else:
            self.log.error("a request failed", exc_info=exc)
            status = HTTPStatus.INTERNAL_SERVER_ERROR
        with suppress(OSError):
            util.write_nonblock(client, unread.answer(status))


def _client(conn: TConn) -> str:
    """Who is at the other end; behind a proxy, the proxy."""
    return network(str(conn.client[0])) if isinstance(conn.client, tuple) else ""


def _end_when_untaken(sock: socket.socket) -> None:
    if sock.family != socket.AF_UNIX and hasattr(socket, "TCP_USER_TIMEOUT"):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNTAKEN_MILLISECONDS)


def part(unreader: PacedUnreader) -> None:
    """Say that this was all, and wait a little for the other side to say so too, unless others need the thread more.

    gunicorn closes the connection afterwards in the thread that accepts all others, and would wait there.
    """
    sock = unreader.sock
    until, left = time.monotonic() + PARTING_SECONDS, PARTING_BYTES
    with suppress(OSError), unreader.listening.to(unreader):
        sock.shutdown(socket.SHUT_WR)
        while left > 0 and (seconds := until - time.monotonic()) > 0:
            sock.settimeout(seconds)
            heard = sock.recv(left)
            if not heard:
                break
            left -= len(heard)
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
