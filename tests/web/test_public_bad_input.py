"""Everything bad that can come to a public page: refused in words at the field, and no typed word lost."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit, urlunsplit

import psycopg
import pytest

from tests import spare_connections
from tests.visiting import Page, filled
from tests.web.reporters import Reporter, Street, code_on, reports
from whistle.store import database
from whistle.store.database import close_all
from whistle.store.reports import Report
from whistle.vault import receipts

LIMIT = 20_000
#: A well-formed code, the same in every run.
CODE = receipts.group("076580501097357047062517")


def typed(page: Page, name: str) -> str:
    """What stands in a box of the page."""
    box = page.soup.select_one(f"#{name}")
    return box.get_text().removeprefix("\n") if box.name == "textarea" else str(box.get("value", ""))


class TestText:
    @pytest.mark.parametrize(
        ("text", "fault", "stays"),
        [
            ("", "请写明发生了什么", ""),
            ("\n \u3000\n", "请写明发生了什么", ""),
            ("字" * (LIMIT + 1), "最多20,000字，现在有20,001字，请删去1字", "字" * (LIMIT + 1)),
            ("前\x00后\x1b[31m", "这里有看不见的控制字符", "前后[31m"),
            ("前\u202e后\u2066", "这里有改变文字方向的隐藏字符", "前后"),
            (f"我的码是{CODE}", "查询码等于钥匙", f"我的码是{CODE}"),
            (f"我的码是{CODE.replace(' ', '－')}", "查询码等于钥匙", None),
        ],
    )
    def test_it_is_refused_in_words_and_stays_on_the_page(
        self, reporter: Reporter, text, fault, stays
    ) -> None:
        page = reporter.visitor.submit(reporter.walk("story"), "继续", 422, story=text)
        assert len(page.faults) == 1
        assert fault in page.faults[0]
        if stays is not None:
            assert typed(page, "story").strip() == stays

    @pytest.mark.parametrize(
        ("sent", "status", "stays"),
        [
            ("%EF%BF%BD%E5%AD%97", 422, "字"),  # what a browser makes of half a character
            (
                "%ED%A0%80%E5%AD%97",
                200,
                "%ED%A0%80字",
            ),  # a lone surrogate by hand: no text, so it stays a code
            ("%FF%FE", 200, "%FF%FE"),
        ],
    )
    def test_half_characters_never_reach_a_report(self, reporter: Reporter, sent, status, stays) -> None:
        token = filled(reporter.walk("story").form())["csrf_token"]
        body = urlencode({"csrf_token": token}) + f"&story={sent}"
        form = "application/x-www-form-urlencoded"
        page = reporter.visitor.post(reporter.address("story"), body, status, content_type=form)
        page = page if status == 422 else reporter.visitor.get(reporter.address("story"))
        assert typed(page, "story").strip() == stays

    @pytest.mark.parametrize("character", ["字", "𠮷", "𞤀", "é"])
    def test_twenty_thousand_characters_are_taken_and_come_back_whole(
        self, reporter: Reporter, character: str
    ) -> None:
        story = character * LIMIT
        receipt = reporter.send(story={"story": story})
        reporter.look_up(code_on(receipt))
        assert story in reporter.visitor.get("/track/record.txt").response.text

    def test_markup_stays_text(self, reporter: Reporter) -> None:
        page = reporter.walk(story={"story": "<script>alert(1)</script>{{ 7*7 }}</textarea>"})
        assert "<script>alert(1)</script>{{ 7*7 }}" in page.text
        assert len(page.soup.select("script")) == 1

    def test_line_ends_and_empty_lines_are_kept(self, reporter: Reporter) -> None:
        page = reporter.walk(story={"story": "一\r\n二\r\n\r\n三"})
        assert str(page.soup.select_one(".summary")).count("<br/>") == 1
        assert '<p dir="auto">三</p>' in str(page.soup.select_one(".summary"))

    def test_more_than_a_form_may_hold_is_told_with_the_limit(self, reporter: Reporter) -> None:
        page = reporter.walk("story")
        refused = reporter.visitor.submit(page, "继续", 413, story="字" * 400_000)
        assert "1 MB" in refused.text

    def test_fields_nobody_asked_for_are_left_alone(self, reporter: Reporter) -> None:
        reporter.send(story={"story": "够了", "is_flagged": "1", "own_people": "y", "kind": "advice"})
        assert not Report.get().is_flagged
        assert Report.get().kind == "lead"

    @pytest.mark.parametrize("go", ["back", "language"])
    def test_a_draft_takes_little_more_than_may_be_sent(self, reporter: Reporter, go: str) -> None:
        page = reporter.walk("story")
        data = {**filled(page.form()), "go": go, "story": "字" * 100_000}
        reporter.visitor.post(reporter.address("story"), data)
        page = reporter.visitor.get(reporter.address("story"))
        assert len(typed(page, "story")) == LIMIT + 1_000
        refused = reporter.visitor.submit(page, page.soup.select_one("main button:not([name])").text, 422)
        assert "1,000" in refused.faults[0]


class TestTokensAndCookies:
    def test_an_old_token_costs_no_word(self, reporter: Reporter) -> None:
        page = reporter.walk("story")
        refused = reporter.visitor.submit(page, "继续", 422, story="写了很久", csrf_token="old")
        assert "填写的内容都还在" in refused.faults[0]
        assert typed(refused, "story").strip() == "写了很久"
        assert reporter.visitor.submit(refused, "继续").h1 == "涉及谁，有什么可以证明？"

    def test_an_old_token_at_the_last_button_asks_once_more(self, reporter: Reporter) -> None:
        page = reporter.walk()
        refused = reporter.visitor.submit(page, "提交举报", 422, csrf_token="old")
        assert reports() == 0
        assert len(code_on(reporter.visitor.submit(refused, "提交举报"))) == 24

    def test_without_a_token_nothing_is_written_anywhere(self, reporter: Reporter) -> None:
        reporter.walk()
        for part in ("", "kind", "check", "discard"):
            reporter.visitor.post(reporter.address(part), {}, 422)
        for path in ("/track", "/track/write", "/track/withdraw", "/track/recuse", "/track/close"):
            reporter.visitor.post(path, {}, 422)
        assert reports() == 0

    def test_cookies_that_are_off_are_told_before_a_word_is_typed(self, street: Street) -> None:
        somebody = street.somebody()
        page = somebody.visitor.get(somebody.address())
        somebody.visitor.client = street.app.test_client(use_cookies=False)
        refused = somebody.visitor.submit(page, "开始", 422)
        assert refused.h1 == "请先允许保存Cookie"
        assert "设置" in refused.text

    def test_once_cookies_are_allowed_the_same_page_starts(self, street: Street) -> None:
        somebody = street.somebody()
        page = somebody.visitor.get(somebody.address())
        somebody.visitor.client = street.app.test_client()
        refused = somebody.visitor.submit(page, "开始", 422)
        assert somebody.visitor.submit(refused, "开始").h1 == "您想反映什么？"

    def test_another_sites_page_cannot_press_our_buttons(self, reporter: Reporter) -> None:
        page = reporter.walk()
        data, headers = filled(page.form()), {"Sec-Fetch-Site": "cross-site"}
        reporter.visitor.post(reporter.address("check"), data, 403, headers=headers)
        assert reports() == 0

    def test_the_drafts_cookie_is_for_its_form_alone(self, reporter: Reporter) -> None:
        reporter.begin()
        cookie = reporter.visitor.client.get_cookie("w_draft", path=reporter.address())
        assert (cookie.http_only, cookie.same_site, cookie.max_age) == (True, "Strict", 3600)

    @pytest.mark.parametrize("secret", ["", "x", "字", "a" * 3000])
    def test_a_made_up_cookie_opens_nothing(self, reporter: Reporter, secret: str) -> None:
        client = reporter.visitor.client
        client.set_cookie("w_draft", secret, path=reporter.address())
        client.set_cookie("w_track", secret, path="/track")
        reporter.visitor.get(reporter.address("story"), 410)
        reporter.visitor.get(reporter.address("receipt"), 410)
        assert reporter.visitor.get("/track/report").h1 == "输入查询码"


@pytest.mark.on_both_databases
class TestTheDatabase:
    @pytest.fixture(autouse=True)
    def hasty(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(database, "BUSY_SECONDS", 1)

    @pytest.mark.parametrize("away_how", ["gone", "locked"])
    def test_one_that_is_away_says_come_again_and_carries_the_words(
        self, reporter: Reporter, office_url: str, away_how: str
    ) -> None:
        page = reporter.walk("story")
        with AWAY[away_how](office_url):
            away = reporter.visitor.submit(page, "继续", 503, story="写了很久" * 10)
            assert away.response.headers["Retry-After"]
            assert away.soup.select_one("label[for^=kept-]").get_text() == "发生了什么？"
        assert reporter.visitor.submit(away, "再提交一次").h1 == "涉及谁，有什么可以证明？"
        assert "写了很久" * 10 in reporter.visitor.get(reporter.address("check")).text

    @pytest.mark.parametrize("away_how", ["gone", "locked"])
    def test_one_that_is_away_at_the_last_button_has_one_report_in_the_end(
        self, reporter: Reporter, office_url: str, away_how: str
    ) -> None:
        page = reporter.walk()
        with AWAY[away_how](office_url):
            away = reporter.visitor.submit(page, "提交举报", 503)
            assert not away.soup.select("textarea")
        assert reports() == 0
        assert len(code_on(reporter.visitor.submit(away, "再提交一次"))) == 24
        assert reports() == 1


@contextmanager
def gone(url: str) -> Iterator[None]:
    """The database of this address cannot be reached."""
    close_all()
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        aside = path.rename(path.with_suffix(".away"))
        path.mkdir()
        yield
        path.rmdir()
        aside.rename(path)
        return
    spare_connections.end()
    name = urlsplit(url).path.removeprefix("/")
    with psycopg.connect(urlunsplit(urlsplit(url)._replace(path="/postgres")), autocommit=True) as server:
        server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        yield
        server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Somebody else holds what has to be written."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
        return
    with psycopg.connect(url) as other:
        other.execute("LOCK TABLE reporter_session IN ACCESS EXCLUSIVE MODE")
        yield


AWAY = {"gone": gone, "locked": locked}
