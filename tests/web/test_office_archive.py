"""The archive in officers' browsers: what lies there, a loan from wish to return, and an administrator's desk."""

import pytest

from tests.stages import archived, closed
from tests.visiting import words
from tests.web.officers import Desks
from whistle.store.cases import Case
from whistle.store.desks import Desk


def rows(page) -> list[str]:
    return [" ".join(row.get_text().split()) for row in page.soup.select("tbody tr")]


def tabs(page) -> list[str]:
    return [words(link).partition("（")[0] for link in page.soup.select(".tabs a")]


def test_a_case_goes_out_of_the_archive_and_comes_back(desks: Desks) -> None:
    filed = archived(desks.office)
    keeper, other, borrower = desks.sit("intake2"), desks.sit("intake"), desks.sit("head")
    lend = keeper.get(desks.url(filed, "/do/lend"))
    assert "这一步须经档案台另一位成员同意" in lend.text
    names = [words(option) for option in lend.soup.select("select[name=person] option")]
    assert "高主任（主要负责人）" in names
    assert not any("特邀" in name or "监督" in name for name in names)
    assert "请选择借阅人" in keeper.submit(lend, "报批：调卷", 422, reason="复查", until="").text
    person = str(desks.office["head"].person_id)
    asked = {"person": person, "reason": "上级要求复查", "until": "2026年10月14日"}
    assert "等待林受理批准" in keeper.submit(lend, "报批：调卷", **asked).text
    assert "有1项等你批准" in other.get("/office/desk").text
    page = other.get(other.get("/office/approvals").link("查看并决定"))
    assert "高主任" in page.text
    assert "上级要求复查" in page.text
    other.submit(page, "同意")
    assert "高主任借阅，到2026年10月14日" in rows(keeper.get("/office/desk?view=archive"))[0]
    page = borrower.get(desks.url(filed))
    assert "高主任借阅，到2026年10月14日" in page.text
    page = borrower.submit(borrower.get(page.link("还卷")), "还卷")
    assert page.h1 == "工作台"
    assert "已还卷" in page.text
    borrower.get(desks.url(filed), 403)


def test_the_view_of_the_archive_is_there_for_who_keeps_it_or_knows_of_a_case_in_it(desks: Desks) -> None:
    assert "档案" in tabs(desks.sit("intake2").get("/office/desk"))
    assert "档案" not in tabs(desks.sit("deputy").get("/office/desk"))
    assert "销号的案件归档以后会出现在这里" in desks.sit("intake2").get("/office/desk?view=archive").text
    archived(desks.office)
    page = desks.sit("deputy").get("/office/desk?view=archive")
    assert "没有链接的归档案件在档案台" in page.text
    assert "档案" not in tabs(desks.sit("reviewer").get("/office/desk?view=archive"))


@pytest.mark.parametrize("who", ["officer", "deputy", "head"])
@pytest.mark.parametrize("part", ["", "/record", "/do/reopen"])
def test_who_had_a_case_is_told_that_it_has_to_be_lent_from_the_archive(
    desks: Desks, who: str, part: str
) -> None:
    filed = archived(desks.office)
    page = desks.sit(who).get(desks.url(filed, part), 403)
    assert page.h1 == "这件案已经归档"
    assert "请档案台调卷" in page.text
    assert [words(a) for a in page.soup.select("main a")] == ["回到工作台"]


def test_an_archived_case_is_none_for_who_never_had_it(desks: Desks) -> None:
    desks.sit("reviewer").get(desks.url(archived(desks.office)), 404)


def test_what_could_be_done_with_an_archived_case_says_that_it_has_to_be_lent_first(desks: Desks) -> None:
    filed = archived(desks.office)
    page = desks.sit("intake").get(desks.url(filed))
    assert "重新启动：案件已经归档" in page.text
    desks.sit("intake").get(desks.url(filed, "/do/reopen"), 409)


def test_an_administrator_adds_an_archive_desk_once(desks: Desks) -> None:
    admin = desks.sit("admin")
    form = admin.get("/admin/desks/new")
    page = admin.submit(form, "添加", 422, kind="archive", name_zh="第二档案台")
    assert "一个机关只有一个" in page.faults[0]
    assert page.soup.select_one("input[name=name_zh]")["value"] == "第二档案台"
    page = admin.submit(form, "添加", kind="intake", name_zh="二号台")
    assert "已添加" in page.text
    desk = Desk.get(Desk.kind == "archive")
    page = admin.get(f"/admin/desks/{desk.id}")
    assert "档案台" in page.text
    assert "何受理" in page.text
    ending = admin.get(f"/admin/desks/{desk.id}/seats/{desks.office['intake2'].person_id}/end")
    assert "只剩一位成员时，不能调卷" in ending.text
    admin.submit(ending, "收回席位")
    assert "有密钥的成员现有1人，至少要2人" in admin.get("/admin/").text


def test_archiving_without_two_keepers_says_what_is_missing(desks: Desks) -> None:
    filed = closed(desks.office)
    desk = Desk.get(Desk.kind == "archive")
    admin = desks.sit("admin")
    seat = f"/admin/desks/{desk.id}/seats/{desks.office['intake2'].person_id}/end"
    admin.submit(admin.get(seat), "收回席位")
    page = desks.sit("officer").get(desks.url(filed))
    assert "归档：档案台还没有就绪" in page.text
    assert Case.get_by_id(filed.case).state == "closed"
