"""The ground of every form: fields that clean what was typed, kind messages, and tokens that lose no text.

A view makes its form, asks `validate_on_submit()`, calls one service inside `form.catching()`, and otherwise answers
with `show(template, form=form)`: the same page, status 422, what was typed, and a message at each field.
"""

import datetime as dt
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, Literal

from flask import Flask, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from flask_wtf import FlaskForm
from flask_wtf.csrf import generate_csrf
from wtforms import fields
from wtforms.fields.choices import SelectChoice
from wtforms.fields.core import UnboundField
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from whistle import clock
from whistle.services.errors import Crowded, Invalid
from whistle.web import wording
from whistle.web.filters import day_text

#: Names of fields that are never shown again on a page the person did not fill in (`errors` carries the others).
SECRET = re.compile(
    r"csrf_token|(\w+_)?password|(receipt_|recovery_|one_time_)?code|sheet|group_\d+|\w*secret"
)

#: Explicit direction marks: they can make a line read backwards. Plain LRM/RLM stay, Uyghur text needs them.
DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
#: Half of a character, and what decoding puts in the place of bytes that are none.
BROKEN = re.compile("[\ud800-\udfff\ufffd]")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff]")

REFUSED = (
    (CONTROL, _l("这里有看不见的控制字符，已经去掉。请核对后再提交一次")),
    (BROKEN, _l("这里有无法识别的字符，已经去掉。请核对后再提交一次")),
    (DIRECTION, _l("这里有改变文字方向的隐藏字符，已经去掉。请核对后再提交一次")),
)


class StaleForm(Exception):
    """A form without fields came with an old token or none: `errors` shows its button again."""


def register(app: Flask) -> None:
    """Give templates the token for forms that are only a button."""
    app.jinja_env.globals["csrf_token"] = generate_csrf


def is_secret(name: str) -> bool:
    """Whether a field of this name may not be carried over to an error page."""
    return SECRET.fullmatch(name.rpartition("-")[2]) is not None


def clean(text: str) -> tuple[str, list[Any]]:
    """The text in one normal form without what cannot be taken, and a message for each kind of thing taken out."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    messages = []
    for pattern, message in REFUSED:
        text, found = pattern.subn("", text)
        if found:
            messages.append(message)
    return unicodedata.normalize("NFC", text).strip(), messages


# Rules


class Required:
    """Something has to be given; the message says what."""

    field_flags: ClassVar[dict[str, Any]] = {}

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, form: Any, field: Any) -> None:
        if not field.data and not field.process_errors:
            raise StopValidation(self.message)


class AtMost:
    """No more than so many characters; a Chinese one counts as one."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def __call__(self, form: Any, field: Any) -> None:
        length = len(field.data or "")
        if length > self.limit:
            values = {"limit": f"{self.limit:,}", "count": f"{length:,}", "over": f"{length - self.limit:,}"}
            raise StopValidation(_("最多%(limit)s字，现在有%(count)s字，请删去%(over)s字", **values))


class Matches:
    """What was typed has the form that its service takes; said with all other faults of the page."""

    def __init__(self, pattern: re.Pattern[str], message: Any) -> None:
        self.pattern, self.message = pattern, message

    def __call__(self, form: Any, field: Any) -> None:
        if field.data and not self.pattern.fullmatch(field.data):
            raise StopValidation(self.message)


# Fields


class _Asked:
    """What all fields take: `required` (the message when empty; without it the field is optional) and `hint`."""

    def __init__(self, label: Any, *, required: Any = None, hint: Any = "", **more: Any) -> None:
        rules = list(more.pop("validators", ()))
        if required is not None:
            rules.insert(0, Required(required))
        self.is_optional = required is None
        super().__init__(label, rules, description=hint, **more)  # type: ignore[call-arg]


class _Written(_Asked):
    """A field of text: `at_most` counts characters. It is cleaned; what is taken out is told."""

    def __init__(self, label: Any, *, at_most: int = 200, **more: Any) -> None:
        self.at_most = at_most
        super().__init__(label, validators=[AtMost(at_most), *more.pop("validators", ())], **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        self.data, messages = clean(self.flow(valuelist[0]))
        if messages:
            raise ValueError(messages[0])

    def flow(self, text: str) -> str:
        return text


class Line(_Written, fields.StringField):
    """One line of text."""

    def flow(self, text: str) -> str:
        return " ".join(text.splitlines())


class Lines(_Written, fields.TextAreaField):
    """Text of many lines."""

    def __init__(self, label: Any, *, at_most: int = 20_000, rows: int = 6, **more: Any) -> None:
        self.rows = rows
        super().__init__(label, at_most=at_most, **more)


class Code(_Written, fields.StringField):
    """Something copied by hand (receipt code, one-time code, short code): the service knows how to read it."""

    def flow(self, text: str) -> str:
        return " ".join(text.split())


class Password(_Asked, fields.PasswordField):
    """A password, taken as typed; never shown again."""

    def __init__(self, label: Any, *, autocomplete: str = "current-password", **more: Any) -> None:
        self.autocomplete = autocomplete
        super().__init__(label, **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = unicodedata.normalize("NFC", valuelist[0]) if valuelist else ""
        if BROKEN.search(self.data) or len(self.data) > 1_000:
            raise ValueError(_("这个密码太长或含有无法识别的字符，请换一个"))


class _Offering(_Asked):
    """A field that offers choices: (value, words) pairs, at once or later by `form.unit.choices = …`."""

    #: What stands for nothing chosen.
    nothing: ClassVar[Any] = None
    data: Any

    def __init__(self, label: Any, *, choices: Any = (), **more: Any) -> None:
        super().__init__(label, choices=_offered(choices), **more)

    @property
    def choices(self) -> Any:
        return fields.SelectField.choices.fget(self)

    @choices.setter
    def choices(self, pairs: Any) -> None:
        fields.SelectField.choices.fset(self, _offered(pairs))

    def pre_validate(self, form: Any) -> None:
        """What is not offered (any more) is never taken for nothing chosen: that may mean everybody, or one less.

        Where something has to be chosen, nothing is a fault already. A filter drops what it does not know.
        """
        is_several = isinstance(self.data, list)
        chosen = self.data if is_several else [self.data]
        known = {choice.value for choice in self.choices}
        there = [value for value in chosen if value in known]
        is_gone = any(value not in {*known, None, "", "None"} for value in chosen)
        self.data = there if is_several else next(iter(there), self.nothing)
        if is_gone and (is_several or self.is_optional) and not form.is_filter:
            raise StopValidation(_("选的有一项已经没有了，请核对以后重新选"))


def _offered(pairs: Any) -> list[SelectChoice]:
    return [SelectChoice(str(value), words) for value, words in pairs]


class Choice(_Offering, fields.RadioField):
    """One of a few, as radio buttons; `hints` are a line more for some of the values."""

    def __init__(self, label: Any, *, hints: dict[str, Any] | None = None, **more: Any) -> None:
        self.hints = hints or {}
        super().__init__(label, **more)


class OneOf(_Offering, fields.SelectField):
    """One of many, as a drop-down list. A first choice with an empty value stands for nothing chosen."""

    nothing = ""


class Several(_Offering, fields.SelectMultipleField):
    """Any of a few, as boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class Tick(_Asked, fields.BooleanField):
    """One box. `required` makes ticking it a condition."""


class Hidden(fields.HiddenField):
    """A value that goes along: a version, a form number."""

    is_optional = True


#: Which day is meant by one without a year: of what was, of what is about now, or of what is planned.
Meant = Literal["past", "near", "ahead"]
HALF_A_YEAR = 6 * 31  # days, of months that all have 31


class Day(_Asked, fields.StringField):
    """A calendar day, as people write it: 2026-11-23, 2026.11.23, 2026年11月23日, 11月23日. `data` is a date.

    It is shown as pages show days, which is how the hint beside it asks for them. `meant`: see `read_day`.
    """

    def __init__(self, *args: Any, meant: Meant = "past", **more: Any) -> None:
        super().__init__(*args, **more)
        self.meant = meant

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = unicodedata.normalize("NFKC", valuelist[0]).strip() if valuelist else ""
        self.data = None
        if self.typed:
            self.data = read_day(self.typed, clock.today(), self.meant)

    def _value(self) -> str:
        typed: str = getattr(self, "typed", "")
        return typed if self.data is None else day_text(self.data)


def _example_ahead() -> str:
    return _("例如%(day)s", day=day_text(clock.today() + dt.timedelta(days=30)))


#: The hint beside a day that is still to come.
AHEAD = LazyString(_example_ahead)

DAY_PATTERN = re.compile(r"(?:(\d{4})\s*[-./年]\s*)?(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?")
#: Three numbers of one kind whose year has not four digits: 26年3月9日, 0-0-0. “9.3-5” is a span of days, and no day.
CUT_SHORT = re.compile(r"(?:\d{1,3}|\d{5,})(?:\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日?|([-./])\d{1,2}\1\d{1,2})")
#: As English pages write it: 23 November 2026.
ENGLISH_DAY = re.compile(r"(\d{1,2})\s+([A-Za-z]{3,9})\.?,?\s+(\d{4})")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def is_day(text: str) -> bool:
    """Whether a text is written like a day of the calendar, be it one or not."""
    return DAY_PATTERN.fullmatch(_in_figures(text)) is not None


def is_cut_short(text: str) -> bool:
    """Whether a text is written like a day, but for its year, which has too few digits or too many."""
    return CUT_SHORT.fullmatch(text) is not None


def _in_figures(text: str) -> str:
    found = ENGLISH_DAY.fullmatch(text)
    if found is None or found[2][:3].lower() not in MONTHS:
        return text
    return f"{found[3]}-{MONTHS.index(found[2][:3].lower()) + 1}-{found[1]}"


def read_day(text: str, today: dt.date, meant: Meant = "past") -> dt.date:
    """The day a person means. ValueError in words.

    Without a year, `meant` says which such day it is: the latest that is not ahead, the nearest to today, or the first
    that is not past.
    """
    found = DAY_PATTERN.fullmatch(_in_figures(text))
    if found is None:
        raise ValueError(_("请按这样的格式填写日期：2026年11月23日"))
    year, month, number = (int(part) if part else None for part in found.groups())
    try:
        month, number = month or 0, number or 0
        return dt.date(_year(month, number, today, meant) if year is None else year, month, number)
    except ValueError:
        raise ValueError(_("日历上没有这一天，请核对日期")) from None


def _year(month: int, number: int, today: dt.date, meant: Meant) -> int:
    """The year that is meant where none is written."""
    day, now = (month, number), (today.month, today.day)
    if meant == "past":
        return today.year - (day > now)
    if meant == "ahead":
        return today.year + (day < now)
    apart = 31 * (month - today.month) + number - today.day
    return today.year + (apart < -HALF_A_YEAR) - (apart > HALF_A_YEAR)


def is_written(field: Any) -> bool:
    """Whether a person writes words into the field, rather than choosing or ticking."""
    return isinstance(field, _Written | Day)


def boxes_of(module: str) -> dict[str, Any]:
    """The names and labels of the boxes to write in of a module's forms, as they are before any form is made."""
    return {
        name: field.args[0]
        for kind in _kinds(Form)
        if kind.__module__ == module
        for name, field in vars(kind).items()
        if isinstance(field, UnboundField) and issubclass(field.field_class, _Written | Day)
    }


def _kinds(kind: type[Any]) -> Iterator[type[Any]]:
    for below in kind.__subclasses__():
        yield below
        yield from _kinds(below)


# Forms


class Form(FlaskForm):
    """A form whose token may grow old without losing a word: the page comes back with the text and a fresh token."""

    #: This form's own words for what its service may refuse: {"reason" or "field.reason": message}.
    words: ClassVar[dict[str, Any]] = {}
    #: Seconds after which the same may be sent again, where too many sent something at once.
    comes_back_in = 0
    #: Where too many sent something at once, the page of those who wait takes this form on, its codes included.
    queues: ClassVar[bool] = False
    #: It narrows a list down and changes nothing, though it is sent with a token.
    narrows: ClassVar[bool] = False

    @property
    def is_filter(self) -> bool:
        """Whether it changes nothing; what stands in an address has no token."""
        return type(self).narrows or not self.meta.csrf

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        g.setdefault("forms", []).append(self)

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether all fields and the token are good. A token that is not adds one message and takes no field away."""
        good = bool(super().validate(extra_validators))
        if "csrf_token" in self and self.csrf_token.errors:
            self.csrf_token.errors = [_stale_words()]
        return good

    def refuse(self, fault: Invalid) -> None:
        """Put a service's refusal beside its field, in this form's words or the common ones."""
        own = type(self).words
        message = wording.of_invalid(fault, own if isinstance(own, dict) else {})  # or a field of that name
        field = self._fields.get(f"{self._prefix}{fault.field}") or self._fields.get(fault.field)
        if field is None or isinstance(field, fields.HiddenField):
            self.form_errors.append(message)
        else:
            field.errors = [*field.errors, message]

    @contextmanager
    def catching(self) -> Iterator[None]:
        """Run a service call; what it refuses in an input, or for now, becomes a message of this form.

        A form that `queues` leaves "not now" to the page of those who wait (`errors.waiting`).
        """
        try:
            yield
        except Invalid as fault:
            self.refuse(fault)
        except Crowded as fault:
            if self.queues:
                raise
            self.comes_back_in = fault.seconds
            self.form_errors.append(_("这会儿同时提交的人太多，这一次还没有处理。请过几秒再提交一次"))

    def faults(self) -> list[tuple[str | None, str]]:
        """Every message in the order of the fields, with the id of the box it belongs to.

        Messages that several fields share name their field, so that the lines of the summary differ.
        """
        refused = [(field, str(message)) for field in self for message in _told(field)]
        shared = Counter(message for _field, message in refused)
        found: list[tuple[str | None, str]] = [(None, str(message)) for message in self.form_errors]
        for field, message in refused:
            box = None if isinstance(field, fields.HiddenField) else first_box(field)
            told = message
            if shared[message] > 1:
                told = _("%(label)s：%(words)s", label=field.label.text, words=message)
            found.append((box, told))
        return found


def _told(field: Any) -> Any:
    """The messages of a field: its first one, and of files one for each that was refused."""
    return field.errors if isinstance(field, fields.MultipleFileField) else field.errors[:1]


def first_box(field: Any) -> str:
    """The id of the first thing in a field that takes the focus."""
    return f"{field.id}-0" if isinstance(field, Choice | Several) else field.id


def check_button() -> None:
    """For a form that is only a button: its token is good, or StaleForm brings the button back."""
    if not Form().validate():
        raise StaleForm


def _stale_words() -> str:
    if not request.cookies:
        return _(
            "浏览器没有保存Cookie，所以没有提交成功。请在浏览器设置里允许本网站使用Cookie，再提交一次。填写的内容都还在"
        )
    return _("这个页面打开得太久，还没有提交成功。填写的内容都还在，请再提交一次")


def show(template: str, *, status: int = 200, **values: Any) -> ResponseReturnValue:
    """A page; with a summary of the faults and status 422 where a form on it was refused, 503 where only for now."""
    forms = [form for form in values.values() if isinstance(form, Form)]
    faults = [fault for form in forms for fault in form.faults()]
    page = render_template(template, faults=faults, **values)
    wait = max((form.comes_back_in for form in forms), default=0)
    if wait:
        return page, 503, {"Retry-After": str(wait)}
    return page, 422 if faults else status
