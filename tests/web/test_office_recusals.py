"""Pages of recusals: declared, asked for, answered, decided, lifted; who finds what there."""

import datetime as dt

import pytest

from tests.builders import MONDAY
from tests.web.officers import Desks
from whistle.services import absences, recusal, tracking
from whistle.services.casework import recusals
from whistle.services.casework.recusals import Said
from whistle.store.cases import Case
from whistle.store.recusals import ActingHead, Recusal

NUMBER = "清纪〔2026〕3号"
TODAY = "2026年9月14日"


def wish(desks: Desks, filed, whom="周承办"):
    tracking.request_recusal(desks.office.visit(filed), whom, "他是局长的亲戚", f"n-{filed.case}")


def test_a_wish_stands_behind_the_queue_of_who_decides(desks: Desks) -> None:
    filed = desks.office.file()
    wish(desks, filed)
    head = desks.sit("head")
    queue = head.get("/office/approvals")
    page = head.get(queue.link("1件回避申请等你决定"))
    assert page.h1 == "回避"
    assert "应当回避的人：周承办" in page.text
    assert "他是局长的亲戚" in page.text
    assert not page.soup.select("main h3 a"), "the case itself is not the head's yet"


def test_nobody_else_sees_that_there_is_one(desks: Desks) -> None:
    filed = desks.office.file()
    wish(desks, filed)
    for who in ("intake", "deputy", "officer"):
        visitor = desks.sit(who)
        visitor.planted = {"他是局长的亲戚"}
        assert "回避申请" not in visitor.get("/office/approvals").text
        visitor.get("/office/recusals")
        (row,) = recusal.waiting(desks.office["head"])
        visitor.get(f"/office/recusals/wishes/{row.id}", 404)


def test_who_wrote_a_wish_down_sees_on_the_case_that_it_waits(desks: Desks) -> None:
    filed = desks.office.assigned()
    given = {"whom": "周承办", "asker": "subject", "reason": "两人有过节"}
    desks.office.act(filed.case, "note_recusal_request", "deputy", **given)
    assert "有1件回避申请等待决定" in desks.sit("deputy").get(desks.url(filed, "/recusals")).text
    assert "等待决定" not in desks.sit("officer").get(desks.url(filed, "/recusals")).text, "it is about them"
    (row,) = recusal.waiting(desks.office["head"])
    recusals.refuse(desks.office["head"], row.id, Said("没有利害关系"))
    assert "等待决定" not in desks.sit("deputy").get(desks.url(filed, "/recusals")).text


def test_a_wish_about_a_case_that_the_head_can_open_leads_there(desks: Desks) -> None:
    filed = desks.office.accepted()
    wish(desks, filed)
    head = desks.sit("head")
    page = head.get("/office/recusals")
    case = head.get(str(page.soup.select_one("main h3 a")["href"]))
    assert "有一件回避申请等你决定" in case.text


def test_the_desk_counts_the_wishes_that_wait_as_long_as_the_case_goes_on(desks: Desks) -> None:
    ended, going = desks.classified(), desks.office.file()
    for filed in (ended, going):
        wish(desks, filed)
    head = desks.sit("head")
    assert "2件回避申请等你决定" in head.get("/office/desk").text
    desks.office.act(ended.case, "decline", "intake", reason="court", message="请向法院起诉。")
    desks.office.approve("deputy")
    assert head.get("/office/desk").link("1件回避申请等你决定") == "/office/recusals"
    assert "回避申请" not in desks.sit("deputy").get("/office/desk").text


# Declared


def test_an_officer_declares_from_the_cases_page_and_loses_it(desks: Desks) -> None:
    filed = desks.office.assigned()
    officer = desks.sit("officer")
    page = officer.get(officer.get(desks.url(filed)).link("回避"))
    form = officer.get(officer.get(desks.url(filed, "/recusals")).link("自行回避"))
    assert page.h1
    assert str(Case.get_by_id(filed.case).number) in form.text
    faulty = officer.submit(form, "自行回避", 422)
    assert faulty.faults == ["请选择回避的情形", "请写明理由"]
    done = officer.submit(faulty, "自行回避", ground="relative", reason="被反映人是我表哥。")
    assert "已登记。如果有这件案，从现在起你打不开它" in done.text
    officer.get(desks.url(filed), 404)
    assert "鹤" not in desks.sit("deputy").get(desks.url(filed, "/record")).text
    assert "被反映人是我表哥" in desks.sit("deputy").get(desks.url(filed, "/record")).text


@pytest.mark.parametrize("number", ["there", "清访2026-000999"])
def test_whoever_declares_by_number_is_answered_the_same(desks: Desks, number: str) -> None:
    filed = desks.classified()
    typed = str(Case.get_by_id(filed.case).number) if number == "there" else number
    officer = desks.sit("officer2")
    form = officer.get(officer.get("/office/recusals").link("自行回避"))
    done = officer.submit(form, "自行回避", number=typed, ground="interest", reason="我家有份。")
    assert "已登记。如果有这件案" in done.text
    assert "我家有份" not in done.text
    assert Recusal.select().count() == (number == "there")


@pytest.mark.parametrize("number", ["000001", "1", "乱写"])
def test_a_number_that_is_not_whole_is_asked_for_whole(desks: Desks, number: str) -> None:
    desks.classified()
    officer = desks.sit("officer2")
    form = officer.get("/office/recusals/declare")
    page = officer.submit(form, "自行回避", 422, number=number, ground="interest", reason="我家有份。")
    assert page.faults == ["请写完整的案件编号，例如清访2026-000123"]
    assert Recusal.select().count() == 0


# Answered


def test_the_head_grants_a_wish_and_the_reporter_reads_a_neutral_word(desks: Desks) -> None:
    filed = desks.office.assigned()
    wish(desks, filed)
    head = desks.sit("head")
    page = head.get(head.get("/office/recusals").link("作出决定"))
    chosen = [box["value"] for box in page.soup.select("input[name=people][checked]")]
    assert chosen == [str(desks.office["officer"].person_id)], "who is named in full is proposed"
    done = head.submit(page, "同意回避", ground="relative", reason="查明是表亲。")
    assert "已决定回避" in done.text
    assert "周承办" in done.text
    desks.sit("officer").get(desks.url(filed), 404)
    shown = tracking.view(desks.office.visit(filed)).recusals[0]
    assert shown["outcome"] == "granted"


def test_a_wish_is_refused_with_reasons_that_only_the_head_keeps(desks: Desks) -> None:
    filed = desks.office.assigned()
    wish(desks, filed)
    head = desks.sit("head")
    page = head.get(head.get("/office/recusals").link("作出决定"))
    faulty = head.submit(page, "不同意", 422)
    assert faulty.faults == ["请写明理由"]
    assert (
        "已答复回避申请：不同意" in head.submit(faulty, "不同意", **{"no-reason": "查过了，没有关系。"}).text
    )
    assert "已经答复的申请" in head.get("/office/recusals").text
    officer = desks.sit("officer")
    officer.planted = {"查过了，没有关系。", "他是局长的亲戚"}
    assert "已答复回避申请" in officer.get(desks.url(filed, "/record")).text


def test_nobody_is_chosen_for_a_wish_is_a_fault_of_the_form(desks: Desks) -> None:
    filed = desks.office.assigned()
    wish(desks, filed, "负责的那位科长")
    head = desks.sit("head")
    page = head.get(head.get("/office/recusals").link("作出决定"))
    faulty = head.submit(page, "同意回避", 422, ground="relative", reason="查明了。")
    assert faulty.faults == ["请勾选应当回避的人"]
    assert "查明了。" in faulty.text


# Decided and lifted


def test_a_recusal_is_decided_on_the_cases_page_and_lifted_there(desks: Desks) -> None:
    filed = desks.office.assigned()
    head = desks.sit("head")
    form = head.get(head.get(desks.url(filed, "/recusals")).link("决定回避"))
    offered = {option["value"] for option in form.soup.select("select[name=person] option")}
    assert str(desks.office["head"].person_id) not in offered
    person = str(desks.office["officer"].person_id)
    page = head.submit(form, "决定回避", person=person, ground="witness", reason="那天他在场。")
    assert "担任过本案的证人" in page.text
    lifted = head.submit(head.get(page.link("准许查阅")), "准许查阅", reason="查明不在场。")
    assert "已经生效" in lifted.text
    assert "没有人在回避这件案" in lifted.text
    assert "已解除" in head.get("/office/recusals").text


@pytest.mark.parametrize(
    ("how", "why"), [("listed", "和处理对象同名"), ("joined", "打不开和这件案并在一起的另一件案")]
)
def test_the_head_reads_why_somebody_keeps_off_whatever_the_reason(desks: Desks, how: str, why: str) -> None:
    office, officer = desks.office, desks.office["officer"]
    filed = office.assigned("officer2")
    about = office.assigned("officer2") if how == "joined" else filed
    named = {"name": officer.name, "person_kind": "PA", "party_member": "yes"}
    office.act(about.case, "subject.add", "officer2", **named)
    if how == "joined":
        office.act(about.case, "merge", "deputy", target=filed.case, reason="同一事实")
    head = desks.sit("head")
    page = head.get(desks.url(filed, "/recusals"))
    assert why in page.text
    assert "登记分类或者收到举报时起" not in page.text
    assert f"现在打不开的原因：{why}" in head.get(page.link("准许查阅")).text


def test_the_head_decides_by_number_on_a_case_that_is_still_at_the_desk(desks: Desks) -> None:
    filed = desks.classified()
    head = desks.sit("head")
    form = head.get("/office/recusals/decide")
    said = {"person": str(desks.office["intake2"].person_id), "ground": "relative", "reason": "亲属。"}
    unknown = head.submit(form, "决定回避", 422, number="清访2026-000999", **said)
    assert unknown.faults == ["没有这个编号的案件，或者不归你管，请核对编号"]
    number = str(Case.get_by_id(filed.case).number)
    assert "已决定回避" in head.submit(unknown, "决定回避", number=number, **said).text
    desks.sit("intake2").get(desks.url(filed), 404)
    assert desks.sit("intake").get(desks.url(filed)).h1 == number


def test_the_deputy_records_the_superiors_decision_on_the_head_and_enters_who_acts(desks: Desks) -> None:
    filed = desks.office.assigned()
    deputy = desks.sit("deputy")
    form = deputy.get(deputy.get(desks.url(filed, "/recusals")).link("决定回避"))
    said = {"person": str(desks.office["head"].person_id), "ground": "relative", "reason": "上级决定。"}
    assert deputy.submit(form, "决定回避", 422, **said).faults == [
        "请填写上级文件的编号：主要负责人的回避由上级机关决定"
    ]
    page = deputy.submit(form, "决定回避", paper=NUMBER, paper_on=TODAY, **said)
    acting = deputy.get(page.link("登记代行主要负责人职责"))
    entered = deputy.submit(
        acting, "登记代行", person=str(desks.office["reviewer"].person_id), paper=NUMBER, paper_on=TODAY
    )
    assert "在这件案里代行主要负责人职责" in entered.text
    assert desks.sit("reviewer").get(desks.url(filed)).h1
    desks.sit("head").get(desks.url(filed), 404)
    ended = deputy.submit(deputy.get("/office/acting-head"), "结束")
    assert "代行主要负责人职责已经结束" in ended.text
    assert ActingHead.get().ended_at is not None


def test_for_days_the_form_asks_for_both(desks: Desks) -> None:
    deputy = desks.sit("deputy")
    head = desks.office["head"].person_id
    absences.enter(desks.office["admin"], head, dt.date(2026, 9, 14), dt.date(2026, 9, 29))
    form = deputy.get("/office/acting-head")
    said = {"person": str(desks.office["reviewer"].person_id), "paper": NUMBER, "paper_on": TODAY}
    assert deputy.submit(form, "登记代行", 422, **said).faults == ["请填写开始的日期，或者填写案件编号"]
    too_long = deputy.submit(form, "登记代行", 422, from_on=TODAY, to_on="2026年9月30日", **said)
    assert too_long.faults == [
        "这些天里主要负责人有在岗的。请先由管理员登记主要负责人离岗的起止日期，代行的日期要都在里面"
    ]
    turned = deputy.submit(form, "登记代行", 422, from_on="2026年9月20日", to_on="2026年9月18日", **said)
    assert turned.faults == ["截止日期不能早于开始日期"]
    done = deputy.submit(form, "登记代行", from_on=TODAY, to_on="2026年9月29日", **said)
    assert "全部案件" in done.text
    assert "代行中" in desks.sit("head").get("/office/acting-head").text
    desks.sit("officer").get("/office/acting-head", 403)


def test_an_oversight_member_enters_who_decides_what_the_whole_line_keeps_off(desks: Desks) -> None:
    filed = desks.office.assigned()
    paper = Said("上级决定。", "interest", NUMBER, MONDAY.date())
    recusals.impose(desks.office["deputy"], filed.case, desks.office["head"].person_id, paper)
    recusals.declare(desks.office["deputy"], filed.case, "relative", "亲属。")
    oversight = desks.sit("oversight")
    page = oversight.get("/office/recusals")
    wish = oversight.get(page.link("作出决定"))
    assert "分管领导和主要负责人都回避这件案" in wish.text
    assert "同意回避" not in wish.text
    form = oversight.get(wish.link("登记代行"))
    said = {"person": str(desks.office["reviewer"].person_id), "paper": NUMBER, "paper_on": TODAY}
    done = oversight.submit(form, "登记代行", **said)
    assert "代行中" in done.text
    assert desks.sit("reviewer").get("/office/recusals").link("作出决定")
    ended = oversight.submit(oversight.get("/office/acting-head"), "结束")
    assert "代行主要负责人职责已经结束" in ended.text


def test_for_an_oversight_member_any_other_number_leads_nowhere(desks: Desks) -> None:
    number = str(Case.get_by_id(desks.office.assigned().case).number)
    oversight = desks.sit("oversight")
    said = {"person": str(desks.office["reviewer"].person_id), "paper": NUMBER, "paper_on": TODAY}
    for one, fault in (
        (number, "没有这个编号的案件，或者不归你管，请核对编号"),
        ("清访2026-999999", "没有这个编号的案件，或者不归你管，请核对编号"),
        ("", "请填写开始的日期，或者填写案件编号"),
    ):
        page = oversight.submit(oversight.get("/office/acting-head"), "登记代行", 422, number=one, **said)
        assert page.faults == [fault]


def test_the_steps_of_recusal_lead_to_their_own_page(desks: Desks) -> None:
    filed = desks.office.assigned()
    page = desks.sit("head").get(desks.url(filed, "/do/recuse"))
    assert page.response.request.path.endswith("/recusals")


# The registers


def test_the_auditor_sees_the_register_and_no_word_of_a_case(desks: Desks) -> None:
    filed = desks.office.assigned(story="鹤望兰开了。")
    recusals.impose(
        desks.office["deputy"],
        filed.case,
        desks.office["head"].person_id,
        Said("表弟是鹤望兰公司的人。", "interest", NUMBER, MONDAY.date()),
    )
    auditor = desks.sit("auditor")
    auditor.planted = {"鹤望兰"}
    page = auditor.get("/audit/recusals")
    for words in (desks.office["head"].name, NUMBER, str(Case.get_by_id(filed.case).number), "2026年9月"):
        assert words in page.text
    assert "列出的每一行都和日志一致" in page.text
    Recusal.update(ground="other").execute()
    assert "和日志不一致" in auditor.get("/audit/recusals").text
    desks.sit("head").get("/audit/recusals", 403)
