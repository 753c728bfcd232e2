"""A case's pages: what was reported, the letters to and from the reporter, and what happened; opening is recorded."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, make_response, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from whistle.rules.workflow import Action
from whistle.services.casework import act as casework
from whistle.services.casework import desk as desk_service
from whistle.services.casework import packages, reading
from whistle.services.casework.reading import CaseView, ReportView
from whistle.services.casework.record import TimelineItem
from whistle.services.errors import Conflict
from whistle.services.messages import MESSAGE_LIMIT
from whistle.web import errors, forms
from whistle.web.files import to_keep
from whistle.web.filters import day_text, term
from whistle.web.forms import Form, Hidden, Lines, OneOf, show
from whistle.web.numbers import as_number
from whistle.web.office import blueprint
from whistle.web.office.desk import case_url, clock_words, unit_choices
from whistle.web.office.told import Line, answers_of, code_term, lines_of
from whistle.web.office.wording import ONWARD, PAST, PROPOSAL_PAST, REPORTER_WROTE, TURNS
from whistle.web.session import by

SHELF = "<any(cases, new):shelf>/<ref>"

#: Steps that have their own page, and the one that is always last.
ELSEWHERE, LAST = (
    frozenset(
        {
            "write",
            "declare_recusal",
            "note_recusal_request",
            "recuse",
            "refuse_recusal",
            "lift_recusal",
            "let_in",
            "enter_acting_head",
            "end_acting_head",
        }
    ),
    "to_oversight",
)


class ReplyForm(Form):
    """A letter to the reporter, or to all reporters of a case."""

    report = OneOf(_l("收信的举报人"), choices=())
    message = Lines(
        _l("答复内容"),
        required=_l("请写明要告诉举报人的话"),
        hint=_l("举报人凭查询码看到。不要写内部分工、其他举报人或者调查方法"),
        at_most=MESSAGE_LIMIT,
        rows=5,
    )
    version = Hidden()
    seen = Hidden()


@dataclass(frozen=True, slots=True)
class Told:
    """A report as its page shows it."""

    report: ReportView
    lines: list[Line]


@blueprint.get(f"/{SHELF}")
def case(shelf: str, ref: str) -> ResponseReturnValue:
    """What was reported, and how it was registered."""
    view = reading.open_case(by(), ref, letters_shown=False)
    if (moved := _moved(view, ref)) is not None:
        return moved
    units = dict(unit_choices())
    told = [Told(report, answers_of(plain_answers(report), units)) for report in view.reports]
    others = _("、").join(code_term("categories", code) for code in view.other_categories)
    return show("office/case/facts.html", told=told, others=others, subject=subject_of(view), **bar(view))


@blueprint.get(f"/{SHELF}/package")
def case_package(shelf: str, ref: str) -> ResponseReturnValue:
    """The sealed file for the superior, once more."""
    answer = make_response(packages.again(by(), ref))
    answer.headers["Content-Type"] = "application/octet-stream"
    answer.headers["Content-Disposition"] = to_keep(f"{ref}.whistle")
    return answer


@blueprint.get(f"/{SHELF}/package/files")
def case_package_files(shelf: str, ref: str) -> ResponseReturnValue:
    """The reporters' files that go with the package, sealed as they lie here."""
    answer = Response(packages.bundle(ref, packages.list_files(by(), ref)))
    answer.headers["Content-Type"] = "application/octet-stream"
    answer.headers["Content-Disposition"] = to_keep(f"{ref}.files")
    return answer


@blueprint.route(f"/{SHELF}/messages", methods=["GET", "POST"])
def case_messages(shelf: str, ref: str) -> ResponseReturnValue:
    """The letters to and from the reporter, with a form to answer."""
    errors.expect({"message": _("答复内容")})
    view = reading.open_case(by(), ref)
    form = _reply_form(view)
    if form.validate_on_submit():
        with form.catching(), meanwhile(form, view):
            to = form.report.data or None
            casework.act(ref, "write", by(), version_of(form), report=to, message=form.message.data)
            return redirect(url_of(view, "case_messages", done="write"), 303)
    carry(form, view)
    return show(
        "office/case/messages.html",
        form=form,
        owed=owed_answers(view),
        can_write=can_write(view),
        purposes=PAST,
        fresh=_fresh(view),
        **bar(view),
    )


def owed_answers(view: CaseView) -> set[str | None]:
    """The reports whose reporter waits for an answer to a letter."""
    return {c.report_id for c in view.clocks if c.name == "reply_message" and c.state == "running"}


def can_write(view: CaseView) -> bool:
    """Whether this person may answer the reporter."""
    return any(row.name == "write" for row in view.actions)


def _fresh(view: CaseView) -> set[str]:
    """The reporter's letters that this person had not seen before."""
    fresh: set[str] = set()
    for report in view.reports:
        theirs = [letter.id for letter in report.letters if letter.side == "reporter"]
        fresh |= set(theirs[len(theirs) - report.unread :])
    return fresh


def _reply_form(view: CaseView) -> ReplyForm:
    form = ReplyForm()
    names = [(report.id, _("%(day)s收到的举报", day=day_text(report.received_on))) for report in view.reports]
    form.report.choices = [("", _("这件案的全部举报人")), *names]
    return form


@blueprint.post(f"/{SHELF}/messages/no-answer")
def case_no_answer(shelf: str, ref: str) -> ResponseReturnValue:
    """The last letter needs no answer: its clock stops."""
    forms.check_button()
    report = forms.clean(request.form.get("report", ""))[0] or None
    done = casework.act(
        ref, "write", by(), as_number(request.form.get("version")), report=report, no_answer_needed=True
    )
    return redirect(case_url(done.case_ref, "case_messages", done="no_answer"), 303)


@blueprint.get(f"/{SHELF}/record")
def case_record(shelf: str, ref: str) -> ResponseReturnValue:
    """What happened, newest first, and who opened the case."""
    view = reading.open_case(by(), ref, letters_shown=False)
    units = dict(unit_choices())
    told = [
        (item, _title(item), lines_of(item.action, item.facts, item.words, units, {})) for item in view.record
    ]
    return show("office/case/record.html", told=told, **bar(view))


def _title(item: TimelineItem) -> str:
    if item.proposal:
        return _("%(name)s：%(value)s", name=PROPOSAL_PAST[item.proposal], value=term(item.action))
    if item.by_kind == "reporter" and item.action.name == "write":
        return str(REPORTER_WROTE)
    return str(PAST[item.action.name])


def _moved(view: CaseView, ref: str) -> ResponseReturnValue | None:
    """A case that got its number since has its page there."""
    return None if view.ref == ref else redirect(url_of(view, done=request.args.get("done")), 303)


def plain_answers(report: ReportView) -> dict[str, Any]:
    """What the reporter answered; the sealed body has it beside the exact time."""
    answers: dict[str, Any] = report.answers.get("answers", report.answers)
    return answers


# What all pages of a case share


def bar(view: CaseView) -> dict[str, Any]:
    """The identity of a case as every one of its pages shows it."""
    return {
        "case": view,
        "clocks": [clock for clock in view.clocks if clock.state in ("running", "paused")],
        "steps": steps(view),
        "main_step": main_step(view),
        "answer_first": is_answer_first(view),
        "class_comes_before": _after_the_class(view),
        "turn": None if view.waiting is not None else TURNS.get(view.turn),
        "unread": sum(report.unread for report in view.reports),
        "url_of": url_of,
        "code_term": code_term,
        "clock_words": clock_words,
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


def choice_words(person_id: int, words: str, away: Mapping[int, dt.date]) -> str:
    """Somebody who can be chosen, in words that say until when they are away."""
    if person_id not in away:
        return words
    return _("%(name)s，离岗到%(day)s", name=words, day=day_text(away[person_id]))


# Two at once


def carry(form: Form, view: CaseView) -> None:
    """Put into a form which case it saw: its version, and the newest thing that had happened."""
    form.version.data, form.seen.data = str(view.version), str(newest(view))


def version_of(form: Form) -> int:
    """The version of the case the form was filled in for."""
    return as_number(form.version.data)


def newest(view: CaseView) -> int:
    """The number of the newest thing that happened."""
    return view.timeline[0].seq if view.timeline else 0


class meanwhile:
    """Run a step; where somebody was quicker, the form says what they did and can be sent again as it is."""

    def __init__(self, form: Form, view: CaseView) -> None:
        self.form, self.view = form, view

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, fault: BaseException | None, _trace: Any) -> bool:
        if not isinstance(fault, Conflict) or fault.why != "changed":
            return False
        self.form.form_errors.append(_what_changed(self.form, self.view))
        return True


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
    seen = as_number(form.seen.data)
    return _("、").join(_one_change(item) for item in reversed(view.timeline) if item.seq > seen)


def _one_change(item: TimelineItem) -> str:
    if item.by_name is None:
        return str(PAST[item.action.name])
    return _("%(act)s（%(name)s）", act=PAST[item.action.name], name=item.by_name)
