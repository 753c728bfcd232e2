"""Finding cases. What is looked for is sent in a form and kept with the session: no word of it stands in an address."""

import dataclasses
from typing import Any, ClassVar

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from whistle.rules import finding, reporting, taxonomy, workflow
from whistle.services.casework import desk as desk_service
from whistle.services.casework import desk_filters, due
from whistle.services.casework import search as service
from whistle.services.casework.search import Page, Query, Where
from whistle.services.errors import NotFound
from whistle.web import errors
from whistle.web.filters import day_text, term
from whistle.web.forms import Day, Form, Line, OneOf, clean, show
from whistle.web.numbers import as_number
from whistle.web.office import blueprint
from whistle.web.office.desk import all_of, case_url, clock_choices, clock_words, unit_choices
from whistle.web.office.told import code_term
from whistle.web.office.wording import FOUND_IN
from whistle.web.session import by

#: What a query and its form are made of, by the same names.
FIELDS = tuple(field.name for field in dataclasses.fields(Query))
_ANSWERS = {field.name: field for step in reporting.STEPS for field in step.fields}


class SearchForm(Form):
    """What is looked for: words, and what narrows."""

    narrows = True
    text = Line(
        _l("内容中的文字"),
        hint=_l("几个词用空格隔开，每个词都要出现。查找你能打开的案件的举报、来信、附件名称和办理记录"),
        at_most=finding.MOST_CHARACTERS,
    )
    number = Line(_l("编号"), at_most=40)
    state = OneOf(_l("状态"), choices=all_of(workflow.STATES))
    kind = OneOf(_l("事项类型"), choices=all_of(taxonomy.TABLES["kinds"]))
    category = OneOf(_l("问题类别"), choices=all_of(taxonomy.TABLES["categories"]))
    unit = OneOf(_l("单位和它的下级"), choices=[("", _l("全部"))])
    officer = OneOf(_l("承办人"), choices=[("", _l("全部"))])
    received_from = Day(_l("收到，从"))
    received_to = Day(_l("收到，到"))
    clock = OneOf(_l("期限"), choices=[("", _l("全部"))])
    words: ClassVar[dict[str, Any]] = {
        "text.empty": _l("请至少填写一项，再查找"),
        "text.too_many": _l("最多%(limit)s个词，请删去一些"),
        "received_to.before_start": _l("结束的日期不能早于开始的日期"),
    }


@blueprint.route("/search", methods=["GET", "POST"])
def search() -> ResponseReturnValue:
    """The form, with what was looked for last."""
    errors.expect({"text": _("内容中的文字"), "number": _("编号")})
    form = _form(_kept())
    if form.validate_on_submit():
        with form.catching():
            service.keep(by(), _query(form))
            return redirect(url_for(".search_found"), 303)
    return show("office/search/form.html", form=form, is_filtered=_is_filtered(form))


@blueprint.get("/search/found")
def search_found() -> ResponseReturnValue:
    """A page of what was found."""
    query = _kept()
    if query is None:
        return redirect(url_for(".search"), 303)
    page = service.find(by(), query, as_number(request.args.get("page", "1")))
    form = _form(query)
    return show(
        "office/search/found.html",
        form=form,
        page=page,
        looked_for=_looked_for(form, query),
        pager=_pager(page),
        label_of=label_of,
        case_url=case_url,
        clock_words=clock_words,
        code_term=code_term,
    )


@blueprint.get("/search/number")
def search_number() -> ResponseReturnValue:
    """The case of a number, or of its end; where it may mean several or none, the desk's list says so."""
    typed = clean(request.args.get("go-number", ""))[0][:40]
    found = service.by_number(by(), typed)
    if len(found) == 1:
        return redirect(case_url(found[0]), 303)
    return redirect(url_for(".desk", view="all", number=typed), 303)


def _kept() -> Query | None:
    try:
        return service.kept(by())
    except NotFound:
        return None


def _form(query: Query | None) -> SearchForm:
    form = SearchForm(data={} if query is None else dataclasses.asdict(query))
    form.unit.choices = [("", _("全部")), (desk_filters.NO_UNIT, _("未登记")), *unit_choices()]
    people = [(str(number), name) for number, name, _role in desk_service.officers_to_choose(by())]
    form.officer.choices = [("", _("全部")), (desk_filters.NOBODY, _("未指派")), *people]
    form.clock.choices = [("", _("全部")), *clock_choices(due.due(by(), in_parts=False))]
    return form


def _query(form: SearchForm) -> Query:
    return Query(**{name: form[name].data for name in FIELDS if form[name].data})


def _is_filtered(form: SearchForm) -> bool:
    return any(form[name].data or form[name].errors for name in FIELDS if name != "text")


def _looked_for(form: SearchForm, query: Query) -> list[str]:
    """What was looked for, in words."""
    return [
        _("%(name)s：%(value)s", name=form[name].label.text, value=_said(form, name))
        for name in FIELDS
        if getattr(query, name)
    ]


def _said(form: SearchForm, name: str) -> str:
    field = form[name]
    if field.data and isinstance(field, Day):
        return day_text(field.data)
    return str(
        {value: words for value, words, *_more in getattr(field, "choices", ())}.get(field.data, field.data)
    )


def _pager(page: Page) -> dict[str, str | None]:
    def address(number: int) -> str | None:
        return url_for(".search_found", page=number) if 1 <= number <= page.pages else None

    return {"newer": address(page.number - 1), "older": address(page.number + 1)}


def label_of(where: Where) -> str:
    """Which part of a case a line is from."""
    if where.place == "answer":
        field = _ANSWERS[where.name]
        return term(field.office_label or field.label)
    if where.place in ("step", "proposal"):
        action, _dot, need = where.name.partition("/")
        row = workflow.ACTIONS[action]
        label = next((term(known.label) for known in row.needs if known.name == need), "")
        told = term(row) if not label else _("%(act)s：%(what)s", act=term(row), what=label)
        return told if where.place == "step" else _("报批：%(what)s", what=told)
    key = where.name if where.place == "letter" else where.place
    return str(FOUND_IN[key])
