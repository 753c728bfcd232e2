"""The folder of sealed files: a name stands for a whole file, a full disk is told, and nothing leads elsewhere."""

import datetime as dt
import os
import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from whistle import clock
from whistle.store.files import Folder, StoreFull

NAME = "ab" * 12
OTHER = "cd" * 12


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A store that has never been written to."""
    return Folder(tmp_path / "attachments")


@contextmanager
def disk_of(most: int) -> Iterator[None]:
    """The system lets no file of this process grow beyond so many bytes, as a full disk would."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_file_has_its_name_only_once_it_is_whole(folder: Folder) -> None:
    coming = folder.create(NAME)
    coming.write(b"first")
    assert folder.size(NAME) is None
    with pytest.raises(FileNotFoundError):
        folder.open(NAME)
    coming.write(b" and more")
    assert coming.keep() == 14
    with folder.open(NAME) as found:
        assert found.read() == b"first and more"
    coming.discard()
    assert folder.size(NAME) == 14


def test_a_disk_that_is_full_in_the_middle_is_told_and_nothing_stays(folder: Folder) -> None:
    coming = folder.create(NAME)
    with disk_of(100_000):
        coming.write(b"x" * 60_000)
        with pytest.raises(StoreFull):
            coming.write(b"x" * 60_000)
    assert [(found.name, found.is_whole) for found in folder.all()] == [(NAME, False)]
    coming.discard()
    assert list(folder.all()) == []


def test_files_are_for_their_owner_alone_and_tell_no_more_than_the_day(folder: Folder) -> None:
    with clock.at(dt.datetime(2026, 9, 14, 7, 12, 33, tzinfo=dt.UTC)):
        coming = folder.create(NAME)
        coming.write(b"words")
        coming.keep()
    [path] = [path for path in folder.root.rglob("*") if path.is_file()]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    found = path.stat()
    assert {found.st_mtime, found.st_atime} == {dt.datetime(2026, 9, 13, 16, tzinfo=dt.UTC).timestamp()}
    assert [(kept.size, kept.on) for kept in folder.all()] == [(5, dt.date(2026, 9, 14))]


def test_deleting_takes_what_was_left_unfinished_too_and_no_other(folder: Folder) -> None:
    for name in (NAME, OTHER):
        whole = folder.create(name)
        whole.keep()
        left = folder.create(name)
        left.write(b"half")
        left._file.close()
    folder.delete(NAME)
    folder.delete(NAME)
    assert {found.name for found in folder.all()} == {OTHER}


@pytest.mark.parametrize(
    "name", ["", "../etc/passwd", "a/b", NAME + "/..", NAME.upper(), NAME + "0", f"{NAME}\n"]
)
def test_a_name_leads_nowhere_else(folder: Folder, name: str) -> None:
    for verb in (folder.create, folder.open, folder.delete, folder.size):
        with pytest.raises(ValueError, match="id"):
            verb(name)


def test_what_is_none_of_its_files_is_passed_over(folder: Folder) -> None:
    assert list(folder.all()) == []
    assert folder.free() is not None
    (folder.root / "ab").mkdir(parents=True)
    (folder.root / "ab" / "note.txt").write_text("somebody's")
    (folder.root / "stray").write_text("somebody's")
    os.symlink("/", folder.root / "cd")
    assert list(folder.all()) == []
