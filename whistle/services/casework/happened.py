"""What a case's record says: the questions that guards and pages ask of its events, clocks and readers."""

import datetime as dt
from typing import Any

from whistle import clock
from whistle.rules import workflow
from whistle.rules.clock_rows import clock_row
from whistle.rules.measures import MEASURES, Measure
from whistle.rules.workdays import Calendar
from whistle.services.errors import Conflict
from whistle.services.grants import desk_people
from whistle.store.cases import Case, CaseEvent, CaseSeal, Clock
from whistle.store.database import lock_row
from whistle.store.desks import Desk, DeskKey
from whistle.store.people import Person
from whistle.store.reports import Report

#: How long before a sanction's last day its end is to be confirmed; months.
CONFIRM_BEFORE = 1

_MEASURES: dict[str, Measure] = {row.name: row for row in MEASURES}

#: What an officer does to a case when working on it; opening or writing to the reporter is no such thing.
WORK = tuple(
    name
    for name, row in workflow.ACTIONS.items()
    if {"officer", "reviewer"} & set(row.by)
    and name not in ("write", "give_notice", "answer", "to_oversight", "second_look", "look_back")
    and name not in ("record_interference", "report_retaliation", "request_protection", "archive")
    and name not in ("declare_recusal", "note_recusal_request")
)


def measure(code: str) -> Measure:
    """The catalogue's row of a measure."""
    return _MEASURES[code]


def last_day(code: str, decided_on: dt.date | None) -> dt.date | None:
    """The last day of a sanction that was decided on this day, itself day 0; None where it has none (ZWCF 8, 26)."""
    row = measure(code)
    months = row.period.months
    if row.class_ != "admin" or months is None or decided_on is None:
        return None
    return Calendar().add_months(decided_on, months)


def events(case: Case, *actions: str) -> list[CaseEvent]:
    """A case's events of these actions, oldest first."""
    return list(_of(case, *actions).order_by(CaseEvent.seq))


def events_anew(case: Case, *actions: str) -> list[CaseEvent]:
    """Those since the case last began anew, where it did: what an earlier round found gives no leave in the next.

    Of all actions, where none are named.
    """
    begun = _of(case, "reopen", "release_oversight").order_by(CaseEvent.seq.desc()).first()
    since = 0 if begun is None else begun.seq
    return list(_of(case, *actions).where(CaseEvent.seq > since).order_by(CaseEvent.seq))


def ever(case: Case, *actions: str) -> bool:
    """Whether any of these was ever done."""
    return bool(_of(case, *actions).exists())


def anew(case: Case, *actions: str) -> bool:
    """Whether any of these was done since the case last began anew."""
    return bool(events_anew(case, *actions))


def count(case: Case, action: str) -> int:
    """How often something was done."""
    return int(_of(case, action).count())


def newest(case: Case, action: str) -> CaseEvent:
    """The newest event of an action; raises Conflict 'state' where there is none."""
    found: CaseEvent | None = _of(case, action).order_by(CaseEvent.seq.desc()).first()
    if found is None:
        raise Conflict("state", state=case.state, action=action)
    return found


def with_fact(case: Case, action: str, name: str, value: Any) -> bool:
    """Whether an action was done with a fact of this value."""
    return any(event.facts.get(name) == value for event in _of(case, action))


def anew_with_fact(case: Case, action: str, name: str, value: Any) -> bool:
    """The same, since the case last began anew."""
    return any(event.facts.get(name) == value for event in events_anew(case, action))


def was_in(case: Case, state: str) -> bool:
    """Whether a case came through a state since it last began anew."""
    return any(event.to_state == state for event in events_anew(case))


def by_person(case: Case, person_id: int, *actions: str) -> bool:
    """Whether a person did any of these, or proposed it."""
    return any(
        event.by_id == person_id or event.facts.get("proposed_by") == person_id
        for event in _of(case, *actions)
    )


def worked_on(case: Case, person: Person) -> bool:
    """Whether a person worked on the case as its officer; what a reviewer does to it as such is no such thing."""
    reviews = person.role == "reviewer"
    return by_person(
        case,
        person.id,
        *(name for name in WORK if not reviews or "reviewer" not in workflow.ACTIONS[name].by),
    )


def struck_off(case: Case, person: Person) -> bool:
    """Whether a person struck the items off; where there were none, struck the case off."""
    return by_person(case, person.id, "item.strike_off" if ever(case, "item.strike_off") else "close")


def in_state_since(case: Case) -> dt.date:
    """Since which day the case stands where it stands."""
    moved = CaseEvent.select().where(CaseEvent.case == case, CaseEvent.to_state == case.state)
    into = moved.where(CaseEvent.from_state.is_null() | (CaseEvent.from_state != CaseEvent.to_state))
    event: CaseEvent | None = into.order_by(CaseEvent.seq.desc()).first()
    since: dt.date = case.received_on if event is None else event.valid_on
    return since


def is_open(case: Case) -> bool:
    """Whether work goes on."""
    return workflow.STATES[case.state].is_open


def is_filed(case: Case) -> bool:
    """Whether it was filed and not begun anew since."""
    return anew(case, "file_case")


def told(case: Case) -> list[Report]:
    """The reports whose reporter can be told: those with a receipt code, and those with a name."""
    return [report for report in case.reports if report.reporter_public is not None or report.is_named]


def on_page(case: Case) -> list[Report]:
    """The reports whose reporter reads and answers on the tracking page: those with a receipt code."""
    return [report for report in case.reports if report.reporter_public is not None]


def receipt_of(report: Report) -> dict[str, Any]:
    """The facts of the event by which a report came in, whichever case it is with now."""
    events = CaseEvent.select(CaseEvent.facts).where(CaseEvent.report == report.id)
    event = events.where(CaseEvent.action.in_(("receive", "receive_flagged"))).first()
    return {} if event is None else dict(event.facts)


def merged_into(case: Case) -> list[Case]:
    """The cases that were merged into this one and not taken out again; locked, for they follow what becomes of it."""
    joined = {event.facts["from_case"] for event in events(case, "join")}
    rows = Case.select().where(Case.id.in_(joined), Case.state == "merged").order_by(Case.id)
    return [other for other in lock_row(rows) if target_of(other) == case.id] if joined else []


def target_of(case: Case) -> str | None:
    """The id of the case that a merged one was merged into; None for any other."""
    return str(newest(case, "merge").facts["target"]) if case.state == "merged" else None


def final_feedback(case: Case, report_id: str) -> CaseEvent | None:
    """The final feedback to a report since the case last began anew, if it was given."""
    found = [
        event
        for event in events_anew(case, "feed_back")
        if event.facts.get("stage") == "final" and report_id in event.facts.get("told", ())
    ]
    return found[-1] if found else None


def rating(case: Case, report_id: str) -> str | None:
    """What a reporter thought of the result, since the case last began anew."""
    rated = [event for event in events_anew(case, "rate") if event.report == report_id]
    return str(rated[-1].facts["rating"]) if rated else None


def running(case: Case, *names: str) -> list[Clock]:
    """The clocks of these names, of all without any, that run or stand still."""
    query = Clock.select().where(Clock.case == case, Clock.state.in_(("running", "paused")))
    return list((query.where(Clock.name.in_(names)) if names else query).order_by(Clock.due_on, Clock.name))


def extendable(case: Case) -> list[Clock]:
    """The running clocks that may be extended: neither extended yet nor past their day, which nothing makes undone."""
    rows = [
        row
        for row in running(case)
        if row.due_on >= clock.today() and clock_row(row.name, row.started_on).extension is not None
    ]
    extended = events(case, "extend") if rows else []
    return [row for row in rows if not any(_is_of(event, row) for event in extended)]


def is_extended(case: Case, row: Clock) -> bool:
    """Whether a running clock was extended since it began."""
    return any(_is_of(event, row) for event in _of(case, "extend"))


def _is_of(event: CaseEvent, row: Clock) -> bool:
    said = event.facts.get("clock"), event.facts.get("of")
    return said == (row.name, row.report) and event.valid_on >= row.started_on


def readers(case: Case) -> list[Person]:
    """Everybody who can open the case, by an own grant or through a desk."""
    seals = CaseSeal.select().where(CaseSeal.case == case)
    people = {seal.person_id for seal in seals if seal.person_id is not None}
    keys = [seal.desk_key_id for seal in seals if seal.desk_key_id is not None]
    for desk in Desk.select().join(DeskKey).where(DeskKey.id.in_(keys)) if keys else ():
        people |= {person.id for person in desk_people(desk)}
    return list(Person.select().where(Person.id.in_(people)).order_by(Person.id))


def _of(case: Case, *actions: str) -> Any:
    query = CaseEvent.select().where(CaseEvent.case == case)
    return query.where(CaseEvent.action.in_(actions)) if actions else query
