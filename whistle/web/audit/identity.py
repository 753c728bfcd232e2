"""The register of looks at real-name contacts: who, by whose consent, until when, how often; never the name."""

from flask import render_template
from flask.typing import ResponseReturnValue

from whistle.services.casework import identity_register
from whistle.web import session
from whistle.web.audit import blueprint


@blueprint.get("/identity")
def identity() -> ResponseReturnValue:
    """The newest grants."""
    return render_template("audit/identity.html", rows=identity_register.register(session.by()))
