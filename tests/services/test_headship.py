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
    verifying,
)
from whistle import clock
from whistle.services import absences, acting_heads, duties, headship, ledger, recusal
from whistle.services.casework import approvals, desk, reading, recusals
from whistle.services.casework.desk_filters import DeskFilters
from whistle.services.casework.recusals import Said
from whistle.services.errors import Conflict, Invalid, NotAllowed, NotFound
from whistle.store.cases import Case, Proposal
from whistle.store.people import Person
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


def test_nobody_acts_in_a_case_from_which_the_head_does_not_keep_off(office: Office) -> None:
    filed = office.assigned("officer")
    absences.enter(office["admin"], whom(office, "head"), TODAY, TODAY)
    with pytest.raises(Conflict, match="head_is_there"):
        enter(office, filed, "reviewer")


def test_it_ends_with_the_next_round_when_another_head_came_who_does_not_keep_off(office: Office) -> None:
    filed = headless(office)
    enter(office, filed, "reviewer")
    assert duties.end_acting_heads() == 0
    Person.update(role="head").where(Person.user_name == "officer2").execute()
    assert duties.end_acting_heads() == 1
    assert not sees(office, "reviewer", filed.case)


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        ("head", "cannot_act"),
        ("intake", "cannot_act"),
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


@pytest.mark.parametrize("who", ["deputy", "oversight"])
def test_the_case_is_found_by_its_number_as_people_type_it(office: Office, who: str) -> None:
    filed = headless(office) if who == "deputy" else leaderless(office)
    count = int(str(Case.get_by_id(filed.case).number)[-6:])
    headship.enter_in(office[who], f"2026年第{count}号", whom(office, "reviewer"), NUMBER, TODAY)
    assert acting_heads.acts(whom(office, "reviewer"), Case.get_by_id(filed.case))


def test_the_end_of_a_number_is_enough_for_who_may_know_of_the_case(office: Office) -> None:
    count = int(str(Case.get_by_id(headless(office).case).number)[-6:])
    headship.enter_in(office["deputy"], str(count), whom(office, "reviewer"), NUMBER, TODAY)
    filed = leaderless(office)
    count = int(str(Case.get_by_id(filed.case).number)[-6:])
    with pytest.raises(NotFound):
        headship.enter_in(office["oversight"], str(count), whom(office, "reviewer"), NUMBER, TODAY)


# --- where the whole line keeps off ------------------------------------------------------------------------------


def leaderless(office: Office) -> Filed:
    """An accepted case that head and deputy both keep off."""
    filed = headless(office)
    recusals.declare(office["deputy"], filed.case, "relative", "我表弟是被反映人。")
    return filed


def enter_as_oversight(office: Office, filed: Filed, who: str = "reviewer") -> None:
    number = str(Case.get_by_id(filed.case).number)
    headship.enter_in(office["oversight"], number, whom(office, who), NUMBER, TODAY)


def test_a_declaration_that_nobody_of_the_line_can_read_is_decided_by_who_the_superior_names(
    office: Office,
) -> None:
    filed = leaderless(office)
    for who in ("oversight", "oversight2"):
        (wish,) = recusal.waiting(office[who])
        assert (wish.why, wish.can_open, wish.may_decide) == ("我表弟是被反映人。", False, False)
    with pytest.raises(NotFound):
        recusals.grant(office["oversight"], wish.id, [], REASONS)
    with pytest.raises(Conflict, match="no_approver"):
        redirect(office, filed)
    enter_as_oversight(office, filed)
    assert recusal.waiting(office["oversight"]) == recusal.waiting(office["oversight2"]) == []
    (wish,) = recusal.waiting(office["reviewer"])
    recusals.grant(office["reviewer"], wish.id, [], REASONS)
    assert Recusal.get(Recusal.person == whom(office, "deputy")).decided_by.user_name == "reviewer"
    redirect(office, filed)
    assert office.approve("reviewer").state == "redirected"
    assert "oversight" not in holders(filed.case)
    assert ledger.verify().findings == ()


def test_who_declares_first_changes_nothing(office: Office) -> None:
    filed = office.assigned("officer")
    recusals.declare(office["deputy"], filed.case, "relative", "亲属。")
    recusals.declare(office["head"], filed.case, "relative", "亲属。")
    assert [wish.declarer for wish in recusal.waiting(office["oversight"])] == [whom(office, "head")]
    enter_as_oversight(office, filed)
    (wish,) = recusal.waiting(office["reviewer"])
    with pytest.raises(Invalid, match="paper: empty"):
        recusals.grant(office["reviewer"], wish.id, [], REASONS)
    recusals.grant(office["reviewer"], wish.id, [], PAPER)
    assert Recusal.get(Recusal.person == whom(office, "head")).state == "in_force"
    redirect(office, filed)
    assert office.approve("reviewer").state == "redirected"


def test_a_declaration_that_nobody_at_all_can_read_is_refused_aloud(office: Office) -> None:
    filed = headless(office)
    Person.update(state="deactivated").where(Person.role == "oversight").execute()
    with pytest.raises(Conflict, match="no_decider"):
        recusals.declare(office["deputy"], filed.case, "relative", "亲属。")
    assert sees(office, "deputy", filed.case)


def test_who_keeps_off_a_case_does_not_choose_who_decides_it(office: Office) -> None:
    filed, other = leaderless(office), office.assigned("officer")
    with pytest.raises(NotFound):
        headship.enter_in(office["deputy"], filed.case, whom(office, "reviewer"), NUMBER, TODAY)
    acting(office, "reviewer")
    with pytest.raises(Conflict, match="no_approver"):
        redirect(office, filed)
    redirect(office, other)
    assert office.approve("reviewer").state == "redirected"


@pytest.mark.parametrize("how", ["ordinary", "head alone", "sealed", "unknown"])
def test_for_an_oversight_member_there_is_no_other_case(office: Office, how: str) -> None:
    filed = headless(office) if how == "head alone" else office.assigned("officer")
    number = "清访2026-999999" if how == "unknown" else str(Case.get_by_id(filed.case).number)
    if how == "sealed":
        office.act(filed.case, "to_oversight", "officer", reason="涉及本机关人员")
    with pytest.raises(NotFound):
        headship.enter_in(office["oversight"], number, whom(office, "reviewer"), NUMBER, TODAY)
    assert headship.list_acting(office["oversight"]) == []


def test_an_oversight_member_ends_what_one_entered_and_nothing_else(office: Office) -> None:
    filed, other = leaderless(office), headless(office)
    enter_as_oversight(office, filed)
    enter(office, other, "officer2")
    assert sees(office, "officer", filed.case), "who opens the case gives the key"
    assert sees(office, "reviewer", filed.case)
    (row,) = headship.list_acting(office["oversight2"])
    headship.end(office["oversight2"], row.id)
    assert not sees(office, "reviewer", filed.case)
    assert ActingHead.get_by_id(row.id).ended_by.user_name == "oversight2"
    with pytest.raises(Conflict, match="acts_no_more"):
        headship.end(office["oversight2"], row.id)
    with pytest.raises(NotFound):
        headship.end(office["oversight2"], ActingHead.get(ActingHead.case == other.case).id)
    assert ledger.verify().findings == ()


# --- for days ----------------------------------------------------------------------------------------------------


def away(office: Office, days: int = 9) -> None:
    """The head is away from today on, so many days more."""
    absences.enter(office["admin"], whom(office, "head"), TODAY, TODAY + dt.timedelta(days=days))


def enter_for(office: Office, who: str, days: int = 9) -> None:
    headship.enter(office["deputy"], whom(office, who), TODAY, TODAY + dt.timedelta(days=days), NUMBER, TODAY)


def acting(office: Office, who: str, days: int = 9) -> None:
    """Somebody acts as head from today on, so many days more, for all of which the head is away."""
    away(office, days)
    enter_for(office, who, days)


def redirect(office: Office, filed: Filed) -> None:
    told = {"receiver": "市税务局", "not_led_by_subject": True, "message": "已转。"}
    office.act(filed.case, "redirect", "officer", **told)


def test_for_days_a_proposal_brings_the_case_and_takes_it_again(office: Office) -> None:
    acting(office, "reviewer")
    filed = office.assigned("officer")
    assert not sees(office, "reviewer", filed.case), "nothing is given before there is something to decide"
    redirect(office, filed)
    assert sees(office, "reviewer", filed.case)
    approvals.send_back(office["reviewer"], approvals.queue(office["reviewer"])[0].id, "先核实")
    assert not sees(office, "reviewer", filed.case)
    assert ledger.verify().findings == ()


@pytest.mark.parametrize("head_away", [None, 0, 8])
def test_nobody_acts_on_a_day_on_which_the_head_is_there(office: Office, head_away: int | None) -> None:
    if head_away is not None:
        away(office, head_away)
    with pytest.raises(Invalid, match="to_on: head_is_there"):
        enter_for(office, "reviewer")
    assert not ActingHead.select().exists()


def test_that_the_head_is_away_gives_nobody_anything(office: Office) -> None:
    away(office)
    filed = office.assigned("officer")
    redirect(office, filed)
    assert "reviewer" not in holders(filed.case)


def test_where_the_office_has_no_head_somebody_acts_for_days(office: Office) -> None:
    Person.update(state="deactivated").where(Person.user_name == "head").execute()
    enter_for(office, "reviewer")
    filed = office.assigned("officer")
    redirect(office, filed)
    assert office.approve("reviewer").state == "redirected"


def test_the_head_who_is_back_early_ends_it_at_once(office: Office) -> None:
    acting(office, "reviewer")
    filed = office.assigned("officer")
    redirect(office, filed)
    (absence,) = absences.of_person(office["admin"], whom(office, "head"))
    absences.end(office["admin"], whom(office, "head"), absence.id)
    assert not sees(office, "reviewer", filed.case)
    assert approvals.queue(office["reviewer"]) == []
    assert headship.list_acting(office["auditor"])[0].is_over


def test_the_deputy_who_acts_for_days_cannot_act_where_the_head_is_there(office: Office) -> None:
    filed = verifying(office)
    with pytest.raises(Invalid, match="to_on: head_is_there"):
        headship.enter(
            office["oversight"], whom(office, "deputy"), TODAY, TODAY + dt.timedelta(300), NUMBER, TODAY
        )
    result = {"finding": "unfounded", "written_report": "报告", "reason": "查无实据"}
    office.act(filed.case, "conclude_unfounded", "officer", **result)
    with pytest.raises(NotAllowed):
        approvals.approve(office["deputy"], Proposal.get(Proposal.state == "waiting").id)


def test_intake_never_acts_as_head(office: Office) -> None:
    away(office)
    with pytest.raises(Invalid, match="person: cannot_act"):
        enter_for(office, "intake")
    assert whom(office, "intake") not in {row[0] for row in headship.candidates(office["deputy"])}


def test_the_days_end_and_so_does_the_acting(office: Office) -> None:
    acting(office, "reviewer", 1)
    filed = office.assigned("officer")
    redirect(office, filed)
    with clock.at(MONDAY + dt.timedelta(days=2)):
        assert approvals.queue(office["reviewer"]) == []
        with pytest.raises(NotAllowed):
            approvals.approve(office["reviewer"], Proposal.get().id)


def test_when_the_days_are_over_a_case_is_closed_at_once_and_taken_by_the_next_round(office: Office) -> None:
    acting(office, "reviewer", 1)
    filed = office.assigned("officer")
    redirect(office, filed)
    recusals.declare(office["officer2"], filed.case, "relative", "亲属。")
    assert recusal.count(office["reviewer"]) == 1
    with clock.at(MONDAY + dt.timedelta(days=2)):
        assert "reviewer" in holders(filed.case)
        assert not sees(office, "reviewer", filed.case)
        assert recusal.waiting(office["reviewer"]) == []
        assert filed.case not in str(desk.list_cases(office["reviewer"], DeskFilters(view="all")))
        assert duties.end_acting_heads() == 1
        assert duties.end_acting_heads() == 0
        assert "reviewer" not in holders(filed.case)
        assert Case.get_by_id(filed.case).needs_new_keys
        assert sees(office, "deputy", filed.case)
        assert not Case.get_by_id(filed.case).needs_new_keys
    assert ActingHead.get().ended_at is not None
    assert ledger.verify().findings == ()


def test_keys_that_are_made_anew_do_not_go_to_who_acts_no_more(office: Office) -> None:
    acting(office, "reviewer", 1)
    filed = office.assigned("officer")
    redirect(office, filed)
    with clock.at(MONDAY + dt.timedelta(days=2)):
        recusals.declare(office["officer2"], filed.case, "relative", "亲属。")
        assert sees(office, "deputy", filed.case)
        assert "reviewer" not in holders(filed.case)


def test_who_acts_on_by_another_paper_keeps_what_waits(office: Office) -> None:
    away(office)
    enter_for(office, "reviewer", 0)
    enter_for(office, "reviewer", 9)
    filed = office.assigned("officer")
    redirect(office, filed)
    with clock.at(MONDAY + dt.timedelta(days=1)):
        assert duties.end_acting_heads() == 1
        assert sees(office, "reviewer", filed.case)
        assert office.approve("reviewer").state == "redirected"


def test_who_acts_for_days_and_then_in_the_case_keeps_it(office: Office) -> None:
    acting(office, "reviewer", 0)
    filed = headless(office)
    redirect(office, filed)
    approvals.withdraw(office["officer"], Proposal.get(Proposal.state == "waiting").id)
    with clock.at(MONDAY + dt.timedelta(days=1)):
        enter(office, filed, "reviewer")
        duties.end_acting_heads()
        assert sees(office, "reviewer", filed.case)


def test_an_early_end_leaves_no_proposal_that_waits_for_nobody(office: Office) -> None:
    acting(office, "reviewer")
    filed = office.assigned("officer")
    with clock.at(MONDAY + dt.timedelta(hours=1)):
        for who in ("deputy", "head"):
            Case.update(needs_new_keys=False).execute()
            recusals.declare(office[who], filed.case, "relative", "亲属。")
        redirect(office, filed)
    (row,) = headship.list_acting(office["auditor"])
    headship.end(office["deputy"], row.id)
    assert Proposal.get(Proposal.case == filed.case).state == "overtaken"
    assert not sees(office, "reviewer", filed.case)
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
        ((0, 5), NUMBER, dt.date(1989, 12, 31), "paper_on: too_early"),
    ],
)
def test_bad_days_and_papers_are_refused(
    office: Office, days: tuple[int, int], number: str, on: dt.date | None, fault: str
) -> None:
    away(office)
    first, last = (TODAY + dt.timedelta(days=each) for each in days)
    with pytest.raises(Invalid, match=fault):
        headship.enter(office["deputy"], whom(office, "reviewer"), first, last, number, on)


def test_nobody_enters_oneself_and_an_oversight_member_enters_the_only_deputy(office: Office) -> None:
    away(office)
    with pytest.raises(Invalid, match="person: oneself"):
        enter_for(office, "deputy")
    assert not ActingHead.select().exists()
    last = TODAY + dt.timedelta(days=9)
    headship.enter(office["oversight"], whom(office, "deputy"), TODAY, last, NUMBER, TODAY)
    (row,) = headship.list_acting(office["oversight"])
    assert (row.person_id, row.is_over) == (whom(office, "deputy"), False)
    headship.end(office["oversight2"], row.id)
    assert headship.list_acting(office["auditor"])[0].is_over


def test_in_one_case_the_deputy_enters_another_too(office: Office) -> None:
    filed = headless(office)
    with pytest.raises(Invalid, match="person: oneself"):
        enter(office, filed, "deputy")
    enter(office, filed, "reviewer")


@pytest.mark.parametrize("who", ["head", "officer", "auditor", "admin"])
def test_nobody_else_enters_it(office: Office, who: str) -> None:
    with pytest.raises(NotAllowed):
        headship.enter(office[who], whom(office, "reviewer"), TODAY, TODAY, NUMBER, TODAY)
