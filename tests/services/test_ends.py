"""A matter gets the end it is owed: what refuses to take it elsewhere, and what comes back with a report."""

from typing import Any

import pytest

from tests.builders import Office
from tests.cases import owed, running
from whistle.services.casework import approvals
from whistle.services.errors import Conflict, Invalid
from whistle.store.cases import Case, CaseEvent


def ask(office: Office, case: str, action: str, leave: str, who: str = "officer", **inputs: Any) -> None:
    """Propose an act and have it approved."""
    office.act(case, action, who, **inputs)
    approvals.approve(office[leave], approvals.queue(office[leave])[0].id)


def enforcing(office: Office) -> str:
    """A case decided without measures."""
    case = office.assigned().case
    ask(office, case, "start_verification", "head", group=_group(office), plan="看台账", no_disturbance=True)
    report = {"written_report": "报告", "findings": "属实", "tolerance_checked": True}
    office.act(case, "subject.add", "officer", name="钱窗口", person_kind="PA", party_member="no")
    subject = Case.get_by_id(case).subjects.get().id
    office.act(case, "measure.propose", "officer", code="educate", grounds="推诿", subject_person=subject)
    ask(office, case, "propose_disposal", "head", **report)
    office.act(case, "decide", "head", decision="measures", reason="属实")
    return case


def _group(office: Office) -> list[int]:
    return [office["officer"].person_id, office["officer2"].person_id]


def test_a_petition_is_merged_into_a_petition_alone(office: Office) -> None:
    petition, lead, other = (
        office.accepted(kind="petition"),
        office.accepted(),
        office.accepted(kind="petition"),
    )
    with pytest.raises(Invalid) as caught:
        office.act(petition.case, "merge", "deputy", target=lead.case, reason="同")
    assert (caught.value.field, caught.value.reason) == ("target", "petition_of_its_own")
    office.act(petition.case, "merge", "deputy", target=other.case, reason="同")
    assert Case.get_by_id(petition.case).state == "merged"


@pytest.mark.parametrize("action", ["conclude_unfounded", "propose_disposal"])
def test_a_petition_ends_by_an_answer_alone(office: Office, action: str) -> None:
    case = office.assigned(kind="petition").case
    with pytest.raises(Conflict, match="state"):
        office.act(case, action, "officer")


def test_what_was_decided_upon_does_not_become_a_petition(office: Office) -> None:
    case = enforcing(office)
    row = Case.get_by_id(case)
    same = {"category": row.category, "severity": row.severity, "complexity": row.complexity, "reason": "误"}
    with pytest.raises(Invalid) as caught:
        office.act(case, "reclassify", "officer", kind="petition", **same)
    assert (caught.value.field, caught.value.reason) == ("kind", "not_in_this_stage")
    office.act(case, "reclassify", "officer", kind="complaint", **same)


def test_final_feedback_waits_for_the_conclusion_and_the_archive_for_the_look_back(office: Office) -> None:
    case = enforcing(office)
    told = {"way": "message", "message": "已有结果"}
    with pytest.raises(Invalid) as caught:
        office.act(case, "feed_back", "officer", stage="final", **told)
    assert (caught.value.field, caught.value.reason) == ("stage", "not_concluded")
    ask(office, case, "feed_back", "deputy", stage="interim", **told)
    assert "feedback" not in owed(case)


def test_facts_about_another_person_are_split_off_as_a_lead(office: Office) -> None:
    case = office.assigned(kind="complaint").case
    apart = {"facts": "另有其人", "new_subject": "孙主任"}
    with pytest.raises(Invalid) as caught:
        office.act(case, "split", "officer", new_kind="complaint", **apart)
    assert (caught.value.field, caught.value.reason) == ("new_kind", "new_subject_is_a_lead")
    ask(office, case, "split", "deputy", new_kind="lead", **apart)


def test_a_report_that_leaves_a_merge_takes_along_what_it_is_owed(office: Office) -> None:
    first, second = office.assigned(), office.accepted()
    rhythm = running(second.case, "rhythm").due_on
    office.act(second.case, "merge", "deputy", target=first.case, reason="同")
    assert owed(second.case) == set()
    assert {row.report for row in Case.get_by_id(first.case).clocks if row.name == "rhythm"} == {
        first.report,
        second.report,
    }
    ask(office, second.case, "unmerge", "head", who="deputy", reason="不同")
    assert owed(second.case) == {"accept", "rhythm"}
    assert running(second.case, "rhythm").due_on == rhythm
    assert [
        event.action
        for event in CaseEvent.select().where(CaseEvent.case == second.case).order_by(CaseEvent.seq)
    ][-3:] == ["merge", "unmerge", "join"]


def test_a_report_does_not_leave_a_case_that_went_on_into_another(office: Office) -> None:
    first, second, third = office.accepted(), office.accepted(), office.accepted()
    office.act(first.case, "merge", "deputy", target=second.case, reason="同")
    office.act(second.case, "merge", "deputy", target=third.case, reason="同")
    with pytest.raises(Conflict, match="target_merged"):
        office.act(first.case, "unmerge", "deputy", reason="不同")
    ask(office, second.case, "unmerge", "head", who="deputy", reason="不同")
    ask(office, first.case, "unmerge", "head", who="deputy", reason="不同")
    assert {report.id for report in Case.get_by_id(first.case).reports} == {first.report}
