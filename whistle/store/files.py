"""Where sealed files lie: a folder of this machine behind the few verbs that a store of objects elsewhere has too.

A file's name is the random id of its row; nothing else is known of it outside the database. It gets that name whole
or not at all: until `keep` it lies beside under a name of its own, and what a killed process left there stays sealed
under a key that went with it. Times of files are those of their day's begin, as rows of reporters have days alone.

`use` binds the process to its store once, before the server forks; a store is shared by all threads and processes and
keeps no state of its own.
"""

import datetime as dt
import errno
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from whistle import clock

NAME = re.compile(r"[0-9a-f]{24}")
#: A file that is still being written: its name, a dot, and a random mark of who writes it.
PART = re.compile(r"([0-9a-f]{24})\.[0-9a-f]{8}\.part")
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class StoreFull(Exception):
    """There is no room for what was to be written; nothing of it was kept."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as the store knows it: its length in bytes, the day it is from, and whether it was ever finished."""

    name: str
    size: int
    on: dt.date
    is_whole: bool


class Incoming(Protocol):
    """A file on its way in. One thread writes it."""

    def write(self, data: bytes, /) -> None:
        """Take all of the bytes; raises StoreFull."""

    def keep(self) -> int:
        """Make the file last under its name, and return its length; raises StoreFull."""

    def discard(self) -> None:
        """Forget it; nothing happens where it was kept or forgotten already."""


class Files(Protocol):
    """What a store has to be able to do."""

    def create(self, name: str) -> Incoming:
        """Begin a file; raises StoreFull."""

    def open(self, name: str) -> BinaryIO:
        """A file to read from any place of it; raises FileNotFoundError."""

    def delete(self, name: str) -> None:
        """Delete a file; nothing happens where there is none."""

    def all(self) -> Iterator[Kept]:
        """Every file, finished or not."""

    def size(self, name: str) -> int | None:
        """A finished file's length; None where there is none."""

    def free(self) -> int | None:
        """Bytes that can still be written; None where nobody can say."""


class Folder:
    """Files in a folder of this machine, for its owner alone, spread over 256 folders by the start of their names."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def create(self, name: str) -> "FolderFile":
        """Begin a file; raises StoreFull."""
        final = self._path(name)
        try:
            final.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            return FolderFile(final)
        except OSError as fault:
            raise _told(fault) from None

    def open(self, name: str) -> BinaryIO:
        """A file to read from any place of it; raises FileNotFoundError."""
        return self._path(name).open("rb")

    def delete(self, name: str) -> None:
        """Delete a file, and what an upload of that name left unfinished."""
        final = self._path(name)
        final.unlink(missing_ok=True)
        for part in final.parent.glob(f"{name}.*.part"):
            part.unlink(missing_ok=True)

    def all(self) -> Iterator[Kept]:
        """Every file, finished or not, in no order."""
        for entry in self._entries():
            part = PART.fullmatch(entry.name)
            if part or NAME.fullmatch(entry.name):
                with suppress(FileNotFoundError):  # finished, or deleted, a moment ago
                    found = entry.stat()
                    on = clock.local(dt.datetime.fromtimestamp(found.st_mtime, dt.UTC)).date()
                    yield Kept(part[1] if part else entry.name, found.st_size, on, is_whole=part is None)

    def _entries(self) -> Iterator[os.DirEntry[str]]:
        with suppress(FileNotFoundError), os.scandir(self.root) as folders:
            for folder in folders:
                if folder.is_dir(follow_symlinks=False):
                    with os.scandir(folder) as entries:
                        yield from entries

    def size(self, name: str) -> int | None:
        """A finished file's length; None where there is none."""
        try:
            return self._path(name).stat().st_size
        except FileNotFoundError:
            return None

    def free(self) -> int | None:
        """Bytes that this process may still write here."""
        here = self.root
        while not here.exists():
            here = here.parent
        found = os.statvfs(here)
        return found.f_bavail * found.f_frsize

    def _path(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise ValueError("a file's name is its row's id")
        return self.root / name[:2] / name


class FolderFile:
    """A file of a folder on its way in."""

    def __init__(self, final: Path) -> None:
        self._final = final
        self._part = final.with_name(f"{final.name}.{secrets.token_hex(4)}.part")
        self._file = os.fdopen(os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb", 0)
        self._date()

    def write(self, data: bytes) -> None:
        """Take all of the bytes; raises StoreFull."""
        try:
            left = memoryview(data)
            while left:
                left = left[self._file.write(left) or 0 :]
            self._date()
        except OSError as fault:
            raise _told(fault) from None

    def keep(self) -> int:
        """Make it last: on the disk before it has its name, so that a name stands for a whole file."""
        try:
            os.fsync(self._file.fileno())
            size = self._file.tell()
            self._file.close()
            self._date()
            self._part.rename(self._final)
            _sync_folder(self._final.parent)
        except OSError as fault:
            raise _told(fault) from None
        return size

    def discard(self) -> None:
        """Forget it."""
        with suppress(OSError):
            self._file.close()
        self._part.unlink(missing_ok=True)

    def _date(self) -> None:
        """The begin of today: the minute would tell when somebody was here."""
        begin = dt.datetime.combine(clock.today(), dt.time(), clock.local(clock.now()).tzinfo).timestamp()
        os.utime(self._part, (begin, begin))


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _told(fault: OSError) -> Exception:
    return StoreFull() if fault.errno in FULL else fault


_bound: Files | None = None


def use(store: Files) -> None:
    """Bind this process to its store."""
    global _bound
    _bound = store


def store() -> Files:
    """The store of this process."""
    if _bound is None:
        raise RuntimeError("files.use first")
    return _bound


def at(url: str) -> Files:
    """The store at an address. The settings let only addresses through that this knows."""
    return Folder(Path(url.removeprefix("file://")))
