"""Cases whose officer cannot go on: nobody was named, who was has left, or holds no key of theirs any more.

A key is lost with an account that ended, with a password that was lost, and by being shut out; only a hand-over brings
the case to somebody who can open it.
"""

from typing import Any

from peewee import fn

from whistle.rules import workflow
from whistle.services.casework import happened
from whistle.store.cases import Case, CaseSeal
from whistle.store.people import Person, PersonKey

#: The states in which a case can be handed over.
HANDED_OVER_FROM = workflow.ACTIONS["hand_over"].frm
#: By the clock that runs for it: what is for another officer than who did the thing before.
_ANOTHERS = {"second_look": happened.worked_on, "look_back": happened.struck_off}


def of_leavers() -> Any:
    """The ids of cases whose officer's account is not in use, as a query."""
    return _with_officer().where(Person.state != "active")


def without_key() -> Any:
    """The ids of cases whose officer works here but holds no seal of them by the key in use, as a query."""
    seals = CaseSeal.select().join(PersonKey)
    held = seals.where(CaseSeal.case == Case.id, CaseSeal.person == Person.id, PersonKey.retired_at.is_null())
    return _with_officer().where(Person.state == "active", ~fn.EXISTS(held))


def turn(case: Case) -> str:
    """Whose turn it is: as the state's row says; for an officer's, whether there is one who can work.

    Besides the codes of `State.turn`: assignment, another, officer_gone, officer_without_key.
    """
    usual = workflow.STATES[case.state].turn
    if not usual and any(waits_for_another(case, name) for name in _ANOTHERS if happened.running(case, name)):
        return "another"
    if usual == "reviewer" and case.reviewer_id is None:
        return "assignment"
    if usual != "officer":
        return usual
    if case.officer_id is None:
        return "assignment"
    if of_leavers().where(Case.id == case.id).exists():
        return "officer_gone"
    return "officer_without_key" if without_key().where(Case.id == case.id).exists() else usual


def waits_for_another(case: Case, clock_name: str) -> bool:
    """Whether what a clock runs for is not for the officer in charge to do: who looks again is somebody else."""
    did_it = _ANOTHERS.get(clock_name)
    if did_it is None or case.officer is None:
        return False
    return did_it(case, case.officer)


def _with_officer() -> Any:
    return (
        Case.select(Case.id)
        .join(Person, on=(Case.officer == Person.id))
        .where(Case.state.in_(HANDED_OVER_FROM))
    )
