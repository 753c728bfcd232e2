"""`whistle deadlines`: tell people of due days."""

import click
from flask.cli import with_appcontext

from whistle.services import outbox, reminders
from whistle.services.shell import SHELL


@click.group("deadlines")
def command() -> None:
    """Look after due days.

    Example: whistle deadlines run
    """


@command.command("run")
@with_appcontext
def run() -> None:
    """Remind of due days that come, are today, or have passed: the officer before, the deputy on, the head after it.

    Each once, in one notice a person and day with counts alone. The worker does the same each hour from eight o'clock
    on, and sends what waits. Safe to run as often as you like.

    Example: whistle deadlines run
    """
    done = reminders.run(SHELL)
    click.echo(f"due days told of: {done.due_days}")
    click.echo(f"people with a new notice: {done.people}")
    if not outbox.has_server():
        click.echo(
            "No mail server is set: notices are on the desk alone. Set WHISTLE_SMTP_URL to have them sent."
        )
