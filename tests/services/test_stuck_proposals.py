"""A proposal whose people left, or were shut out, ends by itself: no case may wait for somebody who cannot come."""

import pytest

from tests.builders import Office
from whistle.services import accounts, ledger
from whistle.services.casework import approvals, reading
from whistle.services.errors import NotAllowed
from whistle.store.cases import Case, CaseSeal, Proposal
from whistle.store.entries import Entry
from whistle.store.people import Person
from whistle.store.units import Unit


def declining(office: Office) -> str:
    """A case whose declining waits for the deputy."""
    filed = office.file()
    office.classify(filed.case)
    office.act(filed.case, "decline", "intake", reason="court", message="请向法院起诉。")
    return filed.case


def reasons(case: str) -> set[str]:
    return {seal.reason for seal in CaseSeal.select().where(CaseSeal.case == case)}


@pytest.mark.parametrize("who", ["intake", "deputy"])
@pytest.mark.parametrize("how", ["deactivate", "change_role"])
def test_when_proposer_or_approver_goes_the_case_goes_on(office: Office, who: str, how: str) -> None:
    noise, case = office.assigned().case, declining(office)
    office.act(
        noise, "redirect", "officer", receiver="市税务局", not_led_by_subject=True, message="已转市税务局。"
    )
    person = office[who].person_id
    if how == "deactivate":
        accounts.deactivate(office["admin"], person)
    else:
        accounts.change_role(office["admin"], person, "auditor")
    row = Proposal.get(Proposal.case == case)
    assert row.state == "overtaken"
    assert Proposal.get(Proposal.case == noise).state == ("overtaken" if who == "deputy" else "waiting")
    assert Entry.select().where(Entry.about_table == "proposal", Entry.about_id == row.id).count() == 2
    assert "proposal" not in reasons(case)
    assert Case.get_by_id(case).needs_new_keys
    assert ledger.verify().findings == ()
    assert office.act(case, "accept", "intake2").state == "assessing"


@pytest.mark.parametrize("who", ["intake", "deputy"])
def test_who_is_shut_out_by_an_act_holds_up_nothing(office: Office, who: str) -> None:
    """A classification names the unit of somebody a proposal waits for."""
    filed = office.accepted()
    redirect = {"receiver": "市税务局", "not_led_by_subject": True, "message": "已转。"}
    office.act(filed.case, "redirect", "intake", **redirect)
    unit = Unit.select().order_by(Unit.id).get()
    Person.update(unit=unit).where(Person.user_name == who).execute()
    from whistle.services.casework import effects
    from whistle.store.database import atomic_write

    with atomic_write():
        case = Case.get_by_id(filed.case)
        case.unit = unit
        case.save()
        effects.shut_out_unit(case)
        case.save()
    assert Proposal.get().state == "overtaken"
    assert "proposal" not in reasons(filed.case)


@pytest.mark.parametrize("who", ["intake", "deputy"])
def test_any_reader_withdraws_what_waits_for_somebody_who_is_gone(office: Office, who: str) -> None:
    """As it may stand in a database from before proposals ended by themselves."""
    case = declining(office)
    proposal = Proposal.get().id
    assert not approvals_of(office, "intake2", case)[0].can_withdraw
    with pytest.raises(NotAllowed):
        approvals.withdraw(office["intake2"], proposal)
    Person.update(state="deactivated").where(Person.user_name == who).execute()
    assert approvals_of(office, "intake2", case)[0].can_withdraw
    approvals.withdraw(office["intake2"], proposal)
    assert Proposal.get().state == "withdrawn"
    assert office.act(case, "accept", "intake2").state == "assessing"


def approvals_of(office: Office, who: str, case: str) -> list[approvals.ProposalView]:
    return reading.open_case(office[who], case).proposals
