"""A proposal whose people left, or were shut out, ends by itself: no case may wait for somebody who cannot come."""

import pytest

from tests.builders import MONDAY, Office
from whistle.services import accounts, assignment, desks, ledger
from whistle.services.casework import approvals, reading
from whistle.services.errors import NotAllowed
from whistle.store.cases import Case, CaseSeal, Proposal
from whistle.store.desks import Desk
from whistle.store.entries import Entry
from whistle.store.people import Person
from whistle.store.units import Unit


def declining(office: Office, **answers: str) -> str:
    """A case whose declining waits for deputy and head."""
    filed = office.file(**answers)
    office.classify(filed.case)
    office.act(filed.case, "decline", "intake", reason="court", message="请向法院起诉。")
    return filed.case


def reasons(case: str) -> set[str]:
    return {seal.reason for seal in CaseSeal.select().where(CaseSeal.case == case)}


def go(office: Office, who: str, how: str) -> None:
    if how == "deactivate":
        accounts.deactivate(office["admin"], office[who].person_id)
    else:
        accounts.change_role(office["admin"], office[who].person_id, "auditor")


@pytest.mark.parametrize("how", ["deactivate", "change_role"])
def test_when_the_proposer_goes_the_case_goes_on(office: Office, how: str) -> None:
    noise, case = declining(office), declining(office)
    Proposal.update(by=office["intake2"].person_id).where(Proposal.case == noise).execute()
    go(office, "intake", how)
    row = Proposal.get(Proposal.case == case)
    assert row.state == "overtaken"
    assert Proposal.get(Proposal.case == noise).state == "waiting"
    assert Entry.select().where(Entry.about_table == "proposal", Entry.about_id == row.id).count() == 2
    assert "proposal" not in reasons(case)
    assert Case.get_by_id(case).needs_new_keys
    assert office.act(case, "accept", "intake2").state == "assessing"


@pytest.mark.parametrize("how", ["deactivate", "change_role"])
def test_when_the_deputy_goes_the_head_decides(office: Office, how: str) -> None:
    case = declining(office)
    go(office, "deputy", how)
    assert Proposal.get().state == "waiting"
    assert office.approve("head").state == "declined"
    assert reasons(case) == {"desk", "recovery"}
    assert ledger.verify().findings == ()


@pytest.mark.parametrize("how", ["deactivate", "change_role"])
def test_when_nobody_is_left_to_decide_the_case_goes_on(office: Office, how: str) -> None:
    """The head is kept out of this case, so that the deputy alone could decide."""
    noise, case = declining(office), declining(office, persons_shut_out=office["head"].name)
    go(office, "deputy", how)
    assert Proposal.get(Proposal.case == case).state == "overtaken"
    assert Proposal.get(Proposal.case == noise).state == "waiting"
    assert reasons(case) == {"desk", "recovery"}
    assert office.act(case, "request_supplement", "intake2", message="哪一天？").state == "supplementing"
    assert ledger.verify().findings == ()


@pytest.mark.parametrize(("who", "becomes"), [("intake", "overtaken"), ("deputy", "waiting")])
def test_who_is_shut_out_by_an_act_holds_up_nothing(office: Office, who: str, becomes: str) -> None:
    """A classification names the unit of who proposed, or of one of the two who may decide."""
    filed = office.accepted()
    redirect = {"receiver": "市税务局", "not_led_by_subject": True, "message": "已转。"}
    office.act(filed.case, "redirect", "intake", **redirect)
    unit = Unit.select().order_by(Unit.id).get()
    Person.update(unit=unit).where(Person.user_name == who).execute()
    from whistle.services.casework import classification
    from whistle.store.database import atomic_write

    with atomic_write():
        case = Case.get_by_id(filed.case)
        case.unit = unit
        case.save()
        classification.shut_out_unit(case)
        case.save()
    assert Proposal.get().state == becomes
    assert "proposal" not in reasons(filed.case)
    assert becomes == "overtaken" or approvals.queue(office["head"])


@pytest.mark.parametrize("gone", [["intake"], ["deputy", "head"]])
def test_any_reader_withdraws_what_waits_for_somebody_who_is_gone(office: Office, gone: list[str]) -> None:
    """As it may stand in a database from before proposals ended by themselves."""
    case = declining(office)
    proposal = Proposal.get().id
    assert not approvals_of(office, "intake2", case)[0].can_withdraw
    with pytest.raises(NotAllowed):
        approvals.withdraw(office["intake2"], proposal)
    Person.update(state="deactivated").where(Person.user_name.in_(gone)).execute()
    assert approvals_of(office, "intake2", case)[0].can_withdraw
    approvals.withdraw(office["intake2"], proposal)
    assert Proposal.get().state == "withdrawn"
    assert office.act(case, "request_supplement", "intake2", message="哪一天？").state == "supplementing"


# --- when the case goes to somebody else -------------------------------------------------------------------------


REDIRECT = {"receiver": "市税务局", "not_led_by_subject": True, "message": "已转市税务局。"}
CLASS = {
    "category": "delay",
    "kind": "lead",
    "severity": "ordinary",
    "complexity": "ordinary",
    "reason": "是慢作为。",
}


def test_what_the_former_officer_proposed_ends_when_the_case_is_handed_over(office: Office) -> None:
    noise, filed = office.assigned("officer2"), office.assigned()
    office.act(noise.case, "redirect", "officer2", **REDIRECT)
    office.act(filed.case, "redirect", "officer", **REDIRECT)
    assignment.hand_over(office["deputy"], office["officer"].person_id, office["officer2"].person_id, "调离")
    assert Proposal.get(Proposal.case == filed.case).state == "overtaken"
    assert Proposal.get(Proposal.case == noise.case).state == "waiting"
    office.act(filed.case, "redirect", "officer2", **REDIRECT)


def test_what_the_former_officer_proposed_ends_when_the_case_is_assigned_anew(office: Office) -> None:
    filed = office.assigned()
    office.act(filed.case, "reclassify", "officer", **CLASS)
    office.act(filed.case, "assign", "deputy", person=office["officer2"].person_id)
    assert Proposal.get().state == "overtaken"
    assert ledger.verify().findings == ()


@pytest.mark.parametrize("keeps", [True, False])
def test_what_intake_proposed_lasts_as_long_as_intake_can_read_the_case(office: Office, keeps: bool) -> None:
    filed = office.accepted()
    office.act(filed.case, "reclassify", "intake", **CLASS)
    office.act(filed.case, "assign", "deputy", person=office["officer"].person_id, keep_intake=keeps)
    assert Proposal.get().state == ("waiting" if keeps else "overtaken")


def test_a_proposal_lasts_when_the_case_stays_with_its_officer(office: Office) -> None:
    """Handing over to the same person gives keys anew after a lost password."""
    filed, officer = office.assigned(), office["officer"].person_id
    office.act(filed.case, "reclassify", "officer", **CLASS)
    office.act(filed.case, "assign", "deputy", person=officer)
    office.act(filed.case, "hand_over", "deputy", from_person=officer, person=officer, reason="重新交付密钥")
    assert Proposal.get().state == "waiting"


# --- when the desk goes to another line --------------------------------------------------------------------------


def new_deputy(office: Office) -> None:
    """Give the desk to another deputy, by the head's word."""
    deputy = Person.create(
        user_name="deputy2", name="陆分管", role="deputy", state="active", recorded_at=MONDAY
    )
    desks.change_deputy(office["head"], Desk.get(Desk.kind == "intake").id, deputy.id)


@pytest.mark.parametrize("by", ["intake", "officer"])
def test_a_former_deputy_decides_nothing_the_head_does(office: Office, by: str) -> None:
    if by == "intake":
        case = declining(office)
    else:
        case = office.assigned().case
        office.act(case, "redirect", "officer", **REDIRECT)
    new_deputy(office)
    assert approvals.queue(office["deputy"]) == []
    with pytest.raises(NotAllowed):
        approvals.approve(office["deputy"], Proposal.get().id)
    assert reading.open_case(office["head"], case).waiting.waits_for == (office["head"].name,)
    assert office.approve("head").state in ("declined", "redirected")


def test_what_a_former_deputy_proposed_ends(office: Office) -> None:
    """In place of a desk that may not read the case."""
    filed = office.file(persons_shut_out=f"{office['intake'].name}、{office['intake2'].name}")
    usual = {"category": "inaction", "kind": "lead", "severity": "ordinary", "complexity": "ordinary"}
    office.act(filed.case, "classify", "deputy", **usual)
    office.act(filed.case, "decline", "deputy", reason="court", message="请向法院起诉。")
    new_deputy(office)
    assert Proposal.get().state == "overtaken"


def test_what_only_the_former_deputy_could_decide_ends(office: Office) -> None:
    declining(office, persons_shut_out=office["head"].name)
    new_deputy(office)
    assert Proposal.get().state == "overtaken"


def approvals_of(office: Office, who: str, case: str) -> list[approvals.ProposalView]:
    return reading.open_case(office[who], case).proposals
