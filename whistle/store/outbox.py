"""The outbox: what people are told of due days, written in the act's transaction, and how far it has come."""

from __future__ import annotations

from typing import Any

from peewee import Check, ForeignKeyField, IntegerField, ModelSelect, TextField

from whistle.store.base import RandomIdTable
from whistle.store.cases import Case
from whistle.store.fields import DayField, InstantField, JsonField, new_id
from whistle.store.people import Person


class Notice(RandomIdTable):
    """What one person is told on one day. It is gathered while `open`, then `waiting` for the mail server.

    `kept`: it was never to be sent, for the reason in `why`; the desk shows what it is about. Written by
    `services.notices` while open and by `services.outbox` afterwards, each row under its lock.
    """

    tells: ModelSelect[Any]

    unlogged = frozenset({"counts", "attempts", "next_try_at", "why"})

    id = TextField(primary_key=True, default=new_id)
    person = ForeignKeyField(Person, backref="notices")
    person_id: int
    state = TextField(
        default="open", constraints=[Check("state IN ('open', 'waiting', 'sent', 'given_up', 'kept')")]
    )
    #: The body: how many due days come soon, are today, are past. None while open, and again after its time.
    counts = JsonField(null=True)
    #: The day it was closed; one a person and day.
    made_on = DayField(null=True)
    attempts = IntegerField(default=0)
    #: When it is tried next; while somebody tries, when another may.
    next_try_at = InstantField(null=True)
    settled_on = DayField(null=True)
    why = TextField(null=True)

    class Meta:
        constraints = [
            Check("(state = 'open') = (made_on IS NULL)"),
            Check("(state = 'waiting') = (next_try_at IS NOT NULL)"),
            Check("(state IN ('open', 'waiting')) = (settled_on IS NULL)"),
        ]
        indexes = (
            (("person", "made_on"), True),
            (("state", "next_try_at"), False),
        )


Notice.add_index(Notice.index(Notice.person, unique=True, where=(Notice.state == "open"), name="notice_open"))


class Reminder(RandomIdTable):
    """That a level of a clock was told. A clock is rewritten with its case, so it is named by what stays of it."""

    tells: ModelSelect[Any]

    id = TextField(primary_key=True, default=new_id)
    case = ForeignKeyField(Case, backref="reminders")
    case_id: str
    #: The joined report the clock is about; "" for none, for NULLs would all differ.
    report = TextField(default="")
    clock = TextField()
    started_on = DayField()
    due_on = DayField()
    level = TextField(constraints=[Check("level IN ('before', 'due', 'after')")])
    made_on = DayField()

    class Meta:
        indexes = ((("case", "clock", "report", "started_on", "due_on", "level"), True),)


class Told(RandomIdTable):
    """Whom a reminder is for: it stands in that person's notice."""

    id = TextField(primary_key=True, default=new_id)
    reminder = ForeignKeyField(Reminder, backref="tells")
    reminder_id: str
    notice = ForeignKeyField(Notice, backref="tells")
    notice_id: str

    class Meta:
        indexes = ((("notice", "reminder"), True),)
