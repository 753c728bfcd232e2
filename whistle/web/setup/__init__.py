"""The first start: try it, or set up an office. The one-time link in the address is all that lets somebody in here."""

from flask import Blueprint

blueprint = Blueprint("setup", __name__, url_prefix="/setup")

from whistle.web.setup import first_start  # noqa: E402,F401 - it hangs its pages on the blueprint
