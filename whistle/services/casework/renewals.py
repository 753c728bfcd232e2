"""New keys for cases that somebody lost by a deactivation, made in the session of whoever still holds them."""

from whistle.services import grants
from whistle.services.access import Acting, require
from whistle.services.casework.scope import held_cases
from whistle.services.use_case import reading, use_case
from whistle.store.cases import Case
from whistle.store.database import lock_row

#: How many cases one press of the button renews; the page says how many are left.
AT_ONCE = 200


@reading
def count(by: Acting) -> int:
    """How many cases this person holds that want new keys."""
    require(by, "case.list")
    return int(_waiting(by).count())


@use_case
def renew(by: Acting) -> int:
    """Make new keys for up to 200 such cases; returns how many. Each gets a leaf for its new generation.

    All are locked before the first is renewed; those that another renewed while this waited are left as they are.
    """
    require(by, "case.list")
    rows = list(lock_row(_waiting(by).limit(AT_ONCE)))
    for row in rows:
        case = Case.get_by_id(row.id)
        require(by, "case.renew_keys", case)
        if case.needs_new_keys:  # what was merged into one of them has its own already
            grants.owe_line(case, grants.renew(case, grants.case_key(by, case)))
    return len(rows)


def _waiting(by: Acting):  # type: ignore[no-untyped-def]
    return held_cases(by).where(Case.needs_new_keys).order_by(Case.id)
