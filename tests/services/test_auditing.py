"""The auditor's whole check at a working office: due days and key seals, which have no leaves of their own."""

import datetime as dt
from collections.abc import Callable

import pytest

from tests import remembered
from tests.builders import MONDAY, Office
from whistle import clock
from whistle.rules import workdays
from whistle.services import accounts, auditing, desks, duties, units
from whistle.services.casework import clock_check, clockwork, recusals
from whistle.services.casework.recusals import Said
from whistle.store.base import database
from whistle.store.cases import Case, CaseEvent, Clock, UnitShutOut
from whistle.store.desks import BlindSeal, Desk, DeskKey, DeskSeal
from whistle.store.offices import DayOverride
from whistle.store.reports import Identity, IdentitySeal, Report
from whistle.store.units import Unit

NAMED = {"identity": "named", "name": "李四", "contact": "1380000xx04"}


def found() -> list[tuple[str, str]]:
    return [(finding.kind, finding.what) for finding in auditing.check().findings]


def kinds() -> set[str]:
    return {kind for kind, _what in found()}


# Due days


@pytest.fixture
def ended(office: Office) -> str:
    """A declined case: all its clocks have ended."""
    case = office.file().case
    office.classify(case)
    office.act(case, "decline", "intake", reason="court", message="请向法院提出。")
    office.approve("deputy")
    return case


@pytest.fixture
def running(office: Office) -> str:
    return office.accepted().case


ATTACKS: dict[str, Callable[[str], int]] = {
    "an overdue clock is called met": lambda case: (
        Clock.update(state="met", ended_on="2026-09-15")
        .where(Clock.case == case, Clock.state == "running")
        .execute()
    ),
    "a due day is moved": lambda case: Clock.update(due_on="2026-12-01").where(Clock.case == case).execute(),
    "a day is called provisional": lambda case: (
        Clock.update(is_provisional=True).where(Clock.case == case).execute()
    ),
    "a clock is taken away": lambda case: Clock.delete().where(Clock.case == case).execute(),
    "nobody is to be reminded of it, nor told that it is overdue": lambda case: (
        Clock.update(amber_on="2030-01-01").where(Clock.case == case, Clock.state == "running").execute()
    ),
    "a day becomes nonsense": lambda case: Clock.update(due_on="soon").where(Clock.case == case).execute(),
}


@pytest.mark.on_both_databases
@pytest.mark.parametrize("attack", ATTACKS.values(), ids=list(ATTACKS))
def test_a_due_day_that_does_not_follow_from_the_events_is_found(
    running: str, ended: str, attack: Callable[[str], int]
) -> None:
    assert found() == []
    assert attack(running)
    assert [(kind, what.split(":")[0]) for kind, what in found()] == [("clock_differs", f"case {running}")]


def test_a_due_day_of_an_ended_clock_is_found_and_nothing_is_changed(running: str, ended: str) -> None:
    Clock.update(due_on="2026-12-01").where(Clock.case == ended, Clock.name == "accept").execute()
    before = list(Clock.select().order_by(Clock.id).dicts())
    assert found() == [("clock_differs", f"case {ended}: accept")]
    assert list(Clock.select().order_by(Clock.id).dicts()) == before


def test_events_that_cannot_be_counted_stop_no_check(running: str, ended: str) -> None:
    CaseEvent.update(valid_on="yesterday").where(CaseEvent.case == running).execute()
    assert ("clock_differs", f"case {running}: cannot be counted") in found()


def test_clocks_that_pause_lapse_and_are_cancelled_are_fine(office: Office, running: str, ended: str) -> None:
    waiting, lapsed = office.file().case, office.file().case
    for case in (waiting, lapsed):
        office.act(case, "request_supplement", "intake", message="请补充时间。")
    assert found() == []
    with clock.at(MONDAY + dt.timedelta(days=40)):
        duties.lapse_supplements()
        assert found() == []
    sealed = office.assigned(**NAMED).case
    office.act(sealed, "to_oversight", "officer", reason="涉及本机关人员")
    assert found() == []
    office.act(office.file().case, "request_supplement", "intake", message="请补充时间。")
    assert {row.state for row in Clock.select()} == {"running", "paused", "met", "cancelled"}
    assert found() == []


def test_many_cases_are_read_page_by_page(
    office: Office, running: str, ended: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock_check, "PAGE", 1)
    ATTACKS["a clock is taken away"](ended)
    ATTACKS["a clock is taken away"](running)
    assert [kind for kind, _what in found()] == ["clock_differs", "clock_differs"]


def days_off(*days: str, later: int = 0) -> None:
    """Slipped in past the use case that enters them, so nothing leaves a leaf."""
    for day in days:
        DayOverride.create(
            day=dt.date.fromisoformat(day),
            says="off",
            entered_by=1,
            recorded_at=MONDAY + dt.timedelta(days=later),
        )


def test_a_calendar_that_changed_is_no_tampering_before_nor_after_the_next_round(
    office: Office, running: str, ended: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duties, "_recounted", None)
    office.file()
    days_off("2026-09-15", "2026-09-16")
    assert kinds() == {"row_without_leaf"}
    assert duties.recount_days()
    assert kinds() == {"row_without_leaf"}
    days_off("2026-09-17", later=1)
    assert kinds() == {"row_without_leaf"}
    ATTACKS["a due day is moved"](ended)
    assert kinds() == {"row_without_leaf", "clock_differs"}


def test_what_was_counted_before_a_list_was_known_is_no_tampering(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    unknowing = workdays.Calendar(known_until=2025)
    with monkeypatch.context() as earlier:
        earlier.setattr(clockwork, "calendar", lambda: unknowing)
        remembered.closes()
        case = office.file().case
    assert {row.is_provisional for row in Clock.select().where(Clock.case == case)} == {True}
    assert kinds() == {"clock_differs"}, "no release ran without the list of 2026"
    monkeypatch.setattr(clock_check, "ALWAYS_KNOWN", 2025)
    assert found() == []


# Key seals


@pytest.mark.on_both_databases
@pytest.mark.parametrize(
    ("table", "kind"),
    [
        (IdentitySeal, "identity_without_seal"),
        (DeskSeal, "desk_key_without_seal"),
        (BlindSeal, "blind_key_without_seal"),
    ],
)
def test_seals_that_were_taken_from_everybody_are_found(
    office: Office, table: type[IdentitySeal], kind: str
) -> None:
    office.file(**NAMED)
    office.file(own_people=True, **NAMED)
    assert found() == []
    assert table.delete().execute()
    assert kinds() == {kind}


def test_the_keys_without_seals_are_named(office: Office) -> None:
    key = DeskKey.select().join(Desk).where(Desk.kind == "oversight").get()
    DeskSeal.delete().where(DeskSeal.desk_key == key).execute()
    assert found() == [("desk_key_without_seal", f"desk_key {key.id}")]


def test_seals_that_went_lawfully_are_not_missed(office: Office) -> None:
    sealed, stays = office.assigned(**NAMED), office.file(**NAMED)
    office.act(sealed.case, "to_oversight", "officer", reason="涉及本机关人员")
    assert not IdentitySeal.select().where(IdentitySeal.report == sealed.report).exists()
    assert found() == []
    desks.name_holder(office["head"], office["head"].person_id)
    leaving = [name for name in office.people if name not in ("head", "admin")]
    for user_name in leaving:
        accounts.deactivate(office["admin"], office[user_name].person_id)
    assert not DeskSeal.select().exists()
    assert found() == []
    assert Case.get_by_id(stays.case)


# Where a finding is


def test_a_finding_is_placed_by_case_number_and_day(office: Office) -> None:
    filed = office.accepted(**NAMED)
    number = Case.get_by_id(filed.case).number
    database.execute_sql("UPDATE case_event SET to_state = 'assigned' WHERE action = 'accept'")
    placed = auditing.verify(office["auditor"]).findings
    assert {row.case for row in placed} == {number}
    day = next(row.day for row in placed if row.finding.kind == "row_changed")
    assert day == dt.date(2026, 9, 14)
    assert next(row.day for row in placed if row.finding.kind == "clock_differs") is None


def test_a_changed_row_is_told_with_its_case_by_itself_or_through_its_report(office: Office) -> None:
    filed = office.accepted(**NAMED)
    number = Case.get_by_id(filed.case).number
    units.make(office["admin"], "N001", "另一局", "Another bureau")
    assert UnitShutOut.update(unit=Unit.get(Unit.code == "N001")).execute()
    assert Report.update(received_on="2026-01-01").execute()
    assert Identity.update(sealed_contact=b"another").execute()
    placed = {(p.finding.table, p.case) for p in auditing.verify(office["auditor"]).findings}
    assert placed == {("unit_shut_out", number), ("report", number), ("identity", number)}


def test_a_finding_in_a_case_that_is_not_there_for_the_head_is_told_to_the_auditor_alone(
    office: Office,
) -> None:
    sealed, left, seen = office.assigned(), office.assigned(), office.assigned()
    office.act(sealed.case, "to_oversight", "officer", reason="涉及本机关人员")
    paper = Said("上级已经决定。", "interest", "清纪〔2026〕3号", dt.date(2026, 9, 14))
    recusals.impose(office["deputy"], left.case, office["head"].person_id, paper)
    Case.update(severity="serious").execute()
    Clock.update(due_on="2026-09-15").execute()
    numbers = {filed.case: Case.get_by_id(filed.case).number for filed in (sealed, left, seen)}
    checked = auditing.verify(office["head"])
    assert {row.case for row in checked.findings} == {numbers[seen.case]}
    assert not any(
        each in str(checked) for filed in (sealed, left) for each in (filed.case, numbers[filed.case])
    )
    assert {row.case for row in auditing.verify(office["auditor"]).findings} == set(numbers.values())
    assert {row.case for row in auditing.verify(office["oversight"]).findings} >= {numbers[sealed.case]}
