"""Whistle: sealed anonymous reports, from a QR code to an accepted case. `create_app` wires the parts."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from whistle.config import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """The program, from settings or from the environment. Parts are imported here: rules load without them."""
    from flask import Flask
    from peewee import InterfaceError, OperationalError

    from whistle import cli, clock, config, web
    from whistle.services import ledger, office, outbox, storage
    from whistle.store import database, files, schema
    from whistle.vault.errors import SealBroken, UnknownFormat

    settings = settings or config.load_or_stop(os.environ)
    clock.use_zone(settings.timezone)
    try:
        settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise config.ConfigError(config.in_one_line("WHISTLE_INSTANCE", error)) from None
    try:
        database.open_database(settings.database_url)
        database.migrate()
    except OSError as error:
        raise config.ConfigError(config.in_one_line(settings.variable_of_database, error)) from None
    except (OperationalError, InterfaceError, database.WrongUrl, database.MigrationFault) as error:
        raise config.ConfigError(config.in_one_line("WHISTLE_DATABASE_URL", error)) from None
    about = office.about()
    if about is not None and settings.is_too_open_for(about.mode):
        raise config.ConfigError(config.TOO_OPEN)
    ledger.use_instance(settings.instance)
    files.use(files.at(settings.storage_url))
    storage.use_limit(settings.storage_limit)
    outbox.use_server(settings.smtp_url)
    database.close_all()  # servers fork from here, and no connection may be shared

    app = Flask("whistle", root_path=str(config.ROOT), template_folder="templates", static_folder=None)
    app.extensions["whistle"] = web.Wiring(
        settings=settings,
        is_ready=schema.is_ready,
        broken=(OperationalError, InterfaceError),
        unreadable=(SealBroken, UnknownFormat),
    )
    app.teardown_appcontext(lambda _: database.close())
    web.register(app)
    cli.register(app)
    return app
