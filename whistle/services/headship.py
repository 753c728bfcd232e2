"""Who acts as head: entered for days by the superior's paper, and the list of all (rulebook §2).

A deputy or an oversight member enters it, nobody oneself. In one case it is a step of that case
(`casework.acting_steps`). For days it covers what waits for leave and what is to be decided about recusals; letting
people in, keys and the recovery sheet stay with the head.
"""

import dataclasses
import datetime as dt
from typing import Any

from whistle import clock
from whistle.services import acting_heads, askings, grants, ledger, overtaking, recusal
from whistle.services.access import Acting, AsSystem, is_shut_out, not_shut_out, require
from whistle.services.casework import papers, typed_numbers
from whistle.services.casework.act import Outcome, act, find_case
from whistle.services.casework.acting_steps import end_in, head_is_there, put_in, require_another, require_fit
from whistle.services.errors import Conflict, Invalid, NotFound
from whistle.services.use_case import reading, use_case
from whistle.store.cases import Case, CaseSeal, Proposal
from whistle.store.database import lock_row
from whistle.store.people import Person
from whistle.store.recusals import ActingHead

#: The longest time for which somebody acts as head by one paper.
LONGEST = dt.timedelta(days=366)
#: In whose name it is recorded in a case that who entered it cannot open.
RECORDER = AsSystem("headship")
#: How many the list shows; the newest come first.
SHOWN = 200


@dataclasses.dataclass(frozen=True, slots=True)
class Acts:
    """Somebody who acts, or acted, as head: in a case (`number` is None before it has one), or for days in all."""

    id: str
    person_id: int
    name: str
    role: str
    is_of_case: bool
    number: str | None
    from_on: dt.date
    to_on: dt.date | None
    paper: str
    paper_on: dt.date
    entered_by: str
    ended_at: dt.datetime | None
    is_over: bool


@use_case
def enter(
    by: Acting, person_id: int, from_on: dt.date, to_on: dt.date, paper: str, paper_on: dt.date | None
) -> None:
    """Enter who acts as head from one day to another, both included, within days on which the head is away.

    Whoever enters the absence is another, an administrator, and it gives nobody anything without the paper. Nobody
    enters oneself: where there is one deputy, an oversight member enters that one.
    """
    require(by, "headship.enter")
    person = lock_row(Person.select().where(Person.id == person_id)).get_or_none()
    if person is None:
        raise Invalid("person", "unknown")
    require_fit(person)
    require_another(by, person)
    papers.check(paper, paper_on, is_needed=True)
    if to_on < from_on:
        raise Invalid("to_on", "before_start")
    if to_on < clock.today():
        raise Invalid("to_on", "past")
    if to_on - from_on > LONGEST:
        raise Invalid("to_on", "too_long")
    if acting_heads.heads_not_away(from_on, to_on).exists():
        raise Invalid("to_on", "head_is_there")
    row = ActingHead.create(
        person=person,
        from_on=from_on,
        to_on=to_on,
        paper=paper,
        paper_on=paper_on,
        entered_by=by.person_id,
        recorded_at=clock.now(),
    )
    ledger.append("key", "acting_head", row, by=by.person_id)


@use_case
def enter_in(by: Acting, ref: str, person_id: int, paper: str, paper_on: dt.date | None) -> Outcome:
    """Enter who acts as head in one case, by its id or its number as it was typed, until it is ended.

    The deputy does it in an own session. Where deputy and head both keep off, an oversight member does, who cannot open
    the case and for whom there is no other: nobody chooses who decides a case that they keep off. Raises NotFound.
    """
    require(by, "headship.enter_in")
    said: dict[str, Any] = {"person": person_id, "paper": paper, "paper_on": paper_on}
    ref = typed_numbers.reference(by, ref)
    if by.role != "oversight":
        return act(ref, "enter_acting_head", by, **said)
    case = _left_by_line(by, ref)
    done = act(case.id, "enter_acting_head", RECORDER, **said)
    put_in(case, Person.get_by_id(person_id), paper, paper_on, by.person_id)
    recusal.pass_on(by, case)
    return dataclasses.replace(done, is_left=True)


def _left_by_line(by: Acting, ref: str) -> Case:
    case = find_case(ref, lock=True)
    if is_shut_out(case, by.person_id) or not grants.line_keeps_off(case):
        raise NotFound("case")
    return case


@use_case
def end(by: Acting, acting_id: str) -> None:
    """The head is there again, or another is to act; in a case it is a step of the case. Raises NotFound, Conflict.

    What waits for who acted alone ends.
    """
    require(by, "headship.enter_in")
    row = ActingHead.get_or_none(ActingHead.id == acting_id)
    if row is None:
        raise NotFound("acting_head")
    if row.case_id is not None:
        _end_in_case(by, row.case_id, row)
        return
    require(by, "headship.enter")
    row = lock_row(ActingHead.select().where(ActingHead.id == acting_id)).get()
    if row.ended_at is not None or row.to_on < clock.today():
        raise Conflict("acts_no_more")
    _end_for_days(row, by.person_id)


def _end_in_case(by: Acting, case_id: str, row: ActingHead) -> None:
    if by.role != "oversight":
        act(case_id, "end_acting_head", by, person=row.person_id)
        return
    case = _left_by_line(by, case_id)
    if ActingHead.get_by_id(row.id).ended_at is not None:
        raise Conflict("acts_no_more")
    end_in(case, row.person, by.person_id)
    case.save(only=[Case.needs_new_keys])
    act(case.id, "end_acting_head", RECORDER, person=row.person_id)


@reading
def over(by: AsSystem) -> list[str]:
    """The ids of those who act no more but were not ended: the days are over, or the head is there again."""
    require(by, "headship.end_over")
    return [row.id for row in ActingHead.select().where(ActingHead.ended_at.is_null()) if _is_over(row)]


@use_case
def end_over(by: AsSystem, acting_id: str) -> int:
    """End one of them and take back what was given for it: 1, or 0 where somebody ended it in the same moment."""
    require(by, "headship.end_over")
    row = ActingHead.get_by_id(acting_id)
    case = None if row.case_id is None else lock_row(Case.select().where(Case.id == row.case_id)).get()
    row = lock_row(ActingHead.select().where(ActingHead.id == acting_id)).get()
    if row.ended_at is not None or not _is_over(row):
        return 0
    if case is None:
        _end_for_days(row, None)
    else:
        end_in(case, row.person, None)
        case.save(only=[Case.needs_new_keys])
    return 1


def _is_over(row: ActingHead) -> bool:
    if row.case is not None:
        return head_is_there(row.case)
    today = clock.today()
    is_head_back = row.from_on <= today and acting_heads.heads_not_away(today, today).exists()
    return bool(row.to_on < today or is_head_back)


def _end_for_days(row: ActingHead, by: int | None) -> None:
    row.ended_at, row.ended_by_id = clock.now(), by
    row.save()
    ledger.append("key", "acting_head_ended", row, by=by)
    acts_on = acting_heads.for_days(row.person_id).exists()
    reasons = tuple(acting_heads.FOR_DAYS.values())
    lent = CaseSeal.select(CaseSeal.case).where(
        CaseSeal.person == row.person_id, CaseSeal.reason.in_(reasons)
    )
    waiting = Proposal.select(Proposal.case).where(Proposal.state == "waiting")
    concerned = Case.id.in_(waiting) | Case.id.in_(lent)
    for case in lock_row(Case.select().where(concerned).order_by(Case.id)):
        if not acts_on:
            grants.revoke(case, person=row.person, reasons=reasons)
        overtaking.of_undecidable(case)
        askings.end_lost([case], by)
        case.save(only=[Case.needs_new_keys])


@reading
def ask(by: Acting) -> None:
    """Whether this person may enter who acts as head; raises NotAllowed."""
    require(by, "headship.enter_in")


@reading
def list_acting(by: Acting) -> list[Acts]:
    """Who acts and acted as head, newest first; in cases that this person may know of, no sealed one among them.

    An oversight member knows of those for which an oversight member entered somebody.
    """
    require(by, "headship.list")
    known = not_shut_out(by.person_id).where(~Case.is_flagged).select(Case.id)
    rows = ActingHead.select().where(ActingHead.case.is_null() | ActingHead.case.in_(known))
    if by.role == "oversight":
        members = Person.select(Person.id).where(Person.role == "oversight")
        rows = rows.where(ActingHead.case.is_null() | ActingHead.entered_by.in_(members))
    return [_acts(row) for row in rows.order_by(ActingHead.recorded_at.desc(), ActingHead.id).limit(SHOWN)]


@reading
def candidates(by: Acting) -> list[tuple[int, str, str]]:
    """Id, name and role of those who can be entered: let in, and of a role that can act as head."""
    require(by, "headship.candidates")
    people = list(
        Person.select()
        .where(Person.role.in_(acting_heads.ROLES), Person.state == "active")
        .order_by(Person.role, Person.name, Person.id)
    )
    let_in = grants.admitted_keys(people)
    return [(person.id, person.name, person.role) for person in people if person.id in let_in]


def _acts(row: ActingHead) -> Acts:
    return Acts(
        id=row.id,
        person_id=row.person_id,
        name=row.person.name,
        role=row.person.role,
        is_of_case=row.case_id is not None,
        number=None if row.case is None else row.case.number,
        from_on=row.from_on,
        to_on=row.to_on,
        paper=row.paper,
        paper_on=row.paper_on,
        entered_by=row.entered_by.name,
        ended_at=row.ended_at,
        is_over=row.ended_at is not None or _is_over(row),
    )
