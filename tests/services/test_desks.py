"""Desks: made by administrators, useless until a deputy or head made the key and let a member in."""

import pytest

from tests.builders import Office
from tests.people import Town
from whistle.services import accounts, desks, grants, keyholding
from whistle.services.casework import desk
from whistle.services.errors import Conflict, Invalid, NotAllowed, NotFound
from whistle.store.cases import Case, CaseSeal
from whistle.store.desks import DeskKey, DeskSeal


def test_a_new_desk_cannot_receive_before_key_and_member(staffed: Town) -> None:
    row = desks.make(staffed["admin"], "二号台", "Second desk", deputy_id=staffed["deputy"].person_id)
    assert not row.can_receive
    assert not desks.make_key(staffed["deputy"], row.id).can_receive
    staffed.join("late", "intake")
    desks.ask_seat(staffed["admin"], row.id, staffed["late"].person_id)
    assert not desks.get(staffed["admin"], row.id).can_receive
    staffed.admit("deputy", "late")
    assert desks.get(staffed["admin"], row.id).can_receive


def test_whoever_makes_a_desk_key_does_not_hold_it(staffed: Town) -> None:
    row = desks.make(staffed["admin"], "二号台", "Second desk", deputy_id=staffed["deputy"].person_id)
    desks.make_key(staffed["deputy"], row.id)
    key = DeskKey.get(DeskKey.desk == row.id)
    assert not DeskSeal.select().where(DeskSeal.desk_key == key).exists()
    assert key.sealed_to_recovery is not None


def test_a_desk_key_is_made_once_and_by_its_line(staffed: Town) -> None:
    with pytest.raises(Conflict, match="key_exists"):
        desks.make_key(staffed["head"], staffed.desk().id)
    row = desks.make(staffed["admin"], "二号台", "Second desk")
    with pytest.raises(NotAllowed):
        desks.make_key(staffed["deputy"], row.id)
    with pytest.raises(Conflict, match="no_key"):
        desks.renew_key(staffed["head"], row.id)
    with pytest.raises(NotFound):
        desks.make_key(staffed["head"], 999)


def test_before_the_sheet_was_typed_back_no_desk_key_is_made(town: Town) -> None:
    town.join("head", "head")
    with pytest.raises(Conflict, match="no_recovery_key"):
        desks.make_key(town["head"], town.desk().id)


@pytest.mark.parametrize(
    ("kind", "who"),
    [("oversight", "head"), ("oversight", "intake"), ("intake", "oversight2"), ("intake", "auditor")],
)
def test_roles_sit_only_where_they_may(staffed: Town, kind: str, who: str) -> None:
    with pytest.raises(Invalid, match="role_does_not_fit"):
        desks.ask_seat(staffed["admin"], staffed.desk(kind).id, staffed[who].person_id)


def test_ending_a_seat_takes_the_key_and_asks_for_a_new_one(staffed: Town) -> None:
    desk = staffed.desk()
    desks.end_seat(staffed["admin"], desk.id, staffed["intake"].person_id)
    assert not DeskSeal.select().where(DeskSeal.person == staffed.person("intake")).exists()
    assert desks.get(staffed["admin"], desk.id).needs_renewal
    with pytest.raises(NotFound):
        desks.end_seat(staffed["admin"], desk.id, staffed["intake"].person_id)
    staffed.sign_in("intake2")
    assert not DeskSeal.select().where(DeskSeal.person == staffed.person("intake")).exists()


def test_oversight_renews_its_own_key_and_nobody_else_does(staffed: Town) -> None:
    desk = staffed.desk("oversight")
    accounts.deactivate(staffed["admin"], staffed["oversight2"].person_id)
    for who in ("head", "deputy"):
        with pytest.raises(NotAllowed):
            desks.renew_key(staffed[who], desk.id)
        assert desk.id not in {row.id for row in desks.renewals(staffed[who]).desks}
    assert [row.id for row in desks.renewals(staffed["oversight"]).desks] == [desk.id]
    row = desks.renew_key(staffed["oversight"], desk.id)
    assert row.generation == 2
    assert not keyholding.own_people_open()


def test_the_oversight_key_is_never_sealed_to_recovery(staffed: Town) -> None:
    desks.renew_key(staffed["oversight"], staffed.desk("oversight").id)
    for key in DeskKey.select().where(DeskKey.desk == staffed.desk("oversight")):
        assert key.sealed_to_recovery is None


def test_only_the_outside_member_makes_the_oversight_key_and_only_once(staffed: Town) -> None:
    with pytest.raises(NotAllowed):
        desks.make_oversight_key(staffed["oversight2"])
    with pytest.raises(Conflict, match="key_exists"):
        desks.make_oversight_key(staffed["oversight"])
    for who in ("head", "deputy", "admin"):
        with pytest.raises(NotAllowed):
            desks.make_oversight_key(staffed[who])


def test_the_own_people_box_opens_with_the_second_member(town: Town) -> None:
    town.join("head", "head")
    town.make_keys()
    town.join("oversight", "oversight", is_outside=True)
    assert not keyholding.own_people_open()
    desks.make_oversight_key(town["oversight"])
    town.join("oversight2", "oversight", desk="oversight")
    assert not keyholding.own_people_open()
    town.admit("oversight", "oversight2")
    assert keyholding.own_people_open()


def test_a_desk_key_exchanged_in_the_database_is_not_used(staffed: Town) -> None:
    other = grants.desk_key(staffed.desk("oversight"))
    assert other is not None
    DeskKey.update(public=other.public).where(DeskKey.desk == staffed.desk()).execute()
    assert grants.desk_key(staffed.desk()) is None
    assert not keyholding.can_receive(staffed.desk())


def test_a_desk_is_renamed_and_listed(staffed: Town) -> None:
    desks.rename(staffed["admin"], staffed.desk().id, "一号台", "Desk one")
    rows = desks.list_desks(staffed["admin"])
    assert [(row.name_zh, row.kind) for row in rows] == [("一号台", "intake"), ("监督受理台", "oversight")]
    assert rows[0].deputy_name == "某deputy"


def test_a_seat_is_ended_by_an_administrator_or_by_its_line(staffed: Town) -> None:
    other = staffed.join("deputy2", "deputy")
    staffed.admit("head", "deputy2")
    seats = [staffed["intake"].person_id, staffed["intake2"].person_id]
    for who in (other, staffed["oversight"]):
        with pytest.raises(NotAllowed):
            desks.end_seat(who, staffed.desk().id, seats[0])
    desks.end_seat(staffed["deputy"], staffed.desk().id, seats[0])
    desks.end_seat(staffed["head"], staffed.desk().id, seats[1])
    assert desks.get(staffed["admin"], staffed.desk().id).seats == ()


def test_whoever_is_in_charge_of_a_case_is_not_offered_as_a_holder_of_identities(office: Office) -> None:
    offered = dict(desks.list_fit_holders(office["admin"]))
    assert office["officer"].person_id in offered
    office.assigned()
    offered = dict(desks.list_fit_holders(office["admin"]))
    assert office["officer"].person_id not in offered
    assert office["officer2"].person_id in offered


def test_a_new_deputy_learns_who_can_open_what_waits_for_new_keys(office: Office) -> None:
    filed, deputy = office.assigned(), office["deputy"]
    office.assigned()
    Case.update(needs_new_keys=True).where(Case.id == filed.case).execute()
    CaseSeal.delete().where(CaseSeal.case == filed.case, CaseSeal.person == deputy.person_id).execute()
    renewals = desks.renewals(office["deputy"])
    assert (renewals.closed, renewals.by) == (1, (office["head"].name,))
    assert desks.renewals(office["head"]).closed == 0


def test_what_a_deputy_cannot_open_yet_does_not_wait_to_be_assigned_by_them(office: Office) -> None:
    filed, deputy = office.accepted(), office["deputy"]
    office.accepted()
    assert desk.counts(deputy)["to_assign"] == 2
    CaseSeal.delete().where(CaseSeal.case == filed.case, CaseSeal.person == deputy.person_id).execute()
    assert desk.counts(deputy)["to_assign"] == 1
