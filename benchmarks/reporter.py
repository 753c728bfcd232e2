"""A reporter on every page: from the poster's address to the receipt, and back with its code."""

import itertools
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from benchmarks.client import Answer, Client

#: 1 KB of Chinese: a sentence of 48 bytes, 21 times.
STORY = "窗口让我跑四趟每次说的不一样。。" * 21

ANSWERS: dict[str, dict[str, str]] = {
    "kind": {"kind": "lead"},
    "problem": {"problem": "refused"},
    "where": {"unit": "unknown", "unit_words": "二楼办证窗口", "happened_on": "2026年9月3日"},
    "story": {"story": STORY},
    "people": {"people": "戴眼镜的男同志", "proof": ""},
    "readers": {"unit_shut_out": "", "persons_shut_out": ""},
    "identity": {"identity": "anonymous", "name": "", "contact": ""},
}

#: The step that takes files, and the field of its form; what a picture begins with, and what follows.
FILES = "files"
BOUNDARY = "whistle-benchmark"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"
PIECE = 65_536
NOISE = os.urandom(PIECE)

_reporters = itertools.count()

CODE = re.compile(r'id="receipt-code"[^>]*>(.*?)</p>', re.DOTALL)


class Failed(RuntimeError):
    """A page was not what a reporter would have seen."""


@dataclass(frozen=True, slots=True)
class Told:
    """A report sent and looked at: its requests' times, the bytes of the pages, and how many forms were sent."""

    seconds: list[float]
    page_bytes: list[int]
    forms: int


def report(port: int, token: str, *, file_bytes: int = 0) -> Told:
    """Send one report and open it with its code; raises Failed where anything else comes than the next page.

    `file_bytes`: how large a picture goes along; 0 for none.
    """
    client, pages, forms = Client(port, _own_address()), [], 0

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
            if step == FILES:
                forms, address = forms + 1, send_file(client, address, page, file_bytes)
            else:
                address = submit(address, page, ANSWERS.get(step, {}))
        found = CODE.search(open_page(address).text)
        if found is None:
            raise Failed("the receipt shows no code")
        code = re.sub(r"\D", "", re.sub("<[^>]*>", "", found[1]))
        open_page(submit("/track", open_page("/track"), {"code": code}))
    finally:
        client.close()
    return Told(client.seconds, pages, forms)


def _own_address() -> str:
    """Everybody comes from another network: many reports from one are slowed."""
    high, low = divmod(next(_reporters), 250)
    return f"127.{16 + high}.{1 + low}.7"


def send_file(client: Client, address: str, page: Answer, size: int) -> str:
    """Send the form that asks for files, with a picture of so many bytes or with none; where it leads."""
    fields = "".join(_part(f'name="{name}"', value) for name, value in page.hidden().items())
    name, kind = ("IMG_0001.jpg", "image/jpeg") if size else ("", "application/octet-stream")
    head = _part(f'name="{FILES}"; filename="{name}"', "", f"Content-Type: {kind}\r\n").removesuffix("\r\n")
    begun = JPEG if size else b""
    tail = f"\r\n--{BOUNDARY}--\r\n".encode()
    body = Body((fields + head).encode() + begun, max(0, size - len(begun)), tail)
    answer = client.send(address, body, f"multipart/form-data; boundary={BOUNDARY}", len(body))
    if answer.status != 303 or "again" in answer.location:
        raise Failed(f"POST {address} with {size} bytes answers {answer.status} {answer.location}")
    return answer.location


def _part(disposition: str, value: str, more: str = "") -> str:
    return f"--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n{more}\r\n{value}\r\n"


class Body:
    """What is sent with a file in it, read as a stream: no benchmark holds four times 50 MB."""

    def __init__(self, head: bytes, filling: int, tail: bytes) -> None:
        self._head, self._filling, self._tail = head, filling, tail

    def __len__(self) -> int:
        return len(self._head) + self._filling + len(self._tail)

    def __iter__(self) -> Iterator[bytes]:
        yield self._head
        for start in range(0, self._filling, PIECE):
            yield NOISE[: min(PIECE, self._filling - start)]
        yield self._tail
