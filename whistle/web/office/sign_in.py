"""Signing in and out, changing person in a trial or demo, and what becomes of a form sent after the session ended."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from flask import Response, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user

from whistle.services import checklist, limits, sessions
from whistle.services.errors import Busy, NotAllowed, NotFound
from whistle.web import errors, forms, session
from whistle.web.clients import client
from whistle.web.forms import Code, Form, Line, Password, show
from whistle.web.office import OPEN_PAGES, blueprint
from whistle.web.pages import menu

#: From here on a wait is told in minutes.
MINUTE = 60

#: Before every stranger, who has 0 at least.
KNOWN = -1

#: Who makes the office's keys after coming in for the first time.
FOUNDERS = frozenset({"head", "oversight"})


class SignInForm(Form):
    """The first step."""

    user_name = Line(_l("用户名"), required=_l("请输入用户名"), at_most=80)
    password = Password(_l("密码"), required=_l("请输入密码"))


class CodeForm(Form):
    """The second step."""

    code = Code(
        _l("验证码"),
        required=_l("请输入验证码或者一个恢复码"),
        hint=_l("打开手机上的验证器，输入6位数字。手机不在身边，可以输入一个恢复码"),
        at_most=80,
    )
    words: ClassVar[dict[str, Any]] = {
        "code.wrong": _l("这个验证码或恢复码不对，或者已经用过。请等下一个验证码，再输一次")
    }


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """The first page of the person's role; the check list as long as the set-up waits for this person."""
    role = current_user.role
    if role in FOUNDERS and checklist.waits_for(session.by()):
        return redirect(url_for(".setup"), 303)
    return redirect(menu(role)[0].url, 303)


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """User name and password. An administrator's link has a `device` in it, by which this browser is to be known.

    `aside`: in a window of its own, while another holds what was written.
    """
    form = SignInForm()
    if form.validate_on_submit():
        with told_how_long(form):
            device = _device()
            signed = sessions.sign_in(form.user_name.data, form.password.data, device, _rank(device))
            return _go_on(signed, device)
    has_ended = not current_user.is_authenticated and session.officer_secret() is not None
    has_ended = has_ended and request.method == "GET"
    return asked(form, "office/sign_in/password.html", has_ended=has_ended, is_aside="aside" in request.args)


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
def second_factor() -> ResponseReturnValue:
    """A code of the authenticator, or a recovery code."""
    secret = session.officer_secret()
    if secret is None or current_user.is_authenticated:
        return redirect(url_for(".home"), 303)
    form = CodeForm()
    if form.validate_on_submit():
        with told_how_long(form):
            return _go_on(sessions.second_factor(secret, form.code.data))
    return asked(form, "office/sign_in/code.html")


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the session, in the database and in the browser."""
    forms.check_button()
    if (secret := session.officer_secret()) is not None:
        sessions.sign_out(secret)
    return session.take_officer(redirect(url_for(".sign_in", done="signed_out"), 303))


@blueprint.post("/switch")
def switch() -> ResponseReturnValue:
    """Become another invented person; there is no such page in a real office."""
    forms.check_button()
    signed = sessions.switch(session.officer_secret(), forms.clean(request.form.get("user_name", ""))[0])
    onward = session.next_page(request.form.get("next")) or url_for(".home")
    return session.give_officer(redirect(onward, 303), signed.secret)


def _device() -> str | None:
    """What this browser is known by: the token of a link counts where it has none of its own that is good."""
    own, link = session.device_token(), request.args.get("device")
    return own if link is None or sessions.is_known_device(own or "") else link


def _rank(device: str | None) -> int:
    """The place in the line before the slow hash: known browsers go before all strangers."""
    return KNOWN if device and sessions.is_known_device(device) else limits.rank("sign_in", client())


def _go_on(signed: sessions.SignIn, device: str | None = None) -> ResponseReturnValue:
    """On to the second step, or to the page that was asked for. `device`: what the browser showed with the password."""
    onward = session.next_page(request.args.get("next"))
    is_half = signed.stage == "second_factor"
    target = url_for(".second_factor", next=onward) if is_half else onward or url_for(".home")
    response = session.give_officer(redirect(target, 303), signed.secret)
    token = signed.device_token or _of_link(device)
    return response if token is None else session.give_device(response, token)


def _of_link(device: str | None) -> str | None:
    """The token of an administrator's link, once somebody signed in with it."""
    is_new = device is not None and device != session.device_token()
    return device if is_new and sessions.is_known_device(device or "") else None


# Waiting


@contextmanager
def told_how_long(form: Form) -> Iterator[None]:
    """Run a sign-in step; a wrong word becomes a message, and so does having to wait."""
    try:
        with form.catching():
            yield
    except Busy as fault:
        form.busy = fault
        form.form_errors.append(_wait(fault.seconds))


def asked(form: Form, template: str, **values: Any) -> ResponseReturnValue:
    """The page with its form; status 429 while it has to wait."""
    page: Response = make_response(show(template, form=form, **values))
    if (fault := getattr(form, "busy", None)) is not None:
        page.status_code, page.headers["Retry-After"] = 429, str(fault.seconds)
    return page


def _wait(seconds: int) -> str:
    if seconds < MINUTE:
        return ngettext(
            "试的次数太多了，请过%(num)s秒再试。已经登录的人不受影响",
            "试的次数太多了，请过%(num)s秒再试。已经登录的人不受影响",
            seconds,
        )
    return ngettext(
        "试的次数太多了，请过%(num)s分钟再试。已经登录的人不受影响",
        "试的次数太多了，请过%(num)s分钟再试。已经登录的人不受影响",
        -(-seconds // MINUTE),
    )


# What an ended session, or a person not yet let in, gets to see


@blueprint.before_request
def keep_what_was_typed() -> ResponseReturnValue | None:
    """A form sent after the session ended: nothing was done, and the text comes back to be sent once more."""
    is_open = (request.endpoint or "").removeprefix("office.") in OPEN_PAGES
    had_session = session.officer_secret() is not None
    if request.method != "POST" or is_open or current_user.is_authenticated or not had_session:
        return None
    errors.expect_of_view()
    kept = errors.typed(_("你刚才写的内容"))
    if not any(item.value for item in kept):
        return None
    return show("office/sign_in/ended.html", status=401, kept=kept, address=request.full_path.rstrip("?"))


@blueprint.errorhandler(NotFound)
def not_found(fault: NotFound) -> ResponseReturnValue:
    """An ended session leads to the sign-in page, a dead link and a lost case say so; all else is no page at all."""
    if fault.what == "session":
        return session.take_officer(redirect(url_for(".sign_in"), 303))
    if fault.what == "invitation":
        return show("office/activation/dead_link.html", status=404)
    return errors.answer(errors.CASE_GONE if fault.what == "case" else errors.MISSING)


@blueprint.errorhandler(NotAllowed)
def not_allowed(fault: NotAllowed) -> ResponseReturnValue:
    """Somebody whose key nobody compared yet is told what to wait for."""
    if fault.permission == "session":
        return session.take_officer(redirect(url_for(".sign_in"), 303))
    if fault.permission == "not_admitted":
        return redirect(url_for(".account"), 303)
    return errors.answer(errors.REFUSED.get(fault.why, errors.NOT_ALLOWED))
