"""The auditor's page of the log: its length, its last signature to keep, and a check of everything on demand."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from whistle.services import auditing
from whistle.web import forms, session
from whistle.web.audit import blueprint
from whistle.web.audit.wording import FINDINGS, REASONS


@blueprint.route("/", endpoint="log")
def log() -> ResponseReturnValue:
    """How the log stands, and the button that checks it."""
    return render_template("audit/log.html", log=auditing.overview(session.by()), checked=None)


@blueprint.route("/log/verify", methods=["GET", "POST"])
def log_verify() -> ResponseReturnValue:
    """Check everything now and show what does not match; who comes by a link is led back to the button."""
    by = session.by()
    if request.method != "POST":
        auditing.ask(by)
        return redirect(url_for("audit.log"), 303)
    forms.check_button()
    checked = auditing.verify(by)
    reasons = dict.fromkeys(name.split()[0] for name in checked.result.unchecked)
    return render_template(
        "audit/log.html",
        log=auditing.overview(by),
        checked=checked,
        findings=FINDINGS,
        reasons=[REASONS[name] for name in reasons],
    )
