"""Pages of cases that were merged or split: each names the other to whoever may open it, and tells reports apart."""

from tests.builders import Office
from tests.cases import days_later
from tests.stages import ask
from tests.visiting import words
from tests.web.officers import Desks
from whistle import clock
from whistle.store.cases import Case


def number(case: str) -> str:
    return str(Case.get_by_id(case).number)


def merged(office: Office, into: str = "officer") -> tuple[str, str]:
    """Two cases of officers, the second merged into the first by the deputy a week later."""
    first = office.assigned(into)
    with clock.at(days_later(7)):
        second = office.assigned("officer")
        office.act(second.case, "merge", "deputy", target=number(first.case), reason="同一件事。")
    return first.case, second.case


def url(case: str, part: str = "") -> str:
    return f"/office/cases/{number(case)}{part}"


def test_a_merged_case_leads_to_the_one_it_went_into_and_that_one_back(desks: Desks) -> None:
    first, second = merged(desks.office)
    officer = desks.sit("officer")
    page = officer.get(url(second))
    assert f"已并入{number(first)}" in page.text
    assert officer.get(page.link(number(first))).h1 == number(first)
    record = officer.get(url(second, "/record"))
    assert f"并入的案件{number(first)}" in record.text
    record = officer.get(url(first, "/record"))
    assert f"原来的案件{number(second)}" in record.text
    for page in (record, officer.get(url(second, "/record"))):
        assert first not in page.text
        assert second not in page.text


def test_a_case_that_one_may_not_open_is_not_named(desks: Desks) -> None:
    first, second = merged(desks.office, into="officer2")
    officer = desks.sit("officer")
    for part in ("", "/record"):
        page = officer.get(url(second, part))
        assert number(first) not in page.text
        assert first not in page.text
        assert "已并入一件你打不开的案件，举报随之过去了" in page.text
    page = desks.sit("officer2").get(url(first, "/record"))
    assert "已并入一件举报" in page.text


def test_the_clocks_and_reports_of_a_case_with_several_reports_say_whose_they_are(desks: Desks) -> None:
    first, _second = merged(desks.office)
    with clock.at(days_later(7)):
        page = desks.sit("officer").get(url(first))
    headings = [words(h2) for h2 in page.soup.select("h2")]
    day = clock.day_of(days_later(7))
    later = f"{day.year}年{day.month}月{day.day}日收到的举报"
    assert later in headings
    assert "举报内容" not in headings
    clocks = [words(dt) for dt in page.soup.select(".clocks dt")]
    assert any(name.endswith(f"（{later}）") for name in clocks)


def test_letters_of_two_reporters_of_one_day_stand_under_two_names(desks: Desks) -> None:
    office = desks.office
    kept, other = office.assigned(), office.assigned()
    office.act(other.case, "merge", "deputy", target=number(kept.case), reason="同一件事。")
    page = desks.sit("officer").get(url(kept.case, "/messages"))
    headings = [words(h2) for h2 in page.soup.select("h2")]
    offered = [words(option) for option in page.soup.select("select[name=report] option")]
    assert headings[:2] == [f"往来：{name}" for name in offered[-2:]]
    assert headings[0] != headings[1]


def test_a_case_with_one_report_says_of_no_clock_whose_it_is(desks: Desks) -> None:
    page = desks.sit("officer").get(desks.url(desks.office.assigned()))
    assert "举报内容" in [words(h2) for h2 in page.soup.select("h2")]
    assert "收到的举报" not in page.text


def test_what_was_split_off_names_where_it_came_from_and_nothing_that_nobody_was_asked(desks: Desks) -> None:
    filed = desks.office.assigned(persons_shut_out="周某")
    given = {"facts": "收受礼金", "new_kind": "lead", "new_subject": "李某"}
    ask(desks.office, filed.case, "split", "officer", "deputy", **given)
    (new,) = Case.select().where(Case.id != filed.case)
    intake = desks.sit("intake")
    page = intake.get(f"/office/new/{new.id}")
    assert "登记时选的事项类型：" in page.text
    assert "举报人选的" not in page.text
    labels = [words(dt) for dt in page.soup.select(".summary dt")]
    assert labels == ["经过", "涉及的人", "原案件里不能看的人"]
    assert number(filed.case) not in page.text, "the intake desk gave that case away"
    record = desks.sit("officer").get(desks.url(filed, "/record"))
    assert "已拆分" in record.text
    assert new.id not in record.text
    desks.office.classify(new.id)
    desks.office.act(new.id, "accept", "intake")
    desks.office.act(new.id, "assign", "deputy", person=desks.office["officer"].person_id)
    officer = desks.sit("officer")
    assert f"新的案件{number(new.id)}" in officer.get(desks.url(filed, "/record")).text
    page = officer.get(url(new.id))
    assert f"从{number(filed.case)}拆分出来" in page.text
