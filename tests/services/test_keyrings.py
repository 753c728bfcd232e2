"""Grants under their reader's keyring: moved by the reader's session, opened by nobody else, gone when taken back."""

import pytest

from tests.builders import Office
from tests.cases import holders, sees
from tests.people import PASSWORD, Town
from whistle import clock
from whistle.services import accounts, grants, keyrings, sessions
from whistle.services.casework import reading
from whistle.services.casework.act import act
from whistle.services.errors import NotAllowed, NotFound
from whistle.store.cases import Case, CaseSeal
from whistle.vault import envelope, keys


def gather(office: Office, who: str) -> int:
    return keyrings.gather(office[who])


def rows(case: str) -> dict[str, bool]:
    """Whether each grant of a case was moved, by its holder."""
    found = CaseSeal.select().where(CaseSeal.case == case)
    return {
        seal.person.user_name if seal.person else "desk" if seal.desk_key_id else "recovery": bool(
            seal.is_moved
        )
        for seal in found
    }


def test_a_grant_arrives_as_a_seal_and_moves_with_the_readers_next_sign_of_life(office: Office) -> None:
    filed = office.assigned()
    noise = office.assigned("reviewer")
    assert set(rows(filed.case).values()) == {False}
    assert gather(office, "officer") == 1
    assert rows(filed.case) == {"officer": True, "deputy": False, "head": False, "recovery": False}
    assert gather(office, "officer") == 0
    assert not any(rows(noise.case).values())
    assert sees(office, "officer", filed.case)
    assert sees(office, "deputy", filed.case)


def test_signing_in_and_staying_signed_in_both_move(office: Office) -> None:
    first = office.assigned()
    secret = sessions.sign_in("officer", office.password).secret
    assert rows(first.case)["officer"]
    second = office.assigned()
    with clock.at(clock.now() + sessions.TOUCH_AFTER):
        sessions.acting(secret)
    assert rows(second.case)["officer"]


def test_a_desks_grants_move_under_the_desks_keyring_and_open_for_each_member(office: Office) -> None:
    filed = office.file()
    assert gather(office, "intake") == 1
    assert rows(filed.case) == {"desk": True, "recovery": False}
    assert sees(office, "intake2", filed.case)
    assert not sees(office, "officer", filed.case)


def test_no_more_than_asked_for_move_at_once_and_the_rest_later(office: Office) -> None:
    for _ in range(3):
        office.file()
    assert [keyrings.gather(office["intake"], 2) for _ in range(3)] == [2, 1, 0]


@pytest.mark.parametrize("who", ["officer", "deputy"])
def test_recusal_takes_a_moved_grant_like_any_other_and_new_keys_arrive_as_seals(
    office: Office, who: str
) -> None:
    filed = office.assigned()
    for name in ("officer", "deputy", "head"):
        gather(office, name)
    kept = CaseSeal.get(CaseSeal.case == filed.case, CaseSeal.person == office[who].person_id)
    known = keyrings.Opener(office[who]).case_key(_grant(kept))
    assert known is not None
    office.act(filed.case, "reclassify", "officer", **_about(office, who))
    office.approve("head")
    assert who not in holders(filed.case)
    assert not sees(office, who, filed.case)
    assert set(rows(filed.case).values()) == {False}, "a new generation"
    case = Case.get_by_id(filed.case)
    newest = [seal for seal in case.seals if seal.person_id is not None]
    assert all(keyrings.Opener(office[who]).case_key(_grant(seal)) is None for seal in newest)
    with pytest.raises(NotAllowed):
        grants.case_key(office[who], case)


def _about(office: Office, who: str) -> dict[str, object]:
    usual = {"category": "delay", "kind": "lead", "severity": "ordinary", "complexity": "ordinary"}
    return {**usual, "subject": f"本机关{office[who].name}", "reason": "查明对象。"}


def _grant(seal: CaseSeal) -> keyrings.Grant:
    return keyrings.Grant(
        seal.case_id,
        seal.generation,
        seal.person_key_id,
        seal.desk_key_id,
        bool(seal.is_moved),
        bytes(seal.sealed),
    )


def test_what_another_persons_session_holds_does_not_open_it(office: Office) -> None:
    filed = office.assigned()
    gather(office, "officer")
    seal = CaseSeal.get(CaseSeal.case == filed.case, CaseSeal.person == office["officer"].person_id)
    assert keyrings.Opener(office["officer2"]).case_key(_grant(seal)) is None


def test_a_moved_grant_opens_for_its_own_case_and_generation_alone(office: Office) -> None:
    one, other = office.assigned(), office.assigned()
    gather(office, "officer")
    own = CaseSeal.get(CaseSeal.case == one.case, CaseSeal.person == office["officer"].person_id)
    opener = keyrings.Opener(office["officer"])
    assert opener.case_key(_grant(own)) is not None
    for changed in ({"case_id": other.case}, {"generation": own.generation + 1}, {"is_moved": False}):
        assert opener.case_key(_grant(own)._replace(**changed)) is None


def test_a_seal_that_does_not_open_stays_and_stops_no_other(office: Office) -> None:
    broken, good = office.assigned(), office.assigned()
    mine = CaseSeal.person == office["officer"].person_id
    foreign = envelope.seal_to(keys.new_pair().public, b"\0" * 32, envelope.Context("case-key", broken.case))
    CaseSeal.update(sealed=foreign).where(CaseSeal.case == broken.case, mine).execute()
    assert gather(office, "officer") == 1
    assert not rows(broken.case)["officer"]
    assert rows(good.case)["officer"]


def test_a_lost_password_leaves_nothing_under_the_old_keyring(staffed: Town) -> None:
    staffed.file_named()
    case = Case.get()
    secret = staffed.sign_in("intake")
    assert rows(case.id)["desk"]
    by = sessions.acting(secret)
    usual = {"category": "delay", "kind": "lead", "severity": "ordinary", "complexity": "ordinary"}
    act(case.id, "classify", by, **usual)
    act(case.id, "accept", by)
    staffed.sign_in("intake")
    assert rows(case.id)["intake"]
    old = staffed["intake"]
    token = accounts.reinvite(staffed["admin"], old.person_id)
    staffed.activate(token, PASSWORD + "-neu")
    assert "intake" not in rows(case.id)
    with pytest.raises((NotAllowed, NotFound)):
        reading.open_case(staffed["intake"], case.id)
    staffed.admit("head", "intake")
    assert "intake" not in rows(case.id), "somebody who holds the case has to give it anew"
