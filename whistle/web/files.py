"""What pages with files share: the box to choose them, the buttons beside those that came, and sizes in words."""

from typing import Any
from urllib.parse import quote

from flask import Flask
from flask_babel import format_decimal
from flask_babel import lazy_gettext as _l
from wtforms import MultipleFileField

from whistle.rules import attachments as rules
from whistle.services import visit_files
from whistle.web.filters import term

#: What a browser offers first where files are chosen; what is taken is told by content.
OFFERED = (
    "image/*,audio/*,video/*,.pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.wps,.et,.dps,.ofd,.odt,.ods,.odp,.rtf,"
    ".txt,.csv,.md,.log,.amr,.heic,.zip,.rar,.7z"
)


class Several(MultipleFileField):
    """A box for files. What is chosen in it went its own way (`web.uploads`); here it is only drawn and refused."""

    is_optional = True

    def __init__(self, label: Any = None, **more: Any) -> None:
        super().__init__(label or _l("选择文件"), **more)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Nothing is kept here."""


def register(app: Flask) -> None:
    """Give templates sizes and kinds in words."""
    app.jinja_env.filters["file_size"] = size_text
    app.jinja_env.filters["file_kind"] = lambda name: term(rules.BY_NAME[name].term)
    app.jinja_env.globals["files_offered"] = OFFERED
    app.jinja_env.globals["most_files"] = rules.MOST_FILES


def change(secret: str, kind: str, go: str) -> bool:
    """Do what a button beside the files says, if it was one of them: 'upload', 'rename', or 'delete-' and an id."""
    if go == "rename":
        visit_files.rename_all(secret, kind)
    elif go.startswith("delete-"):
        visit_files.delete(secret, kind, go.removeprefix("delete-"))
    return go in ("upload", "rename") or go.startswith("delete-")


def to_keep(name: str) -> str:
    """The `Content-Disposition` of a file to be kept under this name, which may have any letters (RFC 6266)."""
    return f"attachment; filename*=UTF-8''{quote(name, safe='')}"


def size_text(size: int) -> str:
    """A size as file managers write it: 320 KB, 4.2 MB, 80 GB."""
    if size < 1_000:
        return f"{size} B"
    if size < 1_000_000:
        return f"{format_decimal(size // 1_000)} KB"
    if size < 1_000_000_000:
        return f"{format_decimal(round(size / 1_000_000, 1))} MB"
    return f"{format_decimal(round(size / 1_000_000_000, 1))} GB"
