"""A case after its acceptance: every stage to the archive, and what each refuses."""

import datetime as dt
from typing import Any

import pytest

from tests.builders import Filed, Office
from tests.cases import days_later, owed, running
from whistle import clock
from whistle.services import tracking
from whistle.services.casework import approvals, reading
from whistle.services.casework.act import Outcome
from whistle.services.errors import Conflict, Invalid, NotAllowed
from whistle.store.cases import Case, CaseEvent, CaseSeal
from whistle.store.reports import Report
from whistle.store.things import Excerpt, Item, Measure, Subject

pytestmark = pytest.mark.on_both_databases


def state(case: str) -> str:
    return str(Case.get_by_id(case).state)


def ask(office: Office, case: str, action: str, who: str, leave: str, **inputs: Any) -> Outcome:
    """Propose an act and have it approved by `leave`, the meeting recorded where there is one."""
    office.act(case, action, who, **inputs)
    row = approvals.queue(office[leave])[0]
    meeting = {"meeting_on": clock.today(), "meeting_number": "纪要3号", "meeting_result": "同意"}
    return approvals.approve(office[leave], row.id, **(meeting if row.approval == "collective" else {}))


def group(office: Office) -> list[int]:
    return [office["officer"].person_id, office["officer2"].person_id]


def verifying(office: Office, **answers: Any) -> Filed:
    filed = office.assigned(**answers)
    ask(
        office,
        filed.case,
        "start_verification",
        "officer",
        "head",
        group=group(office),
        plan="调取台账",
        no_disturbance=True,
    )
    return filed


def listed(office: Office, case: str, **more: str) -> str:
    """A person concerned, by id."""
    usual = {"name": "钱窗口", "post": "政务大厅", "person_kind": "PA", "party_member": "yes"}
    office.act(case, "subject.add", "officer", **{**usual, **more})
    return str(Subject.select().where(Subject.case == case).order_by(Subject.made_on).get().id)


def draw_up(office: Office, case: str, code: str, **on: str) -> str:
    office.act(case, "measure.propose", "officer", code=code, grounds="多次推诿", **on)
    (row,) = Measure.select().where(Measure.case == case, Measure.code == code)
    return str(row.id)


def deciding(office: Office, code: str = "admonish") -> tuple[Filed, str]:
    filed = verifying(office)
    measure = draw_up(office, filed.case, code, subject_person=listed(office, filed.case))
    ask(
        office,
        filed.case,
        "propose_disposal",
        "officer",
        "head",
        written_report="报告",
        findings="属实",
        tolerance_checked=True,
    )
    return filed, measure


def investigating(office: Office) -> Filed:
    filed = verifying(office)
    ask(
        office,
        filed.case,
        "file_case",
        "officer",
        "head",
        facts="收受礼品",
        clause="第三十八条",
        group=group(office),
        planned_on=clock.today(),
        told=True,
    )
    return filed


def concluded(office: Office) -> Filed:
    filed = verifying(office)
    ask(
        office,
        filed.case,
        "conclude_unfounded",
        "officer",
        "head",
        finding="unfounded",
        written_report="报告",
        reason="查无实据",
    )
    return filed


def tell(office: Office, case: str, **more: Any) -> None:
    usual = {"stage": "final", "way": "message", "message": "查无实据，特此告知。"}
    ask(office, case, "feed_back", "officer", "deputy", **{**usual, **more})


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
    tracking.rate(office.visit(filed), "not_satisfied", "还是慢", "form-1")
    ask(office, filed.case, "close", "officer", "deputy")
    assert state(filed.case) == "closed"
    assert running(filed.case, "look_back").due_on > clock.today()
    with pytest.raises(Conflict, match="struck_it_off"):
        office.act(filed.case, "look_back", "officer2", result="holds", account="好")
    office.act(filed.case, "look_back", "officer", result="came_back", account="又慢了")
    ask(office, filed.case, "reopen", "officer", "head", ground="came_back", facts="又慢了")
    assert state(filed.case) == "assessing"
    assert running(filed.case, "admonish_follow").report == measure


def unit_code() -> str:
    from whistle.store.units import Unit

    return str(Unit.select().get().code)


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


def test_merged_reports_keep_their_receipts_and_learn_nothing_of_each_other(office: Office) -> None:
    first = office.assigned(story="甲的话")
    third = office.accepted(story="丙的话")
    office.act(third.case, "merge", "deputy", target=first.case, reason="同一事实")
    assert state(third.case) == "merged"
    view = reading.open_case(office["officer"], first.case)
    assert {report.answers["story"] for report in view.reports} == {"甲的话", "丙的话"}
    mine = tracking.view(office.visit(third))
    assert mine.answers["story"] == "丙的话"
    assert mine.stage.zh == "已受理"
    office.act(first.case, "write", "officer", message="大家好")
    assert [letter.text for letter in tracking.view(office.visit(third)).letters][-1] == "大家好"
    assert Report.get_by_id(third.report).case_id == first.case


@pytest.mark.parametrize(
    ("target", "reason"),
    [("itself", "itself"), ("unknown", "unknown"), ("merged", "not_open"), ("foreign", "unknown")],
)
def test_a_case_is_merged_into_an_open_one_that_the_person_may_read(
    office: Office, target: str, reason: str
) -> None:
    case, merged, into = office.accepted(), office.accepted(), office.accepted()
    office.act(merged.case, "merge", "deputy", target=into.case, reason="同")
    foreign = office.file()
    meant = {"itself": case.case, "unknown": "没有", "merged": merged.case, "foreign": foreign.case}
    with pytest.raises(Invalid) as caught:
        office.act(case.case, "merge", "deputy", target=meant[target], reason="同")
    assert (caught.value.field, caught.value.reason) == ("target", reason)
    assert state(case.case) == "assessing"


def test_what_is_split_off_is_a_new_case_at_the_desk_and_who_must_not_read_stays_out(office: Office) -> None:
    filed = office.assigned(persons_shut_out="于二")
    ask(office, filed.case, "split", "officer", "deputy", facts="另有收费问题", new_kind="lead")
    event = CaseEvent.get(CaseEvent.case == filed.case, CaseEvent.action == "split")
    new = Case.get_by_id(event.facts["new_case"])
    assert (new.state, new.desk_id) == ("received", Case.get_by_id(filed.case).desk_id)
    view = reading.open_case(office["intake"], new.id)
    assert view.reports[0].answers["story"] == "另有收费问题"


def test_retaliation_opens_an_urgent_case_whose_own_lengths_are_halved(office: Office) -> None:
    filed = office.assigned()
    office.act(filed.case, "report_retaliation", "officer", facts="被调岗")
    event = CaseEvent.get(CaseEvent.case == filed.case, CaseEvent.action == "report_retaliation")
    new = event.facts["new_case"]
    assert Case.get_by_id(new).severity == "urgent"
    assert running(new, "accept").due_on < running(office.file().case, "accept").due_on


def test_a_period_is_extended_once_with_leave_from_the_unshifted_day(office: Office) -> None:
    filed = verifying(office)
    before = running(filed.case, "verify").due_on
    with pytest.raises(Invalid) as caught:
        office.act(filed.case, "extend", "officer", clock="verify", count=2, reason="复杂")
    assert caught.value.field == "count"
    ask(office, filed.case, "extend", "officer", "deputy", clock="verify", count=1, reason="复杂")
    assert running(filed.case, "verify").due_on > before
    with pytest.raises(Conflict, match="nothing_to_extend"):
        office.act(filed.case, "extend", "officer", clock="verify", count=1, reason="复杂")


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


def test_a_press_is_answered(office: Office) -> None:
    filed = office.assigned()
    with pytest.raises(Conflict, match="not_pressed"):
        office.act(filed.case, "press_answered", "officer", done="办了")
    office.act(filed.case, "press", "deputy", what="本周办结", due=days_later(5).date())
    assert running(filed.case, "pressed").due_on == days_later(5).date()
    office.act(filed.case, "press_answered", "officer", done="办了")
    assert "pressed" not in owed(filed.case)


@pytest.mark.parametrize(
    ("action", "inputs", "field", "reason"),
    [
        ("hold", {"reason": "无线索", "review_on": dt.date(2027, 6, 1)}, "review_on", "too_late"),
        ("hold", {"reason": "无线索", "review_on": dt.date(2026, 9, 1)}, "review_on", "not_ahead"),
        ("study", {"way": "hold", "opinion": "议"}, "studied_on", "day_or_names"),
        (
            "study",
            {"way": "hold", "opinion": "议", "studied_on": dt.date(2026, 9, 1)},
            "studied_on",
            "before_receipt",
        ),
        (
            "study",
            {"way": "hold", "opinion": "议", "studied_on": dt.date(2026, 12, 1)},
            "studied_on",
            "not_yet",
        ),
        ("conclude_unfounded", {"finding": "tolerated", "reason": "容错"}, "four_conditions", "empty"),
    ],
)
def test_bad_input_is_refused_by_its_field(
    office: Office, action: str, inputs: dict[str, Any], field: str, reason: str
) -> None:
    filed = office.assigned()
    with pytest.raises(Invalid) as caught:
        office.act(filed.case, action, "officer", **inputs)
    assert (caught.value.field, caught.value.reason) == (field, reason)
    assert state(filed.case) == "assessing"


def test_a_deputy_does_not_do_what_is_the_officers(office: Office) -> None:
    filed = office.assigned()
    with pytest.raises(NotAllowed):
        office.act(filed.case, "hold", "deputy", reason="x", review_on=days_later(30).date())


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
