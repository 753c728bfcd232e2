"""A case's measures and its list of problems: persons concerned, measures, talks and promises; items to put right."""

import datetime as dt
from dataclasses import dataclass

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from whistle.rules.workflow import Action
from whistle.services.casework import reading
from whistle.services.casework.case_things import ThingView
from whistle.services.casework.clockwork import ClockView
from whistle.services.casework.reading import CaseView
from whistle.services.errors import NotFound
from whistle.web import wording
from whistle.web.filters import day, either
from whistle.web.forms import show
from whistle.web.office import blueprint
from whistle.web.office.case_bar import SHELF, bar, thing_label, url_of
from whistle.web.office.told import Line, code_term, lines_of
from whistle.web.session import by

#: The kinds of things on the measures' page, in the order in which they are listed.
ON_MEASURES = ("subject", "measure", "talk", "promise")


@dataclass(frozen=True, slots=True)
class Shown:
    """A thing as its page shows it: what it is about, what runs for it, and what may be done."""

    thing: ThingView
    label: str
    lines: list[Line]
    clocks: list[ClockView]
    not_yet: list[tuple[Action, str]]


@blueprint.get(f"/{SHELF}/measures")
def case_measures(shelf: str, ref: str) -> ResponseReturnValue:
    """Persons concerned, the measures on them, talks and what was promised in them."""
    view = reading.open_case(by(), ref, letters_shown=False)
    groups = [
        (kind, [_shown(view, thing) for thing in view.things if thing.kind == kind]) for kind in ON_MEASURES
    ]
    makers = [row for row in view.makers if row.thing in ON_MEASURES]
    return show("office/case/measures.html", groups=groups, makers=makers, **bar(view))


@blueprint.get(f"/{SHELF}/rectification")
def case_rectification(shelf: str, ref: str) -> ResponseReturnValue:
    """The list of problems that units have to put right."""
    view = reading.open_case(by(), ref, letters_shown=False)
    items = [_shown(view, thing) for thing in view.things if thing.kind == "item"]
    makers = [row for row in view.makers if row.thing == "item"]
    return show("office/case/rectification.html", items=items, makers=makers, **bar(view))


@blueprint.get(f"/{SHELF}/excerpts")
def case_excerpts(shelf: str, ref: str) -> ResponseReturnValue:
    """What of a case may be shown to others."""
    view = reading.open_case(by(), ref, letters_shown=False)
    excerpts = [_shown(view, thing) for thing in view.things if thing.kind == "excerpt"]
    makers = [row for row in view.makers if row.thing == "excerpt"]
    return show("office/case/excerpts.html", excerpts=excerpts, makers=makers, **bar(view))


@blueprint.get(f"/{SHELF}/excerpts/<excerpt>")
def case_excerpt(shelf: str, ref: str, excerpt: str) -> ResponseReturnValue:
    """A confirmed excerpt on a sheet of its own, to be printed: no number of the case, no name of the reporter."""
    view = reading.open_case(by(), ref, letters_shown=False)
    for thing in view.things:
        if thing.id == excerpt and thing.kind == "excerpt" and thing.state == "confirmed":
            return show("office/case/excerpt.html", excerpt=thing, url_of=url_of, case=view)
    raise NotFound("thing")


def _shown(view: CaseView, thing: ThingView) -> Shown:
    running = [c for c in view.clocks if c.report_id == thing.id and c.state in ("running", "paused")]
    not_yet = [(row, str(wording.CONFLICT[why][0])) for row, why in thing.held_up if why in SAID]
    return Shown(thing, thing_label(thing), lines_about(view, thing), running, not_yet)


#: Why an act on a thing is not possible yet, where that helps; all others are simply not there.
SAID = frozenset({"supplied_it", "made_it"})


def lines_about(view: CaseView, thing: ThingView) -> list[Line]:
    """What a thing is about, without what its heading says already, and what was entered on it since."""
    return [*_as_made(thing), *_entered_since(view, thing)]


def _as_made(thing: ThingView) -> list[Line]:
    said = thing.words
    due = _("约定日期") if thing.kind == "talk" else _("期限")
    lines = [
        Line(_("单位和职务"), said.get("post")),
        Line(_("人员类别"), code_term("person_kinds", said.get("person_kind"))),
        Line(_("是否中共党员"), code_term("yes_no", said.get("party_member"))),
        Line(_("事实和依据"), said.get("grounds"), True),
        Line(_("决定日期"), _day(thing.decided_on)),
        Line(_("责任单位"), either(thing, "unit") if thing.kind == "item" and thing.unit_zh else None),
        Line(_("责任人"), said.get("owner")),
        Line(_("谈话提纲"), said.get("outline"), True),
        Line(due, _day(thing.due_on)),
        Line(_("摘录的内容"), said.get("text"), True),
    ]
    return [line for line in lines if line.value]


def _entered_since(view: CaseView, thing: ThingView) -> list[Line]:
    """What was entered with each act on a thing, oldest first; ticks are left out, and what says anew what it is."""
    acts = [item for item in reversed(view.timeline) if item.facts.get("thing") == thing.id]
    since = [item for item in acts if item.action.frm and not item.action.name.endswith(".correct")]
    return [
        line
        for item in since
        for line in lines_of(item.action, item.facts, item.words, {}, {}, {}, without=("flag",))
    ]


def _day(value: dt.date | None) -> object:
    return None if value is None else day(value)
