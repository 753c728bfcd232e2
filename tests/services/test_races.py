"""Two people at once: the second is told, nothing is lost, nothing is doubled. Real threads on real databases."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.builders import MONDAY, Office
from whistle import clock
from whistle.services import drafts, intake, ledger, tracking
from whistle.services.casework import approvals, reading
from whistle.services.casework.act import act
from whistle.services.errors import Conflict, NotFound
from whistle.store.cases import Case, CaseEvent, Proposal
from whistle.store.database import close
from whistle.store.reports import Message, Report


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Run deeds in threads that start together; what each returned, or the Conflict it met."""
    gate = threading.Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> Any:
        gate.wait()
        try:
            with clock.at(MONDAY):
                return deed()
        except (Conflict, NotFound) as told:
            return told
        finally:
            close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def refused(results: list[Any]) -> list[str]:
    return [str(result) for result in results if isinstance(result, Conflict | NotFound)]


def test_two_officers_accept_one_report_and_one_of_them_is_told(office: Office) -> None:
    filed = office.file()
    office.classify(filed.case)
    version = reading.open_case(office["intake"], filed.case).version
    reading.open_case(office["intake2"], filed.case)
    results = at_once(
        lambda: act(filed.case, "accept", office["intake"], version=version),
        lambda: act(filed.case, "accept", office["intake2"], version=version),
    )
    assert refused(results) == ["changed"]
    assert CaseEvent.select().where(CaseEvent.action == "accept").count() == 1


def test_a_form_pressed_twice_in_the_same_moment_makes_one_report(office: Office) -> None:
    secret = drafts.begin(office.token)
    drafts.save(secret, {"kind": "advice", "unit": "unknown", "story": "一", "identity": "anonymous"})
    results = at_once(*[lambda: intake.submit(secret)] * 4)
    assert refused(results) == ["sent_already"] * 3
    assert Report.select().count() == 1


def test_a_receipt_asked_for_twice_in_the_same_moment_is_shown_once(office: Office) -> None:
    secret = drafts.begin(office.token)
    drafts.save(secret, {"kind": "advice", "unit": "unknown", "story": "一", "identity": "anonymous"})
    intake.submit(secret)
    results = at_once(*[lambda: intake.show_receipt(secret)] * 3)
    assert len(refused(results)) == 2


def test_eight_reports_in_the_same_moment_get_eight_cases_and_a_whole_log(office: Office) -> None:
    secrets = []
    for number in range(8):
        secret = drafts.begin(office.token)
        drafts.save(
            secret, {"kind": "advice", "unit": "unknown", "story": f"第{number}件", "identity": "anonymous"}
        )
        secrets.append(secret)
    results = at_once(*[lambda s=secret: intake.submit(s) for secret in secrets])
    assert refused(results) == []
    assert Case.select().count() == 8
    assert ledger.verify().findings == ()


def test_numbers_given_in_the_same_moment_are_all_different(office: Office) -> None:
    cases = [office.file().case for _ in range(4)]
    at_once(*[lambda c=case: office.classify(c) for case in cases])
    numbers = sorted(row.number for row in Case.select())
    assert numbers == [f"清访2026-{n:06d}" for n in range(1, 5)]


def test_a_proposal_approved_twice_in_the_same_moment_is_done_once(office: Office) -> None:
    filed = office.file()
    office.classify(filed.case)
    office.act(filed.case, "decline", "intake", reason="court", message="请起诉。")
    proposal = Proposal.get().id
    results = at_once(*[lambda: approvals.approve(office["deputy"], proposal)] * 2)
    assert refused(results) == ["decided_already"]
    assert CaseEvent.select().where(CaseEvent.action == "decline").count() == 1


def test_a_reporter_writes_while_an_officer_acts_and_neither_loses(office: Office) -> None:
    filed = office.accepted()
    visit = office.visit(filed)
    results = at_once(
        lambda: tracking.write(visit, "再补一句", "n1"),
        lambda: office.act(filed.case, "assign", "deputy", person=office["officer"].person_id),
    )
    assert refused(results) == []
    assert Message.select().where(Message.side == "reporter").count() == 1
    assert Case.get_by_id(filed.case).officer.user_name == "officer"
    assert tracking.view(visit).letters[-1].text == "再补一句"
