"""Which cases a person may know of, as queries: what the desk lists, the board shows and the meeting papers count.

Who is shut out of a case finds it in none of these. A case in sealed handling is at the oversight desk, which is in no
line, and its grants were taken from everybody else.
"""

from typing import Any

from whistle.services import acting_heads
from whistle.services.access import Acting, is_open_to, not_shut_out
from whistle.store.cases import Case, CaseSeal
from whistle.store.desks import Desk, DeskMember, DeskSeal, is_seated

#: Who stands in a line.
LEADERS = ("deputy", "head")


def visible(by: Acting) -> Any:
    """Granted cases, those of the own desk, for deputy and head those of the line."""
    return Case.select().where(is_visible(by))


def is_visible(by: Acting) -> Any:
    """The same as a condition on cases."""
    granted = Case.id.in_(_granted(by))
    return is_open_to(by.person_id) & (granted | _in_line(by) if by.role in LEADERS else granted)


def held_cases(by: Acting) -> Any:
    """The cases this person holds, through an own grant or a desk's, and may read."""
    return not_shut_out(by.person_id).where(Case.id.in_(_granted(by)))


def line(by: Acting) -> Any:
    """The cases of this person's line; none but for deputy and head."""
    return Case.select().where(is_of_line(by))


def is_of_line(by: Acting) -> Any:
    """The same as a condition on cases."""
    return is_open_to(by.person_id) & _in_line(by)


def is_handed_on(by: Acting) -> Any:
    """Whether a case is of an intake desk that this person sits at, whoever works it now; as a condition on cases.

    For counting what became of them, and for nothing else: the desk may not open them any more.
    """
    seats = DeskMember.select(DeskMember.desk).where(DeskMember.person == by.person_id).where(is_seated())
    desks = Desk.select(Desk.id).where(Desk.kind == "intake", Desk.id.in_(seats))
    return is_open_to(by.person_id) & Case.desk.in_(desks) & ~Case.is_flagged


def _granted(by: Acting) -> Any:
    mine = CaseSeal.select(CaseSeal.case).where(CaseSeal.person == by.person_id)
    own = mine.where(acting_heads.is_in_force(by.person_id))
    held = DeskSeal.select(DeskSeal.desk_key).where(DeskSeal.person == by.person_id)
    through_desk = CaseSeal.select(CaseSeal.case).where(CaseSeal.desk_key.in_(held))
    return own.union_all(through_desk)


def _in_line(by: Acting) -> Any:
    if by.role == "head":
        return Case.desk.in_(Desk.select(Desk.id).where(Desk.kind != "oversight"))
    if by.role == "deputy":
        return Case.desk.in_(Desk.select(Desk.id).where(Desk.deputy == by.person_id))
    return Case.desk.in_([])
