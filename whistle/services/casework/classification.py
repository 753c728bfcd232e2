"""A case's class as an officer registered it, and who must not read the case because of it (rulebook §11).

People of the subject unit, or of one beneath it, and people named as subject are shut out from registration on. What
the class no longer says lets them back in: it was changed with the leave of somebody who is not shut out.
"""

from typing import Any

from whistle.rules import workflow
from whistle.rules.naming import is_named
from whistle.services import deciders, grants, ledger, overtaking
from whistle.services.access import is_within, units_kept_out
from whistle.services.casework.words import newest_words
from whistle.services.casework.work import Work
from whistle.services.errors import Conflict, Invalid
from whistle.store.cases import Case, CaseSeal, ShutOut, UnitShutOut
from whistle.store.people import Person
from whistle.store.units import Unit

#: Why somebody is shut out by what the class says.
BY_UNIT, BY_NAME = "subject_unit", "subject"
#: Why somebody is shut out who is listed as a person concerned, whatever the class says.
BY_LIST = "listed"


def something_new(work: Work) -> None:
    """A guard: to change the class, at least one thing must be other than it is registered."""
    case, facts = work.case, work.facts
    registered = newest_words(case, work.key(), "classify", "reclassify").get("subject", "")
    unit = None if case.unit is None else case.unit.code
    same = (
        all(facts.get(name) == getattr(case, name) for name in ("kind", "category", "severity", "complexity"))
        and set(facts.get("other_categories", ())) == set(case.other_categories)
        and facts.get("unit") == unit
        and work.words.get("subject", "") == registered
    )
    if same:
        raise Invalid("category", "nothing_new")


def set_classification(work: Work) -> None:
    """Write the class as the officer registered it, what was left empty too, and shut out whom it concerns.

    Raises Conflict 'no_reader' where nobody would be left who can open the case.
    """
    case, facts = work.case, work.facts
    key = work.key()  # opened before anybody is shut out: the acting person may be the one
    for name in ("kind", "category", "severity", "complexity"):
        setattr(case, name, facts[name])
    case.other_categories = facts.get("other_categories", [])
    case.unit = Unit.get(Unit.code == facts["unit"]) if facts.get("unit") else None
    concerned = {person.id: BY_NAME for person in named_in(work.words)} | _of_units(case)
    _let_back(case, key, concerned)
    for person in Person.select().where(Person.id.in_(list(concerned))):
        shut_out(case, person, concerned[person.id])
    _leave_readers(case, key)


def named_in(words: dict[str, Any]) -> list[Person]:
    """The active people whose full name occurs in the words about the subject, however it is typed."""
    subject = str(words.get("subject", ""))
    return [
        person for person in Person.select().where(Person.state == "active") if is_named(person.name, subject)
    ]


def shut_out_listed(work: Work) -> None:
    """Whoever of the office is listed as a person concerned is shut out from then on, the acting person too (§11).

    Raises Conflict 'no_reader' where nobody would be left who can open the case.
    """
    case, key = work.case, work.key()
    for person in named_in({"subject": work.words["name"]}):
        shut_out(case, person, BY_LIST)
    _leave_readers(case, key)


def keep_unit_out(case: Case, unit: Unit) -> None:
    """Keep a unit out of a new case although its report does not name it."""
    row = UnitShutOut.create(case=case, unit=unit)
    ledger.append("key", "unit_shut_out", row)


def shut_out_unit(case: Case) -> None:
    """Shut out the people of the units that are kept out: reported on, not wanted to read it, or the channel's."""
    concerned = _of_units(case)
    for person in Person.select().where(Person.id.in_(list(concerned))) if concerned else ():
        shut_out(case, person, BY_UNIT)


def shut_out(case: Case, person: Person, reason: str) -> None:
    """Shut one person out of a case, take back what the person holds of it, and end what waits for the person there.

    The caller saves the case.
    """
    if ShutOut.select().where(ShutOut.case == case, ShutOut.person == person).exists():
        return
    row = ShutOut.create(case=case, person=person, reason=reason)
    ledger.append("key", "shut_out", row)
    if case.officer_id == person.id:
        case.officer = None
    if case.reviewer_id == person.id:
        case.reviewer = None
    overtaking.of_person_in(case, person)
    grants.revoke(case, person=person)


def _of_units(case: Case) -> dict[int, str]:
    units = units_kept_out(case)
    people = Person.select().where(Person.unit.is_null(False))
    return {p.id: BY_UNIT for p in people if any(is_within(p.unit_id, unit) for unit in units)}


def _let_back(case: Case, key: bytes, concerned: dict[int, str]) -> None:
    """End what the class no longer says; who sits at the desk that has the case can read it again."""
    for row in list(ShutOut.select().where(ShutOut.case == case, ShutOut.reason.in_((BY_UNIT, BY_NAME)))):
        reason = concerned.get(row.person_id)
        if reason is None:
            row.delete_instance()
            ledger.append("deleted", "shut_out", row)
            _give_at_desk(case, key, row.person)
        elif reason != row.reason:
            row.reason = reason
            row.save()
            ledger.append("key", "shut_out", row)


def _give_at_desk(case: Case, key: bytes, person: Person) -> None:
    is_there = case.state in workflow.DESK_STATES and person in grants.desk_people(case.desk)
    if is_there and not deciders.holds(case, person):
        grants.grant(case, key, person, "desk")


def _leave_readers(case: Case, key: bytes) -> None:
    readers = CaseSeal.person.is_null(False) | CaseSeal.desk_key.is_null(False)
    of_case = CaseSeal.select().where(CaseSeal.case == case, readers)
    if not of_case.exists() and case.state in workflow.DESK_STATES:
        grants.grant_desk(case, key, case.desk)
    elif not of_case.exists():
        grants.owe_line(case, key)
    if not of_case.exists():
        raise Conflict("no_reader")
