"""The clock: aware instants, and days that begin at the office's midnight."""

import datetime as dt

import pytest

from whistle import clock


def test_now_is_aware_and_in_utc():
    assert clock.now().tzinfo is dt.UTC
    assert abs(clock.now() - dt.datetime.now(dt.UTC)) < dt.timedelta(seconds=5)


def test_the_office_is_a_day_ahead_of_utc_in_its_evening():
    with clock.at(dt.datetime(2026, 11, 22, 16, 0, tzinfo=dt.UTC)):
        assert clock.today() == dt.date(2026, 11, 23)
    with clock.at(dt.datetime(2026, 11, 22, 15, 59, tzinfo=dt.UTC)):
        assert clock.today() == dt.date(2026, 11, 22)


def test_a_day_begins_at_midnight_there():
    assert clock.start_of_day(dt.date(2026, 11, 23)) == dt.datetime(2026, 11, 22, 16, tzinfo=dt.UTC)
    assert clock.day_of(clock.start_of_day(dt.date(2026, 11, 23))) == dt.date(2026, 11, 23)


def test_a_moved_clock_comes_back_even_after_an_error():
    def fail():
        with clock.at(dt.datetime(2024, 1, 1, tzinfo=dt.UTC)):
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert clock.now().year >= 2026


def test_moved_clocks_nest():
    first, second = (dt.datetime(year, 1, 1, tzinfo=dt.UTC) for year in (2024, 2025))
    with clock.at(first):
        with clock.at(second):
            assert clock.now() == second
        assert clock.now() == first


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(TypeError), clock.at(dt.datetime(2026, 1, 1)):
        pass


def test_another_zone_can_be_told():
    with clock.at(dt.datetime(2026, 11, 22, 16, 0, tzinfo=dt.UTC)):
        clock.use_zone("Europe/Oslo")
        try:
            assert clock.today() == dt.date(2026, 11, 22)
        finally:
            clock.use_zone("Asia/Shanghai")
