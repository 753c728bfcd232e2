"""From what is typed at the shell to what services take: the office that must be there, desks and channels by name."""

import click

from whistle.services import channels, desks, office, scanned
from whistle.services.shell import SHELL


def require_office() -> None:
    """End with one line where the instance was never set up."""
    if office.about() is None:
        raise click.ClickException("This instance is not set up yet. Open the link that whistle init prints.")


def desk_id_of(name: str) -> int:
    """The desk of a name, in either language."""
    rows = desks.list_desks(SHELL)
    for row in rows:
        if name in (row.name_zh, row.name_en):
            return row.id
    known = "、".join(row.name_zh for row in rows)
    raise click.ClickException(f"There is no desk named {name}. There are: {known}")


def only_desk_id() -> int:
    """The intake desk, where there is one alone."""
    rows = [row for row in desks.list_desks(SHELL) if row.kind == "intake"]
    if len(rows) != 1:
        known = "、".join(row.name_zh for row in rows)
        raise click.ClickException(f"There are several desks. Say which: --desk with one of {known}")
    return rows[0].id


def channel_of(token: str) -> channels.ChannelRow:
    """The channel of a token, as it was typed or copied with its address."""
    plain = scanned.plain_token(token.strip().rstrip("/").rpartition("/")[2])
    for row in channels.list_channels(SHELL):
        if row.token == plain:
            return row
    raise click.ClickException("There is no channel with this token. See them all: whistle channel list")
