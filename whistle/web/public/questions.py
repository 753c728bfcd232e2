"""The questions of the report form as pages' forms, made from the rows of `rules.reporting`."""

import datetime as dt
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms.validators import ValidationError

from whistle import clock
from whistle.rules import reporting
from whistle.rules.taxonomy import TABLES
from whistle.rules.terms import Term
from whistle.services import intake, messages
from whistle.web.filters import either, term
from whistle.web.forms import Choice, Form, Line, Lines, OneOf, Tick, is_cut_short, is_day, read_day

#: What a page says when a required answer is missing, by field.
EMPTY: Mapping[str, Any] = {
    "kind": _l("请选择您想反映什么"),
    "problem": _l("请选择是哪一类问题"),
    "unit": _l("请选择问题发生的单位，不清楚就选“不清楚”"),
    "story": _l("请写明发生了什么"),
    "identity": _l("请选择匿名还是实名"),
    "name": _l("请填写姓名。不想留姓名，请选“匿名”"),
    "contact": _l("请填写能联系到您的电话、地址或者邮箱。不想留，请选“匿名”"),
}

#: What the choices of the question about the name mean.
IDENTITY_HINTS: Mapping[str, Any] = {
    "anonymous": _l("不留姓名和电话，凭查询码查看进度、回答问题"),
    "named": _l("优先办理。姓名和联系方式另外密封，受理情况和结果同样写在查询页面上"),
}


#: So many characters more than may be sent are kept, so that whoever wrote too much finds it again and can shorten it.
SPARE = 1_000


class When(Line):
    """A day as people write it, kept as 2026-11-23, or words such as “每月月初”, kept as they are.

    What is no day that can have been stays as it was typed, and is asked about.
    """

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        with suppress(ValueError):
            found = _past_day(self.data or "")
            self.data = self.data if found is None else found.isoformat()

    def pre_validate(self, form: Any) -> None:
        try:
            _past_day(self.data or "")
        except ValueError as fault:
            raise ValidationError(str(fault)) from None


def is_wrong_day(answers: Mapping[str, Any]) -> bool:
    """Whether the day among the answers cannot have been: going back keeps it unasked."""
    try:
        _past_day(str(answers.get("happened_on") or ""))
    except ValueError:
        return True
    return False


def _past_day(text: str) -> dt.date | None:
    """The day a text means, None for words; ValueError says in words why it can hardly be that day."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if is_cut_short(plain):
        raise ValueError(_("请写四位数的年份，例如2026年3月9日"))
    if not is_day(plain):
        return None
    found = read_day(plain, clock.today())
    if found > clock.today():
        raise ValueError(_("这一天还没有到，请核对日期"))
    if found.year < reporting.EARLIEST_YEAR:
        raise ValueError(
            _(
                "这一天在%(year)s年以前，请核对日期。确实这么早，就不写成日期，例如写“80年代末”",
                year=reporting.EARLIEST_YEAR,
            )
        )
    return found


class Question(Form):
    """One page of the report form. `know` tells it what was answered elsewhere, and asks which units there are."""

    step: ClassVar[reporting.Step]
    words: ClassVar[dict[str, Any]] = {
        "empty": _l("请填写这一项"),
        "too_long": _l("最多%(limit)s字，请删去一些"),
        "holds_receipt_code": _l(
            "这里有一串像查询码的24位数字。查询码等于钥匙，请不要写给任何人，删去后再继续"
        ),
    }

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.before: dict[str, Any] = {}
        for row in self.step.fields:
            self[row.name].is_optional = not row.required

    def know(self, answers: Mapping[str, Any], nearby: str = "") -> None:
        """Hand it the answers so far; the unit of the place that was scanned (`nearby`) is offered first."""
        self.before = dict(answers)
        rows = [row for row in self.step.fields if row.kind == "unit"]
        choices = list(unit_names().items()) if rows else []
        choices.sort(key=lambda choice: choice[0] != nearby)
        for row in rows:
            must = [("", _("请选择")), (reporting.NO_UNIT, _("不清楚"))]
            self[row.name].choices = [*(must if row.required else [("", _("没有"))]), *choices]

    def check_again(self) -> None:
        """Say at each field of what was kept why it cannot go on."""
        self.validate()
        self.csrf_token.errors = []  # this page is looked at, not sent

    def is_kept_whole(self) -> bool:
        """Whether a draft gives back what was typed and why it cannot go on: nothing was cut off or taken out."""
        return all(
            not self[row.name].process_errors and _kept(row, self[row.name].data) == self[row.name].data
            for row in self.step.fields
        )

    def answers(self) -> dict[str, Any]:
        """What this page says."""
        return {row.name: _kept(row, self[row.name].data) for row in self.step.fields}

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether it can go on: every field good, and nothing missing that is asked for these answers."""
        super().validate(extra_validators)
        together = {**self.before, **self.answers()}
        shown = self.step.shown_fields(together)
        for row in reporting.missing(self.step, together):
            self._refuse_once(row.name, str(EMPTY.get(row.name, self.words["empty"])))
        for row in shown:
            self._check_text(row)
        for row in set(self.step.fields) - set(shown):
            self[row.name].errors = []
        return not self.faults()

    def _check_text(self, row: reporting.Field) -> None:
        value = self[row.name].data
        if row.kind not in ("line", "text") or not value or self[row.name].errors:
            return
        with self.catching():
            messages.check_text(row.name, value, row.limit)

    def _refuse_once(self, name: str, message: str) -> None:
        if not self[name].errors:
            self[name].errors = [message]


def _kept(row: reporting.Field, value: Any) -> Any:
    return value[: row.limit + SPARE] if isinstance(value, str) and row.limit else value


def _said(words: Term) -> LazyString:
    return LazyString(term, words)


def _choice(row: reporting.Field, shared: dict[str, Any]) -> Choice:
    table = TABLES[row.table].items()
    explained = {code: getattr(choice, "explained", None) for code, choice in table}
    hints = {code: _said(words) for code, words in explained.items() if words is not None}
    if row.table == "identities":
        hints |= IDENTITY_HINTS
    return Choice(choices=[(code, _said(choice.term)) for code, choice in table], hints=hints, **shared)


def _line(row: reporting.Field, shared: dict[str, Any]) -> Line:
    return (When if row.name == "happened_on" else Line)(at_most=row.limit, **shared)


def _text(row: reporting.Field, shared: dict[str, Any]) -> Lines:
    return Lines(at_most=row.limit, rows=10 if row.required else 4, **shared)


_FIELDS = {
    "choice": _choice,
    "unit": lambda _row, shared: OneOf(choices=[], **shared),
    "line": _line,
    "text": _text,
    "flag": lambda _row, shared: Tick(**shared),
}


def _field(row: reporting.Field) -> Any:
    shared = {"label": _said(row.label), "hint": _said(row.hint) if row.hint else ""}
    return _FIELDS[row.kind](row, shared)


def _form(step: reporting.Step) -> type[Question]:
    fields = {row.name: _field(row) for row in step.fields}
    return type(f"{step.name.title()}Question", (Question,), {"step": step, **fields})


#: The form of each page, by the step's name.
FORMS: Mapping[str, type[Question]] = {step.name: _form(step) for step in reporting.STEPS if step.fields}


def unit_names() -> dict[str, str]:
    """The name of every unit by its code, in the page's language."""
    return {unit.code: either(unit, "name") for unit in intake.units()}
