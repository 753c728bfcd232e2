"""The class of a case: what an officer registers, changes and takes back, and who must not read it because of it."""

from typing import Any

import pytest

from tests.builders import MONDAY, Filed, Office
from whistle.services import grants, ledger
from whistle.services.casework import approvals, reading
from whistle.services.errors import Conflict, Invalid, NotAllowed, NotFound
from whistle.store.cases import Case, Proposal, ShutOut
from whistle.store.people import Person
from whistle.store.units import Unit, UnitFact

CLASS: dict[str, Any] = {
    "category": "inaction",
    "kind": "lead",
    "severity": "ordinary",
    "complexity": "ordinary",
}


@pytest.fixture(autouse=True)
def noise(office: Office) -> None:
    """Another case with a class, and a unit whose people nobody speaks of."""
    office.classify(office.file().case, subject="另一个人", other_categories=["delay"])
    unit_of("officer2", "QY98")


def unit_of(who: str, code: str) -> Unit:
    """Put somebody into a unit of their own."""
    unit = Unit.create(code=code, recorded_at=MONDAY)
    UnitFact.create(
        unit=unit, name_zh=code, name_en=code, kind="office", valid_on=MONDAY.date(), recorded_at=MONDAY
    )
    Person.update(unit=unit).where(Person.user_name == who).execute()
    return unit


def reclassify(office: Office, filed: Filed, who: str, decider: str = "deputy", **changes: Any) -> None:
    """Change the class and give leave to it."""
    office.act(filed.case, "reclassify", who, **{**CLASS, "reason": "原先分错了", **changes})
    office.approve(decider)


def sees(office: Office, who: str, filed: Filed) -> bool:
    try:
        reading.open_case(office[who], filed.case)
    except (NotAllowed, NotFound):
        return False
    return True


def shut_out_of(filed: Filed) -> dict[str, str]:
    """Who is shut out of a case, and why."""
    return {row.person.user_name: row.reason for row in ShutOut.select().where(ShutOut.case == filed.case)}


def faults_of_cases() -> list[str]:
    """What the log holds against cases and who is shut out; the units above were made past it."""
    return [found.what for found in ledger.verify().findings if found.what.startswith(("case", "shut_out"))]


# --- what is taken back ------------------------------------------------------------------------------------------


def test_a_unit_and_other_categories_that_were_wrong_are_taken_back(office: Office) -> None:
    unit = unit_of("officer", "QY99")
    filed = office.file()
    office.classify(filed.case, unit=unit.code, other_categories=["delay", "abuse"])
    office.act(filed.case, "accept", "intake")
    assert shut_out_of(filed) == {"officer": "subject_unit"}
    reclassify(office, filed, "intake")
    case = Case.get_by_id(filed.case)
    assert (case.unit_id, case.other_categories) == (None, [])
    assert shut_out_of(filed) == {}
    assert faults_of_cases() == []
    office.act(filed.case, "assign", "deputy", person=office["officer"].person_id)
    assert sees(office, "officer", filed)


def test_who_sits_at_the_desk_reads_the_case_again_once_the_unit_is_taken_back(office: Office) -> None:
    unit = unit_of("intake2", "QY99")
    filed = office.file()
    office.classify(filed.case, unit=unit.code)
    assert not sees(office, "intake2", filed)
    reclassify(office, filed, "intake")
    assert sees(office, "intake2", filed)


@pytest.mark.parametrize("answer", ["unit", "unit_shut_out"])
def test_whom_the_reporters_choice_shuts_out_stays_out(office: Office, answer: str) -> None:
    unit = unit_of("intake2", "QY99")
    filed = office.file(**{answer: unit.code})
    office.classify(filed.case, unit=unit.code)
    reclassify(office, filed, "intake")
    assert shut_out_of(filed) == {"intake2": "subject_unit"}
    assert not sees(office, "intake2", filed)


# --- what is new -------------------------------------------------------------------------------------------------


def test_a_class_that_changes_nothing_is_not_proposed(office: Office) -> None:
    filed = office.file()
    registered = {"unit": Unit.select().order_by(Unit.id).get().code, "subject": "窗口的方某"}
    office.classify(filed.case, other_categories=["delay", "abuse"], **registered)
    with pytest.raises(Invalid) as caught:
        reclassify(office, filed, "intake", other_categories=["abuse", "delay"], **registered)
    assert (caught.value.field, caught.value.reason) == ("category", "nothing_new")
    assert Proposal.select().count() == 0


@pytest.mark.parametrize(
    "change",
    [
        {"category": "delay"},
        {"kind": "complaint"},
        {"severity": "urgent"},
        {"complexity": "complex"},
        {"other_categories": ["delay"]},
        {"unit": "QY98"},
        {"subject": "窗口的王某"},
        {"subject": ""},
    ],
)
def test_any_change_of_the_class_is_new(office: Office, change: dict[str, Any]) -> None:
    filed = office.file()
    office.classify(filed.case, subject="窗口的方某")
    reclassify(office, filed, "intake", **{"subject": "窗口的方某", **change})
    assert Proposal.get().state == "approved"


# --- who is named as subject -------------------------------------------------------------------------------------


def test_who_is_named_as_subject_is_shut_out_from_registration_on(office: Office) -> None:
    filed = office.file()
    office.classify(filed.case, subject=f"{office['intake2'].name}，窗口负责人")
    assert shut_out_of(filed) == {"intake2": "subject"}
    assert not sees(office, "intake2", filed)
    assert sees(office, "intake", filed)
    assert faults_of_cases() == []


def test_a_case_is_not_assigned_to_who_is_named_as_subject(office: Office) -> None:
    filed = office.file()
    office.classify(filed.case, subject=office["officer"].name)
    office.act(filed.case, "accept", "intake")
    with pytest.raises(Invalid) as caught:
        office.act(filed.case, "assign", "deputy", person=office["officer"].person_id)
    assert (caught.value.field, caught.value.reason) == ("person", "shut_out")


def test_an_officer_in_charge_who_turns_out_to_be_the_subject_loses_the_case(office: Office) -> None:
    filed = office.assigned()
    reclassify(office, filed, "officer", subject=office["officer"].name)
    assert not sees(office, "officer", filed)
    assert Case.get_by_id(filed.case).officer is None
    office.act(filed.case, "assign", "deputy", person=office["officer2"].person_id)
    assert sees(office, "officer2", filed)


def test_who_registers_the_own_name_loses_the_case_to_the_rest_of_the_desk(office: Office) -> None:
    filed = office.file()
    assert office.classify(filed.case, subject=office["intake"].name).is_left
    assert not sees(office, "intake", filed)
    assert sees(office, "intake2", filed)
    with pytest.raises(NotFound):
        office.act(filed.case, "accept", "intake")
    assert office.act(filed.case, "accept", "intake2").state == "assessing"


def test_a_class_that_names_the_whole_desk_gives_the_case_to_the_line(office: Office) -> None:
    filed = office.file()
    office.classify(filed.case, subject=f"{office['intake'].name}和{office['intake2'].name}")
    assert {who for who in office.people if sees(office, who, filed)} == {"deputy", "head"}


def test_a_class_that_would_leave_nobody_who_can_read_the_case_is_refused(office: Office) -> None:
    filed = office.file()
    everybody = [office[who].name for who in ("intake", "intake2", "deputy", "head")]
    with pytest.raises(Conflict, match="no_reader"):
        office.classify(filed.case, subject="、".join(everybody))
    assert shut_out_of(filed) == {}
    assert sees(office, "intake", filed)


def test_a_proposal_that_names_the_deputy_is_decided_by_the_head(office: Office) -> None:
    filed = office.accepted()
    office.act(
        filed.case,
        "reclassify",
        "intake",
        **CLASS,
        reason="查明了",
        subject=f"分管领导{office['deputy'].name}",
    )
    for decide in (approvals.approve, lambda by, number: approvals.send_back(by, number, "不同意")):
        with pytest.raises(NotAllowed):
            decide(office["deputy"], Proposal.get().id)
    assert office.approve("head").state == "assessing"
    assert shut_out_of(filed) == {"deputy": "subject"}
    assert not sees(office, "deputy", filed)
    assert sees(office, "intake", filed)


def test_a_name_that_was_wrong_is_taken_back_with_the_leave_of_somebody_else(office: Office) -> None:
    filed = office.accepted()
    reclassify(office, filed, "intake", subject=office["officer"].name)
    reclassify(office, filed, "intake", subject="窗口的方某")
    assert shut_out_of(filed) == {}
    office.act(filed.case, "assign", "deputy", person=office["officer"].person_id)
    assert sees(office, "officer", filed)


def test_who_is_named_and_of_the_unit_stays_out_when_only_the_unit_is_taken_back(office: Office) -> None:
    unit, name = unit_of("officer", "QY99"), office["officer"].name
    filed = office.file()
    office.classify(filed.case, unit=unit.code, subject=name)
    reclassify(office, filed, "intake", subject=name)
    assert shut_out_of(filed) == {"officer": "subject"}
    assert faults_of_cases() == []


def test_new_keys_are_made_when_a_class_takes_the_case_from_somebody(office: Office) -> None:
    filed = office.file()
    before = Case.get_by_id(filed.case).key_generation
    office.classify(filed.case, subject=office["intake2"].name)
    case = Case.get_by_id(filed.case)
    assert case.key_generation > before
    assert not case.needs_new_keys
    assert not grants.holds(case, Person.get(Person.user_name == "intake2"))
