"""Who sends slowly: a request's time ends, its connection with it, and meanwhile others are served."""

import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import ExitStack

import pytest

from whistle.config import ROOT
from whistle.web import security_headers
from whistle.web.crowds import Listening
from whistle.web.paced_worker import BYTES_A_SECOND, PARTING_SECONDS, PacedUnreader, part

#: More than may be worked on at once (twice eight), fewer than one process can listen to: it may accept them all.
SLOW = 50
#: More than both processes have threads: 192.
MANY = 300
#: More than both processes let one client have open: 500.
TOO_MANY = 700
HALF = b"POST /track HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
BROWSER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def connect_from(host, address):
    """A connection from another address of this machine."""
    return socket.create_connection(address, timeout=15, source_address=(host, 0))


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_what_is_there_is_read_at_once(pair):
    ours, theirs = pair
    theirs.sendall(b"words")
    assert PacedUnreader(ours).chunk() == b"words"


def test_when_nothing_comes_in_time_it_is_the_end(pair):
    unreader = PacedUnreader(pair[0], seconds=0.05)
    assert unreader.chunk() == b""
    assert unreader.is_over


def test_a_byte_now_and_then_does_not_buy_more_time(pair):
    ours, theirs = pair
    unreader = PacedUnreader(ours, seconds=0.2)
    got = 0
    while not unreader.is_over:
        theirs.sendall(b"x")
        got += len(unreader.chunk())
        time.sleep(0.02)
    assert 0 < got < 100


def test_whoever_keeps_the_pace_is_heard_to_the_end(pair):
    ours, theirs = pair
    unreader = PacedUnreader(ours, seconds=0.0)
    unreader._count(b"x" * BYTES_A_SECOND)
    theirs.sendall(b"more")
    assert unreader.chunk() == b"more"


def test_the_next_request_has_its_own_time(pair):
    ours, theirs = pair
    unreader = PacedUnreader(ours, seconds=0.05)
    assert unreader.chunk() == b""
    theirs.sendall(b"next")
    unreader.begin()
    assert unreader.chunk() == b"next"
    assert not unreader.is_over


def test_a_shorter_limit_of_the_server_stays_its_own(pair):
    ours, _theirs = pair
    unreader = PacedUnreader(ours)
    ours.settimeout(0.05)
    with pytest.raises(TimeoutError):
        unreader.chunk()


def test_whoever_leaves_a_connection_open_that_was_to_end_makes_room_for_others(pair):
    """As many as there are threads kept every page waiting for two seconds, and could do so again and again."""
    ours, _theirs = pair
    listening, ended = Listening(1), []
    lingering = PacedUnreader(ours, client="flood", listening=listening)
    parting = threading.Thread(target=lambda: ended.append(part(lingering)))
    parting.start()
    time.sleep(0.1)
    other, _its = socket.socketpair()
    with other, _its, listening.to(PacedUnreader(other, client="somebody")):
        parting.join(PARTING_SECONDS / 2)
        assert ended


#: One process that waits a second for a request, for what comes after.
HASTY = """
exec(open("gunicorn.conf.py").read())
from whistle.web.paced_worker import PacedWorker
PacedWorker.seconds = 1.0
workers = 1
"""


@pytest.fixture
def address(tmp_path, request):
    """The program as it is served, in processes of its own; as HASTY says where a test asks for it."""
    config = tmp_path / "gunicorn.conf.py"
    config.write_text(HASTY if "hasty" in request.keywords else (ROOT / "gunicorn.conf.py").read_text())
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WHISTLE_")}
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "gunicorn",
            "--config",
            str(config),
            "--bind",
            f"127.0.0.1:{port}",
            "wsgi:app",
        ],
        cwd=ROOT,
        env=kept | {"WHISTLE_INSTANCE": str(tmp_path / "instance")},
        stderr=subprocess.DEVNULL,
    )
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield "127.0.0.1", port
    process.send_signal(signal.SIGTERM)
    process.wait(30)


def test_any_number_who_stop_in_the_middle_of_a_form_keep_nobody_waiting(address):
    """Those from elsewhere are cut off for each other, and the one who was there before goes on."""
    with ExitStack() as open_until_the_end:
        before = open_until_the_end.enter_context(socket.create_connection(address, timeout=15))
        before.sendall(HALF + b"Content-Length: 5\r\n\r\nco")
        for _ in range(MANY):
            sock = open_until_the_end.enter_context(connect_from("127.0.0.2", address))
            sock.sendall(HALF + b"Content-Length: 900\r\n\r\ncode=")
        answer = BROWSER.open("http://{}:{}/track".format(*address), timeout=15)
        assert answer.status == 200
        before.sendall(b"de=")
        assert before.recv(20).startswith(b"HTTP/1.1 422"), "a whole form without a token"


@pytest.mark.hasty
def test_nor_do_they_when_their_time_is_over(address):
    with ExitStack() as open_until_the_end:
        socks = [open_until_the_end.enter_context(socket.create_connection(address)) for _ in range(SLOW)]
        for sock in socks:
            sock.sendall(HALF + b"Content-Length: 900\r\n\r\ncode=")
        assert socks[0].recv(20).startswith(b"HTTP/1.1 400"), "the page for half a form"
        assert BROWSER.open("http://{}:{}/track".format(*address), timeout=15).status == 200


@pytest.mark.hasty
def test_nor_do_those_who_leave_a_connection_open_that_was_to_end(address):
    with ExitStack() as open_until_the_end:
        for _ in range(SLOW):
            sock = open_until_the_end.enter_context(socket.create_connection(address))
            sock.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        assert BROWSER.open("http://{}:{}/track".format(*address), timeout=15).status == 200


def test_half_a_header_keeps_nobody_waiting_either_who_comes_from_the_same_address(address):
    with ExitStack() as open_until_the_end:
        for _ in range(MANY):
            sock = open_until_the_end.enter_context(socket.create_connection(address))
            sock.sendall(HALF)
        assert BROWSER.open("http://{}:{}/track".format(*address), timeout=15).status == 200


def test_connections_that_say_nothing_leave_those_of_others_their_room(address):
    with ExitStack() as open_until_the_end:
        silent = [
            open_until_the_end.enter_context(connect_from("127.0.0.2", address)) for _ in range(TOO_MANY)
        ]
        assert BROWSER.open("http://{}:{}/track".format(*address), timeout=15).status == 200
        # Less than one that was taken in may say nothing. Which of them is not taken in, chance decides.
        turned_away, _, _ = select.select(silent, [], [], 3)
        assert [sock.recv(1) for sock in turned_away[:1]] == [b""], "all were taken in"


@pytest.mark.hasty
@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /r/planted HTTP/9.9\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nplanted<script>: 1\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: " + b"planted=1; " * 2000 + b"\r\n\r\n", b"431"),
        (b"GET /planted" + b"a" * 9000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"414"),
    ],
)
def test_what_cannot_be_read_is_told_in_words_with_the_headers_of_every_answer(address, sent, status):
    with socket.create_connection(address, timeout=15) as sock:
        sock.sendall(sent)
        answer = b""
        while more := sock.recv(65536):
            answer += more
    assert answer.startswith(b"HTTP/1.1 " + status)
    assert "请清除本网站的Cookie".encode() in answer
    assert b"planted" not in answer
    for name, value in security_headers.EVERYWHERE.items():
        assert f"\r\n{name}: {value}\r\n".encode() in answer


def test_no_number_of_requests_ends_a_process():
    """Forty thousand requests took twelve seconds; then, while six uploads trickled on, nobody was answered at all."""
    settings = {}
    exec((ROOT / "gunicorn.conf.py").read_text(), settings)  # noqa: S102 - as gunicorn reads it
    assert settings["max_requests"] == 0


def test_a_whole_form_is_answered_and_the_connection_stays_for_the_next(address):
    with socket.create_connection(address, timeout=15) as sock:
        for _ in range(2):
            sock.sendall(HALF + b"Content-Length: 5\r\n\r\ncode=")
            answer = sock.recv(65536)
            assert answer.startswith(b"HTTP/1.1 ")
            assert b"Connection: close" not in answer
            length = int(answer.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            body = answer.split(b"\r\n\r\n", 1)[1]
            while len(body) < length:
                body += sock.recv(65536)
