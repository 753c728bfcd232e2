"""Who did what in administration: the log's acts in words, by person, kind and days."""

import datetime as dt
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from whistle.services import administration
from whistle.services.administration import Wanted
from whistle.web.admin import blueprint
from whistle.web.admin.acts import ACTS, GROUPS, UNNAMED
from whistle.web.filters import day_text
from whistle.web.forms import Day, Form, OneOf, show
from whistle.web.session import by

FILTERS = ("person", "kind", "since", "until")


class RecordFilter(Form):
    """What the record shows."""

    class Meta:
        csrf = False

    person = OneOf(_l("操作人"))
    kind = OneOf(_l("事项"), choices=[("", _l("全部")), *GROUPS.items()])
    since = Day(_l("从哪天起"))
    until = Day(_l("到哪天止"))


@blueprint.get("/record")
def record() -> ResponseReturnValue:
    """Acts of administration, the newest first."""
    form = RecordFilter(formdata=request.args)
    people = administration.people(by())
    form.person.choices = [("", _("全部")), *people]
    good = {name: form[name].data for name in FILTERS if form[name].validate(form) and form[name].data}
    page = administration.record(
        by(),
        Wanted(
            person_id=int(good["person"]) if "person" in good else None,
            group=good.get("kind"),
            since=good.get("since"),
            until=good.get("until"),
            before=_place("before"),
            after=_place("after"),
        ),
    )
    kept: dict[str, Any] = {name: str(value) for name, value in good.items()}
    return show(
        "admin/record/record.html",
        form=form,
        acts=page.acts,
        words=ACTS,
        unnamed=UNNAMED,
        filters=_chosen(form, good),
        older=url_for(".record", before=page.acts[-1].position, **kept)
        if page.has_older and page.acts
        else None,
        newer=url_for(".record", after=page.acts[0].position, **kept)
        if page.has_newer and page.acts
        else None,
    )


def _place(name: str) -> int | None:
    """A place in the log from the address; None for anything that is none."""
    wanted = request.args.get(name, "")
    return int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 10 else None


def _chosen(form: RecordFilter, good: dict[str, Any]) -> list[tuple[str, str]]:
    """Each chosen filter in words, with the address without it."""
    found = []
    for name, value in good.items():
        rest: dict[str, Any] = {other: str(kept) for other, kept in good.items() if other != name}
        told = _("%(label)s：%(words)s", label=form[name].label.text, words=_words_of(form[name], value))
        found.append((told, url_for(".record", **rest)))
    return found


def _words_of(field: Any, value: Any) -> str:
    if isinstance(value, dt.date):
        return day_text(value)
    return next(str(words) for choice, words, *_rest in field.iter_choices() if choice == value)
