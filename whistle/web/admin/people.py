"""People: invite, invite again, another role, a known browser, and the end of an account at once.

The server keeps no one-time link, only its hash. The administrator's browser keeps it for some minutes, for the one
page that shows it.
"""

from collections.abc import Iterable
from typing import Any, ClassVar

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from whistle.rules.permits import ROLES
from whistle.services import absences, accounts, corrections, desks, sessions, units
from whistle.services.accounts import PersonRow
from whistle.services.errors import NotFound
from whistle.web import changes, forms, session
from whistle.web.admin import blueprint
from whistle.web.admin.ground import AdminForm, EditForm
from whistle.web.admin.wording import PERSON_STATES, TOLD
from whistle.web.filters import either, term
from whistle.web.forms import Day, Form, Line, OneOf, Tick, show
from whistle.web.languages import is_english
from whistle.web.naming import Email, UserName
from whistle.web.numbers import NUMBER
from whistle.web.session import by
from whistle.web.wiring import settings
from whistle.web.wording import CONFLICT

NOTHING = ("", _l("不选"))


class InviteForm(AdminForm):
    """A new account."""

    name = Line(_l("姓名"), required=_l("请填写姓名"), at_most=60)
    user_name = UserName(_l("用户名"), required=_l("请填写用户名"))
    role = OneOf(_l("角色"), required=_l("请选择角色"))
    desk = OneOf(_l("安排到受理台"), hint=_l("准入以后才生效"))
    unit = OneOf(_l("本人所属单位"), hint=_l("选了以后，反映这个单位的举报对本人关闭。本机关的人不用选"))
    email = Email()
    is_outside = Tick(_l("来自机关以外"), hint=_l("只用于监督小组成员，至少要有一位"))
    words: ClassVar[dict[str, Any]] = {
        "desk.role_does_not_fit": _l("这个角色不能坐在这个受理台，请换一个或者不选"),
    }


class CorrectForm(EditForm):
    """What was entered of a person."""

    name = Line(_l("姓名"), required=_l("请填写姓名"), at_most=60)
    user_name = UserName(_l("用户名"), required=_l("请填写用户名"))
    email = Email()
    unit = OneOf(_l("本人所属单位"), hint=_l("选了以后，反映这个单位的举报对本人关闭。本机关的人不用选"))


class AbsentForm(AdminForm):
    """Days away."""

    from_on = Day(_l("从哪天起"), meant="near", required=_l("请填写从哪天起离岗"))
    to_on = Day(_l("到哪天为止"), meant="ahead", required=_l("请填写离岗到哪天为止"), hint=_l("包括这一天"))
    words: ClassVar[dict[str, Any]] = {
        "to_on.before_start": _l("截止日期不能早于开始日期"),
        "to_on.past": _l("最后一天已经过去了，不用登记"),
        "to_on.too_long": _l("离岗最长登记三年。不再回来的人，请停用账号"),
        "from_on.overlaps": _l("这几天和已经登记的离岗重叠。请先结束那一次"),
    }


class RoleForm(AdminForm):
    """Another role for a person."""

    role = OneOf(_l("新的角色"), required=_l("请选择角色"))


class SeatForm(AdminForm):
    """A seat at a desk."""

    desk = OneOf(_l("受理台"), required=_l("请选择受理台"))
    words: ClassVar[dict[str, Any]] = {"desk.role_does_not_fit": _l("这个角色不能坐在这个受理台，请换一个")}


@blueprint.get("/people")
def people() -> ResponseReturnValue:
    """Everybody, by role or by state."""
    role, state = request.args.get("role", ""), request.args.get("state", "")
    rows = [r for r in accounts.list_people(by()) if role in ("", r.role) and state in ("", r.state)]
    return show(
        "admin/people/list.html",
        rows=rows,
        away=absences.away_now(by()),
        roles=_roles(),
        states=PERSON_STATES,
        role=role if role in ROLES else "",
        state=state if state in PERSON_STATES else "",
    )


@blueprint.route("/people/new", methods=["GET", "POST"])
def person_new() -> ResponseReturnValue:
    """Invite somebody; a step of the set-up names the role in its link."""
    form = InviteForm(data={"role": request.args.get("role", "")})
    form.role.choices = [("", _l("请选择")), *_roles()]
    form.desk.choices = [NOTHING, *_desks()]
    form.unit.choices = [NOTHING, *((row.code, either(row, "name")) for row in units.list_units(by()))]
    if form.validate_on_submit():
        with form.catching():
            token = accounts.invite(
                by(),
                form.user_name.data,
                form.name.data,
                form.role.data,
                unit_code=form.unit.data or None,
                desk_id=int(form.desk.data) if form.desk.data else None,
                is_outside=form.is_outside.data,
                email=form.email.data or "",
            )
            return _to_link(token)
    return show("admin/people/new.html", form=form)


@blueprint.get(f"/people/<{NUMBER}:person_id>")
def person(person_id: int) -> ResponseReturnValue:
    """One person and what can be done."""
    row = _find(person_id)
    is_self = row.id == by().person_id
    return show(
        "admin/people/person.html",
        person=row,
        states=PERSON_STATES,
        is_self=is_self,
        stays="" if is_self else accounts.why_stays(by(), person_id),
        stays_words=CONFLICT,
        changes=changes.about("person", person_id),
        told=corrections.told(by(), person_id),
        absences=absences.of_person(by(), person_id),
        words=TOLD,
    )


@blueprint.route(f"/people/<{NUMBER}:person_id>/absent", methods=["GET", "POST"])
def person_absent(person_id: int) -> ResponseReturnValue:
    """Say from when to when somebody is away."""
    row, form = _find(person_id), AbsentForm()
    if form.validate_on_submit() and form.from_on.data and form.to_on.data:
        with form.catching():
            absences.enter(by(), person_id, form.from_on.data, form.to_on.data)
            return redirect(url_for(".person", person_id=person_id, done="absent"), 303)
    return show("admin/people/absent.html", person=row, form=form)


@blueprint.post(f"/people/<{NUMBER}:person_id>/absent/<{NUMBER}:absence_id>/end")
def person_back(person_id: int, absence_id: int) -> ResponseReturnValue:
    """Back early, or not gone at all."""
    forms.check_button()
    absences.end(by(), person_id, absence_id)
    return redirect(url_for(".person", person_id=person_id, done="back"), 303)


@blueprint.route(f"/people/<{NUMBER}:person_id>/correct", methods=["GET", "POST"])
def person_correct(person_id: int) -> ResponseReturnValue:
    """Another name, user name or unit; what decides who is shut out waits for the head."""
    row = _find(person_id)
    now = {
        "name": row.name,
        "user_name": row.user_name,
        "email": row.email or "",
        "unit": row.unit_code or "",
    }
    form = CorrectForm(data=now)
    form.unit.choices = [NOTHING, *((unit.code, either(unit, "name")) for unit in units.list_units(by()))]
    if form.validate_on_submit():
        with form.catching():
            waits = corrections.correct(
                by(),
                person_id,
                name=form.name.data,
                user_name=form.user_name.data,
                unit_code=form.unit.data or None,
                email=form.email.data,
            )
            return redirect(
                url_for(".person", person_id=person_id, done="waits" if waits else "corrected"), 303
            )
    return show("admin/people/correct.html", person=row, form=form, at_once=row.state == "invited")


@blueprint.route(f"/people/<{NUMBER}:person_id>/invite", methods=["GET", "POST"])
def person_reinvite(person_id: int) -> ResponseReturnValue:
    """A new one-time link: for a lost one, a lost password, or somebody who comes back. With `made` in its address,
    the link that was made just now.
    """
    row, form = _find(person_id), Form()
    if form.validate_on_submit():
        return _to_link(accounts.reinvite(by(), person_id))
    if "made" in request.args:
        return _link_page(row)
    return show("admin/people/reinvite.html", person=row, form=form)


@blueprint.post(f"/people/<{NUMBER}:person_id>/let-pass")
def person_let_pass(person_id: int) -> ResponseReturnValue:
    """A link that makes a browser a known one, for somebody whom strangers' tries slow down."""
    forms.check_button()
    row, token = _find(person_id), sessions.let_pass(by(), person_id)
    return show(
        "admin/people/known_browser.html",
        person=row,
        link=settings().public_url + url_for("office.sign_in", device=token),
    )


@blueprint.route(f"/people/<{NUMBER}:person_id>/role", methods=["GET", "POST"])
def person_role(person_id: int) -> ResponseReturnValue:
    """Another role; what was held for the old one ends at once."""
    row, form, ending = _find(person_id), RoleForm(), accounts.ending(by(), person_id)
    form.role.choices = [
        ("", _l("请选择")),
        *((v, w) for v, w in _roles() if v not in (row.role, "oversight")),
    ]
    if form.validate_on_submit():
        with form.catching():
            accounts.change_role(by(), person_id, form.role.data)
            return redirect(url_for(".person", person_id=person_id, done="role"), 303)
    return show("admin/people/role.html", person=row, form=form, ending=ending)


@blueprint.route(f"/people/<{NUMBER}:person_id>/seat", methods=["GET", "POST"])
def person_seat(person_id: int) -> ResponseReturnValue:
    """Wish for a seat; a sitting deputy, head or oversight member makes it real."""
    row, form = _find(person_id), SeatForm()
    form.desk.choices = [("", _l("请选择")), *_desks()]
    if form.validate_on_submit():
        with form.catching():
            desks.ask_seat(by(), int(form.desk.data), person_id)
            return redirect(url_for(".person", person_id=person_id, done="seat_asked"), 303)
    return show("admin/people/seat.html", person=row, form=form)


@blueprint.route(f"/people/<{NUMBER}:person_id>/deactivate", methods=["GET", "POST"])
def person_deactivate(person_id: int) -> ResponseReturnValue:
    """The end of an account, after a page that says what ends with it."""
    row, form, ending = _find(person_id), Form(), accounts.ending(by(), person_id)
    if form.validate_on_submit():
        accounts.deactivate(by(), person_id)
        return redirect(url_for(".person", person_id=person_id, done="deactivated"), 303)
    return show("admin/people/deactivate.html", person=row, form=form, ending=ending)


@blueprint.app_template_filter("desk_names")
def desk_names(row: PersonRow) -> str:
    """The desks of a person, in the page's language."""
    return listed(row.desks)


@blueprint.app_template_filter("listed")
def listed(names: Iterable[tuple[str, str]]) -> str:
    """Chinese and English names in a row, in the page's language."""
    if is_english():
        return ", ".join(name_en or name_zh for name_zh, name_en in names)
    return "、".join(name_zh for name_zh, _name_en in names)


@blueprint.app_template_filter("names")
def names(people: Iterable[str]) -> str:
    """Names of people in a row, as the page's language sets them apart."""
    return (", " if is_english() else "、").join(people)


def _find(person_id: int) -> PersonRow:
    for row in accounts.list_people(by()):
        if row.id == person_id:
            return row
    raise NotFound("person")


def _to_link(token: str) -> ResponseReturnValue:
    """On to the page of a fresh link, which can be reloaded without asking for another."""
    user_name = accounts.invitation(token).user_name
    person_id = next(row.id for row in accounts.list_people(by()) if row.user_name == user_name)
    return session.give_link(redirect(url_for(".person_reinvite", person_id=person_id, made=1), 303), token)


def _link_page(row: PersonRow) -> ResponseReturnValue:
    token = _live_link(row)
    link = None if token is None else settings().public_url + url_for("office.invitation", token=token)
    return show(
        "admin/people/link.html",
        person=row,
        link=link,
        days=accounts.INVITATION_DAYS,
        minutes=session.LINK_MINUTES,
    )


def _live_link(row: PersonRow) -> str | None:
    """The link this browser keeps for a person, as long as it can be used."""
    token = session.link_token()
    try:
        return token if token and accounts.invitation(token).user_name == row.user_name else None
    except NotFound:
        return None


def _roles() -> list[tuple[str, Any]]:
    return [(name, term(role)) for name, role in ROLES.items()]


def _desks() -> list[tuple[str, str]]:
    return [(str(row.id), either(row, "name")) for row in desks.list_desks(by())]
