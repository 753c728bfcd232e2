"""What the worker does: one thing that fails stops no other, and the round says at its end that it failed."""

import datetime as dt
import logging
from typing import Any

import pytest

from tests.builders import MONDAY, Office
from whistle import clock
from whistle.services import duties
from whistle.services.errors import Conflict
from whistle.store.cases import Case


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


@pytest.mark.parametrize("duty", ["lapse_supplements", "sweep_visits", "daily_checkpoint"])
def test_a_duty_that_fails_stops_no_other(office: Office, monkeypatch: pytest.MonkeyPatch, duty: str) -> None:
    done: list[str] = []

    def stands_for(name: str) -> Any:
        def run() -> int:
            done.append(name)
            if name == duty:
                raise RuntimeError(name)
            return 0

        return run

    names = ("lapse_supplements", "sweep_visits", "daily_checkpoint")
    for name in names:
        monkeypatch.setattr(duties, name, stands_for(name))
    with pytest.raises(duties.RoundFailed, match=r"^1 "):
        duties.run_due()
    assert done == list(names)


def test_a_case_that_went_on_meanwhile_is_no_failure(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    supplementing(office)

    def overtaken(*_: Any, **__: Any) -> None:
        raise Conflict("state")

    monkeypatch.setattr(duties, "act", overtaken)
    with clock.at(MONDAY + dt.timedelta(days=40)):
        assert duties.lapse_supplements() == 0
