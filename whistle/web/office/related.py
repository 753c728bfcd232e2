"""Cases that may belong to a case: a page of its own, and a part of the page on which a case is classified."""

from flask import redirect, request
from flask.typing import ResponseReturnValue

from whistle.services.casework import reading
from whistle.services.casework import related as service
from whistle.web import forms
from whistle.web.office import blueprint
from whistle.web.office.case_bar import SHELF, bar
from whistle.web.office.desk import case_url
from whistle.web.session import by


@blueprint.get(f"/{SHELF}/related")
def case_related(shelf: str, ref: str) -> ResponseReturnValue:
    """What may belong to the case, what somebody said does, and what was said does not."""
    view = reading.open_case(by(), ref, letters_shown=False)
    return forms.show("office/case/related.html", related=service.beside(by(), view.ref), **bar(view))


@blueprint.post(f"/{SHELF}/related")
def case_related_answer(shelf: str, ref: str) -> ResponseReturnValue:
    """What somebody says of this case and another."""
    forms.check_button()
    other, about = forms.clean(request.form.get("other", ""))[0], request.form.get("about", "")
    service.answer(by(), ref, other, about, request.form.get("is_so") == "y")
    return redirect(case_url(ref, "case_related", done="related"), 303)
