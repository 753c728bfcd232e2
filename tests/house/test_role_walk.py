"""Every address × every role × (own, granted, another's) case: who gets in, and who is turned away.

A new address must be entered in a table of tests/house/walking.py; the test fails until somebody has said who may
call it, and until it is really called.
"""

import pytest

from tests.house.walking import EVERYBODY, PEOPLE, READERS, Walk, calls, case_calls, faults
from whistle.rules.permits import ROLES


def test_every_address_is_called(walk: Walk) -> None:
    called = {call.name for call in calls(walk)}
    called |= {call.name for which in READERS for call in case_calls(walk, which)}
    missing = [
        f"{method} {rule.endpoint}"
        for rule in walk.app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        if f"{method} {rule.endpoint}" not in called
    ]
    assert missing == [], "say in WHO or OF_A_CASE who may call these addresses"


@pytest.mark.parametrize("who", PEOPLE)
def test_who_gets_in_where(walk: Walk, who: str) -> None:
    wrong = faults(walk, who, calls(walk))
    assert not wrong, f"\n{wrong}"


def test_the_roles_of_the_walk_are_all_roles() -> None:
    assert set(ROLES) <= EVERYBODY


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("which", READERS)
def test_a_case_opens_for_its_readers_alone(walk: Walk, who: str, which: str) -> None:
    wrong = faults(walk, who, case_calls(walk, which))
    assert not wrong, f"\n{wrong}"
