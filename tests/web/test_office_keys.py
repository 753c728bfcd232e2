"""Keys: the head's sheet, the oversight desk, the superior's key, what a departure leaves; and letting people in."""

import pytest

from tests.visiting import filled
from tests.web.officers import enter
from whistle.services import accounts, desks, superior


def test_the_head_prints_the_sheet_and_types_three_groups_back(town, founded) -> None:
    town.join("head", "head")
    visit = founded()
    page = enter(visit, town, "head")
    assert page.h1 == "启用清单"
    assert "现在由你来做" in page.text
    page = visit.get(visit.get("/office/keys").link("开始"))
    sheet = visit.submit(page, "生成恢复单")
    groups = [item.get_text().strip() for item in sheet.soup.select(".sheet li")]
    assert len(groups) == 14
    assert sheet.soup.select_one(".qr svg")
    assert town.short_code("head").replace(" ", "") in sheet.text.replace(" ", "")
    page = visit.get(sheet.link("已打印，去抄回三组"))
    places = [int(label.get_text().strip()[1:-1]) for label in page.form("核对").select("label")]
    wrong = visit.submit(page, "核对", 422, group_1="AAAA", group_2="AAAA", group_3="AAAA")
    assert wrong.faults == ["三组里至少有一组和恢复单不一样。请对照恢复单，逐个字符再抄一次"]
    assert not any(group in wrong.text for group in groups)
    empty = visit.submit(page, "核对", 422)
    assert empty.faults == [f"第{place}组：请照着恢复单抄回这一组" for place in places]
    assert empty.soup.select_one("#group_1-fault").get_text() == "请照着恢复单抄回这一组"
    typed = {f"group_{n}": groups[place - 1].lower() for n, place in enumerate(places, start=1)}
    assert "这个页面打开得太久" in visit.post("/office/keys/sheet/check", typed, 422).text
    page = visit.submit(wrong, "核对", **typed)
    assert "恢复单已核对" in page.text
    assert page.link("去启用清单看下一步") == "/office/setup"
    assert "已完成" in visit.get("/office/keys").text
    visit.get("/office/keys/sheet/check", 409)


def test_the_sheet_is_the_heads_alone(staffed, at_work) -> None:
    for user_name in ("deputy", "oversight", "intake"):
        visit = at_work()
        enter(visit, staffed, user_name)
        visit.get("/office/keys/sheet", 403)


def test_a_sheet_in_force_is_not_made_again(staffed, at_work) -> None:
    visit = at_work()
    enter(visit, staffed, "head")
    page = visit.get("/office/keys/sheet")
    assert "不能再打印第二张" in page.text
    assert "生成恢复单" not in page.text
    token = page.soup.select_one("[name=csrf_token]")["value"]
    assert visit.post("/office/keys/sheet", {"csrf_token": token}, 409).h1 == "恢复单已经生效"


def test_people_are_let_in_from_one_list_of_short_codes(town, founded) -> None:
    town.join("head", "head")
    town.make_keys()
    town.join("intake", "intake", desk="intake")
    visit = founded()
    enter(visit, town, "head")
    page = visit.get("/office/admissions")
    assert town.short_code("intake").replace(" ", "") in page.text.replace(" ", "")
    assert visit.submit(page, "准入", 422).faults == ["请先和本人核对短码，再勾选"]
    key = town.key("intake").id
    assert "已准入" in visit.submit(page, "准入", **{f"key{key}-compared": "y"}).text
    assert "没有等待准入的人" in visit.get("/office/admissions").text
    other = founded()
    assert enter(other, town, "intake").h1 == "工作台"


def test_a_key_exchanged_under_the_list_is_not_let_in(town, founded) -> None:
    town.join("head", "head")
    town.make_keys()
    town.join("intake", "intake", desk="intake")
    visit = founded()
    enter(visit, town, "head")
    page, key = visit.get("/office/admissions"), town.key("intake").id
    refused = visit.submit(page, "准入", 422, **{f"key{key}-compared": "y", f"key{key}-shown": "1111 " * 5})
    assert refused.faults == ["这个人的密钥刚才换过，短码已经不同。请和本人重新核对"]
    town.activate(accounts.reinvite(town["admin"], town.person("intake").id))
    visit.submit(page, "准入", 404, **{f"key{key}-compared": "y"})


def test_a_moved_channel_waits_for_the_deputy(staffed, at_work) -> None:
    from whistle.services import channels
    from whistle.store.channels import Channel

    desk = desks.make(staffed["admin"], "另一个受理台", "Other desk")
    channels.move(staffed["admin"], Channel.get().id, desk.id)
    visit = at_work()
    enter(visit, staffed, "deputy")
    page = visit.get("/office/admissions")
    assert "把渠道“企业开办窗口”从“受理台”移到“另一个受理台”" in page.text
    assert "已驳回" in visit.submit(page, "驳回").text
    assert Channel.get().desk_id != desk.id
    channels.move(staffed["admin"], Channel.get().id, desk.id)
    assert "已确认" in visit.submit(visit.get("/office/admissions"), "确认").text
    assert Channel.get().desk_id == desk.id


def test_another_place_of_the_offices_unit_waits_for_the_head(staffed, at_work) -> None:
    from whistle.services import units

    units.make(staffed["admin"], "OTHER", "某局", "Some Bureau")
    accounts.invite(staffed["admin"], "zhou", "周某", "officer", unit_code="QY01")
    admin, head = at_work(), at_work()
    enter(admin, staffed, "admin")
    page = admin.submit(admin.get("/admin/units/QY01/edit"), "保存", parent="OTHER")
    assert "已提出，等主要负责人或分管领导确认" in page.text
    assert units.get(staffed["admin"], "QY01").parent_code is None
    assert "的上级单位由“没有上级单位”改为“某局”" in admin.get("/admin/").text
    enter(head, staffed, "head")
    page = head.get("/office/admissions")
    assert "上级单位由“没有上级单位”改为“某局”" in page.text
    assert "已确认" in head.submit(page, "确认").text
    assert units.get(staffed["admin"], "QY01").parent_code == "OTHER"


def test_who_admits_sees_the_unit_a_person_belongs_to(staffed, at_work) -> None:
    for name, unit in (("zhou", "QY01"), ("qian", None)):
        staffed.activate(accounts.invite(staffed["admin"], name, f"{name}某", "officer", unit_code=unit))
    visit = at_work()
    enter(visit, staffed, "head")
    page = visit.get("/office/admissions").text
    assert "所属单位：清源区行政审批局。反映它或者它上级的举报，对这个人关闭" in page
    assert "属于本机关" in page


def test_oversight_makes_its_key_and_both_members_give_the_superiors_force(town, founded) -> None:
    town.join("head", "head")
    town.make_keys()
    town.join("oversight", "oversight", is_outside=True)
    first, second, pair = founded(), founded(), superior.make_pair()
    enter(first, town, "oversight")
    assert "密钥已生成" in first.submit(first.get("/office/keys"), "生成").text
    town.join("oversight2", "oversight", desk="oversight")
    key = town.key("oversight2").id
    first.submit(first.get("/office/admissions"), "准入", **{f"key{key}-compared": "y"})
    page = first.get("/office/keys/superior")
    assert first.submit(page, "录入", 422, key="anything").faults
    refused = first.submit(page, "录入", 422, key=pair.private_text)
    assert refused.faults == ["这是私钥，不能录入。它可能已经泄露，请上级机关重做一对密钥"]
    assert pair.private_text.split()[1] not in refused.response.text
    page = first.submit(page, "录入", key=pair.public_text.replace(" ", "\n"))
    assert "等待另一位成员" in page.text
    assert page.link("重新录入") == "/office/keys/superior"
    assert "没有等你核对的公钥" in first.get("/office/keys/superior/confirm").text
    enter(second, town, "oversight2")
    page = second.get(second.get("/office/keys").link("核对"))
    assert second.submit(page, "核对一致", 422, code="1234").faults
    page = second.submit(page, "核对一致", code=pair.short_code)
    assert "已启用" in page.text
    assert page.link("去启用清单看下一步") == "/office/setup"


def test_who_was_not_let_in_yet_has_no_menu_that_leads_nowhere(staffed, at_work) -> None:
    staffed.join("newcomer", "officer")
    visit = at_work()
    enter(visit, staffed, "newcomer")
    page = visit.get("/office/account")
    assert [a["href"] for a in page.soup.select("nav.menu a")] == ["/office/account"]
    staffed.admit("deputy", "newcomer")
    assert "/office/desk" in [a["href"] for a in visit.get("/office/account").soup.select("nav.menu a")]


def test_after_a_departure_the_desk_waits_for_a_new_key(staffed, at_work) -> None:
    accounts.deactivate(staffed["admin"], staffed.person("intake2").id)
    visit = at_work()
    enter(visit, staffed, "deputy")
    page = visit.get("/office/keys")
    assert "“受理台”的密钥要更换" in page.text
    assert "人名检索的密钥要更换" in page.text
    tasks = page.soup.select("form[action$='/renew']")
    assert len(tasks) == 2
    for task in tasks:
        assert "密钥已更换" in visit.post(str(task["action"]), filled(task)).text
    assert "现在没有需要处理的密钥" in visit.get("/office/keys").text


def test_a_new_desk_gets_its_first_key_from_the_head(staffed, at_work) -> None:
    desks.make(staffed["admin"], "另一个受理台", "Other desk")
    visit = at_work()
    enter(visit, staffed, "head")
    page = visit.get("/office/keys")
    assert "受理台的密钥已生成" in visit.submit(page, "生成").text


def test_the_head_gives_the_names_out_of_the_own_hands(staffed, at_work) -> None:
    visit = at_work()
    enter(visit, staffed, "head")
    page = visit.get("/office/keys")
    assert "只有这一位，不能收回" in page.text
    head = staffed["head"].person_id
    assert visit.get(f"/office/keys/holders/{head}/end", 409).h1 == "这是唯一的实名信息保管人"
    desks.name_holder(staffed["head"], staffed["reviewer"].person_id)
    page = visit.get(visit.get("/office/keys").link("收回：某head"))
    assert "你手上的各份先交给其他保管人" in page.text
    assert desks.list_holders(staffed["head"])[0][0] == head
    page = visit.submit(page, "收回")
    assert "已收回，其他保管人照旧保管" in page.text
    assert [name for _, name in desks.list_holders(staffed["head"])] == ["某reviewer"]
    assert "只有这一位，不能收回" in page.text
    visit.get(f"/office/keys/holders/{head}/end", 404)


def test_a_holder_whose_halves_nobody_else_has_is_kept(staffed, at_work) -> None:
    staffed.join("late", "reviewer")
    staffed.file_named()
    visit = at_work()
    enter(visit, staffed, "head")
    desks.name_holder(staffed["head"], staffed["late"].person_id)
    page = visit.get(visit.get("/office/keys").link("收回：某head"))
    assert visit.submit(page, "收回", 409).h1 == "还有实名信息只由这一位保管"


@pytest.mark.parametrize("user_name", ["admin", "auditor", "intake", "officer"])
def test_admission_is_for_who_sits_above(staffed, at_work, user_name) -> None:
    visit = at_work()
    enter(visit, staffed, user_name)
    visit.get("/office/admissions", 403)
    visit.get("/office/keys", 403)


def test_whom_the_set_up_waits_for_lands_on_the_list_and_later_on_the_desk(town, founded) -> None:
    town.join("head", "head")
    town.join("oversight", "oversight", is_outside=True)
    assert enter(founded(), town, "head").h1 == "启用清单"
    assert enter(founded(), town, "oversight").h1 == "启用清单"
    town.make_keys()
    assert enter(founded(), town, "head").h1 == "工作台"


def test_a_newcomer_at_an_office_at_work_does_not_bring_the_head_back_to_the_list(staffed, at_work) -> None:
    staffed.join("late", "officer")
    assert enter(at_work(), staffed, "head").h1 == "工作台"


def test_who_is_told_whom_to_tell_of_a_code_that_differs(staffed, at_work) -> None:
    for user_name, told in (("head", "请让管理员立即停用该账号"), ("deputy", "请告诉主要负责人")):
        visit = at_work()
        enter(visit, staffed, user_name)
        assert told in visit.get("/office/admissions").text


def test_one_more_holder_is_one_line_to_confirm(staffed, at_work) -> None:
    desks.name_holder(staffed["admin"], staffed.person("reviewer").id)
    visit = at_work()
    enter(visit, staffed, "head")
    page = visit.get("/office/admissions")
    assert "增加实名信息保管人：某reviewer" in page.text
    assert "改为" not in page.text
