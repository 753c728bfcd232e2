"""Persons concerned, measures, talks, promises and items: what is drawn up, decided, delivered, and put right."""

import datetime as dt
from typing import Any

import pytest

from tests.builders import MONDAY, Filed, Office
from tests.cases import days_later, holders, owed, running, sees
from tests.stages import (
    ask,
    deciding,
    draw_up,
    enforcing,
    group,
    investigating,
    listed,
    meeting,
    only,
    refer,
    reviewing,
    state,
    unit_code,
    verifying,
    with_third,
)
from whistle import clock
from whistle.services import ledger
from whistle.services.casework import reading
from whistle.services.casework.act import act
from whistle.services.errors import Conflict, Invalid, NotAllowed, NotFound
from whistle.store.cases import Case
from whistle.store.things import Item, Measure, Promise, Subject, Talk

#: Two months before a sanction of two years ends that was decided on MONDAY.
TWO_MONTHS_BEFORE = dt.datetime.combine(dt.date(2028, 7, 14), MONDAY.timetz())

DECIDE = {"decision": "measures", "reason": "属实"}


def refused(office: Office, case: str, action: str, who: str, **inputs: Any) -> str:
    """Why an act is refused, as 'field.reason' or a code."""
    try:
        office.act(case, action, who, **inputs)
    except Invalid as fault:
        return f"{fault.field}.{fault.reason}"
    except Conflict as fault:
        return fault.why
    return "done"


# --- persons -------------------------------------------------------------------------------------------------


def test_a_person_is_listed_once_and_a_longer_name_is_another_person(office: Office) -> None:
    filed = verifying(office)
    zhang = listed(office, filed.case, name="张三")
    listed(office, filed.case, name="张三丰")
    usual = {"person_kind": "PA", "party_member": "yes"}
    assert (
        refused(office, filed.case, "subject.add", "officer2", name="张 三", **usual) == "name.listed_already"
    )
    office.act(filed.case, "subject.correct", "officer", thing=zhang, name="张三", post="科长", **usual)
    named = {"thing": zhang, "name": "张三丰", **usual}
    assert refused(office, filed.case, "subject.correct", "officer", **named) == "name.listed_already"


def test_who_has_a_measure_stays_listed_and_who_was_removed_gets_none(office: Office) -> None:
    filed = verifying(office)
    person = listed(office, filed.case)
    measure = draw_up(office, filed.case, "admonish", subject_person=person)
    with pytest.raises(Conflict, match="has_measures"):
        office.act(filed.case, "subject.remove", "officer", thing=person, reason="不是他")
    office.act(filed.case, "measure.drop", "officer", thing=measure, reason="不是他")
    office.act(filed.case, "subject.remove", "officer", thing=person, reason="不是他")
    again = {"code": "admonish", "subject_person": person, "grounds": "x"}
    assert refused(office, filed.case, "measure.propose", "officer", **again) == "subject_person.unknown"


@pytest.mark.parametrize("who", ["officer", "officer2", "deputy", "head"])
def test_who_of_the_office_turns_out_to_be_concerned_is_shut_out_at_once(office: Office, who: str) -> None:
    filed = verifying(office)
    listed(office, filed.case, name=office[who].name)
    assert not sees(office, who, filed.case)
    assert {"officer", "officer2", "deputy", "head"} - holders(filed.case) == {who}
    office.act(filed.case, "write", "officer2" if who == "officer" else "officer", message="正在核实。")
    assert ledger.verify().findings == ()


# --- drawing up ----------------------------------------------------------------------------------------------


def test_a_measure_is_drawn_up_for_whom_it_is_there(office: Office) -> None:
    """Each row: the kind of person, party member or not, the measure, and why not."""
    filed = verifying(office)
    people = {
        (kind, member): listed(office, filed.case, name=name, person_kind=kind, party_member=member)
        for kind, member, name in (("V", "no", "村主任"), ("PA", "yes", "钱科长"), ("O", "no", "孙协管"))
    }
    unit = {"unit": unit_code()}
    village, official, other = ({"subject_person": person} for person in people.values())
    table = [
        (official, "admin_downgrade", "done"),
        (village, "admin_downgrade", "code.not_for_this_person"),
        (village, "admin_major_demerit", "done"),
        (other, "admin_removal", "code.not_for_this_person"),
        (village, "party_warning", "code.only_for_members"),
        (official, "party_warning", "done"),
        (official, "criticise_unit", "code.only_for_units"),
        (unit, "criticise_unit", "done"),
        (unit, "admonish", "code.only_for_persons"),
        (unit, "summon", "code.only_for_persons"),
        ({}, "admonish", "subject_person.person_or_unit"),
        ({**official, **unit}, "admonish", "subject_person.person_or_unit"),
        (official, "no_such", "code.unknown"),
        ({"subject_person": "elsewhere"}, "admonish", "subject_person.unknown"),
    ]
    for on, code, why in table:
        told = refused(office, filed.case, "measure.propose", "officer", code=code, grounds="属实", **on)
        assert (code, told) == (code, why)
    assert Measure.select().where(Measure.case == filed.case).count() == 4
    assert ledger.verify().findings == ()


def test_a_person_of_another_case_gets_no_measure_and_a_thing_of_another_case_is_not_there(
    office: Office,
) -> None:
    filed, noise = verifying(office), verifying(office)
    person = listed(office, noise.case)
    measure = draw_up(office, noise.case, "admonish", subject_person=person)
    on = {"code": "admonish", "subject_person": person, "grounds": "x"}
    assert refused(office, filed.case, "measure.propose", "officer", **on) == "subject_person.unknown"
    with pytest.raises(NotFound):
        office.act(filed.case, "measure.drop", "officer", thing=measure, reason="x")
    assert Measure.get_by_id(measure).state == "proposed"


def test_what_is_proposed_with_a_decision_stays_as_it_was_until_it_is_made(office: Office) -> None:
    filed = verifying(office)
    person = listed(office, filed.case)
    measure = draw_up(office, filed.case, "admonish", subject_person=person)
    disposal = {"written_report": "报告", "findings": "属实", "tolerance_checked": True}
    office.act(filed.case, "propose_disposal", "officer", **disposal)
    for action, inputs in (
        ("measure.drop", {"thing": measure, "reason": "x"}),
        ("measure.propose", {"code": "remind", "subject_person": person, "grounds": "x"}),
    ):
        with pytest.raises(Conflict, match="waiting_for_approval"):
            office.act(filed.case, action, "officer", **inputs)
    assert office.approve("head").state == "deciding"


@pytest.mark.parametrize("code", ["admin_warning", "employer_sanction", "party_warning"])
def test_without_filing_no_sanction_is_proposed_and_nothing_without_a_measure(
    office: Office, code: str
) -> None:
    filed = verifying(office)
    disposal = {"written_report": "报告", "findings": "属实", "tolerance_checked": True}
    assert refused(office, filed.case, "propose_disposal", "officer", **disposal) == "no_measures"
    draw_up(office, filed.case, code, subject_person=listed(office, filed.case))
    assert refused(office, filed.case, "propose_disposal", "officer", **disposal) == "needs_filing"


def test_from_assessment_disposal_is_proposed_on_what_a_referral_brought(office: Office) -> None:
    filed = office.assigned()
    draw_up(office, filed.case, "remind", subject_person=listed(office, filed.case))
    disposal = {"written_report": "报告", "findings": "属实", "tolerance_checked": True}
    assert refused(office, filed.case, "propose_disposal", "officer", **disposal) == "no_result_of_referral"
    refer(office, filed)
    office.act(filed.case, "receive_referral", "officer", result="属实")
    ask(office, filed.case, "propose_disposal", "officer", "head", **disposal)
    assert state(filed.case) == "deciding"


# --- deciding ------------------------------------------------------------------------------------------------


def test_the_deputy_decides_talks_and_what_is_the_heads_goes_to_the_head(office: Office) -> None:
    light, _ = deciding(office, "remind")
    office.act(light.case, "decide", "deputy", **DECIDE)
    graver, _ = deciding(office, "admonish")
    assert refused(office, graver.case, "decide", "deputy", **DECIDE) == "head_decides"
    page = reading.open_case(office["deputy"], graver.case)
    assert ("decide", "head_decides") in [(row.name, why) for row, why in page.held_up]
    assert "decide" in [row.name for row in reading.open_case(office["head"], graver.case).actions]
    assert (
        refused(office, graver.case, "decide", "head", **{**DECIDE, "decision": "none"})
        == "measures_drawn_up"
    )
    assert (
        refused(office, graver.case, "decide", "head", **{**DECIDE, "decision": "exempt"}) == "no_exemption"
    )
    with pytest.raises(NotAllowed):
        office.act(graver.case, "decide", "officer", **DECIDE)
    office.act(graver.case, "decide", "head", **DECIDE)
    assert {state(light.case), state(graver.case)} == {"enforcing"}


def filed_and_ready(office: Office, code: str = "admin_warning") -> tuple[Filed, str, str]:
    """A filed case before its decision, with the person and the measure."""
    filed = reviewing(office)
    person = listed(office, filed.case)
    measure = draw_up(office, filed.case, code, subject_person=person)
    ask(office, filed.case, "to_decision", "reviewer", "head", written_report="事实清楚")
    return filed, person, measure


def heard(office: Office, case: str, person: str) -> None:
    hearing = {"day": clock.today(), "facts_told": True, "statement": "无异议", "checked": "无"}
    office.act(case, "hear_subject", "reviewer", subject_person=person, **hearing)


def test_nobody_was_heard_on_an_investigation_before_the_case_was_filed(office: Office) -> None:
    """The report came weeks before: a hearing of those weeks was of nothing that an investigation found."""
    filed = verifying(office)
    with clock.at(days_later(20)):
        named = {"group": group(office, "officer", "officer2"), "planned_on": clock.today(), "told": True}
        ask(office, filed.case, "file_case", "officer", "head", facts="收钱", clause="第三十九条", **named)
        person = listed(office, filed.case)
        hearing = {"facts_told": True, "statement": "无异议", "checked": "无", "subject_person": person}
        before = days_later(19).date()
        assert refused(office, filed.case, "hear_subject", "officer", day=before, **hearing) == (
            "day.before_filing"
        )
        office.act(filed.case, "hear_subject", "officer", day=clock.today(), **hearing)


def test_a_sanction_needs_a_meeting_a_hearing_and_a_whole_document(office: Office) -> None:
    filed, person, measure = filed_and_ready(office)
    whole = {**DECIDE, "document_complete": True, **meeting()}
    assert refused(office, filed.case, "decide", "head", **whole) == "not_heard"
    heard(office, filed.case, person)
    for name in meeting():
        assert refused(office, filed.case, "decide", "head", **{**whole, name: ""}) == f"{name}.empty"
    without = {**whole, "document_complete": False}
    assert refused(office, filed.case, "decide", "head", **without) == "document_complete.empty"
    ahead = {**whole, "meeting_on": days_later(1).date()}
    assert refused(office, filed.case, "decide", "head", **ahead) == "meeting_on.not_yet"
    office.act(filed.case, "decide", "head", **whole)
    row = Measure.get_by_id(measure)
    assert (row.state, row.decided_on, Case.get_by_id(filed.case).finding) == (
        "decided",
        clock.today(),
        "substantiated",
    )
    assert running(filed.case, "confirm_end").due_on == dt.date(2027, 2, 14)


def test_what_kind_of_person_it_is_may_turn_out_otherwise_before_the_decision(office: Office) -> None:
    filed, person, _measure = filed_and_ready(office, "admin_downgrade")
    heard(office, filed.case, person)
    known = {"name": "钱窗口", "person_kind": "V", "party_member": "yes"}
    office.act(filed.case, "subject.correct", "officer", thing=person, **known)
    whole = {**DECIDE, "document_complete": True, **meeting()}
    assert refused(office, filed.case, "decide", "head", **whole) == "measure_does_not_fit"


def test_a_case_that_was_not_filed_gets_no_sanction_whatever_is_drawn_up_at_the_last_moment(
    office: Office,
) -> None:
    filed, _ = deciding(office)
    draw_up(office, filed.case, "admin_warning", subject_person=only_subject(filed))
    whole = {**DECIDE, "document_complete": True, **meeting()}
    assert refused(office, filed.case, "decide", "head", **whole) == "needs_filing"


def only_subject(filed: Filed) -> str:
    return only(Subject, filed.case)


def test_exempt_is_decided_alone_and_none_only_where_nothing_is_drawn_up(office: Office) -> None:
    filed, person, measure = filed_and_ready(office)
    draw_up(office, filed.case, "exempt", subject_person=person)
    heard(office, filed.case, person)
    whole = {"reason": "情节轻微", "document_complete": True, **meeting()}
    exempt = {**whole, "decision": "exempt"}
    assert refused(office, filed.case, "decide", "head", **exempt) == "exempt_and_sanction"
    office.act(filed.case, "measure.drop", "officer", thing=measure, reason="改为免予")
    none = {**whole, "decision": "none"}
    assert refused(office, filed.case, "decide", "head", **none) == "measures_drawn_up"
    office.act(filed.case, "decide", "head", **exempt)
    assert state(filed.case) == "enforcing"


@pytest.mark.parametrize("given", ["meeting_on", "meeting_number", "meeting_result"])
def test_a_meeting_is_told_whole_or_not_at_all_where_none_is_needed(office: Office, given: str) -> None:
    filed, _measure = deciding(office, "remind")
    half = {**DECIDE, given: meeting()[given]}
    missing = next(name for name in meeting() if name != given)
    assert refused(office, filed.case, "decide", "head", **half) == f"{missing}.half_told"
    office.act(filed.case, "decide", "head", **DECIDE, **meeting())


@pytest.mark.parametrize("action", ["hand_to_competent", "transfer_justice"])
def test_the_head_passes_a_filed_case_on_by_decision_of_a_meeting(office: Office, action: str) -> None:
    filed, _person, _measure = filed_and_ready(office)
    inputs = (
        {"body": "市纪委监委", "reason": "管理权限"}
        if action == "hand_to_competent"
        else {"opinion_number": "清监诉〔2026〕1号", "file_list": "卷一"}
    )
    assert refused(office, filed.case, action, "head", **inputs) == "meeting_on.empty"
    with pytest.raises(NotAllowed):
        office.act(filed.case, action, "deputy", **inputs, **meeting())
    office.act(filed.case, action, "head", **inputs, **meeting())
    assert (state(filed.case), Case.get_by_id(filed.case).finding) == ("enforcing", "substantiated")


def test_a_case_that_was_not_filed_is_neither_withdrawn_nor_transferred(office: Office) -> None:
    filed, _ = deciding(office)
    justice = {"opinion_number": "1号", "file_list": "卷一", **meeting()}
    assert refused(office, filed.case, "transfer_justice", "head", **justice) == "not_filed"
    assert refused(office, filed.case, "withdraw_case", "officer", reason="x", unit_told=True) == "not_filed"


@pytest.mark.parametrize(
    ("filed", "back_to", "why"),
    [
        (True, "reviewing", "done"),
        (True, "verifying", "back_to.filed"),
        (False, "verifying", "done"),
        (False, "assessing", "done"),
        (False, "reviewing", "back_to.not_filed"),
    ],
)
def test_a_case_is_sent_back_to_a_stage_it_came_through(
    office: Office, filed: bool, back_to: str, why: str
) -> None:
    case = (filed_and_ready(office)[0] if filed else deciding(office)[0]).case
    assert refused(office, case, "send_back", "deputy", back_to=back_to, missing="证据") == why
    assert state(case) == (back_to if why == "done" else "deciding")


def test_a_case_that_was_never_verified_is_not_sent_back_to_verification(office: Office) -> None:
    filed = office.assigned()
    inquiry = {"form": "letter", "to_whom": "某科长", "questions": "说明情况"}
    ask(office, filed.case, "start_inquiry", "officer", "head", **inquiry)
    draw_up(office, filed.case, "remind", subject_person=listed(office, filed.case))
    disposal = {"written_report": "报告", "findings": "属实", "tolerance_checked": True}
    ask(office, filed.case, "propose_disposal", "officer", "head", **disposal)
    back = {"back_to": "verifying", "missing": "证据"}
    assert refused(office, filed.case, "send_back", "head", **back) == "back_to.never_there"


def test_a_review_sends_an_investigation_back_twice_at_most(office: Office) -> None:
    filed = reviewing(office)
    for _ in range(2):
        ask(office, filed.case, "return_investigation", "reviewer", "deputy", list="补充询问")
        ask(office, filed.case, "to_review", "officer", "deputy", file_list="卷一", opinion="警告")
    assert refused(office, filed.case, "return_investigation", "reviewer", list="再补") == "returned_twice"


# --- carrying out --------------------------------------------------------------------------------------------


def test_what_is_delivered_starts_what_follows_and_each_row_has_its_own_steps(office: Office) -> None:
    filed, measure = deciding(office, "self_criticism")
    with clock.at(days_later(3)):
        office.act(filed.case, "decide", "head", **DECIDE)
    with clock.at(days_later(4)):
        early = {"thing": measure, "day": days_later(2).date(), "receipt": "签收"}
        assert refused(office, filed.case, "measure.deliver", "officer", **early) == "day.before_decision"
        office.act(filed.case, "measure.deliver", "officer", **{**early, "day": clock.today()})
    with clock.at(days_later(5)):
        before = {"thing": measure, "day": days_later(3).date(), "statement": "深刻检查"}
        assert (
            refused(office, filed.case, "measure.statement_received", "officer", **before)
            == "day.before_decision"
        )
        for action, inputs in (
            ("measure.pay_changed", {"paper": "1号"}),
            ("measure.follow_up", {"account": "好"}),
            ("measure.confirm_end", {"account": "好", "repentance": True, "no_new_breach": True}),
        ):
            told = refused(office, filed.case, action, "officer", thing=measure, **inputs)
            assert (action, told) == (action, "not_for_this_measure")
        office.act(filed.case, "measure.statement_received", "officer", **{**before, "day": clock.today()})
    assert "statement" not in owed(filed.case)


def test_the_end_of_a_sanction_is_confirmed_where_the_person_has_reformed(office: Office) -> None:
    filed, person, measure = filed_and_ready(office, "admin_downgrade")
    heard(office, filed.case, person)
    office.act(filed.case, "decide", "head", **DECIDE, document_complete=True, **meeting())
    office.act(filed.case, "measure.pay_changed", "officer", thing=measure, paper="人社1号")
    office.act(filed.case, "measure.deliver", "officer", thing=measure, day=clock.today(), receipt="签收")
    office.act(filed.case, "enforce_done", "officer", in_file_and_announced=True, none_needed="无")
    assert owed(filed.case) >= {"confirm_end", "feedback"}
    ended = {"thing": measure, "repentance": True, "no_new_breach": False, "account": "好"}
    with clock.at(TWO_MONTHS_BEFORE):
        ask(office, filed.case, "measure.confirm_end", "officer", "deputy", **ended)
        assert Measure.get_by_id(measure).state == "delivered"
        assert "confirm_end" in owed(filed.case)
        ask(
            office, filed.case, "measure.confirm_end", "officer", "deputy", **{**ended, "no_new_breach": True}
        )
        assert Measure.get_by_id(measure).state == "ended"
        assert "confirm_end" not in owed(filed.case)


def test_a_sanction_of_two_years_is_not_confirmed_as_ended_before_its_end_is_near(office: Office) -> None:
    filed, person, measure = filed_and_ready(office, "admin_downgrade")
    heard(office, filed.case, person)
    office.act(filed.case, "decide", "head", **DECIDE, document_complete=True, **meeting())
    office.act(filed.case, "measure.deliver", "officer", thing=measure, day=clock.today(), receipt="签收")
    ended = {"thing": measure, "repentance": True, "no_new_breach": True, "account": "好"}
    for at in (clock.now(), TWO_MONTHS_BEFORE - dt.timedelta(days=1)):
        with clock.at(at):
            assert (
                refused(office, filed.case, "measure.confirm_end", "officer", **ended) == "not_near_its_end"
            )
            (shown,) = [t for t in reading.open_case(office["officer"], filed.case).things if t.id == measure]
            assert "measure.confirm_end" not in {row.name for row in shown.actions}


def test_the_end_is_confirmed_a_month_before_the_last_day_whatever_the_length_of_the_months(
    office: Office,
) -> None:
    filed, person, _measure = filed_and_ready(office, "admin_warning")
    heard(office, filed.case, person)
    with clock.at(days_later((dt.date(2026, 10, 31) - MONDAY.date()).days)):
        office.act(filed.case, "decide", "head", **DECIDE, document_complete=True, **meeting())
    assert running(filed.case, "confirm_end").due_on == dt.date(2027, 3, 30), "the last day is 30 April"


def test_an_item_goes_there_and_back_until_another_saw_that_it_is_put_right(office: Office) -> None:
    filed, measure = enforcing(office)
    office.act(filed.case, "measure.deliver", "officer", thing=measure, day=clock.today(), receipt="签收")
    assert (
        refused(office, filed.case, "enforce_done", "officer", in_file_and_announced=True)
        == "none_needed.empty"
    )
    make = {"problem": "告知不全", "unit": unit_code(), "owner": "孙主任", "due": days_later(0).date()}
    assert refused(office, filed.case, "item.make", "officer", **make) == "due.not_ahead"
    office.act(filed.case, "item.make", "officer", **{**make, "due": days_later(20).date()})
    item = only(Item, filed.case)
    office.act(filed.case, "enforce_done", "officer", in_file_and_announced=True)
    ask(
        office,
        filed.case,
        "item.postpone",
        "officer",
        "deputy",
        thing=item,
        reason="难",
        due=days_later(40).date(),
    )
    assert running(filed.case, "rectify_item").due_on == days_later(40).date()
    assert refused(office, filed.case, "item.strike_off", "officer2", thing=item, seen="x") == "state"
    office.act(filed.case, "item.submit", "officer", thing=item, evidence="告知单")
    office.act(filed.case, "item.return", "officer2", thing=item, missing="照片")
    office.act(filed.case, "item.submit", "officer2", thing=item, evidence="告知单、照片")
    assert (
        refused(office, filed.case, "item.strike_off", "officer2", thing=item, seen="看过") == "supplied_it"
    )
    assert refused(office, filed.case, "rectified", "officer", summary="好") == "items_open"
    office.act(filed.case, "item.strike_off", "officer", thing=item, seen="抽查")
    ask(office, filed.case, "rectified", "officer", "deputy", summary="好")
    assert (Item.get_by_id(item).state, state(filed.case)) == ("struck_off", "concluded")
    assert ledger.verify().findings == ()


@pytest.mark.parametrize(
    ("due", "why"),
    [
        (dt.date(9999, 12, 31), "due.too_late"),
        (dt.date(2126, 1, 1), "due.too_late"),
        (days_later(200).date(), "due.too_late"),
        (days_later(170).date(), "done"),
    ],
)
def test_an_item_is_due_within_six_months_when_it_is_listed_and_when_it_is_postponed(
    office: Office, due: dt.date, why: str
) -> None:
    filed, _measure = enforcing(office)
    make = {"problem": "告知不全", "unit": unit_code(), "owner": "孙主任"}
    office.act(filed.case, "item.make", "officer", **make)
    later = {"thing": only(Item, filed.case), "reason": "难", "due": due}
    assert refused(office, filed.case, "item.make", "officer", **make, due=due) == why
    assert refused(office, filed.case, "item.postpone", "officer", **later) == why


def test_a_promise_is_for_a_day_within_three_years(office: Office) -> None:
    filed = verifying(office)
    plan = {"who": "某科长", "planned_on": days_later(0).date(), "outline": "三个问题"}
    far = {**plan, "planned_on": dt.date(9999, 12, 31)}
    with pytest.raises(Invalid, match="planned_on: too_late"):
        act(filed.case, "talk.schedule", office["officer"], **far)
    act(filed.case, "talk.schedule", office["officer"], **plan)
    promise = {"talk": only(Talk, filed.case), "what": "退还费用"}
    office.act(filed.case, "talk.hold", "officer", thing=promise["talk"], day=clock.today(), record="承认")
    far = {**promise, "due": days_later(1100).date()}
    assert refused(office, filed.case, "promise.make", "officer", **far) == "due.too_late"
    near = {**promise, "due": days_later(1090).date()}
    assert refused(office, filed.case, "promise.make", "officer", **near) == "done"


def test_a_talk_is_planned_held_added_to_and_what_was_promised_there_is_kept(office: Office) -> None:
    filed = verifying(office)
    plan = {"who": "某科长", "planned_on": days_later(3).date(), "outline": "三个问题"}
    act(filed.case, "talk.schedule", office["officer"], **plan)
    talk = only(Talk, filed.case)
    assert refused(office, filed.case, "talk.record", "officer", thing=talk, record="x") == "state"
    promise = {"talk": talk, "what": "退还费用", "due": days_later(10).date()}
    with clock.at(days_later(3)):
        office.act(filed.case, "talk.hold", "officer2", thing=talk, day=clock.today(), record="承认")
        office.act(filed.case, "talk.record", "officer", thing=talk, record="补充一句")
        late = {**promise, "due": clock.today()}
        assert refused(office, filed.case, "promise.make", "officer", **late) == "due.not_ahead"
        office.act(filed.case, "promise.make", "officer", **promise)
    assert running(filed.case, "promise").due_on == days_later(10).date()
    office.act(filed.case, "promise.keep", "officer", thing=only(Promise, filed.case), how="已退")
    assert "promise" not in owed(filed.case)


def test_a_hearing_is_of_somebody_listed_and_on_a_day_since_the_report(office: Office) -> None:
    filed = investigating(office)
    person = listed(office, filed.case)
    hearing = {"subject_person": person, "facts_told": True, "statement": "无", "checked": "无"}
    table = [
        ({"day": days_later(1).date()}, "day.not_yet"),
        ({"day": days_later(-1).date()}, "day.before_receipt"),
        ({"day": days_later(0).date(), "facts_told": False}, "facts_told.empty"),
        ({"day": days_later(0).date(), "subject_person": "elsewhere"}, "subject_person.unknown"),
        ({"day": days_later(0).date()}, "done"),
    ]
    for more, why in table:
        assert refused(office, filed.case, "hear_subject", "officer", **{**hearing, **more}) == why


def test_who_reviews_without_being_a_reviewer_draws_up_and_hears_as_one(office: Office) -> None:
    office = with_third(office)
    filed = investigating(office)
    office.act(filed.case, "assign", "deputy", person=office["third"].person_id, reviews=True)
    ask(office, filed.case, "to_review", "officer", "deputy", file_list="卷一", opinion="警告")
    assert "to_decision" in {row.name for row in reading.open_case(office["third"], filed.case).actions}
    with pytest.raises(NotAllowed):
        office.act(filed.case, "to_decision", "officer2", written_report="x")
    assert (
        refused(office, filed.case, "to_decision", "third", written_report="事实清楚") == "no_measure.empty"
    )
    why_none = {"written_report": "事实清楚", "no_measure": "情节轻微，建议免予处分"}
    ask(office, filed.case, "to_decision", "third", "head", **why_none)
