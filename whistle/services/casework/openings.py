"""Who opened what is in a case: recorded once for each session, before anything is shown."""

from collections.abc import Sequence

from whistle import clock
from whistle.services import ledger
from whistle.services.access import Acting
from whistle.store.cases import Case, Opening


def note(by: Acting, case: Case) -> None:
    """Record that a person opens a case, in the transaction that opens it."""
    note_all(by, [case.id])


def note_all(by: Acting, case_ids: Sequence[str]) -> None:
    """Record that a person opens some cases: those that this session had not opened before."""
    seen = Opening.select(Opening.case).where(
        Opening.case.in_(case_ids), Opening.person == by.person_id, Opening.session == by.session_id
    )
    known = {row.case_id for row in seen}
    for case_id in case_ids:
        if case_id not in known:
            row = Opening.create(
                case=case_id, person=by.person_id, session=by.session_id, recorded_at=clock.now()
            )
            ledger.append("other", "opened", row, by=by.person_id)
