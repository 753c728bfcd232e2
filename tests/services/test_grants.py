"""Who holds a case's key: not whom the reporter named, not who came later, not who left the line; and never nobody."""

import json
from typing import Any

import pytest

from tests.builders import ANSWERS, MONDAY, Office
from tests.people import Town
from whistle.services import accounts, desks, drafts, grants, identity, intake, superior, tracking
from whistle.services.access import Acting
from whistle.services.casework import reading, rescue
from whistle.services.casework.act import act
from whistle.services.errors import Conflict, Invalid, NotAllowed, NotFound, ServiceError
from whistle.store.cases import Case, CaseSeal
from whistle.store.channels import Channel
from whistle.store.desks import SuperiorKey
from whistle.store.entries import Entry
from whistle.store.people import Person
from whistle.store.recusals import RecusalRequest
from whistle.store.reports import IdentitySeal
from whistle.store.units import Unit

CLASS = {"category": "inaction", "kind": "lead", "severity": "ordinary", "complexity": "ordinary"}
NAMED = {"identity": "named", "name": "李四", "contact": "1380000xx04"}


def file(**answers: Any) -> Case:
    """A report from the first channel's form; its case."""
    secret = drafts.begin(Channel.select().order_by(Channel.id).get().token)
    drafts.save(secret, {**ANSWERS, **answers})
    known = {row.id for row in Case.select(Case.id)}
    intake.submit(secret)
    return next(row for row in Case.select() if row.id not in known)


def opens(by: Acting, case: Case) -> bool:
    """Whether a person's private key and the whole database open a case, whatever the pages would say."""
    now = Case.get_by_id(case.id)
    seals = CaseSeal.select().where(CaseSeal.case == now, CaseSeal.generation == now.key_generation)
    return any(grants._try_open(by, now, seal) for seal in seals)


def join_the_desk(staffed: Town, who: str = "late", **unit: str) -> Acting:
    """Somebody new sits at the desk and got from the sitting members all that they pass on."""
    token = accounts.invite(staffed["admin"], who, f"某{who}", "intake", desk_id=staffed.desk().id, **unit)
    staffed.activate(token)
    staffed.admit("head", who)
    staffed.sign_in("intake")
    staffed.sign_in(who)
    return staffed[who]


# Whom the reporter named


def test_somebody_the_reporter_named_reads_nothing_after_joining_the_desk(staffed: Town) -> None:
    noise, case = file(), file(persons_shut_out="某late")
    late = join_the_desk(staffed)
    assert not opens(late, case)
    with pytest.raises((NotAllowed, NotFound)):
        reading.open_case(late, case.id)
    assert reading.open_case(late, noise.id).reports[0].answers["story"] == ANSWERS["story"]
    assert reading.open_case(staffed["intake"], case.id).reports[0].answers["persons_shut_out"] == "某late"


def test_somebody_of_the_unit_reported_on_gets_no_key_by_joining_the_desk(staffed: Town) -> None:
    unit = Unit.select().order_by(Unit.id).get()
    case = file(unit=unit.code)
    assert not opens(join_the_desk(staffed, unit_code=unit.code), case)
    assert opens(staffed["intake"], case)


def test_registering_a_unit_takes_the_key_from_its_people_at_the_desk(office: Office) -> None:
    unit = Unit.select().order_by(Unit.id).get()
    Person.update(unit=unit).where(Person.user_name == "intake2").execute()
    elsewhere = Unit.create(code="QY77", recorded_at=MONDAY).code
    noise, filed = office.file(unit=elsewhere), office.file(unit=elsewhere)
    assert opens(office["intake2"], Case.get_by_id(filed.case))
    office.classify(filed.case, unit=unit.code)
    assert not opens(office["intake2"], Case.get_by_id(filed.case))
    assert opens(office["intake"], Case.get_by_id(filed.case))
    assert opens(office["intake2"], Case.get_by_id(noise.case))


@pytest.mark.parametrize(
    ("action", "inputs"),
    [
        ("classify", CLASS),
        ("give_notice", {"way": "phone", "day": "2026-09-14"}),
        ("write", {"no_answer_needed": True}),
    ],
)
def test_who_holds_no_key_does_not_even_what_needs_no_word(
    office: Office, action: str, inputs: dict[str, Any]
) -> None:
    filed = office.file(persons_shut_out=office["intake2"].name, **NAMED)
    if action != "classify":
        office.classify(filed.case)
    with pytest.raises(NotFound):
        office.act(filed.case, action, "intake2", **inputs)


def test_a_holder_of_names_whom_the_reporter_named_gets_no_half(office: Office) -> None:
    holder = identity.holders()[0]
    noise = office.file(**NAMED)
    filed = office.file(persons_shut_out=holder.name, **NAMED)
    held = IdentitySeal.select().where(IdentitySeal.person == holder)
    assert [seal.report_id for seal in held] == [noise.report]
    assert filed.report


# A report that names everybody is not buried


def test_the_line_takes_in_what_nobody_at_the_desk_may_read(office: Office) -> None:
    both = f"{office['intake'].name}、{office['intake2'].name}"
    filed = office.file(persons_shut_out=both)
    view = reading.open_case(office["deputy"], filed.case)
    assert {"classify", "request_supplement", "to_oversight"} <= {row.name for row in view.actions}
    office.act(filed.case, "classify", "deputy", **CLASS)
    assert office.act(filed.case, "accept", "deputy").state == "assessing"
    office.act(filed.case, "assign", "deputy", person=office["officer"].person_id)
    assert reading.open_case(office["officer"], filed.case)
    for who in ("intake", "intake2"):
        with pytest.raises(NotFound):
            reading.open_case(office[who], filed.case)


def test_what_the_deputy_then_proposes_to_decline_the_head_decides(office: Office) -> None:
    both = f"{office['intake'].name}、{office['intake2'].name}"
    filed = office.file(persons_shut_out=both)
    office.act(filed.case, "classify", "deputy", **CLASS)
    office.act(filed.case, "decline", "deputy", reason="court", message="请向法院起诉。")
    assert office.approve("head").state == "declined"


def test_the_line_does_not_take_in_what_the_desk_can_read(office: Office) -> None:
    filed = office.file()
    office.classify(filed.case)
    office.act(filed.case, "decline", "intake", reason="court", message="请向法院起诉。")
    with pytest.raises(ServiceError):
        office.act(filed.case, "accept", "deputy")
    assert "accept" not in {row.name for row in reading.open_case(office["deputy"], filed.case).actions}


def test_the_line_takes_back_what_was_redirected_where_nobody_of_intake_reads_it(office: Office) -> None:
    filed = office.assigned()
    redirect = {"receiver": "市税务局", "not_led_by_subject": True, "message": "已转市税务局。"}
    office.act(filed.case, "redirect", "officer", **redirect)
    office.approve("deputy")
    with pytest.raises(NotAllowed):
        office.act(filed.case, "returned", "deputy", objection="不属我局")
    accounts.deactivate(office["admin"], office["intake"].person_id)
    assert office.act(filed.case, "returned", "deputy", objection="不属我局").state == "received"
    assert office.act(filed.case, "accept", "deputy").state == "assessing"


# The line


def test_who_of_the_line_sits_at_the_desk_too_holds_the_case_after_acceptance(staffed: Town) -> None:
    staffed.join("zeta", "intake", desk="intake")
    for who in ("deputy", "head"):
        desks.ask_seat(staffed["admin"], staffed.desk().id, staffed[who].person_id)
    staffed.admit("head", "deputy", "zeta")
    staffed.admit("deputy", "head")
    case = file(persons_shut_out="某zeta")
    act(case.id, "classify", staffed["intake"], **CLASS)
    act(case.id, "accept", staffed["intake"])
    assert {s.person.user_name: s.reason for s in case.seals if s.person} == {
        "intake": "intake",
        "deputy": "line",
        "head": "line",
    }


def test_a_desk_that_moves_to_another_line_takes_its_cases_along(staffed: Town) -> None:
    case = file()
    act(case.id, "classify", staffed["intake"], **CLASS)
    act(case.id, "accept", staffed["intake"])
    staffed.join("deputy2", "deputy")
    staffed.admit("head", "deputy2")
    desks.change_deputy(staffed["head"], staffed.desk().id, staffed["deputy2"].person_id)
    with pytest.raises(NotFound):
        reading.open_case(staffed["deputy"], case.id)
    assert Case.get_by_id(case.id).needs_new_keys
    act(case.id, "write", staffed["intake"], message="已经收到")
    assert not opens(staffed["deputy"], case)
    assert opens(staffed["deputy2"], case)


# The sheet


def test_one_report_that_names_the_whole_line_does_not_hold_up_the_others(staffed: Town) -> None:
    bad, good = file(persons_shut_out="某head 某deputy"), file()
    for who in ("intake", "intake2"):
        accounts.deactivate(staffed["admin"], staffed[who].person_id)
    assert rescue.rescue(staffed["head"], staffed.sheet) == 1
    assert reading.open_case(staffed["head"], good.id)
    assert rescue.count(staffed["head"]).cases == 1
    assert not opens(staffed["head"], bad)
    assert not opens(staffed["deputy"], bad)


def test_a_report_that_names_the_head_comes_to_the_deputy_by_the_sheet(staffed: Town) -> None:
    case = file(persons_shut_out="某head")
    for who in ("intake", "intake2"):
        accounts.deactivate(staffed["admin"], staffed[who].person_id)
    assert rescue.rescue(staffed["head"], staffed.sheet) == 1
    assert not opens(staffed["head"], case)
    assert opens(staffed["deputy"], case)


def test_names_whose_last_holder_went_come_back_by_the_sheet(staffed: Town) -> None:
    file(**NAMED)
    desks.name_holder(staffed["head"], staffed["reviewer"].person_id)
    IdentitySeal.delete().execute()
    rescue.rescue(staffed["head"], staffed.sheet)
    assert {seal.person.user_name for seal in IdentitySeal.select()} == {"head", "reviewer"}


# The superior


def test_a_report_older_than_the_superiors_key_is_sealed_to_it_too(staffed: Town) -> None:
    SuperiorKey.delete().execute()
    case = file(own_people=True)
    to_superior = CaseSeal.select().where(CaseSeal.case == case, CaseSeal.superior_key.is_null(False))
    assert not to_superior.exists()
    pair = superior.make_pair()
    superior.confirm(staffed["oversight2"], superior.enter(staffed["oversight"], pair.public_text))
    assert Case.get_by_id(case.id).needs_new_keys
    act(case.id, "write", staffed["oversight"], message="已经收到")
    assert to_superior.where(CaseSeal.generation == Case.get_by_id(case.id).key_generation).exists()


# The log


def test_every_seal_of_a_report_leaves_a_leaf(office: Office) -> None:
    office.file()
    before = Entry.select().count()
    filed = office.file(**NAMED)
    made = [json.loads(row.record) for row in Entry.select().where(Entry.position >= before)]
    granted = sum(record["what"] == "granted" for record in made)
    assert granted == CaseSeal.select().where(CaseSeal.case == filed.case).count() > 0
    halves = sum(record["what"] == "half_granted" for record in made)
    assert halves == IdentitySeal.select().where(IdentitySeal.report == filed.report).count() > 0


# However the name is written, and wherever it names somebody


@pytest.mark.parametrize("answer", ["persons_shut_out", "people"])
@pytest.mark.parametrize("between", [" ", "\u3000", "\u200b", "·", "\u00ad"])
def test_a_name_with_something_inside_keeps_its_bearer_out_too(
    office: Office, answer: str, between: str
) -> None:
    noise = office.file()
    name = between.join(office["intake2"].name)
    filed = office.file(**{answer: f"窗口的{name}科长"})
    assert not opens(office["intake2"], Case.get_by_id(filed.case))
    assert opens(office["intake"], Case.get_by_id(filed.case))
    assert opens(office["intake2"], Case.get_by_id(noise.case))
    with pytest.raises((NotAllowed, NotFound)):
        reading.open_case(office["intake2"], filed.case)


def test_whom_the_report_is_about_gets_no_key_by_joining_the_desk(staffed: Town) -> None:
    noise, case = file(), file(people="办公室的某 LATE，还有一个戴眼镜的")
    late = join_the_desk(staffed)
    assert not opens(late, case)
    with pytest.raises((NotAllowed, NotFound)):
        reading.open_case(late, case.id)
    assert opens(late, noise)


def test_whom_the_report_is_about_is_granted_it_at_no_stage(office: Office) -> None:
    filed = office.file(people=f"{office['head'].name}、{office['officer'].name}")
    office.classify(filed.case)
    office.act(filed.case, "accept", "intake")
    case = Case.get_by_id(filed.case)
    assert not opens(office["head"], case)
    with pytest.raises(Invalid, match="shut_out"):
        office.act(filed.case, "assign", "deputy", person=office["officer"].person_id)
    tracking.request_recusal(office.visit(filed), "某某", "有亲戚", "n1")
    assert [row.person.user_name for row in RecusalRequest.select()] == ["deputy"]


def test_the_line_takes_in_a_report_about_the_whole_desk(office: Office) -> None:
    filed = office.file(people=f"{office['intake'].name} {office['intake2'].name}")
    case = Case.get_by_id(filed.case)
    assert [who for who in office.people if opens(office[who], case)] == ["head", "deputy"]
    assert office.act(filed.case, "classify", "deputy", **CLASS)


def test_a_member_of_the_oversight_desk_does_not_read_what_is_about_that_member(office: Office) -> None:
    filed = office.file(own_people=True, people=office["oversight2"].name)
    case = Case.get_by_id(filed.case)
    assert not opens(office["oversight2"], case)
    assert opens(office["oversight"], case)


@pytest.mark.parametrize(
    ("flag", "named"),
    [({}, ("intake", "intake2", "deputy", "head")), ({"own_people": True}, ("oversight", "oversight2"))],
)
def test_what_is_about_everybody_who_could_read_it_is_not_taken_in(
    office: Office, flag: dict[str, bool], named: tuple[str, ...]
) -> None:
    with pytest.raises(Conflict, match="nobody_may_read"):
        office.file(people="、".join(office[who].name for who in named), **flag)
    assert Case.select().count() == 0


def test_the_story_itself_keeps_nobody_out(office: Office) -> None:
    filed = office.file(story=f"{office['intake2'].name}让我跑了四趟")
    assert opens(office["intake2"], Case.get_by_id(filed.case))
