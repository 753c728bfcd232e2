"""The board 挂图作战: open cases by unit and stage, to look at, to print and to go on from; nothing changes on it."""

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from whistle import clock
from whistle.rules import taxonomy
from whistle.services.casework import board as service
from whistle.services.casework import desk as desk_service
from whistle.services.casework.desk_filters import NO_UNIT, NOBODY, DeskFilters
from whistle.web.forms import Form, OneOf, Tick, show
from whistle.web.office import blueprint
from whistle.web.office.desk import all_of, case_url, chosen_filters, clock_words, unit_choices
from whistle.web.session import by

#: What a query of the board may say.
NARROWING = ("unit", "unit_alone", "officer", "kind")


class BoardFilter(Form):
    """What narrows the board down. It is sent by GET, so it needs no token."""

    class Meta:
        csrf = False

    unit = OneOf(_l("单位"), choices=[("", _l("全部"))])
    unit_alone = Tick(_l("单位不含下级"))
    officer = OneOf(_l("承办人"), choices=[("", _l("全部"))])
    kind = OneOf(_l("事项类型"), choices=all_of(taxonomy.TABLES["kinds"]))


@blueprint.get("/board")
def board() -> ResponseReturnValue:
    """All open cases this person may know of; units with the most overdue ones first."""
    form = _filter_form()
    values = {name: form[name].data for name in NARROWING if form[name].data}
    found = service.show(by(), DeskFilters(view="all", **values), _page())
    return show(
        "office/board/board.html",
        form=form,
        board=found,
        chosen=chosen_filters(form, address),
        address=address,
        list_url=list_url,
        case_url=case_url,
        clock_words=clock_words,
        today=clock.today(),
    )


def _page() -> int:
    asked = request.args.get("page", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


def _filter_form() -> BoardFilter:
    form = BoardFilter(formdata=request.args)
    form.unit.choices = [("", _("全部")), (NO_UNIT, _("未登记")), *unit_choices()]
    people = [(str(number), name) for number, name, _role in desk_service.officers_to_choose(by())]
    form.officer.choices = [("", _("全部")), (NOBODY, _("未指派")), *people]
    form.validate()
    return form


def address(**changes: Any) -> str:
    """This board's address with some of its query changed; None takes a part out."""
    return url_for(".board", **_kept(changes))


def list_url(state: str, unit: str | None = "") -> str:
    """The desk's list of what a cell counts, or of what a column does; `unit` None: those without one."""
    of_unit = {"unit": NO_UNIT, "unit_alone": None} if unit is None else {"unit": unit, "unit_alone": "y"}
    narrowing = {} if unit == "" else of_unit
    return url_for(".desk", view="all", state=state, sort="due", **_kept(narrowing))


def _kept(changes: dict[str, Any]) -> dict[str, Any]:
    kept = {name: request.args[name] for name in NARROWING if name in request.args}
    return {name: value for name, value in {**kept, **changes}.items() if value}
