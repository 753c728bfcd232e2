"""Reports and their keys, the reporter's identity, and the messages between reporter and office."""

from __future__ import annotations

from typing import Any

from peewee import BlobField, BooleanField, Check, ForeignKeyField, IntegerField, ModelSelect, TextField

from whistle.store.base import RandomIdTable
from whistle.store.cases import Case
from whistle.store.channels import Channel
from whistle.store.desks import SuperiorKey
from whistle.store.fields import DayField, InstantField, new_id
from whistle.store.people import Person, PersonKey
from whistle.store.units import Unit


class Report(RandomIdTable):
    """One report as it came in. The body is under the report key; what is clear is here for a stated reason."""

    keys: ModelSelect[Any]
    identity: ModelSelect[Any]
    identity_seals: ModelSelect[Any]
    messages: ModelSelect[Any]

    id = TextField(primary_key=True, default=new_id)
    case = ForeignKeyField(Case, backref="reports")
    case_id: str
    channel = ForeignKeyField(Channel, null=True)
    channel_id: int | None
    origin = TextField(constraints=[Check("origin IN ('qr', 'office')")])
    kind = TextField()
    is_named = BooleanField(default=False)
    is_flagged = BooleanField(default=False)
    #: The unit reported on, in the reporter's choice: its people must not read either.
    unit = ForeignKeyField(Unit, null=True, backref="reports_about")
    unit_id: int | None
    unit_shut_out = ForeignKeyField(Unit, null=True, backref="reports_kept_from")
    unit_shut_out_id: int | None
    received_on = DayField()
    #: Hash of the receipt-derived lookup id; None for reports the office itself makes.
    lookup_hash = BlobField(null=True, unique=True)
    reporter_public = BlobField(null=True)
    salt_generation = IntegerField(null=True)
    #: Hash of the form's one-time number: a replayed form makes one report.
    form_hash = BlobField(null=True, unique=True)
    sealed_body = BlobField()
    key_generation = IntegerField(default=1)

    unlogged = frozenset({"key_generation", "form_hash"})


class ReportKey(RandomIdTable):
    """A generation of the report key: sealed to the reporter, wrapped under the case key."""

    unlogged = frozenset({"sealed_to_reporter", "wrapped", "case_generation"})

    id = TextField(primary_key=True, default=new_id)
    report = ForeignKeyField(Report, backref="keys")
    report_id: str
    generation = IntegerField()
    case_generation = IntegerField()
    sealed_to_reporter = BlobField(null=True)
    wrapped = BlobField()

    class Meta:
        indexes = ((("report", "generation"), True),)


class Identity(RandomIdTable):
    """A real-name reporter's contact under the identity key, and the half of that key under the case key."""

    unlogged = frozenset({"half_under_case", "case_generation", "half_to_reporter", "half_to_recovery"})

    report = ForeignKeyField(Report, primary_key=True, backref="identity")
    report_id: str
    sealed_contact = BlobField()
    half_under_case = BlobField()
    case_generation = IntegerField()
    #: None where the reporter has no receipt code.
    half_to_reporter = BlobField(null=True)
    half_to_recovery = BlobField(null=True)


class IdentitySeal(RandomIdTable):
    """The other half of an identity key, sealed to one holder."""

    id = TextField(primary_key=True, default=new_id)
    report = ForeignKeyField(Report, backref="identity_seals")
    report_id: str
    person = ForeignKeyField(Person, null=True)
    person_id: int | None
    person_key = ForeignKeyField(PersonKey, null=True)
    person_key_id: int | None
    superior_key = ForeignKeyField(SuperiorKey, null=True)
    superior_key_id: int | None
    sealed = BlobField()

    class Meta:
        constraints = [Check("(person_id IS NULL) <> (superior_key_id IS NULL)")]


class Message(RandomIdTable):
    """A message between reporter and office, sealed under the report key of its generation."""

    id = TextField(primary_key=True, default=new_id)
    report = ForeignKeyField(Report, backref="messages")
    report_id: str
    #: 'reporter' or 'office'
    side = TextField(constraints=[Check("side IN ('reporter', 'office')")])
    #: The action it came with, by its name in `rules.workflow`.
    purpose = TextField()
    by = ForeignKeyField(Person, null=True)
    by_id: int | None
    sent_on = DayField()
    #: The office's messages keep the second; a reporter's only the day.
    sent_at = InstantField(null=True)
    generation = IntegerField()
    form_hash = BlobField(null=True, unique=True)

    unlogged = frozenset({"form_hash"})

    #: Words, and the exact order within the day.
    sealed = BlobField()

    class Meta:
        constraints = [Check("side = 'office' OR (sent_at IS NULL AND by_id IS NULL)")]


class ReadState(RandomIdTable):
    """How far an officer has read a report's messages: by count."""

    id = TextField(primary_key=True, default=new_id)
    report = ForeignKeyField(Report)
    report_id: str
    person = ForeignKeyField(Person)
    person_id: int
    seen = IntegerField(default=0)

    class Meta:
        indexes = ((("report", "person"), True),)
