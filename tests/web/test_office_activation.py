"""From an invitation link to an account: password with its meter, authenticator, codes shown once, lost passwords."""

import pyotp
import pytest

from tests.crowds import full
from tests.people import PASSWORD
from tests.web.officers import enter
from whistle.services import accounts, keyholding, slow_hash

GOOD = "qiezi-7-lundun-fengche-mi"


def test_a_link_a_password_and_a_code_make_an_account(town, founded) -> None:
    visit, link = founded(), accounts.invite(town["admin"], "head", "高主任", "head")
    page = visit.get(f"/office/invitation/{link}")
    assert "高主任，你的角色是主要负责人，登录用的用户名是head" in page.text
    page = visit.submit(page, "继续", password=GOOD, again_password=GOOD)
    assert page.h1 == "绑定手机上的验证器"
    assert page.soup.select_one(".qr svg")
    seed = _seed(page)
    assert visit.submit(page, "完成", 422, code="123").faults
    done = visit.submit(page, "完成", code=pyotp.TOTP(seed).at(town.now))
    codes = [item.get_text().strip() for item in done.soup.select(".codes li")]
    assert len(set(codes)) == 10
    assert visit.get("/office/account").h1 == "我的账号"
    again = visit.submit(page, "完成", code=pyotp.TOTP(seed).at(town.now))
    assert not set(codes) & set(again.text.split())
    assert visit.get(f"/office/invitation/{link}", 404).h1 == "这个链接不能用了"


def _seed(page) -> str:
    return "".join(page.soup.select_one(".secret").get_text().split())


def test_a_dead_link_looks_like_one_that_never_was(town, founded) -> None:
    link = accounts.invite(town["admin"], "head", "高主任", "head")
    town.wait(days=8)
    dead, never = founded().get(f"/office/invitation/{link}", 404), founded().get("/office/invitation/x", 404)
    assert dead.text == never.text
    assert founded().get(f"/office/invitation/{link}/sheet", 404).text == never.text


@pytest.mark.parametrize(
    ("password", "again", "faults"),
    [
        ("", "", ["请输入新密码", "请把新密码再输一次"]),
        (GOOD, GOOD[:-1], ["两次输入的密码不一样，请再输一次"]),
        ("short", "short", ["密码至少要10个字符"]),
        ("Jiwei@2026纪委", "Jiwei@2026纪委", ["这个密码太容易猜到。请写几个不相干的词，或再长一些"]),
        ("x" * 129, "x" * 129, ["密码最多128个字符"]),
    ],
)
def test_passwords_that_are_not_taken(town, founded, password, again, faults) -> None:
    visit, link = founded(), accounts.invite(town["admin"], "head", "高主任", "head")
    page = visit.get(f"/office/invitation/{link}")
    refused = visit.submit(page, "继续", 422, password=password, again_password=again)
    assert refused.faults == faults
    assert not any(box.get("value") for box in refused.soup.select("input[type=password]"))
    meter = refused.soup.select_one("meter")
    assert meter.find_parent(attrs={"hidden": True}) is None or not password


def test_the_meter_weighs_while_typing_and_asks_for_a_token(town, founded) -> None:
    visit, link = founded(), accounts.invite(town["admin"], "head", "高主任", "head")
    page = visit.get(f"/office/invitation/{link}")
    assert "connect-src 'self'" in page.response.headers["Content-Security-Policy"]
    token = page.form("继续").select_one("[name=csrf_token]")["value"]
    where = f"/office/invitation/{link}/strength"
    weak = visit.post(where, {"csrf_token": token, "password": "gaozhuren2026"}).response.get_json()
    good = visit.post(where, {"csrf_token": token, "password": GOOD}).response.get_json()
    assert weak["score"] < 3 <= good["score"]
    assert weak["words"].startswith("太容易被猜到")
    visit.post(where, {"password": GOOD}, 422)
    visit.post("/office/invitation/none/strength", {"csrf_token": token, "password": GOOD}, 404)


def test_who_waits_for_admission_sees_the_own_short_code_and_nothing_else(town, founded) -> None:
    town.join("head", "head")
    town.join("intake", "intake", desk="intake")
    visit = founded()
    page = enter(visit, town, "intake")
    for address in ("/office/", "/office/desk", "/office/approvals"):
        page = visit.get(address)
        assert page.h1 == "我的账号"
        assert "你的密钥还没有准入" in page.text
        assert town.short_code("intake") in page.text


def test_a_lost_password_costs_the_key_and_a_new_admission(staffed, at_work) -> None:
    link = accounts.reinvite(staffed["admin"], staffed.person("intake").id)
    visit, before = at_work(), staffed.short_code("intake")
    page = visit.get(f"/office/invitation/{link}")
    assert page.h1 == "设置新密码"
    assert "新密码会带来一把新密钥，原来的密钥作废" in page.text
    page = visit.submit(page, "继续", password=GOOD, again_password=GOOD)
    visit.submit(page, "完成", code=pyotp.TOTP(_seed(page)).at(staffed.now))
    assert staffed.short_code("intake") != before
    assert "你的密钥还没有准入" in visit.get("/office/desk").text


def test_the_recovery_sheet_keeps_the_key_of_who_lost_the_password(staffed, at_work) -> None:
    link = accounts.reinvite(staffed["admin"], staffed.person("head").id)
    visit, before = at_work(), staffed.short_code("head")
    page = visit.get(visit.get(f"/office/invitation/{link}").link("用恢复单保留"))
    slip = staffed.sheet[:-1] + ("2" if staffed.sheet[-1] != "2" else "3")
    refused = visit.submit(page, "继续", 422, sheet=slip, password=GOOD, again_password=GOOD)
    assert len(refused.faults) == 1
    page = visit.submit(refused, "继续", sheet=staffed.sheet.lower(), password=GOOD, again_password=GOOD)
    visit.submit(page, "完成", code=pyotp.TOTP(_seed(page)).at(staffed.now))
    assert staffed.short_code("head") == before
    assert visit.get("/office/desk").h1 == "工作台"


def test_the_last_leader_is_led_from_the_link_to_the_recovery_sheet(staffed, at_work) -> None:
    accounts.deactivate(staffed["admin"], staffed["deputy"].person_id)
    link = accounts.reinvite(staffed["admin"], staffed["head"].person_id)
    visit = at_work()
    page = visit.get(f"/office/invitation/{link}")
    assert "换了新密钥，就再也没有人能准入别人" in page.text
    assert not page.soup.select("input[type=password]")
    sheet = visit.get(page.link("用恢复单保留"))
    factor = visit.submit(sheet, "继续", sheet=staffed.sheet, password=GOOD, again_password=GOOD)
    visit.submit(factor, "完成", code=pyotp.TOTP(_seed(factor)).at(staffed.now))
    assert keyholding.is_admitted(staffed.person("head"))


def test_a_new_password_sent_all_the_same_is_told_of_the_sheet(staffed, at_work) -> None:
    link = accounts.reinvite(staffed["admin"], staffed["head"].person_id)
    visit = at_work()
    page = visit.get(f"/office/invitation/{link}")
    accounts.deactivate(staffed["admin"], staffed["deputy"].person_id)
    told = visit.submit(page, "继续", 409, password=GOOD, again_password=GOOD)
    assert told.h1 == "不能换新密钥"
    assert "恢复单" in told.text


def test_in_a_crowd_the_typed_sheet_stays_and_the_link_too(staffed, at_work) -> None:
    link = accounts.reinvite(staffed["admin"], staffed.person("head").id)
    visit = at_work()
    page = visit.get(f"/office/invitation/{link}/sheet")
    with full(slow_hash.PASSWORDS):
        told = visit.submit(page, "继续", 503, sheet=staffed.sheet, password=GOOD, again_password=GOOD)
    assert told.soup.select_one("textarea").get_text().strip() == staffed.sheet
    assert visit.submit(told, "继续", password=GOOD, again_password=GOOD).h1 == "绑定手机上的验证器"


def test_a_password_is_changed_with_the_old_one_and_ends_other_sessions(staffed, at_work) -> None:
    visit, other = at_work(), at_work()
    enter(visit, staffed, "officer")
    enter(other, staffed, "officer")
    page = visit.get("/office/account/password")
    refused = visit.submit(page, "更换密码", 422, old_password="no", password=GOOD, again_password=GOOD)
    assert refused.faults == ["现在的密码不对，请再输一次"]
    page = visit.submit(refused, "更换密码", old_password=PASSWORD, password=GOOD, again_password=GOOD)
    assert "密码已更换" in page.text
    assert other.get("/office/account").h1 == "登录"
    assert enter(at_work(), staffed, "officer", GOOD).h1 == "工作台"


def test_new_recovery_codes_are_shown_once_and_end_the_old(staffed, at_work) -> None:
    visit = at_work()
    enter(visit, staffed, "officer")
    page = visit.get("/office/account/recovery-codes")
    refused = visit.submit(page, "生成新的恢复码", 422, old_password="no")
    assert refused.faults == ["现在的密码不对，请再输一次"]
    page = visit.submit(refused, "生成新的恢复码", old_password=PASSWORD)
    assert len(page.soup.select(".codes li")) == 10
    assert "原来的恢复码都已作废" in page.text
    assert not visit.get("/office/account/recovery-codes").soup.select(".codes")


def test_another_authenticator_takes_the_place_of_the_lost_one(staffed, at_work) -> None:
    visit, other = at_work(), at_work()
    enter(visit, staffed, "officer")
    enter(other, staffed, "officer")
    page = visit.get("/office/account/authenticator")
    seed = page.soup.select_one("input[name=seed]")["value"]
    page = visit.submit(page, "更换验证器", 422, old_password=PASSWORD, code="000000")
    assert page.soup.select_one("input[name=seed]")["value"] == seed, "the phone has it already"
    page = visit.submit(page, "更换验证器", old_password=PASSWORD, code=pyotp.TOTP(seed).at(staffed.now))
    assert "原来的不能再用" in page.text
    assert other.get("/office/account").h1 == "登录"


def test_trying_the_old_password_again_and_again_has_to_wait(staffed, at_work) -> None:
    visit = at_work()
    enter(visit, staffed, "officer")
    page = visit.get("/office/account/password")
    for _ in range(4):
        page = visit.submit(page, "更换密码", 422, old_password="no", password=GOOD, again_password=GOOD)
    assert (
        "试的次数太多了"
        in visit.submit(page, "更换密码", 429, old_password="no", password=GOOD, again_password=GOOD).faults[
            0
        ]
    )
