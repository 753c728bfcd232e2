"""Who is told of a case's due days: the people behind the steps of `rules.escalation`, for a page of cases at once.

Nobody is told of a case who may not know of it: whoever is shut out, and of the oversight desk's cases everybody but
its members. Where nobody of a step is there today, who is away is told all the same, and the next step besides.
"""

from collections.abc import Iterable, Sequence

from whistle import clock
from whistle.rules import workflow
from whistle.rules.escalation import Level, order_of_asking
from whistle.services import absences
from whistle.services.access import shut_out_of
from whistle.services.casework import stranded
from whistle.store.cases import Case, CaseSeal
from whistle.store.desks import Desk, DeskMember, DeskSeal
from whistle.store.people import Person


class Escalation:
    """What is known of the people around some cases, read once; in the caller's transaction."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self._people = {person.id: person for person in Person.select().where(Person.state == "active")}
        self._heads = [person.id for person in self._people.values() if person.role == "head"]
        self._desks = {desk.id: desk for desk in Desk.select()}
        self._away = absences.away_on(clock.today())
        self._seats = _seats()
        self._readers = _readers([case.id for case in cases])
        self._shut_out = shut_out_of(cases, list(self._people.values()))

    def whom(self, case: Case, level: Level, clock_name: str = "") -> list[Person]:
        """Whom a level of a clock of one of these cases is told to; nobody, where nobody may know of the case.

        What the officer in charge may not do is told to the deputy besides, who has to find another.
        """
        steps = [self._step(case, step) for step in order_of_asking(level)]
        if stranded.waits_for_another(case, clock_name):
            steps[0] = [*steps[0], *self._step(case, "deputy")]
        return self._whom(case, steps, is_key_needed=True) or self._whom(case, steps, is_key_needed=False)

    def _whom(self, case: Case, steps: list[list[int]], *, is_key_needed: bool) -> list[Person]:
        told: list[int] = []
        for people in steps:
            for person_id in self._able(case, people):
                if person_id not in told and (not is_key_needed or self._can_act(case, person_id)):
                    told.append(person_id)
            if any(person_id not in self._away for person_id in told):
                break
        return [self._people[person_id] for person_id in told]

    def _step(self, case: Case, step: str) -> list[int]:
        desk = self._desks[case.desk_id]
        if case.is_flagged or desk.kind == "oversight":
            return self._at_desk(case)
        deputy = [] if desk.deputy_id is None else [desk.deputy_id]
        return {"answers": self._answering(case), "deputy": deputy, "head": self._heads}[step]

    def _answering(self, case: Case) -> list[int]:
        """Before acceptance the desk; then the officer, and until there is one whoever took the case in (首问负责).

        While it is under review, the reviewer besides.
        """
        own = [] if case.officer_id is None else [case.officer_id]
        if workflow.STATES[case.state].turn == "reviewer" and case.reviewer_id is not None:
            own.insert(0, case.reviewer_id)
        if case.state in workflow.DESK_STATES:
            return [*own, *self._at_desk(case)]
        return own or ([] if case.taken_in_by_id is None else [case.taken_in_by_id])

    def _at_desk(self, case: Case) -> list[int]:
        seated, readers = self._seats.get(case.desk_id, []), self._readers.get(case.id, set())
        return [person_id for person_id in seated if person_id in readers]

    def _able(self, case: Case, people: Iterable[int]) -> list[int]:
        """Those who work here and may know of the case."""
        known = [person_id for person_id in people if person_id in self._people]
        return [person_id for person_id in known if (case.id, person_id) not in self._shut_out]

    def _can_act(self, case: Case, person_id: int) -> bool:
        """Whether the person can open the case: who was named in sealed words never can, and who lost the key cannot.

        Before acceptance the line holds no key of what lies at its desk.
        """
        return case.state in workflow.DESK_STATES or person_id in self._readers.get(case.id, set())


def _seats() -> dict[int, list[int]]:
    """The people with an admitted seat, by desk."""
    rows = DeskMember.select(DeskMember.desk, DeskMember.person)
    rows = rows.where(DeskMember.admitted_at.is_null(False), DeskMember.ended_at.is_null())
    found: dict[int, list[int]] = {}
    for row in rows.order_by(DeskMember.id):
        found.setdefault(row.desk_id, []).append(row.person_id)
    return found


def _readers(case_ids: list[str]) -> dict[str, set[int]]:
    """Who holds each of these cases, by an own seal or a desk's."""
    through: dict[int, set[int]] = {}
    for seal in DeskSeal.select(DeskSeal.desk_key, DeskSeal.person):
        through.setdefault(seal.desk_key_id, set()).add(seal.person_id)
    found: dict[str, set[int]] = {}
    columns = (CaseSeal.case, CaseSeal.person, CaseSeal.desk_key)
    for row in CaseSeal.select(*columns).where(CaseSeal.case.in_(case_ids)):
        readers = found.setdefault(row.case_id, set())
        if row.desk_key_id is not None:
            readers |= through.get(row.desk_key_id, set())
        elif row.person_id is not None:
            readers.add(row.person_id)
    return found
