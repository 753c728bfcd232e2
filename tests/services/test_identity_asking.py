"""A real-name reporter's contact is seen by two people's consent, for a time, and never without a trace."""

import datetime as dt
from collections.abc import Callable

import pytest
from peewee import IntegrityError

from tests.builders import MONDAY, Filed, Office
from whistle import clock
from whistle.services import (
    accounts,
    assignment,
    contexts,
    desks,
    duties,
    grants,
    keyholding,
    ledger,
)
from whistle.services.access import Acting
from whistle.services.casework import identity_asking, identity_giving, identity_register, reading, renewals
from whistle.services.errors import Conflict, Invalid, NotAllowed, NotFound, ServiceError
from whistle.store.cases import Case, ShutOut
from whistle.store.database import atomic_write
from whistle.store.people import Person
from whistle.store.reports import IdentityAsking, IdentityAskingSeal, IdentityLook, IdentitySeal
from whistle.store.units import Unit
from whistle.vault import envelope

NAMED = {"identity": "named", "name": "李四", "contact": "1380000xx04"}
WHY = "要打电话告知受理情况"


@pytest.fixture
def filed(office: Office) -> Filed:
    """A real-name case of the officer's, among others."""
    office.assigned()
    office.assigned("officer2", **NAMED | {"name": "别人"})
    return office.assigned(**NAMED)


def ask(office: Office, filed: Filed, who: str = "officer", why: str = WHY) -> str:
    identity_asking.ask(office[who], filed.case, filed.report, why)
    return str(IdentityAsking.get(IdentityAsking.state == "waiting").id)


def given(office: Office, filed: Filed, length: str = "day", holder: str = "reviewer") -> str:
    asking = ask(office, filed)
    identity_giving.give(office[holder], asking, length)
    return asking


def look(office: Office, filed: Filed, who: str = "officer") -> identity_asking.Contact:
    return identity_asking.look(office[who], filed.case, filed.report)


def own(office: Office, filed: Filed, who: str = "officer") -> identity_asking.AskingView | None:
    found = reading.open_case(office[who], filed.case).reports[0].identity
    assert found is not None
    return found.own


def state(asking: str) -> tuple[str, str | None]:
    row = IdentityAsking.get_by_id(asking)
    assert (row.state == "given") == (row.sealed_half is not None)
    return row.state, row.ended_why


def test_who_works_the_case_asks_a_holder_consents_and_each_look_leaves_its_trace(
    office: Office, filed: Filed
) -> None:
    asking = ask(office, filed)
    (waiting,) = identity_giving.queue(office["reviewer"]).waiting
    assert (waiting.by_name, waiting.reason) == (office["officer"].name, "")
    asked = identity_giving.open_asked(office["reviewer"], asking)
    assert (asked.reason, asked.is_page_only) == (WHY, False)
    identity_giving.give(office["reviewer"], asking, "hours")
    for minutes in (0, 3):
        with clock.at(MONDAY + dt.timedelta(minutes=minutes)):
            contact = look(office, filed)
            assert (contact.name, contact.contact) == (NAMED["name"], NAMED["contact"])
    assert contact.asking.until == MONDAY + dt.timedelta(hours=4)
    told = own(office, filed, "deputy")
    assert told is None, "it is not the deputy's asking"
    view = reading.open_case(office["deputy"], filed.case).reports[0].identity
    assert view is not None
    (seen,) = view.askings
    assert (seen.by_name, seen.decided_by) == (office["officer"].name, office["reviewer"].name)
    assert (seen.reason, len(seen.looks), seen.is_page_only) == (WHY, 2, False)
    assert not ledger.verify().findings


def test_a_refusal_has_its_reasons_and_may_be_followed_by_another_asking(
    office: Office, filed: Filed
) -> None:
    identity_giving.refuse(office["reviewer2"], ask(office, filed), "先在系统里留言问问")
    told = own(office, filed)
    assert told is not None
    assert (told.state, told.answer, told.decided_by) == ("refused", "先在系统里留言问问", "孙审理")
    with pytest.raises(Conflict, match="look_over"):
        look(office, filed)
    asking = ask(office, filed, why="留言没有回复")
    (earlier,) = identity_giving.open_asked(office["reviewer"], asking).earlier
    assert earlier[1:] == ("refused", "孙审理")
    identity_giving.give(office["reviewer"], asking, "hours")
    assert look(office, filed).name == NAMED["name"]


# What is tried


def grant_own(office: Office, filed: Filed) -> None:
    asking = ask(office, filed)
    identity_giving.give(office["officer"], asking, "day")


def grant_own_with_a_seal_slipped_in(office: Office, filed: Filed) -> None:
    asking, me = ask(office, filed), office["officer"]
    IdentityAskingSeal.create(asking=asking, person=me.person_id, person_key=me.key_id, sealed=b"x")
    identity_giving.give(me, asking, "day")


def ask_twice(office: Office, filed: Filed) -> None:
    ask(office, filed)
    ask(office, filed)


def ask_while_granted(office: Office, filed: Filed) -> None:
    given(office, filed)
    identity_asking.ask(office["officer"], filed.case, filed.report, WHY)


def ask_without_the_case(office: Office, filed: Filed) -> None:
    ask(office, filed, "officer2")


def ask_shut_out(office: Office, filed: Filed) -> None:
    ShutOut.create(case=filed.case, person=office["officer"].person_id, reason="recused")
    ask(office, filed)


def ask_as_administrator(office: Office, filed: Filed) -> None:
    ask(office, filed, "admin")


def ask_as_auditor(office: Office, filed: Filed) -> None:
    ask(office, filed, "auditor")


def ask_about_another_case(office: Office, filed: Filed) -> None:
    other = office.assigned("officer2", **NAMED)
    identity_asking.ask(office["officer"], filed.case, other.report, WHY)


def ask_about_nobody(office: Office, filed: Filed) -> None:
    other = office.assigned()
    identity_asking.ask(office["officer"], other.case, other.report, WHY)


def ask_where_nobody_holds(office: Office, filed: Filed) -> None:
    IdentitySeal.delete().execute()
    ask(office, filed)


def ask_without_a_reason(office: Office, filed: Filed) -> None:
    ask(office, filed, why="  ")


def ask_at_length(office: Office, filed: Filed) -> None:
    ask(office, filed, why="要" * 1_001)


def grant_as_a_stranger_to_it(office: Office, filed: Filed) -> None:
    identity_giving.give(office["deputy"], ask(office, filed), "day")


def grant_for_ever(office: Office, filed: Filed) -> None:
    identity_giving.give(office["reviewer"], ask(office, filed), "year")


def grant_twice(office: Office, filed: Filed) -> None:
    identity_giving.give(office["reviewer2"], given(office, filed), "day")


def grant_what_was_refused(office: Office, filed: Filed) -> None:
    asking = ask(office, filed)
    identity_giving.refuse(office["reviewer"], asking, "不必")
    identity_giving.give(office["reviewer2"], asking, "day")


def grant_shut_out(office: Office, filed: Filed) -> None:
    asking = ask(office, filed)
    ShutOut.create(case=filed.case, person=office["reviewer"].person_id, reason="recused")
    identity_giving.give(office["reviewer"], asking, "day")


def grant_after_hand_over(office: Office, filed: Filed) -> None:
    asking = ask(office, filed)
    hand_over(office)
    identity_giving.give(office["reviewer"], asking, "day")


def grant_to_who_was_shut_out(office: Office, filed: Filed) -> None:
    asking = ask(office, filed)
    ShutOut.create(case=filed.case, person=office["officer"].person_id, reason="recused")
    identity_giving.give(office["reviewer"], asking, "day")


def grant_as_a_holder_no_more(office: Office, filed: Filed) -> None:
    asking = ask(office, filed)
    desks.end_holder(office["head"], office["reviewer"].person_id)
    identity_giving.give(office["reviewer"], asking, "day")


def refuse_without_reasons(office: Office, filed: Filed) -> None:
    identity_giving.refuse(office["reviewer"], ask(office, filed), "")


def look_unasked(office: Office, filed: Filed) -> None:
    look(office, filed)


def look_while_it_waits(office: Office, filed: Filed) -> None:
    ask(office, filed)
    look(office, filed)


def look_at_what_another_was_granted(office: Office, filed: Filed) -> None:
    given(office, filed)
    look(office, filed, "deputy")


def look_as_the_holder(office: Office, filed: Filed) -> None:
    given(office, filed)
    look(office, filed, "reviewer")


def take_back_what_another_gave(office: Office, filed: Filed) -> None:
    identity_giving.take_back(office["reviewer2"], given(office, filed))


def read_the_register_as_an_officer(office: Office, filed: Filed) -> None:
    identity_register.register(office["officer"])


ABUSE: list[tuple[Callable[[Office, Filed], None], type[ServiceError], str]] = [
    (grant_own, NotFound, "asking"),
    (grant_own_with_a_seal_slipped_in, NotFound, "asking"),
    (ask_twice, Conflict, "asked_already"),
    (ask_while_granted, Conflict, "asked_already"),
    (ask_without_the_case, NotFound, "case"),
    (ask_shut_out, NotFound, "case"),
    (ask_as_administrator, NotFound, "case"),
    (ask_as_auditor, NotFound, "case"),
    (ask_about_another_case, NotFound, "report"),
    (ask_about_nobody, NotFound, "report"),
    (ask_where_nobody_holds, Conflict, "no_holder"),
    (ask_without_a_reason, Invalid, "reason: empty"),
    (ask_at_length, Invalid, "reason: too_long"),
    (grant_as_a_stranger_to_it, NotFound, "asking"),
    (grant_for_ever, Invalid, "length: unknown"),
    (grant_twice, Conflict, "asking_over"),
    (grant_what_was_refused, Conflict, "asking_over"),
    (grant_shut_out, NotFound, "asking"),
    (grant_after_hand_over, Conflict, "asking_over"),
    (grant_to_who_was_shut_out, Conflict, "asker_lost_case"),
    (grant_as_a_holder_no_more, NotFound, "asking"),
    (refuse_without_reasons, Invalid, "words: empty"),
    (look_unasked, Conflict, "look_over"),
    (look_while_it_waits, Conflict, "look_over"),
    (look_at_what_another_was_granted, Conflict, "look_over"),
    (look_as_the_holder, NotFound, "case"),
    (take_back_what_another_gave, NotFound, "asking"),
    (read_the_register_as_an_officer, NotAllowed, "identity.register"),
]


@pytest.mark.parametrize(("tried", "error", "why"), ABUSE, ids=[row[0].__name__ for row in ABUSE])
def test_what_must_not_be_is_refused_and_nobody_looked(
    office: Office,
    filed: Filed,
    tried: Callable[[Office, Filed], None],
    error: type[ServiceError],
    why: str,
) -> None:
    with pytest.raises(error, match=why):
        tried(office, filed)
    assert not IdentityLook.select().exists()


def test_the_table_itself_refuses_consent_to_an_own_asking_and_a_time_without_end(
    office: Office, filed: Filed
) -> None:
    asking = IdentityAsking.get_by_id(given(office, filed))
    for wrong in (
        {"decided_by": asking.person_id},
        {"until_at": None},
        {"until_at": asking.decided_at + dt.timedelta(days=8)},
        {"sealed_half": None},
    ):
        with pytest.raises(IntegrityError), atomic_write():
            IdentityAsking.update(**wrong).where(IdentityAsking.id == asking.id).execute()


# How it ends


def hand_over(office: Office) -> None:
    assignment.hand_over(
        office["deputy"], office["officer"].person_id, office["officer2"].person_id, "外出学习"
    )


def deactivated(office: Office, filed: Filed) -> None:
    accounts.deactivate(office["admin"], office["officer"].person_id)


def handed_over(office: Office, filed: Filed) -> None:
    hand_over(office)


def assigned_to_another(office: Office, filed: Filed) -> None:
    office.act(filed.case, "assign", "deputy", person=office["officer2"].person_id)


def sealed_away(office: Office, filed: Filed) -> None:
    office.act(filed.case, "to_oversight", "deputy", reason="涉及本机关人员")


@pytest.mark.parametrize("how", [deactivated, handed_over, assigned_to_another, sealed_away])
def test_whoever_loses_the_case_loses_at_once_what_was_granted(
    office: Office, filed: Filed, how: Callable[[Office, Filed], None]
) -> None:
    asking = given(office, filed)
    row = IdentityAsking.get_by_id(asking)
    how(office, filed)
    assert state(asking) == ("ended", "lost")
    with pytest.raises((NotFound, NotAllowed)):
        look(office, filed)
    # A copy of the seal, and the person's own key, open nothing with what is stored now.
    kept, by = bytes(row.sealed_half), office["officer"]
    context = contexts.identity_half(filed.report, f"asking:{asking}:person-key:{by.key_id}")
    assert envelope.open_with(by.seed, kept, context)
    with pytest.raises(NotAllowed):
        grants.case_key(by, Case.get_by_id(filed.case))


@pytest.mark.parametrize("waits", [True, False])
def test_a_recusal_that_no_act_brought_ends_it_too(office: Office, filed: Filed, waits: bool) -> None:
    asking = ask(office, filed) if waits else given(office, filed)
    ShutOut.create(case=filed.case, person=office["officer"].person_id, reason="recused")
    with pytest.raises(NotFound):
        look(office, filed)
    assert duties.end_looks() == 1
    assert state(asking) == ("ended", "lost")


def test_it_ends_with_its_hour_whether_or_not_the_worker_was_there(office: Office, filed: Filed) -> None:
    asking = given(office, filed, "hours")
    with clock.at(MONDAY + dt.timedelta(hours=4, seconds=-1)):
        assert duties.end_looks() == 0
        assert look(office, filed)
    with clock.at(MONDAY + dt.timedelta(hours=4)):
        with pytest.raises(Conflict, match="look_over"):
            look(office, filed)
        told = own(office, filed)
        assert told is not None
        assert (told.state, told.ended_why) == ("ended", "time")
        assert identity_giving.queue(office["reviewer"]).given == ()
        assert duties.end_looks() == 1
        assert state(asking) == ("ended", "time")
        assert duties.end_looks() == 0
        again = ask(office, filed, why="还要再打一次")
        assert state(again) == ("waiting", None)


def test_who_asks_after_the_hour_does_not_wait_for_the_worker(office: Office, filed: Filed) -> None:
    asking = given(office, filed, "hours")
    with clock.at(MONDAY + dt.timedelta(hours=5)):
        ask(office, filed)
    assert state(asking) == ("ended", "time")


def test_a_seal_put_back_into_its_row_is_refused(office: Office, filed: Filed) -> None:
    """Somebody with the database prolongs what was granted, or brings back what is over."""
    asking = given(office, filed, "hours")
    row = IdentityAsking.get_by_id(asking)
    longer = row.decided_at + dt.timedelta(days=6)
    IdentityAsking.update(until_at=longer).where(IdentityAsking.id == asking).execute()
    with pytest.raises(Conflict, match="key_not_in_log"):
        look(office, filed)
    IdentityAsking.update(until_at=row.until_at).where(IdentityAsking.id == asking).execute()
    identity_asking.stop(office["officer"], filed.case, filed.report)
    IdentityAsking.update(state="given", sealed_half=row.sealed_half, ended_at=None, ended_why=None).where(
        IdentityAsking.id == asking
    ).execute()
    with pytest.raises(Conflict, match="key_not_in_log"):
        look(office, filed)
    assert {finding.kind for finding in ledger.verify().findings} == {"row_changed"}


def test_a_half_moved_to_another_asking_opens_nothing(office: Office, filed: Filed) -> None:
    """Two grants of one officer: the seal of one does not open the other's contact."""
    other = office.assigned(**NAMED | {"name": "王五"})
    first = given(office, filed)
    second = given(office, other)
    moved = IdentityAsking.get_by_id(first).sealed_half
    IdentityAsking.update(sealed_half=moved).where(IdentityAsking.id == second).execute()
    with pytest.raises(Conflict, match="look_over"):
        look(office, other)
    assert look(office, filed).name == NAMED["name"]


def test_with_a_merged_report_goes_what_was_said_about_its_contact(office: Office) -> None:
    """Who works the target reads it there and looks; whom the merge leaves without the report looks no more."""
    target, joining = office.assigned("officer2"), office.accepted(**NAMED)
    identity_giving.refuse(office["reviewer"], ask(office, joining, "intake"), "先留言")
    asking = ask(office, joining, "intake", "没有回复")
    identity_giving.give(office["reviewer"], asking, "day")
    mine = ask(office, joining, "deputy")
    identity_giving.give(office["reviewer2"], mine, "day")
    office.act(joining.case, "merge", "deputy", target=target.case, reason="同一事实")
    assert state(asking) == ("ended", "lost")
    assert identity_asking.look(office["deputy"], target.case, joining.report).name == NAMED["name"]
    view = reading.open_case(office["officer2"], target.case)
    found = next(report.identity for report in view.reports if report.id == joining.report)
    assert found is not None
    assert {told.reason for told in found.askings} == {WHY, "没有回复"}
    assert "先留言" in {told.answer for told in found.askings}
    with pytest.raises(NotFound):
        identity_asking.look(office["deputy"], joining.case, joining.report)
    identity_asking.ask(office["officer2"], target.case, joining.report, WHY)
    identity_giving.give(
        office["reviewer"], str(IdentityAsking.get(IdentityAsking.state == "waiting").id), "day"
    )
    assert identity_asking.look(office["officer2"], target.case, joining.report).name == NAMED["name"]
    assert not ledger.verify().findings


@pytest.mark.parametrize("when", ["asked", "granted"])
def test_new_keys_of_the_case_meanwhile_change_nothing_for_who_keeps_it(
    office: Office, filed: Filed, when: str
) -> None:
    asking = ask(office, filed)
    if when == "granted":
        identity_giving.give(office["reviewer"], asking, "day")
    before = Case.get_by_id(filed.case).key_generation
    accounts.deactivate(office["admin"], office["deputy"].person_id)
    assert renewals.renew(office["officer"]) >= 1
    assert Case.get_by_id(filed.case).key_generation == before + 1
    if when == "asked":
        identity_giving.give(office["reviewer"], asking, "day")
    contact = look(office, filed)
    assert (contact.name, contact.asking.reason) == (NAMED["name"], WHY)


@pytest.mark.parametrize(
    ("stop", "why"),
    [
        (lambda o, f, a: identity_asking.stop(o["officer"], f.case, f.report), "given_back"),
        (lambda o, f, a: identity_giving.take_back(o["reviewer"], a), "taken_back"),
    ],
    ids=["given_back", "taken_back"],
)
def test_either_of_the_two_ends_it_early(office: Office, filed: Filed, stop, why: str) -> None:
    asking = given(office, filed)
    for _ in range(2):
        try:
            stop(office, filed, asking)
        except Conflict as fault:
            assert fault.why == "asking_over"
    assert state(asking) == ("ended", why)
    with pytest.raises(Conflict, match="look_over"):
        look(office, filed)


def test_an_asking_taken_back_waits_for_nobody(office: Office, filed: Filed) -> None:
    asking = ask(office, filed)
    identity_asking.stop(office["officer"], filed.case, filed.report)
    assert state(asking) == ("ended", "withdrawn")
    assert identity_giving.count(office["reviewer"]) == 0
    assert not IdentityAskingSeal.select().exists()


def test_where_one_holder_leaves_the_other_answers_and_what_was_granted_stands(
    office: Office, filed: Filed
) -> None:
    asking = ask(office, filed)
    accounts.deactivate(office["admin"], office["reviewer"].person_id)
    told = own(office, filed)
    assert told is not None
    assert told.waits_for == ("孙审理",)
    identity_giving.give(office["reviewer2"], asking, "day")
    with atomic_write():
        keyholding.share(office["reviewer2"])
    assert look(office, filed).name == NAMED["name"]


# Who can be the second person


def test_a_holder_of_the_unit_registered_later_keeps_no_half_but_the_last_one_keeps_it(
    office: Office,
) -> None:
    unit = Unit.select().order_by(Unit.id).get()
    elsewhere = Unit.create(code="QY77", recorded_at=MONDAY).code
    noise, filed = office.file(unit=elsewhere, **NAMED), office.file(unit=elsewhere, **NAMED)
    office.classify(noise.case)
    Person.update(unit=unit).where(Person.user_name == "reviewer").execute()
    asking = ask(office, filed, "intake")
    office.classify(filed.case, unit=unit.code)
    halves = IdentitySeal.select().where(IdentitySeal.person == office["reviewer"].person_id)
    assert [row.report_id for row in halves] == [noise.report]
    with pytest.raises(NotFound):
        identity_giving.open_asked(office["reviewer"], asking)
    Person.update(unit=unit).where(Person.user_name == "reviewer2").execute()
    office.act(filed.case, "write", "intake", message="收到。")
    held = IdentitySeal.select().where(IdentitySeal.report == filed.report)
    assert [row.person_id for row in held] == [office["reviewer2"].person_id]
    with pytest.raises(NotFound):
        identity_giving.give(office["reviewer2"], asking, "day")


def test_a_holder_whom_the_reporter_named_is_not_asked(office: Office) -> None:
    kept_out = office["reviewer"].name
    filed = office.assigned(**NAMED, persons_shut_out=kept_out)
    ask(office, filed)
    assert identity_giving.count(office["reviewer"]) == 0
    assert identity_giving.count(office["reviewer2"]) == 1


def test_the_menu_knows_who_keeps_halves(office: Office, filed: Filed) -> None:
    ask(office, filed)
    counts = {who: identity_giving.count(office[who]) for who in ("reviewer", "officer", "head", "oversight")}
    assert counts == {"reviewer": 1, "officer": None, "head": None, "oversight": 0}


def test_where_one_of_the_two_could_open_it_alone_the_record_says_that_the_lock_is_a_page(
    office: Office, filed: Filed
) -> None:
    desks.name_holder(office["head"], office["head"].person_id)
    with atomic_write():
        keyholding.share(office["reviewer"])
    asking = ask(office, filed)
    assert identity_giving.open_asked(office["head"], asking).is_page_only
    identity_giving.give(office["head"], asking, "day")
    assert look(office, filed).asking.is_page_only
    (told,) = identity_register.register(office["auditor"])
    assert (told.number, told.looks, told.is_page_only) == (Case.get_by_id(filed.case).number, 1, True)
    assert (told.by_name, told.decided_by) == (office["officer"].name, office["head"].name)


def test_a_holder_in_charge_of_the_case_still_needs_another(office: Office) -> None:
    """Alone this person could open it by the keys they have; the pages ask for a second one and say so."""
    filed = office.assigned("reviewer", **NAMED)
    asking = ask(office, filed, "reviewer")
    assert identity_giving.queue(office["reviewer"]).waiting == ()
    identity_giving.give(office["reviewer2"], asking, "day")
    assert look(office, filed, "reviewer").asking.is_page_only


def test_of_reports_on_the_offices_own_people_another_member_consents(office: Office) -> None:
    filed = office.file(own_people=True, **NAMED)
    asking = ask(office, filed, "oversight")
    for who in ("head", "reviewer"):
        assert identity_giving.queue(office[who]).waiting == ()
    with pytest.raises(NotFound):
        identity_giving.give(office["oversight"], asking, "day")
    identity_giving.give(office["oversight2"], asking, "day")
    contact = look(office, filed, "oversight")
    assert (contact.name, contact.asking.is_page_only) == (NAMED["name"], True)
    assert identity_register.register(office["auditor"]) == []


def test_a_member_who_leaves_the_oversight_desk_keeps_no_half(office: Office) -> None:
    filed = office.file(own_people=True, **NAMED)
    gone = office["oversight2"].person_id
    asking = ask(office, filed, "oversight")
    desks.end_seat(office["oversight"], keyholding.oversight_desk().id, gone)
    assert not IdentitySeal.select().where(IdentitySeal.person == gone).exists()
    with pytest.raises(NotFound):
        identity_giving.give(office["oversight2"], asking, "day")


def test_after_the_sealed_way_the_page_says_that_the_name_is_with_the_reporter_alone(office: Office) -> None:
    filed = office.assigned(**NAMED)
    sealed_away(office, filed)
    view = reading.open_case(office["oversight"], filed.case).reports[0].identity
    assert view is not None
    assert view.is_lost
    with pytest.raises(Conflict, match="no_holder"):
        ask(office, filed, "oversight")


def test_intake_looks_before_acceptance_and_no_more_once_the_case_is_anothers(office: Office) -> None:
    filed = office.file(**NAMED)
    office.classify(filed.case)
    asking = ask(office, filed, "intake2")
    identity_giving.give(office["reviewer"], asking, "week")
    assert look(office, filed, "intake2").name == NAMED["name"]
    office.act(filed.case, "accept", "intake")
    assert state(asking) == ("ended", "lost")


def test_the_register_is_kept_from_who_is_kept_from_the_case(office: Office, filed: Filed) -> None:
    given(office, filed)
    assert len(identity_register.register(office["auditor"])) == 1
    ShutOut.create(case=filed.case, person=office["auditor"].person_id, reason="unit")
    assert identity_register.register(office["auditor"]) == []
    assert len(identity_register.register(office["head"])) == 1


def test_every_permission_has_its_actor(office: Office, filed: Filed) -> None:
    nobody: Acting = office["admin"]
    for asked in (identity_giving.queue, identity_giving.count):
        with pytest.raises(NotAllowed):
            asked(nobody)
