"""Handing cases over: which of an officer's cases go, which stay, and who can move those."""

import pytest

from tests.builders import Office
from tests.cases import holders, sees
from whistle.services import assignment
from whistle.services.assignment import Load
from whistle.services.errors import Invalid
from whistle.store.cases import Case
from whistle.store.people import Person
from whistle.store.units import Unit


def load(office: Office, by: str, whose: str) -> Load:
    """What somebody of the line sees of an officer's cases."""
    return next(row for row in assignment.loads(office[by]) if row.person_id == office[whose].person_id)


def hand_over(office: Office, by: str, from_person: str, person: str) -> int:
    """All of an officer's cases to another."""
    people = office[from_person].person_id, office[person].person_id
    return assignment.hand_over(office[by], *people, "调离")


def officer_of(case: str) -> str:
    return str(Case.get_by_id(case).officer.user_name)


def test_handing_over_moves_all_cases_with_their_keys_in_one_act(office: Office) -> None:
    filed = [office.assigned() for _ in range(3)]
    moved = assignment.hand_over(
        office["deputy"], office["officer"].person_id, office["officer2"].person_id, "调离"
    )
    assert moved == 3
    for each in filed:
        assert holders(each.case) == {"officer2", "deputy", "head", "recovery"}
        assert not sees(office, "officer", each.case)


def test_cases_that_ended_stay_when_all_are_handed_over_and_go_once_they_are_returned(office: Office) -> None:
    ended, going, noise = office.assigned(), office.assigned(), office.assigned("officer2")
    redirect = {"receiver": "市税务局", "not_led_by_subject": True, "message": "已转。"}
    office.act(ended.case, "redirect", "officer", **redirect)
    office.approve("deputy")
    assert (load(office, "deputy", "officer").cases, load(office, "deputy", "officer").left) == (1, 0)
    assert hand_over(office, "deputy", "officer", "reviewer") == 1
    assert [officer_of(one.case) for one in (ended, going, noise)] == ["officer", "reviewer", "officer2"]
    with pytest.raises(Invalid, match="no_cases"):
        hand_over(office, "deputy", "officer", "reviewer")
    office.act(ended.case, "returned", "intake", objection="不归我们管")
    assert hand_over(office, "deputy", "officer", "reviewer") == 1


def test_a_case_that_the_deputy_must_not_read_is_left_to_the_head(office: Office) -> None:
    hidden = office.accepted(persons_shut_out=office["deputy"].name)
    office.act(hidden.case, "assign", "head", person=office["officer"].person_id)
    going, noise = office.assigned(), office.assigned("officer2")
    assert (load(office, "deputy", "officer").cases, load(office, "deputy", "officer").left) == (1, 1)
    assert (load(office, "head", "officer").cases, load(office, "head", "officer").left) == (2, 0)
    assert [case.ref for case in assignment.cases_of(office["deputy"], office["officer"].person_id)] == [
        Case.get_by_id(going.case).number
    ]
    assert hand_over(office, "deputy", "officer", "reviewer") == 1
    assert [officer_of(one.case) for one in (hidden, going, noise)] == ["officer", "reviewer", "officer2"]
    assert hand_over(office, "head", "officer", "reviewer") == 1
    assert officer_of(hidden.case) == "reviewer"


def test_a_case_that_the_head_must_not_read_is_left_to_the_deputy(office: Office) -> None:
    hidden = office.accepted(persons_shut_out=office["head"].name)
    office.act(hidden.case, "assign", "deputy", person=office["officer"].person_id)
    assert (load(office, "head", "officer").cases, load(office, "head", "officer").left) == (0, 1)
    assert hand_over(office, "deputy", "officer", "reviewer") == 1


def test_a_case_whose_unit_the_deputy_belongs_to_is_not_even_counted(office: Office) -> None:
    """Who is of the unit reported on learns of no case, not even how many there are."""
    unit = Unit.select().order_by(Unit.id).get()
    filed = office.assigned(unit=unit.code)
    Person.update(unit=unit).where(Person.user_name == "deputy").execute()
    assert (load(office, "deputy", "officer").cases, load(office, "deputy", "officer").left) == (0, 0)
    assert hand_over(office, "head", "officer", "reviewer") == 1
    assert officer_of(filed.case) == "reviewer"
