"""What a person's password protects: the private key and the second factor's seed, sealed under `wrap`."""

from dataclasses import dataclass, field

from whistle.services import contexts, office, slow_hash
from whistle.services.errors import Conflict, Invalid
from whistle.store.people import Person, PersonKey
from whistle.vault import envelope, keys, passwords
from whistle.vault.errors import VaultError

#: Beyond any password that would be accepted; refused before a slow hash is spent on it.
LONGEST_TYPED = 4 * passwords.LONGEST

#: Stands in for a person who does not exist, so that the same work is done. Made anew in each process.
_NOBODY_SALT = passwords.new_salt()
_NOBODY_VERIFIER = keys.new_key()


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A private key and a second factor's seed as they are stored, with what checks the password."""

    salt: bytes
    verifier: bytes
    public: bytes
    private: bytes = field(repr=False)
    totp: bytes | None = field(repr=False)


def require_acceptable(password: str, person: Person) -> None:
    """Raise Invalid for a password that is too short, too long or easily guessed for this person."""
    names = [person.user_name, person.name, office.current().name_zh, office.current().name_en]
    strength = passwords.strength(password, names)
    if strength.length < passwords.SHORTEST:
        raise Invalid("password", "too_short", least=passwords.SHORTEST)
    if strength.length > passwords.LONGEST:
        raise Invalid("password", "too_long", most=passwords.LONGEST)
    if not strength.is_acceptable:
        raise Invalid("password", "too_weak", score=strength.score)


def wrap(person_id: int, password: str, pair: keys.KeyPair, totp: str | None) -> Wrapped:
    """Seal a key pair and a second factor's seed under a password with a fresh salt: one slow hash."""
    salt = passwords.new_salt()
    derived = slow_hash.of_password(password, salt)
    code = keys.short_code(pair.public)
    private = envelope.seal_record(derived.wrap, pair.seed, contexts.person_private(person_id, code))
    sealed_totp = None if totp is None else _seal_totp(derived.wrap, totp, person_id, code)
    return Wrapped(salt, derived.verify, pair.public, private, sealed_totp)


def seal_totp(row: PersonKey, wrap_key: bytes, seed: str) -> bytes:
    """A second factor's seed sealed for a person's key, under the password's `wrap` key."""
    return _seal_totp(wrap_key, seed, row.person_id, keys.short_code(row.public))


def _seal_totp(wrap_key: bytes, seed: str, person_id: int, code: str) -> bytes:
    return envelope.seal_record(wrap_key, seed.encode(), contexts.person_totp(person_id, code))


def check(person: Person | None, password: str, rank: int = 0) -> bytes | None:
    """The `wrap` key when this is the person's password; the same work is done when there is no such person."""
    if len(password) > LONGEST_TYPED:
        password = ""
    salt, verifier = _NOBODY_SALT, _NOBODY_VERIFIER
    if person is not None and person.state == "active" and person.password_salt and person.verifier:
        salt, verifier = bytes(person.password_salt), bytes(person.verifier)
    derived = slow_hash.of_password(password, salt, rank)
    return derived.wrap if passwords.matches(derived.verify, verifier) else None


def open_private(row: PersonKey, wrap_key: bytes) -> bytes:
    """The seed of a person's key; raises Conflict when the row was damaged or exchanged."""
    context = contexts.person_private(row.person_id, keys.short_code(row.public))
    return _open(wrap_key, row.sealed_private, context)


def open_totp(row: PersonKey, wrap_key: bytes) -> str | None:
    """The seed of the second factor, if the person has one."""
    if row.sealed_totp is None:
        return None
    context = contexts.person_totp(row.person_id, keys.short_code(row.public))
    return _open(wrap_key, row.sealed_totp, context).decode()


def _open(wrap_key: bytes, sealed: bytes, context: envelope.Context) -> bytes:
    try:
        return envelope.open_record(wrap_key, sealed, context)
    except VaultError:
        raise Conflict("key_damaged") from None
