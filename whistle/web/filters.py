"""How values are written on pages: dates, clock times, codes, numbers, money and legal terms, in both languages.

A number and its unit, and the parts of a date, stay on one line: they come out inside an element of class `nb`.
"""

import datetime as dt
from collections.abc import Sequence

from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from whistle import clock
from whistle.web.languages import is_english

ENGLISH_MONTHS = {
    **{1: "January", 2: "February", 3: "March", 4: "April", 5: "May", 6: "June"},
    **{7: "July", 8: "August", 9: "September", 10: "October", 11: "November", 12: "December"},
}


def register(app: Flask) -> None:
    """Give the filters to templates."""
    app.jinja_env.filters.update(
        term=term,
        either=either,
        day=day,
        day_text=day_text,
        month=month,
        instant=instant,
        code=code,
        count=count,
        money=money,
        percent=percent,
        days_left=days_left,
        paragraphs=paragraphs,
        one_of=one_of,
    )


def term(row: object) -> str:
    """The legal term of a rule row (or of a Term itself) in the page's language, as it stands on its own.

    English terms are kept in lower case in the tables; on buttons, tags and labels they begin with a capital.
    """
    text = either(getattr(row, "term", row))
    return text[:1].upper() + text[1:]


def either(thing: object, name: str = "") -> str:
    """The page's language of a pair: `thing.zh`/`thing.en`, or `thing.name_zh`/`thing.name_en` by name."""
    stem = f"{name}_" if name else ""
    text = getattr(thing, f"{stem}en") if is_english() else ""
    return str(text or getattr(thing, f"{stem}zh"))


def one_of(people: Sequence[str]) -> str:
    """Names of people of whom one is enough: A, B or C."""
    *before, last = people
    return _("%(names)s或者%(last)s", names=_("、").join(before), last=last) if before else last


def day_text(value: dt.date, weekday: bool = False) -> str:
    """A date in words, for places where no element may stand (a title, an attribute)."""
    if is_english():
        text = f"{value.day} {ENGLISH_MONTHS[value.month]} {value.year}"
        return f"{value:%A}, {text}" if weekday else text
    text = f"{value.year}年{value.month}月{value.day}日"
    return f"{text}（周{'一二三四五六日'[value.weekday()]}）" if weekday else text


def day(value: dt.date | None, weekday: bool = False) -> Markup:
    """A calendar day: 2026年11月23日, 23 November 2026. Nothing for None."""
    if value is None:
        return Markup("")
    words = day_text(value, weekday)
    return Markup('<time class="nb" datetime="{}">{}</time>').format(value.isoformat(), words)


def month(number: int) -> str:
    """A month of the year: 10月, October."""
    return ENGLISH_MONTHS[number] if is_english() else f"{number}月"


def instant(value: dt.datetime | None) -> Markup:
    """A moment on the office's wall clock, to the minute. Nothing for None."""
    if value is None:
        return Markup("")
    there = clock.local(value)
    form = '<time datetime="{}"><span class="nb">{}</span> <span class="nb">{}</span></time>'
    stamp = there.isoformat(timespec="minutes")
    return Markup(form).format(stamp, day_text(there.date()), f"{there:%H:%M}")  # noqa: S704 - constant form


def code(text: str) -> Markup:
    """A code in groups that do not break: what is typed in groups of four is shown so."""
    groups = text.split() if " " in text else [text[i : i + 4] for i in range(0, len(text), 4)]
    return Markup(" ").join(Markup('<span class="nb">{}</span>').format(group) for group in groups)


def count(number: int) -> Markup:
    """A count; a comma in the thousands from 10,000."""
    return Markup('<span class="nb">{}</span>').format(f"{number:,}" if abs(number) >= 10_000 else number)


def money(fen: int) -> Markup:
    """An amount kept in fen, in yuan."""
    amount = f"{fen / 100:,.2f}"
    return Markup('<span class="nb">{}</span>').format(f"CNY {amount}" if is_english() else f"{amount}元")


def percent(share: float) -> Markup:
    """A share of one, as a percentage with one decimal."""
    return Markup('<span class="nb">{}%</span>').format(f"{100 * share:.1f}")


def days_left(number: int, working: bool = True) -> Markup:
    """How far off a deadline is, in words: 还剩3个工作日, 今天到期, 已超2个工作日."""
    return Markup('<span class="nb">{}</span>').format(escape(_days_left(number, working)))


def _days_left(number: int, working: bool) -> str:
    if number == 0:
        return _("今天到期")
    if working and number > 0:
        return ngettext("还剩%(num)s个工作日", "还剩%(num)s个工作日", number)
    if working:
        return ngettext("已超%(num)s个工作日", "已超%(num)s个工作日", -number)
    if number > 0:
        return ngettext("还剩%(num)s天", "还剩%(num)s天", number)
    return ngettext("已超%(num)s天", "已超%(num)s天", -number)


def paragraphs(text: str) -> Markup:
    """What a person typed, with its empty lines as paragraphs and its line ends as they were."""
    blocks = [block.strip("\n") for block in text.replace("\r\n", "\n").split("\n\n") if block.strip()]
    lines = [Markup("<br>").join(escape(line) for line in block.split("\n")) for block in blocks]
    return Markup("\n").join(Markup('<p dir="auto">{}</p>').format(line) for line in lines)
