"""The case: its states, and every action on it: who, from where to where, with whose leave, needing what.

States are rows in `states`, actions in `action_rows` and `thing_rows`. A new one is a new row there and a test; no
other module asks for a state by name to decide what may happen.
"""

from collections.abc import Collection

from whistle.rules.action_rows import CASE_ACTIONS, MEETING
from whistle.rules.states import (
    ACCEPTED_STATES,
    DESK_STATES,
    END_STATES,
    INTAKE_STATES,
    OPEN_STATES,
    PARKING_STATES,
    STATES,
    State,
)
from whistle.rules.steps import BACK, NO_LEAD, STAYS, Action, Need
from whistle.rules.thing_rows import THING_ACTIONS, THING_STATES, THINGS

__all__ = [
    "ACCEPTED_STATES",
    "ACTIONS",
    "BACK",
    "CASE_ACTIONS",
    "COLLECTIVE",
    "DESK_STATES",
    "END_STATES",
    "INTAKE_STATES",
    "MEETING",
    "NO_LEAD",
    "OPEN_STATES",
    "PARKING_STATES",
    "STATES",
    "THINGS",
    "THING_ACTIONS",
    "THING_STATES",
    "Action",
    "Impossible",
    "Need",
    "State",
    "approvers",
    "fits_kind",
    "is_from",
    "leave_for",
    "may_merge",
    "may_stand",
    "needs_in",
    "possible",
    "possible_on",
    "return_state_after",
    "state_after",
]

ACTIONS: dict[str, Action] = {**CASE_ACTIONS, **THING_ACTIONS}

#: Leave given by a meeting, whose day, number and result the head records.
COLLECTIVE = "collective"


class Impossible(ValueError):
    """The action does not lead anywhere from this state."""


def needs_in(action: Action, state: str, by: str = "") -> tuple[Need, ...]:
    """What an action asks for where the case stands in `state`; of the head, where a meeting decides, that too."""
    asked = tuple(need for need in action.needs if not need.asked_in or state in need.asked_in)
    return (*asked, *MEETING) if _is_met_upon(action, by) else asked


def possible(state: str | None, roles: Collection[str], kind: str = "") -> list[Action]:
    """What holders of any of `roles` may do to a case from `state`, in the table's order; None: what makes a case.

    `kind`: of matter, where it is known; then only what is there for it.
    """
    return [
        row
        for row in CASE_ACTIONS.values()
        if any(role in row.by for role in roles) and is_from(row, state) and fits_kind(row, kind)
    ]


def possible_on(thing: str, state: str | None, case_state: str, roles: Collection[str]) -> list[Action]:
    """What may be done to a thing of a case from the thing's `state`; None: what makes one."""
    return [
        row
        for row in THING_ACTIONS.values()
        if row.thing == thing
        and is_from(row, state)
        and case_state in row.in_states
        and any(role in row.by for role in roles)
    ]


def fits_kind(action: Action, kind: str) -> bool:
    """Is `action` there for this kind of matter?"""
    return not kind or not action.kinds or kind in action.kinds


def may_stand(kind: str, state: str) -> bool:
    """May a matter of this kind stand in `state`? Elsewhere nothing there is would give it the end it is owed."""
    return not STATES[state].kinds or kind in STATES[state].kinds


def may_merge(kind: str, into: str) -> bool:
    """May a matter of this kind go on in a case of kind `into`? A petition's sixty days run in a petition (XF 34)."""
    return kind == into or kind != "petition"


def is_from(action: Action, state: str | None) -> bool:
    """Does `action` start from `state`? None stands for: there is no such thing yet."""
    return not action.frm if state is None else state in action.frm


def state_after(
    action: Action | str, state: str | None, return_state: str | None = None, chosen: str | None = None
) -> str:
    """Where the thing stands afterwards; `chosen` among several. Raises `Impossible` where the row leads nowhere."""
    row = ACTIONS[action] if isinstance(action, str) else action
    if not is_from(row, state):
        raise Impossible(f"{row.name} from {state}")
    to = chosen if isinstance(row.to, tuple) else row.to
    if to not in row.outcomes:
        raise Impossible(f"{row.name} to {to}")
    after = state if to is STAYS else return_state if to == BACK else to
    if after is None:
        raise Impossible(f"{row.name} has nowhere to go")
    return after


def return_state_after(
    action: Action | str, state: str | None, return_state: str | None = None, chosen: str | None = None
) -> str | None:
    """What to remember as the way back: the state a parked case came from, nothing for all others."""
    after = state_after(action, state, return_state, chosen)
    if after not in PARKING_STATES:
        return None
    return return_state if state in PARKING_STATES else state


def leave_for(action: Action, *, by: str = "", complexity: str | None = None, clock: str = "") -> str | None:
    """Whose leave an action needs: by role, "collective" or "archive"; None: nobody's.

    `complexity` of the case may make it lighter; `clock` is what the extended clock's row asks for. What the head does
    by decision of a meeting is no proposal. A superior's leave is recorded by the head.
    """
    if _is_met_upon(action, by):
        return None
    if action.lighter is not None and complexity == action.lighter[0]:
        return action.lighter[1]
    if action.approval == "clock":
        return "head" if clock == "superior" else clock
    return action.approval


def _is_met_upon(action: Action, by: str) -> bool:
    """Whether the head does it by decision of a meeting; what others do stays theirs, where they act as head too."""
    return action.approval == COLLECTIVE and by == "head" and "head" in action.by


def approvers(approval: str | None, by: str = "") -> tuple[str, ...]:
    """Roles that may give a kind of leave to what role `by` proposed; () where none is needed.

    The head stands above the deputy; a desk has one deputy, and nobody decides an own proposal, so what the deputy
    proposes in place of a desk that may not read a case goes to the head. The archive desk decides among itself,
    whatever the role of its members.
    """
    if approval == "deputy":
        return ("head",) if by == "deputy" else ("deputy", "head")
    if approval == COLLECTIVE:
        return ("head",)
    return (approval,) if approval else ()
