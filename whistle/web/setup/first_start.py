"""One question at the first start: a trial with one click, or an office with its names and first administrator."""

from dataclasses import MISSING, fields

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from whistle.rules.permits import ROLES
from whistle.services import setup as service
from whistle.services.setup import OfficeNames
from whistle.web import forms
from whistle.web.forms import Form, Line, show
from whistle.web.naming import EnglishName, UnitCode, UserName
from whistle.web.setup import blueprint
from whistle.web.wiring import settings

#: What stands in the form before anything was typed.
DEFAULTS = {
    **{field.name: field.default for field in fields(OfficeNames) if field.default is not MISSING},
    "admin_user_name": "admin",
}


class OfficeForm(Form):
    """The office, one unit, one desk, and who administers."""

    office_zh = Line(
        _l("机关名称"), required=_l("请填写机关名称"), hint=_l("例如清源区纪委监委，会印在海报上"), at_most=60
    )
    office_en = EnglishName(_l("机关英文名称"), at_most=120)
    public_phone = Line(_l("举报电话"), hint=_l("显示在公开页面和海报上"), at_most=30)
    superior_address = Line(
        _l("上级机关的联系方式"),
        hint=_l("反映本机关人员的举报暂时不能接收时，页面会请举报人向这里反映"),
        at_most=200,
    )
    unit_code = UnitCode(
        _l("第一个单位的代码"), required=_l("请填写单位代码，例如QY01"), hint=_l("以后不能改，例如QY01")
    )
    unit_zh = Line(_l("单位名称"), required=_l("请填写单位名称"), at_most=60)
    unit_en = EnglishName(_l("单位英文名称"), at_most=120)
    desk_zh = Line(_l("受理台名称"), required=_l("请填写受理台名称"), at_most=60)
    desk_en = EnglishName(_l("受理台英文名称"), at_most=60)
    admin_name = Line(
        _l("你的姓名"), required=_l("请填写你的姓名"), hint=_l("你将是第一位管理员"), at_most=60
    )
    admin_user_name = UserName(_l("你的用户名"), required=_l("请填写用户名"))


@blueprint.get("/<token>")
def choose(token: str) -> ResponseReturnValue:
    """The question; where the office is founded, the way on to the first administrator's password."""
    if service.state(token) == "unfinished":
        return redirect(url_for(".office", token=token), 303)
    return show("setup/choose.html", token=token)


@blueprint.post("/<token>/trial")
def try_it(token: str) -> ResponseReturnValue:
    """Make the trial."""
    forms.check_button()
    service.start_trial(token)
    return redirect(url_for(".trial"), 303)


@blueprint.get("/trial")
def trial() -> ResponseReturnValue:
    """The five steps of the trial, done or next; there is no such page in an office."""
    found = service.trial()
    user_name, name = found.officer
    return show(
        "setup/trial.html",
        trial=found,
        officer_user_name=user_name,
        officer_name=name,
        next_step=next((step for step in service.TRIAL_STEPS if step not in found.done), "track"),
        roles=list(ROLES),
    )


@blueprint.route("/<token>/office", methods=["GET", "POST"])
def office(token: str) -> ResponseReturnValue:
    """Found the office; the administrator then chooses a password."""
    is_founded = service.state(token) == "unfinished"
    if settings().is_too_open_for("office"):
        return show("setup/open_http.html", token=token, address=settings().public_url, status=409)
    if is_founded:
        return _go_on(token)
    form = OfficeForm(data=DEFAULTS)
    if form.validate_on_submit():
        names = OfficeNames(
            office_zh=form.office_zh.data,
            office_en=form.office_en.data or "",
            unit_code=form.unit_code.data,
            unit_zh=form.unit_zh.data,
            unit_en=form.unit_en.data or "",
            desk_zh=form.desk_zh.data,
            desk_en=form.desk_en.data or "",
            public_phone=form.public_phone.data or "",
            superior_address=form.superior_address.data or "",
        )
        with form.catching():
            link = service.start_office(token, names, form.admin_user_name.data, form.admin_name.data)
            return redirect(url_for("office.invitation", token=link), 303)
    return show("setup/office.html", form=form, token=token)


def _go_on(token: str) -> ResponseReturnValue:
    """The office is founded and its administrator has no password yet: a new invitation in place of a lost one."""
    form = Form()
    if form.validate_on_submit():
        return redirect(url_for("office.invitation", token=service.invite_founder(token)), 303)
    return show("setup/go_on.html", form=form)
