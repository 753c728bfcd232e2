"""Acting head in one case: what its steps ask and bring about, by the names used in `rules.workflow` (rulebook §2)."""

import datetime as dt
from typing import Any

from whistle import clock
from whistle.services import acting_heads, grants, ledger, overtaking
from whistle.services.access import Acting, is_shut_out, not_shut_out_of
from whistle.services.casework import papers
from whistle.services.casework.work import Work
from whistle.services.errors import Conflict, Invalid
from whistle.store.cases import Case
from whistle.store.people import Person
from whistle.store.recusals import ActingHead


def fit_to_act_as_head(work: Work) -> None:
    """A guard: the head keeps off the case; who is to act may read it; the superior said so.

    Where the head is away, somebody acts for those days. What an oversight member enters, who cannot open the case, is
    held against the words in it when the key is given.
    """
    person = Person.get_by_id(work.facts["person"])
    paper, paper_on = papers.of(work)
    papers.check(paper or "", paper_on, is_needed=True)
    require_fit(person)
    can_read = not is_shut_out(work.case, person.id)
    if isinstance(work.by, Acting):
        require_another(work.by, person)
        can_read = grants.may_hold(work.case, work.key(), person)
    if not can_read:
        raise Invalid("person", "shut_out")
    if acting_heads.acts(person.id, work.case):
        raise Conflict("acts_already")
    if head_is_there(work.case):
        raise Conflict("head_is_there")


def head_is_there(case: Case) -> bool:
    """Whether some head does not keep off a case."""
    heads = Person.select().where(Person.role == "head", Person.state == "active")
    return bool(not_shut_out_of(case, list(heads)))


def require_fit(person: Person) -> None:
    """Raise Invalid where a person cannot act as head at all."""
    if person.state != "active":
        raise Invalid("person", "not_active")
    if person.role not in acting_heads.ROLES:
        raise Invalid("person", "cannot_act")
    if grants.admitted_key(person) is None:
        raise Invalid("person", "not_admitted")


def require_another(by: Acting, person: Person) -> None:
    """Nobody enters oneself: what the head must agree to would wait for who asks it."""
    if person.id == by.person_id:
        raise Invalid("person", "oneself")


def acts_as_head(work: Work) -> None:
    """A guard: there is something to end; the system records what was ended."""
    if isinstance(work.by, Acting) and not _acting_rows(work.case, work.facts["person"]).exists():
        raise Conflict("acts_no_more")


def enter_acting_head(work: Work) -> None:
    """Who acts as head holds the case until that ends; the system records what somebody entered."""
    if work.person_id is None:
        return
    put_in(work.case, Person.get_by_id(work.facts["person"]), *papers.of(work), work.person_id)
    grants.owe_acting(work.case, work.key())


def put_in(case: Case, person: Person, paper: str | None, paper_on: dt.date | None, by: int) -> None:
    """Write down who acts as head in a case; the key is given in the session of who can open it."""
    row = ActingHead.create(
        person=person,
        case=case,
        from_on=clock.today(),
        paper=paper,
        paper_on=paper_on,
        entered_by=by,
        recorded_at=clock.now(),
    )
    ledger.append("key", "acting_head", row, by=by)


def end_acting_head(work: Work) -> None:
    """What was given for this alone is taken back; proposals that only the acting head could decide end."""
    end_in(work.case, Person.get_by_id(work.facts["person"]), work.person_id)


def end_in(case: Case, person: Person, by: int | None) -> None:
    """End it where somebody acts as head in a case; the caller saves the case."""
    rows = list(_acting_rows(case, person.id))
    for row in rows:
        row.ended_at, row.ended_by_id = clock.now(), by
        row.save()
        ledger.append("key", "acting_head_ended", row, by=by)
    if rows:
        grants.revoke(case, person=person, reasons=("acting",))
        overtaking.of_undecidable(case)


def end_all(case: Case, by: int | None) -> None:
    """End it for everybody who acts as head in a case: the head is there again."""
    for row in list(case.acting_heads.where(ActingHead.ended_at.is_null())):
        end_in(case, row.person, by)


def _acting_rows(case: Case, person_id: int) -> Any:
    return ActingHead.select().where(
        ActingHead.case == case, ActingHead.person == person_id, ActingHead.ended_at.is_null()
    )
