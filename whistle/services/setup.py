"""The first start: a trial with one click, or an office by six steps whose state is read from what is really there.

Everything is made through the ordinary services; `build_people` walks the same six steps that an office walks, and
trial and demo are made by it.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from whistle import clock
from whistle.services import (
    access,
    accounts,
    admissions,
    channels,
    desks,
    ledger,
    names,
    recovery,
    sessions,
    superior,
    units,
)
from whistle.services.access import Acting
from whistle.services.desks import make_oversight_key as make_oversight_key
from whistle.services.errors import Conflict, Invalid, NotFound
from whistle.services.recovery import check_sheet as check_sheet
from whistle.services.recovery import make_sheet as make_office_keys
from whistle.services.superior import confirm as confirm_superior_key
from whistle.services.superior import enter as enter_superior_key
from whistle.services.use_case import reading, use_case
from whistle.store.cases import Case, CaseEvent
from whistle.store.channels import Channel
from whistle.store.desks import Desk
from whistle.store.offices import Office, ReceiptSalt, SetupLink
from whistle.store.people import OfficerSession, Person
from whistle.vault import keys, passwords

__all__ = [
    "Built",
    "OfficeNames",
    "Trial",
    "build_people",
    "check_sheet",
    "confirm_superior_key",
    "enter_superior_key",
    "first_link",
    "invite_founder",
    "make_office_keys",
    "make_oversight_key",
    "start_office",
    "start_trial",
    "state",
    "trial",
]

OVERSIGHT_DESK = ("监督受理台", "Oversight desk")
ARCHIVE_DESK = ("档案台", "Archive desk")
#: Who keeps the archive of a trial or demo; none of them holds the first halves of names.
ARCHIVISTS = ("intake", "intake2")
#: Syllables of the common password: easily read aloud, and no words that a guesser would try first.
SYLLABLES = ("bai", "dou", "feng", "gua", "jin", "kuai", "lian", "mei", "nuo", "ping", "qiao", "rong", "tao")
PASSWORD_WORDS = 4


@dataclass(frozen=True, slots=True)
class OfficeNames:
    """What an office, its first unit and its first desk are called."""

    office_zh: str
    office_en: str
    unit_code: str
    unit_zh: str
    unit_en: str
    desk_zh: str = "受理台"
    desk_en: str = "Intake desk"
    public_phone: str = "12388"
    superior_address: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial as far as it has come: the password all its people share, the token of its channel, the steps done.

    `officer` is who answers: whoever holds the case assigned last, as user name and name.
    """

    common_password: str
    channel_token: str
    done: frozenset[str] = frozenset()
    officer: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Invented:
    """A person of trial and demo."""

    user_name: str
    name: str
    role: str
    desk: str | None = None
    is_outside: bool = False


PEOPLE = (
    Invented("intake", "林受理", "intake", desk="intake"),
    Invented("intake2", "何受理", "intake", desk="intake"),
    Invented("officer", "周承办", "officer"),
    Invented("officer2", "吴承办", "officer"),
    Invented("reviewer", "郑审理", "reviewer"),
    Invented("reviewer2", "孙审理", "reviewer"),
    Invented("deputy", "沈分管", "deputy"),
    Invented("auditor", "许审计", "auditor"),
    Invented("supervisor", "魏特邀", "supervisor"),
    Invented("oversight", "陶监督", "oversight", is_outside=True),
    Invented("oversight2", "金监督", "oversight", desk="oversight"),
    Invented("admin2", "尤管理", "admin"),
)
FIRST_ADMIN = Invented("admin", "秦管理", "admin")
HEAD = Invented("head", "高主任", "head")
#: What the steps of the trial come to in a case, but the last: to look at the answer.
TRIAL_STEPS = ("receive", "accept", "assign", "write")
TRIAL_NAMES = OfficeNames(
    office_zh="清源区纪委监委（试用）",
    office_en="Discipline Inspection Office of Clearspring District (trial)",
    unit_code="QY01",
    unit_zh="清源区行政审批局",
    unit_en="Administrative Approval Bureau of Clearspring District",
    superior_address="上级纪委监委信访室（试用，地址为虚构）",
)


@dataclass(frozen=True, slots=True)
class Built:
    """An office full of invented people: each as who acts, by user name; the superior's private key as text."""

    common_password: str
    people: dict[str, Acting] = field(repr=False)
    desk_id: int
    oversight_desk_id: int
    superior_private: str = field(repr=False)


# --- the first start -------------------------------------------------------------------------------------------


@use_case
def first_link() -> str | None:
    """The token of the set-up link, made anew at each start, which ends the one before; None once nobody needs it.

    That is when the instance is a trial or demo, or an office whose first administrator has an account.
    """
    access.as_stranger("setup.start")
    if Office.select().exists() and _founder() is None:
        return None
    SetupLink.delete().execute()
    token = keys.token()
    SetupLink.create(token_hash=keys.hash_token(token), made_at=clock.now())
    return token


@reading
def state(token: str) -> str:
    """Where a set-up link leads: 'fresh' before there is an office, 'unfinished' as long as its first administrator
    has no account. Raises NotFound for any other link.
    """
    access.as_stranger("setup.start")
    _find_link(token)
    return "unfinished" if Office.select().exists() else "fresh"


@use_case
def invite_founder(token: str) -> str:
    """A new invitation for the first administrator, in place of one that was not followed to the end; its token."""
    access.as_stranger("setup.start")
    _find_link(token)
    founder = _founder()
    if founder is None:
        raise NotFound("setup")
    return accounts.link_again(founder, None)


def _founder() -> Person | None:
    """The first administrator of an office to which no administrator has come yet."""
    if not Office.select().where(Office.mode == "office").exists():
        return None
    people = list(Person.select().where(Person.role == "admin").order_by(Person.id))
    return people[0] if people and not any(accounts.has_had_key(person) for person in people) else None


def _find_link(token: str) -> SetupLink:
    row = SetupLink.get_or_none(SetupLink.token_hash == keys.hash_token(token))
    if row is None or (Office.select().exists() and _founder() is None):
        raise NotFound("setup")
    return row


def _use_link(token: str) -> None:
    """Found with the link; of two at once only one gets past here."""
    row = _find_link(token)
    fresh = SetupLink.update(used_at=clock.now()).where(SetupLink.id == row.id, SetupLink.used_at.is_null())
    if Office.select().exists() or not fresh.execute():
        raise NotFound("setup")


@use_case
def start_trial(token: str) -> Trial:
    """Make the trial: a unit, three desks, a channel and people with one password. Nothing of it becomes an office."""
    access.as_stranger("setup.start")
    _use_link(token)
    built = build_people("trial", TRIAL_NAMES)
    channel = channels.make(
        built.people["admin"],
        "企业开办窗口",
        TRIAL_NAMES.unit_code,
        built.desk_id,
        place="政务服务大厅一楼3号窗口",
    )
    OfficerSession.delete().execute()
    return Trial(built.common_password, channel.token)


@reading
def trial() -> Trial:
    """The running trial, for its page; raises NotFound anywhere else."""
    access.as_stranger("setup.start")
    row = Office.get_or_none(Office.mode == "trial")
    channel = Channel.select().order_by(Channel.id).first()
    if row is None or channel is None:
        raise NotFound("trial")
    return Trial(str(row.common_password), channel.token, _steps_done(), _who_answers())


def _steps_done() -> frozenset[str]:
    """The steps that somebody did with any case. Whether a reporter looked leaves no trace."""
    found = CaseEvent.select(CaseEvent.action).where(CaseEvent.action.in_(TRIAL_STEPS)).distinct()
    return frozenset(row.action for row in found)


def _who_answers() -> tuple[str, str]:
    events = CaseEvent.select(CaseEvent, Case).join(Case)
    events = events.where(CaseEvent.action.in_(("assign", "hand_over")), Case.officer.is_null(False))
    last = events.order_by(CaseEvent.recorded_at.desc(), CaseEvent.seq.desc()).first()
    if last is not None:
        return last.case.officer.user_name, last.case.officer.name
    return next((row.user_name, row.name) for row in PEOPLE if row.role == "officer")


@use_case
def start_office(token: str, office: OfficeNames, admin_user_name: str, admin_name: str) -> str:
    """Found an office with one unit, one desk and its first administrator, whose invitation's token is returned."""
    access.as_stranger("setup.start")
    _use_link(token)
    return _found("office", office, admin_user_name, admin_name)


@use_case
def _found_invented(mode: str, office: OfficeNames, common_password: str) -> str:
    access.as_stranger("setup.start")
    if Office.select().exists():
        raise Conflict("set_up_already")
    return _found(mode, office, FIRST_ADMIN.user_name, FIRST_ADMIN.name, common_password)


def _found(mode: str, office: OfficeNames, admin: str, admin_name: str, password: str | None = None) -> str:
    row = Office.create(
        mode=mode,
        name_zh=names.clean(office.office_zh, "office_zh"),
        name_en=names.clean(office.office_en, "office_en", longest=120, may_be_empty=True),
        public_phone=names.clean_phone(office.public_phone, "public_phone"),
        superior_address=names.clean(
            office.superior_address, "superior_address", longest=200, may_be_empty=True
        ),
        made_on=clock.today(),
        common_password=password,
    )
    ledger.append("other", "office", row)
    salt = ReceiptSalt.create(
        generation=1, salt=passwords.new_salt(), made_on=clock.today(), force_insert=True
    )
    ledger.append("key", "receipt_salt", salt)
    _make_unit(office)
    with _fields_named("desk_"):
        desks.make_desk(office.desk_zh, office.desk_en, "intake", by=None)
    desks.make_desk(*OVERSIGHT_DESK, "oversight", by=None)
    return accounts.first_link(_first_administrator(admin, admin_name))


def _first_administrator(user_name: str, name: str) -> Person:
    with _fields_named("admin_"):
        return accounts.make_person(user_name, name, "admin", unit_code=None, is_outside=False, by=None)


def _make_unit(office: OfficeNames) -> None:
    with _fields_named("unit_"):
        unit = units.make_unit(office.unit_code, by=None)
        units.add_fact(
            unit,
            office.unit_zh,
            office.unit_en,
            kind="department",
            parent_code=None,
            valid_on=None,
            by=None,
        )


@contextmanager
def _fields_named(prefix: str) -> Iterator[None]:
    """Name a wrong field as the form of the first start calls it: `name_zh` of the unit is `unit_zh` there."""
    try:
        yield
    except Invalid as error:
        own = error.field.removeprefix("name_") if prefix != "admin_" else error.field
        raise Invalid(prefix + own, error.reason, **error.data) from None


# --- an office full of invented people ---------------------------------------------------------------------------


def build_people(mode: str, office: OfficeNames) -> Built:
    """Found a trial or demo and walk its people through all six steps but the channel."""
    password = _readable_password()
    token = _found_invented(mode, office, password)
    people = {FIRST_ADMIN.user_name: _activate(token, password)}
    admin = people["admin"]
    people["head"] = _activate(_invite(admin, HEAD), password)
    _make_office_keys(people["head"])
    desk, oversight = _desk("intake"), _desk("oversight")
    for person in PEOPLE:
        wished = {"intake": desk.id, "oversight": oversight.id}.get(person.desk or "")
        people[person.user_name] = _activate(_invite(admin, person, wished), password)
    archive = _wish_archive(admin, people)
    _admit_all(people["head"])
    desks.make_key(people["head"], archive)
    for holder in ("reviewer", "reviewer2"):
        desks.name_holder(people["head"], people[holder].person_id)
    desks.end_holder(people["head"], people["head"].person_id)
    private = _found_oversight(people["oversight"], people["oversight2"])
    return Built(password, people, desk.id, oversight.id, private)


def _wish_archive(admin: Acting, people: dict[str, Acting]) -> int:
    """An archive desk with the seats of two, who are let in with everybody else; returns its id."""
    desk = desks.make(admin, *ARCHIVE_DESK, kind="archive")
    for user_name in ARCHIVISTS:
        desks.ask_seat(admin, desk.id, people[user_name].person_id)
    return desk.id


def _readable_password() -> str:
    words = ["".join(secrets.choice(SYLLABLES) for _ in range(2)) for _ in range(PASSWORD_WORDS)]
    return "-".join([*words, str(secrets.randbelow(90) + 10)])


def _desk(kind: str) -> Desk:
    return Desk.select().where(Desk.kind == kind).order_by(Desk.id).get()


def _invite(admin: Acting, person: Invented, desk_id: int | None = None) -> str:
    return accounts.invite(
        admin, person.user_name, person.name, person.role, desk_id=desk_id, is_outside=person.is_outside
    )


def _activate(token: str, password: str) -> Acting:
    secret = accounts.start_activation(token, password)
    return sessions.acting(accounts.finish_activation(secret).sign_in.secret)


def _make_office_keys(head: Acting) -> None:
    sheet = recovery.make_sheet(head)
    recovery.check_sheet(head, [sheet.groups[place - 1] for place in sheet.asked])


def _admit_all(by: Acting) -> None:
    for person in admissions.waiting(by):
        seats = tuple(seat.desk_id for seat in person.seats if seat.may_admit)
        admissions.admit(by, person.key_id, person.short_code, seats)


def _found_oversight(outside: Acting, second: Acting) -> str:
    desks.make_oversight_key(outside)
    _admit_all(outside)
    pair = superior.make_pair()
    code = superior.enter(outside, pair.public_text)
    superior.confirm(second, code)
    return pair.private_text
