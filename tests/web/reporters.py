"""Reporters in front of a poster, for page tests: the trial office with its program, and walks over the form."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.builders import Office
from tests.conftest import make_app
from tests.visiting import Page, Visitor, words
from whistle import config
from whistle.rules import reporting
from whistle.store.reports import Report

#: What each page is answered with when a test does not care.
ANSWERS: dict[str, dict[str, Any]] = {
    "kind": {"kind": "lead"},
    "problem": {"problem": "refused"},
    "where": {"unit": "unknown", "unit_words": "二楼办证窗口", "happened_on": "2026.9.3"},
    "story": {"story": "窗口让我跑了四趟，每次说的都不一样。"},
    "people": {"people": "戴眼镜的男同志", "proof": ""},
    "files": {},
    "readers": {"unit_shut_out": "", "persons_shut_out": ""},
    "identity": {"identity": "anonymous", "name": "", "contact": ""},
}


@dataclass
class Reporter:
    """Somebody with a phone at a poster."""

    visitor: Visitor
    token: str

    def address(self, part: str = "") -> str:
        """An address of this channel's form."""
        return f"/r/{self.token}/{part}".rstrip("/")

    def begin(self) -> Page:
        """Press the start button; the first question."""
        return self.visitor.submit(self.visitor.get(self.address()), "开始")

    def walk(self, until: str = reporting.CHECK, **answers: dict[str, Any]) -> Page:
        """Answer page after page, and stand before the page `until`."""
        page = self.begin()
        while (step := page.response.request.path.rpartition("/")[2]) != until:
            page = self.visitor.submit(page, "继续", **{**ANSWERS[step], **answers.get(step, {})})
        return page

    def send(self, **answers: dict[str, Any]) -> Page:
        """Fill in everything and send it; the receipt."""
        return self.visitor.submit(self.walk(**answers), "提交举报")

    def report(self, **answers: dict[str, Any]) -> str:
        """Send a report; its receipt code."""
        return code_on(self.send(**answers))

    def look_up(self, code: str) -> Page:
        """Open the report of a code."""
        return self.visitor.submit(self.visitor.get("/track"), "查询", code=code)

    def write(self, text: str) -> Page:
        """Add facts to the opened report."""
        return self.visitor.submit(self.visitor.get("/track/write"), "提交补充", text=text)


@dataclass
class Street:
    """The trial office with its pages and a poster in the street."""

    app: Flask
    office: Office

    def somebody(self, **headers: str) -> Reporter:
        """A further person's browser."""
        visitor = Visitor(self.app)
        visitor.headers |= headers
        return Reporter(visitor, self.office.token)


def code_on(page: Page) -> str:
    """The code a receipt shows."""
    return words(page.soup.select_one(".big-code")).replace(" ", "")


def reports() -> int:
    """How many reports there are."""
    return int(Report.select().count())


@pytest.fixture
def street(office: Office, office_url: str, tmp_path: Path) -> Street:
    """The office in the street, on a Monday morning."""
    settings = config.load(
        {"WHISTLE_DATABASE_URL": office_url, "WHISTLE_INSTANCE": str(tmp_path / "instance")}
    )
    return Street(make_app(settings), office)


@pytest.fixture
def reporter(street: Street) -> Reporter:
    """Somebody with a phone."""
    return street.somebody()


__all__ = ["ANSWERS", "Reporter", "Street", "code_on", "reporter", "reports", "street"]
