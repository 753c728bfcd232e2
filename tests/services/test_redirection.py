"""Passing a case on to whom it belongs: never to who is reported, and how it comes back."""

from typing import Any

import pytest

from tests.builders import Filed, Office
from tests.cases import days_later, holders, owed, running, sees
from whistle import clock
from whistle.services import accounts, ledger
from whistle.services.errors import Conflict, NotAllowed
from whistle.store.cases import Case
from whistle.store.people import Person
from whistle.store.units import Unit

REDIRECT = {"receiver": "市税务局", "not_led_by_subject": True, "message": "已转市税务局。"}


def redirected(office: Office, filed: Filed, who: str = "officer") -> None:
    """Somebody proposes to pass a case on, and the deputy gives leave."""
    office.act(filed.case, "redirect", who, **REDIRECT)
    assert office.approve("deputy").state == "redirected"


def test_what_was_redirected_by_its_officer_comes_back_through_who_took_it_in(office: Office) -> None:
    filed, noise = office.assigned(), office.assigned()
    redirected(office, filed)
    assert holders(filed.case) == {"intake", "officer", "deputy", "head", "recovery"}
    assert holders(noise.case) == {"officer", "deputy", "head", "recovery"}
    assert not sees(office, "intake2", filed.case)
    with clock.at(days_later(7)):
        assert office.act(filed.case, "returned", "intake", objection="不归我们管").state == "received"
        assert running(filed.case, "accept").started_on == clock.today()
        assert "rhythm" not in owed(filed.case)
        assert office.act(filed.case, "accept", "intake").state == "assessing"
        assert running(filed.case, "assess").started_on == clock.today()
        assert running(filed.case, "rhythm").started_on == clock.today()
    case = Case.get_by_id(filed.case)
    assert (case.officer.user_name, case.taken_in_by.user_name) == ("officer", "intake")
    office.act(filed.case, "write", "officer", report=filed.report, message="我们继续办理。")
    office.act(filed.case, "assign", "deputy", person=office["officer2"].person_id)
    assert holders(filed.case) == {"officer2", "deputy", "head", "recovery"}
    assert ledger.verify().findings == ()


@pytest.mark.parametrize(
    ("action", "inputs", "state"),
    [
        ("decline", {"reason": "court", "message": "请向法院起诉。"}, "declined"),
        ("redirect", REDIRECT, "redirected"),
        (
            "reclassify",
            {
                "category": "delay",
                "kind": "petition",
                "severity": "ordinary",
                "complexity": "ordinary",
                "reason": "退回后改类",
            },
            "received",
        ),
    ],
)
def test_a_returned_case_is_open_to_every_decision_of_a_new_one(
    office: Office, action: str, inputs: dict[str, Any], state: str
) -> None:
    filed = office.assigned()
    redirected(office, filed)
    office.act(filed.case, "returned", "intake", objection="不归我们管")
    office.act(filed.case, action, "intake", **inputs)
    assert office.approve("deputy").state == state
    assert sees(office, "intake", filed.case)


def test_what_was_redirected_before_acceptance_stays_with_the_desk(office: Office) -> None:
    filed = office.file()
    office.classify(filed.case)
    redirected(office, filed, "intake")
    assert holders(filed.case) == {"desk", "recovery"}
    assert office.act(filed.case, "returned", "intake2", objection="不归我们管").state == "received"


@pytest.mark.parametrize("how", ["deactivated", "other role", "shut out"])
def test_where_who_took_it_in_cannot_have_it_back_the_desk_gets_it(office: Office, how: str) -> None:
    filed = office.assigned()
    who = office["intake"].person_id
    if how == "deactivated":
        accounts.deactivate(office["admin"], who)
    elif how == "other role":
        accounts.change_role(office["admin"], who, "officer")
    else:
        unit = Unit.select().order_by(Unit.id).get()
        Person.update(unit=unit).where(Person.id == who).execute()
        Case.update(unit=unit).where(Case.id == filed.case).execute()
    redirected(office, filed)
    assert not sees(office, "intake", filed.case)
    assert sees(office, "intake2", filed.case)
    assert office.act(filed.case, "returned", "intake2", objection="不归我们管").state == "received"
    assert office.act(filed.case, "accept", "intake2").state == "assessing"
    assert holders(filed.case) == {"intake2", "officer", "deputy", "head", "recovery"}


def test_the_deputy_gives_leave_to_redirect_and_does_not_propose_it(office: Office) -> None:
    redirect = {"receiver": "市税务局", "not_led_by_subject": True, "message": "已转市税务局。"}
    filed = office.assigned()
    with pytest.raises(NotAllowed):
        office.act(filed.case, "redirect", "deputy", **redirect)
    office.act(filed.case, "redirect", "officer", **redirect)
    assert office.approve("deputy").state == "redirected"


def test_a_report_is_never_redirected_to_the_unit_it_is_about_nor_to_one_beneath(office: Office) -> None:
    unit = Unit.select().order_by(Unit.id).get()
    filed = office.accepted(unit=unit.code)
    with pytest.raises(Conflict, match="receiver_is_subject"):
        office.act(
            filed.case,
            "redirect",
            "intake",
            receiver="该单位",
            receiver_unit=unit.code,
            not_led_by_subject=True,
            message="已转。",
        )
