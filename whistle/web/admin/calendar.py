"""Working days of a year: what the package knows, what was entered by hand, and days to come to enter or take back."""

import datetime as dt
from typing import Any, ClassVar

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from whistle.services import days_off
from whistle.services.errors import Invalid
from whistle.web.admin import blueprint, day_lines
from whistle.web.admin.ground import AdminForm
from whistle.web.filters import day_text
from whistle.web.forms import Lines, Tick, check_button, show
from whistle.web.session import by


class DaysForm(AdminForm):
    """Days as they are pasted; `say_whole` ends what is provisional in the year."""

    days = Lines(
        _l("要录入的日期"),
        required=_l("请写明日期，例如10月1日至7日休息"),
        hint=_l("例如：10月1日至7日休息，9月27日上班。可以把放假通知原文粘贴进来，每个节日一行"),
        at_most=4_000,
        rows=7,
    )
    words: ClassVar[dict[str, Any]] = {
        "day_has_come": _l("%(day)s已经到了或者过去了，不能再改。只能录入明天起的日期"),
        "day_too_far": _l("最远只能录入到%(year)s年"),
        "too_many_off": _l(
            "这样%(year)s年周一至周五的休息日就超过了%(most)s天，没有哪一年有这么多。请核对日期"
        ),
    }


class YearForm(DaysForm):
    """Where the package has no list of the year, one can say that this is all of it."""

    say_whole = Tick(_l("这是全年的安排，今后按它计算期限，不再标“暂计”"))


@blueprint.route("/calendar", methods=["GET", "POST"])
def calendar() -> ResponseReturnValue:
    """A year's days, and the form to enter more."""
    row = _year_asked()
    form = YearForm() if row.can_say and not row.is_known else DaysForm()
    if form.validate_on_submit():
        read = day_lines.read(form.days.data, row.year)
        faults = [
            *(_("没有看懂“%(words)s”。请写成“10月1日至7日休息”这样", words=words) for words in read.unread),
            *(_("%(day)s既写了休息，又写了上班。请只留一个", day=day_text(day)) for day in read.twice),
        ]
        form.days.errors = [*form.days.errors, *faults[:1]]
        if not faults:
            with form.catching():
                is_whole = "say_whole" in form and form.say_whole.data
                days_off.enter(by(), read.days, whole_year=row.year if is_whole else None)
                return _done(row.year, "days_entered")
    months = {
        month: [day for day in row.days if day.day.month == month]
        for month in sorted({day.day.month for day in row.days})
    }
    return show("admin/calendar/calendar.html", form=form, year=row, months=months)


@blueprint.post("/calendar/<day>/take-back")
def calendar_take_back(day: str) -> ResponseReturnValue:
    """Let a day be again as it is published."""
    check_button()
    try:
        which = dt.date.fromisoformat(day)
    except ValueError:
        abort(404)
    days_off.take_back(by(), which)
    return _done(which.year, "day_taken_back")


@blueprint.post("/calendar/<int:year>/<any(known, unknown):says>")
def calendar_year(year: int, says: str) -> ResponseReturnValue:
    """Say that a year was entered whole, or take it back."""
    check_button()
    days_off.say_year(by(), year, is_known=says == "known")
    return _done(year, "year_known" if says == "known" else "year_unknown")


def _year_asked() -> days_off.YearRow:
    """The year of the address; this one for anything that is no year."""
    wanted = request.args.get("year", "")
    try:
        return days_off.year(
            by(), int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) == 4 else None
        )
    except Invalid:
        return days_off.year(by())


def _done(year: int, what: str) -> ResponseReturnValue:
    return redirect(url_for(".calendar", year=year, done=what), 303)
