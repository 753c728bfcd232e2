"""Who keeps off a case, who asked for it, who was let in again, and who acts in the head's place."""

from __future__ import annotations

from peewee import BlobField, Check, ForeignKeyField, TextField

from whistle.store.base import RandomIdTable
from whistle.store.cases import Case
from whistle.store.fields import DayField, InstantField, new_id
from whistle.store.people import Person, PersonKey


class Recusal(RandomIdTable):
    """Somebody keeps off a case, or declared to, from that day until it is refused or lifted. Never deleted.

    A declaration has no decision yet; `paper` and `paper_on` are the superior's, where the superior decided.
    """

    id = TextField(primary_key=True, default=new_id)
    case = ForeignKeyField(Case, backref="recusals")
    case_id: str
    person = ForeignKeyField(Person, backref="recusals")
    person_id: int
    way = TextField(constraints=[Check("way IN ('declared', 'imposed', 'asked')")])
    ground = TextField()
    state = TextField(constraints=[Check("state IN ('suspended', 'in_force', 'refused', 'lifted')")])
    recorded_at = InstantField()
    decided_by = ForeignKeyField(Person, null=True, backref="recusals_decided")
    decided_by_id: int | None
    decided_at = InstantField(null=True)
    paper = TextField(null=True)
    paper_on = DayField(null=True)
    lifted_by = ForeignKeyField(Person, null=True, backref="recusals_lifted")
    lifted_by_id: int | None
    lifted_at = InstantField(null=True)
    lift_paper = TextField(null=True)
    lift_paper_on = DayField(null=True)

    class Meta:
        constraints = [
            Check("(state = 'suspended') = (decided_at IS NULL)"),
            Check("(decided_at IS NULL) = (decided_by_id IS NULL)"),
            Check("decided_by_id IS NULL OR decided_by_id <> person_id"),
            Check("(paper IS NULL) = (paper_on IS NULL)"),
            Check("(state = 'lifted') = (lifted_at IS NOT NULL)"),
            Check("(lifted_at IS NULL) = (lifted_by_id IS NULL)"),
            Check("lifted_by_id IS NULL OR lifted_by_id <> person_id"),
            Check("(lift_paper IS NULL) = (lift_paper_on IS NULL)"),
        ]


# One recusal of a person from a case stands at a time.
Recusal.add_index(
    Recusal.index(
        Recusal.case,
        Recusal.person,
        unique=True,
        where=Recusal.state.in_(("suspended", "in_force")),
        name="recusal_standing",
    )
)


class RecusalRequest(RandomIdTable):
    """A wish that somebody keep off the case, as one of those who decide it gets it: sealed to that person's key.

    From a reporter (`report`, and sealed to the reporter too), a declaration (`recusal`), or of others by an officer's
    pen. Rows of one wish share `wish`.
    """

    unlogged = frozenset({"sealed", "sealed_to_reporter"})

    id = TextField(primary_key=True, default=new_id)
    case = ForeignKeyField(Case, backref="recusal_requests")
    case_id: str
    #: None where the row is the whole wish.
    wish = TextField(null=True)
    report = TextField(null=True)
    recusal = ForeignKeyField(Recusal, null=True, backref="requests")
    recusal_id: str | None
    person = ForeignKeyField(Person)
    person_id: int
    person_key = ForeignKeyField(PersonKey)
    person_key_id: int
    #: None when it was taken from the decider.
    sealed = BlobField(null=True)
    sealed_to_reporter = BlobField(null=True)
    made_on = DayField()
    outcome = TextField(null=True, constraints=[Check("outcome IN ('granted', 'refused')")])
    answered_on = DayField(null=True)
    #: Why it was answered so, for the decider alone.
    sealed_answer = BlobField(null=True)

    class Meta:
        constraints = [
            Check("(report IS NULL) = (sealed_to_reporter IS NULL)"),
            Check("report IS NULL OR recusal_id IS NULL"),
            Check("(outcome IS NULL) = (answered_on IS NULL)"),
        ]


class Clearance(RandomIdTable):
    """It was decided that somebody who was kept out of a case, by unit or by name, may read it after all."""

    id = TextField(primary_key=True, default=new_id)
    case = ForeignKeyField(Case, backref="clearances")
    case_id: str
    person = ForeignKeyField(Person, backref="clearances")
    person_id: int
    #: What no longer keeps the person out: 'unit' or 'name'.
    of = TextField(constraints=[Check("of IN ('unit', 'name')")])
    decided_by = ForeignKeyField(Person, backref="clearances_decided")
    decided_by_id: int
    decided_at = InstantField()
    ended_at = InstantField(null=True)

    class Meta:
        constraints = [Check("decided_by_id <> person_id")]


Clearance.add_index(
    Clearance.index(
        Clearance.case,
        Clearance.person,
        Clearance.of,
        unique=True,
        where=Clearance.ended_at.is_null(),
        name="clearance_standing",
    )
)


class ActingHead(RandomIdTable):
    """Who decides in the head's place, by the superior's paper: in one case until ended, or for days in all."""

    id = TextField(primary_key=True, default=new_id)
    person = ForeignKeyField(Person, backref="acting_as_head")
    person_id: int
    case = ForeignKeyField(Case, null=True, backref="acting_heads")
    case_id: str | None
    from_on = DayField()
    to_on = DayField(null=True)
    paper = TextField()
    paper_on = DayField()
    entered_by = ForeignKeyField(Person, backref="acting_heads_entered")
    entered_by_id: int
    recorded_at = InstantField()
    ended_by = ForeignKeyField(Person, null=True, backref="acting_heads_ended")
    ended_by_id: int | None
    ended_at = InstantField(null=True)

    class Meta:
        constraints = [
            Check("(case_id IS NULL) = (to_on IS NOT NULL)"),
            Check("to_on IS NULL OR to_on >= from_on"),
        ]
