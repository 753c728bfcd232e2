"""The forms of steps on a case and its things: what they begin with, what they show, what they offer."""

import pytest

from tests import stages
from tests.cases import days_later
from tests.visiting import Page, filled, words
from tests.web.officers import Desks
from whistle import clock
from whistle.services import absences, accounts, units
from whistle.services.casework import approvals
from whistle.services.casework.act import act
from whistle.store.cases import Case
from whistle.store.database import atomic_write
from whistle.store.things import Excerpt, Item, Talk


def summary(page: Page) -> dict[str, str]:
    """The labelled lines of a page."""
    return {words(dt): words(dt.find_next("dd")) for dt in page.soup.select("main .summary dt")}


def item_submitted(desks: Desks) -> tuple[object, str]:
    """A problem whose evidence one officer of two submitted, by its case and id."""
    filed = stages.verifying(desks.office)
    desks.office.act(
        filed.case, "item.make", "officer", problem="窗口没有公示", unit=stages.unit_code(), owner="钱主任"
    )
    item = Item.get(Item.case == filed.case).id
    desks.office.act(filed.case, "item.submit", "officer", thing=item, evidence="已经上墙公示，附照片两张。")
    return filed, item


def test_the_box_for_what_was_seen_is_empty_and_what_is_written_in_it_is_kept(desks: Desks) -> None:
    filed, item = item_submitted(desks)
    other = desks.sit("officer2")
    page = other.get(desks.url(filed, f"/do/item.strike_off?thing={item}"))
    assert filled(page.form("对账销号"))["seen"].strip() == ""
    page = other.post(f"{page.address}", filled(page.form("对账销号")) | {"seen": "现场看过。"})
    assert Item.get_by_id(item).state == "struck_off"


def test_the_record_names_the_people_of_a_group_that_was_proposed(desks: Desks) -> None:
    filed = stages.verifying(desks.office)
    page = desks.sit("officer").get(desks.url(filed, "/record"))
    groups = [words(dt.find_next("dd")) for dt in page.soup.select("dt") if words(dt).startswith("核查组")]
    assert len(groups) == 2
    assert groups[0] == groups[1]
    assert not any(digit in groups[0] for digit in "0123456789")


def test_who_strikes_off_reads_the_evidence_and_so_does_the_list(desks: Desks) -> None:
    filed, item = item_submitted(desks)
    other = desks.sit("officer2")
    for part in ("/rectification", f"/do/item.strike_off?thing={item}", f"/do/item.return?thing={item}"):
        assert "已经上墙公示，附照片两张。" in other.get(desks.url(filed, part)).text


def test_a_talk_shows_its_days_and_its_record(desks: Desks) -> None:
    filed = desks.office.assigned()
    day = clock.today()
    plan = {"who": "钱某", "planned_on": day, "outline": "问窗口"}
    act(filed.case, "talk.schedule", desks.office["officer"], **plan)
    talk = Talk.get(Talk.case == filed.case).id
    officer = desks.sit("officer")
    rows = summary(officer.get(desks.url(filed, "/measures")))
    assert rows["约定日期"] == "2026年9月14日"
    assert "期限" not in rows
    desks.office.act(filed.case, "talk.hold", "officer", thing=talk, day=day, record="本人承认拖延。")
    rows = summary(officer.get(desks.url(filed, "/measures")))
    assert rows["谈话日期"] == "2026年9月14日"
    assert rows["谈话记录"] == "本人承认拖延。"


def test_a_delivered_measure_shows_receipt_and_scope(desks: Desks) -> None:
    filed, measure = stages.enforcing(desks.office)
    given = {"day": clock.today(), "receipt": "本人签收", "scope": "在本单位宣布"}
    desks.office.act(filed.case, "measure.deliver", "officer", thing=measure, **given)
    rows = summary(desks.sit("officer").get(desks.url(filed, "/measures")))
    assert (rows["回执或者见证人"], rows["宣布的范围"]) == ("本人签收", "在本单位宣布")
    assert rows["送达日期"] == "2026年9月14日"


def test_who_confirms_an_excerpt_has_its_words_on_the_page(desks: Desks) -> None:
    filed = stages.verifying(desks.office)
    given = {"to_whom": "市税务局", "text": "窗口四次拒收材料。"}
    desks.office.act(filed.case, "excerpt.make", "officer", **given)
    excerpt = Excerpt.get(Excerpt.case == filed.case).id
    page = desks.sit("officer2").get(desks.url(filed, f"/do/excerpt.confirm?thing={excerpt}"))
    assert summary(page)["摘录的内容"] == "窗口四次拒收材料。"


def test_what_was_pressed_for_stands_out_and_beside_the_answer(desks: Desks) -> None:
    filed = desks.office.assigned()
    officer = desks.sit("officer")
    assert "督办回复" not in officer.get(desks.url(filed)).text
    desks.office.act(filed.case, "press", "deputy", what="本周内谈话", due=days_later(5).date())
    page = officer.get(desks.url(filed))
    assert "督办回复" in [words(a) for a in page.soup.select("nav.acts:not(details nav) a")]
    page = officer.get(page.link("督办回复"))
    assert summary(page) == {"督办事项": "本周内谈话", "完成期限": "2026年9月19日"}


def test_what_a_decision_still_lacks_is_said_before_its_form_is_filled_in(desks: Desks) -> None:
    office = desks.office
    filed = stages.reviewing(office)
    reviewer = desks.sit("reviewer")
    assert "作出决定以前还差还没有拟定措施" in reviewer.get(desks.url(filed, "/do/to_decision")).text
    person = stages.listed(office, filed.case)
    stages.draw_up(office, filed.case, "admin_warning", subject_person=person)
    page = reviewer.get(desks.url(filed, "/do/to_decision"))
    assert "作出决定以前还差还没有听取陈述申辩" in page.text
    assert "警告（钱窗口）" in page.text
    hearing = {"day": clock.today(), "facts_told": True, "statement": "无异议", "checked": "无"}
    office.act(filed.case, "hear_subject", "reviewer", subject_person=person, **hearing)
    stages.ask(office, filed.case, "to_decision", "reviewer", "head", written_report="事实清楚")
    assert "作出决定以前还差" not in desks.sit("head").get(desks.url(filed, "/do/decide")).text


def test_a_light_measure_is_said_to_be_for_either_leader_to_decide(desks: Desks) -> None:
    filed, _measure = stages.deciding(desks.office, "educate")
    assert "由分管领导或者主要负责人决定" in desks.sit("head").get(desks.url(filed, "/do/decide")).text


def test_a_refused_decision_comes_back_with_what_was_typed(desks: Desks) -> None:
    filed, _measure = stages.deciding(desks.office)
    head = desks.sit("head")
    page = head.get(desks.url(filed, "/do/decide"))
    back = head.submit(page, "作出决定", 422, decision="none", reason="情节轻微，不予处分。")
    assert "已经拟定了措施" in back.faults[0]
    assert back.soup.select_one("textarea[name=reason]").get_text().strip() == "情节轻微，不予处分。"


def test_a_unit_that_has_to_be_chosen_is_not_offered_as_unknown(desks: Desks) -> None:
    filed = stages.verifying(desks.office)
    page = desks.sit("officer").get(desks.url(filed, "/do/item.make"))
    assert words(page.soup.select_one("select[name=unit] option")) == "请选择"
    assert "（不填为三十日）" not in page.text
    assert "不填为三十日" in page.text


def test_a_measure_is_on_a_person_or_a_unit_and_neither_box_is_called_optional(desks: Desks) -> None:
    filed = stages.verifying(desks.office)
    officer = desks.sit("officer")
    page = officer.get(desks.url(filed, "/do/measure.propose"))
    labels = [words(label) for label in page.soup.select("label[for=subject_person], label[for=unit]")]
    assert labels == ["对谁（人）", "对哪个单位"]
    assert "选一个人或者一个单位" in page.text
    assert officer.get(page.link("列为处理对象")).form("列为处理对象")
    stages.listed(desks.office, filed.case)
    page = officer.get(desks.url(filed, "/do/measure.propose"))
    assert "先把他列为处理对象" not in page.text
    assert {words(box) for box in page.soup.select("select option[value='']")} == {"请选择"}
    back = officer.submit(page, "拟定措施", 422, code="educate", grounds="多次推诿")
    assert back.faults == ["请选一个人，或者选一个单位，只选其中一项"]
    person = back.soup.select("select[name=subject_person] option")[1]["value"]
    assert "批评教育（钱窗口）" in officer.submit(back, "拟定措施", subject_person=person).text


def test_feedback_is_interim_until_the_case_is_concluded(desks: Desks) -> None:
    filed, _measure = stages.enforcing(desks.office)
    page = desks.sit("officer").get(desks.url(filed, "/do/feed_back"))
    assert [box["value"] for box in page.soup.select("input[name=stage]")] == ["interim"]
    assert page.soup.select_one("input[name=stage]").has_attr("checked")
    filed, _measure = stages.enforced(desks.office)
    page = desks.sit("officer").get(desks.url(filed, "/do/feed_back"))
    assert [box["value"] for box in page.soup.select("input[name=stage]")] == ["interim", "final"]


@pytest.mark.parametrize("action", ["redirect", "refer"])
def test_the_unit_reported_on_is_not_among_the_receivers(desks: Desks, action: str) -> None:
    with atomic_write():
        for code, parent in (("QY03", None), ("QY03-01", "QY03"), ("QY04", None)):
            made, name = units.make_unit(code, by=None), f"单位{code}"
            given = {"kind": "department", "parent_code": parent, "valid_on": clock.today(), "by": None}
            units.add_fact(made, name, name, **given)
    filed = desks.office.assigned(unit="QY03")
    page = desks.sit("officer").get(desks.url(filed, f"/do/{action}"))
    offered = {option["value"] for option in page.soup.select("select[name=receiver_unit] option")}
    assert "QY04" in offered
    assert not {"QY03", "QY03-01"} & offered


def test_a_case_to_merge_into_is_found_by_the_end_of_its_number(desks: Desks) -> None:
    target, filed = desks.office.assigned(), desks.office.assigned()
    officer = desks.sit("officer")
    page = officer.get(desks.url(filed, "/do/merge"))
    back = officer.submit(page, "并案", 422, target="99", reason="同一件事。")
    assert back.faults == ["没有找到你能打开的这个编号，请核对后再填"]
    officer.submit(back, "并案", target="1")
    assert Case.get_by_id(filed.case).state == "merged"
    assert Case.get_by_id(target.case).state == "assessing"


def test_who_approves_another_class_sees_only_what_changes(desks: Desks) -> None:
    filed = desks.office.assigned()
    given = {"category": "inaction", "kind": "lead", "complexity": "ordinary", "reason": "涉及民生。"}
    desks.office.act(filed.case, "reclassify", "officer", severity="urgent", subject="方某", **given)
    deputy = desks.sit("deputy")
    page = deputy.get(deputy.get("/office/approvals").link("查看并决定"))
    assert summary(page) == {"紧急程度": "一般→紧急", "被举报人": "未填写→方某", "理由": "涉及民生。"}
    assert "重新计算" not in page.text


def test_who_approves_another_kind_of_matter_is_told_that_the_clocks_begin_anew(desks: Desks) -> None:
    filed = desks.office.assigned()
    given = {"category": "inaction", "severity": "ordinary", "complexity": "ordinary", "reason": "是求决。"}
    desks.office.act(filed.case, "reclassify", "officer", kind="complaint", **given)
    deputy = desks.sit("deputy")
    page = deputy.get(deputy.get("/office/approvals").link("查看并决定"))
    assert list(summary(page)) == ["事项类型", "理由"]
    assert "期限从头按新类型重新计算" in page.text


def test_who_passes_a_proposal_on_is_told_who_is_away(desks: Desks) -> None:
    office, filed = desks.office, desks.office.assigned()
    accounts.change_role(office["admin"], office["reviewer2"].person_id, "deputy")
    other, today = stages.sign_in_again(office, "reviewer2"), clock.today()
    absences.enter(office["admin"], other.person_id, today, today)
    office.act(filed.case, "study", "officer", way="hold", opinion="议", studied_by="周承办、吴承办")
    deputy = desks.sit("deputy")
    page = deputy.get(deputy.get("/office/approvals").link("查看并决定"))
    choice = page.soup.select_one(f"option[value='{other.person_id}']")
    assert words(choice).startswith(f"{other.name}（分管领导），离岗到")


def test_a_proposal_that_was_passed_on_says_to_whom(desks: Desks) -> None:
    office, filed = desks.office, desks.office.assigned()
    accounts.change_role(office["admin"], office["reviewer2"].person_id, "deputy")
    other = stages.sign_in_again(office, "reviewer2")
    proposal = office.act(
        filed.case, "study", "officer", way="hold", opinion="议", studied_by="周承办、吴承办"
    )
    approvals.delegate(office["deputy"], str(proposal.proposal_id), other.person_id)
    said = f"已交给{other.name}批"
    head, officer = desks.sit("head"), desks.sit("officer")
    assert said in head.get("/office/approvals").text
    assert said in officer.get(desks.url(filed)).text
    accounts.deactivate(office["admin"], other.person_id)
    assert said not in head.get("/office/approvals").text
    assert said not in officer.get(desks.url(filed)).text


def test_the_days_of_several_measures_and_items_say_whose_they_are(desks: Desks) -> None:
    """Each has days of its own, of one name and often the same: which is which stands beside it."""
    filed, _measure = stages.enforcing(desks.office)
    problem = "一次性告知单没有写全，窗口没有公示办理的时限，也没有人答复"
    made = {"problem": problem, "unit": stages.unit_code(), "owner": "孙主任"}
    desks.office.act(filed.case, "item.make", "officer", **made)
    page = desks.sit("officer").get(desks.url(filed))
    names = [words(name) for name in page.soup.select(".clocks dt")]
    assert "送达宣布：诫勉（谈话或书面）（钱窗口）" in names
    assert f"整改期限：{problem[:23]}…" in names


def test_an_extension_says_what_it_lacks_in_words_of_its_own(desks: Desks) -> None:
    filed = desks.office.assigned(kind="complaint")
    officer = desks.sit("officer")
    form = officer.get(desks.url(filed, "/do/extend"))
    typed = {"clock": "solve", "count": "10", "reason": "还要核对监控"}
    for wrong, told in (
        ({}, "延长这个期限，要把理由告诉举报人，请写明"),
        ({"message": "还要核对", "count": "0"}, "请填1或者更大的整数，例如15"),
    ):
        assert officer.submit(form, "报批：延长期限", 422, **{**typed, **wrong}).faults == [told]


def test_a_step_that_is_not_there_says_what_keeps_it_back(desks: Desks) -> None:
    filed, item = item_submitted(desks)
    officer = desks.sit("officer")
    page = officer.get(desks.url(filed, f"/do/item.strike_off?thing={item}"), 409)
    assert "整改材料是你提交的，要由别人核查销号" in page.text
    assessed = desks.office.assigned()
    assert "没有可以延长的期限" in officer.get(desks.url(assessed, "/do/extend"), 409).text
    assert "这类事项没有这一步" in officer.get(desks.url(assessed, "/do/resolve"), 409).text
    told = stages.concluded(desks.office)
    stages.tell(desks.office, told.case)
    assert "这一步已经做过了" in officer.get(desks.url(told, "/do/feed_back"), 409).text


def test_a_reviewer_who_is_assigned_is_not_called_the_case_officer(desks: Desks) -> None:
    filed = stages.investigating(desks.office)
    deputy = desks.sit("deputy")
    reviewer = str(desks.office["reviewer"].person_id)
    page = deputy.submit(deputy.get(desks.url(filed, "/do/assign")), "指派", person=reviewer)
    assert words(page.soup.select_one(".done")) == "已指派"
    record = deputy.get(desks.url(filed, "/record"))
    assert ("承办人或者审理员", "郑审理") in {
        (words(dt), words(dt.find_next("dd"))) for dt in record.soup.select("dt")
    }
