"""Runs the slow hashes in few slots with a short line before them: a flood costs those who make it, and nobody's page.

Passwords and receipt codes have lines of their own, so that no flood of sign-ins keeps a reporter from a report. Who
finds a line full is sent away at once and counted as no wrong try: the same again a moment later is as good as the
first time. Who tried least of late goes first, so that a flood of wrong ones stands behind everybody else's first.
"""

from collections.abc import Sequence

from whistle.services.lines import Line
from whistle.vault import passwords, receipts

#: How long one of a line waits for a slot at most; a run takes 0.03 to 0.3 seconds.
WAIT_SECONDS = 2

#: A run takes 64 MiB (`vault.passwords`): two at a time keep a process below 128 MiB for it.
PASSWORDS = Line(slots=2, waiting=2, seconds=WAIT_SECONDS)
#: A run takes 19 MiB. One at a time leaves processors to the other pages: `benchmarks/flood.py` measures what it does.
#: Both lines together leave a place of `web/waiting_room.py` to all other pages.
RECEIPTS = Line(slots=1, waiting=2, seconds=WAIT_SECONDS)


def of_password(password: str, salt: bytes, rank: int = 0) -> passwords.PasswordKeys:
    """One Argon2id run; raises Crowded. The lower `rank` goes first: how often this one tried of late."""
    with PASSWORDS.turn(rank):
        return passwords.derive(password, salt)


def of_receipt(code: str, salts: Sequence[bytes], rank: int = 0) -> list[receipts.ReceiptKeys]:
    """A receipt code's keys under each of the salts; raises Crowded. The lower `rank` goes first."""
    with RECEIPTS.turn(rank):
        return [receipts.derive(code, salt) for salt in salts]
