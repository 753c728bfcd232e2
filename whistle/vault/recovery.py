"""The recovery key as a sheet of paper: 14 groups of four characters.

    sheet = base32(seed (32) ‖ first 3 bytes of SHA-256("whistle/v1/sheet" ‖ seed))    280 bits

The alphabet has the digits and the capital letters but I, L, O and U (Crockford). What is typed may have
any case, spaces and dashes; O is read as 0, I and L as 1. A slip is noticed except once in sixteen million.
"""

import hashlib
import unicodedata

from whistle.vault.errors import SheetMistyped
from whistle.vault.keys import GROUP, SEED_BYTES

__all__ = ["SheetMistyped", "from_sheet", "groups", "to_sheet"]

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHARACTER_BITS = 5
CHECK_BYTES = 3
CHARACTERS = (SEED_BYTES + CHECK_BYTES) * 8 // CHARACTER_BITS

_LABEL = b"whistle/v1/sheet"
_READ_AS = str.maketrans("OIL", "011")
_VALUES = {character: value for value, character in enumerate(ALPHABET)}


def to_sheet(seed: bytes) -> str:
    """The sheet's text, groups parted by spaces."""
    if len(seed) != SEED_BYTES:
        raise ValueError(f"a seed has {SEED_BYTES} bytes")
    return " ".join(groups(encode(seed + _check(seed))))


def from_sheet(text: str) -> bytes:
    """The seed again; `SheetMistyped` says what is wrong and, where it can, in which group."""
    characters = plain(text)
    for place, character in enumerate(characters):
        if character not in _VALUES:
            raise SheetMistyped("character", place // GROUP + 1)
    if len(characters) != CHARACTERS:
        raise SheetMistyped("length")
    decoded = _decode(characters)
    seed, check = decoded[:SEED_BYTES], decoded[SEED_BYTES:]
    if check != _check(seed):
        raise SheetMistyped("checksum")
    return seed


def groups(sheet: str) -> list[str]:
    """The groups of a sheet, or of a part of it that was typed back, in the one way they are printed."""
    characters = plain(sheet)
    return [characters[start : start + GROUP] for start in range(0, len(characters), GROUP)]


def encode(data: bytes) -> str:
    """Base32 of whole fives of bytes."""
    number = int.from_bytes(data, "big")
    length = len(data) * 8 // CHARACTER_BITS
    return "".join(ALPHABET[number >> CHARACTER_BITS * place & 31] for place in reversed(range(length)))


def plain(text: str) -> str:
    """Typed characters as they are printed: capitals, nothing between, the ambiguous ones resolved."""
    visible = (c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c)[0] not in "ZCP")
    return "".join(visible).upper().translate(_READ_AS)


def _decode(characters: str) -> bytes:
    number = 0
    for character in characters:
        number = number << CHARACTER_BITS | _VALUES[character]
    return number.to_bytes(SEED_BYTES + CHECK_BYTES, "big")


def _check(seed: bytes) -> bytes:
    return hashlib.sha256(_LABEL + seed).digest()[:CHECK_BYTES]
