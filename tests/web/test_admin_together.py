"""Two administrators at one form: nothing that the other saved is lost, and nobody overwrites what was never seen."""

import dataclasses
import datetime as dt

import pytest

from tests.visiting import Page, Visitor
from tests.web.officers import Desks, desks  # noqa: F401 - fixtures
from whistle.services import accounts, channels, office, scanned, units
from whistle.services.errors import Conflict
from whistle.store.channels import Channel
from whistle.store.people import Person


def pages(desks: Desks, address: str) -> tuple[Visitor, Page, Page]:  # noqa: F811
    """A browser and the same page of it opened twice, as two people would."""
    admin = desks.sit("admin")
    return admin, admin.get(address), admin.get(address)


def test_settings_that_two_change_are_both_kept(desks: Desks) -> None:  # noqa: F811
    admin, one, other = pages(desks, "/admin/settings")
    admin.submit(one, "保存", public_phone="010-1234567", front_zh="欢迎\n\n反映")
    admin.submit(other, "保存", public_email="jubao@example.cn", languages=[])
    now = office.settings(desks.office["admin"])
    assert (now.public_phone, now.public_email, now.own_words.front_zh) == (
        "010-1234567",
        "jubao@example.cn",
        "欢迎\n\n反映",
    )
    assert now.languages == ("zh_CN",)


def test_one_setting_that_two_change_is_told_and_sent_again(desks: Desks) -> None:  # noqa: F811
    admin, one, other = pages(desks, "/admin/settings")
    admin.submit(one, "保存", public_phone="010-1234567", name_en="Office One")
    page = admin.submit(other, "保存", 422, public_phone="010-7654321", public_email="jubao@example.cn")
    assert page.faults == [
        "你打开这一页以后，别人已经把这一项改成“010-1234567”。要用你写的，请再保存一次；要留着别人的，请改回去"
    ]
    assert page.soup.select_one("[name=public_phone]")["value"] == "010-7654321"
    assert page.soup.select_one("[name=name_en]")["value"] == "Office One"
    assert office.settings(desks.office["admin"]).public_phone == "010-1234567"
    admin.submit(page, "保存")
    now = office.settings(desks.office["admin"])
    assert (now.public_phone, now.name_en, now.public_email) == (
        "010-7654321",
        "Office One",
        "jubao@example.cn",
    )


def test_a_channel_that_two_change(desks: Desks) -> None:  # noqa: F811
    admin, one, other = pages(desks, "/admin/channels/1/edit")
    admin.submit(one, "保存", valid_to="2027年3月1日", is_public=[], languages=["zh_CN"])
    admin.submit(other, "保存", place="三楼")
    row = channels.get(desks.office["admin"], 1)
    assert (row.place, str(row.valid_to), row.is_public, row.languages) == (
        "三楼",
        "2027-03-01",
        False,
        ("zh_CN",),
    )
    page = admin.submit(other, "保存", 422, valid_to="2027年4月1日", is_public="y", languages=["en"])
    assert "改成“2027年3月1日”" in page.faults[1]
    assert len(page.faults) == 2
    assert not page.soup.select_one("[name=is_public]").has_attr("checked"), "it was left alone here"


def test_a_person_a_unit_and_a_desk_that_two_change(desks: Desks) -> None:  # noqa: F811
    person = Person.get(Person.user_name == "auditor")
    admin, one, other = pages(desks, f"/admin/people/{person.id}/correct")
    admin.submit(one, "更正", user_name="auditor9")
    admin.submit(other, "更正", name="许审")
    now = next(row for row in accounts.list_people(desks.office["admin"]) if row.id == person.id)
    assert (now.user_name, now.name) == ("auditor9", "许审")

    admin, one, other = pages(desks, "/admin/units/QY01/edit")
    admin.submit(one, "保存", name_zh="清源区数据局")
    admin.submit(other, "保存", kind="institution")
    unit = units.get(desks.office["admin"], "QY01")
    assert (unit.name_zh, unit.kind) == ("清源区数据局", "institution")

    admin, one, other = pages(desks, "/admin/desks/1/name")
    admin.submit(one, "保存", name_zh="信访台")
    page = admin.submit(other, "保存", 422, name_zh="窗口台")
    assert "改成“信访台”" in page.faults[0]


@pytest.mark.parametrize("seen", ["", "[", "[]", '{"place": 1}', "[" * 9_999])
def test_a_form_that_does_not_know_what_it_showed_counts_as_it_is(desks: Desks, seen: str) -> None:  # noqa: F811
    admin = desks.sit("admin")
    page = admin.get("/admin/channels/1/edit")
    answer = admin.submit(page, "保存", 422 if "place" in seen else 200, place="四楼", seen=seen)
    assert answer.h1 == ("更新渠道" if "place" in seen else Channel.get_by_id(1).name)


def test_a_code_is_replaced_once_by_two(desks: Desks) -> None:  # noqa: F811
    admin, one, other = pages(desks, "/admin/channels/1/rotate")
    printed = desks.office.token
    address = admin.submit(one, "更换二维码").soup.select_one("#address").get_text()
    page = admin.submit(other, "更换二维码")
    assert page.soup.select_one("#address").get_text() == address
    assert scanned.view(printed).why_not == "rotated"


def test_a_copy_keeps_what_its_page_showed(desks: Desks) -> None:  # noqa: F811
    admin = desks.sit("admin")
    copy = admin.get("/admin/channels/new?like=1")
    admin.submit(admin.get("/admin/channels/1/edit"), "保存", name="别的名字", place="九楼")
    admin.submit(copy, "保存", place="五楼")
    made = Channel.select().order_by(Channel.id.desc()).get()
    assert (made.name, made.place) == ("企业开办窗口（副本）", "五楼")


def test_a_plan_goes_on_from_the_plan_before_it(desks: Desks) -> None:  # noqa: F811
    admin, early, late = pages(desks, "/admin/units/QY01/edit")
    page = admin.submit(early, "保存", name_zh="新名字局", valid_on="2027年1月1日")
    assert "已记下，到那一天才变" in page.text
    admin.submit(late, "保存", name_en="New Bureau", valid_on="2027年2月1日")
    on = units.get(desks.office["admin"], "QY01", dt.date(2027, 2, 1))
    assert (on.name_zh, on.name_en) == ("新名字局", "New Bureau")
    page = admin.get("/admin/units/QY01/edit")
    assert "已经有计划，到日子照样生效" in page.text
    assert "2027年1月1日起：新名字局" in page.text
    page = admin.submit(late, "保存", 422, name_zh="别的局", valid_on="2027年3月1日")
    assert page.faults == [
        "到那一天，这一项已经是“新名字局”：有人刚改过，或者早有计划。要用你写的，请再保存一次"
    ]
    assert page.soup.select_one("[name=name_zh]")["value"] == "别的局"


def test_a_day_too_early_is_told_beside_its_field(desks: Desks) -> None:  # noqa: F811
    admin = desks.sit("admin")
    page = admin.submit(admin.get("/admin/units/QY01/edit"), "保存", 422, name_zh="局", valid_on="2020-01-01")
    assert "这个单位最近一次变更从" in page.faults[0]
    assert page.soup.select_one("[name=name_zh]")["value"] == "局"


def test_what_changes_between_reading_and_writing_is_not_overwritten(desks: Desks) -> None:  # noqa: F811
    admin = desks.office["admin"]
    was = office.settings(admin)
    office.change(admin, dataclasses.replace(was, public_phone="010-1234567"), was)
    with pytest.raises(Conflict, match="changed"):
        office.change(admin, dataclasses.replace(was, public_email="a@example.cn"), was)
    row = channels.get(admin, 1)
    given = {
        name: getattr(row, name) for name in ("name", "unit_code", "place", "languages", "is_public")
    } | {name: getattr(row, name) for name in ("welcome_zh", "welcome_en", "valid_from", "valid_to")}
    channels.change(admin, 1, **(given | {"place": "三楼"}), was=row)
    with pytest.raises(Conflict, match="changed"):
        channels.change(admin, 1, **(given | {"name": "别的"}), was=row)
