"""Guards of the stages after acceptance: what the rules ask beyond state, role and input. Raise Invalid or Conflict."""

import datetime as dt
from collections.abc import Callable, Sequence

from whistle import clock
from whistle.rules import measures, taxonomy, workflow
from whistle.rules.case_codes import RESOLUTIONS
from whistle.rules.clock_rows import clock_row
from whistle.rules.naming import at_most_named
from whistle.rules.workdays import Calendar
from whistle.services import archive, grants
from whistle.services.access import may
from whistle.services.casework import before_decision, happened, seats, things
from whistle.services.casework.work import Work
from whistle.services.errors import Conflict, Invalid
from whistle.services.grants import admitted_key, is_kept_out
from whistle.store.cases import Case, Clock
from whistle.store.database import lock_row
from whistle.store.people import Person
from whistle.store.things import Measure

#: How long after the final feedback a case is struck off without a rating; days.
RATING_DAYS = 30
#: How often a review may send an investigation back.
RETURNS_AT_MOST = 2
#: To whom an archived case is lent: who works on cases, or decides them.
BORROWER_ROLES = ("intake", "officer", "reviewer", "deputy", "head")
#: What a case begins anew for: by the look that finds it, the fact that says so and its values.
BEGINS_ANEW = {"second_look": ("outcome", ("upheld", "new_facts")), "look_back": ("result", ("came_back",))}
#: The findings that say that what was reported was not so.
UNTRUE = frozenset({"unfounded", "cleared_up", "not_established"})
#: Fewest people who study a lead together, where no day of a meeting is entered.
STUDIED_BY_AT_LEAST = 2
#: Fewest people who verify or investigate together.
GROUP_AT_LEAST = 2
#: The states in which they do: those that a step which names them leads into.
_WORKED_ON_TOGETHER = frozenset(
    row.to for row in workflow.ACTIONS.values() if any(need.name == "group" for need in row.needs)
)

DEPUTY, HEAD, COLLECTIVE = measures.DEPUTY, measures.HEAD, measures.COLLECTIVE


# --- transfers, referrals, merges ------------------------------------------------------------------------------


def from_superior(work: Work) -> None:
    """Objecting is there for what a higher body handed down (XF 23)."""
    actions = ("receive", "receive_flagged")
    if not any(happened.with_fact(work.case, action, "from_superior", True) for action in actions):
        raise Conflict("not_handed_down")


def due_within_three_months(work: Work) -> None:
    """The result of a referral is wanted within three months at most (JJ)."""
    _not_after(work, "due", 3)


def review_within_six_months(work: Work) -> None:
    """What is held is looked at again within six months."""
    _not_after(work, "review_on", 6)


def until_within_three_months(work: Work) -> None:
    """A case is lent for three months at most."""
    _not_after(work, "until", 3)


def due_within_six_months(work: Work) -> None:
    """An item is put right within six months, counted from when the day is entered."""
    _not_after(work, "due", 6)


def _not_after(work: Work, name: str, months: int) -> None:
    last, day = Calendar().add_months(clock.today(), months), work.facts.get(name)
    if day is not None and dt.date.fromisoformat(day) > last:
        raise Invalid(name, "too_late", last=last)


def target_fits(work: Work) -> None:
    """A case is merged into another open one that the person may read, and that nobody reads who must not read this.

    The target is locked from here on: nobody comes to read it, nor does it end, before the reports are there.
    """
    case, person = work.case, work.by
    ref = str(work.facts["target"])
    target = lock_row(Case.select().where((Case.number == ref) | (Case.id == ref))).first()
    if target is None or not may(person, "case.read", target):  # type: ignore[arg-type]
        raise Invalid("target", "unknown")
    if target.id == case.id:
        raise Invalid("target", "itself")
    if not happened.is_open(target) or target.is_flagged != case.is_flagged:
        raise Invalid("target", "not_open")
    if getattr(person, "role", "") == "intake" and not (
        target.desk_id == case.desk_id and case.state == "received" and target.state == "received"
    ):
        raise Invalid("target", "not_of_this_desk")
    if not workflow.may_merge(case.kind, target.kind):
        raise Invalid("target", "petition_of_its_own")
    if len(grants.not_kept_out(case, work.key(), readers := happened.readers(target))) < len(readers):
        raise Conflict("target_read_by_kept_out")
    work.facts["target"] = target.id


def kind_fits_stage(work: Work) -> None:
    """A matter becomes another kind only where that kind may stand: an investigation is of a lead (JCF 42)."""
    if not workflow.may_stand(work.facts["kind"], work.case.state):
        raise Invalid("kind", "not_in_this_stage")


def new_subject_is_a_lead(work: Work) -> None:
    """What is split off for a new subject is a lead of its own (JCF 45)."""
    if work.words.get("new_subject") and work.facts["new_kind"] != "lead":
        raise Invalid("new_kind", "new_subject_is_a_lead")


def target_can_part(work: Work) -> None:
    """The reports are still with the case that they joined, and it is open to whoever takes them out of it."""
    target = Case.get_by_id(happened.newest(work.case, "merge").facts["target"])
    takes_out = work.proposed_by is not None
    # Whoever only proposes it is told nothing of what became of the target.
    if takes_out and not may(work.by, "case.read", target):  # type: ignore[arg-type]
        raise Conflict("target_not_open_to_you")
    if target.state == "archived":
        raise Conflict("target_archived")
    if target.state == "merged":
        raise Conflict("target_merged")


# --- people ------------------------------------------------------------------------------------------------------


def reviewer_is_another(work: Work) -> None:
    """Who reviews a case never worked on it (审理 by another), and who works on it does not review it."""
    case, person = work.case, Person.get_by_id(work.facts["person"])
    if work.facts.get("reviews") and person.role != "officer":
        raise Invalid("reviews", "only_for_officers")
    if _comes_to_review(work, person):
        if person.id != case.reviewer_id and (
            person.id == case.officer_id
            or person.id in seats.group_of(case)
            or happened.worked_on(case, person)
        ):
            raise Invalid("person", "worked_on_it")
        return
    if person.role != "officer":
        raise Invalid("person", "not_for_this_seat")
    if person.id == case.reviewer_id:
        raise Invalid("person", "reviews_it")


def _comes_to_review(work: Work, person: Person) -> bool:
    """Whether a person is given the reviewer's seat: the one handed over, else what the role or the tick says."""
    former = work.facts.get("from_person")
    if former is None:
        return person.role == "reviewer" or bool(work.facts.get("reviews"))
    return seats.seat_of(work.case, former) == seats.REVIEWING


def group_stays_two(work: Work) -> None:
    """Nobody's place goes to somebody who works on the case with them already: one alone would go on (JCF 43; ZWCF 42).

    Where there were fewer before, as after a recusal, there are no fewer now. Whoever left the office is not counted.
    """
    case, person = work.case, Person.get_by_id(work.facts["person"])
    if case.state not in _WORKED_ON_TOGETHER or _comes_to_review(work, person):
        return
    active = Person.select(Person.id).where(Person.id.in_(_together(case)), Person.state == "active")
    now = {row.id for row in active}
    later = now - {work.facts.get("from_person", case.officer_id)} | {person.id}
    if len(later) < min(len(now), GROUP_AT_LEAST):
        raise Invalid("person", "works_on_it_already")


def two_work_on_it(work: Work) -> None:
    """What two verify or investigate is not ended by one alone (JCF 43; ZWCF 42).

    Whoever keeps off the case or left counts no more: the seat has to be handed over first.
    """
    case = work.case
    if case.state not in _WORKED_ON_TOGETHER:
        return
    people = Person.select().where(
        Person.id.in_(_together(case)), Person.state == "active", Person.role == "officer"
    )
    if sum(grants.holds(case, person) for person in people) < GROUP_AT_LEAST:
        raise Conflict("group_too_small")


def _together(case: Case) -> set[int]:
    in_charge = set() if case.officer_id is None else {case.officer_id}
    return seats.group_of(case) | in_charge


def group_fits(work: Work) -> None:
    """Two or more, each free to read the case (JCF 43; ZWCF 42)."""
    people = list(Person.select().where(Person.id.in_(work.facts["group"])))
    if len(people) < GROUP_AT_LEAST:
        raise Invalid("group", "too_few", least=GROUP_AT_LEAST)
    elsewhere = seats.of_other_lines(work.case)
    for person in people:
        if person.state != "active" or person.role != "officer":
            raise Invalid("group", "not_an_officer", name=person.name)
        if person.id in elsewhere:
            raise Invalid("group", "other_line", name=person.name)
        if person.id == work.case.reviewer_id:
            raise Invalid("group", "reviews_it", name=person.name)
        if is_kept_out(work.case, work.key(), person):
            raise Invalid("group", "shut_out", name=person.name)
        if admitted_key(person) is None:
            raise Invalid("group", "not_admitted", name=person.name)


def borrower_free(work: Work) -> None:
    """An archived case is lent to somebody of casework who may come to hold a key and is not kept out of it."""
    person = Person.get_by_id(work.facts["person"])
    if person.state != "active":
        raise Invalid("person", "not_active")
    if person.role not in BORROWER_ROLES:
        raise Invalid("person", "not_of_casework")
    if is_kept_out(work.case, work.key(), person):
        raise Invalid("person", "shut_out")
    if admitted_key(person) is None:
        raise Invalid("person", "not_admitted")


def not_the_first_officer(work: Work) -> None:
    """Who looks a second time did not work on the case before."""
    if work.doer_id is not None and happened.worked_on(work.case, Person.get_by_id(work.doer_id)):
        raise Conflict("worked_on_it")


def not_who_struck_off(work: Work) -> None:
    """Who looks back did not strike the items off; where there were none, did not strike the case off."""
    if work.doer_id is not None and happened.struck_off(work.case, Person.get_by_id(work.doer_id)):
        raise Conflict("struck_it_off")


# --- opinions and inquiries ----------------------------------------------------------------------------------------


def study_recorded(work: Work) -> None:
    """A collective study has a day of meeting, or the names of two (JJ 17)."""
    named = at_most_named(work.words.get("studied_by", ""))
    if not work.facts.get("studied_on") and named < STUDIED_BY_AT_LEAST:
        raise Invalid("studied_on", "day_or_names")


def day_in_this_stage(work: Work) -> None:
    """What happened in a stage happened since it began."""
    first = happened.in_state_since(work.case)
    if dt.date.fromisoformat(work.facts["day"]) < first:
        raise Invalid("day", "before_stage", first=first)


def day_since_filing(work: Work) -> None:
    """The subject is heard on what the investigation found, so not before there was one (ZWCF 43)."""
    _is_since_filing(work, "day")


def _is_since_filing(work: Work, name: str) -> None:
    filed, day = happened.events_anew(work.case, "file_case"), work.facts.get(name)
    if filed and day and dt.date.fromisoformat(day) < filed[-1].valid_on:
        raise Invalid(name, "before_filing", first=filed[-1].valid_on)


def asked_by_letter(work: Work) -> None:
    """Of a talk there is no letter to deliver."""
    if not _is_by_letter(work):
        raise Conflict("asked_by_talk")


def signed_if_by_letter(work: Work) -> None:
    """The party head of the unit signs what is answered to a letter, not what is said in a talk (JCF 19)."""
    if _is_by_letter(work) and not work.facts.get("signed"):
        raise Invalid("signed", "empty")


def _is_by_letter(work: Work) -> bool:
    inquiries = happened.events_anew(work.case, "start_inquiry")
    return not inquiries or inquiries[-1].facts.get("form") == "letter"


def day_since_delivery(work: Work) -> None:
    """Nobody answers a letter before it came."""
    delivered = happened.events_anew(work.case, "deliver_letter")
    if delivered and dt.date.fromisoformat(work.facts["day"]) < delivered[0].valid_on:
        raise Invalid("day", "before_delivery", first=delivered[0].valid_on)


def finding_fits(work: Work) -> None:
    """Tolerance has four conditions, which somebody affirms (HN 81)."""
    if work.facts["finding"] == "tolerated" and not work.facts.get("four_conditions"):
        raise Invalid("four_conditions", "empty")


def was_unfounded(work: Work) -> None:
    """Nobody made up what was found to be so; a mistake is no malice, and needs no finding of it (JJ)."""
    if work.case.finding not in UNTRUE:
        raise Conflict("not_unfounded")


def opinion_of_a_petition(work: Work) -> None:
    """A petition is answered with a written opinion (XF 32)."""
    if work.case.kind == "petition" and not work.words.get("opinion"):
        raise Invalid("opinion", "empty")


def result_of_referral(work: Work) -> None:
    """From assessment, disposal is proposed on what a referral brought."""
    if work.case.state == "assessing" and not happened.anew(work.case, "receive_referral"):
        raise Conflict("no_result_of_referral")


def was_filed(work: Work) -> None:
    """What ends or transfers a filed case needs one."""
    if not happened.is_filed(work.case):
        raise Conflict("not_filed")


def met_since_filing(work: Work) -> None:
    """No meeting decided on a case before it was filed; its day is told with the leave, not with the proposal."""
    _is_since_filing(work, "meeting_on")


def returned_twice_at_most(work: Work) -> None:
    """A review sends an investigation back twice at most."""
    if len(happened.events_anew(work.case, "return_investigation")) >= RETURNS_AT_MOST:
        raise Conflict("returned_twice")


def was_there_before(work: Work) -> None:
    """Sent back is to a stage that the case came through; a filed one to its review alone."""
    back_to = work.facts["back_to"]
    filed = happened.is_filed(work.case)
    if (back_to == "reviewing") != filed:
        raise Invalid("back_to", "filed" if filed else "not_filed")
    if not happened.was_in(work.case, back_to):
        raise Invalid("back_to", "never_there")


# --- measures and decisions ------------------------------------------------------------------------------------------


def light_measures(work: Work) -> None:
    """Without filing, only talks, organisational measures and those on units are proposed (JCF 52(1); ZWCF 12)."""
    rows = things.of_kind(work.case, "measure", "proposed")
    if not rows:
        raise Conflict("no_measures")
    if any(happened.measure(row.code).class_ not in ("talk", "org", "unit") for row in rows):
        raise Conflict("needs_filing")


def measures_or_why_not(work: Work) -> None:
    """A review ends with measures drawn up, or says why there are none (JCF 51)."""
    if not things.of_kind(work.case, "measure", "proposed") and not work.words.get("no_measure"):
        raise Invalid("no_measure", "empty")


def result_fits_kind(work: Work) -> None:
    """Advice is taken up or noted; every other matter is settled, in part, or not at all."""
    if work.facts["finding"] not in {row.code for row in RESOLUTIONS.get(work.case.kind, ())}:
        raise Invalid("finding", "unknown")


def decided_by_role(work: Work) -> None:
    """A deputy decides talks and other light measures; all else, and that none is taken, the head (§8)."""
    _ask_the_head(work, _leave_of_measures(things.of_kind(work.case, "measure", "proposed")))


def _ask_the_head(work: Work, wanted: set[str | None]) -> None:
    if work.role != "head" and wanted & {HEAD, COLLECTIVE}:
        raise Conflict("head_decides")


def _leave_of_measures(rows: Sequence[Measure]) -> set[str | None]:
    """Whose decision these measures need; the head's, where there are none or none says."""
    wanted = {happened.measure(row.code).approval for row in rows}
    return wanted if wanted - {None} else {*wanted, HEAD}


def decision_fits(work: Work) -> None:
    """What is decided fits what was drawn up, and who decides is who may, by a meeting where one is needed (§8)."""
    rows = things.of_kind(work.case, "measure", "proposed")
    decision = work.facts["decision"]
    if decision == "measures" and not rows:
        raise Conflict("no_measures")
    if decision == "exempt" and not any(row.code == "exempt" for row in rows):
        raise Conflict("no_exemption")
    if decision == "none" and rows:
        raise Conflict("measures_drawn_up")
    wanted = _leave_of_measures(rows)
    if happened.is_filed(work.case) and decision != "measures":
        wanted.add(COLLECTIVE)
    _ask_the_head(work, wanted)
    told = {**work.facts, **work.words}
    missing = [need.name for need in workflow.MEETING if not told.get(need.name)]
    if missing and (COLLECTIVE in wanted or len(missing) < len(workflow.MEETING)):
        raise Invalid(missing[0], "empty" if COLLECTIVE in wanted else "half_told")
    if work.person_id is not None and happened.by_person(work.case, work.person_id, "measure.propose"):
        raise Conflict("own_measures")


def measures_may_be_decided(work: Work) -> None:
    """A sanction needs a filed case, a hearing of the person and a complete document (ZWCF 42, 43, 45)."""
    rows = before_decision.sanctions(work.case)
    if not rows:
        return
    if work.facts["decision"] == "exempt" and any(row.code != "exempt" for row in rows):
        raise Conflict("exempt_and_sanction")
    if not happened.is_filed(work.case):
        raise Conflict("needs_filing")
    if not before_decision.is_heard(work.case, rows):
        raise Conflict("not_heard")
    if not work.facts.get("document_complete"):
        raise Invalid("document_complete", "empty")


def measures_delivered(work: Work) -> None:
    """Enforcement is done once every measure was delivered (ZWCF 46)."""
    if things.of_kind(work.case, "measure", "decided"):
        raise Conflict("not_delivered")


def items_or_why_not(work: Work) -> None:
    """Either there are items to put right, or it is said why none are needed."""
    is_open = bool(things.of_kind(work.case, "item", "open", "submitted", "returned"))
    if not is_open and not work.words.get("none_needed") and not things.of_kind(work.case, "item"):
        raise Invalid("none_needed", "empty")


def items_struck_off(work: Work) -> None:
    """Nothing is left to put right."""
    if things.of_kind(work.case, "item", "open", "submitted", "returned"):
        raise Conflict("items_open")


# --- after the result ------------------------------------------------------------------------------------------------


def way_reaches_all(work: Work) -> None:
    """A message here reaches who has a receipt code, any other way who gave a name.

    Whoever gave a name and has no code is told in another way than by message.
    """
    reports = work.reports()
    needs_contact = {way.name for way in taxonomy.NOTICE_WAYS if way.needs_contact}
    if work.facts["way"] in needs_contact and not any(report.is_named for report in reports):
        raise Invalid("way", "nobody_gave_a_name")
    missed = [report for report in reports if report.reporter_public is None]
    if work.facts["way"] == "message" and (
        len(missed) == len(reports) or any(report.is_named for report in missed)
    ):
        raise Invalid("way", "not_on_page")


def final_when_concluded(work: Work) -> None:
    """The final feedback tells how the case ended, so it has ended."""
    if work.facts["stage"] == "final" and work.case.state != "concluded":
        raise Invalid("stage", "not_concluded")


def final_feedback_given(work: Work) -> None:
    """A reporter rates what they were told."""
    if work.report is None or not happened.final_feedback(work.case, work.report.id):
        raise Conflict("no_final_feedback")


def rated_once(work: Work) -> None:
    """A report is rated once."""
    if work.report is not None and happened.rating(work.case, work.report.id) is not None:
        raise Conflict("rated_already")


def all_told(work: Work) -> None:
    """Everybody who can be told was given the final feedback."""
    if any(not happened.final_feedback(work.case, report.id) for report in happened.told(work.case)):
        raise Conflict("feedback_missing")


def rated_or_waited(work: Work) -> None:
    """Each reporter who can rated the result, or thirty days have gone since the feedback could be read."""
    waited = clock.today() - dt.timedelta(days=RATING_DAYS)
    for report in happened.on_page(work.case):
        feedback = happened.final_feedback(work.case, report.id)
        rated = happened.rating(work.case, report.id) is not None
        if not rated and (feedback is None or feedback.recorded_on > waited):
            raise Conflict("rating_open")


def looked_at_again(work: Work) -> None:
    """Whoever was not satisfied was promised that another officer looks again; the case is not struck off before."""
    if happened.running(work.case, "second_look"):
        raise Conflict("second_look_owed")


def taken_up_again(work: Work) -> None:
    """Where a second look upheld the objection or found something, or it came back, the case is not put away.

    It is reopened, or looked at once more: the newest result counts.
    """
    for action, (fact, results) in BEGINS_ANEW.items():
        looks = happened.events_anew(work.case, action)
        if looks and looks[-1].facts.get(fact) in results:
            raise Conflict("reopening_owed")


def somebody_not_satisfied(work: Work) -> None:
    """A second look is taken where a reporter was not satisfied."""
    if not happened.anew_with_fact(work.case, "rate", "rating", "not_satisfied"):
        raise Conflict("nobody_dissatisfied")


def ground_holds(work: Work) -> None:
    """What a case is reopened for is on its record."""
    ground = work.facts["ground"]
    if ground == "came_back" and not happened.anew_with_fact(work.case, "look_back", "result", "came_back"):
        raise Invalid("ground", "no_look_back")
    fact, results = BEGINS_ANEW["second_look"]
    if ground == "upheld" and not any(
        happened.anew_with_fact(work.case, "second_look", fact, result) for result in results
    ):
        raise Invalid("ground", "no_second_look")


def looked_back(work: Work) -> None:
    """Where a look-back is owed, it comes before the archive."""
    if happened.running(work.case, "look_back"):
        raise Conflict("look_back_owed")


def borrowed_if_archived(work: Work) -> None:
    """On an archived case acts who it is lent to."""
    if work.case.state == "archived" and work.doer_id not in archive.borrowers(work.case):
        raise Conflict("not_borrowed")


def archive_desk_ready(work: Work) -> None:
    """An archived case lies with the archive desk, which has two members and a key."""
    if archive.desk() is None:
        raise Conflict("no_archive_desk")


# --- periods and pressing --------------------------------------------------------------------------------------------


def something_to_extend(work: Work) -> None:
    """There is a period that may be extended."""
    if not happened.extendable(work.case):
        raise Conflict("nothing_to_extend")


def extension_fits(work: Work) -> None:
    """A period is extended once, by no more than its row allows, and the reporter is told where the law says so."""
    row = _clock_meant(work)
    extension = clock_row(row.name, row.started_on).extension
    if extension is None:
        raise Invalid("clock", "not_extendable")
    if happened.is_extended(work.case, row):
        raise Invalid("clock", "extended_already")
    if row.due_on < clock.today():
        raise Invalid("clock", "over_already")
    if work.facts["count"] > extension.count:
        raise Invalid("count", "too_many", limit=extension.count)
    if extension.approval == "superior" and not work.words.get("paper"):
        raise Invalid("paper", "empty")
    if extension.is_told and not work.message():
        raise Invalid("message", "untold")
    work.facts["clock"] = row.name
    if row.report is not None:
        work.facts["of"] = row.report


def _clock_meant(work: Work) -> Clock:
    """The clock that was chosen, as `name` or `name:whose`; a proposal's facts say the same apart."""
    name, _, whose = str(work.facts["clock"]).partition(":")
    whose = whose or str(work.facts.get("of", ""))
    for row in happened.running(work.case, name):
        if (row.report or "") == whose:
            return row
    raise Invalid("clock", "not_running")


def is_pressed(work: Work) -> None:
    """Something was pressed for that waits for an answer."""
    if not happened.running(work.case, "pressed"):
        raise Conflict("not_pressed")


STAGE_GUARDS: dict[str, Callable[[Work], None]] = {
    function.__name__: function
    for function in (
        from_superior,
        due_within_three_months,
        review_within_six_months,
        until_within_three_months,
        due_within_six_months,
        target_fits,
        kind_fits_stage,
        new_subject_is_a_lead,
        way_reaches_all,
        target_can_part,
        reviewer_is_another,
        group_stays_two,
        two_work_on_it,
        group_fits,
        borrower_free,
        not_the_first_officer,
        not_who_struck_off,
        study_recorded,
        day_in_this_stage,
        day_since_filing,
        asked_by_letter,
        signed_if_by_letter,
        day_since_delivery,
        finding_fits,
        was_unfounded,
        opinion_of_a_petition,
        result_of_referral,
        was_filed,
        met_since_filing,
        returned_twice_at_most,
        was_there_before,
        light_measures,
        measures_or_why_not,
        result_fits_kind,
        decided_by_role,
        decision_fits,
        measures_may_be_decided,
        measures_delivered,
        items_or_why_not,
        items_struck_off,
        final_when_concluded,
        final_feedback_given,
        rated_once,
        all_told,
        rated_or_waited,
        looked_at_again,
        taken_up_again,
        somebody_not_satisfied,
        ground_holds,
        looked_back,
        borrowed_if_archived,
        archive_desk_ready,
        something_to_extend,
        extension_fits,
        is_pressed,
    )
}

#: Those that look at nothing but the case: they say before the form whether the act is possible.
OF_THE_CASE = frozenset(
    {
        "from_superior",
        "target_can_part",
        "result_of_referral",
        "asked_by_letter",
        "was_filed",
        "was_unfounded",
        "two_work_on_it",
        "returned_twice_at_most",
        "light_measures",
        "decided_by_role",
        "measures_delivered",
        "items_struck_off",
        "all_told",
        "rated_or_waited",
        "looked_at_again",
        "taken_up_again",
        "somebody_not_satisfied",
        "not_the_first_officer",
        "not_who_struck_off",
        "looked_back",
        "borrowed_if_archived",
        "archive_desk_ready",
        "is_pressed",
    }
)
