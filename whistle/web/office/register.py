"""The register: what came by telephone, letter, visit or from another body, written down and taken in like a report."""

from collections.abc import Mapping
from typing import Any, ClassVar

from flask import abort, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from markupsafe import Markup

from whistle import clock
from whistle.documents import posters
from whistle.rules import reporting
from whistle.rules.taxonomy import TABLES, Origin
from whistle.rules.terms import Term
from whistle.services import register as service
from whistle.services.errors import Conflict, NotFound
from whistle.services.register import Blank, Entry
from whistle.web import session
from whistle.web.filters import term
from whistle.web.forms import Choice, Day, Form, Hidden, Line, Lines, OneOf, Tick, show
from whistle.web.languages import is_english
from whistle.web.numbers import as_number
from whistle.web.office import blueprint
from whistle.web.office.desk import case_url, unit_choices
from whistle.web.session import by
from whistle.web.wiring import settings

#: What the page says where something is missing, by field of the report form.
EMPTY: Mapping[str, Any] = {
    "kind": _l("请选择事项类型"),
    "problem": _l("请选择问题类型"),
    "unit": _l("请选择单位，不清楚就选“不清楚”"),
    "story": _l("请写明举报人反映的经过"),
    "identity": _l("请选择匿名还是实名"),
    "name": _l("请填写举报人的姓名。不愿留姓名的，选匿名"),
    "contact": _l("请填写能联系到举报人的电话、地址或者邮箱"),
}
#: The parts of the page, each with its questions of the report form.
PARTS: Mapping[str, tuple[str, ...]] = {
    "what": ("kind", "problem", "unit", "unit_words", "happened_on", "story", "people", "proof"),
    "readers": ("own_people", "concerns_head", "unit_shut_out", "persons_shut_out"),
    "who": ("identity", "name", "contact"),
}
_ROWS = {row.name: row for step in reporting.STEPS for row in step.fields}


class Entered(Form):
    """What an officer writes down beside the questions of the report form, which `RegisterForm` adds."""

    form_number = Hidden()
    origin = Choice(
        _l("来源"),
        choices=[
            (row.code, LazyString(term, row))
            for row in TABLES["origins"].values()
            if isinstance(row, Origin) and row.is_entered
        ],
        required=_l("请选择来源"),
    )
    received_on = Day(
        _l("收到日期"),
        required=_l("请填写收到的日期，各项期限从这一天算起"),
        hint=_l("例如2026年11月23日。各项期限从这一天算起，登记以后不能改"),
    )
    is_long_ago = Tick(_l("确实是那天收到的"))
    sender = Line(
        _l("转来的机关和文号"), hint=_l("上级机关、信访部门、营商环境主管部门转来的必填"), at_most=200
    )
    desk = OneOf(_l("登记到哪个受理台"), required=_l("请选择受理台"))
    channel = OneOf(_l("从哪个渠道知道"), hint=_l("举报人是看到某张海报后打来、写来的，选那张海报"))
    wants_code = Tick(
        _l("给举报人一个查询码"),
        hint=_l("有了查询码，举报人可以自己看进度、补充情况。只显示一次，由你当场交给本人"),
    )
    words: ClassVar[dict[str, Any]] = {
        "received_on.too_early": _l("请填%(first)s或者以后的日期，再早的没有工作日历，期限算不出来"),
        "is_long_ago.long_ago": _l("收到日期是三个月以前。请核对；确实是那天收到的，勾选这一项"),
        "sender.empty": _l("请写明是哪个机关转来的，有文号的一并写上"),
        "channel.not_of_this_desk": _l("这个渠道不归选定的受理台，请另选，或者不选"),
        "too_long": _l("最多%(limit)s字，请删去一些"),
    }

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether it can be sent: every field good, and nothing missing that is asked for these answers."""
        super().validate(extra_validators)
        answers = self.answers()
        for step in reporting.way(answers):
            for row in reporting.missing(step, answers):
                if not self[row.name].errors:
                    self[row.name].errors = [str(EMPTY[row.name])]
        return not self.faults()

    def answers(self) -> dict[str, Any]:
        """What was reported, as the report form would say it."""
        return {name: self[name].data for name in _ROWS}

    def entry(self) -> Entry:
        """The whole as the service takes it."""
        return Entry(
            form_number=self.form_number.data or "",
            desk_id=as_number(self.desk.data),
            origin=self.origin.data,
            received_on=self.received_on.data or clock.today(),
            answers=self.answers(),
            channel_id=as_number(self.channel.data) or None,
            sender=self.sender.data or "",
            is_long_ago=self.is_long_ago.data,
            wants_code=self.wants_code.data,
        )


def _said(words: Term) -> LazyString:
    return LazyString(term, words)


def _question(row: reporting.Field) -> Any:
    """A question of the report form, in officers' words for it."""
    shared: dict[str, Any] = {"label": _said(row.office_label or row.label)}
    if row.kind == "choice":
        table = TABLES[row.table].items()
        return Choice(choices=[(code, _said(choice.term)) for code, choice in table], **shared)
    if row.kind == "unit":
        return OneOf(**shared)
    if row.kind == "flag":
        return Tick(**shared)
    if row.kind == "line":
        return Line(at_most=row.limit, **shared)
    return Lines(at_most=row.limit, rows=8 if row.required else 3, **shared)


RegisterForm: type[Entered] = type(
    "RegisterForm", (Entered,), {name: _question(row) for name, row in _ROWS.items()}
)


@blueprint.route("/register", methods=["GET", "POST"])
def register() -> ResponseReturnValue:
    """The form of the register and, on POST, the entry."""
    blank = service.blank(by())
    if not blank.desks:
        return show("office/register/no_desk.html", form=Form())
    form = _form(blank)
    if form.validate_on_submit() and (done := _take_in(form)) is not None:
        return done
    return show("office/register/form.html", form=form, blank=blank, parts=PARTS, rows=_ROWS)


def _channel_words(channel: tuple[int, str, str, str]) -> tuple[str, str]:
    """A channel as a choice, with its unit: many units call a channel the same."""
    number, name, zh, en = channel
    return str(number), _("%(channel)s（%(unit)s）", channel=name, unit=en if is_english() else zh)


def _form(blank: Blank) -> Entered:
    form = RegisterForm()
    form.form_number.data = form.form_number.data or blank.form_number
    form.desk.choices = [(str(i), en if is_english() else zh) for i, zh, en in blank.desks]
    form.channel.choices = [("", _("不清楚")), *map(_channel_words, blank.channels)]
    form.unit.choices = [("", _("请选择")), (reporting.NO_UNIT, _("不清楚")), *unit_choices()]
    form.unit_shut_out.choices = [("", _("没有")), *unit_choices()]
    if form.desk.data is None:
        form.desk.data = str(blank.desks[0][0])
    for row in _ROWS.values():
        form[row.name].is_optional = not row.required
    return form


def _take_in(form: Entered) -> ResponseReturnValue | None:
    """On to the receipt, the case, or an empty form; None where something is to be mended."""
    with form.catching():
        try:
            done = service.take_in(by(), form.entry())
        except Conflict as fault:
            if fault.why not in REFUSED:
                raise
            form.form_errors.append(REFUSED[fault.why])
            return None
        if done.secret is not None:
            place = url_for(".register_receipt")
            return session.give_reporter(redirect(place, 303), "receipt", done.secret, place)
        if done.case_ref is not None:
            return redirect(case_url(done.case_ref, done="receive"), 303)
        return redirect(url_for(".register", done="sealed_away" if done.is_flagged else "written_down"), 303)
    return None


#: Why nobody could take it in, as the officer who has the reporter at hand is told it.
REFUSED: Mapping[str, Any] = {
    "no_oversight_desk": _l(
        "监督小组还没有就绪，涉及本机关人员的现在不能登记，也没有保存。请告诉举报人直接向上级纪检监察机关反映"
    ),
    "nobody_may_read": _l(
        "能看的人都是写明不能看的人，或者来自不能看的单位，所以没有登记，也没有保存。请告诉举报人直接向上级纪检监察机关反映"
    ),
}


@blueprint.get("/register/receipt")
def register_receipt() -> ResponseReturnValue:
    """The receipt code, to be handed to the reporter: until this page has come through, and never again."""
    if session.is_looking_ahead():
        abort(405)
    try:
        receipt, case_ref = service.show_receipt(by(), session.reporter_secret("receipt") or "")
    except NotFound:
        return show("office/register/receipt_gone.html", form=Form(), status=410)
    page = show(
        "office/register/receipt.html",
        receipt=receipt,
        case_ref=case_ref,
        case_url=case_url,
        qr=Markup(posters.qr_svg(receipt.code)),  # noqa: S704 - our own drawing of 24 digits
        track_address=settings().public_url + url_for("public.track_code"),
    )
    return session.take_reporter(make_response(page), "receipt", request.path)
