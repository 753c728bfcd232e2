"""The house client: the one way tests fetch a page. Every page it fetches is also checked as a page.

Checked each time: well-formed HTML5, the language, a title, exactly one h1, unique ids, a label for every field, no
inline script or style, a strict Content-Security-Policy, no half-width punctuation between Han characters, and none
of the secrets the test has planted.
"""

import io
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import html5lib
from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.test import TestResponse

HAN = "\u3400-\u4dbf\u4e00-\u9fff"
HALF_WIDTH = re.compile(f"[{HAN}][,.:;?!()][{HAN}]")
UNLABELLED = {"hidden", "submit", "button"}


@dataclass
class Page:
    """A fetched page: its parsed HTML, and the forms on it to fill in."""

    address: str
    response: TestResponse
    soup: BeautifulSoup

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def h1(self) -> str:
        return words(self.soup.select_one("h1"))

    @property
    def text(self) -> str:
        """All words a person sees in the main part."""
        return words(self.soup.select_one("main"))

    @property
    def faults(self) -> list[str]:
        """The messages of the summary at the top."""
        return [words(item) for item in self.soup.select("#faults li")]

    def link(self, text: str) -> str:
        """The address of the link that says this."""
        found = [a for a in self.soup.select("a[href]") if words(a).startswith(text)]
        assert found, (
            f"no link {text!r} on {self.address}; there are {[words(a) for a in self.soup.select('a')]}"
        )
        return str(found[0]["href"])

    def form(self, button: str = "") -> Tag:
        """The posting form with this button, or the only one in the main part."""
        found = [form for form in self.soup.select("form[method=post]") if _has_button(form, button)]
        if not button:
            found = [form for form in found if form.find_parent("main")]
        assert len(found) == 1, f"{len(found)} forms with the button {button!r} on {self.address}"
        return found[0]


def words(element: Tag | None) -> str:
    """The text of an element as one line."""
    return "" if element is None else " ".join(element.get_text().split())


def _has_button(form: Tag, button: str) -> bool:
    return any(words(found).startswith(button) for found in form.select("button"))


def filled(form: Tag) -> dict[str, Any]:
    """What a browser would send: each field as it stands."""
    values: dict[str, Any] = {}
    for box in form.select("input[name], textarea[name], select[name]"):
        name, kind = str(box["name"]), box.get("type")
        if kind == "file":
            values[name] = (io.BytesIO(), "")  # an empty part, as browsers send for a box left empty
        elif kind in ("checkbox", "radio"):
            if box.has_attr("checked"):
                values.setdefault(name, []).append(box.get("value", "on"))
        elif box.name == "select":
            chosen = box.select_one("option[selected]") or box.select_one("option")
            values[name] = chosen["value"] if chosen else ""
        else:
            values[name] = box.get("value", "") if box.name == "input" else box.get_text()
    return values


@dataclass
class Visitor:
    """A browser of one person: cookies, and what must never be on a page."""

    app: Flask
    planted: set[str] = field(default_factory=set)
    headers: dict[str, str] = field(default_factory=lambda: {"Accept-Language": "zh-CN"})

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def get(self, address: str, status: int = 200, **more: Any) -> Page:
        """Open a page; redirects are followed, as a browser does."""
        headers = self.headers | more.pop("headers", {})
        response = self.client.get(address, headers=headers, follow_redirects=True, **more)
        return self._page(address, response, status)

    def post(self, address: str, data: dict[str, Any], status: int = 200, **more: Any) -> Page:
        """Send a form as it is given; where it leads on to is followed."""
        headers = self.headers | {"Sec-Fetch-Site": "same-origin"} | more.pop("headers", {})
        response = self.client.post(address, data=data, headers=headers, follow_redirects=True, **more)
        return self._page(address, response, status)

    def submit(self, page: Page, button: str = "", status: int = 200, **typed: Any) -> Page:
        """Fill in the form with this button and press it."""
        form = page.form(button)
        pressed = next(found for found in form.select("button") if words(found).startswith(button))
        data = filled(form) | typed
        if pressed.has_attr("name"):
            data[str(pressed["name"])] = pressed.get("value", "")
        address = str(form.get("action") or "") or page.response.request.path
        more = {"content_type": form["enctype"]} if form.has_attr("enctype") else {}
        return self.post(address, data, status, **more)

    def _page(self, address: str, response: TestResponse, status: int) -> Page:
        assert response.status_code == status, f"{address}: {response.status}, wanted {status}"
        strange = [name for name, value in response.headers if not value.isascii()]
        assert not strange, f"{address}: production's server refuses to send {strange}"
        page = Page(address, response, BeautifulSoup(_as_read(response.text), "html.parser"))
        if response.mimetype == "text/html":
            check(page)
        for secret in self.planted:
            assert secret not in response.text, f"{address} shows what it must not"
        return page


def _as_read(text: str) -> str:
    """As a browser reads it: one kind of line end, and none right after a text box begins."""
    return re.sub(r"(<textarea[^>]*>)\n", r"\1", text.replace("\r\n", "\n"))


def check(page: Page) -> None:
    """Every rule a page has to keep, whatever it is about."""
    parser = html5lib.HTMLParser()  # far stricter than what finds things on a page, and far slower
    parser.parse(page.response.text)
    assert not parser.errors, f"{page.address} is not well-formed: {parser.errors[:3]}"
    soup, where = page.soup, page.address
    assert soup.html is not None
    assert soup.html.get("lang") in ("zh-CN", "en"), f"{where} says no language"
    assert words(soup.title), f"{where} has no title"
    assert len(soup.select("h1")) == 1, f"{where} has {len(soup.select('h1'))} h1"
    doubled = [
        name for name, count in Counter(str(e["id"]) for e in soup.select("[id]")).items() if count > 1
    ]
    assert not doubled, f"{where} has ids twice: {doubled}"
    _check_labels(soup, where)
    _check_policy(page)
    _check_punctuation(soup, where)


def _check_labels(soup: BeautifulSoup, where: str) -> None:
    labelled = {label["for"] for label in soup.select("label[for]")}
    for box in soup.select("input, textarea, select"):
        if box.get("type") not in UNLABELLED:
            assert box.get("id") in labelled or box.get("aria-label"), (
                f"{where}: {box.get('name')} has no label"
            )
    known = {str(element["id"]) for element in soup.select("[id]")}
    for element in soup.select("[aria-describedby], [aria-labelledby]"):
        names = f"{element.get('aria-describedby', '')} {element.get('aria-labelledby', '')}".split()
        assert set(names) <= known, f"{where} describes by what is not there: {set(names) - known}"


def _check_policy(page: Page) -> None:
    policy = page.response.headers.get("Content-Security-Policy", "")
    assert "default-src 'none'" in policy, f"{page.address} has no strict policy"
    assert "unsafe" not in policy, f"{page.address} has no strict policy"
    for element in page.soup.find_all(True):
        inline = [name for name in element.attrs if name == "style" or name.startswith("on")]
        assert not inline, f"{page.address} has inline {inline} on {element.name}"
    assert not page.soup.select("style, script:not([src])"), f"{page.address} has inline script or style"


def _check_punctuation(soup: BeautifulSoup, where: str) -> None:
    for text in soup.find_all(string=HALF_WIDTH):
        typed = text.find_parent(["textarea", "pre"]) or text.find_parent(attrs={"dir": "auto"})
        assert typed, f"{where}: half-width punctuation in {text.strip()[:60]!r}"
