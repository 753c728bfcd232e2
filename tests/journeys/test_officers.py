"""Officers' days in a real browser: every page they see, with scripts and without, on a phone and on a desk."""

import datetime as dt
from urllib.parse import urlsplit

import pytest

from tests.journeys.officer import Officer
from tests.stages import archived
from tests.web.officers import Desks
from whistle import clock
from whistle.services import accounts, tracking
from whistle.services.casework import approvals
from whistle.store.cases import Case, Proposal
from whistle.store.offices import Office
from whistle.store.people import OfficerSession


@pytest.fixture
def app(desks: Desks):
    """The trial office is what the browser sees."""
    return desks.app


@pytest.fixture
def officer(new_surfer) -> Officer:
    """A window nobody has signed in at."""
    return Officer(new_surfer())


@pytest.mark.parametrize("javascript", [True, False])
def test_from_a_new_report_to_an_answer(desks: Desks, new_surfer, javascript: bool) -> None:
    filed = desks.office.file(identity="named", name="张某", contact="电话")
    someone = Officer(new_surfer(javascript=javascript))
    someone.sign_in("intake", desks.office.password).look("desk")
    someone.open_first().look("case-new")
    someone.step("分类登记").look("classify").press("分类登记")
    someone.step("受理").look("accept").press("受理")
    assert "已受理" in someone.says
    someone.become("deputy").open_desk("open").open_first().assign("周承办")
    tracking.write(desks.office.visit(filed), "请问什么时候有结果？", "n1")
    someone.become("officer").open_first().look("case-assigned")
    someone.answer("正在核实，请您等候。").look("case-messages")
    assert "已发出答复" in someone.says
    someone.window.click(someone.page.get_by_role("link", name="记录"))
    someone.look("case-record")


def test_a_decline_from_proposal_to_decision(desks: Desks, officer: Officer) -> None:
    desks.classified()
    officer.become("intake").open_first().step("不予受理").look("decline")
    officer.press("报批：不予受理").look("decline-faults")
    officer.page.get_by_label("属于其他机关职责").check()
    officer.fill("理由和可向何处反映", "请向市场监管部门反映。").press("报批：不予受理").look("case-waiting")
    officer.become("deputy").look("desk-deputy")
    officer.window.go("/office/approvals")
    officer.look("approvals").follow("查看并决定").look("approval")
    address = urlsplit(officer.page.url).path
    officer.follow("清访").look("case-to-decide").follow("查看并决定").press("同意")
    assert "已批准" in officer.says
    officer.look("approvals-empty").visit("/office/nothing/here", "no-page", 404)
    officer.visit(address, "approval-decided")


def test_what_came_back_and_what_cannot_be_done(desks: Desks, officer: Officer) -> None:
    filed, named = desks.classified(), desks.office.accepted(identity="named", name="张某", contact="电话")
    tracking.request_recusal(desks.office.visit(named), "周承办", "他是局长的亲戚", "n1")
    officer.become("intake").visit(desks.url(filed)).propose_decline(
        "属于其他机关职责", "请向市场监管部门反映。"
    )
    approvals.send_back(desks.office["deputy"], Proposal.get().id, "请写清楚电话。")
    officer.visit("/office/desk", "desk-sent-back").visit(desks.url(filed, "/do/decline"), "decline-again")
    officer.visit(desks.url(named, "/do/give_notice"), "notice")
    officer.visit(desks.url(desks.office.file()), "case-unclassified")
    officer.visit(desks.url(desks.office.file(), "/do/accept"), "accept-refused", 409)
    officer.visit("/office/desk").become("deputy").visit(desks.url(filed), "case-at-the-desk", 403)
    officer.visit("/office/desk").become("head").visit("/office/desk", "desk-head").visit(
        "/office/recusals", "recusals-one"
    )
    officer.become("intake").visit(desks.url(filed, "/do/redirect")).enter(
        receiver="市税务局", message="已转。"
    )
    OfficerSession.delete().execute()
    officer.press("报批：转办").look("ended-texts", 401)
    officer.visit("/office/sign-in?aside=y", "sign-in-aside")


def test_the_pages_of_leaders_and_of_oversight(desks: Desks, officer: Officer) -> None:
    desks.office.assigned("officer")
    filed = desks.classified()
    accounts.deactivate(desks.office["admin"], desks.office["intake2"].person_id)
    officer.become("deputy")
    own = ("account", "account/email", "account/password")
    for name in ("admissions", "keys", "hand-over", "setup", *own, "recusals"):
        officer.window.go(f"/office/{name}")
        officer.look(f"deputy-{name.replace('/', '-')}")
    officer.window.go("/office/hand-over")
    officer.follow("周承办").look("hand-over-person")
    officer.become("intake")
    officer.window.go(desks.url(filed))
    officer.step("转密封处理").look("to-oversight").fill("理由", "涉及本机关人员。").press("转密封处理")
    officer.become("oversight").look("desk-oversight").open_first().step("密封上报").look("forward-up")
    officer.press("密封上报").look("package")
    with officer.page.expect_download() as saved:
        officer.page.get_by_role("link", name="保存密封文件").click()
    assert saved.value.suggested_filename.endswith(".whistle")


def test_a_call_is_written_down_its_code_handed_over_and_the_file_lent(
    desks: Desks, officer: Officer
) -> None:
    officer.become("intake").visit("/office/register", "register").press("登记").look("register-faults")
    for words in ("来电", "意见建议", "匿名"):
        officer.page.get_by_label(words, exact=True).check()
    officer.fill("收到日期", "2026.11.2").fill("经过", "打电话的人建议增开一个窗口。")
    officer.enter(unit="unknown", wants_code="y").press("登记")
    officer.look("register-receipt")
    assert len(officer.page.locator("#receipt-code").inner_text().replace(" ", "")) == 24
    officer.follow("已经交给本人").look("case-registered")
    officer.visit("/office/register/receipt", "register-receipt-gone", 410)
    filed = archived(desks.office)
    officer.visit("/office/desk?view=archive", "desk-archive")
    officer.visit(desks.url(filed, "/do/lend"), "lend").enter(until="2026年12月20日", reason="复查")
    officer.enter(person=str(desks.office["head"].person_id)).press("报批：调卷")
    officer.become("intake2").visit("/office/approvals").follow("查看并决定").look("approval-lend").press(
        "同意"
    )
    officer.visit("/office/desk?view=archive", "desk-archive-lent")
    officer.become("head").visit(desks.url(filed), "case-lent").step("还卷").look("give-back").press("还卷")
    assert "已还卷" in officer.says


def test_the_heads_keys_and_what_is_left_of_a_desk_without_people(desks: Desks, officer: Officer) -> None:
    office = desks.office
    office.file()
    for user_name in ("intake", "intake2"):
        accounts.deactivate(office["admin"], office[user_name].person_id)
    officer.become("head").visit("/office/keys", "keys-head").follow("收回").look("holder-end")
    officer.visit("/office/keys/rescue", "rescue").press("取回").look("rescue-faults")
    officer.visit("/office/account/recovery-codes", "recovery-codes")
    officer.visit("/office/account/authenticator", "authenticator-trial")
    Office.update(mode="office", common_password=None).execute()
    officer.visit("/office/account/authenticator", "authenticator").press("更换验证器").look(
        "authenticator-faults"
    )


def test_cases_are_found_by_words_and_said_to_belong_together(desks: Desks, officer: Officer) -> None:
    told = "每个月月初城管中队的协管员来夜市收卫生管理费，一个摊二百元，只要现金，不给票，问他要收据他就说不交别想摆。"
    desks.office.assigned(story=told, people="王大明")
    desks.office.file(story=told.replace("一个摊", "每个摊子").replace("问他要收据", "要收据"))
    officer.become("intake").open_first().look("case-may-be-related").step("分类登记").look(
        "classify-may-be-related"
    ).fill("被举报人", "王大明").press("分类登记")
    officer.step("受理").press("受理")
    officer.become("deputy").visit("/office/search", "search").press("查找").look("search-faults")
    officer.fill("内容中的文字", "收据 二百").press("查找").look("search-found")
    officer.follow("清访").window.click(officer.page.get_by_role("link", name="相关"))
    officer.look("case-related")
    officer.page.locator("main").get_by_role("button", name="标记相关").first.click()
    assert "已记下你的判断" in officer.says
    officer.look("case-related-said").visit("/office/desk", "desk-with-number")
    officer.fill("按编号打开", "1").press("打开")
    assert officer.heading.endswith("000001")


def test_the_board_and_the_meeting_papers(desks: Desks, officer: Officer) -> None:
    late = desks.office.assigned("officer")
    desks.office.accepted(identity="named", name="张某", contact="电话")
    desks.office.file()
    number = Case.get_by_id(late.case).number  # of last autumn: in the browser it is today
    officer.become("deputy").visit("/office/desk").follow("已超期")
    assert number in officer.says
    officer.visit("/office/board", "board").follow("2件")
    assert "状态：研判中" in officer.says
    officer.visit("/office/papers/week", "paper-week").follow("月总结").look("paper-month").follow("季度反馈")
    officer.press("换一期").look("paper-quarter")
    with officer.page.expect_download() as saved:
        officer.page.get_by_role("link", name="下载表格").click()
    assert saved.value.suggested_filename == f"{officer.heading}.xlsx"


def test_links_that_are_lost_dead_or_ended(desks: Desks, officer: Officer) -> None:
    with clock.at(dt.datetime.now(dt.UTC)):
        link = accounts.reinvite(desks.office["admin"], desks.office["reviewer"].person_id)
    officer.visit(f"/office/invitation/{link}/sheet", "recover")
    officer.visit(f"/office/invitation/{'x' * 32}", "dead-link", 404)
    filed = desks.classified()
    officer.visit("/office/sign-in").become("intake").visit(desks.url(filed)).step("受理")
    OfficerSession.delete().execute()
    officer.press("受理").look("ended", 401)
    officer.visit("/office/desk", "sign-in-ended")


def test_an_account_from_its_link(desks: Desks, officer: Officer) -> None:
    with clock.at(dt.datetime.now(dt.UTC)):  # the program serves in threads of its own, at the real time
        link = accounts.invite(desks.office["admin"], "newcomer", "新来的", "officer")
    officer.window.go(f"/office/invitation/{link}")
    officer.fill("新密码", "jiwei2026")
    officer.page.get_by_text("太短，至少10个字符").wait_for()
    officer.look("invitation-weak").fill("新密码", "qiezi-7-lundun-fengche-mi")
    officer.page.get_by_text("很难猜到").wait_for()
    officer.look("invitation-good").fill("再输一次", "qiezi-7-lundun-fengche-mi").press("继续").press("完成")
    assert "你的密钥还没有准入" in officer.says
    officer.look("waiting")
    officer.become("head").window.go("/office/admissions")
    officer.look("admissions")
