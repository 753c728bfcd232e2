"""What reporters wrote to those who decide about recusal, whether or not the case itself is open to them."""

from flask.typing import ResponseReturnValue

from whistle.services import recusal
from whistle.web.forms import show
from whistle.web.office import blueprint
from whistle.web.office.desk import case_url
from whistle.web.session import by


@blueprint.get("/recusals")
def recusals() -> ResponseReturnValue:
    """The wishes addressed to this person, newest first."""
    return show("office/approvals/recusals.html", wishes=recusal.waiting(by()), case_url=case_url)
