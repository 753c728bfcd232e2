"""A reporter on every page: from the poster's address to the receipt, and back with its code."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from benchmarks.client import Answer, Client

#: 1 KB of Chinese: 18 characters of 3 bytes, 19 times.
STORY = "窗口让我跑了四趟每次说的都不一样。" * 20
STORY = STORY.encode()[:1023].decode(errors="ignore")

ANSWERS: dict[str, dict[str, str]] = {
    "kind": {"kind": "lead"},
    "problem": {"problem": "refused"},
    "where": {"unit": "unknown", "unit_words": "二楼办证窗口", "happened_on": "2026年9月3日"},
    "story": {"story": STORY},
    "people": {"people": "戴眼镜的男同志", "proof": ""},
    "readers": {"unit_shut_out": "", "persons_shut_out": ""},
    "identity": {"identity": "anonymous", "name": "", "contact": ""},
}

CODE = re.compile(r'id="receipt-code"[^>]*>(.*?)</p>', re.DOTALL)


class Failed(RuntimeError):
    """A page was not what a reporter would have seen."""


@dataclass(frozen=True, slots=True)
class Told:
    """A report sent and looked at: its requests' times, the bytes of the pages, and how many forms were sent."""

    seconds: list[float]
    page_bytes: list[int]
    forms: int


def report(port: int, token: str) -> Told:
    """Send one report and open it with its code; raises Failed where anything else comes than the next page."""
    client, pages, forms = Client(port), [], 0

    def open_page(path: str) -> Answer:
        answer = client.get(path)
        if answer.status != 200:
            raise Failed(f"GET {path} answers {answer.status}")
        pages.append(len(answer.body))
        return answer

    def submit(path: str, page: Answer, answers: dict[str, str]) -> str:
        nonlocal forms
        forms += 1
        answer = client.post(path, page.hidden() | answers)
        if answer.status != 303:
            raise Failed(f"POST {path} answers {answer.status}")
        return answer.location

    address = f"/r/{token}"
    try:
        while not address.endswith("/receipt"):
            page = open_page(address)
            step = urlsplit(address).path.rpartition("/")[2]
            address = submit(address, page, ANSWERS.get(step, {}))
        found = CODE.search(open_page(address).text)
        if found is None:
            raise Failed("the receipt shows no code")
        code = re.sub(r"\D", "", re.sub("<[^>]*>", "", found[1]))
        open_page(submit("/track", open_page("/track"), {"code": code}))
    finally:
        client.close()
    return Told(client.seconds, pages, forms)
