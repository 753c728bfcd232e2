"""A real browser for journeys: the program on a port of its own, Debian's Chromium, axe on every page.

An answer that a test did not ask for fails it: a page that is not there would be looked at like any other. Which pages
a test looked at is kept for `tests/journeys/conftest.py`.
`--pictures DIR` keeps a picture of every page a journey names, at 390 and at 1280 pixels. Without a Chromium the
journeys are skipped and the run says so at its end.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, Response, sync_playwright
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter
from werkzeug.serving import make_server

from tests.journeys import looks

WIDTHS = (390, 1280)
#: A page, or a page with what has to be mended on it.
USUAL = (200, 422)
#: The endpoints whose pages a test looked at with axe, each with the language it was in.
LOOKED_AT = pytest.StashKey[set[tuple[str, str]]]()
#: The language of a page, and what its elements are to a style sheet, each with what it stands in.
ABOUT_PAGE = """() => {
    const style = element => element ? [element.localName, ...element.classList].join(".") : ""
    const elements = [...document.querySelectorAll("body, body *")]
    const styles = new Set(elements.map(element => style(element.parentElement) + " > " + style(element)))
    return [document.documentElement.lang, [...styles]]
}"""
#: A page hands over what is wrong with it alone: what is right is a megabyte.
ASK_AXE = "options => axe.run(document, options).then(found => found.violations)"
#: What this run has seen in the dark.
_seen_dark: set[str] = set()
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where to keep pictures."""
    parser.addoption("--pictures", metavar="DIR", help="keep pictures of the pages journeys visit")


@dataclass
class Surfer:
    """One person's browser window: goes to pages, checks them with axe, takes pictures."""

    page: Page
    address: str
    pictures: Path | None
    has_scripts: bool
    addresses: MapAdapter
    looked_at: set[tuple[str, str]] = field(default_factory=set)
    #: Endpoints to be looked at in English too, where this window comes by.
    beside: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.complaints: list[str] = []
        self.status = 0
        self.page.on("response", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda said: self._hear(said.text))

    def _hear(self, text: str) -> None:
        if "Content Security Policy" in text:
            self.complaints.append(text)

    def _note(self, response: Response) -> None:
        """Keep the status of the page shown, which is the last answer to the window itself."""
        if response.request.is_navigation_request() and response.frame == self.page.main_frame:
            self.status = response.status

    def go(self, path: str, status: int = 200) -> None:
        """Open an address of ours, which answers with this status."""
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status == status, f"{path} answers {answer.status}"

    def click(self, what: Locator) -> None:
        """Click what leads to another page, and wait until that page stands: a click alone waits for nothing."""
        with self.page.expect_navigation():
            what.click()
        assert self.status < 500, f"{self.page.url} answers {self.status}"

    def strike(self, key: str) -> None:
        """Press the key that leads to another page, and wait until that page stands."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def look(self, name: str, widths: tuple[int, ...] = WIDTHS, status: int | None = None) -> None:
        """Find nothing wrong with the page shown now, in light and dark, and keep its picture under this name.

        `status`: what the page was answered with, where that is neither a page nor a refused form.
        """
        assert not self.complaints
        assert self.status in (USUAL if status is None else (status,)), (
            f"{self.page.url} answers {self.status}"
        )
        if self.has_scripts:  # axe is a script itself
            self.ask_axe()
            self._look_in_english()
        size = self.page.viewport_size
        ends_at = size["width"] if size else 0
        # The width it had comes last, so that the window needs no change back.
        for width in sorted({320, *widths}, key=lambda width: (width == ends_at, width)):
            self.page.set_viewport_size({"width": width, "height": 800})
            across = self.page.evaluate("document.documentElement.scrollWidth")
            assert across <= width, f"{name} is {across} px wide on a screen of {width}"
            if self.pictures and width in widths:
                self.page.screenshot(path=self.pictures / f"{name}-{width}.png", full_page=True)
        if size and ends_at not in (320, *widths):
            self.page.set_viewport_size(size)

    def ask_axe(self) -> None:
        """Find nothing wrong with the page shown now, in light and dark, and remember its endpoint and language.

        What differs in the dark is colour alone, and colours come with an element's name and classes: a page without
        anything that this run has not seen yet, where it stands, is not looked at in the dark.
        """
        language, styles = self.page.evaluate(ABOUT_PAGE)
        if (endpoint := self._endpoint()) is not None:
            self.looked_at.add((endpoint, language))
        self._find_no_fault({})
        if not _seen_dark.issuperset(styles):
            self.page.emulate_media(color_scheme="dark")
            self._find_no_fault({"runOnly": ["color-contrast"]})
            self.page.emulate_media(color_scheme="light")
            _seen_dark.update(styles)

    def _find_no_fault(self, options: dict[str, Any]) -> None:
        faults = self.page.evaluate(ASK_AXE, {**options, "iframes": False, "resultTypes": ["violations"]})
        assert not faults, [(f["id"], [n["html"][:160] for n in f["nodes"]][:3]) for f in faults]

    def _endpoint(self) -> str | None:
        """What answers to the address shown now; None for a page that is not there."""
        with suppress(HTTPException):
            endpoint: str = self.addresses.match(urlsplit(self.page.url).path, method="GET")[0]
            return endpoint
        return None

    def _look_in_english(self) -> None:
        """Ask for the same page in English, once, where this test is to see it so; then be back on it."""
        endpoint, here = self._endpoint(), self.page.url
        if endpoint not in self.beside or (endpoint, "en") in self.looked_at:
            return
        for language in ("en", "zh_CN"):
            self.page.goto(f"{here}{'&' if urlsplit(here).query else '?'}lang={language}")
            if language == "en":
                self.ask_axe()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser's process, one a run."""
    if CHROMIUM is None:
        pytest.skip("LEFT OUT: browser journeys (no chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def served(app: Flask) -> Iterator[str]:
    """The program on a loopback port; its address."""
    app.testing = False
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def new_surfer(
    chromium: Browser, served: str, app: Flask, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Surfer]]:
    """Opens windows: `new_surfer(javascript=False, width=360, locale="en")`, each with cookies of its own."""
    folder = request.config.getoption("--pictures")
    pictures = Path(folder) if folder else None
    if pictures:
        pictures.mkdir(parents=True, exist_ok=True)
    contexts = []
    addresses = app.url_map.bind("localhost")
    looked_at = request.node.stash.setdefault(LOOKED_AT, set())
    beside = looks.beside(looks.name_of(request.node))

    def open_window(
        *, javascript: bool = True, width: int = 390, locale: str = "zh-CN", **more: Any
    ) -> Surfer:
        context = chromium.new_context(
            viewport={"width": width, "height": 800},
            locale=locale,
            java_script_enabled=javascript,
            **more,
        )
        if javascript:
            context.add_init_script(AXE_SCRIPT)  # handed over once, and not with every page
        context.set_default_timeout(60_000)  # ms: a busy machine is slow, not wrong
        contexts.append(context)
        return Surfer(context.new_page(), served, pictures, javascript, addresses, looked_at, beside)

    yield open_window
    for context in contexts:
        context.close()
