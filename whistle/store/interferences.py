"""打听过问: records of colleagues and others who asked about matters or spoke for somebody (JCF 66). Never changed."""

from __future__ import annotations

from typing import Any

from peewee import BlobField, ForeignKeyField, ModelSelect, TextField

from whistle.store.base import RandomIdTable
from whistle.store.fields import DayField, new_id
from whistle.store.people import Person, PersonKey


class Interference(RandomIdTable):
    """One record: the day it was made, and sealed all that it says, who made it too, under a key of its own."""

    seals: ModelSelect[Any]

    id = TextField(primary_key=True, default=new_id)
    recorded_on = DayField(index=True)
    sealed = BlobField()


class InterferenceSeal(RandomIdTable):
    """The key of a record, sealed to one reader: the head or an oversight member whom it does not name."""

    id = TextField(primary_key=True, default=new_id)
    interference = ForeignKeyField(Interference, backref="seals")
    interference_id: str
    person = ForeignKeyField(Person)
    person_id: int
    person_key = ForeignKeyField(PersonKey)
    person_key_id: int
    sealed = BlobField()

    class Meta:
        indexes = ((("interference", "person"), True),)
