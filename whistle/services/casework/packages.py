"""The file for the superior, made again: a page that was lost must not lose a report that has already gone up.

And the reporter's files that go with it, sealed as they lie here: the package has the keys that open them.
"""

from collections.abc import Iterator

from whistle.rules import workflow
from whistle.services import attachments, grants, ledger, superior
from whistle.services.access import Acting, require
from whistle.services.casework import openings, upward
from whistle.services.casework.act import find_case
from whistle.services.casework.words import newest_words
from whistle.services.errors import Conflict
from whistle.services.use_case import reading, use_case
from whistle.store import files
from whistle.store.attachments import Attachment
from whistle.store.cases import Case


@use_case
def again(by: Acting, case_ref: str) -> bytes:
    """The package of a case that was forwarded; each making leaves a leaf. Raises Conflict 'state' before that."""
    case = _forwarded(by, case_ref)
    key = grants.case_key(by, case)
    openings.note(by, case)
    ledger.append("other", "package_again", None, by.person_id, case=case.id)
    note = newest_words(case, key, "forward_up").get("note", "")
    return upward.make(case, key, note)


@reading
def has_files(by: Acting, case_ref: str) -> bool:
    """Whether files go with the package of a case that was forwarded."""
    return bool(_rows(_forwarded(by, case_ref, lock=False)))


@use_case
def list_files(by: Acting, case_ref: str) -> list[tuple[str, int]]:
    """The files that go with the package, by id and sealed length; handing them over leaves a leaf.

    One that is gone from the store keeps none of the others here; who opens the package is told that it is left out.
    """
    case = _forwarded(by, case_ref)
    openings.note(by, case)
    ledger.append("other", "package_files", None, by.person_id, case=case.id)
    store = files.store()
    return [(row.id, row.sealed_size) for row in _rows(case) if store.size(row.id) == row.sealed_size]


def bundle(case_ref: str, listed: list[tuple[str, int]]) -> Iterator[bytes]:
    """The files as one, as `superior` says, in constant memory; raises NotFound for one that is gone."""
    yield superior.bundle_line(case_ref)
    for file, sealed_size in listed:
        yield superior.file_line(file, sealed_size)
        yield from attachments.read_sealed(file)


def _forwarded(by: Acting, case_ref: str, *, lock: bool = True) -> Case:
    case = find_case(case_ref, lock=lock)
    require(by, "case.read", case)
    if case.state != workflow.ACTIONS["forward_up"].to:
        raise Conflict("state", state=case.state, action="forward_up")
    return case


def _rows(case: Case) -> list[Attachment]:
    reports = [report.id for report in case.reports]
    return list(Attachment.select().where(Attachment.report.in_(reports)).order_by(Attachment.id))
