"""The desk: which cases it shows to whom, filters as removable links, paging, what is said where nothing is."""

import datetime as dt
from urllib.parse import quote

import pytest

from tests.builders import MONDAY
from tests.visiting import Visitor, words
from tests.web.officers import Desks
from whistle import clock
from whistle.services import accounts, admissions, assignment
from whistle.services.casework import approvals
from whistle.services.casework import desk as service
from whistle.store.cases import Proposal
from whistle.store.channels import Channel


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


def test_on_a_day_off_after_its_due_day_a_report_is_overdue_and_not_due_today(desks: Desks) -> None:
    with clock.at(MONDAY + dt.timedelta(days=3)):
        filed = desks.office.file()
    for day, said in ((4, "今天到期"), (5, "已超期"), (6, "已超1个工作日")):  # a Sunday that is worked
        with clock.at(MONDAY + dt.timedelta(days=day)):
            intake = desks.sit("intake")
            desk = intake.get("/office/desk")
            assert f"2026年9月18日 {said} " in rows(desk)[0]
            assert ("已超期1件" in desk.text) == (day > 4)
            assert ("red" in desk.soup.select_one("tbody .clock")["class"]) == (day > 4)
            assert said in words(intake.get(desks.url(filed)).soup.select_one(".clock"))


def test_a_day_beyond_the_published_calendar_is_marked_wherever_it_stands(desks: Desks) -> None:
    desks.office.accepted()
    with clock.at(MONDAY + dt.timedelta(days=85)):
        desks.office.accepted()
        deputy = desks.sit("deputy")
        known, unknown = sorted(rows(deputy.get("/office/desk?view=open")), key=lambda row: "2027年" in row)
        assert "2027年1月8日 暂计 还剩" in unknown
        assert "暂计" not in known
        assert "2027年1月8日 暂计" in words(deputy.get("/office/board").soup.select_one(".board"))


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
        "older=0.----------.----------.000000000000000000000000",
        "sort=none",
        "sort=due&older=1.2026-01-01.x",
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


@pytest.mark.parametrize("sort", ["", "due", "received"])
def test_every_order_goes_on_without_a_gap_and_back(
    desks: Desks, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    named = {"identity": "named", "name": "张某", "contact": "电话"}
    for day in range(6):
        with clock.at(MONDAY + dt.timedelta(days=day % 3)):
            desks.office.file(**(named if day % 2 else {}))
    desks.office.accepted()
    ended = desks.classified(**named)
    desks.office.act(ended.case, "decline", "intake", reason="court", message="请向法院起诉。")
    desks.office.approve("deputy")
    filters = service.DeskFilters(view="all", sort=sort)
    whole = [row.ref for row in service.list_cases(desks.office["intake"], filters).rows]
    assert len(set(whole)) == 8
    monkeypatch.setattr(service, "PAGE_SIZE", 3)
    page, pages = service.list_cases(desks.office["intake"], filters), []
    while True:
        pages.append(page)
        if page.older is None:
            break
        page = service.list_cases(desks.office["intake"], filters, older=page.older)
    assert [row.ref for page in pages for row in page.rows] == whole
    back = service.list_cases(desks.office["intake"], filters, newer=pages[-1].newer)
    assert [row.ref for row in back.rows] == [row.ref for row in pages[-2].rows]
    assert back.older is not None


def test_what_is_due_first_stands_first_and_ended_cases_last(desks: Desks) -> None:
    with clock.at(MONDAY + dt.timedelta(days=3)):
        late = desks.office.file()
    early = desks.office.file()
    ended = desks.classified()
    desks.office.act(ended.case, "decline", "intake", reason="court", message="请向法院起诉。")
    desks.office.approve("deputy")
    by = desks.office["intake"]
    refs = [row.ref for row in service.list_cases(by, service.DeskFilters(view="all")).rows]
    assert refs[:2] == [early.case, late.case]
    newest = service.list_cases(by, service.DeskFilters(view="all", sort="received")).rows[0]
    assert newest.ref == late.case


def test_orders_are_links_that_keep_the_filters(desks: Desks) -> None:
    desks.office.file()
    intake = desks.sit("intake")
    page = intake.get(intake.get("/office/desk?kind=lead").link("到期日"))
    assert "kind=lead" in page.response.request.query_string.decode()
    assert words(page.soup.select_one(".sorts [aria-current]")) == "到期日"
    assert page.soup.select_one(".filter input[name=sort]")["value"] == "due"


def test_what_is_late_and_what_is_due_today_lead_to_their_lists(desks: Desks) -> None:
    desks.office.file()
    with clock.at(MONDAY + dt.timedelta(days=1)):
        intake = desks.sit("intake")
        page = intake.get(intake.get("/office/desk").link("今天到期1件"))
        assert len(rows(page)) == 1
        assert "今天到期" in rows(page)[0]
    with clock.at(MONDAY + dt.timedelta(days=2)):
        intake = desks.sit("intake")
        page = intake.get("/office/desk")
        assert "今天到期1件" not in page.text
        assert len(rows(intake.get(page.link("已超期1件")))) == 1


def test_new_rows_say_whether_this_person_read_them_and_where_they_came_from(desks: Desks) -> None:
    read, _new = desks.office.file(), desks.office.file()
    intake = desks.sit("intake")
    intake.get(desks.url(read))
    shown = {a["href"]: " ".join(a.find_parent("tr").get_text().split()) for a in links(intake)}
    assert "已读" in shown[desks.url(read)]
    assert [text for href, text in shown.items() if "未读" in text and href != desks.url(read)]
    place = Channel.get().place
    assert words(links(intake)[0]) == f"未编号：2026年9月14日收到 {place}"
    assert all("未读" in words(a.find_parent("tr")) for a in links(desks.sit("intake2")))


def links(visitor):
    return visitor.get("/office/desk").soup.select("tbody a")


# What waits


def test_a_deputy_finds_what_waits_for_assignment(desks: Desks) -> None:
    accepted = desks.office.accepted()
    desks.office.assigned()
    desks.office.file()
    deputy = desks.sit("deputy")
    page = deputy.get(deputy.get("/office/desk").link("1件等你指派"))
    assert [str(a["href"]) for a in page.soup.select("tbody a")] == [quote(desks.url(accepted))]
    assert "等你指派" not in desks.sit("intake").get("/office/desk").text


def test_cases_of_an_officer_who_left_are_named_until_they_are_handed_over(desks: Desks) -> None:
    desks.office.assigned()
    office = desks.office
    accounts.deactivate(office["admin"], office["officer"].person_id)
    deputy = desks.sit("deputy")
    assert "1件案件的承办人已停用，请移交" in deputy.get("/office/desk").text
    assignment.hand_over(
        office["deputy"], office["officer"].person_id, office["officer2"].person_id, "调离。"
    )
    assert "承办人已停用" not in deputy.get("/office/desk").text


def test_an_officer_with_a_new_key_is_told_what_waits_and_so_is_the_deputy(desks: Desks) -> None:
    filed = desks.office.assigned()
    office, number = desks.office, desks.office["officer"].person_id
    link = accounts.reinvite(office["admin"], number)
    password = "qiezi-7-lundun-fengche-mi"
    accounts.finish_activation(accounts.start_activation(link, password), "")
    (waiting,) = admissions.waiting(office["deputy"])
    admissions.admit(office["deputy"], waiting.key_id, waiting.short_code)
    officer, deputy = Visitor(desks.app), desks.sit("deputy")
    officer.submit(officer.get("/office/sign-in"), "登录", user_name="officer", password=password)
    assert "1件案件等分管领导重新交付密钥" in officer.get("/office/desk").text
    assert deputy.get("/office/desk").link("1件案件的承办人打不开") == "/office/hand-over"
    assert "把密钥重新交付给本人" in deputy.get(desks.url(filed)).text
    assignment.hand_over(office["deputy"], number, number, "换了密钥。")
    assert "打不开" not in deputy.get("/office/desk").text
    page = officer.get("/office/desk")
    assert "重新交付" not in page.text
    assert len(rows(page)) == 1


def test_views_count_what_is_in_them_and_late_ones_are_named(desks: Desks) -> None:
    desks.office.file()
    desks.office.accepted()
    page = desks.sit("intake").get("/office/desk")
    assert [a.get_text().strip() for a in page.soup.select(".tabs a")] == [
        "新举报（1）",
        "办理中（1）",
        "已结束（0）",
        "档案（0）",
        "全部（2）",
    ]


def test_tabs_count_what_the_filters_leave(desks: Desks) -> None:
    desks.office.file()
    desks.office.accepted()
    desks.office.assigned()
    page = desks.sit("deputy").get("/office/desk?view=open&officer=nobody")
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
    assert "起等待沈分管或者高主任批准" in row
    assert "1封新来信" in row
    page = desks.sit("deputy").get("/office/desk")
    assert "有1项等你批准" in page.text


def test_who_proposed_sees_on_the_desk_that_it_was_sent_back(desks: Desks) -> None:
    filed, noise = desks.classified(), desks.classified()
    for case in (filed.case, noise.case):
        desks.office.act(case, "decline", "intake", reason="not_ours", message="请向市场监管部门反映。")
    approvals.send_back(
        desks.office["deputy"], Proposal.get(Proposal.case == filed.case).id, "请写清楚电话。"
    )
    intake = desks.sit("intake")
    page = intake.get("/office/desk")
    assert ["报批被退回" in row for row in rows(page)].count(True) == 1
    page = intake.get(page.link("1项报批被退回"))
    assert [str(a["href"]) for a in page.soup.select("tbody a")] == [quote(desks.url(filed))]
    assert "已选" in page.text
    for who in ("intake2", "deputy"):
        assert (
            "报批被退回"
            not in desks.sit(who)
            .get("/office/desk?view=all")
            .soup.select_one("main ul.waits, main tbody")
            .get_text()
        )
    desks.office.act(filed.case, "accept", "intake")
    assert (
        "报批被退回"
        not in intake.get("/office/desk?view=all").soup.select_one("main ul.waits, main tbody").get_text()
    )


def test_after_a_departure_the_desk_says_that_keys_are_to_be_renewed(desks: Desks) -> None:
    filed = desks.office.assigned("officer")
    accounts.deactivate(desks.office["admin"], desks.office["officer"].person_id)
    deputy = desks.sit("deputy")
    page = deputy.get("/office/desk?view=all")
    assert "1件案件需要更换密钥" in page.text
    assert "待换密钥" in rows(page)[0]
    deputy.get(desks.url(filed))
    assert "需要更换密钥" not in deputy.get("/office/desk").text
