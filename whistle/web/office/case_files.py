"""The page of one file of a report: what it is, a look at it in a frame, and the way to keep it."""

from flask import redirect
from flask.typing import ResponseReturnValue

from whistle.services.casework import file_views, reading
from whistle.services.errors import NotFound
from whistle.web.forms import show
from whistle.web.office import blueprint
from whistle.web.office.case_bar import SHELF, bar, url_of
from whistle.web.session import by


@blueprint.get(f"/{SHELF}/files/<file_id>")
def case_file(shelf: str, ref: str, file_id: str) -> ResponseReturnValue:
    """One file. Its frame gets a token of its own, which is all that the file and what is in it ever get."""
    view = reading.open_case(by(), ref, letters_shown=False)
    if view.ref != ref:  # it got its number since
        return redirect(url_of(view, "case_file", file_id=file_id), 303)
    files = [file for report in view.reports for file in report.files]
    place = next((place for place, file in enumerate(files) if file.id == file_id), None)
    if place is None:
        raise NotFound("file")
    file = files[place]
    return show(
        "office/case/file.html",
        file=file,
        token=file_views.look(by(), ref, file_id).token if file.is_there else None,
        number=place + 1,
        count=len(files),
        before=files[place - 1] if place else None,
        after=files[place + 1] if place + 1 < len(files) else None,
        **bar(view),
    )
