"""Who is away from day to day: told where somebody is chosen or looked for; by itself it takes no right and gives none.

What waits for a deputy can be decided by the head, too, so an absence stops nothing and moves nothing. Who acts as head
by the superior's paper (`headship`) does so only while the head is away.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from whistle import clock
from whistle.services import access, ledger
from whistle.services.access import Acting
from whistle.services.errors import Conflict, Invalid, NotFound
from whistle.services.use_case import reading, use_case
from whistle.store.database import lock_row
from whistle.store.people import Absence, Person

#: The longest time away that is no slip of the pen.
LONGEST = dt.timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class Away:
    """Days away, both included. `is_over`: ended early, or the last day is past."""

    id: int
    from_on: dt.date
    to_on: dt.date
    entered_by: str
    recorded_at: dt.datetime
    ended_at: dt.datetime | None
    is_over: bool


@use_case
def enter(by: Acting, person_id: int, from_on: dt.date, to_on: dt.date) -> None:
    """Say that a person is away from one day to another, both included."""
    access.require(by, "absences.enter")
    person = lock_row(Person.select().where(Person.id == person_id)).get_or_none()
    if person is None or person.state == "deactivated":
        raise NotFound("person")
    if to_on < from_on:
        raise Invalid("to_on", "before_start")
    if to_on < clock.today():
        raise Invalid("to_on", "past")
    if to_on - from_on > LONGEST:
        raise Invalid("to_on", "too_long")
    if (
        _standing()
        .where(Absence.person == person, Absence.from_on <= to_on, Absence.to_on >= from_on)
        .exists()
    ):
        raise Invalid("from_on", "overlaps")
    row = Absence.create(
        person=person, from_on=from_on, to_on=to_on, entered_by=by.person_id, recorded_at=clock.now()
    )
    ledger.append("other", "absence", row, by=by.person_id)


@use_case
def end(by: Acting, person_id: int, absence_id: int) -> None:
    """The person is back before the last day, or does not go."""
    access.require(by, "absences.enter")
    row = lock_row(
        Absence.select().where(Absence.id == absence_id, Absence.person == person_id)
    ).get_or_none()
    if row is None:
        raise NotFound("absence")
    if row.ended_at is not None or row.to_on < clock.today():
        raise Conflict("absence_over")
    row.ended_at = clock.now()
    row.save(only=[Absence.ended_at])
    ledger.append("other", "absence_ended", row, by=by.person_id)


@reading
def of_person(by: Acting, person_id: int) -> list[Away]:
    """A person's times away, the latest first."""
    access.require(by, "absences.enter")
    rows = Absence.select(Absence, Person).join(Person, on=(Absence.entered_by == Person.id))
    return [
        Away(
            row.id,
            row.from_on,
            row.to_on,
            row.entered_by.name,
            row.recorded_at,
            row.ended_at,
            row.ended_at is not None or row.to_on < clock.today(),
        )
        for row in rows.where(Absence.person == person_id).order_by(Absence.from_on.desc(), Absence.id.desc())
    ]


@reading
def away_now(by: Acting) -> dict[int, dt.date]:
    """Who is away today, by person's id, with the last day away."""
    access.require(by, "absences.away_now")
    return away_on(clock.today())


def away_on(day: dt.date) -> dict[int, dt.date]:
    """Who is away on a day, by person's id, with the last day away; in the caller's transaction."""
    rows = _standing().where(Absence.from_on <= day, Absence.to_on >= day)
    return {row.person_id: row.to_on for row in rows}


def _standing() -> Any:
    return Absence.select().where(Absence.ended_at.is_null())
