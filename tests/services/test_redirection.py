"""Passing a case on to whom it belongs: never to who is reported, and how it comes back."""

import json
from typing import Any

import pytest

from tests.builders import Filed, Office
from tests.cases import days_later, holders, owed, running, sees
from whistle import clock
from whistle.services import accounts, ledger, units
from whistle.services.errors import Conflict, Invalid, NotAllowed
from whistle.store.cases import Case, CaseEvent, Proposal
from whistle.store.database import atomic_write
from whistle.store.entries import Entry
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


def unit(code: str, name_zh: str, name_en: str, *, parent: str | None = None) -> str:
    """A unit of the district; returns its code."""
    made = units.make_unit(code, by=None)
    named(code, name_zh, name_en, parent=parent)
    return str(made.code)


def named(code: str, name_zh: str, name_en: str, *, parent: str | None = None) -> None:
    """What a unit is called from today on."""
    row = units.find(code)
    units.add_fact(
        row, name_zh, name_en, kind="department", parent_code=parent, valid_on=clock.today(), by=None
    )


@pytest.fixture
def tax_office(office: Office) -> Office:
    """An office in whose district the tax bureau had another name, has a unit beneath it and others beside it."""
    with atomic_write():
        unit("QY03", "清源区国家税务局", "State Tax Bureau")
        named("QY03", "清源区税务局", "Tax Bureau of Clearspring District")
        unit("QY0301", "办税服务厅", "Tax Service Hall", parent="QY03")
        unit("QY04", "清源区税务局稽查局", "Tax Audit Bureau")
        unit("QY05", "清源区商务局", "Commerce Bureau")
    return office


def propose(office: Office, case: str, receiver: str, code: str = "") -> None:
    values = {**REDIRECT, "receiver": receiver, "receiver_unit": code}
    office.act(case, "redirect", "intake", **values)


@pytest.mark.parametrize("code", ["QY03", "QY0301"])
def test_a_report_is_never_redirected_to_the_unit_it_is_about_nor_to_one_beneath(
    tax_office: Office, code: str
) -> None:
    filed = tax_office.accepted(unit="QY03")
    with pytest.raises(Conflict, match="receiver_is_subject"):
        propose(tax_office, filed.case, "该单位", code)


def test_the_attempt_leaves_an_entry_in_the_log_and_nothing_else(tax_office: Office) -> None:
    filed = tax_office.accepted(unit="QY03")
    before = CaseEvent.select().count()
    with pytest.raises(Conflict):
        propose(tax_office, filed.case, "清源区税务局")
    record = json.loads(Entry.select().order_by(Entry.position.desc()).get().record)
    assert record["what"] == "refused"
    assert record["by"] == tax_office["intake"].person_id
    assert record["more"] == {"action": "redirect", "case": filed.case, "why": "receiver_is_subject"}
    assert CaseEvent.select().count() == before
    assert ledger.verify().findings == ()


@pytest.mark.parametrize("code", ["", "QY05"])
@pytest.mark.parametrize(
    "receiver",
    [
        "清源区税务局",
        "清 源 区 税务局（收）",
        "区税务局",
        "清源区国家税务局",
        "ｓｔａｔｅ tax bureau",
        "办税服务厅二楼",
    ],
)
def test_nor_is_it_where_that_unit_is_written_by_hand(tax_office: Office, receiver: str, code: str) -> None:
    filed = tax_office.accepted(unit="QY03")
    with pytest.raises(Conflict, match="receiver_is_subject"):
        propose(tax_office, filed.case, receiver, code)
    assert Proposal.select().count() == 0


@pytest.mark.parametrize("receiver", ["王建国", "王 建 国同志（收）", "清源区商务局王建国"])
def test_nor_to_a_person_it_is_about(tax_office: Office, receiver: str) -> None:
    filed = tax_office.file()
    tax_office.classify(filed.case, subject="王建国（三号窗口）、李四")
    with pytest.raises(Conflict, match="receiver_is_subject"):
        propose(tax_office, filed.case, receiver)
    assert Proposal.select().count() == 0


def test_what_only_looks_like_a_name_of_the_case_keeps_no_receiver_away(tax_office: Office) -> None:
    filed = tax_office.file()
    tax_office.classify(filed.case, subject="李某、局长、工作人员")
    propose(tax_office, filed.case, "清源区商务局李某某局长")


@pytest.mark.parametrize("where", ["unit_shut_out", "registered"])
def test_every_unit_that_must_not_read_is_no_receiver(tax_office: Office, where: str) -> None:
    filed = tax_office.file(**({} if where == "registered" else {where: "QY03"}))
    tax_office.classify(filed.case, unit="QY03" if where == "registered" else "")
    with pytest.raises(Conflict, match="receiver_is_subject"):
        propose(tax_office, filed.case, "清源区税务局")


@pytest.mark.parametrize(
    ("receiver", "code"),
    [
        ("国家税务总局清源市税务局", ""),
        ("清源市税务局", ""),
        ("清源区税务局稽查局", "QY04"),
        ("清源区商务局", ""),
        ("清源区商务局", "QY05"),
        ("该局", "QY05"),
    ],
)
def test_a_superior_or_a_neighbour_of_a_like_name_receives_it(
    tax_office: Office, receiver: str, code: str
) -> None:
    filed = tax_office.accepted(unit="QY03")
    propose(tax_office, filed.case, receiver, code)
    assert tax_office.approve("deputy").state == "redirected"


@pytest.mark.parametrize(("receiver", "code"), [("清源区商务局", "QY04"), ("清源区税务局", "QY0301")])
def test_a_receiver_written_otherwise_than_chosen_is_asked_for_again(
    tax_office: Office, receiver: str, code: str
) -> None:
    filed = tax_office.accepted()
    with pytest.raises(Invalid) as caught:
        propose(tax_office, filed.case, receiver, code)
    assert (caught.value.field, caught.value.reason) == ("receiver", "another_unit")


def test_a_receiver_may_be_written_with_the_unit_above_it(tax_office: Office) -> None:
    filed = tax_office.accepted()
    propose(tax_office, filed.case, "清源区税务局办税服务厅", "QY0301")


def test_a_name_that_the_unit_took_meanwhile_counts_when_leave_is_given(
    tax_office: Office,
) -> None:
    filed = tax_office.accepted(unit="QY03")
    propose(tax_office, filed.case, "清源区税费局")
    with atomic_write():
        named("QY03", "清源区税费局", "Levies Bureau")
    with pytest.raises(Conflict, match="receiver_is_subject"):
        tax_office.approve("deputy")
    assert Case.get_by_id(filed.case).state == "assessing"
