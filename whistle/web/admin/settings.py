"""Settings of the office: its names, the numbers of its cases, the telephone, where the superior is."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from whistle.services import office
from whistle.services.office import NUMBER_WIDTHS, OfficeSettings
from whistle.web.admin import blueprint
from whistle.web.admin.ground import AdminForm
from whistle.web.forms import Line, OneOf, show
from whistle.web.naming import EnglishName
from whistle.web.session import by


class SettingsForm(AdminForm):
    """What an administrator may set."""

    name_zh = Line(_l("机关名称"), required=_l("请填写机关名称"), at_most=60)
    name_en = EnglishName(_l("机关英文名称"), at_most=120)
    public_phone = Line(_l("举报电话"), hint=_l("显示在公开页面和海报上"), at_most=30)
    superior_address = Line(
        _l("上级机关的联系方式"),
        hint=_l("反映本机关人员的举报暂时不能接收时，页面会请举报人向这里反映"),
        at_most=200,
    )
    number_prefix = Line(
        _l("案件编号的字头"), required=_l("请填写编号字头"), hint=_l("例如清访，用在以后的编号里"), at_most=8
    )
    number_width = OneOf(
        _l("案件编号的位数"),
        choices=[(str(n), str(n)) for n in range(NUMBER_WIDTHS[0], NUMBER_WIDTHS[1] + 1)],
        hint=_l("只改以后的编号，已有的编号不变"),
    )


@blueprint.route("/settings", methods=["GET", "POST"])
def settings() -> ResponseReturnValue:
    """The settings, and the form to change them."""
    now = office.settings(by())
    names = ("name_zh", "name_en", "public_phone", "superior_address", "number_prefix")
    form = SettingsForm(
        data={**{name: getattr(now, name) for name in names}, "number_width": str(now.number_width)}
    )
    if form.validate_on_submit():
        with form.catching():
            wanted = OfficeSettings(
                number_width=int(form.number_width.data), **{name: form[name].data or "" for name in names}
            )
            office.change(by(), wanted)
            return redirect(url_for(".settings", done="settings"), 303)
    return show("admin/settings/settings.html", form=form)
