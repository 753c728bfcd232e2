"""A case after its acceptance: every stage to the archive, who may work on it, and what each step refuses."""

from typing import Any

import pytest

from tests.builders import Office
from tests.cases import days_later, holders, owed, running, sees
from tests.stages import (
    ask,
    concluded,
    deciding,
    draw_up,
    enforced,
    group,
    investigating,
    listed,
    sign_in_again,
    state,
    tell,
    unit_code,
    verifying,
)
from whistle import clock
from whistle.services import accounts, desks, tracking
from whistle.services.casework import approvals, reading
from whistle.services.casework.act import act
from whistle.services.errors import Conflict, Invalid, NotAllowed, NotFound
from whistle.store.cases import Case, CaseEvent, CaseSeal, Proposal
from whistle.store.people import Person
from whistle.store.things import Excerpt, Item
from whistle.store.units import Unit


def refused(office: Office, case: str, action: str, who: str, **inputs: Any) -> str:
    """Why an act is refused, as 'field.reason' or a code; nothing of it may be left."""
    before = _telling()
    try:
        office.act(case, action, who, **inputs)
    except Invalid as fault:
        why = f"{fault.field}.{fault.reason}"
    except (Conflict, NotAllowed, NotFound) as fault:
        why = str(fault)
    else:
        return "done"
    assert _telling() == before, why
    return why


def _telling() -> list[Any]:
    cases = Case.select(Case.id, Case.state, Case.version, Case.officer, Case.reviewer, Case.key_generation)
    seals = CaseSeal.select(CaseSeal.id, CaseSeal.reason)
    return [
        *sorted(cases.tuples()),
        *sorted(seals.tuples()),
        CaseEvent.select().count(),
        Proposal.select().count(),
    ]


# --- the way -------------------------------------------------------------------------------------------------


def test_a_lead_goes_from_verification_by_a_light_measure_to_its_archive_number(office: Office) -> None:
    filed, measure = deciding(office)
    assert state(filed.case) == "deciding"
    office.act(filed.case, "decide", "head", decision="measures", reason="属实")
    assert state(filed.case) == "enforcing"
    assert Case.get_by_id(filed.case).finding == "substantiated"
    assert running(filed.case, "deliver").report == measure
    with pytest.raises(Conflict, match="not_delivered"):
        office.act(filed.case, "enforce_done", "officer", in_file_and_announced=True, none_needed="无")
    office.act(filed.case, "measure.deliver", "officer", thing=measure, day=clock.today(), receipt="本人签收")
    assert running(filed.case, "admonish_follow").report == measure
    office.act(
        filed.case, "item.make", "officer", problem="一次性告知不落实", unit=unit_code(), owner="孙主任"
    )
    office.act(filed.case, "enforce_done", "officer", in_file_and_announced=True)
    assert state(filed.case) == "rectifying"
    item = Item.get(Item.case == filed.case).id
    office.act(filed.case, "item.submit", "officer", thing=item, evidence="新的告知单")
    with pytest.raises(Conflict, match="supplied_it"):
        office.act(filed.case, "item.strike_off", "officer", thing=item, seen="看过")
    with pytest.raises(Conflict, match="items_open"):
        office.act(filed.case, "rectified", "officer", summary="完成")
    office.act(filed.case, "item.strike_off", "officer2", thing=item, seen="抽查十件")
    ask(office, filed.case, "rectified", "officer", "deputy", summary="完成")
    assert state(filed.case) == "concluded"
    tell(office, filed.case)
    with pytest.raises(Conflict, match="rating_open"):
        office.act(filed.case, "close", "officer")
    tracking.rate(office.visit(filed), "partly", "还是慢", "form-1")
    ask(office, filed.case, "close", "officer", "deputy")
    assert state(filed.case) == "closed"
    assert running(filed.case, "look_back").due_on > clock.today()
    with pytest.raises(Conflict, match="struck_it_off"):
        office.act(filed.case, "look_back", "officer2", result="holds", account="好")
    office.act(filed.case, "look_back", "officer", result="came_back", account="又慢了")
    ask(office, filed.case, "reopen", "officer", "head", ground="came_back", facts="又慢了")
    assert state(filed.case) == "assessing"
    assert running(filed.case, "admonish_follow").report == measure


def test_a_filed_case_is_reviewed_by_another_and_decided_by_a_meeting(office: Office) -> None:
    filed = investigating(office)
    assert running(filed.case, "investigate").due_on > days_later(300).date()
    person = listed(office, filed.case)
    draw_up(office, filed.case, "admin_warning", subject_person=person)
    ask(office, filed.case, "to_review", "officer", "deputy", file_list="卷一", opinion="警告")
    office.act(filed.case, "assign", "deputy", person=office["reviewer"].person_id)
    assert Case.get_by_id(filed.case).officer_id == office["officer"].person_id
    ask(office, filed.case, "return_investigation", "reviewer", "deputy", list="补充询问")
    ask(office, filed.case, "to_review", "officer", "deputy", file_list="卷一、卷二", opinion="警告")
    ask(office, filed.case, "to_decision", "reviewer", "head", written_report="事实清楚")
    decide = {
        "decision": "measures",
        "reason": "属实",
        "document_complete": True,
        "meeting_on": clock.today(),
        "meeting_number": "纪要8号",
        "meeting_result": "同意",
    }
    with pytest.raises(Conflict, match="not_heard"):
        office.act(filed.case, "decide", "head", **decide)
    office.act(
        filed.case,
        "hear_subject",
        "reviewer",
        subject_person=person,
        day=clock.today(),
        facts_told=True,
        statement="无异议",
        checked="无",
    )
    with pytest.raises(Conflict, match="head_decides"):
        office.act(filed.case, "decide", "deputy", **decide)
    with pytest.raises(Invalid) as caught:
        office.act(filed.case, "decide", "head", **{**decide, "meeting_on": ""})
    assert caught.value.field == "meeting_on"
    office.act(filed.case, "decide", "head", **decide)
    assert {"deliver", "confirm_end"} <= {row.name for row in Case.get_by_id(filed.case).clocks}


def test_an_investigation_is_withdrawn_by_a_meeting_that_the_head_records(office: Office) -> None:
    filed = investigating(office)
    office.act(filed.case, "withdraw_case", "officer", reason="事实不成立", unit_told=True)
    (row,) = approvals.queue(office["head"])
    with pytest.raises(Invalid) as caught:
        approvals.approve(office["head"], row.id)
    assert caught.value.field == "meeting_on"
    approvals.approve(
        office["head"], row.id, meeting_on=clock.today(), meeting_number="纪要9号", meeting_result="同意"
    )
    assert (state(filed.case), Case.get_by_id(filed.case).finding) == ("concluded", "not_established")


def test_no_meeting_decides_on_a_case_before_it_was_filed(office: Office) -> None:
    filed = investigating(office)
    CaseEvent.update(valid_on=days_later(10).date()).where(CaseEvent.action == "file_case").execute()
    with clock.at(days_later(20)):
        office.act(filed.case, "withdraw_case", "officer", reason="事实不成立", unit_told=True)
        (row,) = approvals.queue(office["head"])
        told = {"meeting_number": "纪要9号", "meeting_result": "同意"}
        with pytest.raises(Invalid) as caught:
            approvals.approve(office["head"], row.id, meeting_on=days_later(9).date(), **told)
        assert (caught.value.field, caught.value.reason) == ("meeting_on", "before_filing")
        approvals.approve(office["head"], row.id, meeting_on=days_later(10).date(), **told)


def test_a_simple_case_is_verified_with_the_deputys_leave(office: Office) -> None:
    filed = office.file()
    office.classify(filed.case, complexity="simple")
    office.act(filed.case, "accept", "intake")
    office.act(filed.case, "assign", "deputy", person=office["officer"].person_id)
    plan = {"group": group(office), "plan": "看台账", "no_disturbance": True}
    ask(office, filed.case, "start_verification", "officer", "deputy", **plan)
    assert (running(filed.case, "verify").due_on - clock.today()).days < 30


def test_who_is_of_the_group_can_open_the_case(office: Office) -> None:
    filed = verifying(office)
    assert reading.open_case(office["officer2"], filed.case).state.name == "verifying"
    with pytest.raises(Invalid) as caught:
        office.act(
            filed.case,
            "file_case",
            "officer",
            facts="a",
            clause="b",
            group=group(office)[:1],
            planned_on=clock.today(),
            told=True,
        )
    assert (caught.value.field, caught.value.reason) == ("group", "too_few")
    assert CaseSeal.select().where(CaseSeal.case == filed.case, CaseSeal.reason == "group").count() == 1


def test_an_excerpt_is_masked_and_confirmed_by_another(office: Office) -> None:
    filed = verifying(office)
    office.act(
        filed.case,
        "excerpt.make",
        "officer",
        to_whom="政务大厅整改",
        names="张小明",
        text="张小明13800138000说窗口推诿",
    )
    row = Excerpt.get(Excerpt.case == filed.case)
    (shown,) = [t for t in reading.open_case(office["officer2"], filed.case).things if t.kind == "excerpt"]
    assert shown.words["text"] == "张某【手机号】说窗口推诿"
    with pytest.raises(Conflict, match="made_it"):
        office.act(filed.case, "excerpt.confirm", "officer", thing=row.id, read_through=True)
    office.act(filed.case, "excerpt.return", "officer2", thing=row.id, why="删去“推诿”的经过")
    office.act(
        filed.case, "excerpt.correct", "officer", thing=row.id, to_whom="政务大厅整改", text="窗口推诿"
    )
    office.act(filed.case, "excerpt.confirm", "deputy", thing=row.id, read_through=True)
    assert Excerpt.get_by_id(row.id).state == "confirmed"
    with pytest.raises(Conflict, match="state"):
        office.act(filed.case, "excerpt.correct", "officer", thing=row.id, to_whom="别处", text="全文")


def test_a_talk_has_no_letter_and_what_was_said_there_needs_no_party_head(office: Office) -> None:
    filed = office.assigned()
    inquiry = {"form": "talk", "to_whom": "某科长", "questions": "说明情况"}
    ask(office, filed.case, "start_inquiry", "officer", "head", **inquiry)
    assert refused(office, filed.case, "deliver_letter", "officer", day=clock.today()) == "asked_by_talk"
    office.act(filed.case, "inquiry_reply", "officer", day=clock.today(), explanation="已说明")
    assert "inquiry_report" in owed(filed.case)


def test_an_inquiry_has_its_letter_its_answer_and_its_days(office: Office) -> None:
    filed = office.assigned()
    with clock.at(days_later(2)):
        inquiry = {"form": "letter", "to_whom": "某科长", "questions": "说明情况"}
        ask(office, filed.case, "start_inquiry", "officer", "head", **inquiry)
        too_early = {"day": days_later(1).date()}
        assert refused(office, filed.case, "deliver_letter", "officer", **too_early) == "day.before_stage"
    with clock.at(days_later(4)):
        office.act(filed.case, "deliver_letter", "officer", day=clock.today())
    assert running(filed.case, "inquiry_reply").due_on > days_later(15).date()
    with clock.at(days_later(9)):
        reply = {"day": days_later(8).date(), "explanation": "已整改", "signed": True}
        unsigned = {**reply, "signed": False}
        assert refused(office, filed.case, "inquiry_reply", "officer", **unsigned) == "signed.empty"
        early = {**reply, "day": days_later(3).date()}
        assert refused(office, filed.case, "inquiry_reply", "officer", **early) == "day.before_delivery"
        office.act(filed.case, "inquiry_reply", "officer", **reply)
    assert "inquiry_reply" not in owed(filed.case)
    assert running(filed.case, "inquiry_report").started_on == days_later(8).date()
    unfounded = {"finding": "cleared_up", "reason": "说明属实"}
    ask(office, filed.case, "conclude_unfounded", "officer", "head", **unfounded)
    assert Case.get_by_id(filed.case).finding == "cleared_up"


def test_what_is_held_is_looked_at_again_within_six_months_and_resumed(office: Office) -> None:
    filed = office.assigned()
    hold = {"reason": "暂无线索", "review_on": days_later(60).date()}
    ask(office, filed.case, "hold", "officer", "head", **hold)
    assert running(filed.case, "hold_review").due_on == days_later(60).date()
    with clock.at(days_later(50)):
        late = {"reason": "仍无线索", "review_on": days_later(300).date()}
        assert refused(office, filed.case, "hold_again", "officer", **late) == "review_on.too_late"
        again = {"reason": "仍无线索", "review_on": days_later(150).date()}
        ask(office, filed.case, "hold_again", "officer", "head", **again)
    assert running(filed.case, "hold_review").due_on == days_later(150).date()
    ask(office, filed.case, "resume_held", "officer", "deputy", new_facts="又有举报")
    assert state(filed.case) == "assessing"


@pytest.mark.parametrize(
    ("kind", "finding"), [("complaint", "settled"), ("unresolved", "not_possible"), ("advice", "taken_up")]
)
def test_what_is_no_lead_is_settled_and_answered(office: Office, kind: str, finding: str) -> None:
    filed = office.assigned(kind=kind)
    ask(office, filed.case, "resolve", "officer", "deputy", finding=finding, account="已协调")
    assert (state(filed.case), Case.get_by_id(filed.case).finding) == ("concluded", finding)


def test_a_petition_is_answered_in_writing_and_a_lead_is_not_settled(office: Office) -> None:
    petition, lead = office.assigned(kind="petition"), office.assigned()
    settled = {"finding": "settled", "account": "已协调"}
    assert refused(office, petition.case, "resolve", "officer", **settled) == "opinion.empty"
    assert refused(office, lead.case, "resolve", "officer", **settled) == "state"
    ask(office, petition.case, "resolve", "officer", "deputy", **settled, opinion="诉求、事实、依据、救济")


def test_what_was_not_handed_down_from_above_is_not_objected_to(office: Office) -> None:
    filed = office.file(kind="complaint")
    office.classify(filed.case, kind="complaint")
    assert refused(office, filed.case, "object_transfer", "intake", reason="不归我们管") == "not_handed_down"


def test_a_name_is_cleared_and_malice_is_found_by_a_meeting_and_a_higher_body(office: Office) -> None:
    filed = concluded(office)
    cleared = {"cleared_person": "钱窗口", "scope": "在单位会议上说明"}
    ask(office, filed.case, "clarify", "officer", "head", **cleared)
    malice = {"evidence": "录音", "document": ""}
    assert refused(office, filed.case, "find_malicious", "officer", **malice) == "document.empty"
    office.act(filed.case, "find_malicious", "officer", **{**malice, "document": "市纪〔2026〕1号"})
    (row,) = approvals.queue(office["head"])
    with pytest.raises(Invalid, match="meeting_on"):
        approvals.approve(office["head"], row.id)
    assert Proposal.get_by_id(row.id).state == "waiting"


def test_nobody_is_found_malicious_for_what_was_so(office: Office) -> None:
    filed, _measure = enforced(office)
    malice = {"evidence": "录音", "document": "市纪〔2026〕1号"}
    assert refused(office, filed.case, "find_malicious", "officer", **malice) == "not_unfounded"


# --- bad input -----------------------------------------------------------------------------------------------


def test_bad_input_is_refused_by_its_field_and_leaves_nothing_behind(office: Office) -> None:
    filed, noise = office.assigned(), verifying(office)
    past, far = days_later(-1).date(), days_later(400).date()
    today, soon = clock.today(), days_later(30).date()
    hold = {"reason": "无线索", "review_on": soon}
    study = {"way": "hold", "opinion": "议"}
    refer = {"receiver": "市税务局", "not_led_by_subject": True, "wanted": "核实", "due": soon}
    plan = {"group": group(office), "plan": "看", "no_disturbance": True}
    inquiry = {"form": "talk", "to_whom": "某科长", "questions": "问"}
    table: list[tuple[str, dict[str, Any], str]] = [
        ("hold", {**hold, "review_on": today}, "review_on.not_ahead"),
        ("hold", {**hold, "review_on": past}, "review_on.not_ahead"),
        ("hold", {**hold, "review_on": far}, "review_on.too_late"),
        ("hold", {**hold, "review_on": "2026-02-30"}, "review_on.not_a_day"),
        ("hold", {**hold, "reason": "  "}, "reason.empty"),
        ("hold", {**hold, "reason": "字" * 5_001}, "reason.too_long"),
        ("study", study, "studied_on.day_or_names"),
        ("study", {**study, "studied_by": "周承办（科长）"}, "studied_on.day_or_names"),
        ("study", {**study, "studied_by": "周承办、周承办"}, "studied_on.day_or_names"),
        ("study", {**study, "studied_on": past}, "studied_on.before_receipt"),
        ("study", {**study, "studied_on": soon}, "studied_on.not_yet"),
        ("study", {**study, "way": "no such way", "studied_on": today}, "way.unknown"),
        ("refer", {**refer, "due": far}, "due.too_late"),
        ("refer", {**refer, "due": today}, "due.not_ahead"),
        ("refer", {**refer, "not_led_by_subject": False}, "not_led_by_subject.empty"),
        ("refer", {**refer, "receiver": ""}, "receiver.empty"),
        ("start_inquiry", {**inquiry, "form": "mail"}, "form.unknown"),
        ("start_verification", {**plan, "group": []}, "group.empty"),
        ("start_verification", {**plan, "group": plan["group"][:1]}, "group.too_few"),
        ("start_verification", {**plan, "group": [plan["group"][0]] * 2}, "group.too_few"),
        ("start_verification", {**plan, "group": [*group(office), 999]}, "group.unknown"),
        (
            "start_verification",
            {**plan, "group": group(office, "officer", "reviewer")},
            "group.not_an_officer",
        ),
        ("start_verification", {**plan, "group": group(office, "officer", "deputy")}, "group.not_an_officer"),
        ("start_verification", {**plan, "no_disturbance": False}, "no_disturbance.empty"),
        ("conclude_unfounded", {"finding": "tolerated", "reason": "容错"}, "four_conditions.empty"),
        ("conclude_unfounded", {"finding": "substantiated", "reason": "x"}, "finding.unknown"),
        ("press_answered", {"done": "办了"}, "not_pressed"),
        ("write", {}, "message.empty"),
        ("write", {"message": "字" * 20_001}, "message.too_long"),
        ("write", {"message": "你好", "report": noise.report}, "report"),
        ("split", {"facts": "另案", "new_kind": "x"}, "new_kind.unknown"),
        ("file_case", {}, "state"),
        ("merge", {"target": "", "reason": "同"}, "target.empty"),
        ("measure.deliver", {"thing": "nothing", "day": today, "receipt": "x"}, "measure"),
    ]
    for action, inputs, why in table:
        assert (action, refused(office, filed.case, action, "officer", **inputs)) == (action, why)
    assert state(filed.case) == "assessing"


def test_an_input_that_nothing_asks_for_is_a_programmers_mistake(office: Office) -> None:
    filed = office.assigned()
    with pytest.raises(TypeError, match="nothing knows"):
        office.act(filed.case, "hold", "officer", reason="x", review_on=days_later(9).date(), colour="red")


def test_each_step_is_for_the_roles_of_its_row_alone(office: Office) -> None:
    """Somebody who reads the case and has another role is refused; who does not know of it finds none."""
    filed = verifying(office)
    hold = {"reason": "x", "review_on": days_later(30).date()}
    assert refused(office, filed.case, "hold", "deputy", **hold) == "case.hold"
    assert refused(office, filed.case, "hold", "head", **hold) == "case.hold"
    assert refused(office, filed.case, "hold", "intake", **hold) == "case"
    assert refused(office, filed.case, "hold", "auditor", **hold) == "case"
    assert refused(office, filed.case, "press", "officer", what="x", due=days_later(3).date()) == "case.press"
    for who in ("admin", "supervisor", "oversight", "reviewer"):
        assert (
            refused(office, filed.case, "record_interference", who, asked_on=clock.today(), how="x") == "case"
        )


def test_an_act_from_a_stale_page_and_an_act_twice_are_told_so(office: Office) -> None:
    filed = office.assigned()
    version = Case.get_by_id(filed.case).version
    answer = {"message": "正在核实。"}
    act(filed.case, "write", office["officer"], version=version, **answer)
    for _ in range(2):
        with pytest.raises(Conflict, match="changed"):
            act(filed.case, "write", office["officer"], version=version, **answer)
    assert CaseEvent.select().where(CaseEvent.action == "write").count() == 1


# --- people --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "why", ["not_active", "shut_out", "of the unit", "not_admitted", "not_an_officer", "unknown"]
)
def test_a_case_goes_to_nobody_who_may_not_have_it_in_whatever_seat(office: Office, why: str) -> None:
    """Deactivated, kept out, of the subject unit, not let in, of another desk and role, nobody at all."""
    unit = Unit.select().order_by(Unit.id).get()
    answers = {"persons_shut_out": office["officer2"].name} if why == "shut_out" else {}
    if why == "of the unit":
        answers = {"unit": unit.code}
        Person.update(unit=unit).where(Person.user_name == "officer2").execute()
    filed = office.assigned(**answers)
    person, reason = office["officer2"].person_id, "shut_out" if why == "of the unit" else why
    if why == "not_active":
        accounts.deactivate(office["admin"], person)
    elif why == "not_admitted":
        accounts.change_role(office["admin"], office["reviewer2"].person_id, "officer")
        person = office["reviewer2"].person_id
    elif why in ("not_an_officer", "unknown"):
        person = office["intake2"].person_id if why == "not_an_officer" else 999
    before = Case.get_by_id(filed.case).version
    assert refused(office, filed.case, "assign", "deputy", person=person) == f"person.{reason}"
    leaves = {"from_person": office["officer"].person_id, "reason": "调离"}
    assert refused(office, filed.case, "hand_over", "deputy", person=person, **leaves) == f"person.{reason}"
    plan = {"group": [office["officer"].person_id, person], "plan": "看", "no_disturbance": True}
    told = refused(office, filed.case, "start_verification", "officer", **plan)
    assert told == f"group.{'not_an_officer' if why == 'not_active' else reason}"
    assert Case.get_by_id(filed.case).version == before


def test_who_took_it_in_answers_for_it_until_it_is_assigned(office: Office) -> None:
    filed = office.accepted()
    assert Case.get_by_id(filed.case).taken_in_by.user_name == "intake"
    office.act(filed.case, "write", "intake", message="已经受理。")
    office.act(filed.case, "assign", "deputy", person=office["officer"].person_id)
    assert not sees(office, "intake", filed.case)
    kept = office.accepted()
    office.act(kept.case, "assign", "deputy", person=office["officer"].person_id, keep_intake=True)
    assert sees(office, "intake", kept.case)


# --- leave ---------------------------------------------------------------------------------------------------


def test_leave_is_asked_for_once_and_given_to_what_still_can_be_done(office: Office) -> None:
    filed = verifying(office)
    hold = {"reason": "x", "review_on": days_later(30).date()}
    first = office.act(filed.case, "hold", "officer", **hold).proposal_id
    for action, inputs in (("hold", hold), ("clarify", {"cleared_person": "某", "scope": "某"})):
        assert refused(office, filed.case, action, "officer", **inputs) == "waiting_for_approval"
    assert first is not None
    approvals.withdraw(office["officer"], first)
    with pytest.raises(Conflict, match="decided_already"):
        approvals.approve(office["head"], first)
    second = office.act(filed.case, "hold", "officer", **hold).proposal_id
    assert second is not None
    for who in ("officer", "officer2", "deputy", "intake", "oversight"):
        with pytest.raises((NotAllowed, NotFound)):
            approvals.approve(office[who], second)
    approvals.approve(office["head"], second)
    with pytest.raises(Conflict, match="decided_already"):
        approvals.approve(office["head"], second)
    assert CaseEvent.select().where(CaseEvent.action == "hold").count() == 1


def test_a_decision_is_passed_on_with_the_key_and_back_again(office: Office) -> None:
    """A second deputy stands in no line of this desk: the case is open to that deputy for this decision alone."""
    accounts.change_role(office["admin"], office["reviewer2"].person_id, "deputy")
    other = sign_in_again(office, "reviewer2")
    filed = office.assigned()
    proposal = office.act(
        filed.case, "study", "officer", way="hold", opinion="议", studied_by="周承办、吴承办"
    ).proposal_id
    assert proposal is not None
    for who, person in (
        ("head", office["officer2"]),
        ("head", office["deputy"]),
        ("deputy", office["officer"]),
    ):
        with pytest.raises(Invalid, match="may_not_decide"):
            approvals.delegate(office[who], proposal, person.person_id)
    approvals.delegate(office["deputy"], proposal, other.person_id)
    page = reading.open_proposal(other, proposal)
    assert page.proposal.words["opinion"] == "议"
    assert [row.id for row in approvals.queue(other)] == [proposal]
    approvals.approve(other, proposal, page.version, page.seen)
    assert Proposal.get_by_id(proposal).decided_by_id == other.person_id
    with pytest.raises((NotAllowed, NotFound)):
        reading.open_case(other, filed.case)


def test_who_a_decision_was_passed_on_to_first_loses_the_case_when_it_is_passed_on_again(
    office: Office,
) -> None:
    desks.name_holder(office["head"], office["head"].person_id)
    for who in ("reviewer", "reviewer2"):
        accounts.change_role(office["admin"], office[who].person_id, "deputy")
    first, second = sign_in_again(office, "reviewer"), sign_in_again(office, "reviewer2")
    filed = office.assigned()
    study = {"way": "hold", "opinion": "议", "studied_by": "周承办、吴承办"}
    proposal = office.act(filed.case, "study", "officer", **study).proposal_id
    assert proposal is not None
    approvals.delegate(office["deputy"], proposal, first.person_id)
    approvals.delegate(office["head"], proposal, second.person_id)
    assert approvals.queue(first) == []
    with pytest.raises((NotAllowed, NotFound)):
        approvals.approve(first, proposal)
    assert holders(filed.case) == {"officer", "deputy", "head", "reviewer2", "recovery"}
    approvals.send_back(second, proposal, "不同意")
    assert holders(filed.case) == {"officer", "deputy", "head", "recovery"}


@pytest.mark.parametrize("kind", ["complaint", "unresolved", "petition", "advice"])
def test_what_is_held_is_looked_at_again_whatever_its_kind(office: Office, kind: str) -> None:
    filed = office.assigned(kind=kind)
    held = {"reason": "待专项检查一并处理", "review_on": days_later(90).date()}
    ask(office, filed.case, "hold", "officer", "head", **held)
    assert running(filed.case, "hold_review").due_on == days_later(90).date()


@pytest.mark.parametrize(("kind", "finding"), [("complaint", "taken_up"), ("advice", "settled")])
def test_a_matter_ends_as_its_kind_can(office: Office, kind: str, finding: str) -> None:
    filed = office.assigned(kind=kind)
    said = {"finding": finding, "account": "已办"}
    assert refused(office, filed.case, "resolve", "officer", **said) == "finding.unknown"
