"""People of the office, their keys, invitations, admissions and sign-in state."""

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

from whistle.store.base import RandomIdTable, Table
from whistle.store.fields import DayField, InstantField, JsonField
from whistle.store.units import Unit

ROLES = ("intake", "officer", "reviewer", "deputy", "head", "auditor", "supervisor", "oversight", "admin")
ROLE_CHECK = "role IN ({})".format(", ".join(f"'{r}'" for r in ROLES))


class Person(Table):
    """Somebody who can sign in. `unit` is the unit a person belongs to (a seconded officer), if any."""

    line: ModelSelect[Any]
    seats: ModelSelect[Any]
    desk_seals: ModelSelect[Any]
    superior_entered: ModelSelect[Any]
    superior_confirmed: ModelSelect[Any]
    keys: ModelSelect[Any]
    admissions_given: ModelSelect[Any]
    invitations: ModelSelect[Any]
    recovery_codes: ModelSelect[Any]
    sessions: ModelSelect[Any]
    devices: ModelSelect[Any]
    asked: ModelSelect[Any]
    confirmed: ModelSelect[Any]
    cases: ModelSelect[Any]
    cases_taken_in: ModelSelect[Any]
    cases_reviewed: ModelSelect[Any]
    delegated: ModelSelect[Any]
    case_seals: ModelSelect[Any]
    shut_out_of: ModelSelect[Any]
    proposals: ModelSelect[Any]
    to_decide: ModelSelect[Any]
    decided_proposals: ModelSelect[Any]
    absences: ModelSelect[Any]
    absences_entered: ModelSelect[Any]
    notices: ModelSelect[Any]
    recusals: ModelSelect[Any]
    recusals_decided: ModelSelect[Any]
    recusals_lifted: ModelSelect[Any]
    clearances: ModelSelect[Any]
    clearances_decided: ModelSelect[Any]
    acting_as_head: ModelSelect[Any]
    acting_heads_entered: ModelSelect[Any]
    acting_heads_ended: ModelSelect[Any]

    unlogged = frozenset({"totp_step", "locale", "password_salt", "verifier"})

    id = AutoField()
    user_name = TextField(unique=True)
    name = TextField()
    role = TextField(constraints=[Check(ROLE_CHECK)])
    unit = ForeignKeyField(Unit, null=True, backref="people")
    unit_id: int | None
    is_outside = BooleanField(default=False)
    state = TextField(default="invited", constraints=[Check("state IN ('invited', 'active', 'deactivated')")])
    recorded_at = InstantField()
    locale = TextField(default="zh_CN")
    #: Where reminders go; None: they are on the desk alone.
    email = TextField(null=True)
    password_salt = BlobField(null=True)
    verifier = BlobField(null=True)
    #: The last time step a one-time code was accepted for, so that a code works once.
    totp_step = IntegerField(default=0)


class PersonKey(Table):
    """A key pair of a person; the private half only sealed. A re-invitation makes a new row."""

    admissions: ModelSelect[Any]

    unlogged = frozenset({"sealed_private", "sealed_to_recovery", "sealed_totp"})

    id = AutoField()
    person = ForeignKeyField(Person, backref="keys")
    person_id: int
    public = BlobField()
    sealed_private = BlobField()
    sealed_to_recovery = BlobField(null=True)
    sealed_totp = BlobField(null=True)
    recorded_at = InstantField()
    retired_at = InstantField(null=True)


class Admission(Table):
    """Who compared the short code of a key for a role and let the person in; ends with role, key or person."""

    id = AutoField()
    key = ForeignKeyField(PersonKey, backref="admissions")
    key_id: int
    role = TextField(constraints=[Check(ROLE_CHECK)])
    admitted_by = ForeignKeyField(Person, null=True, backref="admissions_given")
    admitted_by_id: int | None
    #: The first head and the first oversight member are taken on trust; their codes are in the log.
    on_trust = BooleanField(default=False)
    recorded_at = InstantField()
    ended_at = InstantField(null=True)

    class Meta:
        constraints = [
            Check("on_trust = (admitted_by_id IS NULL)"),
            Check("NOT on_trust OR role IN ('head', 'oversight')"),
        ]


# One person a role is taken on trust. Again only while no key of that office exists (`accounts`): a head who loses the
# account on the first day has lost nothing that a new first head would open.
Admission.add_index(
    Admission.index(
        Admission.role,
        unique=True,
        where=Admission.on_trust & Admission.ended_at.is_null(),
        name="admission_on_trust",
    )
)


class Invitation(Table):
    """A one-time link to activate or re-activate an account; only a hash of its token is kept."""

    id = AutoField()
    person = ForeignKeyField(Person, backref="invitations")
    person_id: int
    token_hash = BlobField(unique=True)
    made_by = ForeignKeyField(Person, null=True)
    made_by_id: int | None
    made_at = InstantField()
    expires_at = InstantField()
    used_at = InstantField(null=True)
    #: Set when a newer invitation, a role change or a deactivation ends it.
    revoked_at = InstantField(null=True)


class RecoveryCode(Table):
    """A one-time code in place of the second factor; only a hash is kept."""

    id = AutoField()
    person = ForeignKeyField(Person, backref="recovery_codes")
    person_id: int
    code_hash = BlobField()
    used_at = InstantField(null=True)


class RecoveryKey(Table):
    """The public half of the recovery pair; the private half is on the printed sheet alone."""

    id = AutoField()
    public = BlobField()
    made_by = ForeignKeyField(Person)
    made_by_id: int
    recorded_at = InstantField()
    #: The places of the three groups to type back, and a hash of them, until that was done. Three groups of four
    #: characters give away at most 60 of the sheet's bits even to somebody who tries them all.
    asked_groups = JsonField(null=True)
    groups_hash = BlobField(null=True)
    #: Set when three groups of the sheet were typed back; not in force before.
    checked_at = InstantField(null=True)
    retired_at = InstantField(null=True)

    unlogged = frozenset({"asked_groups", "groups_hash"})


class OfficerSession(Table):
    """A signed-in officer: the private key sealed under a secret that only the cookie holds.

    'second_factor' waits for the one-time code; 'activation' carries a half-made account until its first code.
    """

    id = AutoField()
    secret_hash = BlobField(unique=True)
    person = ForeignKeyField(Person, backref="sessions")
    person_id: int
    stage = TextField(constraints=[Check("stage IN ('activation', 'second_factor', 'open')")])
    person_key = ForeignKeyField(PersonKey, null=True)
    person_key_id: int | None
    sealed = BlobField()
    made_at = InstantField()
    seen_at = InstantField()


class KnownDevice(Table):
    """A browser that once signed in: its tries are counted apart, so strangers cannot lock its owner out."""

    id = AutoField()
    person = ForeignKeyField(Person, backref="devices")
    person_id: int
    token_hash = BlobField(unique=True)
    failures = IntegerField(default=0)
    last_failure_at = InstantField(null=True)
    made_at = InstantField()


class SignInTries(Table):
    """How often strangers failed at a user name, whether it exists or not, so that both are answered alike.

    The name is hashed, for people type passwords into the wrong box.
    """

    name_hash = BlobField(primary_key=True)
    failures = IntegerField()
    last_failure_at = InstantField(index=True)


class Confirmation(Table):
    """A change an administrator asked for that waits for the head or a deputy."""

    id = AutoField()
    kind = TextField()
    what = JsonField()
    asked_by = ForeignKeyField(Person, backref="asked")
    asked_by_id: int
    asked_at = InstantField()
    state = TextField(
        default="waiting",
        constraints=[Check("state IN ('waiting', 'confirmed', 'refused', 'withdrawn')")],
    )
    decided_by = ForeignKeyField(Person, null=True, backref="confirmed")
    decided_by_id: int | None
    decided_at = InstantField(null=True)

    class Meta:
        constraints = [
            Check("(state = 'waiting') = (decided_at IS NULL)"),
            Check("decided_by_id IS NULL OR decided_by_id <> asked_by_id OR state = 'withdrawn'"),
        ]


class Absence(Table):
    """Days on which a person is away, both included; `ended_at` when the person came back early."""

    id = AutoField()
    person = ForeignKeyField(Person, backref="absences")
    person_id: int
    from_on = DayField()
    to_on = DayField()
    entered_by = ForeignKeyField(Person, backref="absences_entered")
    entered_by_id: int
    recorded_at = InstantField()
    ended_at = InstantField(null=True)

    class Meta:
        constraints = [Check("to_on >= from_on")]


class ReporterSession(RandomIdTable):
    """A reporter's visit: draft, receipt shown once, or tracking; sealed under the cookie's secret."""

    id = TextField(primary_key=True)
    kind = TextField(constraints=[Check("kind IN ('draft', 'receipt', 'track')")])
    sealed = BlobField()
    #: A whole hour; the exact end lies inside the seal.
    expires_at = InstantField(index=True)
    made_on = DayField()
