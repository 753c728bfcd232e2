"""Escalation: which levels a day brings, and who is asked instead of whom."""

import datetime as dt

import pytest

from whistle.rules.clock_rows import CLOCKS
from whistle.rules.escalation import LEVELS, NOT_TOLD, levels_due, order_of_asking

AMBER, DUE = dt.date(2026, 9, 28), dt.date(2026, 9, 30)


@pytest.mark.parametrize(
    ("day", "levels"),
    [
        (27, []),
        (28, ["before"]),
        (29, ["before"]),
        (30, ["before", "due"]),
        (31, ["before", "due", "after"]),
    ],
)
def test_the_officer_before_the_deputy_on_and_the_head_after_the_due_day(day: int, levels: list[str]) -> None:
    today = dt.date(2026, 9, 1) + dt.timedelta(day - 1)
    assert [level.name for level in levels_due(AMBER, DUE, today)] == levels


def test_where_nobody_of_a_step_is_there_it_goes_up_and_only_then_back_down() -> None:
    assert [order_of_asking(level) for level in LEVELS] == [
        ("answers", "deputy", "head"),
        ("deputy", "head", "answers"),
        ("head", "deputy", "answers"),
    ]


def test_what_is_told_to_nobody_is_a_clock_and_has_a_reason() -> None:
    assert NOT_TOLD.keys() <= {row.name for row in CLOCKS}
    assert all(len(reason) > 10 for reason in NOT_TOLD.values())
