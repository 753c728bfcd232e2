"""The import contracts hold, and the documents say what the code says."""

import re

import click
import pytest
from importlinter.cli import lint_imports

from whistle import config
from whistle.cli import shell


def test_the_import_contracts_hold(monkeypatch):
    monkeypatch.chdir(config.ROOT)
    assert lint_imports(no_cache=True) == 0


@pytest.mark.parametrize("name", ["docs/settings.md", "docs/settings.zh.md"])
def test_every_setting_is_documented_as_it_is(name):
    rows = _table_rows(name, re.compile(r"`[A-Z_]+`"))
    for setting in config.SETTINGS:
        cells = rows.pop(f"`{setting.variable}`", ["", "", ""])
        assert [cells[0], cells[-1]] == [_default(setting, name), f"`{setting.example}`"], (
            f"{name}: {setting.variable}"
        )
        assert cells[1] == setting.help or name.endswith(".zh.md"), f"{name}: {setting.variable}"
    assert not rows, f"{name} has settings that there are not"


def test_the_readme_has_every_setting_as_it_is():
    rows = _table_rows("README.md", re.compile(r"`(WHISTLE_[A-Z_]+|HOST|PORT)`"))
    wanted = {f"`{s.variable}`": [_default(s, "README.md"), s.help] for s in config.SETTINGS}
    assert rows == wanted, "README.md, Settings: write what whistle/config.py says"


def _default(setting, name):
    nothing = "无" if name.endswith(".zh.md") else "none"
    return f"`{setting.default}`" if setting.default else nothing


def test_the_readme_has_every_command_and_no_other():
    named = set()
    for row in _table_rows("README.md", re.compile(r"`whistle .*")):
        named |= set(re.findall(r"`whistle ((?:[a-z][a-z-]* ?)+)", row))
    written = {name.strip() for name in named}
    there = {name for name, _command in _commands(shell)}
    assert written == there, "README.md, Shell: one row for each command"


def test_every_option_that_the_readme_names_is_there():
    commands = dict(_commands(shell))
    for row in _table_rows("README.md", re.compile(r"`whistle .*")):
        name = re.match(r"`whistle ((?:[a-z][a-z-]* ?)+)", row)[1].strip()
        known = {option for param in commands[name].params for option in param.opts}
        assert set(re.findall(r"--[a-z-]+", row)) <= known, f"README.md: {row}"


def _table_rows(name, first):
    """The rows of a file's tables whose first cell looks like this: first cell → the others."""
    found = {}
    for line in (config.ROOT / name).read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("|"))]
        if line.startswith("|") and first.fullmatch(cells[0]):
            found[cells[0]] = cells[1:]
    return found


def _commands(group, *above):
    """Every command that does something, with its whole name."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from _commands(command, *above, name)
        else:
            yield " ".join((*above, name)), command


def test_the_makefile_helps_with_every_target():
    lines = (config.ROOT / "Makefile").read_text(encoding="utf-8").splitlines()
    phony = next(line for line in lines if line.startswith(".PHONY:")).split()[1:]
    for target in phony:
        helped = [line for line in lines if line.startswith(f"{target}:") and "## " in line]
        assert helped, f"Makefile: write what `{target}` does behind ##"
