"""Who may decide a proposal: anybody who stands over the case and holds it, so that one who is away blocks nothing."""

import pytest

from tests.builders import Filed, Office
from whistle.services import deciders
from whistle.services.casework import approvals, desk, reading
from whistle.services.errors import Conflict, NotAllowed
from whistle.store.cases import Case, CaseSeal, Proposal

REDIRECT = {"receiver": "市税务局", "not_led_by_subject": True, "message": "已转市税务局。"}
RECLASSIFY = {
    "category": "delay",
    "kind": "lead",
    "severity": "ordinary",
    "complexity": "ordinary",
    "reason": "原先分错了",
}


def declining(office: Office, **answers: str) -> Filed:
    """A case that nobody accepted, whose declining waits for leave; and one beside it that waits for nothing."""
    office.file()
    filed = office.file(**answers)
    office.classify(filed.case)
    office.act(filed.case, "decline", "intake", reason="court", message="请向法院起诉。")
    return filed


def waits_for(office: Office, who: str, case: str) -> tuple[str, ...]:
    waiting = reading.open_case(office[who], case).waiting
    assert waiting is not None
    return waiting.waits_for


@pytest.mark.parametrize("who", ["deputy", "head"])
def test_deputy_or_head_decides_what_intake_proposed(office: Office, who: str) -> None:
    filed = declining(office)
    assert waits_for(office, "intake", filed.case) == (office["deputy"].name, office["head"].name)
    assert office.approve(who).state == "declined"
    assert Proposal.get().decided_by.user_name == who


@pytest.mark.parametrize("who", ["deputy", "head"])
def test_deputy_or_head_decides_what_the_officer_proposed(office: Office, who: str) -> None:
    filed = office.assigned()
    office.act(filed.case, "redirect", "officer", **REDIRECT)
    assert office.approve(who).state == "redirected"


def test_a_decided_proposal_leaves_the_unaccepted_case_with_the_desk_alone(office: Office) -> None:
    filed = declining(office)
    approvals.send_back(office["head"], Proposal.get().id, "先核实再说")
    reasons = {seal.reason for seal in CaseSeal.select().where(CaseSeal.case == filed.case)}
    assert reasons == {"desk", "recovery"}


def test_everybody_who_may_decide_has_it_in_the_queue_and_in_the_count(office: Office) -> None:
    filed = declining(office)
    for who in ("deputy", "head"):
        assert [row.case_ref for row in approvals.queue(office[who])] == [Case.get_by_id(filed.case).number]
        assert desk.counts(office[who])["proposals"] == 1
    for who in ("intake", "intake2", "officer", "reviewer", "oversight"):
        assert approvals.queue(office[who]) == []
        assert desk.counts(office[who])["proposals"] == 0


def test_the_desk_tells_whom_a_case_waits_for(office: Office) -> None:
    filed = declining(office)
    rows = {row.ref: row for row in desk.list_cases(office["intake"], desk.DeskFilters()).rows}
    assert rows.pop(Case.get_by_id(filed.case).number).waits_for == (
        office["deputy"].name,
        office["head"].name,
    )
    assert {row.waits_for for row in rows.values()} == {()}


def test_whoever_the_reporter_keeps_out_is_not_asked(office: Office) -> None:
    filed = declining(office, persons_shut_out=office["deputy"].name)
    assert waits_for(office, "intake", filed.case) == (office["head"].name,)
    with pytest.raises(NotAllowed):
        approvals.approve(office["deputy"], Proposal.get().id)
    assert office.approve("head").state == "declined"


def test_a_proposal_that_nobody_may_decide_is_not_made(office: Office) -> None:
    with pytest.raises(Conflict, match="no_approver"):
        declining(office, persons_shut_out=f"{office['deputy'].name}、{office['head'].name}")
    assert Proposal.select().count() == 0


@pytest.mark.parametrize("who", ["intake", "intake2", "officer", "reviewer", "admin", "oversight"])
def test_nobody_else_decides(office: Office, who: str) -> None:
    declining(office)
    with pytest.raises(NotAllowed):
        approvals.approve(office[who], Proposal.get().id)


def test_any_other_member_decides_what_an_oversight_member_proposed(office: Office) -> None:
    filed = office.file(own_people=True)
    office.act(filed.case, "release_oversight", "oversight", not_own_people=True, reason="不涉及本机关")
    proposal = Proposal.get()
    assert [person.user_name for person in deciders.of([proposal.id])[proposal.id]] == ["oversight2"]
    with pytest.raises(NotAllowed):
        approvals.approve(office["oversight"], proposal.id)
    assert office.approve("oversight2").state == "received"
