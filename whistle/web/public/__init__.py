"""The pages of reporters and of anybody. A module is a page family; it is imported at the end."""

from flask import Blueprint

blueprint = Blueprint("public", __name__)

from whistle.web.public import front, leave, report, report_files, track  # noqa: E402,F401 - they hang their pages on the blueprint
