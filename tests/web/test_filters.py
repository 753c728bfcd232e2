"""How values are written, in both languages."""

import datetime as dt
from types import SimpleNamespace

import pytest

from whistle.web import files, filters
from whistle.web.admin.acts import ACTS

DAY = dt.date(2026, 11, 23)
INSTANT = dt.datetime(2026, 11, 23, 1, 5, tzinfo=dt.UTC)


@pytest.fixture
def chinese(app):
    """Inside a request for a Chinese page."""
    with app.test_request_context(headers={"Accept-Language": "zh-CN"}):
        yield


@pytest.fixture
def english(app):
    """Inside a request for an English page."""
    with app.test_request_context(headers={"Accept-Language": "en-GB,en;q=0.9"}):
        yield


@pytest.mark.usefixtures("chinese")
def test_in_chinese():
    assert filters.day(DAY) == '<time class="nb" datetime="2026-11-23">2026年11月23日</time>'
    assert "11月23日（周一）" in filters.day(DAY, weekday=True)
    assert "2026年11月23日" in filters.instant(INSTANT)
    assert "09:05" in filters.instant(INSTANT)
    assert filters.month(10) == "10月"
    assert filters.money(123_456_78) == '<span class="nb">123,456.78元</span>'
    assert filters.days_left(3) == '<span class="nb">还剩3个工作日</span>'
    assert filters.days_left(0) == '<span class="nb">今天到期</span>'
    assert filters.days_left(-2) == '<span class="nb">已超2个工作日</span>'
    assert filters.days_left(-2, working=False) == '<span class="nb">已超2天</span>'
    assert filters.term(SimpleNamespace(term=SimpleNamespace(zh="受理", en="Accept"))) == "受理"
    assert filters.either(SimpleNamespace(name_zh="清源区", name_en="Clearspring"), "name") == "清源区"


@pytest.mark.usefixtures("english")
def test_in_english():
    assert filters.month(10) == "October"
    assert filters.day(DAY) == '<time class="nb" datetime="2026-11-23">23 November 2026</time>'
    assert "Monday, 23 November 2026" in filters.day(DAY, weekday=True)
    assert filters.term(SimpleNamespace(zh="受理", en="Accept")) == "Accept"
    assert filters.either(SimpleNamespace(name_zh="清源区", name_en=""), "name") == "清源区"


def test_nothing_is_written_for_no_date():
    assert filters.day(None) == ""
    assert filters.instant(None) == ""


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0"), (9999, "9999"), (10_000, "10,000"), (1_234_567, "1,234,567")]
)
def test_counts_have_commas_from_ten_thousand(number, words):
    assert filters.count(number) == f'<span class="nb">{words}</span>'


def test_shares_have_one_decimal():
    assert filters.percent(0.125) == '<span class="nb">12.5%</span>'


@pytest.mark.parametrize("text", ["482911706633", "4829 1170 6633"])
def test_codes_come_in_groups_that_do_not_break(text):
    groups = "".join(f' <span class="nb">{g}</span>' for g in ("4829", "1170", "6633"))
    assert filters.code(text) == groups.strip()


def test_typed_text_keeps_its_lines_and_its_markup_stays_text():
    assert filters.paragraphs("甲\n乙\n\n<b>丙</b>") == (
        '<p dir="auto">甲<br>乙</p>\n<p dir="auto">&lt;b&gt;丙&lt;/b&gt;</p>'
    )


@pytest.mark.usefixtures("english")
def test_sizes_are_written_in_the_largest_unit_they_fill():
    sizes = (999, 320_000, 4_250_000, 1_000_000_000, 79_020_800_000)
    assert [files.size_text(size) for size in sizes] == ["999 B", "320 KB", "4.2 MB", "1 GB", "79 GB"]


@pytest.mark.usefixtures("english")
def test_the_record_tells_of_acts_in_other_words_than_buttons_do():
    asked = ("Add a ", "Change the ", "Replace the ", "Rename the ", "Invite again", "End the ")
    assert not [str(words) for words in ACTS.values() if str(words).startswith(asked)]
