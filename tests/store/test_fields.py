"""The column types and a row's stored columns, alike on both databases."""

import datetime as dt

import pytest
from peewee import Database

from whistle.store.channels import Channel
from whistle.store.desks import Desk
from whistle.store.entries import Entry
from whistle.store.fields import new_id
from whistle.store.units import Unit

NOW = dt.datetime(2026, 11, 23, 8, 30, 15, 999_999, tzinfo=dt.UTC)


def channel(**changes: object) -> Channel:
    unit = Unit.create(code=new_id(), recorded_at=NOW)
    desk = Desk.create(name_zh="受理台", name_en="Intake", kind="intake", recorded_at=NOW)
    values: dict[str, object] = {"token": new_id(), "name": "一楼大厅", "unit": unit, "desk": desk}
    return Channel.create(**values | {"recorded_at": NOW} | changes)


def test_an_instant_comes_back_aware_and_to_the_second(database: Database) -> None:
    east = NOW.astimezone(dt.timezone(dt.timedelta(hours=8)))
    row = Channel.get_by_id(channel(recorded_at=east).id)
    assert row.recorded_at == NOW.replace(microsecond=0)
    assert row.recorded_at.tzinfo is dt.UTC


def test_an_instant_without_zone_and_a_day_with_a_time_are_refused(database: Database) -> None:
    with pytest.raises(TypeError):
        channel(recorded_at=NOW.replace(tzinfo=None))
    with pytest.raises(TypeError):
        channel(valid_from=NOW)


def test_days_and_plain_data_and_truth_come_back_as_they_went(database: Database) -> None:
    day = dt.date(2026, 2, 28)
    row = Channel.get_by_id(channel(valid_from=day, languages=["en", "zh_CN"], is_public=False).id)
    assert (row.valid_from, row.valid_to) == (day, None)
    assert row.languages == ["en", "zh_CN"]
    assert row.is_public is False


def test_days_sort_and_compare_as_days(database: Database) -> None:
    for day in (dt.date(2026, 10, 1), dt.date(2026, 9, 30), dt.date(2025, 12, 31)):
        channel(valid_from=day)
    later = Channel.select().where(Channel.valid_from > dt.date(2026, 1, 1)).order_by(Channel.valid_from)
    assert [row.valid_from for row in later] == [dt.date(2026, 9, 30), dt.date(2026, 10, 1)]


def test_columns_of_a_new_row_equal_those_of_the_row_read_again(database: Database) -> None:
    made = channel(valid_from=dt.date(2026, 1, 1))
    assert made.columns() == Channel.get_by_id(made.id).columns()
    assert made.columns()["unit_id"] == made.unit.id
    assert made.columns()["valid_to"] is None


def test_bytes_are_bytes_in_the_columns(database: Database) -> None:
    entry = Entry(
        position=0,
        type="other",
        day="2026-01-01",
        leaf=b"a",
        leaf_hash=b"b",
        salt=b"c",
        record="{}",
        blind=b"\x00",
    )
    entry.about_table, entry.about_id = "", ""
    entry.save(force_insert=True)
    for row in (entry, Entry.get_by_id(0)):
        assert {name for name, value in row.columns().items() if isinstance(value, bytes)} == {
            "leaf",
            "leaf_hash",
            "salt",
            "blind",
        }
