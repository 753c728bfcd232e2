"""Checkpoints: the log's size and root as a C2SP signed note, which tools of others can verify.

The text is a tlog-checkpoint (c2sp.org/tlog-checkpoint), three lines and no extension lines:

    <origin>
    <size, decimal>
    <root, base64>

then an empty line and one line a signature: em dash, space, key name, space, base64(key id || signature). The
key name is the origin; the key id is the first four bytes of SHA-256(name || 0x0A || type || public key)
(c2sp.org/signed-note). This log signs twice:

- type 0x01, Ed25519 over the text;
- type 0x06, ML-DSA-44 over the `cosigned_message` of c2sp.org/tlog-cosignature with the log as its own
  cosigner, the only ML-DSA form that C2SP assigns. It carries the signing time in seconds.

Secret keys are kept as lines `PRIVATE+KEY+<name>+<id in hex>+<base64(type || seed)>`, the form of Go's note
package; verifier keys as `<name>+<id in hex>+<base64(type || public key)>`.
"""

import base64
import binascii
import hashlib
import re
import secrets
import struct
from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

ED25519 = 0x01
ML_DSA_44 = 0x06
TYPES = (ED25519, ML_DSA_44)
SEED_LENGTH = 32
KEY_ID_LENGTH = 4
#: Separates ML-DSA signatures of trees from whatever else such a key might sign (12 bytes by specification).
SUBTREE_LABEL = b"subtree/v1\n\x00"
SECRET_PREFIX = "PRIVATE+KEY+"  # noqa: S105 - the name of a format, not a secret
#: Names are length-prefixed by one byte in the cosigned message.
LONGEST_NAME = 255
#: A decimal without leading zeroes that fits the 64 bits of the cosigned message.
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


class CheckpointError(Exception):
    """A note or key cannot be read, or a signature on it does not hold."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One of the log's secret keys."""

    name: str
    type: int
    seed: bytes = field(repr=False)

    @property
    def verifier(self) -> "VerifierKey":
        """The public half."""
        return VerifierKey(self.name, self.type, _public_of(self.type, self.seed))

    def to_text(self) -> str:
        """The key as one line, to be kept in a file that only the server reads."""
        material = base64.b64encode(bytes([self.type]) + self.seed).decode()
        return f"{SECRET_PREFIX}{self.name}+{self.verifier.key_id.hex()}+{material}"


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A key to verify with; where it comes from decides what a verification is worth."""

    name: str
    type: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes by which signature lines name their key."""
        named = self.name.encode() + b"\n" + bytes([self.type]) + self.public
        return hashlib.sha256(named).digest()[:KEY_ID_LENGTH]

    def to_text(self) -> str:
        """The verifier key as one line."""
        material = base64.b64encode(bytes([self.type]) + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{material}"


@dataclass(frozen=True, slots=True)
class Head:
    """What a checkpoint says: which log, how many leaves, which root."""

    origin: str
    size: int
    root: bytes

    def to_text(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def new_keys(name: str) -> tuple[SigningKey, ...]:
    """A fresh secret key of each type for the log called `name`."""
    _check_name(name)
    return tuple(SigningKey(name, kind, secrets.token_bytes(SEED_LENGTH)) for kind in TYPES)


def read_signing_key(line: str) -> SigningKey:
    """A secret key from its line; raises CheckpointError."""
    if not line.startswith(SECRET_PREFIX):
        raise CheckpointError("not a signing key")
    name, key_id, kind, seed = _split_key(line.removeprefix(SECRET_PREFIX))
    if kind not in TYPES or len(seed) != SEED_LENGTH:
        raise CheckpointError(f"signing key of unknown type {kind:#04x}")
    key = SigningKey(name, kind, seed)
    if key.verifier.key_id != key_id:
        raise CheckpointError("a signing key does not match its id")
    return key


def sign(head: Head, keys: tuple[SigningKey, ...], at: int) -> str:
    """The whole note, signed by each key; `at` is the time in seconds since 1970 UTC."""
    _check_name(head.origin)
    text = head.to_text()
    lines = [_signature_line(key, _SIGN[key.type](key, head, at)) for key in keys]
    return text + "\n" + "".join(lines)


def read(note: str) -> Head:
    """What a note says, *without* looking at its signatures; raises CheckpointError."""
    text, _ = _split(note)
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not lines[0]:
        raise CheckpointError("a checkpoint has three lines of text")
    origin, size, root = lines[:3]
    if not _SIZE.fullmatch(size):
        raise CheckpointError("a checkpoint's size is a plain number")
    decoded = _decode(root)
    if len(decoded) != hashlib.sha256().digest_size:
        raise CheckpointError("a checkpoint's root is a SHA-256 hash")
    return Head(origin, int(size), decoded)


def verify(note: str, keys: tuple[VerifierKey, ...]) -> Head:
    """What a note says, once every one of `keys` has signed it; other signatures are ignored, as C2SP wants.

    Raises CheckpointError when the note cannot be read, a key has not signed, or a signature is wrong.
    """
    if not keys:
        raise CheckpointError("no key to verify with")
    head = read(note)
    _, lines = _split(note)
    signatures = dict(_read_signature(line) for line in lines)
    for key in keys:
        signature = signatures.get((key.name, key.key_id))
        if signature is None:
            raise CheckpointError(f"no signature by {key.name}+{key.key_id.hex()}")
        _check(key, head, signature)
    return head


def _check(key: VerifierKey, head: Head, signature: bytes) -> None:
    try:
        _VERIFY[key.type](key, head, signature)
    except (InvalidSignature, struct.error) as fault:
        raise CheckpointError(f"wrong signature by {key.name}+{key.key_id.hex()}") from fault


def _sign_ed25519(key: SigningKey, head: Head, at: int) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(key.seed).sign(head.to_text().encode())


def _verify_ed25519(key: VerifierKey, head: Head, signature: bytes) -> None:
    Ed25519PublicKey.from_public_bytes(key.public).verify(signature, head.to_text().encode())


def _sign_ml_dsa(key: SigningKey, head: Head, at: int) -> bytes:
    message = _cosigned_message(key.name, head, at)
    return struct.pack(">Q", at) + MLDSA44PrivateKey.from_seed_bytes(key.seed).sign(message)


def _verify_ml_dsa(key: VerifierKey, head: Head, signature: bytes) -> None:
    (at,) = struct.unpack(">Q", signature[:8])
    message = _cosigned_message(key.name, head, at)
    MLDSA44PublicKey.from_public_bytes(key.public).verify(signature[8:], message)


_SIGN: dict[int, Callable[[SigningKey, Head, int], bytes]] = {ED25519: _sign_ed25519, ML_DSA_44: _sign_ml_dsa}
_VERIFY: dict[int, Callable[[VerifierKey, Head, bytes], None]] = {
    ED25519: _verify_ed25519,
    ML_DSA_44: _verify_ml_dsa,
}


def _cosigned_message(name: str, head: Head, at: int) -> bytes:
    """`cosigned_message` of c2sp.org/tlog-cosignature over the leaves [0, size)."""
    return b"".join(
        [
            SUBTREE_LABEL,
            _prefixed(name),
            struct.pack(">Q", at),
            _prefixed(head.origin),
            struct.pack(">QQ", 0, head.size),
            head.root,
        ]
    )


def _prefixed(name: str) -> bytes:
    encoded = name.encode()
    return bytes([len(encoded)]) + encoded


def _public_of(kind: int, seed: bytes) -> bytes:
    if kind == ED25519:
        return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    return MLDSA44PrivateKey.from_seed_bytes(seed).public_key().public_bytes_raw()


def _signature_line(key: SigningKey, signature: bytes) -> str:
    return f"— {key.name} {base64.b64encode(key.verifier.key_id + signature).decode()}\n"


def _read_signature(line: str) -> tuple[tuple[str, bytes], bytes]:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "—" or not parts[1]:
        raise CheckpointError("a signature line is dash, name and signature")
    decoded = _decode(parts[2])
    if len(decoded) <= KEY_ID_LENGTH:
        raise CheckpointError("a signature is missing")
    return (parts[1], decoded[:KEY_ID_LENGTH]), decoded[KEY_ID_LENGTH:]


def _split(note: str) -> tuple[str, list[str]]:
    """The text with its last newline, and the signature lines without theirs."""
    if any(ord(character) < 0x20 and character != "\n" for character in note):
        raise CheckpointError("a note has no control characters")
    text, separator, signatures = note.rpartition("\n\n")
    if not separator or not signatures.endswith("\n"):
        raise CheckpointError("a note is a text, an empty line and signatures")
    return text + "\n", signatures.removesuffix("\n").split("\n")


def _split_key(line: str) -> tuple[str, bytes, int, bytes]:
    parts = line.strip().split("+", 2)
    if len(parts) != 3:
        raise CheckpointError("a key is name, id and key joined by plus signs")
    name, key_id, material = parts
    _check_name(name)
    decoded = _decode(material)
    try:
        return name, bytes.fromhex(key_id), decoded[0], decoded[1:]
    except (ValueError, IndexError) as fault:
        raise CheckpointError("a key cannot be read") from fault


def _decode(text: str) -> bytes:
    try:
        decoded = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as fault:
        raise CheckpointError("wrong base64") from fault
    if base64.b64encode(decoded).decode() != text:
        raise CheckpointError("base64 with more than one spelling")
    return decoded


def _check_name(name: str) -> None:
    if not name or "+" in name or any(c.isspace() for c in name) or len(name.encode()) > LONGEST_NAME:
        raise CheckpointError("a log's name is short and has neither spaces nor plus signs")
