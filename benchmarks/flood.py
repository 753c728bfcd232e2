"""How long a right receipt code takes while others try wrong ones: the production server, two processes, real hashes.

Every client comes from an address of its own on this machine (127.0.0.0/8), as the server sees it. The flood runs on
the same cores as the server, so its own cost is in the figures.
"""

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from benchmarks import district
from benchmarks.client import Client, at
from benchmarks.instance import Instance, opened
from benchmarks.server import serving
from whistle.vault import receipts

#: How long each flood lasts, and how often meanwhile a right code is typed in and the front page is opened.
SECONDS = 15.0
EVERY = 0.25
#: Threads that send a flood together, each one code after the other.
SENDERS = 50
UNKNOWN, OPENED, WAIT = 422, 303, 503


@dataclass(frozen=True, slots=True)
class Flood:
    """Wrong codes: how many in a second, from how many networks of 256 addresses."""

    name: str
    a_second: float
    networks: int
    #: Whether the right codes come from the flood's own address.
    is_neighbour: bool = False


FLOODS = (
    Flood("none", 0, 1),
    Flood("20 a second from one client", 20, 1),
    Flood("20 a second from 50 networks", 20, 50),
    Flood("200 a second from one client", 200, 1),
    Flood("200 a second from 50 networks", 200, 50),
    Flood("20 a second from the same address", 20, 1, is_neighbour=True),
    Flood("200 a second from the same address", 200, 1, is_neighbour=True),
)


@dataclass
class Tally:
    """What came of it; each list is written by one thread."""

    tried: Counter[int] = field(default_factory=Counter)
    opened: list[float] = field(default_factory=list)
    waited: int = 0
    front: list[float] = field(default_factory=list)


def measure(
    office: Instance, port: int, seconds: float | None = None, floods: tuple[Flood, ...] = FLOODS
) -> dict[str, dict[str, Any]]:
    """Run each flood; milliseconds until a right code is open, and until the front page is there."""
    seconds = SECONDS if seconds is None else seconds
    with opened(office):
        code = district.file(office.token)
    with serving("wsgi:app", port, WHISTLE_INSTANCE=str(office.folder)):
        return {flood.name: _figures(_run(flood, port, code, seconds), seconds) for flood in floods}


def _figures(tally: Tally, seconds: float) -> dict[str, Any]:
    return {
        "tried_a_second": sum(tally.tried.values()) / seconds,
        "hashed": tally.tried[UNKNOWN],
        "asked_to_wait": tally.tried[WAIT],
        "opened": len(tally.opened),
        "opened_after_waits": tally.waited,
        "opened_p50_ms": 1000 * at(tally.opened, 0.5) if tally.opened else None,
        "opened_p95_ms": 1000 * at(tally.opened, 0.95) if tally.opened else None,
        "front_page_p95_ms": 1000 * at(tally.front, 0.95),
    }


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
    client = Client(port, f"127.200.{number % flood.networks}.7")
    pause = SENDERS / flood.a_second
    sent = client.get("/track").hidden()
    due = time.monotonic() + pause * number / SENDERS
    while not is_over.wait(max(0.0, due - time.monotonic())):
        tried[client.post("/track", {**sent, "code": receipts.new_code()}).status] += 1
        due = max(due + pause, time.monotonic() - 1)  # a slow server is not owed a burst
    client.close()


def _open_again_and_again(flood: Flood, port: int, code: str, tally: Tally, is_over: threading.Event) -> None:
    """A right code from an address that tried nothing yet, or from the flood's; asked to wait, it waits."""
    number = 0
    while not is_over.wait(EVERY):
        number += 1
        here = "127.200.0.7" if flood.is_neighbour else f"127.{100 + number // 250}.{number % 250}.9"
        client, begun = Client(port, here), time.perf_counter()
        page = client.get("/track")
        while (answer := client.post("/track", {**page.hidden(), "code": code})).status == WAIT:
            tally.waited += 1
            page = answer  # which holds how long it waited already
            if is_over.wait(answer.seconds_to_wait):
                break
        if answer.status == OPENED:
            tally.opened.append(time.perf_counter() - begun)
        client.close()


def _look_at_front(port: int, tally: Tally, is_over: threading.Event) -> None:
    while not is_over.wait(EVERY):
        client = Client(port, "127.99.0.9")
        client.get("/")
        tally.front += client.seconds
        client.close()
