"""The own account: short code, e-mail, password, authenticator, recovery codes."""

from typing import Any, ClassVar

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from whistle.services import accounts, corrections, password_meter, second_factor
from whistle.services.errors import Invalid
from whistle.web import forms, session
from whistle.web.forms import Form, Hidden, Password, show
from whistle.web.naming import Email
from whistle.web.office import blueprint
from whistle.web.office.activation import FirstCode, NewPassword, metered, weighed, with_meter
from whistle.web.office.sign_in import asked, told_how_long
from whistle.web.session import by

#: The services call the password that is typed again `old`.
OLD = "old_password"


class OwnEmail(Form):
    """Where one's own reminders go."""

    email = Email()


class OldPassword(Form):
    """The password once more, for what nobody should do who only finds an open window."""

    old_password = Password(_l("现在的密码"), required=_l("请输入现在的密码"))
    old_password.creation_counter = 0  # asked, and complained about, before the others
    words: ClassVar[dict[str, Any]] = {
        "old_password.wrong": _l("现在的密码不对，请再输一次"),
    }

    def refuse(self, fault: Invalid) -> None:
        """Put it beside the field that is meant."""
        super().refuse(Invalid(OLD if fault.field == "old" else fault.field, fault.reason, **fault.data))


class ChangePassword(OldPassword, NewPassword):
    """The old password, then the new one twice."""

    words: ClassVar[dict[str, Any]] = OldPassword.words


class NewFactor(OldPassword, FirstCode):
    """The first code of another authenticator. The seed travels with the page and is in force with the answer."""

    seed = Hidden()
    words: ClassVar[dict[str, Any]] = OldPassword.words | FirstCode.words


@blueprint.get("/account")
def account() -> ResponseReturnValue:
    """Who the person is here, and whether the key was let in."""
    return show("office/account/own.html", own=accounts.own(by()))


@blueprint.route("/account/email", methods=["GET", "POST"])
def account_email() -> ResponseReturnValue:
    """Where one's own reminders go."""
    form = OwnEmail(data={"email": accounts.own(by()).email or ""})
    if form.validate_on_submit():
        with form.catching():
            corrections.change_own_email(by(), form.email.data or "")
            return redirect(url_for(".account", done="email"), 303)
    return show("office/account/email.html", form=form)


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


@blueprint.route("/account/authenticator", methods=["GET", "POST"])
def account_authenticator() -> ResponseReturnValue:
    """Another authenticator; the one before and every other session end."""
    form = NewFactor()
    if form.validate_on_submit():
        with told_how_long(form):
            signed = second_factor.change(by(), form.old_password.data, form.seed.data, form.code.data)
            return session.give_officer(
                redirect(url_for(".account", done="authenticator"), 303), signed.secret
            )
    offer = second_factor.offer(by(), form.seed.data or "")
    # The drawing is our own: rectangles of a QR code.
    picture = None if offer is None else Markup(offer.qr_svg)  # noqa: S704
    form.seed.data = "" if offer is None else offer.seed
    return asked(form, "office/account/authenticator.html", offer=offer, picture=picture)


@blueprint.route("/account/recovery-codes", methods=["GET", "POST"])
def account_recovery_codes() -> ResponseReturnValue:
    """Ten new codes in place of the old ones, shown on the answer to the button alone: they are kept nowhere."""
    form = OldPassword()
    if form.validate_on_submit():
        with told_how_long(form):
            codes = accounts.new_recovery_codes(by(), form.old_password.data)
            return make_response(show("office/account/codes.html", codes=codes))
    return asked(form, "office/account/new_codes.html")
