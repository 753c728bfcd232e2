"""Two officers act on one case in the same moment, in threads and in two processes: nothing lost, nothing doubled."""

import multiprocessing
from typing import Any

from tests.builders import MONDAY, Office
from tests.cases import days_later, holders
from tests.services.test_races import at_once, refused
from tests.stages import archived, lend, state, verifying
from whistle import clock
from whistle.services import ledger, tracking
from whistle.services.access import Acting
from whistle.services.casework import approvals, reading
from whistle.services.casework.act import act
from whistle.services.errors import Conflict
from whistle.store.cases import Case, CaseEvent, CaseSeal, Proposal
from whistle.store.database import close_all, open_database
from whistle.store.reports import Message, Report

HOLD = {"reason": "暂无线索", "review_on": days_later(30).date()}


def happened(action: str) -> int:
    return int(CaseEvent.select().where(CaseEvent.action == action).count())


def whole() -> bool:
    """No event's number is missing or there twice, and the log fits the rows."""
    for case in Case.select():
        numbers = [event.seq for event in case.events.order_by(CaseEvent.seq)]
        assert numbers == list(range(1, len(numbers) + 1))
    return ledger.verify().findings == ()


def test_of_two_who_propose_at_once_one_waits_for_leave_and_the_other_is_told(office: Office) -> None:
    filed = verifying(office)
    version = Case.get_by_id(filed.case).version
    results = at_once(
        lambda: act(filed.case, "hold", office["officer"], version=version, **HOLD),
        lambda: act(filed.case, "hold", office["officer2"], version=version, **HOLD),
    )
    assert refused(results) == ["waiting_for_approval"]
    assert Proposal.select().where(Proposal.state == "waiting").count() == 1


def test_two_leaders_assign_one_case_and_one_officer_has_it(office: Office) -> None:
    filed = office.accepted()
    version = Case.get_by_id(filed.case).version
    results = at_once(
        *[
            lambda w=who, p=person: act(
                filed.case, "assign", office[w], version=version, person=office[p].person_id
            )
            for who, person in (("deputy", "officer"), ("head", "officer2"))
        ]
    )
    assert refused(results) == ["changed"]
    assert happened("assign") == 1
    assert holders(filed.case) == {Case.get_by_id(filed.case).officer.user_name, "deputy", "head", "recovery"}


def test_two_cases_merged_into_each_other_at_once_end_as_one(office: Office) -> None:
    """Each locks its own and wants the other's."""
    first, second = office.accepted(), office.accepted()
    results = at_once(
        lambda: act(first.case, "merge", office["deputy"], target=second.case, reason="同"),
        lambda: act(second.case, "merge", office["deputy"], target=first.case, reason="同"),
    )
    told = [result for result in results if isinstance(result, Exception)]
    assert len(told) == 1
    assert str(told[0]) in ("target: not_open", "state")
    assert sorted((state(first.case), state(second.case))) == ["assessing", "merged"]
    assert len({Report.get_by_id(filed.report).case_id for filed in (first, second)}) == 1
    assert whole()


def test_two_cases_merged_into_one_at_once_both_join_it(office: Office) -> None:
    target, *sources = (office.accepted() for _ in range(3))
    results = at_once(
        *[
            lambda s=source: act(s.case, "merge", office["deputy"], target=target.case, reason="同")
            for source in sources
        ]
    )
    assert refused(results) == []
    assert len(reading.open_case(office["head"], target.case).reports) == 3
    assert happened("join") == 2
    assert whole()


def test_a_reporter_writes_while_the_report_changes_the_case_and_is_read_there(office: Office) -> None:
    target, source = office.assigned(), office.assigned()
    visit = office.visit(source)
    results = at_once(
        lambda: tracking.write(visit, "正在这时写的话", "n1"),
        lambda: act(source.case, "merge", office["deputy"], target=target.case, reason="同"),
    )
    assert refused(results) == []
    view = reading.open_case(office["officer"], target.case)
    assert "正在这时写的话" in [letter.text for report in view.reports for letter in report.letters]
    assert tracking.view(visit).letters[-1].text == "正在这时写的话"
    assert whole()


def test_a_proposal_approved_as_it_is_taken_back_is_either_done_or_not(office: Office) -> None:
    filed = verifying(office)
    proposal = office.act(filed.case, "hold", "officer", **HOLD).proposal_id
    assert proposal is not None
    results = at_once(
        lambda: approvals.approve(office["head"], proposal),
        lambda: approvals.withdraw(office["officer"], proposal),
    )
    assert refused(results) == ["decided_already"]
    assert (happened("hold") == 1) == (Proposal.get_by_id(proposal).state == "approved")
    assert whole()


def test_a_proposal_approved_as_the_case_goes_the_sealed_way_leaves_no_key_behind(office: Office) -> None:
    filed = verifying(office)
    proposal = office.act(filed.case, "hold", "officer", **HOLD).proposal_id
    assert proposal is not None
    at_once(
        lambda: approvals.approve(office["head"], proposal),
        lambda: act(filed.case, "to_oversight", office["officer2"], reason="涉及本机关人员"),
    )
    assert (state(filed.case), holders(filed.case)) == ("oversight", {"desk", "superior"})
    assert Proposal.get_by_id(proposal).state in ("approved", "overtaken")
    assert whole()


def test_a_case_handed_over_while_its_officer_acts_is_the_others_afterwards(office: Office) -> None:
    filed = office.assigned()
    leaves = {
        "from_person": office["officer"].person_id,
        "person": office["officer2"].person_id,
        "reason": "调离",
    }
    at_once(
        lambda: act(filed.case, "hand_over", office["deputy"], **leaves),
        lambda: act(filed.case, "hold", office["officer"], **HOLD),
    )
    assert holders(filed.case) == {"officer2", "deputy", "head", "recovery"}
    assert not Proposal.select().where(Proposal.state == "waiting").exists()
    assert whole()


def test_a_loan_that_is_given_back_as_the_case_begins_anew_is_over(office: Office) -> None:
    filed = archived(office)
    lend(office, filed, "officer")
    proposal = office.act(filed.case, "reopen", "officer", ground="new_facts", facts="x").proposal_id
    assert proposal is not None
    at_once(
        lambda: approvals.approve(office["head"], proposal),
        lambda: act(filed.case, "give_back", office["officer"]),
    )
    assert not CaseSeal.select().where(CaseSeal.reason == "lent").exists()
    assert state(filed.case) in ("assessing", "archived")
    assert whole()


# --- two processes -------------------------------------------------------------------------------------------


PLAN = {"who": "某科长", "planned_on": days_later(3).date(), "outline": "三个问题"}


def work(url: str, by: Acting, case: str, version: int, gate: Any, told: Any) -> None:
    """A process of its own: ten letters, then a talk and a proposal, each as the case stood when all began."""
    open_database(url)
    results = []
    with clock.at(MONDAY):
        for number in range(10):
            gate.wait()
            act(case, "write", by, message=f"{by.user_name}第{number}句")
        for action, inputs in (("talk.schedule", PLAN), ("hold", HOLD)):
            gate.wait()
            now = version + 20 + (action == "hold")
            try:
                act(case, action, by, version=now, **inputs)
                results.append("done")
            except Conflict as fault:
                results.append(fault.why)
            gate.wait()
    close_all()
    told.put(results)


def test_two_processes_lose_no_letter_and_do_nothing_twice(office: Office, office_url: str) -> None:
    """As two web nodes do: officers of one group, each in a process."""
    filed = verifying(office)
    version = Case.get_by_id(filed.case).version
    close_all()
    context = multiprocessing.get_context("spawn")
    gate, told = context.Barrier(2), context.Queue()
    people = [office["officer"], office["officer2"]]
    processes = [
        context.Process(target=work, args=(office_url, by, filed.case, version, gate, told)) for by in people
    ]
    for process in processes:
        process.start()
    results = [told.get(timeout=60) for _ in processes]
    for process in processes:
        process.join(10)
    open_database(office_url)
    assert [sorted(pair) for pair in zip(*results, strict=True)] == [
        ["changed", "done"],
        ["done", "waiting_for_approval"],
    ]
    assert Message.select().where(Message.side == "office").count() == 20
    assert (happened("write"), happened("talk.schedule")) == (20, 1)
    letters = tracking.view(office.visit(filed)).letters
    assert len({letter.text for letter in letters}) == 20
    assert whole()
