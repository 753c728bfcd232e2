"""The sheet of the weekly meeting: new, moved, due, overdue, closed; who must do what; whose cases."""

import datetime as dt

import pytest

from tests.builders import MONDAY, Office
from tests.cases import days_later
from tests.stages import concluded, enforced, reviewing, strike_off, tell
from whistle import clock
from whistle.services import tracking
from whistle.services.casework import desk, due, reading, weekly
from whistle.services.casework.desk_filters import DeskFilters
from whistle.services.casework.weekly import Part, Week
from whistle.services.errors import Invalid, NotAllowed
from whistle.store.cases import Case, CaseEvent, Clock, ShutOut
from whistle.store.units import Unit


def part(week: Week, name: str) -> Part:
    return next(part for part in week.parts if part.name == name)


def refs(week: Week, name: str) -> set[str]:
    return {line.ref for line in part(week, name).lines}


def number(case: str) -> str:
    return Case.get_by_id(case).number or case


def test_a_week_of_an_office(office: Office) -> None:
    with clock.at(days_later(-70)):
        late, resting = office.assigned("officer"), office.accepted()
    declined = office.file()
    office.classify(declined.case)
    office.act(declined.case, "decline", "intake", reason="court", message="请起诉。")
    office.approve("deputy")
    new, moved = office.file(), office.accepted()
    with clock.at(days_later(7)):
        week = weekly.sheet(office["deputy"])
    assert (week.since, week.ahead) == (MONDAY.date(), MONDAY.date() + dt.timedelta(days=14))
    assert refs(week, "new") == {new.case, number(moved.case), number(declined.case)}
    assert refs(week, "moved") == {number(moved.case)}
    assert refs(week, "closed") == {number(declined.case)}
    assert refs(week, "overdue") == {number(late.case), number(resting.case), new.case}
    (line,) = part(week, "moved").lines
    assert (line.came_from and line.came_from.name, line.state.name) == ("received", "assessing")
    assert [tally.name_zh for tally in week.by_officer] == ["周承办", None]
    assert week.by_officer[0].counts == {"new": 0, "moved": 0, "due": 0, "overdue": 1, "closed": 0}
    assert sum(tally.counts["new"] for tally in week.by_unit) == part(week, "new").total == 3


def test_it_says_who_must_do_what(office: Office) -> None:
    assigned, waiting, proposed = office.assigned("officer"), office.accepted(), office.file()
    office.classify(proposed.case)
    office.act(proposed.case, "decline", "intake", reason="court", message="请起诉。")
    lines = {line.ref: line for line in part(weekly.sheet(office["head"]), "new").lines}
    first, second, third = (lines[number(filed.case)] for filed in (assigned, waiting, proposed))
    assert (first.turn, first.officer, first.clock and first.clock.name) == ("officer", "周承办", "assess")
    assert (second.turn, second.officer, second.can_open) == ("assignment", None, True)
    assert (third.proposed and third.proposed.name, third.leave_of) == ("decline", ("deputy", "head"))


def test_what_is_due_is_named_by_its_own_clock_though_another_is_overdue(office: Office) -> None:
    filed = office.assigned("officer")
    Clock.delete().execute()
    today = clock.today()
    for name, days in (("reply_message", -3), ("assess", 5), ("rhythm", 8)):
        due_on = today + dt.timedelta(days=days)
        days_of = {"started_on": today, "due_on": due_on, "amber_on": due_on}
        Clock.create(case=filed.case, name=name, state="running", **days_of)
    week = weekly.sheet(office["officer"])
    assert [line.clock and line.clock.name for line in part(week, "due").lines] == ["assess"]
    assert [line.clock and line.clock.name for line in part(week, "overdue").lines] == ["reply_message"]


def test_what_was_entered_late_is_on_the_sheet_after(office: Office) -> None:
    filed = office.accepted(identity="named", name="张某", contact="电话")
    CaseEvent.update(recorded_on=MONDAY.date() + dt.timedelta(days=20)).where(
        CaseEvent.case == filed.case, CaseEvent.action == "accept"
    ).execute()
    with clock.at(days_later(21)):
        assert refs(weekly.sheet(office["deputy"]), "moved") == {number(filed.case)}
        assert refs(weekly.sheet(office["deputy"]), "new") == set()


def test_a_case_from_sealed_handling_is_new_and_says_nothing_of_it(office: Office) -> None:
    with clock.at(days_later(-30)):
        filed = office.file(own_people=True)
    for who in ("head", "deputy", "intake"):
        assert refs(weekly.sheet(office[who]), "overdue") == set()
    office.act(filed.case, "release_oversight", "oversight", not_own_people=True, reason="误选。")
    office.approve("oversight2")
    for who in ("head", "intake"):
        (line,) = part(weekly.sheet(office[who]), "new").lines
        assert (line.ref, line.came_from) == (filed.case, None)
        assert refs(weekly.sheet(office[who]), "moved") == set()


def test_merged_cases_and_those_one_is_shut_out_of_are_on_no_sheet(office: Office) -> None:
    merged, shut = office.accepted(), office.accepted()
    Case.update(state="merged").where(Case.id == merged.case).execute()
    ShutOut.create(case=shut.case, person=office["deputy"].person_id, reason="recused")
    week = weekly.sheet(office["deputy"])
    assert [part.total for part in week.parts] == [0] * 5
    assert (week.by_unit, week.by_officer) == ((), ())
    assert part(weekly.sheet(office["head"]), "new").total == 1


def test_long_parts_name_the_most_urgent_and_count_all(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weekly, "LINES", 2)
    with clock.at(days_later(-30)):
        oldest = office.file()
    for _ in range(3):
        office.file()
    Case.update(unit=Unit.get()).where(Case.id == oldest.case).execute()
    with clock.at(days_later(30)):
        overdue = part(weekly.sheet(office["intake"]), "overdue")
    assert (overdue.total, len(overdue.lines)) == (4, 2)
    assert oldest.case in {line.ref for line in overdue.lines}


def test_a_day_to_come_and_other_people_are_refused(office: Office) -> None:
    with pytest.raises(Invalid, match="since"):
        weekly.sheet(office["deputy"], clock.today() + dt.timedelta(days=1))
    with pytest.raises(NotAllowed):
        weekly.sheet(office["auditor"])


def test_a_letter_in_a_case_under_review_is_the_officers_to_answer(office: Office) -> None:
    filed = reviewing(office)
    tracking.write(office.visit(filed), "请问有结果了吗？", "n1")
    with clock.at(days_later(6)):
        (line,) = part(weekly.sheet(office["head"]), "due").lines
        assert (line.turn, line.clock and line.clock.name) == ("officer", "reply_message")
        assert [row.ref for part in due.due(office["officer"]).parts for row in part.rows] == [line.ref]
        assert not any(part.total for part in due.due(office["reviewer"]).parts)
        listed = desk.list_cases(office["reviewer"], DeskFilters(view="all", clock="today"))
        assert listed.total == 0


def test_a_second_look_is_not_for_who_worked_on_the_case(office: Office) -> None:
    filed = concluded(office)
    tell(office, filed.case)
    tracking.rate(office.visit(filed), "not_satisfied", "", "f1")
    with clock.at(days_later(40)):
        (line,) = part(weekly.sheet(office["head"]), "overdue").lines
        assert (line.turn, line.clock and line.clock.name) == ("another", "second_look")
        assert reading.open_case(office["deputy"], filed.case).turn == "another"
        office.act(filed.case, "assign", "deputy", person=office["officer2"].person_id)
        (line,) = part(weekly.sheet(office["head"]), "overdue").lines
        assert (line.turn, line.officer) == ("officer", "吴承办")
        assert reading.open_case(office["deputy"], filed.case).turn == ""


def test_a_look_back_is_not_for_who_struck_the_case_off(office: Office) -> None:
    filed, _measure = enforced(office)
    strike_off(office, filed)
    assert reading.open_case(office["deputy"], filed.case).turn == "another"
    office.act(filed.case, "look_back", "officer2", result="holds", account="没有反弹")
    assert reading.open_case(office["deputy"], filed.case).turn == ""
