"""`whistle channel`: make channels, list them, and write their posters."""

import datetime as dt
import os
import tempfile
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from whistle.cli.lookup import channel_of, desk_id_of, only_desk_id, require_office
from whistle.services import channels
from whistle.services.shell import SHELL

DAY = click.DateTime(["%Y-%m-%d"])


@click.group("channel")
def command() -> None:
    """The printed QR codes that lead to the report form.

    Example: whistle channel list
    """


@command.command("add")
@click.argument("name")
@click.option("--unit", required=True, metavar="CODE", help="Code of the unit the channel hangs at.")
@click.option("--desk", metavar="NAME", help="The desk that gets the reports; not needed where there is one.")
@click.option("--place", default="", help="Where the poster hangs.")
@click.option("--from", "valid_from", type=DAY, help="First day on which it takes reports.")
@click.option("--to", "valid_to", type=DAY, help="Last day on which it takes reports.")
@click.option("--unlisted", is_flag=True, help="Do not list it on the front page.")
@with_appcontext
def add(
    name: str,
    unit: str,
    desk: str | None,
    place: str,
    valid_from: dt.datetime | None,
    valid_to: dt.datetime | None,
    unlisted: bool,
) -> None:
    """Make the channel NAME; prints its token and its address.

    Example: whistle channel add 企业开办窗口 --unit QY01 --place 政务服务大厅一楼
    """
    require_office()
    row = channels.make(
        SHELL,
        name,
        unit,
        only_desk_id() if desk is None else desk_id_of(desk),
        place=place,
        valid_from=None if valid_from is None else valid_from.date(),
        valid_to=None if valid_to is None else valid_to.date(),
        is_public=not unlisted,
    )
    click.echo(f"{row.token} {channels.address(row.token, _public_url())}")


@command.command("list")
@with_appcontext
def list_all() -> None:
    """List all channels, the newest first: token, state, unit, name, place.

    Example: whistle channel list
    """
    require_office()
    for row in channels.list_channels(SHELL):
        state = "open" if row.why_not is None else row.why_not
        click.echo("\t".join((row.token, state, row.unit_code, row.name, row.place)))


@command.command("poster")
@click.argument("token")
@click.option("--format", "kind", type=click.Choice(["svg", "png"]), default="svg", show_default=True)
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="File to write.")
@with_appcontext
def poster(token: str, kind: str, out: Path) -> None:
    """Write the poster of a channel: svg is the A4 page, png the QR code alone.

    Example: whistle channel poster k3v9w2m7q4x8 --format svg --out poster.svg
    """
    require_office()
    row = channel_of(token)
    if kind == "svg":
        content = channels.poster_svg(SHELL, row.id, _public_url()).encode()
    else:
        content = channels.poster_png(SHELL, row.id, _public_url())
    write_whole(out, content)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; ends with one line where it cannot be written."""
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as fresh:
            try:
                fresh.write(content)
                fresh.flush()
                Path(fresh.name).chmod(0o644)
                os.replace(fresh.name, path)
            except OSError:
                Path(fresh.name).unlink(missing_ok=True)
                raise
    except OSError as fault:
        raise click.ClickException(f"Cannot write {path}: {fault.strerror}. Name another file.") from None


def _public_url() -> str:
    url: str = current_app.extensions["whistle"].settings.public_url
    return url
