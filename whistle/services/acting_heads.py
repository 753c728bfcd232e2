"""Who decides in the head's place: looked up anew each time; entered in `headship` and by casework (rulebook §2).

In one case the acting head holds the case until it ends. For days, in all cases, the acting head holds nothing but what
a proposal or a recusal to be decided brings, and that goes with the decision.
"""

from typing import Any

from whistle import clock
from whistle.store.cases import Case
from whistle.store.people import Person
from whistle.store.recusals import ActingHead

#: Who may be entered as acting head.
ROLES = frozenset({"intake", "officer", "reviewer", "deputy"})


def standing(case: Any) -> Any:
    """The rows in force today for a case, by its id or by a column of such, as a query; sealed handling has none."""
    today = clock.today()
    for_days = ActingHead.case.is_null() & (ActingHead.from_on <= today) & (ActingHead.to_on >= today)
    return ActingHead.select().where(ActingHead.ended_at.is_null(), (ActingHead.case == case) | for_days)


def of(case: Case) -> list[Person]:
    """Those who act as head in a case now."""
    if case.is_flagged:
        return []
    return list(
        Person.select()
        .where(Person.id.in_(standing(case.id).select(ActingHead.person)))
        .where(Person.state == "active", Person.role.in_(ROLES))
        .order_by(Person.id)
    )


def acts(person_id: int, case: Case) -> bool:
    """Whether a person acts as head in a case now."""
    return not case.is_flagged and standing(case.id).where(ActingHead.person == person_id).exists()
