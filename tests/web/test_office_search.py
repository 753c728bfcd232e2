"""The pages of finding: words travel in a form alone, results have an address without them, and Back works."""

import logging

import pytest

from tests.builders import Filed
from tests.visiting import Visitor, words
from tests.web.officers import Desks
from tests.web.test_query_budgets import counted
from whistle.store.cases import Case, Opening

STORY = "窗口先收二百元押金，没有收据。"


@pytest.fixture
def filed(desks: Desks) -> Filed:
    return desks.office.assigned(story=STORY)


def search(visitor: Visitor, **typed: str):  # type: ignore[no-untyped-def]
    return visitor.submit(visitor.get("/office/search"), "查找", **typed)


def number(filed: Filed) -> str:
    return str(Case.get_by_id(filed.case).number)


def test_words_lead_to_lines_that_show_them_marked(desks: Desks, filed: Filed) -> None:
    page = search(desks.sit("officer"), text="收据 押金")
    assert page.h1 == "找到1件"
    assert [words(mark) for mark in page.soup.select("mark")] == ["押金", "收据"]
    assert words(page.soup.select_one(".found .says b")) == "经过"
    assert page.link(number(filed)).endswith(number(filed).replace("清访", "%E6%B8%85%E8%AE%BF"))


def test_no_word_stands_in_an_address_a_log_or_a_header(
    desks: Desks, filed: Filed, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    visitor = desks.sit("officer")
    form = visitor.get("/office/search")
    answer = visitor.client.post(
        "/office/search", data={"text": "押金", "csrf_token": form.form("查找").find("input")["value"]}
    )
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/office/search/found"
    assert "押金" not in f"{answer.headers}{caplog.text}"
    assert visitor.get("/office/search/found").h1 == "找到1件"
    assert "押金" not in caplog.text


def test_what_was_looked_for_comes_back_with_back_reload_and_another_language(
    desks: Desks, filed: Filed
) -> None:
    visitor = desks.sit("officer")
    search(visitor, text="押金", state="assessing")
    form = visitor.get("/office/search")
    assert form.soup.select_one("#text")["value"] == "押金"
    assert form.soup.select_one("#state option[selected]")["value"] == "assessing"
    for address in ("/office/search/found", "/office/search/found?page=1", "/office/search/found?page=x"):
        assert visitor.get(address).h1 == "找到1件"
    english = visitor.get("/office/search/found", headers={"Accept-Language": "en"})
    assert english.h1 in ("1 case found", "找到1件")


def test_results_of_nothing_lead_to_the_form(desks: Desks) -> None:
    assert desks.sit("officer").get("/office/search/found").h1 == "查找案件"


def test_what_a_reporter_wrote_is_shown_as_written(desks: Desks) -> None:
    desks.office.assigned(story='押金<script>alert(1)</script> <b>收据</b> & "x"')
    page = search(desks.sit("officer"), text="<script>alert(1) 收据")
    assert not page.soup.select("main script, .found .says span b")
    assert [words(mark) for mark in page.soup.select("mark")] == ["<script>alert(1)", "收据"]


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({}, "请至少填写一项，再查找"),
        ({"text": " 　"}, "请至少填写一项，再查找"),
        ({"text": "甲" * 201}, "最多200字，现在有201字，请删去1字"),
        ({"text": " ".join("甲乙丙丁戊己庚辛壬癸子")}, "最多10个词，请删去一些"),
        ({"received_from": "2026-09-02", "received_to": "2026-09-01"}, "结束的日期不能早于开始的日期"),
        ({"received_from": "昨天"}, "请按这样的格式填写日期：2026年11月23日"),
        ({"text": "押\x00金"}, "这里有看不见的控制字符，已经去掉。请核对后再提交一次"),
    ],
)
def test_what_cannot_be_looked_for_is_told_beside_its_box_and_stays(
    desks: Desks, typed: dict[str, str], fault: str
) -> None:
    visitor = desks.sit("officer")
    page = visitor.submit(visitor.get("/office/search"), "查找", status=422, **typed)
    assert page.faults == [fault]


@pytest.mark.parametrize("typed", [{"state": "nothing"}, {"unit": "'"}, {"officer": "999"}, {"clock": "x"}])
def test_a_choice_that_is_none_counts_for_nothing(desks: Desks, filed: Filed, typed: dict[str, str]) -> None:
    assert search(desks.sit("officer"), text="押金", **typed).h1 == "找到1件"


def test_without_words_the_list_shows_no_line_and_opens_nothing(desks: Desks, filed: Filed) -> None:
    page = search(desks.sit("deputy"), state="assessing")
    assert page.h1 == "找到1件"
    assert not page.soup.select(".found .says")
    assert not Opening.select().exists()


def test_nothing_found_says_so_and_how_to_go_on(desks: Desks, filed: Filed) -> None:
    page = search(desks.sit("officer2"), text="押金")
    assert page.h1 == "找到0件"
    assert "只在你能打开的案件里找文字" in page.text


def test_a_number_leads_to_its_case_and_an_unknown_one_to_the_list(desks: Desks, filed: Filed) -> None:
    visitor = desks.sit("officer")
    for typed in (number(filed), "1", "0001"):
        assert visitor.get("/office/search/number", query_string={"go-number": typed}).h1 == number(filed)
    for typed in ("77", "", "<b>", "甲" * 300):
        page = visitor.get("/office/search/number", query_string={"go-number": typed})
        assert page.h1 == "工作台"
    assert visitor.get("/office/desk").soup.select_one("#go-number")


def test_a_search_asks_the_same_of_many_cases_as_of_few(desks: Desks, filed: Filed) -> None:
    visitor = desks.sit("deputy")
    search(visitor, text="押金")
    with counted() as few:
        visitor.get("/office/search/found")
    for _ in range(4):
        desks.office.assigned(story="路灯坏了。")
    visitor.get("/office/search/found")
    with counted() as many:
        visitor.get("/office/search/found")
    assert len(many) == len(few)
    assert len(few) <= 60
