"""Cases that may belong together: proposed to somebody who reads both, and what people said of them.

Proposed are cases of the same unit, cases that name the same person, and cases whose reports are nearly the same.
Names and texts are compared in the person's own session, from the digests of what that person may read (`looking`):
no mark of a name lies in the database, for a mark that all of casework could make again would tell each of them, with
a stolen database, whom every case is about. Each comparison leaves a leaf with the number of cases read.

A program sees that two names are equal, a person knows whether it is one and the same: that is asked, and the answer
kept. A relation is no step on either case; it is shown to whoever may read both, and to nobody else.
"""

import dataclasses
from collections.abc import Callable
from typing import Any

from whistle import clock
from whistle.rules import likeness
from whistle.rules.naming import is_among, letters
from whistle.services import grants, ledger
from whistle.services.access import Acting, require
from whistle.services.casework import desk, digests, looking, scope
from whistle.services.casework.act import find_case
from whistle.services.casework.desk import DeskRow
from whistle.services.casework.digests import Traits
from whistle.services.errors import Invalid, NotAllowed
from whistle.services.use_case import reading, use_case
from whistle.store.cases import Case
from whistle.store.database import lock_row
from whistle.store.finding import Relation
from whistle.store.reports import Report

#: What is asked of two cases: whether it is one matter, whether it is one person.
ABOUT = ("matter", "person")
#: Cases shown of each kind.
MOST_SHOWN = 10


@dataclasses.dataclass(frozen=True, slots=True)
class Alike:
    """A case beside another. `likeness`: of the reports, in percent; `names`: that both have; `matter`, `person`: what
    was answered, None: nothing yet.
    """

    row: DeskRow
    likeness: int = 0
    names: tuple[str, ...] = ()
    same_unit: bool = False
    matter: bool | None = None
    person: bool | None = None

    @property
    def is_linked(self) -> bool:
        """Whether somebody said that the two belong together."""
        return bool(self.matter or self.person)

    @property
    def is_open(self) -> bool:
        """Whether something speaks for it that nobody has answered."""
        asked = self.matter is None and (self.likeness > 0 or self.same_unit)
        return not self.is_linked and (asked or (bool(self.names) and self.person is None))


@dataclasses.dataclass(frozen=True, slots=True)
class Related:
    """What stands beside a case. `proposed` begins with what is most alike; `of_unit`: all cases of the same unit that
    this person may read; `read`: cases that were compared, `left`: that could not be yet.
    """

    linked: tuple[Alike, ...]
    proposed: tuple[Alike, ...]
    settled: tuple[Alike, ...]
    of_unit: int
    read: int
    left: int


@dataclasses.dataclass(frozen=True, slots=True)
class _Match:
    likeness: float
    names: tuple[str, ...]


def beside(by: Acting, case_ref: str) -> Related:
    """What may belong to a case, from what this person may read; raises NotAllowed, NotFound like opening the case."""
    case_id = _ask(by, case_ref)
    own = looking.through(by, "traits", lambda cases: cases.where(Case.id == case_id), digests.in_traits)
    if not own.picked:
        raise NotAllowed("case.read")
    looked = looking.through(
        by,
        "traits",
        lambda cases: cases.where(Case.id != case_id),
        _matcher(own.picked[0].value, letters(by.name)),
    )
    matches = {picked.case_id: picked.value for picked in looked.picked}
    return _told(by, case_id, matches, looked.read, looked.left)


@reading
def _ask(by: Acting, case_ref: str) -> str:
    case = find_case(case_ref)
    require(by, "case.read", case)
    return case.id


def _matcher(own: Traits, reader: str) -> Callable[[bytes], _Match | None]:
    """What makes of another case's traits how it is like this one; None where it is not, or not for this reader."""

    def match(content: bytes) -> _Match | None:
        other = digests.in_traits(content)
        alike = likeness.nearest(own.sketches, other.sketches)
        found = _Match(alike if alike >= likeness.ALIKE else 0.0, own.named.shared_with(other.named))
        is_kept_out = any(is_among(reader, words) for words in other.kept_out)
        return None if is_kept_out or not (found.likeness or found.names) else found

    return match


@use_case
def _told(by: Acting, case_id: str, matches: dict[str, _Match], read: int, left: int) -> Related:
    """Record that cases were compared, and put together what this person may still read of what was found."""
    case = find_case(case_id)
    require(by, "case.read", case)
    answers = _answers(case)
    of_unit = _of_unit(by, case)
    newest = [row.id for row in of_unit.order_by(Case.received_on.desc(), Case.id).limit(MOST_SHOWN)]
    ids = {*matches, *answers, *newest}
    held = scope.held_cases(by).where(Case.id.in_(ids)).order_by(Case.received_on.desc(), Case.id)
    cases = list(held)
    rows = dict(zip((found.id for found in cases), desk.rows(by, cases), strict=True))
    all_ = [
        Alike(
            row=row,
            likeness=round(100 * matches[id].likeness) if id in matches else 0,
            names=matches[id].names if id in matches else (),
            same_unit=id in newest,
            **answers.get(id, {}),
        )
        for id, row in rows.items()
    ]
    ledger.append("other", "compared", None, by=by.person_id, case=case.id, cases=read, found=len(matches))
    return Related(
        linked=tuple(one for one in all_ if one.is_linked),
        proposed=tuple(sorted((one for one in all_ if one.is_open), key=_weight)[: 2 * MOST_SHOWN]),
        settled=tuple(one for one in all_ if not one.is_linked and not one.is_open),
        of_unit=of_unit.count(),
        read=read,
        left=left,
    )


def _weight(one: Alike) -> tuple[int, bool]:
    return -one.likeness, not one.names


def _answers(case: Case) -> dict[str, dict[str, bool]]:
    """What was said of this case and others, by the other's id and what it is about."""
    found: dict[str, dict[str, bool]] = {}
    for row in _relations_of(case.id):
        other = row.other_id if row.case_id == case.id else row.case_id
        found.setdefault(other, {})[row.about] = bool(row.is_so)
    return found


def _relations_of(case_id: str) -> Any:
    return Relation.select().where((Relation.case == case_id) | (Relation.other == case_id))


def _of_unit(by: Acting, case: Case) -> Any:
    """Other cases about the same unit that this person may read: as registered, before that as reporters chose."""
    chosen = {report.unit_id for report in case.reports}
    units = {case.unit_id} if case.unit_id is not None else chosen - {None}
    about = Report.select(Report.case).where(Report.unit.in_(units))
    same = Case.unit.in_(units) | (Case.unit.is_null() & Case.id.in_(about))
    return scope.held_cases(by).where(Case.id != case.id, same)


def count_linked(by: Acting, case: Case) -> int:
    """How many cases somebody said belong to this one, of those that this person may read; for its page."""
    said = _relations_of(case.id).where(Relation.is_so)
    others = {row.other_id if row.case_id == case.id else row.case_id for row in said}
    return int(scope.held_cases(by).where(Case.id.in_(others)).count()) if others else 0


@use_case
def answer(by: Acting, case_ref: str, other_ref: str, about: str, is_so: bool) -> None:
    """Say of two cases whether they are one matter, or about one person, in place of what was said before.

    Both must be open to this person; raises NotAllowed, NotFound, and Invalid for a case and itself.
    """
    case = find_case(case_ref)
    require(by, "case.relate", case)
    if about not in ABOUT:
        raise Invalid("about", "unknown")
    ids = {case.id, find_case(other_ref).id}
    if len(ids) == 1:
        raise Invalid("other", "itself")
    cases = list(lock_row(Case.select().where(Case.id.in_(ids)).order_by(Case.id)))
    for case in cases:
        require(by, "case.relate", case)
        grants.case_key(by, case)
    one, other = sorted(cases, key=lambda case: case.id)
    row = Relation.get_or_none(Relation.case == one, Relation.other == other, Relation.about == about)
    if row is not None and bool(row.is_so) == is_so:
        return
    row = row or Relation(case=one, other=other, about=about)
    is_new = row.is_so is None
    row.is_so, row.by_id, row.recorded_at = is_so, by.person_id, clock.now()
    row.save(force_insert=is_new)
    ledger.append("other", "related", row, by=by.person_id)
