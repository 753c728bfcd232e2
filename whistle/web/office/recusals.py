"""Recusals: declared by whoever knows, asked for, decided by whom the rules name; and their register."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from whistle.rules.permits import permits
from whistle.rules.recusal import RECUSAL_STATES, WAYS
from whistle.rules.taxonomy import TABLES
from whistle.services import recusal, recusal_register
from whistle.services.casework import recusals as service
from whistle.services.casework.act import Outcome
from whistle.services.errors import Invalid, NotFound
from whistle.web.forms import show
from whistle.web.office import blueprint
from whistle.web.office.desk import case_url, is_number
from whistle.web.office.recusal_forms import AnswerForm, DecideForm, DeclareForm, GrantForm, named, said
from whistle.web.office.told import code_term
from whistle.web.office.wording import ASKED_BY
from whistle.web.session import by


@blueprint.get("/recusals")
def recusals() -> ResponseReturnValue:
    """What waits for this person's decision, what was answered, and the register where the person has one."""
    has_register = permits("recusal.register", by().role, {"any"})
    return show(
        "office/recusals/list.html",
        wishes=recusal.waiting(by()),
        answered=recusal.answered(by()),
        own=recusal_register.own(by()),
        register=recusal_register.register(by()) if has_register else None,
        ways=WAYS,
        states=RECUSAL_STATES,
        grounds=TABLES["recusal_grounds"],
        asked_by=ASKED_BY,
        case_url=case_url,
    )


@blueprint.route("/recusals/declare", methods=["GET", "POST"])
def recusal_declare() -> ResponseReturnValue:
    """Declare the own recusal; the answer is the same whether there is such a case or not."""
    service.ask_to_declare(by())
    form = DeclareForm()
    form.case.data = form.case.data or request.args.get("case", "")
    if form.validate_on_submit():
        with form.catching():
            if not form.ref:
                raise Invalid("number", "empty")
            service.declare(by(), form.ref, form.ground.data, form.reason.data)
            return redirect(url_for(".recusals", done="declared"), 303)
    return show("office/recusals/declare.html", form=form, is_number=is_number)


@blueprint.route("/recusals/decide", methods=["GET", "POST"])
def recusal_decide() -> ResponseReturnValue:
    """Decide that somebody keeps off a case, which need not be open to who decides."""
    form = DecideForm()
    ref = form.case.data = form.case.data or request.args.get("case", "")
    people = service.choices_of_case(by(), ref) if ref else service.choices_at_large(by())
    form.person.choices = [("", _("请选择")), *((str(one.person_id), named(one)) for one in people)]
    if form.validate_on_submit():
        with form.catching():
            return _after(_impose(form), "recuse")
    needs_paper = any(one.needs_paper for one in people)
    return show("office/recusals/decide.html", form=form, is_number=is_number, needs_paper=needs_paper)


def _impose(form: DecideForm) -> Outcome:
    """A number that leads nowhere is a fault of the box it stands in; there may be no such case for this person."""
    try:
        return service.impose(by(), form.ref, int(form.person.data), said(form))
    except NotFound:
        if form.case.data:
            raise
        raise Invalid("number", "no_case" if form.number.data else "empty") from None


@blueprint.get("/recusals/wishes/<wish_id>")
def recusal_wish(wish_id: str) -> ResponseReturnValue:
    """One wish, and the two answers."""
    form = GrantForm()
    wish = recusal.wish(by(), wish_id)
    form.ground.data = wish.ground or None
    form.people.data = [str(one.person_id) for one in _offer(form, wish_id) if one.name in wish.whom]
    return _wish_page(wish, form, AnswerForm(prefix="no-"))


@blueprint.post("/recusals/wishes/<wish_id>/grant")
def recusal_grant(wish_id: str) -> ResponseReturnValue:
    """Somebody keeps off for this wish."""
    form = GrantForm()
    _offer(form, wish_id)
    if form.validate_on_submit():
        with form.catching():
            people = [int(each) for each in form.people.data or ()]
            return _after(service.grant(by(), wish_id, people, said(form)), "recuse")
    return _wish_page(recusal.wish(by(), wish_id), form, AnswerForm(prefix="no-", formdata=None))


@blueprint.post("/recusals/wishes/<wish_id>/refuse")
def recusal_refuse(wish_id: str) -> ResponseReturnValue:
    """Nobody keeps off for this wish."""
    form, other = AnswerForm(prefix="no-"), GrantForm(formdata=None)
    _offer(other, wish_id)
    if form.validate_on_submit():
        with form.catching():
            return _after(service.refuse(by(), wish_id, said(form)), "refuse_recusal")
    return _wish_page(recusal.wish(by(), wish_id), other, form)


def _wish_page(wish: recusal.Wish, granting: GrantForm, refusing: AnswerForm) -> ResponseReturnValue:
    people = service.choices(by(), wish.id)
    return show(
        "office/recusals/wish.html",
        wish=wish,
        granting=granting,
        refusing=refusing,
        asked_by=ASKED_BY,
        code_term=code_term,
        case_url=case_url,
        needs_paper=any(one.needs_paper for one in people),
    )


def _offer(form: GrantForm, wish_id: str) -> list[service.Choice]:
    people = service.choices(by(), wish_id)
    form.people.choices = [(str(one.person_id), named(one)) for one in people]
    return people


def _after(outcome: Outcome, done: str) -> ResponseReturnValue:
    """On to the case's page of recusals, or to the list where the case is not open to this person."""
    if outcome.is_left:
        return redirect(url_for(".recusals", done=done), 303)
    return redirect(case_url(outcome.case_ref, "case_recusals", done=done), 303)
