"""Following a report: the receipt code, the report's page, what a reporter can write, and what to take home.

Everything lies below `/track`, where the cookie of the visit is sent and nowhere else. A visit that ended while
somebody was writing costs no word: the page comes back with the text and asks for the code once more.
"""

import json
import re
import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, ClassVar

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from whistle import clock
from whistle.rules.case_codes import RATINGS
from whistle.services import limits, tracking, visit_files
from whistle.services.attachments import File
from whistle.services.errors import Conflict, Crowded, Invalid, NotFound
from whistle.web import files, forms, session, uploads, waited
from whistle.web.answers import Answered, in_words
from whistle.web.clients import client
from whistle.web.filters import day_text, either, term
from whistle.web.forms import Choice, Code, Form, Hidden, Line, Lines, show
from whistle.web.public import blueprint, letters, questions

PATH = "/track"

#: What is said at the top of the report's page after something was done.
DONE = {
    "write": _l("您写的内容已经送到办理机关。"),
    "withdraw": _l("撤回申请已经送到办理机关，答复会写在这里。"),
    "recuse": _l("回避申请已经送到负责决定的人，承办人看不到。"),
    "rate": _l("谢谢您的评价，已经送到办理机关。"),
    "protect": _l("您的请求已经送到办理机关。情况紧急的，请马上拨打110。"),
}

#: The same of a report on the office's own people, which the ordinary desk and line know nothing of.
DONE_FLAGGED = {
    "write": _l("您写的内容已经送到监督小组。"),
    "withdraw": _l("撤回申请已经送到监督小组，答复会写在这里。"),
    "recuse": _l("回避申请已经送到监督小组，您写明姓名的人看不到。"),
    "rate": _l("谢谢您的评价，已经送到监督小组。"),
    "protect": _l("您的请求已经送到监督小组。情况紧急的，请马上拨打110。"),
}

#: What is said above the field for the code after a visit ended.
ENDED = {
    "ended": _l("为了安全，20分钟没有操作就会自动关闭。请再输入一次查询码。"),
    "closed": _l("已经关闭。要再看，请重新输入查询码。"),
}


class ReceiptCode(Code):
    """A receipt code as it was copied, whatever note it stands in."""

    def flow(self, text: str) -> str:
        return tracking.code_in(text) or re.sub(r"^\D+", "", super().flow(text))


class CodeForm(Form):
    queues = True
    code = ReceiptCode(
        _l("输入查询码"),
        required=_l("请输入24位查询码"),
        hint=_l("24位数字，空格和横线写不写都可以"),
        at_most=80,
    )


class Act(Form):
    """What the forms of an opened report share: a number to be sent once, the code where the visit ended."""

    queues = True

    words: ClassVar[dict[str, Any]] = {
        "holds_receipt_code": _l(
            "这里有一串像查询码的24位数字。查询码等于钥匙，请不要写给任何人，删去后再提交"
        ),
        "too_long": _l("最多%(limit)s字，请删去一些"),
    }

    form_number = Hidden()
    code = ReceiptCode(_l("查询码"), hint=_l("24位数字，空格和横线写不写都可以"), at_most=80)

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.asks_code = bool(self.code.data)
        self.form_number.data = self.form_number.data or secrets.token_urlsafe(16)

    def ask_code(self) -> None:
        """The visit ended: ask who is writing, and keep what was written."""
        self.asks_code = True
        if not self.code.errors:
            self.refuse(Invalid("code", "ended"))


class AnswerForm(Act):
    words: ClassVar[dict[str, Any]] = {**Act.words, "code.ended": ENDED["ended"]}
    #: Whether files had come when the page was made: where the visit ended since, they went with it.
    had_files = Hidden()
    text = Lines(_l("补充情况"), required=_l("请写下要补充的情况"), rows=8)


class WriteForm(AnswerForm):
    files = files.Several(_l("照片、录音或者文件"))


class RateForm(Act):
    words = AnswerForm.words
    rating = Choice(
        _l("您对办理结果满意吗？"),
        required=_l("请选一项"),
    )
    text = Lines(_l("还想说什么"), rows=4)


class ProtectForm(Act):
    words = AnswerForm.words
    text = Lines(_l("发生了什么？"), required=_l("请写明发生了什么，例如谁威胁了您、怎样报复"), rows=6)


class WithdrawForm(Act):
    words = AnswerForm.words
    text = Lines(_l("为什么想撤回？"), required=_l("请写明想撤回的原因"), rows=5)


class RecuseForm(Act):
    words = AnswerForm.words
    whom = Line(_l("希望谁回避"), required=_l("请写明希望谁回避，不知道姓名可以写职务"), at_most=500)
    why = Lines(
        _l("为什么"),
        required=_l("请写明为什么希望回避"),
        hint=_l("例如是被反映人的亲属，或者与这件事有利害关系"),
        rows=5,
    )


# The code


@blueprint.route("/track", methods=["GET", "POST"])
def track_code() -> ResponseReturnValue:
    """Where a receipt code is typed in."""
    form = CodeForm()
    if form.validate_on_submit():
        with form.catching():
            secret = _open_report(form.code.data)
            return _give(redirect(url_for(".track_report"), 303), secret)
    notice = next((ENDED[name] for name in ENDED if name in request.args), None)
    is_open = session.reporter_secret("track") is not None and notice is None
    return show("public/track/code.html", form=form, notice=notice, is_open=is_open)


# The report's page


@blueprint.get("/track/report")
def track_report() -> ResponseReturnValue:
    """The stage, the day of the next word, the question that waits, every letter, and what can be done."""

    def page(secret: str) -> ResponseReturnValue:
        tracked = tracking.view(secret)
        return show(
            "public/track/report.html",
            tracked=tracked,
            days=letters.by_day(tracked),
            rows=_own_rows(tracked.answers),
            rating=next((term(row) for row in RATINGS if row.code == tracked.rating), None),
            form=_answer_form(tracked) if tracked.question else None,
            done=(DONE_FLAGGED if tracked.is_flagged else DONE).get(request.args.get("done", "")),
        )

    return _opened(page)


def _answer_form(tracked: tracking.Tracked) -> AnswerForm:
    """What was kept while files were added stands in it: the files go along with what is sent here too."""
    form = AnswerForm()
    form.text.data = tracked.note
    form.had_files.data = "1" if tracked.added else ""
    return form


def _own_rows(answers: dict[str, Any]) -> list[Answered]:
    rows = in_words(answers, questions.unit_names())
    return [row for row in rows if row.value]


# What a reporter can write


@blueprint.get("/track/write")
def track_write() -> ResponseReturnValue:
    """Add facts or files, or answer what was asked; with what was kept here while files were added."""

    def page(secret: str) -> ResponseReturnValue:
        tracked = tracking.view(secret)
        form = WriteForm()
        form.text.data = tracked.note
        form.had_files.data = "1" if tracked.added else ""
        if "again" in request.args:
            form.files.errors = uploads.in_words(tracked.refused)
        return show("public/track/write.html", form=form, tracked=tracked)

    return _opened(page)


@blueprint.post("/track/write")
@uploads.takes_files("track")
def track_written() -> ResponseReturnValue:
    """Take what was chosen; send all, or go on writing."""
    form = WriteForm()
    if form.code.data and request.form.get("go") == "upload":
        return _open_for_files(form)
    with suppress(NotFound):
        aside = _files_aside(form)
        if aside is not None:
            return aside
    if request.form.get("go") == "back" and not form.text.data:  # the visit ended, and nothing was written
        return redirect(url_for(".track_report"), 303)
    return _written(form, "write", lambda secret: _write(secret, form))


def _write(secret: str, form: WriteForm) -> None:
    try:
        tracking.write(secret, form.text.data, form.form_number.data)
    except Conflict as fault:
        if fault.why == "sent_already":  # and these files with it
            visit_files.delete_all(secret, "track")
        raise


def _files_aside(form: WriteForm) -> ResponseReturnValue | None:
    """Do what a button beside the files says, or tell which files were refused: the text goes along.

    None where all is to be sent. Words that say only where to look stand for those that were not written.
    """
    go, coming = request.form.get("go", ""), uploads.coming()
    if form.validate_on_submit() or not form.csrf_token.errors:
        secret = _secret()
        refused = [] if coming is None else coming.keep()
        if files.change(secret, "track", go) or refused or go == "back":
            tracking.add_note(secret, form.text.data or "", refused)
            return _give(redirect(_beside(go, is_refused=bool(refused)), 303), secret)
        if not form.text.data and visit_files.listed(secret):
            form.text.data = _("（见文件）")
    return None


def _open_for_files(form: WriteForm) -> ResponseReturnValue:
    """The visit had ended: with the code the same page opens again, where files can be chosen."""
    if form.validate_on_submit() or not form.csrf_token.errors:
        form.text.errors = []
        with form.catching():
            secret = _open_report(form.code.data)
            tracking.add_note(secret, form.text.data or "", [])
            return _give(redirect(_beside("upload", is_refused=False), 303), secret)
    return show("public/track/write.html", form=form, tracked=None)


def _beside(go: str, *, is_refused: bool) -> str:
    """Where a button leads that does not send all; never the form's own address, so that scripts see a way on."""
    if is_refused:
        return url_for(".track_write", again=1)
    return url_for(".track_report") if go == "back" else url_for(".track_write", came=1)


@blueprint.route("/track/withdraw", methods=["GET", "POST"])
def track_withdraw() -> ResponseReturnValue:
    """Ask that the report be withdrawn; the office decides."""
    form = WithdrawForm()
    return _written(
        form,
        "withdraw",
        lambda secret: tracking.request_withdrawal(secret, form.text.data, form.form_number.data),
    )


@blueprint.route("/track/recuse", methods=["GET", "POST"])
def track_recuse() -> ResponseReturnValue:
    """Ask that somebody keep off the report."""
    form = RecuseForm()
    return _written(
        form,
        "recuse",
        lambda secret: tracking.request_recusal(secret, form.whom.data, form.why.data, form.form_number.data),
    )


@blueprint.route("/track/rate", methods=["GET", "POST"])
def track_rate() -> ResponseReturnValue:
    """Say how satisfied one is with the result."""
    form = RateForm()
    form.rating.choices = [(row.code, term(row)) for row in RATINGS]
    return _written(
        form,
        "rate",
        lambda secret: tracking.rate(secret, form.rating.data, form.text.data or "", form.form_number.data),
    )


@blueprint.route("/track/protect", methods=["GET", "POST"])
def track_protect() -> ResponseReturnValue:
    """Ask for protection against retaliation."""
    form = ProtectForm()
    return _written(
        form,
        "protect",
        lambda secret: tracking.request_protection(secret, form.text.data, form.form_number.data),
    )


def _written(form: Act, what: str, send: Callable[[str], None]) -> ResponseReturnValue:
    """A page with one form: shown, sent once, or shown again with everything on it."""
    template = f"public/track/{what}.html"
    if request.method == "GET":
        return _opened(lambda secret: show(template, form=form, tracked=tracking.view(secret)))
    if form.validate_on_submit():
        with form.catching():
            try:
                return _send(form, what, send)
            except NotFound:
                _ask_code(form)
    tracked = _tracked()
    if tracked is None and not form.code.data and not form.code.errors:
        _ask_code(form)
    return show(template, form=form, tracked=tracked)


def _ask_code(form: Act) -> None:
    """The visit ended, and the files that were added with it."""
    form.ask_code()
    coming = uploads.coming()
    if (coming is not None and coming.has_files) or request.form.get("had_files") == "1":
        form.form_errors.append(_("选过的文件没有送出，已经删去。请输入查询码，再点“打开以后再选文件”"))


def _tracked() -> tracking.Tracked | None:
    """The report of a visit that still lives: what was asked stays beside the answer that has to be mended."""
    try:
        return tracking.view(_secret())
    except NotFound:
        return None


def _send(form: Act, what: str, send: Callable[[str], None]) -> Response:
    limits.take("message", client())
    secret = _open_report(form.code.data) if form.code.data else _secret()
    try:
        send(secret)
    except Conflict as fault:
        if fault.why != "sent_already":
            raise
    return _give(redirect(url_for(".track_report", done=what), 303), secret)


# To take home, and to end


@blueprint.get("/track/record.txt")
def track_record() -> ResponseReturnValue:
    """The own report and every letter as a text."""
    return _opened(lambda secret: _file(_as_text(tracking.view(secret)), "text/plain", "record.txt"))


@blueprint.get("/track/proof.json")
def track_proof() -> ResponseReturnValue:
    """The openings of the report's entries in the log."""

    def page(secret: str) -> Response:
        text = json.dumps({"openings": tracking.openings(secret)}, ensure_ascii=False, indent=1)
        return _file(text, "application/json", "proof.json")

    return _opened(page)


@blueprint.post("/track/close")
def track_close() -> ResponseReturnValue:
    """End the visit."""
    forms.check_button()
    tracking.close(session.reporter_secret("track") or "")
    return session.take_reporter(redirect(url_for(".track_code", closed=1), 303), "track", PATH)


def _as_text(tracked: tracking.Tracked) -> str:
    """What the report's page says, as lines to keep: the stage, the own answers, and every letter with its heading."""
    lines = [_("收到的日期：%(day)s", day=day_text(tracked.received_on))]
    lines += [_("下载的日期：%(day)s", day=day_text(clock.today()))]
    lines += [_("办理进度：%(stage)s", stage=either(tracked.stage)), ""]
    for row in _own_rows(tracked.answers):
        value = row.value.striptags() if hasattr(row.value, "striptags") else row.value
        lines += [f"[{either(row.label)}]", str(value), ""]
    lines += _names_of(file for file in tracked.files if file.message_id is None)
    for on, shown in letters.all_by_day(tracked):
        for letter in shown:
            office = _("监督小组") if tracked.is_flagged else _("办理机关")
            who = office if letter.is_office else _("我")
            items = [f"{number}. {item}" for number, item in enumerate(letter.items, 1)]
            lines += [f"[{day_text(on)} {who}] {letter.heading}", *letter.told, letter.text, *items]
            lines += _names_of(letter.files) or [""]
    return "\ufeff" + "\r\n".join("\r\n".join(line.split("\n")) for line in lines)


def _names_of(files: Iterable[File]) -> list[str]:
    """The names of files that went along, as a list; the files themselves are not in what is kept."""
    names = [file.name for file in files]
    return [f"[{_('附的文件')}]", *names, ""] if names else []


def _file(text: str, mimetype: str, name: str) -> Response:
    response = make_response(text)
    response.mimetype = mimetype
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


# The visit


def _open_report(code: str) -> str:
    """The visit that a code opens; where many try, first who waited longest, then who tried least of late."""
    tries = limits.rank("track", client())
    try:
        return tracking.open_report(code, -waited.seconds(request.form["code"]) or tries)
    except Crowded:
        limits.count_refused("track")
        raise


def _secret() -> str:
    secret = session.reporter_secret("track")
    if secret is None:
        raise NotFound("visit")
    return secret


def _opened(page: Callable[[str], ResponseReturnValue]) -> ResponseReturnValue:
    """A page of an opened report, which keeps the visit alive; or back to the code when it ended."""
    try:
        secret = _secret()
        return _give(make_response(page(secret)), secret)
    except NotFound:
        return redirect(url_for(".track_code", ended=1), 303)


def _give(response: Response, secret: str) -> Response:
    return session.give_reporter(response, "track", secret, PATH)
