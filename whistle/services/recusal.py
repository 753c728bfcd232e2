"""Reporters' wishes that somebody keep off a case: read by who decides them, whether or not that person has the case.

A wish is sealed to each decider and to the reporter (`casework.effects.seal_to_decider`). It is taken from a decider
who leaves, and from all when the case goes the sealed way; the reporter is told when nobody is left who can read it.
"""

import dataclasses
import datetime as dt
from typing import Any

from whistle.rules import workflow
from whistle.services import contexts, ledger
from whistle.services.access import Acting, may, not_shut_out, require
from whistle.services.use_case import reading
from whistle.store.cases import Case, RecusalRequest
from whistle.store.people import Person
from whistle.store.reports import Report
from whistle.vault import envelope

#: How many wishes the list of a decider shows; the newest come first.
SHOWN = 200


@dataclasses.dataclass(frozen=True, slots=True)
class Wish:
    """One wish as its decider reads it; `can_open` tells whether the case itself is open to the decider too."""

    case_ref: str
    number: str | None
    can_open: bool
    made_on: dt.date
    whom: str
    why: str


@reading
def waiting(by: Acting) -> list[Wish]:
    """The wishes addressed to a person, newest first; those about cases that have not been accepted too."""
    require(by, "recusal.list")
    query = (
        _addressed(by)
        .where(RecusalRequest.case.in_(not_shut_out(by.person_id).select(Case.id)))
        .order_by(RecusalRequest.made_on.desc(), RecusalRequest.id)
        .limit(SHOWN)
    )
    return [_wish(by, row) for row in query]


@reading
def count(by: Acting) -> int:
    """How many wishes addressed to a person wait: those about cases on which work goes on."""
    require(by, "recusal.list")
    going_on = not_shut_out(by.person_id).where(Case.state.in_(workflow.OPEN_STATES))
    return int(_addressed(by).where(RecusalRequest.case.in_(going_on.select(Case.id))).count())


def words(by: Acting, row: RecusalRequest) -> dict[str, Any]:
    """Whom and why, opened by the decider a wish is addressed to."""
    context = contexts.recusal(row.id, f"person-key:{by.key_id}")
    said: dict[str, Any] = envelope.open_json_with(by.seed, bytes(row.sealed or b""), context)
    return said


def of_case(case: Case, by: Acting) -> list[dict[str, Any]]:
    """The wishes about one case that are addressed to this person; nobody else sees their words."""
    rows = _addressed(by).where(RecusalRequest.case == case)
    return [{"on": row.made_on, **words(by, row)} for row in rows]


def take_from(person: Person) -> None:
    """Take every wish from a decider who leaves or gets another key; in the caller's transaction."""
    _take(RecusalRequest.person == person)


def take_with(case: Case) -> None:
    """Take the wishes about a case from all deciders of a line that has it no more; in the caller's transaction."""
    _take(RecusalRequest.case == case)


def move_with(report: Report) -> None:
    """Let the wishes of a report's reporter go with it to the case that it joins or comes back to."""
    for row in list(RecusalRequest.select().where(RecusalRequest.report == report.id)):
        row.case = report.case
        row.save(only=[RecusalRequest.case])
        ledger.append("other", "recusal_request", row)


def _take(which: Any) -> None:
    for row in list(RecusalRequest.select().where(which, RecusalRequest.sealed.is_null(False))):
        row.sealed = None
        row.save(only=[RecusalRequest.sealed])
        ledger.append("key", "recusal_request_taken", row)


def _addressed(by: Acting) -> Any:
    return RecusalRequest.select().where(
        RecusalRequest.person == by.person_id,
        RecusalRequest.person_key == by.key_id,
        RecusalRequest.sealed.is_null(False),
    )


def _wish(by: Acting, row: RecusalRequest) -> Wish:
    said = words(by, row)
    case = row.case
    return Wish(
        case_ref=case.number or case.id,
        number=case.number,
        can_open=may(by, "case.read", case),
        made_on=row.made_on,
        whom=said["whom"],
        why=said["why"],
    )
