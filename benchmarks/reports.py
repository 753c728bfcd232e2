"""Reports end to end beside the floor: how many a second, how long each takes, and what the server spends on it.

Product and floor run at the same time of day in turns, so that whatever else the machine does weighs on both alike.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from benchmarks import reporter
from benchmarks.client import Client, at
from benchmarks.reporter import Failed, Told
from benchmarks.server import Server

#: How many at once, and how many reports in each of the rounds.
CROWDS = {1: 20, 8: 64}
ROUNDS = 3
#: How often the front page is asked for meanwhile, in seconds.
LOOK_EVERY = 0.1
MEGABYTE = 1_000_000

#: One report, or as many requests of the floor; raises Failed.
Walk = Callable[[], Told]


@dataclass
class Tally:
    """What the rounds of one crowd came to."""

    told: list[Told] = field(default_factory=list)
    #: What went wrong, in words.
    failures: list[str] = field(default_factory=list)
    seconds: float = 0
    cpu_seconds: float = 0
    front: list[float] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        """As they are told; milliseconds for a report are the sum of its requests."""
        done = len(self.told)
        reports = [1000 * sum(told.seconds) for told in self.told]
        requests = [1000 * second for told in self.told for second in told.seconds]
        return {
            "reports": done,
            "errors": len(self.failures),
            "failures": sorted(set(self.failures))[:5],
            "requests_a_report": len(self.told[0].seconds),
            "page_bytes": sum(self.told[0].page_bytes),
            "reports_a_second": done / self.seconds,
            "report_p50_ms": at(reports, 0.5),
            "report_p95_ms": at(reports, 0.95),
            "request_p95_ms": at(requests, 0.95),
            "cpu_ms": 1000 * self.cpu_seconds / done,
            "front_page_p95_ms": 1000 * at(self.front, 0.95) if self.front else None,
        }


def measure(product: Server, floor: Server, token: str) -> dict[str, Any]:
    """Each crowd with 1 KB of text, with a file of 1 MB, and on the floor."""
    first = reporter.report(product.port, token)
    requests, forms = len(first.seconds), first.forms
    walks: dict[str, tuple[Server, Walk]] = {
        "text": (product, lambda: reporter.report(product.port, token)),
        "file": (product, lambda: reporter.report(product.port, token, file_bytes=MEGABYTE)),
        "floor": (floor, lambda: on_the_floor(floor.port, requests, forms)),
    }
    for server, walk in walks.values():
        _warm(server, walk)
    return {str(crowd): _in_turns(walks, crowd, count) for crowd, count in CROWDS.items()}


def on_the_floor(port: int, requests: int, forms: int) -> Told:
    """As many requests of the plain program, as many of them forms with the same text."""
    client, pages = Client(port), []
    try:
        page = client.get("/")
        pages.append(len(page.body))
        for number in range(requests - 1):
            typed = {"kind": "1", "unit": "1", "story": reporter.STORY, "people": "戴眼镜的男同志"}
            page = client.post("/", page.hidden() | typed) if number < forms else client.get("/")
            if page.status != 200 or b'role="alert"' in page.body:
                raise Failed(f"the floor answers {page.status}")
            pages.append(len(page.body))
    finally:
        client.close()
    return Told(client.seconds, pages, forms)


def _warm(server: Server, walk: Walk) -> None:
    """Let every worker have compiled its templates."""
    for _ in server.processes():
        walk()
        walk()


def _in_turns(walks: dict[str, tuple[Server, Walk]], crowd: int, count: int) -> dict[str, Any]:
    tallies = {name: Tally() for name in walks}
    for _ in range(ROUNDS):
        for name, (server, walk) in walks.items():
            _round(tallies[name], server, walk, crowd, count, is_product=name != "floor")
    return {name: tally.figures() for name, tally in tallies.items()}


def _round(tally: Tally, server: Server, walk: Walk, crowd: int, count: int, *, is_product: bool) -> None:
    """So many reports by a crowd; where it is more than one, somebody else looks at the front page meanwhile."""
    over = threading.Event()
    watches = is_product and crowd > 1
    watcher = threading.Thread(target=_look, args=(server.port, tally.front, over))
    if watches:
        watcher.start()
    before, begun = server.cpu_seconds(), time.perf_counter()
    with ThreadPoolExecutor(crowd) as people:
        outcomes = list(people.map(lambda _: _one(walk), range(count)))
    tally.seconds += time.perf_counter() - begun
    tally.cpu_seconds += server.cpu_seconds() - before
    over.set()
    if watches:
        watcher.join()
    tally.told += [told for told in outcomes if isinstance(told, Told)]
    tally.failures += [words for words in outcomes if isinstance(words, str)]


def _one(walk: Walk) -> Told | str:
    try:
        return walk()
    except (Failed, OSError) as fault:
        return str(fault)


def _look(port: int, seconds: list[float], over: threading.Event) -> None:
    client = Client(port)
    while not over.wait(LOOK_EVERY):
        client.get("/")
    seconds += client.seconds
    client.close()
