"""After the result: feedback, rating, a second look, striking off, the look-back; and the way back from every end."""

import json
from typing import Any

import pytest

from tests.builders import Filed, Office
from tests.cases import days_later, holders, owed, running, sees
from tests.stages import (
    archived,
    ask,
    closed,
    concluded,
    enforced,
    enforcing,
    lend,
    reviewing,
    state,
    strike_off,
    tell,
    verifying,
    with_third,
)
from whistle import clock
from whistle.services import ledger, tracking
from whistle.services.casework import approvals, reading
from whistle.services.errors import Conflict, Invalid
from whistle.store.cases import Case, CaseEvent, Proposal

TOLD = {"way": "message", "message": "有关情况告知如下。"}
ANEW = {"ground": "new_facts", "facts": "又有人反映"}


def stage(office: Office, filed: Filed) -> str:
    return tracking.view(office.visit(filed)).stage.zh


def leaves(office: Office, filed: Filed) -> list[str]:
    return [json.loads(opening["leaf"])["type"] for opening in tracking.openings(office.visit(filed))]


NAMED = {"identity": "named", "name": "王芳", "contact": "13900000000"}


# --- feedback and rating -------------------------------------------------------------------------------------


def test_feedback_of_the_meantime_ends_nothing_and_the_result_is_told_once_there_is_one(
    office: Office,
) -> None:
    filed, _measure = enforcing(office)
    ask(office, filed.case, "feed_back", "officer", "deputy", stage="interim", **TOLD)
    assert leaves(office, filed) == ["received", "accepted"]
    with pytest.raises(Invalid) as caught:
        office.act(filed.case, "feed_back", "officer", stage="final", **TOLD)
    assert (caught.value.field, caught.value.reason) == ("stage", "not_concluded")
    assert tracking.view(office.visit(filed)).letters[-1].text == TOLD["message"]


def test_the_result_is_told_within_its_clock_and_ends_the_report_in_the_log_once(office: Office) -> None:
    filed = concluded(office)
    assert (stage(office, filed), "feedback" in owed(filed.case)) == ("已办结", True)
    assert leaves(office, filed)[-1] == "accepted"
    with pytest.raises(Conflict, match="feedback_missing"):
        office.act(filed.case, "close", "officer")
    tell(office, filed.case)
    tell(office, filed.case, message="补充一句。")
    assert "feedback" not in owed(filed.case)
    assert leaves(office, filed) == ["received", "accepted", "ended"]
    assert ledger.verify().findings == ()


def test_who_is_told_that_it_is_concluded_is_told_by_when_the_result_comes(office: Office) -> None:
    filed = concluded(office)
    page = tracking.view(office.visit(filed))
    assert (page.stage.zh, page.promise) == ("已办结", "feedback")
    assert page.write_by == running(filed.case, "feedback").due_on < running(filed.case, "rhythm").due_on
    tell(office, filed.case)
    assert tracking.view(office.visit(filed)).write_by is None


def test_a_joined_reporter_who_does_not_know_that_it_is_concluded_is_promised_no_day_of_it(
    office: Office,
) -> None:
    target, source = verifying(office), office.assigned()
    merge = {"target": Case.get_by_id(target.case).number, "reason": "同一事实"}
    office.act(source.case, "merge", "deputy", **merge)
    ended = {"finding": "unfounded", "written_report": "报告", "reason": "查无实据"}
    ask(office, target.case, "conclude_unfounded", "officer", "head", **ended)
    page = tracking.view(office.visit(source))
    assert (page.stage.zh, page.promise) == ("核查中", "rhythm")


def test_a_result_told_by_telephone_counts_on_the_day_of_the_call(office: Office) -> None:
    filed = concluded(office, **NAMED)
    call = {"stage": "final", "way": "phone", "message": "查无实据", "reply": "没有意见"}
    with clock.at(days_later(4)):
        for wrong in (days_later(-1), days_later(5)):
            with pytest.raises(Invalid) as caught:
                office.act(filed.case, "feed_back", "officer", day=wrong.date(), **call)
            assert caught.value.field == "day"
        ask(office, filed.case, "feed_back", "officer", "deputy", day=days_later(2).date(), **call)
    (told,) = CaseEvent.select().where(CaseEvent.action == "feed_back")
    assert (told.valid_on, "feedback" in owed(filed.case)) == (days_later(2).date(), False)


def test_nobody_is_told_by_telephone_who_gave_no_name(office: Office) -> None:
    filed = concluded(office)
    with pytest.raises(Invalid) as caught:
        office.act(
            filed.case, "feed_back", "officer", stage="final", way="phone", day=clock.today(), message="查无"
        )
    assert (caught.value.field, caught.value.reason) == ("way", "nobody_gave_a_name")


def test_the_thirty_days_for_a_rating_count_from_the_day_on_which_the_feedback_could_be_read(
    office: Office,
) -> None:
    filed = concluded(office, **NAMED)
    with clock.at(days_later(20)):
        ask(
            office,
            filed.case,
            "feed_back",
            "officer",
            "deputy",
            stage="final",
            way="phone",
            day=days_later(1).date(),
            message="查无实据",
        )
    with clock.at(days_later(49)), pytest.raises(Conflict, match="rating_open"):
        office.act(filed.case, "close", "officer")
    with clock.at(days_later(50)):
        ask(office, filed.case, "close", "officer", "deputy")


def test_a_message_is_told_on_the_day_on_which_it_is_approved(office: Office) -> None:
    filed = concluded(office)
    told = {"stage": "final", **TOLD}
    proposal = office.act(filed.case, "feed_back", "officer", **told).proposal_id
    with clock.at(days_later(3)):
        shown = reading.open_proposal(office["deputy"], proposal).proposal.facts["day"]
        approvals.approve(office["deputy"], proposal)
    (event,) = CaseEvent.select().where(CaseEvent.action == "feed_back")
    assert shown == days_later(3).date().isoformat()
    assert event.valid_on == days_later(3).date()


def test_a_result_is_rated_once_after_it_was_told_and_only_as_the_table_says(office: Office) -> None:
    filed = concluded(office)
    visit = office.visit(filed)
    with pytest.raises(Conflict, match="no_final_feedback"):
        tracking.rate(visit, "satisfied", "", "f1")
    tell(office, filed.case)
    with pytest.raises(Invalid):
        tracking.rate(visit, "no such rating", "", "f2")
    tracking.rate(visit, "partly", "还可以", "f3")
    with pytest.raises(Conflict, match="rated_already"):
        tracking.rate(visit, "satisfied", "", "f4")
    assert "还可以" in [
        letter.text for letter in reading.open_case(office["officer"], filed.case).reports[0].letters
    ]


def test_a_case_is_struck_off_when_it_was_rated_or_thirty_days_after_the_feedback(office: Office) -> None:
    filed = concluded(office)
    tell(office, filed.case)
    with clock.at(days_later(29)), pytest.raises(Conflict, match="rating_open"):
        office.act(filed.case, "close", "officer")
    with clock.at(days_later(30)):
        ask(office, filed.case, "close", "officer", "deputy")
    assert (state(filed.case), "look_back" in owed(filed.case)) == ("closed", False)


def test_a_second_look_is_anothers_where_a_reporter_was_not_satisfied(office: Office) -> None:
    office = with_third(office)
    filed = concluded(office)
    tell(office, filed.case)
    look = {"outcome": "upheld", "account": "原结论有误", "message": "您的意见成立。"}
    with pytest.raises(Conflict, match="nobody_dissatisfied"):
        office.act(filed.case, "second_look", "officer", **look)
    tracking.rate(office.visit(filed), "not_satisfied", "没有查", "f1")
    with pytest.raises(Conflict, match="worked_on_it"):
        office.act(filed.case, "second_look", "officer", **look)
    upheld = {"ground": "upheld", "facts": "再核意见成立"}
    with pytest.raises(Invalid, match="no_second_look"):
        office.act(filed.case, "reopen", "officer", **upheld)
    assert running(filed.case, "second_look").due_on > clock.today()
    with pytest.raises(Conflict, match="second_look_owed"):
        office.act(filed.case, "close", "officer")
    office.act(filed.case, "assign", "deputy", person=office["third"].person_id)
    ask(office, filed.case, "second_look", "third", "deputy", **look)
    assert "second_look" not in owed(filed.case)
    assert tracking.view(office.visit(filed)).letters[-1].text == "您的意见成立。"
    with pytest.raises(Conflict, match="reopening_owed"):
        office.act(filed.case, "close", "third")
    ask(office, filed.case, "reopen", "third", "head", **upheld)
    assert (state(filed.case), Case.get_by_id(filed.case).finding) == ("assessing", None)


STANDS = {"outcome": "confirmed", "account": "再看一遍，结论不变", "message": "再核过，结论不变。"}


def struck_off(office: Office) -> Filed:
    """Told and, after thirty days without a rating, struck off."""
    filed = concluded(office)
    tell(office, filed.case)
    with clock.at(days_later(30)):
        ask(office, filed.case, "close", "officer", "deputy")
    return filed


@pytest.mark.parametrize("outcome", ["upheld", "new_facts"])
def test_what_a_second_look_found_after_the_case_was_struck_off_is_not_put_away(
    office: Office, outcome: str
) -> None:
    office = with_third(office)
    filed = struck_off(office)
    with clock.at(days_later(30)):
        tracking.rate(office.visit(filed), "not_satisfied", "没有查", "f1")
        office.act(filed.case, "assign", "deputy", person=office["third"].person_id)
        found = {"outcome": outcome, "account": "原结论有误", "message": "发现了问题。"}
        ask(office, filed.case, "second_look", "third", "deputy", **found)
        put_away = {"file_list": "卷一", "file_complete": True}
        with pytest.raises(Conflict, match="reopening_owed"):
            office.act(filed.case, "archive", "third", **put_away)
        ask(office, filed.case, "second_look", "third", "deputy", **STANDS)
        office.act(filed.case, "archive", "third", **put_away)
    assert state(filed.case) == "archived"


def test_what_came_of_a_second_look_is_told_to_who_was_not_satisfied_alone(office: Office) -> None:
    office = with_third(office)
    content, unhappy = office.accepted(), office.accepted(story="另一份举报")
    office.act(unhappy.case, "merge", "deputy", target=content.case, reason="同一事实")
    office.act(content.case, "assign", "deputy", person=office["officer"].person_id)
    result = {"finding": "unfounded", "reason": "查无实据"}
    ask(office, content.case, "conclude_unfounded", "officer", "head", **result)
    tell(office, content.case)
    for filed, rating in ((content, "satisfied"), (unhappy, "not_satisfied")):
        tracking.rate(office.visit(filed), rating, "", f"f{filed.report}")
    office.act(content.case, "assign", "deputy", person=office["third"].person_id)
    look = {"outcome": "confirmed", "account": "再看一遍", "message": "再核过，结论不变。"}
    ask(office, content.case, "second_look", "third", "deputy", **look)
    told = [
        [row.text for row in tracking.view(office.visit(each)).letters if row.purpose == "second_look"]
        for each in (content, unhappy)
    ]
    assert told == [[], ["再核过，结论不变。"]]


def test_what_an_earlier_round_found_gives_no_leave_in_the_next(office: Office) -> None:
    """The dissatisfaction, the second look and the feedback were of the first result."""
    office = with_third(office)
    filed = concluded(office)
    tell(office, filed.case)
    tracking.rate(office.visit(filed), "not_satisfied", "没有查", "f1")
    office.act(filed.case, "assign", "deputy", person=office["third"].person_id)
    look = {"outcome": "upheld", "account": "原结论有误", "message": "您的意见成立。"}
    ask(office, filed.case, "second_look", "third", "deputy", **look)
    ask(office, filed.case, "reopen", "third", "head", ground="upheld", facts="再核意见成立")
    again = {"finding": "unfounded", "reason": "仍无实据"}
    ask(office, filed.case, "conclude_unfounded", "third", "head", **again)
    with pytest.raises(Invalid, match="no_second_look"):
        office.act(filed.case, "reopen", "third", ground="upheld", facts="x")
    with pytest.raises(Conflict, match="feedback_missing"):
        office.act(filed.case, "close", "third")
    with pytest.raises(Conflict, match="no_final_feedback"):
        tracking.rate(office.visit(filed), "satisfied", "", "f2")
    tell(office, filed.case, "third")
    with pytest.raises(Conflict, match="nobody_dissatisfied"):
        office.act(filed.case, "second_look", "third", **look)
    tracking.rate(office.visit(filed), "satisfied", "", "f3")
    ask(office, filed.case, "close", "third", "deputy")


def test_who_looks_back_did_not_strike_it_off_and_a_problem_that_came_back_reopens_the_case(
    office: Office,
) -> None:
    filed, measure = enforced(office)
    strike_off(office, filed)
    assert running(filed.case, "look_back").due_on > clock.today()
    look = {"result": "came_back", "account": "又慢了"}
    with pytest.raises(Conflict, match="struck_it_off"):
        office.act(filed.case, "look_back", "officer", **look)
    reopen = {"ground": "came_back", "facts": "又慢了"}
    with pytest.raises(Invalid, match="no_look_back"):
        office.act(filed.case, "reopen", "officer", **reopen)
    with clock.at(days_later(60)):
        office.act(filed.case, "look_back", "officer2", **look)
        with pytest.raises(Conflict, match="reopening_owed"):
            office.act(filed.case, "archive", "officer2", file_list="卷一", file_complete=True)
        ask(office, filed.case, "reopen", "officer", "head", **reopen)
    assert running(filed.case, "admonish_follow").report == measure
    assert "archive" not in owed(filed.case)
    office.act(filed.case, "measure.follow_up", "officer", thing=measure, account="又犯")


# --- the way back from every end -----------------------------------------------------------------------------


def declined(office: Office, reason: str = "court") -> Filed:
    filed = office.file()
    if reason != "test_or_spam":
        office.classify(filed.case)
    ask(office, filed.case, "decline", "intake", "deputy", reason=reason, message="请起诉。")
    return filed


def redirected(office: Office) -> Filed:
    filed = office.file()
    office.classify(filed.case)
    passed_on = {"receiver": "市税务局", "not_led_by_subject": True, "message": "已转市税务局。"}
    ask(office, filed.case, "redirect", "intake", "deputy", **passed_on)
    return filed


def lent(office: Office) -> Filed:
    filed = archived(office)
    lend(office, filed, "officer2")
    return filed


def spam(office: Office) -> Filed:
    return declined(office, "test_or_spam")


@pytest.mark.on_both_databases
@pytest.mark.parametrize(
    ("end", "who", "held_by"),
    [
        (declined, "intake2", {"intake2", "deputy", "head", "recovery"}),
        (spam, "intake", {"intake", "deputy", "head", "recovery"}),
        (redirected, "intake", {"intake", "deputy", "head", "recovery"}),
        (concluded, "officer", {"officer", "deputy", "head", "recovery"}),
        (closed, "officer2", {"officer", "officer2", "deputy", "head", "recovery"}),
        (lent, "officer2", {"officer", "officer2", "deputy", "head", "recovery"}),
    ],
)
def test_a_case_begins_anew_from_its_end_with_line_officer_and_who_asked(
    office: Office, end: Any, who: str, held_by: set[str]
) -> None:
    filed = end(office)
    ask(office, filed.case, "reopen", who, "head", **ANEW)
    case = Case.get_by_id(filed.case)
    assert (case.state, case.reviewer, case.finding) == ("assessing", None, None)
    assert case.number is not None
    assert case.taken_in_by is not None
    assert holders(filed.case) == held_by
    assert (stage(office, filed), leaves(office, filed)[-1]) == ("已受理", "accepted")
    assert {"assess", "rhythm"} <= owed(filed.case)
    tracking.write(office.visit(filed), "谢谢", "n1")
    office.act(filed.case, "assign", "deputy", person=office["officer"].person_id)
    ask(office, filed.case, "hold", "officer", "head", reason="等", review_on=days_later(90).date())
    assert ledger.verify().findings == ()


@pytest.mark.parametrize("end", ["merged", "forwarded", "assessing"])
def test_nothing_begins_anew_that_did_not_end_here(office: Office, end: str) -> None:
    filed, who = office.assigned(), "officer"
    if end == "merged":
        office.act(filed.case, "merge", "deputy", target=office.assigned().case, reason="同")
    elif end == "forwarded":
        filed, who = office.file(own_people=True), "oversight"
        office.act(filed.case, "forward_up", "oversight")
    with pytest.raises(Exception, match=r"state|case.reopen"):
        office.act(filed.case, "reopen", who, **ANEW)
    assert state(filed.case) == end


def test_a_case_that_begins_anew_is_filed_heard_and_reviewed_anew(office: Office) -> None:
    filed = reviewing(office)
    ask(office, filed.case, "withdraw_case", "officer", "head", reason="事实不成立", unit_told=True)
    ask(office, filed.case, "reopen", "officer", "head", **ANEW)
    assert not sees(office, "reviewer", filed.case)
    assert not sees(office, "officer2", filed.case)
    plan = {"plan": "再查", "no_disturbance": True}
    people = [office["officer"].person_id, office["officer2"].person_id]
    ask(office, filed.case, "start_verification", "officer", "head", group=people, **plan)
    with pytest.raises(Conflict, match="state"):
        office.act(filed.case, "to_review", "officer", file_list="卷", opinion="x")
    filing = {"facts": "a", "clause": "b", "group": people, "planned_on": clock.today(), "told": True}
    ask(office, filed.case, "file_case", "officer", "head", **filing)
    ask(office, filed.case, "to_review", "officer", "deputy", file_list="卷", opinion="x")
    office.act(filed.case, "assign", "deputy", person=office["reviewer"].person_id)
    assert Case.get_by_id(filed.case).reviewer.user_name == "reviewer"


def test_leave_to_begin_anew_that_was_refused_leaves_the_case_where_it_ended(office: Office) -> None:
    filed = declined(office)
    office.act(filed.case, "reopen", "intake", **ANEW)
    assert holders(filed.case) == {"desk", "head", "recovery"}
    approvals.send_back(office["head"], Proposal.get(Proposal.state == "waiting").id, "没有新的事实")
    assert (state(filed.case), holders(filed.case)) == ("declined", {"desk", "recovery"})
    assert stage(office, filed) == "不予受理"


def test_who_rates_a_case_after_it_was_struck_off_is_owed_a_second_look_too(office: Office) -> None:
    office = with_third(office)
    filed = struck_off(office)
    with clock.at(days_later(30)):
        tracking.rate(office.visit(filed), "not_satisfied", "没有查", "f1")
        assert "second_look" in owed(filed.case)
        office.act(filed.case, "assign", "deputy", person=office["third"].person_id)
        ask(office, filed.case, "second_look", "third", "deputy", **STANDS)
    assert (state(filed.case), "second_look" in owed(filed.case)) == ("closed", False)


def test_after_the_result_was_told_no_regular_word_is_owed(office: Office) -> None:
    filed = concluded(office)
    assert "rhythm" in owed(filed.case)
    tell(office, filed.case)
    assert "rhythm" not in owed(filed.case)
    assert tracking.view(office.visit(filed)).write_by is None
