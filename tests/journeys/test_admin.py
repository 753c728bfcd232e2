"""Every page of an administrator and of an auditor in a real browser: light and dark, on a phone and on a desk."""

import pytest
from flask import Flask

from tests.journeys.officer import Officer
from tests.web.officers import Desks
from whistle.services import channels, ledger
from whistle.store.people import Person


@pytest.fixture
def app(desks: Desks) -> Flask:
    """The trial office is what the browser sees."""
    return desks.app


@pytest.fixture
def admin(new_surfer) -> Officer:
    """The administrator, signed in."""
    return Officer(new_surfer()).become("admin")


def _person(user_name: str) -> str:
    return f"/admin/people/{Person.get(Person.user_name == user_name).id}"


def test_people(admin: Officer) -> None:
    admin.look("checklist-done").visit("/admin/people", "people")
    admin.visit("/admin/people?role=intake&state=deactivated", "people-none")
    admin.visit("/admin/people/new", "person-new").press("邀请").look("person-new-faults")
    admin.enter(name="张三", user_name="zhang", role="intake", desk="1").press("邀请").look("person-link")
    admin.visit(_person("zhang"), "person-invited").visit(_person("admin"), "person-self")
    admin.visit(_person("intake2"), "person")
    for act in ("role", "seat", "invite", "correct"):
        admin.visit(f"{_person('intake2')}/{act}", f"person-{act}")
    admin.visit(f"{_person('intake2')}/absent", "person-absent")
    admin.enter(from_on="2026-01-01", to_on="2028-01-01").press("登记").look("person-away")
    admin.visit("/admin/people", "people-away")
    admin.visit(_person("intake2")).press("解除登录等待").look("person-known-browser")
    admin.visit(f"{_person('intake2')}/deactivate", "person-deactivate").press("停用")
    assert "账号已停用" in admin.says
    admin.look("person-deactivated").visit("/admin/", "checklist-findings")


def test_units_desks_and_settings(admin: Officer) -> None:
    admin.visit("/admin/units", "units").visit("/admin/units/new", "unit-new").press("保存").look(
        "unit-faults"
    )
    admin.enter(unit="QY02", name_zh="清源区住建局", name_en="Housing Bureau").press("保存")
    admin.follow("清源区住建局").follow("更新单位").look("unit-edit")
    admin.enter(name_zh="清源区住房局", parent="QY01", valid_on="2030-01-01").press("保存").look("unit")
    admin.press("撤回这项计划").look("unit-withdrawn")
    admin.visit("/admin/units/new").enter(unit="QY03", name_zh="房管所", parent="QY02").press("保存")
    admin.look("units-tree")
    admin.visit("/admin/desks", "desks").visit("/admin/desks/new", "desk-new").press("添加").look(
        "desk-faults"
    )
    admin.enter(name_zh="二号受理台", name_en="Second desk").press("添加").look("desk-empty")
    for act in ("name", "deputy"):
        admin.visit(f"/admin/desks/1/{act}", f"desk-{act}")
    admin.visit("/admin/desks/1", "desk").follow("收回席位").look("desk-seat-end")
    admin.visit("/admin/desks/holders/new", "desk-holder").press("提出").look("desk-holder-faults")
    admin.visit("/admin/storage", "storage")
    admin.visit("/admin/calendar?year=2027").press("录入").look("calendar-faults")
    admin.enter(days="1月1日至3日休息，1月9日上班", say_whole="y").press("录入").look("calendar")
    assert "已经录全" in admin.says
    admin.visit("/admin/settings", "settings").press("保存")
    assert "设置已保存" in admin.says
    admin.visit("/admin/record", "record").visit(
        "/admin/record?kind=channels&until=2020-01-01", "record-none"
    )


def test_channels(desks: Desks, admin: Officer) -> None:
    admin.visit("/admin/desks/new").enter(name_zh="二号受理台", name_en="Second desk").press("添加")
    admin.visit("/admin/channels/new", "channel-new").press("保存").look("channel-faults")
    admin.enter(name="企业开办窗口", unit="QY01", desk="1", place="一楼3号").press("保存").look("channel")
    assert admin.page.locator(".qr svg").is_visible()
    here = admin.page.url.partition("?")[0].removeprefix(admin.window.address)
    for act in ("edit", "rotate", "poster"):
        admin.visit(f"{here}/{act}", f"channel-{act}")
    admin.visit(f"{here}/move", "channel-move").enter(desk="二号受理台").press("提出")
    assert "已提出" in admin.says
    admin.press("暂停").look("channel-suspended")
    admin.visit(f"{here}/rotate").press("更换二维码")
    assert "请重新打印张贴" in admin.says
    channels.make(desks.office["admin"], "西门", "QY01", 1)
    admin.visit("/admin/channels?state=suspended", "channels-filtered")
    admin.visit("/admin/channels/sheet", "channel-sheet").visit("/admin/channels/import", "channel-import")
    head = "名称\t单位代码\t张贴地点\t受理台\t公开\n"
    admin.enter(
        pasted=f"{head}东门\tQY01\t一楼\t\t否\n南门\tNONE\t\t二号受理台\t\n=1+1\tQY01\t\t二号受理台\t好"
    )
    admin.press("核对").look("channel-import-faults", 422)
    admin.enter(pasted=f"{head}东门\tQY01\t一楼\t二号受理台\t否\n南门\tQY01\t\t二号受理台\t")
    admin.press("核对").look("channel-import-look").press("开通这2个渠道").look("channel-import-done")
    assert admin.page.locator(".small-poster").count() == 2
    admin.visit("/admin/channels?q=nothing", "channels-none").visit("/admin/channels", "channels")
    admin.visit("/admin/", "checklist-waiting").press("撤回").look("checklist-withdrawn")
    assert "已撤回" in admin.says
    assert "等着确认的变更" not in admin.says


def test_the_auditor_verifies_the_log(desks: Desks, new_surfer) -> None:
    desks.classified()
    made = ledger.make_checkpoint()
    auditor = Officer(new_surfer()).become("auditor").visit("/audit/", "log")
    auditor.press("立即核验").look("log-verified")
    assert "核验结果" in auditor.says
    assert "不一致之处" not in auditor.says
    assert f"最近一次签名到第{made.size}条" in auditor.says
