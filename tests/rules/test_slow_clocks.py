"""The product's clocks equal a slow, obvious reckoning from the rulebook's words; `make clocks` runs it long."""

from collections import Counter

from tests.rules.case_story import CALENDAR, Story
from tests.rules.many_clocks import differences, history
from tests.rules.slow_clocks import LINES, slow_clocks
from whistle.rules.clock_rows import CLOCKS
from whistle.rules.clocks import CaseFacts, Event, clocks_of
from whistle.rules.workflow import ACTIONS

HISTORIES = [history(number) for number in range(250)]


def test_random_histories_have_the_clocks_of_the_slow_reckoning() -> None:
    for number, (events, facts) in enumerate(HISTORIES):
        alone, slow_alone = differences(events, facts)
        assert not alone + slow_alone, f"python -m tests.rules.many_clocks --show {number}"


def test_the_histories_tell_of_every_action_and_of_most_clocks_in_every_state() -> None:
    told = {event.action for events, _ in HISTORIES for event in events}
    assert len(set(ACTIONS) - told) < 10
    states = Counter(
        (clock.name, clock.state)
        for events, facts in HISTORIES
        for clock in clocks_of(events, facts, CALENDAR)
    )
    assert len({row.name for row in CLOCKS} - {name for name, _ in states}) <= 2
    assert {state for _, state in states} == {"running", "paused", "met", "cancelled"}


def test_the_slow_reckoning_has_the_rulebooks_clocks_in_its_order() -> None:
    assert sorted(line.name for line in LINES) == sorted(row.name for row in CLOCKS)


def test_the_slow_reckoning_knows_the_rulebooks_examples_too() -> None:
    story = Story("2026-09-16", "petition").then("request_supplement", "2026-09-18")
    story.then("supplement", "2026-09-21", by="reporter", report="R")
    due = {clock.name: clock.due_on.isoformat() for clock in _slow(story.events, "petition")}
    assert due["notice_law"] == "2026-10-08"
    assert (
        due["accept"] == "2026-09-24"
    )  # five working days and two, the Sunday before mid-autumn being worked


def _slow(events: list[Event], kind: str) -> list:
    return slow_clocks(events, CaseFacts(kind=kind), CALENDAR)
