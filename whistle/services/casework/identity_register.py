"""Every grant of a look at a real-name reporter's contact, for who audits: neither reason nor name is in it."""

import dataclasses
import datetime as dt

from peewee import fn

from whistle.services.access import Acting, not_shut_out, require
from whistle.services.use_case import reading
from whistle.store.cases import Case
from whistle.store.people import Person
from whistle.store.reports import IdentityAsking, IdentityLook, Report

#: How many grants the register shows, the newest first.
SHOWN = 200


@dataclasses.dataclass(frozen=True, slots=True)
class Registered:
    """A grant: who looks, by whose consent, until when, how often. `number`: the case's, where it has one."""

    number: str | None
    by_name: str
    decided_by: str
    decided_at: dt.datetime
    until: dt.datetime
    ended_at: dt.datetime | None
    looks: int
    last_look_at: dt.datetime | None
    is_page_only: bool


@reading
def register(by: Acting) -> list[Registered]:
    """The newest grants of cases this person is not kept from; none about reports on the office's own people."""
    require(by, "identity.register")
    asker, decider = Person.alias("asker"), Person.alias("decider")
    known = not_shut_out(by.person_id).where(~Case.is_flagged)
    looked = (
        IdentityLook.select(
            IdentityLook.asking,
            fn.COUNT(IdentityLook.id).alias("looks"),
            fn.MAX(IdentityLook.recorded_at).alias("last_at"),
        )
        .group_by(IdentityLook.asking)
        .alias("looked")
    )
    rows = (
        IdentityAsking.select(
            IdentityAsking,
            Case.number,
            asker.name.alias("by_name"),
            decider.name.alias("decider_name"),
            looked.c.looks,
            looked.c.last_at,
        )
        .join_from(IdentityAsking, Report)
        .join_from(Report, Case)
        .join_from(IdentityAsking, asker, on=(IdentityAsking.person == asker.id))
        .join_from(IdentityAsking, decider, on=(IdentityAsking.decided_by == decider.id))
        .join_from(IdentityAsking, looked, "LEFT OUTER JOIN", on=(looked.c.asking_id == IdentityAsking.id))
        .where(IdentityAsking.until_at.is_null(False), Case.id.in_(known.select(Case.id)))
        .order_by(IdentityAsking.decided_at.desc(), IdentityAsking.id)
        .limit(SHOWN)
    )
    return [_registered(row) for row in rows.objects()]


def _registered(row) -> Registered:  # type: ignore[no-untyped-def]
    last = row.last_at
    return Registered(
        number=row.number,
        by_name=row.by_name,
        decided_by=row.decider_name,
        decided_at=row.decided_at,
        until=row.until_at,
        ended_at=row.ended_at,
        looks=row.looks or 0,
        last_look_at=dt.datetime.fromtimestamp(last, dt.UTC) if isinstance(last, int) else last,
        is_page_only=bool(row.is_page_only),
    )
