"""How much room the sealed files of reporters take, and what happens when it runs out."""

from flask.typing import ResponseReturnValue

from whistle.services import storage as service
from whistle.web.admin import blueprint
from whistle.web.forms import show
from whistle.web.session import by


@blueprint.get("/storage")
def storage() -> ResponseReturnValue:
    """Used, left, and what is taken at which point."""
    return show(
        "admin/storage/storage.html",
        room=service.state(by()),
        for_reports=service.FOR_REPORTS,
        for_the_office=service.FOR_THE_OFFICE,
    )
