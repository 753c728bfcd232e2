"""Guards by name: what the rules ask beyond state, role and input. Each raises Invalid or Conflict."""

import datetime as dt
from collections.abc import Callable

from whistle import clock
from whistle.rules import taxonomy
from whistle.rules.workflow import DESK_STATES
from whistle.services import units
from whistle.services.access import Acting, is_within, units_above, units_kept_out
from whistle.services.casework import (
    acting_steps,
    following,
    recusal_steps,
    seats,
    stage_guards,
    thing_guards,
)
from whistle.services.casework.classification import names_subject, something_new
from whistle.services.casework.clockwork import acceptance_of
from whistle.services.casework.work import Work
from whistle.services.errors import Conflict, Invalid
from whistle.services.grants import admitted_key, is_kept_out
from whistle.store.cases import CaseEvent
from whistle.store.people import Person
from whistle.store.reports import Message
from whistle.store.units import Unit


def classified(work: Work) -> None:
    """The case has its number and class; only what is test or spam may go without, and own-people reports have none."""
    reason = taxonomy.TABLES["decline_reasons"].get(work.facts.get("reason", ""))
    if isinstance(reason, taxonomy.DeclineReason) and not reason.needs_classification:
        return
    if work.case.number is None and not work.case.is_flagged:
        raise Conflict("not_classified")


def unclassified(work: Work) -> None:
    """A case is classified once; afterwards `reclassify` asks for leave."""
    if work.case.number is not None:
        raise Conflict("classified_already")


def says_something(work: Work) -> None:
    """An answer, or the word that none is needed."""
    if not work.message() and not work.facts.get("no_answer_needed"):
        raise Invalid("message", "empty")


def reaches_somebody(work: Work) -> None:
    """What the office writes reaches a reporter who has a receipt: reports of the office's own have none."""
    if isinstance(work.by, Acting) and all(report.reporter_public is None for report in work.reports()):
        raise Conflict("nobody_to_write_to")


def supplement_once(work: Work) -> None:
    """Missing facts are asked for once a case (一次性告知)."""
    if _asked_for_facts(work):
        raise Conflict("supplement_asked_already")


def withdrawal_once(work: Work) -> None:
    """Withdrawal is asked for once a report, whichever case it was with then; the office decides on that."""
    asked = Message.select().where(Message.report == work.report, Message.purpose == work.row.name)
    if work.report is not None and asked.exists():
        raise Conflict("withdrawal_asked_already")


def reason_fits_kind(work: Work) -> None:
    """A reason to decline must belong to the kind of matter; some only after facts were asked for (rulebook §7)."""
    allowed = {reason.code: reason for reason in taxonomy.decline_reasons_for(work.case.kind)}
    reason = allowed.get(work.facts["reason"])
    if reason is None:
        raise Invalid("reason", "not_for_this_kind")
    if reason.after_supplement and not _asked_for_facts(work):
        raise Conflict("ask_for_facts_first")


def _asked_for_facts(work: Work) -> bool:
    asked = CaseEvent.select().where(CaseEvent.case == work.case, CaseEvent.action == "request_supplement")
    return bool(asked.exists())


def subject_unit_guard(work: Work) -> None:
    """What is reported never goes to the unit reported on, nor to one beneath it, chosen or written (XF 30; HN 78).

    Nor does it go to a person who is registered as subject.
    """
    chosen = Unit.get_or_none(Unit.code == work.words.get("receiver_unit", ""))
    written = units.written_in(work.words["receiver"])
    meant = set().union(*written) | ({chosen.id} if chosen is not None else set())
    kept_out = units_kept_out(work.case)
    is_unit = any(is_within(receiver, subject) for receiver in meant for subject in kept_out)
    if is_unit or names_subject(work, work.words["receiver"]):
        raise Conflict("receiver_is_subject")
    if chosen is not None and written and not _means(written, chosen.id):
        raise Invalid("receiver", "another_unit")


def _means(written: list[set[int]], unit_id: int) -> bool:
    """Whether what is written is this unit, perhaps with those above it."""
    above = units_above(unit_id)
    return any(unit_id in place for place in written) and all(place & above for place in written)


def real_name(work: Work) -> None:
    """Notice of acceptance is owed to real-name reporters; an anonymous one has nobody to be told."""
    if not any(report.is_named for report in work.reports()):
        raise Conflict("nobody_gave_a_name")


def accepted(work: Work) -> None:
    """The case was accepted and did not come back to its desk since; sealed handling begins without acceptance."""
    case = work.case
    if (case.return_state or case.state) in DESK_STATES:
        raise Conflict("not_accepted")


def day_since_acceptance(work: Work) -> None:
    """The day of what was done lies neither before receipt of a report concerned, before acceptance, nor ahead."""
    first, reason = max(report.received_on for report in work.reports()), "not_since_receipt"
    accepted_by, last = acceptance_of(work.case), clock.today()
    if accepted_by is not None and accepted_by.valid_on >= first:
        first, reason = accepted_by.valid_on, "not_since_acceptance"
    if not first <= dt.date.fromisoformat(work.facts["day"]) <= last:
        raise Invalid("day", reason, first=first, last=last)


def assignee_free(work: Work) -> None:
    """Who gets a case is active, admitted, of a fitting role and its line, neither shut out nor of the subject unit."""
    person = Person.get_or_none(Person.id == work.facts.get("person"))
    if person is None or person.state != "active":
        raise Invalid("person", "not_active")
    if person.role not in ("officer", "reviewer"):
        raise Invalid("person", "not_an_officer")
    if person.id in seats.of_other_lines(work.case):
        raise Invalid("person", "other_line")
    if is_kept_out(work.case, work.key(), person):
        raise Invalid("person", "shut_out")
    if admitted_key(person) is None:
        raise Invalid("person", "not_admitted")


def obstacle(work: Work) -> str | None:
    """Why a guard that asks the case alone would refuse the act before anything is filled in; None: none would."""
    has_reason = any(need.table == "decline_reasons" for need in work.row.needs)
    asked = [
        name for name in work.row.guards if name in OF_THE_CASE and not (has_reason and name == "classified")
    ]
    try:
        for name in asked:
            GUARDS[name](work)
    except Conflict as fault:
        return fault.why
    return None


#: Guards that look at nothing but the case; `classified` depends on the reason where there is one (test or spam).
OF_THE_CASE = (
    frozenset({"classified", "unclassified", "reaches_somebody", "supplement_once", "real_name", "accepted"})
    | stage_guards.OF_THE_CASE
    | thing_guards.OF_THE_THING
)

GUARDS: dict[str, Callable[[Work], None]] = {
    "classified": classified,
    "unclassified": unclassified,
    "reaches_somebody": reaches_somebody,
    "says_something": says_something,
    "supplement_once": supplement_once,
    "few_wishes_wait": recusal_steps.few_wishes_wait,
    "withdrawal_once": withdrawal_once,
    "reason_fits_kind": reason_fits_kind,
    "subject_unit_guard": subject_unit_guard,
    "real_name": real_name,
    "accepted": accepted,
    "day_since_acceptance": day_since_acceptance,
    "assignee_free": assignee_free,
    "something_new": something_new,
    "declares_for_oneself": recusal_steps.declares_for_oneself,
    "decides_recusal": recusal_steps.decides_recusal,
    "not_recused_yet": recusal_steps.not_recused_yet,
    "decides_letting_in": recusal_steps.decides_letting_in,
    "free_in_target": following.free_in_target,
    "fit_to_act_as_head": acting_steps.fit_to_act_as_head,
    "acts_as_head": acting_steps.acts_as_head,
    **stage_guards.STAGE_GUARDS,
    **thing_guards.THING_GUARDS,
}
