"""Cases, their keys, events, clocks and proposals. Only `services.casework.act` writes here, and `access` the keys."""

from __future__ import annotations

from typing import Any

from peewee import BlobField, BooleanField, Check, ForeignKeyField, IntegerField, ModelSelect, TextField

from whistle.rules.workflow import STATES
from whistle.store.base import RandomIdTable
from whistle.store.desks import Desk, DeskKey, DeskSeal, SuperiorKey
from whistle.store.fields import DayField, InstantField, JsonField, new_id
from whistle.store.people import Person, PersonKey
from whistle.store.units import Unit

STATE_CHECK = "state IN ({})".format(", ".join(f"'{s}'" for s in STATES))


class Case(RandomIdTable):
    """A case as it stands; the events tell how it came here. `version` rises with every event."""

    reports: ModelSelect[Any]
    keys: ModelSelect[Any]
    seals: ModelSelect[Any]
    merged_keys: ModelSelect[Any]
    keys_of_merged: ModelSelect[Any]
    shut_out: ModelSelect[Any]
    units_shut_out: ModelSelect[Any]
    openings: ModelSelect[Any]
    events: ModelSelect[Any]
    clocks: ModelSelect[Any]
    proposals: ModelSelect[Any]
    subjects: ModelSelect[Any]
    measures: ModelSelect[Any]
    talks: ModelSelect[Any]
    promises: ModelSelect[Any]
    items: ModelSelect[Any]
    excerpts: ModelSelect[Any]
    recusal_requests: ModelSelect[Any]
    reminders: ModelSelect[Any]
    recusals: ModelSelect[Any]
    clearances: ModelSelect[Any]
    acting_heads: ModelSelect[Any]

    id = TextField(primary_key=True, default=new_id)
    number = TextField(null=True, unique=True)
    desk = ForeignKeyField(Desk, backref="cases")
    desk_id: int
    state = TextField(constraints=[Check(STATE_CHECK)])
    #: Where `supplement` and `lapse_supplement` lead back to.
    return_state = TextField(null=True)
    version = IntegerField(default=1)
    officer = ForeignKeyField(Person, null=True, backref="cases")
    officer_id: int | None
    #: Who reviews it; another than the officer.
    reviewer = ForeignKeyField(Person, null=True, backref="cases_reviewed")
    reviewer_id: int | None
    #: First-asked responsibility: who took it in stays answerable until `assign`.
    taken_in_by = ForeignKeyField(Person, null=True, backref="cases_taken_in")
    taken_in_by_id: int | None
    kind = TextField()
    category = TextField(null=True)
    other_categories = JsonField(default=list)
    severity = TextField(null=True)
    complexity = TextField(null=True)
    #: How it ended: a code of `taxonomy.TABLES["all_findings"]`.
    finding = TextField(null=True)
    unit = ForeignKeyField(Unit, null=True)
    unit_id: int | None
    is_flagged = BooleanField(default=False)
    is_named = BooleanField(default=False)
    received_on = DayField(index=True)
    key_generation = IntegerField(default=1)
    #: 'renew keys of N cases' after a deactivation, until done.
    needs_new_keys = BooleanField(default=False)

    unlogged = frozenset({"needs_new_keys", "key_generation"})


class CaseKey(RandomIdTable):
    """A generation of the case key: the box's two halves, the private one sealed, and the older key under the newer."""

    unlogged = frozenset({"sealed_under_next", "sealed_box_private"})

    id = TextField(primary_key=True, default=new_id)
    case = ForeignKeyField(Case, backref="keys")
    case_id: str
    generation = IntegerField()
    box_public = BlobField()
    sealed_box_private = BlobField()
    sealed_under_next = BlobField(null=True)
    made_on = DayField()

    class Meta:
        indexes = ((("case", "generation"), True),)


class CaseSeal(RandomIdTable):
    """A grant: the newest case key sealed to a desk, a person, or the recovery key."""

    id = TextField(primary_key=True, default=new_id)
    case = ForeignKeyField(Case, backref="seals")
    case_id: str
    generation = IntegerField()
    desk_key = ForeignKeyField(DeskKey, null=True)
    desk_key_id: int | None
    person = ForeignKeyField(Person, null=True, backref="case_seals")
    person_id: int | None
    person_key = ForeignKeyField(PersonKey, null=True)
    person_key_id: int | None
    superior_key = ForeignKeyField(SuperiorKey, null=True)
    superior_key_id: int | None
    is_recovery = BooleanField(default=False)
    unlogged = frozenset({"sealed"})

    #: Why it was given: 'desk', 'line', 'intake', 'assigned', 'proposal', 'recusal' (to decide one), 'acting'; and
    #: 'proposal_for_days', 'recusal_for_days' to who acts as head for days, which open nothing after them.
    reason = TextField()
    #: The last day of a loan from the archive, after which it opens nothing.
    until = DayField(null=True, constraints=[Check("until IS NULL OR reason = 'lent'")])
    sealed = BlobField()
    #: Whether it is a record under the reader's keyring by now; it arrives as a seal to the reader's public key.
    is_moved = BooleanField(default=False)

    class Meta:
        constraints = [
            Check(
                "(CASE WHEN desk_key_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN person_id IS NULL THEN 0 ELSE 1 END)"
                " + (CASE WHEN superior_key_id IS NULL THEN 0 ELSE 1 END)"
                " + (CASE WHEN is_recovery THEN 1 ELSE 0 END) = 1"
            )
        ]
        # The last two answer by themselves which cases somebody holds: a desk's list of thousands asks that.
        indexes = (
            (("case", "generation", "person"), True),
            (("person", "case"), False),
            (("desk_key", "case"), False),
        )


# Those that are still to be moved: each session asks for its own every half minute.
for _name, _reader in (("person", CaseSeal.person), ("desk", CaseSeal.desk_key)):
    CaseSeal.add_index(CaseSeal.index(_reader, where=~CaseSeal.is_moved, name=f"case_seal_to_move_{_name}"))


class MergedKey(RandomIdTable):
    """The newest key of a merged case, sealed to the box of the case it was merged into: who opens that opens this."""

    unlogged = frozenset({"sealed"})

    id = TextField(primary_key=True, default=new_id)
    case = ForeignKeyField(Case, unique=True, backref="merged_keys")
    case_id: str
    target = ForeignKeyField(Case, backref="keys_of_merged")
    target_id: str
    generation = IntegerField()
    #: Which of the target's boxes it is sealed to.
    target_generation = IntegerField()
    sealed = BlobField()


def seals_open_to(person: Any) -> ModelSelect[CaseSeal]:
    """The grants that a person can open, personal or through a desk's key; `person` is an id or a column of one."""
    held = DeskSeal.select(DeskSeal.desk_key).where(DeskSeal.person == person)
    return CaseSeal.select().where((CaseSeal.person == person) | CaseSeal.desk_key.in_(held))


class ShutOut(RandomIdTable):
    """A person who may not read a case: of the subject unit, named as subject, or recused; `reason` says which."""

    id = TextField(primary_key=True, default=new_id)
    case = ForeignKeyField(Case, backref="shut_out")
    case_id: str
    person = ForeignKeyField(Person, backref="shut_out_of")
    person_id: int
    reason = TextField()

    class Meta:
        indexes = ((("case", "person"), True),)


class UnitShutOut(RandomIdTable):
    """A unit whose people may not read a case although no report names it: that of the channel, kept as it was then."""

    id = TextField(primary_key=True, default=new_id)
    case = ForeignKeyField(Case, backref="units_shut_out")
    case_id: str
    unit = ForeignKeyField(Unit, backref="shut_out_of")
    unit_id: int

    class Meta:
        indexes = ((("case", "unit"), True),)


class Opening(RandomIdTable):
    """Who opened a case's content, once for each session."""

    id = TextField(primary_key=True, default=new_id)
    case = ForeignKeyField(Case, backref="openings")
    case_id: str
    person = ForeignKeyField(Person)
    person_id: int
    session = IntegerField()
    recorded_at = InstantField()

    class Meta:
        indexes = ((("case", "person", "session"), True),)


class CaseEvent(RandomIdTable):
    """One thing that happened to a case. Rows are never updated; clocks follow from them alone."""

    id = TextField(primary_key=True, default=new_id)
    case = ForeignKeyField(Case, backref="events")
    case_id: str
    seq = IntegerField()
    action = TextField()
    from_state = TextField(null=True)
    to_state = TextField()
    #: None when the reporter or the system acted; `by_kind` says which.
    by = ForeignKeyField(Person, null=True)
    by_id: int | None
    by_kind = TextField(constraints=[Check("by_kind IN ('office', 'reporter', 'system')")])
    report = TextField(null=True)
    #: Clear facts: codes, days, ids; never words.
    facts = JsonField(default=dict)
    #: Words, sealed under the case key of `generation` (or to its box when the writer cannot read).
    sealed = BlobField(null=True)
    generation = IntegerField(null=True)
    valid_on = DayField()
    recorded_on = DayField()
    #: To the second for the office's acts; what a reporter causes, the receipt included, keeps the day alone.
    recorded_at = InstantField(null=True)

    class Meta:
        constraints = [
            Check("(sealed IS NULL) = (generation IS NULL)"),
            Check("(by_kind = 'office') = (by_id IS NOT NULL)"),
            Check("recorded_at IS NULL OR by_kind = 'office'"),
        ]
        # What happened in a month, by the day it counts for, and since a meeting, by the day it was entered.
        indexes = (
            (("case", "seq"), True),
            (("valid_on", "action", "case"), False),
            (("recorded_on", "case"), False),
        )


class Clock(RandomIdTable):
    """A due date as it follows from the events; rewritten whenever the case moves."""

    id = TextField(primary_key=True, default=new_id)
    case = ForeignKeyField(Case, backref="clocks", index=False)
    case_id: str
    report = TextField(null=True)
    name = TextField()
    started_on = DayField()
    due_on = DayField()
    state = TextField(constraints=[Check("state IN ('running', 'paused', 'met', 'cancelled')")])
    ended_on = DayField(null=True)
    paused_on = DayField(null=True)
    #: The clock's kind of day: working, natural or months.
    unit = TextField(default="")
    is_provisional = BooleanField(default=False)
    #: From when on it is no longer green, while it runs: reminders are found by it.
    amber_on = DayField()

    class Meta:
        # By what is due in the office, by what turns amber, and by what is due first in a case.
        indexes = (
            (("state", "due_on", "case"), False),
            (("state", "amber_on", "id"), False),
            (("case", "state", "due_on"), False),
        )


class Proposal(RandomIdTable):
    """An act that needs leave: sealed under the case key, decided in the approver's own session."""

    id = TextField(primary_key=True, default=new_id)
    case = ForeignKeyField(Case, backref="proposals")
    case_id: str
    action = TextField()
    sealed = BlobField()
    generation = IntegerField()
    #: The case as the proposer saw it: its version, and the number of its newest event.
    case_version = IntegerField()
    case_seq = IntegerField()
    by = ForeignKeyField(Person, backref="proposals")
    by_id: int
    made_at = InstantField()
    #: Whose leave it waits for, as `workflow.leave_for` says; None in rows older than this column: the action's own.
    approval = TextField(null=True)
    #: Whom a decider asked to decide in their place.
    delegated_to = ForeignKeyField(Person, null=True, backref="delegated")
    delegated_to_id: int | None
    state = TextField(
        default="waiting",
        constraints=[Check("state IN ('waiting', 'approved', 'returned', 'withdrawn', 'overtaken')")],
    )
    decided_by = ForeignKeyField(Person, null=True, backref="decided_proposals")
    decided_by_id: int | None
    decided_at = InstantField(null=True)
    sealed_decision = BlobField(null=True)

    class Meta:
        constraints = [
            Check("(state = 'waiting') = (decided_at IS NULL)"),
            Check("decided_by_id IS NULL OR decided_by_id <> by_id"),
        ]


# One proposal at a time may wait for a case.
Proposal.add_index(
    Proposal.index(Proposal.case, unique=True, where=(Proposal.state == "waiting"), name="proposal_waiting")
)
