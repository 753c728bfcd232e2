"""The pages of officers: desk, cases, approvals, accounts, keys. A module is a page family, imported at the end."""

from flask import Blueprint, abort, request

blueprint = Blueprint("office", __name__, url_prefix="/office")

#: Pages for people who are not signed in: they prove who they are here, or hold a one-time link.
OPEN_PAGES = frozenset(
    {
        "sign_in",
        "second_factor",
        "sign_out",
        "switch",
        "invitation",
        "invitation_weigh",
        "recover",
        "activate",
    }
)

from whistle.web import session  # noqa: E402 - the pages below need the blueprint
from whistle.web.office import (  # noqa: E402,F401 - they hang their pages on the blueprint
    account,
    activation,
    admissions,
    approvals,
    board,
    case,
    case_do,
    case_files,
    case_identity,
    case_things,
    desk,
    hand_over,
    identity,
    keys,
    papers,
    recusals,
    register,
    related,
    search,
    setup,
    sign_in,
)
from whistle.web.office.wording import DONE  # noqa: E402

session.guard(blueprint, OPEN_PAGES)


@blueprint.url_value_preprocessor
def refuse_control_characters(_endpoint: str | None, values: dict | None) -> None:
    """No reference in an address holds a character that cannot be printed; a database may stumble over one."""
    if any(isinstance(value, str) and not value.isprintable() for value in (values or {}).values()):
        abort(404)


@blueprint.context_processor
def what_was_done() -> dict:
    """The banner of the page after an act, from a word in its address."""
    return {"done": DONE.get(request.args.get("done", ""))}
