"""The work of an office that has many cases: one officer looks at those that are granted, by list, board and words."""

from pathlib import Path
from typing import Any

from benchmarks import archive, deadlines, district, instance, pages
from benchmarks.client import Client, at
from benchmarks.instance import Instance, opened
from benchmarks.server import Server, serving
from whistle.services import sessions
from whistle.services.casework import looking

#: Cases in the office, and at most so many granted to the one who looks.
OFFICES = (1_000, 100_000)
GRANTED = 2_000
#: From so many cases on the office's due days are run through too, a clock in each case.
CLOCKS = 100_000
TIMES = 40
#: Searched beside the word that one group has alone, so that every case that has it is looked through to its end.
COMMON = "窗口"


def measure(folder: Path, port: int) -> dict[str, Any]:
    """The figures of each office, by its number of cases."""
    return {str(total): _one(folder / f"found-{total}", port, total) for total in OFFICES}


def _one(folder: Path, port: int, total: int) -> dict[str, Any]:
    office = instance.make(folder)
    granted = min(GRANTED, total)
    with opened(office):
        secret = archive.fill(office.token, office.password, granted, total)
        deputy, _ = district.person("deputy", office.password)
        bare = _bare(secret)
    case = _a_case(office, secret)
    looks = {
        "case": (case, secret),
        "related": (f"{case}/related", secret),
        "desk": ("/office/desk", secret),
        "board": ("/office/board", secret),
        "desk_of_deputy": ("/office/desk?view=all", deputy),
        "board_of_deputy": ("/office/board", deputy),
    }
    with serving("wsgi:app", port, WHISTLE_INSTANCE=str(office.folder)) as server:
        found = _searched(server, secret)
        timed = {name: pages.timed(server.port, *look) for name, look in looks.items()}
    searched = pages.queries(office, {"found": ("/office/search/found", secret)})["found"]
    asked = pages.asked(office, looks)
    with opened(office):
        beside = {name: pages.bare(asked[name]) for name in looks}
    return {
        "granted": granted,
        "search": found | {"queries": searched} | _of_bare(bare),
        "pages": {
            name: timed[name] | {"queries": len(asked[name])} | _of_bare(beside[name]) for name in looks
        },
        "deadlines": deadlines.measure(office) if total >= CLOCKS else None,
    }


def _of_bare(seconds: list[float]) -> dict[str, float]:
    return {"bare_p50_ms": 1000 * at(seconds, 0.5), "bare_p95_ms": 1000 * at(seconds, 0.95)}


def _searched(server: Server, secret: str) -> dict[str, Any]:
    """Each look for another word, so that each shows twenty cases that were not opened before."""
    client = Client(server.port, cookies={"w_office": secret})
    sent, shown = [], []
    client.get("/office/search")
    before = server.cpu_seconds()
    try:
        for number in range(TIMES):
            hidden = client.get("/office/search").hidden()
            answer = client.post("/office/search", hidden | {"text": f"{archive.word_of(number)} {COMMON}"})
            if answer.status != 303:
                raise RuntimeError(f"the search answers {answer.status}")
            sent.append(client.seconds[-1])
            page = client.get(answer.location)
            if f"找到{archive.GROUP}件" not in page.text:
                raise RuntimeError("the search did not find what is there")
            shown.append(client.seconds[-1])
    finally:
        client.close()
    spent = server.cpu_seconds() - before
    whole = [one + other for one, other in zip(sent, shown, strict=True)][4:]
    return {
        "send_p95_ms": 1000 * at(sent[4:], 0.95),
        "p50_ms": 1000 * at(shown[4:], 0.5),
        "p95_ms": 1000 * at(shown[4:], 0.95),
        "whole_p95_ms": 1000 * at(whole, 0.95),
        "cpu_ms": 1000 * spent / TIMES,
    }


def _bare(secret: str) -> list[float]:
    """The same rows as the database hands them over, nothing opened."""
    by = sessions.acting(secret)
    with pages.listening() as asked:
        list(looking.rows(by, "folded", lambda cases: cases))
    return pages.bare([event for event in asked if "sealed_folded" in event.sql])


def _a_case(office: Instance, secret: str) -> str:
    with opened(office):
        return archive.address_of_one(sessions.acting(secret))
