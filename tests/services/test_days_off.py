"""Days off entered by hand: for days to come, with their history, and never so many that nothing is ever due."""

import datetime as dt

import pytest

from tests.builders import MONDAY, Office
from whistle import clock
from whistle.services import auditing, days_off, duties
from whistle.services.errors import Conflict, Invalid, NotAllowed
from whistle.store.cases import Clock
from whistle.store.offices import DayOverride

TODAY = clock.local(MONDAY).date()


def day(n: int) -> dt.date:
    return TODAY + dt.timedelta(days=n)


def due(case: str) -> dt.date:
    return Clock.get(Clock.case == case, Clock.name == "accept").due_on


def findings(office: Office) -> list[str]:
    return [placed.finding.kind for placed in auditing.verify(office["auditor"]).findings]


def test_a_day_off_to_come_moves_due_days_in_the_next_round_and_taking_it_back_moves_them_again(
    office: Office,
) -> None:
    case = office.file().case
    duties.recount_days()
    first = due(case)
    days_off.enter(office["admin"], {day(1): False, day(2): False})
    assert findings(office) == []
    assert duties.recount_days() == 1
    assert due(case) == first + dt.timedelta(days=2)
    assert duties.recount_days() is None
    with clock.at(MONDAY + dt.timedelta(hours=1)):
        days_off.take_back(office["admin"], day(2))
        assert findings(office) == []
        assert duties.recount_days() == 1
        assert due(case) == first + dt.timedelta(days=1)
        assert [row.says for row in DayOverride.select().order_by(DayOverride.id)] == [
            "off",
            "off",
            "published",
        ]
        assert findings(office) == []


def test_a_day_that_has_come_stands(office: Office) -> None:
    for passed in (TODAY, day(-1)):
        with pytest.raises(Invalid, match="day_has_come"):
            days_off.enter(office["admin"], {day(1): False, passed: False})
    days_off.enter(office["admin"], {day(1): False})
    with clock.at(MONDAY + dt.timedelta(days=1)), pytest.raises(Conflict, match="day_has_come"):
        days_off.take_back(office["admin"], day(1))
    assert DayOverride.select().count() == 1


def test_nobody_puts_off_what_is_due_for_months(office: Office) -> None:
    with pytest.raises(Invalid, match="too_many_off"):
        days_off.enter(office["admin"], {day(n): False for n in range(1, 40)})
    assert DayOverride.select().count() == 0


def test_no_detour_leads_past_the_most_days_off(office: Office) -> None:
    feast = dt.date(2026, 10, 1)
    admin = office["admin"]
    days_off.enter(admin, {feast: True})
    free = [day(n) for n in range(1, 60) if day(n).weekday() < 5 and day(n).month in (9, 10, 11)]
    taken = 0
    for one in (one for one in free if not dt.date(2026, 9, 25) <= one <= dt.date(2026, 10, 7)):
        try:
            days_off.enter(admin, {one: False})
        except Invalid:
            break
        taken += 1
    assert 0 < taken < 15
    with pytest.raises(Conflict, match="too_many_days_off"):
        days_off.take_back(admin, feast)


def test_what_is_so_already_is_not_entered_again(office: Office) -> None:
    assert days_off.enter(office["admin"], {day(1): False}) == 1
    assert days_off.enter(office["admin"], {day(1): False, dt.date(2026, 10, 1): False}) == 0
    days_off.take_back(office["admin"], day(2))
    assert DayOverride.select().count() == 1


def test_a_year_is_known_when_somebody_says_so_and_published_years_need_nobody(office: Office) -> None:
    admin = office["admin"]
    days_off.enter(admin, {dt.date(2027, 2, 8): False})
    assert not days_off.year(admin, 2027).is_known
    days_off.say_year(admin, 2027, is_known=True)
    assert days_off.year(admin, 2027).is_known
    for stands in (2025, 2026, 2029):
        with pytest.raises(Conflict, match="year_stands"):
            days_off.say_year(admin, stands, is_known=True)


def test_administrators_alone_enter_days(office: Office) -> None:
    for who in ("head", "deputy", "intake", "auditor"):
        with pytest.raises(NotAllowed):
            days_off.enter(office[who], {day(1): False})


def test_a_backdated_day_that_hides_lateness_is_found(office: Office) -> None:
    office.file()
    days_off.enter(office["admin"], {day(1): False})
    DayOverride.update(day=day(-3)).execute()
    assert "row_changed" in findings(office)


def test_a_clock_that_ended_before_a_day_off_came_is_no_fault_of_the_log(office: Office) -> None:
    accepted, declined = office.accepted().case, office.file().case
    office.classify(declined)
    office.act(declined, "decline", "intake", reason="court", message="请起诉。")
    office.approve("deputy")
    duties.recount_days()
    assert findings(office) == []
    days_off.enter(office["admin"], {day(1): False, day(2): False})
    assert findings(office) == []
    duties.recount_days()
    assert findings(office) == []
    for case in (accepted, declined):
        clocks = Clock.select().where(Clock.case == case, Clock.name == "accept")
        assert [row.state for row in clocks] == ["met"]


def test_days_and_that_they_are_the_whole_year_are_entered_together_or_not_at_all(office: Office) -> None:
    with pytest.raises(Conflict, match="year_stands"):
        days_off.enter(office["admin"], {day(1): False}, whole_year=TODAY.year)
    assert DayOverride.select().count() == 0
    days_off.enter(office["admin"], {dt.date(TODAY.year + 1, 10, 1): False}, whole_year=TODAY.year + 1)
    assert days_off.year(office["admin"], TODAY.year + 1).is_known
