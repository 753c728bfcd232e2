"""Runs the slow hashes in few slots with a short line before them: a flood costs those who make it, and nobody's page.

Passwords and receipt codes have lines of their own, so that no flood of sign-ins keeps a reporter from a report. Who
finds a line full is sent away at once and counted nowhere: the same again a moment later is as good as the first time.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from whistle.services.errors import Crowded
from whistle.vault import passwords, receipts

#: How long one of a line waits for a slot at most; a run takes 0.03 to 0.3 seconds.
WAIT_SECONDS = 2


class Line:
    """`slots` run at once and `waiting` wait for one. The threads of this process share it; its semaphores guard it."""

    def __init__(self, slots: int, waiting: int) -> None:
        self.places = slots + waiting
        self._places = threading.BoundedSemaphore(self.places)
        self._slots = threading.BoundedSemaphore(slots)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a slot and hold it; raises Crowded when the line is full, or no slot came free in time."""
        self._enter()
        try:
            if not self._slots.acquire(timeout=WAIT_SECONDS):
                raise Crowded(WAIT_SECONDS)
            try:
                yield
            finally:
                self._slots.release()
        finally:
            self._places.release()

    def require_room(self) -> None:
        """Raise Crowded when the line is full: asked before anything is written for who would only be sent away."""
        self._enter()
        self._places.release()

    def _enter(self) -> None:
        if not self._places.acquire(blocking=False):
            raise Crowded(WAIT_SECONDS)


#: A run takes 64 MiB (`vault.passwords`): two at a time keep a process below 128 MiB for it.
PASSWORDS = Line(slots=2, waiting=2)
#: A run takes 19 MiB. Both lines together leave a place of `web/waiting_room.py` to all other pages.
RECEIPTS = Line(slots=2, waiting=1)


def of_password(password: str, salt: bytes) -> passwords.PasswordKeys:
    """One Argon2id run; raises Crowded."""
    with PASSWORDS.turn():
        return passwords.derive(password, salt)


def of_receipt(code: str, salts: Sequence[bytes]) -> list[receipts.ReceiptKeys]:
    """A receipt code's keys under each of the salts; raises Crowded."""
    with RECEIPTS.turn():
        return [receipts.derive(code, salt) for salt in salts]
