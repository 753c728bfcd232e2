"""The pages of administrators: check list, people, units, desks, channels, settings, and what was done there. None of
them shows content.
"""

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

blueprint = Blueprint("admin", __name__, url_prefix="/admin")

from whistle.services.errors import NotAllowed  # noqa: E402 - the pages below need the blueprint
from whistle.web import errors, session  # noqa: E402
from whistle.web.admin import (  # noqa: E402,F401 - they hang their pages on the blueprint
    calendar,
    channel_import,
    channel_lists,
    channels,
    checklist,
    desks,
    people,
    record,
    settings,
    storage,
    units,
)
from whistle.web.admin.wording import DONE  # noqa: E402

session.guard(blueprint, ())


#: Pages that others may open too, as far as the service lets them.
SHARED = frozenset({"admin.record"})


@blueprint.before_request
def only_administrators() -> ResponseReturnValue | None:
    """Everybody else is told so before a form is read; the services ask again."""
    return (
        None
        if session.by().role == "admin" or request.endpoint in SHARED
        else errors.answer(errors.NOT_ALLOWED)
    )


@blueprint.errorhandler(NotAllowed)
def not_allowed(_fault: NotAllowed) -> ResponseReturnValue:
    """An administrator asked for what another role does, or for something about the own account."""
    return errors.answer(errors.NOT_ALLOWED)


@blueprint.context_processor
def what_was_done() -> dict[str, Any]:
    """The banner of the page after an act, from a word in its address."""
    return {"done": DONE.get(request.args.get("done", ""))}
