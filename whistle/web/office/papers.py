"""The meeting papers: the weekly sheet, a month's summary, the quarterly sheet; each a page to print and a workbook."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import Response, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from whistle import clock
from whistle.documents import spreadsheets
from whistle.rules.periods import Period, month_of, quarter_number, quarter_of
from whistle.rules.permits import permits
from whistle.rules.terms import cite
from whistle.services.casework import summaries, weekly
from whistle.web.files import to_keep
from whistle.web.filters import ENGLISH_MONTHS, day_text, either
from whistle.web.forms import Day, Form, OneOf, show
from whistle.web.languages import is_english
from whistle.web.office import blueprint
from whistle.web.office.paper_tables import Table, of_month, of_quarter, of_week, sheet
from whistle.web.office.wording import PAPERS
from whistle.web.session import by

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: How many months and quarters the forms offer.
MONTHS, QUARTERS = 36, 12


class WeekForm(Form):
    """Since when. It is sent by GET, so it needs no token."""

    class Meta:
        csrf = False

    since = Day(_l("上次例会的日期"), hint=_l("从这一天起的变化都会列出来，例如%(day)s", day="2026-11-23"))
    words: ClassVar[dict[str, Any]] = {"since.future": _l("这一天还没有到，请填过去的日期")}


class PeriodForm(Form):
    """Which month, or which quarter."""

    class Meta:
        csrf = False

    period = OneOf(_l("期间"), choices=())
    words: ClassVar[dict[str, Any]] = {"period.future": _l("这一期还没有开始")}


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper: its title, what it is about in a few lines, its tables, and what has to be said of them."""

    name: str
    title: str
    about: Sequence[str]
    tables: Sequence[Table]
    notes: Sequence[str]


#: What all papers say: nobody is told how many cases that are.
def _left_out() -> str:
    return _("密封处理的案件和须由你回避的案件不列，也不计数")


@blueprint.get("/papers/week")
def papers_week() -> ResponseReturnValue:
    """What happened since the last meeting, what is due and overdue, and who must do what."""
    form = WeekForm(formdata=request.args)
    week = None
    if form.validate():
        with form.catching():
            week = weekly.sheet(by(), form.since.data)
            form.since.data = week.since
    return _page(form, _week(week or weekly.sheet(by())))


@blueprint.get("/papers/week.xlsx")
def papers_week_xlsx() -> ResponseReturnValue:
    """The same as a workbook; for a day that is none, or is to come, the page that says so."""
    form = WeekForm(formdata=request.args)
    if form.validate():
        with form.catching():
            return _workbook(_week(weekly.sheet(by(), form.since.data)))
    return _page(form, _week(weekly.sheet(by())))


@blueprint.get("/papers/month")
def papers_month() -> ResponseReturnValue:
    """The figures of a month beside the last and the same a year ago."""
    form = _period_form(_months())
    return _page(form, _month(form))


@blueprint.get("/papers/month.xlsx")
def papers_month_xlsx() -> Response:
    """The same as a workbook."""
    return _workbook(_month(_period_form(_months())))


@blueprint.get("/papers/quarter")
def papers_quarter() -> ResponseReturnValue:
    """What became of the reports that the intake desk handed on."""
    form = _period_form(_quarters())
    return _page(form, _quarter(form))


@blueprint.get("/papers/quarter.xlsx")
def papers_quarter_xlsx() -> Response:
    """The same as a workbook."""
    return _workbook(_quarter(_period_form(_quarters())))


def _page(form: Form, paper: Paper) -> ResponseReturnValue:
    return show(
        "office/papers/paper.html",
        form=form,
        paper=paper,
        papers={
            name: words for name, words in PAPERS.items() if permits(f"papers.{name}", by().role, {"any"})
        },
        workbook=url_for(f".papers_{paper.name}_xlsx", **_chosen(form)),
        today=clock.today(),
    )


def _chosen(form: Form) -> dict[str, Any]:
    return {name: request.args[name] for name in ("since", "period") if name in form and name in request.args}


def _workbook(paper: Paper) -> Response:
    answer = make_response(spreadsheets.write_sheets([sheet(table) for table in paper.tables]))
    answer.headers["Content-Type"] = WORKBOOK
    answer.headers["Content-Disposition"] = to_keep(f"{paper.title}.xlsx")
    return answer


# --- each of them ------------------------------------------------------------------------------------------------


def _week(week: weekly.Week) -> Paper:
    span = {"since": day_text(week.since), "today": day_text(week.today)}
    ahead = {"ahead": day_text(week.ahead)}
    return Paper(
        "week",
        _("周例会材料"),
        [_("%(since)s至%(today)s的变化，%(ahead)s以前到期的", **span, **ahead)],
        of_week(week),
        [_("变化按登记的日期列出，不按生效的日期"), _left_out()],
    )


def _month(form: PeriodForm) -> Paper:
    month = summaries.month(by(), _first_day(form))
    title = _("%(month)s总结", month=month_words(month.period))
    beside = {"before": month_words(month.before), "year_ago": month_words(month.year_ago)}
    begun = _("%(day)s起使用本系统，更早的没有数字", day=day_text(month.begun_on))
    return Paper(
        "month",
        title,
        [
            _("与%(before)s、%(year_ago)s比较", **beside),
            _("截至%(day)s已经登记的都计入", day=day_text(month.as_of)),
            *([begun] if month.year_ago.first < month.begun_on else []),
        ],
        of_month(month),
        [_left_out()],
    )


def _quarter(form: PeriodForm) -> Paper:
    quarter = summaries.quarter(by(), _first_day(form))
    (source,) = cite("JJ 18")
    return Paper(
        "quarter",
        _("%(quarter)s办理情况反馈", quarter=quarter_words(quarter.period)),
        [
            _("反馈给受理台：受理后移交办理的举报，办得怎么样"),
            _("在办的件数截至%(day)s", day=day_text(quarter.today)),
        ],
        of_quarter(quarter.desks),
        [_("依据：%(source)s", source=either(source.term)), _left_out()],
    )


# --- periods -----------------------------------------------------------------------------------------------------


def _period_form(periods: Iterator[tuple[str, str]]) -> PeriodForm:
    form = PeriodForm(formdata=request.args)
    form.period.choices = [("", _("最近一个完整的")), *periods]
    form.validate()
    return form


def _first_day(form: PeriodForm) -> dt.date | None:
    """The first day of the period that was chosen; the values of the choices are such days."""
    return dt.date.fromisoformat(form.period.data) if form.period.data else None


def _months() -> Iterator[tuple[str, str]]:
    period = month_of(clock.today())
    for n in range(MONTHS):
        before = period.earlier(n)
        yield before.first.isoformat(), month_words(before)


def _quarters() -> Iterator[tuple[str, str]]:
    period = quarter_of(clock.today())
    for n in range(QUARTERS):
        before = period.earlier(3 * n)
        yield before.first.isoformat(), quarter_words(before)


def month_words(period: Period) -> str:
    """A month as it is called: 2026年10月, October 2026."""
    year, month = period.first.year, period.first.month
    return (
        f"{ENGLISH_MONTHS[month]} {year}"
        if is_english()
        else _("%(year)s年%(month)s月", year=year, month=month)
    )


def quarter_words(period: Period) -> str:
    """A quarter as it is called."""
    return _("%(year)s年第%(number)s季度", year=period.first.year, number=quarter_number(period))
