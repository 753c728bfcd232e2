"""Who came to the office after a report, from the unit it is about: the lists name no such case to them either."""

import datetime as dt

import pytest

from tests.builders import MONDAY, Office
from tests.cases import holders, sees
from whistle import clock
from whistle.services.casework import desk, renewals
from whistle.services.errors import Conflict
from whistle.store.cases import Case
from whistle.store.channels import Channel
from whistle.store.offices import Office as OfficeRow
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


def another() -> Unit:
    """A unit with which nobody has to do."""
    return Unit.create(code="QY77", recorded_at=MONDAY)


def join(who: str, unit: Unit) -> None:
    Person.update(unit=unit).where(Person.user_name == who).execute()


@pytest.mark.parametrize("where", ["unit", "unit_shut_out", "registered", "channel"])
@pytest.mark.parametrize("how", ["itself", "beneath"])
def test_a_case_is_not_listed_to_people_of_the_unit_who_came_later(
    office: Office, where: str, how: str
) -> None:
    unit = Unit.select().order_by(Unit.id).get()
    elsewhere = {"unit": another().code}
    noise = office.file(**elsewhere)
    asked = {"registered": elsewhere, "channel": {}, "unit_shut_out": {**elsewhere, where: unit.code}}
    filed = office.file(**asked.get(where, {where: unit.code}))
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


# Who is not sure which unit it is stands at the poster of one


def test_people_of_the_channels_unit_get_no_key_of_what_names_no_unit(office: Office) -> None:
    join("intake2", Unit.select().order_by(Unit.id).get())
    assert holders(office.file().case) == {"intake", "recovery"}
    assert holders(office.file(unit=another().code).case) == {"desk", "recovery"}


def test_an_administrator_who_moves_the_channel_lets_nobody_in(office: Office) -> None:
    unit = Unit.select().order_by(Unit.id).get()
    filed = office.file()
    Channel.update(unit=another()).execute()
    join("intake2", unit)
    assert not sees(office, "intake2", filed.case)
    join("intake2", Unit.get(Unit.code == "QY77"))
    assert sees(office, "intake2", filed.case)


def test_a_poster_at_the_office_itself_keeps_nobody_out(office: Office) -> None:
    """Its people could read nothing else that comes by it; the office's unit is known by its name."""
    here = Unit.select().order_by(Unit.id).get()
    UnitFact.update(name_zh=OfficeRow.get().name_zh).where(UnitFact.unit == here).execute()
    join("intake2", here)
    assert holders(office.file().case) == {"desk", "recovery"}


def test_a_poster_at_what_stands_above_the_office_keeps_nobody_out(office: Office) -> None:
    below = beneath(Unit.select().order_by(Unit.id).get())
    UnitFact.update(name_zh=OfficeRow.get().name_zh).where(UnitFact.unit == below).execute()
    join("intake2", below)
    assert holders(office.file().case) == {"desk", "recovery"}


def test_an_office_whose_unit_has_another_name_takes_in_what_names_no_unit(office: Office) -> None:
    """All of desk and line are entered as of that unit: to keep them out would leave nobody."""
    Person.update(unit=Unit.select().order_by(Unit.id).get()).execute()
    assert holders(office.file().case) == {"desk", "recovery"}


def test_where_the_whole_desk_is_of_the_channels_unit_the_line_takes_it_in(office: Office) -> None:
    for who in ("intake", "intake2"):
        join(who, Unit.select().order_by(Unit.id).get())
    assert holders(office.file().case) == {"deputy", "head", "recovery"}


def test_what_names_no_unit_is_not_passed_to_the_channels(office: Office) -> None:
    unit = Unit.select().order_by(Unit.id).get()
    filed = office.file()
    office.classify(filed.case)
    told = {"receiver": "清源区行政审批局", "not_led_by_subject": True, "message": "已转。"}
    with pytest.raises(Conflict, match="receiver_is_subject"):
        office.act(filed.case, "redirect", "intake", receiver_unit=unit.code, **told)
