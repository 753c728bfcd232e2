"""The clocks: the rulebook's examples first, then each row's start, stop and pause."""

import datetime as dt

import pytest

from tests.rules.case_story import CALENDAR, Story, day
from whistle.rules.clock_rows import clock_row
from whistle.rules.clocks import (
    CLOCKS,
    CaseFacts,
    Clock,
    ClockState,
    can_be_met,
    clocks_of,
    colour,
    working_days_left,
)
from whistle.rules.workdays import Calendar
from whistle.rules.workflow import STATES

# --- the rulebook's examples ---------------------------------------------------------------------------------


def test_asked_on_monday_and_answered_on_monday_costs_no_day() -> None:
    asked = Story("2026-11-20").then("request_supplement", "2026-11-23")
    answered = asked.then("supplement", "2026-11-23", by="reporter", report="R")
    assert answered.due("accept") == "2026-11-27"


def test_five_working_days_from_a_friday_end_on_the_next_friday() -> None:
    assert Story("2026-11-20").due("accept") == "2026-11-27"


def test_one_month_from_the_31st_of_january_ends_on_a_make_up_saturday() -> None:
    story = Story("2026-01-30").then("classify", "2026-01-30").then("accept", "2026-01-31")
    assert story.due("assess") == "2026-02-28"


def test_fifteen_days_that_end_on_national_day_end_on_the_first_working_day_after() -> None:
    assert Story("2026-09-16", "petition").due("notice_law") == "2026-10-08"


def test_one_working_day_from_thursday_before_mid_autumn_ends_on_monday() -> None:
    assert Story("2026-09-24").due("register") == "2026-09-28"


# --- the table -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "name", "due"),
    [
        ("lead", "register", "2026-03-03"),
        ("lead", "accept", "2026-03-09"),
        ("lead", "redirect", "2026-03-09"),
        ("complaint", "redirect", "2026-03-09"),  # the 7th is a Saturday
        ("petition", "redirect", "2026-03-17"),
        ("complaint", "notice_law", "2026-03-17"),
        ("petition", "notice_law", "2026-03-17"),
        ("complaint", "solve", "2026-04-01"),
        ("unresolved", "answer", "2026-03-03"),
        ("unresolved", "solve_unresolved", "2026-03-09"),
        ("advice", "advice_reply", "2026-03-23"),
    ],
)
def test_what_runs_from_receipt(kind: str, name: str, due: str) -> None:
    assert Story("2026-03-02", kind).due(name) == due


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("lead", {"register", "accept", "redirect"}),
        ("complaint", {"register", "accept", "redirect", "notice_law", "solve"}),
        ("unresolved", {"register", "accept", "answer", "solve_unresolved"}),
        ("petition", {"register", "accept", "redirect", "notice_law"}),
        ("advice", {"register", "accept", "advice_reply"}),
    ],
)
def test_a_new_report_of_a_kind_has_these_clocks_and_no_others(kind: str, names: set[str]) -> None:
    assert Story("2026-03-02", kind).running() == names


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("lead", {"assess", "rhythm"}),
        ("complaint", {"solve", "rhythm"}),
        ("unresolved", {"answer", "solve_unresolved", "rhythm"}),
        ("petition", {"petition", "rhythm"}),
        ("advice", {"advice_reply", "rhythm"}),
    ],
)
def test_an_accepted_case_of_a_kind_has_these_clocks_and_no_others(kind: str, names: set[str]) -> None:
    story = Story("2026-03-02", kind).then("classify", "2026-03-03").then("accept", "2026-03-04")
    assert story.running() == names


def test_sixty_days_for_a_petition_run_from_acceptance() -> None:
    story = Story("2026-03-02", "petition").then("classify", "2026-03-03").then("accept", "2026-03-04")
    assert story.due("petition") == "2026-05-06"  # 3 May lies in the Labour Day holiday


def test_acceptance_meets_what_waited_for_it() -> None:
    story = Story("2026-03-02", "complaint").then("classify", "2026-03-03").then("accept", "2026-03-04")
    for name in ("accept", "notice_law", "redirect"):
        clock = story.clock(name)
        assert (clock.state, clock.ended_on) == ("met", day("2026-03-04"))


def test_declining_meets_the_decision_and_cancels_the_rest() -> None:
    story = Story("2026-03-02", "unresolved").then("classify", "2026-03-03").then("decline", "2026-03-05")
    assert story.clock("accept").state == "met"
    assert story.clock("answer").state == "cancelled"
    assert story.clock("solve_unresolved").ended_on == day("2026-03-05")
    assert story.running() == set()


def test_resolving_meets_the_clocks_of_the_other_kinds() -> None:
    story = Story("2026-03-02", "unresolved").then("classify", "2026-03-02").then("accept", "2026-03-02")
    story.then("answer", "2026-03-03").then("resolve", "2026-03-06")
    assert story.clock("answer").ended_on == day("2026-03-03")
    assert story.clock("solve_unresolved").state == "met"


# --- real names, messages and the rhythm: clocks of a report -------------------------------------------------


def test_notice_is_owed_to_a_real_name_lead_only() -> None:
    assert Story("2026-03-02", is_named=True).due("notice") == "2026-03-23"
    assert Story("2026-03-02", is_named=False).named("notice") == []
    assert Story("2026-03-02", is_named=True, is_repeat=True).named("notice") == []
    assert Story("2026-03-02", "complaint", is_named=True).named("notice") == []


def test_giving_notice_ends_it() -> None:
    story = Story("2026-03-02", is_named=True).then("classify", "2026-03-03").then("accept", "2026-03-04")
    assert story.clock("notice").state == "running"
    assert story.then("give_notice", "2026-03-05").clock("notice").state == "met"


def test_the_office_writes_at_least_every_three_months() -> None:
    story = Story("2026-03-02").then("classify", "2026-03-03").then("accept", "2026-03-04")
    assert story.due("rhythm") == "2026-06-04"
    story.then("write", "2026-05-20", report="R")
    first, second = story.named("rhythm")
    assert (first.state, first.ended_on) == ("met", day("2026-05-20"))
    assert (second.state, second.due_on) == ("running", day("2026-08-20"))


def test_no_rhythm_before_acceptance_and_none_from_the_reporters_own_words() -> None:
    story = Story("2026-03-02").then("write", "2026-03-03", report="R")
    assert story.named("rhythm") == []
    story.then("classify", "2026-03-03").then("accept", "2026-03-04")
    story.then("write", "2026-03-10", by="reporter", report="R")
    assert story.due("rhythm") == "2026-06-04"


def test_a_message_is_answered_within_five_working_days_of_the_first() -> None:
    story = Story("2026-03-02").then("write", "2026-03-03", by="reporter", report="R")
    story.then("write", "2026-03-05", by="reporter", report="R")
    assert story.due("reply_message") == "2026-03-10"
    story.then("write", "2026-03-06", report="R")
    assert story.clock("reply_message").ended_on == day("2026-03-06")


def test_no_answer_needed_ends_the_wait_but_is_no_word_to_the_reporter() -> None:
    story = Story("2026-03-02").then("classify", "2026-03-03").then("accept", "2026-03-04")
    story.then("write", "2026-03-05", by="reporter", report="R")
    story.then("write", "2026-03-06", report="R", no_answer_needed=True)
    assert story.clock("reply_message").state == "met"
    assert story.due("rhythm") == "2026-06-04"


def test_a_message_written_after_the_end_still_wants_an_answer() -> None:
    story = Story("2026-03-02").then("classify", "2026-03-03").then("decline", "2026-03-04")
    story.then("write", "2026-03-06", by="reporter", report="R")
    assert story.running() == {"reply_message"}


def test_two_reports_have_their_own_clocks() -> None:
    story = Story("2026-03-02", is_named=True)
    story.then("write", "2026-03-03", by="reporter", report="R")
    story.then("write", "2026-03-04", by="reporter", report="S")
    story.then("write", "2026-03-05", report="S")
    states = {clock.report: clock.state for clock in story.named("reply_message")}
    assert states == {"R": "running", "S": "met"}


# --- supplementing: pauses and the limits of law -------------------------------------------------------------


def test_days_after_asking_up_to_answering_are_added() -> None:
    story = Story("2026-03-02").then("request_supplement", "2026-03-03")
    assert story.clock("accept").state == "paused"
    assert story.clock("accept").paused_on == day("2026-03-03")
    story.then("supplement", "2026-03-06", by="reporter", report="R")
    assert story.due("accept") == "2026-03-12"  # 9 March and three working days
    assert story.clock("accept").state == "running"


def test_a_period_of_days_is_moved_by_natural_days() -> None:
    story = Story("2026-03-02", "complaint").then("classify", "2026-03-02").then("accept", "2026-03-03")
    story.then("request_supplement", "2026-03-05").then("supplement", "2026-03-09", by="reporter")
    assert story.due("solve") == "2026-04-07"  # 1 April and four days, a holiday till the 6th


def test_a_limit_of_law_does_not_pause() -> None:
    story = Story("2026-03-02", "petition").then("request_supplement", "2026-03-03")
    assert story.clock("notice_law").state == "running"
    story.then("supplement", "2026-03-16", by="reporter")
    assert story.due("notice_law") == "2026-03-17"


def test_no_pause_carries_a_due_day_past_a_limit_of_law() -> None:
    story = Story("2026-03-02", "petition").then("request_supplement", "2026-03-03")
    story.then("supplement", "2026-03-16", by="reporter")
    assert story.due("accept") == "2026-03-17"  # not the 18th


def test_a_supplement_waits_fifteen_working_days() -> None:
    assert Story("2026-03-02").then("request_supplement", "2026-03-03").due("supplement") == "2026-03-24"


def test_a_supplement_ends_one_working_day_before_the_first_limit_of_law() -> None:
    story = Story("2026-03-02", "petition").then("classify", "2026-03-02")
    story.then("request_supplement", "2026-03-03")
    assert story.due("notice_law") == "2026-03-17"
    assert story.due("supplement") == "2026-03-16"
    story.then("lapse_supplement", "2026-03-16", by="system").then("accept", "2026-03-17")
    assert colour(story.clock("notice_law"), day("2026-03-17"), CALENDAR) == "green"


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2026-03-13", "2026-03-16"),  # from Friday to Monday, the law's last day being Tuesday
        ("2026-03-16", "2026-03-16"),
        ("2026-03-17", "2026-03-17"),  # the law's last day itself
    ],
)
def test_a_supplement_asked_for_at_the_last_ends_on_the_day_of_asking_at_the_earliest(
    asked: str, due: str
) -> None:
    assert Story("2026-03-02", "petition").then("request_supplement", asked).due("supplement") == due


def test_a_supplement_asked_for_on_a_day_off_before_the_laws_last_day_ends_that_day() -> None:
    story = Story("2026-03-01", "petition")
    assert story.due("notice_law") == "2026-03-16"  # a Monday
    assert story.then("request_supplement", "2026-03-15").due("supplement") == "2026-03-15"


def test_a_limit_that_is_past_does_not_hurry_the_reporter() -> None:
    story = Story("2026-03-02", "petition").then("request_supplement", "2026-03-18")
    assert story.due("supplement") == "2026-04-09"


def test_assessing_goes_on_while_a_lead_is_supplemented() -> None:
    story = Story("2026-03-02").then("classify", "2026-03-02").then("accept", "2026-03-03")
    story.then("request_supplement", "2026-03-10")
    assert story.clock("assess").state == "running"
    assert story.due("supplement") == "2026-03-31"
    story.then("supplement", "2026-03-20", by="reporter")
    assert story.due("assess") == "2026-04-03"
    assert story.clock("supplement").state == "met"
    assert story.running() == {"assess", "rhythm"}


def test_asking_from_assessing_starts_no_decision_on_acceptance() -> None:
    story = Story("2026-03-02").then("classify", "2026-03-02").then("accept", "2026-03-03")
    story.then("request_supplement", "2026-03-10").then("lapse_supplement", "2026-03-31", by="system")
    assert story.clock("accept").ended_on == day("2026-03-03")


def test_a_lapse_cancels_the_supplement_and_goes_on_with_the_same_clock() -> None:
    story = Story("2026-03-02").then("request_supplement", "2026-03-03")
    story.then("lapse_supplement", "2026-03-24", by="system")
    assert story.clock("supplement").state == "cancelled"
    assert story.clock("accept").state == "running"
    assert story.due("accept") == "2026-03-30"


def test_what_is_owed_to_the_reporter_does_not_pause() -> None:
    story = Story("2026-03-02").then("write", "2026-03-02", by="reporter", report="R")
    story.then("request_supplement", "2026-03-03")
    assert story.clock("reply_message").state == "running"


# --- the sealed way ------------------------------------------------------------------------------------------


def test_a_flagged_report_goes_up_within_five_working_days_or_one_for_the_head() -> None:
    assert Story("2026-03-02", flagged=True).running() == {"forward_up"}
    assert Story("2026-03-02", flagged=True).due("forward_up") == "2026-03-09"
    assert Story("2026-03-02", flagged=True, concerns_head=True).due("forward_up") == "2026-03-03"
    story = Story("2026-03-02").then("to_oversight", "2026-03-05", concerns_head=True)
    assert story.due("forward_up") == "2026-03-06"


def test_forwarding_meets_the_sealed_clock_and_ends_all() -> None:
    story = Story("2026-03-02", flagged=True).then("forward_up", "2026-03-04")
    assert story.clock("forward_up").state == "met"
    assert story.running() == set()


def test_going_to_oversight_cancels_the_stage_and_meets_registration() -> None:
    story = Story("2026-03-02").then("to_oversight", "2026-03-03")
    assert story.clock("accept").state == "cancelled"
    assert story.clock("register").state == "met"


def test_coming_back_from_oversight_starts_a_new_decision_on_acceptance() -> None:
    story = Story("2026-03-02").then("to_oversight", "2026-03-03").then("release_oversight", "2026-03-05")
    first, second = story.named("accept")
    assert first.state == "cancelled"
    assert second.due_on == day("2026-03-12")


def test_the_law_counts_a_released_report_from_the_day_it_came_in() -> None:
    story = Story("2026-03-02", "petition", flagged=True).then("release_oversight", "2026-03-05")
    assert story.due("notice_law") == "2026-03-17"
    assert story.due("register") == "2026-03-06"


@pytest.mark.parametrize(("concerns_head", "due"), [(False, "2026-03-16"), (True, "2026-03-10")])
@pytest.mark.parametrize("asked_from", ["received", "assessing"])
def test_the_sealed_clock_starts_though_the_case_comes_from_a_supplement(
    asked_from: str, concerns_head: bool, due: str
) -> None:
    story = Story("2026-03-02").then("classify", "2026-03-02")
    if asked_from == "assessing":
        story.then("accept", "2026-03-03")
    story.then("request_supplement", "2026-03-04")
    story.then("to_oversight", "2026-03-09", concerns_head=concerns_head)
    assert story.due("forward_up") == due
    assert story.clock("forward_up").state == "running"
    assert story.then("forward_up", "2026-03-10").clock("forward_up").state == "met"


def test_asking_from_oversight_pauses_the_sealed_clock() -> None:
    story = Story("2026-03-02", flagged=True).then("request_supplement", "2026-03-03")
    assert story.clock("forward_up").state == "paused"
    story.then("supplement", "2026-03-05", by="reporter", report="R")
    assert story.due("forward_up") == "2026-03-11"


# --- another kind --------------------------------------------------------------------------------------------


def test_a_changed_kind_cancels_the_old_clocks_and_counts_the_new_from_receipt() -> None:
    story = Story("2026-03-02", "unresolved").then("classify", "2026-03-02", kind="unresolved")
    story.then("accept", "2026-03-03").then("reclassify", "2026-03-10", kind="complaint")
    assert story.clock("solve_unresolved").state == "cancelled"
    assert story.clock("solve_unresolved").ended_on == day("2026-03-10")
    assert story.due("solve") == "2026-04-01"
    assert story.clock("solve").state == "running"


def test_classifying_otherwise_than_the_reporter_chose_does_the_same() -> None:
    story = Story("2026-03-02", "advice").then("classify", "2026-03-03", kind="lead")
    assert story.clock("advice_reply").state == "cancelled"
    assert story.running() == {"accept", "redirect"}


def test_what_was_met_under_the_old_kind_stays_met() -> None:
    story = Story("2026-03-02", "unresolved").then("classify", "2026-03-02").then("accept", "2026-03-02")
    story.then("answer", "2026-03-03").then("reclassify", "2026-03-05", kind="complaint")
    assert story.clock("answer").state == "met"


def test_a_later_kind_does_not_judge_again_what_had_ended() -> None:
    story = Story("2026-03-02", "petition").then("request_supplement", "2026-03-03")
    story.then("supplement", "2026-03-16", by="reporter").then("classify", "2026-03-16")
    story.then("accept", "2026-03-17")
    before = story.clock("accept")
    assert story.then("reclassify", "2026-03-20", kind="lead").clock("accept") == before


def test_a_new_category_alone_changes_no_clock() -> None:
    story = Story("2026-03-02", "complaint").then("classify", "2026-03-02", kind="complaint")
    before = story.clocks()
    assert story.then("reclassify", "2026-03-05", kind="complaint").clocks() == before


def test_changing_the_kind_back_brings_the_clock_back() -> None:
    story = Story("2026-03-02", "complaint").then("classify", "2026-03-03", kind="lead")
    story.then("reclassify", "2026-03-04", kind="complaint")
    assert story.clock("solve").state == "running"
    assert story.due("solve") == "2026-04-01"


def test_the_kind_of_the_case_counts_where_the_events_do_not_say() -> None:
    events = [event for event in Story("2026-03-02").events]
    silent = [type(event)(event.action, event.day, None, "received", "R", "system") for event in events]
    names = {clock.name for clock in clocks_of(silent, CaseFacts(kind="advice", is_named=True), CALENDAR)}
    assert names == {"register", "accept", "advice_reply"}


# --- coming back ---------------------------------------------------------------------------------------------


def test_a_returned_redirect_owes_again_what_the_end_had_cancelled() -> None:
    story = Story("2026-03-02", "complaint").then("classify", "2026-03-03").then("redirect", "2026-03-04")
    assert story.running() == set()
    story.then("returned", "2026-03-16")
    old, new = story.named("solve")
    assert (old.state, new.state) == ("cancelled", "running")
    assert new.started_on == day("2026-03-16")
    assert story.named("accept")[-1].due_on == day("2026-03-23")
    assert story.clock("redirect").state == "met"


@pytest.mark.parametrize(("kind", "after"), [("lead", {"assess"}), ("petition", {"petition"})])
def test_what_acceptance_starts_waits_for_the_next_acceptance_of_a_returned_case(
    kind: str, after: set[str]
) -> None:
    story = Story("2026-03-02", kind).then("classify", "2026-03-03").then("accept", "2026-03-04")
    story.then("redirect", "2026-03-10").then("returned", "2026-03-16")
    assert story.running() == {"accept"}
    story.then("accept", "2026-03-18")
    assert story.running() == after | {"rhythm"}
    assert story.named("rhythm")[-1].started_on == day("2026-03-18")


def test_a_case_reopened_into_work_owes_again_what_acceptance_had_started() -> None:
    story = Story("2026-03-02").then("classify", "2026-03-03").then("accept", "2026-03-04")
    story.then("redirect", "2026-03-10").then("reopen", "2026-03-16")
    assert story.running() == {"assess", "rhythm"}


def test_a_case_sent_by_the_department_has_its_limits_as_law() -> None:
    story = Story("2026-03-02", "complaint", sent_by_department=True)
    story.then("request_supplement", "2026-03-03")
    assert story.clock("solve").state == "running"
    assert story.due("redirect") == "2026-03-09"
    assert story.clock("redirect").state == "running"
    assert story.due("supplement") == "2026-03-06"


# --- colours and days left -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "expected", "left"),
    [
        ("2026-11-20", "green", 5),
        ("2026-11-25", "green", 2),  # two days left, 60 % gone
        ("2026-11-26", "amber", 1),  # 80 % gone
        ("2026-11-27", "amber", 0),
        ("2026-11-28", "red", 0),
        ("2026-11-30", "red", -1),
    ],
)
def test_a_clock_of_five_working_days(today: str, expected: str, left: int) -> None:
    clock = Story("2026-11-20").clock("accept")
    assert colour(clock, day(today), CALENDAR) == expected
    assert working_days_left(clock, day(today), CALENDAR) == left


@pytest.mark.parametrize(
    ("today", "expected"),
    [("2026-03-27", "green"), ("2026-03-29", "green"), ("2026-03-30", "amber"), ("2026-04-02", "red")],
)
def test_a_long_clock_turns_amber_only_two_working_days_before(today: str, expected: str) -> None:
    clock = Story("2026-03-02", "complaint").clock("solve")
    assert clock.due_on == day("2026-04-01")
    assert colour(clock, day(today), CALENDAR) == expected


def test_an_ended_or_paused_clock_keeps_what_it_was() -> None:
    late = Story("2026-03-02").then("classify", "2026-03-03").then("accept", "2026-03-10")
    assert colour(late.clock("accept"), day("2026-09-01"), CALENDAR) == "red"
    in_time = Story("2026-03-02").then("classify", "2026-03-03").then("accept", "2026-03-09")
    assert colour(in_time.clock("accept"), day("2026-09-01"), CALENDAR) == "green"
    waiting = Story("2026-03-02").then("request_supplement", "2026-03-09")
    assert colour(waiting.clock("accept"), day("2026-03-20"), CALENDAR) == "green"
    too_late = Story("2026-03-02").then("request_supplement", "2026-03-10")
    assert colour(too_late.clock("accept"), day("2026-03-10"), CALENDAR) == "red"
    cancelled = Story("2026-03-02").then("to_oversight", "2026-03-20")
    assert colour(cancelled.clock("accept"), day("2026-03-20"), CALENDAR) == "green"


def test_a_stored_clock_without_its_kind_of_day_is_read_from_the_table() -> None:
    clock = ClockState(
        name="accept",
        report=None,
        started_on=day("2026-11-20"),
        due_on=day("2026-11-27"),
        state="running",
        ended_on=None,
        is_provisional=False,
    )
    assert colour(clock, day("2026-11-26"), CALENDAR) == "amber"


# --- what can be met -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "state", "expected"),
    [
        ("accept", "received", True),
        ("accept", "objecting", True),  # the sender may agree
        ("forward_up", "received", False),
        ("forward_up", "oversight", True),
        ("notice", "assessing", True),
        ("notice_law", "received", True),
        ("notice_law", "oversight", False),
        ("assess", "assessing", True),
        ("rhythm", "assessing", True),
        ("reply_message", "declined", True),
        ("reply_message", "archived", False),
        ("protection", "archived", True),
        ("answer", "assessing", True),
        ("deliver", "enforcing", True),
        ("deliver", "received", False),
        ("confirm_end", "archived", True),
        ("supplement", "supplementing", False),  # nobody of the office answers in the reporter's place
    ],
)
def test_a_clock_can_be_met_where_the_table_has_an_action_that_ends_it(
    name: str, state: str, expected: bool
) -> None:
    assert can_be_met(clock_row(name), state) == expected


@pytest.mark.parametrize("row", CLOCKS, ids=lambda row: row.name)
def test_the_office_can_meet_every_clock_but_the_wait_for_the_reporter(row: Clock) -> None:
    assert any(can_be_met(row, state) for state in STATES) == (row.name != "supplement")


# --- unpublished years and the table itself ------------------------------------------------------------------


def test_a_due_day_in_an_unpublished_year_is_provisional_until_the_list_is_entered() -> None:
    story = Story("2026-12-25", "complaint")
    assert story.clock("solve").is_provisional
    begun = Calendar({dt.date(2027, 1, 1): False})
    assert any(clock.is_provisional for clock in story.clocks(begun))
    whole = Calendar({dt.date(2027, 1, 1): False}, complete=frozenset({2027}))
    assert not any(clock.is_provisional for clock in story.clocks(whole))


@pytest.mark.parametrize("row", CLOCKS, ids=lambda row: row.name)
def test_a_clock_row_says_once_when_it_begins(row: Clock) -> None:
    begins = {"stage": row.stage and not row.starts, "enters": row.enters, "starts": row.starts}
    assert sum(map(bool, begins.values())) == 1
    assert row.stage or row.stops or row.restarts
    assert set(row.stage) <= set(STATES)
    assert row.lengths
    if row.pauses:
        assert any(not length.is_law for length in row.lengths)
