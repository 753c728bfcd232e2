"""What all pages of a case share: its identity, clocks and steps, the names of its things, and two people at once."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from whistle.rules.recusal_rows import RECUSAL_ROWS
from whistle.rules.workflow import Action
from whistle.services.casework import desk as desk_service
from whistle.services.casework import related
from whistle.services.casework.case_things import ThingView
from whistle.services.casework.reading import CaseView, ReportView
from whistle.services.casework.record import TimelineItem
from whistle.services.errors import Conflict
from whistle.web import wording
from whistle.web.filters import day_text, either, term
from whistle.web.forms import Form
from whistle.web.numbers import as_number
from whistle.web.office.desk import case_url, clock_words, number_or_not
from whistle.web.office.told import code_term
from whistle.web.office.wording import ONWARD, PAST, TURNS
from whistle.web.pages import role_name
from whistle.web.session import by

#: The address of a case: by its number, before it has one by its random id.
SHELF = "<any(cases, new):shelf>/<ref>"

#: Why a step is not possible, where that is said elsewhere or is no news: nothing was pressed for.
NOT_SAID = frozenset({"not_classified", "not_pressed"})

#: Letters of a thing's name beside its clock.
SHORT = 24

#: Steps that have their own page, and the one that is always last.
ELSEWHERE, LAST = frozenset({"write", *(row.name for row in RECUSAL_ROWS)}), "to_oversight"


def plain_answers(report: ReportView) -> dict[str, Any]:
    """What the reporter answered; the sealed body has it beside the exact time."""
    answers: dict[str, Any] = report.answers.get("answers", report.answers)
    return answers


def owed_answers(view: CaseView) -> set[str | None]:
    """The reports whose reporter waits for an answer to a letter."""
    return {c.report_id for c in view.clocks if c.name == "reply_message" and c.state == "running"}


def can_write(view: CaseView) -> bool:
    """Whether this person may answer the reporter."""
    return any(row.name == "write" for row in view.actions)


def related_at_registration(view: CaseView) -> related.Related | None:
    """What may belong to a case that this person is about to classify; None for a case that is."""
    if view.category is not None or all(row.name != "classify" for row in view.actions):
        return None
    return related.beside(by(), view.ref)


def bar(view: CaseView) -> dict[str, Any]:
    """The identity of a case as every one of its pages shows it."""
    return {
        "case": view,
        "clocks": [clock for clock in view.clocks if clock.state in ("running", "paused")],
        "steps": [row for row in steps(view) if leads_on(row)],
        "more_steps": [row for row in steps(view) if not leads_on(row)],
        "not_yet": _not_yet(view),
        "main_step": main_step(view),
        "answer_first": is_answer_first(view),
        "class_comes_before": _after_the_class(view),
        "turn": None if view.waiting is not None else TURNS.get(view.turn),
        "unread": sum(report.unread for report in view.reports),
        "merged_into": _merged_into(view),
        "origin": _origin(view),
        "number_or_not": number_or_not,
        "url_of": url_of,
        "case_url": case_url,
        "can_merge": any(row.name == "merge" for row in view.actions),
        "code_term": code_term,
        "clock_words": clock_words,
        "clock_of": clock_of(view),
        "thing_of": {thing.id: _short(thing_label(thing)) for thing in view.things},
        "report_names": report_names(view),
    }


def steps(view: CaseView) -> list[Action]:
    """The possible steps as buttons: what leads on first, the sealed way last."""
    rows = [row for row in view.actions if row.name not in ELSEWHERE]
    order = {name: place for place, name in enumerate(ONWARD)}
    rows.sort(key=lambda row: (row.name == LAST, order.get(row.name, len(ONWARD))))
    return rows


def main_step(view: CaseView) -> Action | None:
    """The step that stands out: the first that leads on; none where the person has a proposal to decide."""
    if view.waiting is not None and view.waiting.can_decide:
        return None
    return next((row for row in steps(view) if row.name in ONWARD), None)


def leads_on(row: Action) -> bool:
    """Whether a step moves the case, or is the usual next one: it has a button of its own, all others are in a list."""
    return row.name != LAST and (row.to is not None or row.name in ONWARD)


def clock_of(view: CaseView) -> dict[str, str]:
    """Of which report a clock runs, by the report's id; nothing where a case has but one."""
    return report_names(view) if len(view.reports) > 1 else {}


def _merged_into(view: CaseView) -> str | None:
    """The case that this one was merged into, where this person may open it."""
    if view.state.name != "merged":
        return None
    merges = (item.facts["target"] for item in view.timeline if item.action.name == "merge")
    return view.named.get(next(merges, ""))


def _origin(view: CaseView) -> tuple[str, bool] | None:
    """The case that this one was split from, or whose retaliation it is about; None for one this person may not open.

    With whether it is about retaliation.
    """
    receipt = view.timeline[-1].facts if view.timeline else {}
    ref = view.named.get(receipt.get("from_case", ""))
    return None if ref is None else (ref, bool(receipt.get("retaliation")))


def _not_yet(view: CaseView) -> list[tuple[Action, str]]:
    """The steps that would lead on but for something that is missing, each with what it is."""
    missing = [
        (row, str(wording.CONFLICT[why][0]))
        for row, why in view.held_up
        if leads_on(row) and why not in NOT_SAID and why in wording.CONFLICT
    ]
    return missing if view.waiting is None else []


def _after_the_class(view: CaseView) -> list[str]:
    """The steps that would lead the case on, were it classified."""
    return [term(row) for row, why in view.held_up if why == "not_classified" and row.to is not None]


def is_answer_first(view: CaseView) -> bool:
    """Whether a letter that is owed an answer is what to do next: where no step leads on and nothing is to decide."""
    is_deciding = view.waiting is not None and view.waiting.can_decide
    return not is_deciding and main_step(view) is None and can_write(view) and bool(owed_answers(view))


def subject_of(view: CaseView) -> str:
    """Whom the newest class names as subject."""
    registered = (item.words for item in view.timeline if item.action.name in ("classify", "reclassify"))
    return str(next(registered, {}).get("subject", ""))


def url_of(view: CaseView, endpoint: str = "case", **more: Any) -> str:
    """The address of one of the case's pages."""
    return case_url(view.ref, endpoint, **more)


def people_choices(case_ref: str = "") -> list[tuple[int, str, str]]:
    """Whom a case can be given to; without one, who may have cases at all."""
    return desk_service.officers_to_choose(by(), case_ref)


def receiver_words(name: str, role: str) -> str:
    """Somebody to whom cases can be handed over, with the role and what it takes."""
    if role == "reviewer":
        return _("%(name)s（审理员，只接审理）", name=name)
    return _("%(name)s（%(role)s）", name=name, role=role_name(role))


def choice_words(person_id: int, words: str, away: Mapping[int, dt.date]) -> str:
    """Somebody who can be chosen, in words that say until when they are away."""
    if person_id not in away:
        return words
    return _("%(name)s，离岗到%(day)s", name=words, day=day_text(away[person_id]))


# What things and reports are called


def labels(view_things: list[ThingView]) -> dict[str, str]:
    """What each thing of a case is called, by its id."""
    return {thing.id: thing_label(thing) for thing in view_things}


#: As a choice of whom a word is for: every reporter of the case. Nothing chosen is not that.
ALL_REPORTS = "all"


def report_choices(view: CaseView) -> list[tuple[str, str]]:
    """Whom of a case's reporters a word is for, with none chosen to begin with."""
    return [("", _("请选择")), (ALL_REPORTS, _("这件案的全部举报人")), *report_names(view).items()]


def one_report(chosen: str | None) -> str | None:
    """The report that was chosen; None: all."""
    return None if chosen in (None, "", ALL_REPORTS) else chosen


def report_names(view: CaseView) -> dict[str, str]:
    """What each report of a case is called: by the day it came in, those of one day by their order too."""
    days = [report.received_on for report in view.reports]
    return {
        report.id: _("%(day)s收到的举报", day=day_text(report.received_on))
        if days.count(report.received_on) == 1
        else _(
            "%(day)s收到的第%(number)s件举报",
            day=day_text(report.received_on),
            number=days[: place + 1].count(report.received_on),
        )
        for place, report in enumerate(view.reports)
    }


def _short(label: str) -> str:
    """A label that fits beside a day: what somebody wrote may be long."""
    return label if len(label) <= SHORT else f"{label[: SHORT - 1]}…"


def thing_label(thing: ThingView) -> str:
    """What a thing is called: a measure by its name and whom it is on, all others by their own words."""
    if thing.kind != "measure":
        return thing.name
    on = thing.name or (either(thing, "unit") if thing.unit_zh else "")
    return _("%(measure)s（%(whom)s）", measure=code_term("measures", thing.code), whom=on)


# Two at once


def carry(form: Form, view: CaseView) -> None:
    """Put into a form which case it saw: its version, and the newest thing that had happened."""
    form.version.data, form.shown_up_to.data = str(view.version), str(newest(view))


def version_of(form: Form) -> int:
    """The version of the case the form was filled in for."""
    return as_number(form.version.data)


def newest(view: CaseView) -> int:
    """The number of the newest thing that happened."""
    return view.timeline[0].seq if view.timeline else 0


class meanwhile:
    """Run a step; where it cannot be done, the form comes back with why and with what was typed.

    Where somebody was quicker, it says what they did and can be sent again as it is.
    """

    def __init__(self, form: Form, view: CaseView) -> None:
        self.form, self.view = form, view

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, fault: BaseException | None, _trace: Any) -> bool:
        if not isinstance(fault, Conflict):
            return False
        self.form.form_errors.append(
            _what_changed(self.form, self.view) if fault.why == "changed" else _why_not(fault)
        )
        return True


def _why_not(fault: Conflict) -> str:
    heading, text = wording.of_conflict(fault)
    return _("%(what)s。%(text)s", what=heading, text=text)


def _what_changed(form: Form, view: CaseView) -> str:
    """One sentence: what happened since the form was opened, and by whom."""
    acts = acts_since(form, view)
    if not acts:
        return _("这件事刚才有人改动过，你写的内容都还在。请看过上面的最新情况，仍要提交就再按一次")
    return _(
        "你填写的时候，这件事有了变化：%(acts)s。你写的内容都还在，请看过最新情况，仍要提交就再按一次",
        acts=acts,
    )


def acts_since(form: Form, view: CaseView) -> str:
    """What happened since the form was opened, and by whom; nothing where no event tells."""
    seen = as_number(form.shown_up_to.data)
    return _("、").join(_one_change(item) for item in reversed(view.timeline) if item.seq > seen)


def _one_change(item: TimelineItem) -> str:
    if item.by_name is None:
        return str(PAST[item.action.name])
    return _("%(act)s（%(name)s）", act=PAST[item.action.name], name=item.by_name)
