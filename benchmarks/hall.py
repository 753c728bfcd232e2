"""A hundred people behind one address report while others flood the same channel: how many are served, how soon.

They come as they do in a hall with a shared network: all from one address, ten at once, each through every page of the
form. The flood begins drafts and sends whole reports from fifty other networks. Run alone it prints the figures.
"""

import json
import re
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.flood import Browser, at, serving

PEOPLE, AT_ONCE = 100, 10
NETWORKS = 50
HIDDEN = re.compile(r'<input(?=[^>]*type="hidden")(?=[^>]*name="([^"]*)")(?=[^>]*value="([^"]*)")')
#: A budget is used up; the database is busy for longer than a request waits.
COME_BACK = (429, 503)
PAGES = {
    "kind": {"kind": "lead"},
    "problem": {"problem": "refused"},
    "where": {"unit": "unknown", "unit_words": "二楼办证窗口", "happened_on": "2026.9.3"},
    "story": {"story": "窗口让我跑了四趟，每次说的都不一样。" * 15},
    "people": {"people": "戴眼镜的男同志", "proof": ""},
    "files": {},
    "readers": {"unit_shut_out": "", "persons_shut_out": ""},
    "identity": {"identity": "anonymous", "name": "", "contact": ""},
    "check": {},
}


def measure(port: int = 8113) -> dict[str, object]:
    """Seconds from the first page to the receipt, with the waits that pages asked for; and what the flood came to."""
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), port) as office:
        is_over, flood = threading.Event(), [Counter[int]() for _ in range(NETWORKS)]
        senders = [
            threading.Thread(target=_flood, args=(port, n, office.token, flood[n], is_over))
            for n in range(NETWORKS)
        ]
        for sender in senders:
            sender.start()
        begun = time.perf_counter()
        with ThreadPoolExecutor(AT_ONCE) as hall:
            people = list(hall.map(lambda _: _report(port, "127.50.0.1", office.token), range(PEOPLE)))
        took = time.perf_counter() - begun
        is_over.set()
        for sender in senders:
            sender.join()
    told: Counter[int] = sum(flood, Counter())
    seconds = [person for person, _ in people]
    return {
        "served": len(people),
        "in all s": round(took, 1),
        "one report p50 s": at(seconds, 0.5),
        "one report p95 s": at(seconds, 0.95),
        "asked to wait": sum((waits for _, waits in people), Counter()),
        "the flood's reports": told[303],
        "the flood asked to wait": told[429],
    }


def _report(port: int, here: str, token: str) -> tuple[float, Counter[int]]:
    """One person's whole report; how long it took, and how often a page asked to wait."""
    begun, browser, waits = time.perf_counter(), Browser(port, here), Counter[int]()
    page = browser.ask("GET", f"/r/{token}")[1]
    address = f"/r/{token}"
    while not address.endswith("/receipt"):
        step = address.rpartition("/")[2]
        sent = {**dict(HIDDEN.findall(page)), **PAGES.get(step, {})}
        while (answer := browser.ask("POST", address, urlencode(sent)))[0] in COME_BACK:
            waits[answer[0]] += 1
            browser.close()  # the server ends a quiet connection after five seconds
            time.sleep(browser.wait)
        if answer[0] != 303:
            raise RuntimeError(f"{step}: {answer[0]}")
        address = browser.location
        page = browser.ask("GET", address)[1]
    if not re.search(r"(\d{4}\D+){5}\d{4}", re.sub(r"<[^>]*>", " ", page)):
        raise RuntimeError("no receipt code")
    browser.close()
    return time.perf_counter() - begun, waits


def _flood(port: int, number: int, token: str, told: Counter[int], is_over: threading.Event) -> None:
    """Whole reports as fast as they go, waiting for nothing."""
    while not is_over.is_set():
        browser = Browser(port, f"127.200.{number}.7")
        try:
            page, address = browser.ask("GET", f"/r/{token}")[1], f"/r/{token}"
            while not is_over.is_set() and not address.endswith("/receipt"):
                step = address.rpartition("/")[2]
                sent = {**dict(HIDDEN.findall(page)), **PAGES.get(step, {})}
                status = browser.ask("POST", address, urlencode(sent))[0]
                if step == "check" or status in COME_BACK:
                    told[status] += 1
                if status != 303:
                    break
                address = browser.location
                page = browser.ask("GET", address)[1]
        finally:
            browser.close()


if __name__ == "__main__":
    print(json.dumps(measure(), ensure_ascii=False, indent=1))
