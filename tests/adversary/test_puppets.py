"""What an administrator alone can try: invite puppets, move things, change roles and keys. None opens content.

Each attack does all that the administrator's pages allow, then looks at what the puppet's keys open.
"""

import pytest

from tests.builders import ANSWERS
from tests.people import PASSWORD, Town
from whistle.services import (
    accounts,
    admissions,
    channels,
    desks,
    drafts,
    grants,
    intake,
    keyholding,
    scanned,
    sessions,
    setup,
    superior,
)
from whistle.services.access import Acting
from whistle.services.casework import desk as casework_desk
from whistle.services.casework import reading
from whistle.services.errors import Conflict, Invalid, NotAllowed, NotFound, ServiceError, Unusable
from whistle.store.cases import Case, CaseSeal
from whistle.store.channels import Channel
from whistle.store.desks import BlindSeal, Desk, DeskSeal, IdentityHolder
from whistle.store.people import PersonKey
from whistle.store.reports import IdentitySeal

OTHER_PASSWORD = "bieren-caibudao-de-7-liang-che"


def _file(town: Town, **answers: object) -> Case:
    """A report sent from the first channel's form."""
    draft = drafts.begin(Channel.select().order_by(Channel.id).get().token)
    drafts.save(draft, {**ANSWERS, **answers})
    known = {case.id for case in Case.select()}
    intake.submit(draft)
    return next(case for case in Case.select() if case.id not in known)


def _assert_opens_nothing(puppet: Acting, *cases: Case) -> None:
    """Neither by the pages nor with the private key and the whole database in hand."""
    for case in cases:
        with pytest.raises((NotAllowed, NotFound)):
            reading.open_case(puppet, case.id)
        with pytest.raises(NotAllowed):
            grants.case_key(puppet, Case.get_by_id(case.id))
    for seal in (CaseSeal, DeskSeal, BlindSeal, IdentitySeal):
        own = seal.select().where(seal.person == puppet.person_id)
        assert not own.exists()
    of_key = PersonKey.select(PersonKey.id).where(PersonKey.person == puppet.person_id)
    for seal in (CaseSeal, DeskSeal, BlindSeal, IdentitySeal):
        assert not seal.select().where(seal.person_key.in_(of_key)).exists()


def _everybody_works(town: Town) -> None:
    """The sessions in which keys are passed on, renewed and sealed anew."""
    for who in ("intake", "intake2", "deputy", "head", "oversight", "oversight2"):
        town.sign_in(who)
    desks.renew_key(town["deputy"], town.desk().id)
    desks.renew_blind_key(town["head"])
    desks.renew_key(town["oversight"], town.desk("oversight").id)


def _new_person(town: Town, role: str, *, is_outside: bool = False) -> Acting:
    return town.join("puppet", role, is_outside=is_outside)


def test_those_who_may_can_read_so_the_attacks_mean_something(staffed: Town) -> None:
    case, flagged = _file(staffed), _file(staffed, own_people=True)
    assert reading.open_case(staffed["intake"], case.id).reports
    assert reading.open_case(staffed["oversight2"], flagged.id).reports
    for who in ("admin", "auditor", "officer"):
        with pytest.raises((NotAllowed, NotFound)):
            reading.open_case(staffed[who], case.id)
    for who in ("head", "deputy", "intake", "admin"):
        with pytest.raises((NotAllowed, NotFound)):
            reading.open_case(staffed[who], flagged.id)


@pytest.mark.parametrize("role", ["intake", "officer", "reviewer", "deputy", "head", "supervisor"])
def test_a_puppet_at_every_desk_in_every_role(staffed: Town, role: str) -> None:
    puppet = _new_person(staffed, role)
    before = _file(staffed)
    for desk in Desk.select():
        try:
            desks.ask_seat(staffed["admin"], desk.id, puppet.person_id)
        except Invalid:
            continue
    after, flagged = _file(staffed), _file(staffed, own_people=True)
    _everybody_works(staffed)
    _assert_opens_nothing(puppet, before, after, flagged, _file(staffed))


def test_a_puppet_on_a_new_desk_gets_no_reports(staffed: Town) -> None:
    puppet = _new_person(staffed, "intake")
    row = desks.make(staffed["admin"], "影子台", "Shadow desk", deputy_id=staffed["deputy"].person_id)
    desks.ask_seat(staffed["admin"], row.id, puppet.person_id)
    shadow = channels.make(staffed["admin"], "影子窗口", "QY01", row.id)
    assert scanned.view(shadow.token).why_not == "not_yet"
    draft = drafts.begin(shadow.token)
    drafts.save(draft, ANSWERS)
    with pytest.raises((Unusable, Conflict)):
        intake.submit(draft)
    # Even with the key made by a deputy who believes in the desk, nobody let the puppet in.
    desks.make_key(staffed["deputy"], row.id)
    assert not scanned.view(shadow.token).is_usable
    _everybody_works(staffed)
    _assert_opens_nothing(puppet, _file(staffed))


def test_a_puppet_deputy_lets_nobody_in_and_decides_nothing(staffed: Town) -> None:
    puppet = _new_person(staffed, "deputy")
    row = desks.make(staffed["admin"], "影子台", "Shadow desk", deputy_id=puppet.person_id)
    staffed.join("second", "intake")
    desks.ask_seat(staffed["admin"], row.id, staffed["second"].person_id)
    wish = channels.move(staffed["admin"], Channel.get().id, row.id)
    assert wish is not None
    line = desks.change_deputy(staffed["admin"], staffed.desk().id, puppet.person_id)
    assert line is not None
    attempts = [
        lambda: desks.make_key(puppet, row.id),
        lambda: desks.renew_key(puppet, staffed.desk().id),
        lambda: desks.renew_blind_key(puppet),
        lambda: admissions.admit(puppet, staffed.key("second").id, staffed.short_code("second"), (row.id,)),
        lambda: admissions.admit(puppet, staffed.key("puppet").id, staffed.short_code("puppet")),
        lambda: admissions.confirm(puppet, wish),
        lambda: admissions.confirm(puppet, line),
        lambda: desks.name_holder(puppet, puppet.person_id),
        lambda: casework_desk.list_cases(puppet, casework_desk.DeskFilters()),
    ]
    case = _file(staffed)
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()
    assert staffed.desk().deputy_id == staffed["deputy"].person_id
    _everybody_works(staffed)
    _assert_opens_nothing(puppet, case, _file(staffed))
    _assert_opens_nothing(staffed["second"], case)


def test_a_puppet_head_makes_no_keys(staffed: Town) -> None:
    puppet = _new_person(staffed, "head")
    for attempt in (
        lambda: setup.make_office_keys(puppet),
        lambda: setup.check_sheet(puppet, []),
        lambda: desks.make_key(puppet, staffed.desk().id),
        lambda: desks.change_deputy(puppet, staffed.desk().id, staffed["deputy"].person_id),
        lambda: desks.name_holder(puppet, puppet.person_id),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    _everybody_works(staffed)
    _assert_opens_nothing(puppet, _file(staffed))


@pytest.mark.parametrize("role", ["intake", "officer", "deputy", "head"])
def test_a_changed_role_brings_no_key(staffed: Town, role: str) -> None:
    case = _file(staffed)
    accounts.change_role(staffed["admin"], staffed["auditor"].person_id, role)
    staffed.sign_in("auditor")
    if role != "head":
        desks.ask_seat(staffed["admin"], staffed.desk().id, staffed["auditor"].person_id)
    _everybody_works(staffed)
    _assert_opens_nothing(staffed["auditor"], case, _file(staffed))


def test_a_role_changed_there_and_back_needs_admission_again(staffed: Town) -> None:
    case = _file(staffed)
    for role in ("admin", "intake"):
        accounts.change_role(staffed["admin"], staffed["intake"].person_id, role)
    staffed.sign_in("intake")
    staffed.sign_in("intake2")
    desks.ask_seat(staffed["admin"], staffed.desk().id, staffed["intake"].person_id)
    assert not keyholding.is_admitted(staffed.person("intake"))
    _assert_opens_nothing(staffed["intake"], case, _file(staffed))


@pytest.mark.parametrize("victim", ["intake", "deputy", "head", "oversight"])
def test_a_re_invited_account_taken_over_opens_nothing(staffed: Town, victim: str) -> None:
    case, flagged = _file(staffed), _file(staffed, own_people=True)
    token = accounts.reinvite(staffed["admin"], staffed[victim].person_id)
    puppet = staffed.activate(token, OTHER_PASSWORD)
    for who in ("intake2", "oversight2"):
        staffed.sign_in(who)
    _assert_opens_nothing(puppet, case, flagged)
    with pytest.raises(ServiceError):
        admissions.admit(puppet, staffed.key(victim).id, staffed.short_code(victim))
    with pytest.raises(Invalid):
        sessions.sign_in(victim, PASSWORD)


def test_a_re_invitation_never_used_changes_nothing(staffed: Town) -> None:
    case = _file(staffed)
    accounts.reinvite(staffed["admin"], staffed["intake"].person_id)
    staffed.sign_in("intake")
    assert reading.open_case(staffed["intake"], case.id).reports


def test_a_moved_channel_stays_where_it_is_until_the_line_says_so(staffed: Town) -> None:
    staffed.join("deputy2", "deputy")
    staffed.admit("head", "deputy2")
    row = desks.make(staffed["admin"], "二号台", "Second desk", deputy_id=staffed["deputy2"].person_id)
    desks.make_key(staffed["deputy2"], row.id)
    friend = staffed.join("friend", "intake")
    desks.ask_seat(staffed["admin"], row.id, friend.person_id)
    staffed.admit("deputy2", "friend")
    wish = channels.move(staffed["admin"], Channel.get().id, row.id)
    assert wish is not None
    for who in ("admin", "admin2", "deputy2"):
        with pytest.raises(NotAllowed):
            admissions.confirm(staffed[who], wish)
    case = _file(staffed)
    assert case.desk_id == staffed.desk().id
    with pytest.raises((NotAllowed, NotFound)):
        reading.open_case(friend, case.id)


def test_a_changed_superior_key_is_refused(staffed: Town) -> None:
    before = grants.superior_key()
    text = superior.make_pair().public_text
    for who in ("admin", "admin2", "head"):
        with pytest.raises(NotAllowed):
            superior.enter(staffed[who], text)
    puppet = _new_person(staffed, "oversight", is_outside=True)
    with pytest.raises(NotAllowed):
        superior.enter(puppet, text)
    code = superior.enter(staffed["oversight"], text)
    for who in ("admin", "puppet", "oversight"):
        with pytest.raises((NotAllowed, Conflict)):
            superior.confirm(staffed[who], code)
    assert grants.superior_key() == before


def test_a_puppet_of_oversight_sees_no_report_on_own_people(staffed: Town) -> None:
    puppet = _new_person(staffed, "oversight", is_outside=True)
    desks.ask_seat(staffed["admin"], staffed.desk("oversight").id, puppet.person_id)
    with pytest.raises(NotAllowed):
        desks.make_oversight_key(puppet)
    flagged = _file(staffed, own_people=True)
    _everybody_works(staffed)
    _assert_opens_nothing(puppet, flagged, _file(staffed, own_people=True))


def test_oversight_swept_away_leaves_the_box_closed(staffed: Town) -> None:
    flagged = _file(staffed, own_people=True)
    for who in ("oversight", "oversight2"):
        accounts.deactivate(staffed["admin"], staffed[who].person_id)
    puppet = _new_person(staffed, "oversight", is_outside=True)
    desks.ask_seat(staffed["admin"], staffed.desk("oversight").id, puppet.person_id)
    view = scanned.view(Channel.get().token)
    assert not view.own_people_open
    assert view.superior_address
    with pytest.raises(ServiceError):
        _file(staffed, own_people=True)
    with pytest.raises((NotAllowed, NotFound, Conflict)):
        desks.make_oversight_key(puppet)
    _assert_opens_nothing(puppet, flagged)


def test_the_recovery_sheet_opens_no_report_on_own_people(staffed: Town) -> None:
    flagged = _file(staffed, own_people=True)
    assert not CaseSeal.select().where(CaseSeal.case == flagged, CaseSeal.is_recovery).exists()
    for who in ("oversight", "oversight2"):
        assert staffed.key(who).sealed_to_recovery is None
        token = accounts.reinvite(staffed["admin"], staffed[who].person_id)
        with pytest.raises(Invalid):
            accounts.recover_with_sheet(token, staffed.sheet, OTHER_PASSWORD)


def test_an_administrator_names_no_identity_holder(staffed: Town) -> None:
    puppet = _new_person(staffed, "reviewer")
    assert desks.name_holder(staffed["admin"], puppet.person_id) is not None
    _file(staffed, identity="named", name="李四", contact="1380000xx04")
    assert not IdentitySeal.select().where(IdentitySeal.person == puppet.person_id).exists()
    assert not IdentityHolder.select().where(IdentityHolder.person == puppet.person_id).exists()


def test_a_removed_member_keeps_nothing_and_gets_nothing(staffed: Town) -> None:
    before = _file(staffed)
    desks.end_seat(staffed["admin"], staffed.desk().id, staffed["intake"].person_id)
    assert Case.get_by_id(before.id).needs_new_keys
    after = _file(staffed)
    staffed.sign_in("intake2")
    staffed.sign_in("intake")
    for case in (before, after):
        with pytest.raises((NotAllowed, NotFound)):
            reading.open_case(staffed["intake"], case.id)
    assert reading.open_case(staffed["intake2"], before.id).reports
    assert not Case.get_by_id(before.id).needs_new_keys


def test_keys_slipped_into_the_database_are_not_sealed_to(staffed: Town) -> None:
    puppet = _new_person(staffed, "auditor")
    PersonKey.update(public=staffed.key("puppet").public).where(
        PersonKey.id == staffed.key("intake2").id
    ).execute()
    desks.renew_key(staffed["deputy"], staffed.desk().id)
    assert (
        not DeskSeal.select().where(DeskSeal.person_key == staffed.key("intake2"), _newest(staffed)).exists()
    )
    _assert_opens_nothing(puppet, _file(staffed))


def _newest(town: Town) -> object:
    current = grants.desk_key(town.desk())
    assert current is not None
    return DeskSeal.desk_key == current


def test_a_seat_wished_for_by_an_administrator_admits_nobody(staffed: Town) -> None:
    """A member let in as a person, whose seat at the oversight desk is only an administrator's wish."""
    desk = staffed.desk("oversight")
    wished = staffed.join("wished", "oversight")
    admissions.admit(staffed["oversight"], staffed.key("wished").id, staffed.short_code("wished"))
    desks.ask_seat(staffed["admin"], desk.id, wished.person_id)
    puppet = _new_person(staffed, "oversight", is_outside=True)
    desks.ask_seat(staffed["admin"], desk.id, puppet.person_id)
    flagged = _file(staffed, own_people=True)
    for attempt in (
        lambda: admissions.admit(wished, staffed.key("puppet").id, staffed.short_code("puppet"), (desk.id,)),
        lambda: admissions.admit(wished, staffed.key("puppet").id, staffed.short_code("puppet")),
        lambda: desks.renew_key(wished, desk.id),
        lambda: desks.end_seat(wished, desk.id, staffed["oversight2"].person_id),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert admissions.waiting(wished) == []
    _everybody_works(staffed)
    for who in (wished, puppet):
        _assert_opens_nothing(who, flagged, _file(staffed, own_people=True))


def test_neither_head_nor_deputy_empties_the_oversight_desk(staffed: Town) -> None:
    desk = staffed.desk("oversight")
    for who in ("head", "deputy"):
        with pytest.raises(NotAllowed):
            desks.end_seat(staffed[who], desk.id, staffed["oversight2"].person_id)
    assert keyholding.own_people_open()
    desks.end_seat(staffed["oversight"], desk.id, staffed["oversight2"].person_id)
    assert not keyholding.own_people_open()
