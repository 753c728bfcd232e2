"""What the steps of recusal ask and bring about: guards and effects by the names used in `rules.workflow`.

Whoever keeps off a case has no access, no key, no listing and no wish to decide from the act's own transaction on. The
keys are new ones, made in the session whose act it is; where the system records a decision of somebody who cannot open
the case, the case wants new keys and gets them when somebody who can opens it.
"""

import datetime as dt

from whistle import clock
from whistle.rules import recusal as rules
from whistle.rules.permits import CASEWORK_ROLES
from whistle.services import deciders, grants, ledger, recusal
from whistle.services.access import (
    Acting,
    cleared_of,
    is_shut_out,
    relations,
    roles_of,
    units_above,
    units_kept_out,
)
from whistle.services.casework import acting_steps, classification, papers
from whistle.services.casework.words import newest_words
from whistle.services.casework.work import Work
from whistle.services.errors import Conflict, Invalid
from whistle.store.cases import Case, CaseSeal
from whistle.store.people import Person
from whistle.store.recusals import Clearance, Recusal

#: What a recusal takes along to another case.
_CARRIED = (
    "person",
    "way",
    "ground",
    "state",
    "recorded_at",
    "decided_by",
    "decided_at",
    "paper",
    "paper_on",
)

#: What ends one.
_LIFTED = ("lifted_by", "lifted_at", "lift_paper", "lift_paper_on")

# --- who decides ---------------------------------------------------------------------------------------------


def standing(case: Case, person_id: int) -> Recusal | None:
    """The recusal by which a person is kept off a case now."""
    mine = (Recusal.case == case) & (Recusal.person == person_id)
    return Recusal.get_or_none(mine, Recusal.state.in_(rules.STANDING))


def require_decider(by: Acting, case: Case, person: Person) -> rules.DecidedBy:
    """Raise Conflict where somebody else decides on a person's recusal than this one; returns the rule.

    Raises Invalid for a person whose role has nothing to do with cases.
    """
    if person.role not in CASEWORK_ROLES:
        raise Invalid("person", "never_works_cases")
    rule = rules.decided_by(person.role, is_flagged=bool(case.is_flagged))
    if person.id == by.person_id:
        raise Conflict("own_recusal")
    if rule.role not in deciding_roles(by, case):
        raise Conflict("another_decides")
    return rule


def deciding_roles(by: Acting, case: Case) -> set[str]:
    """In which of the deciders' roles a person stands to a case.

    Where the deputy keeps off too, who acts as head records what the superior decides on the head.
    """
    related = relations(by, case)
    roles = roles_of(by.role, related)
    return roles | {"deputy"} if "acting" in related and grants.line_keeps_off(case) else roles


def _about(work: Work) -> Person:
    return Person.get_by_id(work.facts["person"])


def declares_for_oneself(work: Work) -> None:
    """A guard: nobody declares another's recusal, and none twice."""
    work.facts.setdefault("person", work.person_id)
    if isinstance(work.by, Acting) and work.facts["person"] != work.person_id:
        raise Invalid("person", "not_oneself")
    if isinstance(work.by, Acting) and standing(work.case, work.by.person_id) is not None:
        raise Conflict("recused_already")


def decides_recusal(work: Work) -> None:
    """A guard: who acts is who decides on this person, and has the superior's paper where the superior decides."""
    if not isinstance(work.by, Acting) or "person" not in work.facts:
        return
    rule = require_decider(work.by, work.case, _about(work))
    paper, paper_on = papers.of(work)
    papers.check(paper or "", paper_on, is_needed=rule.by_superior)


def not_recused_yet(work: Work) -> None:
    """A guard: a person is recused once; a declaration waits for this very decision."""
    row = standing(work.case, work.facts["person"])
    if isinstance(work.by, Acting) and row is not None and row.state == "in_force":
        raise Conflict("recused_already")


def decides_letting_in(work: Work) -> None:
    """A guard: a person not named decides; the head, or of the head the deputy (rulebook §11)."""
    if isinstance(work.by, Acting):
        require_decider(work.by, work.case, _about(work))


def few_wishes_wait(work: Work) -> None:
    """A guard: one receipt code buries nobody else's wishes."""
    if work.report is not None and recusal.waiting_of(work.report) >= recusal.WAITING_AT_MOST:
        raise Conflict("too_many_wishes", most=recusal.WAITING_AT_MOST)


# --- effects -------------------------------------------------------------------------------------------------


def keep_declarer_off(work: Work) -> None:
    """Access ends with the declaration, for the declarer's own protection; who decides is told, and holds the case.

    Raises Conflict 'no_decider' where nobody can be told. Whoever knows but a number is not told so: that would tell
    that there is such a case.
    """
    person = _about(work)
    row = enter(work.case, person, "declared", work.facts["ground"])
    _keep_off(work, person)
    said = {"whom": person.name, "why": work.words["reason"], "ground": work.facts["ground"]}
    is_told = bool(recusal.address(work.case, said, naming=[], recusal=row))
    if isinstance(work.by, Acting):
        if not is_told:
            raise Conflict("no_decider")
        recusal.owe_deciders(work.case, work.key())


def pass_request_on(work: Work) -> None:
    """What others ask goes to who decides it, and to nobody else who reads the case: it may be about them."""
    said = {"whom": work.words["whom"], "why": work.words["reason"], "asker": work.facts["asker"]}
    if not recusal.address(work.case, said, naming=[work.words["whom"]]):
        raise Conflict("no_decider")
    recusal.owe_deciders(work.case, work.key())
    work.words.clear()


def keep_off(work: Work) -> None:
    """The decision: from now on the person is off the case."""
    person = _about(work)
    row = standing(work.case, person.id) or enter(work.case, person, "imposed", work.facts["ground"])
    if work.person_id is not None:
        paper, paper_on = papers.of(work)
        decide(row, "in_force", work.person_id, paper, paper_on, ground=work.facts["ground"])
    recusal.answer_declaration(row, "granted", work.words["reason"])
    recusal.release_deciders(work.case)
    _keep_off(work, person)


def end_suspension(work: Work) -> None:
    """A declaration is refused: its person is no longer kept off. A wish of others leaves the case as it was."""
    if "person" in work.facts:
        person = _about(work)
        if isinstance(work.by, Acting):
            refuse(work, person)
        _let_back(work, person)
    recusal.release_deciders(work.case)


def refuse(work: Work, person: Person) -> None:
    """Write the refusal into the declaration that waits; raises Conflict where none does."""
    row = standing(work.case, person.id)
    if row is None or row.state != "suspended" or work.person_id is None:
        raise Conflict("nothing_to_refuse")
    paper, paper_on = papers.of(work)
    decide(row, "refused", work.person_id, paper, paper_on)
    recusal.answer_declaration(row, "refused", work.words.get("reason", ""))


def end_recusal(work: Work) -> None:
    """The recusal is lifted: the person may be given the case again; who belongs to its line or desk has it."""
    person = _about(work)
    row = standing(work.case, person.id)
    if row is None or row.state != "in_force":
        raise Conflict("not_recused")
    row.state, row.lifted_by_id, row.lifted_at = "lifted", work.person_id, clock.now()
    row.lift_paper, row.lift_paper_on = papers.of(work)
    row.save()
    ledger.append("key", "recusal_lifted", row, by=work.person_id)
    if person.role == "head":
        acting_steps.end_all(work.case, work.person_id)
    _let_back(work, person)


def let_in(work: Work) -> None:
    """Unit and name keep the person out no longer, but for what a reporter asked to be kept out."""
    case, person = work.case, _about(work)
    if standing(case, person.id) is not None:
        raise Conflict("recused_already")
    if not grants.is_kept_out(case, work.key(), person):
        raise Conflict("not_shut_out")
    for of in _what_keeps_out(work, person):
        row = Clearance.create(
            case=case, person=person, of=of, decided_by=work.person_id, decided_at=clock.now()
        )
        ledger.append("key", "clearance", row, by=work.person_id)
    classification.let_back(case, person, work.key(), {})
    if grants.is_kept_out(case, work.key(), person):
        raise Conflict("kept_out_by_reporter")


def _what_keeps_out(work: Work, person: Person) -> list[str]:
    """Of 'unit' and 'name', what keeps a person out that a decision can end."""
    case, key = work.case, work.key()
    of_unit = bool(units_above(person.unit_id) & units_kept_out(case))
    registered = newest_words(case, key, "classify", "reclassify")
    is_named = person in classification.named_in(registered) or grants.is_reported_on(case, key, person)
    found = {"unit": of_unit, "name": is_named}
    return [of for of, holds in found.items() if holds and person.id not in cleared_of(case, of)]


def carry_over(case: Case, other: Case) -> None:
    """Who keeps off a case keeps off the one it joins, or that comes of it."""
    for row in list(case.recusals.where(Recusal.state.in_(rules.STANDING))):
        if standing(other, row.person_id) is None:
            copied = Recusal.create(
                case=other,
                **{name: getattr(row, name) for name in _CARRIED},
            )
            ledger.append("key", "recusal", copied)


def end_too(case: Case, other: Case, person: Person) -> None:
    """What ended somebody's keeping off a case ends it of what was merged into the case, and lets in there too."""
    row = standing(other, person.id)
    ended = Recusal.select().where(Recusal.case == case, Recusal.person == person)
    newest = ended.order_by(Recusal.recorded_at.desc(), Recusal.id).first()
    if row is not None and newest is not None and newest.state not in rules.STANDING:
        for name in (*_CARRIED, *_LIFTED):
            setattr(row, name, getattr(newest, name))
        row.save()
        ledger.append("key", f"recusal_{row.state}", row)
    for clearance in list(case.clearances.where(Clearance.person == person, Clearance.ended_at.is_null())):
        if person.id not in cleared_of(other, clearance.of):
            copied = Clearance.create(
                case=other,
                person=person,
                of=clearance.of,
                decided_by=clearance.decided_by,
                decided_at=clearance.decided_at,
            )
            ledger.append("key", "clearance", copied)


def end_clearances(case: Case, key: bytes) -> None:
    """What was decided about namesakes ends where reports join: it was decided of other reports than those.

    Whom class or reporter keep out without it loses the case.
    """
    rows = list(case.clearances.where(Clearance.ended_at.is_null()))
    for row in rows:
        _end_clearance(row)
    registered = newest_words(case, key, "classify", "reclassify")
    concerned = classification.concerned_by(case, registered) if rows else {}
    for person in {row.person for row in rows}:
        if person.id in concerned:
            classification.shut_out(case, person, concerned[person.id])
        elif grants.is_kept_out(case, key, person):
            classification.take_from(case, person)


def enter(case: Case, person: Person, way: str, ground: str) -> Recusal:
    """A recusal as it begins: the person keeps off, and nobody has decided yet."""
    row = Recusal.create(
        case=case, person=person, way=way, ground=ground, state="suspended", recorded_at=clock.now()
    )
    ledger.append("key", "recusal", row)
    return row


def decide(
    row: Recusal, state: str, by: int, paper: str | None, paper_on: dt.date | None, *, ground: str = ""
) -> None:
    """Write a decision into a recusal that waits for one."""
    row.state, row.decided_by_id, row.decided_at = state, by, clock.now()
    row.paper, row.paper_on = paper, paper_on
    row.ground = ground or row.ground
    row.save()
    ledger.append("key", f"recusal_{state}", row, by=by)


def _keep_off(work: Work, person: Person) -> None:
    """Take from a person all there is of a case; the keys are made anew whatever the person held."""
    case = work.case
    key = work.key() if isinstance(work.by, Acting) else None
    had_it = deciders.holds(case, person)
    acting_steps.end_in(case, person, work.person_id)
    _end_clearances(case, person)
    classification.shut_out(case, person, classification.RECUSED)
    case.needs_new_keys = True
    if key is not None:
        classification.leave_readers(case, key)
    elif had_it and not has_readers(case):
        raise Conflict("no_reader")


def _end_clearances(case: Case, person: Person) -> None:
    for row in list(case.clearances.where(Clearance.person == person, Clearance.ended_at.is_null())):
        _end_clearance(row)


def _end_clearance(row: Clearance) -> None:
    row.ended_at = clock.now()
    row.save()
    ledger.append("key", "clearance_ended", row)


def has_readers(case: Case) -> bool:
    """Whether somebody is left who can open the case, through a desk of which others are members too."""
    if CaseSeal.select().where(CaseSeal.case == case, CaseSeal.person.is_null(False)).exists():
        return True
    held = CaseSeal.select().where(CaseSeal.case == case, CaseSeal.desk_key.is_null(False)).exists()
    return held and any(not is_shut_out(case, person.id) for person in grants.desk_people(case.desk))


def _let_back(work: Work, person: Person) -> None:
    let_back_to(work.case, work.key() if isinstance(work.by, Acting) else None, person)


def let_back_to(case: Case, key: bytes | None, person: Person) -> None:
    """End what shut somebody out of a case, but for what its class says, where its key is at hand to read that."""
    registered = {} if key is None else newest_words(case, key, "classify", "reclassify")
    concerned = {} if key is None else classification.concerned_by(case, registered)
    classification.let_back(case, person, key, concerned)
