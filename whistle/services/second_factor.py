"""Another authenticator in place of the one that was lost or stolen: for who knows the password and is signed in."""

import re
from dataclasses import dataclass

from whistle import clock
from whistle.documents import posters
from whistle.services import access, credentials, ledger, office, sessions
from whistle.services.access import Acting
from whistle.services.errors import Conflict, Invalid
from whistle.services.use_case import reading, use_case
from whistle.store.people import Person, PersonKey
from whistle.vault import totp

#: A seed as `totp.new_totp_seed` makes it: what a page carries meanwhile is believed only in this form.
_SEED = re.compile(r"[A-Z2-7]{32}")


@dataclass(frozen=True, slots=True)
class Offer:
    """A seed that is not in force yet, as text and as QR code."""

    seed: str
    qr_svg: str


@reading
def offer(by: Acting, seed: str = "") -> Offer | None:
    """A fresh seed for the person's authenticator, or the one shown before; None where the instance has none."""
    person = Person.get_by_id(by.person_id)
    access.require(by, "accounts.change_second_factor", person)
    if office.is_invented():
        return None
    seed = seed if _SEED.fullmatch(seed) else totp.new_totp_seed()
    here = office.current()
    uri = totp.totp_uri(seed, person.user_name, here.name_en or here.name_zh)
    return Offer(seed, posters.qr_svg(uri))


def change(by: Acting, password: str, seed: str, code: str) -> sessions.SignIn:
    """Put a seed in force, proven by its first code; every session ends but a new one. The old authenticator is dead.

    Raises Invalid for a wrong password or code, Busy after too many, and Conflict where the instance has no second
    factor.
    """
    person = _own(by)
    wrap_key = sessions.check_again(by, person, password)
    step = totp.check_totp(seed, code, clock.now(), 0) if _SEED.fullmatch(seed) else None
    if step is None:
        raise Invalid("code", "wrong")
    sealed = credentials.seal_totp(PersonKey.get_by_id(by.key_id), wrap_key, seed)
    return _put(by, sealed, step)


@reading
def _own(by: Acting) -> Person:
    person = Person.get_by_id(by.person_id)
    access.require(by, "accounts.change_second_factor", person)
    if office.is_invented():
        raise Conflict("no_second_factor")
    return person


@use_case
def _put(by: Acting, sealed: bytes, step: int) -> sessions.SignIn:
    person = Person.get_by_id(by.person_id)
    access.require(by, "accounts.change_second_factor", person)
    same = PersonKey.update(sealed_totp=sealed).where(
        PersonKey.id == by.key_id, PersonKey.retired_at.is_null()
    )
    if not same.execute():
        raise Conflict("key_changed")
    Person.update(totp_step=step).where(Person.id == person.id).execute()
    sessions.end_all(person)
    key = PersonKey.get_by_id(by.key_id)
    ledger.append("key", "second_factor_changed", key, by=person.id)
    return sessions.open_for(person, key, by.seed, None)
