"""Signing in: both steps, where it leads on to, what a wrong word costs, and what an ended session leaves."""

import pytest

from tests.crowds import full
from tests.people import PASSWORD
from tests.visiting import Visitor, filled, words
from tests.web.officers import Desks, enter
from whistle.services import accounts, sessions, slow_hash
from whistle.store.people import OfficerSession


def test_in_a_trial_user_name_and_password_are_enough(desks: Desks) -> None:
    assert desks.sit("intake").get("/office/").h1 == "工作台"
    assert desks.sit("auditor").get("/office/").h1 == "日志核验"
    assert desks.sit("supervisor").get("/office/").h1 == "我的账号"


def test_in_an_office_the_code_of_the_authenticator_comes_second(town, founded) -> None:
    visit = founded()
    page = _first_step(visit, town)
    assert page.h1 == "验证码"
    refused = visit.submit(page, "继续", 422, code="000000")
    assert refused.faults == ["这个验证码或恢复码不对，或者已经用过。请等下一个验证码，再输一次"]
    visit.submit(refused, "继续", code=town.code("admin"))
    assert visit.get("/office/account").h1 == "我的账号"


def test_the_second_step_takes_no_form_without_its_token(town, founded) -> None:
    visit = founded()
    _first_step(visit, town)
    assert "这个页面打开得太久" in visit.post("/office/sign-in/code", {"code": town.code("admin")}, 422).text
    assert visit.get("/office/account").h1 == "登录"


def test_a_recovery_code_stands_in_once(town, founded) -> None:
    visit, other = founded(), founded()
    code = town.codes["admin"][0]
    visit.submit(_first_step(visit, town), "继续", code=code.lower())
    assert visit.get("/office/account").h1 == "我的账号"
    assert other.submit(_first_step(other, town), "继续", 422, code=code).faults


def _first_step(visitor: Visitor, town):
    town.wait(minutes=1)
    return visitor.submit(
        visitor.get("/office/sign-in"), "登录", user_name="admin", password="tuo-9-gehu-luobo-kanjia"
    )


@pytest.mark.parametrize(
    ("typed", "faults"),
    [
        ({"user_name": "", "password": ""}, ["请输入用户名", "请输入密码"]),
        ({"user_name": "intake", "password": ""}, ["请输入密码"]),
        ({"user_name": "intake", "password": "no"}, ["用户名或密码不对"]),
        ({"user_name": "nobody", "password": "no"}, ["用户名或密码不对"]),
        ({"user_name": "x" * 81, "password": "no"}, ["最多80字，现在有81字，请删去1字"]),
        ({"user_name": "intake", "password": "\ufffd"}, ["这个密码太长或含有无法识别的字符，请换一个"]),
        (
            {"user_name": "in\u202etake", "password": "no"},
            ["这里有改变文字方向的隐藏字符，已经去掉。请核对后再提交一次"],
        ),
    ],
)
def test_what_cannot_be_signed_in_with(desks: Desks, typed, faults) -> None:
    visitor = Visitor(desks.app)
    page = visitor.get("/office/sign-in")
    data = {**typed, "csrf_token": page.form("登录").select_one("[name=csrf_token]")["value"]}
    body = "&".join(f"{name}={_quoted(value)}" for name, value in data.items())
    refused = visitor.post("/office/sign-in", body, 422, content_type="application/x-www-form-urlencoded")
    assert refused.faults == faults


def _quoted(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


def test_after_some_wrong_tries_the_page_says_how_long_to_wait(desks: Desks) -> None:
    visitor = Visitor(desks.app)
    page = visitor.get("/office/sign-in")
    for _ in range(4):
        page = visitor.submit(page, "登录", 422, user_name="officer", password="no")
    page = visitor.submit(page, "登录", 429, user_name="officer", password=desks.office.password)
    assert "试的次数太多了" in page.faults[0]
    assert int(page.response.headers["Retry-After"]) >= 1
    assert page.form("登录").select_one("[name=user_name]")["value"] == "officer"


def test_in_a_crowd_the_page_says_to_try_again_and_counts_nothing(desks: Desks) -> None:
    visitor = Visitor(desks.app)
    page = visitor.get("/office/sign-in")
    with full(slow_hash.PASSWORDS):
        for _ in range(6):
            page = visitor.submit(page, "登录", 503, user_name="officer", password=desks.office.password)
    assert page.faults == ["这会儿同时提交的人太多，这一次还没有处理。请过几秒再提交一次"]
    assert int(page.response.headers["Retry-After"]) <= 2
    assert page.form("登录").select_one("[name=user_name]")["value"] == "officer"
    visitor.submit(page, "登录", user_name="officer", password=desks.office.password)


def test_it_leads_back_to_the_page_that_was_asked_for_and_never_elsewhere(desks: Desks) -> None:
    visitor = Visitor(desks.app)
    page = visitor.get("/office/desk?view=ended")
    assert page.h1 == "登录"
    onward = visitor.submit(page, "登录", user_name="intake", password=desks.office.password)
    assert onward.response.request.path == "/office/desk"
    assert onward.response.request.args["view"] == "ended"
    other = Visitor(desks.app)
    page = other.get("/office/sign-in?next=//evil.example/")
    assert other.submit(page, "登录", user_name="intake", password=desks.office.password).h1 == "工作台"


def test_an_ended_session_says_so_and_leads_back(desks: Desks) -> None:
    intake = desks.sit("intake")
    sessions.end_all(_person(desks, "intake"))
    page = intake.get("/office/approvals")
    assert "登录已经结束" in page.text
    assert intake.submit(page, "登录", user_name="intake", password=desks.office.password).h1 == "待批事项"


def test_what_was_typed_when_the_session_ended_is_sent_again_after_signing_in(desks: Desks) -> None:
    filed = desks.classified()
    intake, letter = (
        desks.sit("intake"),
        "请问您方便补充当天的时间吗？我们需要它来核对窗口的值班表，谢谢您的配合。",
    )
    page = intake.get(desks.url(filed, "/messages"))
    sessions.end_all(_person(desks, "intake"))
    ended = intake.submit(page, "发出答复", 401, message=letter)
    assert ended.h1 == "登录已经结束"
    assert letter in ended.soup.select_one("textarea").get_text()
    assert "no-such-password" not in ended.response.text
    other_tab = intake.get("/office/sign-in")
    intake.submit(other_tab, "登录", user_name="intake", password=desks.office.password)
    sent = intake.submit(ended, "再提交一次")
    assert letter in sent.text
    assert "已发出答复" in sent.text


def test_signing_out_ends_the_session_itself(desks: Desks) -> None:
    intake = desks.sit("intake")
    cookie = intake.client.get_cookie("w_office")
    assert intake.submit(intake.get("/office/account"), "退出").h1 == "登录"
    intake.client.set_cookie("w_office", cookie.value)
    assert intake.get("/office/desk").h1 == "登录"


def test_in_a_trial_one_click_changes_the_person(desks: Desks) -> None:
    page = desks.sit("intake").get("/office/desk")
    visitor = Visitor(desks.app)
    assert visitor.submit(visitor.get("/office/sign-in"), "分管领导").h1 == "工作台"
    assert "沈分管" in visitor.get("/office/account").text
    assert "换成" in page.soup.select_one(".person-bar").get_text()


def test_in_a_real_office_nobody_changes_person(town, founded) -> None:
    visit = founded()
    page = enter(visit, town, "admin")
    assert not page.soup.select(".person-bar")
    token = page.form("退出").select_one("[name=csrf_token]")["value"]
    visit.post("/office/switch", {"csrf_token": token, "user_name": "head"}, 404)


def test_who_is_deactivated_meanwhile_gets_the_sign_in_page(desks: Desks) -> None:
    officer = desks.sit("officer2")
    accounts.deactivate(desks.office["admin"], desks.office["officer2"].person_id)
    assert officer.get("/office/desk").h1 == "登录"
    page = officer.get("/office/sign-in")
    officer.submit(page, "登录", 422, user_name="officer2", password=desks.office.password)


def test_a_link_of_the_administrator_makes_the_browser_a_known_one_on_signing_in(town, founded) -> None:
    visit = founded()
    token = sessions.let_pass(town["admin"], town.person("admin").id)
    page = visit.get(f"/office/sign-in?device={token}&next=/office/account")
    assert visit.client.get_cookie("w_device") is None
    page = visit.submit(page, "登录", 422, user_name="admin", password="wrong")
    assert visit.client.get_cookie("w_device") is None
    page = visit.submit(page, "登录", user_name="admin", password=PASSWORD)
    town.wait(minutes=1)
    assert visit.client.get_cookie("w_device").value == token
    assert visit.submit(page, "继续", code=town.code("admin")).h1 == "我的账号"
    assert visit.client.get_cookie("w_device").value == token


def test_tries_in_a_browser_with_such_a_link_are_counted_apart(town, founded) -> None:
    stranger, owner = founded(), founded()
    for _ in range(sessions.FREE_TRIES + 1):
        page = stranger.get("/office/sign-in")
        stranger.client.post(
            "/office/sign-in",
            data={**filled(page.form("登录")), "user_name": "admin", "password": "wrong"},
        )
    token = sessions.let_pass(town["admin"], town.person("admin").id)
    page = owner.get(f"/office/sign-in?device={token}")
    assert owner.submit(page, "登录", user_name="admin", password=PASSWORD).h1 == "验证码"


@pytest.mark.parametrize("link", ["junk", "", "\x00", "x" * 500])
def test_a_link_with_anything_else_in_it_makes_no_browser_known(town, founded, link: str) -> None:
    visit = founded()
    page = visit.get("/office/sign-in", query_string={"device": link})
    visit.submit(page, "登录", user_name="admin", password=PASSWORD)
    assert visit.client.get_cookie("w_device") is None


def test_a_link_never_takes_the_place_of_a_browser_that_is_known(town, founded) -> None:
    visit = founded()
    own, other = (sessions.let_pass(town["admin"], town.person("admin").id) for _ in range(2))
    visit.client.set_cookie("w_device", own)
    page = visit.get(f"/office/sign-in?device={other}")
    visit.submit(page, "登录", user_name="admin", password=PASSWORD)
    assert visit.client.get_cookie("w_device").value == own


def test_the_device_of_somebody_deactivated_is_no_known_one(staffed) -> None:
    token = sessions.let_pass(staffed["admin"], staffed.person("officer").id)
    assert sessions.is_known_device(token)
    accounts.deactivate(staffed["admin"], staffed.person("officer").id)
    assert not sessions.is_known_device(token)


def test_signing_in_again_ends_the_session_of_before(desks: Desks) -> None:
    intake = desks.sit("intake")
    before = intake.client.get_cookie("w_office").value
    page = intake.get("/office/sign-in")
    intake.submit(page, "登录", user_name="officer", password=desks.office.password)
    after = intake.client.get_cookie("w_office").value
    assert after != before
    intake.client.set_cookie("w_office", before)
    assert intake.get("/office/account").h1 == "登录"
    intake.client.set_cookie("w_office", after)
    assert intake.get("/office/account").h1 == "我的账号"


def _person(desks: Desks, user_name: str):
    from whistle.store.people import Person

    return Person.get(Person.user_name == user_name)


@pytest.mark.parametrize(
    ("part", "button", "typed", "labels"),
    [
        (
            "/do/redirect",
            "报批",
            {"receiver": "市税务局", "message": "已转市税务局。"},
            {"接收机关": "市税务局", "告知举报人转往何处": "已转市税务局。"},
        ),
        ("/messages", "发出答复", {"message": "请稍候。"}, {"答复内容": "请稍候。"}),
        ("/do/to_oversight", "转密封处理", {"reason": "涉及本机关。"}, {"理由": "涉及本机关。"}),
    ],
)
def test_after_the_session_ended_every_text_is_there_to_read_with_its_label(
    desks: Desks, part: str, button: str, typed: dict, labels: dict
) -> None:
    filed = desks.classified()
    intake = desks.sit("intake")
    page = intake.get(desks.url(filed, part))
    OfficerSession.delete().execute()
    ended = intake.submit(page, button, 401, **typed)
    shown = {
        words(ended.soup.select_one(f"label[for={box['id']}]")): box.get_text().strip()
        for box in ended.soup.select("textarea")
    }
    assert shown == labels
    aside = Visitor(desks.app).get(ended.link("在新窗口登录"))
    assert "登录后关掉这个窗口，回到原来那一页" in aside.text
    assert "会回到刚才的页面" not in aside.text


def test_after_the_session_ended_the_reason_of_a_return_is_there_to_read(desks: Desks) -> None:
    filed = desks.classified()
    desks.office.act(filed.case, "decline", "intake", reason="court", message="请向法院起诉。")
    deputy = desks.sit("deputy")
    page = deputy.get(deputy.get("/office/approvals").link("查看并决定"))
    OfficerSession.delete().execute()
    ended = deputy.submit(page, "退回", 401, words="请再核实。")
    assert words(ended.soup.select_one("label[for^=kept-]")) == "退回的理由"
    assert "请再核实。" in ended.soup.select_one("textarea").get_text()
