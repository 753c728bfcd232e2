"""Longer periods and pressed matters: whose leave they need, once, by how much, and whom it must be told."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import Filed, Office
from tests.cases import days_later, owed, running
from tests.stages import deciding, enforcing, investigating, referred, reviewing, verifying
from whistle import clock
from whistle.services import tracking
from whistle.services.casework import approvals
from whistle.services.errors import Conflict, Invalid
from whistle.store.cases import CaseEvent, Proposal


def of_kind(kind: str) -> Callable[[Office], Filed]:
    return lambda office: office.assigned(kind=kind)


def delivered(office: Office) -> Filed:
    filed, measure = enforcing(office, "self_criticism")
    office.act(filed.case, "measure.deliver", "officer", thing=measure, day=clock.today(), receipt="签收")
    return filed


#: How the lack of what only some periods ask for is told.
LACKS = {"message": "message.untold", "paper": "paper.empty"}


@pytest.mark.on_both_databases
@pytest.mark.parametrize(
    ("begin", "name", "most", "leave", "more"),
    [
        (verifying, "verify", 1, "deputy", {}),
        (referred, "referral", 1, "deputy", {}),
        (of_kind("complaint"), "solve", 30, "deputy", {"message": "情况复杂，延长三十日。"}),
        (of_kind("petition"), "petition", 30, "deputy", {"message": "情况复杂，延长三十日。"}),
        (of_kind("unresolved"), "solve_unresolved", 5, "deputy", {}),
        (investigating, "investigate", 6, "head", {"paper": "市纪监批〔2026〕1号"}),
        (reviewing, "review", 1, "head", {}),
        (lambda office: deciding(office)[0], "decide", 15, "head", {}),
        (delivered, "statement", 5, "deputy", {}),
    ],
)
def test_a_period_is_extended_once_with_the_leave_that_its_row_asks_for(
    office: Office, begin: Callable[[Office], Filed], name: str, most: int, leave: str, more: dict[str, str]
) -> None:
    filed = begin(office)
    row = running(filed.case, name)
    chosen = {"clock": f"{name}:{row.report or ''}", "reason": "情况复杂"}
    for wrong, why in (
        ({"count": most + 1}, "count.too_many"),
        ({"count": 0}, "count.not_a_number"),
        *((({"count": most, field: ""}), lacks) for field, lacks in LACKS.items() if field in more),
    ):
        with pytest.raises(Invalid) as caught:
            office.act(filed.case, "extend", "officer", **{**chosen, **more, **wrong})
        assert f"{caught.value.field}.{caught.value.reason}" == why
    office.act(filed.case, "extend", "officer", **chosen, **more, count=most)
    assert Proposal.get(Proposal.state == "waiting").approval == leave
    if leave == "head":
        assert approvals.queue(office["deputy"]) == []
    assert office.approve(leave).proposal_id is None
    assert running(filed.case, name).due_on > row.due_on
    letters = [letter.text for letter in tracking.view(office.visit(filed)).letters]
    assert letters == ([more["message"]] if "message" in more else [])
    with pytest.raises((Invalid, Conflict), match=r"extended_already|nothing_to_extend"):
        office.act(filed.case, "extend", "officer", **chosen, **more, count=1)


def test_what_is_overdue_is_not_extended_afterwards(office: Office) -> None:
    filed = office.assigned(kind="complaint")
    chosen = {"clock": "solve", "count": 5, "reason": "复杂", "message": "延长五日"}
    with clock.at(days_later(60)), pytest.raises(Conflict, match="nothing_to_extend"):
        office.act(filed.case, "extend", "officer", **chosen)
    proposal = office.act(filed.case, "extend", "officer", **chosen).proposal_id
    with clock.at(days_later(60)), pytest.raises((Invalid, Conflict), match="nothing_to_extend"):
        approvals.approve(office["deputy"], proposal)


@pytest.mark.parametrize(
    ("chosen", "reason"),
    [
        ("assess", "not_extendable"),
        ("verify", "not_running"),
        ("no such clock", "not_running"),
        ("", "empty"),
    ],
)
def test_what_does_not_run_or_may_not_be_extended_is_not(office: Office, chosen: str, reason: str) -> None:
    """A lead under assessment; the noise beside it has a clock that could be extended."""
    filed, _noise = referred(office), verifying(office)
    office.act(filed.case, "press", "deputy", what="快办", due=days_later(3).date())
    office.act(filed.case, "receive_referral", "officer", result="x") if chosen == "assess" else None
    with pytest.raises((Invalid, Conflict), match=f"{reason}|nothing_to_extend"):
        office.act(filed.case, "extend", "officer", clock=chosen, count=1, reason="复杂")


def test_an_extension_whose_clock_ended_meanwhile_is_not_granted(office: Office) -> None:
    """The sanction's statement comes in while leave is waited for."""
    filed = delivered(office)
    thing = running(filed.case, "statement").report
    office.act(filed.case, "extend", "officer", clock=f"statement:{thing}", count=5, reason="出差")
    office.act(
        filed.case, "measure.statement_received", "officer", thing=thing, day=clock.today(), statement="深刻"
    )
    (row,) = approvals.queue(office["deputy"])
    with pytest.raises((Invalid, Conflict)):
        approvals.approve(office["deputy"], row.id)
    assert Proposal.get_by_id(row.id).state == "waiting"
    approvals.send_back(office["deputy"], row.id, "已经收到")
    assert not CaseEvent.select().where(CaseEvent.action == "extend").exists()


def test_each_pressed_matter_has_its_day_and_an_answer_is_to_all_of_them(office: Office) -> None:
    filed = office.assigned()
    with pytest.raises(Conflict, match="not_pressed"):
        office.act(filed.case, "press_answered", "officer", done="办了")
    table: list[tuple[Any, str]] = [
        (days_later(0).date(), "not_ahead"),
        (days_later(-1).date(), "not_ahead"),
        ("2026-13-01", "not_a_day"),
        ("", "empty"),
    ]
    for due, why in table:
        with pytest.raises(Invalid) as caught:
            office.act(filed.case, "press", "deputy", what="快办", due=due)
        assert (caught.value.field, caught.value.reason) == ("due", why)
    for who, days in (("deputy", 5), ("head", 8)):
        office.act(filed.case, "press", who, what="快办", due=days_later(days).date())
    assert running(filed.case, "pressed").due_on in {days_later(5).date(), days_later(8).date()}
    office.act(filed.case, "press_answered", "officer", done="办了")
    assert "pressed" not in owed(filed.case)


def test_what_was_proposed_for_a_day_to_come_is_not_approved_once_it_is_there(office: Office) -> None:
    filed = office.assigned()
    office.act(filed.case, "hold", "officer", reason="等", review_on=days_later(5).date())
    (row,) = approvals.queue(office["head"])
    with clock.at(days_later(5)):
        with pytest.raises(Conflict, match="day_passed"):
            approvals.approve(office["head"], row.id)
        approvals.send_back(office["head"], row.id, "日期过了")
    assert not CaseEvent.select().where(CaseEvent.action == "hold").exists()
