"""Effects that change who holds a case: acceptance, redirection, assignment, hand-over, the sealed way."""

from collections.abc import Callable

from whistle.rules.workflow import ACCEPTED_STATES, ACTIONS
from whistle.services import grants, identity, keyholding, ledger, overtaking, recusal
from whistle.services.access import Acting
from whistle.services.casework import happened, seats
from whistle.services.casework.work import Work
from whistle.services.errors import Conflict
from whistle.store.cases import Case
from whistle.store.channels import Channel
from whistle.store.desks import Desk
from whistle.store.people import Person
from whistle.store.reports import Report


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

    Before acceptance it stays with intake too, who has to accept it. A reviewer holds it beside the officer.
    """
    case = work.case
    person = Person.get_by_id(work.facts["person"])
    if person.role == "reviewer" or work.facts.get("reviews"):
        _seal_to_reviewer(work, person)
        return
    former = case.officer
    key = work.key()
    if case.state in ACCEPTED_STATES and not work.facts.get("keep_intake"):
        grants.revoke(case, reasons=("intake",))
    if former == person:
        former = None
    if former is not None:
        grants.revoke(case, person=former)
        work.facts["from_person"] = former.id
    if not grants.grant(case, key, person, "assigned"):
        raise Conflict("cannot_be_granted")
    case.officer = person
    overtaking.of_former(case, former)


def _seal_to_reviewer(work: Work, person: Person) -> None:
    case, former = work.case, work.case.reviewer
    if former is not None and former != person:
        grants.revoke(case, person=former)
    if not grants.grant(case, work.key(), person, "reviewing"):
        raise Conflict("cannot_be_granted")
    case.reviewer = person
    overtaking.of_former(case, former if former != person else None)


def reseal_handover(work: Work) -> None:
    """Hand-over: the one who leaves the case loses it with a new generation of keys; the other takes the same seat."""
    case = work.case
    former = Person.get_by_id(work.facts["from_person"])
    person = Person.get_by_id(work.facts["person"])
    seat = work.facts["seat"] = seats.seat_of(case, former.id)
    key = work.key()  # opened before anything is taken back
    grants.revoke(case, person=former)
    if seat == seats.REVIEWING:
        _seal_to_reviewer(work, person)
        return
    reason = "assigned" if seat == seats.IN_CHARGE else "group"
    if not grants.grant(case, key, person, reason):
        raise Conflict("cannot_be_granted")
    if seat == seats.IN_CHARGE:
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
    work.held_key = seal_up(case, work.key(), desk)
    if identity.drop_seals(case):
        work.facts["identity_lost"] = True


def seal_up(case: Case, key: bytes, desk: Desk) -> bytes:
    """Seal a case anew to the oversight desk and the superior alone; returns its new key. The caller saves the case."""
    take_up(case, desk)
    key = grants.renew(case, key, keep=False)
    grants.grant_desk(case, key, desk)
    grants.grant_superior(case, key)
    return key


def take_up(case: Case, desk: Desk) -> None:
    """Take a case from everybody, with all that waits on it, for the oversight desk. The caller saves the case."""
    grants.revoke(case)
    case.desk, case.is_flagged, case.officer, case.reviewer = desk, True, None, None
    _flag_reports(case)
    overtaking.of_case(case)
    recusal.take_with(case)


def _flag_reports(case: Case) -> None:
    for report in case.reports:
        report.is_flagged = case.is_flagged
        report.save(only=[Report.is_flagged])
        ledger.append("other", "report", report)


def release_keys(work: Work) -> None:
    """Back to the ordinary way: new keys for the channel's desk and the recovery key, none for oversight.

    The first half of a real name's key goes along, to the office's holders and the recovery key; where the acting
    member has none of it, the event's facts say `identity_lost`.
    """
    case = work.case
    if not isinstance(work.by, Acting):
        raise TypeError("only a member of the oversight desk releases a case")
    work.held_key = give_back(case, work.key(), home_desk(case))
    if identity.release_seals(work.by, case, work.held_key):
        work.facts["identity_lost"] = True


def give_back(case: Case, key: bytes, desk: Desk) -> bytes:
    """Take a case from the oversight desk for a desk of the office; returns its new key. The caller saves the case."""
    grants.revoke(case)
    case.desk, case.is_flagged = desk, False
    _flag_reports(case)
    recusal.take_with(case)
    key = grants.renew(case, key, keep=False)
    grants.grant_desk(case, key, desk)
    grants.grant_recovery(case, key)
    return key


def home_desk(case: Case) -> Desk:
    """The desk a case came from to the sealed way, else that of the channel its first report came through.

    What an officer wrote down and sealed at once came from the desk the officer sits at.
    """
    moved = [event.facts["from_desk"] for event in happened.events(case) if "from_desk" in event.facts]
    if moved:
        return Desk.get_by_id(moved[-1])
    through_channel = case.reports.where(Report.channel.is_null(False))
    report = through_channel.order_by(Report.received_on, Report.id).first()
    if report is not None:
        return Channel.get_by_id(report.channel_id).desk
    return Desk.select().where(Desk.kind == "intake").order_by(Desk.id).get()


HOLDING: dict[str, Callable[[Work], None]] = {
    "seal_to_line": seal_to_line,
    "seal_to_intake": seal_to_intake,
    "seal_to_assigned": seal_to_assigned,
    "reseal_handover": reseal_handover,
    "to_oversight_keys": to_oversight_keys,
    "release_keys": release_keys,
}
