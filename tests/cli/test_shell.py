"""The shell as a whole: help with examples, one line for what goes wrong, exit codes."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import click
import pytest

from whistle.cli import MODULES, shell
from whistle.cli.wording import words
from whistle.config import ROOT, ConfigError
from whistle.services.errors import Busy, Conflict, Crowded, Invalid, NotAllowed, NotFound, Unusable


def commands(group=shell, path=()):
    """Every command with its words: ('log', 'verify')."""
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        if isinstance(found, click.Group):
            yield from commands(found, (*path, name))
        else:
            yield (*path, name), found


def run(*arguments, **variables):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WHISTLE_")}
    return subprocess.run(
        [sys.executable, "-m", "whistle.cli", *arguments],
        cwd=ROOT,
        env=kept | variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_every_command_has_help_with_an_example():
    for path, command in commands():
        assert "Example:" in (command.help or ""), (
            f"whistle {' '.join(path)}: write an Example into its docstring"
        )


def test_every_module_has_its_command():
    assert len(list(commands())) >= len(MODULES)


@pytest.mark.parametrize(
    "error",
    [
        NotFound("channel"),
        Invalid("name", "too_long", most=60),
        Conflict("state", state="received"),
        NotAllowed("case.accept"),
        Unusable("expired"),
        Busy(30),
        Crowded(2),
        Invalid("user_name", "taken"),
        Conflict("same_desk"),
        ConfigError("PORT has to be a number. Example: PORT=8080."),
    ],
)
def test_every_error_of_a_service_is_one_whole_line(error):
    line = words(error)
    assert "\n" not in line
    assert line.endswith(".")


def test_a_refused_input_is_said_in_words_and_not_in_codes():
    assert words(Invalid("name_zh", "too_long", most=60)) == (
        "The name zh is too long: it may have 60 characters. Shorten it."
    )
    assert words(NotFound("office")) == (
        "This instance is not set up yet. Open the link that whistle init prints."
    )


def test_a_wrong_setting_is_one_line_on_stderr(tmp_path):
    done = run("init", PORT="http", WHISTLE_INSTANCE=str(tmp_path))
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "PORT has to be a whole number from 1 to 65535. Example: PORT=8080",
    ]


def test_a_database_that_is_not_there_is_one_line_on_stderr(tmp_path):
    away = "postgresql://nobody@127.0.0.1:1/nothing"
    done = run("init", WHISTLE_DATABASE_URL=away, WHISTLE_INSTANCE=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "WHISTLE_DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["doctor", "worker --once", "log verify"])
@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"WHISTLE_INSTANCE": "/dev/null/office"}, "WHISTLE_INSTANCE"),
        ({"WHISTLE_INSTANCE": "/dev/null"}, "WHISTLE_INSTANCE"),
        ({"WHISTLE_DATABASE_URL": "sqlite:////dev/null/whistle.db"}, "WHISTLE_DATABASE_URL"),
    ],
)
def test_a_folder_that_cannot_be_used_is_one_line_on_stderr(tmp_path, command, variables, named):
    done = run(*command.split(), **({"WHISTLE_INSTANCE": str(tmp_path)} | variables))
    assert done.returncode == (2 if command == "log verify" else 1)
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert f"{named} cannot be used" in done.stderr


def test_whose_database_belongs_to_another_user_is_told_of_the_folder_in_one_line(tmp_path):
    """Whoever runs a command without being the user that the services run as."""
    instance = tmp_path / "office"
    (instance / "whistle.db").mkdir(
        parents=True
    )  # tests may run as root, who opens every file, but no folder as one
    done = run("doctor", WHISTLE_INSTANCE=str(instance))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "WHISTLE_INSTANCE cannot be used" in done.stderr


def test_the_worker_says_each_thing_once(tmp_path):
    run("init", WHISTLE_INSTANCE=str(tmp_path))
    with closing(sqlite3.connect(tmp_path / "whistle.db")) as database:
        database.execute("drop table notice")
    done = run("worker", "--once", WHISTLE_INSTANCE=str(tmp_path))
    said = [line.partition("whistle.")[2] for line in done.stderr.splitlines() if "failed" in line]
    assert said
    assert len(said) == len(set(said))
    assert " in duties: " not in done.stderr


def test_init_may_be_repeated(tmp_path):
    first = run("init", WHISTLE_INSTANCE=str(tmp_path / "office"))
    second = run("init", WHISTLE_INSTANCE=str(tmp_path / "office"))
    assert first.returncode == second.returncode == 0
    assert "/setup/" in second.stdout


def test_it_is_also_a_command_of_flask(tmp_path):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WHISTLE_")}
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "whistle", "init"],
        cwd=ROOT,
        env=kept | {"WHISTLE_INSTANCE": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "/setup/" in done.stdout
