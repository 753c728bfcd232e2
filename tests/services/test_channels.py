"""Channels: what a poster leads to, and what it says when it leads nowhere."""

import datetime as dt
from typing import Any

import pytest

from tests.people import Town
from whistle.services import accounts, channels, desks, scanned
from whistle.services.errors import Invalid, NotAllowed, NotFound, Unusable
from whistle.services.shell import SHELL

DETAILS: dict[str, Any] = {
    "name": "注销窗口",
    "unit_code": "QY01",
    "place": "一楼5号",
    "languages": ("zh_CN",),
    "welcome_zh": "您好\n请讲",
    "welcome_en": "",
    "valid_from": None,
    "valid_to": None,
    "is_public": False,
}


def _change(town: Town, row: channels.ChannelRow, **given: Any) -> channels.ChannelRow:
    return channels.change(town["admin"], row.id, **{**DETAILS, **given})


def test_a_scanned_token_shows_office_unit_and_place(staffed: Town) -> None:
    row = channels.make(staffed["admin"], "开办窗口", "qy01", staffed.desk().id, place="一楼3号")
    seen = scanned.view(row.token)
    assert (seen.office_zh, seen.unit_zh, seen.place) == ("清源区纪委监委", "清源区行政审批局", "一楼3号")
    assert seen.is_usable
    assert seen.own_people_open


def test_a_token_typed_by_hand_is_forgiven(staffed: Town) -> None:
    row = staffed.channel("另一个")
    typed = f" {row.token.upper().replace('0', 'O').replace('1', 'l')} "
    assert scanned.view(typed).channel_id == row.id


@pytest.mark.on_both_databases
@pytest.mark.parametrize("token", ["", "x", "a" * 10_000, "\ud800", "’; DROP TABLE", "../.."])
def test_an_unknown_token_says_so(staffed: Town, token: str) -> None:
    assert scanned.view(token).why_not == "unknown"
    with pytest.raises(Unusable, match="unknown"):
        scanned.find_usable(token)


def test_suspended_and_resumed(staffed: Town) -> None:
    row = staffed.channel("另一个")
    channels.suspend(staffed["admin"], row.id)
    assert scanned.view(row.token).why_not == "suspended"
    assert row.token not in {view.token for view in scanned.public_channels().rows}
    with pytest.raises(Unusable, match="suspended"):
        scanned.find_usable(row.token)
    channels.resume(staffed["admin"], row.id)
    assert scanned.view(row.token).is_usable


def test_validity_counts_whole_days_of_the_office(staffed: Town) -> None:
    row = staffed.channel("另一个")
    _change(staffed, row, valid_from=dt.date(2026, 9, 15), valid_to=dt.date(2026, 9, 16))
    seen = {}
    for day in (14, 15, 16, 17):
        staffed.to(dt.datetime(2026, 9, day, 15, 59, tzinfo=dt.UTC))
        seen[day] = scanned.view(row.token).why_not
    assert seen == {14: "not_yet", 15: None, 16: None, 17: "expired"}


def test_a_rotated_token_says_so_and_the_new_one_works(staffed: Town) -> None:
    row = staffed.channel("另一个")
    fresh = channels.rotate(staffed["admin"], row.id)
    assert fresh.token != row.token
    assert scanned.view(row.token).why_not == "rotated"
    with pytest.raises(Unusable, match="rotated"):
        scanned.find_usable(row.token)
    assert scanned.view(fresh.token).is_usable


def test_a_desk_nobody_can_read_at_takes_nothing(staffed: Town) -> None:
    row = staffed.channel("另一个")
    for who in ("intake", "intake2"):
        accounts.deactivate(staffed["admin"], staffed[who].person_id)
    assert scanned.view(row.token).why_not == "not_yet"


def test_details_change_and_are_kept(staffed: Town) -> None:
    row = _change(staffed, staffed.channel("另一个"))
    assert (row.name, row.languages, row.welcome_zh) == ("注销窗口", ("zh_CN",), "您好\n请讲")
    assert row.token not in {view.token for view in scanned.public_channels().rows}
    assert channels.get(staffed["admin"], row.id) == row


@pytest.mark.on_both_databases
@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "长" * 61}, "name"),
        ({"unit_code": "NONE"}, "unit_code"),
        ({"languages": ()}, "languages"),
        ({"languages": ("fr",)}, "languages"),
        ({"welcome_zh": "长" * 501}, "welcome_zh"),
        ({"welcome_zh": "a\u202eb"}, "welcome_zh"),
        ({"valid_from": dt.date(2026, 2, 1), "valid_to": dt.date(2026, 1, 1)}, "valid_to"),
    ],
)
def test_wrong_details_name_their_field(staffed: Town, given: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as fault:
        _change(staffed, staffed.channel("另一个"), **given)
    assert fault.value.field == field


def test_a_channel_never_leads_to_the_oversight_desk(staffed: Town) -> None:
    for desk_id in (staffed.desk("oversight").id, 999):
        with pytest.raises(Invalid, match="desk_id"):
            channels.make(staffed["admin"], "窗口", "QY01", desk_id)
    with pytest.raises(Invalid, match="desk_id"):
        channels.move(staffed["admin"], staffed.channel("另一个").id, staffed.desk("oversight").id)


def test_posters_carry_the_address(staffed: Town) -> None:
    row = staffed.channel("另一个")
    svg = channels.poster_svg(staffed["admin"], row.id, "https://report.example.cn/")
    assert f"https://report.example.cn/r/{row.token}" in svg
    assert channels.poster_png(SHELL, row.id, "https://report.example.cn").startswith(b"\x89PNG")


def test_the_shell_makes_and_lists_channels(staffed: Town) -> None:
    desk = next(row for row in desks.list_desks(SHELL) if row.kind == "intake")
    row = channels.make(SHELL, "壳", "QY01", desk.id)
    assert row in channels.list_channels(SHELL)


def test_only_administrators_tend_channels(staffed: Town) -> None:
    row = staffed.channel("另一个")
    for who in ("head", "deputy", "intake", "auditor", "oversight"):
        with pytest.raises(NotAllowed):
            channels.suspend(staffed[who], row.id)
    with pytest.raises(NotFound):
        channels.get(staffed["admin"], 999)
