"""Accounts from invitation to the end: invited by an administrator, activated from the person's own password.

An administrator makes and ends accounts but lets nobody in: a content role's key counts only once a sitting deputy
or head compared its short code (`admissions`). The first head and the first outside oversight member are taken on
trust while no key of their office exists yet; their short codes go into the log.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from peewee import JOIN

from whistle import clock
from whistle.documents import posters
from whistle.rules.workflow import END_STATES
from whistle.services import (
    access,
    credentials,
    desks,
    grants,
    keyholding,
    ledger,
    names,
    office,
    recovery,
    sessions,
    shell,
    units,
)
from whistle.services.access import Acting, AsSystem
from whistle.services.errors import Conflict, Invalid, NotFound
from whistle.services.use_case import reading, use_case
from whistle.store.cases import Case
from whistle.store.database import lock_row
from whistle.store.desks import Desk, DeskKey, DeskMember
from whistle.store.people import (
    ROLES,
    Admission,
    Invitation,
    KnownDevice,
    OfficerSession,
    Person,
    PersonKey,
    RecoveryCode,
    RecoveryKey,
)
from whistle.store.units import Unit
from whistle.vault import keys, passwords, totp

INVITATION_DAYS = 7
#: Who lets others in.
LEADERS = ("deputy", "head")


@dataclass(frozen=True, slots=True)
class InvitationView:
    """What an invitation's page shows. `may_recover`: the key in use can be kept with the recovery sheet.

    `must_recover`: it has to be, for a new one could be let in by nobody.
    """

    user_name: str
    name: str
    role: str
    is_return: bool
    may_recover: bool
    must_recover: bool


@dataclass(frozen=True, slots=True)
class ActivationView:
    """The second factor to be set up; all None where the instance has none."""

    user_name: str
    name: str
    totp_uri: str | None = None
    totp_secret: str | None = None
    qr_svg: str | None = None


@dataclass(frozen=True, slots=True)
class Activated:
    """An account that is ready: the recovery codes, shown once, the short code to be compared, and a session."""

    recovery_codes: tuple[str, ...]
    short_code: str
    is_admitted: bool
    needs_admission: bool
    sign_in: sessions.SignIn


@dataclass(frozen=True, slots=True)
class Ending:
    """What a person leaves behind: cases to hand over, cases that want new keys, desks without a deputy, names kept.

    `wants_new_keys` is None for an oversight member: how many cases are in sealed handling is not for who asks.
    """

    in_charge: int
    wants_new_keys: int | None
    #: Chinese and English names.
    leads: tuple[tuple[str, str], ...]
    #: Whether the person is a holder of real names' halves, and how many of them nobody else has yet.
    is_holder: bool
    held_alone: int


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A line of the administrator's list. `waits_for_admission` once the key is there and nobody compared it."""

    id: int
    user_name: str
    name: str
    role: str
    state: str
    is_outside: bool
    unit_code: str | None
    #: The unit's names now; empty where the person is of the office itself.
    unit_zh: str
    unit_en: str
    email: str | None
    is_admitted: bool
    waits_for_admission: bool
    desks: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Own:
    """A person's own account page."""

    user_name: str
    name: str
    role: str
    #: Where reminders go.
    email: str | None
    short_code: str
    is_admitted: bool
    is_outside: bool
    needs_admission: bool
    recovery_codes_left: int
    has_second_factor: bool
    sessions: int


# --- invite --------------------------------------------------------------------------------------------------


@use_case
def invite(
    by: Acting | AsSystem,
    user_name: str,
    name: str,
    role: str,
    *,
    unit_code: str | None = None,
    desk_id: int | None = None,
    is_outside: bool = False,
    email: str = "",
) -> str:
    """Make an account and the token of its one-time link; `desk_id` wishes for a seat that admission makes real.

    An administrator or the shell may; nobody of them lets the person in.
    """
    access.require(by, "accounts.invite")
    who = shell.person_of(by)
    person = make_person(
        user_name, name, role, unit_code=unit_code, is_outside=is_outside, email=email, by=who
    )
    if desk_id is not None:
        desks.wish_seat(desks.find(desk_id), person, who)
    return _make_link(person, who)


def make_person(
    user_name: str,
    name: str,
    role: str,
    *,
    unit_code: str | None,
    is_outside: bool,
    by: int | None,
    email: str = "",
) -> Person:
    """Check what was typed and write the row of an invited person; in the caller's transaction."""
    user_name = user_name.strip().lower()
    if not sessions.USER_NAME.fullmatch(user_name):
        raise Invalid("user_name", "pattern")
    if role not in ROLES:
        raise Invalid("role", "unknown")
    if is_outside and role != "oversight":
        raise Invalid("is_outside", "only_oversight")
    if Person.select().where(Person.user_name == user_name).exists():
        raise Invalid("user_name", "taken")
    row = Person.create(
        user_name=user_name,
        name=names.clean(name, "name"),
        role=role,
        unit=_unit(unit_code),
        is_outside=is_outside,
        email=names.clean_email(email, "email") or None,
        recorded_at=clock.now(),
    )
    ledger.append("other", "account_invited", row, by=by)
    return row


def _unit(code: str | None) -> Unit | None:
    try:
        return units.find(code) if code else None
    except NotFound:
        raise Invalid("unit_code", "unknown") from None


def _make_link(person: Person, by: int | None) -> str:
    """A one-time token; links made before end with it."""
    _void_links(person, by)
    token, now = keys.token(), clock.now()
    row = Invitation.create(
        person=person,
        token_hash=keys.hash_token(token),
        made_by=by,
        made_at=now,
        expires_at=now + dt.timedelta(days=INVITATION_DAYS),
    )
    ledger.append("other", "invitation", row, by=by)
    return token


def first_link(person: Person) -> str:
    """The link of the very first account, which nobody invites; in the caller's transaction."""
    return _make_link(person, None)


def link_again(person: Person, by: int | None) -> str:
    """A new link in place of one that nobody followed to the end; in the caller's transaction."""
    ledger.append("other", "account_reinvited", person, by=by)
    return _make_link(person, by)


@use_case
def invite_again(by: AsSystem, user_name: str, role: str | None) -> str | None:
    """A new one-time link for somebody invited for `role` (None: for any) who never had an account.

    None for anybody else: a lost password is an administrator's matter, who knows the person.
    """
    access.require(by, "accounts.invite")
    person = Person.get_or_none(Person.user_name == user_name.strip().lower(), Person.state == "invited")
    if person is None or person.role != (role or person.role) or has_had_key(person):
        return None
    return link_again(person, None)


def has_had_key(person: Person) -> bool:
    """Whether a person ever came in: the first key is made when an account is activated for the first time."""
    return PersonKey.select().where(PersonKey.person == person).exists()


def _void_links(person: Person, by: int | None) -> None:
    live = Invitation.select().where(Invitation.used_at.is_null(), Invitation.revoked_at.is_null())
    for row in live.where(Invitation.person == person):
        row.revoked_at = clock.now()
        row.save()
        ledger.append("other", "invitation_ended", row, by=by)


def _find_invitation(token: str) -> Invitation:
    row = Invitation.get_or_none(Invitation.token_hash == keys.hash_token(token))
    if row is None or row.used_at is not None or row.revoked_at is not None:
        raise NotFound("invitation")
    if clock.now() >= row.expires_at or row.person.state == "deactivated":
        raise NotFound("invitation")
    return row


@reading
def invitation(token: str) -> InvitationView:
    """What an invitation is for; raises NotFound when it is unknown, used or older than a week."""
    access.as_stranger("accounts.invitation")
    person = _find_invitation(token).person
    key = keyholding.current_key(person)
    may_recover = key is not None and key.sealed_to_recovery is not None
    return InvitationView(
        user_name=person.user_name,
        name=person.name,
        role=person.role,
        is_return=key is not None,
        may_recover=may_recover,
        must_recover=_needs_sheet(person),
    )


# --- activate ------------------------------------------------------------------------------------------------


def start_activation(token: str, password: str) -> str:
    """First step: make a key pair under the person's own password; returns the secret of the half-made account.

    Raises Conflict 'needs_sheet' where a new key could be let in by nobody.
    """
    person = _invited_anew(token)
    credentials.require_acceptable(password, person)
    return _prepare(token, person, password, keys.new_pair(), recovered_key=None)


def recover_with_sheet(token: str, sheet: str, new_password: str) -> str:
    """First step for who lost the password while nobody else holds the keys: the recovery sheet opens the old key.

    The key stays the same, so admission and seals stay. `finish_activation` follows, with a new second factor.
    """
    person = _invited(token)
    credentials.require_acceptable(new_password, person)
    key_id, pair = recovery.open_person_key(person.id, sheet)
    return _prepare(token, person, new_password, pair, recovered_key=key_id)


@reading
def _invited(token: str) -> Person:
    access.as_stranger("accounts.activate")
    return _find_invitation(token).person


@reading
def _invited_anew(token: str) -> Person:
    access.as_stranger("accounts.activate")
    person = _find_invitation(token).person
    _refuse_without_sheet(person)
    return person


def _refuse_without_sheet(person: Person) -> None:
    if _needs_sheet(person):
        raise Conflict("needs_sheet")


def _needs_sheet(person: Person) -> bool:
    """Whether a new key in place of the old would leave an office that nobody is let in to any more.

    The last deputy or head has to keep the key. Before the sheet is in force there is none to keep it with, and a
    head's first key is taken on trust anyhow.
    """
    return _sheet_in_force() and _is_last_leader(person)


def _prepare(
    token: str, person: Person, password: str, pair: keys.KeyPair, *, recovered_key: int | None
) -> str:
    totp_seed = None if office.is_invented() else totp.new_totp_seed()
    wrapped = credentials.wrap(person.id, password, pair, totp_seed)
    state = {
        "seed": pair.seed.hex(),
        "totp": totp_seed,
        "recovered": recovered_key,
        "salt": wrapped.salt.hex(),
        "verifier": wrapped.verifier.hex(),
        "private": wrapped.private.hex(),
        "sealed_totp": None if wrapped.totp is None else wrapped.totp.hex(),
    }
    return _store_activation(token, state)


@use_case
def _store_activation(token: str, state: dict[str, Any]) -> str:
    access.as_stranger("accounts.activate")
    row = _find_invitation(token)
    return sessions.store(row.person, "activation", {**state, "invitation": row.id})


@reading
def activation(secret: str) -> ActivationView:
    """What the second step shows: the second factor as text and as QR code."""
    access.as_stranger("accounts.activate")
    row, state = sessions.load(secret, "activation")
    person, seed = row.person, state["totp"]
    if seed is None:
        return ActivationView(person.user_name, person.name)
    uri = totp.totp_uri(seed, person.user_name, office.current().name_en or office.current().name_zh)
    return ActivationView(person.user_name, person.name, uri, seed, posters.qr_svg(uri))


@use_case
def finish_activation(secret: str, code: str | None = None) -> Activated:
    """Second step: the app's first code. The link is used up, the key in force, and the person signed in.

    Raises Conflict 'needs_sheet' as `start_activation` does: a colleague may have left since.
    """
    access.as_stranger("accounts.activate")
    row, state = sessions.load(secret, "activation")
    step = _first_step(state["totp"], code)
    person = _hold(row.person)
    if state["recovered"] is None:
        _refuse_without_sheet(person)
    _use_up(state["invitation"], person)
    sessions.end_all(person)
    pair = keys.pair_from_seed(bytes.fromhex(state["seed"]))
    key = _keep_key(person, pair, state) if state["recovered"] is None else _rewrap_key(person, state)
    _activate(person, state, step)
    _admit_on_trust(person, key)
    keyholding.seal_to_recovery(person, key, pair.seed)
    codes = _replace_recovery_codes(person)
    opened = sessions.open_for(person, key, pair.seed, None)
    return Activated(
        recovery_codes=codes,
        short_code=keys.short_code(key.public),
        is_admitted=keyholding.is_admitted(person),
        needs_admission=person.role in keyholding.CONTENT_ROLES,
        sign_in=opened,
    )


def _first_step(seed: str | None, code: str | None) -> int:
    if seed is None:
        return 0
    step = totp.check_totp(seed, code or "", clock.now(), 0)
    if step is None:
        raise Invalid("code", "wrong")
    return step


def _use_up(invitation_id: int, person: Person) -> None:
    """Use the link; of two activations at once only one gets past here."""
    fresh = Invitation.update(used_at=clock.now()).where(Invitation.id == invitation_id)
    fresh = fresh.where(Invitation.used_at.is_null(), Invitation.revoked_at.is_null())
    fresh = fresh.where(Invitation.expires_at > clock.now())
    if person.state == "deactivated" or not fresh.execute():
        raise NotFound("invitation")
    ledger.append("other", "invitation_used", Invitation.get_by_id(invitation_id), by=person.id)


def _keep_key(person: Person, pair: keys.KeyPair, state: dict[str, Any]) -> PersonKey:
    """Put a new key in place of any old one, whose seals and admission end; its seats become wishes again."""
    if keyholding.current_key(person) is not None:
        had = desks.of_person(person)
        keyholding.strip(person, person.id)
        keyholding.retire_keys(person, person.id)
        for desk in had:
            desks.wish_seat(desk, person, person.id)
    row = PersonKey.create(
        person=person,
        public=pair.public,
        sealed_private=bytes.fromhex(state["private"]),
        sealed_totp=_optional(state["sealed_totp"]),
        recorded_at=clock.now(),
    )
    ledger.append("key", "person_key", row, by=person.id, code=keys.short_code(pair.public))
    return row


def _rewrap_key(person: Person, state: dict[str, Any]) -> PersonKey:
    row = keyholding.current_key(person)
    if row is None or row.id != state["recovered"]:
        raise Conflict("key_changed")
    row.sealed_private, row.sealed_totp = bytes.fromhex(state["private"]), _optional(state["sealed_totp"])
    row.save()
    ledger.append("key", "person_key_recovered", row, by=person.id)
    return row


def _optional(text: str | None) -> bytes | None:
    return None if text is None else bytes.fromhex(text)


def _activate(person: Person, state: dict[str, Any], step: int) -> None:
    person.state, person.totp_step = "active", step
    person.password_salt, person.verifier = bytes.fromhex(state["salt"]), bytes.fromhex(state["verifier"])
    person.save()
    ledger.append("other", "account_activated", person, by=person.id)


def _admit_on_trust(person: Person, key: PersonKey) -> None:
    """Let in the first head, or the first outside oversight member: while no key of theirs exists there is nobody
    who could compare the short code, and nothing yet that the code protects.
    """
    if keyholding.is_admitted(person) or not _is_first(person):
        return
    row = Admission.create(key=key, role=person.role, on_trust=True, recorded_at=clock.now())
    ledger.append("key", "admitted_on_trust", row, by=person.id, code=keys.short_code(key.public))


def _is_first(person: Person) -> bool:
    if person.role == "head":
        return not _sheet_in_force() and not keyholding.sitting("deputy", "head")
    if person.role == "oversight" and person.is_outside:
        made = DeskKey.select().join(Desk).where(Desk.kind == "oversight").exists()
        return not made and not keyholding.sitting("oversight")
    return False


def _sheet_in_force() -> bool:
    return bool(RecoveryKey.select().where(RecoveryKey.checked_at.is_null(False)).exists())


def _replace_recovery_codes(person: Person) -> tuple[str, ...]:
    RecoveryCode.delete().where(RecoveryCode.person == person).execute()
    if office.is_invented():
        return ()
    codes = tuple(passwords.new_recovery_codes())
    for code in codes:
        RecoveryCode.create(person=person, code_hash=passwords.hash_recovery_code(code))
    ledger.append("other", "recovery_codes", person, by=person.id)
    return codes


# --- change and end ------------------------------------------------------------------------------------------


def _find_other(by: Acting, person_id: int, permission: str) -> Person:
    """The person an administrator acts on; the permit leaves out the own account, so an administrator remains."""
    person = Person.get_or_none(Person.id == person_id)
    access.require(by, permission, person)
    if person is None:
        raise NotFound("person")
    return person


def _hold(person: Person) -> Person:
    """`keyholding.hold`, after all leaders: of two who leave at once, the second sees that the first is gone."""
    if person.role in LEADERS:
        list(lock_row(Person.select().where(Person.role.in_(LEADERS)).order_by(Person.id)))
    return keyholding.hold(person)


def _refuse_last(person: Person) -> None:
    """No office without a head, none without anybody who can let the next one in, none where nobody keeps the names."""
    if _is_last(person, "head"):
        raise Conflict("last_head")
    if _is_last_leader(person):
        raise Conflict("last_leader")
    if desks.is_last_holder(person):
        raise Conflict("last_holder_leaves")


def _is_last_leader(person: Person) -> bool:
    """Whether nobody else can let people in: no other deputy or head sits."""
    return _is_last(person, *LEADERS)


def _is_last(person: Person, *roles: str) -> bool:
    return [other.id for other in keyholding.sitting(*roles)] == [person.id]


@use_case
def reinvite(by: Acting, person_id: int) -> str:
    """A new one-time link: for an invitation that was lost, a password that was lost, or a person who comes back.

    Nothing changes before the link is used; then a new key waits for admission, unless the recovery sheet kept the
    old one.
    """
    person = _find_other(by, person_id, "accounts.reinvite")
    if person.state == "deactivated":
        person.state = "invited"
        person.save(only=[Person.state])
    return link_again(person, by.person_id)


@use_case
def deactivate(by: Acting, person_id: int) -> int:
    """End an account at once: sessions, seats, admission, every seal. Returns how many cases wait for new keys.

    Raises Conflict 'last_head', 'last_leader' for the only one left who lets people in, 'last_holder_leaves' for the
    only one who keeps the first halves of real names.
    """
    person = _hold(_find_other(by, person_id, "accounts.deactivate"))
    _refuse_last(person)
    _void_links(person, by.person_id)
    sessions.end_all(person)
    waiting = keyholding.strip(person, by.person_id)
    keyholding.retire_keys(person, by.person_id)
    KnownDevice.delete().where(KnownDevice.person == person).execute()
    RecoveryCode.delete().where(RecoveryCode.person == person).execute()
    person.state, person.password_salt, person.verifier = "deactivated", None, None
    person.save()
    ledger.append("other", "account_deactivated", person, by=by.person_id, cases=waiting)
    return waiting


@reading
def why_stays(by: Acting, person_id: int) -> str:
    """Why a person can leave neither the account nor the role now, as the code of a Conflict; else empty."""
    try:
        _refuse_last(_find_other(by, person_id, "accounts.ending"))
    except Conflict as conflict:
        return conflict.why
    return ""


@reading
def ending(by: Acting, person_id: int) -> Ending:
    """What would be left behind if the person left the account or the role now."""
    person = _find_other(by, person_id, "accounts.ending")
    own = Case.select().where(Case.officer == person, Case.state.not_in(END_STATES))
    led = Desk.select().where(Desk.deputy == person).order_by(Desk.id)
    leads = tuple((desk.name_zh, desk.name_en) for desk in led)
    return Ending(
        in_charge=own.count(),
        wants_new_keys=None if person.role == "oversight" else keyholding.count_open_to(person),
        leads=leads,
        is_holder=desks.is_holder(person),
        held_alone=desks.count_held_alone(person) if desks.is_holder(person) else 0,
    )


@use_case
def change_role(by: Acting, person_id: int, role: str) -> int:
    """Give a person another role: everything held for the old one ends at once, and admission is needed again.

    Not to or from `oversight`: what the head must not read would come to a key that the recovery sheet opens.
    """
    person = _find_other(by, person_id, "accounts.change_role")
    if role not in ROLES:
        raise Invalid("role", "unknown")
    if role == person.role:
        return 0
    if "oversight" in (role, person.role):
        raise Conflict("oversight_needs_own_account")
    person = _hold(person)
    _refuse_last(person)
    _void_links(person, by.person_id)
    sessions.end_all(person)
    waiting = keyholding.strip(person, by.person_id)
    person.role = role
    person.save(only=[Person.role])
    ledger.append("other", "role_changed", person, by=by.person_id, cases=waiting)
    return waiting


def change_password(by: Acting, old: str, new: str) -> sessions.SignIn:
    """Wrap the private key and the second factor's seed under another password; every session ends but a new one."""
    person = _own_account(by)
    wrap_key = sessions.check_again(by, person, old)
    if passwords.normalise(new) == passwords.normalise(old):
        raise Invalid("password", "same")
    credentials.require_acceptable(new, person)
    key = PersonKey.get_by_id(by.key_id)
    pair = keys.pair_from_seed(credentials.open_private(key, wrap_key))
    wrapped = credentials.wrap(person.id, new, pair, credentials.open_totp(key, wrap_key))
    return _rewrap(by, wrapped, key.sealed_private)


@reading
def _own_account(by: Acting) -> Person:
    person = Person.get_by_id(by.person_id)
    access.require(by, "accounts.change_password", person)
    return person


@use_case
def _rewrap(by: Acting, wrapped: credentials.Wrapped, old_private: bytes) -> sessions.SignIn:
    person = Person.get_by_id(by.person_id)
    access.require(by, "accounts.change_password", person)
    same = PersonKey.update(sealed_private=wrapped.private, sealed_totp=wrapped.totp)
    same = same.where(PersonKey.id == by.key_id, PersonKey.retired_at.is_null())
    if not same.where(PersonKey.sealed_private == old_private).execute():
        raise Conflict("key_changed")
    Person.update(password_salt=wrapped.salt, verifier=wrapped.verifier).where(
        Person.id == person.id
    ).execute()
    sessions.end_all(person)
    key = PersonKey.get_by_id(by.key_id)
    ledger.append("key", "password_changed", key, by=person.id)
    return sessions.open_for(person, key, by.seed, None)


def new_recovery_codes(by: Acting, password: str) -> tuple[str, ...]:
    """Ten fresh recovery codes, shown once; the old ones end. Whoever finds an open session has no password for it."""
    sessions.check_again(by, _own_account(by), password)
    return _store_recovery_codes(by)


@use_case
def _store_recovery_codes(by: Acting) -> tuple[str, ...]:
    person = Person.get_by_id(by.person_id)
    access.require(by, "accounts.new_recovery_codes", person)
    return _replace_recovery_codes(person)


# --- look ----------------------------------------------------------------------------------------------------


@reading
def list_people(by: Acting) -> list[PersonRow]:
    """Everybody who has or had an account, by user name."""
    access.require(by, "accounts.list_people")
    seats: dict[int, list[tuple[str, str]]] = {}
    for member in DeskMember.select(DeskMember, Desk).join(Desk).where(DeskMember.ended_at.is_null()):
        seats.setdefault(member.person_id, []).append((member.desk.name_zh, member.desk.name_en))
    units_of = Person.select(Person, Unit).join(Unit, JOIN.LEFT_OUTER, on=Person.unit)
    people = list(units_of.order_by(Person.user_name))
    let_in = grants.admitted_keys(people)
    named = units.names_of({person.unit_id for person in people if person.unit_id is not None})
    return [
        _person_row(
            person,
            is_admitted=person.id in let_in,
            unit_names=named.get(person.unit_id or 0, ("", "")),
            seats=tuple(seats.get(person.id, ())),
        )
        for person in people
    ]


def _person_row(
    person: Person, *, is_admitted: bool, unit_names: tuple[str, str], seats: tuple[tuple[str, str], ...]
) -> PersonRow:
    is_content = person.role in keyholding.CONTENT_ROLES and person.state == "active"
    return PersonRow(
        id=person.id,
        user_name=person.user_name,
        name=person.name,
        role=person.role,
        state=person.state,
        is_outside=person.is_outside,
        unit_code=None if person.unit is None else person.unit.code,
        unit_zh=unit_names[0],
        unit_en=unit_names[1],
        email=person.email,
        is_admitted=is_admitted,
        waits_for_admission=is_content and not is_admitted,
        desks=seats,
    )


@reading
def own(by: Acting) -> Own:
    """The acting person's own account."""
    person = Person.get_by_id(by.person_id)
    access.require(by, "accounts.own", person)
    key = PersonKey.get_by_id(by.key_id)
    left = RecoveryCode.select().where(RecoveryCode.person == person, RecoveryCode.used_at.is_null())
    return Own(
        user_name=person.user_name,
        name=person.name,
        role=person.role,
        email=person.email,
        short_code=keys.short_code(key.public),
        is_admitted=keyholding.is_admitted(person),
        is_outside=bool(person.is_outside),
        needs_admission=person.role in keyholding.CONTENT_ROLES,
        recovery_codes_left=left.count(),
        has_second_factor=key.sealed_totp is not None,
        sessions=OfficerSession.select().where(OfficerSession.person == person).count(),
    )
