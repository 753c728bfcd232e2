"""The front page: what this is, how to report, every public channel, and the way to a report made before."""

from flask import request
from flask.typing import ResponseReturnValue

from whistle.rules.clocks import clock_row
from whistle.services import scanned
from whistle.web.forms import show
from whistle.web.pages import about
from whistle.web.public import blueprint


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """For anybody; before set-up it says only that nothing is here yet."""
    if about() is None:
        return show("public/front/not_yet.html")
    days = clock_row("accept").lengths[0].count
    return show("public/front/home.html", channels=scanned.public_channels(_page_number()), days=days)


def _page_number() -> int:
    """The page of the list that was asked for; the first for anything that is no page."""
    wanted = request.args.get("page", "")
    return max(1, int(wanted)) if wanted.isascii() and wanted.isdigit() and len(wanted) < 5 else 1
