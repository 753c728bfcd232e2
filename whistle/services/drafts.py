"""A report being written: kept sealed between pages, gone an hour after the last act."""

import dataclasses
from typing import Any

from whistle.services import storage, visit_files, visits
from whistle.services.access import as_stranger
from whistle.services.errors import Unusable
from whistle.services.use_case import reading, use_case
from whistle.vault import keys


@dataclasses.dataclass(frozen=True, slots=True)
class Draft:
    """What a reporter has answered so far; `form_number` makes a replayed submission one report."""

    token: str
    answers: dict[str, Any]
    form_number: str
    #: What was refused of the files sent last: name and code of each, until others are sent.
    refused: tuple[tuple[str, str], ...] = ()


@use_case
def begin(token: str) -> str:
    """Start a draft for a channel's form; returns the secret for its cookie. Raises Unusable when the disk is full."""
    as_stranger("draft.keep")
    if not storage.takes_reports():
        raise Unusable("full")
    return visits.start("draft", {"token": token, "answers": {}, "form_number": keys.token()})


@reading
def load(secret: str) -> Draft:
    """The draft of a cookie; raises NotFound when it ended."""
    as_stranger("draft.keep")
    return _as_draft(visits.read(secret, "draft"))


def load_to_send(secret: str) -> Draft:
    """The same in the transaction of whoever sends it: no other request changes it meanwhile."""
    return _as_draft(visits.read_to_change(secret, "draft"))


def _as_draft(content: dict[str, Any]) -> Draft:
    refused = tuple((name, why) for name, why in content.pop("refused", ()))
    return Draft(**content, refused=refused)


@use_case
def save(secret: str, answers: dict[str, Any]) -> None:
    """Take in the answers of one page beside those of the others; raises NotFound when the draft ended."""
    as_stranger("draft.keep")
    content = visits.read_to_change(secret, "draft")
    visits.write(secret, "draft", {**content, "answers": {**content["answers"], **answers}})


@use_case
def note_refused(secret: str, refused: list[tuple[str, str]]) -> None:
    """Keep what was refused of the files sent last, for the page that tells it. Raises NotFound with the draft."""
    as_stranger("draft.keep")
    visits.update(secret, "draft", refused=refused)


def discard(secret: str) -> None:
    """Forget a draft with its files, or any other visit, at once; nothing happens where there is none."""
    visit_files.end(secret)
