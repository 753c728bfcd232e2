"""The list of channels: filters in the address, pages of fifty, and one sheet of posters for all it shows."""

import re
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from whistle.documents.posters import qr_svg
from whistle.services import channel_lists as service
from whistle.services.channel_lists import Wanted
from whistle.services.channels import ChannelRow
from whistle.web.admin import blueprint
from whistle.web.admin.channels import address_of, desk_choices, unit_choices
from whistle.web.admin.wording import CHANNEL_STATES
from whistle.web.forms import Form, Line, Matches, OneOf, show
from whistle.web.session import by
from whistle.web.wiring import settings

#: The filters by their names in the address.
FILTERS = ("unit", "desk", "state", "q", "made")
#: The first and the last id of channels that were made at once.
MADE = re.compile(r"([0-9]{1,18})-([0-9]{1,18})")
#: Small posters of an A4 page: two beside each other, four below each other.
A_PAGE = 8
#: Hundreds of codes are drawn at once, so none is tried in all eight patterns.
QR_MASK = 2
#: The largest id a database has; a greater one in an address is none.
MOST = 2**63 - 1


class FilterForm(Form):
    """What the list shows."""

    class Meta:
        csrf = False

    unit = OneOf(_l("单位"))
    desk = OneOf(_l("受理台"))
    state = OneOf(_l("状态"), choices=[("", _l("全部")), *CHANNEL_STATES.items()])
    q = Line(_l("名称或地点"), at_most=60)
    made = Line(_l("一次开通的渠道"), at_most=40, validators=[Matches(MADE, "")])


@blueprint.get("/channels")
def channels() -> ResponseReturnValue:
    """All channels, the newest first, fifty a page."""
    form = _filters()
    kept = _kept(form)
    page = service.page(by(), _wanted(kept), older=_mark("older"), newer=_mark("newer"))
    return show(
        "admin/channels/list.html",
        page=page,
        form=form,
        filters=_chosen(form, kept),
        states=CHANNEL_STATES,
        sheet=url_for(".channel_sheet", **kept),
        sheet_rows=service.SHEET_ROWS,
        older=url_for(".channels", **kept, older=page.older) if page.older else None,
        newer=url_for(".channels", **kept, newer=page.newer) if page.newer else None,
    )


@dataclass(frozen=True, slots=True)
class SmallPoster:
    """One of the posters on a sheet, with the drawing of its code."""

    row: ChannelRow
    address: str
    code: Markup


@blueprint.get("/channels/sheet")
def channel_sheet() -> ResponseReturnValue:
    """Small posters of all channels that the filters leave, eight on an A4 page, to print and to cut."""
    form = _filters()
    kept = _kept(form)
    rows = service.for_sheet(by(), _wanted(kept))
    is_too_long = len(rows) > service.SHEET_ROWS
    return show(
        "admin/channels/sheet.html",
        posters=[] if is_too_long else [_poster(row) for row in rows],
        is_too_long=is_too_long,
        a_page=A_PAGE,
        sheet_rows=service.SHEET_ROWS,
        filters=[words for words, _url in _chosen(form, kept)],
        back_url=url_for(".channels", **kept),
        opens_here_alone=settings().opens_here_alone,
    )


def _poster(row: ChannelRow) -> SmallPoster:
    address = address_of(row)
    # The drawing is our own: rectangles of a QR code.
    return SmallPoster(row, address, Markup(qr_svg(address, mask=QR_MASK)))  # noqa: S704


def _filters() -> FilterForm:
    form = FilterForm(formdata=request.args)
    form.unit.choices = [("", _l("全部")), *unit_choices()]
    form.desk.choices = [("", _l("全部")), *desk_choices()]
    return form


def _kept(form: FilterForm) -> dict[str, Any]:
    """The filters that were chosen; one that is none is passed over."""
    found = {name: form[name].data for name in FILTERS if form[name].validate(form)}
    return {name: value for name, value in found.items() if value}


def _wanted(kept: dict[str, Any]) -> Wanted:
    made = MADE.fullmatch(kept.get("made", ""))
    return Wanted(
        unit=kept.get("unit", ""),
        desk=int(kept["desk"]) if "desk" in kept else None,
        state=kept.get("state", ""),
        words=kept.get("q", ""),
        ids=(int(made[1]), int(made[2])) if made else None,
    )


def _mark(name: str) -> int | None:
    """The id a page goes on from; one that is none is passed over."""
    found = request.args.get(name, type=int)
    return found if found is not None and 0 < found <= MOST else None


def _chosen(form: FilterForm, kept: dict[str, Any]) -> list[tuple[str, str]]:
    """Each chosen filter in words, with the address without it."""
    found = []
    for name, value in kept.items():
        words = _words_of(form[name], value)
        rest: dict[str, Any] = {other: kept[other] for other in kept if other != name}
        told = _("%(label)s：%(words)s", label=form[name].label.text, words=words)
        found.append((told, url_for(".channels", **rest)))
    return found


def _words_of(field: Any, value: str) -> str:
    if field.name == "made":
        first, last = value.split("-")
        return _("%(first)s–%(last)s号", first=first, last=last)
    if not isinstance(field, OneOf):
        return value
    return next(str(words) for choice, words, *_rest in field.iter_choices() if choice == value)
