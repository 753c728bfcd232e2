"""Absences: told where somebody is chosen, ended early, and never a change of what anybody may do."""

import datetime as dt

import pytest

from tests.people import Town
from whistle.services import absences, accounts
from whistle.services.errors import Conflict, Invalid, NotAllowed, NotFound

TODAY = dt.date(2026, 9, 14)


def _days(first: int, last: int) -> tuple[dt.date, dt.date]:
    return TODAY + dt.timedelta(days=first), TODAY + dt.timedelta(days=last)


def test_somebody_is_away_on_the_first_day_and_the_last_and_back_after_it(staffed: Town) -> None:
    admin, officer = staffed["admin"], staffed["officer"].person_id
    absences.enter(admin, officer, *_days(1, 2))
    absences.enter(admin, staffed["deputy"].person_id, *_days(9, 9))
    seen = []
    for _day in range(4):
        seen.append(absences.away_now(staffed["head"]))
        staffed.wait(days=1)
    last = TODAY + dt.timedelta(days=2)
    assert seen == [{}, {officer: last}, {officer: last}, {}]
    (row,) = absences.of_person(admin, officer)
    assert (row.is_over, row.ended_at) == (True, None)
    with pytest.raises(Conflict, match="absence_over"):
        absences.end(admin, officer, row.id)


def test_an_absence_ends_early_once_and_stays_on_record(staffed: Town) -> None:
    admin, officer = staffed["admin"], staffed["officer"].person_id
    absences.enter(admin, officer, *_days(0, 9))
    (row,) = absences.of_person(admin, officer)
    with pytest.raises(NotFound):
        absences.end(admin, staffed["deputy"].person_id, row.id)
    absences.end(admin, officer, row.id)
    assert absences.away_now(admin) == {}
    with pytest.raises(Conflict, match="absence_over"):
        absences.end(admin, officer, row.id)
    absences.enter(admin, officer, *_days(0, 9))
    assert [away.is_over for away in absences.of_person(admin, officer)] == [False, True]


@pytest.mark.parametrize(
    ("days", "fault"),
    [((3, 2), "before_start"), ((-9, -1), "past"), ((0, 1200), "too_long"), ((5, 12), "overlaps")],
)
def test_days_that_cannot_be_are_refused(staffed: Town, days: tuple[int, int], fault: str) -> None:
    officer = staffed["officer"].person_id
    absences.enter(staffed["admin"], officer, *_days(10, 20))
    with pytest.raises(Invalid, match=fault):
        absences.enter(staffed["admin"], officer, *_days(*days))


def test_administrators_alone_enter_absences_and_of_no_account_that_ended(staffed: Town) -> None:
    officer = staffed["officer"].person_id
    with pytest.raises(NotAllowed):
        absences.enter(staffed["head"], officer, *_days(0, 1))
    accounts.deactivate(staffed["admin"], officer)
    with pytest.raises(NotFound):
        absences.enter(staffed["admin"], officer, *_days(0, 1))
