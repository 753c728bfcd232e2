"""The register: what did not come by the form becomes a report like any other, from the day it reached the office."""

import dataclasses
import datetime as dt
from typing import Any

import pytest

from tests.builders import Filed, Office
from tests.cases import days_later, holders, owed, running, sees
from tests.stages import ask
from whistle import clock
from whistle.services import admissions, desks, ledger, register, tracking
from whistle.services.casework import identity_asking, identity_giving, reading
from whistle.services.errors import Conflict, Invalid, NotAllowed, NotFound
from whistle.services.register import Entry, Registered
from whistle.store.cases import Case, CaseEvent
from whistle.store.desks import Desk
from whistle.store.reports import Identity, IdentityAsking, Report

SAID: dict[str, Any] = {
    "kind": "lead",
    "problem": "refused",
    "unit": "unknown",
    "story": "打电话的人说，窗口让他跑了四趟。",
    "identity": "anonymous",
}
NAMED = {"identity": "named", "name": "李四", "contact": "1380000xx04"}


def entry(office: Office, **more: Any) -> Entry:
    """A call of the Friday before, with these answers and changes."""
    fields = {field.name for field in dataclasses.fields(Entry)}
    changes = {name: value for name, value in more.items() if name in fields}
    answers = {**SAID, **{name: value for name, value in more.items() if name not in fields}}
    usual = {
        "form_number": register.blank(office["intake"]).form_number,
        "desk_id": 1,
        "origin": "telephone",
        "received_on": days_later(-3).date(),
        "answers": answers,
    }
    return Entry(**{**usual, **changes})


def take_in(office: Office, who: str = "intake", **more: Any) -> Registered:
    return register.take_in(office[who], entry(office, **more))


def receipt(case: str) -> CaseEvent:
    return CaseEvent.get(CaseEvent.case == case, CaseEvent.action.in_(("receive", "receive_flagged")))


@pytest.fixture(autouse=True)
def noise(office: Office) -> Filed:
    """A report that came by the form."""
    return office.file()


# --- taken in ----------------------------------------------------------------------------------------------------


def test_what_was_said_on_the_telephone_is_a_case_of_the_desk_from_the_day_it_was_said(
    office: Office,
) -> None:
    done = take_in(office, people="钱窗口")
    case = Case.get_by_id(done.case_ref)
    assert (case.state, case.received_on) == ("received", days_later(-3).date())
    assert holders(case.id) == {"desk", "recovery"}
    event = receipt(case.id)
    assert (event.by_id, event.by_kind) == (office["intake"].person_id, "office")
    assert (event.valid_on, event.recorded_on) == (days_later(-3).date(), clock.today())
    assert event.facts["origin"] == "telephone"
    assert running(case.id, "register").due_on == clock.today(), "a working day from the Friday"
    view = reading.open_case(office["intake2"], case.id)
    assert view.reports[0].origin == "telephone"
    assert view.reports[0].answers["people"] == "钱窗口"
    assert ledger.verify().findings == ()


def test_an_answer_that_was_never_offered_is_not_taken(office: Office) -> None:
    answers = {**entry(office).answers, "problem": "attitude"}
    with pytest.raises(Invalid, match="problem: unknown"):
        take_in(office, answers=answers)


def test_a_reporter_who_wishes_gets_a_code_that_opens_the_report(office: Office) -> None:
    done = take_in(office, wants_code=True)
    shown, ref = register.show_receipt(office["intake"], done.secret)
    assert (ref, shown.received_on) == (done.case_ref, days_later(-3).date())
    visit = tracking.open_report(shown.code)
    assert tracking.view(visit).received_on == days_later(-3).date()
    tracking.write(visit, "我还有录音", "n1")
    assert "reply_message" in owed(done.case_ref)


def test_the_code_is_shown_to_who_wrote_it_down_alone_and_for_ten_minutes(office: Office) -> None:
    done = take_in(office, wants_code=True)
    with pytest.raises(NotFound):
        register.show_receipt(office["intake2"], done.secret)
    with clock.at(clock.now() + dt.timedelta(minutes=11)), pytest.raises(NotFound):
        register.show_receipt(office["intake"], done.secret)


def test_nobody_is_owed_a_word_where_nobody_can_be_told(office: Office) -> None:
    done = take_in(office)
    assert not done.secret
    office.classify(done.case_ref)
    office.act(done.case_ref, "accept", "intake")
    assert not owed(done.case_ref) & {"notice", "rhythm"}
    with pytest.raises(Conflict, match="nobody_to_write_to"):
        office.act(done.case_ref, "write", "intake", message="您好")
    office.act(done.case_ref, "assign", "deputy", person=office["officer"].person_id)
    unfounded = {"finding": "unfounded", "reason": "查无实据"}
    ask(office, done.case_ref, "conclude_unfounded", "officer", "head", **unfounded)
    assert "feedback" not in owed(done.case_ref)
    ask(office, done.case_ref, "close", "officer", "deputy")


@pytest.mark.parametrize("wants_code", [False, True])
def test_a_first_answer_given_at_the_counter_is_entered_and_sent_to_whom_has_a_code(
    office: Office, wants_code: bool
) -> None:
    done = take_in(office, kind="unresolved", wants_code=wants_code)
    assert "answer" in owed(done.case_ref)
    office.act(done.case_ref, "answer", "intake", message="请您周一带原件再来，有人等您。")
    assert "answer" not in owed(done.case_ref)
    view = reading.open_case(office["intake"], done.case_ref)
    assert len(view.reports[0].letters) == int(wants_code)
    assert view.timeline[0].words["message"] == "请您周一带原件再来，有人等您。"


def test_who_left_a_name_and_took_no_code_is_told_by_telephone(office: Office) -> None:
    done = take_in(office, **NAMED)
    case = done.case_ref
    office.classify(case)
    office.act(case, "accept", "intake")
    assert "notice" in owed(case)
    assert "rhythm" not in owed(case)
    with pytest.raises(Invalid, match="not_on_page"):
        office.act(case, "give_notice", "intake", way="message", message="已受理")
    office.act(case, "give_notice", "intake", way="phone", day=clock.today())
    assert "notice" not in owed(case)
    office.act(case, "assign", "deputy", person=office["officer"].person_id)
    unfounded = {"finding": "unfounded", "reason": "查无实据"}
    ask(office, case, "conclude_unfounded", "officer", "head", **unfounded)
    with pytest.raises(Conflict, match="feedback_missing"):
        office.act(case, "close", "officer")
    told = {"stage": "final", "message": "查无实据"}
    with pytest.raises(Invalid, match="not_on_page"):
        office.act(case, "feed_back", "officer", way="message", **told)
    ask(office, case, "feed_back", "officer", "deputy", way="phone", day=clock.today(), **told)
    ask(office, case, "close", "officer", "deputy")


def test_a_contact_without_a_code_still_needs_two_people_to_be_opened(office: Office) -> None:
    done = take_in(office, **NAMED)
    report = Report.get(Report.case == done.case_ref)
    assert Identity.get(Identity.report == report).half_to_reporter is None
    identity_asking.ask(office["intake"], done.case_ref, report.id, "要打电话告知受理情况")
    identity_giving.give(office["reviewer"], IdentityAsking.get().id, "day")
    assert identity_asking.look(office["intake"], done.case_ref, report.id).name == "李四"


# --- who may read it ---------------------------------------------------------------------------------------------


def test_what_concerns_the_offices_own_people_is_sealed_from_who_wrote_it_down(office: Office) -> None:
    done = take_in(office, own_people=True, concerns_head=True, wants_code=True)
    assert (done.case_ref, done.secret, done.is_flagged) == (None, None, True)
    case = Case.get(Case.is_flagged)
    assert holders(case.id) == {"desk", "superior"}
    assert not any(sees(office, who, case.id) for who in ("intake", "intake2", "deputy", "head"))
    assert sees(office, "oversight", case.id)
    assert receipt(case.id).facts["concerns_head"]
    assert running(case.id, "forward_up").due_on == clock.today()


def test_what_was_sealed_by_mistake_comes_back_to_the_desk_it_was_written_down_at(office: Office) -> None:
    second = desks.make(office["admin"], "二号台", "Second", deputy_id=office["deputy"].person_id)
    desks.make_key(office["head"], second.id)
    desks.ask_seat(office["admin"], second.id, office["intake"].person_id)
    desk = Desk.get_by_id(second.id)
    (row,) = admissions.waiting(office["head"])
    admissions.admit(office["head"], row.key_id, row.short_code, (second.id,))
    take_in(office, own_people=True, desk_id=second.id)
    case = Case.get(Case.is_flagged)
    office.act(case.id, "release_oversight", "oversight", not_own_people=True, reason="不涉及本机关")
    office.approve("oversight2")
    assert Case.get_by_id(case.id).desk == desk
    assert sees(office, "intake", case.id)


def test_an_officer_whom_the_reporter_keeps_out_writes_it_down_for_the_others(office: Office) -> None:
    done = take_in(office, persons_shut_out=office["intake"].name, wants_code=True)
    assert done.case_ref is None
    (case,) = (row for row in Case.select() if row.received_on == days_later(-3).date())
    assert not sees(office, "intake", case.id)
    assert sees(office, "intake2", case.id)
    assert register.show_receipt(office["intake"], done.secret)[1] is None
    everybody = "、".join(office[who].name for who in ("intake", "intake2", "deputy", "head"))
    with pytest.raises(Conflict, match="nobody_may_read"):
        take_in(office, persons_shut_out=everybody)


@pytest.mark.parametrize("who", ["officer", "reviewer", "deputy", "head", "oversight", "admin"])
def test_only_who_takes_in_writes_down_and_only_for_an_own_desk(office: Office, who: str) -> None:
    with pytest.raises(NotAllowed):
        take_in(office, who)
    other = desks.make(office["admin"], "二号台", "").id
    with pytest.raises(NotAllowed):
        take_in(office, "intake", desk_id=other)
    assert [desk_id for desk_id, _zh, _en in register.blank(office["intake"]).desks] == [1]


# --- what came from another body ---------------------------------------------------------------------------------


def test_what_a_higher_body_handed_down_may_be_objected_to_within_five_working_days(office: Office) -> None:
    done = take_in(office, origin="superior", sender="市纪委 〔2026〕12号", kind="petition")
    case = done.case_ref
    assert running(case, "handed_down").due_on == days_later(4).date()
    assert reading.open_case(office["intake"], case).timeline[0].words == {"sender": "市纪委 〔2026〕12号"}
    office.classify(case, kind="petition")
    ask(office, case, "object_transfer", "intake", "deputy", reason="不属本机关职责")
    assert "handed_down" not in owed(case)
    office.act(case, "objection_refused", "intake", answer="仍请办理")
    assert Case.get_by_id(case).state == "received"


def test_what_was_not_handed_down_cannot_be_objected_to(office: Office) -> None:
    done = take_in(office, kind="petition")
    office.classify(done.case_ref, kind="petition")
    with pytest.raises(Conflict, match="not_handed_down"):
        office.act(done.case_ref, "object_transfer", "intake", reason="不属本机关职责")


@pytest.mark.parametrize(("origin", "moves"), [("department", False), ("telephone", True)])
def test_what_the_department_sent_has_the_days_of_the_law_which_nothing_moves(
    office: Office, origin: str, moves: bool
) -> None:
    more = {"kind": "complaint", "wants_code": True, "sender": "区营商办"}
    done = take_in(office, origin=origin, **more)
    assert receipt(done.case_ref).facts.get("sent_by_department", False) is not moves
    office.classify(done.case_ref, kind="complaint")
    before = running(done.case_ref, "solve").due_on
    office.act(done.case_ref, "request_supplement", "intake", message="请补充收据")
    with clock.at(days_later(4)):
        office.act(done.case_ref, "supplement", "intake", message="收据是五十元")
    assert (running(done.case_ref, "solve").due_on > before) is moves


def test_a_report_that_joins_another_case_is_still_told_as_it_came(office: Office) -> None:
    target, source = office.assigned(), take_in(office, **NAMED).case_ref
    office.classify(source)
    office.act(source, "accept", "intake")
    office.act(source, "assign", "deputy", person=office["officer"].person_id)
    office.act(source, "merge", "officer", target=Case.get_by_id(target.case).number, reason="同一件事")
    joined = CaseEvent.get(CaseEvent.case == target.case, CaseEvent.action == "join")
    assert (joined.facts["origin"], joined.facts["has_receipt"]) == ("telephone", False)
    report = Report.get(Report.id == joined.report)
    views = {view.id: view.origin for view in reading.open_case(office["officer"], target.case).reports}
    assert views == {target.report: "qr", report.id: "telephone"}


# --- what cannot be written down ---------------------------------------------------------------------------------

BAD: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"origin": ""}, "origin", "unknown"),
    ({"origin": "qr"}, "origin", "unknown"),
    ({"origin": "office"}, "origin", "unknown"),
    ({"received_on": dt.date(2026, 9, 15)}, "received_on", "not_yet"),
    ({"received_on": dt.date(2023, 12, 31)}, "received_on", "too_early"),
    ({"received_on": dt.date(2026, 6, 1)}, "is_long_ago", "long_ago"),
    ({"origin": "superior"}, "sender", "empty"),
    ({"origin": "department", "sender": "  "}, "sender", "empty"),
    ({"sender": "号" * 201}, "sender", "too_long"),
    ({"channel_id": 999}, "channel", "not_of_this_desk"),
    ({"kind": ""}, "kind", "empty"),
    ({"story": " "}, "story", "empty"),
    ({"story": "字" * 20_001}, "story", "too_long"),
    ({"unit": ""}, "unit", "empty"),
    ({"identity": ""}, "identity", "empty"),
    ({"identity": "named", "name": "李四"}, "contact", "empty"),
)


def test_bad_input_is_refused_by_its_field_and_nothing_is_kept(office: Office) -> None:
    reports = Report.select().count()
    for what, field, reason in BAD:
        with pytest.raises(Invalid) as caught:
            take_in(office, **what)
        assert (caught.value.field, caught.value.reason) == (field, reason), what
    assert Report.select().count() == reports


def test_a_letter_of_long_ago_is_taken_in_once_somebody_affirms_the_day(office: Office) -> None:
    done = take_in(office, origin="letter", received_on=dt.date(2026, 6, 1), is_long_ago=True)
    assert Case.get_by_id(done.case_ref).received_on == dt.date(2026, 6, 1)
    assert running(done.case_ref, "accept").due_on < clock.today()


def test_the_same_form_counts_once(office: Office) -> None:
    same = entry(office)
    register.take_in(office["intake"], same)
    with pytest.raises(Conflict, match="sent_already"):
        register.take_in(office["intake"], same)
