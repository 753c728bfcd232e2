"""Who may do what: the actors, their relations to a thing, and the one question `require`.

The table itself is `rules.permits`. A relation is a fact about person and case that is looked up here: whether
the person sits at the case's desk, stands in its line, or holds a seal of it. Who is shut out has no relation at all.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from whistle import clock
from whistle.rules import workflow
from whistle.rules.permits import ROLES, permits
from whistle.services import acting_heads
from whistle.services.errors import NotAllowed, NotFound
from whistle.services.use_case import note_asked
from whistle.store.base import Table
from whistle.store.cases import Case, CaseSeal, Proposal, ShutOut, UnitShutOut
from whistle.store.channels import Channel
from whistle.store.desks import Desk, DeskMember, is_seated
from whistle.store.people import Admission, Person
from whistle.store.recusals import Clearance
from whistle.store.reports import IdentityAsking, IdentityAskingSeal, Report
from whistle.store.units import UnitFact


@dataclass(frozen=True, slots=True)
class Acting:
    """A signed-in person for the length of a request, with the private key the session's cookie opened."""

    person_id: int
    user_name: str
    name: str
    role: str
    key_id: int
    session_id: int
    locale: str = "zh_CN"
    seed: bytes = field(repr=False, default=b"")


@dataclass(frozen=True, slots=True)
class AsReporter:
    """A reporter who opened a report with its receipt code; `seed` makes the reporter's key pair."""

    report_id: str
    seed: bytes = field(repr=False, default=b"")


@dataclass(frozen=True, slots=True)
class AsSystem:
    """The product itself: the worker's lapses and what follows from a reporter's act."""

    what: str


Actor = Acting | AsReporter | AsSystem

#: Whoever stands so to a case is told that it is not theirs to do; to all others there is no such case.
MAY_KNOW = frozenset({"desk", "line", "holds", "assigned"})


def require(by: Actor, permission: str, thing: Table | None = None) -> None:
    """Ask leave for `permission` on `thing`; raises NotAllowed, or NotFound where the thing is not for this person.

    The person's role and state are read again, so that a deactivation holds at once and not from the next request.
    """
    note_asked(permission)
    if isinstance(by, Acting):
        role, related = _current_role(by), relations(by, thing)
    elif isinstance(by, AsReporter):
        role, related = "reporter", frozenset({"own"})
    else:
        role, related = "system", frozenset({"own"})
    if isinstance(by, Acting) and not _is_let_in(by, permission):
        raise NotAllowed("not_admitted")
    if permitted(permission, role, related):
        return
    if isinstance(by, Acting) and isinstance(thing, Case) and not related & MAY_KNOW:
        raise NotFound("case")
    raise NotAllowed(permission)


def as_stranger(permission: str) -> None:
    """Say aloud that anybody may do this: reading a channel's page, starting a draft, trying a code."""
    note_asked(permission)
    if not permits(permission, "stranger", frozenset({"any"})):
        raise NotAllowed(permission)


def may(by: Acting, permission: str, thing: Table | None = None) -> bool:
    """Whether `require` would let it pass; for showing only what is possible."""
    return permitted(permission, by.role, relations(by, thing))


def permitted(permission: str, role: str, related: Collection[str]) -> bool:
    """Whether somebody of a role, so related, may do this, or in the head's place could."""
    return any(permits(permission, each, related) for each in roles_of(role, related))


def role_in(by: Acting, case: Case) -> str:
    """As what a person acts on a case where the rules ask for one role: as head, for who acts as head."""
    acts = acting_heads.is_entered(by.person_id) and "acting" in relations(by, case)
    return "head" if acts else by.role


def roles_of(role: str, related: Collection[str]) -> set[str]:
    """In which roles somebody so related to a case may act on it: the own, and the head's for who acts as head."""
    return {role, "head"} if "acting" in related else {role}


def _is_let_in(by: Acting, permission: str) -> bool:
    """Whoever may come to hold a content key does nothing but keep an account before somebody admitted the key."""
    if permission.startswith("accounts.") or not ROLES[by.role].must_be_admitted:
        return True
    return (
        Admission.select()
        .where(Admission.key == by.key_id)
        .where(Admission.role == by.role)
        .where(Admission.ended_at.is_null())
        .exists()
    )


def _current_role(by: Acting) -> str:
    person = Person.get_or_none(Person.id == by.person_id)
    if person is None or person.state != "active":
        raise NotAllowed("session")
    return str(person.role)


def relations(by: Acting, thing: Table | None) -> frozenset[str]:
    """How a person stands to a case, a proposal, an asking for a contact, a desk or a channel; who is shut out stands
    in no relation.
    """
    if isinstance(thing, Proposal):
        proposed = {"proposer"} if thing.by_id == by.person_id else set()
        return _case_relations(by, thing.case) | proposed
    if isinstance(thing, Case):
        return _case_relations(by, thing)
    if isinstance(thing, IdentityAsking):
        return _asking_relations(by, thing)
    related = {"any"}
    if isinstance(thing, Person) and thing.id == by.person_id:
        related.add("self")
    desk = thing.desk if isinstance(thing, Channel) else thing
    if isinstance(desk, Desk):
        related |= _desk_relations(by, desk)
    return frozenset(related)


def _case_relations(by: Acting, case: Case) -> frozenset[str]:
    if is_shut_out(case, by.person_id):
        return frozenset()
    related = {"any"} | _desk_relations(by, case.desk)
    is_entered = acting_heads.is_entered(by.person_id)
    if is_entered and by.role in acting_heads.ROLES and acting_heads.acts(by.person_id, case):
        related |= {"acting", "line"}
    if case.officer_id == by.person_id:
        related.add("assigned")
    if case.reviewer_id == by.person_id:
        related.add("reviews")
    if acting_heads.opens(by.person_id, case, may_act=is_entered):
        related.add("holds")
        if case.state == "archived":
            related |= _archive_relations(case, by.person_id)
        if "line" in related and case.state in workflow.INTAKE_STATES and not _intake_reads(case):
            related.add("stands_in")
    else:
        related.discard("desk")
    return frozenset(related)


def _asking_relations(by: Acting, asking: IdentityAsking) -> frozenset[str]:
    if is_shut_out(asking.report.case, by.person_id):
        return frozenset()
    related = {"asks"} if asking.person_id == by.person_id else set()
    addressed = IdentityAskingSeal.select().where(IdentityAskingSeal.asking == asking)
    if addressed.where(IdentityAskingSeal.person_key == by.key_id).exists():
        related.add("keeps")
    return frozenset(related | {"any"})


def _desk_relations(by: Acting, desk: Desk) -> set[str]:
    related = set()
    if sits_at(desk, by.person_id):
        related.add("desk")
    if desk.kind != "oversight" and (desk.deputy_id == by.person_id or by.role == "head"):
        related.add("line")
    return related


def sits_at(desk: Desk, person_id: int) -> bool:
    """Whether the person has an admitted seat at the desk."""
    return (
        DeskMember.select()
        .where(DeskMember.desk == desk)
        .where(DeskMember.person == person_id)
        .where(is_seated())
        .exists()
    )


def _archive_relations(case: Case, person_id: int) -> set[str]:
    """How somebody who can open an archived case stands to it: it is lent to the person, the person keeps it, or both.

    Who holds it to decide a proposal stands in neither.
    """
    related = {"archive_desk"} if keeps_archive(person_id) else set()
    lent = acting_heads.open_seals(person_id).where(CaseSeal.case == case, CaseSeal.person == person_id)
    if lent.where(CaseSeal.reason == "lent").exists():
        related.add("borrower")
    return related


def keeps_archive(person_id: int) -> bool:
    """Whether the person has an admitted seat at the archive desk."""
    return (
        DeskMember.select()
        .join(Desk)
        .where(Desk.kind == "archive")
        .where(DeskMember.person == person_id)
        .where(is_seated())
        .exists()
    )


def _intake_reads(case: Case) -> bool:
    """Whether some intake officer can open the case, through the desk or by an own grant."""
    seals = CaseSeal.select().where(CaseSeal.case == case)
    if seals.where(CaseSeal.desk_key.is_null(False)).exists():
        return True
    intake = Person.select(Person.id).where(Person.role == "intake").where(Person.state == "active")
    return bool(seals.where(CaseSeal.person.in_(intake)).exists())


def is_shut_out(case: Case, person_id: int) -> bool:
    """Whether a person may not read a case: listed for it, or of a unit that is kept out, or one beneath (§11)."""
    person = Person.get_or_none(Person.id == person_id)
    return person is not None and not not_shut_out_of(case, [person])


def not_shut_out_of(case: Case, people: Sequence[Person]) -> list[Person]:
    """Those of some people who are not shut out of a case; asked of a desk's members at once."""
    shut_out = shut_out_of([case], people)
    return [person for person in people if (case.id, person.id) not in shut_out]


def shut_out_of(cases: Sequence[Case], people: Sequence[Person]) -> set[tuple[str, int]]:
    """Who of some people is shut out of which of some cases, as ids of both; a page of cases is asked at once.

    Of whom it was decided that their unit keeps them out no longer, only the unit a reporter named still does.
    """
    ids = [case.id for case in cases]
    listed = ShutOut.select(ShutOut.case, ShutOut.person).where(ShutOut.case.in_(ids))
    found = {(row.case_id, row.person_id) for row in listed}
    above = {person.id: units_above(person.unit_id) for person in people if person.unit_id is not None}
    if not above:
        return found
    wished, other = _units_kept_out(cases)
    by_unit = {
        (case_id, person_id)
        for person_id, units in above.items()
        for case_id in wished
        if (wished[case_id] | other[case_id]) & units
    }
    cleared = _cleared(ids) if by_unit else set()
    return found | {
        (case_id, person_id)
        for case_id, person_id in by_unit
        if (case_id, person_id) not in cleared or wished[case_id] & above[person_id]
    }


def _cleared(case_ids: Sequence[str]) -> set[tuple[str, int]]:
    rows = Clearance.select(Clearance.case, Clearance.person).where(
        Clearance.case.in_(case_ids), Clearance.of == "unit", Clearance.ended_at.is_null()
    )
    return {(row.case_id, row.person_id) for row in rows}


def cleared_of(case: Case, of: str) -> frozenset[int]:
    """The people of whom it was decided that unit or name ('unit', 'name') keeps them out of a case no longer."""
    rows = Clearance.select(Clearance.person).where(Clearance.case == case, Clearance.of == of)
    return frozenset(row.person_id for row in rows.where(Clearance.ended_at.is_null()))


def not_shut_out(person_id: int) -> Any:
    """The cases a person is not shut out of, as a query: what `is_shut_out` asks of one case, asked of all."""
    return Case.select().where(is_open_to(person_id))


def is_open_to(person_id: int) -> Any:
    """Whether a person is not shut out of a case, as a condition on cases."""
    listed = ShutOut.select(ShutOut.case).where(ShutOut.person == person_id)
    found = Case.id.not_in(listed)
    person = Person.get_or_none(Person.id == person_id)
    units = set() if person is None else units_above(person.unit_id)
    if not units:
        return found
    wished = Report.select(Report.case).where(Report.unit_shut_out.in_(units))
    about = Report.select(Report.case).where(Report.unit.in_(units))
    beside = UnitShutOut.select(UnitShutOut.case).where(UnitShutOut.unit.in_(units))
    cleared = Clearance.select(Clearance.case).where(
        Clearance.person == person_id, Clearance.of == "unit", Clearance.ended_at.is_null()
    )
    is_out = Case.id.in_(about) | Case.id.in_(beside) | (Case.unit.is_null(False) & Case.unit.in_(units))
    return found & Case.id.not_in(wished) & (~is_out | Case.id.in_(cleared))


def units_kept_out(case: Case) -> set[int]:
    """The units whose people may not read a case: as registered, as the reporter chose, and as the reporter wished.

    And the channel's, where the reporter did not know which unit it is.
    """
    wished, other = _units_kept_out([case])
    return wished[case.id] | other[case.id]


def _units_kept_out(cases: Sequence[Case]) -> tuple[dict[str, set[int]], dict[str, set[int]]]:
    """The units that reporters wished to be kept out, and those that are for other reasons, by case."""
    wished: dict[str, set[int]] = {case.id: set() for case in cases}
    other: dict[str, set[int]] = {
        case.id: set() if case.unit_id is None else {case.unit_id} for case in cases
    }
    for beside in UnitShutOut.select().where(UnitShutOut.case.in_(list(wished))):
        other[beside.case_id].add(beside.unit_id)
    columns = (Report.case, Report.unit, Report.unit_shut_out)
    for report in Report.select(*columns).where(Report.case.in_(list(wished))):
        other[report.case_id] |= set() if report.unit_id is None else {report.unit_id}
        wished[report.case_id] |= set() if report.unit_shut_out_id is None else {report.unit_shut_out_id}
    return wished, other


def is_within(unit_id: int | None, ancestor_id: int) -> bool:
    """Whether a unit is another or stands beneath it, by the facts of today."""
    return ancestor_id in units_above(unit_id)


def units_above(unit_id: int | None) -> set[int]:
    """A unit with all it stands beneath, by the facts of today; none for None."""
    found: set[int] = set()
    current = unit_id
    while current is not None and current not in found:
        found.add(current)
        current = _parent(current)
    return found


def _parent(unit_id: int) -> int | None:
    fact = (
        UnitFact.select()
        .where(UnitFact.unit == unit_id)
        .where(UnitFact.valid_on <= clock.today())
        .order_by(UnitFact.valid_on.desc(), UnitFact.id.desc())
        .first()
    )
    return None if fact is None else fact.parent_id
