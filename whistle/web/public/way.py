"""The way of a reporter through a channel's form: who comes with which draft, and which page comes next."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from flask import abort, g, redirect, request, url_for
from werkzeug.wrappers import Response

from whistle.rules import reporting
from whistle.services import drafts, intake, limits, scanned
from whistle.services.errors import NotFound, Unusable
from whistle.web import session
from whistle.web.clients import client
from whistle.web.languages import LANGUAGES, is_english
from whistle.web.pages import about
from whistle.web.public import blueprint
from whistle.web.wiring import wiring


@dataclass(frozen=True, slots=True)
class Way:
    """A reporter on the way through a channel's form; `draft` is None before the start and after the end."""

    channel: scanned.ChannelGlance
    secret: str | None
    draft: drafts.Draft | None

    @property
    def token(self) -> str:
        return self.channel.token

    @property
    def answers(self) -> dict[str, Any]:
        return self.draft.answers if self.draft else {}

    @property
    def form_number(self) -> str:
        return self.draft.form_number if self.draft else ""

    def is_for_nobody(self, answers: Mapping[str, Any]) -> bool:
        """Whether it concerns the office's own people while nobody is there who may open that."""
        return bool(answers.get("own_people")) and not scanned.own_people_open()


@blueprint.before_request
def know_channel() -> None:
    """Read the channel before a word is said: its pages speak its languages alone, and the front page the office's.

    Pages about a report that was made have both: it may have come by a channel that speaks the other.
    That the database is away is told later, when there is a form whose labels name what was typed.
    """
    if (request.endpoint or "").startswith(f"{blueprint.name}.report_"):
        with suppress(*wiring().broken):
            g.channel = scanned.glance((request.view_args or {})["token"])
            g.languages = g.channel.languages
    if request.endpoint == f"{blueprint.name}.home":
        with suppress(*wiring().broken):
            known = about()
            g.languages = tuple(LANGUAGES) if known is None else known.languages


def find_way(token: str) -> Way:
    """The way of this request; raises Unusable for a channel that takes nothing, and corrects a token's writing."""
    if not token.isprintable():
        abort(404)
    g.channel = channel = g.get("channel") or scanned.glance(token)
    secret = session.reporter_secret("draft")
    draft = draft_of(secret, token)
    if draft is None and secret is not None and intake.receipt_waits(secret):
        abort(
            redirect(url_for(".report_receipt", token=token), 303)
        )  # sent, but the answer was lost on the way
    if not channel.is_usable:
        raise Unusable(channel.why_not or "unknown")
    if channel.token != token:
        abort(redirect(url_for(".report_channel", token=channel.token), 303))
    return Way(channel, secret, draft)


def draft_of(secret: str | None, token: str) -> drafts.Draft | None:
    """The draft of a cookie, if it is of this channel and lives."""
    if secret is None:
        return None
    try:
        draft = drafts.load(secret)
    except NotFound:
        return None
    return draft if draft.token == token else None


def address(token: str, step: str, **flags: Any) -> str:
    """The page of a step; the flags say how one came to a question, and mean nothing where all is checked."""
    if step == reporting.CHECK:
        return url_for(".report_check", token=token)
    if step == reporting.FILES:
        return url_for(".report_files", token=token, **flags)
    return url_for(".report_question", token=token, step=step, **flags)


def go_on(token: str, secret: str, to: str) -> Response:
    """Lead on, and hand the browser its draft's cookie again."""
    return session.give_reporter(redirect(to, 303), "draft", secret, f"/r/{token}")


def begin_draft(token: str) -> str:
    """Start a draft; its secret. Raises Slowed in a flood."""
    limits.take("begin", client(), token)
    return drafts.begin(token)


def keep(way: Way, answers: dict[str, Any], to: str) -> Response:
    """Keep a page's answers; a draft that ended meanwhile is begun anew with them. Raises Slowed in a flood."""
    limits.take("answer", client(), way.token)
    secret = way.secret
    if secret is None or way.draft is None:
        secret = begin_draft(way.token)
    drafts.save(secret, answers)
    return go_on(way.token, secret, to)


def aside(way: Way, step: str, answers: Mapping[str, Any]) -> str:
    """Where the buttons lead that are not 'continue': the page before, or this one in the other language."""
    known = flags()
    if request.form["go"] == "language":
        return address(way.token, step, **{**known, "lang": "zh_CN" if is_english() else "en"})
    if "change" in known:
        return address(way.token, reporting.CHECK)
    before = reporting.previous_step(step, answers)
    return url_for(".report_channel", token=way.token) if before is None else address(way.token, before)


def flags() -> dict[str, int]:
    """How one came to this page, to be carried on."""
    return {name: 1 for name in ("change", "anew") if name in request.args}


def onward(way: Way, step: str, answers: Mapping[str, Any]) -> str:
    """The next page; after a change the answers to check, or what the change newly asks; the gaps of a lost draft."""
    gap = reporting.first_unanswered(answers) or reporting.CHECK
    if way.draft is None:
        return address(way.token, gap, anew=1)
    if "change" in request.args:
        return address(way.token, gap, change=1)
    return address(way.token, reporting.next_step(step, answers))
