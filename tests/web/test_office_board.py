"""The board in the browser: cells that lead to their lists, cards to their cases, and nothing that changes anything."""

from urllib.parse import quote

import pytest

from tests.visiting import words
from tests.web.officers import Desks
from tests.web.test_office_desk import rows
from whistle.services.casework import board as service
from whistle.store.cases import Case
from whistle.store.units import Unit


def cards(page) -> list[str]:
    return [words(card) for card in page.soup.select(".cards li")]


def test_each_cell_leads_to_a_list_of_as_many_cases(desks: Desks) -> None:
    for _ in range(2):
        desks.office.assigned("officer")
    Case.update(unit=Unit.get()).where(Case.id == desks.office.accepted().case).execute()
    desks.classified(kind="petition")
    desks.office.file()
    deputy = desks.sit("deputy")
    for query, total in (("", 5), ("?kind=petition", 1), ("?officer=nobody", 3)):
        page = deputy.get(f"/office/board{query}")
        assert f"在办案件{total}件" in page.text
        links = page.soup.select(".board td p a")
        assert links
        for link in links:
            assert f"{len(rows(deputy.get(str(link['href']))))}件" == words(link).partition("：")[0]


def test_cards_lead_to_the_cases_one_may_open_and_show_nothing_of_a_report(desks: Desks) -> None:
    own = desks.office.assigned("officer", identity="named", name="张某", contact="电话")
    desks.office.file()
    page = desks.sit("deputy").get("/office/board")
    assert [str(a["href"]) for a in page.soup.select(".cards a")] == [quote(desks.url(own))]
    assert any("未编号" in card for card in cards(page))
    assert any("实名" in card and "周承办" in card for card in cards(page))
    assert "张某" not in page.text
    assert not page.soup.select("main form[method=post]")


def test_a_board_that_is_open_while_cases_move_harms_nothing(desks: Desks) -> None:
    moved, taken = desks.office.assigned("officer"), desks.office.assigned("officer")
    officer = desks.sit("officer")
    page = officer.get("/office/board")
    links = [str(a["href"]) for a in page.soup.select(".cards a")]
    assert set(links) == {quote(desks.url(moved)), quote(desks.url(taken))}
    office = desks.office
    office.act(taken.case, "assign", "deputy", person=office["officer2"].person_id)
    office.act(moved.case, "to_oversight", "officer", reason="涉及本机关人员。")
    for address in links:
        officer.get(address, 404)
    assert "你能看到的在办案件会按单位和环节列在这里" in officer.get("/office/board").text


def test_units_that_do_not_fit_are_on_the_next_page(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "ROWS", 1)
    Case.update(unit=Unit.get()).where(Case.id == desks.office.file().case).execute()
    desks.office.file()
    intake = desks.sit("intake")
    page = intake.get("/office/board")
    assert "第1页，共2页" in page.text
    second = intake.get(page.link("下一页"))
    assert "单位未登记" in second.text
    assert second.link("上一页")


@pytest.mark.parametrize(
    "query",
    ["unit=none", "unit='", "officer=x", "kind=x", "page=-1", "page=x", "page=" + "9" * 30, "_external=1"],
)
def test_a_query_that_means_nothing_is_no_error(desks: Desks, query: str) -> None:
    desks.office.file()
    assert desks.sit("intake").get(f"/office/board?{query}").h1 == "挂图作战"


def test_filters_go_away_one_by_one_and_an_empty_board_says_what_would_be_on_it(desks: Desks) -> None:
    desks.office.file()
    intake = desks.sit("intake")
    page = intake.get("/office/board?kind=petition&officer=nobody")
    assert "没有符合条件的案件" in page.text
    page = intake.get(page.link("去掉：事项类型"))
    assert "在办案件1件" in page.text
    assert [words(a) for a in page.soup.select(".chosen a")] == ["去掉：承办人：未指派 ×", "全部清除"]
