"""Who decides in the head's place: looked up anew each time; entered in `headship` and by casework (rulebook §2).

In one case the acting head holds the case until it ends. For days, in all cases, the acting head holds nothing but what
a proposal or a recusal to be decided brings, and that goes with the decision; it opens nothing when the days are over,
or the head is there again. Nobody acts in a case by the choice of somebody who kept off it by then.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from peewee import ModelSelect, fn

from whistle import clock
from whistle.rules.recusal import STANDING
from whistle.store.cases import Case, CaseSeal, seals_open_to
from whistle.store.people import Absence, Person
from whistle.store.recusals import ActingHead, Recusal

_Head = Person.alias("head")

#: Who may be entered as acting head. Whoever takes reports in never decides what becomes of them.
ROLES = frozenset({"officer", "reviewer", "deputy"})
#: Why a case is given to who decides something in it, and why where the person decides it for days alone.
FOR_DAYS = {"proposal": "proposal_for_days", "recusal": "recusal_for_days"}


def standing(case: Any) -> Any:
    """The rows in force today for a case, by its id or by a column of such, as a query; sealed handling has none."""
    kept_off = Recusal.select().where(
        Recusal.case == case,
        Recusal.person == ActingHead.entered_by,
        Recusal.state.in_(STANDING),
        Recusal.recorded_at <= ActingHead.recorded_at,
    )
    in_force = (ActingHead.case == case) | (_is_for_days() & ~fn.EXISTS(kept_off))
    return ActingHead.select().where(ActingHead.ended_at.is_null(), in_force)


def for_days(person: Any) -> Any:
    """The rows by which a person, an id or a column of one, acts as head for days, and today; as a query."""
    return ActingHead.select().where(
        ActingHead.person == person, ActingHead.ended_at.is_null(), _is_for_days()
    )


def of(case: Case) -> list[Person]:
    """Those who act as head in a case now."""
    return _fit(case, standing(case.id))


def of_case_alone(case: Case) -> list[Person]:
    """Those of them who were entered for this case, and so hold it."""
    return _fit(case, ActingHead.select().where(ActingHead.case == case, ActingHead.ended_at.is_null()))


def is_entered(person_id: int | None = None) -> bool:
    """Whether a person, or with none given anybody, is entered as acting head anywhere, be it for other days.

    Of hardly anybody it is true, and where it is not there is no need to ask in which case and on which days.
    """
    rows = ActingHead.select().where(ActingHead.ended_at.is_null())
    return (rows if person_id is None else rows.where(ActingHead.person == person_id)).exists()


def acts(person_id: int, case: Case) -> bool:
    """Whether a person acts as head in a case now."""
    return not case.is_flagged and standing(case.id).where(ActingHead.person == person_id).exists()


def is_in_force(person: Any, *, may_act: bool = True) -> Any:
    """Whether a grant opens its case to a person today, as a condition on grants: a loan does until its last day.

    may_act: False where `is_entered` said so, which spares the database a question.
    """
    lasts = CaseSeal.reason.not_in([*FOR_DAYS.values()])
    if may_act:
        lasts |= fn.EXISTS(for_days(person))
    return lasts & ((CaseSeal.reason != "lent") | (CaseSeal.until >= clock.today()))


def open_seals(person: Any, *, may_act: bool = True) -> ModelSelect[CaseSeal]:
    """The grants that open a case to a person today, by an id or a column of one; as a query. See `is_in_force`."""
    return seals_open_to(person).where(is_in_force(person, may_act=may_act))


def opens(person_id: int, case: Case, *, may_act: bool = True) -> bool:
    """Whether some grant opens a case to a person today. See `is_in_force`."""
    return open_seals(person_id, may_act=may_act).where(CaseSeal.case == case).exists()


def reason_to_hold(person: Person, case: Case, usual: str) -> str:
    """`usual`, or why somebody is given a case who decides in it for days alone."""
    is_of_line = person.role == "head" or case.desk.deputy_id == person.id
    return usual if is_of_line or not for_days(person.id).exists() else FOR_DAYS[usual]


def heads_not_away(from_on: dt.date, to_on: dt.date) -> Any:
    """The heads who are not away from one day to another, both included, all the time; as a query."""
    away = Absence.select().where(
        Absence.person == _Head.id,
        Absence.ended_at.is_null(),
        Absence.from_on <= from_on,
        Absence.to_on >= to_on,
    )
    return _Head.select().where(_Head.role == "head", _Head.state == "active", ~fn.EXISTS(away))


def _is_for_days() -> Any:
    today = clock.today()
    are_days = ActingHead.case.is_null() & (ActingHead.from_on <= today) & (ActingHead.to_on >= today)
    return are_days & ~fn.EXISTS(heads_not_away(today, today))


def _fit(case: Case, rows: Any) -> list[Person]:
    if case.is_flagged:
        return []
    return list(
        Person.select()
        .where(Person.id.in_(rows.select(ActingHead.person)))
        .where(Person.state == "active", Person.role.in_(ROLES))
        .order_by(Person.id)
    )
