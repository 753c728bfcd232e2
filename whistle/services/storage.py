"""How much room files have, and what is no longer taken when it runs out: first files, at last reports.

The room is what the administrator's limit leaves, and never more than the disk has. A report is worth more than any
file: files stop while there is still room for very many reports.
"""

import datetime as dt
from dataclasses import dataclass

from peewee import fn

from whistle import clock
from whistle.services import access
from whistle.services.access import Acting, AsSystem
from whistle.services.errors import NoRoom
from whistle.services.use_case import reading
from whistle.store import files
from whistle.store.attachments import Attachment, VisitFile
from whistle.store.files import Kept

#: Bytes that stay free for the database when files are no longer taken: some 50,000 reports.
FOR_REPORTS = 1_000_000_000
#: Bytes below which no report is begun any more: enough for the office to go on working with those it has.
FOR_THE_OFFICE = 200_000_000
#: Share of the room from which the administrator is told that it will be full.
NEARLY_FULL = 0.8
#: A file nobody knows of is deleted when it is of a day so many days ago: until then it may be on its way in.
ORPHAN_DAYS = 2


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes used by files, bytes they may use in all, and what the disk has left (None where nobody can say)."""

    used: int
    limit: int | None
    free: int | None

    @property
    def left(self) -> int | None:
        """Bytes that files may still take; None without an end."""
        ends = []
        if self.limit is not None:
            ends.append(self.limit - self.used)
        if self.free is not None:
            ends.append(self.free - FOR_REPORTS)
        return max(0, min(ends)) if ends else None

    @property
    def whole(self) -> int | None:
        """Bytes that files could take in all."""
        return None if self.left is None else self.used + self.left

    @property
    def is_nearly_full(self) -> bool:
        """Whether it is time to make room."""
        return self.whole is not None and self.used >= NEARLY_FULL * self.whole

    @property
    def takes_reports(self) -> bool:
        """Whether a report can still be kept."""
        return self.free is None or self.free > FOR_THE_OFFICE


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep found: files that nobody knows of, and how many of them it was to leave alone."""

    found: tuple[Kept, ...]
    left: int = 0

    @property
    def files(self) -> int:
        """How many they are."""
        return len(self.found)

    @property
    def bytes(self) -> int:
        """How much room they take."""
        return sum(found.size for found in self.found)


#: The administrator's limit in bytes, from the settings; None: as much as the disk has. Set once at the start.
_limit: int | None = None


def use_limit(limit: int | None) -> None:
    """Set the limit of this process, at its start."""
    global _limit
    _limit = limit


@reading
def state(by: Acting | AsSystem) -> Room:
    """How much room there is."""
    access.require(by, "storage.state")
    return room()


def room() -> Room:
    """How much room there is; in the caller's transaction."""
    used = sum(
        int(table.select(fn.COALESCE(fn.SUM(table.sealed_size), 0)).scalar())
        for table in (Attachment, VisitFile)
    )
    return Room(used, _limit, files.store().free())


def require_room(size: int, *, is_written: bool = False) -> None:
    """Raise NoRoom where a file of so many bytes has no place; one that `is_written` lies on the disk already."""
    found = room()
    is_within = found.limit is None or found.used + size <= found.limit
    if not is_within or not takes_bytes(0 if is_written else size):
        raise NoRoom("file")


def takes_bytes(size: int) -> bool:
    """Whether so many bytes more of files leave the disk what reports need. Asks the disk alone."""
    free = files.store().free()
    return free is None or free - size >= FOR_REPORTS


def takes_reports() -> bool:
    """Whether a report can be kept now. Asks the disk alone."""
    free = files.store().free()
    return free is None or free > FOR_THE_OFFICE


def sweep(by: AsSystem, *, dry_run: bool = False, unfinished_only: bool = False) -> Swept:
    """Delete the files that no row knows of: of uploads that were cut off, and whole ones whose row went without them.

    Files of a later day than ORPHAN_DAYS ago stay, so that none on its way in is taken for one. Nothing of a name
    that a row knows is touched: deleting goes by name. Deletes nothing in a dry run.

    `unfinished_only`: what nobody looks at first leaves whole files alone. Where an older database was put back, they
    are what newer reports enclose.
    """
    until = clock.today() - dt.timedelta(days=ORPHAN_DAYS)
    old = [found for found in files.store().all() if found.on <= until]
    known = _known(by)
    unknown = [found for found in old if found.name not in known]
    orphans = [found for found in unknown if not (unfinished_only and found.is_whole)]
    for found in orphans if not dry_run else []:
        files.store().delete(found.name)
    in_order = tuple(sorted(orphans, key=lambda found: (found.on, found.name)))
    return Swept(in_order, left=len(unknown) - len(orphans))


@reading
def _known(by: AsSystem) -> set[str]:
    access.require(by, "storage.sweep")
    return {row[0] for table in (Attachment, VisitFile) for row in table.select(table.id).tuples().iterator()}
