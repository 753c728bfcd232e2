"""Officers' days in a real browser: every page they see, with scripts and without, on a phone and on a desk."""

import datetime as dt
from urllib.parse import urlsplit

import pytest

from tests.journeys.officer import Officer
from tests.web.officers import Desks
from whistle import clock
from whistle.services import accounts, tracking
from whistle.services.casework import approvals
from whistle.store.cases import Proposal
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
    officer.visit("/office/desk").become("head").visit("/office/desk", "desk-head")
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
    for name in ("admissions", "keys", "hand-over", "setup", "account", "account/password"):
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
