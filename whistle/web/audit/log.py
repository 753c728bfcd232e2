"""The auditor's page of the log: its length, its last signature, and a check of everything on demand."""

from flask import render_template
from flask.typing import ResponseReturnValue

from whistle.services import auditing
from whistle.web import forms, session
from whistle.web.audit import blueprint


@blueprint.route("/", endpoint="log")
def log() -> ResponseReturnValue:
    """How the log stands, and the button that checks it."""
    return render_template("audit/log.html", log=auditing.overview(session.by()), result=None)


@blueprint.route("/log/verify", methods=["POST"])
def log_verify() -> ResponseReturnValue:
    """Check everything now and show what does not match."""
    forms.check_button()
    by = session.by()
    result = auditing.verify(by)
    return render_template("audit/log.html", log=auditing.overview(by), result=result)
