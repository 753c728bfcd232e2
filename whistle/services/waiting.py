"""What waits for a person beside cases: wishes for recusal, people to let in, changes to confirm, keys to make."""

from dataclasses import dataclass

from whistle.services import access, admissions, confirmations, desks, recusal, superior
from whistle.services.access import Acting
from whistle.services.use_case import reading


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many of each; none for who has nothing to do with it."""

    recusals: int = 0
    people: int = 0
    changes: int = 0
    keys: int = 0
    #: The superior's key waits to be compared by this person.
    superior_key: bool = False


@reading
def count(by: Acting) -> Waiting:
    """What this person could do now on the pages of recusals, of admissions and of keys."""
    access.require(by, "case.list")
    return Waiting(
        recusals=recusal.count(by),
        people=len(admissions.waiting(by)) if access.may(by, "admissions.waiting") else 0,
        changes=len(confirmations.waiting(by)) if access.may(by, "confirmations.decide") else 0,
        keys=desks.count_keys(by) if access.may(by, "desks.renewals") else 0,
        superior_key=access.may(by, "superior.confirm") and superior.state(by).may_confirm,
    )
