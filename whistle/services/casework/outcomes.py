"""Effects of the stages after acceptance: groups, findings, decisions, feedback, the archive. See `effects`."""

import datetime as dt
from collections.abc import Callable

from whistle import clock
from whistle.rules.workdays import Calendar
from whistle.services import archive, grants, ledger, overtaking
from whistle.services.access import Acting
from whistle.services.casework import happened, things
from whistle.services.casework.work import Work
from whistle.services.errors import Conflict
from whistle.store.cases import CaseSeal
from whistle.store.people import Person

#: Reasons for which somebody held a case, and does not once it begins anew.
ENDED_ANEW = ("desk", "archive", "lent", *grants.TO_DECIDE, "group", "reviewing", "intake")


def seal_to_group(work: Work) -> None:
    """Everybody of a group that verifies or investigates holds the case; who is of it no more does not."""
    group = set(work.facts["group"])
    key = work.key()
    for seal in CaseSeal.select().where(CaseSeal.case == work.case, CaseSeal.reason == "group"):
        if seal.person_id not in group:
            grants.revoke(work.case, person=seal.person, reasons=("group",))
    for person in Person.select().where(Person.id.in_(group)).order_by(Person.id):
        if not grants.holds(work.case, person) and not grants.grant(work.case, key, person, "group"):
            raise Conflict("cannot_be_granted")


def set_finding(work: Work) -> None:
    """What the case comes to, as a code."""
    work.case.finding = work.facts["finding"]


def set_not_established(work: Work) -> None:
    """A case withdrawn because the facts are not established (ZWCF 44)."""
    work.case.finding = work.facts["finding"] = "not_established"


def set_substantiated(work: Work) -> None:
    """A case passed on with its facts established."""
    work.case.finding = work.facts["finding"] = "substantiated"


def go_back_to(work: Work) -> None:
    """The stage that was chosen."""
    work.to = work.facts["back_to"]


def decide_measures(work: Work) -> None:
    """The measures drawn up are decided as of today; each starts its clocks."""
    work.case.finding = work.facts["finding"] = "substantiated"
    if work.facts["decision"] == "none":
        return
    decided = things.decide(work.case, work.person_id)
    work.facts["things"] = decided
    confirm_by = {thing: day for thing, code in decided.items() if (day := _confirm_by(code)) is not None}
    if confirm_by:
        work.facts["confirm_by"] = confirm_by


def _confirm_by(code: str) -> str | None:
    """When the end of a sanction is to be confirmed: a month before its last day (ZWCF 26)."""
    last = happened.last_day(code, clock.today())
    return None if last is None else Calendar().add_months(last, -happened.CONFIRM_BEFORE).isoformat()


def to_rectifying_or_concluded(work: Work) -> None:
    """Where there are items left, they are put right first."""
    is_open = things.of_kind(work.case, "item", "open", "submitted", "returned")
    work.to = "rectifying" if is_open else "concluded"


def end_reports(work: Work) -> None:
    """Note whom the feedback was for; the final one ends each report, with a leaf of its own."""
    reports = work.reports()
    work.facts["told"] = [report.id for report in reports]
    if work.facts["stage"] != "final":
        return
    for report in reports:
        if happened.final_feedback(work.case, report.id) is None:
            ledger.append("ended", work.row.name, report)


def note_what_follows(work: Work) -> None:
    """A case with measures or items is looked back upon."""
    decided = things.of_kind(work.case, "measure", "decided", "delivered", "ended")
    if decided or things.of_kind(work.case, "item"):
        work.facts["with_measures"] = True


def seal_to_line_again(work: Work) -> None:
    """A case that begins anew: line, who asked for it and the officer in charge hold it, nobody else.

    Who asks for a case that nobody took in before answers for it until it is assigned.
    """
    case, key = work.case, work.key()
    case.finding, case.reviewer = None, None
    grants.revoke(case, reasons=ENDED_ANEW)
    if not any([grants.grant(case, key, person, "line") for person in grants.line_people(case.desk)]):
        raise Conflict("no_reader")
    asked_by = None if work.doer_id is None else Person.get_by_id(work.doer_id)
    if case.taken_in_by is None:
        case.taken_in_by = asked_by
    for person in (case.officer, asked_by):
        if person is not None and not grants.holds(case, person):
            reason = "assigned" if person == case.officer else "intake"
            grants.grant(case, key, person, reason)


def seal_to_archive(work: Work) -> None:
    """The archive desk alone holds the case."""
    if archive.desk() is None:
        raise Conflict("no_archive_desk")
    case, key = work.case, work.key()
    for seal in CaseSeal.select().where(CaseSeal.case == case, CaseSeal.is_recovery == False):  # noqa: E712
        grants.revoke(case, reasons=(seal.reason,))
    grants.grant_archive(case, key, least=archive.MEMBERS_AT_LEAST)


def seal_to_borrower(work: Work) -> None:
    """A case out of the archive, for one person until a day."""
    person = Person.get_by_id(work.facts["person"])
    until = dt.date.fromisoformat(work.facts["until"])
    if not grants.lend(work.case, work.key(), person, until):
        raise Conflict("cannot_be_granted")


def end_loan(work: Work) -> None:
    """The loan ends: of the person who gives back, or of all whose day has passed. What a borrower proposed ends too.

    Raises Conflict 'not_borrowed' where another act was quicker.
    """
    case = work.case
    if isinstance(work.by, Acting):
        work.key()  # opened before it is taken back
        ending = [work.by.person_id]
    else:
        lent = archive.loans([case.id]).get(case.id, ())
        ending = [loan.person_id for loan in lent if loan.is_over]
    if not ending:
        raise Conflict("not_borrowed")
    for person in Person.select().where(Person.id.in_(ending)):
        grants.revoke(case, person=person, reasons=("lent",))
        overtaking.of_former(case, person)
    work.facts["people"] = sorted(ending)


def number_press(work: Work) -> None:
    """Each pressed matter has its own clock."""
    work.facts["thing"] = f"press-{happened.count(work.case, 'press') + 1}"


def end_or_stay(work: Work) -> None:
    """A sanction ends where the person reformed and did nothing new; else it stays in force (ZWCF 26)."""
    work.facts["has_ended"] = bool(work.facts.get("repentance") and work.facts.get("no_new_breach"))
    work.to = "ended" if work.facts["has_ended"] else "delivered"


OUTCOMES: dict[str, Callable[[Work], None]] = {
    function.__name__: function
    for function in (
        seal_to_group,
        set_finding,
        set_not_established,
        set_substantiated,
        go_back_to,
        decide_measures,
        to_rectifying_or_concluded,
        end_or_stay,
        end_reports,
        note_what_follows,
        seal_to_line_again,
        seal_to_archive,
        seal_to_borrower,
        end_loan,
        number_press,
    )
}
