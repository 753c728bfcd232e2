"""Handing cases over: which of somebody's cases go, with which seat, which stay, and who can move those."""

from collections.abc import Callable

import pytest

from tests.builders import Filed, Office
from tests.cases import days_later, holders, other_line, sees
from tests.stages import ask, group, investigating, reviewing, verifying, with_third
from whistle import clock
from whistle.services import accounts, assignment
from whistle.services.assignment import Load
from whistle.services.casework import recusals, seats
from whistle.services.casework.desk import officers_to_choose
from whistle.services.errors import Conflict, Invalid
from whistle.store.cases import Case, CaseSeal
from whistle.store.desks import Desk, DeskMember
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
    assert hand_over(office, "deputy", "officer", "officer2") == 1
    assert [officer_of(one.case) for one in (ended, going, noise)] == ["officer", "officer2", "officer2"]
    with pytest.raises(Invalid, match="no_cases"):
        hand_over(office, "deputy", "officer", "officer2")
    office.act(ended.case, "returned", "intake", objection="不归我们管")
    assert hand_over(office, "deputy", "officer", "officer2") == 1


def test_a_case_that_the_deputy_must_not_read_is_left_to_the_head(office: Office) -> None:
    hidden = office.accepted(persons_shut_out=office["deputy"].name)
    office.act(hidden.case, "assign", "head", person=office["officer"].person_id)
    going, noise = office.assigned(), office.assigned("officer2")
    assert (load(office, "deputy", "officer").cases, load(office, "deputy", "officer").left) == (1, 1)
    assert (load(office, "head", "officer").cases, load(office, "head", "officer").left) == (2, 0)
    assert [case.ref for case in assignment.cases_of(office["deputy"], office["officer"].person_id)] == [
        Case.get_by_id(going.case).number
    ]
    assert hand_over(office, "deputy", "officer", "officer2") == 1
    assert [officer_of(one.case) for one in (hidden, going, noise)] == ["officer", "officer2", "officer2"]
    assert hand_over(office, "head", "officer", "officer2") == 1
    assert officer_of(hidden.case) == "officer2"


def test_a_case_that_the_head_must_not_read_is_left_to_the_deputy(office: Office) -> None:
    hidden = office.accepted(persons_shut_out=office["head"].name)
    office.act(hidden.case, "assign", "deputy", person=office["officer"].person_id)
    assert (load(office, "head", "officer").cases, load(office, "head", "officer").left) == (0, 1)
    assert hand_over(office, "deputy", "officer", "officer2") == 1


def test_a_case_whose_unit_the_deputy_belongs_to_is_not_even_counted(office: Office) -> None:
    """Who is of the unit reported on learns of no case, not even how many there are."""
    unit = Unit.select().order_by(Unit.id).get()
    filed = office.assigned(unit=unit.code)
    Person.update(unit=unit).where(Person.user_name == "deputy").execute()
    assert (load(office, "deputy", "officer").cases, load(office, "deputy", "officer").left) == (0, 0)
    assert hand_over(office, "head", "officer", "officer2") == 1
    assert officer_of(filed.case) == "officer2"


def test_the_reviewer_and_who_is_of_a_group_hand_over_with_the_rest_in_one_act(office: Office) -> None:
    """Whatever seat somebody has: in charge of one, of the group of another; the reviewer's goes by itself."""
    charged, grouped = verifying(office), office.assigned("officer2")
    office = with_third(office)
    plan = {"group": group(office, "officer2", "officer"), "plan": "再看", "no_disturbance": True}
    ask(office, grouped.case, "start_verification", "officer2", "head", **plan)
    assert load(office, "deputy", "officer").cases == 2
    assert hand_over(office, "deputy", "officer", "third") == 2
    assert officer_of(charged.case) == "third"
    assert officer_of(grouped.case) == "officer2"
    assert holders(grouped.case) == {"officer2", "third", "deputy", "head", "recovery"}
    assert load(office, "deputy", "officer").cases == 0
    assert seats.group_of(Case.get_by_id(grouped.case)) == {
        office["officer2"].person_id,
        office["third"].person_id,
    }


def test_a_reviewer_who_leaves_hands_the_review_to_another_and_not_the_case(office: Office) -> None:
    filed = reviewing(office)
    accounts.deactivate(office["admin"], office["reviewer"].person_id)
    assert hand_over(office, "deputy", "reviewer", "reviewer2") == 1
    case = Case.get_by_id(filed.case)
    assert (case.officer.user_name, case.reviewer.user_name) == ("officer", "reviewer2")


def test_a_seat_in_a_group_outlasts_the_account_of_who_left(office: Office) -> None:
    filed = verifying(office)
    accounts.deactivate(office["admin"], office["officer2"].person_id)
    office = with_third(office)
    assert hand_over(office, "deputy", "officer2", "third") == 1
    assert "third" in holders(filed.case)


@pytest.mark.parametrize("stage", [verifying, investigating])
@pytest.mark.parametrize(("from_person", "person"), [("officer", "officer2"), ("officer2", "officer")])
def test_who_verifies_or_investigates_with_another_does_not_get_the_others_place_too(
    office: Office, stage: Callable[[Office], Filed], from_person: str, person: str
) -> None:
    """Two or more, to the end (JCF 43; ZWCF 42): neither all cases in one act nor this one alone leave one person."""
    filed, noise = stage(office), office.assigned(from_person)
    before = holders(filed.case)
    with pytest.raises(Invalid) as caught:
        hand_over(office, "deputy", from_person, person)
    number = Case.get_by_id(filed.case).number
    assert (caught.value.field, caught.value.reason) == ("cases", "works_on_it_already")
    assert caught.value.data == {"cases": (number,), "refs": {number}, "name": office[person].name}
    assert holders(filed.case) == before
    assert officer_of(noise.case) == from_person
    office = with_third(office)
    assert hand_over(office, "deputy", from_person, "third") == 2
    assert holders(filed.case) == before - {from_person} | {"third"}


def test_another_officer_in_charge_takes_the_place_in_the_group_but_not_one_of_the_group(
    office: Office,
) -> None:
    filed = verifying(office)
    with pytest.raises(Invalid, match="person: works_on_it_already"):
        office.act(filed.case, "assign", "deputy", person=office["officer2"].person_id)
    office = with_third(office)
    office.act(filed.case, "assign", "deputy", person=office["third"].person_id)
    with pytest.raises(Invalid, match="person: works_on_it_already"):
        office.act(filed.case, "assign", "deputy", person=office["officer2"].person_id)


def test_one_alone_ends_no_verification_until_the_others_place_is_handed_over(office: Office) -> None:
    filed = verifying(office)
    found = {"finding": "unfounded", "written_report": "查过台账", "reason": "没有事实"}
    recusals.impose(
        office["head"], filed.case, office["officer2"].person_id, recusals.Said("同学。", "interest")
    )
    office = with_third(office)
    with pytest.raises(Conflict, match="group_too_small"):
        ask(office, filed.case, "conclude_unfounded", "officer", "head", **found)
    assert hand_over(office, "deputy", "officer2", "third") == 1
    ask(office, filed.case, "conclude_unfounded", "officer", "head", **found)
    assert Case.get_by_id(filed.case).state == "concluded"


def test_where_one_alone_is_left_already_that_one_takes_the_case_over(office: Office) -> None:
    """Nothing is kept from who is left: the case must not stay with an account that ended."""
    filed = verifying(office)
    accounts.deactivate(office["admin"], office["officer"].person_id)
    assert hand_over(office, "deputy", "officer", "officer2") == 1
    assert officer_of(filed.case) == "officer2"


@pytest.mark.parametrize(
    ("from_person", "person", "reason"),
    [
        ("officer", "reviewer2", "not_for_this_seat"),
        ("officer", "reviewer", "not_for_this_seat"),
        ("officer2", "reviewer2", "not_for_this_seat"),
        ("reviewer", "officer", "worked_on_it"),
        ("reviewer", "officer2", "worked_on_it"),
        ("officer", "intake", "not_an_officer"),
    ],
)
def test_nobody_gets_a_seat_that_is_not_for_them(
    office: Office, from_person: str, person: str, reason: str
) -> None:
    filed = reviewing(office)
    before = holders(filed.case)
    with pytest.raises(Invalid) as caught:
        hand_over(office, "deputy", from_person, person)
    field = "person" if reason == "not_an_officer" else "cases"
    assert (caught.value.field, caught.value.reason) == (field, reason)
    assert holders(filed.case) == before


def test_who_reviews_a_case_is_not_given_it_to_work_on(office: Office) -> None:
    """An officer reviews where the reviewers are barred, and then never works on that case."""
    filed = investigating(office)
    office = with_third(office)
    office.act(filed.case, "assign", "deputy", person=office["third"].person_id, reviews=True)
    with pytest.raises(Invalid, match="reviews_it"):
        office.act(filed.case, "assign", "deputy", person=office["third"].person_id)
    with pytest.raises(Invalid, match="reviews_it"):
        hand_over(office, "deputy", "officer", "third")
    ask(office, filed.case, "to_review", "officer", "deputy", file_list="卷一", opinion="警告")
    ask(office, filed.case, "to_decision", "third", "head", written_report="事实清楚", no_measure="情节轻微")


def test_who_can_open_all_of_the_cases_is_not_given_them_again(office: Office) -> None:
    filed, lost = office.assigned(), office.assigned()
    with pytest.raises(Invalid, match="person: holds_them_already"):
        hand_over(office, "deputy", "officer", "officer")
    CaseSeal.delete().where(
        CaseSeal.case == lost.case, CaseSeal.person == office["officer"].person_id
    ).execute()
    assert hand_over(office, "deputy", "officer", "officer") == 2
    assert sees(office, "officer", filed.case)
    assert sees(office, "officer", lost.case)


def test_a_reviewer_who_lost_the_password_is_given_the_review_again(office: Office) -> None:
    filed = reviewing(office)
    ask(office, filed.case, "return_investigation", "reviewer", "deputy", list="补充")
    CaseSeal.delete().where(CaseSeal.person == office["reviewer"].person_id).execute()
    assert hand_over(office, "deputy", "reviewer", "reviewer") == 1
    assert sees(office, "reviewer", filed.case)
    office.act(filed.case, "assign", "deputy", person=office["reviewer2"].person_id)
    assert not sees(office, "reviewer", filed.case)
    office.act(filed.case, "assign", "deputy", person=office["reviewer"].person_id)
    assert Case.get_by_id(filed.case).reviewer.user_name == "reviewer"


def test_all_of_somebodys_cases_go_or_none(office: Office) -> None:
    """One of three cannot go to that person: nothing is half-done."""
    office.assigned(), office.assigned(persons_shut_out=office["officer2"].name), office.assigned()
    with pytest.raises(Invalid, match="shut_out") as caught:
        hand_over(office, "deputy", "officer", "officer2")
    number = "清访2026-000002"
    assert caught.value.data == {"cases": (number,), "refs": {number}, "name": office["officer2"].name}
    assert load(office, "deputy", "officer").cases == 3


def test_who_comes_into_a_group_and_then_into_charge_stays_when_the_group_changes(office: Office) -> None:
    filed = verifying(office)
    ask(office, filed.case, "hold", "officer", "head", reason="等", review_on=days_later(30).date())
    office.act(filed.case, "assign", "deputy", person=office["officer2"].person_id)
    office = with_third(office)
    others = {
        "group": [office["officer"].person_id, office["third"].person_id],
        "plan": "换人",
        "no_disturbance": True,
    }
    ask(office, filed.case, "start_verification", "officer2", "head", **others)
    assert sees(office, "officer2", filed.case)


def test_an_officer_who_sits_in_another_line_is_not_chosen_and_not_taken(office: Office) -> None:
    case = office.accepted().case
    offered = [row[0] for row in officers_to_choose(office["deputy"], case)]
    other, person = other_line(), Person.get_by_id(office["officer2"].person_id)
    seat = DeskMember.create(
        desk=other, person=person, admitted_by=person, admitted_at=clock.now(), recorded_at=clock.now()
    )
    left = [row[0] for row in officers_to_choose(office["deputy"], case)]
    assert set(offered) - set(left) == {person.id}
    with pytest.raises(Invalid) as caught:
        office.act(case, "assign", "deputy", person=person.id)
    assert (caught.value.field, caught.value.reason) == ("person", "other_line")
    office.act(case, "assign", "deputy", person=office["officer"].person_id)
    plan = {"group": group(office), "plan": "调取台账", "no_disturbance": True}
    with pytest.raises(Invalid) as caught:
        office.act(case, "start_verification", "officer", **plan)
    assert (caught.value.field, caught.value.reason) == ("group", "other_line")
    seat.ended_at = clock.now()
    seat.save()
    office.act(case, "start_verification", "officer", **plan)


def test_what_somebody_answers_for_is_counted_in_all_lines_and_only_while_it_is_open(office: Office) -> None:
    open_case, sealed, ended = office.assigned(), office.assigned(), office.assigned()
    office.assigned("officer2")
    office.act(sealed.case, "to_oversight", "officer", reason="涉及本机关人员")
    Case.update(state="closed").where(Case.id == ended.case).execute()
    other_desk = Desk.create(name_zh="二号台", name_en="", kind="intake", recorded_at=clock.now())
    Case.update(desk=other_desk).where(Case.id == open_case.case).execute()
    counts = assignment.in_charge(office["deputy"])
    assert (counts[office["officer"].person_id], counts[office["officer2"].person_id]) == (1, 1)
    assert office["reviewer"].person_id not in counts
