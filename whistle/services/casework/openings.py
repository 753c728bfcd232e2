"""Who opened what is in a case: recorded once for each session, before anything is shown."""

from whistle import clock
from whistle.services import ledger
from whistle.services.access import Acting
from whistle.store.cases import Case, Opening


def note(by: Acting, case: Case) -> None:
    """Record that a person opens a case, in the transaction that opens it."""
    seen = Opening.select().where(
        Opening.case == case, Opening.person == by.person_id, Opening.session == by.session_id
    )
    if not seen.exists():
        row = Opening.create(case=case, person=by.person_id, session=by.session_id, recorded_at=clock.now())
        ledger.append("other", "opened", row, by=by.person_id)
