"""Who holds the keys of desks and office: sealed to admitted members alone, passed on by those who sit."""

import pytest

from tests.people import Town
from whistle.services import accounts, contexts, desks, grants, keyholding
from whistle.services.access import Acting
from whistle.services.errors import Conflict, NotAllowed
from whistle.store.database import atomic_write
from whistle.store.desks import BlindKey, BlindSeal, DeskKey, DeskSeal
from whistle.store.reports import IdentitySeal
from whistle.vault import envelope, keys


def _share(by: Acting) -> None:
    with atomic_write():
        keyholding.share(by)


def test_a_desk_key_opens_for_its_members_and_no_other(staffed: Town) -> None:
    current = grants.desk_key(staffed.desk())
    assert current is not None
    for who in ("intake", "intake2"):
        assert grants.desk_private(staffed[who], current) is not None
    for who in ("head", "deputy", "officer", "admin", "oversight"):
        assert grants.desk_private(staffed[who], current) is None


def test_another_members_seal_does_not_open(staffed: Town) -> None:
    current = grants.desk_key(staffed.desk())
    assert current is not None
    theirs = DeskSeal.get(DeskSeal.desk_key == current, DeskSeal.person == staffed["intake2"].person_id)
    DeskSeal.update(sealed=theirs.sealed).where(DeskSeal.person == staffed["intake"].person_id).execute()
    assert grants.desk_private(staffed["intake"], current) is None


def test_passing_on_twice_seals_once(staffed: Town) -> None:
    for _ in range(2):
        _share(staffed["intake"])
        _share(staffed["intake2"])
    held = [
        DeskSeal.select().where(DeskSeal.person == staffed[who].person_id).count()
        for who in ("intake", "intake2")
    ]
    assert held == [DeskSeal.select().join(DeskKey).where(DeskKey.desk == staffed.desk()).count() // 2] * 2


def test_a_key_that_does_not_fit_its_public_half_is_not_passed_on(staffed: Town) -> None:
    staffed.sign_in("intake")
    key = DeskKey.get(DeskKey.desk == staffed.desk(), DeskKey.retired_at.is_null())
    other = DeskKey.get(DeskKey.desk == staffed.desk("oversight"))
    late = staffed.join("late", "intake", desk="intake")
    DeskKey.update(public=other.public).where(DeskKey.id == key.id).execute()
    staffed.admit("deputy", "late")
    _share(staffed["intake"])
    assert not DeskSeal.select().where(DeskSeal.desk_key == key, DeskSeal.person == late.person_id).exists()


def test_casework_shares_one_blind_key_and_oversight_has_none(staffed: Town) -> None:
    _share(staffed["head"])
    found = {who: keyholding.blind_keys(staffed[who]) for who in ("head", "deputy", "intake", "officer")}
    assert len({str(opened) for opened in found.values()}) == 1
    assert list(found["head"]) == [1]
    for who in ("oversight", "admin", "auditor"):
        assert keyholding.blind_keys(staffed[who]) == {}


def test_a_new_blind_key_leaves_out_who_left(staffed: Town) -> None:
    accounts.deactivate(staffed["admin"], staffed["officer"].person_id)
    assert BlindKey.get_by_id(1).needs_renewal
    desks.renew_blind_key(staffed["deputy"])
    holders = {seal.person.user_name for seal in BlindSeal.select().where(BlindSeal.blind_key == 2)}
    assert holders == {"head", "deputy", "intake", "intake2", "reviewer"}


def test_identity_halves_go_from_the_first_holder_to_those_named_later(staffed: Town) -> None:
    staffed.file_named()
    assert [seal.person.user_name for seal in IdentitySeal.select()] == ["head"]
    desks.name_holder(staffed["head"], staffed["reviewer"].person_id)
    desks.end_holder(staffed["head"], staffed["head"].person_id)
    assert [seal.person.user_name for seal in IdentitySeal.select()] == ["reviewer"]
    seal = IdentitySeal.get()
    context = contexts.identity_half(seal.report_id, f"person-key:{staffed['reviewer'].key_id}")
    assert len(envelope.open_with(staffed["reviewer"].seed, seal.sealed, context)) == keys.KEY_BYTES


def test_no_half_is_lost_with_the_one_holder_who_has_it(staffed: Town) -> None:
    """The reviewer, named after the report came in, has no half of it before the head's next sign-in."""
    staffed.join("head2", "head")
    staffed.admit("head", "head2")
    staffed.file_named()
    desks.name_holder(staffed["head"], staffed["reviewer"].person_id)
    with pytest.raises(Conflict, match="halves_held_alone"):
        desks.end_holder(staffed["head2"], staffed["head"].person_id)
    staffed.sign_in("head")
    desks.end_holder(staffed["head2"], staffed["head"].person_id)
    assert [seal.person.user_name for seal in IdentitySeal.select()] == ["reviewer"]


def test_the_head_keeps_the_halves_while_nobody_let_the_next_holder_in(staffed: Town) -> None:
    staffed.join("late", "reviewer")
    staffed.file_named()
    desks.name_holder(staffed["head"], staffed["late"].person_id)
    with pytest.raises(Conflict, match="halves_held_alone"):
        desks.end_holder(staffed["head"], staffed["head"].person_id)
    assert [seal.person.user_name for seal in IdentitySeal.select()] == ["head"]


def test_the_oversight_desk_receives_nothing_with_one_member(staffed: Town) -> None:
    desk = staffed.desk("oversight")
    assert keyholding.can_receive(desk)
    desks.end_seat(staffed["oversight"], desk.id, staffed["oversight2"].person_id)
    assert not keyholding.can_receive(desk)
    assert not keyholding.own_people_open()


def test_sitting_means_let_in_and_in_the_role(staffed: Town) -> None:
    assert keyholding.require_sitting(staffed["head"], "head").user_name == "head"
    for who, role in (("head", "deputy"), ("admin", "admin")):
        with pytest.raises(NotAllowed):
            keyholding.require_sitting(staffed[who], role)


def test_nobody_gets_a_desks_key_whose_seat_ended_while_it_was_passed_on(staffed: Town) -> None:
    desk, leaving = staffed.desk(), staffed.person("intake2")
    DeskSeal.delete().where(DeskSeal.person == leaving).execute()
    desks.end_seat(staffed["head"], desk.id, leaving.id)
    with atomic_write():
        keyholding.pass_on(staffed["intake"], desk, leaving)
    assert not DeskSeal.select().where(DeskSeal.person == leaving).exists()


def test_signing_in_costs_no_key_work_when_nobody_lacks_anything(staffed: Town) -> None:
    for who in ("intake", "intake2", "head", "deputy"):
        _share(staffed[who])
    before = (DeskSeal.select().count(), BlindSeal.select().count())
    assert keyholding._lacking_desk_keys(staffed["intake"].person_id) == []
    assert keyholding._lacking_blind_keys(staffed["head"].person_id) == []
    staffed.sign_in("intake")
    assert (DeskSeal.select().count(), BlindSeal.select().count()) == before
