"""Who had a case and has it no more keeps every key and copies the database whenever they like: what is written since
opens for them no more than for a stranger, a reporter's letters and files included.
"""

from collections.abc import Callable
from typing import Any

import pytest

from tests.adversary.thief import Thief
from tests.builders import Filed, Office, attach
from tests.cases import days_later
from tests.stages import archived, ask, group, lend, listed, reviewing, verifying, with_third
from whistle.rules.workflow import ACCEPTED_STATES
from whistle.services import accounts, assignment, desks, keyrings, tracking
from whistle.services.casework import approvals, reading
from whistle.services.casework.act import act
from whistle.store.attachments import Attachment
from whistle.store.cases import Case, CaseEvent, CaseSeal, Proposal
from whistle.store.desks import Desk
from whistle.store.reports import Message, Report
from whistle.store.things import THING_TABLES


def rows() -> set[str]:
    """The ids of everything that is sealed in cases."""
    tables = (Message, Attachment, Proposal, *THING_TABLES.values())
    events = CaseEvent.select().where(CaseEvent.sealed.is_null(False))
    return {row.id for table in tables for row in table.select()} | {event.id for event in events}


def life_goes_on(office: Office, filed: Filed) -> tuple[str, set[str]]:
    """The reporter writes and sends a file, and who has the case now writes into it; who that is, and what is new."""
    case = Report.get_by_id(filed.report).case
    holder = "head" if case.state in ACCEPTED_STATES else "intake2"
    reading.open_case(office[holder], case.id)  # keys that a deactivation left to be made anew
    before = rows()
    if case.state == "archived":
        lend(office, filed, "reviewer2")
        return holder, rows() - before
    visit = office.visit(filed)
    attach(visit, "track", {"后来的账.txt": "第四页".encode()})
    tracking.write(visit, "后来的话", f"n{len(before)}")
    asked = {"who": "某局长", "asked_on": case.received_on, "how": "打电话"}
    act(case.id, "record_interference", office[holder], **asked)
    return holder, rows() - before


def deactivated(who: str) -> Callable[[Office, Filed], None]:
    return lambda office, _filed: accounts.deactivate(office["admin"], office[who].person_id)


def handed_over(office: Office, _filed: Filed) -> None:
    assignment.hand_over(office["deputy"], office["officer"].person_id, office["third"].person_id, "调离")


def assigned_anew(office: Office, filed: Filed) -> None:
    office.act(filed.case, "assign", "deputy", person=office["third"].person_id)


def out_of_the_group(office: Office, filed: Filed) -> None:
    ask(office, filed.case, "hold", "officer", "head", reason="等", review_on=days_later(30).date())
    plan = {"group": group(office, "officer", "third"), "plan": "换人", "no_disturbance": True}
    ask(office, filed.case, "start_verification", "officer", "head", **plan)


def reviewed_by_another(office: Office, filed: Filed) -> None:
    office.act(filed.case, "assign", "deputy", person=office["reviewer2"].person_id)


def concerned(who: str) -> Callable[[Office, Filed], None]:
    return lambda office, filed: listed(office, filed.case, name=office[who].name) and None


def joined_another(office: Office, filed: Filed) -> None:
    target = office.accepted()
    office.act(target.case, "assign", "deputy", person=office["third"].person_id)
    office.act(filed.case, "merge", "deputy", target=target.case, reason="同")


def begun_anew(office: Office, filed: Filed) -> None:
    ask(office, filed.case, "withdraw_case", "officer", "head", reason="不成立", unit_told=True)
    ask(office, filed.case, "reopen", "officer", "head", ground="new_facts", facts="x")


def accepted(office: Office, filed: Filed) -> None:
    office.classify(filed.case)
    office.act(filed.case, "accept", "intake2")


def given_back(office: Office, filed: Filed) -> None:
    office.act(filed.case, "give_back", "officer")


def seat_ended(office: Office, _filed: Filed) -> None:
    desk = Desk.get(Desk.kind == "intake")
    desks.end_seat(office["admin"], desk.id, office["intake"].person_id)


def lent(office: Office) -> Filed:
    filed = archived(office)
    lend(office, filed, "officer")
    return filed


def taken_in(office: Office) -> Filed:
    return office.file()


def assigned(office: Office) -> Filed:
    return office.assigned()


@pytest.mark.parametrize(
    ("begin", "who", "leave"),
    [
        (assigned, "officer", deactivated("officer")),
        (assigned, "officer", handed_over),
        (assigned, "officer", assigned_anew),
        (assigned, "officer", joined_another),
        (verifying, "officer2", deactivated("officer2")),
        (verifying, "officer2", out_of_the_group),
        (verifying, "officer2", concerned("officer2")),
        (verifying, "deputy", concerned("deputy")),
        (reviewing, "reviewer", reviewed_by_another),
        (reviewing, "reviewer", begun_anew),
        (reviewing, "officer2", begun_anew),
        (taken_in, "intake", accepted),
        (taken_in, "intake", seat_ended),
        (lent, "officer", given_back),
    ],
)
def test_who_lost_a_case_opens_nothing_that_is_written_since(
    office: Office, begin: Callable[[Office], Filed], who: str, leave: Callable[[Office, Filed], Any]
) -> None:
    office = with_third(office)
    filed = begin(office)
    thief = Thief(office[who])
    assert filed.report in thief.reads()
    leave(office, filed)
    thief.look()
    holder, new = life_goes_on(office, filed)
    thief.look()
    assert not thief.reads() & new
    assert Thief(office[holder]).reads() & new


@pytest.mark.parametrize(
    ("begin", "who", "leave"),
    [(assigned, "officer", handed_over), (taken_in, "intake", seat_ended)],
)
def test_who_moved_a_grant_under_a_keyring_opens_nothing_later_with_that(
    office: Office, begin: Callable[[Office], Filed], who: str, leave: Callable[[Office, Filed], Any]
) -> None:
    """There is nothing else to steal but grants under keyrings, the person's or the desk's; new ones are moved too."""
    office = with_third(office)
    filed = begin(office)
    gather_all(office)
    thief, stranger = Thief(office[who]), Thief(office["reviewer"])
    assert filed.report in thief.reads()
    assert not stranger.cases
    leave(office, filed)
    _holder, new = life_goes_on(office, filed)
    gather_all(office)
    thief.look()
    assert not thief.reads() & new


def gather_all(office: Office) -> None:
    """Everybody's session moves what it holds."""
    for by in office.people.values():
        keyrings.gather(by)
    opens = CaseSeal.person.is_null(False) | CaseSeal.desk_key.is_null(False)
    assert not CaseSeal.select().where(opens, ~CaseSeal.is_moved).exists()


def test_who_decided_one_proposal_for_another_line_opens_nothing_later(office: Office) -> None:
    filed = office.file()
    office.classify(filed.case)
    office.act(filed.case, "decline", "intake", reason="court", message="请起诉。")
    thief = Thief(office["deputy"])
    assert thief.reads()
    approvals.send_back(office["deputy"], Proposal.get().id, "先核实")
    before = rows()
    tracking.write(office.visit(filed), "后来的话", "n1")
    office.act(filed.case, "write", "intake", message="收到")
    thief.look()
    assert not thief.reads() & (rows() - before)
    assert Case.get_by_id(filed.case).key_generation > 1
