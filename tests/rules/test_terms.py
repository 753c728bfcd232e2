"""Terms and sources: what a row says of where it comes from."""

import datetime as dt

import pytest

from whistle.rules.clocks import CLOCKS
from whistle.rules.measures import MEASURES
from whistle.rules.taxonomy import CATEGORIES, TABLES
from whistle.rules.terms import SOURCES, Row, Term, cite, cited, force_day, in_force, read_day
from whistle.rules.workflow import ACTIONS, STATES

ROWS = [
    *STATES.values(),
    *ACTIONS.values(),
    *CLOCKS,
    *MEASURES,
    *CATEGORIES,
    *(row for table in TABLES.values() for row in table.values()),
]


@pytest.mark.parametrize(
    ("place", "zh"),
    [
        ("XF 23", "《信访工作条例》第二十三条"),
        ("JCF 52(1)", "《监察法》第五十二条第（一）项"),
        ("ZWCF 19–22", "《公职人员政务处分法》第十九条至第二十二条"),
        ("XF 10", "《信访工作条例》第十条"),
        ("GWY 101", "《公务员法》第一百零一条"),
        ("GWY 112", "《公务员法》第一百一十二条"),
        ("HN 83(19)", "《河南省优化营商环境条例》第八十三条第（十九）项"),
        ("DJ", "《中国共产党纪律处分条例》"),
        ("OWN", "本机关标准"),
    ],
)
def test_a_source_is_cited_as_the_law_is_cited(place: str, zh: str) -> None:
    (source,) = cite(place)
    assert source.term.zh == zh


def test_citing_and_writing_a_source_are_opposites() -> None:
    text = "JJ; XF 19, 23; JCF 38"
    assert cited(cite(*text.split("; "))) == text


@pytest.mark.parametrize("place", ["XX 1", "XF eleven", "XF 3-"])
def test_an_unknown_law_or_article_is_a_mistake_in_the_table(place: str) -> None:
    with pytest.raises(ValueError, match=r"unknown|unreadable"):
        cite(place)


def test_a_row_is_in_force_when_its_youngest_law_is() -> None:
    assert force_day(cite("JCF 38", "XF 23")) == dt.date(2025, 6, 1)


def test_a_row_is_unchecked_as_soon_as_one_of_its_laws_has_no_text() -> None:
    assert read_day(cite("JCF 38")) == dt.date(2026, 11, 23)
    assert read_day(cite("JCF 38", "JJ")) is None


def test_the_row_of_the_day_counts_and_old_cases_keep_theirs() -> None:
    def version(zh: str, since: dt.date) -> Row:
        return Row(name="accept", term=Term(zh, ""), source=cite("OWN"), since=since, checked=None)

    old, new = version("旧", dt.date(2024, 1, 1)), version("新", dt.date(2026, 7, 1))
    rows = (new, old)
    assert in_force(rows, "accept", dt.date(2026, 6, 30)) is old
    assert in_force(rows, "accept", dt.date(2026, 7, 1)) is new
    assert in_force(rows, "accept", dt.date(1999, 1, 1)) is old
    with pytest.raises(KeyError):
        in_force(rows, "nothing", dt.date(2026, 7, 1))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{type(row).__name__}-{row.name}")
def test_every_row_has_words_a_source_and_its_days(row: Row) -> None:
    assert row.term.zh
    assert row.term.en
    assert row.term.zh.strip() == row.term.zh
    assert row.source
    without_text = any(SOURCES[source.key].checked is None for source in row.source)
    assert (row.checked is None) == without_text
    assert row.checked is None or row.checked >= row.since
