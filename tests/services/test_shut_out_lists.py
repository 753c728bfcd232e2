"""Who came to the office after a report, from the unit it is about: the lists name no such case to them either."""

import datetime as dt

import pytest

from tests.builders import MONDAY, Office
from whistle import clock
from whistle.services.casework import desk, renewals
from whistle.store.cases import Case
from whistle.store.people import Person
from whistle.store.units import Unit, UnitFact


def beneath(parent: Unit) -> Unit:
    """A new unit under another."""
    unit = Unit.create(code="QY88", recorded_at=MONDAY)
    UnitFact.create(
        unit=unit,
        name_zh="下属科",
        name_en="Section",
        kind="department",
        parent=parent,
        valid_on=clock.day_of(MONDAY),
        recorded_at=MONDAY,
    )
    return unit


def join(who: str, unit: Unit) -> None:
    Person.update(unit=unit).where(Person.user_name == who).execute()


@pytest.mark.parametrize("where", ["unit", "unit_shut_out", "registered"])
@pytest.mark.parametrize("how", ["itself", "beneath"])
def test_a_case_is_not_listed_to_people_of_the_unit_who_came_later(
    office: Office, where: str, how: str
) -> None:
    unit = Unit.select().order_by(Unit.id).get()
    noise = office.file()
    filed = office.file(**({} if where == "registered" else {where: unit.code}))
    if where == "registered":
        office.classify(filed.case, unit=unit.code)
    Case.update(needs_new_keys=True).execute()
    join("intake2", unit if how == "itself" else beneath(unit))
    filters = desk.DeskFilters(view="all")
    refs = {row.ref for row in desk.list_cases(office["intake2"], filters).rows}
    assert refs == {noise.case}
    assert desk.counts(office["intake2"])["all"] == 1
    assert renewals.count(office["intake2"]) == 1
    assert desk.list_cases(office["intake"], filters).total == 2


def test_people_of_another_unit_see_the_case(office: Office) -> None:
    unit = Unit.select().order_by(Unit.id).get()
    office.file(unit=beneath(unit).code)
    join("intake2", unit)
    assert desk.list_cases(office["intake2"], desk.DeskFilters()).total == 1


def test_an_officer_of_the_unit_is_not_offered_for_the_case(office: Office) -> None:
    unit = Unit.select().order_by(Unit.id).get()
    filed = office.accepted(unit=unit.code)
    join("officer2", beneath(unit))
    ids = {row[0] for row in desk.officers_to_choose(office["deputy"], filed.case)}
    assert office["officer2"].person_id not in ids
    assert office["officer"].person_id in ids
    assert office["officer2"].person_id in {row[0] for row in desk.officers_to_choose(office["deputy"])}


def test_a_parent_of_next_year_opens_nothing_today(office: Office) -> None:
    """A unit that moves away next year stands beneath its old parent until then."""
    unit = Unit.select().order_by(Unit.id).get()
    below = beneath(unit)
    UnitFact.create(
        unit=below,
        name_zh="下属科",
        name_en="Section",
        kind="department",
        parent=None,
        valid_on=clock.day_of(MONDAY) + dt.timedelta(days=300),
        recorded_at=MONDAY,
    )
    office.file(unit=unit.code)
    join("intake2", below)
    assert desk.list_cases(office["intake2"], desk.DeskFilters()).total == 0
