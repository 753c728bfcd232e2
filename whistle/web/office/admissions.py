"""Letting people in: one list of short codes to compare, and the changes that wait for a second person."""

from typing import Any, ClassVar

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from whistle.services import admissions as service
from whistle.services.admissions import Waiting
from whistle.services.errors import NotFound
from whistle.web import changes, forms
from whistle.web.filters import either
from whistle.web.forms import Form, Hidden, Several, Tick, show
from whistle.web.numbers import NUMBER
from whistle.web.office import blueprint
from whistle.web.session import by

#: Whose word can confirm a change.
CONFIRMS = frozenset({"deputy", "head"})


class AdmitForm(Form):
    """One person of the list. The code goes along as it was shown: a key exchanged meanwhile has another."""

    shown = Hidden()
    seats = Several(_l("同时安排到"), choices=())
    compared = Tick(
        _l("我已当面或者打电话，让本人逐组念过这20位数字，和这里完全一样"),
        required=_l("请先和本人核对短码，再勾选"),
    )
    words: ClassVar[dict[str, Any]] = {
        "code.differs": _l("这个人的密钥刚才换过，短码已经不同。请和本人重新核对")
    }


@blueprint.get("/admissions")
def admissions() -> ResponseReturnValue:
    """Everybody who waits, with the code each one sees on the own account page."""
    return _page({})


@blueprint.post(f"/admissions/<{NUMBER}:key_id>")
def admission_admit(key_id: int) -> ResponseReturnValue:
    """Let one person in."""
    row = next((row for row in service.waiting(by()) if row.key_id == key_id), None)
    if row is None:
        raise NotFound("key")
    form = _form(row)
    if form.validate_on_submit():
        with form.catching():
            service.admit(by(), key_id, form.shown.data, tuple(int(seat) for seat in form.seats.data or ()))
            return redirect(url_for(".admissions", done="admitted"), 303)
    return _page({key_id: form})


@blueprint.post(f"/admissions/changes/<{NUMBER}:confirmation_id>/confirm")
def admission_confirm(confirmation_id: int) -> ResponseReturnValue:
    """Let a change happen."""
    forms.check_button()
    service.confirm(by(), confirmation_id)
    return redirect(url_for(".admissions", done="confirmed"), 303)


@blueprint.post(f"/admissions/changes/<{NUMBER}:confirmation_id>/refuse")
def admission_refuse(confirmation_id: int) -> ResponseReturnValue:
    """Leave everything as it is."""
    forms.check_button()
    service.refuse(by(), confirmation_id)
    return redirect(url_for(".admissions", done="refused"), 303)


def _page(sent: dict[int, AdmitForm]) -> ResponseReturnValue:
    rows = [(row, sent.get(row.key_id) or _form(row, formdata=None)) for row in service.waiting(by())]
    waiting = service.confirmations(by()) if by().role in CONFIRMS else []
    form = next(iter(sent.values()), None)
    return show(
        "office/admissions/list.html",
        rows=rows,
        changes=[(change, changes.sentence(change)) for change in waiting],
        form=form,
        role=by().role,
    )


def _form(row: Waiting, **more: object) -> AdmitForm:
    mine = [seat for seat in row.seats if seat.may_admit]
    form = AdmitForm(
        prefix=f"key{row.key_id}-",
        data={"shown": row.short_code, "seats": [str(s.desk_id) for s in mine]},
        **more,
    )
    form.seats.choices = [(str(seat.desk_id), either(seat, "name")) for seat in mine]
    form.compared.label.text = _(
        "我已当面或者打电话，让%(name)s逐组念过这20位数字，和这里完全一样", name=row.name
    )
    return form
