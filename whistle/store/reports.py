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
    identity_askings: ModelSelect[Any]
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


#: The longest for which a first half may be given, in seconds: a week (the office's own bound).
GIVEN_AT_MOST = 7 * 24 * 3600


class IdentityAsking(RandomIdTable):
    """Somebody who works a case asked to see a reporter's contact; who consented, until when, and how it ended.

    Nobody consents to the own asking. The first half lies here, sealed to the asker, for as long as it is given.
    """

    seals: ModelSelect[Any]
    looks: ModelSelect[Any]

    unlogged = frozenset({"sealed_half"})

    id = TextField(primary_key=True, default=new_id)
    report = ForeignKeyField(Report, backref="identity_askings")
    report_id: str
    person = ForeignKeyField(Person, backref="identity_asked")
    person_id: int
    #: Why, under the case key of `generation`.
    sealed = BlobField()
    generation = IntegerField()
    asked_at = InstantField()
    state = TextField(
        default="waiting", constraints=[Check("state IN ('waiting', 'given', 'refused', 'ended')")]
    )
    decided_by = ForeignKeyField(Person, null=True, backref="identity_decided")
    decided_by_id: int | None
    decided_at = InstantField(null=True)
    #: Why it was refused, sealed to the case's box of `answer_generation`: a holder cannot read the case.
    sealed_answer = BlobField(null=True)
    answer_generation = IntegerField(null=True)
    until_at = InstantField(null=True)
    #: One of the two could have opened the contact alone, so that the second person's word was only a page.
    is_page_only = BooleanField(default=False)
    #: The asker's key that the half is sealed to.
    person_key = ForeignKeyField(PersonKey, null=True)
    person_key_id: int | None
    sealed_half = BlobField(null=True)
    ended_at = InstantField(null=True)
    ended_why = TextField(
        null=True,
        constraints=[Check("ended_why IN ('withdrawn', 'given_back', 'taken_back', 'time', 'lost')")],
    )

    class Meta:
        constraints = [
            Check("decided_by_id IS NULL OR decided_by_id <> person_id"),
            Check("(decided_by_id IS NULL) = (decided_at IS NULL)"),
            Check("(state = 'waiting' AND decided_at IS NULL) OR state = 'ended' OR decided_at IS NOT NULL"),
            Check("(state = 'given') = (sealed_half IS NOT NULL)"),
            Check("state <> 'given' OR until_at IS NOT NULL"),
            Check(
                f"until_at IS NULL OR (until_at > decided_at AND until_at <= decided_at + {GIVEN_AT_MOST})"
            ),
            Check("(state = 'ended') = (ended_at IS NOT NULL)"),
            Check("(ended_at IS NULL) = (ended_why IS NULL)"),
            Check("(sealed_answer IS NULL) = (answer_generation IS NULL)"),
        ]
        indexes = ((("state", "until_at"), False),)


# One asking of a person about a report is waiting or granted at a time.
IdentityAsking.add_index(
    IdentityAsking.index(
        IdentityAsking.report,
        IdentityAsking.person,
        unique=True,
        where=IdentityAsking.state.in_(("waiting", "given")),
        name="identity_asking_live",
    )
)


class IdentityAskingSeal(RandomIdTable):
    """Why somebody asks, sealed to one holder, until it is over."""

    id = TextField(primary_key=True, default=new_id)
    asking = ForeignKeyField(IdentityAsking, backref="seals")
    asking_id: str
    person = ForeignKeyField(Person)
    person_id: int
    person_key = ForeignKeyField(PersonKey)
    person_key_id: int
    sealed = BlobField()

    class Meta:
        indexes = ((("asking", "person"), True),)


class IdentityLook(RandomIdTable):
    """Each time somebody looked at a reporter's contact; the asking tells why, by whose consent and until when."""

    id = TextField(primary_key=True, default=new_id)
    asking = ForeignKeyField(IdentityAsking, backref="looks")
    asking_id: str
    recorded_at = InstantField()


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
