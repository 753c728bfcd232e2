"""Who may decide a proposal: anybody who stands over the case and holds it, so that one who is away blocks nothing."""

import pytest

from tests.builders import Filed, Office
from whistle.services import deciders, tracking
from whistle.services.casework import approvals, desk, reading
from whistle.services.errors import Conflict, NotAllowed, NotFound
from whistle.store.cases import Case, CaseEvent, CaseSeal, Opening, Proposal

REDIRECT = {"receiver": "市税务局", "not_led_by_subject": True, "message": "已转市税务局。"}


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


# --- on which case -----------------------------------------------------------------------------------------------


def test_a_proposal_names_the_case_as_its_proposer_saw_it(office: Office) -> None:
    filed = declining(office)
    case, proposal = Case.get_by_id(filed.case), Proposal.get()
    assert proposal.case_version == case.version
    assert proposal.case_seq == CaseEvent.select().where(CaseEvent.case == case).count()


def test_who_decides_is_shown_what_happened_since(office: Office) -> None:
    filed = declining(office)
    assert reading.open_proposal(office["deputy"], Proposal.get().id).since == []
    tracking.write(office.visit(filed), "我找到了收据", "n1")
    office.act(filed.case, "write", "intake", report=filed.report, message="请寄来")
    page = reading.open_proposal(office["deputy"], Proposal.get().id)
    assert [(item.action.name, item.by_kind) for item in page.since] == [
        ("write", "office"),
        ("write", "reporter"),
    ]
    assert page.proposal.words == {"message": "请向法院起诉。"}
    assert approvals.approve(office["deputy"], page.proposal.id, page.version, page.seen).state == "declined"


@pytest.mark.parametrize("who", ["reporter", "intake"])
def test_what_happened_after_the_page_was_opened_stops_the_approval(office: Office, who: str) -> None:
    filed = declining(office)
    page = reading.open_proposal(office["deputy"], Proposal.get().id)
    if who == "reporter":
        tracking.write(office.visit(filed), "我找到了收据", "n1")
    else:
        office.act(filed.case, "write", "intake", report=filed.report, message="请寄来")
    with pytest.raises(Conflict, match="changed"):
        approvals.approve(office["deputy"], page.proposal.id, page.version, page.seen)
    assert Proposal.get().state == "waiting"
    page = reading.open_proposal(office["deputy"], Proposal.get().id)
    assert approvals.approve(office["deputy"], page.proposal.id, page.version, page.seen).state == "declined"


# --- reading is an opening ---------------------------------------------------------------------------------------


def opened(case: str) -> list[str]:
    return [row.person.user_name for row in Opening.select().where(Opening.case == case)]


def test_the_queue_opens_nothing_and_reading_a_proposal_is_recorded_as_an_opening(office: Office) -> None:
    filed = declining(office)
    approvals.queue(office["deputy"])
    assert opened(filed.case) == []
    for _ in range(2):
        reading.open_proposal(office["deputy"], Proposal.get().id)
    assert opened(filed.case) == ["deputy"]


@pytest.mark.parametrize("who", ["intake", "officer", "oversight", "reviewer"])
def test_nobody_else_opens_a_proposal(office: Office, who: str) -> None:
    filed = declining(office)
    with pytest.raises(Conflict, match="decided_already"):
        reading.open_proposal(office[who], Proposal.get().id)
    with pytest.raises(NotFound):
        reading.open_proposal(office[who], "0" * 24)
    assert opened(filed.case) == []
