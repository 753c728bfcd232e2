"""What was chosen on a page and is not there any more: nobody else gets the letter, and no group shrinks in silence."""

import pytest

from tests import stages
from tests.visiting import Page, filled
from tests.web.officers import Desks
from whistle.services import accounts, tracking
from whistle.services.casework import approvals
from whistle.store.cases import Case, Clock, Proposal

GONE = "选的有一项已经没有了，请核对以后重新选"


def form_on(page: Page) -> dict[str, object]:
    """What the page's form would send as it stands."""
    return filled(page.soup.select_one("main form textarea").find_parent("form"))


def read_by(code: str) -> list[str]:
    """The office's letters on a reporter's page."""
    return [
        letter.text for letter in tracking.view(tracking.open_report(code)).letters if letter.side == "office"
    ]


def test_a_letter_to_a_reporter_who_left_the_case_goes_to_nobody_else(desks: Desks) -> None:
    office = desks.office
    own, kept, other = (office.assigned(story=f"{who}的事") for who in "甲乙丙")
    target = Case.get_by_id(kept.case).number
    for filed in (own, other):
        office.act(filed.case, "merge", "officer", target=target, reason="同一件")
    officer = desks.sit("officer")
    letter = {"report": own.report, "message": "只给您一位：明天上门"}
    sent = form_on(officer.get(desks.url(kept, "/messages"))) | letter
    undone = office.act(own.case, "unmerge", "deputy", reason="不是同一件").proposal_id
    approvals.approve(office["head"], undone)
    page = officer.post(desks.url(kept, "/messages"), sent, status=422)
    again = form_on(page)
    assert (again["message"], again["report"]) == (letter["message"], "")
    page = officer.post(desks.url(kept, "/messages"), again, status=422)
    assert "请选择收信的举报人" in page.text
    assert not any(letter["message"] in read_by(filed.code) for filed in (own, kept, other))
    officer.post(desks.url(kept, "/messages"), form_on(page) | {"report": "all"})
    assert [letter["message"] in read_by(filed.code) for filed in (own, kept, other)] == [False, True, True]


def test_a_question_goes_to_whom_it_is_for_where_a_case_has_several_reporters(desks: Desks) -> None:
    office = desks.office
    kept, other = office.assigned(story="甲的事"), office.assigned(story="乙的事")
    number = Case.get_by_id(kept.case).number
    office.act(other.case, "merge", "officer", target=number, reason="同一件")
    officer = desks.sit("officer")
    address = desks.url(kept, "/do/request_supplement")
    asked = {"message": "停车场的监控在谁手里？"}
    page = officer.post(address, form_on(officer.get(address)) | asked, status=422)
    assert "请选择补充情况的举报人" in page.text
    officer.post(address, form_on(page) | {"to_report": kept.report})
    assert [asked["message"] in read_by(filed.code) for filed in (kept, other)] == [True, False]


def test_notice_given_to_one_real_name_reporter_is_still_owed_to_the_other(desks: Desks) -> None:
    office = desks.office
    named = {"identity": "named", "name": "李四", "contact": "1380000xx04"}
    kept, other = office.assigned(story="甲的事", **named), office.assigned(story="乙的事", **named)
    number = Case.get_by_id(kept.case).number
    office.act(other.case, "merge", "officer", target=number, reason="同一件")
    officer = desks.sit("officer")
    address = desks.url(kept, "/do/give_notice")
    by_phone = {"way": "phone", "to_report": kept.report}
    officer.post(address, form_on(officer.get(address)) | by_phone)
    notices = Clock.select(Clock.report, Clock.state).where(Clock.name == "notice", Clock.case == kept.case)
    assert set(notices.tuples()) == {(kept.report, "met"), (other.report, "running")}


@pytest.mark.parametrize("step", ["request_supplement", "give_notice"])
def test_of_one_reporter_nobody_is_asked_which(desks: Desks, step: str) -> None:
    filed = desks.office.assigned(identity="named", name="李四", contact="1380000xx04")
    page = desks.sit("officer").get(desks.url(filed, f"/do/{step}"))
    assert not page.soup.select("[name=to_report]")


def test_feedback_to_a_report_of_another_case_is_refused(desks: Desks) -> None:
    office = desks.office
    second, first = stages.verifying(office), office.assigned(story="甲的事")
    target = Case.get_by_id(second.case).number
    office.act(first.case, "merge", "officer", target=target, reason="同一件")
    ended = {"finding": "unfounded", "written_report": "报告", "reason": "查无实据"}
    stages.ask(office, second.case, "conclude_unfounded", "officer", "head", **ended)
    officer = desks.sit("officer")
    address = desks.url(second, "/do/feed_back")
    said = {"stage": "interim", "way": "message", "message": "只给一位的反馈"}
    for chosen in ("f" * 24, ""):
        page = officer.post(address, form_on(officer.get(address)) | said | {"to_report": chosen}, status=422)
        assert "请选择反馈给" in page.text
    assert not Proposal.select().where(Proposal.action == "feed_back").exists()


def test_a_group_of_which_somebody_left_meanwhile_is_chosen_anew(desks: Desks) -> None:
    office = stages.with_third(desks.office)
    filed = office.assigned()
    officer = desks.sit("officer")
    address = desks.url(filed, "/do/start_verification")
    group = [str(office[who].person_id) for who in ("officer", "officer2", "third")]
    sent = form_on(officer.get(address)) | {"group": group, "plan": "调取台账", "no_disturbance": "y"}
    accounts.deactivate(office["admin"], office["third"].person_id)
    page = officer.post(address, sent, status=422)
    assert GONE in page.text
    assert not Proposal.select().exists()
