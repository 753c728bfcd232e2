"""What is due: overdue, today, this week, for whom it is; and the desk narrowed down by days, clocks and units."""

import datetime as dt

import pytest

from tests.builders import MONDAY, Office
from tests.cases import days_later
from whistle import clock
from whistle.services import tracking
from whistle.services.casework import desk, due
from whistle.services.casework.desk_filters import NO_CLOCK, NO_UNIT, DeskFilters
from whistle.store.cases import Case, Clock
from whistle.store.units import Unit


def listed(office: Office, who: str) -> dict[str, list[tuple[str, str]]]:
    """Reference and clock of what is named in each part."""
    return {
        part.name: [(row.ref, row.clock.name) for row in part.rows] for part in due.due(office[who]).parts
    }


def totals(office: Office, who: str) -> list[int]:
    return [part.total for part in due.due(office[who]).parts]


def test_who_takes_in_finds_new_reports_and_the_others_their_cases(office: Office) -> None:
    with clock.at(days_later(-70)):
        late = office.assigned("officer")
        noise = office.assigned("officer2")
    number, other = (Case.get_by_id(filed.case).number for filed in (late, noise))
    new = office.file()
    assert listed(office, "intake") == {"overdue": [], "today": [], "week": [(new.case, "register")]}
    assert listed(office, "officer")["overdue"] == [(number, "assess")]
    assert totals(office, "officer") == [1, 0, 0]
    assert sorted(ref for ref, _clock in listed(office, "deputy")["overdue"]) == sorted([number, other])
    assert totals(office, "head") == [2, 0, 1]
    assert totals(office, "oversight") == [0, 0, 0]


def test_who_takes_in_answers_for_a_case_until_an_officer_does(office: Office) -> None:
    accepted = office.accepted(identity="named", name="张某", contact="电话")
    number = Case.get_by_id(accepted.case).number
    with clock.at(days_later(60)):
        assert (number, "notice") in listed(office, "intake")["overdue"]
        office.act(accepted.case, "assign", "deputy", person=office["officer"].person_id, keep_intake=True)
        assert listed(office, "intake")["overdue"] == []
        assert desk.list_cases(office["intake"], DeskFilters(view="all", clock="overdue")).total == 1


@pytest.mark.parametrize(
    ("days", "parts"),
    [
        (0, [0, 0, 1]),  # filed on a Monday, due on Tuesday
        (1, [0, 1, 0]),
        (2, [1, 0, 0]),
    ],
)
def test_a_day_moves_what_is_due_from_part_to_part(office: Office, days: int, parts: list[int]) -> None:
    office.file()
    Clock.delete().where(Clock.name != "register").execute()
    with clock.at(days_later(days)):
        assert totals(office, "intake") == parts


@pytest.mark.parametrize(
    ("today", "until", "is_this_one"),
    [
        ("2026-09-14", "2026-09-20", True),  # a Monday
        ("2026-09-18", "2026-09-20", True),  # a Friday before a Sunday that is worked
        ("2026-09-20", "2026-09-27", False),  # that Sunday
        ("2026-09-24", "2026-10-04", False),  # the Thursday before mid-autumn
        ("2026-09-30", "2026-10-11", False),  # before National Day
        ("2026-11-20", "2026-11-29", False),  # any Friday
    ],
)
def test_a_week_that_is_over_gives_way_to_the_next(
    office: Office, today: str, until: str, is_this_one: bool
) -> None:
    with clock.at(MONDAY + (dt.date.fromisoformat(today) - clock.today())):
        found = due.due(office["intake"], in_parts=False)
    assert (found.until.isoformat(), found.is_this_week, found.parts) == (until, is_this_one, [])


def test_no_more_than_a_few_are_named_and_all_are_counted(office: Office) -> None:
    for _ in range(due.NAMED + 2):
        office.file()
    with clock.at(days_later(30)):
        (overdue, *_rest) = due.due(office["intake"]).parts
    assert (overdue.total, len({row.ref for row in overdue.rows})) == (due.NAMED + 2, due.NAMED)


def test_the_desk_is_narrowed_by_days_clocks_and_units(office: Office) -> None:
    unit = Unit.create(code="B1", recorded_at=MONDAY)
    with clock.at(days_later(-30)):
        old = office.file(kind="petition")
    asked = office.file()
    office.classify(asked.case)
    office.act(asked.case, "request_supplement", "intake", message="请补充时间和地点。")
    Case.update(unit=unit).where(Case.id == asked.case).execute()
    names = {
        Case.get_by_id(filed.case).number or filed.case: name
        for filed, name in ((old, "old"), (asked, "asked"))
    }
    today, monday = clock.today(), MONDAY.date()
    due_on = Clock.get(Clock.case == old.case, Clock.name == "register").due_on
    for filters, wanted in (
        ({"received_from": monday}, {"asked"}),
        ({"received_to": monday - dt.timedelta(days=1)}, {"old"}),
        ({"received_from": monday - dt.timedelta(days=31), "received_to": today}, {"old", "asked"}),
        ({"due_from": due_on, "due_to": due_on}, {"old"}),
        ({"due_to": today - dt.timedelta(days=1)}, {"old"}),
        ({"due_from": today + dt.timedelta(days=1)}, {"asked"}),
        ({"clock": "overdue"}, {"old"}),
        ({"clock": "running"}, {"old", "asked"}),
        ({"clock": "paused"}, {"asked"}),
        ({"clock": "none such"}, {"old", "asked"}),
        ({"unit": "B1"}, {"asked"}),
        ({"unit": NO_UNIT}, {"old"}),
    ):
        page = desk.list_cases(office["head"], DeskFilters(view="all", **filters))
        assert {names[row.ref] for row in page.rows} == wanted, filters


def test_a_case_in_which_no_period_runs_is_shown_to_who_leads_its_line(office: Office) -> None:
    """Nobody would be reminded of it; one whose period stands still, or that has ended, is no such case."""
    filed, running, new = office.assigned(), office.assigned(), office.file()
    Clock.update(state="cancelled").where(Clock.case.in_([filed.case, new.case])).execute()
    number = Case.get_by_id(filed.case).number
    assert running.case != filed.case
    for who in ("deputy", "head"):
        assert desk.counts(office[who])["no_clock"] == 1
        found = desk.list_cases(office[who], DeskFilters(view="open", clock=NO_CLOCK)).rows
        assert [row.ref for row in found] == [number]
    assert desk.counts(office["officer"])["no_clock"] == 0
    Clock.update(state="paused").where(Clock.case == filed.case, Clock.name == "assess").execute()
    assert desk.counts(office["head"])["no_clock"] == 0


def test_a_reporter_who_asks_for_protection_is_due_to_be_heard_by_the_head(office: Office) -> None:
    filed = office.assigned()
    tracking.request_protection(office.visit(filed), "有人到店里威胁我", "form-1")
    assert ("protection", "week") in [
        (row.clock.name, part.name) for part in due.due(office["officer"]).parts for row in part.rows
    ]
    office.act(filed.case, "request_protection", "officer", message="建议请公安机关保护")
    assert Clock.get(Clock.name == "protection").state == "running"
    office.approve("head")
    assert Clock.get(Clock.name == "protection").state == "met"
