"""What is typed at the shell and what comes of it: a fixture around click's runner, without a process of its own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo

from tests.builders import Office
from tests.conftest import make_app
from whistle import config
from whistle.cli import shell

TypeIn = Callable[..., Result]


def typing(app: Flask) -> TypeIn:
    """Type `whistle …` in front of this program."""

    def type_words(*words: str) -> Result:
        return CliRunner().invoke(shell, words, obj=ScriptInfo(create_app=lambda: app))

    return type_words


@pytest.fixture
def type_in(office: Office, office_url: str, tmp_path: Path) -> TypeIn:
    """The shell of the trial office."""
    scheme, _mark, path = office_url.partition(":///")
    if scheme == "sqlite":
        Path(path).chmod(0o600)
    settings = {"WHISTLE_DATABASE_URL": office_url, "WHISTLE_INSTANCE": str(tmp_path / "instance")}
    return typing(make_app(config.load({**settings, "WHISTLE_PUBLIC_URL": "https://report.example.gov.cn"})))


@pytest.fixture
def type_early(app: Flask) -> TypeIn:
    """The shell of an instance that was never set up."""
    return typing(app)


def refused(done: Result) -> str:
    """The one line on stderr of a command that did nothing."""
    assert done.exit_code == 1, done.output
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert len(lines) == 1, lines
    return lines[0]


__all__ = ["TypeIn", "refused", "type_early", "type_in", "typing"]
