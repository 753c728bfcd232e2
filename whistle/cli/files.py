"""`whistle files`: room for the sealed files of reporters, and what of them nobody knows of any more."""

import sys

import click
from flask.cli import with_appcontext

from whistle.services import storage
from whistle.services.shell import SHELL

MB = 1_000_000


@click.group("files")
def command() -> None:
    """Look after the sealed files of reporters.

    Example: whistle files state
    """


@command.command("state")
@with_appcontext
def state() -> None:
    """Print how much room files take, and how much they may still take.

    Example: whistle files state
    """
    room = storage.state(SHELL)
    click.echo(f"used by files: {room.used / MB:,.1f} MB")
    click.echo(
        "room left for files: " + ("no limit known" if room.left is None else f"{room.left / MB:,.1f} MB")
    )
    if not room.takes_reports:
        click.echo("The disk is full: no report is begun any more. Make room on it.")


@command.command("sweep")
@click.option("--dry-run", is_flag=True, help="Only say what would be deleted.")
@click.option("--yes", is_flag=True, help="Delete without asking.")
@with_appcontext
def sweep(dry_run: bool, yes: bool) -> None:
    """Delete files that no report and no draft knows of: of uploads that were cut off. Says first which.

    Only files of at least two days ago are looked at, so that none on its way in is taken for one. Once a day the
    worker does the same with those that were never finished; whole ones it leaves: where an older database was put
    back, they belong to newer reports, and go with the sweep for good.

    Example: whistle files sweep --dry-run
    """
    found = storage.sweep(SHELL, dry_run=True)
    for file in found.found:
        part = "" if file.is_whole else ", never finished"
        click.echo(f"{file.name}, of {file.on}, {file.size:,} bytes{part}")
    click.echo(f"{found.files} files, {found.bytes / MB:,.1f} MB, that nobody knows of")
    if dry_run or not found.files:
        return
    if not yes and not sys.stdin.isatty():
        raise click.ClickException("Nothing was deleted: nobody is there to ask. Add --yes to delete them.")
    if not yes and not click.confirm("Delete them? They cannot be opened any more, by anybody."):
        click.echo("Nothing was deleted.")
        return
    swept = storage.sweep(SHELL, dry_run=False)
    click.echo(f"{swept.files} files deleted")
