"""打听过问: anybody records who asked; head and oversight read what does not name them."""

import re
from typing import Any, ClassVar

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from whistle import clock
from whistle.rules.permits import permits
from whistle.services import interference as service
from whistle.services.casework import interferences
from whistle.web.forms import Day, Form, Hidden, Line, Lines, OneOf, show
from whistle.web.office import blueprint
from whistle.web.office.desk import is_number
from whistle.web.pages import role_name
from whistle.web.session import by

#: The number of a record, as its page shows it once.
RECORD_NUMBER = re.compile("[0-9A-F]{8}")


class InterferenceForm(Form):
    """Who asked about what, when and how."""

    words: ClassVar[dict[str, Any]] = {
        "who.empty": _l("请选本机关的人，或者写明是谁；不知道姓名可以写单位和职务")
    }

    person = OneOf(
        _l("谁打听、过问或者说情：本机关的人"),
        choices=(),
        hint=_l("选了谁，谁就看不到这份登记；经过里写到全名的本机关的人也看不到"),
    )
    who = Line(_l("或者是别的人"), hint=_l("写单位、职务和姓名"), at_most=interferences.WHO_LIMIT)
    case = Hidden()
    asked_on = Day(_l("哪一天"), required=_l("请填写日期"), hint=_l("例如2026年11月23日"))
    about = Line(_l("哪件案或者什么事"), hint=_l("知道编号的写编号"), at_most=interferences.WHO_LIMIT)
    how = Lines(
        _l("怎样打听、过问的"),
        required=_l("请写明经过"),
        hint=_l("当面、电话还是托人转告，说了什么，你怎样回答"),
        at_most=interferences.HOW_LIMIT,
        rows=5,
    )


@blueprint.get("/interference")
def interference() -> ResponseReturnValue:
    """The register for who may read it; for all others the way to record."""
    if not permits("interference.list", by().role, {"any"}):
        return redirect(url_for(".interference_new"), 303)
    mark = request.args.get("older", "")
    page = service.page(by(), mark)
    return show(
        "office/interference/list.html",
        records=page.rows,
        newer=url_for(".interference") if mark else None,
        older=url_for(".interference", older=page.older) if page.older else None,
    )


@blueprint.route("/interference/new", methods=["GET", "POST"])
def interference_new() -> ResponseReturnValue:
    """Record that somebody asked."""
    form = InterferenceForm(data={"asked_on": clock.today(), "case": request.args.get("case", "")})
    form.person.choices = [
        ("", _("不是本机关的人")),
        *(
            (str(i), _("%(name)s（%(role)s）", name=name, role=role_name(role)))
            for i, name, role in service.people(by())
        ),
    ]
    if form.validate_on_submit():
        with form.catching():
            number = interferences.record(
                by(),
                person_id=int(form.person.data) if form.person.data else None,
                who=form.who.data or "",
                asked_on=form.asked_on.data or clock.today(),
                how=form.how.data,
                about=form.case.data or form.about.data or "",
            )
            return redirect(url_for(".interference_new", number=number), 303)
    number = request.args.get("number", "")
    return show(
        "office/interference/new.html",
        form=form,
        is_number=is_number,
        number=number if RECORD_NUMBER.fullmatch(number) else None,
        reads=permits("interference.list", by().role, {"any"}),
    )
