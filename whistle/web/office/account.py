"""The own account: short code, password, recovery codes."""

from typing import Any, ClassVar

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from whistle.services import accounts, password_meter
from whistle.services.errors import Invalid
from whistle.web import forms, session
from whistle.web.forms import Password, show
from whistle.web.office import blueprint
from whistle.web.office.activation import NewPassword, metered, weighed, with_meter
from whistle.web.office.sign_in import asked, told_how_long
from whistle.web.session import by


class ChangePassword(NewPassword):
    """The old password, then the new one twice."""

    old_password = Password(_l("现在的密码"), required=_l("请输入现在的密码"))
    old_password.creation_counter = 0  # asked, and complained about, before the others
    words: ClassVar[dict[str, Any]] = {
        "old_password.wrong": _l("现在的密码不对，请再输一次"),
    }

    def refuse(self, fault: Invalid) -> None:
        """The service calls the typed-again password `old`."""
        name = "old_password" if fault.field == "old" else fault.field
        super().refuse(Invalid(name, fault.reason, **fault.data))


@blueprint.get("/account")
def account() -> ResponseReturnValue:
    """Who the person is here, and whether the key was let in."""
    return show("office/account/own.html", own=accounts.own(by()))


@blueprint.route("/account/password", methods=["GET", "POST"])
def account_password() -> ResponseReturnValue:
    """Another password for the same key; every other session ends."""
    form = ChangePassword()
    if form.validate_on_submit():
        with told_how_long(form):
            signed = accounts.change_password(by(), form.old_password.data, form.password.data)
            return session.give_officer(redirect(url_for(".account", done="password"), 303), signed.secret)
    weight = password_meter.of_own(by(), form.password.data) if form.password.data else None
    return with_meter(asked(form, "office/account/password.html", **metered(weight)))


@blueprint.post("/account/password/strength")
def account_password_weigh() -> ResponseReturnValue:
    """How good the password typed so far is, for the meter."""
    forms.check_button()
    return weighed(password_meter.of_own(by(), request.form.get("password", "")))


@blueprint.route("/account/recovery-codes", methods=["GET", "POST"])
def account_recovery_codes() -> ResponseReturnValue:
    """Ten new codes in place of the old ones, shown on the answer to the button alone: they are kept nowhere."""
    if request.method == "GET":
        return show("office/account/new_codes.html", own=accounts.own(by()))
    forms.check_button()
    return make_response(show("office/account/codes.html", codes=accounts.new_recovery_codes(by())))
