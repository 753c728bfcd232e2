"""For who keeps the first halves: who asks to see a real-name contact and why, and one page to answer each."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from whistle.rules.look_lengths import LOOK_LENGTHS
from whistle.services.casework import identity_giving
from whistle.services.casework.identity_asking import REASON_LIMIT
from whistle.web import forms
from whistle.web.filters import term
from whistle.web.forms import Choice, Form, Lines, show
from whistle.web.office import blueprint
from whistle.web.office.desk import is_number
from whistle.web.session import by


class GiveForm(Form):
    """For how long."""

    length = Choice(
        _l("让对方看多久"),
        choices=[(code, LazyString(term, row)) for code, row in LOOK_LENGTHS.items()],
        required=_l("请选择让对方看多久"),
        hint=_l("从现在算起，到时自动结束。要更久，由对方写明理由再申请"),
    )


class RefuseForm(Form):
    """Why not."""

    words = Lines(
        _l("不同意的理由"),
        required=_l("请写明为什么不同意，申请的人会看到"),
        at_most=REASON_LIMIT,
        rows=3,
    )


@blueprint.get("/identity")
def identity() -> ResponseReturnValue:
    """What waits for this person's word, and what they gave that is not over."""
    return show("office/identity/queue.html", queue=identity_giving.queue(by()), is_number=is_number)


@blueprint.get("/identity/<asking_id>")
def identity_asked(asking_id: str) -> ResponseReturnValue:
    """One asking with its reason, and the two answers."""
    return _page(asking_id, GiveForm(), RefuseForm())


@blueprint.post("/identity/<asking_id>/give")
def identity_give(asking_id: str) -> ResponseReturnValue:
    """Consent: the half is given now, until its hour."""
    form = GiveForm()
    if form.validate_on_submit():
        with form.catching():
            identity_giving.give(by(), asking_id, form.length.data)
            return redirect(url_for(".identity", done="identity_given"), 303)
    return _page(asking_id, form, RefuseForm(formdata=None))


@blueprint.post("/identity/<asking_id>/refuse")
def identity_refuse(asking_id: str) -> ResponseReturnValue:
    """No consent, with reasons."""
    form = RefuseForm()
    if form.validate_on_submit():
        with form.catching():
            identity_giving.refuse(by(), asking_id, form.words.data)
            return redirect(url_for(".identity", done="identity_refused"), 303)
    return _page(asking_id, GiveForm(formdata=None), form)


@blueprint.post("/identity/<asking_id>/take-back")
def identity_take_back(asking_id: str) -> ResponseReturnValue:
    """End before its hour what was given."""
    forms.check_button()
    identity_giving.take_back(by(), asking_id)
    return redirect(url_for(".identity", done="identity_taken_back"), 303)


def _page(asking_id: str, giving: GiveForm, refusing: RefuseForm) -> ResponseReturnValue:
    asked = identity_giving.open_asked(by(), asking_id)
    return show(
        "office/identity/decide.html", asked=asked, giving=giving, refusing=refusing, is_number=is_number
    )
