"""Runs the slow password hash in few slots, so that a flood of tries costs waiting and not the machine's memory."""

import threading

from whistle.services.errors import Busy
from whistle.vault import passwords

#: Each run takes 64 MiB (vault.md); two at a time keep a process below 128 MiB for it.
SLOTS = 2
#: How long a request waits for a slot before it is told to come back.
WAIT_SECONDS = 15

#: Shared by the threads of this process.
_slots = threading.BoundedSemaphore(SLOTS)


def of_password(password: str, salt: bytes) -> passwords.PasswordKeys:
    """One Argon2id run; raises Busy when no slot came free in time."""
    if not _slots.acquire(timeout=WAIT_SECONDS):
        raise Busy(WAIT_SECONDS)
    try:
        return passwords.derive(password, salt)
    finally:
        _slots.release()
