"""打听过问 on its pages: anybody records, head and oversight read, nobody changes or deletes."""

import pytest

from tests.web.officers import Desks
from whistle.services import interference
from whistle.store.interferences import Interference

SAID = {"who": "某局李局长", "asked_on": "2026年9月14日", "about": "窗口那件事", "how": "打电话说情。"}


@pytest.mark.parametrize("who", ["officer", "admin", "auditor", "head"])
def test_anybody_records_and_gets_a_number(desks: Desks, who: str) -> None:
    visitor = desks.sit(who)
    page = visitor.submit(visitor.get("/office/interference/new"), "登记", **SAID)
    assert f"登记号{Interference.get().id[:8].upper()}" in page.text
    assert "打电话说情" not in page.text


def test_head_and_oversight_read_the_register(desks: Desks) -> None:
    officer = desks.sit("officer")
    officer.submit(officer.get("/office/interference"), "登记", **SAID)
    for who in ("head", "oversight"):
        page = desks.sit(who).get("/office/interference")
        for words in ("某局李局长", "窗口那件事", "打电话说情。", desks.office["officer"].name):
            assert words in page.text
        assert not page.soup.select("main form"), "nothing on it changes or deletes"


def test_older_records_are_a_link_away(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interference, "PAGE_ROWS", 1)
    officer, head = desks.sit("officer"), desks.sit("head")
    for who in ("某局李局长", "某局王科长"):
        officer.submit(officer.get("/office/interference"), "登记", **{**SAID, "who": who})
    page = head.get("/office/interference")
    older = head.get(page.link("较早"))
    assert sorted(
        who for shown in (page, older) for who in ("某局李局长", "某局王科长") if who in shown.text
    ) == [
        "某局李局长",
        "某局王科长",
    ]
    assert head.get(older.link("较新")).text == page.text


def test_the_head_does_not_read_what_names_the_head(desks: Desks) -> None:
    officer = desks.sit("officer")
    said = {**SAID, "who": "", "person": str(desks.office["head"].person_id)}
    officer.submit(officer.get("/office/interference"), "登记", **said)
    head = desks.sit("head")
    head.planted = {"打电话说情。"}
    assert "还没有你能看的登记" in head.get("/office/interference").text
    assert "打电话说情。" in desks.sit("oversight").get("/office/interference").text


def test_what_is_missing_is_asked_for_and_what_was_typed_stays(desks: Desks) -> None:
    officer = desks.sit("officer")
    page = officer.submit(
        officer.get("/office/interference/new"), "登记", 422, how="打电话说情。", asked_on="2030-01-01"
    )
    assert page.faults == ["请选本机关的人，或者写明是谁；不知道姓名可以写单位和职务"]
    page = officer.submit(page, "登记", 422, who="某局李局长")
    assert page.faults == ["日期不能晚于今天"]
    assert "打电话说情。" in page.text


def test_the_auditor_sees_how_many_there_are(desks: Desks) -> None:
    officer = desks.sit("officer")
    officer.submit(officer.get("/office/interference/new"), "登记", **SAID)
    auditor = desks.sit("auditor")
    auditor.planted = {"某局李局长", "打电话说情。"}
    page = auditor.get("/audit/recusals")
    assert "每月登记的打听过问" in page.text
