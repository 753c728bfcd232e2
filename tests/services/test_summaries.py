"""The month's paper and the quarterly sheet: figures beside earlier ones, over the cases of the line."""

import datetime as dt

import pytest

from tests.builders import MONDAY, Office
from tests.cases import days_later
from tests.services.test_board import other_line
from whistle import clock
from whistle.services.casework import summaries
from whistle.services.casework.summaries import Month, Quarter
from whistle.services.errors import Invalid, NotAllowed
from whistle.store.cases import Case, ShutOut

SEPTEMBER = MONDAY.date()


def numbers(month: Month, name: str) -> tuple[int, int, int]:
    row = next(row for row in month.figures if row.figure.name == name)
    return row.now.count, row.before.count, row.year_ago.count


def test_a_month_stands_beside_the_last_and_the_same_a_year_ago(office: Office) -> None:
    for days in (-365, -31, -31, 0, 0, 0):
        with clock.at(days_later(days)):
            office.file()
    month = summaries.month(office["deputy"], SEPTEMBER)
    assert (month.period.first, month.year_ago.last) == (dt.date(2026, 9, 1), dt.date(2025, 9, 30))
    assert numbers(month, "received") == (3, 2, 1)
    with clock.at(days_later(30)):
        assert summaries.month(office["head"]).period == month.period, "the month that is over"


def test_only_the_line_counts_without_what_one_is_shut_out_of_or_is_sealed(office: Office) -> None:
    own, elsewhere, shut = office.file(), office.file(), office.file()
    office.file(own_people=True)
    Case.update(desk=other_line()).where(Case.id == elsewhere.case).execute()
    ShutOut.create(case=shut.case, person=office["head"].person_id, reason="named")
    assert numbers(summaries.month(office["deputy"], SEPTEMBER), "received")[0] == 2
    assert numbers(summaries.month(office["head"], SEPTEMBER), "received")[0] == 2
    office.act(own.case, "to_oversight", "intake", reason="涉及本机关人员。")
    assert numbers(summaries.month(office["deputy"], SEPTEMBER), "received")[0] == 1


def test_the_five_longest_overdue_are_named_and_cases_that_are_not_are_not(office: Office) -> None:
    for days in range(-70, -63):
        with clock.at(days_later(days)):
            office.accepted()
    office.accepted()
    longest = summaries.month(office["deputy"], SEPTEMBER).longest
    due = [row.clock.due_on for row in longest]
    assert (len(due), due) == (5, sorted(due))
    assert due[-1] < clock.today()


def test_the_quarter_tells_the_desk_what_became_of_what_it_accepted(office: Office) -> None:
    with clock.at(days_later(-40)):
        office.accepted()
    office.assigned(kind="petition")
    with clock.at(days_later(-80)):
        redirected = office.accepted()
        office.act(
            redirected.case,
            "redirect",
            "intake",
            receiver="市局",
            not_led_by_subject=True,
            message="已转。",
        )
        office.approve("deputy")
    office.file()
    held = office.accepted()
    Case.update(state="held").where(Case.id == held.case).execute()
    elsewhere = office.accepted()
    Case.update(desk=other_line()).where(Case.id == elsewhere.case).execute()
    for who, desks in (("intake", 1), ("intake2", 1), ("deputy", 1), ("head", 2)):
        sheet = summaries.quarter(office[who], SEPTEMBER)
        assert (sheet.period.first, sheet.period.last) == (dt.date(2026, 7, 1), dt.date(2026, 9, 30))
        assert len(sheet.desks) == desks
        lead, petition = row(sheet, "lead"), row(sheet, "petition")
        assert (lead.accepted, lead.redirected, lead.in_hand, lead.held, lead.overdue) == (2, 0, 2, 1, 1)
        assert (petition.accepted, petition.concluded, petition.in_hand) == (1, 0, 1)
    before = summaries.quarter(office["deputy"])
    assert before.period.last == dt.date(2026, 6, 30)
    assert (row(before, "lead").accepted, row(before, "lead").redirected) == (1, 1)


def row(sheet: Quarter, kind: str) -> summaries.KindRow:
    return next(row for row in sheet.desks[0].rows if row.kind == kind)


def test_the_desk_is_told_nothing_of_what_its_member_is_shut_out_of(office: Office) -> None:
    filed = office.accepted()
    ShutOut.create(case=filed.case, person=office["intake2"].person_id, reason="named")
    assert summaries.quarter(office["intake2"], SEPTEMBER).desks == ()
    assert row(summaries.quarter(office["intake"], SEPTEMBER), "lead").accepted == 1


def test_who_sees_a_part_alone_gets_no_figures_of_it(office: Office) -> None:
    for who in ("officer", "reviewer", "oversight", "auditor", "admin"):
        with pytest.raises(NotAllowed):
            summaries.month(office[who])
        with pytest.raises(NotAllowed):
            summaries.quarter(office[who])
    with pytest.raises(NotAllowed):
        summaries.month(office["intake"])


def test_what_has_not_begun_is_refused(office: Office) -> None:
    for paper in (summaries.month, summaries.quarter):
        with pytest.raises(Invalid, match="period"):
            paper(office["head"], SEPTEMBER + dt.timedelta(days=120))
