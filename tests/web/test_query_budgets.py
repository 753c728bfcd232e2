"""What a page asks of the database: a fixed number of questions, however much a district has put into it."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import pytest

from tests.builders import Office
from tests.visiting import Page
from tests.web.officers import Desks
from tests.web.reporters import Reporter, Street
from whistle import clock
from whistle.services import accounts, administration, channels, tracking, units
from whistle.services.shell import SHELL
from whistle.store.base import database
from whistle.store.channels import Channel
from whistle.store.units import Unit

#: Noise of a district: channels, units, and messages on the one report.
CHANNELS, UNITS, MESSAGES = 150, 40, 12

#: Address, and the most questions its page may ask. Each has a little room above what it asks today.
PUBLIC = {
    "/": 10,
    "/?page=2": 10,
    "/r/{token}": 16,
    "/r/000000000000": 12,
    "/r/{token}/where": 5,
    "/r/{token}/story": 4,
    "/r/{token}/readers": 17,
    "/r/{token}/files": 5,
    "/r/{token}/check": 6,
    "/track": 2,
    "/track/report": 17,
    "/track/write": 16,
}

#: The same of an officer's pages, with many messages on the case and many cases at the desk.
OFFICE = {
    "{case}": 69,
    "{case}/messages": 66,
    "/office/desk": 104,
    "/office/desk?view=all": 104,
    "/office/board": 28,
    "/office/papers/week": 33,
    "/office/papers/month": 78,
    "/office/papers/quarter": 22,
}


@contextmanager
def counted() -> Iterator[list[object]]:
    """The questions asked while this is open."""
    asked: list[object] = []
    database.query_hooks.append(asked.append)
    try:
        yield asked
    finally:
        database.query_hooks.remove(asked.append)


def fill(office: Office) -> None:
    """Channels over many units, all of them public."""
    for number in range(UNITS):
        units.make(office["admin"], f"N{number:03}", f"第{number}局", f"Bureau {number}")
    desk = Channel.get().desk_id
    known = list(Unit.select().order_by(Unit.id))
    Channel.insert_many(
        {
            "token": f"{number:012}",
            "name": f"窗口{number:03}",
            "unit": known[number % len(known)],
            "desk": desk,
            "recorded_at": clock.now(),
        }
        for number in range(1, CHANNELS + 1)
    ).execute()


@pytest.fixture
def crowded(street: Street) -> Street:
    fill(street.office)
    return street


def on_the_way(street: Street) -> Reporter:
    """Somebody with a form half filled in, and a report made before with many messages."""
    filed = street.office.file()
    visit = street.office.visit(filed)
    for number in range(MESSAGES):
        tracking.write(visit, f"第{number}句", f"n{number}")
    reporter = street.somebody()
    reporter.walk("story")
    reporter.look_up(filed.code)
    return reporter


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_page_asks_no_more_than_its_budget(crowded: Street, address: str) -> None:
    reporter = on_the_way(crowded)
    reached = address.format(token=reporter.token)
    with counted() as asked:
        reporter.visitor.client.get(reached)
    assert 0 < len(asked) <= PUBLIC[address]


@pytest.mark.parametrize("address", OFFICE)
def test_an_officers_page_asks_no_more_than_its_budget(desks: Desks, address: str) -> None:
    filed = desks.office.assigned()
    visit = desks.office.visit(filed)
    for number in range(MESSAGES):
        tracking.write(visit, f"第{number}句", f"n{number}")
        desks.office.file()
    visitor = desks.sit("officer" if "{case}" in address else "deputy")
    reached = address.format(case=quote(desks.url(filed)))
    visitor.get(reached)
    with counted() as asked:
        visitor.get(reached)
    assert 0 < len(asked) <= OFFICE[address]


def test_the_front_page_asks_the_same_of_few_channels_and_of_many(street: Street) -> None:
    visitor = street.somebody().visitor
    with counted() as few:
        visitor.get("/")
    fill(street.office)
    with counted() as many:
        visitor.get("/")
    assert len(many) == len(few)


def test_the_front_page_lists_a_hundred_channels_and_leads_on_to_the_rest(crowded: Street) -> None:
    visitor = crowded.somebody().visitor
    first = visitor.get("/")
    second = visitor.get(first.link("下一页"))
    assert (len(listed(first)), len(listed(second))) == (100, 51)
    assert not set(listed(first)) & set(listed(second))
    assert listed(visitor.get(second.link("上一页"))) == listed(first)


@pytest.mark.parametrize("page", ["0", "-1", "9", "x", "9" * 30])
def test_an_odd_page_of_the_list_is_still_a_front_page(crowded: Street, page: str) -> None:
    assert crowded.somebody().visitor.get("/", query_string={"page": page}).h1


def test_an_unusable_channel_names_no_more_than_a_hundred_others(crowded: Street) -> None:
    assert len(listed(crowded.somebody().visitor.get("/r/zzzzzzzzzzzz", 404))) == 100


def listed(page: Page) -> list[str]:
    return [str(link["href"]) for link in page.soup.select(".channels a")]


#: Pages about channels, and the most questions each may ask; as many for few channels as for many.
ADMIN = {
    "/admin/channels": 22,
    "/admin/channels?state=open&q=9&desk=1&unit=N001": 22,
    "/admin/channels/sheet": 21,
    "/admin/channels/import": 8,
}


@pytest.mark.parametrize("address", ADMIN)
def test_an_administrators_page_of_channels_asks_no_more_for_many(desks: Desks, address: str) -> None:
    fill(desks.office)
    visitor = desks.sit("admin")
    with counted() as asked:
        visitor.get(address)
    assert 0 < len(asked) <= ADMIN[address]
    assert len(channels.list_channels(SHELL)) == CHANNELS + 1


def test_the_record_of_administration_asks_no_more_for_many_acts(desks: Desks) -> None:
    visitor = desks.sit("auditor")
    with counted() as few:
        visitor.get("/admin/record")
    for number in range(administration.PAGE_ROWS):
        units.make(desks.office["admin"], f"M{number:03}", f"第{number}局", f"Bureau {number}")
    with counted() as many:
        page = visitor.get("/admin/record")
    assert len(page.soup.select("tbody tr")) == administration.PAGE_ROWS
    assert len(many) <= len(few)


def test_the_list_of_people_asks_no_more_for_many(desks: Desks) -> None:
    visitor = desks.sit("admin")
    with counted() as few:
        visitor.get("/admin/people")
    for number in range(20):
        accounts.invite(desks.office["admin"], f"new{number}", f"新人{number}", "officer", unit_code="QY01")
    with counted() as many:
        page = visitor.get("/admin/people")
    assert "新人19" in page.text
    assert len(many) <= len(few) + 1, "and one for the names of units"
