"""A real name in a real browser: asked for, consented to on a telephone, looked at, and never on paper."""

import pytest
from flask import Flask

from tests.journeys.officer import Officer
from tests.web.officers import Desks

NAMED = {"identity": "named", "name": "澹台明镜", "contact": "13800004242，晚上方便"}


@pytest.fixture
def app(desks: Desks) -> Flask:
    """The trial office is what the browser sees."""
    return desks.app


def test_a_name_is_seen_by_the_word_of_two(desks: Desks, new_surfer) -> None:
    filed = desks.office.assigned(**NAMED)
    case = desks.url(filed)
    officer, holder, auditor = (Officer(new_surfer()) for _ in range(3))
    officer.become("officer").visit(case, "case-named").follow("申请查看").look("identity-ask")
    officer.press("申请查看").look("identity-ask-faults")
    officer.fill("为什么要看", "电话告知受理情况，再问清楚他说的第二次是哪一天。").press("申请查看")
    officer.look("case-name-asked").follow("看申请").look("identity-waiting")
    holder.become("reviewer").look("desk-asked").follow("有1件查看实名信息的申请等你决定").look("identity")
    holder.follow("查看并决定").look("identity-asked").press("同意").look("identity-asked-faults")
    holder.page.get_by_label("1天").check()
    holder.press("同意").look("identity-given")
    officer.visit(case, "case-name-given").follow("查看姓名和联系方式").look("identity-look")
    assert NAMED["name"] not in officer.says
    for language, words in (("en", "See name and contact"), ("zh_CN", "查看姓名和联系方式")):
        officer.window.go(f"{case}/identity/{filed.report}?lang={language}")
        officer.press(words).look(f"identity-contact-{language}")
        assert NAMED["name"] in officer.says
        assert NAMED["name"] not in officer.page.url + officer.page.title()
    officer.page.emulate_media(media="print")
    assert NAMED["name"] not in officer.says
    assert "实名信息不能打印" in officer.says
    officer.page.emulate_media(media="screen")
    officer.visit(f"{case}/record", "case-record-looked")
    auditor.become("auditor").visit("/audit/identity", "identity-register")
    assert "2次" in auditor.says
    assert NAMED["name"] not in auditor.says
