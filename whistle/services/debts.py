"""Debts that melt away: how much somebody did of late, kept in memory that this server's processes share.

The state of a budget "so many within so long" is one instant: when all that was done will be forgotten. An act puts it
`seconds / count` further off, and it is refused while that would lie beyond `seconds` from now; so `count` acts go at
once, later ones at that pace (a "leaky bucket", or GCRA). An instant that has passed says nothing any more, and its
place is anybody's.

Layout: a head (key, day, log, counts), then `BUCKETS` of `WAYS` slots: a keyed hash (16 bytes) and an instant (8). The
size never changes. A name has one bucket; is that full, the debt that would be forgotten first gives way. Nothing is
written to a disk or the database. Hashes are made with a key of the day: when the day turns, key and slots are wiped.
Who could read this memory today could still try every IPv4 address (there are 2^32): it is this server's memory, where
addresses of present connections are anyway.
"""

import datetime as dt
import fcntl
import hmac
import mmap
import os
import struct
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from whistle.vault import keys

BUCKETS = 8192
WAYS = 8
SLOT = struct.Struct("=16sd")
#: The day's key, the day, when the log was told last, and how often each of up to `COUNTED` kinds was refused since.
COUNTED = 16
HEAD = struct.Struct(f"={keys.KEY_BYTES}sqd{COUNTED}q")
BUCKET_BYTES = WAYS * SLOT.size
HASH_BYTES = 16


class Debts:
    """The table. Processes forked after it was made share it; another that makes its own has another."""

    def __init__(self, buckets: int = BUCKETS) -> None:
        self._buckets = buckets
        self._memory = mmap.mmap(-1, HEAD.size + buckets * BUCKET_BYTES)  # anonymous, shared
        #: Guard every access: a record lock ends with the process that held it, however that came about.
        self._lock_file, path = tempfile.mkstemp()
        os.unlink(path)
        self._lock = threading.Lock()

    @contextmanager
    def locked(self, day: dt.date) -> Iterator["Debts"]:
        """Alone with the table of a day; of another day nothing is left."""
        with self._lock:
            fcntl.lockf(self._lock_file, fcntl.LOCK_EX)
            try:
                self._turn(day.toordinal())
                yield self
            finally:
                fcntl.lockf(self._lock_file, fcntl.LOCK_UN)

    def forgotten_at(self, name: str) -> float:
        """When what is known under a name will be forgotten; 0 where nothing is. Within `locked`."""
        start, key = self._bucket(name)
        for at in range(start, start + BUCKET_BYTES, SLOT.size):
            found, until = SLOT.unpack_from(self._memory, at)
            if found == key:
                return float(until)
        return 0.0

    def keep(self, name: str, until: float) -> None:
        """Remember until then. Within `locked`."""
        start, key = self._bucket(name)
        places = range(start, start + BUCKET_BYTES, SLOT.size)
        slots = [(SLOT.unpack_from(self._memory, at), at) for at in places]
        own = next((at for (found, _), at in slots if found == key), None)
        at = own if own is not None else min((kept, at) for (_, kept), at in slots)[1]
        SLOT.pack_into(self._memory, at, key, until)

    def count_refused(self, kind: int, now: float, every: float) -> list[int] | None:
        """Count a refusal; where nothing was told for `every` seconds, what there is to tell. Within `locked`."""
        key, day, told_at, *counts = HEAD.unpack_from(self._memory, 0)
        counts[kind] += 1
        is_due = not told_at or now - told_at >= every
        left = (now, *[0] * COUNTED) if is_due else (told_at, *counts)
        HEAD.pack_into(self._memory, 0, key, day, *left)
        return counts if is_due else None

    def wipe(self) -> None:
        """Begin anew, whatever the day."""
        self._memory[:] = bytes(len(self._memory))

    def _turn(self, day: int) -> None:
        _key, kept, told_at, *counts = HEAD.unpack_from(self._memory, 0)
        if kept != day:
            self._memory[HEAD.size :] = bytes(self._buckets * BUCKET_BYTES)
            HEAD.pack_into(self._memory, 0, keys.new_key(), day, told_at, *counts)

    def _bucket(self, name: str) -> tuple[int, bytes]:
        day_key = self._memory[: keys.KEY_BYTES]
        mac = hmac.digest(day_key, name.encode("utf-8", "surrogatepass"), "sha256")
        number = int.from_bytes(mac[HASH_BYTES:], "big") % self._buckets
        return HEAD.size + number * BUCKET_BYTES, mac[:HASH_BYTES]
