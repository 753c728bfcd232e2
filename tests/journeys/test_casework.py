"""A case after its acceptance in a real browser: verification, measures, a decision, feedback, a rating."""

import datetime as dt

import pytest

from tests.builders import Filed, Office
from tests.journeys.officer import Officer
from tests.journeys.reporter import Reporter
from tests.web.officers import Desks
from whistle import clock
from whistle.services import tracking
from whistle.store.cases import Case
from whistle.store.things import Excerpt, Measure
from whistle.store.units import Unit


@pytest.fixture
def app(desks: Desks):
    """The trial office is what the browser sees."""
    return desks.app


@pytest.fixture
def officer(new_surfer) -> Officer:
    """A window nobody has signed in at."""
    return Officer(new_surfer())


def test_a_lead_from_its_verification_to_what_its_reporter_thinks_of_it(
    desks: Desks, officer: Officer
) -> None:
    office = desks.office
    filed = office.assigned()
    officer.become("officer").visit(desks.url(filed), "case-assessing")
    officer.step("初步核实").look("verify").press("报批：初步核实").look("verify-faults")
    for name in ("周承办", "吴承办"):
        officer.page.get_by_label(name).check()
    officer.enter(plan="调取一个月的办件台账", no_disturbance="y").press("报批：初步核实")
    officer.become("head").visit("/office/approvals", "approvals-verify").follow("查看并决定").look(
        "approval-verify"
    )
    officer.press("同意").become("officer").visit(desks.url(filed, "/measures"), "measures-none")
    officer.follow("列为处理对象").enter(name="钱窗口", post="政务大厅")
    officer.page.get_by_label("行政机关公务员").check()
    officer.page.get_by_label("是", exact=True).check()
    officer.press("列为处理对象").follow("拟定措施").look("measure").enter(
        code="admonish", grounds="三次推诿"
    )
    officer.page.get_by_label("对谁（人）").select_option(label="钱窗口")
    officer.press("拟定措施").look("measures")
    office.act(
        filed.case,
        "propose_disposal",
        "officer",
        written_report="报告",
        findings="属实",
        tolerance_checked=True,
    )
    office.approve("head")
    officer.become("head").visit(desks.url(filed)).step("作出决定").look("decide")
    officer.page.get_by_label("给予处理").check()
    officer.enter(reason="三次推诿，属实").press("作出决定").look("case-enforcing")
    with clock.at(dt.datetime.now(dt.UTC)):  # as the browser's server has it
        _carried_out(office, filed)
    officer.become("officer").visit(desks.url(filed, "/rectification"), "rectification")
    with clock.at(dt.datetime.now(dt.UTC)):
        _put_right(office, filed)
    officer.visit(desks.url(filed, "/excerpts")).follow("摘录脱敏").look("excerpt")
    officer.enter(to_whom="政务大厅整改").press("摘录脱敏").look("excerpts")
    officer.visit(desks.url(filed)).step("反馈").look("feed-back")
    officer.page.get_by_label("最终反馈").check()
    officer.page.get_by_label("本系统留言").check()
    officer.enter(message="您反映的问题属实，窗口已经改正。").press("报批：反馈")
    with clock.at(dt.datetime.now(dt.UTC)):
        office.approve("deputy")
        excerpt = Excerpt.get(Excerpt.case == filed.case)
        office.act(filed.case, "excerpt.confirm", "deputy", thing=excerpt.id, read_through=True)
    officer.visit(desks.url(filed, f"/excerpts/{excerpt.id}"), "excerpt-sheet")
    officer.visit(desks.url(filed, "/record"), "record-of-a-measure")
    reporter = Reporter(officer.window, office.token, filed.code)
    reporter.look_up().look("track-result").follow("评价办理结果").look("track-rate").choose(
        "基本满意"
    ).press("提交评价")
    assert "谢谢您的评价" in reporter.says
    reporter.follow("受到威胁或者报复").look("track-protect")
    assert tracking.view(office.visit(filed)).rating == "partly"


def _carried_out(office: Office, filed: Filed) -> None:
    measure = Measure.get(Measure.case == filed.case)
    given = {"day": clock.today(), "receipt": "本人签收"}
    office.act(filed.case, "measure.deliver", "officer", thing=measure.id, **given)
    unit = Unit.select().get().code
    office.act(filed.case, "item.make", "officer", problem="告知不一次说清", unit=unit, owner="孙主任")


def _put_right(office: Office, filed: Filed) -> None:
    item = Case.get_by_id(filed.case).items.get()
    office.act(filed.case, "item.submit", "officer", thing=item.id, evidence="新的告知单")
    office.act(filed.case, "item.strike_off", "officer2", thing=item.id, seen="抽查十件")
    office.act(filed.case, "enforce_done", "officer", in_file_and_announced=True)
