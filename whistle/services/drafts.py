"""A report being written: kept sealed between pages, gone an hour after the last act."""

import dataclasses
from typing import Any

from whistle.services import visits
from whistle.services.access import as_stranger
from whistle.services.use_case import reading, use_case
from whistle.vault import keys


@dataclasses.dataclass(frozen=True, slots=True)
class Draft:
    """What a reporter has answered so far; `form_number` makes a replayed submission one report."""

    token: str
    answers: dict[str, Any]
    form_number: str


@use_case
def begin(token: str) -> str:
    """Start a draft for a channel's form; returns the secret for its cookie."""
    as_stranger("draft.keep")
    return visits.start("draft", {"token": token, "answers": {}, "form_number": keys.token()})


@reading
def load(secret: str) -> Draft:
    """The draft of a cookie; raises NotFound when it ended."""
    as_stranger("draft.keep")
    return Draft(**visits.read(secret, "draft"))


@use_case
def save(secret: str, answers: dict[str, Any]) -> None:
    """Take in the answers of one page beside those of the others; raises NotFound when the draft ended."""
    as_stranger("draft.keep")
    content = visits.read_to_change(secret, "draft")
    content["answers"] = {**content["answers"], **answers}
    visits.write(secret, "draft", content)


@use_case
def discard(secret: str) -> None:
    """Forget a draft, or any other visit, at once; nothing happens where there is none."""
    as_stranger("draft.keep")
    visits.end(secret)
