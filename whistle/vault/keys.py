"""Key pairs, derivation, tokens, and the short code two people compare.

Key pair (X-Wing, draft-connolly-cfrg-xwing-kem)::

    seed (32, random)  --SHAKE-256-->  ML-KEM-768 seed d ‖ z (64) ‖ X25519 private (32)
    public (1216) = ML-KEM-768 encapsulation key (1184) ‖ X25519 public (32)

Only the seed is kept. Derivation is HKDF-SHA256 without salt, info = "whistle/v1/" ‖ label; each use has its
own label, written beside that use.

Keyring of a person or a desk: derived from the seed, label "keyring". It seals case keys to whoever has the seed, as a
seal to the public half does, in a hundredth of the time.

Identity key: HKDF-SHA256 over ``half_a ‖ half_b`` (32 bytes each), label "identity". Half a goes to the
identity holders, half b under the case key; either alone leaves the other's full 256 bits to guess.

Short code: the first 16 bytes of SHA-256("whistle/v1/short-code" ‖ public) as a number, modulo 10^20,
written with 20 digits in five groups. Whoever would pass off another key must try about 10^20 key pairs.

Token for a link: 24 random bytes in URL-safe base64 (32 characters). The server keeps
SHA-256("whistle/v1/token" ‖ token); 192 random bits need no slow hash.
"""

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey, MLKEM768X25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
SEED_BYTES = 32
MLKEM_SEED_BYTES = 64
MLKEM_PUBLIC_BYTES = 1184
X25519_BYTES = 32
PUBLIC_BYTES = MLKEM_PUBLIC_BYTES + X25519_BYTES
TOKEN_BYTES = 24
SHORT_CODE_DIGITS = 20
GROUP = 4

_LABEL = b"whistle/v1/"


@dataclass(frozen=True, slots=True)
class KeyPair:
    """The seed opens, the public half seals."""

    seed: bytes = field(repr=False)
    public: bytes


def new_pair() -> KeyPair:
    """A fresh pair."""
    return pair_from_seed(secrets.token_bytes(SEED_BYTES))


def pair_from_seed(seed: bytes) -> KeyPair:
    """The one pair that belongs to this seed."""
    mlkem, x25519 = _parts(seed)
    public = mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
    return KeyPair(seed=seed, public=public)


def new_key() -> bytes:
    """A fresh symmetric key, or half of an identity key."""
    return secrets.token_bytes(KEY_BYTES)


def derive(key: bytes, label: str, length: int = KEY_BYTES) -> bytes:
    """Another key from a good one; other labels give keys that know nothing of each other."""
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=_LABEL + label.encode()).derive(key)


def mix_identity(half_a: bytes, half_b: bytes) -> bytes:
    """The identity key of a real-name report from the holders' half and the case's half, in this order."""
    if len(half_a) != KEY_BYTES or len(half_b) != KEY_BYTES:
        raise ValueError(f"each half has {KEY_BYTES} bytes")
    return derive(half_a + half_b, "identity")


def is_public(public: bytes) -> bool:
    """Whether these bytes are a public key; ask before keeping one that a person typed or pasted.

    The trial exchange finds the few X25519 points that would make every shared secret zero.
    """
    try:
        public_key(public)
        X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(public[MLKEM_PUBLIC_BYTES:]))
    except ValueError:
        return False
    return True


def short_code(public: bytes) -> str:
    """Twenty digits in groups of four, to be read aloud by one person and compared by another."""
    number = int.from_bytes(hashlib.sha256(_LABEL + b"short-code" + public).digest()[:16], "big")
    digits = str(number % 10**SHORT_CODE_DIGITS).zfill(SHORT_CODE_DIGITS)
    return " ".join(digits[start : start + GROUP] for start in range(0, SHORT_CODE_DIGITS, GROUP))


def typed_digits(text: str) -> str:
    """The digits of a code as people write it: in any width, with blanks and hyphens or without."""
    return "".join(
        character for character in unicodedata.normalize("NFKC", text) if character in "0123456789"
    )


def token() -> str:
    """A secret for a link or a cookie."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_token(token: str) -> bytes:
    """What the server keeps of a token; any text is accepted, since it comes from outside."""
    return hashlib.sha256(_LABEL + b"token" + token.encode("utf-8", "surrogatepass")).digest()


def private_key(seed: bytes) -> MLKEM768X25519PrivateKey:
    """The private half in the form HPKE wants."""
    return MLKEM768X25519PrivateKey(*_parts(seed))


def public_key(public: bytes) -> MLKEM768X25519PublicKey:
    """The public half in the form HPKE wants; `ValueError` when it is none."""
    if len(public) != PUBLIC_BYTES:
        raise ValueError(f"a public key has {PUBLIC_BYTES} bytes")
    return MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(public[:MLKEM_PUBLIC_BYTES]),
        X25519PublicKey.from_public_bytes(public[MLKEM_PUBLIC_BYTES:]),
    )


def _parts(seed: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    if len(seed) != SEED_BYTES:
        raise ValueError(f"a seed has {SEED_BYTES} bytes")
    expanded = hashlib.shake_256(seed).digest(MLKEM_SEED_BYTES + X25519_BYTES)
    return (
        MLKEM768PrivateKey.from_seed_bytes(expanded[:MLKEM_SEED_BYTES]),
        X25519PrivateKey.from_private_bytes(expanded[MLKEM_SEED_BYTES:]),
    )
