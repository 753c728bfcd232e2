"""Padmé padding, so that a sealed length tells little about the length inside.

`padded_size(n)` raises n to at least FLOOR, then rounds it up so that the result, written as a binary
floating-point number, has a mantissa no longer than its exponent (Nikitin et al., PoPETs 2019, "Padmé").
The growth is at most 12 percent and falls with size, and a length of L bits shows O(log L) bits of itself.
The floor makes a key, a "yes" and a sentence of eighty Chinese characters look alike.

A padded text is ``length (4 bytes) ‖ text ‖ zeros`` of exactly `padded_size(4 + len(text))` bytes. It lies
inside the encryption, so nobody without the key can read or change it.
"""

from whistle.vault.errors import SealBroken

FLOOR = 256
LENGTH_BYTES = 4


def padded_size(size: int) -> int:
    """The number of bytes that stands for every size rounded up to it."""
    size = max(size, FLOOR)
    exponent = size.bit_length() - 1
    loose_bits = exponent - exponent.bit_length()
    mask = (1 << loose_bits) - 1
    return (size + mask) & ~mask


def pad(text: bytes) -> bytes:
    """The text with its length in front and zeros behind."""
    framed = len(text).to_bytes(LENGTH_BYTES, "big") + text
    return framed.ljust(padded_size(len(framed)), b"\0")


def unpad(padded: bytes) -> bytes:
    """The text again; `SealBroken` when the bytes were not made by `pad`."""
    end = LENGTH_BYTES + int.from_bytes(padded[:LENGTH_BYTES], "big")
    if len(padded) != padded_size(end) or any(padded[end:]):
        raise SealBroken("padding")
    return padded[LENGTH_BYTES:end]
