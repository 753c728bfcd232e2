"""What follows from an act, by the names used in `rules.workflow`: numbers, classes, keys, messages to the reporter.

An effect runs inside the act's transaction, before the event is written, in the session of the person whose act it is.
"""

import datetime as dt
from collections.abc import Callable

from whistle import clock
from whistle.rules.workflow import ACCEPTED_STATES, ACTIONS
from whistle.services import grants, keyholding, ledger, messages, office, overtaking, recusal
from whistle.services.access import Acting, AsReporter
from whistle.services.casework import acting_steps, recusal_steps, upward
from whistle.services.casework.classification import set_classification
from whistle.services.casework.work import Work
from whistle.services.errors import Conflict
from whistle.store.cases import Case
from whistle.store.channels import Channel
from whistle.store.database import lock_row
from whistle.store.desks import Desk
from whistle.store.offices import Series
from whistle.store.people import Person
from whistle.store.reports import Report


def allot_number(work: Work) -> None:
    """Give the case its number of the year's series, once; reports on the office's own people get none."""
    if work.case.number is not None or work.case.is_flagged:
        return
    year = clock.today().year
    Series.insert(name="case", year=year, last=0).on_conflict_ignore().execute()
    series = lock_row(Series.select().where(Series.name == "case", Series.year == year)).get()
    series.last += 1
    series.save()
    work.case.number = office.case_number(office.current(), year, series.last)
    work.facts["number"] = work.case.number
    ledger.append("other", "series", series, by=work.person_id)


def seal_to_line(work: Work) -> None:
    """Acceptance: deputy and head of the line and the intake officer hold the case; the desk no longer does."""
    case, key = work.case, work.key()
    # First taken, then given: who of the line sits at the desk too holds the case for the line's sake from now on.
    grants.revoke(case, reasons=grants.BEFORE_ACCEPTANCE)
    if not any([grants.grant(case, key, person, "line") for person in grants.line_people(case.desk)]):
        raise Conflict("no_reader")
    if isinstance(work.by, Acting):
        case.taken_in_by = Person.get_by_id(work.by.person_id)
    if case.taken_in_by is not None:
        grants.grant(case, key, case.taken_in_by, "intake")


def seal_to_intake(work: Work) -> None:
    """Redirection: who took the case in holds it again, else the desk; somebody must register it when it is returned.

    A case that was never accepted is with the desk still, which nobody takes it from.
    """
    case = work.case
    if grants.given_for(case, "desk"):
        return
    person = case.taken_in_by
    if person is not None and person.role not in ACTIONS["returned"].by:
        person = None
    if person is None or not grants.grant(case, work.key(), person, "intake"):
        grants.grant_desk(case, work.key(), case.desk)


def seal_to_assigned(work: Work) -> None:
    """Assignment: the officer holds the case; whoever had it before, the intake officer too, no longer does.

    Before acceptance it stays with intake too, who has to accept it.
    """
    case = work.case
    person = Person.get_by_id(work.facts["person"])
    former = case.officer
    key = work.key()
    if case.state in ACCEPTED_STATES and not work.facts.get("keep_intake"):
        grants.revoke(case, reasons=("intake",))
    if former == person:
        former = None
    if former is not None:
        grants.revoke(case, person=former)
    if not grants.grant(case, key, person, "assigned"):
        raise Conflict("cannot_be_granted")
    case.officer = person
    overtaking.of_former(case, former)


def reseal_handover(work: Work) -> None:
    """Hand-over: the one who leaves the case loses it with a new generation of keys; the other holds it."""
    case = work.case
    former = Person.get_by_id(work.facts["from_person"])
    person = Person.get_by_id(work.facts["person"])
    if case.officer_id != former.id:
        raise Conflict("not_with_this_officer")
    key = work.key()
    grants.revoke(case, person=former)
    if not grants.grant(case, key, person, "assigned"):
        raise Conflict("cannot_be_granted")
    case.officer = person
    overtaking.of_former(case, former if former != person else None)


def oversight_desk() -> Desk:
    """The oversight desk, ready to take a case: two admitted members and a key (JJ 15)."""
    desk = keyholding.oversight_desk()
    if desk is None or not keyholding.own_people_open():
        raise Conflict("no_oversight_desk")
    return desk


def to_oversight_keys(work: Work) -> None:
    """The sealed way up: new keys without a recovery seal, for the oversight desk and the superior alone.

    A real name does not come along: the acting person cannot open the holders' half of its key, which the office must
    not keep either. The reporter alone has it then, and the event's facts say `identity_lost`.
    """
    case = work.case
    desk = oversight_desk()
    work.facts["from_desk"] = case.desk_id
    key = work.key()
    grants.revoke(case)
    case.desk, case.is_flagged, case.officer = desk, True, None
    for report in case.reports:
        report.is_flagged = True
        report.save(only=[Report.is_flagged])
        ledger.append("other", "report", report)
    overtaking.of_case(case)
    recusal.take_with(case)
    work.held_key = grants.renew(case, key, keep=False)
    if grants.drop_identity_seals(case):
        work.facts["identity_lost"] = True
    grants.grant_desk(case, work.held_key, desk)
    grants.grant_superior(case, work.held_key)


def release_keys(work: Work) -> None:
    """Back to the ordinary way: new keys for the channel's desk and the recovery key, none for oversight.

    The first half of a real name's key goes along, to the office's holders and the recovery key; where the acting
    member has none of it, the event's facts say `identity_lost`.
    """
    case = work.case
    if not isinstance(work.by, Acting):
        raise TypeError("only a member of the oversight desk releases a case")
    key = work.key()
    desk = _home_desk(case)
    grants.revoke(case)
    case.desk, case.is_flagged = desk, False
    for report in case.reports:
        report.is_flagged = False
        report.save(only=[Report.is_flagged])
        ledger.append("other", "report", report)
    work.held_key = grants.renew(case, key, keep=False)
    grants.grant_desk(case, work.held_key, desk)
    grants.grant_recovery(case, work.held_key)
    if grants.release_identity_seals(work.by, case, work.held_key):
        work.facts["identity_lost"] = True


def _home_desk(case: Case) -> Desk:
    report = case.reports.where(Report.channel.is_null(False)).first()
    if report is not None:
        return Channel.get_by_id(report.channel_id).desk
    return Desk.select().where(Desk.kind == "intake").order_by(Desk.id).get()


def forward_package(work: Work) -> None:
    """Seal everything in the case to the superior's key; the bytes are handed to the acting member as a file."""
    work.download = upward.make(work.case, work.key(), work.words.get("note", ""))


def message_reporter(work: Work) -> None:
    """Tell each reporter concerned what the office says, with the reason's code and who has it now."""
    if not isinstance(work.by, Acting) or not work.message():
        return
    work.facts.pop("no_answer_needed", None)  # what was written is an answer, whatever was ticked beside it
    told = {"reason": work.facts.get("reason"), "receiver": work.words.get("receiver")}
    content = {"text": work.message(), "facts": {name: value for name, value in told.items() if value}}
    sent = []
    for report in work.reports():
        if report.reporter_public is not None:
            sent.append(
                messages.write_from_office(
                    work.case, work.key(), report, work.row.name, by=work.person_id, content=content
                ).id
            )
    work.facts["messages"] = sent


def record_answer(work: Work) -> None:
    """Keep what the reporter wrote under the report key, which is all that a reporter's session can open."""
    if isinstance(work.by, AsReporter):
        content = {"text": work.message()}
        row = messages.write_from_reporter(work.by, work.row.name, content, work.form_number)
        work.facts["messages"] = [row.id]
        work.words.clear()


def seal_to_decider(work: Work) -> None:
    """A wish for recusal goes to who decides it: not to the officers it may speak of, nor to whom it names."""
    if not isinstance(work.by, AsReporter):
        raise TypeError("only a reporter asks for recusal here")
    body = {"whom": work.words["whom"], "why": work.message(), "at": clock.now().isoformat()}
    public = bytes(Report.get_by_id(work.by.report_id).reporter_public or b"")
    naming = [*grants.names_kept_out_by(work.by), work.words["whom"]]
    rows = recusal.address(work.case, body, naming=naming, report=(work.by.report_id, public))
    if not rows:
        raise Conflict("no_decider")
    work.facts["requests"] = rows
    work.words.clear()


def take_effect_on_day(work: Work) -> None:
    """What was done before it is entered took effect on its own day, which is the day that clocks count."""
    work.valid_on = dt.date.fromisoformat(work.facts["day"])


def pause(work: Work) -> None:
    """Nothing to write: the clocks read the pause from the events."""


EFFECTS: dict[str, Callable[[Work], None]] = {
    "allot_number": allot_number,
    "set_classification": set_classification,
    "seal_to_line": seal_to_line,
    "seal_to_intake": seal_to_intake,
    "seal_to_assigned": seal_to_assigned,
    "reseal_handover": reseal_handover,
    "to_oversight_keys": to_oversight_keys,
    "release_keys": release_keys,
    "forward_package": forward_package,
    "message_reporter": message_reporter,
    "record_answer": record_answer,
    "seal_to_decider": seal_to_decider,
    "take_effect_on_day": take_effect_on_day,
    "pause": pause,
    "keep_declarer_off": recusal_steps.keep_declarer_off,
    "pass_request_on": recusal_steps.pass_request_on,
    "keep_off": recusal_steps.keep_off,
    "end_suspension": recusal_steps.end_suspension,
    "end_recusal": recusal_steps.end_recusal,
    "let_in": recusal_steps.let_in,
    "enter_acting_head": acting_steps.enter_acting_head,
    "end_acting_head": acting_steps.end_acting_head,
}
