"""In the head's place: by the superior's paper somebody decides what only the head may; the head gets nothing by it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import MONDAY, Filed, Office
from tests.cases import holders, sees
from tests.stages import (
    ask,
    concluded,
    deciding,
    draw_up,
    investigating,
    listed,
    meeting,
    reviewing,
    state,
)
from whistle import clock
from whistle.services import absences, headship, ledger, recusal
from whistle.services.casework import approvals, reading, recusals
from whistle.services.casework.recusals import Said
from whistle.services.errors import Conflict, Invalid, NotAllowed, NotFound
from whistle.store.cases import Case, Proposal
from whistle.store.recusals import ActingHead, Recusal

TODAY = MONDAY.date()
NUMBER = "清纪〔2026〕3号"
PAPER = Said("上级已经决定。", "interest", NUMBER, TODAY)
REASONS = Said("他是被反映人的表弟。", "relative")


def whom(office: Office, who: str) -> int:
    return office[who].person_id


def headless(office: Office) -> Filed:
    """An accepted case that the head keeps off."""
    filed = office.assigned("officer")
    keep_head_off(office, filed)
    return filed


def keep_head_off(office: Office, filed: Filed) -> None:
    recusals.impose(office["deputy"], filed.case, whom(office, "head"), PAPER)


def enter(office: Office, filed: Filed, who: str) -> None:
    office.act(
        filed.case, "enter_acting_head", "deputy", person=whom(office, who), paper=NUMBER, paper_on=TODAY
    )


def test_who_acts_as_head_in_a_case_holds_it_and_decides_what_the_head_would(office: Office) -> None:
    filed = headless(office)
    with pytest.raises(Conflict, match="another_decides"):
        recusals.impose(office["deputy"], filed.case, whom(office, "officer"), REASONS)
    enter(office, filed, "reviewer")
    assert sees(office, "reviewer", filed.case)
    recusals.impose(office["reviewer"], filed.case, whom(office, "officer"), REASONS)
    assert Recusal.get(Recusal.person == whom(office, "officer")).decided_by.user_name == "reviewer"
    assert not sees(office, "head", filed.case)
    assert holders(filed.case) == {"deputy", "reviewer", "recovery"}
    assert ledger.verify().findings == ()


def test_it_holds_for_that_case_alone(office: Office) -> None:
    filed, other = headless(office), office.assigned("officer2")
    enter(office, filed, "reviewer")
    assert not sees(office, "reviewer", other.case)
    with pytest.raises(NotFound):
        recusals.impose(office["reviewer"], other.case, whom(office, "officer"), REASONS)


def test_a_wish_goes_to_who_acts_as_head(office: Office) -> None:
    filed = headless(office)
    enter(office, filed, "reviewer")
    recusals.declare(office["officer"], filed.case, "relative", "亲属。")
    assert [wish.source for wish in recusal.waiting(office["reviewer"])] == ["self"]
    assert recusal.waiting(office["head"]) == []
    recusals.grant(office["reviewer"], recusal.waiting(office["reviewer"])[0].id, [], REASONS)


def test_a_proposal_that_waits_for_the_head_is_decided_by_who_acts(office: Office) -> None:
    filed = headless(office)
    enter(office, filed, "reviewer")
    told = {"receiver": "市税务局", "not_led_by_subject": True, "message": "已转。"}
    office.act(filed.case, "redirect", "officer", **told)
    assert [row.by_name for row in approvals.queue(office["reviewer"])] == [office["officer"].name]
    assert approvals.queue(office["head"]) == []
    assert office.approve("reviewer").state == "redirected"


def test_measures_of_the_heads_level_are_decided_by_who_acts(office: Office) -> None:
    filed, _measure = deciding(office, "admonish")
    keep_head_off(office, filed)
    enter(office, filed, "reviewer")
    assert "decide" in {row.name for row in reading.open_case(office["reviewer"], filed.case).actions}
    office.act(filed.case, "decide", "reviewer", decision="measures", reason="属实")
    assert state(filed.case) == "enforcing"


@pytest.mark.parametrize(
    ("action", "facts"),
    [
        ("hand_to_competent", {"body": "市纪委监委", "reason": "管理权限在市里。"}),
        ("transfer_justice", {"opinion_number": "清监诉〔2026〕1号", "file_list": "案卷一册"}),
    ],
)
def test_what_the_head_does_after_a_meeting_is_done_by_who_acts(
    office: Office, action: str, facts: dict[str, Any]
) -> None:
    filed = reviewing(office)
    draw_up(office, filed.case, "admin_warning", subject_person=listed(office, filed.case))
    ask(office, filed.case, "to_decision", "reviewer", "head", written_report="事实清楚")
    keep_head_off(office, filed)
    enter(office, filed, "officer2")
    office.act(filed.case, action, "officer2", **facts, **meeting())
    assert state(filed.case) == "enforcing"


WORKS_IT: tuple[tuple[str, Callable[[Office], Filed], dict[str, Any]], ...] = (
    ("withdraw_case", investigating, {"reason": "不成立", "unit_told": True}),
    ("find_malicious", concluded, {"evidence": "录音", "document": "市纪1号"}),
)


@pytest.mark.parametrize(("action", "before", "facts"), WORKS_IT)
def test_who_works_a_case_and_acts_as_head_in_it_ends_nothing_alone(
    office: Office, action: str, before: Callable[[Office], Filed], facts: dict[str, Any]
) -> None:
    filed = before(office)
    keep_head_off(office, filed)
    enter(office, filed, "officer")
    with pytest.raises(Conflict, match="no_approver"):
        office.act(filed.case, action, "officer", **facts)
    enter(office, filed, "reviewer")
    ask(office, filed.case, action, "officer", "reviewer", **facts)


def test_when_it_ends_what_was_given_for_it_goes_and_what_waited_for_it_ends(office: Office) -> None:
    filed = headless(office)
    enter(office, filed, "reviewer")
    office.act(
        filed.case, "end_acting_head", "deputy", person=whom(office, "reviewer"), reason="已经派来新的领导。"
    )
    assert not sees(office, "reviewer", filed.case)
    with pytest.raises(Conflict, match="acts_no_more"):
        office.act(
            filed.case, "end_acting_head", "deputy", person=whom(office, "reviewer"), reason="再来一次"
        )


def test_it_ends_by_itself_when_the_head_is_there_again(office: Office) -> None:
    filed = headless(office)
    enter(office, filed, "reviewer")
    recusals.end(office["deputy"], filed.case, whom(office, "head"), PAPER)
    assert ActingHead.get().ended_at is not None
    assert not sees(office, "reviewer", filed.case)
    assert sees(office, "head", filed.case)


def test_it_ends_for_who_keeps_off_the_case(office: Office) -> None:
    filed = headless(office)
    for who in ("reviewer", "officer2"):
        enter(office, filed, who)
    recusals.impose(office["officer2"], filed.case, whom(office, "reviewer"), REASONS)
    assert ActingHead.get(ActingHead.person == whom(office, "reviewer")).ended_at is not None
    assert not sees(office, "reviewer", filed.case)


def test_nobody_acts_where_the_head_is_there(office: Office) -> None:
    filed = office.assigned("officer")
    with pytest.raises(Conflict, match="head_is_there"):
        enter(office, filed, "reviewer")
    absences.enter(office["admin"], whom(office, "head"), TODAY, TODAY)
    enter(office, filed, "reviewer")
    assert sees(office, "reviewer", filed.case)


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        ("head", "cannot_act"),
        ("oversight", "cannot_act"),
        ("auditor", "cannot_act"),
        ("officer2", "shut_out"),
    ],
)
def test_whoever_cannot_act_is_not_entered(office: Office, who: str, reason: str) -> None:
    filed = headless(office)
    recusals.declare(office["officer2"], filed.case, "relative", "亲属。")
    with pytest.raises(Invalid) as caught:
        enter(office, filed, who)
    assert (caught.value.field, caught.value.reason) == ("person", reason)


def test_an_acting_head_who_is_named_as_must_not_read_is_not_entered(office: Office) -> None:
    filed = office.assigned("officer", persons_shut_out=office["reviewer"].name)
    recusals.impose(office["deputy"], filed.case, whom(office, "head"), PAPER)
    with pytest.raises(Invalid, match="person: shut_out"):
        enter(office, filed, "reviewer")


# --- for days ----------------------------------------------------------------------------------------------------


def test_for_days_a_proposal_brings_the_case_and_takes_it_again(office: Office) -> None:
    headship.enter(
        office["deputy"], whom(office, "reviewer"), TODAY, TODAY + dt.timedelta(days=9), NUMBER, TODAY
    )
    filed = office.assigned("officer")
    assert not sees(office, "reviewer", filed.case), "nothing is given before there is something to decide"
    told = {"receiver": "市税务局", "not_led_by_subject": True, "message": "已转。"}
    office.act(filed.case, "redirect", "officer", **told)
    assert sees(office, "reviewer", filed.case)
    approvals.send_back(office["reviewer"], approvals.queue(office["reviewer"])[0].id, "先核实")
    assert not sees(office, "reviewer", filed.case)
    assert ledger.verify().findings == ()


def test_the_days_end_and_so_does_the_acting(office: Office) -> None:
    headship.enter(
        office["deputy"], whom(office, "reviewer"), TODAY, TODAY + dt.timedelta(days=1), NUMBER, TODAY
    )
    filed = office.assigned("officer")
    told = {"receiver": "市税务局", "not_led_by_subject": True, "message": "已转。"}
    office.act(filed.case, "redirect", "officer", **told)
    with clock.at(MONDAY + dt.timedelta(days=2)):
        assert approvals.queue(office["reviewer"]) == []
        with pytest.raises(NotAllowed):
            approvals.approve(office["reviewer"], Proposal.get().id)


def test_an_early_end_leaves_no_proposal_that_waits_for_nobody(office: Office) -> None:
    headship.enter(
        office["deputy"], whom(office, "reviewer"), TODAY, TODAY + dt.timedelta(days=9), NUMBER, TODAY
    )
    filed = office.assigned("officer")
    for who in ("deputy", "head"):
        Case.update(needs_new_keys=False).execute()
        recusals.declare(office[who], filed.case, "relative", "亲属。")
    told = {"receiver": "市税务局", "not_led_by_subject": True, "message": "已转。"}
    office.act(filed.case, "redirect", "officer", **told)
    (row,) = headship.list_acting(office["auditor"])
    headship.end(office["deputy"], row.id)
    assert Proposal.get(Proposal.case == filed.case).state == "overtaken"
    assert headship.list_acting(office["auditor"])[0].is_over
    assert ledger.verify().findings == ()


@pytest.mark.parametrize(
    ("days", "number", "on", "fault"),
    [
        ((0, -1), NUMBER, TODAY, "to_on: before_start"),
        ((-9, -1), NUMBER, TODAY, "to_on: past"),
        ((0, 400), NUMBER, TODAY, "to_on: too_long"),
        ((0, 5), "", None, "paper: empty"),
        ((0, 5), NUMBER, TODAY + dt.timedelta(days=1), "paper_on: ahead"),
    ],
)
def test_bad_days_and_papers_are_refused(
    office: Office, days: tuple[int, int], number: str, on: dt.date | None, fault: str
) -> None:
    first, last = (TODAY + dt.timedelta(days=each) for each in days)
    with pytest.raises(Invalid, match=fault):
        headship.enter(office["deputy"], whom(office, "reviewer"), first, last, number, on)


@pytest.mark.parametrize("who", ["head", "officer", "auditor", "admin"])
def test_the_deputy_alone_enters_it(office: Office, who: str) -> None:
    with pytest.raises(NotAllowed):
        headship.enter(office[who], whom(office, "reviewer"), TODAY, TODAY, NUMBER, TODAY)
