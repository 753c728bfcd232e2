"""The archive desk 档案: where concluded cases lie, opened by two of its members together."""

from whistle.services import grants
from whistle.services.access import Acting
from whistle.store.cases import Case, CaseSeal
from whistle.store.desks import Desk

#: Fewest members who can let a case out of the archive: one asks, another agrees.
MEMBERS_AT_LEAST = 2


def desk() -> Desk | None:
    """The archive desk, once it has a key and two members who were let in; None before."""
    found: Desk | None = Desk.select().where(Desk.kind == "archive").order_by(Desk.id).first()
    if found is None or grants.desk_key(found) is None:
        return None
    return found if len(grants.desk_people(found)) >= MEMBERS_AT_LEAST else None


def lies_there(case: Case) -> bool:
    """Whether a case lies with an archive desk."""
    held = CaseSeal.select().where(CaseSeal.case == case, CaseSeal.reason == "archive")
    return bool(held.exists())


def borrowers(case: Case) -> list[int]:
    """The people a case is lent to now."""
    lent = CaseSeal.select(CaseSeal.person).where(CaseSeal.case == case, CaseSeal.reason == "lent")
    return [seal.person_id for seal in lent if seal.person_id is not None]


def is_lent_to(case: Case, by: Acting) -> bool:
    """Whether a case is lent to this person."""
    return by.person_id in borrowers(case)
