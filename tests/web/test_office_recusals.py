"""The page of wishes for recusal: reached from the queue by whom they are addressed to, and empty for others."""

from tests.web.officers import Desks
from whistle.services import tracking


def test_a_wish_stands_behind_the_queue_of_who_decides(desks: Desks) -> None:
    filed = desks.office.file()
    tracking.request_recusal(desks.office.visit(filed), "周承办", "他是局长的亲戚", "n1")
    head = desks.sit("head")
    queue = head.get("/office/approvals")
    page = head.get(queue.link("有1件回避申请写给你"))
    assert page.h1 == "回避申请"
    assert "应当回避的人：周承办" in page.text
    assert "他是局长的亲戚" in page.text
    assert not page.soup.select("main h2 a"), "the case itself is not the head's yet"


def test_nobody_else_sees_that_there_is_one(desks: Desks) -> None:
    filed = desks.office.file()
    tracking.request_recusal(desks.office.visit(filed), "周承办", "他是局长的亲戚", "n1")
    for who in ("intake", "deputy", "officer"):
        visitor = desks.sit(who)
        assert "回避申请" not in visitor.get("/office/approvals").text
        assert "没有写给你的回避申请" in visitor.get("/office/recusals").text


def test_a_wish_about_a_case_that_the_head_can_open_leads_there(desks: Desks) -> None:
    filed = desks.office.accepted()
    tracking.request_recusal(desks.office.visit(filed), "周承办", "他是局长的亲戚", "n1")
    head = desks.sit("head")
    page = head.get("/office/recusals")
    assert "他是局长的亲戚" in head.get(str(page.soup.select_one("main h2 a")["href"])).text


def test_the_desk_counts_the_wishes_that_wait_as_long_as_the_case_goes_on(desks: Desks) -> None:
    ended, going = desks.classified(), desks.office.file()
    for filed in (ended, going):
        tracking.request_recusal(desks.office.visit(filed), "周承办", "他是局长的亲戚", f"n-{filed.case}")
    head = desks.sit("head")
    assert "有2件回避申请写给你" in head.get("/office/desk").text
    desks.office.act(ended.case, "decline", "intake", reason="court", message="请向法院起诉。")
    desks.office.approve("deputy")
    assert head.get("/office/desk").link("有1件回避申请写给你") == "/office/recusals"
    assert "回避申请" not in desks.sit("deputy").get("/office/desk").text
