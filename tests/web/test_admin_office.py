"""Administrators and the office itself: units, desks, holders of names, settings."""

import pytest

from tests.visiting import Visitor, words
from tests.web.officers import Desks, desks  # noqa: F401 - fixtures
from whistle.services import accounts, office, units
from whistle.services import desks as desk_service
from whistle.store.offices import Office
from whistle.store.units import Unit, UnitFact
from whistle.web.numbers import as_number


def test_a_unit_keeps_its_older_names(desks: Desks) -> None:  # noqa: F811
    admin = desks.sit("admin")
    page = admin.submit(
        admin.get("/admin/units/new"),
        "保存",
        unit="qy02",
        name_zh="区税务局",
        name_en="Tax Bureau",
        parent="QY01",
    )
    assert "区税务局" in page.text
    admin.submit(admin.get("/admin/units/QY02/edit"), "保存", name_zh="区税务局（新）")
    assert units.get(desks.office["admin"], "QY02").name_zh == "区税务局（新）"
    assert UnitFact.select().join(Unit).where(Unit.code == "QY02").count() == 2


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({"unit": ""}, "请填写单位代码，例如QY01"),
        ({"unit": "税务"}, "单位代码用1至16个字母、数字和连字符，例如QY01"),
        ({"unit": "QY01"}, "这个代码已经有了，请换一个"),
        ({"name_zh": ""}, "请填写单位名称"),
    ],
)
def test_a_unit_that_cannot_be_keeps_what_was_typed(desks: Desks, typed: dict, fault: str) -> None:  # noqa: F811
    admin = desks.sit("admin")
    usual = {"unit": "QY02", "name_zh": "区税务局", "name_en": "Tax Bureau"}
    page = admin.submit(admin.get("/admin/units/new"), "保存", 422, **{**usual, **typed})
    assert page.faults == [fault]
    assert page.soup.select_one("[name=name_en]")["value"] == "Tax Bureau"


def test_a_unit_is_not_above_itself(desks: Desks) -> None:  # noqa: F811
    admin = desks.sit("admin")
    for code, parent in (("QY02", "QY01"), ("QY03", "QY02")):
        units.make(desks.office["admin"], code, code, code, parent_code=parent)
    page = admin.submit(admin.get("/admin/units/QY01/edit"), "保存", 422, parent="QY03")
    assert page.faults == ["上级单位不能是它自己或它的下级"]


def test_the_list_is_a_tree_and_a_plan_can_be_taken_back_before_its_day(desks: Desks) -> None:  # noqa: F811
    admin, office_ = desks.sit("admin"), desks.office["admin"]
    for code, parent in (("AA01", "QY01"), ("QY00", "AA01")):
        units.make(office_, code, f"{code}局", f"{code} Bureau", parent_code=parent)
    rows = [words(row.th) for row in admin.get("/admin/units").soup.select("tbody tr")]
    assert rows[1:] == ["第2级：AA01局", "第3级：QY00局"]
    planned = admin.submit(
        admin.get("/admin/units/QY00/edit"), "保存", name_zh="新局", parent="", valid_on="2030-12-01"
    )
    assert "2030年12月1日起：新局 计划中" in planned.text
    assert "2030年12月1日起有变" in admin.get("/admin/units").text
    page = admin.submit(planned, "撤回这项计划")
    assert "2030年12月1日起：新局 已撤回" in page.text
    assert "撤回这项计划" not in page.text
    assert "起有变" not in admin.get("/admin/units").text


def test_a_new_desk_receives_nothing_before_somebody_else_opens_it(desks: Desks) -> None:  # noqa: F811
    admin = desks.sit("admin")
    page = admin.submit(admin.get("/admin/desks/new"), "添加", name_zh="分台", name_en="Branch")
    assert page.h1 == "分台"
    assert "还没有生成" in page.text
    assert "“分台”还没有分管领导" in admin.get("/admin/").text


def test_a_desk_says_who_waits_for_whom(desks: Desks) -> None:  # noqa: F811
    office_, admin = desks.office, desks.sit("admin")
    officer = accounts.invite(office_["admin"], "zhang", "张三", "intake", desk_id=1)
    said = "还没有启用账号：张三"
    assert said in admin.get("/admin/desks/1").text
    accounts.finish_activation(accounts.start_activation(officer, "tuo-9-gehu-luobo-kanjia"), None)
    for address in ("/admin/desks", "/admin/desks/1"):
        text = admin.get(address).text
        assert "等待准入：张三，由分管领导" in text
        assert "或者主要负责人准入" in text
        assert said not in text


def test_another_deputy_waits_for_somebody_else(desks: Desks) -> None:  # noqa: F811
    office_ = desks.office
    branch = desk_service.make(office_["admin"], "分台", "Branch")
    admin = desks.sit("admin")
    deputy = str(office_["deputy"].person_id)
    page = admin.submit(admin.get(f"/admin/desks/{branch.id}/deputy"), "提出", deputy=deputy)
    assert "等主要负责人或分管领导确认" in page.text
    assert desk_service.get(office_["admin"], branch.id).deputy_id is None
    assert admin.get("/admin/desks/2/deputy", 404)


def test_without_another_deputy_it_says_to_invite_one(desks: Desks) -> None:  # noqa: F811
    admin = desks.sit("admin")
    page = admin.get("/admin/desks/1/deputy")
    assert "请先邀请另一位分管领导" in page.text
    form = admin.get(page.link("邀请一个人")).form("邀请")
    assert form.select_one("select[name=role] option[selected]")["value"] == "deputy"


def test_a_seat_is_taken_after_a_page_that_says_what_ends(desks: Desks) -> None:  # noqa: F811
    admin, person = desks.sit("admin"), desks.office["intake2"].person_id
    page = admin.get(f"/admin/desks/1/seats/{person}/end")
    assert "收回立即生效" in page.text
    assert "席位已收回" in admin.submit(page, "收回席位").text
    admin.get(f"/admin/desks/1/seats/{person}/end", 404)


def test_one_more_holder_of_names_waits_for_the_head(desks: Desks) -> None:  # noqa: F811
    admin, officer = desks.sit("admin"), desks.office["officer2"]
    before = len(desk_service.list_holders(desks.office["head"]))
    admin.submit(admin.get("/admin/desks/holders/new"), "提出", person=str(officer.person_id))
    assert len(desk_service.list_holders(desks.office["head"])) == before
    assert "增加实名信息保管人" in admin.get("/admin/").text


def test_nobody_of_the_line_is_offered_as_a_holder_of_names(desks: Desks) -> None:  # noqa: F811
    page = desks.sit("admin").get("/admin/desks/holders/new")
    offered = [option.get_text() for option in page.soup.select("select[name=person] option")]
    assert offered == ["请选择", "周承办", "吴承办"], "no head, no deputy, nobody of a desk, and no holder"


def test_without_anybody_fit_the_page_says_who_would_be(desks: Desks) -> None:  # noqa: F811
    for user_name in ("officer", "officer2"):
        accounts.deactivate(desks.office["admin"], desks.office[user_name].person_id)
    page = desks.sit("admin").get("/admin/desks/holders/new")
    assert "现在没有合适的人" in page.text
    assert page.link("邀请一个人") == "/admin/people/new?role=reviewer"


def test_english_names_may_be_left_out(desks: Desks) -> None:  # noqa: F811
    admin = desks.sit("admin")
    assert admin.submit(admin.get("/admin/settings"), "保存", name_en="").status == 200
    assert admin.submit(admin.get("/admin/desks/1/name"), "保存", name_en="").status == 200
    assert admin.submit(admin.get("/admin/units/QY01/edit"), "保存", name_en="").status == 200


def test_the_menu_names_the_lists_in_both_languages(desks: Desks) -> None:  # noqa: F811
    admin = desks.sit("admin")
    menu = [words(link) for link in admin.get("/admin/units").soup.select(".menu a")]
    assert "单位" in menu
    assert "受理台" in menu
    admin.headers = {"Accept-Language": "en"}
    page = admin.get("/admin/units")
    menu = [words(link) for link in page.soup.select(".menu a")]
    assert "Units" in menu
    assert "Desks" in menu
    assert page.h1 == "Units"
    assert "Unit" in [words(label) for label in admin.get("/admin/channels").soup.select("label")]


def test_a_desk_gets_another_name(desks: Desks) -> None:  # noqa: F811
    admin = desks.sit("admin")
    assert admin.submit(admin.get("/admin/desks/1/name"), "保存", name_zh="总台").h1 == "总台"
    assert admin.submit(admin.get("/admin/desks/1/name"), "保存", 422, name_zh="").faults == [
        "请填写受理台名称"
    ]


def test_settings_show_at_once_and_numbers_follow(desks: Desks) -> None:  # noqa: F811
    admin = desks.sit("admin")
    typed = {"name_zh": "清源纪委", "number_prefix": "清举", "number_width": "4", "public_phone": "010-12388"}
    page = admin.submit(admin.get("/admin/settings"), "保存", **typed)
    assert "设置已保存" in page.text
    assert "清源纪委" in page.soup.get_text()
    filed = desks.classified()
    assert desks.url(filed).endswith("/清举2026-0001")


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({"name_zh": ""}, "请填写机关名称"),
        ({"number_width": "99"}, "请选择编号的位数"),
        ({"number_width": "x"}, "请选择编号的位数"),
        ({"number_prefix": ""}, "请填写编号字头"),
        ({"number_prefix": "清" * 9}, "最多8字，现在有9字，请删去1字"),
        ({"number_prefix": "清信/举"}, "字头只能有文字、数字和连字符，因为编号要写进网址"),
        ({"public_phone": "abc!!"}, "请填写电话号码，例如12388或者010-12345678"),
        ({"public_email": "jubao@"}, "请填写完整的电子邮箱，例如jubao@example.gov.cn"),
        ({"public_email": "a@b.cn?bcc=c@d.cn"}, "请填写完整的电子邮箱，例如jubao@example.gov.cn"),
        ({"front_zh": "话" * 1001}, "最多1,000字，现在有1,001字，请删去1字"),
        ({"superior_address": "上" * 201}, "最多200字，现在有201字，请删去1字"),
    ],
)
def test_settings_that_cannot_be_change_nothing(desks: Desks, typed: dict, fault: str) -> None:  # noqa: F811
    admin, before = desks.sit("admin"), office.settings(desks.office["admin"])
    assert admin.submit(admin.get("/admin/settings"), "保存", 422, **typed).faults == [fault]
    assert office.settings(desks.office["admin"]) == before


def test_the_next_number_is_shown_before_its_form_is_changed(desks: Desks) -> None:  # noqa: F811
    admin = desks.sit("admin")
    assert "下一个编号是清访2026-000001" in admin.get("/admin/settings").text
    desks.classified()
    page = admin.submit(admin.get("/admin/settings"), "保存", number_prefix="清举", number_width="4")
    assert "下一个编号是清举2026-0002" in page.text


def test_the_offices_own_words_are_shown_as_text_in_their_language(desks: Desks) -> None:  # noqa: F811
    admin, stranger = desks.sit("admin"), Visitor(desks.app)
    front = "<b>欢迎</b>\n第二行\n\n第二段"
    typed = {"front_zh": front, "form_zh": "请写清楚", "public_email": "jubao@qy.gov.cn"}
    admin.submit(admin.get("/admin/settings"), "保存", **typed)
    page = stranger.get("/")
    assert "<b>欢迎</b>" in page.text
    assert [words(p) for p in page.soup.select("main h1 ~ p")][1] == "第二段"
    assert "可以匿名。您写的内容当场加密" not in page.text
    assert "jubao@qy.gov.cn" in page.text
    english = stranger.get("/?lang=en").text
    assert "欢迎" not in english
    assert "encrypted" in english
    assert "请写清楚" in stranger.get(f"/r/{desks.office.token}?lang=zh_CN").text
    admin.submit(admin.get("/admin/settings"), "保存", front_zh="", form_zh="", public_email="")
    assert "可以匿名。您写的内容当场加密" in stranger.get("/").text
    assert Office.get().front_zh is None


def test_the_front_page_and_new_channels_speak_the_offices_languages(desks: Desks) -> None:  # noqa: F811
    admin, stranger = desks.sit("admin"), Visitor(desks.app)
    assert stranger.get("/?lang=en").soup.html["lang"] == "en"
    admin.submit(admin.get("/admin/settings"), "保存", languages=[])
    assert stranger.get("/?lang=en").soup.html["lang"] == "zh-CN"
    boxes = admin.get("/admin/channels/new").soup.select("[name=languages]")
    assert [box["value"] for box in boxes if box.has_attr("checked")] == ["zh_CN"]
    assert stranger.get(f"/r/{desks.office.token}?lang=en").soup.html["lang"] == "en", "a channel has its own"
    assert stranger.get("/track?lang=en").soup.html["lang"] == "en"


def test_the_mode_is_no_setting(desks: Desks) -> None:  # noqa: F811
    admin = desks.sit("admin")
    admin.submit(admin.get("/admin/settings"), "保存", mode="office")
    assert Office.get().mode == "trial"


HUGE = "99999999999999999999"


@pytest.mark.parametrize(
    "address",
    [
        f"/admin/channels/{HUGE}",
        f"/admin/channels/{HUGE}/edit",
        f"/admin/channels/{HUGE}/qr.svg",
        f"/admin/desks/{HUGE}",
        f"/admin/desks/1/seats/{HUGE}/end",
        f"/admin/people/{HUGE}",
        f"/admin/people/{HUGE}/role",
        "/admin/channels/2147483648",
        "/admin/channels/2147483647",
    ],
)
def test_a_number_no_row_has_is_no_page(desks: Desks, address: str) -> None:  # noqa: F811
    desks.sit("admin").get(address, 404)


@pytest.mark.parametrize("text", [HUGE, "9" * 5_000, "٣", "²", "-1", "+1", "1_0", "", None])
def test_a_number_in_a_hidden_field_is_one_a_row_can_have(text: str | None) -> None:
    assert as_number(text) == 0


def test_a_number_in_a_hidden_field_is_read() -> None:
    assert as_number("2147483647") == 2_147_483_647
    assert as_number("2147483648") == 0
