"""`whistle user`: invite people from the shell, and ease a sign-in that strangers slow down.

It lets nobody in: the head or a deputy compares their short codes.
"""

import click
from flask import current_app
from flask.cli import with_appcontext

from whistle.cli.lookup import desk_id_of, require_office
from whistle.rules.permits import ROLES
from whistle.services import accounts, sessions
from whistle.services.shell import SHELL


@click.group("user")
def command() -> None:
    """The people of the office.

    Example: whistle user add zhang --role intake
    """


@command.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(list(ROLES)), help="What the person does; a new person needs it.")
@click.option("--full-name", default="", help="The name that others see. Without it: NAME.")
@click.option("--unit", help="Code of the unit the person belongs to, so that its cases stay closed to them.")
@click.option("--desk", help="Name of the desk where the person is to sit.")
@click.option("--outside", is_flag=True, help="An oversight member from outside of the office.")
@with_appcontext
def add(
    name: str, role: str | None, full_name: str, unit: str | None, desk: str | None, outside: bool
) -> None:
    """Invite a person by the user name NAME and print the one-time link, good for seven days.

    For somebody who was invited and never came in, it prints a new link and changes nothing else.

    Example: whistle user add zhang --role intake --full-name 张三 --desk 受理台
    """
    require_office()
    token = accounts.invite_again(SHELL, name, role)
    if token is not None:
        click.echo(f"{name} was invited before. This is a new link; nothing else has changed.", err=True)
    elif role is None:
        raise click.UsageError("Say what the person does: --role with one of " + ", ".join(ROLES))
    else:
        desk_id = None if desk is None else desk_id_of(desk)
        token = accounts.invite(
            SHELL, name, full_name or name, role, unit_code=unit, desk_id=desk_id, is_outside=outside
        )
    click.echo(f"{_public_url()}/office/invitation/{token}")


@command.command("let-pass")
@click.argument("name")
@with_appcontext
def let_pass(name: str) -> None:
    """Print a link with which the person NAME signs in past the waiting that strangers' wrong tries cause.

    It makes the browser it is opened in a known one; password and code are still asked. For an administrator whom no
    other can give such a link.

    Example: whistle user let-pass zhang
    """
    require_office()
    token = sessions.let_pass_from_shell(SHELL, name)
    click.echo(f"{_public_url()}/office/sign-in?device={token}")


def _public_url() -> str:
    return str(current_app.extensions["whistle"].settings.public_url)
