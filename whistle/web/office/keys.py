"""The office's keys: the head's recovery sheet, the desks' keys, the oversight desk's and the superior's."""

from typing import Any, ClassVar

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from whistle import clock
from whistle.documents import posters
from whistle.services import accounts, checklist, desks, recovery, superior
from whistle.services.casework import renewals, rescue
from whistle.services.errors import Conflict, Invalid
from whistle.web import forms
from whistle.web.forms import Code, Form, Lines, show
from whistle.web.numbers import NUMBER
from whistle.web.office import blueprint
from whistle.web.session import by

LEADERS = frozenset({"deputy", "head"})
#: What ends a step of the set-up, so that the list is the next page to look at.
ENDS_A_STEP = frozenset({"sheet_checked", "superior_confirmed"})


@blueprint.get("/keys")
def keys() -> ResponseReturnValue:
    """What there is to do about keys, for this person's role."""
    rows = desks.list_desks(by())
    return show(
        "office/keys/tasks.html",
        has_sheet=checklist.has_sheet(by()),
        renewals=desks.renewals(by()),
        mine=renewals.count(by()),
        lost=rescue.count(by()) if by().role == "head" else rescue.Lost(),
        holders=desks.list_holders(by()) if by().role == "head" else [],
        without_key=[desk for desk in rows if desk.generation is None and desk.kind != "oversight"],
        oversight=next((desk for desk in rows if desk.kind == "oversight"), None),
        superior=superior.state(by()),
        leads=by().role in LEADERS,
        role=by().role,
        is_outside=accounts.own(by()).is_outside,
        goes_on=request.args.get("done") in ENDS_A_STEP,
    )


# The recovery sheet


class SheetForm(Form):
    """Three groups of the sheet, typed back. Their places are known once the sheet is made."""

    group_1 = Code("", required=_l("请照着恢复单抄回这一组"), at_most=20)
    group_2 = Code("", required=_l("请照着恢复单抄回这一组"), at_most=20)
    group_3 = Code("", required=_l("请照着恢复单抄回这一组"), at_most=20)
    words: ClassVar[dict[str, Any]] = {
        "groups.mistyped": _l("三组里至少有一组和恢复单不一样。请对照恢复单，逐个字符再抄一次")
    }

    def groups(self) -> list[Code]:
        """The three boxes in order."""
        return [self.group_1, self.group_2, self.group_3]


@blueprint.route("/keys/sheet", methods=["GET", "POST"])
def keys_sheet() -> ResponseReturnValue:
    """Make the sheet. It is shown on the answer to the button alone: it is kept nowhere."""
    if request.method == "GET":
        waits, in_force = bool(recovery.asked_groups(by())), recovery.is_in_force(by())
        return show("office/keys/before_sheet.html", waits=waits, in_force=in_force)
    forms.check_button()
    sheet = recovery.make_sheet(by())
    # The drawing is our own: rectangles of a QR code.
    picture = Markup(posters.qr_svg(" ".join(sheet.groups)))  # noqa: S704
    return make_response(show("office/keys/sheet.html", sheet=sheet, picture=picture, today=clock.today()))


@blueprint.route("/keys/sheet/check", methods=["GET", "POST"])
def keys_sheet_check() -> ResponseReturnValue:
    """Type three groups back: the office's keys are made."""
    places = recovery.asked_groups(by())
    if not places:
        raise Conflict("no_sheet")
    form = SheetForm()
    for box, place in zip(form.groups(), places, strict=True):
        box.label.text = _("第%(place)s组", place=place)
    if form.validate_on_submit():
        with form.catching():
            recovery.check_sheet(by(), [box.data for box in form.groups()])
            return redirect(url_for(".keys", done="sheet_checked"), 303)
    return show("office/keys/check_sheet.html", form=form)


# Desks


@blueprint.post(f"/keys/desks/<{NUMBER}:desk_id>/make")
def keys_desk_make(desk_id: int) -> ResponseReturnValue:
    """The first key of a desk."""
    forms.check_button()
    desks.make_key(by(), desk_id)
    return redirect(url_for(".keys", done="desk_key"), 303)


@blueprint.post(f"/keys/desks/<{NUMBER}:desk_id>/renew")
def keys_desk_renew(desk_id: int) -> ResponseReturnValue:
    """The next key of a desk, after somebody left it."""
    forms.check_button()
    desks.renew_key(by(), desk_id)
    return redirect(url_for(".keys", done="key_renewed"), 303)


@blueprint.post("/keys/names/renew")
def keys_names_renew() -> ResponseReturnValue:
    """The next key for finding the same name again, after a holder left."""
    forms.check_button()
    desks.renew_blind_key(by())
    return redirect(url_for(".keys", done="key_renewed"), 303)


@blueprint.post("/keys/cases/renew")
def keys_cases_renew() -> ResponseReturnValue:
    """New keys for the cases this person holds that somebody left."""
    forms.check_button()
    renewals.renew(by())
    has_keys_page = by().role in LEADERS | {"oversight"}
    return redirect(url_for(".keys" if has_keys_page else ".desk", done="key_renewed"), 303)


# Who keeps the first halves of names


@blueprint.route(f"/keys/holders/<{NUMBER}:person_id>/end", methods=["GET", "POST"])
def keys_holder_end(person_id: int) -> ResponseReturnValue:
    """Take the halves from a holder, after a page that says what follows."""
    form = Form()
    if form.validate_on_submit():
        desks.end_holder(by(), person_id)
        return redirect(url_for(".keys", done="holder_ended"), 303)
    name = desks.before_ending_holder(by(), person_id)
    is_own = person_id == by().person_id
    return show("office/keys/end_holder.html", form=form, name=name, is_own=is_own)


# Break-glass


class RescueForm(Form):
    """The recovery sheet, typed in the head's own session."""

    sheet = Lines(
        _l("恢复单上的全部字符"),
        required=_l("请照着恢复单输入全部字符"),
        hint=_l("一共14组，每组4个字符；空格、换行和大小写都没有关系"),
        at_most=400,
        rows=4,
    )


@blueprint.route("/keys/rescue", methods=["GET", "POST"])
def keys_rescue() -> ResponseReturnValue:
    """Bring back, by the sheet, the cases that nobody here can open any more."""
    lost = rescue.count(by())
    form = RescueForm()
    if form.validate_on_submit():
        with form.catching():
            rescue.rescue(by(), form.sheet.data)
            return redirect(url_for(".keys", done="rescued"), 303)
    return show("office/keys/rescue.html", form=form, lost=lost)


@blueprint.post("/keys/oversight")
def keys_oversight() -> ResponseReturnValue:
    """The oversight desk's first key, in its outside member's session."""
    forms.check_button()
    desks.make_oversight_key(by())
    return redirect(url_for(".keys", done="desk_key"), 303)


# The superior's key


class SuperiorForm(Form):
    """The superior's key as it was handed over."""

    key = Lines(
        _l("上级机关的公钥"),
        required=_l("请粘贴上级机关交来的整行公钥"),
        hint=_l("以whistle-superior-public-1开头的一行文字。中间有换行也可以"),
        at_most=4_000,
        rows=6,
    )
    words: ClassVar[dict[str, Any]] = {
        "key.no_key": _l("这不是上级机关的公钥。公钥以whistle-superior-public-1开头，请整行粘贴"),
        "key.mistyped": _l("公钥缺了一段或者有字符变了。请从原件重新复制整行"),
        "key.private": _l("这是私钥，不能录入。它可能已经泄露，请上级机关重做一对密钥"),
    }

    def refuse(self, fault: Invalid) -> None:
        """A private key is not shown a second time."""
        super().refuse(fault)
        if fault.reason == "private":
            self.key.data = ""


class SuperiorCode(Form):
    """The short code, as the superior read it out."""

    code = Code(
        _l("上级机关念出的短码"),
        required=_l("请输入上级机关念出的20位数字"),
        hint=_l("用另外查到的电话号码打给上级机关，请对方念出短码，再输入到这里"),
        at_most=60,
    )
    words: ClassVar[dict[str, Any]] = {
        "code.differs": _l("和录入的公钥对不上。请再听一遍；仍然不同，就是录错了公钥，请重新录入")
    }


@blueprint.route("/keys/superior", methods=["GET", "POST"])
def keys_superior() -> ResponseReturnValue:
    """Enter the superior's key; another member has to confirm it."""
    superior.before_entering(by())
    form = SuperiorForm()
    if form.validate_on_submit():
        with form.catching():
            superior.enter(by(), form.key.data)
            return redirect(url_for(".keys", done="superior_entered"), 303)
    return show("office/keys/superior.html", form=form)


@blueprint.route("/keys/superior/confirm", methods=["GET", "POST"])
def keys_superior_confirm() -> ResponseReturnValue:
    """The second member types the code that the superior read out."""
    state = superior.before_confirming(by())
    form = SuperiorCode()
    if form.validate_on_submit():
        with form.catching():
            superior.confirm(by(), form.code.data)
            return redirect(url_for(".keys", done="superior_confirmed"), 303)
    return show("office/keys/confirm_superior.html", form=form, superior=state)
