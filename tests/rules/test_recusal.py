"""Who decides on whose recusal, and what the number of the superior's paper looks like (ZWCF 47-48, JCF 67)."""

import pytest

from whistle.rules.recusal import DECIDED_BY, PAPER_NUMBER, RECUSAL_STATES, STANDING, WAYS, decided_by
from whistle.rules.taxonomy import TABLES
from whistle.rules.terms import cited


@pytest.mark.parametrize(
    ("role", "is_flagged", "by", "by_superior"),
    [
        ("intake", False, "head", False),
        ("officer", False, "head", False),
        ("reviewer", False, "head", False),
        ("deputy", False, "head", False),
        ("head", False, "deputy", True),
        ("oversight", True, "oversight", False),
        ("officer", True, "oversight", False),
        ("head", True, "oversight", False),
    ],
)
def test_staff_are_decided_on_by_the_head_and_the_head_by_the_superior(
    role: str, is_flagged: bool, by: str, by_superior: bool
) -> None:
    row = decided_by(role, is_flagged=is_flagged)
    assert (row.role, row.by_superior) == (by, by_superior)


def test_the_grounds_are_the_laws_four_items() -> None:
    assert [row.name for row in TABLES["recusal_grounds"].values()] == [
        "relative",
        "witness",
        "interest",
        "other",
    ]
    assert {cited(row.source) for row in TABLES["recusal_grounds"].values()} == {
        "ZWCF 47; JCF 67; XF 28",
        "ZWCF 47; JCF 67",
    }


def test_what_the_head_and_the_superior_decide_rests_on_the_law() -> None:
    assert [cited(row.source) for row in DECIDED_BY] == ["ZWCF 48", "ZWCF 48", "OWN"]


def test_every_way_and_every_state_has_its_term() -> None:
    assert set(STANDING) <= set(RECUSAL_STATES)
    for term in (*WAYS.values(), *RECUSAL_STATES.values()):
        assert term.zh
        assert term.en


@pytest.mark.parametrize("number", ["清纪〔2026〕3号", "上纪函[2026]12号", "QJ(2026)3", "第3号", "2026-003"])
def test_a_papers_number_is_taken(number: str) -> None:
    assert PAPER_NUMBER.fullmatch(number)


@pytest.mark.parametrize(
    "words",
    ["", "3", "口头决定", "因为他是被反映人的表弟，所以回避3", "清纪 2026 3号", "长" * 41, "a\n1", "号" * 40],
)
def test_a_sentence_is_no_papers_number(words: str) -> None:
    assert not PAPER_NUMBER.fullmatch(words)
