"""The clocks of a case that is worked on: assessing, inquiry, verification, hold, filing, the other kinds' ends."""

import datetime as dt

import pytest

from tests.rules.case_story import CALENDAR, Story, day
from whistle.rules.clocks import colour


def accepted(kind: str = "lead", complexity: str = "ordinary", **facts: object) -> Story:
    """Received on Monday 2 March 2026, accepted the day after."""
    story = Story("2026-03-02", kind, **facts)
    return story.then("classify", "2026-03-02", kind=kind, complexity=complexity).then("accept", "2026-03-03")


def filed() -> Story:
    """Verified from 10 March on, filed on 1 April."""
    return accepted().then("start_verification", "2026-03-10").then("file_case", "2026-04-01")


# --- assessing, referral, inquiry ---------------------------------------------------------------------------


def test_a_lead_is_disposed_of_within_a_month_and_going_on_meets_that() -> None:
    story = accepted()
    assert story.due("assess") == "2026-04-03"
    assert story.then("start_verification", "2026-04-02").clock("assess").state == "met"


@pytest.mark.parametrize("kind", ["complaint", "unresolved", "petition", "advice"])
def test_only_a_lead_is_assessed_by_the_clock(kind: str) -> None:
    assert accepted(kind).named("assess") == []


def test_holding_is_no_disposal() -> None:
    story = accepted().then("hold", "2026-03-20", review_on="2026-06-01")
    assert story.clock("assess").state == "cancelled"
    story.then("resume_held", "2026-05-06")
    assert story.named("assess")[-1].due_on == day("2026-06-08")  # the 6th is a Saturday


@pytest.mark.parametrize(
    ("entered", "due"),
    [
        ("2026-05-11", "2026-05-11"),
        ("2026-05-10", "2026-05-10"),  # a Sunday: what was entered stands
        ("2026-09-01", "2026-06-10"),  # three months at most
        (None, "2026-06-10"),
    ],
)
def test_a_referral_is_due_when_it_was_asked_for_and_within_three_months(
    entered: str | None, due: str
) -> None:
    facts = {"due": entered} if entered else {}
    assert accepted().then("refer", "2026-03-10", **facts).due("referral") == due


def test_a_result_meets_the_referral_and_calling_it_back_does_not() -> None:
    for action, state in (("receive_referral", "met"), ("recall_referral", "cancelled")):
        story = accepted().then("refer", "2026-03-10", due="2026-05-11").then(action, "2026-05-06")
        assert story.clock("referral").state == state
        assert story.named("assess")[-1].due_on == day("2026-06-08")


def test_an_inquiry_is_answered_in_fifteen_working_days_and_reported_on_in_a_month() -> None:
    story = accepted().then("start_inquiry", "2026-03-10")
    assert story.running() == {"rhythm"}
    story.then("deliver_letter", "2026-03-12")
    assert story.due("inquiry_reply") == "2026-04-02"
    story.then("inquiry_reply", "2026-03-30")
    assert story.clock("inquiry_reply").state == "met"
    assert story.due("inquiry_report") == "2026-04-30"
    assert story.then("conclude_unfounded", "2026-04-20").clock("inquiry_report").state == "met"


def test_leaving_an_inquiry_without_an_answer_ends_the_wait_for_one() -> None:
    story = accepted().then("start_inquiry", "2026-03-10").then("deliver_letter", "2026-03-12")
    assert story.then("start_verification", "2026-03-20").clock("inquiry_reply").state == "cancelled"


# --- verification and hold ----------------------------------------------------------------------------------


def test_verification_takes_two_months_and_a_simple_one_fifteen_working_days() -> None:
    assert accepted().then("start_verification", "2026-03-10").due("verify") == "2026-05-11"
    simple = accepted(complexity="simple").then("start_verification", "2026-03-10")
    assert simple.due("verify") == "2026-03-31"
    assert simple.clock("verify").unit == "W"


def test_a_verification_is_extended_by_a_month_from_the_day_before_it_was_moved() -> None:
    story = accepted().then("start_verification", "2026-03-10")
    assert story.due("verify") == "2026-05-11"  # the 10th is a Sunday
    assert story.then("extend", "2026-05-07", clock="verify", count=1).due("verify") == "2026-06-10"


def test_a_simple_verification_is_extended_in_months_too() -> None:
    story = accepted(complexity="simple").then("start_verification", "2026-03-10")
    assert story.then("extend", "2026-03-30", clock="verify", count=1).due("verify") == "2026-04-30"


def test_what_turns_out_to_be_simple_is_counted_so_from_the_start() -> None:
    story = accepted().then("start_verification", "2026-03-10")
    story.then("reclassify", "2026-03-12", kind="lead", complexity="simple")
    assert story.due("verify") == "2026-03-31"
    assert story.clock("verify").state == "running"


@pytest.mark.parametrize(
    ("entered", "due"),
    [
        ("2026-06-15", "2026-06-15"),
        ("2026-09-20", "2026-09-20"),  # the very last day, a Sunday that is worked
        ("2027-01-01", "2026-09-20"),
        (None, "2026-09-20"),
    ],
)
def test_what_is_held_is_looked_at_again_when_it_was_said_and_within_six_months(
    entered: str | None, due: str
) -> None:
    facts = {"review_on": entered} if entered else {}
    assert accepted().then("hold", "2026-03-20", **facts).due("hold_review") == due


def test_holding_again_begins_it_anew() -> None:
    story = accepted().then("hold", "2026-03-20", review_on="2026-06-15")
    story.then("hold_again", "2026-06-12", review_on="2026-12-20")
    first, second = story.named("hold_review")
    assert (first.state, first.ended_on) == ("met", day("2026-06-12"))
    assert (second.state, second.due_on) == ("running", day("2026-12-14"))  # 12 December is a Saturday


# --- filed cases --------------------------------------------------------------------------------------------


def test_an_investigation_takes_a_year_and_warns_after_six_months() -> None:
    clock = filed().clock("investigate")
    assert clock.due_on == day("2027-04-01")
    assert colour(clock, day("2026-10-07"), CALENDAR) == "green"  # six months end in the National Day holiday
    assert colour(clock, day("2026-10-08"), CALENDAR) == "amber"
    assert colour(clock, day("2027-04-02"), CALENDAR) == "red"


def test_the_superior_extends_an_investigation_by_six_months_at_most() -> None:
    assert (
        filed().then("extend", "2027-03-01", clock="investigate", count=6).due("investigate") == "2027-10-04"
    )
    assert (
        filed().then("extend", "2027-03-01", clock="investigate", count=9).due("investigate") == "2027-10-04"
    )


def test_an_investigation_goes_on_while_the_case_is_reviewed_and_comes_back() -> None:
    story = filed().then("to_review", "2026-06-01").then("return_investigation", "2026-06-10")
    story.then("to_review", "2026-07-01").then("to_decision", "2026-07-20")
    assert story.clock("investigate").state == "running"


@pytest.mark.parametrize("action", ["decide", "transfer_justice", "hand_to_competent", "withdraw_case"])
def test_whatever_ends_an_investigation_meets_it(action: str) -> None:
    story = (
        filed().then("to_review", "2026-06-01").then("to_decision", "2026-06-20").then(action, "2026-07-01")
    )
    assert story.clock("investigate").state == "met"
    assert story.clock("decide").state == "met"


@pytest.mark.parametrize("to", ["verifying", "assessing"])
def test_a_filed_case_sent_back_before_its_filing_is_investigated_no_more(to: str) -> None:
    story = filed().then("to_review", "2026-06-01").then("to_decision", "2026-06-20")
    assert story.then("send_back", "2026-06-25", to=to).clock("investigate").state == "cancelled"


def test_a_review_that_returns_the_case_is_cancelled_and_begins_anew() -> None:
    story = filed().then("to_review", "2026-06-01")
    assert story.due("review") == "2026-07-01"
    story.then("return_investigation", "2026-06-10").then("to_review", "2026-06-30")
    first, second = story.named("review")
    assert first.state == "cancelled"
    assert second.due_on == day("2026-07-30")
    assert story.then("extend", "2026-07-28", clock="review", count=1).named("review")[-1].due_on == day(
        "2026-08-31"
    )
    assert story.then("to_decision", "2026-08-20").named("review")[-1].state == "met"


def test_a_decision_takes_fifteen_working_days_and_sending_back_is_none() -> None:
    story = accepted().then("start_verification", "2026-03-10").then("propose_disposal", "2026-04-20")
    assert story.due("decide") == "2026-05-13"  # Labour Day lies between; Saturday 9 May is worked
    assert story.then("extend", "2026-05-12", clock="decide", count=15).due("decide") == "2026-06-03"
    assert story.then("send_back", "2026-05-20", to="verifying").clock("decide").state == "cancelled"


# --- the other kinds ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["resolve", "conclude_unfounded", "decide"])
def test_a_complaint_is_settled_by_whatever_ends_it(action: str) -> None:
    story = accepted("complaint")
    if action == "decide":
        story.then("propose_disposal", "2026-03-19")
    assert story.then(action, "2026-03-20").clock("solve").state == "met"


def test_a_disposal_that_is_proposed_and_sent_back_settles_no_complaint() -> None:
    story = accepted("complaint").then("propose_disposal", "2026-03-20")
    assert story.clock("solve").state == "running"
    story.then("send_back", "2026-03-25", to="assessing")
    (solve,) = story.named("solve")
    assert (solve.state, solve.due_on) == ("running", day("2026-04-01"))


def test_a_request_for_protection_runs_until_an_officer_brought_it_to_its_decision() -> None:
    story = accepted().then("request_protection", "2026-03-20", by="reporter", report="R")
    assert story.due("protection") == "2026-03-23"
    story.then("write", "2026-03-20").then("redirect", "2026-03-21")
    assert story.clock("protection").state == "running"
    story.then("request_protection", "2026-03-23")
    assert story.clock("protection").state == "met"


@pytest.mark.parametrize(
    ("kind", "name", "count", "due"),
    [
        ("complaint", "solve", 30, "2026-05-06"),  # 1 April and thirty days, a holiday till the 5th
        (
            "petition",
            "petition",
            30,
            "2026-06-01",
        ),  # 2 May, where it was before the holiday moved it, and thirty days
        ("unresolved", "solve_unresolved", 5, "2026-03-16"),
    ],
)
def test_the_end_of_the_other_kinds_may_be_put_off_once(kind: str, name: str, count: int, due: str) -> None:
    assert accepted(kind).then("extend", "2026-03-06", clock=name, count=count).due(name) == due
    assert accepted(kind).then("extend", "2026-03-06", clock=name, count=count + 9).due(name) == due


def test_an_extension_of_one_clock_moves_no_other() -> None:
    before = accepted("complaint").clocks()
    story = accepted("complaint").then("extend", "2026-03-06", clock="petition", count=30)
    assert story.clocks() == before


@pytest.mark.parametrize(
    ("kind", "name", "due"),
    [
        ("complaint", "solve", "2026-07-01"),
        ("unresolved", "solve_unresolved", "2026-06-08"),
        ("petition", "petition", "2026-07-31"),
        ("advice", "advice_reply", "2026-06-23"),
    ],
)
def test_a_matter_that_is_reopened_owes_its_end_anew(kind: str, name: str, due: str) -> None:
    story = accepted(kind).then("resolve", "2026-03-20").then("reopen", "2026-06-01")
    first, second = story.named(name)
    assert first.state == "met"
    assert (second.state, second.due_on.isoformat()) == ("running", due)


def test_a_declined_matter_that_is_reopened_owes_what_acceptance_would_have_begun() -> None:
    story = Story("2026-03-02", "petition").then("classify", "2026-03-02").then("decline", "2026-03-05")
    assert story.then("reopen", "2026-04-01").running() == {"petition", "rhythm"}
    assert story.due("petition") == "2026-06-01"


def test_what_was_done_after_the_end_is_not_owed_again() -> None:
    story = Story("2026-03-02").then("write", "2026-03-03", by="reporter", report="R")
    story.then("decline", "2026-03-04").then("write", "2026-03-05", report="R").then("classify", "2026-03-06")
    assert story.then("reopen", "2026-03-09").running() == {"assess", "rhythm"}


def test_an_ended_wait_is_not_judged_again_by_a_limit_that_was_put_off_later() -> None:
    story = accepted("petition").then("request_supplement", "2026-04-20")
    assert story.due("supplement") == "2026-04-30"  # the working day before 6 May
    story.then("supplement", "2026-04-27", by="reporter", report="R")
    story.then("extend", "2026-04-28", clock="petition", count=30)
    assert story.due("supplement") == "2026-04-30"


# --- what comes from above ----------------------------------------------------------------------------------


@pytest.mark.parametrize("facts", [{"origin": "superior"}, {"from_superior": True}])
def test_what_is_handed_down_is_accepted_or_objected_to_in_five_working_days(
    facts: dict[str, object],
) -> None:
    assert Story("2026-03-02", "petition", **facts).due("handed_down") == "2026-03-09"
    assert Story("2026-03-02", "petition").named("handed_down") == []


@pytest.mark.parametrize("action", ["accept", "object_transfer", "redirect", "merge"])
def test_each_answer_to_what_is_handed_down_meets_its_clock(action: str) -> None:
    story = Story("2026-03-02", "complaint", origin="superior").then("classify", "2026-03-02")
    assert story.then(action, "2026-03-06").clock("handed_down").state == "met"


def test_an_objection_refused_goes_on_with_the_same_decision_on_acceptance() -> None:
    story = Story("2026-03-02", "petition", origin="superior").then("classify", "2026-03-02")
    story.then("object_transfer", "2026-03-04").then("objection_refused", "2026-03-06")
    assert story.clock("accept").state == "running"
    assert story.due("accept") == "2026-03-09"


def test_an_objection_agreed_ends_the_decision_and_what_the_law_asks_here() -> None:
    story = Story("2026-03-02", "petition", origin="superior").then("classify", "2026-03-02")
    story.then("object_transfer", "2026-03-04").then("objection_agreed", "2026-03-06")
    assert story.clock("accept").state == "met"
    assert story.running() == set()


def test_a_merge_counts_as_acceptance() -> None:
    story = Story("2026-03-02", "complaint").then("classify", "2026-03-02").then("merge", "2026-03-04")
    for name in ("accept", "notice_law", "redirect"):
        assert story.clock(name).state == "met"
    assert story.clock("solve").state == "cancelled"
    story.then("unmerge", "2026-03-16")
    assert story.named("solve")[-1].started_on == day("2026-03-02")
    assert story.running() == {"accept", "solve"}


def test_no_pause_carries_acceptance_past_what_was_handed_down() -> None:
    story = Story("2026-03-02", "advice", origin="superior").then("request_supplement", "2026-03-04")
    assert story.due("supplement") == "2026-03-06"
    story.then("supplement", "2026-03-11", by="reporter", report="R")
    assert story.due("accept") == "2026-03-09"


# --- the sealed way -----------------------------------------------------------------------------------------


def test_a_case_at_work_that_goes_to_oversight_cancels_its_stage_and_keeps_what_the_law_counts() -> None:
    story = accepted("petition").then("start_verification", "2026-03-10").then("to_oversight", "2026-03-12")
    assert story.clock("verify").state == "cancelled"
    assert story.running() == {"petition", "rhythm", "forward_up"}
    story.then("release_oversight", "2026-03-13")
    assert story.running() == {"petition", "rhythm", "accept"}


def test_forwarding_ends_even_what_goes_on_after_a_case() -> None:
    story = accepted().then("talk.schedule", "2026-03-04", thing="T")
    story.then("promise.make", "2026-03-05", thing="P", due="2026-06-01")
    story.then("to_oversight", "2026-03-09")
    assert "promise" in story.running()
    assert story.then("forward_up", "2026-03-10").running() == set()


# --- retaliation --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "due"),
    [
        ("register", "2026-03-03"),  # one stays one
        ("accept", "2026-03-05"),  # five become three
        ("redirect", "2026-03-05"),
    ],
)
def test_the_offices_own_lengths_are_halved_and_rounded_up_where_retaliation_is_reported(
    name: str, due: str
) -> None:
    assert Story("2026-03-02", origin="office", retaliation=True).due(name) == due


def test_the_laws_lengths_are_not_halved_and_every_own_one_is() -> None:
    facts = {"origin": "office", "retaliation": True}
    story = accepted(**facts)
    assert story.due("assess") == "2026-04-03"
    story.then("start_verification", "2026-03-10")
    assert story.due("verify") == "2026-04-10"  # two months become one
    story.then("file_case", "2026-04-01").then("to_review", "2026-06-01")
    assert story.due("investigate") == "2027-04-01"
    story.then("to_decision", "2026-06-20").then("decide", "2026-07-01", things={"M": "admin_warning"})
    assert story.clock("decide").due_on == dt.date(2026, 7, 1)  # fifteen become eight
    assert story.of("deliver", "M").due_on == day("2026-07-13")
    assert story.due("review") == "2026-07-01"
    simple = accepted(complexity="simple", **facts).then("start_verification", "2026-03-10")
    assert simple.due("verify") == "2026-03-20"
