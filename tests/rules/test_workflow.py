"""The workflow table: equal to the rulebook, reachable, and without a dead end."""

import itertools

import pytest

from whistle.rules.permits import ROLES
from whistle.rules.taxonomy import TABLES
from whistle.rules.workflow import (
    ACTIONS,
    BACK,
    END_STATES,
    OPEN_STATES,
    PARKING_STATES,
    STATES,
    Action,
    Impossible,
    approvers,
    possible,
    return_state_after,
    state_after,
)

ANY_OPEN = set(OPEN_STATES)
SEEN_BY_MANY = {
    "received", "supplementing", "objecting", "assessing", "referred", "inquiring", "verifying", "held",
    "investigating", "reviewing", "deciding",
}  # fmt: skip
ANYBODY = {"intake", "officer", "reviewer", "deputy", "head"}

#: name: (from, to, by, approval), copied from the rulebook by hand.
RULEBOOK = {
    "receive": (set(), "received", {"system", "intake"}, None),
    "receive_flagged": (set(), "oversight", {"system", "intake"}, None),
    "classify": ({"received"}, None, {"intake"}, None),
    "reclassify": (ANY_OPEN, None, {"officer", "intake"}, "deputy"),
    "to_oversight": (SEEN_BY_MANY, "oversight", ANYBODY, None),
    "release_oversight": ({"oversight"}, "received", {"oversight"}, "oversight"),
    "forward_up": ({"oversight"}, "forwarded", {"oversight"}, None),
    "give_notice": (ANY_OPEN, None, {"intake", "officer", "oversight"}, None),
    "request_supplement": (
        {"received", "assessing", "oversight"}, "supplementing", {"intake", "officer", "oversight"}, None,
    ),
    "supplement": ({"supplementing"}, BACK, {"system", "reporter", "intake"}, None),
    "lapse_supplement": ({"supplementing"}, BACK, {"system"}, None),
    "accept": ({"received"}, "assessing", {"intake"}, None),
    "decline": ({"received"}, "declined", {"intake"}, "deputy"),
    "redirect": ({"received", "assessing"}, "redirected", {"intake", "officer"}, "deputy"),
    "returned": ({"redirected"}, "received", {"intake"}, None),
    "assign": (ANY_OPEN | {"concluded", "closed"}, None, {"deputy", "head"}, None),
    "hand_over": (ANY_OPEN | {"concluded", "closed"}, None, {"deputy", "head"}, None),
    "write": (
        set(STATES) - {"archived"}, None, {"reporter", "intake", "officer", "oversight"}, None,
    ),
    "request_withdrawal": (ANY_OPEN, None, {"reporter"}, None),
    "request_recusal": (ANY_OPEN, None, {"reporter"}, None),
    "declare_recusal": (set(STATES), None, ANYBODY | {"oversight", "system"}, None),
    "note_recusal_request": (set(STATES), None, ANYBODY | {"oversight"}, None),
    "recuse": (set(STATES), None, {"deputy", "head", "oversight", "system"}, None),
    "refuse_recusal": (set(STATES), None, {"deputy", "head", "oversight", "system"}, None),
    "lift_recusal": (set(STATES), None, {"deputy", "head", "oversight"}, None),
    "let_in": (set(STATES), None, {"deputy", "head", "oversight"}, None),
    "enter_acting_head": (set(STATES), None, {"deputy"}, None),
    "end_acting_head": (set(STATES), None, {"deputy"}, None),
}  # fmt: skip


@pytest.mark.parametrize("name", RULEBOOK)
def test_an_action_is_as_the_rulebook_says(name: str) -> None:
    row = ACTIONS[name]
    assert (set(row.frm), row.to, set(row.by), row.approval) == RULEBOOK[name]


def test_there_is_no_action_the_rulebook_does_not_know() -> None:
    assert set(ACTIONS) == set(RULEBOOK)


def test_the_states_are_those_of_the_rulebook() -> None:
    assert len(STATES) == 21
    assert {s.name for s in STATES.values() if s.is_end} == {
        "declined", "redirected", "forwarded", "merged", "closed", "archived",
    }  # fmt: skip
    assert {s.name for s in STATES.values() if s.may_reopen} == {
        "declined", "redirected", "merged", "concluded", "closed", "archived",
    }  # fmt: skip
    assert set(STATES) == {*OPEN_STATES, *END_STATES, "concluded"}


def test_the_states_are_called_as_in_the_rulebook() -> None:
    names = (
        "待受理 待补正 退回协商中 密封处理中 不予受理 已转办 已密封上报 已并案 研判中 已交办 谈话函询中 初步核实中"
        " 暂存待查 审查调查中 审理中 待决定 处置执行中 整改中 已办结 已销号 已归档"
    )
    assert [state.term.zh for state in STATES.values()] == names.split()


@pytest.mark.parametrize(
    ("states", "sees"),
    [
        (("received", "objecting", "oversight"), "已收到"),
        (("assessing", "held", "merged"), "已受理"),
        (("referred", "inquiring", "verifying", "investigating", "reviewing", "deciding"), "核查中"),
        (("concluded", "closed", "archived"), "已办结"),
    ],
)
def test_a_reporter_cannot_tell_stages_apart_that_would_warn_the_accused(
    states: tuple[str, ...], sees: str
) -> None:
    assert {STATES[state].reporter_sees.zh for state in states} == {sees}


def test_every_action_can_be_reached_from_a_new_report() -> None:
    reached: set[tuple[str | None, str | None]] = {(None, None)}
    used: set[str] = set()
    waiting = list(reached)
    while waiting:
        state, back = waiting.pop()
        for row in possible(state, [*ROLES, "system", "reporter"]):
            used.add(row.name)
            after = (state_after(row, state, back), return_state_after(row, state, back))
            if after not in reached:
                reached.add(after)
                waiting.append(after)
    assert used == set(ACTIONS)
    assert "concluded" not in {state for state, _ in reached}


def test_every_open_state_reached_so_far_can_be_left() -> None:
    for state in ("received", "supplementing", "oversight", "assessing"):
        leaving = [row for row in possible(state, [*ROLES, "system"]) if row.to not in (None, state)]
        assert leaving, state


@pytest.mark.parametrize("parked_from", ["received", "assessing", "oversight"])
@pytest.mark.parametrize("way_back", ["supplement", "lapse_supplement"])
def test_a_supplement_leads_back_to_where_it_was_asked(parked_from: str, way_back: str) -> None:
    back = return_state_after("request_supplement", parked_from)
    assert state_after("request_supplement", parked_from) == "supplementing"
    assert state_after(way_back, "supplementing", back) == parked_from
    assert return_state_after(way_back, "supplementing", back) is None


def test_what_does_not_move_a_parked_case_keeps_its_way_back() -> None:
    assert return_state_after("write", "supplementing", "assessing") == "assessing"
    assert return_state_after("to_oversight", "supplementing", "assessing") is None


@pytest.mark.parametrize(
    ("action", "state"),
    [("accept", "assessing"), ("accept", None), ("receive", "received"), ("supplement", "supplementing")],
)
def test_an_action_from_a_wrong_state_is_impossible(action: str, state: str | None) -> None:
    with pytest.raises(Impossible):
        state_after(action, state)


def test_possible_shows_a_role_only_its_own_actions() -> None:
    assert [row.name for row in possible("received", ["intake"])] == [
        "classify", "reclassify", "to_oversight", "give_notice", "request_supplement", "accept", "decline",
        "redirect", "write", "declare_recusal", "note_recusal_request",
    ]  # fmt: skip
    assert [row.name for row in possible("oversight", ["oversight"])] == [
        "release_oversight", "forward_up", "give_notice", "request_supplement", "write", "declare_recusal",
        "note_recusal_request", "recuse", "refuse_recusal", "lift_recusal", "let_in",
    ]  # fmt: skip
    assert {row.name for row in possible("declined", ["reporter"])} == {"write"}
    assert possible("received", ["auditor", "admin", "supervisor"]) == []
    assert {row.name for row in possible(None, ["system"])} == {"receive", "receive_flagged"}


@pytest.mark.parametrize(("state", "role"), list(itertools.product(STATES, [*ROLES, "system", "reporter"])))
def test_whatever_is_possible_leads_to_a_state(state: str, role: str) -> None:
    for row in possible(state, [role]):
        assert state_after(row, state, "received") in STATES


@pytest.mark.parametrize(
    ("action", "who"),
    [
        ("decline", ("deputy", "head")),
        ("redirect", ("deputy", "head")),
        ("release_oversight", ("oversight",)),
        ("accept", ()),
    ],
)
def test_leave_is_given_by_the_role_in_the_table_or_the_one_above(action: str, who: tuple[str, ...]) -> None:
    assert approvers(action) == who


@pytest.mark.parametrize("row", list(ACTIONS.values()), ids=lambda row: row.name)
def test_the_needs_of_an_action_are_well_formed(row: Action) -> None:
    names = [need.name for need in row.needs]
    assert len(names) == len(set(names))
    for need in row.needs:
        assert need.kind in ("text", "code", "day", "person", "unit", "list", "flag", "message")
        assert (need.table in TABLES) == (need.kind in ("code", "list"))
        assert bool(need.purpose) == (need.kind == "message")
        assert need.sealed or need.kind not in ("text", "message"), "words are sealed"
    assert sum(need.kind == "message" for need in row.needs) <= 1


@pytest.mark.parametrize("row", list(ACTIONS.values()), ids=lambda row: row.name)
def test_an_action_with_a_message_has_an_effect_that_keeps_it(row: Action) -> None:
    has_message = any(need.kind == "message" for need in row.needs)
    assert has_message == bool({"message_reporter", "record_answer", "seal_to_decider"} & set(row.effects))


def test_what_goes_to_the_subject_is_guarded() -> None:
    assert "subject_unit_guard" in ACTIONS["redirect"].guards
    for name in ("assign", "hand_over"):
        assert "assignee_free" in ACTIONS[name].guards


def test_the_public_log_tells_only_the_coarse_types() -> None:
    assert {row.leaf for row in ACTIONS.values()} == {"received", "accepted", "declined", "ended", "other"}
    assert ACTIONS["decline"].leaf == "declined"
    for row in ACTIONS.values():
        if row.to in END_STATES:
            assert row.leaf in ("declined", "ended")


def test_parking_states_are_open() -> None:
    assert set(PARKING_STATES) <= set(OPEN_STATES)
