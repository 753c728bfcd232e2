"""Who may decide a proposal: found anew each time, so that who is away blocks nothing and who left decides nothing.

Whoever stands in the case's line now (or sits at the oversight desk), has a role that may give leave, holds the case,
is not shut out of it and did not propose. Rulebook §2.
"""

from collections.abc import Iterator
from typing import Any

from peewee import JOIN, Value, fn

from whistle.rules import workflow
from whistle.services import acting_heads, archive, grants
from whistle.services.access import Acting, is_shut_out, not_shut_out
from whistle.store.cases import Case, CaseSeal, Proposal
from whistle.store.desks import Desk, DeskMember, is_seated
from whistle.store.people import Person
from whistle.store.recusals import ActingHead

#: The longest queue shown to one person.
QUEUE_LIMIT = 200

_Proposer, _Decider, _Archive = Person.alias("proposer"), Person.alias("decider"), Desk.alias("archive")


def candidates(case: Case, leave: str, by: Acting) -> list[Person]:
    """Whom a proposal that needs this leave is for, the deputy before the head, whether or not they hold the case."""
    if leave == "archive":
        desk = archive.desk()
        return [] if desk is None else [p for p in grants.desk_people(desk) if p.id != by.person_id]
    roles = workflow.approvers(leave, by.role)
    over = grants.desk_people if "oversight" in roles else grants.line_people
    found = [person for person in over(case.desk) if person.role in roles]
    if "head" in roles:
        found += [person for person in acting_heads.of(case) if person not in found]
    return [person for person in found if person.id != by.person_id]


def of(proposal_ids: list[str]) -> dict[str, list[Person]]:
    """Who may decide each of these waiting proposals, the deputy before the head; nobody for one that is stuck."""
    found: dict[str, list[Person]] = {proposal_id: [] for proposal_id in proposal_ids}
    for row in _pairs(Proposal.id.in_(proposal_ids)):
        if not is_shut_out(Case.get_by_id(row.case_id), row.decider):
            found[row.id].append(Person.get_by_id(row.decider))
    return {key: sorted(people, key=lambda p: (p.role == "head", p.id)) for key, people in found.items()}


def may_decide(person_id: int, proposal: Proposal) -> bool:
    """Whether a person may decide a waiting proposal."""
    return any(person.id == person_id for person in of([proposal.id])[proposal.id])


def waiting_for(person_id: int) -> list[Proposal]:
    """The proposals that a person may decide, the longest waiting first."""
    mine = _pairs((_Decider.id == person_id) & Proposal.case.in_(not_shut_out(person_id)))
    rows = (
        Proposal.select()
        .where(Proposal.id.in_([row.id for row in mine]))
        .order_by(Proposal.made_at, Proposal.id)
    )
    return list(rows.limit(QUEUE_LIMIT))


def leave_of(row: Any) -> str:
    """Whose leave a proposal waits for; that of its action where the row is older than the column."""
    return str(row.approval or workflow.ACTIONS[row.action].approval)


def delegates(row: Proposal, by: Acting) -> list[Person]:
    """Whom a decider may ask to decide in their place: who has a role that may, and neither made it nor may already."""
    roles = workflow.approvers(leave_of(row), row.by.role)
    asked = {person.id for person in of([row.id])[row.id]} | {row.by_id, by.person_id}
    people = Person.select().where(Person.role.in_(roles), Person.state == "active").order_by(Person.name)
    return [person for person in people if person.id not in asked and not is_shut_out(row.case, person.id)]


def names(people: list[Person]) -> tuple[str, ...]:
    """Their names, as a page says whom something waits for."""
    return tuple(person.name for person in people)


def holds(case: Case, person: Person) -> bool:
    """Whether a person can open a case, by a grant of their own or by a desk's."""
    return acting_heads.opens(person.id, case)


def _pairs(condition: Any) -> Iterator[Any]:
    """Proposals and people who stand to them as they must, as rows with `id`, `case_id` and `decider`."""
    may_act = acting_heads.is_entered()
    acts = fn.EXISTS(_acting()) if may_act else Value(0) == Value(1)
    rows: Any = (
        Proposal.select(
            Proposal.id,
            Proposal.case.alias("case_id"),
            Proposal.action,
            Proposal.approval,
            Proposal.delegated_to.alias("delegated_to"),
            _Proposer.role.alias("by_role"),
            _Decider.id.alias("decider"),
            _Decider.role.alias("role"),
            acts.alias("is_acting"),
        )
        .join(Case)
        .join(Desk)
        .join_from(Proposal, _Proposer, on=(Proposal.by == _Proposer.id))
        .join_from(Proposal, _Decider, JOIN.INNER, on=_stands_over(acts))
        .where(Proposal.state == "waiting")
        .where(
            fn.EXISTS(acting_heads.open_seals(_Decider.id, may_act=may_act).where(CaseSeal.case == Case.id))
        )
        .where(condition)
        .objects()
    )
    return (row for row in rows if _is_asked(row))


def _is_asked(row: Any) -> bool:
    """The leave it waits for is this one's to give, by role, by a seat, or because a decider passed it on.

    Who acts as head gives the head's.
    """
    leave = leave_of(row)
    if row.delegated_to is not None and row.delegated_to == row.decider:
        return True
    roles = workflow.approvers(leave, row.by_role)
    return leave == "archive" or row.role in roles or (bool(row.is_acting) and "head" in roles)


def _stands_over(acts: Any) -> Any:
    """The decider is of the line above the case's desk, or for the oversight desk of the desk itself.

    acts: whether the decider acts as head, as a condition.
    """
    seats = DeskMember.select(DeskMember.person).where(DeskMember.desk == Desk.id).where(is_seated())
    is_of_archive = Proposal.approval == "archive"
    in_line = (Desk.kind != "oversight") & ((_Decider.id == Desk.deputy) | (_Decider.role == "head"))
    in_line &= Proposal.approval.is_null() | (Proposal.approval != "archive")
    at_desk = (Desk.kind == "oversight") & _Decider.id.in_(seats)
    at_archive = is_of_archive & _Decider.id.in_(_seats_of_archive())
    acting = (Desk.kind != "oversight") & acts
    acting &= Proposal.approval.is_null() | (Proposal.approval != "archive")
    asked = in_line | at_desk | at_archive | acting | (_Decider.id == Proposal.delegated_to)
    return (_Decider.state == "active") & (_Decider.id != Proposal.by) & asked


def _acting() -> Any:
    acts = acting_heads.standing(Case.id).where(ActingHead.person == _Decider.id)
    return acts.where(_Decider.role.in_(acting_heads.ROLES))


def _seats_of_archive() -> Any:
    return (
        DeskMember.select(DeskMember.person)
        .join(_Archive)
        .where(_Archive.kind == "archive")
        .where(is_seated())
    )
