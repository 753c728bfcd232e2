"""Reminders and escalation: who is told of which due day on which day, once, and nobody who must not know."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import MONDAY, Filed, Office
from tests.services.test_races import at_once
from tests.stages import concluded, tell
from whistle import clock
from whistle.rules import clocks
from whistle.rules.clock_rows import MONTHS, NATURAL, WORKING
from whistle.rules.escalation import LEVELS
from whistle.rules.workdays import Calendar
from whistle.services import absences, accounts, auditing, duties, notices, reminders, tracking
from whistle.services.access import AsSystem
from whistle.services.casework import clockwork, recusals
from whistle.services.escalation import Escalation
from whistle.services.shell import SHELL
from whistle.store.base import database
from whistle.store.cases import Case, CaseSeal, Clock, ShutOut
from whistle.store.entries import Entry
from whistle.store.fields import new_id
from whistle.store.offices import DayOverride
from whistle.store.outbox import Notice, Reminder, Told
from whistle.store.people import Person
from whistle.store.units import Unit

DAY = dt.timedelta(days=1)
#: Eight in the morning of the office's days.
FIRST = dt.datetime(2026, 9, 14, 0, 0, tzinfo=dt.UTC)


def on(day: str, hour: int = 0) -> Any:
    """The office's clock on a day of 2026, so many hours after eight in the morning."""
    month, number = day.split("-")
    return clock.at(dt.datetime(2026, int(month), int(number), hour, 0, tzinfo=dt.UTC))


def told_on(day: str) -> dict[str, dict[str, int]]:
    """Who has a notice of a day, with what it counts."""
    rows = Notice.select().where(Notice.made_on == f"2026-{day}")
    return {row.person.user_name: row.counts for row in rows}


def alone(case: str, name: str) -> None:
    """Leave one clock of a case running, so that its days alone are looked at."""
    Clock.delete().where(Clock.case == case, Clock.name != name).execute()


def walk(days: list[str]) -> dict[str, dict[str, dict[str, int]]]:
    """Run twice on each of these days; who was told what on which."""
    told = {}
    for day in days:
        with on(day):
            reminders.run(SHELL)
            assert reminders.run(SHELL) == reminders.Done(0, 0)
        if told_on(day):
            told[day] = told_on(day)
    return told


# The order of escalation


def test_who_takes_a_case_over_is_told_of_the_days_ahead_that_the_officer_before_was_told_of(
    office: Office,
) -> None:
    with clock.at(dt.datetime(2026, 9, 11, 1, 0, tzinfo=dt.UTC)):
        filed = office.assigned()
    alone(filed.case, "assess")
    with on("10-09"):
        reminders.run(SHELL)
        to = office["officer2"].person_id
        office.act(
            filed.case,
            "hand_over",
            "deputy",
            from_person=office["officer"].person_id,
            person=to,
            reason="调离",
        )
        alone(filed.case, "assess")
    assert walk(["10-10", "10-11"]) == {"10-10": {"officer2": {"soon": 1}}}
    names = reminders.of_case(office["officer2"], filed.case)[0].levels["before"].names
    assert names == (office["officer"].name, office["officer2"].name)


def test_officer_before_deputy_on_head_after_each_once_over_a_holiday(office: Office) -> None:
    """A lead assessed from 11 September has one month: due on Sunday 11 October, so on Monday the 12th; the days off of
    the national holiday are no working days, so that amber begins on the Friday before."""
    with clock.at(dt.datetime(2026, 9, 11, 1, 0, tzinfo=dt.UTC)):
        filed = office.assigned()
    alone(filed.case, "assess")
    row = Clock.get(Clock.case == filed.case)
    assert (row.due_on.isoformat(), row.amber_on.isoformat()) == ("2026-10-12", "2026-10-09")
    days = ["09-30", *(f"10-{n:02}" for n in range(1, 17))]
    assert walk(days) == {
        "10-09": {"officer": {"soon": 1}},
        "10-12": {"deputy": {"today": 1}},
        "10-13": {"head": {"overdue": 1}},
    }


def test_what_no_worker_told_in_time_is_told_late_to_all_of_them(office: Office) -> None:
    filed = office.assigned()
    alone(filed.case, "assess")
    assert walk(["10-20", "10-21"]) == {
        "10-20": {"officer": {"overdue": 1}, "deputy": {"overdue": 1}, "head": {"overdue": 1}}
    }


def test_the_desk_before_acceptance_and_whoever_took_it_in_until_there_is_an_officer(office: Office) -> None:
    at_desk, taken_in = office.file(), office.accepted()
    alone(at_desk.case, "accept")
    alone(taken_in.case, "assess")
    assert walk(["09-18"]) == {"09-18": {"intake": {"soon": 1}, "intake2": {"soon": 1}}}
    assert walk(["10-13"])["10-13"]["intake"] == {"soon": 1}


def test_one_notice_a_person_and_day_and_what_turns_later_waits_for_tomorrows(office: Office) -> None:
    for _ in range(3):
        alone(office.assigned().case, "assess")
    alone(office.assigned("officer2").case, "assess")
    later = office.assigned().case
    alone(later, "assess")
    amber = Clock.get(Clock.case == later).amber_on
    Clock.update(amber_on=amber + 40 * DAY).where(Clock.case == later).execute()
    with on("10-12"):
        assert reminders.run(SHELL) == reminders.Done(4, 2)
        Clock.update(amber_on=amber).where(Clock.case == later).execute()
        assert reminders.run(SHELL) == reminders.Done(1, 0)
    assert told_on("10-12") == {"officer": {"soon": 3}, "officer2": {"soon": 1}}
    with on("10-13"):
        reminders.run(SHELL)
    assert told_on("10-13") == {"officer": {"soon": 1}}


def test_what_was_done_before_the_notice_went_is_not_counted(office: Office) -> None:
    met, open_ = office.file(), office.file()
    for filed in (met, open_):
        alone(filed.case, "register")
    with on("09-15"):
        for filed in (met, open_):
            reminders._tell(SHELL, [filed.case])
        office.classify(met.case)
        notices.close_all(SHELL, is_mailed=False)
    assert told_on("09-15")["intake"] == {"today": 1}


def test_a_due_day_that_moved_is_told_anew(office: Office) -> None:
    filed = office.file()
    alone(filed.case, "accept")
    assert "09-18" in walk(["09-18"])
    for day in ("09-18", "09-21"):
        DayOverride.create(day=f"2026-{day}", says="off", entered_by=1, recorded_at=clock.now())
    clockwork.recompute(Case.get_by_id(filed.case))
    alone(filed.case, "accept")
    assert "intake" in walk(["09-22"])["09-22"]


def test_a_wait_for_the_reporter_is_told_to_nobody_and_a_clock_that_stands_still_neither(
    office: Office,
) -> None:
    filed = office.file()
    office.act(filed.case, "request_supplement", "intake", message="请补充时间。")
    states = {row.name: row.state for row in Clock.select().where(Clock.case == filed.case)}
    assert (states["accept"], states["supplement"]) == ("paused", "running")
    Clock.delete().where(Clock.name.not_in(["accept", "supplement"])).execute()
    assert walk(["10-30"]) == {}


# Who is there, and who must not know


def away(office: Office, *user_names: str) -> None:
    for user_name in user_names:
        absences.enter(office["admin"], office[user_name].person_id, MONDAY.date(), MONDAY.date() + 60 * DAY)


@pytest.mark.parametrize(
    ("gone", "told"),
    [
        (["officer"], [{"officer", "deputy"}, {"deputy"}, {"head"}]),
        (["deputy"], [{"officer"}, {"deputy", "head"}, {"head"}]),
        (["head"], [{"officer"}, {"deputy"}, {"head", "deputy"}]),
        (["officer", "deputy"], [{"officer", "deputy", "head"}, {"deputy", "head"}, {"head"}]),
        (["deputy", "head"], [{"officer"}, {"deputy", "head", "officer"}, {"head", "deputy", "officer"}]),
    ],
)
def test_where_somebody_is_away_who_is_there_is_told_too(
    office: Office, gone: list[str], told: list[set[str]]
) -> None:
    filed = office.assigned()
    alone(filed.case, "assess")
    away(office, *gone)
    found = walk(["10-12", "10-14", "10-15"])
    assert [found[day].keys() for day in ("10-12", "10-14", "10-15")] == told


def test_one_of_the_desk_who_is_there_is_enough(office: Office) -> None:
    alone(office.file().case, "accept")
    away(office, "intake2")
    assert walk(["09-18"])["09-18"].keys() == {"intake", "intake2"}


def shut_out(filed: Filed, office: Office) -> None:
    for user_name in ("officer", "deputy"):
        ShutOut.create(case=filed.case, person=office[user_name].person_id, reason="recused")


def of_the_unit(filed: Filed, _office: Office) -> None:
    unit = Unit.get()
    Case.update(unit=unit).where(Case.id == filed.case).execute()
    Person.update(unit=unit).where(Person.user_name.in_(["officer", "deputy"])).execute()


@pytest.mark.parametrize("how", [shut_out, of_the_unit])
def test_who_is_shut_out_is_told_nothing_and_the_next_above_instead(
    office: Office, how: Callable[[Filed, Office], None]
) -> None:
    filed = office.assigned()
    how(filed, office)
    alone(filed.case, "assess")
    assert walk(["10-12", "10-14", "10-15"]) == {
        "10-12": {"head": {"soon": 1}},
        "10-14": {"head": {"today": 1}},
        "10-15": {"head": {"overdue": 1}},
    }


def test_who_is_named_in_the_sealed_words_never_had_the_key_and_is_passed_over(office: Office) -> None:
    filed = office.accepted(people=Person.get(Person.user_name == "deputy").name)
    office.act(filed.case, "assign", "head", person=office["officer"].person_id)
    alone(filed.case, "assess")
    assert walk(["10-12", "10-14"])["10-14"].keys() == {"head"}


def test_of_the_offices_own_people_only_the_oversight_desk_is_told(office: Office) -> None:
    filed = office.file(own_people=True)
    days = [f"09-{n}" for n in range(14, 31)]
    told = walk(days)
    assert {name for day in told.values() for name in day} == {"oversight", "oversight2"}
    levels = {row.level for row in Reminder.select().where(Reminder.case == filed.case)}
    assert levels == {"before", "due", "after"}


def test_a_case_that_went_the_sealed_way_after_its_reminder_is_counted_for_none_but_the_oversight_desk(
    office: Office,
) -> None:
    filed = office.assigned()
    with on("10-15"):
        reminders._tell(SHELL, [filed.case])
        office.act(filed.case, "to_oversight", "officer", reason="涉及本机关人员")
        notices.close_all(SHELL, is_mailed=False)
    assert told_on("10-15") == {}


def test_whoever_keeps_off_a_case_since_its_reminder_is_not_told_of_it(office: Office) -> None:
    filed = office.assigned()
    alone(filed.case, "assess")
    with on("10-15"):
        reminders._tell(SHELL, [filed.case])
        recusals.declare(office["officer"], filed.case, "relative", "亲属。")
        notices.close_all(SHELL, is_mailed=False)
    assert told_on("10-15").keys() == {"deputy", "head"}


def test_a_case_whose_officer_left_goes_to_the_deputy_at_once(office: Office) -> None:
    filed = office.assigned()
    alone(filed.case, "assess")
    accounts.deactivate(office["admin"], office["officer"].person_id)
    assert walk(["10-12"]) == {"10-12": {"deputy": {"soon": 1}}}


def test_while_a_case_is_under_review_its_reviewer_is_told_with_the_officer(office: Office) -> None:
    filed = office.assigned()
    alone(filed.case, "assess")
    seal = CaseSeal.get(CaseSeal.case == filed.case, CaseSeal.person == office["officer"].person_id)
    seal.id, seal.person, seal.reason = new_id(), office["reviewer"].person_id, "reviewing"
    seal.save(force_insert=True)
    Case.update(reviewer=seal.person).where(Case.id == filed.case).execute()
    with on("10-12"):
        (case,) = Case.select().where(Case.id == filed.case)
        assert {person.user_name for person in Escalation([case]).whom(case, LEVELS[0])} == {"officer"}
        case.state = "reviewing"
        told = {person.user_name for person in Escalation([case]).whom(case, LEVELS[0])}
    assert told == {"officer", "reviewer"}


# What is left behind


def test_of_a_second_look_the_deputy_is_told_before_it_is_due_who_has_to_find_another_officer(
    office: Office,
) -> None:
    filed = concluded(office)
    tell(office, filed.case)
    tracking.rate(office.visit(filed), "not_satisfied", "", "f1")

    def told(name: str) -> set[str]:
        case = Case.get_by_id(filed.case)
        return {person.user_name for person in Escalation([case]).whom(case, LEVELS[0], name)}

    assert (told("second_look"), told("rhythm")) == ({"officer", "deputy"}, {"officer"})
    office.act(filed.case, "assign", "deputy", person=office["officer2"].person_id)
    assert told("second_look") == {"officer2"}


def test_what_was_told_can_be_checked_and_seen_by_who_has_the_case(office: Office) -> None:
    filed = office.assigned()
    office.file()
    alone(filed.case, "assess")
    Clock.delete().where(Clock.case != filed.case).execute()
    walk(["10-12", "10-14", "10-15"])
    (row,) = reminders.of_case(office["officer"], filed.case)
    names = {person.user_name: person.name for person in Person.select()}
    assert {name: (level.on.isoformat(), *level.names) for name, level in row.levels.items()} == {
        "before": ("2026-10-12", names["officer"]),
        "due": ("2026-10-14", names["deputy"]),
        "after": ("2026-10-15", names["head"]),
    }
    assert Entry.select().where(Entry.type == "overdue").count() == 1
    findings = auditing.check(None).findings
    assert [finding for finding in findings if finding.kind != "clock_differs"] == []
    Reminder.update(made_on="2026-10-20").where(Reminder.level == "after").execute()
    assert "row_changed" in {finding.kind for finding in auditing.check(None).findings}


def test_a_page_that_fails_stops_no_other_and_is_tried_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [office.assigned().case for _ in range(3)]
    for case in cases:
        alone(case, "assess")
    whole = reminders._tell

    def tell(by: AsSystem, case_ids: list[str]) -> int:
        if cases[1] in case_ids:
            raise ValueError("窗口收钱")
        return whole(by, case_ids)

    monkeypatch.setattr(reminders, "PAGE", 1)
    monkeypatch.setattr(reminders, "_tell", tell)
    with on("10-12"), pytest.raises(ValueError, match="窗口"):
        reminders.run(SHELL)
    assert told_on("10-12") == {"officer": {"soon": 2}}
    monkeypatch.setattr(reminders, "_tell", whole)
    assert walk(["10-13"]) == {"10-13": {"officer": {"soon": 1}}}


def test_two_clocks_that_nothing_tells_apart_are_told_together(office: Office) -> None:
    filed = office.assigned()
    alone(filed.case, "assess")
    twin = Clock.get(Clock.case == filed.case)
    twin.id = new_id()
    twin.save(force_insert=True)
    assert walk(["10-12", "10-13"]) == {"10-12": {"officer": {"soon": 2}}}


def test_two_who_run_at_once_tell_once(office: Office) -> None:
    for _ in range(6):
        alone(office.assigned().case, "assess")
    noon = dt.datetime(2026, 10, 15, 4, 0, tzinfo=dt.UTC)
    done = at_once(*[lambda: reminders.run(SHELL)] * 3, now=noon)
    assert sum(one.due_days for one in done) == 6
    assert sum(one.people for one in done) == 3
    assert told_on("10-15") == {name: {"overdue": 6} for name in ("officer", "deputy", "head")}
    assert (Reminder.select().count(), Told.select().count(), Notice.select().count()) == (18, 18, 3)


def test_it_asks_the_same_of_few_told_clocks_and_of_many_and_little_of_each_that_turned(
    office: Office,
) -> None:
    def asked(day: str) -> int:
        seen: list[object] = []
        database.query_hooks.append(seen.append)
        try:
            with on(day):
                reminders.run(SHELL)
        finally:
            database.query_hooks.remove(seen.append)
        return len(seen)

    for _ in range(10):
        alone(office.assigned().case, "assess")
    turned = asked("10-12")
    assert turned <= 40 + 10 * 5
    assert asked("10-13") == asked("10-13") <= 5
    assert asked("10-14") <= turned


# The hour


def test_the_worker_wakes_nobody_at_night_and_looks_once_an_hour(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duties, "_reminded", None)
    alone(office.assigned().case, "assess")
    found = []
    for minutes in (-1, 0, 1, 59, 60):
        with clock.at(dt.datetime(2026, 10, 12, 0, 0, tzinfo=dt.UTC) + dt.timedelta(minutes=minutes)):
            found.append(duties.make_reminders())
    assert found == [None, 1, None, None, 0]


def test_the_hour_in_which_a_reporter_wrote_is_not_told_by_when_a_notice_leaves(office: Office) -> None:
    """What the reporter adds lets a clock run on that may be amber at once."""
    quiet, lively = office.assigned(), office.assigned("officer2")
    for filed in (quiet, lively):
        alone(filed.case, "assess")
    Person.update(email="a@example.org").execute()
    at = dt.datetime(2026, 10, 12, 2, 23, 5, tzinfo=dt.UTC)
    with clock.at(at):
        tracking.write(office.visit(lively), "再补充一句。", "n1")
        clockwork.recompute(Case.get_by_id(quiet.case))
        for _filed in (quiet, lively):
            Clock.delete().where(Clock.name != "assess").execute()
        reminders.run(SHELL)
        # There is a mail server as far as this is concerned.
        Notice.update(state="open", made_on=None, settled_on=None, next_try_at=None).execute()
        notices.close_all(SHELL, is_mailed=True)
    tries = {row.person.user_name: row.next_try_at for row in Notice.select()}
    assert tries == {"officer": at, "officer2": at.replace(hour=3, minute=0, second=0)}


# When a clock turns


def test_the_first_round_after_an_update_counts_from_when_on_older_clocks_are_amber(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duties, "_recounted", None)
    filed = office.file()
    amber = {row.name: row.amber_on for row in Clock.select().where(Clock.case == filed.case)}
    Clock.update(amber_on=Clock.due_on).execute()
    assert duties.recount_days() == 1
    assert {row.name: row.amber_on for row in Clock.select().where(Clock.case == filed.case)} == amber


@given(
    unit=st.sampled_from((WORKING, NATURAL, MONTHS)),
    start=st.dates(dt.date(2025, 12, 1), dt.date(2026, 10, 31)),
    length=st.integers(0, 200),
)
def test_the_stored_day_is_the_one_on_which_the_colour_turns(unit: str, start: dt.date, length: int) -> None:
    days = Calendar()
    state = clocks.ClockState("rhythm", None, start, start + length * DAY, "running", None, False, unit)
    amber = clockwork.amber_on(state, days)
    colours = [clocks.colour(state, start + n * DAY, days) for n in range(length + 1)]
    assert [colour != "green" for colour in colours] == [start + n * DAY >= amber for n in range(length + 1)]
    assert amber <= state.due_on
