"""An officer looks at a report's file: a page with a frame, and for the frame a token of some minutes.

The frame belongs to no origin, so that nothing in a file can act as the officer; it is sent no cookie, and its token
alone says what it may have. A token is worth nothing once the session it was made in has ended, or the officer may no
longer read the case.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from whistle import clock
from whistle.rules import attachments as rules
from whistle.services import acting_heads, attachments, contexts, grants, ledger, sessions
from whistle.services.access import Acting, as_stranger, is_shut_out, require
from whistle.services.attachments import File
from whistle.services.casework import openings
from whistle.services.casework.act import find_case, reference
from whistle.services.errors import NotFound
from whistle.services.use_case import reading, use_case
from whistle.store.attachments import Attachment, FileView
from whistle.vault import envelope, keys
from whistle.vault.errors import VaultError

#: How long a frame may ask for its file, counted from when its page was made. A long film is reloaded with the page.
LIFETIME = dt.timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Look:
    """A file on an officer's page, and the token its frame gets."""

    case_ref: str
    file: File
    token: str


@dataclass(frozen=True, slots=True)
class Opened:
    """What a token opens: enough to read the file with, and nothing of its case."""

    file: str
    name: str
    kind: rules.Kind
    size: int
    sealed_size: int
    key: bytes

    def read(self, start: int, stop: int) -> Iterator[bytes]:
        """Its bytes from `start` to before `stop`, piece by piece.

        Raises NotFound at once where the file is gone from the store, or not what was kept; where only a later piece
        is broken, SealBroken when it is its turn.
        """
        pieces = attachments.read(self.file, self.key, self.sealed_size, start, stop)
        try:
            first = next(pieces, b"")
        except VaultError:
            raise NotFound("file") from None
        return _with(first, pieces)


def _with(first: bytes, others: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from others


@use_case
def look(by: Acting, case_ref: str, file_id: str) -> Look:
    """A file of a case with a token for its frame; a leaf says who looked at which.

    Raises NotFound for one that is none of this case's.
    """
    case = find_case(case_ref, lock=True)
    require(by, "case.read", case)
    key = grants.case_key(by, case)
    row = Attachment.get_or_none(Attachment.id == file_id)
    report = None if row is None else next((r for r in case.reports if r.id == row.report_id), None)
    if report is None:
        raise NotFound("file")
    found = attachments.find(report.id, file_id, lambda number: grants.report_key(case, key, report, number))
    token = keys.token()
    view = keys.hash_token(token).hex()
    about = {"name": found.name, "kind": found.kind.name, "size": found.size, "key": found.key.hex()}
    until = clock.now() + LIFETIME
    FileView.create(
        id=view,
        attachment=found.id,
        session=by.session_id,
        sealed=envelope.seal_json_record(_key(token), about, contexts.file_view(view)),
        expires_at=until,
    )
    openings.note(by, case)
    ledger.append("other", "file_opened", None, by.person_id, case=case.id, file=found.id)
    return Look(reference(case), found, token)


@reading
def opened(token: str) -> Opened:
    """What a frame's token opens; raises NotFound when its time, its session or the officer's grant is over."""
    as_stranger("file.frame")
    view = FileView.get_or_none(FileView.id == keys.hash_token(token).hex())
    if (
        view is None
        or view.expires_at <= clock.now()
        or sessions.has_ended(view.session)
        or not _still_reads(view)
    ):
        raise NotFound("file")
    about = envelope.open_json_record(_key(token), view.sealed, contexts.file_view(view.id))
    return Opened(
        file=view.attachment_id,
        name=about["name"],
        kind=rules.BY_NAME[about["kind"]],
        size=about["size"],
        sealed_size=view.attachment.sealed_size,
        key=bytes.fromhex(about["key"]),
    )


def _still_reads(view: FileView) -> bool:
    person, case = view.session.person_id, view.attachment.report.case
    return acting_heads.opens(person, case) and not is_shut_out(case, person)


def sweep() -> int:
    """Delete the tokens whose time is over, in the caller's transaction; returns how many."""
    return int(FileView.delete().where(FileView.expires_at <= clock.now()).execute())


def _key(token: str) -> bytes:
    return keys.derive(token.encode(), "file-view")
