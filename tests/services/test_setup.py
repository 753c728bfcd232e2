"""The first start: a trial with one click, an office with its names, and the one link that leads to either."""

import dataclasses
import json

import pytest

from tests.people import NAMES, Town
from whistle.services import accounts, checklist, desks, ledger, scanned, sessions, setup, units
from whistle.services.errors import Conflict, Invalid, NotFound
from whistle.store.desks import Desk
from whistle.store.entries import Entry
from whistle.store.offices import Office, ReceiptSalt, SetupLink
from whistle.store.people import OfficerSession, Person
from whistle.vault import keys


def test_four_people_suffice_for_a_channel_that_works(town: Town) -> None:
    town.join("head", "head")
    town.make_keys()
    town.join("intake", "intake", desk="intake")
    town.join("deputy", "deputy")
    town.admit("head")
    row = town.channel()
    assert scanned.view(row.token).is_usable
    assert not scanned.view(row.token).own_people_open
    assert scanned.view(row.token).superior_address == NAMES.superior_address


@pytest.mark.usefixtures("database", "quick_passwords")
def test_the_link_works_once_and_each_start_gives_another_until_then() -> None:
    old, link = setup.first_link(), setup.first_link()
    assert old is not None
    assert link is not None
    with pytest.raises(NotFound):
        setup.state(old)
    assert setup.state(link) == "fresh"
    setup.start_office(link, NAMES, "admin", "秦管理")
    assert setup.state(link) == "unfinished"
    for act in (lambda: setup.start_trial(link), lambda: setup.start_office(link, NAMES, "other", "某人")):
        with pytest.raises(NotFound):
            act()
    assert Office.get().mode == "office"
    assert (SetupLink.select().count(), ReceiptSalt.select().count(), Desk.select().count()) == (1, 1, 2)
    with pytest.raises(Conflict, match="set_up_already"):
        setup.build_people("demo", NAMES)


@pytest.mark.usefixtures("database", "quick_passwords")
def test_a_first_administrator_who_closed_the_page_gets_in_by_the_link_of_the_next_start() -> None:
    link = setup.first_link()
    assert link is not None
    lost = setup.start_office(link, NAMES, "admin", "秦管理")
    again = setup.first_link()
    assert again is not None
    with pytest.raises(NotFound):
        setup.state(link)
    size = Entry.select().count()
    invitation = setup.invite_founder(again)
    assert [row["what"] for row in _records(size)] == [
        "account_reinvited",
        "invitation_ended",
        "invitation",
    ]
    with pytest.raises(NotFound):
        accounts.invitation(lost)
    assert accounts.invitation(invitation).user_name == "admin"
    with pytest.raises(NotFound):
        setup.start_trial(again)


def _records(since: int) -> list[dict[str, object]]:
    return [json.loads(row.record) for row in Entry.select().order_by(Entry.position).offset(since)]


def test_the_link_ends_once_an_administrator_has_an_account(town: Town) -> None:
    assert setup.first_link() is None
    for row in SetupLink.select():
        row.token_hash = keys.hash_token("found in an old terminal")
        row.save()
    for act in (setup.state, setup.invite_founder):
        with pytest.raises(NotFound):
            act("found in an old terminal")
    accounts.invite(town["admin"], "admin2", "某admin2", "admin")
    assert setup.first_link() is None


@pytest.mark.on_both_databases
@pytest.mark.usefixtures("database", "quick_passwords")
@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"office_zh": ""}, "office_zh"),
        ({"office_en": "x" * 121}, "office_en"),
        ({"unit_code": "单位"}, "unit_code"),
        ({"unit_zh": ""}, "unit_zh"),
        ({"unit_en": "x" * 121}, "unit_en"),
        ({"desk_zh": ""}, "desk_zh"),
        ({"desk_en": "a\u0000"}, "desk_en"),
    ],
)
def test_a_wrong_name_is_named_and_leaves_nothing(given: dict[str, str], field: str) -> None:
    link = setup.first_link()
    assert link is not None
    names = {name: getattr(NAMES, name) for name in NAMES.__slots__}
    with pytest.raises(Invalid) as fault:
        setup.start_office(link, setup.OfficeNames(**{**names, **given}), "admin", "秦管理")
    assert fault.value.field == field
    assert not Office.select().exists()
    assert setup.state(link) == "fresh"


@pytest.mark.usefixtures("database", "quick_passwords")
def test_english_names_may_be_left_out() -> None:
    link = setup.first_link()
    assert link is not None
    names = dataclasses.replace(NAMES, office_en="", unit_en=" ", desk_en="", unit_code="qy01")
    setup.start_office(link, names, "admin", "秦管理")
    assert Office.get().name_en == ""
    assert units.name_of(units.find("QY01")) == (NAMES.unit_zh, "")


@pytest.mark.usefixtures("database", "quick_passwords")
def test_a_wrong_first_administrator_is_named() -> None:
    link = setup.first_link()
    assert link is not None
    with pytest.raises(Invalid) as fault:
        setup.start_office(link, NAMES, "9", "秦管理")
    assert fault.value.field == "admin_user_name"
    with pytest.raises(Invalid) as fault:
        setup.start_office(link, NAMES, "admin", "")
    assert fault.value.field == "admin_name"


@pytest.mark.usefixtures("database", "quick_passwords")
def test_a_trial_is_complete_and_leaves_nobody_signed_in() -> None:
    link = setup.first_link()
    assert link is not None
    trial = setup.start_trial(link)
    assert scanned.view(trial.channel_token).is_usable
    assert scanned.view(trial.channel_token).own_people_open
    assert OfficerSession.select().count() == 0
    assert not ledger.verify().findings
    for person in Person.select():
        opened = sessions.sign_in(person.user_name, trial.common_password)
        assert opened.stage == "open"
        assert opened.device_token is None
    head = sessions.acting(sessions.switch(None, "head").secret)
    assert {task.state for task in checklist.tasks(head)} == {"done"}
    assert [name for _, name in desks.list_holders(head)] == ["郑审理", "孙审理"]


@pytest.mark.usefixtures("database", "quick_passwords")
def test_the_common_password_is_one_an_office_would_take() -> None:
    built = setup.build_people("demo", NAMES)
    expected = {
        "intake officer officer2 reviewer deputy head auditor supervisor oversight oversight2"
        " intake2 reviewer2 admin admin2"
    }
    assert set(built.people) == set(" ".join(expected).split())
    assert Office.get().mode == "demo"
