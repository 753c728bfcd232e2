"""The log's signing keys and its daily public checkpoints.

The keys lie in `log_signing.key` in the instance folder, readable by its owner alone, one a line, made with
the first checkpoint. The log's name in every checkpoint is fixed with them. Their loss does not endanger the
log, but nothing that was signed can then be verified here, so a missing file is an error as soon as a
checkpoint exists.
"""

import datetime as dt
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from whistle import clock
from whistle.ledger import checkpoints, tree
from whistle.services.errors import ServiceError
from whistle.services.ledger.leaves import stored_nodes
from whistle.store.database import atomic_write, lock_row
from whistle.store.entries import Checkpoint, LogHead

KEY_FILE = "log_signing.key"
#: Random part of the log's name, which has to be no other log's and tells nothing of where this one runs.
NAME_BYTES = 8

#: The folder of the running instance. Written once, at start, by `use_instance`.
_instance: Path | None = None


def use_instance(folder: Path) -> None:
    """The signing keys lie in this folder from now on."""
    global _instance
    _instance = folder


def key_path() -> Path:
    """Where the signing keys lie."""
    if _instance is None:
        raise RuntimeError("use_instance first")
    return _instance / KEY_FILE


def has_keys() -> bool:
    """Whether this instance has signed: the file is there, readable or not."""
    return _instance is not None and key_path().exists()


class SigningKeyMissing(ServiceError):
    """Checkpoints exist but the key file does not; `path` is where it belongs."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


class LogDamaged(ServiceError):
    """The log no longer leads back to the checkpoint of `size` leaves, so nothing more is signed."""

    def __init__(self, size: int) -> None:
        super().__init__(str(size))
        self.size = size


class LogEmpty(ServiceError):
    """Nothing was ever logged, so that there is nothing to sign."""


@dataclass(frozen=True, slots=True)
class PublicCheckpoint:
    """A signed checkpoint as the public sees it."""

    size: int
    root: bytes
    day: dt.date
    note: str


def make_checkpoint() -> PublicCheckpoint:
    """Sign the log as it stands; again on a day, or without new leaves, the last checkpoint is returned.

    Signed more often, size and time would tell when a single report came in. Raises SigningKeyMissing,
    LogDamaged, LogEmpty.
    """
    with atomic_write():
        size = lock_row(LogHead.select()).get().size
        last = Checkpoint.select().order_by(Checkpoint.size.desc()).first()
        if last is None and not size:
            raise LogEmpty
        if last is not None and (last.day >= clock.today() or last.size == size):
            return _public(last)
        if last is not None and root_of(last.size) != bytes(last.root):
            raise LogDamaged(last.size)
        keys = _keys(may_make=last is None)
        head = checkpoints.Head(keys[0].name, size, root_of(size))
        at = clock.now()
        note = checkpoints.sign(head, keys, int(at.timestamp()))
        made = Checkpoint.create(size=size, root=head.root, day=clock.today(), note=note, made_at=at)
        return _public(made)


def has_checkpoint(day: dt.date) -> bool:
    """Whether the log was signed on a day."""
    return bool(Checkpoint.select().where(Checkpoint.day == day).exists())


def root_of(size: int) -> bytes:
    """The root of the first `size` leaves from the stored nodes; raises LogDamaged when one is missing."""
    nodes = stored_nodes(tree.peaks(size))
    try:
        return tree.root(size, lambda level, place: nodes[level, place])
    except KeyError as missing:
        raise LogDamaged(size) from missing


def read_keys() -> tuple[checkpoints.SigningKey, ...]:
    """The signing keys; raises SigningKeyMissing, or CheckpointError for a damaged file."""
    path = key_path()
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError as missing:
        raise SigningKeyMissing(path) from missing
    keys = tuple(checkpoints.read_signing_key(line) for line in lines if line)
    if not keys or len({key.name for key in keys}) != 1:
        raise checkpoints.CheckpointError("the key file holds the keys of one log")
    return keys


def _keys(*, may_make: bool) -> tuple[checkpoints.SigningKey, ...]:
    try:
        return read_keys()
    except SigningKeyMissing:
        if not may_make:
            raise
    keys = checkpoints.new_keys(f"whistle-{secrets.token_hex(NAME_BYTES)}/ledger")
    descriptor = os.open(key_path(), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(key.to_text() + "\n" for key in keys)
    return keys


def _public(row: Checkpoint) -> PublicCheckpoint:
    return PublicCheckpoint(row.size, bytes(row.root), row.day, row.note)
