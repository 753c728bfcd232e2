"""Administrators and channels: make, find, change, suspend, resume, rotate, move; codes that scan to the address."""

import dataclasses
import datetime as dt

import pytest

from tests.scanning import scan_png, scan_svg
from tests.visiting import Page, Visitor, words
from tests.web.officers import Desks, desks  # noqa: F401 - fixtures
from whistle import clock
from whistle.services import channel_lists, channels, scanned
from whistle.services import desks as desk_service
from whistle.services.channel_lists import Wanted
from whistle.services.shell import SHELL
from whistle.store.channels import Channel
from whistle.web.admin.wording import CHANNEL_STATES

FORM = {"name": "车管窗口", "unit": "QY01", "place": "二楼", "desk": "1"}


def test_a_new_channel_shows_its_code_and_takes_reports(desks: Desks) -> None:  # noqa: F811
    admin = desks.sit("admin")
    page = admin.submit(admin.get("/admin/channels/new"), "保存", **FORM, valid_to="2026年12月31日")
    assert page.h1 == "车管窗口"
    assert "2026年12月31日" in page.text
    address = page.soup.select_one("#address").get_text()
    assert scan_svg(str(page.soup.select_one(".qr svg"))) == [address]
    scanned = Visitor(desks.app).get("/r/" + address.rpartition("/")[2])
    assert "试用，请勿填写真实举报" in scanned.soup.get_text()


WARNING = "二维码里的地址只有本机能打开。请先设置WHISTLE_PUBLIC_URL。"
PAGES_WITH_CODES = ("/admin/channels/1", "/admin/channels/1/poster", "/admin/")


def test_a_code_that_opens_on_this_machine_alone_is_warned_of(desks: Desks) -> None:  # noqa: F811
    admin = desks.sit("admin")
    for address in PAGES_WITH_CODES:
        assert WARNING in admin.get(address).text


def test_a_code_that_opens_everywhere_is_not(desks: Desks) -> None:  # noqa: F811
    program = desks.app.extensions["whistle"]
    public = dataclasses.replace(program.settings, public_url="http://192.0.2.7:8000")
    desks.app.extensions["whistle"] = dataclasses.replace(program, settings=public)
    admin = desks.sit("admin")
    for address in PAGES_WITH_CODES:
        assert WARNING not in admin.get(address).text


def test_every_code_scans_to_the_exact_address(desks: Desks) -> None:  # noqa: F811
    admin, address = desks.sit("admin"), f"http://127.0.0.1:8000/r/{desks.office.token}"
    for name in ("qr.svg", "poster.svg"):
        picture = admin.client.get(f"/admin/channels/1/{name}")
        assert picture.mimetype == "image/svg+xml"
        assert scan_svg(picture.text) == [address]
    png = admin.client.get("/admin/channels/1/qr.png?download=1")
    assert scan_png(png.data) == [address]
    assert png.headers["Content-Disposition"] == 'attachment; filename="qr-1.png"'
    assert "试用，请勿填写真实举报" in admin.client.get("/admin/channels/1/poster.svg").text
    assert admin.get("/admin/channels/1/poster").soup.select_one("img.poster")["alt"]


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({"name": ""}, "请填写渠道名称"),
        ({"unit": ""}, "请选择单位"),
        ({"unit": "NONE"}, "请选择单位"),
        ({"desk": "2"}, "请选择受理台"),
        ({"languages": []}, "请至少选一种语言"),
        ({"valid_from": "2026-12-31", "valid_to": "2026-12-30"}, "截止日期不能早于开始日期"),
        ({"valid_to": "2025-12-31"}, "这一天已经过去，渠道一开通就过期。请填写今天或者以后的日期"),
        ({"valid_to": "明年"}, "请按这样的格式填写日期：2026年11月23日"),
        ({"welcome_zh": "您" * 501}, "最多500字，现在有501字，请删去1字"),
    ],
)
def test_what_cannot_be_keeps_what_was_typed(desks: Desks, typed: dict, fault: str) -> None:  # noqa: F811
    admin = desks.sit("admin")
    page = admin.submit(admin.get("/admin/channels/new"), "保存", 422, **{**FORM, **typed})
    assert page.faults == [fault]
    assert page.soup.select_one("[name=place]")["value"] == "二楼"
    assert Channel.select().count() == 1


def test_a_change_leaves_the_printed_address(desks: Desks) -> None:  # noqa: F811
    admin, token = desks.sit("admin"), desks.office.token
    page = admin.submit(
        admin.get("/admin/channels/1/edit"),
        "保存",
        name="新名字",
        welcome_zh="您好。\n请写清楚。",
        languages=["zh_CN"],
    )
    assert page.h1 == "新名字"
    view = scanned.view(token)
    assert (view.name, view.languages, view.welcome_zh) == ("新名字", ("zh_CN",), "您好。\n请写清楚。")


def test_suspended_and_resumed(desks: Desks) -> None:  # noqa: F811
    admin, token = desks.sit("admin"), desks.office.token
    page = admin.submit(admin.get("/admin/channels/1"), "暂停")
    assert "已暂停" in page.text
    assert scanned.view(token).why_not == "suspended"
    admin.submit(page, "恢复")
    assert scanned.view(token).is_usable


def test_rotation_warns_first_and_then_ends_the_printed_address(desks: Desks) -> None:  # noqa: F811
    admin, token = desks.sit("admin"), desks.office.token
    page = admin.get("/admin/channels/1/rotate")
    assert "已经张贴的海报马上失效" in page.text
    assert scanned.view(token).is_usable
    fresh = admin.submit(page, "更换二维码").soup.select_one("#address").get_text().rpartition("/")[2]
    assert scanned.view(token).why_not == "rotated"
    assert scanned.view(fresh).is_usable
    assert token not in admin.client.get("/admin/channels/1/poster.svg").text


def test_a_move_waits_for_somebody_else(desks: Desks) -> None:  # noqa: F811
    office = desks.office
    second = desk_service.make(office["admin"], "分台", "Branch", deputy_id=office["deputy"].person_id)
    admin = desks.sit("admin")
    page = admin.submit(admin.get("/admin/channels/1/move"), "提出", desk=str(second.id))
    assert "等主要负责人或分管领导确认" in page.text
    assert Channel.get_by_id(1).desk_id == 1
    again = admin.get("/admin/channels/1")
    assert "确认：把渠道“企业开办窗口”从“受理台”移到“分台”" in again.text
    assert "确认：" not in admin.get("/admin/desks/1").text
    assert "已撤回" in admin.submit(again, "撤回").text
    admin.submit(admin.get("/admin/channels/1/move"), "提出", desk=str(second.id))
    assert "企业开办窗口" in admin.get("/admin/").text
    head = desks.sit("head")
    head.submit(head.get("/office/admissions"), "确认")
    assert Channel.get_by_id(1).desk_id == second.id


def test_the_list_filters_pages_and_says_what_is_chosen(desks: Desks) -> None:  # noqa: F811
    second = desk_service.make(desks.office["admin"], "分台", "Branch")
    for number in range(60):
        channels.make(
            desks.office["admin"],
            f"窗口{number}",
            "QY01",
            1 if number % 3 else second.id,
            place="一楼" if number % 2 else "二楼100%",
        )
    admin = desks.sit("admin")
    page = admin.get("/admin/channels")
    assert len(rows(page)) == 50
    older = admin.get(page.link("较早"))
    assert len(rows(older)) == 11
    assert rows(admin.get(older.link("较新"))) == rows(page)
    found = admin.get(f"/admin/channels?q=楼100%25&state=not_yet&desk={second.id}&unit=QY01")
    assert len(rows(found)) == 10
    assert "渠道（共10个）" in found.text
    less = admin.get(found.link("去掉：受理台：分台"))
    assert rows(less) == rows(found), "the other desk receives"
    assert len(rows(admin.get(less.link("去掉：状态：尚未生效")))) == 30
    assert "没有符合条件的渠道" in admin.get("/admin/channels?q=三楼").text
    odd = "/admin/channels?state=nonsense&unit=no&desk=x&older=-1&newer=" + "9" * 30
    assert rows(admin.get(odd)) == rows(page)


def test_every_channel_is_in_the_one_state_that_its_filter_says(desks: Desks) -> None:  # noqa: F811
    office, today = desks.office, clock.today()
    week = dt.timedelta(days=7)
    dates = [(None, None), (today, today), (today + week, None), (None, today + week)]
    for number, (first, last) in enumerate(dates):
        channels.make(office["admin"], f"窗口{number}", "QY01", 1, valid_from=first, valid_to=last)
    Channel.update(valid_to=today - week).where(Channel.name == "窗口3").execute()
    channels.suspend(office["admin"], 1)
    for state in CHANNEL_STATES:
        shown = channel_lists.page(office["admin"], Wanted(state=state)).rows
        wanted = [row for row in channels.list_channels(SHELL) if (row.why_not or "open") == state]
        assert list(shown) == wanted != []


def test_a_copy_has_the_words_of_the_first_and_an_address_of_its_own(desks: Desks) -> None:  # noqa: F811
    admin, token = desks.sit("admin"), desks.office.token
    admin.submit(
        admin.get("/admin/channels/1/edit"), "保存", welcome_zh="您好", languages=["zh_CN"], name="长" * 60
    )
    form = admin.get(admin.get("/admin/channels/1").link("照着再建一个"))
    assert form.soup.select_one("[name=name]")["value"] == "长" * 56 + "（副本）"
    page = admin.submit(form, "保存", name="二号窗口")
    made = channels.list_channels(SHELL)[0]
    assert (page.h1, made.welcome_zh, made.languages) == ("二号窗口", "您好", ("zh_CN",))
    assert made.token != token
    admin.get("/admin/channels/new?like=99", 404)


def test_one_sheet_prints_what_the_filter_left_and_each_code_scans(desks: Desks) -> None:  # noqa: F811
    for number in range(9):
        channels.make(desks.office["admin"], f"窗口{number}", "QY01", 1, place="二楼")
    admin = desks.sit("admin")
    page = admin.get(admin.get("/admin/channels?q=二楼").link("打印这9个渠道的二维码"))
    assert [len(sheet.select("li")) for sheet in page.soup.select(".cut-sheet")] == [8, 1]
    tokens = {row.name: row.token for row in channels.list_channels(SHELL)}
    for number, poster in enumerate(page.soup.select(".small-poster")):
        address = f"http://127.0.0.1:8000/r/{tokens[f'窗口{number}']}"
        assert scan_svg(str(poster.svg)) == [address]
        for printed in (
            f"窗口{number}",
            address,
            "扫码反映问题",
            "清源区行政审批局",
            "试用，请勿填写真实举报",
        ):
            assert printed in poster.get_text()


def test_a_sheet_of_too_many_is_not_begun(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr(channel_lists, "SHEET_ROWS", 1)
    channels.make(desks.office["admin"], "另一个", "QY01", 1)
    admin = desks.sit("admin")
    assert "请先筛选" in admin.get("/admin/channels").text
    page = admin.get("/admin/channels/sheet")
    assert "所以一个也没有列出来" in page.text
    assert not page.soup.select(".small-poster")
    assert "没有符合条件的渠道" in admin.get("/admin/channels/sheet?q=三楼").text


def rows(page: Page) -> list[str]:
    return [words(row) for row in page.soup.select("tbody tr")]


def test_a_channel_that_is_not_there_is_no_page(desks: Desks) -> None:  # noqa: F811
    admin = desks.sit("admin")
    for part in ("", "/edit", "/rotate", "/poster", "/poster.svg", "/qr.svg", "/qr.png"):
        admin.get(f"/admin/channels/99{part}", 404)
