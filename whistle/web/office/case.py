"""A case's pages: what was reported, the letters to and from the reporter, and what happened; opening is recorded."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response, make_response, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from whistle.services import reminders
from whistle.services.casework import act as casework
from whistle.services.casework import packages, reading
from whistle.services.casework.reading import CaseView, ReportView
from whistle.services.casework.record import TimelineItem
from whistle.services.messages import MESSAGE_LIMIT
from whistle.web import errors, forms
from whistle.web.files import to_keep
from whistle.web.filters import term
from whistle.web.forms import Form, Hidden, Lines, OneOf, show
from whistle.web.numbers import as_number
from whistle.web.office import blueprint
from whistle.web.office.case_bar import (
    SHELF,
    bar,
    can_write,
    carry,
    labels,
    meanwhile,
    one_report,
    owed_answers,
    plain_answers,
    related_at_registration,
    report_choices,
    report_names,
    subject_of,
    url_of,
    version_of,
)
from whistle.web.office.desk import case_url, number_or_not, unit_choices
from whistle.web.office.told import Line, answers_of, code_term, lines_of, written_by_office
from whistle.web.office.wording import OTHER_CASES, PAST, PROPOSAL_PAST, REPORTER_WROTE
from whistle.web.session import by


class ReplyForm(Form):
    """A letter to the reporter."""

    message = Lines(
        _l("答复内容"),
        required=_l("请写明要告诉举报人的话"),
        hint=_l("举报人凭查询码看到。不要写内部分工、其他举报人或者调查方法"),
        at_most=MESSAGE_LIMIT,
        rows=5,
    )
    version = Hidden()
    shown_up_to = Hidden()


class ReplyToForm(ReplyForm):
    """The same where a case has several reporters: to one of them, or to all."""

    report = OneOf(_l("收信的举报人"), choices=(), required=_l("请选择收信的举报人"))


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
    told = [Told(report, _answers(report, units)) for report in view.reports]
    others = _("、").join(code_term("categories", code) for code in view.other_categories)
    return show(
        "office/case/facts.html",
        told=told,
        chosen_by_reporter=any(report.origin == "qr" for report in view.reports),
        others=others,
        subject=subject_of(view),
        related=related_at_registration(view),
        **bar(view),
    )


def _answers(report: ReportView, units: Mapping[str, str]) -> list[Line]:
    answers = plain_answers(report)
    return written_by_office(answers, units) if report.origin == "office" else answers_of(answers, units)


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
            to = one_report(form["report"].data) if "report" in form else None
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


def _fresh(view: CaseView) -> set[str]:
    """The reporter's letters that this person had not seen before."""
    fresh: set[str] = set()
    for report in view.reports:
        theirs = [letter.id for letter in report.letters if letter.side == "reporter"]
        fresh |= set(theirs[len(theirs) - report.unread :])
    return fresh


def _reply_form(view: CaseView) -> ReplyForm:
    if len(view.reports) < 2:
        return ReplyForm()
    form = ReplyToForm()
    form.report.choices = report_choices(view)
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
    names = {**labels(view.things), **report_names(view)}
    told = [
        (
            item,
            _title(item, names),
            [*_other_cases(view, item), *lines_of(item.action, item.facts, item.words, units, {}, names)],
        )
        for item in view.record
    ]
    reminded = reminders.of_case(by(), view.id)
    return show("office/case/record.html", told=told, reminded=reminded, **bar(view))


def _other_cases(view: CaseView, item: TimelineItem) -> list[Line]:
    """The other cases of which something that happened speaks, as links; none that this person may not open."""
    named = [(words, view.named.get(item.facts.get(fact, ""))) for fact, words in OTHER_CASES.items()]
    return [
        Line(str(words), number_or_not(ref), url=case_url(ref)) for words, ref in named if ref is not None
    ]


def _title(item: TimelineItem, names: Mapping[str, str]) -> str:
    if item.proposal:
        return _("%(name)s：%(value)s", name=PROPOSAL_PAST[item.proposal], value=term(item.action))
    if item.by_kind == "reporter" and item.action.name == "write":
        return str(REPORTER_WROTE)
    title, about = str(PAST[item.action.name]), names.get(item.facts.get("thing", ""))
    return _("%(name)s：%(value)s", name=title, value=about) if about else title


def _moved(view: CaseView, ref: str) -> ResponseReturnValue | None:
    """A case that got its number since has its page there."""
    return None if view.ref == ref else redirect(url_of(view, done=request.args.get("done")), 303)
