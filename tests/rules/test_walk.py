"""A walk over the tables: no state without a way in, none without a way out, no clock that cannot stop."""

import pytest

from whistle.rules.clock_hands import CANCELLING, FINAL_STATES
from whistle.rules.clock_rows import CLOCKS, Clock
from whistle.rules.clocks import can_be_met
from whistle.rules.permits import ROLES
from whistle.rules.taxonomy import KINDS
from whistle.rules.workflow import (
    CASE_ACTIONS,
    END_STATES,
    STATES,
    THING_ACTIONS,
    THING_STATES,
    Action,
    may_stand,
    possible,
    return_state_after,
    state_after,
)

EVERYBODY = [*ROLES, "system", "reporter", "archive", "borrower"]
KIND_NAMES = [kind.name for kind in KINDS]
#: Where a case stands, and where it was parked from.
Place = tuple[str | None, str | None]


def moves(place: Place, kind: str, before: frozenset[str]) -> list[tuple[Action, Place]]:
    """Every step from a place for a matter of a kind; nothing is sent back to where it never was."""
    state, back = place
    found = []
    for row in possible(state, EVERYBODY, kind):
        for to in row.outcomes:
            after = state_after(row, state, back, to)
            is_back = row.name == "send_back" and after not in before
            if may_stand(kind, after) and not is_back:
                found.append((row, (after, return_state_after(row, state, back, to))))
    return found


def walk(kind: str) -> tuple[set[Place], set[str], dict[Place, set[Place]]]:
    """Everywhere a matter of a kind can come to, by which actions, and what leads where."""
    start: tuple[Place, frozenset[str]] = ((None, None), frozenset())
    seen, waiting = {start}, [start]
    used: set[str] = set()
    ways: dict[Place, set[Place]] = {}
    while waiting:
        place, before = waiting.pop()
        for row, after in moves(place, kind, before):
            used.add(row.name)
            ways.setdefault(place, set()).add(after)
            step = (after, before | {str(after[0])} & {"reviewing", "verifying", "assessing"})
            if step not in seen:
                seen.add(step)
                waiting.append(step)
    return {place for place, _ in seen}, used, ways


WALKS = {kind: walk(kind) for kind in KIND_NAMES}


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_every_state_is_reached_that_a_matter_of_the_kind_may_stand_in(kind: str) -> None:
    places, _, _ = WALKS[kind]
    reached = {state for state, _ in places if state is not None}
    assert reached == {state for state in STATES if may_stand(kind, state)} - (
        {"objecting"} if kind == "lead" else set()
    )


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_from_everywhere_but_the_sealed_end_a_case_can_come_to_its_conclusion(kind: str) -> None:
    places, _, ways = WALKS[kind]
    for place in places:
        reached, waiting = {place}, [place]
        while waiting:
            for after in ways.get(waiting.pop(), set()) - reached:
                reached.add(after)
                waiting.append(after)
        if place[0] not in FINAL_STATES:
            assert "concluded" in {state for state, _ in reached}, place


@pytest.mark.parametrize("state", [name for name, state in STATES.items() if not state.is_end])
def test_every_state_that_is_no_end_can_be_left(state: str) -> None:
    rows = possible(state, EVERYBODY)
    assert any(to not in (None, state) for row in rows for to in row.outcomes)


@pytest.mark.parametrize("state", END_STATES)
def test_an_end_can_be_left_if_and_only_if_its_row_says_so(state: str) -> None:
    leaves = any(to not in (None, *END_STATES) for row in possible(state, EVERYBODY) for to in row.outcomes)
    assert leaves == STATES[state].may_reopen


def test_every_action_is_used_by_a_matter_of_some_kind_and_the_kinds_named_can_use_it() -> None:
    assert set.union(*(used for _, used, _ in WALKS.values())) == set(CASE_ACTIONS)
    for row in CASE_ACTIONS.values():
        assert {kind for kind in row.kinds if row.name not in WALKS[kind][1]} == set()


@pytest.mark.parametrize("thing", THING_STATES)
def test_every_state_of_a_thing_is_reached_and_only_the_last_is_not_left(thing: str) -> None:
    rows = [row for row in THING_ACTIONS.values() if row.thing == thing]
    reached: set[str | None] = {None}
    for _ in THING_STATES[thing]:
        reached |= {
            to or state
            for row in rows
            for state in reached
            for to in row.outcomes
            if (not row.frm if state is None else state in row.frm)
        }
    # Measures are decided by the decision on the case.
    decided = {"decided", "delivered", "ended"} if thing == "measure" else set()
    assert reached - {None} | decided == set(THING_STATES[thing])
    moved_from = {state for row in rows for state in row.frm}
    left = set(THING_STATES[thing]) - moved_from
    assert left <= {"removed", "dropped", "ended", "kept", "struck_off", "withdrawn"}


# --- clocks --------------------------------------------------------------------------------------------------


def begins_in(row: Clock) -> set[str]:
    """The states in which a clock of this row may begin."""
    if row.stage and not row.starts:
        return {row.stage[0]}
    if row.enters:
        return set(row.enters)
    found: set[str] = set()
    for cause in row.starts:
        if cause.action in THING_ACTIONS:
            found |= set(THING_ACTIONS[cause.action].in_states)
        else:
            action = CASE_ACTIONS[cause.action]
            for to in action.outcomes:
                found |= {to} if to is not None else set(action.frm)
    return found


def still_runs(row: Clock, action: Action, after: str) -> bool:
    """Whether a step leaves a clock of this row running."""
    if any(cause.action == action.name for cause in row.cancels) or after in FINAL_STATES:
        return False
    if row.stage:
        return after in row.stage
    if row.only_in:
        return after in row.only_in
    return row.survives or after not in END_STATES


@pytest.mark.parametrize("row", CLOCKS, ids=lambda row: row.name)
def test_every_clock_that_starts_can_stop(row: Clock) -> None:
    """From wherever it may begin, steps that leave it running lead to where somebody can meet it."""
    kinds = {kind for length in row.lengths for kind in length.kinds}
    for kind in kinds:
        places = WALKS[kind][0]
        for start in begins_in(row):
            seen = {place for place in places if place[0] == start}
            waiting = list(seen)
            is_met = not seen  # a matter of this kind never comes there
            while waiting and not is_met:
                place = waiting.pop()
                is_met = can_be_met(row, str(place[0])) or row.name == "supplement"
                for action, after in moves(place, kind, frozenset(STATES)):
                    if after not in seen and still_runs(row, action, str(after[0])):
                        seen.add(after)
                        waiting.append(after)
            assert is_met, f"{row.name} of a {kind}, begun in {start}"


@pytest.mark.parametrize("row", CLOCKS, ids=lambda row: row.name)
def test_what_a_clock_names_is_there(row: Clock) -> None:
    causes = (*row.starts, *row.stops, *row.restarts, *row.cancels, *row.moved_by)
    assert {cause.action for cause in causes} <= {*CASE_ACTIONS, *THING_ACTIONS}
    assert {cause.by for cause in causes} <= {"", "office", "reporter"}
    assert {*row.stage, *row.enters, *row.only_in} <= set(STATES)
    assert row.per in ("case", "report", "thing")
    named = {
        need.name for cause in row.starts for need in {**CASE_ACTIONS, **THING_ACTIONS}[cause.action].needs
    }
    enters = {
        need.name for action in CASE_ACTIONS.values() if action.to in row.stage for need in action.needs
    }
    assert not row.due_fact or row.due_fact in named | enters | {"confirm_by"}


def test_what_cancels_a_stage_is_an_action() -> None:
    assert set(CASE_ACTIONS) >= CANCELLING
