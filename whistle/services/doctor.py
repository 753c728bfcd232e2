"""What is wrong or missing with an office, as `whistle doctor` and the administrator's check list say it."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from whistle import clock
from whistle.rules.staffing import STAFFING
from whistle.services import (
    access,
    attachments_check,
    desks,
    grants,
    identity,
    keyholding,
    office,
    outbox,
    recovery,
    storage,
)
from whistle.services.access import Acting, AsSystem
from whistle.services.casework import clockwork
from whistle.services.use_case import reading
from whistle.store.cases import Case, CaseSeal, Clock, seals_open_to
from whistle.store.channels import Channel
from whistle.store.database import broken_references
from whistle.store.desks import BlindKey, Desk
from whistle.store.people import Person
from whistle.store.reports import IdentitySeal, Report


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to mend. `is_fault`: a promise does not hold until it is; else it is good to know."""

    name: str
    is_fault: bool = True
    data: dict[str, object] = field(default_factory=dict)


@reading
def examine(by: Acting | AsSystem) -> list[Finding]:
    """Every finding, the gravest first; none for an office that is whole. Reads no content."""
    access.require(by, "doctor.examine")
    if office.about() is None:
        return [Finding("not_set_up")]
    found = [
        *_rows(),
        *_keys(),
        *_desks(),
        *_archive(),
        *_channels(),
        *_staffing(),
        *_renewals(),
        *_holders(),
        *_calendar(),
        *_files(),
        *_mail(),
    ]
    return sorted(found, key=lambda finding: not finding.is_fault)


def _rows() -> Iterator[Finding]:
    """Rows that were deleted behind the product's back while others still point to them."""
    broken = broken_references()
    if broken:
        yield Finding("rows_deleted", data={"count": len(broken), "table": broken[0]})


def _keys() -> Iterator[Finding]:
    if not recovery.is_complete():
        yield Finding("no_recovery_key")
    if not keyholding.own_people_open():
        yield Finding("own_people_closed")
    elif grants.superior_key() is None:
        yield Finding("no_superior_key")


def _desks() -> Iterator[Finding]:
    for desk in Desk.select().where(Desk.kind == "intake").order_by(Desk.id):
        row = desks.to_row(desk)
        if row.deputy_id is None:
            yield Finding("desk_without_deputy", data={"desk": row.name_zh})
        if not row.can_receive:
            yield Finding("desk_without_key", data={"desk": row.name_zh})


def _archive() -> Iterator[Finding]:
    """Without an archive desk closed cases cannot be archived; an office may begin without one."""
    desk = grants.archive_desk()
    if desk is None:
        yield Finding("no_archive_desk", is_fault=False)
        return
    row, least = desks.to_row(desk), keyholding.LEAST_MEMBERS["archive"]
    if row.can_receive:
        return
    data = {"desk": row.name_zh, "count": sum(seat.holds_key for seat in row.seats), "least": least}
    has_cases = Case.select().where(Case.state == "archived").exists()
    yield Finding("archive_not_ready", is_fault=bool(has_cases), data=data)


def _channels() -> Iterator[Finding]:
    closed = [desk for desk in Desk.select() if not keyholding.can_receive(desk)]
    stuck = (
        Channel.select()
        .where(Channel.state == "open", Channel.desk.in_([desk.id for desk in closed]))
        .count()
    )
    if not Channel.select().exists():
        yield Finding("no_channel")
    elif stuck:
        yield Finding("channels_that_cannot_receive", data={"count": stuck})


def _staffing() -> Iterator[Finding]:
    for row in STAFFING:
        people = Person.select().where(Person.role == row.role, Person.state == "active")
        ready = [p for p in people if row.role not in keyholding.CONTENT_ROLES or keyholding.is_admitted(p)]
        if len(ready) < row.least:
            data = {"role": row.role, "count": len(ready), "least": row.least, "without": row.without}
            yield Finding("too_few_people", is_fault=False, data=data)


def _renewals() -> Iterator[Finding]:
    """What a departure left to be done in the session of somebody who holds keys.

    How many cases are in sealed handling is not for an administrator: none of them is counted.
    """
    waiting = Case.select().where(Case.needs_new_keys, ~Case.is_flagged)
    cases = waiting.where(Case.state != "archived").count()
    archived = waiting.where(Case.state == "archived").count()
    stale = [desk for desk in Desk.select() if desks.to_row(desk).needs_renewal]
    if cases:
        yield Finding("cases_need_new_keys", data={"count": cases})
    if archived:
        yield Finding("archived_cases_need_new_keys", data={"count": archived})
    for desk in stale:
        yield Finding("desk_needs_new_key", data={"desk": desk.name_zh})
    if BlindKey.select().where(BlindKey.needs_renewal).exists():
        yield Finding("blind_key_needs_renewal", is_fault=False)


def _holders() -> Iterator[Finding]:
    """Holders of identity halves: one with a seat in the line of the cases, or with such a case, makes the lock only a
    page; without two of them nobody answers while one is away, and that one can never ask.
    """
    deputies = {desk.deputy_id for desk in Desk.select().where(Desk.deputy.is_null(False))}
    seated = {person.id for desk in Desk.select() for person in keyholding.members(desk)}
    ready = [person for person in identity.holders() if keyholding.is_admitted(person)]
    for row in keyholding.holders():
        if row.person.role == "head" or row.person_id in deputies | seated:
            yield Finding("holder_in_line", is_fault=False, data={"name": row.person.name})
        elif count := _opened_alone(row.person_id):
            data = {"name": row.person.name, "count": count}
            yield Finding("holder_has_cases", is_fault=False, data=data)
    if not ready:
        yield Finding("no_identity_holder")
    elif len(ready) == 1:
        yield Finding("one_identity_holder", is_fault=False, data={"name": ready[0].name})


def _opened_alone(person_id: int) -> int:
    """How many cases a holder can read whose reporter's half the same person holds."""
    held = IdentitySeal.select(IdentitySeal.report).where(IdentitySeal.person == person_id)
    named = Report.select(Report.case).where(Report.id.in_(held))
    return int(Case.select().where(Case.id.in_(named)).where(_opens(person_id)).count())


def _opens(person_id: int) -> Any:
    return Case.id.in_(seals_open_to(person_id).select(CaseSeal.case))


def _calendar() -> Iterator[Finding]:
    """Years that are not published, where today or the days of a clock that still counts lie in one."""
    days, today = clockwork.calendar(), clock.today()
    for year in range(*_years_of_clocks(today)):
        if days.is_provisional(dt.date(year, 1, 1)) and (year == today.year or _is_counted_through(year)):
            yield Finding("calendar_provisional", is_fault=False, data={"year": year})


def _years_of_clocks(today: dt.date) -> tuple[int, int]:
    """From the year in which the oldest clock that still counts began to the one after the last due day."""
    days = [day for row in _counting().select(Clock.started_on, Clock.due_on).tuples() for day in row]
    return min([today, *days]).year, max([today, *days]).year + 1


def _is_counted_through(year: int) -> bool:
    begun = Clock.started_on <= dt.date(year, 12, 31)
    return bool(_counting().where(begun, Clock.due_on >= dt.date(year, 1, 1)).exists())


def _files() -> Iterator[Finding]:
    """Files that were taken away, and room that runs out."""
    gone = sum(1 for _file in attachments_check.lost())
    if gone:
        yield Finding("files_missing", data={"count": gone})
    room = storage.room()
    if not room.takes_reports:
        yield Finding("no_room_for_reports")
    elif room.left == 0:
        yield Finding("no_room_for_files")
    elif room.is_nearly_full and room.whole:
        yield Finding("room_nearly_full", is_fault=False, data={"percent": 100 * room.used // room.whole})


def _mail() -> Iterator[Finding]:
    """Notices that do not reach their people."""
    found = outbox.trouble()
    if found.given_up:
        yield Finding("notices_given_up", data={"names": found.given_up, "why": found.why})
    if found.failing:
        yield Finding("notices_failing", is_fault=False, data={"count": found.failing, "why": found.why})
    if found.without_address:
        yield Finding("no_address", is_fault=False, data={"names": found.without_address})


def _counting() -> Any:
    return Clock.select().where(Clock.state.in_(("running", "paused")))
