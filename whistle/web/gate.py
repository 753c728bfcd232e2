"""What is refused before anything of a request is read: a flood of values, and a name that is not a real office's.

Flask's TRUSTED_HOSTS is fixed at the start, but an office may be founded while the program runs, in another process;
so its rule is asked for here, and of the database only where the name is not the usual one.
"""

from urllib.parse import urlsplit

from flask import Flask, request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from whistle.web import pages
from whistle.web.wiring import settings

#: Values of one form or address; the longest form, that of a report's class, has under 100.
MOST_VALUES = 300


def register(app: Flask) -> None:
    """Ask before every page, and before everything else that is asked there."""
    app.before_request(_refuse_flood)
    app.before_request(_refuse_foreign_name)


def _refuse_flood() -> None:
    """Count the values of a plain form before they are read; Werkzeug bounds those of a form in parts alone."""
    is_plain = request.mimetype == "application/x-www-form-urlencoded"
    body = request.get_data() if is_plain else b""  # kept, and read as the form later
    if body.count(b"&") >= MOST_VALUES or request.query_string.count(b"&") >= MOST_VALUES:
        raise RequestEntityTooLarge


def _refuse_foreign_name() -> None:
    if request.blueprint == "health" or _name(request.host) in settings().names:
        return
    about = pages.about()
    if about is not None and not about.is_invented:
        raise BadRequest


def _name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
