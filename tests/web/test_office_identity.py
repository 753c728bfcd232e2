"""Pages of a real-name contact: asked for and looked at on the case, answered by who keeps the other half."""

import pytest

from tests.builders import Filed
from tests.visiting import Page
from tests.web.officers import Desks
from whistle.services.casework import identity_asking, identity_giving
from whistle.store.cases import Case
from whistle.store.reports import IdentityAsking, IdentityLook

NAMED = {"identity": "named", "name": "澹台明镜", "contact": "13800004242"}
WHY = "要打电话告知受理情况"


@pytest.fixture
def filed(desks: Desks) -> Filed:
    return desks.office.assigned(**NAMED)


def here(desks: Desks, filed: Filed, part: str = "") -> str:
    return desks.url(filed, f"/identity/{filed.report}{part}")


def holds_name(page: Page) -> bool:
    return NAMED["name"] in page.text or NAMED["contact"] in page.text


def test_from_asking_to_looking_and_no_address_leads_to_the_name(desks: Desks, filed: Filed) -> None:
    officer, holder = desks.sit("officer"), desks.sit("reviewer")
    page = officer.get(desks.url(filed))
    assert "拆成两半密封" in page.text
    page = officer.get(page.link("申请查看"))
    page = officer.submit(page, "申请查看", reason=WHY)
    assert "申请已交给实名信息的保管人" in page.text
    assert "等待郑审理或者孙审理决定" in page.text
    page = holder.get("/office/desk")
    assert page.link("实名信息（1）") == "/office/identity"
    page = holder.get(page.link("有1件查看实名信息的申请等你决定"))
    page = holder.get(page.link("查看并决定"))
    assert WHY in page.text
    page = holder.submit(page, "同意", length="day")
    assert "已同意，到时自动结束" in page.text
    assert "你同意的，还没有到期" in page.text
    page = officer.get(officer.get(desks.url(filed)).link("查看姓名和联系方式"))
    assert "请再核对一次" in page.text
    assert not holds_name(page)
    assert not IdentityLook.select().exists()
    page = officer.submit(page, "查看姓名和联系方式")
    assert holds_name(page)
    assert "never-printed" in str(page.soup)
    assert IdentityLook.select().count() == 1
    officer.get(here(desks, filed, "/look"), 405)
    for part in ("", "/messages", "/record", f"/identity/{filed.report}"):
        assert not holds_name(officer.get(desks.url(filed, part))), part
    record = officer.get(desks.url(filed, "/record")).text
    assert "谁申请查看实名信息" in record
    assert "郑审理同意" in record
    assert not holds_name(holder.get("/office/identity"))


def test_a_faulty_answer_keeps_what_was_typed_and_a_refusal_is_read_by_who_asked(
    desks: Desks, filed: Filed
) -> None:
    officer, holder = desks.sit("officer"), desks.sit("reviewer")
    assert "请写明为什么要看" in officer.submit(officer.get(here(desks, filed)), "申请查看", 422).text
    officer.submit(officer.get(here(desks, filed)), "申请查看", reason=WHY)
    address = f"/office/identity/{IdentityAsking.get().id}"
    page = holder.submit(holder.get(address), "同意", 422)
    assert "请选择让对方看多久" in page.text
    page = holder.submit(holder.get(address), "不同意", 422)
    assert "请写明为什么不同意" in page.text
    page = holder.submit(holder.get(address), "不同意", words="先在系统里留言")
    assert "没有等你决定的申请" in page.text
    assert "先在系统里留言" in officer.get(desks.url(filed)).text
    assert "这件申请已经有了结果" in holder.get(address, 409).text


def test_what_was_granted_is_ended_by_either_and_the_button_then_says_so(desks: Desks, filed: Filed) -> None:
    office = desks.office
    officer, holder = desks.sit("officer"), desks.sit("reviewer")
    identity_asking.ask(office["officer"], filed.case, filed.report, WHY)
    identity_giving.give(office["reviewer"], IdentityAsking.get().id, "day")
    before = officer.get(here(desks, filed))
    holder.submit(holder.get("/office/identity"), "提前收回")
    assert "现在不能查看" in officer.submit(before, "查看姓名和联系方式", 409).text
    page = officer.get(here(desks, filed))
    assert "由本人收回" in page.text
    page = officer.submit(page, "申请查看", reason=WHY)
    page = officer.submit(officer.get(here(desks, filed)), "收回申请")
    assert "已结束，要再看就重新申请" in page.text


def test_only_who_keeps_halves_has_the_entry(desks: Desks) -> None:
    shown = {
        who: bool(desks.sit(who).get("/office/account").soup.select('nav a[href="/office/identity"]'))
        for who in ("reviewer", "officer", "head", "oversight", "admin")
    }
    assert shown == {"reviewer": True, "officer": False, "head": False, "oversight": True, "admin": False}


def test_the_form_of_notice_says_how_one_comes_to_the_contact(desks: Desks, filed: Filed) -> None:
    office = desks.office
    officer = desks.sit("officer")
    form = desks.url(filed, "/do/give_notice")
    assert "电话、信函、当面告知要用联系方式，先在案件的“实名信息”里申请查看" in officer.get(form).text
    identity_asking.ask(office["officer"], filed.case, filed.report, WHY)
    identity_giving.give(office["reviewer"], IdentityAsking.get().id, "day")
    assert "在案件的“实名信息”里看" in officer.get(form).text
    office.act(filed.case, "to_oversight", "deputy", reason="涉及本机关人员")
    there = f"/office/cases/{Case.get_by_id(filed.case).number}/do/give_notice"
    assert "联系方式已经没有人打得开" in desks.sit("oversight").get(there).text


def test_the_auditor_reads_who_looked_and_no_name(desks: Desks, filed: Filed) -> None:
    office = desks.office
    auditor = desks.sit("auditor")
    assert "还没有人看过实名信息" in auditor.get("/audit/identity").text
    identity_asking.ask(office["officer"], filed.case, filed.report, WHY)
    identity_giving.give(office["reviewer"], IdentityAsking.get().id, "day")
    identity_asking.look(office["officer"], filed.case, filed.report)
    page = auditor.get("/audit/identity")
    (row,) = page.soup.select("tbody tr")
    assert "周承办" in row.get_text()
    assert "1次" in row.get_text()
    assert not holds_name(page)
    assert WHY not in page.text
