"""The archive: where a case lies once it is struck off, who opens it there, and how it comes out for a while."""

import datetime as dt
import runpy
from typing import Any

import pytest

from tests.builders import Office
from tests.cases import days_later, holders, owed, sees
from tests.people import Town
from tests.stages import (
    ARCHIVISTS,
    archived,
    ask,
    closed,
    enforced,
    lend,
    loan,
    put_away,
    state,
    strike_off,
)
from whistle import clock
from whistle.services import accounts, admissions, archive, desks, doctor, duties, ledger
from whistle.services.casework import approvals, desk, reading, renewals, rescue, search
from whistle.services.casework.act import act
from whistle.services.errors import Conflict, Invalid, NotAllowed, NotFound
from whistle.services.shell import SHELL
from whistle.store.cases import Case, CaseEvent, CaseSeal, Proposal
from whistle.store.database import MIGRATIONS
from whistle.store.desks import Desk
from whistle.store.people import Person

ANEW = {"ground": "new_facts", "facts": "又有人反映"}


def archive_desk() -> Desk:
    return Desk.get(Desk.kind == "archive")


def end_seat(office: Office, who: str) -> None:
    desks.end_seat(office["admin"], archive_desk().id, office[who].person_id)


def seat(office: Office, who: str) -> None:
    """Another keeper, wished for by an administrator and let in by the head."""
    desks.ask_seat(office["admin"], archive_desk().id, office[who].person_id)
    (row,) = admissions.waiting(office["head"])
    admissions.admit(office["head"], row.key_id, row.short_code, (archive_desk().id,))


def proposed(action: str) -> Proposal:
    """The one proposal of an action."""
    return Proposal.get(Proposal.action == action)


# --- who holds it ------------------------------------------------------------------------------------------------


def test_what_is_archived_is_opened_by_the_archive_desk_and_by_nobody_else(office: Office) -> None:
    filed = archived(office)
    assert state(filed.case) == "archived"
    assert holders(filed.case) == {"desk", "recovery"}
    assert {name for name in office.people if sees(office, name, filed.case)} == set(ARCHIVISTS)
    assert ledger.verify().findings == ()


def test_keepers_find_what_lies_there_in_a_view_of_its_own_with_who_has_it_out(office: Office) -> None:
    closed(office)
    filed = archived(office)
    lend(office, filed, "officer")
    for who in ARCHIVISTS:
        (row,) = desk.list_cases(office[who], desk.DeskFilters(view="archive")).rows
        assert row.can_open
        assert [(out.name, out.until) for out in row.loans] == [
            (office["officer"].name, days_later(30).date())
        ]
        assert desk.counts(office[who])["archive"] == 1
    (row,) = desk.list_cases(office["deputy"], desk.DeskFilters(view="archive")).rows
    assert not row.can_open
    assert "archive" not in desk.counts(office["reviewer"])


@pytest.mark.parametrize("why", ["no_archive_desk", "no_reader"])
def test_no_case_is_archived_that_two_keepers_could_not_open(office: Office, why: str) -> None:
    """There is but one keeper; or one of two must not read the case."""
    filed = closed(office, persons_shut_out=office["intake2"].name if why == "no_reader" else "")
    if why == "no_archive_desk":
        end_seat(office, "intake")
    with pytest.raises(Conflict, match=why):
        put_away(office, filed)
    assert state(filed.case) == "closed"
    assert sees(office, "officer", filed.case)


def test_where_one_of_three_must_not_read_it_the_other_two_hold_it_themselves(office: Office) -> None:
    seat(office, "officer2")
    filed = archived(office, persons_shut_out=office["intake2"].name)
    assert holders(filed.case) == {"officer2", "intake", "recovery"}
    lend(office, filed, "officer2", by=("intake", "officer2"))
    assert archive.borrowers(Case.get_by_id(filed.case)) == [office["officer2"].person_id]
    office.act(filed.case, "give_back", "officer2")
    assert holders(filed.case) == {"officer2", "intake", "recovery"}
    reasons = {seal.reason for seal in CaseSeal.select().where(CaseSeal.case == filed.case)}
    assert reasons == {"archive", "recovery"}


# --- lending -----------------------------------------------------------------------------------------------------


def test_one_keeper_asks_and_another_agrees_before_a_case_is_lent(office: Office) -> None:
    filed = archived(office)
    office.act(filed.case, "lend", "intake2", **loan(office, "reviewer"))
    assert not sees(office, "reviewer", filed.case)
    waiting = {who for who in office.people if who not in ("auditor", "supervisor", "admin", "admin2")}
    assert {who for who in waiting if approvals.queue(office[who])} == {"intake"}
    page = reading.open_proposal(office["intake"], proposed("lend").id)
    approvals.approve(office["intake"], page.proposal.id, page.version, page.seen)
    assert sees(office, "reviewer", filed.case)


def test_nobody_else_asks_for_a_loan_or_agrees_to_one(office: Office) -> None:
    filed = archived(office)
    others = ("officer2", "officer", "reviewer", "deputy", "head", "oversight")
    for who in others:
        with pytest.raises((NotAllowed, NotFound)):
            office.act(filed.case, "lend", who, **loan(office, "officer"))
    office.act(filed.case, "lend", "intake2", **loan(office, "officer"))
    for who in ("intake2", *others, "admin"):
        with pytest.raises((NotAllowed, NotFound)):
            approvals.approve(office[who], proposed("lend").id)
    approvals.approve(office["intake"], proposed("lend").id)
    with pytest.raises(NotAllowed):
        office.act(filed.case, "lend", "officer", **loan(office, "reviewer"))


BAD_LOANS: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"until": dt.date(2026, 9, 14)}, "until", "not_ahead"),
    ({"until": dt.date(2026, 12, 15)}, "until", "too_late"),
    ({"person": "nobody"}, "person", "unknown"),
    ({"person": "auditor"}, "person", "not_of_casework"),
    ({"person": "supervisor"}, "person", "not_of_casework"),
    ({"person": "oversight"}, "person", "not_of_casework"),
    ({"person": "officer2"}, "person", "not_active"),
    ({"person": "reviewer2"}, "person", "shut_out"),
)


def test_a_case_is_lent_to_who_may_hold_it_and_for_three_months_at_most(office: Office) -> None:
    filed = archived(office, persons_shut_out=office["reviewer2"].name)
    Person.update(state="deactivated").where(Person.user_name == "officer2").execute()
    for what, field, reason in BAD_LOANS:
        usual = {**loan(office, "officer"), **what}
        if "person" in what:
            usual["person"] = office[what["person"]].person_id if what["person"] != "nobody" else 999
        with pytest.raises(Invalid) as caught:
            office.act(filed.case, "lend", "intake2", **usual)
        assert (caught.value.field, caught.value.reason) == (field, reason)


def test_a_keeper_is_told_that_the_case_changed_meanwhile(office: Office) -> None:
    filed = archived(office)
    version = Case.get_by_id(filed.case).version
    lend(office, filed, "officer")
    with pytest.raises(Conflict, match="changed"):
        act(filed.case, "lend", office["intake2"], version=version, **loan(office, "reviewer"))


# --- coming back -------------------------------------------------------------------------------------------------


def test_a_loan_ends_when_it_is_given_back_and_the_case_gets_new_keys(office: Office) -> None:
    filed = archived(office)
    lend(office, filed, "officer")
    lend(office, filed, "reviewer")
    before = Case.get_by_id(filed.case).key_generation
    assert office.act(filed.case, "give_back", "officer").is_left
    assert not sees(office, "officer", filed.case)
    assert sees(office, "reviewer", filed.case)
    assert Case.get_by_id(filed.case).key_generation > before
    with pytest.raises((NotAllowed, NotFound)):
        office.act(filed.case, "give_back", "officer")


def test_a_loan_ends_by_itself_after_its_last_day_and_each_by_its_own(office: Office) -> None:
    filed = archived(office)
    lend(office, filed, "officer", days=8)
    lend(office, filed, "officer", days=10)
    lend(office, filed, "reviewer", days=20)
    office.act(filed.case, "reopen", "officer", **ANEW)
    with clock.at(days_later(10)):
        assert duties.end_loans() == 0
        assert sees(office, "officer", filed.case)
    with clock.at(days_later(11)):
        assert duties.run_due().returned == 1
        assert duties.end_loans() == 0
        assert not sees(office, "officer", filed.case)
        assert sees(office, "reviewer", filed.case)
    event = CaseEvent.get(CaseEvent.case == filed.case, CaseEvent.action == "give_back")
    assert (event.by_kind, event.valid_on) == ("system", days_later(10).date())
    assert proposed("reopen").state == "overtaken"
    assert ledger.verify().findings == ()


def test_a_loan_opens_nothing_from_the_day_after_its_last_though_no_worker_ran(office: Office) -> None:
    filed = archived(office)
    lend(office, filed, "officer", days=10)
    lend(office, filed, "reviewer", days=20)
    wanted = search.Query(text="窗口")
    with clock.at(days_later(10)):
        assert sees(office, "officer", filed.case)
        assert search.find(office["officer"], wanted).read == 1
    with clock.at(days_later(11)):
        assert not sees(office, "officer", filed.case)
        assert search.find(office["officer"], wanted).read == 0
        assert not any(row.can_open for row in desk.list_cases(office["officer"], desk.DeskFilters()).rows)
        with pytest.raises((NotAllowed, NotFound)):
            office.act(filed.case, "reopen", "officer", **ANEW)
        assert sees(office, "reviewer", filed.case)
        lend(office, filed, "officer", days=30)
        assert sees(office, "officer", filed.case)


def test_new_keys_of_a_case_carry_the_last_day_of_its_loans(office: Office) -> None:
    filed = archived(office)
    lend(office, filed, "officer", days=10)
    lend(office, filed, "reviewer", days=20)
    office.act(filed.case, "give_back", "reviewer")
    (loan_left,) = CaseSeal.select().where(CaseSeal.case == filed.case, CaseSeal.reason == "lent")
    assert loan_left.generation == Case.get_by_id(filed.case).key_generation
    assert loan_left.until == days_later(10).date()


def test_a_loan_of_before_the_day_stood_in_the_grant_keeps_its_day(office: Office) -> None:
    filed = archived(office)
    lend(office, filed, "officer", days=8)
    lend(office, filed, "officer", days=10)
    lend(office, filed, "reviewer", days=20)
    CaseSeal.update(until=None).execute()
    migration = runpy.run_path(str(MIGRATIONS / "0018_last_days_of_loans.py"))
    migration["fill"](CaseSeal._meta.database)
    assert {loan.name: loan.until for loan in archive.loans([filed.case])[filed.case]} == {
        office["officer"].name: days_later(10).date(),
        office["reviewer"].name: days_later(20).date(),
    }


# --- what is done to it ------------------------------------------------------------------------------------------


def test_what_outlasts_the_case_is_followed_up_out_of_the_archive_with_a_loan(office: Office) -> None:
    """An admonishment is followed up for six months, and a case is archived three months after it was struck off."""
    seat(office, "officer2")
    filed, measure = enforced(office)
    strike_off(office, filed)
    office.act(filed.case, "look_back", "officer2", result="holds", account="没有反弹")
    put_away(office, filed)
    assert "admonish_follow" in owed(filed.case)
    with pytest.raises(Conflict, match="not_borrowed"):
        office.act(filed.case, "measure.follow_up", "officer2", thing=measure, account="表现良好")
    lend(office, filed, "officer")
    office.act(filed.case, "measure.follow_up", "officer", thing=measure, account="表现良好")
    assert "admonish_follow" not in owed(filed.case)


def test_an_archived_case_begins_anew_for_its_borrower_and_leaves_the_archive(office: Office) -> None:
    filed = archived(office)
    with pytest.raises(Conflict, match="not_borrowed"):
        office.act(filed.case, "reopen", "intake", **ANEW)
    lend(office, filed, "officer")
    ask(office, filed.case, "reopen", "officer", "head", **ANEW)
    assert state(filed.case) == "assessing"
    assert holders(filed.case) == {"officer", "deputy", "head", "recovery"}


def test_who_decides_about_an_archived_case_keeps_no_archive(office: Office) -> None:
    """The head holds the case while a proposal waits, and lends it to nobody."""
    filed = archived(office)
    lend(office, filed, "officer")
    office.act(filed.case, "reopen", "officer", **ANEW)
    assert "head" in holders(filed.case)
    assert approvals.queue(office["intake"]) == []
    with pytest.raises(NotAllowed):
        office.act(filed.case, "lend", "head", **loan(office, "reviewer"))


def test_a_keeper_borrows_like_everybody_else(office: Office) -> None:
    filed = archived(office)
    lend(office, filed, "intake", by=("intake", "intake2"))
    office.act(filed.case, "reopen", "intake", **ANEW)
    office.act(filed.case, "give_back", "intake")
    assert proposed("reopen").state == "overtaken"
    assert sees(office, "intake", filed.case)
    assert archive.borrowers(Case.get_by_id(filed.case)) == []


# --- leaving the desk --------------------------------------------------------------------------------------------


def test_when_one_leaves_the_archive_the_other_makes_new_keys_and_lends_nothing_alone(office: Office) -> None:
    filed = archived(office)
    end_seat(office, "intake2")
    assert not sees(office, "intake2", filed.case)
    assert desk.counts(office["intake"])["new_keys"] == 1
    assert {f.name for f in doctor.examine(SHELL)} >= {"archived_cases_need_new_keys", "archive_not_ready"}
    assert desks.renewals(office["deputy"]).cases == 0, "the line cannot open it"
    assert [row.kind for row in desks.renewals(office["deputy"]).desks] == ["archive"]
    assert renewals.renew(office["intake"]) == 1
    assert sees(office, "intake", filed.case)
    with pytest.raises(Conflict, match="no_approver"):
        office.act(filed.case, "lend", "intake", **loan(office, "officer"))


def test_who_comes_to_the_archive_opens_what_was_renewed_before(office: Office) -> None:
    filed = archived(office)
    end_seat(office, "intake2")
    renewals.renew(office["intake"])
    seat(office, "officer2")
    renewals.renew(office["intake"])
    assert sees(office, "officer2", filed.case)
    lend(office, filed, "officer", by=("officer2", "intake"))
    assert sees(office, "officer", filed.case)


def keep(town: Town, *user_names: str) -> None:
    """Let these people keep the archive."""
    for user_name in user_names:
        desks.ask_seat(town["admin"], archive_desk().id, town[user_name].person_id)
    town.admit("head", *user_names)


def test_a_case_that_nobody_in_the_archive_can_open_comes_back_to_who_keeps_it_now(staffed: Town) -> None:
    desk_id = desks.make(staffed["admin"], "档案台", "", kind="archive").id
    keep(staffed, "reviewer", "intake2")
    desks.make_key(staffed["head"], desk_id)
    office = Office("", staffed.people)
    filed = office.assigned()
    unfounded = {"finding": "unfounded", "reason": "查无实据"}
    ask(office, filed.case, "conclude_unfounded", "officer", "head", **unfounded)
    strike_off(office, filed)
    put_away(office, filed)
    for user_name in ("reviewer", "intake2"):
        accounts.deactivate(staffed["admin"], staffed.person(user_name).id)
    assert rescue.count(staffed["head"]).cases == 1
    with pytest.raises(Conflict, match="no_archive_desk"):
        rescue.rescue(staffed["head"], staffed.sheet)
    keep(staffed, "intake", "officer")
    assert rescue.rescue(staffed["head"], staffed.sheet) == 1
    assert holders(filed.case) == {"desk", "recovery"}
    assert [sees(office, who, filed.case) for who in ("intake", "officer", "head")] == [True, True, False]


# --- making the desk ---------------------------------------------------------------------------------------------


def test_an_administrator_makes_one_archive_desk_and_no_second(staffed: Town) -> None:
    assert "no_archive_desk" in {finding.name for finding in doctor.examine(SHELL)}
    deputy = staffed["deputy"].person_id
    row = desks.make(staffed["admin"], "档案台", "Archive desk", kind="archive", deputy_id=deputy)
    for kind, reason in (("archive", "archive_exists"), ("oversight", "unknown")):
        with pytest.raises(Invalid, match=reason):
            desks.make(staffed["admin"], "第二台", "", kind=kind)
    for user_name in ("auditor", "admin2", "oversight"):
        with pytest.raises(Invalid, match="role_does_not_fit"):
            desks.ask_seat(staffed["admin"], row.id, staffed[user_name].person_id)
    for user_name in ("officer", "intake2"):
        desks.ask_seat(staffed["admin"], row.id, staffed[user_name].person_id)
    staffed.admit("deputy")
    assert archive.desk() is None
    (missing,) = (f for f in doctor.examine(SHELL) if f.name == "archive_not_ready")
    assert (missing.is_fault, missing.data["count"], missing.data["least"]) == (False, 0, 2)
    desks.make_key(staffed["deputy"], row.id)
    assert archive.desk() == Desk.get_by_id(row.id)
    assert not {f.name for f in doctor.examine(SHELL)} & {"archive_not_ready", "no_archive_desk"}
