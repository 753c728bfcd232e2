"""A case's class as an officer registered it, and who must not read the case because of it (rulebook §11).

People of the subject unit, or of one beneath it, and people named as subject are shut out from registration on. What
the class no longer says lets them back in: it was changed with the leave of somebody who is not shut out.
"""

from typing import Any

from whistle import clock
from whistle.rules import workflow
from whistle.rules.naming import HIDDEN, is_named, names_in
from whistle.services import askings, deciders, grants, identity, ledger, overtaking, recusal
from whistle.services.access import cleared_of, is_within, units_kept_out
from whistle.services.casework import things
from whistle.services.casework.words import newest_words
from whistle.services.casework.work import Work
from whistle.services.errors import Conflict, Invalid
from whistle.store.cases import Case, CaseSeal, ShutOut, UnitShutOut
from whistle.store.fields import new_id
from whistle.store.people import Person
from whistle.store.recusals import Clearance
from whistle.store.units import Unit

#: Why somebody is shut out by what the class says, and by a recusal, which the class does not end.
BY_UNIT, BY_NAME = "subject_unit", "subject"
RECUSED = "recused"
#: Why somebody is shut out who is listed as a person concerned, whatever the class says.
BY_LIST = "listed"
#: Why somebody is shut out of a case by another that joined it, that it joined or that it came from.
LINKED = "linked_case"

#: The steps that register whom a case is about.
REGISTERING = ("classify", "reclassify")
#: What makes up a class, under the names by which it is entered.
CLASS = ("category", "other_categories", "kind", "severity", "complexity", "unit", "subject")


def something_new(work: Work) -> None:
    """A guard: to change the class, at least one thing must be other than it is registered."""
    if not changed(class_of(work.case, work.key()), {**work.facts, **work.words}):
        raise Invalid("category", "nothing_new")


def class_of(case: Case, key: bytes) -> dict[str, Any]:
    """The class as it is registered, under the names by which it is entered; what was left empty is left out."""
    registered = {
        **{name: getattr(case, name) for name in ("kind", "category", "severity", "complexity")},
        "other_categories": list(case.other_categories),
        "unit": None if case.unit is None else case.unit.code,
        "subject": newest_words(case, key, *REGISTERING).get("subject"),
    }
    return {name: value for name, value in registered.items() if value}


def changed(registered: dict[str, Any], given: dict[str, Any]) -> set[str]:
    """The names of what is given otherwise than it is registered; the order of other categories says nothing."""
    return {name for name in CLASS if _plain(registered.get(name)) != _plain(given.get(name))}


def _plain(value: Any) -> Any:
    return frozenset(value) if isinstance(value, list) else value or frozenset()


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
    _end_clearances(case, named_anew(work, key))
    _let_back(case, key, concerned := concerned_by(case, work.words))
    for person in Person.select().where(Person.id.in_(list(concerned))):
        shut_out(case, person, concerned[person.id])
    leave_readers(case, key)


def concerned_by(case: Case, words: dict[str, Any]) -> dict[int, str]:
    """Whom a class keeps out, and why; not those of whom it was decided that it does not mean them."""
    cleared = cleared_of(case, "name"), cleared_of(case, "unit")
    named = {p.id: BY_NAME for p in named_in(words) if p.id not in cleared[0]}
    return named | {i: why for i, why in _of_units(case).items() if i not in cleared[1]}


def named_anew(work: Work, key: bytes) -> list[Person]:
    """Whom the words about the subject name, where they are other words than were registered."""
    registered = newest_words(work.case, key, *REGISTERING).get("subject", "")
    return [] if work.words.get("subject", "") == registered else named_in(work.words)


def _end_clearances(case: Case, people: list[Person]) -> None:
    """What was decided about a namesake does not hold for other words."""
    rows = case.clearances.where(Clearance.of == "name", Clearance.person.in_([p.id for p in people]))
    for row in list(rows.where(Clearance.ended_at.is_null())):
        row.ended_at = clock.now()
        row.save()
        ledger.append("key", "clearance_ended", row)


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
    leave_readers(case, key)


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

    A recusal takes the place of any other reason. The caller saves the case.
    """
    row = ShutOut.get_or_none(ShutOut.case == case, ShutOut.person == person)
    if row is not None and (reason != RECUSED or row.reason == RECUSED):
        return
    row = row or ShutOut(id=new_id(), case=case, person=person)
    is_new = not row.reason
    row.reason = reason
    row.save(force_insert=is_new)
    ledger.append("key", "shut_out", row)
    take_from(case, person)


def take_from(case: Case, person: Person) -> None:
    """Take from somebody who may not read a case all there is of it: seat, grants, wishes, names and what waits.

    The caller saves the case.
    """
    if case.officer_id == person.id:
        case.officer = None
    if case.reviewer_id == person.id:
        case.reviewer = None
    overtaking.of_person_in(case, person)
    recusal.take_from_in(case, person)
    grants.revoke(case, person=person)
    identity.take_from_shut_out(case)
    askings.end_lost([case])


def let_back(case: Case, person: Person, key: bytes | None, concerned: dict[int, str]) -> None:
    """End what shut one person out, but for what `concerned` says; who sits at the desk that has the case reads it.

    Without a key nobody gets one: the person comes to it as everybody does.
    """
    row = ShutOut.get_or_none(ShutOut.case == case, ShutOut.person == person)
    if row is None:
        return
    if person.id in concerned:
        row.reason = concerned[person.id]
        row.save()
        ledger.append("key", "shut_out", row)
        return
    row.delete_instance()
    ledger.append("deleted", "shut_out", row)
    if key is not None:
        _give_at_desk(case, key, person)


def _of_units(case: Case) -> dict[int, str]:
    units = units_kept_out(case)
    people = Person.select().where(Person.unit.is_null(False))
    return {p.id: BY_UNIT for p in people if any(is_within(p.unit_id, unit) for unit in units)}


def _let_back(case: Case, key: bytes, concerned: dict[int, str]) -> None:
    """End what the class no longer says; who sits at the desk that has the case can read it again."""
    for row in list(ShutOut.select().where(ShutOut.case == case, ShutOut.reason.in_((BY_UNIT, BY_NAME)))):
        if concerned.get(row.person_id) != row.reason:
            let_back(case, row.person, key, concerned)


def _give_at_desk(case: Case, key: bytes, person: Person) -> None:
    is_there = case.state in workflow.DESK_STATES and person in grants.desk_people(case.desk)
    if is_there and not deciders.holds(case, person):
        grants.grant(case, key, person, "desk")


def leave_readers(case: Case, key: bytes) -> None:
    """See to it that somebody can open the case; raises Conflict 'no_reader' where nobody may."""
    readers = CaseSeal.person.is_null(False) | CaseSeal.desk_key.is_null(False)
    of_case = CaseSeal.select().where(CaseSeal.case == case, readers)
    if not of_case.exists() and case.state in workflow.DESK_STATES:
        grants.grant_desk(case, key, case.desk)
    elif not of_case.exists():
        grants.owe_line(case, key)
    if not of_case.exists():
        raise Conflict("no_reader")


def registered_names(case: Case, key: bytes) -> set[str]:
    """The names under which people are registered: in the newest class, and as those whom measures may concern."""
    names = names_in(newest_words(case, key, *REGISTERING).get("subject", ""))
    for subject in things.of_kind(case, "subject", "listed"):
        own = grants.key_of_generation(case, key, subject.generation)
        names |= names_in(
            things.words_of(case, lambda _of_same, own=own: own, subject, "subject").get("name", "")
        )
    return names


def names_subject(work: Work, text: str) -> bool:
    """Whether a text names somebody who is registered as subject; a name that is half hidden names nobody."""
    names = registered_names(work.case, work.key())
    return any(is_named(name, text) for name in names if HIDDEN not in name)
