"""The rows of a case's things: persons concerned, measures, talks, promises, items. Written by acts alone.

What a thing is about lies in its `sealed`, codes and days in its columns; what happens to it later is on the timeline.
"""

import datetime as dt
from typing import Any

from whistle import clock
from whistle.rules import workflow
from whistle.services import contexts, ledger
from whistle.services.casework.work import Work
from whistle.services.errors import NotFound
from whistle.store.cases import Case
from whistle.store.fields import new_id
from whistle.store.things import THING_TABLES, CaseThing, Measure
from whistle.store.units import Unit
from whistle.vault import envelope

#: Which fact of an act becomes which column of its thing.
COLUMNS: dict[str, dict[str, str]] = {
    "measure": {"code": "code", "subject_person": "subject", "unit": "unit"},
    "talk": {"planned_on": "planned_on"},
    "promise": {"talk": "talk", "due": "due_on"},
    "item": {"unit": "unit", "due": "due_on"},
}
_DAYS = frozenset({"planned_on", "due_on"})

#: The actions that write what a thing is about; all others leave it as it is.
_SAY_WHAT_IT_IS = frozenset({"subject.correct", "excerpt.correct"})


def find(case: Case, kind: str, thing_id: str) -> CaseThing:
    """A thing of a case by its id; raises NotFound."""
    table = THING_TABLES[kind]
    row: CaseThing | None = table.get_or_none(table.id == thing_id, table.case == case)
    if row is None:
        raise NotFound(kind)
    return row


def of_kind(case: Case, kind: str, *states: str) -> list[Any]:
    """The things of a kind that a case has, oldest first; of these states alone, where any are named."""
    table = THING_TABLES[kind]
    query = table.select().where(table.case == case).order_by(table.made_on, table.id)
    return list(query.where(table.state.in_(states)) if states else query)


def words_of(case: Case, key_of: Any, thing: CaseThing, kind: str) -> dict[str, Any]:
    """What a thing is about; `key_of(generation)` gives the case key."""
    context = contexts.thing(thing.id, kind, case.id, thing.generation)
    words: dict[str, Any] = envelope.open_json_record(key_of(thing.generation), thing.sealed, context)
    return words


def write(work: Work) -> None:
    """Make the thing that an act makes, or bring it to the state after; its id goes into the facts."""
    row, case = work.row, work.case
    before = None if work.thing is None else work.thing.state
    after = workflow.state_after(row, before, chosen=work.to)
    thing = work.thing
    is_new = thing is None
    if thing is None:
        thing = THING_TABLES[row.thing](id=new_id(), case=case, made_on=clock.today())
    if is_new or row.name in _SAY_WHAT_IT_IS:
        thing.generation = case.key_generation
        context = contexts.thing(thing.id, row.thing, case.id, case.key_generation)
        thing.sealed = envelope.seal_json_record(work.key(), dict(work.words), context)
    thing.state = after
    _set_columns(thing, row.thing, work.facts)
    if isinstance(thing, Measure) and after == "delivered" and before == "decided":
        thing.delivered_on = work.valid_on or clock.today()
    _save(thing, is_new=is_new, by=work.person_id)
    work.thing = thing
    work.facts["thing"] = thing.id
    if isinstance(thing, Measure):
        work.facts["code"] = thing.code


def _set_columns(thing: CaseThing, kind: str, facts: dict[str, Any]) -> None:
    for fact, column in COLUMNS.get(kind, {}).items():
        if fact in facts:
            value = facts[fact]
            if column in _DAYS:
                value = dt.date.fromisoformat(value)
            elif column == "unit":
                value = Unit.get(Unit.code == value)
            setattr(thing, column, value)


def _save(thing: CaseThing, *, is_new: bool, by: int | None) -> None:
    thing.save(force_insert=is_new)
    ledger.append("other", type(thing).__name__.lower(), thing, by=by)


def decide(case: Case, by: int | None) -> dict[str, str]:
    """Turn every measure that is drawn up into a decided one, as of today; returns the code of each."""
    decided = of_kind(case, "measure", "proposed")
    for measure in decided:
        measure.state, measure.decided_on = "decided", clock.today()
        _save(measure, is_new=False, by=by)
    return {measure.id: measure.code for measure in decided}
