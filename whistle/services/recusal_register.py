"""The register of recusals: who kept off which case, when, why, by whose decision; nothing of what the case is about.

Deputy and head see the cases of their line, the oversight desk its own, the auditor all but those in sealed handling;
nobody sees a case they keep off themselves. Each row is held against the log as it is shown.
"""

import dataclasses
import datetime as dt
from collections import Counter
from typing import Any

from peewee import JOIN

from whistle import clock
from whistle.services import acting_heads, ledger
from whistle.services.access import Acting, not_shut_out, require
from whistle.services.use_case import reading
from whistle.store.cases import Case, CaseEvent, CaseSeal
from whistle.store.desks import Desk, DeskMember, is_seated
from whistle.store.people import Person
from whistle.store.recusals import Clearance, Recusal

_Person, _Decider = Person.alias("kept"), Person.alias("decider")

#: How many rows a register shows; the newest come first.
SHOWN = 500
#: And how many declarations of one's own.
SHOWN_OWN = 20


@dataclasses.dataclass(frozen=True, slots=True)
class Entered:
    """One recusal. `can_open`: the case is open to the person who looks; `is_logged`: as the log has it."""

    case_ref: str
    number: str | None
    can_open: bool
    name: str
    role: str
    way: str
    ground: str
    state: str
    recorded_at: dt.datetime
    decided_by: str | None
    decided_at: dt.datetime | None
    paper: str | None
    paper_on: dt.date | None
    lifted_by: str | None
    lifted_at: dt.datetime | None
    lift_paper: str | None
    lift_paper_on: dt.date | None
    is_logged: bool


@dataclasses.dataclass(frozen=True, slots=True)
class LetIn:
    """Somebody of whom it was decided that unit or name ('unit', 'name') does not keep them out of a case."""

    number: str | None
    name: str
    role: str
    of: str
    decided_by: str
    decided_at: dt.datetime
    ended_at: dt.datetime | None
    is_logged: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Register:
    """The newest entries, with how many there are by month of entry, the newest month first."""

    entries: list[Entered]
    let_in: list[LetIn]
    months: list[tuple[dt.date, int]]

    @property
    def all_logged(self) -> bool:
        """Whether all that is shown stands in the log as it is."""
        return all(row.is_logged for row in self.entries) and all(row.is_logged for row in self.let_in)


@dataclasses.dataclass(frozen=True, slots=True)
class OwnRecusal:
    """A declaration of one's own, about a case that was open then. `state`: suspended, in_force, refused, lifted."""

    number: str | None
    declared_on: dt.date
    state: str
    decided_on: dt.date | None


@reading
def own(by: Acting) -> list[OwnRecusal]:
    """What this person declared in cases that were open to them, the newest first, and what was decided.

    Of what was declared by a number alone nothing is told: whether there is such a case stays hidden. Nor is it of a
    case that went the sealed way since, but to the oversight desk.
    """
    require(by, "recusal.list")
    declared = CaseEvent.select(CaseEvent.case).where(
        CaseEvent.action == "declare_recusal", CaseEvent.by == by.person_id
    )
    rows = Recusal.select(Recusal, Case).join(Case).where(Recusal.person == by.person_id)
    rows = rows.where(Recusal.way == "declared", Recusal.case.in_(declared))
    if by.role != "oversight":
        rows = rows.where(~Case.is_flagged)
    newest = rows.order_by(Recusal.recorded_at.desc(), Recusal.id).limit(SHOWN_OWN)
    return [
        OwnRecusal(
            number=row.case.number,
            declared_on=clock.day_of(row.recorded_at),
            state=row.state,
            decided_on=None if row.decided_at is None else clock.day_of(row.decided_at),
        )
        for row in newest
    ]


@reading
def register(by: Acting) -> Register:
    """The register of this person's line, or of the oversight desk."""
    require(by, "recusal.register")
    return _register(by, _of_line(by))


@reading
def audit(by: Acting) -> Register:
    """The register of the whole office, but for cases in sealed handling."""
    require(by, "recusal.audit")
    return _register(by, Case.select(Case.id).where(~Case.is_flagged))


def _of_line(by: Acting) -> Any:
    desks = Desk.select(Desk.id).where(Desk.kind != "oversight")
    if by.role == "deputy":
        desks = desks.where(Desk.deputy == by.person_id)
    if by.role == "oversight":
        seats = DeskMember.select(DeskMember.desk).where(
            DeskMember.person == by.person_id,
            is_seated(),
        )
        desks = Desk.select(Desk.id).where(Desk.kind == "oversight", Desk.id.in_(seats))
    return not_shut_out(by.person_id).select(Case.id).where(Case.desk.in_(desks))


def _register(by: Acting, cases: Any) -> Register:
    rows = list(_newest(Recusal, Recusal.recorded_at, _Decider, Recusal.decided_by, cases))
    cleared = list(_newest(Clearance, Clearance.decided_at, _Decider, Clearance.decided_by, cases))
    logged = set(ledger.matching([*rows, *cleared]))
    shown = [row.case_id for row in rows]
    seals = acting_heads.open_seals(by.person_id).select(CaseSeal.case).where(CaseSeal.case.in_(shown))
    openable = {seal.case_id for seal in seals}
    times = Recusal.select(Recusal.recorded_at).where(Recusal.case.in_(cases))
    months = Counter(clock.day_of(row.recorded_at).replace(day=1) for row in times.iterator())
    return Register(
        entries=[_entry(row, can_open=row.case_id in openable, is_logged=row in logged) for row in rows],
        let_in=[_let_in(row, is_logged=row in logged) for row in cleared],
        months=sorted(months.items(), reverse=True),
    )


def _newest(model: Any, moment: Any, decider: Any, decided_by: Any, cases: Any) -> Any:
    """The newest rows of a table, each with its case, its person and who decided, in one question."""
    return (
        model.select(model, Case, _Person, decider)
        .join_from(model, Case)
        .join_from(model, _Person, on=(model.person == _Person.id))
        .join_from(model, decider, JOIN.LEFT_OUTER, on=(decided_by == decider.id), attr="decided_by")
        .where(model.case.in_(cases))
        .order_by(moment.desc(), model.id)
        .limit(SHOWN)
    )


def _entry(row: Recusal, *, can_open: bool, is_logged: bool) -> Entered:
    return Entered(
        case_ref=row.case.number or row.case_id,
        number=row.case.number,
        can_open=can_open,
        name=row.person.name,
        role=row.person.role,
        way=row.way,
        ground=row.ground,
        state=row.state,
        recorded_at=row.recorded_at,
        decided_by=_name(row.decided_by),
        decided_at=row.decided_at,
        paper=row.paper,
        paper_on=row.paper_on,
        lifted_by=_name(row.lifted_by),
        lifted_at=row.lifted_at,
        lift_paper=row.lift_paper,
        lift_paper_on=row.lift_paper_on,
        is_logged=is_logged,
    )


def _let_in(row: Clearance, *, is_logged: bool) -> LetIn:
    return LetIn(
        number=row.case.number,
        name=row.person.name,
        role=row.person.role,
        of=row.of,
        decided_by=row.decided_by.name,
        decided_at=row.decided_at,
        ended_at=row.ended_at,
        is_logged=is_logged,
    )


def _name(person: Person | None) -> str | None:
    return None if person is None else person.name
