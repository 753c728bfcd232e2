"""Which cases a person may know of, as queries: what the desk lists, the board shows and the meeting papers count.

Who is shut out of a case finds it in none of these. A case in sealed handling is at the oversight desk, which is in no
line, and its grants were taken from everybody else.
"""

from typing import Any

from whistle.services.access import Acting, not_shut_out
from whistle.store.cases import Case, CaseSeal
from whistle.store.desks import Desk, DeskMember, DeskSeal


def visible(by: Acting) -> Any:
    """Granted cases, those of the own desk, for deputy and head those of the line."""
    return not_shut_out(by.person_id).where(Case.id.in_(_granted(by)) | in_line(by))


def held_cases(by: Acting) -> Any:
    """The cases this person holds, through an own grant or a desk's, and may read."""
    return not_shut_out(by.person_id).where(Case.id.in_(_granted(by)))


def line(by: Acting) -> Any:
    """The cases of this person's line; none but for deputy and head."""
    return not_shut_out(by.person_id).where(in_line(by))


def handed_on(by: Acting) -> Any:
    """The cases of the intake desks this person sits at, whoever works them now: for counting what became of them."""
    seats = (
        DeskMember.select(DeskMember.desk)
        .where(DeskMember.person == by.person_id)
        .where(DeskMember.admitted_at.is_null(False))
        .where(DeskMember.ended_at.is_null())
    )
    desks = Desk.select(Desk.id).where(Desk.kind == "intake", Desk.id.in_(seats))
    return not_shut_out(by.person_id).where(Case.desk.in_(desks), ~Case.is_flagged)


def _granted(by: Acting) -> Any:
    own = CaseSeal.select(CaseSeal.case).where(CaseSeal.person == by.person_id)
    held = DeskSeal.select(DeskSeal.desk_key).where(DeskSeal.person == by.person_id)
    through_desk = CaseSeal.select(CaseSeal.case).where(CaseSeal.desk_key.in_(held))
    return own.union_all(through_desk)


def in_line(by: Acting) -> Any:
    """Whether a case belongs to this person's line, as a condition on cases: to no line, but for deputy and head."""
    if by.role == "head":
        return Case.desk.in_(Desk.select(Desk.id).where(Desk.kind != "oversight"))
    if by.role == "deputy":
        return Case.desk.in_(Desk.select(Desk.id).where(Desk.deputy == by.person_id))
    return Case.desk.in_([])
