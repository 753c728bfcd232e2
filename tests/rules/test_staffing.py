"""Least staffing is what the rulebook says."""

from whistle.rules.permits import ROLES
from whistle.rules.staffing import STAFFING


def test_the_least_staffing_of_the_rulebook() -> None:
    least = {row.role: row.least for row in STAFFING}
    two = dict.fromkeys(("intake", "officer", "reviewer", "admin", "oversight"), 2)
    assert least == {"deputy": 1, "head": 1, **two}


def test_every_row_names_a_role_and_says_in_both_languages_what_is_not_possible() -> None:
    for row in STAFFING:
        assert row.role in ROLES
        assert row.without.zh
        assert row.without.en
