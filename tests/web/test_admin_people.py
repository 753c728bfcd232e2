"""Administrators and people: one-time links, other roles, the end of an account, and no content at all."""

import datetime as dt

import pytest

from tests.builders import MONDAY
from tests.post_office import PostOffice
from tests.visiting import Page, Visitor, words
from tests.web.officers import Desks, desks  # noqa: F401 - fixtures
from whistle import clock
from whistle.services import accounts, outbox, reminders
from whistle.services.shell import SHELL
from whistle.store.people import Person

PAGES = (
    "/admin/",
    "/admin/people",
    "/admin/people/new",
    "/admin/people/3",
    "/admin/units",
    "/admin/units/QY01",
    "/admin/units/QY01/edit",
    "/admin/desks",
    "/admin/desks/1",
    "/admin/channels",
    "/admin/channels/1",
    "/admin/channels/1/poster",
    "/admin/settings",
)


def person_id(user_name: str) -> int:
    return int(Person.get(Person.user_name == user_name).id)


def one_link(page: Page) -> str:
    """The one-time link on a page, as a path."""
    link = page.soup.select_one("#link")
    assert link is not None
    return "/" + link.get_text().split("/", 3)[3]


def test_no_page_of_an_administrator_shows_content(desks: Desks) -> None:  # noqa: F811
    story, reply = "窗口的马某每月收二百元", "您好请补充日期"
    filed = desks.office.assigned(story=story, people="马某", identity="named", name="李四", contact="138x")
    desks.office.act(filed.case, "write", "officer", message=reply)
    number = desks.url(filed).rpartition("/")[2]
    admin = desks.sit("admin")
    admin.planted = {story, "马某", "李四", "138x", reply, number, filed.case, filed.report, filed.code}
    for address in PAGES:
        admin.get(address)
    admin.planted.discard(number)  # the address of a page that is not there repeats what was asked for
    admin.get(desks.url(filed), 404)
    admin.get("/office/desk", 403)


@pytest.mark.parametrize("user_name", ["intake", "head", "auditor", "oversight"])
def test_nobody_else_gets_in(desks: Desks, user_name: str) -> None:  # noqa: F811
    visitor = desks.sit(user_name)
    for address in PAGES:
        visitor.get(address, 403)


def test_a_stranger_is_led_to_the_sign_in_page(desks: Desks) -> None:  # noqa: F811
    assert Visitor(desks.app).get("/admin/people").h1 == "登录"


def test_an_invitation_is_a_link_shown_once_that_its_owner_can_use(desks: Desks) -> None:  # noqa: F811
    admin = desks.sit("admin")
    page = admin.submit(
        admin.get("/admin/people/new"), "邀请", name="张三", user_name="zhang", role="intake", desk="1"
    )
    assert page.h1 == "给张三的一次性链接"
    link = one_link(page)
    assert link not in admin.get("/admin/people").response.text
    newcomer = Visitor(desks.app)
    chosen = newcomer.submit(
        newcomer.get(link),
        "继续",
        password="tuo-9-gehu-luobo-kanjia",
        again_password="tuo-9-gehu-luobo-kanjia",
    )
    newcomer.submit(chosen)
    row = admin.get("/admin/people?state=active").text
    assert "张三" in row
    assert "等待准入" in admin.get("/admin/people").text


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({"name": ""}, "请填写姓名"),
        ({"user_name": ""}, "请填写用户名"),
        ({"user_name": "张三"}, "用户名用2至32个小写字母、数字、点和连字符，以字母开头"),
        ({"user_name": "intake"}, "这个用户名已经有人用了，请换一个"),
        ({"role": ""}, "请选择角色"),
        ({"role": "emperor"}, "请选择角色"),
        ({"role": "auditor", "desk": "1"}, "这个角色不能坐在这个受理台，请换一个或者不选"),
        ({"is_outside": "y"}, "只有监督小组成员可以来自机关以外"),
        ({"name": "张\u202e三"}, "这里有改变文字方向的隐藏字符，已经去掉。请核对后再提交一次"),
        ({"name": "张" * 61}, "最多60字，现在有61字，请删去1字"),
    ],
)
def test_what_cannot_be_keeps_what_was_typed(desks: Desks, typed: dict, fault: str) -> None:  # noqa: F811
    admin, before = desks.sit("admin"), Person.select().count()
    usual = {"name": "张三", "user_name": "zhang", "role": "intake"}
    page = admin.submit(admin.get("/admin/people/new"), "邀请", 422, **{**usual, **typed})
    assert page.faults == [fault]
    assert page.soup.title.get_text().startswith("错误：")
    kept = {**usual, **typed}["user_name"]
    assert page.soup.select_one("[name=user_name]:not(button)")["value"] == kept
    assert Person.select().count() == before


def test_a_stale_token_keeps_what_was_typed(desks: Desks) -> None:  # noqa: F811
    admin = desks.sit("admin")
    page = admin.submit(
        admin.get("/admin/people/new"),
        "邀请",
        422,
        name="张三",
        user_name="zhang",
        role="intake",
        csrf_token="old",
    )
    assert page.soup.select_one("input[name=name]")["value"] == "张三"
    assert admin.submit(page, "邀请").h1 == "给张三的一次性链接"


def test_before_an_account_ends_the_page_says_what_is_left_behind(desks: Desks) -> None:  # noqa: F811
    for _ in range(2):
        desks.office.assigned("officer")
    admin = desks.sit("admin")
    for act in ("deactivate", "role"):
        text = admin.get(f"/admin/people/{person_id('officer')}/{act}").text
        assert "正在承办2件" in text
        assert "能打开2件" in text
        assert "分管受理台、档案台，请马上" in admin.get(f"/admin/people/{person_id('deputy')}/{act}").text
    assert "正在承办" not in admin.get(f"/admin/people/{person_id('auditor')}/deactivate").text


def test_a_deactivated_person_is_out_at_once(desks: Desks) -> None:  # noqa: F811
    admin, intake = desks.sit("admin"), desks.sit("intake")
    page = admin.get(f"/admin/people/{person_id('intake')}/deactivate")
    assert "停用立即生效" in page.text
    assert Person.get(Person.user_name == "intake").state == "active"
    assert admin.submit(page, "停用").text.startswith("返回 账号已停用")
    assert intake.get("/office/desk").h1 == "登录"
    page = admin.get(f"/admin/people/{person_id('intake')}")
    told = {words(row.dt): words(row.dd) for row in page.soup.select(".summary > div")}
    assert (told["准入"], told["受理台"]) == ("已收回", "无")


def test_the_last_head_stays(desks: Desks) -> None:  # noqa: F811
    admin = desks.sit("admin")
    page = admin.submit(admin.get(f"/admin/people/{person_id('head')}/deactivate"), "停用", 409)
    assert page.h1 == "这是唯一的主要负责人"


def test_who_cannot_leave_is_not_offered_to_be_ended(desks: Desks) -> None:  # noqa: F811
    admin = desks.sit("admin")
    page = admin.get(f"/admin/people/{person_id('head')}")
    assert "这是唯一的主要负责人，现在不能停用，也不能变更角色" in page.text
    assert not page.soup.select("a[href$='/deactivate'], a[href$='/role']")
    assert admin.get(f"/admin/people/{person_id('deputy')}").soup.select("a[href$='/deactivate']")


def test_of_an_oversight_member_no_cases_are_counted_and_the_other_one_is_named(desks: Desks) -> None:  # noqa: F811
    filed = desks.office.file(own_people=True)
    assert filed
    admin, number = desks.sit("admin"), person_id("oversight2")
    for address in (f"/admin/people/{number}/deactivate", f"/admin/people/{number}/invite"):
        told = " ".join(words(part) for part in admin.get(address).soup.select("main p, main li"))
        assert "监督小组另一位成员" in told
        assert "分管领导" not in told
        assert "1件" not in told


def test_another_role_takes_everything_and_asks_for_admission_again(desks: Desks) -> None:  # noqa: F811
    admin, number = desks.sit("admin"), person_id("intake2")
    page = admin.submit(admin.get(f"/admin/people/{number}/role"), "变更角色", role="officer")
    assert "原来的权限已收回" in page.text
    assert "等主要负责人或分管领导核对短码" in page.text
    assert admin.submit(admin.get(f"/admin/people/{number}/role"), "变更角色", 422, role="oversight").faults


def test_the_own_account_is_another_administrators_matter(desks: Desks) -> None:  # noqa: F811
    admin, own = desks.sit("admin"), person_id("admin")
    assert "另一位管理员" in admin.get(f"/admin/people/{own}").text
    token = _token(admin.get(f"/admin/people/{own}/invite"))
    for act in ("deactivate", "invite", "role"):
        admin.post(f"/admin/people/{own}/{act}", token | {"role": "head"}, 403)
    for act in ("deactivate", "role"):
        admin.get(f"/admin/people/{own}/{act}", 403)


def _token(page: Page) -> dict[str, str]:
    return {"csrf_token": str(page.soup.select_one("main [name=csrf_token]")["value"])}


def test_a_new_link_ends_the_one_before(desks: Desks) -> None:  # noqa: F811
    admin = desks.sit("admin")
    asked = admin.get("/admin/people/new")
    first = one_link(admin.submit(asked, "邀请", name="张三", user_name="zhang", role="auditor"))
    again = admin.submit(admin.get(f"/admin/people/{person_id('zhang')}/invite"), "生成新链接")
    Visitor(desks.app).get(first, 404)
    assert Visitor(desks.app).get(one_link(again)).h1


def test_a_reloaded_page_shows_the_same_link_and_makes_no_other(desks: Desks) -> None:  # noqa: F811
    admin, before = desks.sit("admin"), Person.select().count()
    page = admin.submit(
        admin.get("/admin/people/new"), "邀请", name="张三", user_name="Zhang", role="auditor"
    )
    address = page.response.request.full_path
    assert address.startswith(f"/admin/people/{person_id('zhang')}/invite?")
    link = one_link(page)
    assert one_link(admin.get(address)) == link
    assert Person.select().count() == before + 1
    cookie = admin.client.get_cookie("w_link", path=address.partition("?")[0])
    assert (cookie.max_age, cookie.http_only, cookie.same_site) == (600, True, "Strict")
    assert link.rpartition("/")[2] not in admin.get(f"/admin/people/{person_id('intake')}/invite?made=1").text


def test_without_its_cookie_the_link_is_gone_and_the_page_says_how_to_get_another(desks: Desks) -> None:  # noqa: F811
    admin, other = desks.sit("admin"), desks.sit("admin2")
    page = admin.submit(
        admin.get("/admin/people/new"), "邀请", name="张三", user_name="zhang", role="auditor"
    )
    address = page.response.request.full_path
    gone = other.get(address)
    assert "重新邀请可得新链接" in gone.text
    assert gone.link("重新邀请") == address.partition("?")[0]
    accounts.finish_activation(
        accounts.start_activation(one_link(page).rpartition("/")[2], desks.office.password)
    )
    assert not admin.get(address).soup.select("#link"), "a used link is shown no more"


def test_a_known_browser_is_a_link_and_nothing_more(desks: Desks) -> None:  # noqa: F811
    admin = desks.sit("admin")
    page = admin.submit(admin.get(f"/admin/people/{person_id('officer')}"), "解除登录等待")
    assert Visitor(desks.app).get(one_link(page)).h1 == "登录"


def test_a_seat_is_only_a_wish(desks: Desks) -> None:  # noqa: F811
    admin, number = desks.sit("admin"), person_id("officer")
    page = admin.submit(admin.get(f"/admin/people/{number}/seat"), "提出", desk="1")
    assert "准入后生效" in page.text
    officer = desks.sit("officer")
    filed = desks.office.file()
    officer.get(desks.url(filed), 404)


def test_the_list_filters_by_role_and_state(desks: Desks) -> None:  # noqa: F811
    admin = desks.sit("admin")
    page = admin.get("/admin/people?role=intake")
    assert "何受理" in page.text
    assert "高主任" not in page.text
    assert page.link("去掉：角色：受理员")
    assert "没有符合条件的人" in admin.get("/admin/people?state=deactivated").text


def test_a_person_who_is_not_there_is_no_page(desks: Desks) -> None:  # noqa: F811
    desks.sit("admin").get("/admin/people/999", 404)


def test_a_person_is_corrected_and_the_page_keeps_what_was(desks: Desks) -> None:  # noqa: F811
    admin, address = desks.sit("admin"), f"/admin/people/{person_id('officer')}"
    form = admin.get(f"{address}/correct")
    assert admin.submit(form, "更正", 422, user_name="intake").faults == ["这个用户名已经有人用了，请换一个"]
    page = admin.submit(form, "更正", user_name="wang")
    assert "资料已更正" in page.text
    assert "原来的用户名：officer" in page.text
    page = admin.submit(admin.get(f"{address}/correct"), "更正", name="王五", unit="QY01")
    assert "等主要负责人或分管领导确认" in page.text
    asked = desks.sit("head").get("/office/admissions").text
    assert "改为“王五”" in asked
    assert "的所属单位由“本机关”改为" in asked


def test_days_away_without_a_year_are_those_to_come(desks: Desks) -> None:  # noqa: F811
    with clock.at(dt.datetime(2026, 11, 29, 2, tzinfo=dt.UTC)):
        admin, address = desks.sit("admin"), f"/admin/people/{person_id('officer')}"
        page = admin.submit(admin.get(f"{address}/absent"), "登记", from_on="11月30日", to_on="1月4日")
        assert "2026年11月30日至2027年1月4日" in page.text
        assert "离岗到" not in admin.get("/admin/people").text


def test_the_heads_absence_gives_nobody_anything_and_says_so(desks: Desks) -> None:  # noqa: F811
    admin = desks.sit("admin")
    text = admin.get(f"/admin/people/{person_id('head')}/absent").text
    assert "离岗本身不给任何人权限" in text
    assert "主要负责人也能决定" not in text
    assert "主要负责人也能决定" in admin.get(f"/admin/people/{person_id('deputy')}/absent").text


def test_who_is_away_is_told_where_cases_are_given_and_can_come_back_early(desks: Desks) -> None:  # noqa: F811
    admin, address = desks.sit("admin"), f"/admin/people/{person_id('officer')}"
    form = admin.get(f"{address}/absent")
    assert admin.submit(form, "登记", 422, from_on="2030-01-01", to_on="2020-01-01").faults
    page = admin.submit(form, "登记", from_on="2026-01-01", to_on="2028-01-01")
    assert "2026年1月1日至2028年1月1日" in page.text
    assert "离岗到2028年1月1日" in admin.get("/admin/people").text
    to_give = desks.url(desks.office.accepted(), "/do/assign")
    said = "，离岗到2028年1月1日"
    assert said in desks.sit("deputy").get(to_give).text
    assert "提前结束" in admin.submit(page, "结束这次离岗").text
    assert said not in desks.sit("deputy").get(to_give).text


def test_where_reminders_go_is_entered_by_the_administrator_and_by_the_person(desks: Desks) -> None:  # noqa: F811
    admin, officer = desks.sit("admin"), desks.sit("officer")
    admin.submit(
        admin.get("/admin/people/new"),
        "邀请",
        name="张三",
        user_name="zhang",
        role="intake",
        email="z@example.org",
    )
    assert Person.get(Person.user_name == "zhang").email == "z@example.org"
    page = admin.get(f"/admin/people/{person_id('officer')}/correct")
    assert admin.submit(page, "更正", 422, email="somewhere").faults == [
        "请填写完整的电子邮箱，例如jubao@example.gov.cn"
    ]
    admin.submit(page, "更正", email=" wang@example.org ")
    page = officer.get("/office/account/email")
    assert page.soup.select_one("[name=email]")["value"] == "wang@example.org"
    assert officer.submit(page, "保存", 422, email="a@b").faults
    assert "邮箱已保存" in officer.submit(page, "保存", email="").text
    assert Person.get(Person.user_name == "officer").email is None
    told = admin.get(f"/admin/people/{person_id('officer')}").text
    assert "原来的邮箱：wang@example.org" in told
    assert "原来的邮箱：无" in told


def test_what_does_not_reach_its_people_stands_on_the_checklist(
    desks: Desks,  # noqa: F811
    post_office: PostOffice,
) -> None:
    name = Person.get(Person.user_name == "officer").name
    Person.update(email="a@example.org").where(Person.user_name != "officer").execute()
    Person.update(email="b@example.org").where(Person.user_name == "deputy").execute()
    post_office.refuses["b@example.org"] = "550 no such user"
    desks.office.assigned("officer2")
    with clock.at(MONDAY + dt.timedelta(days=36)):
        reminders.run(SHELL)
        outbox.send_due(SHELL)
        admin = desks.sit("admin")
        text = admin.get("/admin/").text
        assert f"{name}还没有邮箱，到期提醒只在工作台上能看到" in text
        lost = Person.get(Person.user_name == "deputy").name
        assert f"给{lost}的到期提醒没能发出：邮件服务器不接受收件地址。" in text
