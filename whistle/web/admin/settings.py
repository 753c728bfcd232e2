"""Settings of the office: its names, how it is reached, the numbers of its cases, its languages and its own words."""

from typing import Any

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from whistle.services import office
from whistle.services.office import LONGEST_TEXT, NUMBER_WIDTHS, TEXTS, OfficeSettings, OwnWords
from whistle.web.admin import blueprint
from whistle.web.admin.ground import EditForm
from whistle.web.forms import Line, Lines, OneOf, Several, show
from whistle.web.languages import LANGUAGES
from whistle.web.naming import EnglishName
from whistle.web.session import by

#: Settings that are one line each.
NAMES = ("name_zh", "name_en", "public_phone", "public_email", "superior_address", "number_prefix")


class SettingsForm(EditForm):
    """What an administrator may set."""

    name_zh = Line(_l("机关名称"), required=_l("请填写机关名称"), at_most=60)
    name_en = EnglishName(_l("机关英文名称"), at_most=120)
    public_phone = Line(_l("举报电话"), hint=_l("显示在公开页面和海报上"), at_most=30)
    public_email = Line(
        _l("联系邮箱"), hint=_l("显示在公开页面的电话旁边。邮件不像举报表那样加密"), at_most=100
    )
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
        required=_l("请选择编号的位数"),
        choices=[(str(n), str(n)) for n in range(NUMBER_WIDTHS[0], NUMBER_WIDTHS[1] + 1)],
        hint=_l("只改以后的编号，已有的编号不变"),
    )
    languages = Several(
        _l("首页和新渠道另外提供的语言"),
        choices=[(code, words) for code, (_tag, words) in LANGUAGES.items() if code != office.LANGUAGES[0]],
        hint=_l("中文总是有的。已有的渠道各有自己的语言，不受影响；查询页面总有两种语言"),
    )
    front_zh = Lines(_l("首页的介绍"), hint=_l("代替首页标题下面的那一段"), at_most=LONGEST_TEXT)
    front_en = Lines(_l("首页的介绍（英文）"), at_most=LONGEST_TEXT)
    form_zh = Lines(_l("举报表开头的介绍"), hint=_l("代替“开始”按钮上面的那一段"), at_most=LONGEST_TEXT)
    form_en = Lines(_l("举报表开头的介绍（英文）"), at_most=LONGEST_TEXT)
    receipt_zh = Lines(
        _l("查询码下面的话"),
        hint=_l("加在“接下来”的后面。反映本机关人员的举报人看不到这一段"),
        at_most=LONGEST_TEXT,
    )
    receipt_en = Lines(_l("查询码下面的话（英文）"), at_most=LONGEST_TEXT)


@blueprint.route("/settings", methods=["GET", "POST"])
def settings() -> ResponseReturnValue:
    """The settings, and the form to change them."""
    now = office.settings(by())
    form = SettingsForm(data=_as_data(now))
    if form.validate_on_submit():
        with form.catching():
            office.change(by(), _wanted(form), now)
            return redirect(url_for(".settings", done="settings"), 303)
    return show("admin/settings/settings.html", form=form, next_number=office.next_number(by()), texts=TEXTS)


def _as_data(now: OfficeSettings) -> dict[str, Any]:
    lines = {name: getattr(now, name) for name in NAMES}
    texts = {name: getattr(now.own_words, name) for name in TEXTS}
    return {**lines, **texts, "number_width": str(now.number_width), "languages": list(now.languages)}


def _wanted(form: SettingsForm) -> OfficeSettings:
    return OfficeSettings(
        number_width=int(form.number_width.data),
        languages=tuple(form.languages.data),
        own_words=OwnWords(**{name: form[name].data or "" for name in TEXTS}),
        **{name: form[name].data or "" for name in NAMES},
    )
