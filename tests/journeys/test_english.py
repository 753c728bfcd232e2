"""The main pages in English, light and dark: the language is said, no Chinese is left but names and typed text."""

import datetime as dt
import re

import pytest
from flask import Flask

from tests.browser import Surfer
from tests.journeys.officer import Officer
from tests.web.officers import Desks
from whistle import clock
from whistle.services import accounts, tracking
from whistle.services.setup import FIRST_ADMIN, HEAD, PEOPLE, TRIAL_NAMES
from whistle.store.channels import Channel
from whistle.store.people import Person

#: Han, and the punctuation that goes with it.
CHINESE = re.compile("[\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef]")
#: The Chinese names of desks and of the unit: their own pages show both names.
DESKS = ("监督受理台", "受理台", TRIAL_NAMES.unit_zh, TRIAL_NAMES.office_zh, TRIAL_NAMES.superior_address)
#: All words of a page but those marked as somebody's own: text, and what is read aloud of elements.
WORDS = """() => {
  const own = e => e.closest('[lang^=zh], [dir=auto], textarea');
  const said = [document.title];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) if (!own(texts.currentNode.parentElement)) said.push(texts.currentNode.data);
  for (const name of ['aria-label', 'alt', 'placeholder', 'data-done', 'data-head'])
    for (const e of document.querySelectorAll(`[${name}]`)) if (!own(e)) said.push(e.getAttribute(name));
  return said;
}"""


@pytest.fixture
def app(desks: Desks) -> Flask:
    """The trial office is what the browser sees."""
    return desks.app


class Reader:
    """Somebody who reads English alone; `data` is what people of the office have named."""

    def __init__(self, window: Surfer, *data: str) -> None:
        self.window, self.page = window, window.page
        channel = Channel.get()
        names = [person.name for person in (FIRST_ADMIN, HEAD, *PEOPLE)]
        self.data = [*sorted(["清访", *data, *names, channel.name, channel.place], key=len, reverse=True)]

    def read(self, path: str = "", look: str = "", status: int = 200) -> "Reader":
        """The page, or the one that is open, is in English; look at it under this name if one is given."""
        if path:
            self.window.go(path, status)
        assert self.page.get_attribute("html", "lang") == "en"
        said = self.page.evaluate(WORDS)
        left = [line.strip() for line in said if CHINESE.search(self._without_data(line))]
        assert not left, f"{self.page.url}: {left}"
        if look:
            self.window.look(f"english-{look}")
        else:
            self.window.ask_axe()
        return self

    def _without_data(self, text: str) -> str:
        for words in filter(None, self.data):
            text = text.replace(words, "")
        return text

    def press(self, words: str) -> "Reader":
        """Press the button of the main part that begins with this."""
        button = self.page.locator("main").get_by_role("button", name=re.compile(f"^{words}"))
        self.window.click(button.first)
        return self


def test_a_reporters_pages(desks: Desks, new_surfer) -> None:
    reader = Reader(new_surfer(locale="en"))
    reader.read("/", "front").read(f"/r/{desks.office.token}", "channel").press("Start").read(look="kind")
    reader.press("Continue").read(look="kind-faults")
    for name, value in (("kind", "lead"), ("problem", "refused")):
        reader.page.locator(f"[name={name}][value={value}]").check()
        reader.press("Continue").read()
    reader.page.locator("[name=unit]").select_option("unknown")
    reader.press("Continue").read(look="story").page.locator("[name=story]").fill(
        "Four visits, four answers."
    )
    for page in ("people", "files", "readers", "identity"):
        reader.press("Continue").read(look=page)
    reader.page.locator("[value=anonymous]").check()
    reader.press("Continue").read(look="check").press("Send").read(look="receipt")
    code = reader.page.locator(".big-code").inner_text()
    reader.read("/track", "code").page.locator("[name=code]").fill(code)
    reader.window.click(reader.page.locator("main form button").first)
    reader.read(look="report")
    for act in ("write", "recuse", "withdraw"):
        reader.read(f"/track/{act}")
    reader.read("/nothing/here", status=404)


def test_officers_pages(desks: Desks, new_surfer) -> None:
    office = desks.office
    assigned = office.assigned("officer", story="Four visits.", unit_words="")
    tracking.write(office.visit(assigned), "When?", "n1")
    waiting = desks.classified(story="Five visits.", unit_words="")
    office.act(waiting.case, "decline", "intake", reason="court", message="Ask the market office.")
    new = office.file(story="Six visits.", unit_words="")
    window = new_surfer(locale="en")
    someone, reader = Officer(window), Reader(window)
    reader.read("/office/sign-in")
    someone.become("intake")
    reader.read("/office/desk", "desk").read(desks.url(new), "case")
    for act in ("classify", "to_oversight"):
        reader.read(desks.url(new, f"/do/{act}"))
    for part in ("", "/messages", "/record"):
        reader.read(desks.url(waiting, part))
    write_down(reader)
    someone.become("deputy")
    reader.read("/office/desk?view=all", "desk-deputy").read("/office/approvals", "approvals")
    window.click(window.page.locator("main table a, main li a, main section a").first)
    reader.read(look="approval")
    for page in ("admissions", "hand-over", "keys", "setup", "account", "account/email", "account/password"):
        reader.read(f"/office/{page}")
    someone.become("officer")
    reader.read(desks.url(assigned), "case-assigned").read(desks.url(assigned, "/messages"))
    someone.become("oversight")
    reader.read("/office/desk").read("/office/keys")
    someone.become("auditor")
    reader.read("/audit/").press("").read()


def write_down(reader: Reader) -> None:
    """A letter at the register, with a code for who wrote it."""
    reader.read("/office/register", "register").press("Enter").read(look="register-faults")
    for name, value in (("origin", "letter"), ("kind", "advice"), ("identity", "anonymous")):
        reader.page.locator(f"[name={name}][value={value}]").check()
    reader.page.locator("[name=unit]").select_option("unknown")
    reader.page.locator("[name=received_on]").fill("2 November 2026")
    reader.page.locator("[name=story]").fill("One more counter, please.")
    reader.page.locator("[name=wants_code]").check()
    reader.press("Enter").read(look="register-receipt")


def test_an_invited_persons_pages(desks: Desks, new_surfer) -> None:
    with clock.at(dt.datetime.now(dt.UTC)):  # the program serves in threads of its own, at the real time
        link = accounts.invite(desks.office["admin"], "newcomer", "Newcomer", "officer")
    reader = Reader(new_surfer(locale="en"))
    reader.read(f"/office/invitation/{link}")
    for field in ("password", "again_password"):
        reader.page.locator(f"[name={field}]").fill("qiezi-7-lundun-fengche-mi")
    reader.press("Continue").read()


def test_an_administrators_pages(desks: Desks, new_surfer) -> None:
    window = new_surfer(locale="en")
    someone, reader = Officer(window), Reader(window, *DESKS)
    someone.become("admin")
    person = f"/admin/people/{Person.get(Person.user_name == 'intake2').id}"
    looks = {
        "/admin/": "checklist",
        "/admin/people": "people",
        person: "person",
        "/admin/channels": "channels",
        "/admin/channels/1": "channel",
    }
    others = [f"{person}/{act}" for act in ("role", "seat", "invite", "deactivate")]
    others += [f"/admin/channels/1/{act}" for act in ("edit", "rotate", "move", "poster")]
    others += [f"/admin/desks{rest}" for rest in ("", "/1", "/1/name", "/1/deputy", "/new", "/holders/new")]
    others += [
        "/admin/people/new",
        "/admin/channels/new",
        "/admin/channels?state=open&unit=QY01",
        "/setup/trial",
    ]
    others += [
        "/admin/units",
        "/admin/units/QY01",
        "/admin/units/QY01/edit",
        "/admin/units/new",
        "/admin/settings",
        "/admin/storage",
        "/admin/channels/import",
        "/admin/channels/sheet",
    ]
    for path in (*looks, *others):
        reader.read(path, looks.get(path, ""))
