"""Desks, lines, desk keys and the keys of the office: who may come to read."""

from __future__ import annotations

from typing import Any

from peewee import (
    AutoField,
    BlobField,
    BooleanField,
    Check,
    ForeignKeyField,
    IntegerField,
    ModelSelect,
    TextField,
)

from whistle.store.base import Table
from whistle.store.fields import InstantField
from whistle.store.people import Person, PersonKey


class Desk(Table):
    """An intake desk, the oversight desk or the archive. Each has one deputy; the head stands in every line."""

    members: ModelSelect[Any]
    keys: ModelSelect[Any]
    cases: ModelSelect[Any]

    id = AutoField()
    name_zh = TextField()
    name_en = TextField()
    kind = TextField(constraints=[Check("kind IN ('intake', 'oversight', 'archive')")])
    deputy = ForeignKeyField(Person, null=True, backref="line")
    deputy_id: int | None
    recorded_at = InstantField()

    class Meta:
        constraints = [Check("kind <> 'oversight' OR deputy_id IS NULL")]


Desk.add_index(Desk.index(Desk.kind, unique=True, where=(Desk.kind == "archive"), name="desk_one_archive"))


class DeskMember(Table):
    """A seat at a desk: wished by an administrator, real once admitted."""

    id = AutoField()
    desk = ForeignKeyField(Desk, backref="members")
    desk_id: int
    person = ForeignKeyField(Person, backref="seats")
    person_id: int
    #: The key the seat was admitted for; a seat ends with its key.
    person_key = ForeignKeyField(PersonKey, null=True)
    person_key_id: int | None
    asked_by = ForeignKeyField(Person, null=True)
    asked_by_id: int | None
    admitted_by = ForeignKeyField(Person, null=True)
    admitted_by_id: int | None
    admitted_at = InstantField(null=True)
    recorded_at = InstantField()
    ended_at = InstantField(null=True)

    class Meta:
        constraints = [Check("admitted_at IS NULL OR admitted_by_id IS NOT NULL")]


def is_seated() -> Any:
    """Whether a seat is real now, admitted and not ended; as a condition on seats."""
    return DeskMember.admitted_at.is_null(False) & DeskMember.ended_at.is_null()


class DeskKey(Table):
    """A desk's key pair, by generation; the private half is only in seals."""

    seals: ModelSelect[Any]

    unlogged = frozenset({"sealed_to_recovery", "needs_renewal"})

    id = AutoField()
    desk = ForeignKeyField(Desk, backref="keys")
    desk_id: int
    generation = IntegerField(constraints=[Check("generation > 0")])
    public = BlobField()
    sealed_to_recovery = BlobField(null=True)
    made_by = ForeignKeyField(Person)
    made_by_id: int
    recorded_at = InstantField()
    retired_at = InstantField(null=True)
    #: A member left who knew it: the next generation is due.
    needs_renewal = BooleanField(default=False)

    class Meta:
        indexes = ((("desk", "generation"), True),)


class DeskSeal(Table):
    """The desk's private key sealed to one member."""

    id = AutoField()
    desk_key = ForeignKeyField(DeskKey, backref="seals")
    desk_key_id: int
    person = ForeignKeyField(Person, backref="desk_seals")
    person_id: int
    person_key = ForeignKeyField(PersonKey)
    person_key_id: int
    sealed = BlobField()

    class Meta:
        indexes = ((("desk_key", "person"), True),)


class BlindKey(Table):
    """The blind-index key, by generation; the key itself is only in seals."""

    seals: ModelSelect[Any]

    generation = IntegerField(primary_key=True)
    made_by = ForeignKeyField(Person)
    made_by_id: int
    sealed_to_recovery = BlobField(null=True)
    recorded_at = InstantField()
    #: A holder left who knew it: the next generation is due.
    needs_renewal = BooleanField(default=False)

    unlogged = frozenset({"sealed_to_recovery", "needs_renewal"})


class BlindSeal(Table):
    """The blind-index key sealed to one officer of casework."""

    id = AutoField()
    blind_key = ForeignKeyField(BlindKey, backref="seals")
    blind_key_id: int
    person = ForeignKeyField(Person)
    person_id: int
    person_key = ForeignKeyField(PersonKey)
    person_key_id: int
    sealed = BlobField()

    class Meta:
        indexes = ((("blind_key", "person"), True),)


class IdentityHolder(Table):
    """Who holds the first half of identity keys; has no seat in the line of the cases."""

    id = AutoField()
    person = ForeignKeyField(Person)
    person_id: int
    named_by = ForeignKeyField(Person)
    named_by_id: int
    recorded_at = InstantField()
    ended_at = InstantField(null=True)


class SuperiorKey(Table):
    """The higher body's public key: entered by the outside oversight member, in force once a second confirms."""

    id = AutoField()
    public = BlobField()
    entered_by = ForeignKeyField(Person, backref="superior_entered")
    entered_by_id: int
    recorded_at = InstantField()
    confirmed_by = ForeignKeyField(Person, null=True, backref="superior_confirmed")
    confirmed_by_id: int | None
    confirmed_at = InstantField(null=True)
    retired_at = InstantField(null=True)

    class Meta:
        constraints = [Check("confirmed_by_id IS NULL OR confirmed_by_id <> entered_by_id")]
