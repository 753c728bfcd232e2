"""The clocks of measures, items, promises and what is pressed, and those that go on when the case has ended."""

import datetime as dt

import pytest

from tests.rules.case_story import Story, day
from whistle.rules.measures import MEASURES
from whistle.rules.workdays import Calendar


def decided(on: str = "2026-07-01", *, confirm_by: dict[str, str] | None = None, **things: str) -> Story:
    """A lead with a decision on measures: the code of each by its id."""
    story = Story("2026-03-02").then("classify", "2026-03-02").then("accept", "2026-03-03")
    story.then("start_verification", "2026-03-10").then("propose_disposal", "2026-04-20")
    return story.then("decide", on, things=things, **({"confirm_by": confirm_by} if confirm_by else {}))


def concluded() -> Story:
    """A lead with nothing to carry out, concluded on 6 July."""
    return decided().then("enforce_done", "2026-07-06", to="concluded")


def archived(**things: str) -> Story:
    """The same with measures delivered, concluded, closed and archived."""
    story = decided(**things)
    for thing, code in things.items():
        story.then("measure.deliver", "2026-07-02", thing=thing, code=code)
    story.then("enforce_done", "2026-07-06", to="concluded").then("feed_back", "2026-07-07", stage="final")
    return story.then("close", "2026-07-08", with_measures=bool(things)).then("archive", "2026-07-10")


# --- delivery -----------------------------------------------------------------------------------------------


def test_each_measure_is_delivered_in_fifteen_working_days() -> None:
    story = decided(A="admonish", B="criticise_unit").then(
        "measure.deliver", "2026-07-03", thing="A", code="admonish"
    )
    assert story.of("deliver", "A").state == "met"
    assert (story.of("deliver", "B").state, story.of("deliver", "B").due_on) == ("running", day("2026-07-22"))


def test_a_measure_is_delivered_within_a_month_however_many_days_are_off() -> None:
    off = {dt.date(2026, 7, 6) + dt.timedelta(n): False for n in range(20)}
    (clock,) = [clock for clock in decided(A="summon").clocks(Calendar(off)) if clock.name == "deliver"]
    assert clock.due_on == day("2026-08-03")  # 1 August is a Saturday


def test_a_decision_without_measures_has_nothing_to_deliver() -> None:
    assert decided().named("deliver") == []


# --- what a measure asks for afterwards ---------------------------------------------------------------------


def test_a_self_criticism_is_handed_in_in_fifteen_working_days_and_may_be_put_off() -> None:
    story = decided(A="self_criticism").then(
        "measure.deliver", "2026-07-02", thing="A", code="self_criticism"
    )
    assert story.due("statement") == "2026-07-23"
    assert (
        story.then("extend", "2026-07-22", clock="statement", count=5, of="A").due("statement")
        == "2026-07-30"
    )
    assert (
        story.then("extend", "2026-07-22", clock="statement", count=5, of="B").due("statement")
        == "2026-07-30"
    )
    story.then("measure.statement_received", "2026-07-28", thing="A")
    assert story.clock("statement").state == "met"


def test_a_statement_is_asked_for_no_more_when_the_case_is_closed() -> None:
    assert archived(A="unit_check").clock("statement").state == "cancelled"


@pytest.mark.parametrize("code", [row.name for row in MEASURES])
def test_only_a_downgrade_or_heavier_changes_the_pay_only_a_self_criticism_asks_for_words(code: str) -> None:
    story = decided(A=code).then("measure.deliver", "2026-07-02", thing="A", code=code)
    started = {clock.name for clock in story.clocks() if clock.report == "A"} - {"deliver"}
    asked = {
        "pay_change": ("admin_downgrade", "admin_removal", "admin_expulsion"),
        "statement": ("self_criticism", "unit_check"),
        "admonish_follow": ("admonish",),
        "confirm_end": (
            "admin_warning", "admin_demerit", "admin_major_demerit", "admin_downgrade", "admin_removal",
        ),
    }  # fmt: skip
    assert started == {name for name, codes in asked.items() if code in codes}


def test_pay_is_changed_within_a_month_of_the_decision_and_six_in_all() -> None:
    story = decided(A="admin_downgrade")
    assert story.due("pay_change") == "2026-08-03"  # 1 August is a Saturday
    assert (
        story.then("extend", "2026-07-30", clock="pay_change", count=5, of="A").due("pay_change")
        == "2027-01-04"
    )
    assert story.then("measure.pay_changed", "2026-12-01", thing="A").clock("pay_change").state == "met"


def test_an_admonishment_is_followed_up_six_months_after_its_delivery() -> None:
    story = archived(A="admonish")
    assert story.running() == {"admonish_follow", "look_back"}
    assert story.due("admonish_follow") == "2027-01-04"  # the 2nd is a Saturday
    assert story.then("measure.follow_up", "2027-01-04", thing="A").clock("admonish_follow").state == "met"


def test_the_end_of_a_sanction_is_looked_at_on_the_day_the_decision_names_for_each() -> None:
    due = {"A": "2026-12-01", "B": "2027-06-01"}
    story = decided(confirm_by=due, A="admin_warning", B="admin_demerit")
    assert {clock.report: clock.due_on.isoformat() for clock in story.named("confirm_end")} == due
    story.then("measure.confirm_end", "2026-11-30", to="delivered", thing="A")
    assert [clock.state for clock in story.named("confirm_end")] == ["running", "running"]
    story.then("measure.confirm_end", "2026-12-01", to="ended", thing="A", has_ended=True)
    assert [clock.state for clock in story.named("confirm_end")] == ["met", "running"]


def test_what_outlives_a_case_goes_on_in_its_archive_and_when_it_is_reopened() -> None:
    story = archived(A="admin_downgrade", B="admonish")
    outliving = {"pay_change", "confirm_end", "admonish_follow"}
    assert story.running() == {*outliving, "look_back"}
    assert story.then("reopen", "2026-09-01").running() == {*outliving, "assess", "rhythm"}
    assert story.then("to_oversight", "2026-09-02").then("forward_up", "2026-09-03").running() == set()


def test_a_limit_of_law_on_a_measure_bounds_no_pause_of_the_case() -> None:
    story = decided(A="admin_downgrade").then(
        "measure.deliver", "2026-07-02", thing="A", code="admin_downgrade"
    )
    story.then("enforce_done", "2026-07-06", to="concluded").then("reopen", "2026-07-20")
    story.then("redirect", "2026-07-21").then("returned", "2026-07-27")
    assert story.due("pay_change") == "2026-08-03"
    story.then("request_supplement", "2026-07-28").then("supplement", "2026-07-31", by="reporter", report="R")
    assert story.named("accept")[-1].due_on == day("2026-08-06")


# --- items, promises, what is pressed -----------------------------------------------------------------------


def test_an_item_is_put_right_in_thirty_days_or_by_the_day_set() -> None:
    story = decided().then("item.make", "2026-07-02", thing="A")
    story.then("item.make", "2026-07-02", thing="B", due="2026-07-18")
    assert story.of("rectify_item", "A").due_on == day("2026-08-03")  # 1 August is a Saturday
    assert story.of("rectify_item", "B").due_on == day("2026-07-18")  # so is 18 July, but it was set


def test_an_item_postponed_is_due_on_its_new_day_and_no_other_item_is() -> None:
    story = decided().then("item.make", "2026-07-02", thing="A", due="2026-07-20")
    story.then("item.make", "2026-07-02", thing="B", due="2026-07-20")
    story.then("item.postpone", "2026-07-10", thing="A", due="2026-08-14")
    assert story.of("rectify_item", "A").due_on == day("2026-08-14")
    assert story.of("rectify_item", "B").due_on == day("2026-07-20")


def test_an_item_is_done_when_it_is_struck_off_and_not_before() -> None:
    story = decided().then("item.make", "2026-07-02", thing="A")
    story.then("item.submit", "2026-07-10", thing="A").then("item.return", "2026-07-13", thing="A")
    story.then("item.submit", "2026-07-15", thing="A")
    assert story.clock("rectify_item").state == "running"
    assert story.then("item.strike_off", "2026-07-16", thing="A").clock("rectify_item").state == "met"


def test_a_promise_is_due_when_it_was_promised_even_after_the_case() -> None:
    story = decided().then("promise.make", "2026-07-02", thing="P", due="2026-10-10")
    story.then("enforce_done", "2026-07-06", to="concluded").then("close", "2026-08-10")
    assert (story.clock("promise").state, story.due("promise")) == ("running", "2026-10-10")
    assert (
        story.then("archive", "2026-08-12")
        .then("promise.keep", "2026-10-09", thing="P")
        .clock("promise")
        .state
        == "met"
    )


def test_what_is_pressed_is_due_as_set_and_an_answer_may_be_to_one_or_to_all() -> None:
    story = decided().then("press", "2026-07-02", thing="1", due="2026-07-08")
    story.then("press", "2026-07-03", thing="2", due="2026-07-10").then(
        "press", "2026-07-03", thing="3", due="2026-07-31"
    )
    assert [clock.due_on.day for clock in story.named("pressed")] == [8, 10, 31]
    story.then("press_answered", "2026-07-07", thing="1")
    assert [clock.state for clock in story.named("pressed")] == ["met", "running", "running"]
    assert {clock.state for clock in story.then("press_answered", "2026-07-08").named("pressed")} == {"met"}


def test_what_is_pressed_ends_with_the_case() -> None:
    pressed = decided().then("press", "2026-07-02", thing="1", due="2026-07-08")
    pressed.then("enforce_done", "2026-07-06", to="concluded")
    assert pressed.clock("pressed").state == "running"
    assert pressed.then("close", "2026-07-07").clock("pressed").state == "cancelled"


# --- after the conclusion -----------------------------------------------------------------------------------


def test_a_closed_case_is_archived_in_three_months_and_looked_back_on_where_there_was_something_to_keep() -> (
    None
):
    story = concluded().then("close", "2026-07-08", with_measures=True)
    assert story.running() == {"archive", "look_back"}
    assert (story.due("archive"), story.due("look_back")) == ("2026-10-08", "2026-10-08")
    assert story.then("look_back", "2026-09-01").clock("look_back").state == "met"
    assert story.then("archive", "2026-09-02").clock("archive").state == "met"
    assert concluded().then("close", "2026-07-08").running() == {"archive"}


def test_reopening_a_closed_case_leaves_nothing_to_archive_until_it_is_closed_again() -> None:
    story = concluded().then("close", "2026-07-08", with_measures=True).then("reopen", "2026-08-03")
    assert story.clock("archive").state == "cancelled"
    assert story.clock("look_back").state == "cancelled"
    story.then("conclude_unfounded", "2026-08-10").then("close", "2026-08-12")
    assert story.named("archive")[-1].due_on == day("2026-11-12")
