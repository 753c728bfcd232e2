"""Wishes that somebody keep off a case: read by who decides them, whether or not that person has the case.

A wish is a reporter's, others' by an officer's pen, or a declaration of one's own. It is sealed to each decider, a
reporter's to the reporter too, and never under the case key: those it speaks of may hold that. It is taken from a
decider who leaves or keeps off the case, and from all when the case goes the sealed way; the reporter is told when
nobody is left who can read it. Deciding is `casework.recusals`'.
"""

import dataclasses
import datetime as dt
from collections.abc import Collection
from typing import Any

from peewee import Case as When
from peewee import fn

from whistle import clock
from whistle.rules import workflow
from whistle.rules.naming import is_named
from whistle.services import acting_heads, contexts, deciders, grants, ledger
from whistle.services.access import Acting, is_shut_out, may, not_shut_out, require
from whistle.services.errors import NotFound
from whistle.services.use_case import reading
from whistle.store.cases import Case
from whistle.store.desks import Desk
from whistle.store.fields import new_id
from whistle.store.people import Person, PersonKey
from whistle.store.recusals import ActingHead, Recusal, RecusalRequest
from whistle.store.reports import Report
from whistle.vault import envelope

#: How many wishes a decider's lists show.
SHOWN = 200
#: How many wishes of one report's reporter may wait: one for each of the line and of who works the case, as a rule.
WAITING_AT_MOST = 5


@dataclasses.dataclass(frozen=True, slots=True)
class Wish:
    """One wish as its decider reads it. `source`: reporter, others, self; `can_open`: the case is open to the decider.

    `may_decide`: else it is to be passed on, by entering who acts as head.

    `asker` and `ground` are codes, where they are known; `declarer` is who declares the own recusal.
    """

    id: str
    source: str
    case_ref: str
    number: str | None
    can_open: bool
    may_decide: bool
    made_on: dt.date
    whom: str
    why: str
    asker: str
    ground: str
    declarer: int | None
    outcome: str | None
    answered_on: dt.date | None


@reading
def waiting(by: Acting) -> list[Wish]:
    """The wishes addressed to a person that have no answer; about cases not yet accepted too.

    Those about cases on which work goes on come first, and the oldest of them: whoever wishes later hides none.
    """
    require(by, "recusal.list")
    mine = _addressed(by).where(RecusalRequest.outcome.is_null())
    going_on = RecusalRequest.case.in_(Case.select(Case.id).where(Case.state.in_(workflow.OPEN_STATES)))
    order = (When(None, [(going_on, 0)], 1), RecusalRequest.made_on, RecusalRequest.id)
    return [_wish(by, row) for row in _of_known_cases(by, mine).order_by(*order).limit(SHOWN)]


@reading
def answered(by: Acting) -> list[Wish]:
    """The wishes addressed to a person that were answered, newest first."""
    require(by, "recusal.list")
    mine = _addressed(by).where(RecusalRequest.outcome.is_null(False))
    newest = _of_known_cases(by, mine).order_by(RecusalRequest.made_on.desc(), RecusalRequest.id)
    return [_wish(by, row) for row in newest.limit(SHOWN)]


@reading
def wish(by: Acting, wish_id: str) -> Wish:
    """One wish addressed to a person; raises NotFound."""
    require(by, "recusal.list")
    return _wish(by, find(by, wish_id))


@reading
def count(by: Acting) -> int:
    """How many wishes addressed to a person wait: those about cases on which work goes on."""
    require(by, "recusal.list")
    going_on = not_shut_out(by.person_id).where(Case.state.in_(workflow.OPEN_STATES))
    mine = _addressed(by).where(RecusalRequest.outcome.is_null())
    return int(mine.where(RecusalRequest.case.in_(going_on.select(Case.id))).count())


def find(by: Acting, wish_id: str) -> RecusalRequest:
    """The row by which a wish is addressed to a person; raises NotFound."""
    row: RecusalRequest | None = _of_known_cases(by, _addressed(by).where(_is_of(wish_id))).first()
    if row is None:
        raise NotFound("wish")
    return row


def words(by: Acting, row: RecusalRequest) -> dict[str, Any]:
    """Whom and why, opened by the decider a wish is addressed to."""
    context = contexts.recusal(row.id, f"person-key:{by.key_id}")
    said: dict[str, Any] = envelope.open_json_with(by.seed, bytes(row.sealed or b""), context)
    return said


def of_case(case: Case, by: Acting) -> list[Wish]:
    """The wishes about one case that are addressed to this person and wait; nobody else sees their words."""
    rows = _addressed(by).where(RecusalRequest.case == case, RecusalRequest.outcome.is_null())
    return [_wish(by, row) for row in rows.order_by(RecusalRequest.made_on, RecusalRequest.id)]


def noted_waiting(case: Case, without: Collection[str]) -> int:
    """How many wishes that an officer wrote down wait, but for those of some ids."""
    rows = RecusalRequest.select().where(
        RecusalRequest.case == case,
        RecusalRequest.outcome.is_null(),
        RecusalRequest.recusal.is_null(),
        RecusalRequest.report.is_null(),
    )
    return len({row.wish or row.id for row in rows} - set(without))


def waiting_of(report: Report) -> int:
    """How many wishes of a report's reporter wait that somebody can read; what nobody can is never answered."""
    rows = RecusalRequest.select(RecusalRequest.wish, RecusalRequest.id).where(
        RecusalRequest.case == report.case_id,
        RecusalRequest.report == report.id,
        RecusalRequest.outcome.is_null(),
        RecusalRequest.sealed.is_null(False),
    )
    return len({row.wish or row.id for row in rows})


# --- to and from deciders ------------------------------------------------------------------------------------


def address(
    case: Case,
    body: dict[str, Any],
    *,
    naming: list[str],
    report: tuple[str, bytes] | None = None,
    recusal: Recusal | None = None,
) -> list[str]:
    """Seal a wish to those who decide it; returns its rows' ids, none where nobody can receive it.

    Those are the head and who acts as head, else the deputy, at the oversight desk its members; never somebody whom
    `naming` names, who declares it, or who is shut out. A declaration in a case that its whole line keeps off goes to
    the oversight members, who enter by the superior's paper who decides it. `report`: a reporter's, with the
    reporter's public key.
    """
    without = None if recusal is None else recusal.person_id
    deciding = _deciders(case, naming, without=without)
    if recusal is not None and not deciding and grants.line_keeps_off(case):
        members = Person.select().where(Person.role == "oversight", Person.state == "active")
        deciding = _reachable(case, list(members), naming, without=without)
    wish_id, rows = new_id(), []
    for person, key in deciding:
        row = RecusalRequest(case=case, wish=wish_id, recusal=recusal, person=person, person_key=key)
        row.sealed = envelope.seal_json_to(key.public, body, contexts.recusal(row.id, f"person-key:{key.id}"))
        if report is not None:
            row.report, public = report
            row.sealed_to_reporter = envelope.seal_json_to(public, body, contexts.recusal(row.id, "reporter"))
        row.made_on = clock.today()
        row.save(force_insert=True)
        ledger.append("other", "recusal_request", row)
        rows.append(row.id)
    return rows


def _deciders(case: Case, naming: list[str], *, without: int | None) -> list[tuple[Person, PersonKey]]:
    people = grants.desk_people(case.desk) if case.is_flagged else grants.line_people(case.desk)
    acting = acting_heads.of(case)
    people += [person for person in acting if person not in people]
    reachable = _reachable(case, people, naming, without=without)
    heads = [(p, key) for p, key in reachable if p.role in ("head", "oversight") or p in acting]
    return heads or reachable


def _reachable(
    case: Case, people: list[Person], naming: list[str], *, without: int | None
) -> list[tuple[Person, PersonKey]]:
    able = [
        person
        for person in people
        if person.id != without
        and not any(is_named(person.name, said) for said in naming)
        and not is_shut_out(case, person.id)
    ]
    return [(person, key) for person in able if (key := grants.admitted_key(person)) is not None]


def pass_on(by: Acting, case: Case) -> None:
    """Let who acts as head in a case decide what an oversight member has of it; in the caller's transaction."""
    for row in list(_addressed(by).where(RecusalRequest.case == case, RecusalRequest.outcome.is_null())):
        address(case, words(by, row), naming=[], recusal=row.recusal)
        _take(RecusalRequest.wish == row.wish)


def owe_deciders(case: Case, key: bytes) -> None:
    """Give the case to who has a wish about it to decide: in the session of whoever opens it next.

    Who acts as head in it has it for that, and longer.
    """
    grants.owe_acting(case, key)
    rows = RecusalRequest.select().where(
        RecusalRequest.case == case, RecusalRequest.outcome.is_null(), RecusalRequest.sealed.is_null(False)
    )
    for person in {row.person for row in rows}:
        if person.role == "oversight" and not case.is_flagged:
            continue  # has it to pass on, not to decide
        if not deciders.holds(case, person):
            grants.grant(case, key, person, acting_heads.reason_to_hold(person, case, "recusal"))


def release_deciders(case: Case) -> None:
    """Take the case from those who held it to decide a wish, once none waits; in the caller's transaction."""
    left = RecusalRequest.select().where(RecusalRequest.case == case, RecusalRequest.outcome.is_null())
    if not left.exists():
        grants.revoke(case, reasons=grants.TO_DECIDE_RECUSAL)


def answer(wish_id: str, outcome: str, why: str) -> None:
    """Note how a wish ended, and why for its deciders; in the caller's transaction."""
    _answer(_is_of(wish_id), outcome, why)


def answer_declaration(row: Recusal, outcome: str, why: str) -> None:
    """The same of what was sent with a declaration."""
    _answer(RecusalRequest.recusal == row, outcome, why)


def _answer(which: Any, outcome: str, why: str) -> None:
    for row in list(RecusalRequest.select().where(which, RecusalRequest.outcome.is_null())):
        row.outcome, row.answered_on = outcome, clock.today()
        context = contexts.recusal_answer(row.id, f"person-key:{row.person_key_id}")
        row.sealed_answer = envelope.seal_json_to(row.person_key.public, {"why": why}, context)
        row.save()
        ledger.append("other", "recusal_request_answered", row)


def take_from(person: Person) -> None:
    """Take every wish from a decider who leaves or gets another key; in the caller's transaction."""
    _take(RecusalRequest.person == person)


def take_with(case: Case) -> None:
    """Take the wishes about a case from all deciders where line or desk has it no more; in the caller's transaction."""
    _take(RecusalRequest.case == case)


def move_with(report: Report) -> None:
    """Let the wishes of a report's reporter go with it to the case that it joins or comes back to."""
    for row in list(RecusalRequest.select().where(RecusalRequest.report == report.id)):
        row.case = report.case
        row.save(only=[RecusalRequest.case])
        ledger.append("other", "recusal_request", row)


def take_from_in(case: Case, person: Person) -> None:
    """Take the wishes about a case from somebody who keeps off it; in the caller's transaction."""
    _take((RecusalRequest.case == case) & (RecusalRequest.person == person))


def _take(which: Any) -> None:
    for row in list(RecusalRequest.select().where(which, RecusalRequest.sealed.is_null(False))):
        row.sealed = None
        row.save(only=[RecusalRequest.sealed])
        ledger.append("key", "recusal_request_taken", row)


def _is_of(wish_id: str) -> Any:
    return (RecusalRequest.wish == wish_id) | (RecusalRequest.wish.is_null() & (RecusalRequest.id == wish_id))


def _addressed(by: Acting) -> Any:
    """What is addressed to a person who still decides it: who acted as head reads it no more when that is over."""
    rows = RecusalRequest.select().where(
        RecusalRequest.person == by.person_id,
        RecusalRequest.person_key == by.key_id,
        RecusalRequest.sealed.is_null(False),
    )
    if by.role not in acting_heads.ROLES:
        return rows
    acts = acting_heads.standing(Case.id).where(ActingHead.person == by.person_id)
    decides = Case.select(Case.id).join(Desk).where((Desk.deputy == by.person_id) | fn.EXISTS(acts))
    return rows.where(RecusalRequest.case.in_(decides))


def _of_known_cases(by: Acting, rows: Any) -> Any:
    return rows.where(RecusalRequest.case.in_(not_shut_out(by.person_id).select(Case.id)))


def _wish(by: Acting, row: RecusalRequest) -> Wish:
    said = words(by, row)
    case = row.case
    return Wish(
        id=row.wish or row.id,
        source="self" if row.recusal_id else "reporter" if row.report else "others",
        case_ref=case.number or case.id,
        number=case.number,
        can_open=may(by, "case.read", case),
        may_decide=may(by, "recusal.decide", case),
        made_on=row.made_on,
        whom=said["whom"],
        why=said["why"],
        asker=said.get("asker", ""),
        ground=said.get("ground", ""),
        declarer=None if row.recusal is None else row.recusal.person_id,
        outcome=row.outcome,
        answered_on=row.answered_on,
    )
