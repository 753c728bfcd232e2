"""Files on their way in: each part of a form is sealed as it comes, and no byte of it is ever in clear on a disk.

A view says by `takes_files` for which kind of visit it takes them. Werkzeug reads the form and writes each file's bytes
into the stream it is handed here, which seals them; its own would be a temporary file. What a view does not `keep` is
forgotten at the request's end, whatever that end was. A view that takes a small file (`takes_small_file`) has it in
memory alone, within what any form may weigh.
"""

import io
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from flask import Flask, Request, current_app, g, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, RequestTimeout, ServiceUnavailable

from whistle.rules import attachments as rules
from whistle.services import limits, visit_files
from whistle.services.errors import NotFound, Slowed
from whistle.services.visit_files import Receiving
from whistle.web import session
from whistle.web.clients import client
from whistle.web.waiting_room import NO_PLACE

V = TypeVar("V", bound=Callable[..., Any])

#: The files of one form, and its words.
MOST_BYTES = rules.MOST_FILES * rules.MOST_BYTES + 2_000_000
#: Parts of such a form: its files and its few fields, and some files too many, which are told one by one.
MOST_PARTS = 60
#: Whoever sends more slowly than this holds a place of others: 50 MB then take three and a half hours.
LEAST_PACE = 4_000  # bytes a second
GRACE_SECONDS = 60
#: How often a visit is told that its files still come, so that it does not end over them.
STAY_SECONDS = 120

REFUSED = {
    "empty": _l("“%(name)s”是空的，没有内容，请另选一个"),
    "too_big": _l("“%(name)s”超过50 MB，没有收下。请剪短或者压缩以后再传"),
    "unknown_kind": _l("“%(name)s”这种文件不能收。可以收图片、录音、视频、PDF、办公文档、文本和压缩文件"),
    "too_many": _l("“%(name)s”没有收下：一次最多10个文件。可以先提交，以后凭查询码再补充"),
    "no_room": _l("存放文件的地方满了，“%(name)s”没有收下。文字照样可以提交，文件请过几天凭查询码补充"),
}
#: No name of one who sends is longer on a page.
SHOWN_NAME = 60


class NoPlace(ServiceUnavailable):
    """Too many files come in at once, or of late: these are not read at all."""


class UploadRequest(Request):
    """A request whose files go where `take_in` says, and nowhere else."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> Any:
        coming: Coming | None = g.get("uploads")
        if coming is None and takes_small():
            return io.BytesIO()
        if coming is None:
            raise RuntimeError("this page takes no files")
        return coming.begin(filename or "")


class Coming:
    """The files of one request, in their order. Used by the thread that reads the request."""

    def __init__(self, kind: str, secret: str) -> None:
        self.kind, self.secret = kind, secret
        self.why_not = visit_files.why_not(secret, kind)
        self.files: list[Receiving] = []
        self._begun = self._stayed = time.monotonic()
        self._came = 0

    def begin(self, name: str) -> "_Part":
        """The stream for the next file."""
        received = Receiving(name, self.why_not)
        self.files.append(received)
        return _Part(received, self)

    def count(self, size: int) -> None:
        """Raise RequestTimeout for who sends too slowly; let the visit live as long as its files come."""
        self._came += size
        now = time.monotonic()
        if now - self._begun > GRACE_SECONDS + self._came / LEAST_PACE:
            raise RequestTimeout
        if now - self._stayed > STAY_SECONDS:
            self._stayed = now
            with suppress(NotFound):  # told when all is here
                visit_files.stay(self.secret, self.kind)

    def keep(self) -> list[tuple[str, str]]:
        """Put what came whole among the visit's files; returns the name and code of each that was refused.

        The same file once more is no fault: it is there already. Raises NotFound where the visit ended meanwhile.
        """
        refused = []
        for received in self.files:
            if received.size or received.sent_name:  # a box for files that was left empty comes as a part too
                visit_files.keep(self.secret, self.kind, received)
                seen = "".join(sign for sign in received.sent_name if sign.isprintable())
                refused.append((seen[:SHOWN_NAME], received.refused))
        if any(why == "no_visit" for _name, why in refused):
            raise NotFound("visit")
        return [(name, why) for name, why in refused if why in REFUSED]

    @property
    def has_files(self) -> bool:
        """Whether any file was sent."""
        return any(received.size or received.sent_name for received in self.files)


class _Part(io.RawIOBase):
    """What Werkzeug writes one file into; it goes back to the start when it has written all."""

    def __init__(self, received: Receiving, coming: Coming) -> None:
        super().__init__()
        self._received, self._coming = received, coming

    def write(self, data: Any) -> int:
        self._coming.count(len(data))
        return self._received.write(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        self._received.finish()
        return 0


def register(app: Flask) -> None:
    """Hand every request's files to this module."""
    app.request_class = UploadRequest
    app.teardown_request(_forget)


def takes_files(kind: str) -> Callable[[V], V]:
    """Tell that a view takes files into a visit of a kind: 'draft' or 'track'."""

    def told(view: V) -> V:
        view.takes_files = kind  # type: ignore[attr-defined]
        return view

    return told


def takes_small_file(view: V) -> V:
    """Tell that a view takes a file that is no larger than any other form, and keeps it nowhere."""
    view.takes_small_file = True  # type: ignore[attr-defined]
    return view


def takes_small() -> bool:
    """Whether the view this request is for takes a small file."""
    return getattr(_view(), "takes_small_file", False) is True


def take_in_small() -> None:
    """Read the whole form into memory; one larger than `MAX_CONTENT_LENGTH` is refused unread."""
    request.max_form_parts = MOST_PARTS
    if not request.form:
        raise BadRequest


def is_taking() -> bool:
    """Whether the view this request is for takes files."""
    return _kind() is not None


def is_unread() -> bool:
    """Whether this request's form has files and was not read, or not to its end: there is nothing to be had of it."""
    is_read = "form" in request.__dict__  # to ask for the form would read it
    return is_taking() and request.mimetype == "multipart/form-data" and not is_read


def has_unread_words() -> bool:
    """Whether words were typed beside the files of a form that was not read."""
    return _kind() == "track" and is_unread()


def take_in() -> None:
    """Read the whole form, its files sealed as they come. A form that breaks off brings nothing at all.

    Its length counts before it comes, so that many at once keep within the budget; what does not come is given back.
    """
    if NO_PLACE in request.environ:
        raise NoPlace
    if (request.content_length or 0) > MOST_BYTES:
        raise RequestEntityTooLarge  # before it is counted: to say a length costs nothing
    said = _megabytes(request.content_length or 0)
    try:
        charge = limits.take("upload", client(), str((request.view_args or {}).get("token", "")), said)
    except Slowed:
        raise NoPlace from None
    request.max_content_length = MOST_BYTES
    request.max_form_parts = MOST_PARTS
    body = request.stream  # the request forgets it when it has read all
    try:
        kind = _kind() or ""
        g.uploads = Coming(kind, session.reporter_secret(kind) or "")
        if not request.form:
            raise BadRequest
    finally:
        charge.give_back(said - _megabytes(body.tell()))


def coming() -> Coming | None:
    """The files of this request; None where its form has none to send."""
    found: Coming | None = g.get("uploads")
    return found


def in_words(refused: Any) -> list[str]:
    """Each refusal as a sentence."""
    return [str(REFUSED[why]) % {"name": name or _("文件")} for name, why in refused if why in REFUSED]


def _megabytes(size: int) -> int:
    """Begun ones whole."""
    return -(-size // 1_000_000)


def _kind() -> str | None:
    kind: str | None = getattr(_view(), "takes_files", None)
    return kind


def _view() -> Any:
    return current_app.view_functions.get(request.endpoint or "")


def _forget(_fault: BaseException | None) -> None:
    found = coming()
    for received in found.files if found is not None else ():
        received.discard()
