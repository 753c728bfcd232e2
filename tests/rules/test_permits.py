"""The table of permissions: what no role may ever do, and that every question asked has a row."""

import re
from pathlib import Path

import pytest

from whistle.rules.permits import (
    CASEWORK_ROLES,
    PERMITS,
    RELATIONS,
    REPORTER,
    ROLES,
    STRANGER,
    SYSTEM,
    permission_of,
    permits,
)
from whistle.rules.workflow import ACTIONS, THINGS

SERVICES = Path(__file__).parents[2] / "whistle"
ACTORS = (*ROLES, STRANGER, REPORTER, SYSTEM)
#: What is asked of a case or of what belongs to one.
CASEWORK = ("case.", "proposal.", "assignment.", *(f"{thing}." for thing in THINGS))
EVERY_RELATION = tuple(name for name in RELATIONS if name != "self")
ASKED = re.compile(r"(?:require|as_stranger|may|_find_other)\([^\"()]*\"([a-z_]+\.[a-z_]+)\"")


def asked_in_the_services() -> set[str]:
    texts = (path.read_text() for path in (SERVICES / "services").rglob("*.py"))
    return {name for text in texts for name in ASKED.findall(text)}


def test_every_permission_a_service_asks_for_is_in_the_table() -> None:
    unknown = asked_in_the_services() - set(PERMITS)
    assert not unknown, f"add to PERMITS in whistle/rules/permits.py who may do: {sorted(unknown)}"


def test_an_unknown_permission_is_a_mistake_and_no_answer() -> None:
    with pytest.raises(KeyError):
        permits("case.destroy", "head", {"any"})


@pytest.mark.parametrize("name", PERMITS)
def test_a_row_names_only_known_roles_and_relations(name: str) -> None:
    for permit in PERMITS[name]:
        assert set(permit.roles) <= set(ACTORS)
        assert set(permit.relations) | set(permit.never) <= set(RELATIONS)
        assert permit.roles


@pytest.mark.parametrize("role", ["auditor", "admin", "supervisor", STRANGER])
def test_who_holds_no_key_does_nothing_to_a_case(role: str) -> None:
    of_cases = [name for name in PERMITS if name.startswith(CASEWORK)]
    assert of_cases
    for name in of_cases:
        assert not permits(name, role, EVERY_RELATION), name


@pytest.mark.parametrize("action", list(ACTIONS))
def test_somebody_who_cannot_read_a_case_cannot_act_on_it(action: str) -> None:
    name = permission_of(ACTIONS[action])
    for role in CASEWORK_ROLES:
        assert not permits(name, role, {"any"})
        assert not permits(name, role, {"any", "line", "assigned"})
        assert not permits(name, role, set())


@pytest.mark.parametrize("action", list(ACTIONS))
def test_an_action_is_allowed_to_the_roles_of_its_row_and_to_no_others(action: str) -> None:
    name = permission_of(ACTIONS[action])
    allowed = {actor for actor in ACTORS if permits(name, actor, {"any", "own", "desk", "holds", "line"})}
    assert allowed == set(ACTIONS[action].by) - {"archive", "borrower"}


@pytest.mark.parametrize("action", list(ACTIONS))
def test_the_line_stands_in_for_intake_alone(action: str) -> None:
    name = permission_of(ACTIONS[action])
    allowed = {actor for actor in ACTORS if permits(name, actor, {"any", "line", "stands_in"})}
    assert allowed - {SYSTEM} == ({"deputy", "head"} if "intake" in ACTIONS[action].by else set())


@pytest.mark.parametrize(
    ("relation", "word", "names"),
    [
        ("archive_desk", "archive", {"lend"}),
        ("borrower", "borrower", {"give_back"}),
    ],
)
def test_the_archive_desk_lends_and_who_borrowed_gives_back_whatever_the_role(
    relation: str, word: str, names: set[str]
) -> None:
    assert {row.name for row in ACTIONS.values() if word in row.by} == names
    for row in ACTIONS.values():
        allowed = {actor for actor in ACTORS if permits(permission_of(row), actor, {"any", relation})}
        assert allowed - {SYSTEM} == (set(CASEWORK_ROLES) if row.name in names else set())


@pytest.mark.parametrize("role", ROLES)
def test_who_reviews_a_case_in_place_of_a_reviewer_is_an_officer(role: str) -> None:
    for row in ACTIONS.values():
        may = permits(permission_of(row), role, {"any", "reviews"})
        assert may == (role == "officer" and "reviewer" in row.by)


def test_one_who_holds_a_case_acts_on_its_things_by_the_same_table() -> None:
    assert permits("measure.propose", "reviewer", {"any", "holds"})
    assert permits("item.strike_off", "officer", {"any", "holds"})
    assert not permits("item.strike_off", "deputy", {"any", "holds", "line"})
    assert not permits("item.strike_off", "officer", {"any", "archive_desk"})


def test_who_is_shut_out_reads_nothing_whatever_the_role() -> None:
    for role in CASEWORK_ROLES:
        assert not permits("case.read", role, set())
        assert not permits("proposal.decide", role, set())


def test_a_reporter_touches_only_the_own_report() -> None:
    assert permits("report.view", REPORTER, {"own"})
    assert not permits("report.view", REPORTER, {"any"})
    assert not permits("report.view", STRANGER, {"any"})
    assert not permits("case.write", REPORTER, {"any"})


def test_an_administrator_lets_nobody_in_and_makes_no_key() -> None:
    for name in PERMITS:
        if re.search(
            r"admit|decide|make_key|make_oversight_key|renew|sheet|superior.(enter|confirm)|end_holder", name
        ):
            assert not permits(name, "admin", EVERY_RELATION), name


@pytest.mark.parametrize("name", ["accounts.deactivate", "accounts.reinvite", "accounts.change_role"])
def test_an_administrator_does_not_touch_the_own_account(name: str) -> None:
    assert permits(name, "admin", {"any"})
    assert not permits(name, "admin", {"any", "self"})


def test_nobody_lets_in_the_own_key() -> None:
    for role in ROLES:
        assert not permits("admissions.admit", role, {"any", "self"})


def test_the_head_has_no_part_in_the_oversight_desks_keys() -> None:
    for name in ("desks.make_oversight_key", "case.forward_up", "case.release_oversight", "superior.enter"):
        assert not permits(name, "head", EVERY_RELATION)


def test_only_auditor_and_administrator_need_no_admission() -> None:
    assert {role.name for role in ROLES.values() if not role.must_be_admitted} == {"auditor", "admin"}
