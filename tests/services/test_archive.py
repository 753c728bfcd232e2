"""The archive: where a case lies once it is struck off, who opens it there, and how it comes out for a while."""

import datetime as dt
from typing import Any

import pytest

from tests.builders import Office
from tests.cases import days_later, holders, owed, sees
from tests.stages import (
    ARCHIVISTS,
    archived,
    ask,
    closed,
    enforced,
    lend,
    open_archive,
    put_away,
    state,
    strike_off,
)
from whistle import clock
from whistle.services import desks, duties, ledger
from whistle.services.casework import approvals, reading
from whistle.services.casework.act import act
from whistle.services.errors import Conflict, Invalid, NotAllowed, NotFound
from whistle.store.cases import Case
from whistle.store.people import Person

pytestmark = pytest.mark.on_both_databases


def test_what_is_archived_is_opened_by_the_archive_desk_and_by_nobody_else(office: Office) -> None:
    filed = archived(office)
    assert state(filed.case) == "archived"
    assert holders(filed.case) == {"desk", "recovery"}
    assert {name for name in office.people if sees(office, name, filed.case)} == set(ARCHIVISTS)
    assert ledger.verify().findings == ()


def test_there_is_one_archive_desk(office: Office) -> None:
    open_archive(office)
    with pytest.raises(Conflict, match="archive_desk_exists"):
        desks.make(office["admin"], "二号档案室", "Second archive", kind="archive")


@pytest.mark.parametrize("why", ["no_archive_desk", "no_reader"])
def test_no_case_is_archived_that_two_keepers_could_not_open(office: Office, why: str) -> None:
    """There is no desk; or one of its two keepers must not read the case."""
    if why == "no_reader":
        open_archive(office)
        filed = closed(office, persons_shut_out=office["intake2"].name)
    else:
        filed = closed(office)
    with pytest.raises(Conflict, match=why):
        put_away(office, filed)
    assert state(filed.case) == "closed"
    assert sees(office, "officer", filed.case)


def test_one_keeper_asks_and_another_agrees_before_a_case_is_lent(office: Office) -> None:
    filed = archived(office)
    loan = {"person": office["reviewer"].person_id, "reason": "复查", "until": days_later(30).date()}
    office.act(filed.case, "lend", "intake2", **loan)
    assert not sees(office, "reviewer", filed.case)
    (row,) = approvals.queue(office["officer2"])
    assert approvals.queue(office["intake2"]) == approvals.queue(office["head"]) == []
    for who in ("intake2", "head", "deputy"):
        with pytest.raises((NotAllowed, NotFound)):
            approvals.approve(office[who], row.id)
    approvals.approve(office["officer2"], row.id)
    assert sees(office, "reviewer", filed.case)


@pytest.mark.parametrize(
    ("what", "field", "reason"),
    [
        ({"until": dt.date(2026, 9, 14)}, "until", "not_ahead"),
        ({"until": dt.date(2026, 12, 15)}, "until", "too_late"),
        ({"person": "nobody"}, "person", "unknown"),
        ({"person": "auditor"}, "person", "not_admitted"),
        ({"person": "intake"}, "person", "not_active"),
        ({"person": "reviewer2"}, "person", "shut_out"),
    ],
)
def test_a_case_is_lent_to_who_may_hold_it_and_for_three_months_at_most(
    office: Office, what: dict[str, Any], field: str, reason: str
) -> None:
    filed = archived(office, persons_shut_out=office["reviewer2"].name)
    Person.update(state="deactivated").where(Person.user_name == "intake").execute()
    usual = {"person": "officer", "reason": "复查", "until": days_later(30).date(), **what}
    usual["person"] = office[usual["person"]].person_id if usual["person"] != "nobody" else 999
    with pytest.raises(Invalid) as caught:
        office.act(filed.case, "lend", "intake2", **usual)
    assert (caught.value.field, caught.value.reason) == (field, reason)


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
    lend(office, filed, "officer", days=10)
    lend(office, filed, "reviewer", days=20)
    with clock.at(days_later(10)):
        assert duties.end_loans() == 0
        assert sees(office, "officer", filed.case)
    with clock.at(days_later(11)):
        assert duties.run_due().returned == 1
        assert duties.end_loans() == 0
        assert not sees(office, "officer", filed.case)
        assert sees(office, "reviewer", filed.case)
        before = Case.get_by_id(filed.case).key_generation
        assert reading.open_case(office["intake2"], filed.case).timeline[0].by_kind == "system"
        assert Case.get_by_id(filed.case).key_generation == before
    assert ledger.verify().findings == ()


def test_what_outlasts_the_case_is_followed_up_out_of_the_archive_with_a_loan(office: Office) -> None:
    """An admonishment is followed up for six months, and a case is archived three months after it was struck off."""
    open_archive(office)
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
    anew = {"ground": "new_facts", "facts": "又有人反映"}
    with pytest.raises(Conflict, match="not_borrowed"):
        office.act(filed.case, "reopen", "officer2", **anew)
    lend(office, filed, "officer")
    ask(office, filed.case, "reopen", "officer", "head", **anew)
    assert state(filed.case) == "assessing"
    assert holders(filed.case) == {"officer", "deputy", "head", "recovery"}


def test_who_decides_about_an_archived_case_keeps_no_archive(office: Office) -> None:
    """The head holds the case while a proposal waits, and lends it to nobody."""
    filed = archived(office)
    lend(office, filed, "officer")
    office.act(filed.case, "reopen", "officer", ground="new_facts", facts="又有人反映")
    assert "head" in holders(filed.case)
    loan = {"person": office["reviewer"].person_id, "reason": "复查", "until": days_later(30).date()}
    with pytest.raises(NotAllowed):
        office.act(filed.case, "lend", "head", **loan)


def test_a_keeper_is_told_that_the_case_changed_meanwhile(office: Office) -> None:
    filed = archived(office)
    version = Case.get_by_id(filed.case).version
    lend(office, filed, "officer")
    loan = {"person": office["reviewer"].person_id, "reason": "复查", "until": days_later(30).date()}
    with pytest.raises(Conflict, match="changed"):
        act(filed.case, "lend", office["intake2"], version=version, **loan)
