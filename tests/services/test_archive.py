"""The archive desk: two keep what is closed, lend it together until a day, and nobody else opens or moves it."""

import datetime as dt

import pytest

from tests.builders import Filed, Office
from tests.cases import days_later, holders, sees
from tests.people import Town
from whistle import clock
from whistle.services import accounts, admissions, archive, desks, doctor, duties
from whistle.services.casework import approvals, desk, reading, renewals, rescue
from whistle.services.casework.act import act
from whistle.services.errors import Conflict, Invalid, NotAllowed, NotFound
from whistle.services.shell import SHELL
from whistle.store.cases import Case, CaseEvent, CaseSeal, Proposal
from whistle.store.desks import Desk

pytestmark = pytest.mark.on_both_databases

KEEPERS = ("intake2", "officer2")
OTHERS = ("intake", "officer", "reviewer", "deputy", "head")


@pytest.fixture
def archived(office: Office) -> Filed:
    """A case in the archive, and one beside it that is still at the desk."""
    office.file()
    return office.archived()


@pytest.fixture
def noise(office: Office) -> Filed:
    """Another case in the archive, which nobody borrows."""
    return office.archived()


def archive_desk() -> Desk:
    return Desk.get(Desk.kind == "archive")


def end_seat(office: Office, who: str) -> None:
    desks.end_seat(office["admin"], archive_desk().id, office[who].person_id)


def seat(office: Office, who: str) -> None:
    """Another member, wished for by an administrator and let in by the head."""
    desks.ask_seat(office["admin"], archive_desk().id, office[who].person_id)
    (row,) = admissions.waiting(office["head"])
    admissions.admit(office["head"], row.key_id, row.short_code, (archive_desk().id,))


def proposed(action: str) -> Proposal:
    """The one proposal of an action."""
    return Proposal.get(Proposal.action == action)


def in_a_month() -> dt.date:
    return clock.today() + dt.timedelta(days=30)


# --- who holds it ------------------------------------------------------------------------------------------------


def test_an_archived_case_is_with_the_archive_desk_alone(office: Office, archived: Filed) -> None:
    assert holders(archived.case) == {"desk", "recovery"}
    assert [sees(office, who, archived.case) for who in KEEPERS] == [True, True]
    assert not any(sees(office, who, archived.case) for who in OTHERS)


def test_who_keeps_the_archive_finds_what_lies_there_in_a_view_of_its_own(
    office: Office, archived: Filed, noise: Filed
) -> None:
    for who in KEEPERS:
        rows = desk.list_cases(office[who], desk.DeskFilters(view="archive")).rows
        assert len(rows) == 2
        assert all(row.can_open for row in rows)
        assert desk.counts(office[who])["archive"] == 2
        assert desk.counts(office[who])["ended"] == 0
    assert desk.counts(office["officer"])["archive"] == 0


def test_nothing_is_archived_before_two_keep_the_archive(office: Office) -> None:
    end_seat(office, "officer2")
    with pytest.raises(Conflict, match="no_archive_desk"):
        office.archived()
    assert Case.select().where(Case.state == "archived").count() == 0


def test_nothing_is_archived_where_fewer_than_two_of_them_may_read_it(office: Office) -> None:
    with pytest.raises(Conflict, match="no_reader"):
        office.archived(persons_shut_out=office["intake2"].name)


def test_where_one_of_three_must_not_read_it_the_other_two_hold_it_themselves(office: Office) -> None:
    seat(office, "intake")
    filed = office.archived(persons_shut_out=office["officer2"].name)
    assert holders(filed.case) == {"intake", "intake2", "recovery"}
    office.lend(filed.case, "intake", in_a_month(), by="intake2", agrees="intake")
    assert archive.borrowers(Case.get_by_id(filed.case)) == [office["intake"].person_id]
    office.act(filed.case, "give_back", "intake")
    assert holders(filed.case) == {"intake", "intake2", "recovery"}
    assert {seal.reason for seal in CaseSeal.select().where(CaseSeal.case == filed.case)} == {
        "archive",
        "recovery",
    }


# --- lending -----------------------------------------------------------------------------------------------------


def test_one_of_the_archive_asks_and_the_other_agrees_whatever_their_roles(
    office: Office, archived: Filed
) -> None:
    office.act(
        archived.case,
        "lend",
        "intake2",
        person=office["reviewer"].person_id,
        reason="复查",
        until=in_a_month(),
    )
    assert not sees(office, "reviewer", archived.case)
    waiting = {who: len(approvals.queue(office[who])) for who in (*KEEPERS, *OTHERS, "oversight")}
    assert {who for who, count in waiting.items() if count} == {"officer2"}
    page = reading.open_proposal(office["officer2"], Proposal.get(Proposal.state == "waiting").id)
    approvals.approve(office["officer2"], page.proposal.id, page.version, page.seen)
    assert sees(office, "reviewer", archived.case)
    assert not any(sees(office, who, archived.case) for who in ("officer", "deputy", "head"))


def test_nobody_else_asks_for_a_loan_or_agrees_to_one(office: Office, archived: Filed) -> None:
    loan = {"person": office["officer"].person_id, "reason": "复查", "until": in_a_month()}
    for who in (*OTHERS, "oversight"):
        with pytest.raises((NotAllowed, NotFound)):
            office.act(archived.case, "lend", who, **loan)
    office.act(archived.case, "lend", "intake2", **loan)
    for who in ("intake2", *OTHERS, "oversight", "admin"):
        with pytest.raises((NotAllowed, NotFound)):
            approvals.approve(office[who], proposed("lend").id)
    approvals.approve(office["officer2"], proposed("lend").id)
    with pytest.raises(NotAllowed):
        office.act(archived.case, "lend", "officer", **loan)


BAD_LOANS = (
    ("officer", 0, "until", "not_ahead"),
    ("officer", 93, "until", "too_late"),
    ("auditor", 30, "person", "not_of_casework"),
    ("supervisor", 30, "person", "not_of_casework"),
    ("oversight", 30, "person", "not_of_casework"),
)


def test_a_loan_has_a_borrower_who_may_read_and_a_day_within_three_months(
    office: Office, archived: Filed
) -> None:
    for person, days, field, reason in BAD_LOANS:
        with pytest.raises(Invalid) as told:
            office.lend(archived.case, person, clock.today() + dt.timedelta(days=days))
        assert (told.value.field, told.value.reason) == (field, reason)


def test_whoever_must_not_read_it_borrows_nothing(office: Office) -> None:
    filed = office.archived(persons_shut_out=office["reviewer"].name)
    with pytest.raises(Invalid, match="shut_out"):
        office.lend(filed.case, "reviewer", in_a_month())


def test_a_loan_from_a_page_that_is_out_of_date_says_so(office: Office, archived: Filed) -> None:
    seen = Case.get_by_id(archived.case).version
    office.lend(archived.case, "officer", in_a_month())
    with pytest.raises(Conflict, match="changed"):
        act(
            archived.case,
            "lend",
            office["intake2"],
            seen,
            person=office["head"].person_id,
            reason="复查",
            until=in_a_month(),
        )


# --- what is done to it ------------------------------------------------------------------------------------------


def test_an_archived_case_is_reopened_by_who_borrowed_it(office: Office, archived: Filed) -> None:
    with pytest.raises(Conflict, match="not_borrowed"):
        office.act(archived.case, "reopen", "officer2", ground="new_facts", facts="新的证人")
    office.lend(archived.case, "officer", in_a_month())
    office.act(archived.case, "reopen", "officer", ground="new_facts", facts="新的证人")
    assert approvals.queue(office["officer2"]) == []
    assert office.approve("head").state == "assessing"
    assert holders(archived.case) == {"deputy", "head", "officer", "recovery"}


def test_whoever_is_asked_for_leave_does_not_come_to_keep_it(office: Office, archived: Filed) -> None:
    office.lend(archived.case, "officer", in_a_month())
    office.act(archived.case, "reopen", "officer", ground="new_facts", facts="新的证人")
    with pytest.raises(NotAllowed):
        office.act(
            archived.case,
            "lend",
            "head",
            person=office["reviewer"].person_id,
            reason="看",
            until=in_a_month(),
        )


def test_who_keeps_the_archive_borrows_like_everybody_else(office: Office, archived: Filed) -> None:
    office.lend(archived.case, "officer2", in_a_month(), by="officer2", agrees="intake2")
    office.act(archived.case, "reopen", "officer2", ground="new_facts", facts="新的证人")
    office.act(archived.case, "give_back", "officer2")
    assert proposed("reopen").state == "overtaken"
    assert sees(office, "officer2", archived.case)
    assert archive.borrowers(Case.get_by_id(archived.case)) == []


# --- coming back -------------------------------------------------------------------------------------------------


def test_who_borrowed_gives_it_back_and_it_has_new_keys(office: Office, archived: Filed) -> None:
    office.lend(archived.case, "officer", in_a_month())
    before = Case.get_by_id(archived.case).key_generation
    assert office.act(archived.case, "give_back", "officer").is_left
    assert not sees(office, "officer", archived.case)
    assert holders(archived.case) == {"desk", "recovery"}
    assert Case.get_by_id(archived.case).key_generation == before + 1


def test_at_the_end_of_its_last_day_a_loan_ends_by_itself(
    office: Office, archived: Filed, noise: Filed
) -> None:
    until = in_a_month()
    office.lend(archived.case, "officer", until)
    office.act(archived.case, "reopen", "officer", ground="new_facts", facts="新的证人")
    with clock.at(days_later(30)):
        assert duties.run_due().loans == 0
        assert sees(office, "officer", archived.case)
    with clock.at(days_later(31)):
        assert duties.run_due().loans == 1
        assert not sees(office, "officer", archived.case)
        assert duties.run_due().loans == 0
    event = CaseEvent.get(CaseEvent.case == archived.case, CaseEvent.action == "give_back")
    assert (event.by_kind, event.valid_on) == ("system", until)
    assert proposed("reopen").state == "overtaken"


def test_a_longer_loan_to_the_same_person_ends_on_the_later_day(office: Office, archived: Filed) -> None:
    office.lend(archived.case, "officer", in_a_month())
    office.lend(archived.case, "officer", in_a_month() + dt.timedelta(days=20))
    with clock.at(days_later(40)):
        assert duties.run_due().loans == 0
    with clock.at(days_later(51)):
        assert duties.run_due().loans == 1


# --- leaving the desk --------------------------------------------------------------------------------------------


def test_when_one_leaves_the_archive_the_other_makes_new_keys_and_lends_nothing_alone(
    office: Office, archived: Filed, noise: Filed
) -> None:
    end_seat(office, "intake2")
    assert not sees(office, "intake2", archived.case)
    assert desk.counts(office["officer2"])["new_keys"] == 2
    assert {finding.name for finding in doctor.examine(SHELL)} >= {
        "archived_cases_need_new_keys",
        "archive_not_ready",
    }
    assert renewals.renew(office["officer2"]) == 2
    assert desk.counts(office["officer2"])["new_keys"] == 0
    assert sees(office, "officer2", archived.case)
    with pytest.raises(Conflict, match="no_approver"):
        office.lend(archived.case, "officer", in_a_month(), by="officer2")


def test_who_comes_to_the_archive_opens_what_was_renewed_before(office: Office, archived: Filed) -> None:
    end_seat(office, "intake2")
    renewals.renew(office["officer2"])
    seat(office, "intake")
    renewals.renew(office["officer2"])
    assert sees(office, "intake", archived.case)
    office.lend(archived.case, "officer", in_a_month(), by="intake", agrees="officer2")
    assert sees(office, "officer", archived.case)


def test_the_line_is_not_told_to_renew_what_it_cannot_open(office: Office, archived: Filed) -> None:
    end_seat(office, "intake2")
    assert desks.renewals(office["deputy"]).cases == 0
    assert [row.name_zh for row in desks.renewals(office["deputy"]).desks] == ["档案台"]


# --- making the desk ---------------------------------------------------------------------------------------------


def test_an_administrator_makes_one_archive_desk_and_no_second(staffed: Town) -> None:
    assert "no_archive_desk" in {finding.name for finding in doctor.examine(SHELL)}
    deputy = staffed["deputy"].person_id
    row = desks.make(staffed["admin"], "档案台", "Archive desk", kind="archive", deputy_id=deputy)
    with pytest.raises(Invalid, match="archive_exists"):
        desks.make(staffed["admin"], "第二档案台", "", kind="archive")
    with pytest.raises(Invalid, match="unknown"):
        desks.make(staffed["admin"], "监督台", "", kind="oversight")
    for user_name in ("officer", "intake2"):
        desks.ask_seat(staffed["admin"], row.id, staffed[user_name].person_id)
    staffed.admit("deputy")
    assert archive.desk() is None
    (missing,) = (f for f in doctor.examine(SHELL) if f.name == "archive_not_ready")
    assert (missing.is_fault, missing.data["count"], missing.data["least"]) == (False, 0, 2)
    desks.make_key(staffed["deputy"], row.id)
    assert archive.desk() == Desk.get_by_id(row.id)
    assert not {f.name for f in doctor.examine(SHELL)} & {"archive_not_ready", "no_archive_desk"}


@pytest.mark.parametrize("user_name", ["auditor", "admin2", "oversight"])
def test_only_people_of_casework_keep_the_archive(staffed: Town, user_name: str) -> None:
    row = desks.make(staffed["admin"], "档案台", "", kind="archive")
    with pytest.raises(Invalid, match="role_does_not_fit"):
        desks.ask_seat(staffed["admin"], row.id, staffed[user_name].person_id)


# --- when nobody keeps it any more -------------------------------------------------------------------------------


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
    filed = office.archived()
    for user_name in ("reviewer", "intake2"):
        accounts.deactivate(staffed["admin"], staffed.person(user_name).id)
    assert rescue.count(staffed["head"]) == 1
    with pytest.raises(Conflict, match="no_archive_desk"):
        rescue.rescue(staffed["head"], staffed.sheet)
    keep(staffed, "intake", "officer")
    assert rescue.rescue(staffed["head"], staffed.sheet) == 1
    assert holders(filed.case) == {"desk", "recovery"}
    assert [sees(office, who, filed.case) for who in ("intake", "officer", "head")] == [True, True, False]
