"""The files pages load: read and compressed at their first use in a process, cached for ever by their content."""

import functools
import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, request, url_for

from whistle.config import ROOT

FOLDER = ROOT / "static"
FOR_EVER = "public, max-age=31536000, immutable"

#: What the web's own table of types leaves to the machine's mime.types.
TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}

blueprint = Blueprint("static", __name__, url_prefix="/static")


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is sent. `stamp` changes with the content; `packed` is None where gzip gains nothing."""

    content: bytes
    packed: bytes | None
    stamp: str
    mimetype: str


def register(app: Flask) -> None:
    """Find every file, and give templates `static('name')`."""
    app.extensions["whistle_static"] = {
        str(path.relative_to(FOLDER)): path for path in sorted(FOLDER.rglob("*")) if path.is_file()
    }
    app.register_blueprint(blueprint)
    app.jinja_env.globals["static"] = address


@functools.cache
def read(path: Path) -> File:
    """One file, ready to be sent. Kept for the life of the process, all threads and programs in it."""
    content = path.read_bytes()
    packed = gzip.compress(content, mtime=0)
    mimetype = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    stamp = hashlib.sha256(content).hexdigest()[:12]
    return File(content, packed if len(packed) < 0.9 * len(content) else None, stamp, mimetype)


def address(name: str) -> str:
    """The address of a file, with its stamp; KeyError for a file that is not there."""
    return url_for("static.send", name=name, v=read(_files()[name]).stamp)


@blueprint.get("/<path:name>")
def send(name: str) -> Response:
    """A file; one asked for with an older or no stamp is not cached."""
    path = _files().get(name)
    if path is None:
        abort(404)
    file = read(path)
    use_packed = file.packed is not None and "gzip" in request.accept_encodings
    response = Response(file.packed if use_packed else file.content, mimetype=file.mimetype)
    response.headers["Vary"] = "Accept-Encoding"
    if use_packed:
        response.headers["Content-Encoding"] = "gzip"
    response.set_etag(f"{file.stamp}-gzip" if use_packed else file.stamp)
    if request.args.get("v") == file.stamp:
        response.headers["Cache-Control"] = FOR_EVER
    response.make_conditional(request)
    return response


def _files() -> dict[str, Path]:
    files: dict[str, Path] = current_app.extensions["whistle_static"]
    return files
