"""The recovery key: the head's alone, shown once, in force when typed back."""

import pytest

from tests.people import Town
from whistle.services import grants, recovery
from whistle.services.errors import Conflict, Invalid, NotAllowed
from whistle.store.desks import BlindKey, DeskKey, IdentityHolder
from whistle.store.people import RecoveryKey


@pytest.fixture
def headed(town: Town) -> Town:
    """An office with its head, before any key."""
    town.join("head", "head")
    return town


def test_typing_three_groups_back_puts_the_key_in_force_and_makes_the_offices_keys(headed: Town) -> None:
    sheet = recovery.make_sheet(headed["head"])
    assert (len(sheet.groups), len(set(sheet.asked))) == (14, 3)
    assert grants.recovery_key() is None
    assert recovery.asked_groups(headed["head"]) == sheet.asked
    recovery.check_sheet(headed["head"], [sheet.groups[place - 1].lower() for place in sheet.asked])
    assert grants.recovery_key() is not None
    assert DeskKey.select().where(DeskKey.desk == headed.desk()).count() == 1
    assert DeskKey.select().where(DeskKey.desk == headed.desk("oversight")).count() == 0
    assert BlindKey.select().count() == 1
    assert [row.person_id for row in IdentityHolder.select()] == [headed["head"].person_id]
    assert recovery.asked_groups(headed["head"]) == ()


def test_the_sheet_names_those_taken_on_trust(headed: Town) -> None:
    assert recovery.make_sheet(headed["head"]).short_codes == (("某head", headed.short_code("head")),)


@pytest.mark.parametrize("typed", [[], ["AAAA"], ["AAAA", "BBBB", "CCCC"], ["", "", ""]])
def test_a_slip_leaves_everything_as_it_was(headed: Town, typed: list[str]) -> None:
    recovery.make_sheet(headed["head"])
    with pytest.raises(Invalid, match="mistyped"):
        recovery.check_sheet(headed["head"], typed)
    assert grants.recovery_key() is None
    assert not DeskKey.select().exists()


def test_a_sheet_that_was_lost_before_the_check_is_made_anew(headed: Town) -> None:
    lost = recovery.make_sheet(headed["head"])
    fresh = recovery.make_sheet(headed["head"])
    with pytest.raises(Invalid):
        recovery.check_sheet(headed["head"], [lost.groups[place - 1] for place in fresh.asked])
    recovery.check_sheet(headed["head"], [fresh.groups[place - 1] for place in fresh.asked])
    with pytest.raises(Conflict, match="recovery_in_force"):
        recovery.make_sheet(headed["head"])
    assert RecoveryKey.select().where(RecoveryKey.retired_at.is_null()).count() == 1


def test_nothing_of_the_sheet_stays(headed: Town) -> None:
    headed.make_keys()
    row = RecoveryKey.get(RecoveryKey.retired_at.is_null())
    assert (row.asked_groups, row.groups_hash) == (None, None)


def test_only_the_head_makes_it(staffed: Town) -> None:
    for who in ("admin", "deputy", "oversight"):
        with pytest.raises(NotAllowed):
            recovery.make_sheet(staffed[who])
        with pytest.raises(NotAllowed):
            recovery.check_sheet(staffed[who], [])


def test_a_head_nobody_let_in_makes_no_sheet(staffed: Town) -> None:
    puppet = staffed.join("puppet", "head")
    with pytest.raises(NotAllowed):
        recovery.make_sheet(puppet)


def test_a_recovery_key_slipped_into_the_database_is_not_sealed_to(staffed: Town) -> None:
    row = RecoveryKey.get()
    RecoveryKey.create(
        public=row.public, made_by=row.made_by, recorded_at=staffed.now, checked_at=staffed.now
    )
    assert grants.recovery_key() is None
