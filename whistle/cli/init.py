"""`whistle init`: make the instance and its database, and print the set-up link."""

import click
from flask import current_app
from flask.cli import with_appcontext

from whistle.services import setup


@click.command("init")
@with_appcontext
def command() -> None:
    """Make the instance folder and the database, and print the link that starts the set-up.

    Safe to repeat: an instance that was set up is left as it is. The link ends the one before, and carries HOST and
    PORT or WHISTLE_PUBLIC_URL as they are set for this command.

    Example: WHISTLE_INSTANCE=/var/lib/whistle whistle init
    """
    settings = current_app.extensions["whistle"].settings
    click.echo(f"Instance: {settings.instance}")
    link = setup.first_link()
    if link is None:
        click.echo("It is set up already.")
    else:
        click.echo(f"Set it up here: {settings.public_url}/setup/{link}")
