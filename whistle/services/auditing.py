"""The auditor's view of the log: how long it is, when it was last signed, and whether all in it still matches."""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from itertools import islice
from typing import Any

from whistle.services import ledger
from whistle.services.access import Acting, is_open_to, require
from whistle.services.attachments_check import check_contents, check_files, count_unhashed
from whistle.services.casework.clock_check import check_clocks
from whistle.services.use_case import reading
from whistle.store.base import database
from whistle.store.cases import Case
from whistle.store.entries import Checkpoint, Entry, LogHead
from whistle.store.schema import TABLES

#: Findings whose number is neither a leaf's nor a checkpoint's of this log.
UNPLACED = frozenset({"gap", "kept_signature", "kept_size", "kept_root"})


@dataclasses.dataclass(frozen=True, slots=True)
class Placed:
    """A finding, with the case's number and the day where they are known."""

    finding: ledger.Finding
    case: str | None
    day: dt.date | None


@dataclasses.dataclass(frozen=True, slots=True)
class Checked:
    """What a check came to, its findings placed."""

    result: ledger.Verification
    findings: tuple[Placed, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Overview:
    """The log's length now, and its newest signed checkpoint."""

    size: int
    signed_size: int | None
    signed_on: dt.date | None
    signed_root: bytes | None
    note: str | None

    @property
    def unsigned(self) -> int:
        """The leaves that came after the newest checkpoint."""
        return max(0, self.size - (self.signed_size or 0))


@reading
def overview(by: Acting) -> Overview:
    """How the log stands."""
    require(by, "log.verify")
    last: Checkpoint | None = Checkpoint.select().order_by(Checkpoint.size.desc()).first()
    head = LogHead.get_or_none()
    return Overview(
        size=0 if head is None else head.size,
        signed_size=None if last is None else last.size,
        signed_on=None if last is None else last.day,
        signed_root=None if last is None else bytes(last.root),
        note=None if last is None else last.note,
    )


def verify(by: Acting) -> Checked:
    """Check every leaf, row and signature now; reads the whole log. Raises `ledger.Unreadable` without a database.

    What is found in a case that is not there for this person is left out; the auditor sees all.
    """
    ask(by)
    result = check()
    placed = tuple(_place(by, result.findings))
    return Checked(dataclasses.replace(result, findings=tuple(row.finding for row in placed)), placed)


def check(kept: str | None = None, *, with_files: bool = False) -> ledger.Verification:
    """The whole check, for the machine's own shell too; `kept` is a signed note kept elsewhere, to compare with.

    `with_files` reads every file of a report too, which takes as long as there are files; those of earlier versions,
    of which no hash was taken, make the check incomplete. Raises `ledger.Unreadable` and `ledger.NoNote`.
    """
    result = ledger.verify(kept=kept, also=(check_clocks, check_files))
    return _with_files(result) if with_files else result


def _with_files(result: ledger.Verification) -> ledger.Verification:
    changed = check_contents()
    findings = (*result.findings, *islice(changed, max(0, ledger.MOST - len(result.findings))))
    unchecked = list(result.unchecked)
    if next(changed, None) is not None and "more_findings" not in unchecked:
        unchecked.append("more_findings")
    unhashed = count_unhashed()
    if unhashed:
        unchecked.append(f"files_without_hash {unhashed}")
    return dataclasses.replace(result, findings=findings, unchecked=tuple(unchecked))


@reading
def ask(by: Acting) -> None:
    """Whether this person may check the log; raises NotAllowed."""
    require(by, "log.verify")


@reading
def _place(by: Acting, findings: Sequence[ledger.Finding]) -> list[Placed]:
    require(by, "log.verify")
    cases = [_case_of(finding.table, finding.row) for finding in findings]
    return [
        Placed(finding, _number(case_id), _day(finding))
        for finding, case_id in zip(findings, cases, strict=True)
        if not _is_hidden(by, case_id)
    ]


def _is_hidden(by: Acting, case_id: str | None) -> bool:
    """Whether nothing may tell this person of a case: who keeps off it, and of one in sealed handling the head."""
    if case_id is None or by.role == "auditor":
        return False
    is_hidden = ~is_open_to(by.person_id)
    if by.role != "oversight":
        is_hidden |= Case.is_flagged
    return database.execute(Case.select(Case.id).where(Case.id == case_id, is_hidden)).fetchone() is not None


def _number(case_id: str | None) -> str | None:
    """The number of the case a finding's row belongs to, where row and number are still there."""
    found = (
        database.execute(Case.select(Case.number).where(Case.id == case_id)).fetchone() if case_id else None
    )
    return None if found is None else found[0]


def _case_of(table: str, row: str) -> str | None:
    """The case that a row belongs to, by itself or through its report."""
    if table == "case":
        return row
    model = next((model for model in TABLES if model._meta.table_name == table), None)
    columns = {} if model is None else model._meta.fields
    owner = next((name for name in ("case", "report") if name in columns), None)
    if model is None or owner is None:
        return None
    found = database.execute(model.select(columns[owner]).where(model._meta.primary_key == row)).fetchone()
    if found is None or owner == "case":
        return None if found is None else str(found[0])
    return _case_of("report", str(found[0]))


def _day(finding: ledger.Finding) -> dt.date | None:
    """The day of the leaf, or of the checkpoint, that a finding is about."""
    if finding.index is None:
        return None
    asked: Any
    if finding.kind.startswith("checkpoint"):
        asked = Checkpoint.select(Checkpoint.day).where(Checkpoint.size == finding.index)
    else:
        asked = Entry.select(Entry.day).where(Entry.position == finding.index)
    found = None if finding.kind in UNPLACED else database.execute(asked).fetchone()
    try:
        return None if found is None else dt.date.fromisoformat(found[0])
    except ValueError:
        return None
