"""A real-name reporter's contact on a case's pages: asked for with a reason, looked at once it is given, given back."""

from flask import redirect
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from whistle.services.casework import identity_asking, reading
from whistle.services.casework.identity_asking import REASON_LIMIT
from whistle.services.casework.reading import CaseView, ReportView
from whistle.services.errors import NotFound
from whistle.web import forms
from whistle.web.forms import Form, Lines, show
from whistle.web.office import blueprint
from whistle.web.office.case import SHELF, bar, url_of
from whistle.web.office.desk import case_url
from whistle.web.session import by

ONE = f"/{SHELF}/identity/<report_id>"


class AskForm(Form):
    """Why somebody wants to see the contact."""

    reason = Lines(
        _l("为什么要看"),
        required=_l("请写明为什么要看姓名和联系方式，例如要打电话告知受理"),
        hint=_l("保管人看不到案件，只凭这段话决定。不要写举报内容、被举报人和承办的办法"),
        at_most=REASON_LIMIT,
        rows=3,
    )


@blueprint.route(ONE, methods=["GET", "POST"])
def case_identity(shelf: str, ref: str, report_id: str) -> ResponseReturnValue:
    """How the contact of one reporter stands for this person: to ask, to wait, or to look after a last question."""
    view = reading.open_case(by(), ref, letters_shown=False)
    report = _report(view, report_id)
    form = AskForm()
    if form.validate_on_submit():
        with form.catching():
            identity_asking.ask(by(), ref, report_id, form.reason.data)
            return redirect(url_of(view, done="identity_asked"), 303)
    return show("office/case/identity.html", report=report, identity=report.identity, form=form, **bar(view))


@blueprint.post(f"{ONE}/look")
def case_identity_look(shelf: str, ref: str, report_id: str) -> ResponseReturnValue:
    """The contact itself, in the answer to the button alone: no address leads to it. Each time is recorded."""
    forms.check_button()
    found = identity_asking.look(by(), ref, report_id)
    view = reading.open_case(by(), ref, letters_shown=False)
    return show("office/case/contact.html", found=found, report=_report(view, report_id), **bar(view))


@blueprint.post(f"{ONE}/stop")
def case_identity_stop(shelf: str, ref: str, report_id: str) -> ResponseReturnValue:
    """Take the asking back, or end the look before its time."""
    forms.check_button()
    identity_asking.stop(by(), ref, report_id)
    return redirect(case_url(ref, done="identity_stopped"), 303)


def _report(view: CaseView, report_id: str) -> ReportView:
    """The report of this id, which bears a name."""
    report = next((report for report in view.reports if report.id == report_id), None)
    if report is None or report.identity is None:
        raise NotFound("report")
    return report
