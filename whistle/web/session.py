"""Who is calling: the officer's session, the reporter's visit, and every cookie the product sets.

An officer's cookie is SameSite=Strict, so that no other site can act with it. A link from another site (a mail) would
then show the sign-in page to somebody who is signed in; `guard` answers such an arrival with a page that loads the
same address once more, from our own site, where the cookie is sent.
"""

import os
import secrets
import tempfile
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Request, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import AnonymousUserMixin, LoginManager, UserMixin, current_user
from werkzeug.wrappers import Response

from whistle.config import Settings
from whistle.services import sessions
from whistle.services.access import Acting
from whistle.services.errors import NotFound
from whistle.web.wiring import settings

#: A reporter's visits by kind, and how many minutes the browser keeps each. The server ends them by its own clock.
#: 'receipt' is an officer's, who has a code to hand over.
REPORTER_MINUTES = {"draft": 60, "track": 20, "receipt": 10}

DEVICE_DAYS = 365

#: How long an administrator's browser keeps a one-time link to pass on: no other page than its own is sent it.
LINK_MINUTES = 10


class Officer(UserMixin):
    """The signed-in person as templates know them."""

    def __init__(self, acting: Acting) -> None:
        self.acting = acting
        self.name = acting.name
        self.user_name = acting.user_name
        self.role = acting.role

    def get_id(self) -> str:
        return str(self.acting.person_id)


def register(app: Flask) -> None:
    """Sign people in by our own cookie alone, and keep Flask's for nothing but form tokens."""
    own = app.extensions["whistle"].settings
    app.config.from_mapping(
        SECRET_KEY=form_key(own.instance),
        SESSION_COOKIE_NAME=_name("w_form", own),
        SESSION_COOKIE_SECURE=own.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    manager = LoginManager()
    manager.session_protection = None  # it would hash the caller's address into a cookie
    manager.request_loader(_officer_of)
    # Not `init_app`: it would read Flask's session on every answer, and look for a cookie that remembers people.
    app.login_manager = manager  # type: ignore[attr-defined]
    app.jinja_env.globals["current_user"] = current_user


def form_key(instance: Path) -> bytes:
    """The key that signs form tokens: made once, readable by its owner alone. It opens no content."""
    path = instance / "forms.key"
    if not path.exists():
        with tempfile.NamedTemporaryFile(dir=instance) as fresh:  # mode 0600
            fresh.write(secrets.token_bytes(32))
            fresh.flush()
            with suppress(FileExistsError):
                os.link(fresh.name, path)  # whole or not at all, and the first of two processes wins
    return path.read_bytes()


def _officer_of(incoming: Request) -> Officer | None:
    secret = incoming.cookies.get(_name("w_office", settings()))
    if not secret:
        return None
    try:
        return Officer(sessions.acting(secret))
    except NotFound:
        return None


# Officers


def by() -> Acting:
    """The acting person of this request, to hand to a service. Only behind `guard`."""
    acting: Acting = current_user.acting
    return acting


def known_officer() -> Officer | AnonymousUserMixin:
    """Who is signed in, as far as this request has found out already: an error page asks the database nothing."""
    found: Officer | AnonymousUserMixin = g.get("_login_user") or AnonymousUserMixin()
    return found


def guard(blueprint: Blueprint, open_pages: Collection[str]) -> None:
    """Let only signed-in people past, except to the pages named (functions of this blueprint)."""
    strangers = {f"{blueprint.name}.{page}" for page in open_pages}

    @blueprint.before_request
    def ask() -> ResponseReturnValue | None:
        if request.endpoint in strangers or current_user.is_authenticated:
            return None
        if request.method == "GET" and request.headers.get("Sec-Fetch-Site") == "cross-site":
            return render_template("office/arrival.html", url=request.full_path)
        back = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("office.sign_in", next=back), 303)


def officer_secret() -> str | None:
    """The secret of the officer's session, at either stage of signing in."""
    return request.cookies.get(_name("w_office", settings()))


def give_officer(response: Response, secret: str) -> Response:
    """Hand the browser an officer's session; it forgets it when it is closed. The one it had before ends."""
    before = officer_secret()
    if before is not None and before != secret:
        sessions.sign_out(before)
    response.set_cookie(_name("w_office", settings()), secret, samesite="Strict", **_flags())
    return response


def take_officer(response: Response) -> Response:
    """Make the browser forget the officer's session."""
    response.delete_cookie(_name("w_office", settings()), samesite="Strict", **_flags())
    return response


def device_token() -> str | None:
    """What this browser was given after an earlier sign-in: its tries are counted apart."""
    return request.cookies.get(_name("w_device", settings()))


def give_device(response: Response, token: str) -> Response:
    """Let this browser be known at the next sign-in."""
    response.set_cookie(
        _name("w_device", settings()), token, max_age=DEVICE_DAYS * 86400, samesite="Strict", **_flags()
    )
    return response


def give_link(response: Response, token: str) -> Response:
    """Let the browser keep somebody's one-time link for the page `response` leads to, which can then be reloaded."""
    response.set_cookie(
        _below_a_path("w_link"),
        token,
        max_age=LINK_MINUTES * 60,
        path=urlsplit(response.location or "/").path,
        secure=settings().is_https,
        httponly=True,
        samesite="Strict",
    )
    return response


def link_token() -> str | None:
    """The one-time link that this page may show, as long as the browser keeps it."""
    return request.cookies.get(_below_a_path("w_link"))


def next_page(text: str | None) -> str | None:
    """A page of ours to go on to after signing in, or None: never another site's."""
    if not text or not text.startswith("/") or text.startswith(("//", "/\\")):
        return None
    parts = urlsplit(text)
    return None if parts.scheme or parts.netloc or any(ord(c) < 32 for c in text) else text


# Reporters


def is_looking_ahead() -> bool:
    """Whether this request is a browser's or a proxy's look ahead, which nobody may see: it must cost nothing."""
    purposes = (request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"))
    return request.method == "HEAD" or any(
        "prefetch" in purpose or "preview" in purpose for purpose in purposes
    )


def reporter_secret(kind: str) -> str | None:
    """The secret of the reporter's visit of a kind ('draft', 'track'); the browser sends it under its path alone."""
    return request.cookies.get(_reporter_name(kind))


def give_reporter(response: Response, kind: str, secret: str, path: str) -> Response:
    """Hand the browser a reporter's visit, for pages under `path` alone. Calling it again keeps it longer."""
    response.set_cookie(
        _reporter_name(kind),
        secret,
        max_age=REPORTER_MINUTES[kind] * 60,
        path=path,
        secure=settings().is_https,
        httponly=True,
        samesite="Strict",
    )
    return response


def take_reporter(response: Response, kind: str, path: str) -> Response:
    """Make the browser forget the reporter's visit."""
    response.delete_cookie(
        _reporter_name(kind), path=path, secure=settings().is_https, httponly=True, samesite="Strict"
    )
    return response


def _reporter_name(kind: str) -> str:
    return _below_a_path(f"w_{kind}")


def _below_a_path(name: str) -> str:
    # `__Host-` would forbid a path; `__Secure-` still keeps the name from being set over plain http.
    return f"__Secure-{name}" if settings().is_https else name


def _name(name: str, own: Settings) -> str:
    return f"__Host-{name}" if own.is_https else name


def _flags() -> dict:
    return {"secure": settings().is_https, "httponly": True, "path": "/"}
