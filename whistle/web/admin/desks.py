"""Desks: who sits where, whose line they stand in. Keys are made by a deputy or the head, never here."""

from typing import Any, ClassVar

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from whistle.services import accounts, checklist
from whistle.services import desks as service
from whistle.services.errors import NotFound
from whistle.web import changes
from whistle.web.admin import blueprint
from whistle.web.admin.ground import AdminForm, EditForm
from whistle.web.admin.wording import DESK_HINTS, DESK_KINDS
from whistle.web.forms import Choice, Form, Line, OneOf, show
from whistle.web.naming import EnglishName
from whistle.web.numbers import NUMBER
from whistle.web.session import by


class DeskForm(EditForm):
    """A desk's names, and for a new one what it is for and whose line it is."""

    kind = Choice(
        _l("类别"),
        choices=[(kind, DESK_KINDS[kind]) for kind in service.MADE_LATER],
        hints=dict(DESK_HINTS),
        default="intake",
        required=_l("请选择类别"),
    )
    name_zh = Line(_l("名称"), required=_l("请填写受理台名称"), at_most=60)
    name_en = EnglishName(_l("英文名称"), at_most=60)
    deputy = OneOf(_l("分管领导"))
    words: ClassVar[dict[str, Any]] = {
        "kind.archive_exists": _l("已经有档案台了，一个机关只有一个。要加人，打开“人员”里的一个人安排")
    }


class DeputyForm(AdminForm):
    """Another deputy for a desk."""

    deputy = OneOf(_l("新的分管领导"), required=_l("请选择分管领导"))
    words: ClassVar[dict[str, Any]] = {"deputy.not_a_deputy": _l("请选一位在岗的分管领导")}


class HolderForm(AdminForm):
    """One more holder of identity halves."""

    person = OneOf(
        _l("保管人"), required=_l("请选择保管人"), hint=_l("选不在案件分管线上的人，例如审理员"), choices=[]
    )
    words: ClassVar[dict[str, Any]] = {
        "person.cannot_hold": _l("这个人现在不能保管，请另选一位在岗的办案人员")
    }


@blueprint.get("/desks")
def desks() -> ResponseReturnValue:
    """All desks, and who keeps the names of real-name reporters."""
    return show(
        "admin/desks/list.html",
        rows=service.list_desks(by()),
        kinds=DESK_KINDS,
        holders=service.list_holders(by()),
        has_sheet=checklist.has_sheet(by()),
    )


@blueprint.route("/desks/new", methods=["GET", "POST"])
def desk_new() -> ResponseReturnValue:
    """A new desk."""
    form = DeskForm()
    del form.seen
    form.deputy.choices = [("", _l("以后再定")), *_deputies()]
    if form.validate_on_submit():
        with form.catching():
            deputy_id = int(form.deputy.data) if form.deputy.data else None
            names = form.name_zh.data, form.name_en.data or ""
            row = service.make(by(), *names, kind=form.kind.data, deputy_id=deputy_id)
            return redirect(url_for(".desk", desk_id=row.id, done="desk_made"), 303)
    return show("admin/desks/new.html", form=form)


@blueprint.get(f"/desks/<{NUMBER}:desk_id>")
def desk(desk_id: int) -> ResponseReturnValue:
    """One desk: its people, its line, its key's state."""
    row = service.get(by(), desk_id)
    return show("admin/desks/desk.html", desk=row, kinds=DESK_KINDS, changes=changes.about("desk", desk_id))


@blueprint.route(f"/desks/<{NUMBER}:desk_id>/name", methods=["GET", "POST"])
def desk_rename(desk_id: int) -> ResponseReturnValue:
    """Another name."""
    row = service.get(by(), desk_id)
    form = DeskForm(data={"name_zh": row.name_zh, "name_en": row.name_en})
    del form.deputy, form.kind
    if form.validate_on_submit():
        with form.catching():
            service.rename(by(), desk_id, form.name_zh.data, form.name_en.data or "")
            return redirect(url_for(".desk", desk_id=desk_id, done="desk_renamed"), 303)
    return show("admin/desks/name.html", desk=row, form=form)


@blueprint.route(f"/desks/<{NUMBER}:desk_id>/deputy", methods=["GET", "POST"])
def desk_deputy(desk_id: int) -> ResponseReturnValue:
    """Another line; it waits for the head, or for the deputy who would lose the desk."""
    row, form = service.get(by(), desk_id), DeputyForm()
    if row.kind == "oversight":
        raise NotFound("desk")
    form.deputy.choices = [("", _l("请选择")), *(c for c in _deputies() if c[0] != str(row.deputy_id))]
    if form.validate_on_submit():
        with form.catching():
            service.change_deputy(by(), desk_id, int(form.deputy.data))
            return redirect(url_for(".desk", desk_id=desk_id, done="waits"), 303)
    return show("admin/desks/deputy.html", desk=row, form=form)


@blueprint.route(f"/desks/<{NUMBER}:desk_id>/seats/<{NUMBER}:person_id>/end", methods=["GET", "POST"])
def desk_seat_end(desk_id: int, person_id: int) -> ResponseReturnValue:
    """Take a seat, after a page that says what ends with it."""
    row, form = service.get(by(), desk_id), Form()
    seat = next((seat for seat in row.seats if seat.person_id == person_id), None)
    if seat is None:
        raise NotFound("seat")
    if form.validate_on_submit():
        service.end_seat(by(), desk_id, person_id)
        return redirect(url_for(".desk", desk_id=desk_id, done="seat_ended"), 303)
    return show("admin/desks/seat_end.html", desk=row, seat=seat, form=form)


@blueprint.route("/desks/holders/new", methods=["GET", "POST"])
def desk_holder() -> ResponseReturnValue:
    """One more holder of identity halves; it waits for the head."""
    form = HolderForm()
    fitting = [(str(person_id), name) for person_id, name in service.list_fit_holders(by())]
    form.person.choices = [("", _l("请选择")), *fitting]
    if form.validate_on_submit():
        with form.catching():
            service.name_holder(by(), int(form.person.data))
            return redirect(url_for(".desks", done="waits"), 303)
    return show("admin/desks/holder.html", form=form)


def _deputies() -> list[tuple[str, str]]:
    people = accounts.list_people(by())
    return [(str(p.id), p.name) for p in people if p.role == "deputy" and p.state != "deactivated"]
