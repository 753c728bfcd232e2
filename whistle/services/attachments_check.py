"""Holds the store of files against the rows that name them: what somebody took away, cut or changed is a finding.

Presence and length are always compared. The bytes are read only where that is asked for, as it takes as long as reading
the whole store does: they are held against the hash that was taken as they were written and lies in the row, which the
log covers. A file of before there were hashes has none, and none is made up for it: it would vouch for whatever lies
there now.
"""

import hashlib
from collections.abc import Iterator

from whistle.services.ledger import Finding
from whistle.store import files
from whistle.store.attachments import Attachment
from whistle.store.database import atomic_read

#: Rows asked for at once, and bytes read at once.
PAGE, PIECE = 500, 1024 * 1024


def check_files() -> Iterator[Finding]:
    """Each attachment whose file is not there in the length it was kept in."""
    for file in lost():
        yield Finding("file_missing", None, f"attachment {file}", "attachment", file)


def lost() -> Iterator[str]:
    """The ids of attachments whose file is gone, or has another length."""
    store = files.store()
    rows = Attachment.select(Attachment.id, Attachment.sealed_size).order_by(Attachment.id).tuples()
    for file, sealed_size in rows.iterator():
        if store.size(file) != sealed_size:
            yield file


def check_contents() -> Iterator[Finding]:
    """Each attachment whose file is there, and is not what was written. Reads every file; in no transaction."""
    for file, sha256 in _hashed():
        found = _sha256(file)
        if found is not None and found != sha256:
            yield Finding("file_changed", None, f"attachment {file}", "attachment", file)


def count_unhashed() -> int:
    """How many files of earlier versions have no hash to be held against."""
    with atomic_read():
        return int(Attachment.select().where(Attachment.file_sha256.is_null()).count())


def _hashed() -> Iterator[tuple[str, bytes]]:
    """The files with a hash, page by page: nobody waits for the database while they are read."""
    last = ""
    while True:
        rows = Attachment.select(Attachment.id, Attachment.file_sha256).order_by(Attachment.id)
        rows = rows.where(Attachment.id > last, Attachment.file_sha256.is_null(False)).limit(PAGE)
        with atomic_read():
            page = [(row.id, bytes(row.file_sha256 or b"")) for row in rows]
        if not page:
            return
        yield from page
        last = page[-1][0]


def _sha256(file: str) -> bytes | None:
    """The hash of a file as it lies there now; None where it is gone, which is a finding of its own."""
    digest = hashlib.sha256()
    try:
        with files.store().open(file) as inp:
            while piece := inp.read(PIECE):
                digest.update(piece)
    except FileNotFoundError:
        return None
    return digest.digest()
