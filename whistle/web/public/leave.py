"""Leaving at once: one link on every public page that forgets what was open and goes to a page about the weather.

It must work when nothing else does: a database that is away only means that the visit ends by itself a little later.
"""

from contextlib import suppress

from flask import redirect, request, url_for
from flask import session as flask_session
from werkzeug.wrappers import Response

from whistle.services import drafts
from whistle.web import session
from whistle.web.public import blueprint
from whistle.web.wiring import wiring

#: A site that anybody may have open, and that says nothing about where one came from.
NEUTRAL = "https://www.weather.com.cn/"


@blueprint.app_template_global()
def leave_url() -> str:
    """The address that leaves this page: below the path whose visit it has to end."""
    token = (request.view_args or {}).get("token")
    if token and request.path.startswith("/r/"):
        return url_for("public.leave_report", token=token)
    return url_for("public.leave_track" if request.path.startswith("/track") else "public.leave")


@blueprint.get("/leave")
def leave() -> Response:
    """Leave a page on which nothing was open."""
    flask_session.clear()
    return redirect(NEUTRAL, 303)


@blueprint.get("/r/<token>/leave")
def leave_report(token: str) -> Response:
    """Leave the report form: the draft is deleted."""
    return _leave("draft", f"/r/{token}")


@blueprint.get("/track/leave")
def leave_track() -> Response:
    """Leave an opened report."""
    return _leave("track", "/track")


def _leave(kind: str, path: str) -> Response:
    secret = session.reporter_secret(kind)
    if session.is_looking_ahead():
        return redirect(NEUTRAL, 303)
    if secret is not None:
        with suppress(*wiring().broken):
            drafts.discard(secret)
    return session.take_reporter(leave(), kind, path)
