"""What is refused before a request is read: a flood of values, half a form, and a name that is not a real office's.

Flask's TRUSTED_HOSTS is fixed at the start, but an office may be founded while the program runs, in another process;
so its rule is asked for here, and of the database only where the name is not the usual one.
"""

import re
from urllib.parse import urlsplit

from flask import Flask, request
from werkzeug.exceptions import BadRequest, LengthRequired, RequestEntityTooLarge, UnsupportedMediaType

from whistle.web import pages, uploads
from whistle.web.wiring import settings

#: Values of one form or address; the longest form, that of a report's class, has under 100.
MOST_VALUES = 300
#: A name or an address, and a port.
HOST = re.compile(r"([0-9A-Za-z._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")


def register(app: Flask) -> None:
    """Ask before every page, and before everything else that is asked there."""
    app.before_request(_refuse_flood)
    app.before_request(_read_form)
    app.before_request(_refuse_foreign_name)


def _refuse_flood() -> None:
    if request.query_string.count(b"&") >= MOST_VALUES:
        raise RequestEntityTooLarge


def _read_form() -> None:
    """Take in a whole form: a plain one, or one with files where the page takes some.

    Anywhere else a form in parts would lie in a temporary file, in the clear. A body without a length, or one that
    breaks off before it, is half of what somebody wrote: taken for the whole, it would be sent so. Its values are
    counted unread.
    """
    if request.content_length is None and "chunked" in request.headers.get("Transfer-Encoding", "").lower():
        raise LengthRequired
    if not request.content_length:
        return
    if request.mimetype == "multipart/form-data" and uploads.is_taking():
        uploads.take_in()
        return
    if request.mimetype == "multipart/form-data" and uploads.takes_small():
        uploads.take_in_small()
        return
    if request.mimetype != "application/x-www-form-urlencoded":
        raise UnsupportedMediaType
    body = request.get_data()  # kept, and read as the form later
    if len(body) != request.content_length:
        raise BadRequest
    if body.count(b"&") >= MOST_VALUES:
        raise RequestEntityTooLarge


def _refuse_foreign_name() -> None:
    """Also of an invented office, nothing but a name and a port: it stands in headers of answers."""
    if HOST.fullmatch(request.host) is None:
        raise BadRequest
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
