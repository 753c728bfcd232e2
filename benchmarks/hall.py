"""A hundred people behind one address report while others flood the same channel: how many are served, how soon.

They come as they do in a hall with a shared network: all from one address, ten at once, each through every page of the
form. The flood begins drafts and sends whole reports from fifty other networks, and waits for nothing.
"""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from benchmarks.client import Answer, Client, at
from benchmarks.instance import Instance
from benchmarks.reporter import ANSWERS, Failed
from benchmarks.server import serving

PEOPLE, AT_ONCE = 100, 10
NETWORKS = 50
HALL = "127.50.0.1"
#: A budget is used up; the database is busy for longer than a request waits.
COME_BACK = (429, 503)


def measure(office: Instance, port: int) -> dict[str, Any]:
    """Seconds from the first page to the receipt, with the waits that pages asked for; and what the flood came to."""
    with serving("wsgi:app", port, WHISTLE_INSTANCE=str(office.folder)):
        is_over, flood = threading.Event(), [Counter[int]() for _ in range(NETWORKS)]
        senders = [
            threading.Thread(target=_flood, args=(port, n, office.token, flood[n], is_over))
            for n in range(NETWORKS)
        ]
        for sender in senders:
            sender.start()
        begun = time.perf_counter()
        with ThreadPoolExecutor(AT_ONCE) as hall:
            people = list(hall.map(lambda _: _report(port, office.token), range(PEOPLE)))
        took = time.perf_counter() - begun
        is_over.set()
        for sender in senders:
            sender.join()
    told: Counter[int] = sum(flood, Counter())
    waits: Counter[int] = sum((person_waits for _, person_waits in people), Counter())
    seconds = [seconds for seconds, _ in people]
    return {
        "people": PEOPLE,
        "served": len(people),
        "all_s": took,
        "one_p50_s": at(seconds, 0.5),
        "one_p95_s": at(seconds, 0.95),
        "slowed": waits[429],
        "busy": waits[503],
        "flood_sent": told[303],
        "flood_slowed": told[429],
    }


def _report(port: int, token: str) -> tuple[float, Counter[int]]:
    """One person's whole report; how long it took, and how often a page asked to wait."""
    begun, client, waits = time.perf_counter(), Client(port, HALL), Counter[int]()
    address, page = f"/r/{token}", client.get(f"/r/{token}")
    while not address.endswith("/receipt"):
        while (answer := _send(client, address, page)).status in COME_BACK:
            waits[answer.status] += 1
            client.close()  # the server ends a quiet connection after five seconds
            time.sleep(answer.seconds_to_wait)
        if answer.status != 303:
            raise Failed(f"POST {address} answers {answer.status}")
        address, page = answer.location, client.get(answer.location)
    client.close()
    if "receipt-code" not in page.text:
        raise Failed("the receipt shows no code")
    return time.perf_counter() - begun, waits


def _flood(port: int, number: int, token: str, told: Counter[int], is_over: threading.Event) -> None:
    """Whole reports as fast as they go."""
    while not is_over.is_set():
        client, address = Client(port, f"127.200.{number}.7"), f"/r/{token}"
        page = client.get(address)
        while not is_over.is_set() and not address.endswith("/receipt"):
            answer = _send(client, address, page)
            if address.endswith("/check") or answer.status in COME_BACK:
                told[answer.status] += 1
            if answer.status != 303:
                break
            address, page = answer.location, client.get(answer.location)
        client.close()


def _send(client: Client, address: str, page: Answer) -> Answer:
    return client.post(address, {**page.hidden(), **ANSWERS.get(address.rpartition("/")[2], {})})
