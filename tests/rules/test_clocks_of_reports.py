"""The clocks of reports: each has its own, those that join and part bring and take theirs along."""

import pytest

from tests.rules.case_story import CALENDAR, Story, day
from whistle.rules.clocks import colour


def accepted(kind: str = "lead", **facts: object) -> Story:
    """Received on Monday 2 March 2026, accepted the day after."""
    return Story("2026-03-02", kind, **facts).then("classify", "2026-03-02").then("accept", "2026-03-03")


def concluded(**facts: object) -> Story:
    """The same, concluded without finding on 20 March."""
    return accepted(**facts).then("conclude_unfounded", "2026-03-20")


# --- feedback -----------------------------------------------------------------------------------------------


def test_a_result_is_told_in_fifteen_working_days_of_the_conclusion() -> None:
    assert concluded().due("feedback") == "2026-04-13"
    assert accepted().named("feedback") == []


def test_only_final_feedback_meets_it() -> None:
    story = concluded().then("feed_back", "2026-03-23", stage="interim")
    assert story.clock("feedback").state == "running"
    assert story.then("feed_back", "2026-03-24", stage="final").clock("feedback").state == "met"


def test_each_report_is_told_its_own_result_or_all_at_once() -> None:
    story = accepted().then("join", "2026-03-10", by="system", report="S", is_named=True)
    story.then("conclude_unfounded", "2026-03-20").then("feed_back", "2026-03-24", report="R", stage="final")
    assert {clock.report: clock.state for clock in story.named("feedback")} == {"R": "met", "S": "running"}
    story.then("feed_back", "2026-03-25", stage="final")
    assert {clock.state for clock in story.named("feedback")} == {"met"}


def test_the_result_of_a_case_reopened_is_told_when_there_is_one_again() -> None:
    story = concluded().then("reopen", "2026-03-25")
    assert story.clock("feedback").state == "cancelled"
    story.then("conclude_unfounded", "2026-04-20")
    assert story.named("feedback")[-1].due_on == day("2026-05-13")


def test_a_case_closed_without_feedback_owes_none_when_it_is_reopened() -> None:
    story = concluded().then("close", "2026-04-20").then("reopen", "2026-05-06")
    assert story.running() == {"assess", "rhythm"}


# --- the rhythm ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("action", "facts"), [("write", {}), ("feed_back", {"stage": "interim"})])
def test_a_word_of_the_office_begins_the_rhythm_anew(action: str, facts: dict[str, str]) -> None:
    story = concluded().then(action, "2026-03-24", **facts)
    first, second = story.named("rhythm")
    assert (first.state, second.due_on) == ("met", day("2026-06-24"))


def test_notice_and_first_answers_are_no_word_in_the_rhythm() -> None:
    story = (
        accepted("unresolved", is_named=True).then("answer", "2026-03-03").then("give_notice", "2026-03-04")
    )
    assert [clock.due_on for clock in story.named("rhythm")] == [day("2026-06-03")]


# --- joining and parting ------------------------------------------------------------------------------------


def test_a_report_that_joins_brings_along_what_it_was_owed_and_since_when() -> None:
    story = accepted()
    since = {"notice": "2026-03-04", "reply_message": "2026-03-06", "rhythm": "2026-03-05"}
    story.then(
        "join",
        "2026-03-10",
        by="system",
        report="S",
        is_named=True,
        notice_owed=True,
        reply_owed=True,
        since=since,
    )
    assert story.of("notice", "S").due_on == day("2026-03-25")
    assert story.of("reply_message", "S").due_on == day("2026-03-13")
    assert story.of("rhythm", "S").due_on == day("2026-06-05")
    assert story.of("rhythm", "R").due_on == day("2026-06-03")


def test_a_report_that_joins_owed_nothing_has_the_rhythm_alone() -> None:
    story = accepted().then("join", "2026-03-10", by="system", report="S", is_named=True)
    assert {clock.name for clock in story.clocks() if clock.report == "S"} == {"rhythm"}
    assert story.of("rhythm", "S").due_on == day("2026-06-10")


def test_notice_is_owed_to_each_real_name_report_by_itself() -> None:
    story = accepted(is_named=True)
    story.then("join", "2026-03-10", by="system", report="S", is_named=True, notice_owed=True)
    story.then("join", "2026-03-10", by="system", report="T", is_named=False, notice_owed=True)
    story.then("give_notice", "2026-03-11", report="R")
    assert {clock.report: clock.state for clock in story.named("notice")} == {"R": "met", "S": "running"}


def test_the_limit_on_feedback_is_law_for_who_gave_the_name_and_halved_for_others_in_a_case_of_retaliation() -> (
    None
):
    story = accepted(retaliation=True).then("join", "2026-03-10", by="system", report="S", is_named=True)
    story.then("conclude_unfounded", "2026-03-20")
    due = {clock.report: clock.due_on for clock in story.named("feedback")}
    assert due == {"R": day("2026-04-01"), "S": day("2026-04-13")}


def test_a_report_that_parts_takes_its_clocks_along_and_no_others() -> None:
    story = accepted().then("join", "2026-03-10", by="system", report="S")
    story.then("write", "2026-03-11", by="reporter", report="S").then(
        "write", "2026-03-11", by="reporter", report="R"
    )
    story.then("part", "2026-03-12", by="system", report="S")
    assert {clock.state for clock in story.clocks() if clock.report == "S"} == {"cancelled"}
    assert {clock.name for clock in story.clocks() if clock.report == "R" and clock.state == "running"} == {
        "rhythm", "reply_message",
    }  # fmt: skip
    story.then("conclude_unfounded", "2026-03-20")
    assert [clock.report for clock in story.named("feedback")] == ["R"]


def test_a_report_that_left_is_owed_nothing_by_the_case_even_when_that_is_reopened() -> None:
    story = accepted()
    story.then("join", "2026-03-10", by="system", report="S", is_named=True, notice_owed=True)
    story.then("conclude_unfounded", "2026-03-20").then("close", "2026-04-20")
    story.then("part", "2026-04-21", by="system", report="S").then("reopen", "2026-05-06")
    assert {clock.report for clock in story.clocks() if clock.state == "running"} == {None, "R"}


def test_a_report_that_comes_home_from_a_merge_is_owed_what_it_brings_and_nothing_twice() -> None:
    story = accepted(is_named=True).then("write", "2026-03-04", by="reporter", report="R")
    story.then("merge", "2026-03-05")
    assert story.running() == set()
    story.then("unmerge", "2026-03-16")
    assert story.running() == {"accept"}
    story.then("join", "2026-03-16", by="system", report="R", is_named=True, since={"rhythm": "2026-03-12"})
    assert story.running() == {"accept", "rhythm"}
    assert story.of("rhythm", "R").due_on == day("2026-06-12")
    story.then("accept", "2026-03-18")
    assert story.running() == {"assess", "rhythm"}


def test_a_day_brought_along_that_lies_ahead_is_not_believed() -> None:
    story = accepted().then("join", "2026-03-10", by="system", report="S", since={"rhythm": "2027-01-01"})
    assert story.of("rhythm", "S").due_on == day("2026-06-10")


def test_a_wait_for_facts_goes_on_for_the_case_when_a_report_that_was_asked_leaves_it() -> None:
    story = accepted(origin="office").then("join", "2026-03-10", by="system", report="S")
    story.then("request_supplement", "2026-03-11").then("part", "2026-03-12", by="system", report="S")
    assert story.clock("supplement").state == "running"
    assert story.then("lapse_supplement", "2026-04-02", by="system").clock("supplement").state == "cancelled"


# --- nobody to tell -----------------------------------------------------------------------------------------


def test_a_case_the_office_made_itself_owes_nobody_a_word() -> None:
    story = accepted(origin="office", is_named=True).then("conclude_unfounded", "2026-03-20")
    assert {clock.report for clock in story.clocks()} == {None}
    story.then("reopen", "2026-04-01").then("join", "2026-04-02", by="system", report="S")
    story.then("conclude_unfounded", "2026-04-03")
    assert {clock.report for clock in story.clocks()} == {None, "S"}


# --- messages -----------------------------------------------------------------------------------------------


def test_an_answer_to_all_answers_each() -> None:
    story = accepted().then("join", "2026-03-04", by="system", report="S")
    for report in ("R", "S"):
        story.then("write", "2026-03-05", by="reporter", report=report)
    story.then("write", "2026-03-06")
    assert {clock.state for clock in story.named("reply_message")} == {"met"}


def test_a_message_answered_too_late_stays_late() -> None:
    story = (
        accepted()
        .then("write", "2026-03-05", by="reporter", report="R")
        .then("write", "2026-03-13", report="R")
    )
    assert colour(story.clock("reply_message"), day("2026-09-01"), CALENDAR) == "red"


# --- limits of what was merged ------------------------------------------------------------------------------------


def test_a_limit_counts_from_the_earliest_day_of_what_was_merged() -> None:
    story = accepted("petition").then("join", "2026-03-20", by="system", since={"petition": "2026-02-02"})
    assert story.due("petition") == "2026-04-03"


def test_a_limit_that_has_not_begun_begins_on_the_day_that_was_brought() -> None:
    story = Story("2026-03-02", "petition").then("classify", "2026-03-02")
    story.then("join", "2026-03-20", by="system", since={"petition": "2026-02-02"}).then(
        "accept", "2026-03-23"
    )
    assert story.due("petition") == "2026-04-03"


def test_a_later_day_that_was_brought_moves_no_limit() -> None:
    story = accepted("petition").then("join", "2026-03-20", by="system", since={"petition": "2026-03-10"})
    assert story.due("petition") == accepted("petition").due("petition")


def test_a_limit_goes_on_from_its_first_day_when_a_merge_is_undone() -> None:
    story = accepted("petition").then("merge", "2026-03-20").then("unmerge", "2026-04-01")
    story.then("accept", "2026-04-02")
    assert story.named("petition")[-1].due_on == accepted("petition").clock("petition").due_on
