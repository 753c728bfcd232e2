"""Admissions: who compares the short code, what follows, and who may not."""

import pytest

from tests.people import Town
from whistle.services import accounts, admissions, desks, grants, keyholding
from whistle.services.errors import Conflict, Invalid, NotAllowed, NotFound
from whistle.store.desks import DeskMember, DeskSeal
from whistle.store.people import Admission, PersonKey


def test_before_admission_a_person_holds_nothing_and_sees_nothing(staffed: Town) -> None:
    late = staffed.join("late", "intake", desk="intake")
    desks.renew_key(staffed["deputy"], staffed.desk().id)
    staffed.sign_in("intake")
    assert not DeskSeal.select().where(DeskSeal.person == late.person_id).exists()
    assert grants.admitted_key(staffed.person("late")) is None
    with pytest.raises(NotAllowed):
        desks.list_desks(late)
    assert not accounts.own(late).is_admitted


def test_admission_gives_the_desk_key_at_once(staffed: Town) -> None:
    late = staffed.join("late", "intake", desk="intake")
    staffed.admit("deputy", "late")
    current = grants.desk_key(staffed.desk())
    assert current is not None
    assert grants.desk_private(late, current) is not None
    assert keyholding.blind_keys(late) == keyholding.blind_keys(staffed["deputy"])


def test_older_desk_keys_come_with_the_next_session_of_a_sitting_member(staffed: Town) -> None:
    late = staffed.join("late", "intake", desk="intake")
    staffed.admit("deputy", "late")
    before = DeskSeal.select().where(DeskSeal.person == late.person_id).count()
    staffed.sign_in("intake")
    after = DeskSeal.select().where(DeskSeal.person == late.person_id).count()
    assert after == DeskSeal.select().where(DeskSeal.person == staffed["intake"].person_id).count() > before


def test_a_deputy_who_sits_at_the_desk_passes_its_keys_on_without_new_ones(staffed: Town) -> None:
    desks.ask_seat(staffed["admin"], staffed.desk().id, staffed["deputy"].person_id)
    staffed.admit("head", "deputy")
    before = grants.desk_key(staffed.desk())
    late = staffed.join("late", "intake", desk="intake")
    staffed.admit("deputy", "late")
    now = grants.desk_key(staffed.desk())
    assert before is not None
    assert now is not None
    assert now.generation == before.generation
    assert grants.desk_private(late, now)


def test_the_code_must_be_the_one_compared(staffed: Town) -> None:
    staffed.join("late", "officer")
    key = staffed.key("late")
    for code in ("", "0000 0000 0000 0000 0000", staffed.short_code("intake")):
        with pytest.raises(Invalid, match="code"):
            admissions.admit(staffed["head"], key.id, code)
    admissions.admit(staffed["head"], key.id, staffed.short_code("late").replace(" ", "-"))
    assert keyholding.is_admitted(staffed.person("late"))


def test_a_key_exchanged_in_the_database_is_not_let_in(staffed: Town) -> None:
    staffed.join("late", "officer")
    key, other = staffed.key("late"), staffed.key("auditor")
    PersonKey.update(public=other.public).where(PersonKey.id == key.id).execute()
    with pytest.raises(Conflict, match="key_not_in_log"):
        admissions.admit(staffed["head"], key.id, staffed.short_code("late"))


def test_an_admission_written_into_the_database_counts_for_nothing(staffed: Town) -> None:
    late = staffed.join("late", "intake")
    now = staffed.now
    Admission.create(key=staffed.key("late"), role="intake", admitted_by=late.person_id, recorded_at=now)
    assert grants.admitted_key(staffed.person("late")) is None


def test_an_ended_admission_cannot_be_brought_back_in_the_database(staffed: Town) -> None:
    accounts.change_role(staffed["admin"], staffed["officer"].person_id, "reviewer")
    Admission.update(ended_at=None, role="reviewer").where(Admission.key == staffed.key("officer")).execute()
    assert grants.admitted_key(staffed.person("officer")) is None


@pytest.mark.parametrize("who", ["admin", "intake", "officer", "reviewer", "auditor", "oversight"])
def test_others_let_nobody_in(staffed: Town, who: str) -> None:
    staffed.join("late", "officer")
    with pytest.raises(NotAllowed):
        admissions.admit(staffed[who], staffed.key("late").id, staffed.short_code("late"))
    assert not keyholding.is_admitted(staffed.person("late"))


def test_a_deputy_who_was_not_let_in_lets_nobody_in(staffed: Town) -> None:
    puppet = staffed.join("puppet", "deputy")
    staffed.join("late", "officer")
    for key in ("late", "puppet"):
        with pytest.raises(NotAllowed):
            admissions.admit(puppet, staffed.key(key).id, staffed.short_code(key))
    with pytest.raises(NotAllowed):
        admissions.waiting(puppet)


def test_a_deputy_seats_only_in_the_own_line(staffed: Town) -> None:
    other = desks.make(staffed["admin"], "二号台", "Second desk")
    desks.make_key(staffed["head"], other.id)
    staffed.join("late", "intake")
    with pytest.raises(NotAllowed):
        admissions.admit(staffed["deputy"], staffed.key("late").id, staffed.short_code("late"), (other.id,))
    assert not keyholding.is_admitted(staffed.person("late"))
    admissions.admit(staffed["head"], staffed.key("late").id, staffed.short_code("late"), (other.id,))
    assert desks.get(staffed["head"], other.id).can_receive


def test_oversight_lets_in_its_own_and_the_head_does_not(staffed: Town) -> None:
    staffed.join("oversight3", "oversight", desk="oversight")
    key, code = staffed.key("oversight3"), staffed.short_code("oversight3")
    for who in ("head", "deputy"):
        assert "oversight3" not in {row.user_name for row in admissions.waiting(staffed[who])}
        with pytest.raises(NotAllowed):
            admissions.admit(staffed[who], key.id, code, (staffed.desk("oversight").id,))
    staffed.admit("oversight2", "oversight3")
    current = grants.desk_key(staffed.desk("oversight"))
    assert current is not None
    assert keyholding.holds(current, staffed.person("oversight3"))
    assert current.generation == 1


def test_with_nobody_left_in_oversight_the_desk_is_not_founded_anew(staffed: Town) -> None:
    for name in ("oversight", "oversight2"):
        accounts.deactivate(staffed["admin"], staffed[name].person_id)
    assert not keyholding.own_people_open()
    puppet = staffed.join("puppet", "oversight", is_outside=True)
    assert not keyholding.is_admitted(staffed.person("puppet"))
    with pytest.raises(NotAllowed):
        desks.make_oversight_key(puppet)
    desks.ask_seat(staffed["admin"], staffed.desk("oversight").id, puppet.person_id)
    with pytest.raises(NotAllowed):
        admissions.admit(staffed["head"], staffed.key("puppet").id, staffed.short_code("puppet"))
    assert not keyholding.is_admitted(staffed.person("puppet"))
    assert not keyholding.own_people_open()


def test_a_seat_written_into_the_database_gets_no_key(staffed: Town) -> None:
    person, now = staffed.person("officer"), staffed.now
    DeskMember.create(
        desk=staffed.desk(),
        person=person,
        person_key=staffed.key("officer"),
        admitted_by=staffed["deputy"].person_id,
        admitted_at=now,
        recorded_at=now,
    )
    staffed.sign_in("intake")
    desks.renew_key(staffed["deputy"], staffed.desk().id)
    assert not DeskSeal.select().where(DeskSeal.person == person).exists()


def test_a_key_out_of_use_or_unknown_is_refused(staffed: Town) -> None:
    with pytest.raises(NotFound):
        admissions.admit(staffed["head"], 10_000, "0")
    with pytest.raises(Conflict, match="role_needs_none"):
        admissions.admit(staffed["head"], staffed.key("auditor").id, staffed.short_code("auditor"))


def test_the_first_of_each_is_trusted_once_only(town: Town) -> None:
    town.join("head", "head")
    assert keyholding.is_admitted(town.person("head"))
    town.join("head2", "head")
    assert not keyholding.is_admitted(town.person("head2"))
    town.join("inside", "oversight")
    assert not keyholding.is_admitted(town.person("inside"))
    town.join("outside", "oversight", is_outside=True)
    town.join("outside2", "oversight", is_outside=True)
    assert keyholding.is_admitted(town.person("outside"))
    assert not keyholding.is_admitted(town.person("outside2"))


def test_a_first_head_who_lost_everything_before_any_key_is_trusted_anew(town: Town) -> None:
    head = town.join("head", "head")
    town.activate(accounts.reinvite(town["admin"], head.person_id))
    assert keyholding.is_admitted(town.person("head"))
    town.make_keys()
    with pytest.raises(Conflict, match="needs_sheet"):
        town.activate(accounts.reinvite(town["admin"], head.person_id))
