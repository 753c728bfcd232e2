"""What belongs to a case and has states of its own: persons concerned, measures, talks, promises, items.

Only `services.casework.act` writes here. Codes, days and states lie in the clear, every word under the case key; a
person is a random id, whose name only the case tells.
"""

from __future__ import annotations

from typing import Any

from peewee import BlobField, Check, ForeignKeyField, IntegerField, TextField

from whistle.rules.thing_rows import THING_STATES
from whistle.store.base import RandomIdTable
from whistle.store.cases import Case
from whistle.store.fields import DayField, new_id
from whistle.store.units import Unit


def _state_check(thing: str) -> Any:
    return Check("state IN ({})".format(", ".join(f"'{state}'" for state in THING_STATES[thing])))


class Subject(RandomIdTable):
    """A person whom a case may bring a measure; the name lies in `sealed`."""

    id = TextField(primary_key=True, default=new_id)
    case = ForeignKeyField(Case, backref="subjects")
    case_id: str
    state = TextField(constraints=[_state_check("subject")])
    sealed = BlobField()
    generation = IntegerField()
    made_on = DayField()


class Measure(RandomIdTable):
    """A row of the catalogue of measures, on a person or a unit: drawn up, decided, delivered."""

    id = TextField(primary_key=True, default=new_id)
    case = ForeignKeyField(Case, backref="measures")
    case_id: str
    state = TextField(constraints=[_state_check("measure")])
    code = TextField()
    subject = ForeignKeyField(Subject, null=True, backref="measures")
    subject_id: str | None
    unit = ForeignKeyField(Unit, null=True)
    unit_id: int | None
    decided_on = DayField(null=True)
    delivered_on = DayField(null=True)
    sealed = BlobField()
    generation = IntegerField()
    made_on = DayField()

    class Meta:
        constraints = [
            Check("(subject_id IS NULL) <> (unit_id IS NULL)"),
            Check("(state IN ('proposed', 'dropped')) = (decided_on IS NULL)"),
            Check("delivered_on IS NULL OR decided_on IS NOT NULL"),
        ]


class Talk(RandomIdTable):
    """A talk with somebody: planned, then held."""

    id = TextField(primary_key=True, default=new_id)
    case = ForeignKeyField(Case, backref="talks")
    case_id: str
    state = TextField(constraints=[_state_check("talk")])
    planned_on = DayField()
    sealed = BlobField()
    generation = IntegerField()
    made_on = DayField()


class Promise(RandomIdTable):
    """What somebody promised in a talk, and by when."""

    id = TextField(primary_key=True, default=new_id)
    case = ForeignKeyField(Case, backref="promises")
    case_id: str
    state = TextField(constraints=[_state_check("promise")])
    talk = ForeignKeyField(Talk, backref="promises")
    talk_id: str
    due_on = DayField()
    sealed = BlobField()
    generation = IntegerField()
    made_on = DayField()


class Item(RandomIdTable):
    """A problem that a unit has to put right. `due_on` None: the length of the clock's row."""

    id = TextField(primary_key=True, default=new_id)
    case = ForeignKeyField(Case, backref="items")
    case_id: str
    state = TextField(constraints=[_state_check("item")])
    unit = ForeignKeyField(Unit, null=True)
    unit_id: int | None
    due_on = DayField(null=True)
    sealed = BlobField()
    generation = IntegerField()
    made_on = DayField()


class Excerpt(RandomIdTable):
    """What of a case may be shown to others: masked, and read through by a second person."""

    id = TextField(primary_key=True, default=new_id)
    case = ForeignKeyField(Case, backref="excerpts")
    case_id: str
    state = TextField(constraints=[_state_check("excerpt")])
    sealed = BlobField()
    generation = IntegerField()
    made_on = DayField()


CaseThing = Subject | Measure | Talk | Promise | Item | Excerpt

#: The table of each kind of thing.
THING_TABLES: dict[str, type[CaseThing]] = {
    "subject": Subject,
    "measure": Measure,
    "talk": Talk,
    "promise": Promise,
    "item": Item,
    "excerpt": Excerpt,
}
