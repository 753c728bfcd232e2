"""Signing in and staying signed in.

A session row holds the person's private key sealed under a 32-byte secret that is only in the cookie: the database
cannot open it without the cookie, nor the cookie without the database. Tries are counted apart for a browser that
has signed in before and for strangers, so a stranger slows down other strangers and never the owner; user names that
do not exist are counted and answered like those that do. The slow hash runs outside of any transaction.
"""

import base64
import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from whistle import clock
from whistle.services import access, contexts, credentials, keyholding, keyrings, ledger, office, slow_hash
from whistle.services.access import Acting, AsSystem
from whistle.services.errors import Busy, Conflict, Crowded, Invalid, NotFound
from whistle.services.use_case import reading, use_case
from whistle.store.database import lock_row
from whistle.store.people import (
    ROLES,
    KnownDevice,
    OfficerSession,
    Person,
    PersonKey,
    RecoveryCode,
    SignInTries,
)
from whistle.vault import envelope, keys, passwords, totp
from whistle.vault.errors import VaultError

IDLE = dt.timedelta(minutes=20)
LONGEST = dt.timedelta(hours=12)
#: What a user name looks like; anything else is nobody's.
USER_NAME = re.compile(r"[a-z][a-z0-9._-]{1,31}")
#: How long the second factor, or an account's first code, is waited for.
HALF_OPEN = dt.timedelta(minutes=20)
#: `seen_at` is written no more often than this, so that a page costs no write; a session may end so much early.
TOUCH_AFTER = dt.timedelta(seconds=30)

#: Tries that cost no waiting; each further one doubles it, from 2 seconds up to `LONGEST_WAIT`.
FREE_TRIES = 4
LONGEST_WAIT = dt.timedelta(minutes=15)
#: Failures this old are forgotten.
FORGET_AFTER = dt.timedelta(days=1)
#: User names whose failures are kept at most; the longest untouched go first.
MOST_NAMES = 20_000
DEVICES_A_PERSON = 10

#: The label of the key that a cookie's secret gives.
_LABEL = "officer-session"


@dataclass(frozen=True, slots=True)
class SignIn:
    """A session begun: `secret` for the cookie, `stage` 'second_factor' or 'open', and a token for a new browser."""

    secret: str
    stage: str
    device_token: str | None = None


@dataclass(frozen=True, slots=True)
class InventedPerson:
    """Somebody of a trial or demo, for the switcher."""

    user_name: str
    name: str
    role: str


# --- sign in -------------------------------------------------------------------------------------------------


def sign_in(user_name: str, password: str, device_token: str | None = None, rank: int = 0) -> SignIn:
    """First step: user name and password.

    Raises Busy while tries are slowed down, Crowded when too many sign in at once, Invalid for a wrong pair. Where many
    do, the lower `rank` goes first.
    """
    user_name = user_name.strip().lower()
    with _one_try(user_name, device_token, rank):
        person = _find(user_name)
        wrap_key = credentials.check(person, password, rank)
    if person is None or wrap_key is None:
        raise Invalid("password", "wrong")
    return _gathering(_begin_with_password(person.id, wrap_key, device_token))


def check_again(by: Acting, person: Person, password: str) -> bytes:
    """The `wrap` key when the password of a signed-in person is typed again; tries are counted for the session."""
    counted_as = f"session {by.session_id}"
    with _one_try(counted_as, None):
        wrap_key = credentials.check(person, password)
    if wrap_key is None:
        raise Invalid("old", "wrong")
    _forget_tries(counted_as)
    return wrap_key


def _find(user_name: str) -> Person | None:
    if not USER_NAME.fullmatch(user_name):
        return None
    person: Person | None = Person.get_or_none(Person.user_name == user_name)
    return person


@use_case
def _begin_with_password(person_id: int, wrap_key: bytes, device_token: str | None) -> SignIn:
    access.as_stranger("sessions.sign_in")
    person = Person.get_by_id(person_id)
    row = keyholding.current_key(person)
    if person.state != "active" or row is None:
        raise Invalid("password", "wrong")
    if not ledger.matches(row):
        raise Conflict("key_not_in_log")
    _reset_tries(person.user_name, device_token)
    seed, totp_seed = credentials.open_private(row, wrap_key), credentials.open_totp(row, wrap_key)
    if totp_seed is not None:
        state = {"seed": seed.hex(), "totp": totp_seed, "device": device_token}
        return SignIn(store(person, "second_factor", state, row), "second_factor")
    if not office.is_invented():
        raise Conflict("no_second_factor")
    return open_for(person, row, seed, device_token)


def second_factor(secret: str, code: str) -> SignIn:
    """Second step: a code of the app, or a recovery code, each good once. Raises Invalid, Busy, or NotFound."""
    _claim_try(_code_counter(secret), None)
    return _gathering(_pass_second_factor(secret, code))


def _gathering(signed_in: SignIn) -> SignIn:
    """Move new grants under the keyring of who has just come in."""
    if signed_in.stage == "open":
        keyrings.gather(_look(signed_in.secret)[0])
    return signed_in


@reading
def _code_counter(secret: str) -> str:
    access.as_stranger("sessions.second_factor")
    row, state = load(secret, "second_factor")
    return _counts_codes_as(row.person.user_name, state["device"])


def _counts_codes_as(user_name: str, device_token: str | None) -> str:
    """Wrong codes are counted by themselves, and again apart for a known browser; no user name has a space."""
    known = device_token if _device(user_name, device_token) else ""
    return f"code {user_name} {known}"


@use_case
def _pass_second_factor(secret: str, code: str) -> SignIn:
    access.as_stranger("sessions.second_factor")
    row, state = load(secret, "second_factor")
    person = row.person
    if not (_takes_totp(person, state["totp"], code) or _takes_recovery_code(person, code)):
        raise Invalid("code", "wrong")
    row.delete_instance()
    _reset_tries(_counts_codes_as(person.user_name, state["device"]), None)
    key = PersonKey.get_by_id(row.person_key_id)
    return open_for(person, key, bytes.fromhex(state["seed"]), state["device"])


def _takes_totp(person: Person, seed: str, code: str) -> bool:
    step = totp.check_totp(seed, code, clock.now(), person.totp_step)
    if step is None:
        return False
    fresh = Person.update(totp_step=step).where(Person.id == person.id).where(Person.totp_step < step)
    return bool(fresh.execute())


def _takes_recovery_code(person: Person, code: str) -> bool:
    row = RecoveryCode.get_or_none(
        RecoveryCode.person == person,
        RecoveryCode.code_hash == passwords.hash_recovery_code(code),
        RecoveryCode.used_at.is_null(),
    )
    if row is None:
        return False
    unused = RecoveryCode.update(used_at=clock.now()).where(RecoveryCode.id == row.id)
    if not unused.where(RecoveryCode.used_at.is_null()).execute():
        return False
    ledger.append("other", "recovery_code_used", RecoveryCode.get_by_id(row.id), by=person.id)
    return True


def open_for(person: Person, row: PersonKey, seed: bytes, device_token: str | None) -> SignIn:
    """Open a session for a person who proved everything; part of the caller's transaction.

    Here a sitting member passes on the keys that newly admitted members lack, and a key older than the recovery key
    is sealed to it.
    """
    new_device = None
    if not office.is_invented() and _device(person.user_name, device_token) is None:
        new_device = _remember_device(person)
    secret = store(person, "open", {"seed": seed.hex()}, row)
    ledger.append("other", "signed_in", by=person.id)
    keyholding.seal_to_recovery(person, row, seed)
    keyholding.share(_acting_of(*load(secret, "open")))
    return SignIn(secret, "open", new_device)


def switch(secret: str | None, user_name: str) -> SignIn:
    """Change person with one click, in a trial or demo only; the session of `secret` ends."""
    password = _common_password()
    opened = sign_in(user_name, password)
    if secret is not None:
        sign_out(secret)
    return opened


@reading
def _common_password() -> str:
    access.as_stranger("sessions.switch")
    found = office.current()
    if not office.is_invented() or found.common_password is None:
        raise NotFound("switch")
    return str(found.common_password)


@reading
def invented_people() -> list[InventedPerson]:
    """The people of a trial or demo to change to, in the order of their roles; none in an office."""
    access.as_stranger("sessions.switch")
    if not office.is_invented():
        return []
    people = Person.select().where(Person.state == "active").order_by(Person.id)
    found = [InventedPerson(person.user_name, person.name, person.role) for person in people]
    return sorted(found, key=lambda person: ROLES.index(person.role))


# --- stay signed in -------------------------------------------------------------------------------------------


def acting(secret: str) -> Acting:
    """The person of an open session; raises NotFound('session') when it ended. Counts as a sign of life."""
    found, is_stale = _look(secret)
    if is_stale:
        _touch(found)
        keyrings.gather(found)
    return found


@reading
def _look(secret: str) -> tuple[Acting, bool]:
    access.as_stranger("sessions.acting")
    row, state = load(secret, "open")
    return _acting_of(row, state), clock.now() - row.seen_at >= TOUCH_AFTER


@use_case
def _touch(found: Acting) -> None:
    access.as_stranger("sessions.acting")
    OfficerSession.update(seen_at=clock.now()).where(OfficerSession.id == found.session_id).execute()
    keyholding.share(found)


def _acting_of(row: OfficerSession, state: dict[str, Any]) -> Acting:
    person = row.person
    if row.person_key_id is None:
        raise NotFound("session")
    return Acting(
        person_id=person.id,
        user_name=person.user_name,
        name=person.name,
        role=person.role,
        key_id=row.person_key_id,
        session_id=row.id,
        locale=person.locale,
        seed=bytes.fromhex(state["seed"]),
    )


@use_case
def sign_out(secret: str) -> None:
    """End a session, whatever its stage; an unknown one is fine."""
    access.as_stranger("sessions.sign_out")
    OfficerSession.delete().where(OfficerSession.secret_hash == keys.hash_token(secret)).execute()


def end_all(person: Person) -> None:
    """End every session of a person; part of the caller's transaction."""
    OfficerSession.delete().where(OfficerSession.person == person).execute()


@use_case
def sweep() -> int:
    """Delete sessions that ended and failures long forgotten; returns how many rows went."""
    access.require(AsSystem("sweep"), "sessions.sweep")
    now = clock.now()
    ended = OfficerSession.delete().where(
        (OfficerSession.seen_at <= now - IDLE) | (OfficerSession.made_at <= now - LONGEST)
    )
    forgotten = SignInTries.delete().where(SignInTries.last_failure_at < now - FORGET_AFTER)
    return int(ended.execute()) + int(forgotten.execute())


# --- the row and its secret ----------------------------------------------------------------------------------


def store(person: Person, stage: str, state: dict[str, Any], key: PersonKey | None = None) -> str:
    """Keep `state` sealed in a new session row and return the secret that opens it; in the caller's transaction."""
    raw = keys.new_key()
    secret = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
    secret_hash, now = keys.hash_token(secret), clock.now()
    context = contexts.officer_session(f"{stage}:{secret_hash.hex()}")
    OfficerSession.create(
        secret_hash=secret_hash,
        person=person,
        stage=stage,
        person_key=key,
        sealed=envelope.seal_json_record(keys.derive(raw, _LABEL), state, context),
        made_at=now,
        seen_at=now,
    )
    return secret


def load(secret: str, stage: str) -> tuple[OfficerSession, dict[str, Any]]:
    """The row and state of a session of this stage; raises NotFound when there is none, or none any more."""
    secret_hash = keys.hash_token(secret)
    row = OfficerSession.get_or_none(OfficerSession.secret_hash == secret_hash, OfficerSession.stage == stage)
    if row is None or has_ended(row):
        raise NotFound("session")
    raw = base64.urlsafe_b64decode(secret + "=")
    context = contexts.officer_session(f"{stage}:{secret_hash.hex()}")
    try:
        state: dict[str, Any] = envelope.open_json_record(keys.derive(raw, _LABEL), row.sealed, context)
    except VaultError:
        raise NotFound("session") from None
    return row, state


def has_ended(row: OfficerSession) -> bool:
    """Whether a session is over, though its row is still there."""
    now = clock.now()
    idle, longest = (IDLE, LONGEST) if row.stage == "open" else (HALF_OPEN, HALF_OPEN)
    is_out = row.person_key is not None and row.person_key.retired_at is not None
    if is_out or (row.stage != "activation" and row.person.state != "active"):
        return True
    return bool(now - row.seen_at >= idle or now - row.made_at >= longest)


# --- counting tries ------------------------------------------------------------------------------------------


@contextmanager
def _one_try(user_name: str, device_token: str | None, rank: int = 0) -> Iterator[None]:
    """Count a try of a password around its slow hash; one that found no slot was none."""
    slow_hash.PASSWORDS.require_room(rank)
    before = _claim_try(user_name, device_token)
    try:
        yield
    except Crowded:
        _give_back_try(user_name, device_token, before)
        raise


@use_case
def _claim_try(user_name: str, device_token: str | None) -> dt.datetime | None:
    """Count a try before it is made, so that many at once cannot slip through; raises Busy while it must wait.

    Returns when the try before it was made.
    """
    access.as_stranger("sessions.sign_in")
    counter, now = _counter(user_name, device_token), clock.now()
    failures = counter.failures
    before: dt.datetime | None = counter.last_failure_at
    if before is not None:
        if now - before >= FORGET_AFTER:
            failures = 0
        left = _wait(failures) - (now - before)
        if left > dt.timedelta():
            raise Busy(max(1, round(left.total_seconds())))
    counter.failures, counter.last_failure_at = failures + 1, now
    counter.save()
    return before


def _wait(failures: int) -> dt.timedelta:
    if failures < FREE_TRIES:
        return dt.timedelta()
    return min(dt.timedelta(seconds=2 ** min(failures - FREE_TRIES + 1, 20)), LONGEST_WAIT)


@use_case
def _give_back_try(user_name: str, device_token: str | None, before: dt.datetime | None) -> None:
    """Uncount a try that could not be made: neither it nor a wait that was sat out before it is lost."""
    access.as_stranger("sessions.sign_in")
    counter = _counter(user_name, device_token)
    counter.failures, counter.last_failure_at = max(0, counter.failures - 1), before
    counter.save()


def _counter(user_name: str, device_token: str | None) -> KnownDevice | SignInTries:
    device = _device(user_name, device_token)
    if device is not None:
        return device
    name_hash = keys.hash_token(user_name)
    query = SignInTries.select().where(SignInTries.name_hash == name_hash)
    row = lock_row(query).get_or_none()
    if row is None:
        _make_room()
        fresh = SignInTries.insert(name_hash=name_hash, failures=0, last_failure_at=clock.now())
        fresh.on_conflict_ignore().execute()
        row = lock_row(query).get()
    return row


def _make_room() -> None:
    if SignInTries.select().count() >= MOST_NAMES:
        oldest = SignInTries.select(SignInTries.name_hash).order_by(SignInTries.last_failure_at)
        SignInTries.delete().where(SignInTries.name_hash.in_(oldest.limit(MOST_NAMES // 10))).execute()


@use_case
def _forget_tries(counted_as: str) -> None:
    access.as_stranger("sessions.sign_in")
    _reset_tries(counted_as, None)


def _reset_tries(user_name: str, device_token: str | None) -> None:
    counter = _counter(user_name, device_token)
    counter.failures = 0
    counter.save()


def _device(user_name: str, device_token: str | None) -> KnownDevice | None:
    if not device_token:
        return None
    query = KnownDevice.select().where(
        KnownDevice.token_hash == keys.hash_token(device_token),
        KnownDevice.person.in_(Person.select(Person.id).where(Person.user_name == user_name)),
    )
    return lock_row(query).get_or_none()


@reading
def is_known_device(token: str) -> bool:
    """Whether a browser's token is a known one of some active person."""
    access.as_stranger("sessions.sign_in")
    query = KnownDevice.select().join(Person).where(KnownDevice.token_hash == keys.hash_token(token))
    return bool(query.where(Person.state == "active").exists())


def _remember_device(person: Person) -> str:
    token = keys.token()
    KnownDevice.create(person=person, token_hash=keys.hash_token(token), made_at=clock.now())
    kept = KnownDevice.select(KnownDevice.id).where(KnownDevice.person == person)
    kept = kept.order_by(KnownDevice.id.desc()).limit(DEVICES_A_PERSON)
    KnownDevice.delete().where(KnownDevice.person == person, KnownDevice.id.not_in(kept)).execute()
    return token


@use_case
def let_pass(by: Acting, person_id: int) -> str:
    """A token that makes the browser it is opened in a known one of this person, so that strangers' tries do not
    slow it down. It proves nothing else: password and second factor are still asked.
    """
    person = Person.get_or_none(Person.id == person_id)
    if person is None:
        raise NotFound("person")
    access.require(by, "sessions.let_pass", person)
    return _ease(person, by.person_id)


@use_case
def let_pass_from_shell(by: AsSystem, user_name: str) -> str:
    """The same by user name and from the machine itself, for an administrator whom nobody else could let pass.

    Raises NotFound, for an account that nobody can sign in to as well.
    """
    person = _find(user_name.strip().lower())
    if person is None or person.state != "active":
        raise NotFound("active person")
    access.require(by, "sessions.let_pass", person)
    return _ease(person, None)


def _ease(person: Person, by: int | None) -> str:
    ledger.append("other", "sign_in_eased", person, by=by)
    return _remember_device(person)
