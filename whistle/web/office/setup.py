"""The check list of a new office: what is done, what is next, and whom it waits for."""

from flask.typing import ResponseReturnValue

from whistle.services import checklist
from whistle.web.checklist import steps
from whistle.web.forms import show
from whistle.web.office import blueprint
from whistle.web.session import by


@blueprint.get("/setup")
def setup() -> ResponseReturnValue:
    """The six steps."""
    rows = steps(by())
    is_done = all(step.state == "done" for step in rows)
    return show("office/setup/tasks.html", steps=rows, is_done=is_done, codes=checklist.trusted_codes(by()))
