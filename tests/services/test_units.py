"""Units: facts with a day, never updated in place."""

import datetime as dt

import pytest

from tests.builders import ANSWERS
from tests.people import Town
from whistle.services import accounts, admissions, drafts, intake, unit_records, units
from whistle.services.casework import desk as casework_desk
from whistle.services.errors import Conflict, Invalid, NotAllowed, NotFound
from whistle.store.channels import Channel
from whistle.store.people import Person
from whistle.store.units import Unit, UnitFact


def test_a_unit_is_renamed_from_a_day_on(town: Town) -> None:
    units.make(town["admin"], "qy02", "市场监管局", "Market Bureau", parent_code="QY01")
    later = dt.date(2026, 10, 1)
    units.change(
        town["admin"], "QY02", "市场局", "Market Office", kind="department", parent_code=None, valid_on=later
    )
    assert units.get(town["admin"], "QY02").name_zh == "市场监管局"
    town.wait(days=30)
    row = units.get(town["admin"], "QY02")
    assert (row.name_zh, row.parent_code, row.valid_on) == ("市场局", None, later)
    assert UnitFact.select().where(UnitFact.unit == row.id).count() == 2
    assert [found.code for found in units.list_units(town["admin"])] == ["QY01", "QY02"]


def test_what_was_recorded_later_is_not_overtaken(town: Town) -> None:
    with pytest.raises(Invalid, match="valid_on: too_early"):
        units.change(
            town["admin"],
            "QY01",
            "局",
            "Bureau",
            kind="department",
            parent_code=None,
            valid_on=dt.date(2020, 1, 1),
        )


def test_no_unit_stands_beneath_itself(town: Town) -> None:
    units.make(town["admin"], "QY02", "市场监管局", "Market Bureau", parent_code="QY01")
    with pytest.raises(Invalid, match="circle"):
        units.change(town["admin"], "QY01", "局", "Bureau", kind="department", parent_code="QY02")
    with pytest.raises(Invalid, match="circle"):
        units.change(town["admin"], "QY01", "局", "Bureau", kind="department", parent_code="QY01")


@pytest.mark.on_both_databases
@pytest.mark.parametrize(
    ("code", "reason"), [("", "pattern"), ("QY 3", "pattern"), ("单位", "pattern"), ("qy01", "taken")]
)
def test_a_wrong_code_is_refused(town: Town, code: str, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        units.make(town["admin"], code, "局", "Bureau")


def test_an_unknown_unit_is_not_found_and_others_make_none(staffed: Town) -> None:
    with pytest.raises(NotFound):
        units.get(staffed["admin"], "NONE")
    with pytest.raises(NotAllowed):
        units.make(staffed["head"], "QY09", "局", "Bureau")
    with pytest.raises(Invalid, match="kind"):
        units.make(staffed["admin"], "QY09", "局", "Bureau", kind="castle")


# The place of the office's own people


@pytest.fixture
def housed(staffed: Town) -> Town:
    """The office's people belong to a unit of their own; another stands beside it, with one beneath."""
    for code, parent in (("OWN", None), ("ABOVE", None), ("OTHER", None), ("LOW", "OTHER")):
        units.make(staffed["admin"], code, f"{code}局", f"{code} Bureau", parent_code=parent)
    whose = Person.user_name.in_(("intake", "intake2", "deputy", "head"))
    Person.update(unit=Unit.get(Unit.code == "OWN")).where(whose).execute()
    return staffed


def _move(town: Town, code: str, parent: str | None, **more: dt.date) -> int | None:
    row = units.get(town["admin"], code)
    return units.change(
        town["admin"], code, row.name_zh, row.name_en, kind=row.kind, parent_code=parent, **more
    )


def _under(town: Town, code: str) -> str | None:
    return units.get(town["admin"], code).parent_code


def test_an_administrator_hides_no_case_by_moving_the_offices_unit_beneath_the_accused(housed: Town) -> None:
    draft = drafts.begin(Channel.get().token)
    drafts.save(draft, {**ANSWERS, "unit": "OTHER"})
    intake.submit(draft)
    assert _move(housed, "OWN", "OTHER") is not None
    for who in ("intake", "deputy", "head"):
        assert casework_desk.list_cases(housed[who], casework_desk.DeskFilters()).total == 1
    assert _under(housed, "OWN") is None


def test_the_head_alone_moves_the_offices_own_unit(housed: Town) -> None:
    wish = _move(housed, "OWN", "OTHER")
    assert wish is not None
    assert _move(housed, "OWN", "OTHER") == wish
    assert admissions.confirmations(housed["deputy"]) == []
    shown = admissions.confirmations(housed["head"])
    assert [(row.kind, row.thing, row.old, row.new) for row in shown] == [
        ("unit_place", "OWN局", "", "OTHER局")
    ]
    with pytest.raises(NotAllowed):
        admissions.confirm(housed["deputy"], wish)
    admissions.confirm(housed["head"], wish)
    assert _under(housed, "OWN") == "OTHER"
    back = _move(housed, "OWN", None)
    assert back is not None
    admissions.refuse(housed["head"], back)
    assert _under(housed, "OWN") == "OTHER"


def test_a_unit_above_people_waits_too_and_one_without_people_does_not(housed: Town) -> None:
    own = _move(housed, "OWN", "ABOVE")
    assert own is not None
    admissions.confirm(housed["head"], own)
    assert _move(housed, "ABOVE", "OTHER") is not None
    assert _move(housed, "LOW", None) is None
    assert _under(housed, "LOW") is None


def test_a_unit_that_will_be_above_people_waits_already_now(housed: Town) -> None:
    later = _move(housed, "OWN", "ABOVE", valid_on=dt.date(2026, 10, 1))
    assert later is not None
    admissions.confirm(housed["head"], later)
    assert _under(housed, "OWN") is None
    assert _move(housed, "ABOVE", "OTHER") is not None
    housed.wait(days=30)
    assert _under(housed, "OWN") == "ABOVE"


def test_who_was_only_invited_counts_and_who_left_does_not(staffed: Town) -> None:
    for code in ("NEW", "OTHER"):
        units.make(staffed["admin"], code, f"{code}局", f"{code} Bureau")
    accounts.invite(staffed["admin"], "zhou", "周某", "officer", unit_code="NEW")
    assert _move(staffed, "NEW", "OTHER") is not None
    accounts.deactivate(staffed["admin"], staffed.person("zhou").id)
    assert _move(staffed, "NEW", "OTHER") is None


def test_new_names_need_nobody_and_come_at_once(housed: Town) -> None:
    admin = housed["admin"]
    assert units.change(admin, "OWN", "新名局", "New Name", kind="other", parent_code=None) is None
    wish = units.change(admin, "OWN", "又名局", "Other Name", kind="other", parent_code="OTHER")
    assert wish is not None
    row = units.get(admin, "OWN")
    assert (row.name_zh, row.parent_code) == ("又名局", None)
    admissions.confirm(housed["head"], wish)
    row = units.get(admin, "OWN")
    assert (row.name_zh, row.parent_code) == ("又名局", "OTHER")


def test_a_place_that_became_a_circle_meanwhile_is_not_taken(housed: Town) -> None:
    wish = _move(housed, "OWN", "LOW")
    assert wish is not None
    _move(housed, "OTHER", "OWN")
    with pytest.raises(Conflict, match="unit_circle"):
        admissions.confirm(housed["head"], wish)
    assert _under(housed, "OWN") is None


# What is only planned


def test_what_was_planned_is_taken_back_before_its_day_and_stays_in_the_history(staffed: Town) -> None:
    admin, day = staffed["admin"], dt.date(2026, 12, 1)
    units.make(admin, "QY02", "甲局", "First")
    units.change(admin, "QY02", "乙局", "Second", kind="department", parent_code="QY01", valid_on=day)
    planned = unit_records.history(admin, "QY02")[0]
    assert (planned.state, planned.may_take_back) == ("planned", True)
    assert unit_records.take_back(admin, "QY02", planned.id) is None
    shown = unit_records.history(admin, "QY02")
    assert [(row.name_zh, row.state) for row in shown] == [("乙局", "withdrawn"), ("甲局", "now")]
    with pytest.raises(Conflict, match="not_planned"):
        unit_records.take_back(admin, "QY02", planned.id)
    staffed.wait(days=100)
    assert units.get(admin, "QY02").name_zh == "甲局"
    assert [row.state for row in unit_records.history(admin, "QY02")] == ["withdrawn", "now"]


def test_the_place_of_the_offices_people_is_taken_back_by_the_head_alone(housed: Town) -> None:
    wish = _move(housed, "OWN", "OTHER", valid_on=dt.date(2026, 12, 1))
    assert wish is not None
    admissions.confirm(housed["head"], wish)
    planned = unit_records.history(housed["admin"], "OWN")[0]
    back = unit_records.take_back(housed["admin"], "OWN", planned.id)
    assert back is not None
    assert unit_records.history(housed["admin"], "OWN")[0].state == "planned"
    admissions.confirm(housed["head"], back)
    assert unit_records.history(housed["admin"], "OWN")[0].state == "withdrawn"


@pytest.mark.parametrize("is_taken_back", [True, False])
def test_a_place_that_waits_keeps_the_names_that_hold_when_the_head_confirms(
    housed: Town, is_taken_back: bool
) -> None:
    admin, day = housed["admin"], dt.date(2026, 12, 1)
    units.change(admin, "OWN", "新名局", "New Name", kind="department", parent_code=None, valid_on=day)
    wish = units.change(
        admin, "OWN", "新名局", "New Name", kind="department", parent_code="OTHER", valid_on=day
    )
    assert wish is not None
    if is_taken_back:
        planned = unit_records.history(admin, "OWN")[0]
        assert unit_records.take_back(admin, "OWN", planned.id) is None
    admissions.confirm(housed["head"], wish)
    assert units.get(admin, "OWN").name_zh == "OWN局"
    housed.wait(days=100)
    row = units.get(admin, "OWN")
    assert (row.name_zh, row.parent_code) == ("OWN局" if is_taken_back else "新名局", "OTHER")


def test_a_confirmed_place_holds_from_its_day_and_beyond_an_older_plan(housed: Town) -> None:
    day = dt.date(2026, 10, 1)
    units.change(
        housed["admin"], "OWN", "新局", "New Bureau", kind="department", parent_code=None, valid_on=day
    )
    wish = _move(housed, "OWN", "OTHER")
    assert wish is not None
    admissions.confirm(housed["head"], wish)
    now = units.get(housed["admin"], "OWN")
    assert (now.name_zh, now.parent_code) == ("OWN局", "OTHER")
    then = units.get(housed["admin"], "OWN", day)
    assert (then.name_zh, then.parent_code) == ("新局", "OTHER")


def test_only_the_last_plan_can_be_taken_back_and_never_the_first_record(staffed: Town) -> None:
    admin = staffed["admin"]
    units.make(admin, "QY02", "甲局", "First", valid_on=dt.date(2026, 11, 1))
    for day, name in ((dt.date(2026, 12, 1), "乙局"), (dt.date(2027, 1, 1), "丙局")):
        units.change(admin, "QY02", name, "", kind="department", parent_code=None, valid_on=day)
    rows = {row.name_zh: row for row in unit_records.history(admin, "QY02")}
    assert [rows[name].may_take_back for name in ("丙局", "乙局", "甲局")] == [True, False, False]
    with pytest.raises(Conflict, match="later_is_planned"):
        unit_records.take_back(admin, "QY02", rows["乙局"].id)
    with pytest.raises(NotFound):
        unit_records.take_back(admin, "QY01", rows["丙局"].id)


def test_the_tree_counts_people_and_channels_of_each_unit_alone(housed: Town) -> None:
    rows = {row.code: row for row in unit_records.tree(housed["admin"])}
    assert [row.code for row in unit_records.tree(housed["admin"])] == [
        "ABOVE",
        "OTHER",
        "LOW",
        "OWN",
        "QY01",
    ]
    assert (rows["OWN"].people, rows["LOW"].depth, rows["QY01"].channels) == (4, 1, 1)
