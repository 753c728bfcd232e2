"""Guards of acts on a case's persons, measures and items. Raise Invalid or Conflict."""

import datetime as dt
from collections.abc import Callable

from whistle.rules.clock_rows import CLOCKS
from whistle.rules.naming import is_named
from whistle.services import grants
from whistle.services.casework import happened, things
from whistle.services.casework.work import Work
from whistle.services.errors import Conflict, Invalid
from whistle.store.things import CaseThing, Measure


def _words(work: Work, thing: CaseThing, kind: str) -> dict[str, str]:
    return things.words_of(
        work.case, lambda generation: grants.key_of_generation(work.case, work.key(), generation), thing, kind
    )


def not_listed_yet(work: Work) -> None:
    """A person is listed once in a case, so that two measures on one person count one person."""
    for subject in things.of_kind(work.case, "subject", "listed"):
        if is_named(_words(work, subject, "subject")["name"], work.words["name"]):
            raise Invalid("name", "listed_already")


def without_measures(work: Work) -> None:
    """A person stays listed while a measure names them."""
    used = Measure.select().where(Measure.subject == work.thing, Measure.state != "dropped")
    if used.exists():
        raise Conflict("has_measures")


def measure_fits(work: Work) -> None:
    """A measure is on a person or a unit, and for the kind of person that this one is (§8; ZWCF 22, 23)."""
    row = happened.measure(work.facts["code"])
    subject, unit = work.facts.get("subject_person"), work.facts.get("unit")
    if (subject is None) == (unit is None):
        raise Invalid("subject_person", "person_or_unit")
    if subject is None:
        if "unit" not in row.on:
            raise Invalid("code", "only_for_persons")
        return
    if "person" not in row.on:
        raise Invalid("code", "only_for_units")
    known = _words(work, things.find(work.case, "subject", subject), "subject")
    if row.kinds == ("M",) or "M" in row.kinds:
        if known["party_member"] != "yes":
            raise Invalid("code", "only_for_members")
        return
    kind = known["person_kind"]
    if "A" not in row.kinds and kind[0] not in row.kinds:
        raise Invalid("code", "not_for_this_person")


def day_since_decision(work: Work) -> None:
    """A measure is delivered on the day it was decided, or later."""
    decided_on = getattr(work.thing, "decided_on", None)
    if decided_on is not None and dt.date.fromisoformat(work.facts["day"]) < decided_on:
        raise Invalid("day", "before_decision", first=decided_on)


def code_asks_for_it(work: Work) -> None:
    """Some acts are there for some measures alone: those whose clock they stop."""
    codes = {code for row in CLOCKS for code in row.codes if _stops(row.stops, work.row.name)}
    if getattr(work.thing, "code", None) not in codes:
        raise Conflict("not_for_this_measure")


def _stops(stops: tuple[object, ...], action: str) -> bool:
    return any(getattr(cause, "action", "") == action for cause in stops)


def not_who_supplied(work: Work) -> None:
    """Who strikes an item off is another than who supplied the evidence."""
    supplied = [
        event
        for event in happened.events(work.case, "item.submit")
        if work.thing is not None and event.facts.get("thing") == work.thing.id
    ]
    if supplied and supplied[-1].by_id == work.doer_id:
        raise Conflict("supplied_it")


def not_who_made(work: Work) -> None:
    """A masked excerpt is read through by another than who made it."""
    made = [
        event
        for event in happened.events(work.case, "excerpt.make", "excerpt.correct")
        if work.thing is not None and event.facts.get("thing") == work.thing.id
    ]
    if made and made[-1].by_id == work.doer_id:
        raise Conflict("made_it")


THING_GUARDS: dict[str, Callable[[Work], None]] = {
    function.__name__: function
    for function in (
        not_listed_yet,
        without_measures,
        measure_fits,
        day_since_decision,
        code_asks_for_it,
        not_who_supplied,
        not_who_made,
    )
}

#: Those that look at nothing but the thing.
OF_THE_THING = frozenset({"without_measures", "code_asks_for_it", "not_who_supplied", "not_who_made"})
