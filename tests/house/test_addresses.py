"""Whatever was ever printed on a poster or a receipt still leads somewhere."""

import re
from pathlib import Path

from tests.web.reporters import Reporter, Street, code_on, reporter, street  # noqa: F401 - fixtures
from whistle.services import channels

PRINTED = [
    line
    for line in (Path(__file__).parent / "addresses.txt").read_text().splitlines()
    if line and not line.startswith("#")
]
#: What the contract of this product fixes; the list may grow and never lose one of these.
FIXED = {"/", "/track", "/r/<token>"}


def test_no_fixed_address_was_taken_off_the_list() -> None:
    assert set(PRINTED) >= FIXED, "paper does not forget: bring these lines of addresses.txt back"


def test_every_printed_address_still_answers(street: Street) -> None:  # noqa: F811
    visitor = street.somebody().visitor
    for address in {*PRINTED, *FIXED}:
        page = visitor.get(address.replace("<token>", street.office.token))
        assert page.h1, f"{address}: bring it back, or let it lead on to where the page is now"


def test_a_poster_prints_its_channels_address_and_none_that_is_not_on_the_list(street: Street) -> None:  # noqa: F811
    channel = channels.list_channels(street.office["admin"])[0]
    drawing = channels.poster_svg(street.office["admin"], channel.id, "https://example.org")
    printed = re.findall(r"https://example\.org(/[^\s<\"]*)", drawing)
    assert printed == [f"/r/{street.office.token}"]
    assert [re.sub(r"^/r/[^/]+$", "/r/<token>", address) for address in printed] == ["/r/<token>"]


def test_a_receipt_names_an_address_of_the_list(reporter: Reporter) -> None:  # noqa: F811
    receipt = reporter.send()
    assert code_on(receipt)
    as_file = str(receipt.soup.select_one("a[href^='data:']")["href"])
    named = re.findall(r"(?:http%3A|http:)//[^/\s]+(/[^%\s]*)", as_file)
    assert named == ["/track"]
