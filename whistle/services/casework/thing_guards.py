"""Guards of acts on a case's persons, measures and items. Raise Invalid or Conflict."""

import datetime as dt
from collections.abc import Callable

from whistle import clock
from whistle.rules import measures
from whistle.rules.clock_rows import CLOCKS
from whistle.rules.naming import is_named
from whistle.rules.workdays import Calendar
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
    new = work.words["name"]
    for subject in things.of_kind(work.case, "subject", "listed"):
        known = _words(work, subject, "subject")["name"]
        # Each occurs in the other: 张三 is not 张三丰.
        if subject != work.thing and is_named(known, new) and is_named(new, known):
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
    reason = _misfit(work, row, subject)
    if reason is not None:
        raise Invalid("code", reason)


def measures_still_fit(work: Work) -> None:
    """What is decided is for the person as they are known now: what kind of person they are may have been corrected."""
    for row in things.of_kind(work.case, "measure", "proposed"):
        if (
            row.subject_id is not None
            and _misfit(work, happened.measure(row.code), row.subject_id) is not None
        ):
            raise Conflict("measure_does_not_fit")


def _misfit(work: Work, row: measures.Measure, subject: str) -> str | None:
    """Why a measure is not for a person of the case, as a code; None: it is."""
    known = _words(work, things.find(work.case, "subject", subject), "subject")
    if "M" in row.kinds:
        return None if known["party_member"] == "yes" else "only_for_members"
    fits = "A" in row.kinds or known["person_kind"][0] in row.kinds
    return None if fits else "not_for_this_person"


def day_since_decision(work: Work) -> None:
    """A measure is delivered on the day it was decided, or later; what follows from that, on the day of delivery."""
    since = getattr(work.thing, "delivered_on", None) or getattr(work.thing, "decided_on", None)
    if since is not None and dt.date.fromisoformat(work.facts["day"]) < since:
        raise Invalid("day", "before_decision", first=since)


def code_asks_for_it(work: Work) -> None:
    """Some acts are there for some measures alone: those whose clock they stop."""
    codes = {code for row in CLOCKS for code in row.codes if _stops(row.stops, work.row.name)}
    if getattr(work.thing, "code", None) not in codes:
        raise Conflict("not_for_this_measure")


def near_its_end(work: Work) -> None:
    """That a sanction ends is confirmed as its period ends (ZWCF 26), at the earliest a month before that is due."""
    last = (
        happened.last_day(work.thing.code, work.thing.decided_on) if isinstance(work.thing, Measure) else None
    )
    if last is None:
        return
    first = Calendar().add_months(last, -2 * happened.CONFIRM_BEFORE)
    if clock.today() < first:
        raise Conflict("not_near_its_end", first=first, last=last)


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
        measures_still_fit,
        day_since_decision,
        code_asks_for_it,
        near_its_end,
        not_who_supplied,
        not_who_made,
    )
}

#: Those that look at nothing but the thing.
OF_THE_THING = frozenset(
    {"without_measures", "code_asks_for_it", "near_its_end", "not_who_supplied", "not_who_made"}
)
