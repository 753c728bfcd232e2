"""`whistle rules` as a story: the tables as people read them, and as programs do."""

import json

from click.testing import CliRunner

from whistle.cli import shell
from whistle.rules.workflow import ACTIONS


def test_programs_get_every_table_with_the_fixed_fields() -> None:
    done = CliRunner().invoke(shell, ["rules", "--json"])
    assert done.exit_code == 0
    tables = json.loads(done.stdout)
    assert set(tables) == {"states", "actions", "clocks", "measures", "categories"}
    for rows in tables.values():
        for row in rows:
            assert {"name", "zh", "en", "source", "since", "checked"} <= set(row)
    assert {row["name"] for row in tables["actions"]} == set(ACTIONS)


def test_a_jurist_gets_all_of_it_in_words() -> None:
    done = CliRunner().invoke(shell, ["rules", "--markdown"])
    assert done.exit_code == 0
    assert done.stdout.startswith("# 规则 The rules\n")
    assert done.stdout.endswith("|\n")


def test_people_get_lines() -> None:
    done = CliRunner().invoke(shell, ["rules"])
    assert done.exit_code == 0
    assert "  accept\t受理\taccept\t" in done.stdout


def test_every_command_has_help_with_an_example() -> None:
    silent = [" ".join(words) for words, text in _helps((), shell) if "Example: " not in text]
    assert silent == [], "say in the command's docstring how it is typed"


def _helps(words, group):
    from click import Context

    with Context(group) as context:
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            yield (*words, name), command.help or ""
            if hasattr(command, "list_commands"):
                yield from _helps((*words, name), command)
