"""Who keeps off a case and who asked about one: every page of it in a real browser."""

import pytest

from tests.builders import MONDAY
from tests.journeys.officer import Officer
from tests.web.officers import Desks
from whistle.services import tracking
from whistle.services.casework import recusals
from whistle.services.casework.recusals import Said

NUMBER = "清纪〔2026〕3号"


@pytest.fixture
def app(desks: Desks):
    """The trial office is what the browser sees."""
    return desks.app


def test_from_a_declaration_to_the_register(desks: Desks, new_surfer) -> None:
    filed, other = desks.office.assigned(), desks.office.assigned("officer2")
    tracking.request_recusal(desks.office.visit(other), "吴承办", "他是局长的亲戚", "n1")
    someone = Officer(new_surfer())
    someone.become("officer").visit(desks.url(filed, "/recusals"), "case-recusals-none")
    someone.follow("自行回避").look("recusal-declare").press("自行回避").look("recusal-declare-faults")
    someone.page.get_by_label("当过", exact=False)
    someone.page.locator("input[name=ground][value=relative]").check()
    someone.fill("理由", "被反映人是我表哥。").press("自行回避")
    assert "从现在起你打不开它" in someone.says
    someone.look("recusals-officer").become("head").visit("/office/recusals", "recusals-waiting")
    someone.follow("作出决定").look("recusal-wish").press("同意回避").look("recusal-wish-faults")
    someone.visit(desks.url(filed, "/recusals"), "case-recusals").follow("决定回避").look("recusal-decide")
    someone.enter(person=str(desks.office["officer2"].person_id), reason="同一个单位的人。")
    someone.page.locator("input[name=ground][value=interest]").check()
    someone.press("决定回避").follow("准许查阅").look("recusal-end")
    someone.fill("理由", "查明没有关系。").press("准许查阅")
    assert "已经生效" in someone.says
    paper = Said("上级决定。", "interest", NUMBER, MONDAY.date())
    recusals.impose(desks.office["deputy"], filed.case, desks.office["head"].person_id, paper)
    someone.become("deputy").visit(f"/office/acting-head?case={filed.case}", "acting-head")
    someone.enter(person=str(desks.office["reviewer"].person_id), paper=NUMBER, paper_on="2026年9月14日")
    someone.press("登记代行").visit("/office/recusals", "recusals-register")
    someone.visit("/office/acting-head", "acting-head-list").visit(
        "/office/recusals/decide", "recusal-decide-head"
    )


def test_interference_from_a_call_to_the_auditors_count(desks: Desks, new_surfer) -> None:
    filed = desks.office.assigned()
    recusals.impose(
        desks.office["head"], filed.case, desks.office["officer"].person_id, Said("表兄弟。", "relative")
    )
    someone = Officer(new_surfer())
    someone.become("officer").visit("/office/interference/new", "interference-new")
    someone.press("登记").look("interference-faults")
    someone.enter(who="某局李局长", about="窗口那件事", how="打电话来说情，我没有答应。").press("登记")
    assert "登记号" in someone.says
    someone.become("head").visit("/office/interference", "interference")
    someone.become("auditor").visit("/audit/recusals", "audit-recusals")
