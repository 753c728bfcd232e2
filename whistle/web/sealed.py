"""What stands in the frame of an officer's page: a report's file, or the small page around it, by its token alone.

Whoever holds a token that lives gets it, and all others the same answer as for a token that never was. What is sent
here belongs to no origin (`security_headers.FRAMES`), is told by its content and never by its name, and is decrypted
piece by piece as it is taken.
"""

from flask import Blueprint, Flask, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from whistle.rules import attachments as rules
from whistle.services.casework import file_views
from whistle.services.casework.file_views import Opened
from whistle.services.errors import NotFound
from whistle.web import security_headers
from whistle.web.files import to_keep

blueprint = Blueprint("sealed", __name__, url_prefix="/sealed")

#: The page around a file, by the family of its kind. Text needs none: a browser shows it as it is.
PAGES = {
    "image": "sealed/image.html",
    "audio": "sealed/sound.html",
    "video": "sealed/film.html",
    "application": "sealed/pdf.html",
}


def register(app: Flask) -> None:
    """Give the frames their addresses."""
    app.register_blueprint(blueprint)


@blueprint.get("/<token>")
def frame(token: str) -> ResponseReturnValue:
    """What the frame shows."""
    opened = _shown(token)
    page = PAGES.get(opened.kind.family)
    if page is None:
        return _bytes(opened)
    address = url_for(".content", token=token)
    answer = Response(render_template(page, name=opened.name, address=address))
    return _within(answer, opened.kind.family, address)


@blueprint.get("/<token>/content")
def content(token: str) -> ResponseReturnValue:
    """The file itself, as the page in the frame asks for it: whole or a part."""
    answer = _bytes(_shown(token))
    # A script without an origin reads it; the token is the leave.
    answer.headers["Access-Control-Allow-Origin"] = "*"
    # Opened by itself it is kept: the browser's own programs for films and papers are in no frame of ours.
    answer.headers["Content-Disposition"] = "attachment"
    return answer


@blueprint.get("/<token>/download")
def download(token: str) -> ResponseReturnValue:
    """The file to be kept on the officer's machine; no browser shows or runs it."""
    opened = file_views.opened(token)
    answer = _bytes(opened)
    answer.headers["Content-Type"] = "application/octet-stream"
    answer.headers["Content-Disposition"] = to_keep(rules.download_name(opened.name, opened.kind))
    return answer


@blueprint.errorhandler(NotFound)
def gone(_fault: NotFound) -> ResponseReturnValue:
    """A token that is over, or was never one, or whose file is gone: no difference."""
    answer = Response(render_template("sealed/gone.html"), 404)
    return _within(answer, "gone")


def _shown(token: str) -> Opened:
    opened = file_views.opened(token)
    if not opened.kind.is_shown:
        raise NotFound("file")
    return opened


def _within(answer: Response, family: str, address: str = "") -> Response:
    policy = security_headers.FRAMES[family]
    places = {"file": address, "static": url_for("static.send", name="")}
    here = request.host_url.rstrip("/")
    answer.headers["Content-Security-Policy"] = policy.format(
        **{name: here + place for name, place in places.items()}
    )
    return answer


def _bytes(opened: Opened) -> Response:
    """All of a file, or the one part that was asked for (RFC 9110, 14). Of several parts at once: all."""
    headers = {"Content-Type": opened.kind.media, "Content-Disposition": "inline", "Accept-Ranges": "bytes"}
    start, stop, status = 0, opened.size, 200
    wanted = request.range
    if wanted is not None and wanted.units == "bytes" and len(wanted.ranges) == 1:
        start, end = wanted.ranges[0]
        start = max(opened.size + start, 0) if start < 0 else start
        stop, status = min(opened.size if end is None else end, opened.size), 206
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{opened.size}"
        if start >= stop:
            return Response(status=416, headers={"Content-Range": f"bytes */{opened.size}"})
    headers["Content-Length"] = str(stop - start)
    return Response(opened.read(start, stop), status, headers)
