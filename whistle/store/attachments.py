"""Files that reporters attach: of a visit, before they are sent, and of a report afterwards.

The sealed bytes lie in `store.files` under a row's id. What is in the database is the sealed description, which holds
the file's key, and the sealed length.
"""

from __future__ import annotations

from peewee import BlobField, Check, ForeignKeyField, IntegerField, TextField

from whistle.store.base import RandomIdTable
from whistle.store.fields import InstantField, new_id
from whistle.store.people import OfficerSession, ReporterSession
from whistle.store.reports import Message, Report


class VisitFile(RandomIdTable):
    """A file that came in a visit and was not sent yet: it goes with the visit. Described under the visit's key."""

    id = TextField(primary_key=True, default=new_id)
    visit = ForeignKeyField(ReporterSession, backref="files", on_delete="CASCADE")
    visit_id: str
    sealed = BlobField()
    sealed_size = IntegerField(constraints=[Check("sealed_size > 0")])


class Attachment(RandomIdTable):
    """A file of a report, or of a later message of its reporter. Described under the report key of its generation."""

    id = TextField(primary_key=True, default=new_id)
    report = ForeignKeyField(Report, backref="attachments")
    report_id: str
    message = ForeignKeyField(Message, null=True, backref="attachments")
    message_id: str | None
    generation = IntegerField()
    sealed = BlobField()
    sealed_size = IntegerField(constraints=[Check("sealed_size > 0")])
    #: SHA-256 of the sealed bytes, taken as they were written; None for files sealed by versions that took none.
    file_sha256 = BlobField(null=True, constraints=[Check("length(file_sha256) = 32")])


class FileView(RandomIdTable):
    """An officer looks at a file: for minutes, under a token that only the page's frame holds.

    The frame is of no origin and is sent no cookie; the row ends with the session it was made in.
    """

    id = TextField(primary_key=True)
    attachment = ForeignKeyField(Attachment, backref="views")
    attachment_id: str
    session = ForeignKeyField(OfficerSession, backref="views", on_delete="CASCADE")
    session_id: int
    sealed = BlobField()
    expires_at = InstantField(index=True)
