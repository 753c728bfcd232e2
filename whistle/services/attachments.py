"""Files of a report: put where they belong when it is sent, and described to whoever holds the report's key.

A file's bytes stay sealed under the file's own key as they came in; the description, which holds that key, is sealed
under the report key, so whoever may read the report may open its files, and nobody else.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from whistle.rules import attachments as rules
from whistle.services import contexts, ledger, visit_files
from whistle.services.errors import Conflict, NotFound
from whistle.services.messages import Letter
from whistle.store import files
from whistle.store.attachments import Attachment
from whistle.store.reports import Message, Report
from whistle.vault import envelope
from whistle.vault.stream import CHUNK, open_part


@dataclass(frozen=True, slots=True)
class File:
    """A report's file. `size` is its true length in bytes; `message_id` the message it came with, None: the report.

    `is_there`: the store has it, in the length it was kept in. Where not, somebody took it away.
    """

    id: str
    name: str
    kind: rules.Kind
    size: int
    message_id: str | None
    is_there: bool
    sealed_size: int = field(repr=False, default=0)
    key: bytes = field(repr=False, default=b"")

    @property
    def is_named_otherwise(self) -> bool:
        """Whether its name says another kind than its content."""
        return not self.kind.fits(self.name)


def put(secret: str, report: Report, report_key: bytes, *, message: Message | None = None) -> int:
    """Take over a visit's files for a report that is being sent, or a message of it; returns how many.

    In the caller's transaction, which holds the visit's lock. Raises Conflict 'too_many_files' for a report that has
    had all it may have.
    """
    taken = visit_files.take_over(secret)
    had = Attachment.select().where(Attachment.report == report).count()
    if taken and had + len(taken) > rules.MOST_OF_REPORT:
        raise Conflict("too_many_files", most=rules.MOST_OF_REPORT)
    for file, sealed_size, about in taken:
        sha256 = about.pop("sealed_sha256", None)  # none where the file came in before it was taken
        context = contexts.attachment(file, report.id, report.key_generation)
        row = Attachment(
            id=file,
            report=report,
            message=message,
            generation=report.key_generation,
            sealed=envelope.seal_json_record(report_key, about, context),
            sealed_size=sealed_size,
            file_sha256=None if sha256 is None else bytes.fromhex(sha256),
        )
        row.save(force_insert=True)
        ledger.append("other", "attachment", row)
    return len(taken)


def of_report(report: Report, key_of: Callable[[int], bytes], letters: Sequence[Letter]) -> list[File]:
    """A report's files in the order in which they came: its own, then those of its messages, which are `letters`."""
    rows = list(Attachment.select().where(Attachment.report == report))
    keys = {generation: key_of(generation) for generation in {row.generation for row in rows}}
    opened = [(row, _about(row, keys[row.generation])) for row in rows]
    place = {letter.id: place for place, letter in enumerate(letters)}
    opened.sort(key=lambda pair: (place.get(pair[0].message_id or "", -1), pair[1]["number"]))
    return [_file(row, about) for row, about in opened]


def find(report_id: str, file: str, key_of: Callable[[int], bytes]) -> File:
    """One file of a report; raises NotFound."""
    row = Attachment.get_or_none(Attachment.id == file, Attachment.report == report_id)
    if row is None:
        raise NotFound("file")
    return _file(row, _about(row, key_of(row.generation)))


def read(file: str, key: bytes, sealed_size: int, start: int, stop: int) -> Iterator[bytes]:
    """The bytes of a file from `start` to before `stop`, in constant memory; raises NotFound where it is gone."""
    try:
        inp = files.store().open(file)
    except FileNotFoundError:
        raise NotFound("file") from None

    def pieces() -> Iterator[bytes]:
        with inp:
            yield from open_part(inp, key, contexts.file_content(file), sealed_size, start, stop)

    return pieces()


def read_sealed(file: str) -> Iterator[bytes]:
    """The sealed bytes of a file, as they lie in the store; raises NotFound where it is gone."""
    try:
        inp = files.store().open(file)
    except FileNotFoundError:
        raise NotFound("file") from None
    with inp:
        while piece := inp.read(CHUNK):
            yield piece


def _about(row: Attachment, key: bytes) -> dict[str, Any]:
    about: dict[str, Any] = envelope.open_json_record(
        key, row.sealed, contexts.attachment(row.id, row.report_id, row.generation)
    )
    return about


def _file(row: Attachment, about: dict[str, Any]) -> File:
    return File(
        id=row.id,
        name=about["name"],
        kind=rules.BY_NAME[about["kind"]],
        size=about["size"],
        message_id=row.message_id,
        is_there=files.store().size(row.id) == row.sealed_size,
        sealed_size=row.sealed_size,
        key=bytes.fromhex(about["key"]),
    )
