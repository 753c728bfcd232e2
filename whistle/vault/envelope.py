"""Contexts, seals to a public key, and records under a key.

Context, as bytes (`Context.to_bytes`)::

    0x01 ‖ for purpose, record, kind, reader: length (2) ‖ text ‖ generation (4)

Seal (suite 1), from `seal_to`::

    0x01 0x01 ‖ enc (1120) ‖ ct        enc ‖ ct = HPKE.SealBase(public, info, aad = "", pad(plaintext))
                                       info = 0x01 0x01 ‖ context

Record (suite 2), from `seal_record`::

    0x01 0x02 ‖ nonce (12) ‖ ct ‖ tag (16)      aad = 0x01 0x02 ‖ context, plaintext = pad(plaintext)

`pad` is Padmé, see `whistle.vault.padding`. The header is part of what is authenticated, so an envelope of
one suite can never be read as one of another. JSON values are UTF-8 without spaces; lone surrogates pass
through.

A seal to a public key is anonymous: it says nothing about who made it. Whoever needs to know that must look
at the row's log entry.
"""

import json
import secrets
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from whistle.vault.errors import SealBroken, UnknownFormat
from whistle.vault.keys import KEY_BYTES, private_key, public_key
from whistle.vault.padding import pad, unpad

VERSION = 1
SUITE_SEAL = 1
SUITE_RECORD = 2
SUITE_STREAM = 3
HEADER_BYTES = 2
NONCE_BYTES = 12

#: 2^32 - 1: generations fill four bytes of the context.
LAST_GENERATION = 0xFFFF_FFFF

_HPKE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


@dataclass(frozen=True, slots=True)
class Context:
    """What an envelope is for. `purpose` is the caller's own label, unique to one use; ids are text."""

    purpose: str
    record: str
    kind: str = ""
    reader: str = ""
    generation: int = 0

    def __post_init__(self) -> None:
        for text in (self.purpose, self.record, self.kind, self.reader):
            if not isinstance(text, str):
                raise TypeError(f"a context holds text, not {type(text).__name__}")
        if not self.purpose:
            raise ValueError("a context needs a purpose")
        if not 0 <= self.generation <= LAST_GENERATION:
            raise ValueError("generation out of range")

    def to_bytes(self) -> bytes:
        """Unambiguous bytes: two contexts are equal exactly when these are."""
        texts = (self.purpose, self.record, self.kind, self.reader)
        return b"".join((b"\x01", *map(_prefixed, texts), self.generation.to_bytes(4, "big")))


def seal_to(public: bytes, plaintext: bytes, context: Context) -> bytes:
    """Seal for whoever holds the private half of `public`."""
    head = header(SUITE_SEAL)
    return head + _HPKE.encrypt(pad(plaintext), public_key(public), info=head + context.to_bytes())


def open_with(seed: bytes, sealed: bytes, context: Context) -> bytes:
    """Open a seal with the private half's seed."""
    head = check_header(sealed, SUITE_SEAL)
    try:
        padded = _HPKE.decrypt(sealed[HEADER_BYTES:], private_key(seed), info=head + context.to_bytes())
    except InvalidTag:
        raise SealBroken("seal") from None
    return unpad(padded)


def seal_record(key: bytes, plaintext: bytes, context: Context) -> bytes:
    """Seal under a symmetric key; the same plaintext gives other bytes each time."""
    head = header(SUITE_RECORD)
    nonce = secrets.token_bytes(NONCE_BYTES)
    return head + nonce + cipher(key).encrypt(nonce, pad(plaintext), head + context.to_bytes())


def open_record(key: bytes, sealed: bytes, context: Context) -> bytes:
    """Open what `seal_record` made under the same key and context."""
    head = check_header(sealed, SUITE_RECORD)
    body = sealed[HEADER_BYTES:]
    if len(body) < NONCE_BYTES:
        raise SealBroken("too short")
    aes = cipher(key)
    try:
        padded = aes.decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], head + context.to_bytes())
    except InvalidTag:
        raise SealBroken("record") from None
    return unpad(padded)


def seal_json_to(public: bytes, value: object, context: Context) -> bytes:
    """`seal_to` for a JSON value."""
    return seal_to(public, _json_bytes(value), context)


def open_json_with(seed: bytes, sealed: bytes, context: Context) -> Any:
    """`open_with` for a JSON value."""
    return _json_value(open_with(seed, sealed, context))


def seal_json_record(key: bytes, value: object, context: Context) -> bytes:
    """`seal_record` for a JSON value."""
    return seal_record(key, _json_bytes(value), context)


def open_json_record(key: bytes, sealed: bytes, context: Context) -> Any:
    """`open_record` for a JSON value."""
    return _json_value(open_record(key, sealed, context))


def header(suite: int) -> bytes:
    """The two bytes every envelope of this suite begins with."""
    return bytes((VERSION, suite))


def check_header(sealed: bytes, suite: int) -> bytes:
    """The header, if it announces this suite; else `UnknownFormat` naming the byte that does not fit."""
    if len(sealed) < HEADER_BYTES:
        raise SealBroken("too short")
    if sealed[0] != VERSION:
        raise UnknownFormat(sealed[0])
    if sealed[1] != suite:
        raise UnknownFormat(sealed[0], sealed[1])
    return bytes(sealed[:HEADER_BYTES])


def cipher(key: bytes) -> AESGCM:
    """AES-256-GCM; a shorter key would silently be AES-128, so its length is checked."""
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key has {KEY_BYTES} bytes")
    return AESGCM(key)


def _prefixed(text: str) -> bytes:
    encoded = text.encode()
    return len(encoded).to_bytes(2, "big") + encoded


def _json_bytes(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def _json_value(plaintext: bytes) -> Any:
    try:
        return json.loads(plaintext.decode("utf-8", "surrogatepass"))
    except ValueError:
        raise SealBroken("not JSON") from None
