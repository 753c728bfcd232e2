"""The workflow table: equal to the rulebook, its words well formed, its answers those of the table."""

import itertools

import pytest

from tests.rules import rulebook
from whistle.rules import conditions
from whistle.rules.permits import ROLES
from whistle.rules.taxonomy import KINDS, TABLES
from whistle.rules.terms import cited
from whistle.rules.workflow import (
    ACTIONS,
    CASE_ACTIONS,
    END_STATES,
    MEETING,
    OPEN_STATES,
    PARKING_STATES,
    STATES,
    THING_ACTIONS,
    THING_STATES,
    THINGS,
    Action,
    Impossible,
    approvers,
    leave_for,
    may_merge,
    may_stand,
    needs_in,
    possible,
    possible_on,
    return_state_after,
    state_after,
)

EVERY_ACTION = pytest.mark.parametrize("row", list(ACTIONS.values()), ids=lambda row: row.name)


@pytest.mark.parametrize("name", [*rulebook.ACTIONS, *rulebook.THING_ACTIONS])
def test_an_action_is_as_the_rulebook_says(name: str) -> None:
    row = ACTIONS[name]
    wanted = {**rulebook.ACTIONS, **rulebook.THING_ACTIONS}[name]
    assert (set(row.frm), row.to, set(row.by), row.approval) == wanted
    assert cited(row.source) == rulebook.SOURCES.get(name, "OWN")


@EVERY_ACTION
def test_an_action_asks_for_the_conditions_of_the_rulebook(row: Action) -> None:
    assert list(row.guards) == rulebook.CONDITIONS.get(row.name, "").split()


def test_there_is_no_action_the_rulebook_does_not_know() -> None:
    assert list(CASE_ACTIONS) == list(rulebook.ACTIONS)
    assert list(THING_ACTIONS) == list(rulebook.THING_ACTIONS)


def test_the_actions_are_called_as_in_the_rulebook() -> None:
    assert [row.term.zh for row in CASE_ACTIONS.values()] == rulebook.NAMES.split()


def test_open_states_are_those_of_the_rulebook() -> None:
    assert set(OPEN_STATES) == rulebook.OPEN


@EVERY_ACTION
def test_an_action_has_its_own_words_in_both_languages(row: Action) -> None:
    assert [other.name for other in ACTIONS.values() if other.term == row.term] == [row.name]
    for term in (row.term, *(need.label for need in row.needs)):
        assert term.zh
        assert term.en


def test_every_condition_and_consequence_is_told_and_none_that_no_row_has() -> None:
    assert {name for row in ACTIONS.values() for name in row.guards} == set(conditions.GUARDS)
    assert {name for row in ACTIONS.values() for name in row.effects} == set(conditions.EFFECTS)


# --- states ------------------------------------------------------------------------------------------------------


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
        "redirect", "object_transfer", "merge", "answer", "write", "request_protection", "report_retaliation",
        "record_interference", "declare_recusal", "note_recusal_request",
    ]  # fmt: skip
    assert [row.name for row in possible("oversight", ["oversight"])] == [
        "release_oversight", "forward_up", "give_notice", "request_supplement", "write", "record_interference",
        "declare_recusal", "note_recusal_request", "recuse", "refuse_recusal", "lift_recusal", "let_in",
    ]  # fmt: skip
    assert [row.name for row in possible("declined", ["reporter"])] == ["write", "request_protection"]
    assert [row.name for row in possible("archived", ["borrower", "archive"])] == ["lend", "give_back"]
    assert possible("received", ["auditor", "admin", "supervisor"]) == []
    assert {row.name for row in possible(None, ["system"])} == {"receive", "receive_flagged"}


def test_possible_shows_only_what_is_there_for_the_kind_of_matter() -> None:
    def ends(kind: str) -> set[str]:
        return {
            row.name
            for row in possible("verifying", ["officer"], kind)
            if set(row.outcomes) & {"concluded", "investigating", "deciding"}
        }

    assert ends("lead") == {"conclude_unfounded", "propose_disposal", "file_case"}
    assert ends("complaint") == {"conclude_unfounded", "propose_disposal", "resolve"}
    for kind in ("unresolved", "petition", "advice"):
        assert ends(kind) == {"resolve"}


@pytest.mark.parametrize(
    ("thing", "state", "case_state", "names"),
    [
        ("measure", None, "verifying", ["measure.propose"]),
        ("measure", None, "enforcing", []),
        ("measure", "proposed", "deciding", ["measure.drop"]),
        ("measure", "decided", "enforcing", ["measure.deliver", "measure.pay_changed"]),
        ("item", "submitted", "rectifying", ["item.return", "item.strike_off"]),
        ("item", "submitted", "oversight", []),
        ("promise", "given", "archived", ["promise.keep"]),
        ("talk", "planned", "declined", []),
    ],
)
def test_what_may_be_done_to_a_thing_depends_on_its_state_and_on_the_cases(
    thing: str, state: str | None, case_state: str, names: list[str]
) -> None:
    assert [row.name for row in possible_on(thing, state, case_state, ["officer"])] == names
    assert possible_on(thing, state, case_state, ["intake", "deputy", "head"]) == []


@pytest.mark.parametrize(("state", "role"), list(itertools.product(STATES, [*ROLES, "system", "reporter"])))
def test_whatever_is_possible_leads_to_a_state(state: str, role: str) -> None:
    for row in possible(state, [role]):
        for to in row.outcomes:
            assert state_after(row, state, "received", to) in STATES


def test_where_an_action_may_lead_to_several_states_one_of_them_must_be_named() -> None:
    assert state_after("send_back", "deciding", None, "verifying") == "verifying"
    for chosen in (None, "closed", "deciding"):
        with pytest.raises(Impossible):
            state_after("send_back", "deciding", None, chosen)


# --- leave --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "who"),
    [
        ("decline", ("deputy", "head")),
        ("start_inquiry", ("head",)),
        ("release_oversight", ("oversight",)),
        ("lend", ("archive",)),
        ("withdraw_case", ("head",)),
        ("accept", ()),
    ],
)
def test_leave_is_given_by_the_role_in_the_table_or_the_one_above(action: str, who: tuple[str, ...]) -> None:
    assert approvers(leave_for(ACTIONS[action])) == who


def test_what_the_deputy_proposes_goes_to_the_head() -> None:
    assert approvers(leave_for(ACTIONS["redirect"]), "deputy") == ("head",)


@pytest.mark.parametrize(
    ("complexity", "leave"), [("simple", "deputy"), ("ordinary", "head"), (None, "head")]
)
def test_a_simple_case_is_verified_with_the_deputys_leave(complexity: str | None, leave: str) -> None:
    assert leave_for(ACTIONS["start_verification"], complexity=complexity) == leave
    assert leave_for(ACTIONS["start_inquiry"], complexity=complexity) == "head"


@pytest.mark.parametrize(("clock", "leave"), [("deputy", "deputy"), ("head", "head"), ("superior", "head")])
def test_an_extension_needs_the_leave_of_the_clocks_row(clock: str, leave: str) -> None:
    assert leave_for(ACTIONS["extend"], clock=clock) == leave


@pytest.mark.parametrize("name", ["hand_to_competent", "transfer_justice"])
def test_what_the_head_does_by_decision_of_a_meeting_is_no_proposal_and_asks_for_the_meeting(
    name: str,
) -> None:
    assert leave_for(ACTIONS[name], by="head") is None
    assert needs_in(ACTIONS[name], "deciding", "head")[-3:] == MEETING
    assert not set(MEETING) & set(needs_in(ACTIONS["withdraw_case"], "deciding", "officer"))


@pytest.mark.parametrize("name", ["withdraw_case", "find_malicious"])
def test_what_others_do_by_leave_of_a_meeting_stays_a_proposal_where_they_act_as_head(name: str) -> None:
    assert leave_for(ACTIONS[name], by="head") == "collective"
    assert not set(MEETING) & set(needs_in(ACTIONS[name], "deciding", "head"))


# --- kinds of matter ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "kinds"),
    [
        ("assessing", {kind.name for kind in KINDS}),
        ("investigating", {"lead"}),
        ("reviewing", {"lead"}),
        ("deciding", {"lead", "complaint"}),
        ("rectifying", {"lead", "complaint"}),
    ],
)
def test_a_matter_stands_only_where_it_can_get_the_end_it_is_owed(state: str, kinds: set[str]) -> None:
    assert {kind.name for kind in KINDS if may_stand(kind.name, state)} == kinds


def test_a_petition_keeps_its_sixty_days_when_it_is_merged() -> None:
    assert may_merge("petition", "petition")
    assert not may_merge("petition", "lead")
    assert may_merge("complaint", "lead")


# --- the words of a row ---------------------------------------------------------------------------------------------

#: The kinds of input there are; those that hold words of somebody are sealed.
WORDS = {"text", "line", "message"}
CHOSEN = {"case", "clock", "report", "thing", "person", "people", "unit"}
PLAIN = {"code", "day", "list", "flag", "number"}


@EVERY_ACTION
def test_the_needs_of_an_action_are_well_formed(row: Action) -> None:
    names = [need.name for need in row.needs]
    assert len(names) == len(set(names))
    for need in row.needs:
        assert need.kind in WORDS | CHOSEN | PLAIN
        assert (need.table in TABLES) == (need.kind in ("code", "list"))
        assert (need.table in THINGS) == (need.kind == "thing")
        assert bool(need.purpose) == (need.kind == "message")
        assert need.sealed or need.kind not in WORDS, "words are sealed"
        assert not need.meant or (need.kind == "day" and need.meant in ("past", "ahead"))
        assert set(need.asked_in) <= set(row.frm)
        for other in (need.required_with, need.today_with):
            assert other is None or other[0] in names
    assert sum(need.kind == "message" for need in row.needs) <= 1


@EVERY_ACTION
def test_an_action_with_a_message_has_an_effect_that_keeps_it(row: Action) -> None:
    has_message = any(need.kind == "message" for need in row.needs)
    assert has_message == bool({*conditions.SENT, "record_answer", "seal_to_decider"} & set(row.effects))


@EVERY_ACTION
def test_what_took_effect_on_another_day_is_never_ahead(row: Action) -> None:
    if "take_effect_on_day" in row.effects:
        (need,) = [need for need in row.needs if need.name == "day"]
        assert need.required
        assert need.meant == "past" or "day_since_acceptance" in row.guards


@pytest.mark.parametrize("row", list(THING_ACTIONS.values()), ids=lambda row: row.name)
def test_an_action_on_a_thing_moves_between_states_of_that_thing(row: Action) -> None:
    states = set(THING_STATES[row.thing])
    assert row.name.startswith(f"{row.thing}.")
    assert set(row.frm) | {to for to in row.outcomes if to} <= states
    assert row.in_states
    assert set(row.in_states) <= set(STATES)


def test_what_goes_to_the_subject_is_guarded() -> None:
    for name in ("redirect", "refer"):
        assert "subject_unit_guard" in ACTIONS[name].guards
    for name in ("assign", "hand_over"):
        assert "assignee_free" in ACTIONS[name].guards
    for name in ("start_verification", "file_case"):
        assert "group_fits" in ACTIONS[name].guards


def test_the_public_log_tells_only_the_coarse_types() -> None:
    leaves = {row.name: row.leaf for row in ACTIONS.values() if row.leaf != "other"}
    assert leaves == {
        "receive": "received", "receive_flagged": "received", "accept": "accepted", "reopen": "accepted",
        "decline": "declined", "redirect": "ended", "objection_agreed": "ended", "forward_up": "ended",
    }  # fmt: skip


def test_parking_states_are_open() -> None:
    assert set(PARKING_STATES) <= set(OPEN_STATES)
