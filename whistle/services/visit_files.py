"""Files a reporter adds before sending: sealed as they come in, listed, renamed, deleted, gone with the visit.

A file's bytes are sealed under a key of its own from the first chunk on. The key is known to this process while the
file comes in, and lies afterwards in the file's row under the visit's key, which only the cookie makes.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from whistle.rules import attachments as rules
from whistle.services import contexts, storage, visits
from whistle.services.access import as_stranger
from whistle.services.errors import NoRoom, NotFound
from whistle.services.use_case import reading, use_case
from whistle.store import files
from whistle.store.attachments import VisitFile
from whistle.store.fields import new_id
from whistle.store.prepared import Prepared
from whistle.vault import envelope, keys
from whistle.vault.padding import padded_size
from whistle.vault.stream import SealingStream


@dataclass(frozen=True, slots=True)
class Listed:
    """A file of a visit as its reporter sees it; `kind` is a name of `rules.attachments.KINDS`, `size` in bytes."""

    id: str
    name: str
    kind: str
    size: int


class _Counted:
    """Sealed bytes on their way into the store, hashed as they are written."""

    def __init__(self, file: files.Incoming) -> None:
        self._file = file
        self._digest = hashlib.sha256()

    def write(self, data: bytes, /) -> None:
        self._digest.update(data)
        self._file.write(data)

    def sha256(self) -> str:
        """In hex, of all that was written so far."""
        return self._digest.hexdigest()


class Receiving:
    """One file on its way in. One thread writes it; `refused` is the code of why it will not be kept.

    It takes all that is written, kept or not: whoever sends is told at the end. What was begun is forgotten unless
    `keep` was called.
    """

    def __init__(self, name: str, refused: str | None = None) -> None:
        self.id = new_id()
        self.sent_name = name
        self.refused = refused
        self.kind: rules.Kind | None = None
        self.size = 0
        self.key = keys.new_key()
        self._head = bytearray()
        self._digest = hashlib.sha256()
        self._file: files.Incoming | None = None
        self._sealing: SealingStream | None = None
        self._sealed: _Counted | None = None

    def write(self, data: bytes) -> int:
        """Take the next bytes."""
        self.size += len(data)
        if self.size > rules.MOST_BYTES:
            self._refuse("too_big")
        if self.refused is None:
            self._digest.update(data)
            try:
                self._take(data)
            except files.StoreFull:
                self._refuse("no_room")
        return len(data)

    def finish(self) -> None:
        """All bytes are here: seal the last of them."""
        if self.refused is None and not self.size:
            self._refuse("empty")
        if self.refused is not None:
            return
        try:
            if self._sealing is None:
                self._begin()
            if self._sealing is not None:
                self._sealing.close()
        except files.StoreFull:
            self._refuse("no_room")

    def keep(self) -> int:
        """Make the finished file last; returns its sealed length. Raises StoreFull."""
        if self._file is None:
            raise RuntimeError("nothing was received")
        kept, self._file = self._file, None
        try:
            return kept.keep()
        except BaseException:
            kept.discard()
            raise

    def discard(self) -> None:
        """Forget what came in, unless it was kept."""
        if self._file is not None:
            self._file.discard()
        self._file = self._sealing = None

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes so far, by which the same file is known again. It stays sealed."""
        return self._digest.hexdigest()

    @property
    def sealed_sha256(self) -> str:
        """SHA-256 of the sealed bytes as they were written; the file's row will keep it."""
        return "" if self._sealed is None else self._sealed.sha256()

    def _take(self, data: bytes) -> None:
        if self._sealing is not None:
            # Asked at every piece: what others send meanwhile takes room that nobody counts before it is kept.
            if not storage.takes_bytes(len(data)):
                raise files.StoreFull
            self._sealing.write(data)
            return
        self._head += data
        if len(self._head) >= rules.HEAD_BYTES:
            self._begin()

    def _begin(self) -> None:
        """Enough is known to tell its kind."""
        self.kind = rules.kind_of(bytes(self._head[: rules.HEAD_BYTES]))
        if self.kind is None:
            self._refuse("unknown_kind")
            return
        self._file = files.store().create(self.id)
        self._sealed = _Counted(self._file)
        self._sealing = SealingStream(self._sealed, self.key, contexts.file_content(self.id))
        self._sealing.write(bytes(self._head))
        self._head.clear()

    def _refuse(self, why: str) -> None:
        self.refused = self.refused or why
        self.discard()
        self._head.clear()


@reading
def why_not(secret: str, kind: str) -> str | None:
    """Why a visit takes no file now, as a code, before one comes in: 'no_visit', 'too_many', 'no_room'; else None."""
    as_stranger("draft.keep")
    try:
        visits.read(secret, kind)
        storage.require_room(rules.MOST_BYTES)
    except NotFound:
        return "no_visit"
    except NoRoom:
        return "no_room"
    return "too_many" if _count(secret) >= rules.MOST_FILES else None


@use_case
def stay(secret: str, kind: str) -> None:
    """Files are still coming in: the visit's time starts anew. Raises NotFound with the visit."""
    as_stranger("draft.keep")
    visits.update(secret, kind)


def keep(secret: str, kind: str, received: Receiving) -> None:
    """Put a finished file among those of a visit; sets `refused` where that cannot be. Raises NotFound with the visit.

    The visit's time starts anew. The disk is waited for before the transaction, so that no large file holds up who
    writes meanwhile; what is refused then is deleted again.
    """
    if received.refused is not None or received.kind is None:
        return
    try:
        sealed_size = received.keep()
    except files.StoreFull:
        received.refused = "no_room"
        return
    try:
        received.refused = _put(secret, kind, received, received.kind, sealed_size)
    except BaseException:
        files.store().delete(received.id)
        raise
    if received.refused is not None:
        files.store().delete(received.id)


@use_case
def _put(secret: str, kind: str, received: Receiving, found: rules.Kind, sealed_size: int) -> str | None:
    """Write the row of a file that lies in the store; why not, as a code, where it has no place in the visit."""
    as_stranger("draft.keep")
    visits.lock(secret)
    content = visits.read(secret, kind)
    known = _opened(secret)
    refused = _refusal(known, received)
    if refused is not None:
        return refused
    number = 1 + max((about["number"] for _row, about in known), default=0)
    about = {
        "name": rules.tidy_name(received.sent_name, found, number),
        "kind": found.name,
        "size": received.size,
        "key": received.key.hex(),
        "digest": received.digest,
        "number": number,
        "sealed_sha256": received.sealed_sha256,
    }
    VisitFile.create(
        id=received.id,
        visit=visits.row_id(secret),
        sealed=_seal(secret, received.id, about),
        sealed_size=sealed_size,
    )
    visits.write(secret, kind, content)
    return None


def _refusal(known: Sequence[tuple[VisitFile, dict[str, Any]]], received: Receiving) -> str | None:
    if any(about["digest"] == received.digest for _row, about in known):
        return "twice"
    if len(known) >= rules.MOST_FILES:
        return "too_many"
    try:
        storage.require_room(padded_size(received.size), is_written=True)
    except NoRoom:
        return "no_room"
    return None


@reading
def listed(secret: str) -> list[Listed]:
    """The files of a visit in the order in which they came; none where it ended."""
    as_stranger("draft.keep")
    return [Listed(row.id, about["name"], about["kind"], about["size"]) for row, about in _opened(secret)]


def digests(secret: str) -> list[str]:
    """What tells the files of a visit from others, whatever they are called; in the caller's transaction."""
    return sorted(about["digest"] for _row, about in _opened(secret))


@use_case
def rename_all(secret: str, kind: str) -> None:
    """Give every file of a visit a name that tells nothing. Raises NotFound with the visit."""
    as_stranger("draft.keep")
    visits.lock(secret)
    visits.write(secret, kind, visits.read(secret, kind))
    for row, about in _opened(secret):
        about["name"] = rules.plain_name(rules.BY_NAME[about["kind"]], about["number"])
        row.sealed = _seal(secret, row.id, about)
        row.save()


def delete(secret: str, kind: str, file: str) -> None:
    """Delete one file of a visit at once; nothing happens where it is not there. Raises NotFound with the visit."""
    if _forget(secret, kind, file):
        files.store().delete(file)


def delete_all(secret: str, kind: str) -> None:
    """Delete every file of a visit, which goes on. Raises NotFound with the visit."""
    for file in listed(secret):
        delete(secret, kind, file.id)


@use_case
def _forget(secret: str, kind: str, file: str) -> bool:
    as_stranger("draft.keep")
    visits.lock(secret)
    visits.write(secret, kind, visits.read(secret, kind))
    own = VisitFile.delete().where(VisitFile.id == file, VisitFile.visit == visits.row_id(secret))
    return bool(own.execute())


def end(secret: str) -> None:
    """End a visit, and delete its files at once."""
    for name in _end(secret):
        files.store().delete(name)


@use_case
def _end(secret: str) -> list[str]:
    as_stranger("draft.keep")
    visits.lock(secret)
    names = [row.id for row in _rows(secret)]
    visits.end(secret)
    return names


def take_over(secret: str) -> list[tuple[str, int, dict[str, Any]]]:
    """The files of a visit for what is sent now: id, sealed length, and what is known of each. They are its no more.

    In the caller's transaction, which holds the visit's lock and puts them where they belong.
    """
    taken = [(row.id, row.sealed_size, about) for row, about in _opened(secret)]
    VisitFile.delete().where(VisitFile.visit == visits.row_id(secret)).execute()
    return taken


def _rows(secret: str) -> Iterator[VisitFile]:
    return _OF_VISIT.all(visits.row_id(secret))


_OF_VISIT = Prepared(VisitFile, lambda visit: VisitFile.select().where(VisitFile.visit == visit))


def _count(secret: str) -> int:
    return int(VisitFile.select().where(VisitFile.visit == visits.row_id(secret)).count())


def _opened(secret: str) -> list[tuple[VisitFile, dict[str, Any]]]:
    key, visit = visits.key_of(secret), visits.row_id(secret)
    opened = [
        (row, envelope.open_json_record(key, row.sealed, contexts.visit_file(row.id, visit)))
        for row in _rows(secret)
    ]
    return sorted(opened, key=lambda pair: pair[1]["number"])


def _seal(secret: str, file: str, about: dict[str, Any]) -> bytes:
    context = contexts.visit_file(file, visits.row_id(secret))
    return envelope.seal_json_record(visits.key_of(secret), about, context)
