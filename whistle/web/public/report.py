"""The report form of a channel: its page, one question a page, the answers to check, and the receipt.

Everything lies below `/r/<token>`, where the cookie of the draft is sent and nowhere else. A page is kept whenever a
button of it is pressed, the ones that go back or change the language too.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from flask import abort, g, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from whistle.documents import posters
from whistle.rules import reporting
from whistle.rules.clocks import clock_row
from whistle.services import drafts, intake, limits, scanned, visit_files
from whistle.services.errors import Conflict, Invalid, NotFound, Slowed, Unusable
from whistle.web import errors, session
from whistle.web.answers import in_words
from whistle.web.clients import client
from whistle.web.filters import code, day_text
from whistle.web.forms import Form, Hidden, check_button, show
from whistle.web.public import blueprint, questions
from whistle.web.public.way import (
    Way,
    address,
    aside,
    begin_draft,
    draft_of,
    find_way,
    flags,
    go_on,
    keep,
    onward,
)
from whistle.web.wiring import settings

QUESTION = f"/r/<token>/<any({', '.join(questions.FORMS)}):step>"

# The channel's page


@blueprint.get("/r/<token>")
def report_channel(token: str) -> ResponseReturnValue:
    """Which office, unit and place this is, what happens to a report, and the start."""
    return _channel_page(find_way(token), Form())


@blueprint.post("/r/<token>")
def report_begin(token: str) -> ResponseReturnValue:
    """Start, or where the button says so start anew: a page left open must not throw away what was written since.

    A browser that brings no cookie back keeps no draft: said before a word is typed.
    """
    way, form = find_way(token), Form()
    if not request.cookies:
        return show("public/report/cookies.html", form=form, status=422)
    if not form.validate_on_submit():
        return _channel_page(way, form)
    if way.answers and request.form.get("go") != "anew":
        return redirect(url_for(".report_channel", token=token), 303)
    secret = begin_draft(token)
    if way.secret is not None:
        drafts.discard(way.secret)
    return go_on(token, secret, address(token, reporting.STEP_NAMES[0]))


def _channel_page(way: Way, form: Form) -> ResponseReturnValue:
    at = reporting.first_unanswered(way.answers) or reporting.CHECK
    resume = address(way.token, at) if way.answers else None
    days = clock_row("accept").lengths[0].count
    return show("public/report/channel.html", channel=_whole(way), form=form, resume=resume, days=days)


def _whole(way: Way) -> scanned.ChannelView:
    """All about the channel, for the pages that say who reads; raises Unusable where nobody can just now."""
    whole = scanned.view(way.token)
    if not whole.is_usable:
        raise Unusable(whole.why_not or "unknown")
    return whole


# The questions


@blueprint.get(QUESTION)
def report_question(token: str, step: str) -> ResponseReturnValue:
    """A question, with what was answered before."""
    way = find_way(token)
    if way.draft is None:
        return show("public/report/gone.html", token=token, form=Form(), status=410)
    form = questions.FORMS[step](data=way.answers)
    form.know(way.answers, way.channel.unit_code)
    if "again" in request.args:
        form.check_again()
    return _question_page(way, form)


@blueprint.post(QUESTION)
def report_answer(token: str, step: str) -> ResponseReturnValue:
    """Keep what is on the page, and go where the button says."""
    # Made before the database is asked: its labels name the text on the page of a database that is away.
    form = questions.FORMS[step]()
    way = find_way(token)
    form.know(way.answers, way.channel.unit_code)
    is_good = form.validate_on_submit()
    if form.csrf_token.errors:
        return _question_page(way, form)
    answers = {**way.answers, **form.answers()}
    if request.form.get("go") in ("back", "language"):
        return keep(way, form.answers(), aside(way, step, answers))
    if not is_good:
        return _refuse(way, step, form)
    if way.is_for_nobody(form.answers()):
        if way.secret is not None and way.draft is not None:
            limits.take("answer", client(), way.token)
            drafts.save(way.secret, form.answers())
        return _for_nobody(way, answers)
    return keep(way, form.answers(), onward(way, step, answers))


def _refuse(way: Way, step: str, form: questions.Question) -> ResponseReturnValue:
    """Say what is wrong at the question's own address, so that the browser's way back finds a page there.

    Where the draft cannot give back all that was typed, or all that was wrong with it, this answer itself says it.
    """
    if way.draft is None or not form.is_kept_whole():
        return _question_page(way, form)
    return keep(way, form.answers(), address(way.token, step, **flags(), again=1))


def _question_page(way: Way, form: questions.Question) -> ResponseReturnValue:
    return show(
        "public/report/question.html",
        form=form,
        channel=_whole(way) if form.step.name == "readers" else way.channel,
        is_change="change" in request.args,
        is_anew="anew" in request.args,
    )


# Check and send


class Sending(Form):
    """The last button. It says which draft's answers stand above it: what is sent is what was read."""

    form_number = Hidden()


@blueprint.get("/r/<token>/check")
def report_check(token: str) -> ResponseReturnValue:
    """All answers, each with a way to change it."""
    way = find_way(token)
    if way.draft is None:
        return show("public/report/gone.html", token=token, form=Form(), status=410)
    return _for_nobody(way, way.answers) if way.is_for_nobody(way.answers) else _check_page(way, Sending())


@blueprint.post("/r/<token>/check")
def report_send(token: str) -> ResponseReturnValue:
    """Send the report. Sent again, it leads to where the receipt is or was; what cannot be kept, to its question."""
    form = Sending()
    way = find_way(token)
    number = form.form_number.data or ""
    if way.secret is None or way.draft is None:
        return _after_the_end(way, number)
    if number not in ("", way.form_number):
        return _send_another(way, form, number)
    if not form.validate_on_submit():
        return _check_page(way, form)
    gap = reporting.first_unanswered(way.answers)
    if gap is not None:
        return redirect(address(token, gap, change=1), 303)
    if questions.is_wrong_day(way.answers):
        return redirect(address(token, reporting.step_of("happened_on"), change=1, again=1), 303)
    try:
        return _send(way, way.secret)
    except Invalid as fault:
        return redirect(address(token, reporting.step_of(fault.field), change=1, again=1), 303)


def _send(way: Way, secret: str) -> ResponseReturnValue:
    try:
        limits.take("send", client(), way.token)
    except Slowed as fault:
        return _wait(way, secret, fault)
    try:
        intake.submit(secret)
    except NotFound:  # ended a moment ago, in another window
        return _after_the_end(way, way.form_number)
    except Conflict as fault:
        if fault.why == "no_oversight_desk":
            return _for_nobody(way, way.answers)
        if fault.why != "sent_already":
            raise
    return redirect(url_for(".report_receipt", token=way.token), 303)


def _wait(way: Way, secret: str, fault: Slowed) -> ResponseReturnValue:
    """The page of those who wait their turn; the form they wait with does not end meanwhile."""
    with suppress(NotFound):
        drafts.save(secret, {})
    return session.give_reporter(make_response(errors.waiting(fault)), "draft", secret, f"/r/{way.token}")


def _after_the_end(way: Way, number: str) -> ResponseReturnValue:
    """The draft of a form is gone: whether it was sent before that is told only where it is known."""
    if intake.was_sent(form_number=number, secret=way.secret or ""):
        return _receipt_gone(way.token, is_sent=True)
    if not number:
        return redirect(url_for(".report_receipt", token=way.token), 303)
    return show("public/report/not_sent.html", token=way.token, form=Form(), status=410)


def _send_another(way: Way, form: Form, number: str) -> ResponseReturnValue:
    """A page that was left open shows other answers than those of the draft there is now."""
    if intake.was_sent(form_number=number):
        return _receipt_gone(way.token, is_sent=True)
    form.form_errors.append(
        _("刚才那一页是先前填的一份，没有提交，已经删去。下面是现在这一份，请核对后再提交")
    )
    return _check_page(way, form)


def _check_page(way: Way, form: Sending) -> ResponseReturnValue:
    form.form_number.data = way.form_number
    rows = in_words(way.answers, questions.unit_names())
    before = reporting.previous_step(reporting.CHECK, way.answers) or reporting.STEP_NAMES[0]
    return show(
        "public/report/check.html",
        form=form,
        rows=rows,
        channel=way.channel,
        back=address(way.token, before),
        is_whole=reporting.first_unanswered(way.answers) is None,
        is_flagged=bool(way.answers.get("own_people")),
        files=visit_files.listed(way.secret or ""),
    )


# The receipt


@blueprint.get("/r/<token>/receipt")
def report_receipt(token: str) -> ResponseReturnValue:
    """The receipt, until its page has come through. A look ahead by a machine is not a person who copies it down."""
    if session.is_looking_ahead():
        abort(405)
    secret = session.reporter_secret("draft")
    try:
        receipt = intake.show_receipt(secret or "")
    except NotFound:
        return _receipt_gone(token, is_sent=intake.was_sent(secret=secret or ""))
    page = show(
        "public/report/receipt.html",
        receipt=receipt,
        qr=Markup(posters.qr_svg(receipt.code)),  # noqa: S704 - our own drawing of 24 digits
        track_address=_track_address(),
        as_file=f"data:text/plain;charset=utf-8,{quote(_as_text(receipt))}",
    )
    return session.take_reporter(make_response(page), "draft", f"/r/{token}")


def _receipt_gone(token: str, *, is_sent: bool) -> ResponseReturnValue:
    return show("public/report/receipt_gone.html", token=token, is_sent=is_sent, status=410)


def _as_text(receipt: intake.Receipt) -> str:
    """The receipt as a file to keep. It says no more than has to be known to use it."""
    lines = [
        _("查询码：%(code)s", code=code(receipt.code).striptags()),
        _("收到的日期：%(day)s", day=day_text(receipt.received_on)),
        _("查询的地址：%(address)s", address=_track_address()),
    ]
    return "\r\n".join(["\ufeff" + lines[0], *lines[1:], ""])


def _track_address() -> str:
    return settings().public_url + url_for(".track_code")


# Where nothing can be sent


def _for_nobody(way: Way, answers: Mapping[str, Any]) -> ResponseReturnValue:
    """Nobody here may open it: the higher body's address instead, the own words to copy, and nothing is stored."""
    return show(
        "public/report/for_nobody.html", channel=_whole(way), form=Form(), texts=_texts(answers), status=409
    )


@blueprint.post("/r/<token>/discard")
def report_discard(token: str) -> ResponseReturnValue:
    """Delete what was typed so far."""
    check_button()
    drafts.discard(session.reporter_secret("draft") or "")
    return session.take_reporter(redirect(url_for(".home"), 303), "draft", f"/r/{token}")


@blueprint.errorhandler(Unusable)
def report_unusable(error: Unusable) -> ResponseReturnValue:
    """A channel that takes nothing: why, the other ways to report, and what was typed, to be copied."""
    draft = draft_of(session.reporter_secret("draft"), g.channel.token)
    typed = {**(draft.answers if draft else {}), **request.form.to_dict()}
    return show(
        "public/report/unusable.html",
        channel=g.channel,
        why=error.why,
        texts=_texts(typed),
        channels=scanned.public_channels().rows,
        status=404,
    )


def _texts(answers: Mapping[str, Any]) -> list[tuple[Any, str]]:
    rows = [row for step in reporting.STEPS for row in step.fields if row.kind in ("line", "text")]
    return [(row.label, str(answers[row.name])) for row in rows if answers.get(row.name)]
