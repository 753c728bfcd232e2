"""From a one-time link to an account: the own password, the authenticator, ten recovery codes; lost passwords too."""

from typing import Any, ClassVar

from flask import Response, jsonify, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from markupsafe import Markup
from wtforms.validators import ValidationError

from whistle.services import accounts, password_meter
from whistle.services.errors import NotFound
from whistle.web import forms, security_headers, session
from whistle.web.forms import Code, Form, Lines, Password, show
from whistle.web.office import blueprint
from whistle.web.office.wording import STRENGTHS

PASSWORD_HINT = _l("至少10个字符。几个不相干的词连起来最好记也最难猜；不要用姓名、单位、生日、手机号")


class NewPassword(Form):
    """A password chosen by its owner, typed twice."""

    password = Password(
        _l("新密码"), required=_l("请输入新密码"), hint=PASSWORD_HINT, autocomplete="new-password"
    )
    again_password = Password(_l("再输一次"), required=_l("请把新密码再输一次"), autocomplete="new-password")

    def validate_again_password(self, field: Any) -> None:
        if self.password.data and field.data != self.password.data:
            raise ValidationError(_l("两次输入的密码不一样，请再输一次"))


class WithSheet(NewPassword):
    """A new password for the old key, which the recovery sheet opens."""

    sheet = Lines(
        _l("恢复单上的14组字符"),
        required=_l("请照着恢复单输入14组字符"),
        hint=_l("大小写和空格都不要紧。请在自己的电脑上输入，不要交给别人代输"),
        at_most=400,
        rows=3,
    )
    sheet.creation_counter = 0  # asked, and complained about, before the password


class FirstCode(Form):
    """The first code of a fresh authenticator."""

    code = Code(
        _l("验证器显示的6位数字"),
        required=_l("请输入验证器上显示的6位数字"),
        at_most=80,
    )
    words: ClassVar[dict[str, Any]] = {
        "code.wrong": _l("这个数字不对。请核对手机的时间是否自动校准，再输一次新显示的6位数字")
    }


@blueprint.route("/invitation/<token>", methods=["GET", "POST"])
def invitation(token: str) -> ResponseReturnValue:
    """Who is invited as what, and the choice of the password."""
    invited = accounts.invitation(token)
    form = NewPassword()
    if form.validate_on_submit():
        with form.catching():
            secret = accounts.start_activation(token, form.password.data)
            return session.give_officer(redirect(url_for(".activate"), 303), secret)
    meter = metered(_weigh(token, form))
    return with_meter(
        show("office/activation/password.html", form=form, invited=invited, token=token, **meter)
    )


@blueprint.post("/invitation/<token>/strength")
def invitation_weigh(token: str) -> ResponseReturnValue:
    """How good the password typed so far is, for the meter."""
    forms.check_button()
    return weighed(password_meter.of_invited(token, request.form.get("password", "")))


@blueprint.route("/invitation/<token>/sheet", methods=["GET", "POST"])
def recover(token: str) -> ResponseReturnValue:
    """A lost password while nobody else holds the keys: the recovery sheet keeps the old key."""
    invited = accounts.invitation(token)
    if not invited.may_recover:
        raise NotFound("invitation")
    form = WithSheet()
    if form.validate_on_submit():
        with form.catching():
            secret = accounts.recover_with_sheet(token, form.sheet.data, form.password.data)
            return session.give_officer(redirect(url_for(".activate"), 303), secret)
    meter = metered(_weigh(token, form))
    return with_meter(show("office/activation/sheet.html", form=form, invited=invited, token=token, **meter))


@blueprint.route("/activation", methods=["GET", "POST"])
def activate() -> ResponseReturnValue:
    """The second factor as QR code and text; its first code finishes the account."""
    secret = session.officer_secret()
    if secret is None or current_user.is_authenticated:
        return redirect(url_for(".home"), 303)
    waiting = accounts.activation(secret)
    form = FirstCode()
    if waiting.totp_secret is None:
        del form.code
    if form.validate_on_submit():
        with form.catching():
            return _finished(accounts.finish_activation(secret, form.code.data if "code" in form else None))
    # The drawing is our own: rectangles of a QR code.
    picture = None if waiting.qr_svg is None else Markup(waiting.qr_svg)  # noqa: S704
    return show("office/activation/factor.html", form=form, waiting=waiting, picture=picture)


def _finished(activated: accounts.Activated) -> ResponseReturnValue:
    """The recovery codes, on the answer to the form itself: they are kept nowhere, so no later page could show them."""
    signed = activated.sign_in
    page: Response = make_response(show("office/activation/codes.html", activated=activated))
    if not activated.recovery_codes:
        page = redirect(url_for(".home"), 303)  # type: ignore[assignment]
    session.give_officer(page, signed.secret)
    return page if signed.device_token is None else session.give_device(page, signed.device_token)


# The meter


def weighed(weight: password_meter.Weight) -> ResponseReturnValue:
    """A password's weight for the script that moves the meter."""
    return jsonify(score=weight.score, words=str(STRENGTHS[weight.grade]))


def metered(weight: password_meter.Weight | None) -> dict[str, Any]:
    """What the meter of a page shows: nothing before something was typed."""
    return {"weight": weight, "words": "" if weight is None else STRENGTHS[weight.grade]}


def with_meter(page: ResponseReturnValue) -> Response:
    """Let a page's script ask our own server how good a password is; no other page may ask anything."""
    response: Response = make_response(page)
    response.headers["Content-Security-Policy"] = security_headers.POLICY + "; connect-src 'self'"
    return response


def _weigh(token: str, form: NewPassword) -> password_meter.Weight | None:
    return password_meter.of_invited(token, form.password.data) if form.password.data else None
