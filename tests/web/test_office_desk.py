"""The desk: which cases it shows to whom, filters as removable links, paging, what is said where nothing is."""

import pytest

from tests.web.officers import Desks
from whistle.services import accounts
from whistle.services.casework import desk as service


def rows(page) -> list[str]:
    return [" ".join(row.get_text().split()) for row in page.soup.select("tbody tr")]


def test_new_reports_stand_on_the_desk_real_names_first(desks: Desks) -> None:
    desks.classified(identity="named", name="张某", contact="电话")
    desks.office.file()
    page = desks.sit("intake").get("/office/desk")
    first, second = rows(page)
    assert "实名" in first
    assert "清访2026-000001" in first
    assert "未编号" in second
    assert "还剩1个工作日" in second
    assert "张某" not in page.text


def test_an_empty_desk_says_what_would_be_here(desks: Desks) -> None:
    intake = desks.sit("intake")
    assert "举报人扫码提交后，新举报会出现在这里" in intake.get("/office/desk").text
    desks.office.file()
    page = intake.get("/office/desk?kind=petition")
    assert "没有符合条件的案件" in page.text
    assert rows(intake.get(page.link("清除筛选条件")))


def test_filters_stand_in_the_address_and_go_away_one_by_one(desks: Desks) -> None:
    desks.classified()
    desks.office.file(kind="petition", identity="named", name="张某", contact="电话")
    intake = desks.sit("intake")
    page = intake.get("/office/desk?view=all&kind=petition&named=y")
    assert len(rows(page)) == 1
    assert [a.get_text().strip() for a in page.soup.select(".chosen li a")] == [
        "去掉：事项类型：求决 ×",
        "去掉：只看实名 ×",
        "全部清除",
    ]
    assert "kind=petition" not in page.link("去掉：事项类型")
    assert "named=y" in page.link("去掉：事项类型")
    assert len(rows(intake.get(page.link("全部清除")))) == 2


@pytest.mark.parametrize(
    "query",
    [
        "view=none",
        "kind=none",
        "state=%00",
        "officer=99999999999999999999",
        "older=x",
        "older=0.2026-01-01%00.x",
        "newer=1.9.9",
        "unit='",
        "endpoint=x",
        "_scheme=javascript&_external=1&_anchor=x",
    ],
)
def test_a_query_that_means_nothing_is_no_error(desks: Desks, query: str) -> None:
    desks.office.file()
    page = desks.sit("intake").get(f"/office/desk?{query}")
    assert page.h1 == "工作台"
    assert all(str(a["href"]).startswith("/office/desk") for a in page.soup.select(".tabs a"))


def test_long_lists_go_on_by_older_and_newer(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "PAGE_SIZE", 2)
    for _ in range(5):
        desks.office.file()
    intake = desks.sit("intake")
    page, seen = intake.get("/office/desk"), []
    for _ in range(3):
        seen += [str(a["href"]) for a in page.soup.select("tbody a")]
        older = page.soup.select_one(".pager a[rel=next]")
        page = intake.get(str(older["href"])) if older else page
    assert len(set(seen)) == 5
    back = intake.get(page.link("较新"))
    assert [str(a["href"]) for a in back.soup.select("tbody a")] == seen[2:4]


def test_views_count_what_is_in_them_and_late_ones_are_named(desks: Desks) -> None:
    desks.office.file()
    desks.office.accepted()
    page = desks.sit("intake").get("/office/desk")
    assert [a.get_text().strip() for a in page.soup.select(".tabs a")] == [
        "新举报（1）",
        "办理中（1）",
        "已结束（0）",
        "全部（2）",
    ]


def test_a_deputy_sees_the_line_but_opens_only_what_was_given(desks: Desks) -> None:
    new, accepted = desks.classified(), desks.office.accepted()
    deputy = desks.sit("deputy")
    page = deputy.get("/office/desk?view=all")
    assert [str(a["href"]) for a in page.soup.select("tbody a")]
    assert desks.url(accepted).rpartition("-")[2] in str(page.soup.select("tbody a")[0]["href"])
    assert len(rows(page)) == 2
    deputy.get(desks.url(new), 403)
    assert len(rows(deputy.get("/office/desk?officer=nobody"))) == 2


def test_an_officer_sees_the_own_cases_alone(desks: Desks) -> None:
    desks.office.file()
    desks.office.assigned("officer")
    assert len(rows(desks.sit("officer").get("/office/desk"))) == 1
    assert "受理以后、办结以前的案件会出现在这里" in desks.sit("officer2").get("/office/desk").text


def test_what_waits_and_what_was_written_stands_in_the_row(desks: Desks) -> None:
    from whistle.services import tracking

    filed = desks.classified()
    desks.office.act(filed.case, "decline", "intake", reason="not_ours", message="请向市场监管部门反映。")
    tracking.write(desks.office.visit(filed), "还有一件事。", "n1")
    (row,) = rows(desks.sit("intake").get("/office/desk"))
    assert "起等待沈分管或高主任批准" in row
    assert "1封新来信" in row
    page = desks.sit("deputy").get("/office/desk")
    assert "有1项等你批准" in page.text


def test_after_a_departure_the_desk_says_that_keys_are_to_be_renewed(desks: Desks) -> None:
    filed = desks.office.assigned("officer")
    accounts.deactivate(desks.office["admin"], desks.office["officer"].person_id)
    deputy = desks.sit("deputy")
    page = deputy.get("/office/desk?view=all")
    assert "1件案件需要更换密钥" in page.text
    assert "待换密钥" in rows(page)[0]
    deputy.get(desks.url(filed))
    assert "需要更换密钥" not in deputy.get("/office/desk").text
