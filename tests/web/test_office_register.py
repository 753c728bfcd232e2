"""The page of the register: what came otherwise is written down, a code handed over once, and nothing typed is lost."""

from typing import Any

import pytest

from tests.visiting import Page, Visitor, words
from tests.web.officers import Desks
from whistle.services import desks as service
from whistle.services import units
from whistle.store.cases import Case, CaseEvent
from whistle.store.channels import Channel
from whistle.store.desks import Desk
from whistle.store.reports import Report

STORY = "来访的人说，窗口让他跑了四趟，每次说的都不一样。"
FILLED: dict[str, Any] = {
    "origin": "visit",
    "received_on": "2026年9月11日",
    "kind": "lead",
    "problem": "refused",
    "unit": "unknown",
    "story": STORY,
    "identity": "anonymous",
}


def write_down(visitor: Visitor, status: int = 200, **more: Any) -> Page:
    return visitor.submit(visitor.get("/office/register"), "登记", status, **{**FILLED, **more})


def test_a_visit_is_written_down_and_leads_on_to_its_case(desks: Desks) -> None:
    page = write_down(desks.sit("intake"), people="钱窗口")
    assert page.h1 == "未编号的举报"
    assert "已接收登记" in page.text
    assert "2026年9月11日收到，来源：来访" in page.text
    assert STORY in page.text
    record = desks.sit("intake2").get(f"/office/new/{Case.get().id}/record")
    assert "林受理" in record.text


def test_the_register_is_in_the_menu_of_who_takes_in_and_of_nobody_else(desks: Desks) -> None:
    assert "登记来件" in words(desks.sit("intake").get("/office/desk").soup.select_one("nav.menu"))
    assert "登记来件" not in words(desks.sit("deputy").get("/office/desk").soup.select_one("nav.menu"))
    desks.sit("officer").get("/office/register", 403)


def test_a_code_is_shown_once_and_opens_the_tracking_page(desks: Desks) -> None:
    intake = desks.sit("intake")
    page = write_down(intake, wants_code="y")
    assert page.h1 == "已经登记"
    code = words(page.soup.select_one("#receipt-code"))
    assert len(code.replace(" ", "")) == 24
    assert page.response.headers["Cache-Control"] == "no-store"
    assert intake.get("/office/register/receipt", 410).h1 == "这里已经没有查询码"
    assert intake.get(page.link("已经交给本人")).h1 == "未编号的举报"
    reporter = Visitor(desks.app)
    tracked = reporter.submit(reporter.get("/track"), "查询", code=code)
    assert "2026年9月11日收到" in tracked.text


def test_another_officer_does_not_get_the_code(desks: Desks) -> None:
    intake, other = desks.sit("intake"), desks.sit("intake2")
    form = intake.get("/office/register")
    answer = intake.client.post(
        "/office/register",
        data={**_hidden(form), **FILLED, "desk": "1", "wants_code": "y"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status_code == 303
    cookie = intake.client.get_cookie("w_receipt", path="/office/register/receipt")
    assert cookie is not None
    other.client.set_cookie("w_receipt", cookie.value, path="/office/register/receipt")
    other.get("/office/register/receipt", 410)


def _hidden(page: Page) -> dict[str, Any]:
    return {box["name"]: box.get("value", "") for box in page.form("登记").select("input[type=hidden]")}


def test_what_concerns_own_people_is_gone_for_who_wrote_it_down(desks: Desks) -> None:
    intake = desks.sit("intake")
    page = write_down(intake, own_people="y", wants_code="y")
    assert page.h1 == "登记来件"
    assert "已密封交给监督小组" in page.text
    assert STORY not in page.response.text
    intake.get(f"/office/new/{Case.get().id}", 404)
    intake.get("/office/register/receipt", 410)
    assert "未读" in desks.sit("oversight").get("/office/desk").text


def test_where_nobody_could_open_it_nothing_is_kept_but_what_was_typed_stays(desks: Desks) -> None:
    desk = Desk.get(Desk.kind == "oversight")
    service.end_seat(desks.office["oversight"], desk.id, desks.office["oversight2"].person_id)
    intake = desks.sit("intake")
    assert "监督小组还没有就绪" in intake.get("/office/register").text
    page = write_down(intake, 422, own_people="y")
    assert "没有保存" in page.faults[0]
    assert STORY in page.text
    assert not Case.select().exists()


BAD: tuple[tuple[dict[str, Any], str], ...] = (
    ({"origin": ""}, "请选择来源"),
    ({"received_on": ""}, "请填写收到的日期"),
    ({"received_on": "2026年13月1日"}, "日历上没有这一天"),
    ({"received_on": "2026年9月15日"}, "请填今天或者以前的日期"),
    ({"received_on": "2020年1月1日"}, "请填2024年1月1日或者以后的日期"),
    ({"received_on": "2026年3月1日"}, "收到日期是三个月以前"),
    ({"origin": "superior"}, "请写明是哪个机关转来的"),
    ({"kind": ""}, "请选择事项类型"),
    ({"problem": ""}, "请选择问题类型"),
    ({"unit": ""}, "请选择单位，不清楚就选"),
    ({"identity": ""}, "请选择匿名还是实名"),
    ({"identity": "named"}, "请填写举报人的姓名"),
    ({"identity": "named", "name": "李四"}, "请填写能联系到举报人"),
    ({"persons_shut_out": "某" * 201}, "最多200字"),
)


def test_bad_input_names_what_is_missing_and_keeps_what_was_typed(desks: Desks) -> None:
    code = desks.office.file().code
    intake = desks.sit("intake")
    for what, message in (*BAD, ({"proof": f"他的查询码是{code}"}, "这里有一个查询码")):
        page = write_down(intake, 422, **what)
        assert any(message in fault for fault in page.faults), (what, page.faults)
        assert STORY in page.text
    assert "请写明举报人反映的经过" in write_down(intake, 422, story="").faults[0]
    assert Report.select().count() == 1


def test_a_day_of_long_ago_is_taken_once_the_officer_says_that_it_is_right(desks: Desks) -> None:
    intake = desks.sit("intake")
    page = write_down(intake, 422, received_on="2026年3月1日", origin="letter")
    assert page.soup.select_one("#is_long_ago") is not None
    assert "2026年3月1日收到" in intake.submit(page, "登记", is_long_ago="y").text


def test_a_form_sent_twice_is_one_report(desks: Desks) -> None:
    intake = desks.sit("intake")
    form = intake.get("/office/register")
    intake.submit(form, "登记", **FILLED)
    assert intake.submit(form, "登记", 409, **FILLED).h1 == "这一份已经提交过了"
    assert Report.select().count() == 1


def test_a_member_without_a_desk_is_told_who_gives_one(desks: Desks) -> None:
    service.end_seat(desks.office["admin"], 1, desks.office["intake"].person_id)
    assert "你还没有坐在受理台" in desks.sit("intake").get("/office/register").text


def test_what_a_higher_body_sent_says_so_on_the_record(desks: Desks) -> None:
    page = write_down(desks.sit("intake"), origin="superior", sender="市纪委〔2026〕12号", kind="petition")
    assert "转交件受理或异议" in page.text
    event = CaseEvent.get(CaseEvent.action == "receive")
    assert event.facts["from_superior"] is True
    record = desks.sit("intake").get(f"/office/new/{event.case_id}/record")
    assert "市纪委〔2026〕12号" in record.text


@pytest.mark.parametrize("address", ["/office/register", "/office/register/receipt"])
def test_strangers_are_asked_to_sign_in(desks: Desks, address: str) -> None:
    assert Visitor(desks.app).get(address).h1 == "登录"


def test_a_channel_is_offered_with_its_unit(desks: Desks) -> None:
    page = desks.sit("intake").get("/office/register")
    channel = Channel.get()
    (offered,) = page.soup.select(f"select[name=channel] option[value='{channel.id}']")
    assert words(offered) == f"{channel.name}（{units.names_of({channel.unit_id})[channel.unit_id][0]}）"
