"""Proposals that can no longer be decided as they were made: they end as 'overtaken', so that no case waits for nobody.

The approver held the case for the proposal's sake alone, so that grant goes with it.
"""

from typing import Any

from whistle import clock
from whistle.services import grants, ledger
from whistle.services.access import is_shut_out
from whistle.store.cases import Case, Proposal
from whistle.store.people import Person


def of_case(case: Case) -> None:
    """End what waits on a case that goes where its proposer and approver do not follow."""
    _end(case, _waiting().where(Proposal.case == case))


def of_person(person: Person, by: int | None) -> None:
    """End everything that waits for, or was proposed by, somebody who leaves or takes another role."""
    for row in _of_person(person).order_by(Proposal.case):
        case = row.case
        _end(case, _waiting().where(Proposal.id == row.id), by)
        case.save(only=[Case.needs_new_keys])


def of_person_in(case: Case, person: Person) -> None:
    """End what waits on a case where somebody who is shut out of it proposed or is to decide it."""
    _end(case, _of_person(person).where(Proposal.case == case))


def cases_of(person: Person) -> Any:
    """The cases with a proposal that `of_person` would end, as a query of their ids."""
    mine = (Proposal.by == person) | (Proposal.approver == person)
    return Proposal.select(Proposal.case).where(Proposal.state == "waiting", mine)


def is_stuck(proposal: Proposal) -> bool:
    """Whether a waiting proposal has lost its proposer or its approver, who may not have the case any more."""
    people = (proposal.by, proposal.approver)
    return any(
        grants.admitted_key(person) is None or is_shut_out(proposal.case, person.id) for person in people
    )


def _waiting() -> Any:
    return Proposal.select().where(Proposal.state == "waiting")


def _of_person(person: Person) -> Any:
    return _waiting().where((Proposal.by == person) | (Proposal.approver == person))


def _end(case: Case, proposals: Any, by: int | None = None) -> None:
    """The caller saves the case, which now wants new keys where the approver lost a grant."""
    for proposal in list(proposals):
        proposal.state, proposal.decided_at = "overtaken", clock.now()
        proposal.save()
        ledger.append("other", "overtaken", proposal, by=by)
        grants.revoke(case, reasons=("proposal",))
