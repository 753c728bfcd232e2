"""Confirmations: an administrator asks, the head or the deputy who would lose decides."""

import pytest

from tests.people import Town
from whistle.services import accounts, admissions, channels, confirmations, desks
from whistle.services.errors import Conflict, Invalid, NotAllowed, NotFound
from whistle.store.channels import Channel


@pytest.fixture
def other_desk(staffed: Town) -> desks.DeskRow:
    """A second desk in a line of its own, with a member."""
    staffed.join("deputy2", "deputy")
    staffed.admit("head", "deputy2")
    row = desks.make(staffed["admin"], "二号台", "Second desk", deputy_id=staffed["deputy2"].person_id)
    desks.make_key(staffed["deputy2"], row.id)
    staffed.join("intake3", "intake")
    desks.ask_seat(staffed["admin"], row.id, staffed["intake3"].person_id)
    staffed.admit("deputy2", "intake3")
    return desks.get(staffed["admin"], row.id)


def test_a_channel_moves_when_the_deputy_who_loses_it_says_so(
    staffed: Town, other_desk: desks.DeskRow
) -> None:
    channel = Channel.get()
    wish = channels.move(staffed["admin"], channel.id, other_desk.id)
    assert wish is not None
    assert Channel.get_by_id(channel.id).desk_id == staffed.desk().id
    assert admissions.confirmations(staffed["deputy2"]) == []
    with pytest.raises(NotAllowed):
        admissions.confirm(staffed["deputy2"], wish)
    shown = admissions.confirmations(staffed["deputy"])
    assert [(row.kind, row.thing, row.old, row.new) for row in shown] == [
        ("channel_move", "企业开办窗口", "受理台", "二号台")
    ]
    admissions.confirm(staffed["deputy"], wish)
    assert Channel.get_by_id(channel.id).desk_id == other_desk.id
    assert admissions.confirmations(staffed["admin"]) == []


def test_refused_means_nothing_changes_and_decided_means_decided(
    staffed: Town, other_desk: desks.DeskRow
) -> None:
    wish = channels.move(staffed["admin"], Channel.get().id, other_desk.id)
    assert wish is not None
    admissions.refuse(staffed["head"], wish)
    with pytest.raises(Conflict, match="decided_already"):
        admissions.confirm(staffed["head"], wish)
    assert Channel.get().desk_id == staffed.desk().id
    with pytest.raises(NotFound):
        admissions.confirm(staffed["head"], 999)


def test_a_wish_taken_back_can_be_confirmed_by_nobody_and_asked_for_again(
    staffed: Town, other_desk: desks.DeskRow
) -> None:
    wish = channels.move(staffed["admin"], Channel.get().id, other_desk.id)
    assert wish is not None
    for who in ("head", "deputy", "auditor"):
        with pytest.raises(NotAllowed):
            confirmations.withdraw(staffed[who], wish)
    confirmations.withdraw(staffed["admin"], wish)
    assert admissions.confirmations(staffed["admin"]) == []
    for decide in (admissions.confirm, admissions.refuse):
        with pytest.raises(Conflict, match="decided_already"):
            decide(staffed["head"], wish)
    assert Channel.get().desk_id == staffed.desk().id
    assert channels.move(staffed["admin"], Channel.get().id, other_desk.id) not in (None, wish)
    with pytest.raises(NotFound):
        confirmations.withdraw(staffed["admin"], 999)


def test_the_other_administrator_may_take_a_wish_back_and_a_decided_one_nobody(
    staffed: Town, other_desk: desks.DeskRow
) -> None:
    first = channels.move(staffed["admin"], Channel.get().id, other_desk.id)
    assert first is not None
    confirmations.withdraw(staffed["admin2"], first)
    second = channels.move(staffed["admin"], Channel.get().id, other_desk.id)
    assert second is not None
    admissions.confirm(staffed["head"], second)
    with pytest.raises(Conflict, match="decided_already"):
        confirmations.withdraw(staffed["admin"], second)


def test_the_same_wish_twice_is_one(staffed: Town, other_desk: desks.DeskRow) -> None:
    first = channels.move(staffed["admin"], Channel.get().id, other_desk.id)
    assert channels.move(staffed["admin2"], Channel.get().id, other_desk.id) == first
    with pytest.raises(Conflict, match="same_desk"):
        channels.move(staffed["admin"], Channel.get().id, staffed.desk().id)


def test_a_desk_changes_its_line_by_the_heads_word(staffed: Town, other_desk: desks.DeskRow) -> None:
    wish = desks.change_deputy(staffed["admin"], staffed.desk().id, staffed["deputy2"].person_id)
    assert wish is not None
    with pytest.raises(NotAllowed):
        admissions.confirm(staffed["deputy2"], wish)
    admissions.confirm(staffed["head"], wish)
    assert staffed.desk().deputy_id == staffed["deputy2"].person_id
    assert desks.change_deputy(staffed["head"], staffed.desk().id, staffed["deputy"].person_id) is None
    assert staffed.desk().deputy_id == staffed["deputy"].person_id


def test_only_a_deputy_can_be_one(staffed: Town) -> None:
    for who in ("officer", "head", "oversight"):
        with pytest.raises(Invalid, match="not_a_deputy"):
            desks.change_deputy(staffed["admin"], staffed.desk().id, staffed[who].person_id)


def test_a_deputy_gone_meanwhile_is_not_taken(staffed: Town, other_desk: desks.DeskRow) -> None:
    wish = desks.change_deputy(staffed["admin"], staffed.desk().id, staffed["deputy2"].person_id)
    assert wish is not None
    accounts.deactivate(staffed["admin"], staffed["deputy2"].person_id)
    with pytest.raises(Conflict, match="not_a_deputy"):
        admissions.confirm(staffed["head"], wish)
    assert len(admissions.confirmations(staffed["head"])) == 1


def test_an_administrators_wish_for_a_holder_waits_for_the_head(staffed: Town) -> None:
    wish = desks.name_holder(staffed["admin"], staffed["reviewer"].person_id)
    assert wish is not None
    assert admissions.confirmations(staffed["deputy"]) == []
    admissions.confirm(staffed["head"], wish)
    assert [name for _, name in desks.list_holders(staffed["head"])] == ["某head", "某reviewer"]
    desks.end_holder(staffed["head"], staffed["head"].person_id)
    with pytest.raises(Conflict, match="last_holder"):
        desks.end_holder(staffed["head"], staffed["reviewer"].person_id)


def test_an_administrator_confirms_nothing(staffed: Town) -> None:
    wish = desks.name_holder(staffed["admin"], staffed["reviewer"].person_id)
    assert wish is not None
    for who in ("admin", "admin2", "auditor", "intake"):
        with pytest.raises(NotAllowed):
            admissions.confirm(staffed[who], wish)
