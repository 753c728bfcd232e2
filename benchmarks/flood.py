"""How long a right receipt code takes while others try wrong ones: the production server, two processes, real hashes.

Every client comes from an address of its own on this machine (127.0.0.0/8), as the server sees it. The flood runs on
the same cores as the server, so its own cost is in the figures. `measure()` returns them; run alone it prints them.
"""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from whistle import config, create_app
from whistle.config import ROOT
from whistle.services import drafts, intake, setup
from whistle.store import database
from whistle.vault import receipts

#: How long each flood lasts, and how often meanwhile a right code is typed in and the front page is opened.
SECONDS = 15.0
EVERY = 0.25
#: Threads that send a flood together, each one code after the other.
SENDERS = 50
WAITED = re.compile(r'name="waited" value="([^"]+)"')
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
OPENED, UNKNOWN, WAIT = 303, 422, 503

ANSWERS = {
    "kind": "lead",
    "problem": "refused",
    "unit": "unknown",
    "unit_words": "二楼办证窗口",
    "story": "窗口让我跑了四趟，每次说的都不一样。",
    "identity": "anonymous",
}


@dataclass(frozen=True, slots=True)
class Flood:
    """Wrong codes: how many in a second, from how many networks of 256 addresses."""

    name: str
    a_second: float
    networks: int
    #: Whether the right codes come from the flood's own address.
    is_neighbour: bool = False


FLOODS = (
    Flood("quiet", 0, 1),
    Flood("20 a second from one client", 20, 1),
    Flood("20 a second from 50 networks", 20, 50),
    Flood("200 a second from one client", 200, 1),
    Flood("200 a second from 50 networks", 200, 50),
    Flood("20 a second, from the same address", 20, 1, is_neighbour=True),
    Flood("200 a second, from the same address", 200, 1, is_neighbour=True),
)


@dataclass
class Tally:
    """What came of it; each list is written by one thread."""

    tried: Counter[int] = field(default_factory=Counter)
    opened: list[float] = field(default_factory=list)
    waited: int = 0
    front: list[float] = field(default_factory=list)


def measure(
    port: int = 8112, seconds: float = SECONDS, floods: tuple[Flood, ...] = FLOODS
) -> dict[str, object]:
    """Run each flood against a fresh office; seconds until a right code is open, and until the front page is there."""
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), port) as office:
        return {flood.name: _figures(_run(flood, port, office.code, seconds), seconds) for flood in floods}


def _figures(tally: Tally, seconds: float) -> dict[str, object]:
    return {
        "wrong codes a second": round(sum(tally.tried.values()) / seconds, 1),
        "of them hashed": tally.tried[UNKNOWN],
        "of them asked to wait": tally.tried[WAIT],
        "right codes": len(tally.opened),
        "right codes asked to wait": tally.waited,
        "right code p50 s": at(tally.opened, 0.5),
        "right code p95 s": at(tally.opened, 0.95),
        "front page p95 s": at(tally.front, 0.95),
    }


def at(values: list[float], share: float) -> float:
    """The value below which a share of all values lies; -1 where there is none."""
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 3) if ordered else -1.0


def _run(flood: Flood, port: int, code: str, seconds: float) -> Tally:
    tally, is_over = Tally(), threading.Event()
    counters: list[Counter[int]] = [Counter() for _ in range(SENDERS if flood.a_second else 0)]
    crowd = [
        threading.Thread(target=_flood, args=(flood, port, n, tried, is_over))
        for n, tried in enumerate(counters)
    ]
    crowd.append(threading.Thread(target=_open_again_and_again, args=(flood, port, code, tally, is_over)))
    crowd.append(threading.Thread(target=_look_at_front, args=(port, tally, is_over)))
    for thread in crowd:
        thread.start()
    time.sleep(seconds)
    is_over.set()
    for thread in crowd:
        thread.join()
    tally.tried = sum(counters, Counter())
    return tally


def _flood(flood: Flood, port: int, number: int, tried: Counter[int], is_over: threading.Event) -> None:
    """One of the flood's senders: the page once for its token, then wrong codes at its part of the pace."""
    browser = Browser(port, f"127.200.{number % flood.networks}.7")
    browser.keeps_marks = False
    pause = SENDERS / flood.a_second
    browser.open_code_page()
    due = time.monotonic() + pause * number / SENDERS
    while not is_over.wait(max(0.0, due - time.monotonic())):
        tried[browser.type_in(receipts.new_code())] += 1
        due = max(due + pause, time.monotonic() - 1)  # a slow server is not owed a burst


def _open_again_and_again(flood: Flood, port: int, code: str, tally: Tally, is_over: threading.Event) -> None:
    """A right code from an address that tried nothing yet, or from the flood's; asked to wait, it waits."""
    number = 0
    while not is_over.wait(EVERY):
        number += 1
        here = "127.200.0.7" if flood.is_neighbour else f"127.{100 + number // 250}.{number % 250}.9"
        browser, begun = Browser(port, here), time.perf_counter()
        browser.open_code_page()
        while (status := browser.type_in(code)) == WAIT and not is_over.wait(browser.wait):
            tally.waited += 1
        if status == OPENED:
            tally.opened.append(time.perf_counter() - begun)
        browser.close()


def _look_at_front(port: int, tally: Tally, is_over: threading.Event) -> None:
    while not is_over.wait(EVERY):
        browser, begun = Browser(port, "127.99.0.9"), time.perf_counter()
        browser.ask("GET", "/")
        tally.front.append(time.perf_counter() - begun)
        browser.close()


class Browser:
    """As much of one as this takes: an address to come from, a cookie, a form's token."""

    def __init__(self, port: int, here: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60, source_address=(here, 0))
        self._cookies: dict[str, str] = {}
        self._token = self.location = ""
        self._port, self.wait = port, 0.0
        #: Whether it is a person's, who sends the waiting page again; a flood waits for nothing.
        self.keeps_marks, self._waited = True, ""

    def open_code_page(self) -> None:
        """Get `/track` for its token."""
        self._token = TOKEN.findall(self.ask("GET", "/track")[1])[0]

    def type_in(self, code: str) -> int:
        """Send a code; the status."""
        sent = {"csrf_token": self._token, "code": code, "waited": self._waited}
        status, page = self.ask("POST", "/track", urlencode(sent))
        self._waited = (WAITED.findall(page) or [""])[0] if self.keeps_marks else ""
        return status

    def ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        """A request; status and page."""
        cookie = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self._cookies[name] = value
        self.location = (answer.headers["Location"] or "").removeprefix(f"http://127.0.0.1:{self._port}")
        self.wait = float(answer.headers["Retry-After"] or 0)
        return answer.status, answer.read().decode()

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


@dataclass(frozen=True, slots=True)
class Served:
    """The token of the office's poster, and the code of its report."""

    token: str
    code: str


@contextmanager
def serving(folder: Path, port: int) -> Iterator[Served]:
    """A trial office with one report, served as in production."""
    office = _found(folder)
    command = [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "gunicorn.conf.py")]
    process = subprocess.Popen(
        [*command, "--bind", f"127.0.0.1:{port}", "wsgi:app"],
        cwd=ROOT,
        env={**os.environ, "WHISTLE_INSTANCE": str(folder)},
        process_group=0,
    )
    with ExitStack() as stack:
        stack.callback(process.wait, 60)
        stack.callback(process.send_signal, signal.SIGTERM)
        _wait(process, port)
        yield office


def _found(folder: Path) -> Served:
    create_app(config.load({"WHISTLE_INSTANCE": str(folder)}))  # binds services to this instance
    try:
        trial = setup.start_trial(setup.first_link() or "")
        draft = drafts.begin(trial.channel_token)
        drafts.save(draft, ANSWERS)
        intake.submit(draft)
        return Served(trial.channel_token, intake.show_receipt(draft).code)
    finally:
        database.close_all()


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if not probe.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.1)
    raise RuntimeError(f"the server on port {port} did not start")


if __name__ == "__main__":
    print(json.dumps(measure(), ensure_ascii=False, indent=1))
