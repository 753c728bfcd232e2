"""Cases: from a report to an accepted, answered one, and every way it may go on from there."""

import datetime as dt

import pytest

from tests.builders import ANSWERS, MONDAY, Office
from tests.cases import days_later, holders, owed, running, sees
from whistle import clock
from whistle.services import drafts, duties, intake, ledger, tracking
from whistle.services.casework import approvals, desk, reading
from whistle.services.casework.act import act
from whistle.services.errors import Conflict, Invalid, NotAllowed
from whistle.store.cases import Case, CaseEvent, Clock, Proposal, ShutOut
from whistle.store.people import Person
from whistle.store.recusals import RecusalRequest
from whistle.store.reports import IdentitySeal, Message
from whistle.store.units import Unit
from whistle.vault import keys, receipts

# --- receiving -----------------------------------------------------------------------------------------------


def test_a_new_report_is_held_by_the_desk_and_the_recovery_key_alone(office: Office) -> None:
    filed = office.file()
    assert holders(filed.case) == {"desk", "recovery"}
    readers = {name for name in office.people if sees(office, name, filed.case)}
    assert readers == {"intake", "intake2"}


def test_what_was_written_is_read_by_the_desk_and_by_the_reporter(office: Office) -> None:
    filed = office.file(story="四趟十天")
    view = reading.open_case(office["intake"], filed.case)
    assert view.reports[0].answers["story"] == "四趟十天"
    assert tracking.view(office.visit(filed)).answers["story"] == "四趟十天"


def test_a_form_sent_twice_makes_one_report(office: Office) -> None:
    from whistle.services import drafts, intake
    from whistle.store.reports import Report

    secret = drafts.begin(office.token)
    drafts.save(secret, {"kind": "advice", "unit": "unknown", "story": "一", "identity": "anonymous"})
    intake.submit(secret)
    with pytest.raises(Conflict, match="sent_already"):
        intake.submit(secret)
    assert Report.select().count() == 1


def test_a_report_is_not_taken_in_with_an_answer_missing(office: Office) -> None:
    with pytest.raises(Invalid) as caught:
        office.file(story="")
    assert (caught.value.field, caught.value.reason) == ("story", "empty")
    assert Case.select().count() == 0


def test_an_own_people_report_goes_to_the_oversight_desk_and_the_superior_only(office: Office) -> None:
    filed = office.file(own_people=True)
    assert holders(filed.case) == {"desk", "superior"}
    readers = {name for name in office.people if sees(office, name, filed.case)}
    assert readers == {"oversight", "oversight2"}


def test_people_of_the_unit_reported_on_are_shut_out_from_the_start(office: Office) -> None:
    unit = Unit.select().order_by(Unit.id).get()
    Person.update(unit=unit).where(Person.user_name == "intake2").execute()
    filed = office.file(unit=unit.code)
    assert holders(filed.case) == {"intake", "recovery"}
    assert not sees(office, "intake2", filed.case)
    assert all(row.ref != filed.case for row in desk.list_cases(office["intake2"], desk.DeskFilters()).rows)


def test_when_the_whole_desk_is_shut_out_the_line_holds_the_report(office: Office) -> None:
    unit = Unit.select().order_by(Unit.id).get()
    Person.update(unit=unit).where(Person.user_name.in_(("intake", "intake2"))).execute()
    assert holders(office.file(unit=unit.code).case) == {"deputy", "head", "recovery"}


def test_a_real_name_lies_under_two_halves_that_neither_holder_nor_officer_has_alone(office: Office) -> None:
    filed = office.file(identity="named", name="李四", contact="1380000xx04")
    view = reading.open_case(office["intake"], filed.case)
    assert view.is_named
    assert view.reports[0].identity
    assert "李四" not in str(view)
    assert IdentitySeal.select().count() > 0


# --- accepting, assigning ------------------------------------------------------------------------------------


def test_a_case_cannot_be_accepted_before_it_is_classified(office: Office) -> None:
    filed = office.file()
    with pytest.raises(Conflict, match="not_classified"):
        office.act(filed.case, "accept", "intake")


def test_case_numbers_run_without_gaps_in_a_year(office: Office) -> None:
    numbers = [office.classify(office.file().case).case_ref for _ in range(3)]
    assert numbers == ["清访2026-000001", "清访2026-000002", "清访2026-000003"]


def test_acceptance_gives_the_case_to_the_line_and_the_intake_officer_and_takes_it_from_the_desk(
    office: Office,
) -> None:
    filed = office.accepted()
    assert holders(filed.case) == {"intake", "deputy", "head", "recovery"}
    assert not sees(office, "intake2", filed.case)
    assert tracking.view(office.visit(filed)).stage.zh == "已受理"


def test_assignment_gives_the_case_to_the_officer_and_takes_it_from_intake(office: Office) -> None:
    filed = office.assigned()
    assert holders(filed.case) == {"officer", "deputy", "head", "recovery"}
    assert Case.get_by_id(filed.case).officer.user_name == "officer"


def test_a_former_holder_with_an_old_copy_opens_nothing_written_since(office: Office) -> None:
    """The desk's generation of keys opens no message of the next one, the reporter's included."""
    filed = office.file()
    before = Case.get_by_id(filed.case).key_generation
    office.classify(filed.case)
    office.act(filed.case, "accept", "intake")
    tracking.write(office.visit(filed), "补充一句", "n1")
    assert Case.get_by_id(filed.case).key_generation > before
    assert Message.get(Message.side == "reporter").generation > 1


@pytest.mark.parametrize("who", ["intake", "deputy", "auditor", "admin", "supervisor", "oversight"])
def test_a_case_is_not_assigned_to_somebody_who_is_no_officer(office: Office, who: str) -> None:
    filed = office.accepted()
    with pytest.raises(Invalid) as caught:
        office.act(filed.case, "assign", "deputy", person=office[who].person_id)
    assert caught.value.reason == "not_an_officer"


def test_a_case_is_not_assigned_to_somebody_of_the_unit_reported_on(office: Office) -> None:
    unit = Unit.select().order_by(Unit.id).get()
    Person.update(unit=unit).where(Person.user_name == "officer").execute()
    filed = office.accepted(unit=unit.code)
    with pytest.raises(Invalid) as caught:
        office.act(filed.case, "assign", "deputy", person=office["officer"].person_id)
    assert caught.value.reason == "shut_out"


# --- two at once ---------------------------------------------------------------------------------------------


def test_the_second_of_two_officers_is_told_that_the_case_changed(office: Office) -> None:
    filed = office.file()
    version = Case.get_by_id(filed.case).version
    office.classify(filed.case)
    with pytest.raises(Conflict, match="changed"):
        act(filed.case, "request_supplement", office["intake2"], version=version, message="请补充时间")
    assert CaseEvent.select().where(CaseEvent.action == "request_supplement").count() == 0


def test_a_reporters_message_does_not_overtake_what_an_officer_is_typing(office: Office) -> None:
    filed = office.accepted()
    version = Case.get_by_id(filed.case).version
    tracking.write(office.visit(filed), "再说一句", "n1")
    act(filed.case, "write", office["intake"], version=version, report=filed.report, message="收到")


# --- what needs leave ----------------------------------------------------------------------------------------


def test_declining_waits_for_the_deputy_and_tells_the_reporter_why(office: Office) -> None:
    filed = office.file()
    office.classify(filed.case)
    outcome = office.act(filed.case, "decline", "intake", reason="court", message="请向法院起诉。")
    assert outcome.proposal_id is not None
    assert outcome.state == "received"
    assert holders(filed.case) == {"desk", "deputy", "head", "recovery"}
    assert office.approve("deputy").state == "declined"
    assert holders(filed.case) == {"desk", "recovery"}
    tracked = tracking.view(office.visit(filed))
    assert tracked.stage.zh.startswith("不予受理")
    assert tracked.letters[-1].text == "请向法院起诉。"
    assert tracked.letters[-1].facts["reason"] == "court"


def test_a_returned_proposal_says_why_and_the_approver_no_longer_holds_the_case(office: Office) -> None:
    filed = office.file()
    office.classify(filed.case)
    office.act(filed.case, "decline", "intake", reason="court", message="请向法院起诉。")
    approvals.send_back(office["deputy"], approvals.queue(office["deputy"])[0].id, "先核实再说")
    assert holders(filed.case) == {"desk", "recovery"}
    view = reading.open_case(office["intake"], filed.case)
    assert view.waiting is None
    assert view.proposals[0].answer == "先核实再说"


def test_while_a_proposal_waits_the_case_does_not_move_but_messages_do(office: Office) -> None:
    filed = office.file()
    office.classify(filed.case)
    office.act(filed.case, "decline", "intake", reason="court", message="请向法院起诉。")
    with pytest.raises(Conflict, match="waiting_for_approval"):
        office.act(filed.case, "accept", "intake")
    office.act(filed.case, "write", "intake", report=filed.report, message="正在研究")


@pytest.mark.parametrize("stage", ["classified", "accepted"])
def test_a_case_that_a_proposal_would_end_is_assigned_to_nobody(office: Office, stage: str) -> None:
    filed = office.file()
    office.classify(filed.case)
    if stage == "accepted":
        office.act(filed.case, "accept", "intake")
    redirect = {"receiver": "市税务局", "not_led_by_subject": True, "message": "已转市税务局。"}
    office.act(filed.case, "redirect", "intake", **redirect)
    assert "assign" not in {row.name for row in reading.open_case(office["deputy"], filed.case).actions}
    with pytest.raises(Conflict, match="waiting_for_approval"):
        office.act(filed.case, "assign", "deputy", person=office["officer"].person_id)
    assert "officer" not in holders(filed.case)


def test_assigning_before_acceptance_leaves_the_case_with_whoever_has_to_accept_it(office: Office) -> None:
    """A case that was accepted, redirected and sent back by the receiver lies with who took it in."""
    filed = office.accepted()
    redirect = {"receiver": "市税务局", "not_led_by_subject": True, "message": "已转市税务局。"}
    office.act(filed.case, "redirect", "intake", **redirect)
    office.approve("deputy")
    office.act(filed.case, "returned", "intake", objection="不归我们管")
    office.act(filed.case, "assign", "deputy", person=office["officer"].person_id)
    assert {"intake", "officer"} <= holders(filed.case)
    assert office.act(filed.case, "accept", "intake").state == "assessing"


def test_nobody_decides_an_own_proposal(office: Office) -> None:
    filed = office.file(own_people=True)
    office.act(filed.case, "release_oversight", "oversight", not_own_people=True, reason="不涉及本机关")
    proposal = Proposal.get()
    assert approvals.queue(office["oversight"]) == []
    with pytest.raises(NotAllowed):
        approvals.approve(office["oversight"], proposal.id)


def test_a_proposal_can_be_taken_back(office: Office) -> None:
    filed = office.file()
    office.classify(filed.case)
    office.act(filed.case, "decline", "intake", reason="court", message="请向法院起诉。")
    approvals.withdraw(office["intake"], Proposal.get().id)
    assert holders(filed.case) == {"desk", "recovery"}
    assert office.act(filed.case, "accept", "intake").state == "assessing"


def test_a_proposals_words_and_codes_are_sealed(office: Office) -> None:
    filed = office.file()
    office.classify(filed.case)
    office.act(filed.case, "decline", "intake", reason="court", message="请向法院起诉。")
    assert "court" not in str(Proposal.get().columns())


@pytest.mark.parametrize(
    ("reason", "kind", "error"),
    [("answered", "lead", "not_for_this_kind"), ("not_supervised", "petition", "not_for_this_kind")],
)
def test_a_reason_to_decline_must_fit_the_kind(office: Office, reason: str, kind: str, error: str) -> None:
    filed = office.file()
    office.classify(filed.case, kind=kind)
    with pytest.raises(Invalid) as caught:
        office.act(filed.case, "decline", "intake", reason=reason, message="请另行反映。")
    assert caught.value.reason == error


def test_an_empty_report_is_declined_only_after_facts_were_asked_for(office: Office) -> None:
    filed = office.file()
    office.classify(filed.case)
    with pytest.raises(Conflict, match="ask_for_facts_first"):
        office.act(filed.case, "decline", "intake", reason="empty", message="没有具体内容。")


# --- notice to a real name -----------------------------------------------------------------------------------

NAMED = {"identity": "named", "name": "李四", "contact": "1380000xx04"}


def test_notice_counts_on_the_day_it_was_given_and_not_on_the_day_it_is_entered(office: Office) -> None:
    filed = office.accepted(**NAMED)
    due = running(filed.case, "notice").due_on
    with clock.at(clock.start_of_day(due + dt.timedelta(days=3))):
        office.act(filed.case, "give_notice", "intake", way="phone", day=due, report=filed.report)
    event = CaseEvent.get(CaseEvent.action == "give_notice")
    assert (event.valid_on, event.recorded_on) == (due, due + dt.timedelta(days=3))
    told = Clock.get(Clock.case == filed.case, Clock.name == "notice")
    assert (told.state, told.ended_on) == ("met", due)


def accepted_late(office: Office) -> str:
    """A real-name report that came in on the 14th and was accepted on the 18th."""
    filed = office.file(**NAMED)
    office.classify(filed.case)
    with clock.at(days_later(4)):
        office.act(filed.case, "accept", "intake")
    return filed.case


@pytest.mark.parametrize("day", ["2026-09-17", "2026-09-25"])
def test_notice_is_given_neither_before_acceptance_nor_in_days_to_come(office: Office, day: str) -> None:
    """Else the law's days, missed, could be made to look kept."""
    case = accepted_late(office)
    with clock.at(days_later(10)), pytest.raises(Invalid) as caught:
        office.act(case, "give_notice", "intake", way="phone", day=day)
    assert (caught.value.field, caught.value.reason) == ("day", "not_since_acceptance")
    assert caught.value.data == {"first": dt.date(2026, 9, 18), "last": dt.date(2026, 9, 24)}
    assert running(case, "notice").ended_on is None


def test_notice_to_a_report_that_joined_is_not_given_before_that_report_came(office: Office) -> None:
    """Nor to all at once: each chooses its own."""
    first = office.assigned(**NAMED)
    with clock.at(days_later(6)):
        later = office.assigned(**NAMED)
        target = Case.get_by_id(first.case).number
        office.act(later.case, "merge", "officer", target=target, reason="同一件事")
    with clock.at(days_later(8)):
        for report in (None, later.report):
            given = {"way": "phone", "day": "2026-09-16", "report": report}
            with pytest.raises(Invalid) as caught:
                office.act(first.case, "give_notice", "officer", **given)
            assert (caught.value.field, caught.value.reason) == ("day", "not_since_receipt")
        office.act(first.case, "give_notice", "officer", way="phone", day="2026-09-16", report=first.report)


def test_what_a_reporter_answered_to_the_notice_stands_in_the_record(office: Office) -> None:
    filed = office.accepted(**NAMED)
    given = {"way": "phone", "day": clock.today(), "reply": "知道了，希望不要让单位晓得"}
    office.act(filed.case, "give_notice", "intake", **given)
    told = [
        step
        for step in reading.open_case(office["intake"], filed.case).timeline
        if step.action.name == "give_notice"
    ]
    assert told[0].words["reply"] == given["reply"]


@pytest.mark.parametrize("day", ["2026-09-18", "2026-09-24"])
def test_notice_may_have_been_given_on_the_first_day_and_on_the_last(office: Office, day: str) -> None:
    case = accepted_late(office)
    with clock.at(days_later(10)):
        office.act(case, "give_notice", "intake", way="phone", day=day)
    assert CaseEvent.get(CaseEvent.action == "give_notice").valid_on.isoformat() == day


@pytest.mark.parametrize("day", ["2026-09-18", "2026-09-01", ""])
def test_notice_that_is_sent_here_is_given_today_whatever_was_typed(office: Office, day: str) -> None:
    case = accepted_late(office)
    with clock.at(days_later(10)):
        office.act(case, "give_notice", "intake", way="message", day=day, message="已经受理。")
    event = CaseEvent.get(CaseEvent.action == "give_notice")
    assert (event.valid_on.isoformat(), event.facts["day"]) == ("2026-09-24", "2026-09-24")


@pytest.mark.parametrize(("way", "sent"), [("message", 1), ("phone", 0), ("letter", 0), ("in_person", 0)])
def test_words_of_a_notice_go_to_the_tracking_page_only_where_that_is_the_way(
    office: Office, way: str, sent: int
) -> None:
    filed = office.accepted(**NAMED)
    office.act(filed.case, "give_notice", "intake", way=way, day="2026-09-14", message="已经受理。")
    assert len(tracking.view(office.visit(filed)).letters) == sent
    event = reading.open_case(office["intake"], filed.case).timeline[0]
    assert event.words["message"] == "已经受理。"


def test_of_a_case_that_was_not_accepted_no_notice_is_given(office: Office) -> None:
    filed = office.file(**NAMED)
    office.classify(filed.case)
    assert "give_notice" not in {row.name for row in reading.open_case(office["intake"], filed.case).actions}
    with pytest.raises(Conflict, match="not_accepted"):
        office.act(filed.case, "give_notice", "intake", way="phone", day="2026-09-14")


def test_in_sealed_handling_notice_counts_from_receipt(office: Office) -> None:
    filed = office.file(own_people=True, **NAMED)
    with clock.at(days_later(2)), pytest.raises(Invalid, match="not_since_receipt"):
        office.act(filed.case, "give_notice", "oversight", way="phone", day="2026-09-13")
    office.act(filed.case, "give_notice", "oversight", way="phone", day="2026-09-14")


# --- facts that are missing ----------------------------------------------------------------------------------


def test_missing_facts_are_asked_for_once_and_the_answer_leads_back(office: Office) -> None:
    filed = office.file()
    office.act(filed.case, "request_supplement", "intake", message="哪一天？哪个窗口？")
    tracked = tracking.view(office.visit(filed))
    assert tracked.question is not None
    assert tracked.question.text == "哪一天？哪个窗口？"
    tracking.write(office.visit(filed), "3月9日，二楼", "n1")
    assert Case.get_by_id(filed.case).state == "received"
    with pytest.raises(Conflict, match="supplement_asked_already"):
        office.act(filed.case, "request_supplement", "intake", message="还有呢？")


def test_a_wait_for_facts_lapses_on_its_due_day_however_late_the_worker_comes(office: Office) -> None:
    filed = office.file()
    office.act(filed.case, "request_supplement", "intake", message="哪一天？")
    due = next(
        c.due_on for c in reading.open_case(office["intake"], filed.case).clocks if c.name == "supplement"
    )
    with clock.at(clock.start_of_day(due)):
        assert duties.lapse_supplements() == 0
    with clock.at(days_later(60)):
        assert duties.lapse_supplements() == 1
        assert duties.lapse_supplements() == 0
    event = CaseEvent.get(CaseEvent.action == "lapse_supplement")
    assert event.valid_on == due
    assert Case.get_by_id(filed.case).state == "received"


# --- the sealed way ------------------------------------------------------------------------------------------


def test_the_sealed_way_takes_the_case_from_everybody_else(office: Office) -> None:
    filed = office.assigned()
    office.act(filed.case, "to_oversight", "officer", reason="涉及本机关人员")
    assert holders(filed.case) == {"desk", "superior"}
    for who in set(office.people) - {"oversight", "oversight2"}:
        assert not sees(office, who, filed.case)
    assert sees(office, "oversight2", filed.case)


def test_what_goes_back_to_the_ordinary_way_needs_two_members(office: Office) -> None:
    filed = office.file(own_people=True)
    office.act(filed.case, "release_oversight", "oversight", not_own_people=True, reason="不涉及本机关")
    assert office.approve("oversight2").state == "received"
    assert holders(filed.case) == {"desk", "recovery"}
    assert sees(office, "intake", filed.case)
    assert not sees(office, "oversight", filed.case)


def test_a_package_for_the_superior_holds_the_report_and_only_the_superior_opens_it(office: Office) -> None:
    filed = office.file(own_people=True, story="主任收了好处")
    outcome = office.act(filed.case, "forward_up", "oversight")
    assert outcome.state == "forwarded"
    assert outcome.download is not None
    assert "主任收了好处".encode() not in outcome.download


# --- what a reporter is promised -----------------------------------------------------------------------------


def test_the_first_answer_to_an_unresolved_matter_is_promised_to_its_reporter_and_to_no_other(
    office: Office,
) -> None:
    filed, noise = office.file(kind="unresolved"), office.file()
    first = tracking.view(office.visit(filed))
    assert (first.write_by, first.is_late) == (running(filed.case, "answer").due_on, False)
    assert tracking.view(office.visit(noise)).write_by == running(noise.case, "accept").due_on
    with clock.at(days_later(3)):
        office.classify(filed.case, kind="unresolved")
        office.act(filed.case, "accept", "intake")
        assert tracking.view(office.visit(filed)).is_late
        office.act(filed.case, "answer", "intake", message="已请窗口当天回电。")
        assert not tracking.view(office.visit(filed)).is_late


def test_nobody_is_promised_the_day_of_what_no_step_can_bring(office: Office) -> None:
    """From sealed handling nothing leads to the decision on acceptance but the way back."""
    filed = office.file(kind="petition")
    office.act(filed.case, "to_oversight", "intake", reason="涉及本机关")
    assert "notice_law" in owed(filed.case)
    assert tracking.view(office.visit(filed)).write_by != running(filed.case, "notice_law").due_on


def test_a_promise_that_passed_and_can_be_kept_still_is_shown_as_late(office: Office) -> None:
    filed = office.file()
    due = running(filed.case, "accept").due_on
    with clock.at(clock.start_of_day(due)):
        assert not tracking.view(office.visit(filed)).is_late
    with clock.at(clock.start_of_day(due + dt.timedelta(days=1))):
        late = tracking.view(office.visit(filed))
    assert (late.write_by, late.is_late) == (due, True)


def test_a_limit_that_nobody_can_keep_in_sealed_handling_is_promised_to_nobody_there(office: Office) -> None:
    filed = office.file(kind="petition")
    with clock.at(days_later(14)):
        office.act(filed.case, "to_oversight", "intake", reason="涉及本机关人员")
    with clock.at(days_later(20)):
        tracked = tracking.view(office.visit(filed))
        assert running(filed.case, "notice_law").due_on < clock.today()
        assert tracked.write_by == running(filed.case, "forward_up").due_on


@pytest.mark.parametrize("concerns_head", [False, True])
def test_a_report_on_the_offices_own_people_has_a_day_on_receipt_and_page(
    office: Office, concerns_head: bool
) -> None:
    secret = drafts.begin(office.token)
    drafts.save(secret, {**ANSWERS, "own_people": True, "concerns_head": concerns_head})
    intake.submit(secret)
    receipt = intake.show_receipt(secret)
    due = Clock.get(Clock.name == "forward_up").due_on
    assert due == dt.date(2026, 9, 15 if concerns_head else 20)
    assert receipt.write_by == tracking.view(tracking.open_report(receipt.code)).write_by == due


# --- the reporter's requests ---------------------------------------------------------------------------------


def test_a_wish_for_recusal_is_read_by_the_head_alone(office: Office) -> None:
    filed = office.assigned()
    tracking.request_recusal(office.visit(filed), "周承办", "他是局长的亲戚", "n1")
    assert [row.person.user_name for row in RecusalRequest.select()] == ["head"]
    assert reading.open_case(office["head"], filed.case).recusals[0].whom == "周承办"
    assert "他是局长的亲戚" not in str(reading.open_case(office["officer"], filed.case))
    assert tracking.view(office.visit(filed)).recusals[0]["whom"] == "周承办"


def test_a_wish_for_withdrawal_ends_nothing_by_itself(office: Office) -> None:
    filed = office.accepted()
    tracking.request_withdrawal(office.visit(filed), "问题已经解决", "n1")
    assert Case.get_by_id(filed.case).state == "assessing"


def test_a_message_sent_twice_is_one_message(office: Office) -> None:
    filed = office.accepted()
    visit = office.visit(filed)
    tracking.write(visit, "一句话", "n1")
    with pytest.raises(Conflict, match="sent_already"):
        tracking.write(visit, "一句话", "n1")
    assert Message.select().where(Message.side == "reporter").count() == 1


def test_a_message_that_holds_a_receipt_code_is_refused(office: Office) -> None:
    filed = office.accepted()
    with pytest.raises(Invalid) as caught:
        tracking.write(office.visit(filed), f"我的码是{receipts.group(filed.code)}", "n1")
    assert caught.value.reason == "holds_receipt_code"


@pytest.mark.parametrize(("code", "reason"), [("", "mistyped"), ("1234", "mistyped"), ("x" * 24, "mistyped")])
def test_a_mistyped_code_is_refused_before_any_slow_hash(office: Office, code: str, reason: str) -> None:
    with pytest.raises(Invalid) as caught:
        tracking.open_report(code)
    assert caught.value.reason == reason


def test_a_right_code_opens_however_many_wrong_ones_were_tried(office: Office) -> None:
    filed = office.file()
    for _ in range(20):
        with pytest.raises(Invalid, match="unknown"):
            tracking.open_report(receipts.new_code())
    assert tracking.view(tracking.open_report(filed.code)).stage.zh == "已收到"


def test_the_reporter_never_sees_internal_words_or_an_officers_name(office: Office) -> None:
    filed = office.assigned()
    office.act(filed.case, "write", "officer", report=filed.report, message="请补充合同")
    shown = str(tracking.view(office.visit(filed)))
    assert "研判" not in shown
    assert "assessing" not in shown


def test_an_answer_counts_as_word_to_the_reporter_whatever_was_ticked_beside_it(office: Office) -> None:
    filed, noise = office.accepted(), office.accepted()
    with clock.at(days_later(10)):
        answer = {"report": filed.report, "message": "正在办理。", "no_answer_needed": True}
        office.act(filed.case, "write", "intake", **answer)
        office.act(noise.case, "write", "intake", report=noise.report, no_answer_needed=True)
    assert running(filed.case, "rhythm").started_on == clock.day_of(days_later(10))
    assert running(noise.case, "rhythm").started_on == clock.day_of(MONDAY)


@pytest.mark.parametrize("ask", ["withdrawal", "recusal"])
def test_a_request_sent_twice_is_one_request(office: Office, ask: str) -> None:
    filed, noise = office.accepted(), office.accepted()
    visit = office.visit(filed)

    def send(visit: str, number: str) -> None:
        if ask == "withdrawal":
            tracking.request_withdrawal(visit, "问题已经解决", number)
        else:
            tracking.request_recusal(visit, "周承办", "他是局长的亲戚", number)

    send(office.visit(noise), "n0")
    send(visit, "n1")
    with pytest.raises(Conflict, match="sent_already"):
        send(visit, "n1")
    asked = CaseEvent.select().where(CaseEvent.action == f"request_{ask}", CaseEvent.case == filed.case)
    assert asked.count() == 1
    assert RecusalRequest.select().where(RecusalRequest.case == filed.case).count() == (ask == "recusal")
    if ask == "recusal":
        send(visit, "n2")
        assert asked.count() == 2
    else:
        with pytest.raises(Conflict, match="withdrawal_asked_already"):
            send(visit, "n2")
        assert asked.count() == 1


# --- the log -------------------------------------------------------------------------------------------------


def test_every_act_leaves_a_leaf_and_the_log_verifies(office: Office) -> None:
    filed = office.assigned(identity="named", name="李四", contact="1380000xx04")
    office.act(filed.case, "give_notice", "officer", way="phone", day="2026-09-14", report=filed.report)
    office.act(filed.case, "to_oversight", "officer", reason="涉及本机关人员")
    assert ledger.verify().findings == ()


def test_the_reporters_openings_say_nothing_of_who_acted(office: Office) -> None:
    filed = office.accepted()
    openings = tracking.openings(office.visit(filed))
    assert [opening["record"].count('"by"') for opening in openings] == [0, 0]


def test_opening_a_case_is_recorded_once_a_session(office: Office) -> None:
    filed = office.file()
    for _ in range(3):
        view = reading.open_case(office["intake"], filed.case)
    assert [name for name, _ in view.opened_by] == [office["intake"].name]


def test_a_visit_of_another_report_opens_nothing(office: Office) -> None:
    first, second = office.file(), office.file(story="另一件")
    assert (
        tracking.view(office.visit(first)).answers["story"]
        != tracking.view(office.visit(second)).answers["story"]
    )
    assert keys.hash_token(first.code) != keys.hash_token(second.code)


def test_what_must_be_affirmed_is_affirmed(office: Office) -> None:
    filed = office.accepted()
    with pytest.raises(Invalid) as caught:
        office.act(
            filed.case, "redirect", "intake", receiver="市局", not_led_by_subject=False, message="已转市局。"
        )
    assert (caught.value.field, caught.value.reason) == ("not_led_by_subject", "empty")


def test_both_the_unit_reported_on_and_the_one_to_keep_out_are_shut_out(office: Office) -> None:
    units = [
        Unit.select().order_by(Unit.id).get(),
        Unit.create(code="QY99", recorded_at=MONDAY),
    ]
    for unit, who in zip(units, ("intake", "intake2"), strict=True):
        Person.update(unit=unit).where(Person.user_name == who).execute()
    filed = office.file(unit=units[0].code, unit_shut_out=units[1].code)
    assert holders(filed.case) == {"deputy", "head", "recovery"}
    assert not sees(office, "intake", filed.case)


def test_whoever_joins_the_unit_reported_on_later_is_shut_out_too(office: Office) -> None:
    unit = Unit.select().order_by(Unit.id).get()
    filed = office.file(unit=unit.code)
    assert sees(office, "intake2", filed.case)
    Person.update(unit=unit).where(Person.user_name == "intake2").execute()
    assert not sees(office, "intake2", filed.case)


def test_persons_a_reporter_names_do_not_get_the_report_and_no_row_tells_their_name(office: Office) -> None:
    name = office["intake2"].name
    filed = office.file(persons_shut_out=f"{name}，还有窗口的人")
    assert holders(filed.case) == {"intake", "recovery"}
    assert not sees(office, "intake2", filed.case)
    assert ShutOut.select().count() == 0


def test_a_head_whom_the_reporter_names_holds_the_case_at_no_stage(office: Office) -> None:
    filed = office.file(persons_shut_out=office["head"].name)
    office.classify(filed.case)
    office.act(filed.case, "accept", "intake")
    assert "head" not in holders(filed.case)
    tracking.request_recusal(office.visit(filed), "某某", "有亲戚", "n1")
    assert [row.person.user_name for row in RecusalRequest.select()] == ["deputy"]


def test_where_the_reporter_names_the_whole_line_nothing_that_needs_leave_is_proposed(office: Office) -> None:
    filed = office.file(persons_shut_out=f"{office['head'].name}、{office['deputy'].name}")
    office.classify(filed.case)
    with pytest.raises(Conflict, match="no_approver"):
        office.act(filed.case, "decline", "intake", reason="court", message="请向法院起诉。")


def test_a_case_is_not_assigned_to_somebody_the_reporter_names(office: Office) -> None:
    filed = office.accepted(persons_shut_out=office["officer"].name)
    with pytest.raises(Invalid) as caught:
        office.act(filed.case, "assign", "deputy", person=office["officer"].person_id)
    assert caught.value.reason == "shut_out"
