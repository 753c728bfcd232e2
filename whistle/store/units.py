"""Units that are reported on, as a tree; names and places are counted facts and never updated in place."""

from __future__ import annotations

from typing import Any

from peewee import AutoField, ForeignKeyField, ModelSelect, TextField

from whistle.store.base import Table
from whistle.store.fields import DayField, InstantField


class Unit(Table):
    """A unit by its code; its name and parent are in `UnitFact`."""

    facts: ModelSelect[Any]
    child_facts: ModelSelect[Any]
    people: ModelSelect[Any]
    shut_out_of: ModelSelect[Any]

    id = AutoField()
    code = TextField(unique=True)
    recorded_at = InstantField()


class UnitFact(Table):
    """What a unit is called and under whom it stands from a day on."""

    id = AutoField()
    unit = ForeignKeyField(Unit, backref="facts")
    unit_id: int
    name_zh = TextField()
    name_en = TextField()
    kind = TextField(default="department")
    parent = ForeignKeyField(Unit, null=True, backref="child_facts")
    parent_id: int | None
    valid_on = DayField()
    recorded_at = InstantField()
