"""One channel: make, copy, change, suspend, resume, rotate, move; its QR code and poster to download."""

from typing import Any, ClassVar

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from whistle.documents.posters import qr_svg
from whistle.services import channel_lists, office, units
from whistle.services import channels as service
from whistle.services.channels import ChannelRow
from whistle.web import changes, forms
from whistle.web.admin import blueprint
from whistle.web.admin.ground import AdminForm, EditForm
from whistle.web.admin.wording import CHANNEL_STATES
from whistle.web.filters import either
from whistle.web.forms import Day, Form, Hidden, Line, Lines, OneOf, Several, Tick, show
from whistle.web.numbers import NUMBER
from whistle.web.pages import about
from whistle.web.session import by
from whistle.web.wiring import settings

NAME_LONGEST = 60
LANGUAGES = (("zh_CN", _l("中文")), ("en", _l("英文")))


class ChannelForm(EditForm):
    """Everything about a channel but its token and, once made, its desk."""

    name = Line(_l("名称"), required=_l("请填写渠道名称"), hint=_l("例如企业开办窗口"), at_most=NAME_LONGEST)
    unit = OneOf(_l("所在单位"), required=_l("请选择单位"))
    place = Line(_l("张贴地点"), hint=_l("印在海报上，例如政务服务大厅一楼3号窗口"), at_most=60)
    desk = OneOf(_l("收到的举报送到"), required=_l("请选择受理台"))
    languages = Several(_l("举报表的语言"), required=_l("请至少选一种语言"), choices=LANGUAGES)
    welcome_zh = Lines(_l("欢迎语"), hint=_l("显示在举报表第一页"), at_most=service.WELCOME_LONGEST, rows=3)
    welcome_en = Lines(_l("英文欢迎语"), at_most=service.WELCOME_LONGEST, rows=3)
    valid_from = Day(_l("从哪天起收举报"), meant="near", hint=_l("不填就是马上"))
    valid_to = Day(_l("收到哪天为止"), meant="ahead", hint=_l("不填就是一直有效"))
    is_public = Tick(_l("列在首页的公开渠道里"))
    words: ClassVar[dict[str, Any]] = {
        "valid_to.before_start": _l("截止日期不能早于开始日期"),
        "unit.unknown": _l("没有这个单位，请从列出的里面选"),
    }


class RotateForm(Form):
    """The code that is to be replaced: one that was replaced meanwhile is not replaced once more."""

    seen = Hidden()


class MoveForm(AdminForm):
    """Another desk."""

    desk = OneOf(_l("移到受理台"), required=_l("请选择受理台"))


@blueprint.route("/channels/new", methods=["GET", "POST"])
def channel_new() -> ResponseReturnValue:
    """A new channel, empty or with the words of another; its page then shows the QR code."""
    form = ChannelForm(data=_beginning(request.args.get("like", type=int)))
    del form.seen
    form.unit.choices, form.desk.choices = [("", _l("请选择")), *unit_choices()], desk_choices()
    if form.validate_on_submit():
        with form.catching():
            row = service.make(by(), form.name.data, form.unit.data, int(form.desk.data), **_rest(form))
            return redirect(url_for(".channel", channel_id=row.id, done="channel_made"), 303)
    return show("admin/channels/edit.html", form=form, row=None)


def _beginning(like: int | None) -> dict[str, Any]:
    """What the form of a new channel begins with. Days that have passed are no days of the copy."""
    if like is None:
        return {"languages": list(usual_languages()), "is_public": True}
    row, mark = service.get(by(), like), _("（副本）")
    data = _as_data(row) | {"name": row.name[: NAME_LONGEST - len(mark)] + mark, "desk": str(row.desk_id)}
    return data | ({"valid_from": None, "valid_to": None} if row.why_not == "expired" else {})


def usual_languages() -> tuple[str, ...]:
    """The languages of a channel of which nothing else is said."""
    known = about()
    return office.LANGUAGES if known is None else known.languages


@blueprint.get(f"/channels/<{NUMBER}:channel_id>")
def channel(channel_id: int) -> ResponseReturnValue:
    """One channel: its address, its QR code, and what can be done."""
    row = service.get(by(), channel_id)
    # The drawing is our own: rectangles of a QR code.
    picture = Markup(qr_svg(address_of(row)))  # noqa: S704
    return show(
        "admin/channels/channel.html",
        row=row,
        changes=changes.about("channel", channel_id),
        picture=picture,
        address=address_of(row),
        states=CHANNEL_STATES,
        can_move=len(desk_choices()) > 1,
        opens_here_alone=settings().opens_here_alone,
    )


@blueprint.route(f"/channels/<{NUMBER}:channel_id>/edit", methods=["GET", "POST"])
def channel_edit(channel_id: int) -> ResponseReturnValue:
    """Change it; the printed address stays."""
    row = service.get(by(), channel_id)
    form = ChannelForm(data=_as_data(row))
    del form.desk
    form.unit.choices = unit_choices()
    if form.validate_on_submit():
        with form.catching():
            named = {"name": form.name.data, "unit_code": form.unit.data}
            service.change(by(), channel_id, **named, **_rest(form), was=row)
            return redirect(url_for(".channel", channel_id=channel_id, done="channel_changed"), 303)
    return show("admin/channels/edit.html", form=form, row=row)


@blueprint.post(f"/channels/<{NUMBER}:channel_id>/suspend")
def channel_suspend(channel_id: int) -> ResponseReturnValue:
    """Take no reports here until resumed."""
    forms.check_button()
    service.suspend(by(), channel_id)
    return redirect(url_for(".channel", channel_id=channel_id, done="suspended"), 303)


@blueprint.post(f"/channels/<{NUMBER}:channel_id>/resume")
def channel_resume(channel_id: int) -> ResponseReturnValue:
    """Take reports here again."""
    forms.check_button()
    service.resume(by(), channel_id)
    return redirect(url_for(".channel", channel_id=channel_id, done="resumed"), 303)


@blueprint.route(f"/channels/<{NUMBER}:channel_id>/rotate", methods=["GET", "POST"])
def channel_rotate(channel_id: int) -> ResponseReturnValue:
    """Another token, after a page that says that printed posters stop working."""
    row = service.get(by(), channel_id)
    form = RotateForm(data={"seen": row.token})
    if form.validate_on_submit():
        service.rotate(by(), channel_id, form.seen.data)
        return redirect(url_for(".channel", channel_id=channel_id, done="rotated"), 303)
    return show("admin/channels/rotate.html", row=row, form=form)


@blueprint.route(f"/channels/<{NUMBER}:channel_id>/move", methods=["GET", "POST"])
def channel_move(channel_id: int) -> ResponseReturnValue:
    """Ask for another desk; it waits for the head, or for the deputy who would lose it."""
    row, form = service.get(by(), channel_id), MoveForm()
    form.desk.choices = [
        ("", _l("请选择")),
        *(choice for choice in desk_choices() if choice[0] != str(row.desk_id)),
    ]
    if form.validate_on_submit():
        with form.catching():
            service.move(by(), channel_id, int(form.desk.data))
            return redirect(url_for(".channel", channel_id=channel_id, done="waits"), 303)
    return show("admin/channels/move.html", row=row, form=form)


# QR code and poster


@blueprint.get(f"/channels/<{NUMBER}:channel_id>/poster")
def channel_poster(channel_id: int) -> ResponseReturnValue:
    """The poster as it will be printed; the browser's print command prints it alone."""
    here_alone = settings().opens_here_alone
    return show("admin/channels/poster.html", row=service.get(by(), channel_id), opens_here_alone=here_alone)


@blueprint.get(f"/channels/<{NUMBER}:channel_id>/poster.svg")
def channel_poster_svg(channel_id: int) -> Response:
    """The poster, one A4 page."""
    content = service.poster_svg(by(), channel_id, settings().public_url)
    return _file(content, "image/svg+xml", f"poster-{channel_id}.svg")


@blueprint.get(f"/channels/<{NUMBER}:channel_id>/qr.svg")
def channel_qr_svg(channel_id: int) -> Response:
    """The QR code alone, for an office's own layout."""
    row = service.get(by(), channel_id)
    return _file(qr_svg(address_of(row)), "image/svg+xml", f"qr-{channel_id}.svg")


@blueprint.get(f"/channels/<{NUMBER}:channel_id>/qr.png")
def channel_qr_png(channel_id: int) -> Response:
    """The QR code alone, large enough to print."""
    content = service.poster_png(by(), channel_id, settings().public_url)
    return _file(content, "image/png", f"qr-{channel_id}.png")


def _file(content: str | bytes, mimetype: str, name: str) -> Response:
    """A picture: shown by its page, or kept as a file when the address asks for that."""
    response = Response(content, mimetype=mimetype)
    kind = "attachment" if "download" in request.args else "inline"
    response.headers["Content-Disposition"] = f'{kind}; filename="{name}"'
    return response


def address_of(row: ChannelRow) -> str:
    """What a channel's QR code carries."""
    return service.address(row.token, settings().public_url)


def _as_data(row: ChannelRow) -> dict[str, Any]:
    same = ("name", "place", "welcome_zh", "welcome_en", "valid_from", "valid_to", "is_public")
    words = {name: getattr(row, name) for name in same}
    return words | {"unit": row.unit_code, "languages": list(row.languages)}


def _rest(form: ChannelForm) -> dict[str, Any]:
    return {
        "place": form.place.data or "",
        "languages": tuple(form.languages.data),
        "welcome_zh": form.welcome_zh.data or "",
        "welcome_en": form.welcome_en.data or "",
        "valid_from": form.valid_from.data,
        "valid_to": form.valid_to.data,
        "is_public": form.is_public.data,
    }


def unit_choices() -> list[tuple[str, str]]:
    """The units by code, with their names."""
    return [(row.code, either(row, "name")) for row in units.list_units(by())]


def desk_choices() -> list[tuple[str, str]]:
    """The desks that reports come to, by id, with their names."""
    return [(str(row.id), either(row, "name")) for row in channel_lists.desks(by())]
