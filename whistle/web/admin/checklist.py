"""The administrator's first page: the six steps of the set-up, whom the next waits for, what is missing."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from whistle.rules.permits import ROLES
from whistle.rules.terms import Term
from whistle.services import checklist as service
from whistle.services import confirmations, doctor
from whistle.web import changes, forms
from whistle.web.admin import blueprint
from whistle.web.admin.people import names
from whistle.web.admin.wording import FINDINGS
from whistle.web.checklist import steps
from whistle.web.filters import either, term
from whistle.web.forms import show
from whistle.web.numbers import NUMBER
from whistle.web.session import by
from whistle.web.wiring import settings


@blueprint.get("/")
def checklist() -> ResponseReturnValue:
    """What is done, what is next, whom it waits for."""
    rows = steps(by())
    takes_reports = rows[-1].state == "done"
    findings = [(f.is_fault, _sentence(f)) for f in doctor.examine(by())] if takes_reports else []
    return show(
        "admin/checklist/steps.html",
        steps=rows,
        takes_reports=takes_reports,
        is_done=all(step.state == "done" for step in rows),
        opens_here_alone=settings().opens_here_alone,
        findings=findings,
        changes=[(change, changes.sentence(change)) for change in confirmations.waiting(by())],
        codes=service.trusted_codes(by()),
    )


@blueprint.post(f"/changes/<{NUMBER}:confirmation_id>/withdraw")
def change_withdraw(confirmation_id: int) -> ResponseReturnValue:
    """Take back what was asked for."""
    forms.check_button()
    confirmations.withdraw(by(), confirmation_id)
    return redirect(url_for(".checklist", done="wish_withdrawn"), 303)


def _sentence(finding: doctor.Finding) -> str:
    data = {name: _said(value) for name, value in finding.data.items()}
    if "role" in data:
        data["role"] = term(ROLES[str(data["role"])])
    return str(FINDINGS[finding.name]) % data


def _said(value: object) -> object:
    """A list of names in a row, a term in the page's language."""
    if isinstance(value, tuple):
        return names(value)
    return either(value) if isinstance(value, Term) else value
