"""The first visit of a poster's address: how many requests a browser makes, and how many bytes come back."""

import re
from typing import Any

from benchmarks.client import Answer, Client

#: What a browser loads with a page: its style, its script, its icon, its pictures.
LOADED = re.compile(r'<(?:link|script|img)\b[^>]*?(?:href|src)="(/[^"]+)"')
#: What `docs` promise, and the design asks for.
MOST_REQUESTS, MOST_BYTES = 3, 30_000


def measure(port: int, token: str) -> dict[str, Any]:
    """Requests and bytes, headers included, as a browser that can gzip gets them."""
    client = Client(port)
    try:
        page = client.get(f"/r/{token}")
        loaded = [client.get(address) for address in dict.fromkeys(LOADED.findall(page.text))]
    finally:
        client.close()
    answers = [page, *loaded]
    return {"requests": len(answers), "bytes": sum(map(_bytes, answers)), "page_bytes": _bytes(page)}


def _bytes(answer: Answer) -> int:
    return len(answer.body) + sum(len(f"{name}: {value}\r\n") for name, value in answer.headers.items())
