"""Asking to see a real-name reporter's contact, looking at it while it is given, and what the case tells of both.

Rulebook §12; vault: identity key. Each look is recorded before anything is opened. The reporter is told of none: a case
is worked in the office's name, and when it looked would tell how far it has come.
"""

import dataclasses
import datetime as dt
from typing import Any

from peewee import JOIN

from whistle import clock
from whistle.services import askings, contexts, grants, identity, ledger
from whistle.services.access import Acting, AsSystem, require
from whistle.services.casework.act import find_case
from whistle.services.errors import Conflict, NotFound
from whistle.services.messages import check_text
from whistle.services.use_case import reading, use_case
from whistle.store.cases import Case
from whistle.store.database import lock_row
from whistle.store.people import Person
from whistle.store.reports import (
    Identity,
    IdentityAsking,
    IdentityAskingSeal,
    IdentityLook,
    Report,
)
from whistle.vault import envelope
from whistle.vault.errors import VaultError

#: Characters of a reason, to ask as to refuse.
REASON_LIMIT = 1_000
#: How many askings about one report the case's pages show, the newest first.
SHOWN = 50


@dataclasses.dataclass(frozen=True, slots=True)
class AskingView:
    """An asking as the case's readers see it: why, whose consent, until when, and each look; never the name.

    `state`: waiting, given, refused or ended; past its end it is ended, whether or not the worker was there yet.
    """

    id: str
    by_name: str
    is_own: bool
    asked_at: dt.datetime
    reason: str
    state: str
    #: Who may answer while it waits; nobody where it is stuck.
    waits_for: tuple[str, ...]
    decided_by: str | None
    decided_at: dt.datetime | None
    answer: str | None
    until: dt.datetime | None
    is_page_only: bool
    ended_at: dt.datetime | None
    ended_why: str | None
    looks: tuple[dt.datetime, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class IdentityView:
    """What a case's page says of a reporter's contact. `is_lost`: nobody but the reporter can open it any more."""

    is_lost: bool
    askings: tuple[AskingView, ...]

    @property
    def own(self) -> AskingView | None:
        """The asking of the person who looks at the page that waits or is granted; else the newest."""
        own = [asking for asking in self.askings if asking.is_own]
        return next((asking for asking in own if asking.state in askings.LIVE), own[0] if own else None)


@dataclasses.dataclass(frozen=True, slots=True)
class Contact:
    """A reporter's name and contact, opened, and by what right."""

    name: str
    contact: str
    asking: AskingView


@use_case
def ask(by: Acting, case_ref: str, report_id: str, reason: str) -> None:
    """Ask the holders to let this person see a reporter's contact; the reason is sealed to them and under the case key.

    Raises Invalid for the reason, NotFound for a report without a name, Conflict 'asked_already' while an asking waits
    or is granted, 'no_holder' where nobody else could consent.
    """
    case, key, report = _of_case(by, "identity.ask", case_ref, report_id)
    reason = check_text("reason", reason, REASON_LIMIT)
    for asking in _own(by, report).where(IdentityAsking.state.in_(askings.LIVE)):
        if not is_over(asking):
            raise Conflict("asked_already")
        askings.end(asking, "time")
    able = askings.able_to_give(case, key, report, by.person_id)
    if not able:
        raise Conflict("no_holder")
    asking = IdentityAsking(
        report=report, person=by.person_id, generation=case.key_generation, asked_at=clock.now()
    )
    body = {"text": reason}
    context = contexts.identity_reason(asking.id, "case", asking.generation)
    asking.sealed = envelope.seal_json_record(key, body, context)
    asking.save(force_insert=True)
    ledger.append("other", "identity_asked", asking, by=by.person_id)
    for person_id, person_key in grants.admitted_keys(able).items():
        context = contexts.identity_reason(asking.id, f"person-key:{person_key.id}")
        sealed = envelope.seal_json_to(person_key.public, body, context)
        IdentityAskingSeal.create(asking=asking, person=person_id, person_key=person_key, sealed=sealed)


def is_over(asking: IdentityAsking) -> bool:
    """Whether the time for which a half was given has passed."""
    return asking.until_at is not None and asking.until_at <= clock.now()


@use_case
def stop(by: Acting, case_ref: str, report_id: str) -> None:
    """Take the own asking back, or give back what was granted before its end; nothing happens where it is over."""
    _case, _key, report = _of_case(by, "identity.ask", case_ref, report_id)
    for asking in list(_own(by, report).where(IdentityAsking.state.in_(askings.LIVE))):
        askings.end(asking, "withdrawn" if asking.state == "waiting" else "given_back", by.person_id)


@use_case
def look(by: Acting, case_ref: str, report_id: str) -> Contact:
    """Open a reporter's name and contact for who was granted it, and record that; each call is a look.

    Raises Conflict 'look_over' without a grant that still stands, 'key_not_in_log' where its row is not as it was
    logged.
    """
    case, key, report = _of_case(by, "identity.look", case_ref, report_id)
    asking = _own(by, report).where(IdentityAsking.state == "given").first()
    if asking is None or is_over(asking) or asking.person_key_id != by.key_id:
        raise Conflict("look_over")
    if not ledger.matches(asking):
        raise Conflict("key_not_in_log")
    row = IdentityLook.create(asking=asking, recorded_at=clock.now())
    ledger.append("other", "identity_looked", row, by=by.person_id)
    try:
        found = askings.contact(by, asking, key)
    except VaultError:
        raise Conflict("look_over") from None
    return Contact(found.get("name", ""), found.get("contact", ""), _view(by, case, key, asking))


def _of_case(by: Acting, permission: str, case_ref: str, report_id: str) -> tuple[Case, bytes, Report]:
    """The case, locked, its key, and the one of its reports that bears a name."""
    case = find_case(case_ref, lock=True)
    require(by, permission, case)
    key = grants.case_key(by, case)
    report = Report.get_or_none(Report.id == report_id, Report.case == case)
    if report is None or not Identity.select().where(Identity.report == report).exists():
        raise NotFound("report")
    return case, key, report


def _own(by: Acting, report: Report) -> Any:
    return IdentityAsking.select().where(
        IdentityAsking.report == report, IdentityAsking.person == by.person_id
    )


# --- what the case tells -------------------------------------------------------------------------------------


def of_report(by: Acting, case: Case, key: bytes, report: Report) -> IdentityView | None:
    """What became of a report's contact, through the case key; None for a report without a name."""
    if not report.is_named or not Identity.select().where(Identity.report == report).exists():
        return None
    decider = Person.alias("decider")
    rows = (
        IdentityAsking.select(IdentityAsking, Person, decider)
        .join(Person, on=IdentityAsking.person)
        .join_from(IdentityAsking, decider, JOIN.LEFT_OUTER, on=(IdentityAsking.decided_by == decider.id))
        .where(IdentityAsking.report == report)
        .order_by(IdentityAsking.asked_at.desc(), IdentityAsking.id)
        .limit(SHOWN)
    )
    return IdentityView(identity.is_lost(report), tuple(_view(by, case, key, asking) for asking in rows))


def _view(by: Acting, case: Case, key: bytes, asking: IdentityAsking) -> AskingView:
    is_over_now = asking.state == "given" and is_over(asking)
    return AskingView(
        id=asking.id,
        by_name=asking.person.name,
        is_own=asking.person_id == by.person_id,
        asked_at=asking.asked_at,
        reason=askings.reason(asking, case, key),
        state="ended" if is_over_now else asking.state,
        waits_for=_waits_for(asking) if asking.state == "waiting" else (),
        decided_by=None if asking.decided_by is None else asking.decided_by.name,
        decided_at=asking.decided_at,
        answer=askings.answer(asking, case, key),
        until=asking.until_at,
        is_page_only=bool(asking.is_page_only),
        ended_at=asking.until_at if is_over_now else asking.ended_at,
        ended_why="time" if is_over_now else asking.ended_why,
        looks=tuple(look.recorded_at for look in asking.looks.order_by(IdentityLook.recorded_at))
        if asking.until_at
        else (),
    )


def _waits_for(asking: IdentityAsking) -> tuple[str, ...]:
    """The holders who were told why and are still here."""
    people = (
        Person.select(Person.name)
        .join(IdentityAskingSeal, on=(IdentityAskingSeal.person == Person.id))
        .where(IdentityAskingSeal.asking == asking, Person.state == "active")
        .order_by(Person.id)
    )
    return tuple(person.name for person in people)


# --- unasked -------------------------------------------------------------------------------------------------


@reading
def due(by: AsSystem) -> list[str]:
    """The askings to be ended: past their time, or of somebody who lost the case in a way that ended none."""
    require(by, "duty.sweep")
    live = IdentityAsking.select().where(IdentityAsking.state.in_(askings.LIVE))
    return [asking.id for asking in live if is_over(asking) or not askings.still_reads(asking)]


@use_case
def end_due(by: AsSystem, asking_id: str) -> int:
    """End one of them; 0 where it ended in the same moment."""
    require(by, "duty.sweep")
    of_report = IdentityAsking.select(IdentityAsking.report).where(IdentityAsking.id == asking_id)
    reports = Report.select(Report.case).where(Report.id.in_(of_report))
    list(lock_row(Case.select().where(Case.id.in_(reports))))
    asking = IdentityAsking.get_by_id(asking_id)
    if asking.state not in askings.LIVE:
        return 0
    if is_over(asking):
        askings.end(asking, "time")
    elif not askings.still_reads(asking):
        askings.end(asking, "lost")
    return int(asking.state == "ended")
