"""The archive desk 档案台: where closed cases lie, opened by two of its members together, and lent until a day."""

import dataclasses
import datetime as dt
from collections.abc import Iterable
from typing import Any

from whistle import clock
from whistle.services import grants
from whistle.store.cases import Case, CaseSeal
from whistle.store.desks import Desk
from whistle.store.people import Person

#: Fewest members who can let a case out of the archive: one asks, another agrees.
MEMBERS_AT_LEAST = 2


@dataclasses.dataclass(frozen=True, slots=True)
class Loan:
    """A case that is out of the archive: who has it, and the last day on which the person may open it."""

    person_id: int
    name: str
    until: dt.date

    @property
    def is_over(self) -> bool:
        """Whether its last day has passed."""
        return self.until < clock.today()


def desk() -> Desk | None:
    """The archive desk, once it has a key and two members who were let in; None before."""
    found = grants.archive_desk()
    if found is None or grants.desk_key(found) is None:
        return None
    return found if len(grants.desk_people(found)) >= MEMBERS_AT_LEAST else None


def borrowers(case: Case) -> list[int]:
    """The people a case is lent to now."""
    return [loan.person_id for loan in loans([case.id]).get(case.id, ()) if not loan.is_over]


def loans(case_ids: Iterable[str]) -> dict[str, tuple[Loan, ...]]:
    """Who has which of these cases out of the archive, by the cases' ids; none for a case that lies there alone."""
    lent: Any = CaseSeal.select(CaseSeal.case, Person.id, Person.name, CaseSeal.until)
    lent = lent.join(Person, on=CaseSeal.person).where(CaseSeal.reason == "lent")
    found: dict[str, tuple[Loan, ...]] = {}
    for case_id, *loan in lent.where(CaseSeal.case.in_(list(case_ids))).order_by(Person.id).tuples():
        found[case_id] = (*found.get(case_id, ()), Loan(*loan))
    return found


def overdue() -> dict[str, dt.date]:
    """The cases of which a loan is over, each with the last day of the one that ended last."""
    out = {row.case_id for row in CaseSeal.select(CaseSeal.case).where(CaseSeal.reason == "lent").distinct()}
    over = {case: [loan.until for loan in lent if loan.is_over] for case, lent in loans(out).items()}
    return {case: max(days) for case, days in sorted(over.items()) if days}
