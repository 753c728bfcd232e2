"""Passwords: the keys they give, and which ones are refused; recovery codes beside them.

Keys, one Argon2id run a sign-in::

    Argon2id(NFKC(password), salt (16, own), 64 MiB, t=3, p=1) -> 32 bytes
    verify = HKDF-SHA256(…, "password/verify")    stored, compared
    wrap   = HKDF-SHA256(…, "password/wrap")      never stored, wraps private key and TOTP seed

Strength: zxcvbn's score from 0 to 4, capped by how much of the password is the person's own. Everything a
Chinese office would guess is struck out first (words of the office in characters and pinyin, slogans, the
words given by the caller, years, dates, mobile numbers, keyboard walks, repetitions, usual sequences), also
where letters are written as digits or signs; what is left is counted. `Jiwei@2026纪委` leaves one sign.

Recovery codes stand in for the second factor once: 80 random bits, 16 characters in the alphabet of the
recovery sheet; kept as SHA-256("whistle/v1/recovery-code" ‖ code).
"""

import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from zxcvbn_rs_py import zxcvbn

from whistle.vault.keys import KEY_BYTES
from whistle.vault.keys import derive as derive_key
from whistle.vault.password_habits import KEYBOARD_LINES, WORDS
from whistle.vault.recovery import encode, groups, plain

SALT_BYTES = 16
MEMORY_KIB = 64 * 1024
ITERATIONS = 3
LANES = 1

SHORTEST = 10
#: Argon2id would take more, but nobody types it; and a bound keeps a form from being work for the server.
LONGEST = 128
LEAST_SCORE = 3
#: Characters of a password's own that each score needs: 2 for score 1, 4 for score 2, 6 for more.
OWN_FOR_SCORE = (0, 2, 4, 6, 6)
LEAST_WALK = 3
LEAST_WORD = 2
RECOVERY_CODE_BYTES = 10

_VERIFY_LABEL = "password/verify"
_WRAP_LABEL = "password/wrap"
_RECOVERY_LABEL = b"whistle/v1/recovery-code"

_READ_AS_LETTERS = str.maketrans("@4031!$578+", "aaoeiisstbt")
_NUMBERS = re.compile(
    r"(?:19|20)\d\d(?:[-./年]?\d{1,2}){0,2}"  # a year, a date
    r"|1[3-9]\d{9}"  # a mobile number
    r"|\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"  # yymmdd
)
_REPEATED = re.compile(r"(.{1,4}?)\1{2,}|(.{2,8})\2")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class PasswordKeys:
    """What one password and salt give."""

    verify: bytes = field(repr=False)
    wrap: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Strength:
    """`score` 0 to 4; `is_guessable` when habits lowered it; `length` in characters after normalisation."""

    score: int
    is_guessable: bool
    length: int

    @property
    def is_acceptable(self) -> bool:
        """Long enough, not too long, and not easily guessed."""
        return SHORTEST <= self.length <= LONGEST and self.score >= LEAST_SCORE


def new_salt() -> bytes:
    """A fresh salt, made anew with each password."""
    return secrets.token_bytes(SALT_BYTES)


def derive(password: str, salt: bytes) -> PasswordKeys:
    """The keys of a password (about 160 ms and 64 MiB)."""
    slow = Argon2id(salt=salt, length=KEY_BYTES, iterations=ITERATIONS, lanes=LANES, memory_cost=MEMORY_KIB)
    secret = slow.derive(normalise(password).encode("utf-8", "surrogatepass"))
    return PasswordKeys(verify=derive_key(secret, _VERIFY_LABEL), wrap=derive_key(secret, _WRAP_LABEL))


def matches(a: bytes, b: bytes) -> bool:
    """Equality in a time that does not depend on where they differ."""
    return hmac.compare_digest(a, b)


def normalise(password: str) -> str:
    """One form for what different keyboards write differently; spaces and case stay."""
    return unicodedata.normalize("NFKC", password)


def strength(password: str, words: Sequence[str] = ()) -> Strength:
    """How hard a password is to guess for someone who knows `words`: user name, name, unit and the like."""
    typed = normalise(password)
    if not typed or len(typed) > LONGEST:
        return Strength(score=0, is_guessable=False, length=len(typed))
    # The estimator speaks UTF-8; a lone surrogate, which no keyboard writes, counts as a question mark.
    score = int(zxcvbn(typed.encode("utf-8", "replace").decode(), [w for w in map(_clean, words) if w]).score)
    own = own_characters(typed, words)
    allowed = max(score for score, least in enumerate(OWN_FOR_SCORE) if own >= least)
    return Strength(score=min(score, allowed), is_guessable=allowed < score, length=len(typed))


def is_acceptable(password: str, words: Sequence[str] = ()) -> bool:
    """Whether an account may have this password."""
    return strength(password, words).is_acceptable


def own_characters(password: str, words: Iterable[str] = ()) -> int:
    """How many different characters remain once everything guessable is struck out."""
    typed = normalise(password).lower()
    struck: set[int] = set()
    for start, end in _guessable(typed, words):
        struck.update(range(start, end))
    return len({typed[place] for place in range(len(typed)) if place not in struck})


def new_recovery_codes(n: int = 10) -> list[str]:
    """Fresh codes, `ABCD-EFGH-JKMN-PQRS`."""
    return ["-".join(groups(encode(secrets.token_bytes(RECOVERY_CODE_BYTES)))) for _ in range(n)]


def hash_recovery_code(code: str) -> bytes:
    """What the server keeps; the code may be typed in any case, with or without dashes."""
    return hashlib.sha256(_RECOVERY_LABEL + plain(code).encode("utf-8", "surrogatepass")).digest()


def _guessable(typed: str, words: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Places (start, end) of everything a habit explains."""
    as_letters = typed.translate(_READ_AS_LETTERS)
    known = WORDS | _words_of_person(words)
    for word in known:
        yield from _places(typed, word)
        yield from _places(as_letters, word)
    for pattern in (_NUMBERS, _REPEATED):
        yield from (found.span() for found in pattern.finditer(typed))
    for line in KEYBOARD_LINES:
        yield from _walks(typed, line)
        yield from _walks(typed, line[::-1])


def _words_of_person(words: Iterable[str]) -> set[str]:
    """The words given, their parts, and each of them backwards."""
    whole = {_clean(word) for word in words}
    parts = {part for word in whole for part in _WORD.findall(word)}
    found = {word for word in whole | parts if len(word) >= LEAST_WORD}
    return found | {word[::-1] for word in found}


def _clean(word: str) -> str:
    return normalise(word).encode("utf-8", "replace").decode().strip().lower()


def _places(text: str, word: str) -> Iterator[tuple[int, int]]:
    start = text.find(word)
    while start >= 0:
        yield start, start + len(word)
        start = text.find(word, start + 1)


def _walks(text: str, line: str) -> Iterator[tuple[int, int]]:
    """Stretches of the text that follow a line of the keyboard."""
    start = 0
    while start < len(text):
        end = start + LEAST_WALK
        if text[start:end] not in line or end > len(text):
            start += 1
            continue
        while end < len(text) and text[start : end + 1] in line:
            end += 1
        yield start, end
        start = end
