"""The shell: `whistle …`, also as `flask --app wsgi whistle …`. Commands are thin; each is a module of this package.

A command ends with 0 only when it did its work. What goes wrong is one line on stderr that says what to do.
"""

from importlib import import_module
from typing import Any

import click
from flask import Flask, current_app, has_app_context
from flask.cli import AppGroup, ScriptInfo

from whistle.cli.wording import words
from whistle.config import ConfigError
from whistle.services.errors import ServiceError

#: The modules of this package, each with its `command`, in the order in which help lists them.
MODULES = (
    "serve",
    "init",
    "worker",
    "demo",
    "doctor",
    "people",
    "channels",
    "rules",
    "log",
    "deadlines",
    "files",
    "superior",
)


class Shell(AppGroup):
    """The group of all commands: loads one when it is called, and turns errors into one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for module in MODULES for name in _commands(module)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        for module in MODULES:
            found = _commands(module)
            if cmd_name in found:
                return found[cmd_name]
        return None

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (ServiceError, ConfigError) as error:
            raise click.ClickException(words(error)) from None
        except Exception as error:
            if not _is_away(error):
                raise
            raise click.ClickException("The database does not answer. Check WHISTLE_DATABASE_URL.") from None


def _commands(module: str) -> dict[str, click.Command]:
    found = import_module(f"whistle.cli.{module}")
    commands = getattr(found, "commands", None) or [found.command]
    return {command.name: command for command in commands}


shell = Shell("whistle", help="Whistle: sealed anonymous reports. Each command has --help with an example.")


def register(app: Flask) -> None:
    """Hang the commands on `flask --app wsgi`."""
    app.cli.add_command(shell)


def _is_away(error: Exception) -> bool:
    return has_app_context() and isinstance(error, current_app.extensions["whistle"].broken)


def main() -> None:
    """The command `whistle`. The program is made when a command first needs it."""
    shell.main(prog_name="whistle", obj=ScriptInfo(app_import_path="whistle:create_app"))
