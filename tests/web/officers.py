"""Officers at their desks for page tests: the trial office with its program, and a browser for each person."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from tests.builders import Filed, Office
from tests.conftest import make_app
from tests.people import PASSWORD, Town
from tests.visiting import Page, Visitor
from whistle import config
from whistle.services import sessions
from whistle.store.cases import Case


@dataclass
class Desks:
    """The trial office as its people see it in their browsers."""

    app: Flask
    office: Office

    def sit(self, user_name: str) -> Visitor:
        """Somebody's browser, signed in. How one signs in is told in `test_office_sign_in`."""
        visitor = Visitor(self.app)
        opened = sessions.sign_in(user_name, self.office.password)
        visitor.client.set_cookie("w_office", opened.secret)
        return visitor

    def url(self, filed: Filed, part: str = "") -> str:
        """The address of a case's page now."""
        number = Case.get_by_id(filed.case).number
        return f"/office/{f'cases/{number}' if number else f'new/{filed.case}'}{part}"

    def classified(self, **answers: object) -> Filed:
        """A report with a number, not yet accepted."""
        filed = self.office.file(**answers)
        self.office.classify(filed.case, **({"kind": answers["kind"]} if "kind" in answers else {}))
        return filed


def program(url: str, folder: Path) -> Flask:
    """The program on a database that is there already."""
    return make_app(config.load({"WHISTLE_DATABASE_URL": url, "WHISTLE_INSTANCE": str(folder / "instance")}))


@pytest.fixture
def desks(office: Office, office_url: str, tmp_path: Path) -> Desks:
    """The trial office with its pages."""
    return Desks(program(office_url, tmp_path), office)


@pytest.fixture
def founded(town: Town, tmp_path: Path) -> Callable[[], Visitor]:
    """Makes browsers at a real office that was just founded."""
    app = program(town.url, tmp_path)
    return lambda: Visitor(app)


@pytest.fixture
def at_work(staffed: Town, tmp_path: Path) -> Callable[[], Visitor]:
    """Makes browsers at a real office with people of every role."""
    app = program(staffed.url, tmp_path)
    return lambda: Visitor(app)


def enter(visitor: Visitor, town: Town, user_name: str, password: str = PASSWORD) -> Page:
    """Both steps of signing in to a real office."""
    town.wait(minutes=1)
    page = visitor.submit(visitor.get("/office/sign-in"), "登录", user_name=user_name, password=password)
    return visitor.submit(page, "继续", code=town.code(user_name))


__all__ = ["Desks", "at_work", "desks", "enter", "founded"]
