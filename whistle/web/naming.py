"""Fields that several pages share: names to sign in with, e-mail addresses, codes of units, English names."""

from typing import Any

from flask_babel import lazy_gettext as _l

from whistle.services import sessions, units
from whistle.web.forms import Line, Matches


class UserName(Line):
    """A name to sign in with; capitals are typed small."""

    def __init__(self, label: Any, **more: Any) -> None:
        fault = _l("用户名用2至32个小写字母、数字、点和连字符，以字母开头")
        hint = _l("登录时用，小写字母开头，可以有数字、点和连字符")
        rules = [Matches(sessions.USER_NAME, fault)]
        super().__init__(label, hint=hint, at_most=32, validators=rules, **more)

    def flow(self, text: str) -> str:
        return super().flow(text).lower()


class Email(Line):
    """Where a person's reminders go."""

    def __init__(self, **more: Any) -> None:
        hint = _l("到期提醒发到这里，只写有几个期限，不写案件。不填就只在工作台上看")
        super().__init__(_l("邮箱"), hint=hint, at_most=100, **more)


class UnitCode(Line):
    """The code of a unit; small letters become capitals."""

    def __init__(self, label: Any, **more: Any) -> None:
        fault = _l("单位代码用1至16个字母、数字和连字符，例如QY01")
        rules = [Matches(units.CODE, fault)]
        super().__init__(label, at_most=16, validators=rules, **more)

    def flow(self, text: str) -> str:
        return super().flow(text).upper()


class EnglishName(Line):
    """The English name of something that has a Chinese one, which stands in for it."""

    def __init__(self, label: Any, **more: Any) -> None:
        super().__init__(label, hint=_l("不填就在英文页面上用中文名称"), **more)
