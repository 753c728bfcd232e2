"""The taxonomy: what citizens choose, what officers choose, and which reason fits which kind."""

import pytest

from whistle.rules.taxonomy import (
    CATEGORIES,
    CITIZEN_CHOICES,
    DECLINE_REASONS,
    KINDS,
    TABLES,
    Triage,
    decline_reasons_for,
    suggest_complexity,
)


def test_the_ten_categories_are_those_of_the_rulebook() -> None:
    assert [(row.code, row.term.zh, len(row.rows)) for row in CATEGORIES] == [
        ("inaction", "不作为", 8),
        ("delay", "慢作为", 5),
        ("abuse", "乱作为", 11),
        ("extraction", "吃拿卡要", 4),
        ("attitude", "作风粗暴", 3),
        ("formalism", "形式主义官僚主义", 3),
        ("eight_point", "违反中央八项规定精神", 3),
        ("corruption", "贪污贿赂", 4),
        ("retaliation", "打击报复", 1),
        ("other", "其他", 0),
    ]


def test_citizens_see_six_plain_choices_that_lead_to_categories() -> None:
    assert [row.term.zh for row in CITIZEN_CHOICES] == [
        "不给办", "办得慢", "乱收钱乱罚款", "要好处", "态度差", "其他",
    ]  # fmt: skip
    assert {row.category for row in CITIZEN_CHOICES} <= set(TABLES["categories"])


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("lead", ["court", "not_ours", "empty", "not_supervised", "test_or_spam"]),
        ("petition", ["court", "not_ours", "answered", "test_or_spam"]),
        ("complaint", ["not_ours", "test_or_spam"]),
        ("unresolved", ["not_ours", "test_or_spam"]),
        ("advice", ["not_ours", "test_or_spam"]),
    ],
)
def test_a_kind_can_be_declined_for_these_reasons(kind: str, codes: list[str]) -> None:
    assert [reason.code for reason in decline_reasons_for(kind)] == codes


def test_nobody_is_declined_for_repeating_a_lead_or_because_it_is_in_hand() -> None:
    for reason in decline_reasons_for("lead"):
        assert "重复" not in reason.term.zh
        assert "办理" not in reason.term.zh


def test_every_reason_says_where_to_turn() -> None:
    for reason in DECLINE_REASONS:
        assert reason.where_to_turn.zh.endswith("。")
        assert reason.where_to_turn.en.endswith(".")


def test_reasons_carry_their_conditions() -> None:
    assert [reason.code for reason in DECLINE_REASONS if reason.after_supplement] == ["empty"]
    assert [reason.code for reason in DECLINE_REASONS if not reason.needs_classification] == ["test_or_spam"]
    assert [reason.code for reason in DECLINE_REASONS if reason.redirect_first] == [
        "not_ours", "not_supervised",
    ]  # fmt: skip


def test_every_kind_is_explained_to_a_citizen() -> None:
    assert [kind.code for kind in KINDS] == ["lead", "complaint", "unresolved", "petition", "advice"]
    assert all(kind.explained for kind in KINDS)


def test_codes_are_unique_in_their_table() -> None:
    for table in TABLES.values():
        assert [row.code for row in table.values()] == list(table)


@pytest.mark.parametrize(
    ("facts", "complexity", "why"),
    [
        (Triage(category="delay"), "simple", "一个单位、股级以下、不涉及金额"),
        (Triage(category="attitude", is_above_section_head=True), "ordinary", "不属于简单或者复杂情形"),
        (Triage(category="delay", money_fen=1), "ordinary", "不属于简单或者复杂情形"),
        (Triage(category="abuse"), "ordinary", "不属于简单或者复杂情形"),
        (Triage(category="abuse", money_fen=3_000_000), "ordinary", "不属于简单或者复杂情形"),
        (Triage(category="abuse", money_fen=3_000_001), "complex", "涉及金额超过三万元"),
        (Triage(category="delay", unit_count=2), "complex", "涉及多个单位"),
        (Triage(category="delay", is_leading_cadre=True), "complex", "涉及领导干部"),
        (Triage(category="delay", is_repeated_within_year=True), "complex", "一年内重复反映"),
    ],
)
def test_triage_proposes_with_its_reason(facts: Triage, complexity: str, why: str) -> None:
    found, reason = suggest_complexity(facts)
    assert (found, reason.zh) == (complexity, why)
    assert found in TABLES["complexities"]
