"""The auditor's page of registers: recusals, who was let in, who acted as head, and how much interference there was."""

from flask import render_template
from flask.typing import ResponseReturnValue

from whistle.rules.recusal import RECUSAL_STATES, WAYS
from whistle.rules.taxonomy import TABLES
from whistle.services import headship, interference, recusal_register
from whistle.web import session
from whistle.web.audit import blueprint


@blueprint.get("/recusals")
def recusals() -> ResponseReturnValue:
    """Who kept off which case, when and by whose decision; and counts by month."""
    by = session.by()
    return render_template(
        "audit/recusals.html",
        register=recusal_register.audit(by),
        acting_rows=headship.list_acting(by),
        interferences=interference.count_by_month(by),
        ways=WAYS,
        states=RECUSAL_STATES,
        grounds=TABLES["recusal_grounds"],
    )
