"""What the worker does: one thing that fails stops no other, and the round says at its end that it failed."""

import datetime as dt
import logging
from typing import Any

import pytest

from tests.builders import MONDAY, Office
from whistle import clock
from whistle.services import duties, storage
from whistle.services.errors import Conflict
from whistle.services.shell import SHELL
from whistle.services.visit_files import Receiving
from whistle.store import files
from whistle.store.base import database
from whistle.store.cases import Case, Clock
from whistle.store.offices import DayOverride


@pytest.fixture(autouse=True)
def fresh_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that has just started."""
    monkeypatch.setattr(duties, "_recounted", None)
    monkeypatch.setattr(duties, "_files_swept_on", None)
    monkeypatch.setattr(duties, "_reminded", None)


def supplementing(office: Office) -> str:
    filed = office.file()
    office.act(filed.case, "request_supplement", "intake", message="请补充时间。")
    return filed.case


def test_a_lapse_that_fails_stops_no_other(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    cases = [supplementing(office) for _ in range(3)]
    broken, whole = cases[1], duties.act

    def act(case: str, *args: Any, **more: Any) -> Any:
        if case == broken:
            raise ValueError("窗口收钱")
        return whole(case, *args, **more)

    monkeypatch.setattr(duties, "act", act)
    with (
        clock.at(MONDAY + dt.timedelta(days=40)),
        caplog.at_level(logging.INFO),
        pytest.raises(duties.RoundFailed) as told,
    ):
        duties.run_due()
    assert {Case.get_by_id(case).state for case in cases if case != broken} == {"received"}
    assert Case.get_by_id(broken).state == "supplementing"
    assert [(failure.duty, failure.kind) for failure in told.value.failures] == [("lapse", "ValueError")]
    assert "test_duties.py" in told.value.failures[0].place
    assert "窗口" not in caplog.text + str(told.value) + repr(told.value.failures)


DUTIES = (
    "recount_days",
    "lapse_supplements",
    "make_reminders",
    "sweep_visits",
    "sweep_files",
    "daily_checkpoint",
    "send_notices",
)


@pytest.mark.parametrize("duty", DUTIES)
def test_a_duty_that_fails_stops_no_other(office: Office, monkeypatch: pytest.MonkeyPatch, duty: str) -> None:
    done: list[str] = []

    def stands_for(name: str) -> Any:
        def run() -> int:
            done.append(name)
            if name == duty:
                raise RuntimeError(name)
            return 0

        return run

    for name in DUTIES:
        monkeypatch.setattr(duties, name, stands_for(name))
    with pytest.raises(duties.RoundFailed, match=r"^1 "):
        duties.run_due()
    assert done == list(DUTIES)


def test_files_of_newer_reports_outlast_an_older_database_until_somebody_sweeps_them(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    whole, cut = Receiving("whole.png"), Receiving("cut.png")
    for received in (whole, cut):
        received.write(b"\x89PNG\r\n\x1a\n" + bytes(100_000))
    whole.finish()
    whole.keep()
    with clock.at(clock.now() + dt.timedelta(days=3)):
        assert (duties.sweep_files() or 0) >= 1
        left = {found.name for found in files.store().all()}
        assert whole.id in left
        assert cut.id not in left
        assert "whole files that no report knows of" in caplog.text
        assert whole.id not in caplog.text
        assert whole.id in {found.name for found in storage.sweep(SHELL).found}
        assert files.store().size(whole.id) is None
        assert duties.sweep_files() is None
    cut.discard()


def test_a_case_that_went_on_meanwhile_is_no_failure(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    supplementing(office)

    def overtaken(*_: Any, **__: Any) -> None:
        raise Conflict("state")

    monkeypatch.setattr(duties, "act", overtaken)
    with clock.at(MONDAY + dt.timedelta(days=40)):
        assert duties.lapse_supplements() == 0


# Due days


def days_off(*days: str) -> None:
    """The calendar as a newer release, or an administrator, knows it."""
    for day in days:
        DayOverride.create(
            day=dt.date.fromisoformat(day),
            says="off",
            entered_by=1,
            recorded_at=MONDAY,
        )


def due(case: str) -> dict[str, tuple[str, bool]]:
    rows = Clock.select().where(Clock.case == case, Clock.state == "running")
    return {row.name: (row.due_on.isoformat(), bool(row.is_provisional)) for row in rows}


def test_a_day_off_that_was_not_known_moves_the_due_days_of_cases_nobody_touches(office: Office) -> None:
    touched, ended = office.file().case, office.file().case
    office.classify(ended)
    office.act(ended, "decline", "intake", reason="court", message="请向法院提出。")
    office.approve("deputy")
    clocks_of_ended = list(Clock.select().where(Clock.case == ended).order_by(Clock.id).dicts())
    before = due(touched)["accept"]
    days_off("2026-09-15", "2026-09-16")
    assert duties.recount_days() == 1
    assert before == ("2026-09-20", False)
    assert due(touched)["accept"] == ("2026-09-22", False)
    assert list(Clock.select().where(Clock.case == ended).order_by(Clock.id).dicts()) == clocks_of_ended


def test_a_year_that_is_published_ends_what_was_provisional(office: Office) -> None:
    with clock.at(dt.datetime(2026, 12, 28, 1, 0, tzinfo=dt.UTC)):
        case = office.file().case
        before = due(case)["accept"]
        assert before[1]
        days_off("2027-01-01", "2027-01-04")
        DayOverride.create(day=dt.date(2027, 1, 1), says="year_known", entered_by=1, recorded_at=MONDAY)
        assert duties.recount_days() == 1
        assert due(case)["accept"] == (_next_day(before[0]), False)


def _next_day(day: str) -> str:
    return (dt.date.fromisoformat(day) + dt.timedelta(days=1)).isoformat()


def test_counting_again_writes_nothing_and_is_done_once_a_day(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        office.file()
    days_off("2026-09-15")
    assert duties.run_due().recounted == 3
    ids = {row.id for row in Clock.select(Clock.id)}
    assert duties.recount_days() is None
    with clock.at(MONDAY + dt.timedelta(days=1)):
        assert duties.recount_days() == 0
    assert {row.id for row in Clock.select(Clock.id)} == ids


def test_a_count_asks_two_questions_a_case(office: Office) -> None:
    for _ in range(5):
        office.file()
    asked: list[object] = []
    database.query_hooks.append(asked.append)
    try:
        duties.recount_days()
    finally:
        database.query_hooks.remove(asked.append)
    assert len(asked) <= 2 * 5 + 5


def test_a_case_that_fails_is_tried_again_and_stops_no_other(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [office.file().case for _ in range(3)]
    days_off("2026-09-15")
    whole = duties.clockwork.recompute

    def recompute(case: Case) -> None:
        if case.id == cases[1]:
            raise ValueError("窗口收钱")
        whole(case)

    monkeypatch.setattr(duties.clockwork, "recompute", recompute)
    with pytest.raises(duties.RoundFailed):
        duties.recount_days()
    monkeypatch.undo()
    monkeypatch.setattr(duties, "_recounted", None)
    assert duties.recount_days() == 1
