"""Units: facts with a day, never updated in place."""

import datetime as dt

import pytest

from tests.people import Town
from whistle.services import units
from whistle.services.errors import Conflict, Invalid, NotAllowed, NotFound
from whistle.store.units import UnitFact


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
    with pytest.raises(Conflict, match="later_fact_exists"):
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
