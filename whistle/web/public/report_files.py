"""The page of the report form where files are added, renamed and deleted, before anything is sent."""

from flask import request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from whistle.rules import reporting
from whistle.services import drafts, limits, visit_files
from whistle.services.errors import NotFound
from whistle.web import files, uploads
from whistle.web.clients import client
from whistle.web.forms import Form, show
from whistle.web.public import blueprint
from whistle.web.public.way import Way, address, aside, find_way, flags, go_on, onward


class FilesForm(Form):
    files = files.Several()


@blueprint.get("/r/<token>/files")
def report_files(token: str) -> ResponseReturnValue:
    """The files so far, and a box for more."""
    way = find_way(token)
    if way.draft is None:
        return _gone(token)
    form = FilesForm()
    if "again" in request.args:
        form.files.errors = uploads.in_words(way.draft.refused)
    return _page(way, form)


@blueprint.post("/r/<token>/files")
@uploads.takes_files("draft")
def report_files_sent(token: str) -> ResponseReturnValue:
    """Take what was chosen, do what the button says, and go where it leads."""
    way, form = find_way(token), FilesForm()
    if way.secret is None or way.draft is None:
        return _gone(token)
    if not form.validate_on_submit():
        return _page(way, form)
    try:
        return _do(way, way.secret)
    except NotFound:  # ended a moment ago, in another window
        return _gone(token)


def _do(way: Way, secret: str) -> Response:
    go = request.form.get("go", "")
    coming = uploads.coming()
    if coming is None:  # a button alone; files count by their size (`uploads.take_in`)
        limits.take("answer", client(), way.token)
    refused = [] if coming is None else coming.keep()
    drafts.note_refused(secret, refused)
    if files.change(secret, "draft", go) or (refused and not go):
        told = (
            {"again": 1} if refused else {"came": 1}
        )  # another address than the form's: scripts see a way on
        return go_on(way.token, secret, address(way.token, reporting.FILES, **flags(), **told))
    if go in ("back", "language"):
        return go_on(way.token, secret, aside(way, reporting.FILES, way.answers))
    return go_on(way.token, secret, onward(way, reporting.FILES, way.answers))


def _page(way: Way, form: FilesForm) -> ResponseReturnValue:
    return show(
        "public/report/files.html",
        form=form,
        channel=way.channel,
        action=url_for(".report_files_sent", token=way.token, **flags()),  # type: ignore[arg-type]
        files=visit_files.listed(way.secret or ""),
    )


def _gone(token: str) -> ResponseReturnValue:
    return show("public/report/gone.html", token=token, form=Form(), status=410)
