"""The file for the superior, made again: a page that was lost must not lose a report that has already gone up."""

from whistle.rules import workflow
from whistle.services import grants, ledger
from whistle.services.access import Acting, require
from whistle.services.casework import openings, upward
from whistle.services.casework.act import find_case
from whistle.services.casework.words import newest_words
from whistle.services.errors import Conflict
from whistle.services.use_case import use_case


@use_case
def again(by: Acting, case_ref: str) -> bytes:
    """The package of a case that was forwarded; each making leaves a leaf. Raises Conflict 'state' before that."""
    case = find_case(case_ref, lock=True)
    require(by, "case.read", case)
    if case.state != workflow.ACTIONS["forward_up"].to:
        raise Conflict("state", state=case.state, action="forward_up")
    key = grants.case_key(by, case)
    openings.note(by, case)
    ledger.append("other", "package_again", None, by.person_id, case=case.id)
    note = newest_words(case, key, "forward_up").get("note", "")
    return upward.make(case, key, note)
