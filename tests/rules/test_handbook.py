"""The rules in words: nothing of the tables is left out, and what is said is said in both languages."""

import re

import pytest

from whistle.rules import handbook
from whistle.rules.clock_rows import CLOCKS, Cause, Length
from whistle.rules.conditions import EFFECTS, GUARDS
from whistle.rules.handbook import periods, stages, words
from whistle.rules.measures import MEASURES
from whistle.rules.taxonomy import CATEGORIES, DECLINE_REASONS
from whistle.rules.terms import SOURCES, Row, Term
from whistle.rules.workflow import ACTIONS, STATES

TEXT = handbook.text()
EVERY_ROW: list[Row] = [
    *STATES.values(),
    *ACTIONS.values(),
    *CLOCKS,
    *MEASURES,
    *CATEGORIES,
    *DECLINE_REASONS,
]


def test_every_row_is_there_in_both_languages() -> None:
    missing = [row.name for row in EVERY_ROW if row.term.zh not in TEXT or row.term.en not in TEXT]
    assert missing == []


def test_every_condition_consequence_and_text_is_there() -> None:
    terms = [*GUARDS.values(), *EFFECTS.values(), *(law.term for law in SOURCES.values())]
    assert [term for term in terms if words.both(term) not in TEXT] == []


def test_every_action_says_from_to_by_and_why() -> None:
    for row in ACTIONS.values():
        (chapter,) = re.findall(rf"#### [^\n]*`{re.escape(row.name)}`\n(.*?)(?=\n##)", TEXT, re.DOTALL)
        for word in ("从 from", "到 to", "谁 by", "批准 leave", "依据 source"):
            assert f"**{word}**" in chapter, row.name


def test_tables_have_as_many_cells_in_every_row_as_in_their_head() -> None:
    head = 0
    for line in TEXT.splitlines():
        cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
        head = (head or cells) if cells else 0
        assert cells == head, line


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Length(1, "W"), Term("1个工作日", "1 working day")),
        (Length(15, "N"), Term("15日", "15 days")),
        (Length(6, "M"), Term("6个月", "6 months")),
    ],
)
def test_a_length_is_said_in_words(value: Length, said: Term) -> None:
    assert words.length(value) == said


def test_what_starts_a_clock_is_said_with_its_side_and_condition() -> None:
    assert words.cause(Cause("write", "reporter")).zh == "往来（举报人）"
    assert words.cause(Cause("feed_back", "", "stage=final")) == Term("反馈（最终）", "give feedback (final)")


def test_every_step_that_moves_a_case_is_drawn_or_said() -> None:
    drawn = "\n".join(stages.diagrams())
    moving = [row for row in ACTIONS.values() if row.thing == "case" and row.to is not None]
    assert [row.name for row in moving if row.term.zh not in drawn] == []
    assert drawn.count("```mermaid") == 2
    for name in STATES:
        assert f" as {name}" in drawn


def test_what_is_the_offices_own_is_listed_and_what_is_law_is_not() -> None:
    own = "\n".join(periods.own_lengths())
    assert "受理决定" in own
    assert "求决办结" not in own
    assert "15个工作日（实名举报" not in own
