"""Proposals that can no longer be decided as they were made: they end as 'overtaken', so that no case waits for nobody.

Who was to decide may have held the case for the proposal's sake alone, so those grants go with it.
"""

from collections.abc import Collection
from typing import Any

from whistle import clock
from whistle.services import contexts, deciders, grants, ledger
from whistle.services.access import is_shut_out
from whistle.store.cases import Case, Proposal
from whistle.store.people import Person
from whistle.vault import envelope


def of_case(case: Case) -> None:
    """End what waits on a case that goes where its proposer and its deciders do not follow."""
    _end(case, _waiting().where(Proposal.case == case))


def of_reports(case: Case, key: bytes, reports: Collection[str]) -> None:
    """End what waits on a case about one of these reports, by their ids: they leave it. `key`: the case's."""
    _end(case, [row for row in _waiting().where(Proposal.case == case) if _report_of(row, key) in reports])


def _report_of(row: Proposal, key: bytes) -> str | None:
    key = grants.key_of_generation(row.case, key, row.generation)
    context = contexts.proposal(row.id, row.case_id, row.generation)
    report: str | None = envelope.open_json_record(key, row.sealed, context)["report"]
    return report


def of_former(case: Case, former: Person | None) -> None:
    """End what was proposed by the officer in charge until now, or by whom the change of officer took the case from."""
    rows = list(_waiting().where(Proposal.case == case))
    _end(case, [row for row in rows if row.by == former or not deciders.holds(case, row.by)])


def of_person(person: Person, by: int | None) -> None:
    """End what was proposed by somebody who leaves or takes another role, and what nobody else may decide.

    The caller has taken the person's grants and marked their cases, and holds the cases of `cases_of`.
    """
    rows = _waiting().where(Proposal.case.in_(cases_of(person))).order_by(Proposal.case)
    for row in _without(person, rows):
        case = row.case
        _end(case, _waiting().where(Proposal.id == row.id), by)
        case.save(only=[Case.needs_new_keys])


def of_person_in(case: Case, person: Person) -> None:
    """End what waits on a case where somebody who is shut out of it proposed it or alone could decide it."""
    _end(case, _without(person, _waiting().where(Proposal.case == case)))


def of_undecidable(case: Case) -> None:
    """End what waits on a case and nobody may decide any more."""
    rows = list(_waiting().where(Proposal.case == case))
    deciding = deciders.of([row.id for row in rows])
    _end(case, [row for row in rows if not deciding[row.id]])


def cases_of(person: Person) -> Any:
    """The cases with a proposal that `of_person` may end, beside those the person holds, as a query of their ids."""
    losing = Case.select(Case.id).where(Case.needs_new_keys)
    concerned = (Proposal.by == person) | Proposal.case.in_(losing)
    return Proposal.select(Proposal.case).where(Proposal.state == "waiting", concerned)


def is_stuck(proposal: Proposal) -> bool:
    """Whether a waiting proposal has lost its proposer, or everybody who might decide it."""
    by = proposal.by
    if grants.admitted_key(by) is None or is_shut_out(proposal.case, by.id):
        return True
    return not any(map(grants.admitted_key, deciders.of([proposal.id])[proposal.id]))


def _waiting() -> Any:
    return Proposal.select().where(Proposal.state == "waiting")


def _without(person: Person, proposals: Any) -> list[Proposal]:
    """Those of some waiting proposals that end with a person: made by the person, or with nobody else to decide."""
    rows = list(proposals)
    deciding = deciders.of([row.id for row in rows])
    return [
        row for row in rows if row.by_id == person.id or not {p.id for p in deciding[row.id]} - {person.id}
    ]


def _end(case: Case, proposals: Any, by: int | None = None) -> None:
    """The caller saves the case, which now wants new keys where somebody lost a grant."""
    for proposal in list(proposals):
        proposal.state, proposal.decided_at = "overtaken", clock.now()
        proposal.save()
        ledger.append("other", "overtaken", proposal, by=by)
        grants.revoke(case, reasons=grants.TO_DECIDE)
