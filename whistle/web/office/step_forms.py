"""The form of a step on a case, made from what the rulebook says the step needs, and what it starts with."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from whistle import clock
from whistle.rules import masking, taxonomy
from whistle.rules.case_codes import FEEDBACK_STAGES, RESOLUTIONS
from whistle.rules.codes import Coded
from whistle.rules.conditions import SENT
from whistle.rules.reporting import NO_UNIT
from whistle.rules.terms import Term
from whistle.rules.workflow import ACTIONS, Action, Need, needs_in
from whistle.services import absences, assignment
from whistle.services.casework import desk as desk_service
from whistle.services.casework import triage
from whistle.services.casework.case_things import ThingView
from whistle.services.casework.clockwork import ClockView
from whistle.services.casework.inputs import LINE_LIMIT, REMARK_LIMIT
from whistle.services.casework.reading import CaseView
from whistle.services.messages import MESSAGE_LIMIT
from whistle.web import forms
from whistle.web.filters import day_text, term
from whistle.web.forms import AHEAD, Choice, Day, Form, Hidden, Lines, OneOf, Several, Tick
from whistle.web.office.case_bar import (
    choice_words,
    clock_of,
    labels,
    people_choices,
    plain_answers,
    report_choices,
    subject_of,
    thing_label,
)
from whistle.web.office.desk import receiver_choices, unit_choices
from whistle.web.office.wording import FIRST_WORDS, HINTS, ONE_OF_TWO
from whistle.web.pages import role_name
from whistle.web.session import by

#: Which day is meant by one without a year.
MEANT: dict[str, forms.Meant] = {"past": "past", "ahead": "ahead"}
#: The kinds of day in which an extension is entered.
UNITS: dict[str, Any] = {"W": _l("个工作日"), "N": _l("日"), "M": _l("个月")}
#: So much of what a reporter wrote stands beside a box.
HINTED = 300
#: Up to so many codes are radio buttons.
FEW = 7


class StepForm(Form):
    """What every step carries: which state of the case it was filled in for."""

    version = Hidden()
    shown_up_to = Hidden()
    words: ClassVar[dict[str, Any]] = {"message.empty": _l("用本系统留言告知，就要写明告知内容")}


def form_for(row: Action, view: CaseView, thing: ThingView | None = None) -> StepForm:
    """The form of a step on this case, or on a thing of it, filled with what is known."""
    is_sent = not SENT.isdisjoint(row.effects)
    made = {need.name: _field(need, view, is_sent=is_sent) for need in asked_of(row, view)}
    kind = type("StepFormOf", (StepForm,), made)
    form: StepForm = kind(data=_known(row, view, thing))
    for need in row.needs:
        if (row.name, need.name) in HINTS:
            form[need.name].description = HINTS[row.name, need.name]
        if (row.name, need.name) in ONE_OF_TWO:
            form[need.name].is_optional = False
            offered = [(choice.value, choice.label) for choice in form[need.name].choices if choice.value]
            form[need.name].choices = [("", _("请选择")), *offered]
    if row.name == "classify" and (said := _people_written(view)):
        form["subject"].description = _("举报人写的是：%(people)s。写成：王芳（副局长）、李四", people=said)
    return form


def asked_of(row: Action, view: CaseView) -> list[Need]:
    """What a step asks for on this case: whom it is for only where there are several reporters."""
    needs = needs_in(row, view.state.name, view.acts_as)
    return [need for need in needs if need.kind != "report" or len(view.reports) > 1]


def _field(need: Need, view: CaseView, *, is_sent: bool) -> Any:
    label = term(need.label)
    shared: dict[str, Any] = {"required": _empty(need, label) if need.required else None}
    if need.kind == "message" and not is_sent:
        return Lines(label, at_most=MESSAGE_LIMIT, rows=6, **shared)
    return _FIELDS[need.kind](need, view, label, shared)


def _empty(need: Need, label: str) -> str:
    if need.kind in ("code", "person", "people", "unit", "list", "clock", "report", "thing"):
        return _("请选择%(what)s", what=label)
    if need.kind == "flag":
        return _("请确认并勾选：%(what)s", what=label)
    return _("请填写%(what)s", what=label)


def _text(need: Need, view: CaseView, label: str, shared: dict[str, Any]) -> Any:
    return Lines(label, at_most=REMARK_LIMIT, rows=3, **shared)


def _line(need: Need, view: CaseView, label: str, shared: dict[str, Any]) -> Any:
    return forms.Line(label, at_most=LINE_LIMIT, **shared)


def _message(need: Need, view: CaseView, label: str, shared: dict[str, Any]) -> Any:
    hint = _("举报人凭查询码看到这些话。不要写内部分工、其他举报人或者调查方法")
    if need.required_with is not None:
        hint = _(
            "只在用%(way)s告知时发给举报人，别的方式只留在案件记录里。不要写内部分工、其他举报人或者调查方法",
            way=_way(need.required_with),
        )
    return Lines(label, at_most=MESSAGE_LIMIT, rows=6, hint=hint, **shared)


def _code(need: Need, view: CaseView, label: str, shared: dict[str, Any]) -> Any:
    rows = _rows(need, view)
    choices = [(row.code, term(row)) for row in rows]
    if len(rows) > FEW:
        return OneOf(label, choices=[("", _("请选择")), *choices], **shared)
    hints = {row.code: _hint(row) for row in rows if _hint(row)}
    advice = _advice(view) if need.name == "complexity" else _what_is_so(need, view, rows)
    only = choices[0][0] if len(choices) == 1 else None
    return Choice(label, choices=choices, hints=hints, hint=advice, default=only, **shared)


def _advice(view: CaseView) -> str:
    """繁简分流: which complexity is suggested before the first class, with its reason; a person may overrule."""
    if view.complexity is not None:
        return ""
    code, why = _triage(view)
    name = term(taxonomy.TABLES["complexities"][code])
    return _("从来信的文字看，建议选“%(what)s”：%(why)s。情况不是这样，就改选别的", what=name, why=term(why))


def _rows(need: Need, view: CaseView) -> list[Coded]:
    """The codes that fit this case."""
    fitting = _FITTING.get(need.table)
    return list(taxonomy.TABLES[need.table].values()) if fitting is None else fitting(view)


def _reasons_now(view: CaseView) -> list[Coded]:
    later = _later_reasons(view)
    return [row for row in _reasons(view) if row not in later]


def _results(view: CaseView) -> list[Coded]:
    return list(RESOLUTIONS.get(view.kind, ()))


def _stages(view: CaseView) -> list[Coded]:
    """The final feedback tells how the case ended, so it has ended."""
    return [row for row in FEEDBACK_STAGES if row.code != "final" or view.state.name == "concluded"]


#: The tables of which not every code fits every case.
_FITTING: Mapping[str, Callable[[CaseView], list[Coded]]] = {
    "decline_reasons": _reasons_now,
    "resolutions": _results,
    "feedback_stages": _stages,
}


def _reasons(view: CaseView) -> list[taxonomy.DeclineReason]:
    fitting = taxonomy.decline_reasons_for(view.kind)
    return [row for row in fitting if view.number or view.is_flagged or not row.needs_classification]


def _later_reasons(view: CaseView) -> list[taxonomy.DeclineReason]:
    return [row for row in _reasons(view) if row.after_supplement and not view.asked_for_facts]


def _what_is_so(need: Need, view: CaseView, rows: list[Coded]) -> str:
    return _what_a_contact_needs(view, rows) or _what_comes_later(need, view)


def _what_a_contact_needs(view: CaseView, rows: list[Coded]) -> str:
    """Which ways reach a reporter only by a contact, and how this person comes to see it."""
    ways = [term(row) for row in rows if isinstance(row, taxonomy.NoticeWay) and row.needs_contact]
    contacts = [report.identity for report in view.reports if report.identity is not None]
    if not ways or not contacts:
        return ""
    named = _("、").join(ways)
    if all(contact.is_lost for contact in contacts):
        return _("联系方式已经没有人打得开。%(ways)s告知，要另有办法联系到本人", ways=named)
    if any(contact.own is not None and contact.own.state == "given" for contact in contacts):
        return _("%(ways)s告知要用的联系方式，在案件的“实名信息”里看", ways=named)
    return _("%(ways)s告知要用联系方式，先在案件的“实名信息”里申请查看", ways=named)


def _what_comes_later(need: Need, view: CaseView) -> str:
    """Which reasons would fit once the reporter was asked for what is missing."""
    later = _later_reasons(view) if need.table == "decline_reasons" else []
    if not later:
        return ""
    reasons = _("、").join(_("“%(what)s”", what=term(row)) for row in later)
    return _("%(reasons)s要在一次性告知补正以后才能选", reasons=reasons)


def _hint(row: Coded) -> str:
    if isinstance(row, taxonomy.DeclineReason):
        return term(row.where_to_turn)
    explained = getattr(row, "explained", None)
    return "" if explained is None else term(explained)


def _list(need: Need, view: CaseView, label: str, shared: dict[str, Any]) -> Any:
    return Several(label, choices=[(row.code, term(row)) for row in _rows(need, view)], **shared)


def _day(need: Need, view: CaseView, label: str, shared: dict[str, Any]) -> Any:
    if need.today_with is None:
        meant = MEANT.get(need.meant, "near")
        return Day(label, hint=_("例如2026年11月23日") if meant == "past" else AHEAD, meant=meant, **shared)
    hint = _("例如2026年11月23日。用%(way)s告知的，记为发出的那天", way=_way(need.today_with))
    return Day(label, hint=hint, **shared)


def _way(companion: tuple[str, str]) -> str:
    """What the value of another input is called, by which an input is sent or dated."""
    return term(taxonomy.TABLES["notice_ways"][companion[1]])


def _person(need: Need, view: CaseView, label: str, shared: dict[str, Any]) -> Any:
    if need.name == "from_person":
        return OneOf(label, choices=_who_has_it(view), **shared)
    if need.table == "borrowers":
        return OneOf(label, choices=_borrowers(view), **shared)
    # Handed over, a reviewer takes the reviewer's seat alone.
    load = assignment.in_charge(by())
    away = absences.away_now(by())
    choices = [
        (str(i), choice_words(i, _officer(name, role, load.get(i, 0)), away))
        for i, name, role in people_choices(view.ref)
        if role != "reviewer" or view.reviewer_id is not None or need not in ACTIONS["hand_over"].needs
    ]
    return OneOf(label, choices=[("", _("请选择")), *choices], **shared)


def _borrowers(view: CaseView) -> list[tuple[str, str]]:
    """To whom an archived case may be lent, with what each is."""
    away = absences.away_now(by())
    people = desk_service.borrowers_to_choose(by(), view.ref)
    named = ((i, _("%(name)s（%(role)s）", name=name, role=role_name(role))) for i, name, role in people)
    return [("", _("请选择")), *((str(i), choice_words(i, words, away)) for i, words in named)]


def _who_has_it(view: CaseView) -> list[tuple[str, str]]:
    """The officer in charge, and who reviews."""
    named = [(view.officer_id, view.officer), (view.reviewer_id, view.reviewer)]
    return [(str(number), name) for number, name in named if number and name] or [("", _("还没有承办人"))]


def _people(need: Need, view: CaseView, label: str, shared: dict[str, Any]) -> Any:
    away = absences.away_now(by())
    choices = [
        (str(i), choice_words(i, name, away))
        for i, name, role in people_choices(view.ref)
        if role == "officer"
    ]
    return Several(label, choices=choices, **shared)


def _number(need: Need, view: CaseView, label: str, shared: dict[str, Any]) -> Any:
    return forms.Line(label, at_most=4, **shared)


def _case(need: Need, view: CaseView, label: str, shared: dict[str, Any]) -> Any:
    return forms.Line(label, at_most=60, hint=_("填案件编号或者它的末几位，只能填你打得开的案件"), **shared)


def _clock(need: Need, view: CaseView, label: str, shared: dict[str, Any]) -> Any:
    names = {**labels(view.things), **clock_of(view)}
    choices = [(clock_value(clock), _clock_words(clock, names)) for clock in view.extendable]
    return Choice(label, choices=choices, **shared)


def clock_value(clock: ClockView) -> str:
    """A clock as a form sends it: its name, and whose it is."""
    return clock.name if clock.report_id is None else f"{clock.name}:{clock.report_id}"


def _clock_words(clock: ClockView, names: Mapping[str, str]) -> str:
    about = names.get(clock.report_id or "")
    what = _("%(name)s（%(about)s）", name=term(clock.row), about=about) if about else term(clock.row)
    extension = clock.row.extension
    most = 0 if extension is None else extension.count
    unit = UNITS[clock.row.lengths[0].unit if extension is None else extension.unit]
    return _(
        "%(what)s，%(day)s到期，最多延长%(most)s%(unit)s",
        what=what,
        day=day_text(clock.due_on),
        most=most,
        unit=unit,
    )


def _report(need: Need, view: CaseView, label: str, shared: dict[str, Any]) -> Any:
    return OneOf(label, choices=report_choices(view), **{**shared, "required": _empty(need, label)})


def _thing(need: Need, view: CaseView, label: str, shared: dict[str, Any]) -> Any:
    there = [
        (thing.id, thing_label(thing))
        for thing in view.things
        if thing.kind == need.table and thing.state != "removed"
    ]
    return OneOf(label, choices=[("", _("请选择")), *there], **shared)


def _officer(name: str, role: str, cases: int) -> str:
    return _("%(name)s（%(role)s，现有%(count)s件）", name=name, role=role_name(role), count=cases)


def _unit(need: Need, view: CaseView, label: str, shared: dict[str, Any]) -> Any:
    if need.name == "receiver_unit":
        units = receiver_choices(view.ref)
        return OneOf(label, choices=[("", _("不在单位目录中，或者不清楚")), *units], **shared)
    nothing = _("请选择") if need.required else _("不在单位目录中，或者不清楚")
    return OneOf(label, choices=[("", nothing), *unit_choices()], **shared)


def _flag(need: Need, view: CaseView, label: str, shared: dict[str, Any]) -> Any:
    return Tick(label, **shared)


_FIELDS: dict[str, Callable[[Need, CaseView, str, dict[str, Any]], Any]] = {
    "text": _text,
    "line": _line,
    "message": _message,
    "code": _code,
    "list": _list,
    "day": _day,
    "person": _person,
    "people": _people,
    "number": _number,
    "case": _case,
    "clock": _clock,
    "report": _report,
    "thing": _thing,
    "unit": _unit,
    "flag": _flag,
}


# What a form starts with


def _known(row: Action, view: CaseView, thing: ThingView | None) -> dict[str, Any]:
    known: dict[str, Any] = {
        "day": clock.today(),
        "from_person": str(view.officer_id or view.reviewer_id or ""),
    }
    if thing is not None:
        known |= thing.words
    elif row.thing == "excerpt":
        known["text"] = masking.mask(str(_first_answers(view).get("story", ""))).text
    # A case that another page leads from, as the page of what may be related does.
    known |= {need.name: request.args.get(need.name, "") for need in row.needs if need.kind == "case"}
    if any(need.kind == "people" for need in row.needs) and view.officer_id:
        known["group"] = [str(view.officer_id)]
    if row.name in ("classify", "reclassify"):
        known |= _class_of(view)
    if row.name in FIRST_WORDS:
        known["message"] = FIRST_WORDS[row.name]
    undone = view.left_undone
    if undone is not None and undone.action == row:
        known |= _as_proposed(row, {**undone.facts, **undone.words})
    return known


def _as_proposed(row: Action, given: dict[str, Any]) -> dict[str, Any]:
    """What a proposal that was sent or taken back had said; what a person affirms by a tick is affirmed anew."""
    proposed = {
        need.name: given[need.name] for need in row.needs if need.name in given and need.kind != "flag"
    }
    days = {need.name for need in row.needs if need.kind == "day"}
    chosen = {need.name for need in row.needs if need.kind in ("people", "person", "number")}
    return {
        name: dt.date.fromisoformat(v) if name in days else _as_sent(v) if name in chosen else v
        for name, v in proposed.items()
    }


def _as_sent(value: Any) -> Any:
    """A number, or several, as a form's choices name them."""
    return [str(item) for item in value] if isinstance(value, list) else str(value)


def _class_of(view: CaseView) -> dict[str, Any]:
    """The class as registered; before that, what the reporter's plain words stand for."""
    answers = _first_answers(view)
    unit = view.unit_code if view.category else answers.get("unit")
    return {
        "category": view.category or _plain_category(view),
        "other_categories": view.other_categories,
        "kind": view.kind,
        "severity": view.severity or "ordinary",
        "complexity": view.complexity or _triage(view)[0],
        "unit": "" if unit in (None, NO_UNIT) else unit,
        "subject": subject_of(view),
    }


def _first_answers(view: CaseView) -> dict[str, Any]:
    return plain_answers(view.reports[0]) if view.reports else {}


def _people_written(view: CaseView) -> str:
    """Whom the reporter named, in one line; a name that is copied wrong keeps nobody out."""
    said = " ".join(str(_first_answers(view).get("people", "")).split()).rstrip("。")
    return said if len(said) <= HINTED else f"{said[:HINTED]}……"


def _plain_category(view: CaseView) -> str:
    """The category that the reporter's plain words stand for; empty without any."""
    plain = taxonomy.TABLES["citizen_choices"].get(_first_answers(view).get("problem", ""))
    return str(getattr(plain, "category", ""))


def _triage(view: CaseView) -> tuple[str, Term]:
    """The complexity to suggest and why, from what the reporter chose and wrote."""
    answers = _first_answers(view)
    return triage.suggest(
        by(),
        category=_plain_category(view) or "other",
        story=str(answers.get("story", "")),
        people=str(answers.get("people", "")),
    )
