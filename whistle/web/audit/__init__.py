"""The pages of auditors. A module is a page family; it is imported at the end."""

from flask import Blueprint

blueprint = Blueprint("audit", __name__, url_prefix="/audit")

from whistle.web import session  # noqa: E402 - the pages below need the blueprint
from whistle.web.audit import identity, log, recusals  # noqa: E402,F401 - they hang their pages on the blueprint

session.guard(blueprint, frozenset())
