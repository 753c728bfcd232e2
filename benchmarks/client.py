"""A browser as far as a measurement needs one: cookies, one connection, hidden fields, and the time of each answer."""

import html
import http.client
import re
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

HIDDEN = re.compile(r'<input(?=[^>]*type="hidden")(?=[^>]*name="([^"]*)")(?=[^>]*value="([^"]*)")[^>]*>')
FORM = "application/x-www-form-urlencoded"


@dataclass(slots=True)
class Answer:
    """What came back: where it leads, if it does, and its body as it was sent."""

    status: int
    location: str
    body: bytes
    headers: http.client.HTTPMessage

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def seconds_to_wait(self) -> float:
        """After how long it asks to be asked again."""
        return float(self.headers.get("Retry-After", 0))

    def hidden(self) -> dict[str, str]:
        """The hidden fields of all its forms; of one name the last."""
        return {name: html.unescape(value) for name, value in HIDDEN.findall(self.text)}


@dataclass
class Client:
    """One person's browser. `seconds` are the times of its requests in order, each until the last byte came."""

    port: int
    #: The address it comes from, of this machine's 127.0.0.0/8.
    here: str = "127.0.0.1"
    cookies: dict[str, str] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=120, source_address=(self.here, 0)
        )

    def get(self, path: str, **headers: str) -> Answer:
        """Open a page; a redirect is not followed."""
        return self._ask("GET", path, None, headers)

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        """Send a form."""
        return self.send(path, urlencode(fields).encode(), FORM)

    def send(self, path: str, body: object, content_type: str, length: int | None = None) -> Answer:
        """Send a body of any type; `length` where the body is a stream."""
        headers = {"Content-Type": content_type}
        if length is not None:
            headers["Content-Length"] = str(length)
        return self._ask("POST", path, body, headers)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _ask(self, method: str, path: str, body: object, headers: dict[str, str]) -> Answer:
        sent = {"Accept-Language": "zh-CN", "Accept-Encoding": "gzip", **headers}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        begun = time.perf_counter()
        self._connection.request(method, path, body=body, headers=sent)  # type: ignore[arg-type]
        response = self._connection.getresponse()
        content = response.read()
        self.seconds.append(time.perf_counter() - begun)
        self._keep_cookies(response.headers.get_all("Set-Cookie", []))
        return Answer(response.status, response.headers.get("Location", ""), content, response.headers)

    def _keep_cookies(self, lines: list[str]) -> None:
        for line in lines:
            name, _, value = line.partition(";")[0].partition("=")
            if value and "Max-Age=0" not in line:
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)


def at(values: list[float], share: float) -> float:
    """The value below which a share of all values lies: 0.5 the median, 0.95 what the slowest twentieth exceeds."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
