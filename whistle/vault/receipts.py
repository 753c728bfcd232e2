"""Receipt codes: the 24 digits a reporter keeps, and the keys they give.

A code is 23 random digits and a check digit (ISO 7064 MOD 11,10), shown in six groups of four. A person may
type it with spaces, dashes, dots or invisible characters between the digits, and with full-width digits, and
paste it with the note it stands in: a date, a telephone number.

Keys::

    Argon2id(code as 24 ASCII digits, salt, 19 MiB, t=2, p=1) -> 64 bytes
    lookup = SHA-256("whistle/v1/receipt-lookup" ‖ bytes 0..31)
    pair   = key pair with the seed bytes 32..63

The salt is public, at least 16 bytes, one an installation and generation. The server keeps `lookup` and the
pair's public half, never the code: 76 random bits behind a slow hash.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from stdnum.iso7064 import mod_11_10

from whistle.vault.errors import ReceiptMistyped, ReceiptUnclear
from whistle.vault.keys import GROUP, KeyPair, pair_from_seed

__all__ = [
    "ReceiptKeys",
    "ReceiptMistyped",
    "ReceiptUnclear",
    "contains_code",
    "derive",
    "group",
    "new_code",
    "normalise",
]

DIGITS = 24
RANDOM_DIGITS = DIGITS - 1
MEMORY_KIB = 19 * 1024
ITERATIONS = 2
LANES = 1
HALF = 32
#: A note is searched so far, in characters.
LONGEST_NOTE = 5_000

_LOOKUP_LABEL = b"whistle/v1/receipt-lookup"
_FULL_WIDTH = {0xFF10 + digit: str(digit) for digit in range(10)}

#: What may stand between digits: white space, invisible characters, dots, commas, and the dashes of all keyboards.
_SEPARATORS = (
    r"\s.,;:/，、；：。\u00ad\u00b7\u200b-\u200f\u2060\ufeff\u202a-\u202e\u2066-\u2069"
    r"\u002d\u2010-\u2015\u2212\u30fc\ufe58\ufe63\uff0d\uff0e_"
)
_SEPARATOR = re.compile(f"[{_SEPARATORS}]+")
_WRITTEN_NUMBER = re.compile(f"[0-9](?:[{_SEPARATORS}]*[0-9])*")

_RUN = re.compile(r"[0-9]+")
#: Groups of four, or the code in one piece, as the receipt has it, with nothing but separators between; no year of a
#: date behind them.
_AS_SHOWN = re.compile(
    rf"(?<![0-9])(?:[0-9]{{{DIGITS}}}|[0-9]{{{GROUP}}}(?:[{_SEPARATORS}]+[0-9]{{{GROUP}}}){{5,}})(?![0-9年]|[-./][0-9]{{1,2}}(?![0-9]))"
)


@dataclass(frozen=True, slots=True)
class ReceiptKeys:
    """`lookup` finds the report, `pair` opens it."""

    lookup: bytes
    pair: KeyPair = field(repr=False)


def new_code() -> str:
    """A fresh code, 24 digits without spaces."""
    digits = str(secrets.randbelow(10**RANDOM_DIGITS)).zfill(RANDOM_DIGITS)
    return digits + str(mod_11_10.calc_check_digit(digits))


def normalise(text: str) -> str:
    """The 24 digits a person meant; `ReceiptMistyped` if these cannot be any code, `ReceiptUnclear` if too many.

    In a note whole runs of digits are joined. A code in groups as it is shown goes before any other that a date
    beside it may make up; where there are several still, none is taken.
    """
    text = text[:LONGEST_NOTE].translate(_FULL_WIDTH)
    code = _SEPARATOR.sub("", text)
    if _is_code(code):
        return code
    runs = _RUN.findall(text)
    for rows in (_AS_SHOWN.findall(text), [" ".join(runs)]):
        found = {code for row in rows for code in _joined(_RUN.findall(row)) if _is_code(code)}
        if len(found) == 1:
            return found.pop()
    digits = sum(map(len, runs))
    raise ReceiptUnclear(digits) if digits > DIGITS else ReceiptMistyped


def group(code: str) -> str:
    """The code as it is shown: `4829 1170 …`."""
    return " ".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def derive(code: str, salt: bytes) -> ReceiptKeys:
    """Lookup id and key pair of a code (about 25 ms); the code may be as typed."""
    slow = Argon2id(salt=salt, length=2 * HALF, iterations=ITERATIONS, lanes=LANES, memory_cost=MEMORY_KIB)
    secret = slow.derive(normalise(code).encode())
    lookup = hashlib.sha256(_LOOKUP_LABEL + secret[:HALF]).digest()
    return ReceiptKeys(lookup=lookup, pair=pair_from_seed(secret[HALF:]))


def contains_code(text: str) -> bool:
    """Whether a text holds what looks like a receipt code, so that its writer can be warned.

    In a row of digit groups only whole groups are joined: two account numbers side by side are not searched
    for a code across their middle, where one in ten places would have a fitting check digit.
    """
    for written in _WRITTEN_NUMBER.finditer(text.translate(_FULL_WIDTH)):
        groups = _SEPARATOR.split(written.group())
        if any(_is_code(code) for code in _joined(groups)):
            return True
    return False


def _joined(groups: list[str]) -> list[str]:
    """Every join of neighbouring groups that has the length of a code; at most one from each start."""
    found = []
    for start in range(len(groups)):
        joined, end = "", start
        while end < len(groups) and len(joined) < DIGITS:
            joined += groups[end]
            end += 1
        if len(joined) == DIGITS:
            found.append(joined)
    return found


def _is_code(code: str) -> bool:
    return len(code) == DIGITS and code.isascii() and code.isdigit() and bool(mod_11_10.is_valid(code))
