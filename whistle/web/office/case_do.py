"""One page for every step on a case: its form is made from what the rulebook says the step needs."""

import base64
from itertools import takewhile
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from whistle.rules import taxonomy, workflow
from whistle.rules.permits import permission_of
from whistle.rules.recusal_rows import RECUSAL_ROWS
from whistle.rules.workflow import Action
from whistle.services.casework import act as casework
from whistle.services.casework import before_decision, packages, reading, search
from whistle.services.casework.case_things import ThingView
from whistle.services.casework.reading import CaseView
from whistle.services.errors import Conflict, NotAllowed, NotFound
from whistle.web import errors, wording
from whistle.web.filters import term
from whistle.web.forms import Form, show
from whistle.web.office import blueprint
from whistle.web.office.case_bar import (
    SHELF,
    acts_since,
    bar,
    carry,
    meanwhile,
    one_report,
    related_at_registration,
    thing_label,
    version_of,
)
from whistle.web.office.case_things import lines_about
from whistle.web.office.desk import case_url
from whistle.web.office.step_forms import StepForm, asked_of, form_for
from whistle.web.office.told import Line, lines_of
from whistle.web.office.wording import (
    BEFORE_ACCEPTANCE,
    CONSEQUENCES,
    DECIDED_BY,
    GRAVE,
    LEAVE,
    LEAVE_BY_CLOCK,
    LEAVE_BY_MEETING,
)
from whistle.web.session import by

#: Steps with a page of their own, where what they need is chosen from what is so.
OWN_PAGE = {row.name for row in RECUSAL_ROWS if row.name != "note_recusal_request"} | {"record_interference"}
#: The page on which the things of a kind are listed; all others are on the measures'.
PAGE_OF = {"case": "case", "item": "case_rectification", "excerpt": "case_excerpts"}


@blueprint.route(f"/{SHELF}/do/<action>", methods=["GET", "POST"])
@errors.asks(lambda action, **_of_case: _boxes(action))
def case_do(shelf: str, ref: str, action: str) -> ResponseReturnValue:
    """A step's page and, on POST, the step itself."""
    errors.expect(_boxes(action))
    view = reading.open_case(by(), ref, letters_shown=False)
    row, thing = _row(view, action), _thing(view)
    if action in OWN_PAGE:
        return redirect(_own_page(action, ref), 303)
    form = form_for(row, view, thing)
    if not _is_possible(row, view, thing):
        _tell_or_refuse(row, view, thing, form)
    elif form.validate_on_submit():
        with form.catching(), meanwhile(form, view):
            given = _inputs(view, row, form)
            target = None if thing is None else thing.id
            return _after(view, row, casework.act(ref, action, by(), version_of(form), thing=target, **given))
    return _page(view, row, form, thing)


def _thing(view: CaseView) -> ThingView | None:
    """The measure, item … the address names; raises NotFound for one that the case has not."""
    wanted = request.args.get("thing")
    if wanted is None:
        return None
    for thing in view.things:
        if thing.id == wanted:
            return thing
    raise NotFound("thing")


def _is_possible(row: Action, view: CaseView, thing: ThingView | None) -> bool:
    if row.thing == "case":
        return row in view.actions
    return row in (view.makers if thing is None else thing.actions)


def _own_page(action: str, ref: str) -> str:
    """The address of a step's own page, where the case is known."""
    if action == "record_interference":
        return url_for(".interference_new", case=ref)
    return case_url(ref, "case_recusals")


def _boxes(action: str) -> dict[str, str]:
    """What the boxes of a step are called that words are written in."""
    row = workflow.ACTIONS.get(action)
    needs = () if row is None else row.needs
    return {need.name: term(need.label) for need in needs if need.kind in ("text", "line", "message")}


def _row(view: CaseView, action: str) -> Action:
    """The step of that name, if this person's role has it at all."""
    row = workflow.ACTIONS.get(action)
    if row is None:
        raise NotFound("action")
    at_hand = [*view.actions, *view.makers, *(step for thing in view.things for step in thing.actions)]
    if row not in at_hand and not {by().role, view.acts_as} & set(row.by):
        raise NotAllowed(permission_of(row))
    return row


def _tell_or_refuse(row: Action, view: CaseView, thing: ThingView | None, form: StepForm) -> None:
    """A step that is not possible: what another did, where the form was filled in before that; else why not."""
    if form.is_submitted() and version_of(form) not in (0, view.version):
        form.form_errors.append(_why_too_late(form, view))
        return
    held_up = view.held_up if thing is None else thing.held_up
    why = dict((held.name, why) for held, why in held_up).get(row.name)
    raise Conflict(why or _why_not_offered(row, view))


def _why_not_offered(row: Action, view: CaseView) -> str:
    """Why a step is not there although no guard holds it up, as a code of Conflict."""
    if view.state.name not in row.frm:
        return "state"
    if view.waiting is not None:
        return "waiting_for_approval"
    if any(need.kind == "clock" for need in row.needs):
        return "nothing_to_extend"
    if row.kinds and view.kind not in row.kinds:
        return "not_for_this_kind"
    return "done_already" if row.fulfils else "state"


def _why_too_late(form: StepForm, view: CaseView) -> str:
    acts = acts_since(form, view)
    if not acts:
        return _("这件事刚才有人改动过，这一步现在不能做了。你写的内容都在下面，可以复制")
    return _(
        "你填写的时候，这件事有了变化：%(acts)s。这一步现在不能做了，你写的内容都在下面，可以复制", acts=acts
    )


def _page(view: CaseView, row: Action, form: StepForm, thing: ThingView | None) -> ResponseReturnValue:
    carry(form, view)
    return show(
        "office/case/do.html",
        row=row,
        form=form,
        fields=[form[need.name] for need in asked_of(row, view)],
        drawn_up=_drawn_up(row, view),
        missing=_missing(row, view),
        of_thing=None if thing is None else thing_label(thing),
        shown=_shown(row, view, thing),
        subject_first=_subject_first(row, view),
        is_possible=_is_possible(row, view, thing),
        is_grave=row.name in GRAVE,
        consequence=_consequence(view, row),
        redirect_reasons=_redirect_first(row, view),
        leave=_leave(row, view),
        related=related_at_registration(view) if row.name == "classify" else None,
        **bar(view),
    )


def _drawn_up(row: Action, view: CaseView) -> list[tuple[str, Any]]:
    """The measures that are brought to decision, or that it would bring about, each with who decides it."""
    if row.name not in before_decision.STEPS:
        return []
    drawn_up = [thing for thing in view.things if thing.kind == "measure" and thing.state == "proposed"]
    return [(thing_label(thing), DECIDED_BY.get(_decides(thing))) for thing in drawn_up]


def _missing(row: Action, view: CaseView) -> list[str]:
    """What is still missing for a decision, said before the form is filled."""
    if row.name not in before_decision.STEPS:
        return []
    return [str(wording.CONFLICT[why][0]) for why in view.missing]


def _shown(row: Action, view: CaseView, thing: ThingView | None) -> list[Line]:
    """What the step is about: a thing with all that was entered on it, or what was pressed for."""
    if thing is not None:
        return [] if row.name.endswith(".correct") else lines_about(view, thing)
    return _pressed(view) if row.name == "press_answered" else []


def _pressed(view: CaseView) -> list[Line]:
    """What was pressed for since something was last answered, the newest first."""
    since = takewhile(lambda item: item.action.name != "press_answered", view.timeline)
    return [
        line
        for item in since
        if item.action.name == "press"
        for line in lines_of(item.action, item.facts, item.words, {}, {}, {})
    ]


def _subject_first(row: Action, view: CaseView) -> bool:
    """Whether a measure on a person has to wait until somebody is listed, which this person can do."""
    is_listed = any(thing.kind == "subject" and thing.state == "listed" for thing in view.things)
    return row.name == "measure.propose" and not is_listed and workflow.ACTIONS["subject.add"] in view.makers


def _decides(thing: ThingView) -> str | None:
    """Who decides on a measure, as the catalogue has it."""
    row = taxonomy.TABLES["measures"].get(thing.code or "")
    return getattr(row, "approval", None)


def _leave(row: Action, view: CaseView) -> Any:
    """Whose leave the step needs, in words; nothing where it needs none."""
    if row.approval == "clock":
        return LEAVE_BY_CLOCK
    leave = workflow.leave_for(row, by=view.acts_as, complexity=view.complexity)
    if leave == workflow.COLLECTIVE:
        return LEAVE_BY_MEETING
    return LEAVE.get(workflow.approvers(leave, view.acts_as))


def _consequence(view: CaseView, row: Action) -> Any:
    """What the step brings about, as it is so for this case."""
    is_accepted = view.state.name in workflow.ACCEPTED_STATES
    return (not is_accepted and BEFORE_ACCEPTANCE.get(row.name)) or CONSEQUENCES.get(row.name)


def _redirect_first(row: Action, view: CaseView) -> list[str]:
    """The reasons to decline for which to pass the report on is offered first, where it can be (rulebook §7)."""
    if row.name != "decline" or workflow.ACTIONS["redirect"] not in view.actions:
        return []
    return [term(reason) for reason in taxonomy.decline_reasons_for(view.kind) if reason.redirect_first]


def _after(view: CaseView, row: Action, outcome: casework.Outcome) -> ResponseReturnValue:
    """On to where the person can go on: the case, or the desk once the case is somebody else's."""
    if outcome.download is not None:
        package = base64.b64encode(outcome.download).decode()
        has_files = packages.has_files(by(), outcome.case_ref)
        return show(
            "office/case/package.html",
            package=package,
            name=f"{outcome.case_ref}.whistle",
            files=case_url(outcome.case_ref, "case_package_files") if has_files else None,
        )
    done = row.name if outcome.proposal_id is None else "proposed"
    if outcome.is_left:
        return redirect(url_for(".desk", done=done), 303)
    return redirect(case_url(outcome.case_ref, PAGE_OF.get(row.thing, "case_measures"), done=done), 303)


def _inputs(view: CaseView, row: Action, form: Form) -> dict[str, Any]:
    needs = asked_of(row, view)
    given = {need.name: form[need.name].data for need in needs}
    cases = {need.name: _whole_number(given[need.name]) for need in needs if need.kind == "case"}
    reports = {need.name: one_report(given[need.name]) for need in needs if need.kind == "report"}
    return given | cases | reports


def _whole_number(typed: str | None) -> str | None:
    """The number of the one case that a typed one, or its end, means; as it was typed where that may be several."""
    found = search.by_number(by(), typed or "")
    return found[0] if len(found) == 1 else typed
