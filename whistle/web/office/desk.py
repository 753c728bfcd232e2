"""The desk: the cases a person may know of, by view and filter; every filter stands in the address."""

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from whistle.rules import taxonomy, workflow
from whistle.services import waiting
from whistle.services.casework import answered, desk_filters
from whistle.services.casework import desk as service
from whistle.services.casework import due as due_service
from whistle.services.casework.clockwork import ClockView
from whistle.services.casework.desk_filters import DeskFilters
from whistle.services.casework.due import Due
from whistle.web.filters import day_text, term
from whistle.web.forms import Day, Form, Line, OneOf, Tick, show
from whistle.web.languages import is_english
from whistle.web.office import blueprint
from whistle.web.office.told import code_term
from whistle.web.office.wording import CLOCK_STATES, EMPTY, SORTS, VIEWS
from whistle.web.session import by

#: All that a query of the desk may say; nothing else in an address is carried on.
QUERY = (*(field.name for field in fields(DeskFilters)), "older", "newer")

#: What may stand in the address of the desk as it opens: it narrows nothing down and leads to no further page.
BESIDE = ("view", "sort", "lang", "done")

#: How an address said "overdue" and "due today" before there was one filter for both; bookmarks still do.
OLD_TICKS = {"overdue": "overdue", "due_today": "today"}

#: What a case is addressed by until it has a number.
RANDOM_ID = re.compile("[0-9a-f]{24}")


def all_of(rows: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The rows of a table as choices of a filter, after that of none."""
    return [("", _l("全部")), *((name, LazyString(term, row)) for name, row in rows.items())]


class DeskFilter(Form):
    """What narrows a view down. It is sent by GET, so it needs no token."""

    class Meta:
        csrf = False

    number = Line(_l("编号"), at_most=40)
    state = OneOf(_l("状态"), choices=all_of(workflow.STATES))
    kind = OneOf(_l("事项类型"), choices=all_of(taxonomy.TABLES["kinds"]))
    category = OneOf(_l("问题类别"), choices=all_of(taxonomy.TABLES["categories"]))
    unit = OneOf(_l("单位"), choices=[("", _l("全部"))])
    officer = OneOf(_l("承办人"), choices=[("", _l("全部"))])
    clock = OneOf(_l("期限"), choices=[("", _l("全部"))])
    received_from = Day(_l("收到，从"))
    received_to = Day(_l("收到，到"))
    due_from = Day(_l("到期，从"), meant="near")
    due_to = Day(_l("到期，到"), meant="near")
    unit_alone = Tick(_l("单位不含下级"))
    mine = Tick(_l("只看由受理员负责的"))
    unread = Tick(_l("只看有新来信"))
    named = Tick(_l("只看实名"))
    sent_back = Tick(_l("只看我的报批被退回的"))


class GoTo(Form):
    """A number that leads to its case at once. It is sent by GET, so it needs no token."""

    class Meta:
        csrf = False

    number = Line(_l("按编号打开"), at_most=40)


@blueprint.get("/desk")
def desk() -> ResponseReturnValue:
    """A page of cases: real-name ones first, then those due first."""
    mark = {name: request.args.get(name, "") for name in ("older", "newer")}
    is_first = not any(value for name, value in _asked().items() if name not in BESIDE)
    due = due_service.due(by(), in_parts=is_first)
    form = filter_form(due)
    filters = _filters(form)
    page = service.list_cases(by(), filters, **mark)
    counts = service.counts(by(), filters)
    return show(
        "office/desk/list.html",
        form=form,
        go_to=GoTo(formdata=None, prefix="go"),
        page=page,
        counts=counts,
        due_parts=due.parts,
        until=due.until,
        week_words=week_words(due),
        is_next_week=not due.is_this_week,
        waiting=waiting.count(by()),
        answered=answered.for_me(by()),
        view=filters.view,
        views={name: words for name, words in VIEWS.items() if name in counts},
        view_words=VIEWS[filters.view],
        sort=filters.sort,
        sorts=SORTS,
        chosen=chosen_filters(form, address),
        no_rows=EMPTY[filters.view],
        address=address,
        case_url=case_url,
        clock_words=clock_words,
        code_term=code_term,
    )


def filter_form(due: Due) -> DeskFilter:
    """The filters as the address says them."""
    form = DeskFilter(formdata=_asked())
    form.unit.choices = [("", _("全部")), (desk_filters.NO_UNIT, _("未登记")), *unit_choices()]
    people = [(str(number), name) for number, name, _role in service.officers_to_choose(by())]
    form.officer.choices = [("", _("全部")), (desk_filters.NOBODY, _("未指派")), *people]
    form.clock.choices = [("", _("全部")), *clock_choices(due)]
    if by().role != "intake":
        del form.mine
    form.validate()
    return form


def _asked() -> MultiDict[str, str]:
    """The address's query, in today's names."""
    asked: MultiDict[str, str] = MultiDict(request.args)
    for old, new in OLD_TICKS.items():
        if asked.pop(old, None):
            asked.setdefault("clock", new)
    return asked


def clock_choices(due: Due) -> list[tuple[str, Any]]:
    """What a state of clocks is called: on a Friday this week is over, and what comes has a name of its own."""
    return [(name, week_words(due) if name == "week" else words) for name, words in CLOCK_STATES.items()]


def week_words(due: Due) -> str:
    """What is due in the days to come."""
    return str(CLOCK_STATES["week"]) if due.is_this_week else _("下一工作周到期")


def _filters(form: DeskFilter) -> DeskFilters:
    view, sort = request.args.get("view", ""), request.args.get("sort", "")
    values = {field.short_name: field.data for field in form if field.data}
    return DeskFilters(
        view=view if view in VIEWS else _usual_view(values), sort=sort if sort in SORTS else "", **values
    )


def _usual_view(values: dict[str, Any]) -> str:
    """Without a view in the address: all for who filters, what is new for who takes in, else what is under way."""
    if values:
        return "all"
    return "new" if by().role in ("intake", "oversight") else "open"


def chosen_filters(form: Form, at: Callable[..., str]) -> list[tuple[str, str]]:
    """The filters in force in words, each with the address that drops it; `at` gives the page's address."""
    return [
        (_said(field), at(**{field.short_name: None, "older": None, "newer": None}))
        for field in form
        if field.data
    ]


def _said(field: Any) -> str:
    if isinstance(field, Tick):
        return str(field.label.text)
    if isinstance(field, Day) and field.data:
        return _("%(name)s：%(value)s", name=field.label.text, value=day_text(field.data))
    words = {str(value): words for value, words, *_more in getattr(field, "choices", ())}.get(
        field.data, field.data
    )
    return _("%(name)s：%(value)s", name=field.label.text, value=words)


def address(**changes: str | None) -> str:
    """This page's address with some of its query changed; None takes a part out."""
    asked = _asked()
    kept = {name: asked[name] for name in QUERY if name in asked}
    wanted: dict[str, Any] = {name: value for name, value in {**kept, **changes}.items() if value}
    return url_for(".desk", **wanted)


def case_url(ref: str, endpoint: str = "case", **more: Any) -> str:
    """The address of a case's page: by its number, or by its random id before it has one."""
    return url_for(f"office.{endpoint}", shelf="cases" if is_number(ref) else "new", ref=ref, **more)


def is_number(ref: str) -> bool:
    """Whether a reference is a number of the office's series, and not the random id from before."""
    return RANDOM_ID.fullmatch(ref) is None


def number_or_not(ref: str) -> str:
    """What a case is called: by its number, or that it has none yet."""
    return ref if is_number(ref) else _("未编号的举报")


def unit_choices() -> list[tuple[str, str]]:
    """Every unit with its name in the page's language."""
    return _named(service.units_to_choose(by()))


def receiver_choices(case_ref: str) -> list[tuple[str, str]]:
    """Code and name of every unit that a case can be passed on to."""
    return _named(service.receivers_to_choose(by(), case_ref))


def _named(units: list[tuple[str, str, str]]) -> list[tuple[str, str]]:
    return [(code, en if is_english() else zh) for code, zh, en in units]


def clock_words(clock: ClockView) -> str | None:
    """What a clock says in place of the days that are left."""
    if clock.state == "paused":
        return _("暂停：等待补充材料")
    # On the days off after the due day no working day has gone by, and yet it is not due today.
    is_just_over = clock.colour == "red" and clock.left == 0
    return Markup('<span class="nb">{}</span>').format(_("已超期")) if is_just_over else None
