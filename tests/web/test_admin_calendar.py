"""The page of working days: pasted lists are read as people write them, and come back where they are not understood."""

import datetime as dt

import pytest

from tests.web.officers import Desks, desks  # noqa: F401 - fixtures
from whistle.web.admin import day_lines

OCTOBER = {dt.date(2027, 10, n): False for n in range(1, 8)}


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("10月1日至7日休息，9月26日上班", OCTOBER | {dt.date(2027, 9, 26): True}),
        (
            "七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。",
            OCTOBER | {dt.date(2027, 9, 26): True, dt.date(2027, 10, 9): True},
        ),
        ("２０２７－１０－０１ 至 ２０２７－１０－０７ 休", OCTOBER),
        ("1 Oct", None),
        (
            "2027年12月31日到2028年1月2日放假",
            {dt.date(2027, 12, 31) + dt.timedelta(days=n): False for n in range(3)},
        ),
        ("2月30日休息", None),
        ("10月7日至1日休息", None),
        ("1月1日至12月31日休息", None),
        ("10月1日", None),
        ("10月1日游行", None),
        ("2027年10月1日休息\n\n", {dt.date(2027, 10, 1): False}),
        ("休息", {}),
    ],
)
def test_days_are_read_as_people_write_them(text: str, days: dict[dt.date, bool] | None) -> None:
    read = day_lines.read(text, 2027)
    if days is None:
        assert read.unread
    else:
        assert (read.unread, read.days) == ([], days)


def test_a_day_both_off_and_worked_is_told() -> None:
    assert day_lines.read("10月1日休息\n10月1日上班", 2027).twice == [dt.date(2027, 10, 1)]


def test_a_year_is_pasted_called_whole_and_one_day_taken_back(desks: Desks) -> None:  # noqa: F811
    admin = desks.sit("admin")
    page = admin.get("/admin/calendar?year=2027")
    assert "暂计" in page.text
    page = admin.submit(page, "录入", days="10月1日至7日休息，9月26日上班", say_whole="y")
    assert "已经录全" in page.text
    assert page.text.count("录入于") == 5, (
        "weekdays off that are no fixed feast, the Sunday worked, and nothing else"
    )
    page = admin.submit(page, "收回 2027年10月7日")
    assert page.text.count("录入于") == 4


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", "请写明日期，例如10月1日至7日休息"),
        ("国庆放假七天", "没有看懂“国庆放假七天”。请写成“10月1日至7日休息”这样"),
        ("2026年9月1日休息", "2026年9月1日已经到了或者过去了，不能再改。只能录入明天起的日期"),
        ("2031年10月1日休息", "最远只能录入到2028年"),
    ],
)
def test_what_cannot_be_entered_is_told_and_kept(desks: Desks, typed: str, fault: str) -> None:  # noqa: F811
    admin = desks.sit("admin")
    page = admin.submit(admin.get("/admin/calendar?year=2026"), "录入", 422, days=typed)
    assert page.faults == [fault]
    assert page.soup.select_one("[name=days]").text.strip() == typed
