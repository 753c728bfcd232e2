"""The sealed way up from wherever a case stands: to everybody but oversight the case does not exist any more."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.adversary.thief import Thief
from tests.builders import Filed, Office
from tests.cases import days_later, holders, owed
from tests.stages import ask, deciding, draw_up, investigating, listed, reviewing, state, verifying
from whistle import clock
from whistle.services import accounts, assignment, ledger, recusal, tracking
from whistle.services.casework import approvals, board, desk, due, identity_giving, reading, search, weekly
from whistle.services.casework.act import act
from whistle.services.casework.desk_filters import DeskFilters
from whistle.services.errors import Conflict, Invalid, NotAllowed, NotFound
from whistle.store.cases import Case, Proposal
from whistle.store.recusals import RecusalRequest
from whistle.store.reports import Message
from whistle.store.things import THING_TABLES

OTHERS = ("intake", "intake2", "officer", "officer2", "reviewer", "deputy", "head", "auditor", "admin")
NAMED = {"identity": "named", "name": "李四", "contact": "1380000xx04"}
#: What lists, counts or prints cases for somebody.
SHOWN: tuple[Callable[[Any], Any], ...] = (
    lambda by: desk.list_cases(by, DeskFilters(view="all")),
    lambda by: board.show(by, DeskFilters(view="all")),
    due.due,
    weekly.sheet,
    approvals.queue,
    recusal.waiting,
    identity_giving.queue,
    assignment.loads,
    lambda by: [assignment.cases_of(by, row.person_id) for row in assignment.loads(by)],
)


def seal(office: Office, case: str, who: str = "officer") -> None:
    office.act(case, "to_oversight", who, reason="涉及本机关人员")


def said_to(office: Office, who: str) -> str:
    """Everything that lists show somebody, as text."""
    found = []
    for show in SHOWN:
        try:
            found.append(str(show(office[who])))
        except (NotAllowed, Invalid):
            continue
    return "\n".join(found)


def with_everything(office: Office) -> Filed:
    """Filed, with persons, measures, a press, a group, a reviewer, a wish for recusal, letters, and a joined report."""
    filed = reviewing(office)
    joined = office.accepted(**NAMED)
    office.act(joined.case, "merge", "deputy", target=filed.case, reason="同一事实")
    draw_up(office, filed.case, "admin_warning", subject_person=listed(office, filed.case))
    office.act(filed.case, "press", "deputy", what="快办", due=days_later(5).date())
    tracking.request_recusal(office.visit(filed), office["officer"].name, "亲戚", "n1")
    tracking.write(office.visit(joined), "还有一句", "n2")
    office.act(filed.case, "to_decision", "reviewer", written_report="清楚")
    return filed


def test_whatever_hangs_on_it_nobody_else_finds_the_case_any_more(office: Office) -> None:
    filed = with_everything(office)
    number = Case.get_by_id(filed.case).number
    proposal = Proposal.get(Proposal.case == filed.case, Proposal.state == "waiting").id
    assert all(number in said_to(office, who) for who in ("officer", "deputy", "head"))
    seal(office, filed.case)
    case = Case.get_by_id(filed.case)
    assert (case.state, case.officer, case.reviewer, holders(filed.case)) == (
        "oversight", None, None, {"desk", "superior"},
    )  # fmt: skip
    for who in OTHERS:
        said = said_to(office, who)
        assert number not in said, who
        assert filed.case not in said, who
        for look in (
            lambda who=who: reading.open_case(office[who], filed.case),
            lambda who=who: reading.open_case(office[who], number),
            lambda who=who: approvals.outcome(office[who], proposal),
            lambda who=who: reading.open_proposal(office[who], proposal),
        ):
            with pytest.raises((NotFound, NotAllowed)) as caught:
                look()
            assert isinstance(caught.value, NotFound) or who in ("auditor", "admin"), who
        with pytest.raises((NotFound, NotAllowed)):
            approvals.approve(office[who], proposal)
    assert not RecusalRequest.select().where(RecusalRequest.sealed.is_null(False)).exists()
    assert Proposal.get_by_id(proposal).state == "overtaken"
    view = reading.open_case(office["oversight"], filed.case)
    assert len(view.reports) == 2
    assert number in said_to(office, "oversight2")
    assert ledger.verify().findings == ()


def test_what_was_there_is_read_by_oversight_and_nothing_of_it_can_be_carried_on(office: Office) -> None:
    filed = with_everything(office)
    seal(office, filed.case, "reviewer")
    view = reading.open_case(office["oversight"], filed.case)
    assert {item.action.name for item in view.timeline} >= {"subject.add", "measure.propose", "press", "join"}
    measure = THING_TABLES["measure"].get().id
    for who in ("officer", "oversight"):
        with pytest.raises((NotFound, NotAllowed)):
            office.act(filed.case, "measure.drop", who, thing=measure, reason="x")
    assert not owed(filed.case) & {"investigate", "review", "decide"}
    assert "forward_up" in owed(filed.case)


def test_who_had_the_case_opens_nothing_written_in_sealed_handling(office: Office) -> None:
    filed = with_everything(office)
    thieves = [Thief(office[who]) for who in ("intake", "officer", "officer2", "reviewer", "deputy", "head")]
    seal(office, filed.case)
    before = set().union(*(thief.reads() for thief in thieves))
    known = {row.id for row in Message.select()}
    tracking.write(office.visit(filed), "他们找过我", "n3")
    office.act(filed.case, "write", "oversight", message="请放心")
    for thief in thieves:
        thief.look()
        assert thief.reads() <= before
    assert {row.id for row in Message.select()} - known <= Thief(office["oversight"]).reads()


def test_what_is_released_begins_at_the_desk_it_came_from_with_none_of_its_former_people(
    office: Office,
) -> None:
    filed = with_everything(office)
    home = Case.get_by_id(filed.case).desk_id
    seal(office, filed.case, "deputy")
    released = {"not_own_people": True, "reason": "不涉及本机关"}
    office.act(filed.case, "release_oversight", "oversight", **released)
    with pytest.raises(NotAllowed):
        approvals.approve(office["oversight"], Proposal.get(Proposal.state == "waiting").id)
    office.approve("oversight2")
    case = Case.get_by_id(filed.case)
    assert (case.state, case.desk_id, case.officer, case.reviewer) == ("received", home, None, None)
    assert holders(filed.case) == {"desk", "recovery"}
    office.act(filed.case, "accept", "intake")
    office.act(filed.case, "assign", "deputy", person=office["officer2"].person_id)
    with pytest.raises(Conflict, match="state"):
        office.act(filed.case, "to_review", "officer2", file_list="卷", opinion="x")
    plan = {
        "group": [office[w].person_id for w in ("officer", "officer2")],
        "plan": "看",
        "no_disturbance": True,
    }
    ask(office, filed.case, "start_verification", "officer2", "head", **plan)
    assert state(filed.case) == "verifying"
    assert ledger.verify().findings == ()


def test_a_case_merged_into_one_goes_the_sealed_way_with_it_and_comes_back_with_it(office: Office) -> None:
    """Whoever moves it need not hold what was merged into it."""
    first, source, target = office.assigned(), office.assigned("officer2"), office.assigned()
    office.act(first.case, "merge", "deputy", target=source.case, reason="同反映局长受贿")
    office.act(source.case, "merge", "deputy", target=target.case, reason="同反映局长受贿")
    cases = [Case.get_by_id(filed.case) for filed in (first, source, target)]
    seal(office, target.case)
    for who in OTHERS:
        assert not [case for case in cases if case.number in said_to(office, who)], who
        for case in cases:
            with pytest.raises((NotFound, NotAllowed)):
                reading.open_case(office[who], case.id)
            with pytest.raises((NotFound, NotAllowed)):
                office.act(case.id, "unmerge", who, reason="不是")
    assert search.find(office["head"], search.Query(text="局长受贿")).total == 0
    for case in cases:
        assert holders(case.id) == {"desk", "superior"}
        view = reading.open_case(office["oversight"], case.id)
    assert [item.words["reason"] for item in view.timeline if "reason" in item.words] == ["涉及本机关人员"]
    reading.open_case(office["oversight"], source.case)
    assert tracking.view(office.visit(source)).stage.zh == "已受理"
    released = {"not_own_people": True, "reason": "不涉及本机关"}
    ask(office, target.case, "release_oversight", "oversight", "oversight2", **released)
    assert {case: holders(case) for case in (first.case, source.case)} == {
        first.case: {"desk", "recovery"},
        source.case: {"desk", "recovery"},
    }
    office.act(target.case, "accept", "intake")
    ask(office, source.case, "unmerge", "intake", "deputy", reason="不是同一事实")
    assert (state(source.case), state(first.case)) == ("received", "merged")
    assert ledger.verify().findings == ()


def test_no_wish_brings_a_released_case_back_to_a_member_of_the_oversight_desk(office: Office) -> None:
    filed = office.file(own_people=True)
    tracking.request_recusal(office.visit(filed), office["oversight2"].name, "同学", "n1")
    released = {"not_own_people": True, "reason": "不涉及本机关"}
    ask(office, filed.case, "release_oversight", "oversight", "oversight2", **released)
    reading.open_case(office["intake"], filed.case)
    assert holders(filed.case) == {"desk", "recovery"}
    assert recusal.waiting(office["oversight"]) == []


def test_who_had_a_merged_case_opens_nothing_of_it_that_is_written_in_sealed_handling(office: Office) -> None:
    source, target = office.assigned("officer2"), office.assigned()
    office.act(source.case, "merge", "deputy", target=target.case, reason="同一事实")
    thieves = [Thief(office[who]) for who in ("intake", "officer", "officer2", "deputy", "head")]
    seal(office, target.case)
    for thief in thieves:
        known = len(thief.cases)
        thief.look()
        assert len(thief.cases) == known


def test_a_proposal_to_part_tells_nothing_of_what_became_of_the_target(office: Office) -> None:
    """It waits for leave, whoever has the target now: a merge of long ago did not go the sealed way with it."""
    answers = []
    for moves in (
        lambda case: office.act(case, "assign", "deputy", person=office["officer2"].person_id),
        lambda case: Case.update(is_flagged=True).where(Case.id == case).execute(),
    ):
        source, target = office.assigned(), office.assigned()
        office.act(source.case, "merge", "officer", target=target.case, reason="同一事实")
        moves(target.case)
        answers.append(office.act(source.case, "unmerge", "officer", reason="不是").proposal_id is not None)
    assert answers == [True, True]


@pytest.mark.on_both_databases
@pytest.mark.parametrize("begin", [verifying, investigating, lambda office: deciding(office)[0]])
@pytest.mark.parametrize("who", ["officer2", "deputy"])
def test_anybody_who_sees_a_case_sends_it_the_sealed_way_whatever_waits(
    office: Office, begin: Callable[[Office], Filed], who: str
) -> None:
    filed = begin(office)
    office.act(filed.case, "request_protection", "officer", message="有人威胁")
    seal(office, filed.case, who)
    assert (state(filed.case), holders(filed.case)) == ("oversight", {"desk", "superior"})
    assert approvals.queue(office["head"]) == []


def test_where_oversight_is_not_ready_nothing_is_half_done(office: Office) -> None:
    filed = verifying(office)
    before = holders(filed.case)
    accounts.deactivate(office["admin"], office["oversight2"].person_id)
    with pytest.raises(Conflict, match="no_oversight_desk"):
        seal(office, filed.case)
    assert (state(filed.case), holders(filed.case)) == ("verifying", before)
    assert Case.get_by_id(filed.case).officer_id == office["officer"].person_id


def test_interference_is_recorded_by_whoever_was_asked_and_stays(office: Office) -> None:
    filed = verifying(office)
    asked = {"who": "某局长", "asked_on": clock.today(), "how": "打电话"}
    for who in ("officer", "officer2", "deputy", "head"):
        act(filed.case, "record_interference", office[who], **asked)
    table = [
        ({"asked_on": days_later(1).date()}, "not_yet"),
        ({"asked_on": days_later(-1).date()}, "before_receipt"),
    ]
    for more, why in table:
        with pytest.raises(Invalid) as caught:
            act(filed.case, "record_interference", office["officer"], **{**asked, **more})
        assert caught.value.reason == why
