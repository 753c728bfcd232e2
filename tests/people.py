"""A real office for tests, with second factors and links: `town` is founded and empty, `staffed` has its people."""

import copy
import datetime as dt
from collections.abc import Iterator
from contextlib import ExitStack

import pyotp
import pytest

from tests.builders import ANSWERS
from tests.databases import Copies
from whistle import clock
from whistle.services import (
    accounts,
    admissions,
    channels,
    desks,
    drafts,
    intake,
    recovery,
    sessions,
    setup,
    superior,
)
from whistle.services.access import Acting
from whistle.store.channels import Channel
from whistle.store.database import close_all, open_database
from whistle.store.desks import Desk
from whistle.store.people import Person, PersonKey
from whistle.vault import keys, passwords

NAMES = setup.OfficeNames(
    office_zh="清源区纪委监委",
    office_en="Discipline Office of Clearspring",
    unit_code="QY01",
    unit_zh="清源区行政审批局",
    unit_en="Approval Bureau",
    superior_address="上级纪委信访室",
)
START = dt.datetime(2026, 9, 14, 1, 0, tzinfo=dt.UTC)
PASSWORD = "tuo-9-gehu-luobo-kanjia"


class Town:
    """The office, its clock, and what its people keep for themselves: authenticator seeds and the sheet."""

    def __init__(self) -> None:
        self._clock = ExitStack()
        self.to(START)
        self.totp: dict[str, str] = {}
        self.people: dict[str, Acting] = {}
        self.devices: dict[str, str | None] = {}
        self.codes: dict[str, tuple[str, ...]] = {}
        self.sheet = ""
        self.superior_private = ""
        self.url = ""

    def again(self) -> "Town":
        """The same office for another test, at the same moment."""
        other = Town()
        for name, value in vars(self).items():
            if name not in ("_clock", "now"):
                setattr(other, name, copy.copy(value))
        other.to(self.now)
        return other

    def __getitem__(self, user_name: str) -> Acting:
        return self.people[user_name]

    def to(self, instant: dt.datetime) -> None:
        """Set the clock."""
        self._clock.close()
        self.now = instant
        self._clock.enter_context(clock.at(instant))

    def wait(self, **duration: float) -> None:
        """Let time pass."""
        self.to(self.now + dt.timedelta(**duration))

    def end(self) -> None:
        """Give the clock back."""
        self._clock.close()

    def code(self, user_name: str) -> str:
        """What the person's authenticator shows now."""
        return pyotp.TOTP(self.totp[user_name]).at(self.now)

    def finish(self, secret: str) -> Acting:
        """The second step of an activation, with a fresh authenticator."""
        view = accounts.activation(secret)
        assert view.totp_secret is not None
        self.totp[view.user_name] = view.totp_secret
        done = accounts.finish_activation(secret, self.code(view.user_name))
        self.codes[view.user_name], self.devices[view.user_name] = (
            done.recovery_codes,
            done.sign_in.device_token,
        )
        self.people[view.user_name] = sessions.acting(done.sign_in.secret)
        self.wait(minutes=1)
        return self.people[view.user_name]

    def activate(self, token: str, password: str = PASSWORD) -> Acting:
        """Both steps of an activation."""
        return self.finish(accounts.start_activation(token, password))

    def join(self, user_name: str, role: str, *, desk: str | None = None, is_outside: bool = False) -> Acting:
        """Invited by the administrator and activated; nobody let them in yet."""
        desk_id = None if desk is None else self.desk(desk).id
        token = accounts.invite(
            self["admin"], user_name, f"某{user_name}", role, desk_id=desk_id, is_outside=is_outside
        )
        return self.activate(token)

    def sign_in(self, user_name: str, password: str = PASSWORD, *, device: str | None = None) -> str:
        """Both steps of a sign-in; returns the secret for the cookie."""
        self.wait(minutes=1)
        half = sessions.sign_in(user_name, password, device)
        assert half.stage == "second_factor"
        whole = sessions.second_factor(half.secret, self.code(user_name))
        self.devices[user_name] = whole.device_token or device
        self.people[user_name] = sessions.acting(whole.secret)
        return whole.secret

    def admit(self, by: str, *user_names: str) -> None:
        """`by` compares the short codes of these people, or of all who wait, and lets them in to their desks."""
        for row in admissions.waiting(self[by]):
            if not user_names or row.user_name in user_names:
                seats = tuple(seat.desk_id for seat in row.seats if seat.may_admit)
                admissions.admit(self[by], row.key_id, row.short_code, seats)

    def make_keys(self, head: str = "head") -> None:
        """The head prints the sheet and types three groups back."""
        sheet = recovery.make_sheet(self[head])
        self.sheet = " ".join(sheet.groups)
        recovery.check_sheet(self[head], [sheet.groups[place - 1] for place in sheet.asked])

    def found_oversight(self) -> None:
        """The outside member makes the desk's key, admits the second, and both give the superior's key force."""
        desks.make_oversight_key(self["oversight"])
        self.admit("oversight", "oversight2")
        pair = superior.make_pair()
        self.superior_private = pair.private_text
        superior.confirm(self["oversight2"], superior.enter(self["oversight"], pair.public_text))

    def person(self, user_name: str) -> Person:
        """The row of a person as it is now."""
        return Person.get(Person.user_name == user_name)

    def key(self, user_name: str) -> PersonKey:
        """The key a person uses now."""
        return PersonKey.get(PersonKey.person == self.person(user_name), PersonKey.retired_at.is_null())

    def short_code(self, user_name: str) -> str:
        """What the person reads out."""
        return keys.short_code(self.key(user_name).public)

    def desk(self, kind: str = "intake") -> Desk:
        """The first desk of a kind."""
        return Desk.select().where(Desk.kind == kind).order_by(Desk.id).get()

    def file_named(self) -> None:
        """A real-name report from the first channel's form."""
        draft = drafts.begin(Channel.get().token)
        drafts.save(draft, {**ANSWERS, "identity": "named", "name": "李四", "contact": "1380000xx04"})
        intake.submit(draft)

    def channel(self, name: str = "企业开办窗口") -> channels.ChannelRow:
        """A new channel of the first desk."""
        return channels.make(self["admin"], name, NAMES.unit_code, self.desk().id)


@pytest.fixture
def quick_passwords() -> Iterator[None]:
    """Argon2 with little memory: the same code, quick enough for offices full of people."""
    yield from _quick()


def _quick() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "MEMORY_KIB", 64)
        patch.setattr(passwords, "ITERATIONS", 1)
        yield


def _found() -> Town:
    town = Town()
    link = setup.first_link()
    assert link is not None
    town.activate(setup.start_office(link, NAMES, "admin", "秦管理"))
    return town


def _staff(town: Town) -> None:
    town.join("head", "head")
    town.make_keys()
    for user_name, role in (("admin2", "admin"), ("officer", "officer"), ("reviewer", "reviewer")):
        town.join(user_name, role)
    for user_name in ("intake", "intake2"):
        town.join(user_name, "intake", desk="intake")
    town.join("deputy", "deputy")
    town.join("auditor", "auditor")
    town.join("oversight", "oversight", is_outside=True)
    town.join("oversight2", "oversight", desk="oversight")
    town.admit("head")
    town.found_oversight()
    town.channel()


Templates = dict[str, tuple[str, Town]]


@pytest.fixture(scope="session")
def town_templates(copies: Copies) -> Iterator[Templates]:
    """Closed databases with an office just founded and one with everybody in it, made once a session."""
    made: Templates = {}
    quick = _quick()
    next(quick)
    for name in ("town", "staffed"):
        url = copies.make_migrated()
        open_database(url)
        found = _found()
        if name == "staffed":
            _staff(found)
        found.end()
        close_all()
        made[name] = (url, found)
    quick.close()
    yield made
    for url, _ in made.values():
        copies.drop(url)


def _open(name: str, copies: Copies, templates: Templates) -> Iterator[Town]:
    template, town = templates[name]
    url = copies.make_like(template)
    open_database(url)
    opened = town.again()
    opened.url = url
    quick = _quick()
    next(quick)
    yield opened
    quick.close()
    opened.end()
    close_all()
    copies.drop(url)


@pytest.fixture
def town(copies: Copies, town_templates: Templates) -> Iterator[Town]:
    """An office that was just founded; its administrator is signed in."""
    yield from _open("town", copies, town_templates)


@pytest.fixture
def staffed(copies: Copies, town_templates: Templates) -> Iterator[Town]:
    """The office with all six steps done and people of every role, signed in."""
    yield from _open("staffed", copies, town_templates)
