"""`whistle worker` as stories: one round, a round that fails, two workers at once, and a clean end."""

import datetime as dt
import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.builders import MONDAY, Office
from tests.cli.typed import TypeIn, refused, type_in  # noqa: F401 - fixtures
from tests.conftest import make_app
from whistle import clock, config
from whistle.cli import worker
from whistle.config import ROOT
from whistle.services import duties
from whistle.store.cases import Case


def test_one_round_does_what_is_due(type_in: TypeIn, office: Office) -> None:  # noqa: F811
    filed = office.file()
    office.act(filed.case, "request_supplement", "intake", message="请补充时间。")
    with clock.at(MONDAY + dt.timedelta(days=40)):
        assert type_in("worker", "--once").exit_code == 0
    assert Case.get_by_id(filed.case).state == "received"


def test_a_round_may_be_repeated(type_in: TypeIn) -> None:  # noqa: F811
    assert [type_in("worker", "--once").exit_code for _ in range(3)] == [0, 0, 0]


def test_a_round_that_fails_says_so_without_content(
    type_in: TypeIn,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail() -> None:
        raise ValueError("窗口收钱")

    monkeypatch.setattr(duties, "run_due", fail)
    with caplog.at_level(logging.INFO):
        done = type_in("worker", "--once")
    assert "Run whistle doctor" in refused(done)
    assert "builtins.ValueError" in caplog.text
    assert "窗口" not in caplog.text + done.output


def test_a_second_worker_of_the_machine_lets_the_first_work(
    office: Office, office_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = config.load(
        {"WHISTLE_DATABASE_URL": office_url, "WHISTLE_INSTANCE": str(tmp_path / "instance")}
    )
    app, rounds = make_app(settings), []
    monkeypatch.setattr(duties, "run_due", lambda: rounds.append(1))
    with worker._alone(settings.instance) as is_alone:
        assert is_alone
        assert worker.run_round(app)
    assert rounds == []
    assert worker.run_round(app)
    assert rounds == [1]


def test_it_ends_cleanly_when_it_is_told_to(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WHISTLE_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "whistle.cli", "worker"],
        cwd=ROOT,
        env=kept | {"WHISTLE_INSTANCE": str(tmp_path)},
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 30
    while not (tmp_path / worker.LOCK).exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    _out, told = process.communicate(timeout=30)
    assert process.returncode == 0, told
    assert "Traceback" not in told
