"""The auditor's view of the log: how long it is, when it was last signed, and whether all in it still matches."""

import dataclasses
import datetime as dt

from whistle.services import ledger
from whistle.services.access import Acting, require
from whistle.services.use_case import reading
from whistle.store.entries import Checkpoint, LogHead


@dataclasses.dataclass(frozen=True, slots=True)
class Overview:
    """The log's length now, and its newest signed checkpoint."""

    size: int
    signed_size: int | None
    signed_on: dt.date | None
    note: str | None


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
        note=None if last is None else last.note,
    )


def verify(by: Acting) -> ledger.Verification:
    """Check every leaf, row and signature now; reads the whole log. Raises `ledger.Unreadable` without a database."""
    _ask(by)
    return ledger.verify()


@reading
def _ask(by: Acting) -> None:
    require(by, "log.verify")
