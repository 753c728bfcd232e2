"""Whose turn it is once a clock is looked at: who can meet it, whatever the stage of the case."""

from whistle.rules.clock_rows import CLOCKS, Clock
from whistle.rules.workflow import ACTIONS

#: The roles that a case waits for, by the codes of `State.turn`.
ROLES_OF: dict[str, frozenset[str]] = {
    "reviewer": frozenset({"reviewer"}),
    "leader": frozenset({"deputy", "head"}),
}


def can_meet(row: Clock) -> frozenset[str]:
    """The roles that can do what stops a clock, or begins it anew; none for one that ends with its stage."""
    return frozenset(role for cause in row.stops or row.restarts for role in ACTIONS[cause.action].by)


def turn_of(usual: str, row: Clock | None) -> str:
    """Whose turn it is with this clock: a reviewer's or leader's, unless they cannot meet it and the officer can."""
    able = frozenset() if row is None else can_meet(row)
    is_others = usual in ROLES_OF and bool(able) and not able & ROLES_OF[usual]
    return "officer" if is_others and "officer" in able else usual


#: The clocks that a reviewer can do nothing about: what is owed by the officer while a case is reviewed.
NOT_A_REVIEWERS: frozenset[str] = frozenset(
    row.name for row in CLOCKS if turn_of("reviewer", row) != "reviewer"
)
