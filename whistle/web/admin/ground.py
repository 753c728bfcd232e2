"""What the forms of administrators' pages share: services' names of inputs as the forms call them, and two people who
change one thing at the same time.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from whistle.services.errors import Invalid
from whistle.web.filters import day_text
from whistle.web.forms import Form, Hidden, OneOf, Several, Tick

#: A field whose name ends in `code` would count as a secret and be lost on a page that asks to send it again.
OWN_NAMES: Mapping[str, str] = {
    "code": "unit",
    "unit_code": "unit",
    "parent_code": "parent",
    "desk_id": "desk",
    "deputy_id": "deputy",
    "person_id": "person",
}
#: Letters of another's words beside a field.
LONGEST_TOLD = 60


class AdminForm(Form):
    """A form whose messages find their fields although the service calls them otherwise."""

    def refuse(self, fault: Invalid) -> None:
        """Put a refusal beside the field that stands for the service's input."""
        super().refuse(Invalid(OWN_NAMES.get(fault.field, fault.field), fault.reason, **fault.data))


class EditForm(AdminForm):
    """A form that changes what is there already, made with `data`, which is how things stand now.

    It takes along what it showed, as a mark for each field. What somebody else saved meanwhile stays, unless both wrote
    into the same field: then this page comes back with both, and what is sent a second time counts. Where the same form
    makes something new, its view takes `seen` away.
    """

    seen = Hidden()
    #: What is said beside a field that is no longer as this page showed it; `now` is how it stands.
    meanwhile: ClassVar[Any] = _l(
        "你打开这一页以后，别人已经把这一项改成“%(now)s”。要用你写的，请再保存一次；要留着别人的，请改回去"
    )

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        if not self.is_submitted():
            self._mark_all()

    def stand(self, now: Mapping[str, Any]) -> None:
        """How things stand, where that is known only now."""
        for name in now.keys() & self._fields.keys():
            self._fields[name].object_data = now[name]

    def validate(self, extra_validators: Any = None) -> bool:
        """Take what others saved into the fields that were left alone, then as usual."""
        both = self._merge()
        good = super().validate(extra_validators)
        for name in both:
            field = self._fields[name]
            field.errors = [*field.errors, str(self.meanwhile) % {"now": _told(field)}]
        if "seen" in self:
            self._mark_all()
        return good and not both

    def _merge(self) -> list[str]:
        """The names of the fields that were changed here and elsewhere, each to something of its own."""
        seen, both = self._seen(), []
        for name, was in seen.items():
            field = self._fields[name]
            now, typed = _mark(field, field.object_data), _mark(field, field.data)
            if now != was and typed == was:
                field.data = field.object_data
            elif now not in (was, typed):
                both.append(name)
        return both

    def _seen(self) -> dict[str, str]:
        """The marks that came along, of fields this form has; none where it is not known what was shown."""
        try:
            found = json.loads((self.seen.data if "seen" in self else "") or "{}")
        except (ValueError, RecursionError):
            return {}
        return (
            {name: found[name] for name in self._shown() if name in found} if isinstance(found, dict) else {}
        )

    def _mark_all(self) -> None:
        marks = {name: _mark(self._fields[name], self._fields[name].object_data) for name in self._shown()}
        self.seen.data = json.dumps(marks, separators=(",", ":"))

    def _shown(self) -> list[str]:
        """The fields that begin with something that stands."""
        return [
            name
            for name, field in self._fields.items()
            if name != "csrf_token" and not isinstance(field, Hidden)
        ]


def _mark(field: Any, value: Any) -> str:
    """A short mark of a field's value, by which it is known again."""
    if isinstance(field, Several):
        known = {choice.value for choice in field.choices}
        value = sorted(known.intersection(value or ()))
    return hashlib.sha256(str(value or "").encode()).hexdigest()[:12]


def _told(field: Any) -> str:
    """How a field stands, in words that fit beside it."""
    now = field.object_data
    if isinstance(field, Tick):
        return _("是") if now else _("否")
    if isinstance(now, dt.date):
        return day_text(now)
    if isinstance(field, OneOf | Several):
        chosen = {now} if isinstance(field, OneOf) else set(now)
        now = _("、").join(str(choice.label) for choice in field.choices if choice.value in chosen)
    words = " ".join(str(now or "").split())
    return (words if len(words) <= LONGEST_TOLD else words[:LONGEST_TOLD] + "……") or _("没有填")
