"""Holds the store of files against the rows that name them: a file that somebody took away or cut is a finding.

What is in a file is not read: a chunk that was changed does not open, and the key lies in the row that the log covers.
"""

from collections.abc import Iterator

from whistle.services.ledger import Finding
from whistle.store import files
from whistle.store.attachments import Attachment


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
