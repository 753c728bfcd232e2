"""The pages. Each actor has a package that exposes `blueprint`; everything they share is registered here."""

from datetime import timedelta

from flask import Flask
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from whistle.services import limits
from whistle.web import (
    errors,
    files,
    filters,
    forms,
    gate,
    health,
    languages,
    pages,
    sealed,
    security_headers,
    session,
    static_files,
    uploads,
)
from whistle.web.waiting_room import WaitingRoom
from whistle.web.wiring import Wiring

__all__ = ["ACTORS", "Wiring", "register"]

#: The actors with pages of their own.
ACTORS = ("public", "office", "audit", "admin", "setup")

#: What a page takes that takes no files: 20,000 Chinese characters are 180 KB in a form.
BODY_BYTES = 1_000_000


def register(app: Flask) -> None:
    """Hand the program its pages."""
    settings = app.extensions["whistle"].settings
    app.config.from_mapping(
        MAX_CONTENT_LENGTH=BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=BODY_BYTES,
        MAX_FORM_PARTS=gate.MOST_VALUES,
        TEMPLATES_AUTO_RELOAD=False,
        WTF_CSRF_TIME_LIMIT=int(timedelta(hours=12).total_seconds()),
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "undefined": StrictUndefined}
    if settings.trust_proxy:
        trusted = {"x_proto": settings.trust_proxy, "x_host": settings.trust_proxy}
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=0, **trusted)  # type: ignore[method-assign]
    room = WaitingRoom(app.wsgi_app, BODY_BYTES, proxies=settings.trust_proxy)
    app.wsgi_app = room  # type: ignore[method-assign]
    limits.begin_anew()
    uploads.register(app)
    gate.register(app)
    for part in (
        session,
        languages,
        filters,
        files,
        forms,
        pages,
        static_files,
        sealed,
        health,
        errors,
        security_headers,
    ):
        part.register(app)
    for blueprint in _blueprints():
        app.register_blueprint(blueprint)


def _blueprints():
    from whistle.web import admin, audit, office, public, setup

    return [package.blueprint for package in (public, office, audit, admin, setup)]
