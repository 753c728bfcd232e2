"""The first start: one link, one question; the trial with its five steps, the office with its six."""

import dataclasses
from collections.abc import Callable

import pyotp
import pytest
from flask import Flask

from tests.conftest import make_app
from tests.people import Town
from tests.visiting import Page, Visitor, words
from tests.web.officers import Desks, at_work, desks, enter, founded  # noqa: F401 - fixtures
from whistle import config
from whistle.services import accounts, checklist, setup
from whistle.services import desks as desk_service
from whistle.store.cases import Case
from whistle.store.offices import Office
from whistle.store.units import Unit

PASSWORD = "tuo-9-gehu-luobo-kanjia"
OFFICE = {
    "office_zh": "清源区纪委监委",
    "office_en": "Discipline Office of Clearspring",
    "unit_code": "QY01",
    "unit_zh": "清源区行政审批局",
    "unit_en": "Approval Bureau",
    "admin_name": "秦管理",
}


@pytest.fixture
def link(app: Flask, quick_passwords: None) -> str:
    token = setup.first_link()
    assert token is not None
    return f"/setup/{token}"


def test_the_link_asks_one_thing(visit: Visitor, link: str) -> None:
    page = visit.get(link)
    assert page.h1 == "先试一试，还是正式启用？"
    assert [button.get_text() for button in page.soup.select("main button, main a.second")] == [
        "先试一试",
        "正式启用",
    ]


def test_any_other_link_is_no_page(visit: Visitor, link: str) -> None:
    for address in ("/setup/nothing", "/setup/nothing/office", link.upper(), "/setup/trial"):
        visit.get(address, 404)
    assert not Office.select().exists()


def test_the_trial_is_one_click_and_five_steps(visit: Visitor, link: str) -> None:
    page = visit.submit(visit.get(link), "先试一试")
    assert page.h1 == "试用已经就绪"
    assert len(page.soup.select(".trial-steps > li")) == 5
    password = page.soup.select_one("main code").get_text()
    assert visit.get(page.link("打开举报表")).status == 200
    assert visit.submit(page, "做受理员").h1 == "工作台"
    assert visit.submit(visit.get("/setup/trial"), "做分管领导").h1 == "工作台"
    assert visit.submit(visit.get("/setup/trial"), "做承办人").h1 == "工作台"
    assert visit.get(page.link("凭查询码")).status == 200
    other = Visitor(visit.app)
    other.submit(other.get("/office/sign-in"), "登录", user_name="head", password=password)
    assert other.get("/office/account").h1 == "我的账号"


def _first_button(page: Page) -> str:
    (filled,) = page.soup.select(".trial-steps .first")
    return words(filled)


def _steps_over(page: Page) -> int:
    return len(page.soup.select(".trial-steps > .over .tag"))


def test_the_trial_marks_what_is_done_and_leads_to_whoever_has_the_case(desks: Desks) -> None:  # noqa: F811
    visit, office = Visitor(desks.app), desks.office
    page = visit.get("/setup/trial")
    assert (_first_button(page), _steps_over(page)) == ("打开举报表，交一件举报", 0)
    assert "指派给周承办" in page.text
    filed = office.file()
    page = visit.get("/setup/trial")
    assert (_first_button(page), _steps_over(page)) == ("做受理员：登记、受理", 1)
    office.classify(filed.case)
    office.act(filed.case, "accept", "intake")
    assert _first_button(visit.get("/setup/trial")) == "做分管领导：指派承办人"
    office.act(filed.case, "assign", "deputy", person=office["officer2"].person_id)
    page = visit.get("/setup/trial")
    assert (_first_button(page), _steps_over(page)) == ("做承办人（吴承办）：答复举报人", 3)
    assert visit.get(visit.submit(page, "做承办人").link(Case.get().number)).text
    office.act(filed.case, "write", "officer2", message="正在核实。")
    page = visit.get("/setup/trial")
    assert (_first_button(page), _steps_over(page)) == ("凭查询码看答复", 4)


def test_every_page_of_a_trial_says_so_and_leads_back_to_its_steps(visit: Visitor, link: str) -> None:
    page = visit.submit(visit.get(link), "先试一试")
    channel = page.link("打开举报表")
    for address in ("/", channel, "/track", "/office/sign-in"):
        banner = visit.get(address).soup.select_one(".banner")
        assert "试用，请勿填写真实举报" in banner.get_text()
        assert banner.select_one("a")["href"] == "/setup/trial"


def test_the_link_is_good_once(visit: Visitor, link: str) -> None:
    asked = visit.get(link)
    visit.submit(asked, "先试一试")
    visit.get(link, 404)
    visit.get(f"{link}/office", 404)
    visit.submit(asked, "先试一试", 404)
    assert Office.select().count() == 1


def test_an_office_begins_with_its_names_and_its_administrator(visit: Visitor, link: str) -> None:
    form = visit.get(visit.get(link).link("正式启用"))
    assert form.soup.select_one("[name=desk_zh]")["value"] == "受理台"
    page = visit.submit(form, "启用", **OFFICE)
    page = visit.submit(page, "继续", password=PASSWORD, again_password=PASSWORD)
    page = _first_code(visit, page)
    assert len(page.soup.select("main li")) >= 10
    first = visit.get("/office/")
    assert first.h1 == "启用清单"
    assert first.link("邀请主要负责人") == "/admin/people/new?role=head"
    visit.get("/setup/trial", 404)
    assert "试用" not in visit.get("/").soup.get_text()


def test_a_first_administrator_who_closed_the_page_goes_on_from_the_same_link(
    visit: Visitor, link: str
) -> None:
    asked = visit.submit(visit.get(f"{link}/office"), "启用", **OFFICE)
    later = Visitor(visit.app)
    page = later.get(link)
    assert page.h1 == "还差一步：设置管理员的密码"
    page = later.submit(page, "设置密码")
    visit.submit(asked, "继续", 404, password=PASSWORD, again_password=PASSWORD)
    page = later.submit(page, "继续", password=PASSWORD, again_password=PASSWORD)
    _first_code(later, page)
    assert later.get("/office/").h1 == "启用清单"
    later.get(link, 404)


def _first_code(visit: Visitor, page: Page) -> Page:
    (secret,) = [cookie.value for cookie in visit.client._cookies.values() if "w_office" in cookie.key]
    seed = accounts.activation(secret).totp_secret
    assert seed is not None
    return visit.submit(page, code=pyotp.TOTP(seed).now())


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({"office_zh": ""}, "请填写机关名称"),
        ({"unit_code": "局"}, "单位代码用1至16个字母、数字和连字符，例如QY01"),
        ({"unit_en": "x" * 121}, "最多120字，现在有121字，请删去1字"),
        ({"admin_user_name": "秦"}, "用户名用2至32个小写字母、数字、点和连字符，以字母开头"),
        ({"admin_name": ""}, "请填写你的姓名"),
    ],
)
def test_an_office_that_cannot_be_keeps_what_was_typed(
    visit: Visitor, link: str, typed: dict, fault: str
) -> None:
    page = visit.submit(visit.get(f"{link}/office"), "启用", 422, **{**OFFICE, **typed})
    assert page.faults == [fault]
    assert page.soup.select_one("[name=unit_zh]")["value"] == OFFICE["unit_zh"]
    assert not Office.select().exists()


def test_all_faults_of_an_office_are_told_at_once(visit: Visitor, link: str) -> None:
    typed = {**OFFICE, "office_zh": "", "unit_code": "局", "admin_user_name": "秦", "admin_name": ""}
    page = visit.submit(visit.get(f"{link}/office"), "启用", 422, **typed)
    assert page.faults == [
        "请填写机关名称",
        "单位代码用1至16个字母、数字和连字符，例如QY01",
        "请填写你的姓名",
        "用户名用2至32个小写字母、数字、点和连字符，以字母开头",
    ]


def test_what_has_no_english_name_is_called_by_its_own_on_english_pages(visit: Visitor, link: str) -> None:
    typed = {**OFFICE, "office_en": "", "unit_en": "", "desk_en": "", "unit_code": "qy-1"}
    visit.submit(visit.get(f"{link}/office"), "启用", **typed)
    english = Visitor(visit.app, headers={"Accept-Language": "en"})
    assert words(english.get("/").soup.select_one(".top .office")) == OFFICE["office_zh"]
    assert Unit.get().code == "QY-1"


def test_the_check_list_says_what_is_next_and_whom_it_waits_for(
    town: Town,
    founded: Callable[[], Visitor],  # noqa: F811
) -> None:
    admin = founded()
    page = enter(admin, town, "admin")
    assert _states(page) == [
        "现在由你来做",
        "等第1步完成",
        "等第1步完成",
        "等第2步完成",
        "等第3步完成",
        "等第4步完成",
    ]
    assert page.link("邀请主要负责人") == "/admin/people/new?role=head"
    head = accounts.invite(town["admin"], "head", "高主任", "head")
    page = admin.get("/admin/")
    assert _states(page)[1] == "等高主任启用账号"
    assert page.link("邀请其他人") == "/admin/people/new"
    assert (
        "还缺：分管领导1位、受理员2位、承办人2位、审理员2位、管理员1位、监督小组成员2位（至少一位来自机关以外）"
        in page.text
    )
    town.activate(head)
    assert _states(admin.get("/admin/"))[1] == "等主要负责人：高主任"
    town.make_keys()
    assert _states(admin.get("/admin/"))[:3] == ["已完成", "已完成", "现在由你来做"]


def _states(page: Page) -> list[str]:
    return [words(item) for item in page.soup.select(".tasks > li > span")]


def test_administrator_and_officers_read_the_same_list(town: Town, founded) -> None:  # noqa: F811
    town.join("head", "head")
    town.join("oversight", "oversight", is_outside=True)
    pages = []
    for user_name, address in (
        ("admin", "/admin/"),
        ("head", "/office/setup"),
        ("oversight", "/office/setup"),
    ):
        visitor = founded()
        enter(visitor, town, user_name)
        pages.append(visitor.get(address))
    numbers = [[words(n) for n in page.soup.select(".tasks .step")] for page in pages]
    assert numbers == [[f"第{n}步" for n in range(1, 7)]] * 3
    told = [[words(item.select_one("div")) for item in page.soup.select(".tasks > li")] for page in pages]
    warned = "二维码里的地址只有本机能打开。请先设置WHISTLE_PUBLIC_URL。"
    assert [row.removesuffix(warned) for row in told[0]] == told[1] == told[2]
    whose = [_states(page) for page in pages]
    assert [row[1] for row in whose] == ["等主要负责人：某head", "现在由你来做", "等主要负责人：某head"]
    oversight = "等监督小组成员：某oversight"
    assert [row[4] for row in whose] == [oversight, oversight, "现在由你来做"]


def test_step_five_is_the_administrators_when_a_second_member_is_missing(town: Town, founded) -> None:  # noqa: F811
    town.join("head", "head")
    town.join("oversight", "oversight", is_outside=True)
    desk_service.make_oversight_key(town["oversight"])
    admin = founded()
    page = enter(admin, town, "admin")
    assert _states(page)[4] == "现在由你来做"
    form = admin.get(page.link("监督小组生成密钥")).form("邀请")
    assert form.select_one("select[name=role] option[selected]")["value"] == "oversight"


def test_a_working_office_has_six_steps_done(staffed: Town, at_work) -> None:  # noqa: F811
    page = enter(at_work(), staffed, "admin")
    assert "六步都已完成" in page.text
    assert {item.get_text() for item in page.soup.select(".tasks > li > span")} == {"已完成"}


OPEN = {"public_url": "http://192.0.2.7:8000", "host": "0.0.0.0"}  # noqa: S104 - no socket is opened


def test_no_office_is_founded_where_everybody_could_read_along(
    settings: config.Settings, quick_passwords: None
) -> None:
    app = make_app(dataclasses.replace(settings, **OPEN))
    token, visit = setup.first_link(), Visitor(app)
    page = visit.get(f"/setup/{token}/office", 409)
    assert "https" in page.text
    assert "WHISTLE_PUBLIC_URL" in page.text
    button = visit.get(f"/setup/{token}").form("先试一试")
    data = {
        **OFFICE,
        "admin_user_name": "admin",
        "csrf_token": button.select_one("[name=csrf_token]")["value"],
    }
    visit.post(f"/setup/{token}/office", data, 409)
    assert not Office.select().exists()
    assert visit.submit(visit.get(f"/setup/{token}"), "先试一试").h1 == "试用已经就绪"


def test_an_office_does_not_start_on_open_http(town: Town, settings: config.Settings) -> None:
    with pytest.raises(config.ConfigError, match="WHISTLE_PUBLIC_URL=https://") as refused:
        make_app(dataclasses.replace(settings, database_url=town.url, **OPEN))
    assert len(str(refused.value).splitlines()) == 1


def test_an_office_starts_over_https_or_on_this_machine(town: Town, settings: config.Settings) -> None:
    behind = dataclasses.replace(
        settings, database_url=town.url, **{**OPEN, "public_url": "https://a.example.org"}
    )
    assert make_app(behind)
    assert make_app(dataclasses.replace(settings, database_url=town.url))


def test_the_codes_taken_on_trust_are_printed_together(staffed: Town, at_work) -> None:  # noqa: F811
    wanted = [staffed.short_code("head"), staffed.short_code("oversight")]
    assert [row.short_code for row in checklist.trusted_codes(staffed["admin"])] == wanted
    pages = {"admin": "/admin/", "head": "/office/setup", "oversight": "/office/setup"}
    for user_name, address in pages.items():
        visitor = at_work()
        enter(visitor, staffed, user_name)
        page = visitor.get(address)
        shown = [words(code) for code in page.soup.select(".trusted .big-code")]
        assert ["".join(code.split()) for code in shown] == ["".join(code.split()) for code in wanted]


def test_before_somebody_is_taken_on_trust_no_code_is_shown(town: Town, founded) -> None:  # noqa: F811
    visitor = founded()
    enter(visitor, town, "admin")
    assert not visitor.get("/admin/").soup.select(".trusted")
