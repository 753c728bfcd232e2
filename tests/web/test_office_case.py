"""A case's pages and its steps: what is shown to whom, what is recorded, what bad input costs, and two at once."""

import datetime as dt
from urllib.parse import quote

import pytest

from tests.builders import MONDAY
from tests.visiting import filled, words
from tests.web.officers import Desks
from whistle import clock
from whistle.services import accounts, reminders, tracking
from whistle.services.casework import approvals
from whistle.services.shell import SHELL
from whistle.store.cases import Case, CaseEvent, Clock, Opening, Proposal
from whistle.store.people import Person
from whistle.store.reports import Message
from whistle.web import forms

#: Another class than the usual one, as it is proposed.
ANOTHER_CLASS = {
    "category": "delay",
    "kind": "lead",
    "severity": "ordinary",
    "complexity": "ordinary",
    "reason": "是慢作为。",
}


def buttons(page) -> list[str]:
    return [a.get_text().strip() for a in page.soup.select("nav.acts a")]


def test_a_new_report_is_shown_with_its_answers_and_the_opening_is_recorded(desks: Desks) -> None:
    filed = desks.office.file(story="窗口让我跑了四趟。\n\n每次都不一样。")
    intake = desks.sit("intake")
    page = intake.get(desks.url(filed))
    assert page.h1 == "未编号的举报"
    assert "每次都不一样" in page.text
    assert buttons(page)[0] == "分类登记"
    assert buttons(page)[-1] == "转密封处理"
    assert "受理" not in buttons(page)
    assert Opening.select().where(Opening.case == filed.case).count() == 1
    record = intake.get(desks.url(filed, "/record"))
    assert "已接收登记" in record.text
    assert "林受理" in record.text


def test_what_a_reporter_typed_is_text_and_nothing_else(desks: Desks) -> None:
    filed = desks.office.file(story="<script>alert(1)</script> {{ 7*7 }}")
    page = desks.sit("intake").get(desks.url(filed))
    assert "<script>alert(1)</script> {{ 7*7 }}" in page.text


def test_the_name_of_a_reporter_is_not_on_any_page(desks: Desks) -> None:
    filed = desks.classified(identity="named", name="张某某", contact="13812345678")
    intake = desks.sit("intake")
    intake.planted |= {"张某某", "13812345678"}
    for part in ("", "/messages", "/record"):
        intake.get(desks.url(filed, part))
    assert "拆成两半密封" in intake.get(desks.url(filed)).text


def test_officers_read_the_answers_under_their_own_words(desks: Desks) -> None:
    filed = desks.office.file()
    page = desks.sit("intake").get(desks.url(filed))
    labels = [words(dt) for dt in page.soup.select(".summary dt")]
    assert [label for label in labels if "？" in label] == []
    assert {"事项类型", "问题类型", "经过", "署名方式"} <= set(labels)


def test_the_header_says_whom_a_case_waits_for(desks: Desks) -> None:
    filed = desks.office.file()
    assert "等受理台办理" in desks.sit("intake").get(desks.url(filed)).text
    accepted, assigned = desks.office.accepted(), desks.office.assigned()
    deputy = desks.sit("deputy")
    assert "等分管领导指派" in deputy.get(desks.url(accepted)).text
    assert "等承办人办理" in deputy.get(desks.url(assigned)).text


def test_a_case_whose_officer_left_says_so_until_it_is_handed_over(desks: Desks) -> None:
    filed = desks.office.assigned()
    accounts.deactivate(desks.office["admin"], desks.office["officer"].person_id)
    deputy = desks.sit("deputy")
    assert "承办人已停用，请移交" in deputy.get(desks.url(filed)).text
    page = deputy.get(desks.url(filed, "/do/hand_over"))
    page = deputy.submit(page, "移交承办", person=str(desks.office["officer2"].person_id), reason="调离。")
    assert "承办人已停用" not in page.text


def test_a_case_nobody_has_is_assigned_and_not_handed_over(desks: Desks) -> None:
    accepted, assigned = desks.office.accepted(), desks.office.assigned()
    deputy = desks.sit("deputy")
    assert "移交承办" not in buttons(deputy.get(desks.url(accepted)))
    assert "移交承办" in buttons(deputy.get(desks.url(assigned)))
    assert deputy.get(desks.url(accepted, "/do/hand_over"), 409).link("回到案件") == quote(
        desks.url(accepted)
    )


def test_only_what_leads_on_stands_out(desks: Desks) -> None:
    sealed, assigned = desks.office.file(own_people=True), desks.office.assigned()
    page = desks.sit("oversight").get(desks.url(sealed))
    assert buttons(page)[0] == "密封上报"
    assert [words(a) for a in page.soup.select("nav.acts a.first")] == ["密封上报"]
    desks.office.act(assigned.case, "request_supplement", "officer", message="请补充日期。")
    page = desks.sit("officer").get(desks.url(assigned))
    assert buttons(page)[0] == "改变分类"
    assert page.soup.select("nav.acts a.first") == []


def test_a_letter_that_is_owed_an_answer_is_the_main_step_of_who_answers(desks: Desks) -> None:
    filed = desks.office.assigned()
    officer = desks.sit("officer")
    page = officer.get(desks.url(filed))
    assert page.soup.select("nav.acts a.first") == [], "what is done once at most does not stand out"
    tracking.write(desks.office.visit(filed), "请问有结果了吗？", "n1")
    page = officer.get(desks.url(filed))
    assert [words(a) for a in page.soup.select("nav.acts a.first")] == ["答复来信"]
    assert officer.get(page.link("答复来信")).form("发出答复")
    assert "答复来信" not in desks.sit("deputy").get(desks.url(filed)).text


def test_the_subject_registered_is_shown_with_the_class(desks: Desks) -> None:
    filed = desks.office.file()
    desks.office.classify(filed.case, subject="窗口的方某")
    desks.office.act(filed.case, "accept", "intake")
    for who in ("intake", "deputy"):
        page = desks.sit(who).get(desks.url(filed))
        rows = {words(dt): words(dt.find_next("dd")) for dt in page.soup.select(".summary dt")}
        assert rows["被举报人"] == "窗口的方某"


def test_a_new_case_says_that_the_class_comes_first(desks: Desks) -> None:
    filed = desks.office.file()
    intake = desks.sit("intake")
    page = intake.get(desks.url(filed))
    assert "要先分类登记，才能受理、转办" in page.text
    refused = intake.get(desks.url(filed, "/do/accept"), 409)
    assert "请先分类登记" in refused.text
    assert "重新打开这个页面" not in refused.text
    assert refused.link("回到案件") == quote(desks.url(filed))
    desks.office.classify(filed.case)
    assert "要先分类登记" not in intake.get(desks.url(filed)).text


def test_a_deputy_at_a_case_of_the_desk_is_told_what_is_so(desks: Desks) -> None:
    deputy = desks.sit("deputy")
    page = deputy.get(desks.url(desks.classified()), 403)
    assert page.h1 == "这件事还在受理台"
    assert "请联系管理员" not in page.text
    ended = desks.classified()
    desks.office.act(ended.case, "decline", "intake", reason="court", message="请向法院起诉。")
    desks.office.approve("deputy")
    assert deputy.get(desks.url(ended), 403).h1 == "这件事没有受理"


def test_a_leader_is_told_that_a_case_which_comes_back_from_the_sealed_way_is_at_the_desk_again(
    desks: Desks,
) -> None:
    office, filed = desks.office, desks.office.assigned()
    office.act(filed.case, "to_oversight", "officer", reason="疑似涉及本机关人员")
    office.act(filed.case, "release_oversight", "oversight", not_own_people=True, reason="不涉及本机关")
    office.approve("oversight2")
    for who in ("deputy", "head"):
        assert desks.sit(who).get(desks.url(filed), 403).h1 == "这件事还在受理台"


def test_the_due_days_are_folded_where_a_form_is_filled_in(desks: Desks) -> None:
    filed = desks.office.file()
    page = desks.sit("intake").get(desks.url(filed, "/do/classify"))
    assert page.soup.select_one("details .clocks")


def test_notice_begins_with_words_and_is_given_once(desks: Desks) -> None:
    filed = desks.office.accepted(identity="named", name="张某", contact="电话")
    intake = desks.sit("intake")
    page = intake.get(desks.url(filed, "/do/give_notice"))
    assert page.soup.select_one("input[name=day]")["value"] == "2026年9月14日"
    assert "特此告知" in page.soup.select_one("textarea").get_text()
    back = intake.submit(page, "告知受理", 422, way="message", message="")
    assert back.faults == ["用本系统留言告知，就要写明告知内容"]
    page = intake.submit(back, "告知受理", way="phone")
    assert "已告知受理" in page.text
    assert "告知受理" not in buttons(page)


def test_a_reason_that_comes_later_is_named_and_not_offered(desks: Desks) -> None:
    filed = desks.classified()
    intake = desks.sit("intake")
    page = intake.get(desks.url(filed, "/do/decline"))
    assert "“仅有罪名、无实质内容”要在一次性告知补正以后才能选" in page.text
    assert not page.soup.select("input[value=empty]")
    desks.office.act(filed.case, "request_supplement", "intake", message="请补充日期。")
    desks.office.act(filed.case, "supplement", "intake", message="记不清了。")
    page = intake.get(desks.url(filed, "/do/decline"))
    assert page.soup.select("input[value=empty]")
    assert "以后才能选" not in page.text


def test_the_names_that_the_reporter_wrote_stand_beside_the_box_that_registers_them(desks: Desks) -> None:
    filed = desks.office.file(people="方建国（窗口，科长），\n四十来岁。")
    page = desks.sit("intake").get(desks.url(filed, "/do/classify"))
    hint = words(page.soup.select_one("#subject-hint"))
    assert hint == "举报人写的是：方建国（窗口，科长）， 四十来岁。写成：王芳（副局长）、李四"
    assert page.soup.select_one("#subject")["value"] == ""


def test_classifying_gives_the_number_and_the_case_moves_to_its_address(desks: Desks) -> None:
    filed = desks.office.file(problem="slow")
    intake = desks.sit("intake")
    before = desks.url(filed)
    page = intake.get(before + "/do/classify")
    assert page.soup.select_one("option[value=delay][selected]")
    done = intake.submit(page, "分类登记")
    assert done.h1 == "清访2026-000001"
    assert "已分类登记" in done.text
    assert intake.get(before).response.request.path == "/office/cases/清访2026-000001"
    assert "慢作为" in done.text


def test_accepting_tells_the_reporter_and_the_deputy_assigns(desks: Desks) -> None:
    filed = desks.classified()
    intake, deputy, officer = desks.sit("intake"), desks.sit("deputy"), desks.sit("officer")
    page = intake.submit(intake.get(desks.url(filed, "/do/accept")), message="我们已经受理，请等候。")
    assert "已受理" in page.text
    assert any("请等候" in letter.text for letter in tracking.view(desks.office.visit(filed)).letters)
    page = deputy.get(desks.url(filed))
    assert buttons(page)[0] == "指派"
    page = deputy.get(desks.url(filed, "/do/assign"))
    assert "周承办（承办人，现有0件）" in page.text
    page = deputy.submit(page, "指派", person=str(desks.office["officer"].person_id))
    assert "承办人：周承办" in page.text
    assert "请等候" in officer.get(desks.url(filed, "/messages")).text
    intake.get(desks.url(filed), 404)


def test_a_letter_is_answered_or_needs_no_answer(desks: Desks) -> None:
    filed = desks.office.assigned("officer")
    tracking.write(desks.office.visit(filed), "请问有结果了吗？", "n1")
    officer = desks.sit("officer")
    assert "往来（1封新来信）" in officer.get(desks.url(filed)).text
    assert "往来（1封新来信）" in officer.get(desks.url(filed)).text
    page = officer.get(desks.url(filed, "/messages"))
    assert "请问有结果了吗" in page.text
    assert "新来信" not in officer.get(desks.url(filed)).text
    page = officer.submit(page, "发出答复", message="正在核实，一个月内告诉您。")
    assert "已发出答复" in page.text
    assert "无需答复" not in page.text
    tracking.write(desks.office.visit(filed), "谢谢。", "n2")
    page = officer.submit(officer.get(desks.url(filed, "/messages")), "无需答复")
    assert "无需答复" in page.text
    assert not page.soup.select("form[action$='no-answer']")
    assert Message.select().where(Message.side == "office").count() == 1


def test_notice_on_a_day_that_cannot_be_says_which_days_can(desks: Desks) -> None:
    filed = desks.office.accepted(identity="named", name="李四", contact="1380000xx04")
    intake = desks.sit("intake")
    page = intake.get(desks.url(filed, "/do/give_notice"))
    typed = {"way": "phone", "day": "2026年9月10日"}
    back = intake.submit(page, "告知受理", 422, **typed)
    assert back.faults == ["请填2026年9月14日到2026年9月14日之间的一天：从受理那天起，到今天为止"]
    assert "已告知受理" in intake.submit(back, "告知受理", day="2026-09-14").text


def test_the_form_of_notice_says_what_is_sent(desks: Desks) -> None:
    filed = desks.office.accepted(identity="named", name="李四", contact="1380000xx04")
    page = desks.sit("intake").get(desks.url(filed, "/do/give_notice"))
    assert "用本系统留言告知的，记为发出的那天" in page.text
    assert "只在用本系统留言告知时发给举报人" in page.text


def test_missing_facts_are_asked_for_once_and_an_oral_answer_is_written_down(desks: Desks) -> None:
    filed = desks.classified()
    intake = desks.sit("intake")
    page = intake.submit(
        intake.get(desks.url(filed, "/do/request_supplement")),
        "一次性告知补正",
        message="请补充日期和窗口号。",
    )
    assert "待补正" in page.text
    assert buttons(page)[0] == "收到补正"
    page = intake.submit(
        intake.get(desks.url(filed, "/do/supplement")), "收到补正", message="电话里说是3月9日。"
    )
    assert "一次性告知补正" not in buttons(page)
    assert intake.get(desks.url(filed, "/do/request_supplement"), 409).h1


def test_the_suggested_complexity_is_shown_with_its_reason_and_may_be_overruled(desks: Desks) -> None:
    filed = desks.office.file(problem="slow")
    intake = desks.sit("intake")
    page = intake.get(desks.url(filed, "/do/classify"))
    assert page.soup.select_one("[name=complexity][checked]")["value"] == "simple"
    assert (
        "从来信的文字看，建议选“简单”：一个单位、股级以下、不涉及金额。情况不是这样，就改选别的" in page.text
    )
    intake.submit(page, "分类登记", complexity="complex")
    assert Case.get_by_id(filed.case).complexity == "complex"
    assert "建议选" not in intake.get(desks.url(filed, "/do/reclassify")).text


def test_a_favour_asked_for_is_suggested_as_ordinary_and_says_why(desks: Desks) -> None:
    filed = desks.office.file(problem="favours")
    page = desks.sit("intake").get(desks.url(filed, "/do/classify"))
    assert "从来信的文字看，建议选“一般”：不属于简单或者复杂情形" in page.text


@pytest.mark.parametrize(
    ("kind", "reasons"),
    [("lead", "“属于其他机关职责”“反映对象不属监察对象”"), ("advice", "“属于其他机关职责”")],
)
def test_before_a_decline_passing_it_on_is_offered_first(desks: Desks, kind: str, reasons: str) -> None:
    filed = desks.classified(kind=kind)
    intake = desks.sit("intake")
    page = intake.get(desks.url(filed, "/do/decline"))
    assert f"理由是{reasons}的，先考虑转办" in page.text
    assert intake.get(page.link("改为转办")).form("报批：转办")


def test_where_a_report_cannot_be_passed_on_it_is_not_offered(desks: Desks) -> None:
    filed = desks.office.file()
    intake = desks.sit("intake")
    assert "先考虑转办" not in intake.get(desks.url(filed, "/do/decline")).text
    desks.office.classify(filed.case)
    assert "先考虑转办" not in intake.get(desks.url(filed, "/do/accept")).text


# What waits for leave


def propose(desks: Desks, filed, visitor, words: str = "不属于本机关职责，请向市场监管部门反映。"):
    page = visitor.get(desks.url(filed, "/do/decline"))
    return visitor.submit(page, "报批", reason="not_ours", message=words)


def test_a_decline_waits_for_the_deputy_and_is_decided_with_a_thumb(desks: Desks) -> None:
    filed = desks.classified()
    intake, deputy = desks.sit("intake"), desks.sit("deputy")
    page = propose(desks, filed, intake)
    assert "已报批" in page.text
    assert "起等待沈分管或者高主任批准" in page.text
    assert "受理" not in buttons(page)
    page = deputy.get(deputy.get("/office/approvals").link("查看并决定"))
    assert "请向市场监管部门反映" in page.text
    page = deputy.submit(page, "同意")
    assert "已批准" in page.text
    assert Case.get_by_id(filed.case).state == "declined"
    assert "请向市场监管部门反映" in "".join(
        letter.text for letter in tracking.view(desks.office.visit(filed)).letters
    )
    assert "不予受理" in intake.get(desks.url(filed)).text


def test_deciding_is_the_main_step_of_who_may_decide_and_nothing_is_assigned_meanwhile(desks: Desks) -> None:
    filed = desks.classified()
    propose(desks, filed, desks.sit("intake"))
    deputy = desks.sit("deputy")
    page = deputy.get(desks.url(filed))
    assert [words(a) for a in page.soup.select("main a.first")] == ["查看并决定"]
    assert "指派" not in buttons(page)
    assert deputy.get(desks.url(filed, "/do/assign"), 409).h1 == "这件事正在等审批"


def test_the_form_of_assigning_says_who_of_intake_still_reads_the_case(desks: Desks) -> None:
    accepted, new = desks.office.accepted(), desks.classified()
    desks.office.act(new.case, "reclassify", "intake", **ANOTHER_CLASS)
    deputy = desks.sit("deputy")
    page = deputy.get(desks.url(accepted, "/do/assign"))
    assert "不勾选保留查阅，受理员就不再能打开" in page.text
    assert page.soup.select("[name=keep_intake]")
    page = deputy.get(desks.url(new, "/do/assign"))
    assert "案件还没有受理，打得开它的受理员照旧打得开" in page.text
    assert not page.soup.select("[name=keep_intake]")
    deputy.submit(page, "指派", person=str(desks.office["officer"].person_id))
    desks.sit("intake").get(desks.url(new))


def test_a_returned_proposal_tells_its_proposer_why(desks: Desks) -> None:
    filed = desks.classified()
    intake, deputy = desks.sit("intake"), desks.sit("deputy")
    propose(desks, filed, intake)
    page = deputy.get(deputy.get("/office/approvals").link("查看并决定"))
    assert deputy.submit(page, "退回", 422, words="").faults == ["请写明为什么退回，提出的人会看到"]
    assert "已退回" in deputy.submit(page, "退回", words="请先告知补正，再考虑。").text
    page = intake.get(desks.url(filed))
    assert "请先告知补正，再考虑" in page.text
    assert "受理" in buttons(page)
    deputy.get(desks.url(filed), 403)


def returned(desks: Desks, filed, intake) -> None:
    propose(desks, filed, intake)
    approvals.send_back(desks.office["deputy"], Proposal.get().id, "请写清楚电话。")


def test_after_a_return_the_form_begins_with_what_was_proposed(desks: Desks) -> None:
    filed = desks.classified()
    intake = desks.sit("intake")
    returned(desks, filed, intake)
    page = intake.get(desks.url(filed, "/do/decline"))
    assert "请写清楚电话" in page.text
    assert page.soup.select_one("input[value=not_ours][checked]")
    assert "请向市场监管部门反映" in page.soup.select_one("textarea").get_text()
    assert not page.soup.select_one("textarea[name=message]").get_text().startswith("您反映的")


def test_the_notice_of_a_return_ends_with_the_next_proposal_or_the_next_state(desks: Desks) -> None:
    again, onward = desks.classified(), desks.classified()
    intake = desks.sit("intake")
    for filed in (again, onward):
        propose(desks, filed, intake)
        waiting = Proposal.get(Proposal.state == "waiting")
        approvals.send_back(desks.office["deputy"], waiting.id, "请写清楚电话。")
        assert "请写清楚电话" in intake.get(desks.url(filed)).text
    with clock.at(MONDAY + dt.timedelta(minutes=5)):
        propose(desks, again, intake)
        approvals.withdraw(desks.office["intake"], Proposal.get(Proposal.state == "waiting").id)
        assert "请写清楚电话" not in intake.get(desks.url(again)).text
    desks.office.act(onward.case, "accept", "intake")
    assert "请写清楚电话" not in intake.get(desks.url(onward)).text


def test_the_record_tells_who_was_reminded_of_which_due_day(desks: Desks) -> None:
    filed = desks.office.file()
    Clock.delete().where(Clock.name != "accept").execute()
    assert "到期提醒" not in desks.sit("intake").get(desks.url(filed, "/record")).text
    with clock.at(MONDAY + dt.timedelta(days=6)):
        reminders.run(SHELL)
        page = desks.sit("intake").get(desks.url(filed, "/record"))
    names = {person.user_name: person.name for person in Person.select()}
    rows = [words(row) for row in page.soup.select("table")[0].select("tbody tr")]
    desk, deputy = f"{names['intake']}、{names['intake2']}", names["deputy"]
    assert rows == [
        f"受理决定 2026年9月20日 2026年9月20日 {desk} 2026年9月20日 {deputy} 无",
    ]


def test_the_record_tells_of_proposals_and_returns(desks: Desks) -> None:
    filed = desks.classified()
    intake = desks.sit("intake")
    returned(desks, filed, intake)
    page = intake.get(desks.url(filed, "/record"))
    told = [words(h3) for h3 in page.soup.select(".timeline h3")]
    assert told == ["报批被退回：不予受理", "已报批：不予受理", "已分类登记", "已接收登记"]
    first = words(page.soup.select_one(".timeline li"))
    assert "沈分管" in first
    assert "请写清楚电话" in first


def test_a_proposal_can_be_taken_back_and_is_decided_once(desks: Desks) -> None:
    filed = desks.classified()
    intake, deputy = desks.sit("intake"), desks.sit("deputy")
    page = propose(desks, filed, intake)
    waiting = deputy.get(deputy.get("/office/approvals").link("查看并决定"))
    page = intake.submit(page, "收回")
    assert "已收回" in page.text
    assert page.response.request.path == desks.url(filed)
    page = intake.get(desks.url(filed, "/do/decline"))
    assert "上一次报批已经由林受理收回" in page.text
    assert page.soup.select_one("input[value=not_ours][checked]")
    assert "请向市场监管部门反映" in page.soup.select_one("textarea").get_text()
    too_late = deputy.submit(waiting, "同意", 409)
    assert too_late.h1 == "这一项已经有人决定了"
    assert "没有生效" not in too_late.text  # nor would it be so of a second press by whoever decided
    assert deputy.get(too_late.link("看结果")).h1 == "“不予受理”的报批已收回"
    assert Proposal.get().state == "withdrawn"
    assert "没有等你批准的事项" in deputy.get("/office/approvals").text


def test_one_cannot_decide_the_own_proposal_nor_one_that_waits_for_others(desks: Desks) -> None:
    filed = desks.classified()
    intake, officer = desks.sit("intake"), desks.sit("officer")
    propose(desks, filed, intake)
    number = Proposal.get().id
    for visitor in (intake, officer):
        token = visitor.get("/office/account").form("退出").select_one("[name=csrf_token]")["value"]
        visitor.post(f"/office/approvals/{number}/approve", {"csrf_token": token}, 403)
    assert not intake.get(f"/office/approvals/{number}").soup.select("main form")
    officer.get(f"/office/approvals/{number}", 404)


def test_the_head_decides_what_waits_while_the_deputy_is_away(desks: Desks) -> None:
    filed = desks.classified()
    intake, head = desks.sit("intake"), desks.sit("head")
    propose(desks, filed, intake)
    assert "有1项等你批准" in head.get("/office/desk").text
    queue = head.get("/office/approvals")
    assert "起等待沈分管或者高主任批准" in queue.text
    assert "已批准" in head.submit(head.get(queue.link("查看并决定")), "同意").text
    assert Case.get_by_id(filed.case).state == "declined"


def test_who_decides_sees_what_happened_since_and_is_stopped_by_what_happens_meanwhile(desks: Desks) -> None:
    filed = desks.classified()
    intake, deputy = desks.sit("intake"), desks.sit("deputy")
    propose(desks, filed, intake)
    page = deputy.get(deputy.get("/office/approvals").link("查看并决定"))
    assert "提出以后的变化" not in page.text
    tracking.write(desks.office.visit(filed), "我找到了收据。", "n1")
    page = deputy.submit(page, "同意", 422)
    assert page.faults == ["你看的时候，这件事又有了变化，所以还没有批准。请看过最新情况再决定"]
    assert "提出以后的变化" in page.text
    assert "举报人来信" in page.text
    assert "已批准" in deputy.submit(page, "同意").text


def test_a_queue_is_no_opening_and_a_proposals_page_is_one(desks: Desks) -> None:
    filed = desks.classified()
    propose(desks, filed, desks.sit("intake"))
    before = Opening.select().count()
    deputy = desks.sit("deputy")
    queue = deputy.get("/office/approvals")
    assert "请向市场监管部门反映" not in queue.text
    assert Opening.select().count() == before
    deputy.get(queue.link("查看并决定"))
    assert Opening.select().order_by(Opening.recorded_at).count() == before + 1


def test_the_queue_shows_what_is_due_and_the_longest_overdue_stands_first(desks: Desks) -> None:
    with clock.at(MONDAY + dt.timedelta(days=3)):
        late = desks.classified()
    with clock.at(MONDAY):
        later = desks.classified()
    for filed in (late, later):
        propose(desks, filed, desks.sit("intake"))
    with clock.at(MONDAY + dt.timedelta(days=30)):
        queue = [
            words(item) for item in desks.sit("deputy").get("/office/approvals").soup.select(".tasks li")
        ]
    numbers = [Case.get_by_id(filed.case).number for filed in (later, late)]
    assert [number in item for number, item in zip(numbers, queue, strict=True)] == [True, True]
    assert all("已超" in item for item in queue)


def test_a_decided_proposal_says_what_was_decided_by_whom_and_when(desks: Desks) -> None:
    filed = desks.classified()
    intake, deputy, head = desks.sit("intake"), desks.sit("deputy"), desks.sit("head")
    propose(desks, filed, intake)
    page = deputy.get(deputy.get("/office/approvals").link("查看并决定"))
    address = page.response.request.path
    waiting = intake.get(address)
    assert waiting.h1 == "“不予受理”还在等批准"
    assert "起等待沈分管或者高主任批准" in waiting.text
    deputy.submit(page, "同意")
    for visitor in (intake, deputy, head):
        decided = visitor.get(address)
        assert decided.h1 == "“不予受理”已批准"
        assert "2026年9月14日 09:00由沈分管决定" in decided.text
        assert "没有生效" not in decided.text
        assert "请向市场监管部门反映" not in decided.text
    assert intake.get(address).link("打开案件") == quote(desks.url(filed))
    assert deputy.get(address).link("待批事项") == "/office/approvals"
    assert not [a for a in deputy.get(address).soup.select("main a") if "打开案件" in words(a)]
    assert "先作出的决定有效" in deputy.submit(page, "退回", 409, words="再想想。").text
    desks.sit("officer").get(address, 404)


# The class


def test_a_change_of_class_starts_from_what_is_registered_and_must_change_something(desks: Desks) -> None:
    filed = desks.office.file(unit="QY01")
    desks.office.classify(filed.case, subject="窗口的方某", other_categories=["delay"])
    intake = desks.sit("intake")
    page = intake.get(desks.url(filed, "/do/reclassify"))
    assert page.soup.select_one("[name=subject]")["value"] == "窗口的方某"
    assert page.soup.select_one("[name=unit] option[selected]")["value"] == ""
    back = intake.submit(page, "报批", 422, reason="看错了。")
    assert back.faults == ["分类和现在登记的完全一样，没有什么要批准。请先改动要改的一项"]
    assert "已报批" in intake.submit(back, "报批", severity="urgent").text


def test_who_registers_the_own_name_is_back_at_the_desk(desks: Desks) -> None:
    filed = desks.office.file()
    intake = desks.sit("intake")
    page = intake.submit(intake.get(desks.url(filed, "/do/classify")), "分类登记", subject="林受理")
    assert page.h1 == "工作台"
    assert "已分类登记" in page.text
    intake.get(desks.url(filed), 404)


# The sealed way


def test_the_sealed_way_leads_off_the_desk_and_leaves_nothing_to_open(desks: Desks) -> None:
    filed = desks.classified()
    intake, oversight = desks.sit("intake"), desks.sit("oversight")
    page = intake.get(desks.url(filed, "/do/to_oversight"))
    assert "这一步不能撤回" in page.text
    page = intake.submit(page, "转密封处理", reason="涉及本机关人员。")
    assert page.h1 == "工作台"
    assert "已转密封处理" in page.text
    intake.get(desks.url(filed), 404)
    page = oversight.get(desks.url(filed, "/do/forward_up"))
    page = oversight.submit(page, "密封上报")
    link = page.soup.select_one("a[download]")
    assert str(link["href"]).startswith("data:application/octet-stream;base64,")
    assert Case.get_by_id(filed.case).state == "forwarded"


def test_what_goes_up_under_a_number_is_kept_under_it_again_and_again(desks: Desks) -> None:
    filed = desks.classified(files={"账本.txt": "账".encode()})
    desks.office.act(filed.case, "to_oversight", "intake", reason="涉及本机关人员。")
    desks.office.act(filed.case, "forward_up", "oversight", note="")
    number = Case.get_by_id(filed.case).number
    oversight = desks.sit("oversight")
    page = oversight.get(desks.url(filed))
    for label, ending in (("再次保存密封文件", "whistle"), ("再次保存附件", "files")):
        kept = oversight.client.get(page.link(label)).headers["Content-Disposition"]
        assert kept.isascii(), "production's server refuses to send another header"
        assert kept == f"attachment; filename*=UTF-8''{quote(f'{number}.{ending}')}"


# Not one's own


@pytest.mark.parametrize("part", ["", "/messages", "/record", "/do/write", "/do/to_oversight"])
def test_anothers_case_looks_like_none(desks: Desks, part: str) -> None:
    filed = desks.office.assigned("officer")
    other = desks.sit("officer2")
    hidden = other.get(desks.url(filed, part), 404)
    missing = other.get("/office/cases/清访2026-999999" + part, 404)
    assert hidden.text.replace(hidden.address, "") == missing.text.replace(missing.address, "")


def test_what_a_role_may_not_do_is_not_shown_and_refused(desks: Desks) -> None:
    filed = desks.classified()
    intake = desks.sit("intake")
    assert not {"指派", "移交承办", "密封上报"} & set(buttons(intake.get(desks.url(filed))))
    intake.get(desks.url(filed, "/do/assign"), 403)
    intake.get(desks.url(filed, "/do/forward_up"), 403)
    intake.get(desks.url(filed, "/do/nothing"), 404)
    assert intake.get(desks.url(filed, "/do/classify"), 409).h1 == "已经分类登记了"
    assert intake.get(desks.url(filed, "/do/supplement"), 409).h1 == "现在不能做这一步"


@pytest.mark.parametrize(
    "address",
    [
        "/office/cases/%00",
        "/office/new/a%0Ab",
        "/office/hand-over/99999999999999999999",
        "/office/approvals/%00",
        "/office/cases/x/y/z",
    ],
)
def test_an_address_that_means_nothing_is_no_page(desks: Desks, address: str) -> None:
    desks.sit("deputy").get(address, 404)


# Bad input


@pytest.mark.parametrize(
    ("action", "typed", "faults"),
    [
        ("decline", {"message": ""}, ["请选择不予受理的理由", "请填写理由和可向何处反映"]),
        (
            "decline",
            {"reason": "court", "message": "x" * 20_001},
            ["最多20,000字，现在有20,001字，请删去1字"],
        ),
        ("decline", {"reason": "none", "message": "请向法院起诉。"}, ["请选择不予受理的理由"]),
        (
            "decline",
            {"reason": "court", "message": "a\x00b"},
            [str(forms.REFUSED[0][1])],
        ),
        (
            "redirect",
            {"receiver": "", "message": "转给市场监管局。"},
            ["请填写接收机关", "请确认并勾选：接收机关不是被举报单位，也不由被举报人领导"],
        ),
        ("to_oversight", {"reason": "  "}, ["请填写理由"]),
    ],
)
def test_bad_input_brings_the_page_back_with_what_was_typed(desks: Desks, action, typed, faults) -> None:
    filed = desks.classified()
    intake = desks.sit("intake")
    page = intake.get(desks.url(filed, f"/do/{action}"))
    back = intake.submit(page, page.form().select_one("button").get_text(), 422, **typed)
    assert back.faults == faults
    for name, value in typed.items():
        box = back.soup.select_one(f"textarea[name={name}]")
        assert box is None or box.get_text().strip() == value.replace("\x00", "").strip()
    assert CaseEvent.select().where(CaseEvent.case == filed.case).count() == 2


def test_a_receipt_code_in_a_letter_is_refused_kindly(desks: Desks) -> None:
    filed = desks.classified()
    intake = desks.sit("intake")
    page = intake.get(desks.url(filed, "/messages"))
    back = intake.submit(page, "发出答复", 422, message=f"您的码是{filed.code}。")
    assert "24位数字" in back.faults[0]


def test_twenty_thousand_characters_pass(desks: Desks) -> None:
    filed = desks.classified()
    intake = desks.sit("intake")
    page = intake.submit(intake.get(desks.url(filed, "/messages")), "发出答复", message="我" * 20_000)
    assert "已发出答复" in page.text


def test_a_stale_form_comes_back_with_what_was_typed_and_can_be_sent(desks: Desks) -> None:
    filed = desks.classified()
    intake = desks.sit("intake")
    page = intake.get(desks.url(filed, "/do/request_supplement"))
    back = intake.submit(page, "一次性告知补正", 422, message="请补充日期。", csrf_token="old")
    assert "打开得太久" in back.faults[0]
    assert back.soup.select_one("textarea").get_text().strip() == "请补充日期。"
    assert "已一次性告知补正" in intake.submit(back, "一次性告知补正").text


# Two at once


def test_the_second_of_two_is_told_what_changed_and_loses_nothing(desks: Desks) -> None:
    filed = desks.classified()
    first, second = desks.sit("intake"), desks.sit("intake2")
    mine = first.get(desks.url(filed, "/do/request_supplement"))
    theirs = second.get(desks.url(filed, "/messages"))
    second.submit(theirs, "发出答复", message="我们收到了，正在看。")
    back = first.submit(mine, "一次性告知补正", 422, message="请补充当天的窗口号。")
    assert back.faults == [
        "你填写的时候，这件事有了变化：已发出答复（何受理）。你写的内容都还在，请看过最新情况，仍要提交就再按一次"
    ]
    assert back.soup.select_one("textarea").get_text().strip() == "请补充当天的窗口号。"
    assert "已一次性告知补正" in first.submit(back, "一次性告知补正").text


def test_two_letters_at_once_are_told_too(desks: Desks) -> None:
    filed = desks.classified()
    first, second = desks.sit("intake"), desks.sit("intake2")
    mine, theirs = first.get(desks.url(filed, "/messages")), second.get(desks.url(filed, "/messages"))
    second.submit(theirs, "发出答复", message="请稍候。")
    back = first.submit(mine, "发出答复", 422, message="请您放心。")
    assert "已发出答复（何受理）" in back.faults[0]
    assert back.soup.select_one("form textarea").get_text().strip() == "请您放心。"


def test_a_step_that_another_made_impossible_keeps_the_text_to_copy(desks: Desks) -> None:
    filed = desks.classified()
    first, second = desks.sit("intake"), desks.sit("intake2")
    mine = first.get(desks.url(filed, "/do/request_supplement"))
    propose(desks, filed, second)
    words = "请补充当天的窗口号、经办人的姓名和工号，以及您去过几次、每次的日期。"
    back = first.submit(mine, "一次性告知补正", 409, message=words)
    assert back.h1 == "这件事正在等审批"
    assert words in back.soup.select_one("textarea").get_text()


def test_the_second_of_two_who_classify_is_told_who_did_it_and_keeps_the_words(desks: Desks) -> None:
    filed = desks.office.file()
    first, second = desks.sit("intake"), desks.sit("intake2")
    mine = second.get(desks.url(filed, "/do/classify"))
    first.submit(first.get(desks.url(filed, "/do/classify")), "分类登记")
    second_page = second.post(
        mine.response.request.path, {**filled(mine.form("分类登记")), "subject": "王某"}, 422
    )
    assert second_page.faults == [
        "你填写的时候，这件事有了变化：已分类登记（林受理）。这一步现在不能做了，你写的内容都在下面，可以复制"
    ]
    assert second_page.soup.select_one("input[name=subject]")["value"] == "王某"
    assert not second_page.soup.select("main form button.first")
    assert second_page.link("看最新情况") == quote(desks.url(filed))


def test_a_refused_step_shows_even_a_short_text_and_leads_back_to_the_case(desks: Desks) -> None:
    filed = desks.classified()
    first, second = desks.sit("intake"), desks.sit("intake2")
    mine = first.get(desks.url(filed, "/do/request_supplement"))
    propose(desks, filed, second)
    back = first.submit(mine, "一次性告知补正", 409, message="请补充。")
    assert "请补充。" in back.soup.select_one("textarea").get_text()
    assert "需要补充的内容" in words(back.soup.select_one("label[for=kept-1]"))
    assert back.link("回到案件") == quote(desks.url(filed))
    assert back.soup.select_one("body.office")


def test_a_letter_to_a_case_that_was_lost_is_kept_to_copy(desks: Desks) -> None:
    filed = desks.classified()
    first, second = desks.sit("intake"), desks.sit("intake2")
    mine = first.get(desks.url(filed, "/messages"))
    second.submit(second.get(desks.url(filed, "/do/accept")))
    back = first.submit(mine, "发出答复", 404, message="收到。")
    assert "指派给别人" in back.text
    assert "收到。" in back.soup.select_one("textarea").get_text()


def test_who_lost_the_case_to_another_keeps_the_text_to_copy(desks: Desks) -> None:
    filed = desks.classified()
    first, second = desks.sit("intake"), desks.sit("intake2")
    mine = first.get(desks.url(filed, "/do/decline"))
    second.submit(second.get(desks.url(filed, "/do/accept")))
    words = "不属于本机关职责，请向市场监督管理部门反映，电话12315，工作日都有人接听。"
    back = first.submit(mine, "报批", 404, reason="not_ours", message=words)
    assert back.h1 == "这件事你现在打不开"
    assert words in back.soup.select_one("textarea").get_text()
