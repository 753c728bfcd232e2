"""The holders' side: what is asked of a person who keeps first halves, and the answer in that person's own session.

A holder sees who asks, for which case and why, and nothing of what the case says. Nobody answers an own asking: the
permit, the list of who is asked and a CHECK of the table each see to that.
"""

import dataclasses
import datetime as dt

from whistle import clock
from whistle.rules.look_lengths import LOOK_LENGTHS
from whistle.services import askings, contexts, ledger
from whistle.services.access import Acting, may, not_shut_out, require
from whistle.services.casework.act import reference
from whistle.services.casework.identity_asking import REASON_LIMIT, is_over
from whistle.services.errors import Conflict, Invalid, NotFound
from whistle.services.messages import check_text
from whistle.services.use_case import reading, use_case
from whistle.store.cases import Case
from whistle.store.database import lock_row
from whistle.store.desks import IdentityHolder
from whistle.store.people import Person
from whistle.store.reports import IdentityAsking, IdentityAskingSeal, Report
from whistle.vault import envelope

#: The longest list shown.
SHOWN = 200


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """An asking as a holder sees it; `reason` is empty in lists. `earlier`: what this person asked about it before."""

    id: str
    case_ref: str
    number: str | None
    by_name: str
    by_role: str
    asked_at: dt.datetime
    state: str
    until: dt.datetime | None
    reason: str = ""
    earlier: tuple[tuple[dt.datetime, str, str | None], ...] = ()
    #: One of the two could open the contact alone.
    is_page_only: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Queue:
    """What waits for a holder, the oldest first, and what they have given that is not over."""

    waiting: tuple[Asked, ...]
    given: tuple[Asked, ...]


@reading
def count(by: Acting) -> int | None:
    """How many askings wait for this person; None for who keeps no halves and is asked nothing (the menu asks)."""
    require(by, "identity.list")
    named = IdentityHolder.select().where(
        IdentityHolder.person == by.person_id, IdentityHolder.ended_at.is_null()
    )
    if by.role != "oversight" and not named.exists():
        return None
    return int(_addressed(by, "waiting").where(_not_kept_from(by)).count())


@reading
def queue(by: Acting) -> Queue:
    """What waits for this person, and what this person has given until a moment to come."""
    require(by, "identity.list")
    waiting = _addressed(by, "waiting").where(_not_kept_from(by)).order_by(IdentityAsking.asked_at)
    given = _addressed(by, "given").where(IdentityAsking.decided_by == by.person_id).where(_not_kept_from(by))
    given = given.where(IdentityAsking.until_at > clock.now()).order_by(IdentityAsking.until_at)
    return Queue(*(tuple(map(_row, rows.limit(SHOWN))) for rows in (waiting, given)))


def _addressed(by: Acting, state: str):  # type: ignore[no-untyped-def]
    """The askings in a state whose reason was sealed to this person's key."""
    told = IdentityAskingSeal.select(IdentityAskingSeal.asking).where(
        IdentityAskingSeal.person_key == by.key_id
    )
    return IdentityAsking.select().where(IdentityAsking.id.in_(told), IdentityAsking.state == state)


def _not_kept_from(by: Acting):  # type: ignore[no-untyped-def]
    reports = Report.select(Report.id).where(Report.case.in_(not_shut_out(by.person_id).select(Case.id)))
    return IdentityAsking.report.in_(reports)


def _row(asking: IdentityAsking) -> Asked:
    case, person = asking.report.case, asking.person
    return Asked(
        id=asking.id,
        case_ref=reference(case),
        number=case.number,
        by_name=person.name,
        by_role=person.role,
        asked_at=asking.asked_at,
        state=asking.state,
        until=asking.until_at,
    )


@reading
def open_asked(by: Acting, asking_id: str) -> Asked:
    """One asking with its reason; raises NotFound for who is not asked, Conflict 'asking_over' once it is decided."""
    asking = _asked(by, asking_id)
    if asking.state != "waiting":
        raise Conflict("asking_over")
    case, report = asking.report.case, asking.report
    return dataclasses.replace(
        _row(asking),
        reason=_reason(by, asking),
        earlier=_earlier(asking),
        is_page_only=askings.opens_alone(case, report, asking.person_id, by.person_id),
    )


def _asked(by: Acting, asking_id: str, *, lock: bool = False) -> IdentityAsking:
    """An asking this person may answer. The case is locked before it: in that order everybody takes the two."""
    require(by, "identity.list")
    asking = IdentityAsking.get_or_none(IdentityAsking.id == asking_id)
    if asking is not None and lock:
        list(lock_row(Case.select().where(Case.id == asking.report.case_id)))
        asking = IdentityAsking.get_by_id(asking_id)
    if asking is None or not may(by, "identity.give", asking):
        # A holder whose fellow was quicker is told so; the reasons are gone from all of them by then.
        if asking is not None and asking.state != "waiting" and _holds_for(by, asking):
            raise Conflict("asking_over")
        raise NotFound("asking")
    require(by, "identity.give", asking)
    return asking


def _holds_for(by: Acting, asking: IdentityAsking) -> bool:
    return asking.person_id != by.person_id and askings.still_holds(by, asking.report.case)


def _reason(by: Acting, asking: IdentityAsking) -> str:
    row = IdentityAskingSeal.get(
        IdentityAskingSeal.asking == asking, IdentityAskingSeal.person_key == by.key_id
    )
    context = contexts.identity_reason(asking.id, f"person-key:{by.key_id}")
    return str(envelope.open_json_with(by.seed, row.sealed, context)["text"])


def _earlier(asking: IdentityAsking) -> tuple[tuple[dt.datetime, str, str | None], ...]:
    """What the same person asked about the same report before: when, how it stands, and who decided."""
    rows = (
        IdentityAsking.select()
        .where(IdentityAsking.report == asking.report_id, IdentityAsking.person == asking.person_id)
        .where(IdentityAsking.id != asking.id)
        .order_by(IdentityAsking.asked_at.desc(), IdentityAsking.id)
        .limit(5)
    )
    return tuple(
        (row.asked_at, row.state, None if row.decided_by is None else row.decided_by.name) for row in rows
    )


@use_case
def give(by: Acting, asking_id: str, length: str) -> None:
    """Let who asked see the contact for a length of `rules.look_lengths`: the first half is sealed to them now.

    Raises Invalid('length'), NotFound for who is not asked, Conflict 'asking_over', 'asker_lost_case' where they
    cannot read the case any more, 'no_half' where this person has no half to give.
    """
    if length not in LOOK_LENGTHS:
        raise Invalid("length", "unknown")
    asking = _waiting(by, asking_id)
    case, report = asking.report.case, asking.report
    if not askings.still_reads(asking):
        raise Conflict("asker_lost_case")
    if not askings.still_holds(by, case) or not askings.give_half(by, asking):
        raise Conflict("no_half")
    _decide(by, asking, "given")
    asking.until_at = asking.decided_at + dt.timedelta(hours=LOOK_LENGTHS[length].hours)
    asking.is_page_only = askings.opens_alone(case, report, asking.person_id, by.person_id)
    asking.save()
    ledger.append("key", "identity_given", asking, by=by.person_id)


@use_case
def refuse(by: Acting, asking_id: str, words: str) -> None:
    """Say no, with reasons that the case's readers see."""
    words = check_text("words", words, REASON_LIMIT)
    asking = _waiting(by, asking_id)
    case = asking.report.case
    askings.seal_answer(asking, case, words)
    _decide(by, asking, "refused")
    asking.save()
    askings.forget_reasons(asking)
    ledger.append("other", "identity_refused", asking, by=by.person_id)


@use_case
def take_back(by: Acting, asking_id: str) -> None:
    """End before its time what this person gave; nothing happens where it is over."""
    asking = _asked(by, asking_id, lock=True)
    if asking.decided_by_id != by.person_id:
        raise NotFound("asking")
    if asking.state == "given":
        askings.end(asking, "time" if is_over(asking) else "taken_back", by.person_id)


def _waiting(by: Acting, asking_id: str) -> IdentityAsking:
    asking = _asked(by, asking_id, lock=True)
    if asking.state != "waiting":
        raise Conflict("asking_over")
    return asking


def _decide(by: Acting, asking: IdentityAsking, state: str) -> None:
    asking.state, asking.decided_by, asking.decided_at = state, Person.get_by_id(by.person_id), clock.now()
