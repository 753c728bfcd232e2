"""Whatever was ever printed on a poster still leads somewhere."""

import re
from pathlib import Path

from flask import Flask

from tests.builders import Office
from whistle.services import channels

PRINTED = [
    line
    for line in (Path(__file__).parent / "addresses.txt").read_text().splitlines()
    if line and not line.startswith("#")
]


def test_every_printed_address_still_leads_somewhere(app: Flask) -> None:
    rules = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    missing = [address for address in PRINTED if address not in rules]
    assert missing == [], "bring these addresses back, or let them lead on to where the page is now"


def test_a_poster_prints_no_address_that_is_not_on_the_list(office: Office) -> None:
    channel = channels.list_channels(office["admin"])[0]
    drawing = channels.poster_svg(office["admin"], channel.id, "https://example.org")
    for address in re.findall(r"https://example\.org(/[^\s<\"]*)", drawing):
        assert re.sub(r"^/r/[^/]+$", "/r/<token>", address) in PRINTED, address
