"""Recusals as they are declared, decided, answered and lifted, and what keeps whom out of a case (rulebook §11).

Who can open the case decides in an own session, which makes new keys in the same transaction. Who decides and cannot
open it (nobody accepted it yet) has the decision recorded by the system: access ends at once all the same, and the keys
are made by whoever opens the case next.
"""

import dataclasses
import datetime as dt
from typing import Any

from whistle.rules import recusal as rules
from whistle.rules.permits import CASEWORK_ROLES
from whistle.rules.taxonomy import TABLES
from whistle.services import grants, recusal
from whistle.services.access import (
    Acting,
    AsSystem,
    is_shut_out,
    may,
    require,
)
from whistle.services.casework import happened, papers, recusal_steps, typed_numbers
from whistle.services.casework.act import Outcome, act, find_case
from whistle.services.casework.classification import BY_UNIT, RECUSED
from whistle.services.casework.inputs import REMARK_LIMIT
from whistle.services.errors import Conflict, Invalid
from whistle.services.messages import check_text
from whistle.services.use_case import reading, use_case
from whistle.store.cases import Case, ShutOut
from whistle.store.people import Person
from whistle.store.recusals import ActingHead, RecusalRequest

#: Who may come to have a case that is not in sealed handling.
OFFICE_ROLES = tuple(role for role in CASEWORK_ROLES if role != "oversight")
#: In whose name the decision of somebody who cannot open the case is recorded in it.
RECORDER = AsSystem("recusal")


@dataclasses.dataclass(frozen=True, slots=True)
class Said:
    """What a decision says: the ground as a code, the reasons, and the superior's paper where the superior decided."""

    reason: str
    ground: str = ""
    paper: str = ""
    paper_on: dt.date | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Kept:
    """Somebody kept off a case.

    `why`: in_force, suspended, subject_unit, subject, listed, linked_case, or wished (by a reporter).
    `may_end`: whether the person who looks can let them in again; `needs_paper`: with the superior's paper.
    """

    person_id: int
    name: str
    role: str
    why: str
    ground: str
    since: dt.datetime | None
    may_end: bool
    needs_paper: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Choice:
    """Somebody whose recusal this person may decide."""

    person_id: int
    name: str
    role: str
    needs_paper: bool


@dataclasses.dataclass(frozen=True, slots=True)
class CaseRecusals:
    """All that the page of a case's recusals shows. `acting`: names of who acts as head in this case alone, by id."""

    kept: list[Kept]
    wishes: list[recusal.Wish]
    acting: list[tuple[int, str]]
    choices: list[Choice]
    #: How many wishes of others wait for somebody else's decision, for who wrote one down. Nobody else is told of them:
    #: whom they are about is sealed, and it may be the person who looks.
    noted: int


@reading
def ask_to_declare(by: Acting) -> None:
    """Whether this person has to do with cases at all; raises NotAllowed."""
    require(by, "recusal.declare")


@use_case
def declare(by: Acting, ref: str, ground: str, reason: str) -> None:
    """Declare the own recusal from a case, by its number or id: access ends at once, until somebody decides.

    Whoever cannot know whether there is such a case is answered the same whether there is or not: Invalid('number',
    'not_whole') is raised by the form of what was typed alone. Of a case that the person may know, an end is enough.
    """
    require(by, "recusal.declare")
    reason = check_text("reason", reason, REMARK_LIMIT)
    if ground not in TABLES["recusal_grounds"]:
        raise Invalid("ground", "unknown")
    case = typed_numbers.case_meant(by, ref)
    if case is None or recusal_steps.standing(case, by.person_id) is not None:
        return
    actor = by if may(by, "case.declare_recusal", case) else RECORDER
    act(case.id, "declare_recusal", actor, person=by.person_id, ground=ground, reason=reason)


@use_case
def impose(by: Acting, case_ref: str, person_id: int, said: Said) -> Outcome:
    """Decide that somebody keeps off a case."""
    case = find_case(typed_numbers.reference(by, case_ref), lock=True)
    require(by, "recusal.decide", case)
    return _decide(by, case, _person(person_id), "imposed", said)


@use_case
def grant(by: Acting, wish_id: str, people: list[int], said: Said) -> Outcome:
    """Answer a wish: these people keep off, or for a declaration who declared it.

    Raises Conflict 'decided_already', and Invalid('people', 'empty').
    """
    row, case = _locked(by, wish_id)
    chosen = people if row.recusal is None else [row.recusal.person_id]
    if not chosen:
        raise Invalid("people", "empty")
    for person_id in chosen[:-1]:
        _decide(by, case, _person(person_id), "asked", said)
    recusal.answer(wish_id, "granted", said.reason)
    return _decide(by, find_case(case.id), _person(chosen[-1]), "asked", said)


@use_case
def refuse(by: Acting, wish_id: str, said: Said) -> Outcome:
    """Answer a wish: nobody keeps off for it. The reasons are read by who decides, and by a declarer's case.

    Raises Conflict 'decided_already'.
    """
    row, case = _locked(by, wish_id)
    reason = check_text("reason", said.reason, REMARK_LIMIT)
    actor = by if may(by, "case.refuse_recusal", case) else RECORDER
    declared = row.recusal
    if declared is None:
        recusal.answer(wish_id, "refused", reason)
        return _seen_by(by, act(case.id, "refuse_recusal", actor))
    if actor is RECORDER:
        rule = recusal_steps.require_decider(by, case, declared.person)
        papers.check(said.paper, said.paper_on, is_needed=rule.by_superior)
        recusal_steps.decide(declared, "refused", by.person_id, said.paper or None, said.paper_on)
        recusal.answer(wish_id, "refused", reason)
    done = act(case.id, "refuse_recusal", actor, person=declared.person_id, reason=reason, **_paper(said))
    return _seen_by(by, done)


@use_case
def end(by: Acting, case_ref: str, person_id: int, said: Said) -> Outcome:
    """Let somebody in again: lift a recusal, refuse a declaration, or decide that unit or name do not keep them out."""
    case = find_case(case_ref, lock=True)
    require(by, "case.read", case)
    row = recusal_steps.standing(case, person_id)
    if row is None:
        return act(case.id, "let_in", by, person=person_id, reason=said.reason)
    action = "lift_recusal" if row.state == "in_force" else "refuse_recusal"
    return act(case.id, action, by, person=person_id, reason=said.reason, **_paper(said))


@reading
def of_case(by: Acting, case_ref: str) -> CaseRecusals:
    """Who keeps off a case and why, and what this person may decide about that."""
    case = find_case(case_ref)
    require(by, "case.read", case)
    key = grants.case_key(by, case)
    people = _people_of(case)
    free = {person.id for person in grants.not_kept_out(case, key, people)}
    wishes = recusal.of_case(case, by)
    has_noted = happened.by_person(case, by.person_id, "note_recusal_request")
    return CaseRecusals(
        kept=[_kept(by, case, person) for person in people if person.id not in free],
        wishes=wishes,
        acting=[
            (row.person_id, row.person.name) for row in case.acting_heads.where(ActingHead.ended_at.is_null())
        ],
        choices=_choices(by, case, people),
        noted=recusal.noted_waiting(case, [wish.id for wish in wishes]) if has_noted else 0,
    )


@reading
def choices(by: Acting, wish_id: str) -> list[Choice]:
    """Whom a wish addressed to this person may be about: those whose recusal this person decides."""
    require(by, "recusal.list")
    case = recusal.find(by, wish_id).case
    return _choices(by, case, _people_of(case))


@reading
def choices_of_case(by: Acting, case_ref: str) -> list[Choice]:
    """Whose recusal from a case this person decides, whether or not the case is open to the person."""
    case = find_case(case_ref)
    require(by, "recusal.decide", case)
    return _choices(by, case, _people_of(case))


@reading
def choices_at_large(by: Acting) -> list[Choice]:
    """Whose recusal this person decides in cases of the line or the desk, whatever the case."""
    require(by, "recusal.register")
    is_flagged = by.role == "oversight"
    roles = ("oversight",) if is_flagged else OFFICE_ROLES
    people = Person.select().where(Person.state == "active", Person.role.in_(roles))
    rules_of = [(person, rules.decided_by(person.role, is_flagged=is_flagged)) for person in people]
    return [
        Choice(person.id, person.name, person.role, rule.by_superior)
        for person, rule in sorted(rules_of, key=lambda one: (one[0].name, one[0].id))
        if rule.role == by.role and person.id != by.person_id
    ]


def _people_of(case: Case) -> list[Person]:
    roles = ("oversight",) if case.is_flagged else OFFICE_ROLES
    rows = Person.select().where(Person.state == "active", Person.role.in_(roles))
    return list(rows.order_by(Person.name, Person.id))


def _choices(by: Acting, case: Case, people: list[Person]) -> list[Choice]:
    roles = recusal_steps.deciding_roles(by, case)
    found = []
    for person in people:
        rule = rules.decided_by(person.role, is_flagged=bool(case.is_flagged))
        row = recusal_steps.standing(case, person.id)
        is_off = row is not None and row.state == "in_force"
        if person.id != by.person_id and rule.role in roles and not is_off:
            found.append(Choice(person.id, person.name, person.role, rule.by_superior))
    return found


def _kept(by: Acting, case: Case, person: Person) -> Kept:
    rule = rules.decided_by(person.role, is_flagged=bool(case.is_flagged))
    row = recusal_steps.standing(case, person.id)
    why = _why(case, person) if row is None else row.state
    decides = person.id != by.person_id and rule.role in recusal_steps.deciding_roles(by, case)
    return Kept(
        person_id=person.id,
        name=person.name,
        role=person.role,
        why=why,
        ground="" if row is None else row.ground,
        since=None if row is None else row.decided_at or row.recorded_at,
        may_end=decides and why != "wished",
        needs_paper=rule.by_superior and row is not None,
    )


def _why(case: Case, person: Person) -> str:
    listed = ShutOut.get_or_none(ShutOut.case == case, ShutOut.person == person)
    if listed is not None and listed.reason != RECUSED:
        return str(listed.reason)
    return BY_UNIT if is_shut_out(case, person.id) else "wished"


def _decide(by: Acting, case: Case, person: Person, way: str, said: Said) -> Outcome:
    """Let the decision happen in this person's session, or have it recorded where the person cannot open the case."""
    inputs: dict[str, Any] = {
        "person": person.id,
        "ground": said.ground,
        "reason": said.reason,
        **_paper(said),
    }
    row = recusal_steps.standing(case, person.id)
    if row is not None and row.state == "in_force":
        raise Conflict("recused_already")
    if may(by, "case.recuse", case):
        if row is None and way == "asked":
            recusal_steps.enter(case, person, way, said.ground)
        return act(case.id, "recuse", by, **inputs)
    rule = recusal_steps.require_decider(by, case, person)
    papers.check(said.paper, said.paper_on, is_needed=rule.by_superior)
    row = row or recusal_steps.enter(case, person, way, said.ground)
    recusal_steps.decide(row, "in_force", by.person_id, said.paper or None, said.paper_on, ground=said.ground)
    return _seen_by(by, act(case.id, "recuse", RECORDER, **inputs))


def _seen_by(by: Acting, outcome: Outcome) -> Outcome:
    """An outcome recorded in another's name, as it is for who decided."""
    case = find_case(outcome.case_ref)
    return dataclasses.replace(outcome, is_left=not may(by, "case.read", case))


def _paper(said: Said) -> dict[str, Any]:
    return {"paper": said.paper, "paper_on": said.paper_on}


def _locked(by: Acting, wish_id: str) -> tuple[RecusalRequest, Case]:
    """A wish that waits, its case locked before it is read: two deciders answer it once."""
    case = find_case(recusal.find(by, wish_id).case_id, lock=True)
    require(by, "recusal.decide", case)
    row = recusal.find(by, wish_id)
    if row.outcome is not None:
        raise Conflict("decided_already")
    return row, case


def _person(person_id: int) -> Person:
    person = Person.get_or_none(Person.id == person_id)
    if person is None:
        raise Invalid("person", "unknown")
    return person
