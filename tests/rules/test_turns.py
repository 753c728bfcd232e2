"""Whose turn it is with a clock: of whoever can meet it."""

import pytest

from whistle.rules import turns
from whistle.rules.clock_rows import clock_row


@pytest.mark.parametrize(
    ("usual", "clock", "turn"),
    [
        ("reviewer", "review", "reviewer"),
        ("reviewer", "investigate", "reviewer"),
        ("reviewer", "reply_message", "officer"),
        ("reviewer", "rhythm", "officer"),
        ("leader", "decide", "leader"),
        ("leader", "investigate", "leader"),
        ("leader", "pressed", "officer"),
        ("desk", "reply_message", "desk"),
        ("officer", "assess", "officer"),
    ],
)
def test_it_is_the_turn_of_who_can_meet_the_clock(usual: str, clock: str, turn: str) -> None:
    assert turns.turn_of(usual, clock_row(clock)) == turn


def test_without_a_clock_it_is_whose_turn_the_stage_says() -> None:
    assert turns.turn_of("reviewer", None) == "reviewer"


def test_every_stage_that_waits_for_a_reviewer_has_a_clock_that_is_theirs() -> None:
    assert "review" not in turns.NOT_A_REVIEWERS
    assert "reply_message" in turns.NOT_A_REVIEWERS
