"""Cases merged, parted, split and begun from retaliation: whose reports, keys, days and words go where."""

import datetime as dt
import json
from typing import Any

import pytest

from tests.adversary.thief import Thief
from tests.builders import Filed, Office
from tests.cases import days_later, holders, owed, running, sees
from tests.stages import (
    ask,
    concluded,
    enforcing,
    let_in,
    state,
    tell,
    verifying,
)
from whistle import clock
from whistle.services import contexts, grants, ledger, recusal, tracking
from whistle.services.casework import approvals, desk, reading, recusals
from whistle.services.casework.desk_filters import NOBODY, DeskFilters
from whistle.services.casework.recusals import Said
from whistle.services.errors import Conflict, Invalid, NotAllowed, NotFound
from whistle.store.cases import Case, CaseEvent, Clock, Proposal
from whistle.store.people import Person
from whistle.store.recusals import RecusalRequest
from whistle.store.reports import Identity, Message, Report
from whistle.store.units import Unit
from whistle.vault import envelope

NAMED = {"identity": "named", "name": "李四", "contact": "1380000xx04"}


def merge(office: Office, source: Filed, target: Filed, who: str = "deputy") -> None:
    office.act(source.case, "merge", who, target=target.case, reason="同一事实")


def unmerge(office: Office, source: Filed, leave: str = "deputy") -> None:
    ask(office, source.case, "unmerge", "officer", leave, reason="不是同一事实")


def merged(office: Office, **answers: Any) -> tuple[Filed, Filed]:
    """A report that joined another case; both were accepted and are the officer's."""
    target, source = office.assigned(story="甲的话"), office.assigned(story="丙的话", **answers)
    merge(office, source, target)
    return source, target


def tracked(office: Office, filed: Filed) -> tracking.Tracked:
    return tracking.view(office.visit(filed))


def leaves(office: Office, filed: Filed) -> list[tuple[str, dt.date]]:
    """The leaves of a report that its reporter may check, with their days."""
    found = [json.loads(opening["leaf"]) for opening in tracking.openings(office.visit(filed))]
    return [(leaf["type"], dt.date.fromisoformat(leaf["day"])) for leaf in found]


def day(number: int) -> dt.date:
    return days_later(number).date()


# --- what may be merged --------------------------------------------------------------------------------------


def test_merged_reports_keep_their_receipts_and_learn_nothing_of_each_other(office: Office) -> None:
    source, target = merged(office)
    assert (state(source.case), Report.get_by_id(source.report).case_id) == ("merged", target.case)
    view = reading.open_case(office["officer"], target.case)
    assert {report.answers["story"] for report in view.reports} == {"甲的话", "丙的话"}
    mine = tracked(office, source)
    assert (mine.answers["story"], mine.stage.zh) == ("丙的话", "已受理")
    office.act(target.case, "write", "officer", message="大家好")
    office.act(target.case, "write", "officer", message="只给甲", report=target.report)
    assert [letter.text for letter in tracked(office, source).letters] == ["大家好"]
    assert [letter.text for letter in tracked(office, target).letters] == ["大家好", "只给甲"]
    assert ledger.verify().findings == ()


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("itself", "itself"),
        ("unknown", "unknown"),
        ("merged", "not_open"),
        ("concluded", "not_open"),
        ("not open to the deputy", "unknown"),
        ("own people", "unknown"),
    ],
)
def test_a_case_is_merged_into_an_open_one_that_the_person_may_read(
    office: Office, target: str, reason: str
) -> None:
    case = office.accepted()
    if target == "itself":
        ref = case.case
    elif target == "merged":
        ref = merged(office)[0].case
    elif target == "concluded":
        ref = concluded(office).case
    else:
        ref = office.file(own_people=target == "own people").case if target != "unknown" else "没有"
    with pytest.raises(Invalid) as caught:
        office.act(case.case, "merge", "deputy", target=ref, reason="同")
    assert (caught.value.field, caught.value.reason) == ("target", reason)
    assert state(case.case) == "assessing"


def test_no_ring_of_merged_cases_can_be_made(office: Office) -> None:
    first, second, third = (office.accepted() for _ in range(3))
    merge(office, first, second)
    merge(office, second, third)
    with pytest.raises(Conflict, match="state"):
        merge(office, first, third)
    with pytest.raises(Invalid, match="not_open"):
        merge(office, third, first)
    assert {Report.get_by_id(filed.report).case_id for filed in (first, second, third)} == {third.case}


def test_intake_merges_what_nobody_accepted_yet_at_the_own_desk_and_it_counts_as_accepted(
    office: Office,
) -> None:
    target, source, taken = office.file(), office.file(), office.accepted()
    with pytest.raises(Invalid, match="not_of_this_desk"):
        merge(office, taken, target, "intake")
    with clock.at(days_later(2)):
        merge(office, source, target, "intake2")
        assert tracked(office, source).stage.zh == "已受理"
        assert tracked(office, target).stage.zh == "已收到"
    assert leaves(office, source) == [("received", day(0)), ("accepted", day(2))]
    assert state(target.case) == "received"


def test_the_proof_of_a_joined_report_says_neither_that_it_was_merged_nor_when_the_other_case_was_accepted(
    office: Office,
) -> None:
    target, source = office.file(), office.file()
    office.classify(target.case)
    with clock.at(days_later(1)):
        merge(office, source, target, "intake")
    with clock.at(days_later(2)):
        office.act(target.case, "accept", "intake")
    records = [json.loads(opening["record"]) for opening in tracking.openings(office.visit(source))]
    assert [record["what"] for record in records] == ["receive", "accept"]
    assert leaves(office, source) == [("received", day(0)), ("accepted", day(1))]
    assert leaves(office, target) == [("received", day(0)), ("accepted", day(2))]
    assert ledger.verify().findings == ()


def test_what_concerns_the_offices_own_people_is_never_merged_with_anything_else(office: Office) -> None:
    flagged, case = office.file(own_people=True), office.accepted()
    with pytest.raises(NotAllowed):
        merge(office, flagged, case, "oversight")
    with pytest.raises((NotAllowed, NotFound)):
        merge(office, flagged, case, "deputy")


@pytest.mark.parametrize("kept_out", ["named", "of_the_unit", "listed"])
def test_a_case_that_somebody_reads_who_must_not_read_the_report_does_not_get_it(
    office: Office, kept_out: str
) -> None:
    target = office.assigned()
    answers = {"persons_shut_out": office["officer"].name} if kept_out == "named" else {}
    if kept_out == "of_the_unit":
        unit = Unit.get()
        Person.update(unit=unit).where(Person.user_name == "officer").execute()
        answers = {"unit": unit.code}
    source = office.accepted(**answers)
    if kept_out == "listed":
        usual = {"category": "delay", "kind": "lead", "severity": "ordinary", "complexity": "ordinary"}
        change = {**usual, "subject": office["officer"].name, "reason": "查明被举报人"}
        ask(office, source.case, "reclassify", "intake", "deputy", **change)
    with pytest.raises(Conflict, match="target_read_by_kept_out"):
        merge(office, source, target)
    assert Report.get_by_id(source.report).case_id == source.case


def test_who_must_not_read_a_report_gets_neither_the_case_it_joined_nor_what_is_left_of_its_own(
    office: Office,
) -> None:
    """The head is named by a reporter; the reports are gone from the merged case, and the names stay."""
    target = office.accepted(persons_shut_out=office["head"].name)
    office.act(target.case, "assign", "deputy", person=office["officer"].person_id)
    source = office.accepted(persons_shut_out=f"{office['head'].name}、{office['officer2'].name}")
    office.act(source.case, "assign", "deputy", person=office["officer"].person_id)
    merge(office, source, target)
    for who in ("officer2", "head"):
        with pytest.raises(Invalid, match="shut_out"):
            office.act(target.case, "assign", "deputy", person=office["officer2"].person_id)
        assert not sees(office, who, source.case)
    office.act(source.case, "unmerge", "officer", reason="不是")
    assert "head" not in holders(source.case)
    office.approve("deputy")
    assert "head" not in holders(source.case)
    assert ledger.verify().findings == ()


def test_who_is_shut_out_by_the_class_of_what_joined_is_not_let_in_by_another_class(office: Office) -> None:
    target, source = office.assigned(), office.accepted()
    usual = {"category": "delay", "kind": "lead", "severity": "ordinary", "complexity": "ordinary"}
    named = {**usual, "subject": office["officer2"].name, "reason": "查明被举报人"}
    ask(office, source.case, "reclassify", "intake", "deputy", **named)
    merge(office, source, target)
    ask(office, target.case, "reclassify", "officer", "deputy", **usual, reason="更正")
    with pytest.raises(Invalid, match="shut_out"):
        office.act(target.case, "assign", "deputy", person=office["officer2"].person_id)


def test_while_leave_is_waited_for_a_case_is_not_merged_and_what_joins_its_target_is_seen(
    office: Office,
) -> None:
    target, source = office.assigned(), office.assigned()
    hold = {"reason": "暂无线索", "review_on": days_later(30).date()}
    office.act(source.case, "hold", "officer", **hold)
    with pytest.raises(Conflict, match="waiting_for_approval"):
        merge(office, source, target)
    approvals.send_back(office["head"], approvals.queue(office["head"])[0].id, "并案处理")
    office.act(target.case, "hold", "officer", **hold)
    (row,) = approvals.queue(office["head"])
    page = reading.open_proposal(office["head"], row.id)
    merge(office, source, target)
    with pytest.raises(Conflict, match="changed"):
        approvals.approve(office["head"], row.id, page.version, page.seen)
    page = reading.open_proposal(office["head"], row.id)
    assert [item.action.name for item in page.since] == ["join"]
    assert approvals.approve(office["head"], row.id, page.version, page.seen).state == "held"


# --- keys ----------------------------------------------------------------------------------------------------


def written(office: Office, *filed: Filed) -> set[str]:
    """What reporters and office write to each other about these, from now on: ids of the rows."""
    before = {row.id for row in Message.select()}
    for number, each in enumerate(filed):
        tracking.write(office.visit(each), f"第{number}句", f"{len(before)}-{number}")
        case = Report.get_by_id(each.report).case
        office.act(case.id, "write", case.officer.user_name, message="收到", report=each.report)
    return {row.id for row in Message.select()} - before


def test_who_holds_one_of_two_cases_opens_nothing_of_the_other_that_is_written_later(office: Office) -> None:
    target, source = office.assigned(), office.assigned("officer2", **NAMED)
    of_source, of_target = Thief(office["officer2"]), Thief(office["officer"])
    merge(office, source, target)
    joined = written(office, source, target)
    of_source.look()
    of_target.look()
    assert not of_source.reads() & joined
    assert of_target.reads() >= joined
    ask(office, source.case, "unmerge", "officer2", "deputy", reason="不是同一事实")
    office.act(source.case, "accept", "intake")
    parted, left = written(office, source), written(office, target)
    of_source.look()
    of_target.look()
    assert of_source.reads() >= joined_letters(source) | parted
    assert not of_source.reads() & left
    assert not of_target.reads() & parted
    assert ledger.verify().findings == ()


def joined_letters(filed: Filed) -> set[str]:
    return {row.id for row in Message.select().where(Message.report == filed.report)}


def test_who_loses_a_case_by_what_joins_it_opens_nothing_that_comes_or_is_written_then(
    office: Office,
) -> None:
    """A namesake was let in to the target and has it in charge; what was decided ends with the merge."""
    target, source = let_in(office), office.accepted(story="另一份举报")
    thief = Thief(office["officer2"])
    known = thief.reads()
    merge(office, source, target)
    case = Case.get_by_id(target.case)
    assert (case.officer, bool(case.needs_new_keys), sees(office, "officer2", case.id)) == (
        None,
        False,
        False,
    )
    assert case.number in str(desk.list_cases(office["deputy"], DeskFilters(view="all", officer=NOBODY)))
    tracking.write(office.visit(source), "并案以后写的", "n1")
    thief.look()
    assert thief.reads() == known
    assert ledger.verify().findings == ()


def test_whom_the_class_names_is_shut_out_again_once_something_joins(office: Office) -> None:
    target, source = office.assigned(), office.accepted()
    usual = {"category": "delay", "kind": "lead", "severity": "ordinary", "complexity": "ordinary"}
    named = {**usual, "subject": office["officer2"].name, "reason": "查明被举报人"}
    ask(office, target.case, "reclassify", "officer", "deputy", **named)
    recusals.end(office["head"], target.case, office["officer2"].person_id, Said("同名同姓"))
    merge(office, source, target)
    with pytest.raises(Invalid, match="shut_out"):
        office.act(target.case, "assign", "deputy", person=office["officer2"].person_id)


def test_files_a_real_name_and_what_was_read_go_along(office: Office) -> None:
    target = office.assigned()
    source = office.file(files={"账本.txt": "第三页".encode()}, **NAMED)
    office.classify(source.case)
    office.act(source.case, "accept", "intake")
    merge(office, source, target)
    for filed in (source, target):
        tracking.write(office.visit(filed), "再补一句", f"n-{filed.case}")
    view = reading.open_case(office["officer"], target.case)
    own, joined = sorted(view.reports, key=lambda report: report.id == source.report)
    assert [file.name for file in joined.files] == ["账本.txt"]
    assert (own.unread, joined.unread, view.is_named) == (1, 1, True)
    assert opens_half(office, target.case, source.report)


def opens_half(office: Office, case: str, report: str) -> bool:
    """Whether the case's half of a real name's key is where the case's key is."""
    row, found = Identity.get(Identity.report == report), Case.get_by_id(case)
    key = grants.key_of_generation(found, grants.case_key(office["deputy"], found), row.case_generation)
    envelope.open_record(
        key, row.half_under_case, contexts.identity_half(report, "case", row.case_generation)
    )
    return True


def test_a_name_that_left_with_its_report_is_no_longer_the_cases(office: Office) -> None:
    source, target = merged(office, **NAMED)
    assert Case.get_by_id(target.case).is_named
    unmerge(office, source)
    assert not Case.get_by_id(target.case).is_named
    assert Case.get_by_id(source.case).is_named
    assert opens_half(office, source.case, source.report)


# --- days ----------------------------------------------------------------------------------------------------


def of_report(filed: Filed, *states: str) -> dict[str, Clock]:
    """The clocks of a report in the case it is with now, by name."""
    case = Report.get_by_id(filed.report).case_id
    rows = Clock.select().where(Clock.case == case, Clock.report == filed.report)
    return {row.name: row for row in rows.where(Clock.state.in_(states or ("running", "paused")))}


def test_what_is_owed_to_a_report_stays_owed_from_the_same_day(office: Office) -> None:
    target = office.assigned()
    source, noise = office.accepted(**NAMED), office.accepted(**NAMED)
    with clock.at(days_later(1)):
        tracking.write(office.visit(source), "还有一句", "n1")
    with clock.at(days_later(3)):
        due = {row.name: row.due_on for row in Case.get_by_id(source.case).clocks}
        merge(office, source, target)
        merge(office, noise, target)
    ours = of_report(source)
    assert set(ours) == {"notice", "reply_message", "rhythm"}
    assert (ours["notice"].due_on, ours["reply_message"].due_on) == (due["notice"], due["reply_message"])
    assert set(of_report(noise)) == {"notice", "rhythm"}
    assert not owed(source.case)
    with clock.at(days_later(4)):
        office.act(
            target.case, "give_notice", "officer", way="phone", day=clock.today(), report=source.report
        )
        office.act(target.case, "write", "officer", message="收到", report=source.report)
    assert set(of_report(source)) == {"rhythm"}
    assert set(of_report(noise)) == {"notice", "rhythm"}


@pytest.mark.parametrize(
    ("kind", "name", "length"), [("petition", "petition", 60), ("complaint", "solve", 30)]
)
@pytest.mark.parametrize("days", [20, 0])
def test_no_limit_of_the_law_is_longer_for_a_merge_nor_for_its_undoing(
    office: Office, kind: str, name: str, length: int, days: int
) -> None:
    first = office.assigned(kind=kind)
    with clock.at(days_later(20)):
        second = office.assigned(kind=kind)
        source, target = (first, second) if days else (second, first)
        merge(office, source, target)
        assert running(target.case, name).due_on == day(length)
    with clock.at(days_later(25)):
        unmerge(office, source)
        office.act(source.case, "accept", "intake")
        assert running(target.case, name).due_on == day(length)
        assert running(source.case, name).due_on == day(length if days else length + 20)


def test_what_a_reporter_wrote_to_the_other_case_is_owed_an_answer_after_parting(office: Office) -> None:
    source, target = merged(office, **NAMED)
    with clock.at(days_later(2)):
        tracking.write(office.visit(source), "并案以后的话", "n1")
        due = of_report(source)["reply_message"].due_on
    with clock.at(days_later(3)):
        unmerge(office, source)
        assert not [
            row
            for row in Case.get_by_id(target.case).clocks
            if row.report == source.report and row.state == "running"
        ]
        assert of_report(source)["reply_message"].due_on == due
        assert "notice" in of_report(source)
        office.act(source.case, "write", "officer", message="收到")
    assert "reply_message" not in of_report(source)


def test_each_joined_report_ends_on_the_day_of_its_own_feedback(office: Office) -> None:
    source, target = merged(office)
    plan = {
        "group": [office["officer"].person_id, office["officer2"].person_id],
        "plan": "看",
        "no_disturbance": True,
    }
    ask(office, target.case, "start_verification", "officer", "head", **plan)
    result = {"finding": "unfounded", "written_report": "报告", "reason": "查无实据"}
    ask(office, target.case, "conclude_unfounded", "officer", "head", **result)
    assert (tracked(office, target).stage.zh, tracked(office, source).stage.zh) == ("已办结", "核查中")
    assert "feedback" in of_report(source)
    with clock.at(days_later(1)):
        tell(office, target.case, to_report=target.report)
        assert tracked(office, source).stage.zh == "核查中"
        assert tracked(office, source).letters == []
        with pytest.raises(Conflict, match="no_final_feedback"):
            tracking.rate(office.visit(source), "satisfied", "", "f1")
        with pytest.raises(Conflict, match="feedback_missing"):
            office.act(target.case, "close", "officer")
    with clock.at(days_later(3)):
        tell(office, target.case, to_report=source.report)
        assert tracked(office, source).stage.zh == "已办结"
    assert leaves(office, source)[-1] == ("ended", day(3))
    for filed in (source, target):
        tracking.rate(office.visit(filed), "satisfied", "", f"form-{filed.case}")
    with clock.at(days_later(4)):
        ask(office, target.case, "close", "officer", "deputy")


# --- what the reporter sees ----------------------------------------------------------------------------------


def test_a_question_is_shown_to_whom_it_was_asked_and_a_letter_of_another_answers_nothing(
    office: Office,
) -> None:
    source, target = merged(office)
    office.act(target.case, "request_supplement", "officer", message="哪一天？", report=target.report)
    mine, other = tracked(office, source), tracked(office, target)
    assert (mine.question, mine.answer_by, mine.stage.zh) == (None, None, "已受理")
    assert other.question is not None
    tracking.write(office.visit(source), "我也有话说", "n1")
    assert state(target.case) == "supplementing"
    tracking.write(office.visit(target), "三月九日", "n2")
    assert state(target.case) == "assessing"


def test_an_old_question_of_the_own_case_is_not_asked_again_by_the_case_joined(office: Office) -> None:
    target, source = office.assigned(), office.assigned()
    office.act(source.case, "request_supplement", "officer", message="哪一天？")
    tracking.write(office.visit(source), "三月九日", "n1")
    merge(office, source, target)
    office.act(target.case, "request_supplement", "officer", message="哪个窗口？", report=target.report)
    assert tracked(office, source).question is None
    office.act(target.case, "write", "officer", message="大家好")


def test_a_question_to_all_is_shown_to_the_joined_reporter_too(office: Office) -> None:
    source, target = merged(office)
    office.act(target.case, "request_supplement", "officer", message="哪一天？")
    mine = tracked(office, source)
    assert mine.question is not None
    assert (mine.question.text, mine.stage.zh) == ("哪一天？", "请您补充")
    tracking.write(office.visit(source), "三月九日", "n1")
    assert state(target.case) == "assessing"


def test_no_day_of_the_other_case_is_promised_to_the_joined_reporter(office: Office) -> None:
    target, source = office.file(), office.file()
    merge(office, source, target, "intake")
    with clock.at(days_later(1)):
        own, other = tracked(office, source), tracked(office, target)
        assert (own.promise, other.promise) == ("rhythm", "accept")
        assert own.write_by == running(target.case, "rhythm").due_on


def test_a_joined_reporter_sees_no_result_before_the_own_feedback(office: Office) -> None:
    source = office.accepted()
    filed, _measure = enforcing(office)
    merge(office, source, filed)
    assert (tracked(office, filed).stage.zh, tracked(office, source).stage.zh) == ("已有结果", "核查中")


def test_what_the_case_joined_is_declined_with_it_and_its_reporter_told(office: Office) -> None:
    target, source = office.file(), office.file()
    office.classify(target.case)
    merge(office, source, target, "intake")
    ask(office, target.case, "decline", "intake", "deputy", reason="court", message="请起诉。")
    mine = tracked(office, source)
    assert (mine.stage.zh, mine.letters[-1].text) == ("不予受理", "请起诉。")


def test_a_wish_for_withdrawal_is_made_once_wherever_the_report_is(office: Office) -> None:
    target, source = office.assigned(), office.assigned()
    tracking.request_withdrawal(office.visit(source), "算了", "n1")
    merge(office, source, target)
    with pytest.raises(Conflict, match="withdrawal_asked_already"):
        tracking.request_withdrawal(office.visit(source), "算了", "n2")


def test_a_wish_for_recusal_goes_with_its_report_and_waits_where_it_is_worked_on(office: Office) -> None:
    target, source = office.assigned(), office.assigned()
    tracking.request_recusal(office.visit(source), "周承办", "他是局长的亲戚", "n1")
    merge(office, source, target)
    assert recusal.count(office["head"]) == 1
    assert reading.open_case(office["head"], target.case).recusals[0].whom == "周承办"
    unmerge(office, source)
    assert RecusalRequest.get().case_id == source.case
    assert ledger.verify().findings == ()


# --- parting -------------------------------------------------------------------------------------------------


def test_what_is_parted_comes_back_to_intake_with_all_its_letters_and_is_accepted_anew(
    office: Office,
) -> None:
    source, target = merged(office)
    written(office, source, target)
    unmerge(office, source)
    assert state(source.case) == "received"
    assert {"intake", "officer", "deputy", "head", "recovery"} == holders(source.case)
    view = reading.open_case(office["intake"], source.case)
    assert [len(report.letters) for report in view.reports] == [2]
    assert [report.id for report in reading.open_case(office["officer"], target.case).reports] == [
        target.report
    ]
    assert tracked(office, source).stage.zh == "已收到"
    office.act(source.case, "accept", "intake")
    assert "rhythm" in of_report(source)
    assert ledger.verify().findings == ()


def test_a_report_that_joined_a_case_which_joined_another_is_parted_step_by_step(office: Office) -> None:
    first, second, third = (office.assigned() for _ in range(3))
    merge(office, first, second)
    merge(office, second, third)
    with pytest.raises(Conflict, match="target_merged"):
        unmerge(office, first)
    unmerge(office, second)
    assert Report.get_by_id(first.report).case_id == second.case
    assert set(of_report(first)) == {"rhythm"}
    unmerge(office, first)
    assert Report.get_by_id(first.report).case_id == first.case
    assert [report.id for report in reading.open_case(office["officer"], second.case).reports] == [
        second.report
    ]


TOLD = {"stage": "interim", "way": "message", "message": "正在核实。"}


def merged_and_concluded(office: Office) -> tuple[Filed, Filed]:
    """A report that joined a case which then was concluded."""
    target, source = verifying(office), office.assigned()
    merge(office, source, target, "officer")
    result = {"finding": "unfounded", "written_report": "报告", "reason": "查无实据"}
    ask(office, target.case, "conclude_unfounded", "officer", "head", **result)
    return source, target


def test_what_waits_about_a_report_ends_when_it_leaves_the_case_and_holds_up_nothing(office: Office) -> None:
    source, target = merged_and_concluded(office)
    (mine, noise) = (
        office.act(case, "feed_back", "officer", to_report=report, **TOLD).proposal_id
        for case, report in ((target.case, source.report), (concluded(office).case, None))
    )
    office.act(source.case, "unmerge", "officer", reason="不是同一事实")
    (row,) = (row for row in approvals.queue(office["deputy"]) if row.action.name == "unmerge")
    approvals.approve(office["deputy"], row.id)
    assert (Proposal.get_by_id(mine).state, Proposal.get_by_id(noise).state) == ("overtaken", "waiting")
    office.act(target.case, "feed_back", "officer", to_report=target.report, **TOLD)
    assert ledger.verify().findings == ()


def test_what_waits_about_another_report_of_the_case_goes_on_waiting(office: Office) -> None:
    source, target = merged_and_concluded(office)
    told = {"to_report": target.report, **TOLD}
    proposal = office.act(target.case, "feed_back", "officer", **told).proposal_id
    office.act(source.case, "unmerge", "officer", reason="不是同一事实")
    (row,) = (row for row in approvals.queue(office["deputy"]) if row.action.name == "unmerge")
    approvals.approve(office["deputy"], row.id)
    approvals.approve(office["deputy"], str(proposal))
    assert "正在核实。" in [letter.text for letter in tracked(office, target).letters]


def test_leave_about_a_report_that_is_elsewhere_is_refused_in_words(office: Office) -> None:
    source, target = office.assigned(), concluded(office)
    told = {"to_report": target.report, **TOLD}
    proposal = office.act(target.case, "feed_back", "officer", **told).proposal_id
    Report.update(case=source.case).where(Report.id == target.report).execute()
    with pytest.raises(Conflict, match="report_left"):
        approvals.approve(office["deputy"], str(proposal))


@pytest.mark.parametrize("why", ["target_archived", "target_not_open_to_you"])
def test_nothing_is_parted_from_where_it_cannot_be_taken_out(office: Office, why: str) -> None:
    source, target = merged(office)
    if why == "target_archived":
        Case.update(state="archived").where(Case.id == target.case).execute()
    else:
        hidden = office.accepted(persons_shut_out=office["deputy"].name)
        office.act(hidden.case, "assign", "head", person=office["officer"].person_id)
        source = office.assigned()
        merge(office, source, hidden, "officer")
    with pytest.raises(Conflict, match=why):
        unmerge(office, source)
    assert state(source.case) == "merged"


def test_what_intake_merged_is_parted_by_intake_once_the_line_has_the_other_case(office: Office) -> None:
    target, source = office.file(), office.file()
    office.classify(target.case)
    merge(office, source, target, "intake")
    with pytest.raises(Conflict, match="target_not_open_to_you"):
        ask(office, source.case, "unmerge", "intake2", "deputy", reason="不是同一事实")
    office.act(target.case, "accept", "intake")
    office.approve("deputy")
    assert state(source.case) == "received"
    assert holders(source.case) == {"desk", "recovery"}


def test_nobody_writes_to_a_case_whose_reports_are_elsewhere(office: Office) -> None:
    source, _target = merged(office)
    with pytest.raises(Conflict, match="nobody_to_write_to"):
        office.act(source.case, "write", "officer", message="有人吗")


# --- new cases from old ones ---------------------------------------------------------------------------------


def new_case(filed: Filed, action: str) -> Case:
    event = CaseEvent.get(CaseEvent.case == filed.case, CaseEvent.action == action)
    return Case.get_by_id(event.facts["new_case"])


def test_what_is_split_off_is_a_new_case_at_the_desk_and_who_must_not_read_stays_out(office: Office) -> None:
    filed = verifying(office, persons_shut_out=office["intake2"].name)
    split = {"facts": "另有收费问题", "new_kind": "lead", "new_subject": office["officer2"].name}
    ask(office, filed.case, "split", "officer", "deputy", **split)
    new = new_case(filed, "split")
    assert (new.state, new.desk_id) == ("received", Case.get_by_id(filed.case).desk_id)
    assert holders(new.id) == {"intake", "recovery"}
    (report,) = reading.open_case(office["intake"], new.id).reports
    assert (report.answers["story"], report.answers["people"]) == ("另有收费问题", office["officer2"].name)
    office.classify(new.id)
    office.act(new.id, "accept", "intake")
    with pytest.raises(Invalid, match="shut_out"):
        office.act(new.id, "assign", "deputy", person=office["officer2"].person_id)
    assert not sees(office, "officer", new.id)
    assert ledger.verify().findings == ()


@pytest.mark.parametrize("action", ["write", "request_supplement"])
def test_nobody_is_asked_where_nobody_has_a_receipt(office: Office, action: str) -> None:
    filed = office.assigned()
    ask(office, filed.case, "split", "officer", "deputy", facts="另有收费问题", new_kind="lead")
    with pytest.raises(Conflict, match="nobody_to_write_to"):
        office.act(new_case(filed, "split").id, action, "intake", message="哪一天？")


def test_retaliation_opens_an_urgent_case_whose_own_lengths_are_halved(office: Office) -> None:
    filed = office.assigned()
    office.act(filed.case, "report_retaliation", "officer", facts="被调岗")
    new = new_case(filed, "report_retaliation")
    assert (new.severity, new.kind, new.state) == ("urgent", "lead", "received")
    noise = office.file()
    assert running(new.id, "accept").due_on < running(noise.case, "accept").due_on


@pytest.mark.parametrize("at", ["merged", "declined", "concluded"])
def test_retaliation_is_taken_up_wherever_the_case_stands_and_keeps_out_the_same_people(
    office: Office, at: str
) -> None:
    named = {"persons_shut_out": office["intake2"].name}
    if at == "merged":
        filed, who = merged(office, **named)[0], "officer"
    elif at == "declined":
        filed, who = office.file(**named), "intake"
        office.classify(filed.case)
        ask(office, filed.case, "decline", "intake", "deputy", reason="court", message="请起诉。")
    else:
        filed, who = concluded(office, **named), "officer"
    office.act(filed.case, "report_retaliation", who, facts="被调岗")
    assert holders(new_case(filed, "report_retaliation").id) == {"intake", "recovery"}
