"""The front page: what this is, how to report, every public channel, and the way to a report made before."""

from flask.typing import ResponseReturnValue

from whistle.rules.clocks import clock_row
from whistle.services import channels
from whistle.web.forms import show
from whistle.web.pages import about
from whistle.web.public import blueprint


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """For anybody; before set-up it says only that nothing is here yet."""
    if about() is None:
        return show("public/front/not_yet.html")
    days = clock_row("accept").lengths[0].count
    return show("public/front/home.html", channels=channels.public_channels(), days=days)
