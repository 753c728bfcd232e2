"""Recusals: declared, decided, asked for, answered, lifted; what ends at once, and who decides on whom."""

import datetime as dt

import pytest

from tests.builders import MONDAY, Filed, Office
from tests.cases import holders, sees
from whistle.services import ledger, recusal, tracking
from whistle.services.access import relations
from whistle.services.casework import approvals, desk, reading, recusals
from whistle.services.casework.recusals import Said
from whistle.services.errors import Conflict, Invalid, NotAllowed, NotFound
from whistle.store.cases import Case, CaseEvent, CaseSeal, Proposal, ShutOut
from whistle.store.people import Person
from whistle.store.recusals import Clearance, Recusal, RecusalRequest
from whistle.store.reports import IdentitySeal

REASONS = Said("他是被反映人的表弟。", "relative")
PAPER = Said("上级已经决定。", "interest", "清纪〔2026〕3号", MONDAY.date())


@pytest.fixture(autouse=True)
def noise(office: Office) -> None:
    """Another case with the same people, from which nobody keeps off."""
    office.assigned("officer")


def whom(office: Office, who: str) -> int:
    return office[who].person_id


def standing(case: str) -> dict[str, tuple[str, str]]:
    """Who keeps off a case: way and state."""
    return {
        row.person.user_name: (row.way, row.state) for row in Recusal.select().where(Recusal.case == case)
    }


def wish_of(office: Office, who: str = "head") -> str:
    return recusal.waiting(office[who])[0].id


# --- declared ----------------------------------------------------------------------------------------------------


def test_a_declaration_takes_the_case_at_once_and_gives_it_to_nobody_else(office: Office) -> None:
    filed = office.assigned("officer")
    before = Case.get_by_id(filed.case).key_generation
    recusals.declare(office["officer"], filed.case, "relative", "被反映人是我表哥。")
    case = Case.get_by_id(filed.case)
    assert not sees(office, "officer", filed.case)
    assert relations(office["officer"], case) == frozenset()
    assert (case.officer, case.needs_new_keys) == (None, False)
    assert case.key_generation > before
    assert holders(filed.case) == {"deputy", "head", "recovery"}
    assert standing(filed.case) == {"officer": ("declared", "suspended")}
    assert ledger.verify().findings == ()


def test_the_head_reads_a_declaration_and_agrees(office: Office) -> None:
    filed = office.assigned("officer")
    recusals.declare(office["officer"], filed.case, "relative", "被反映人是我表哥。")
    wish = recusal.waiting(office["head"])[0]
    assert (wish.source, wish.ground, wish.why) == ("self", "relative", "被反映人是我表哥。")
    before = Case.get_by_id(filed.case).key_generation
    recusals.grant(office["head"], wish.id, [], REASONS)
    assert Case.get_by_id(filed.case).key_generation == before + 1, "keys of the decider's own session"
    row = Recusal.get()
    assert (row.state, row.decided_by.user_name) == ("in_force", "head")
    assert recusal.waiting(office["head"]) == []
    assert recusal.answered(office["head"])[0].outcome == "granted"
    assert ledger.verify().findings == ()


def test_a_declaration_that_is_refused_lets_the_declarer_be_given_the_case_again(office: Office) -> None:
    filed = office.assigned("officer")
    recusals.declare(office["officer"], filed.case, "other", "我不想办这件。")
    recusals.refuse(office["head"], wish_of(office), Said("不是回避的情形。"))
    assert Recusal.get().state == "refused"
    assert not sees(office, "officer", filed.case), "the case is the line's until somebody assigns it"
    office.act(filed.case, "assign", "deputy", person=whom(office, "officer"))
    assert sees(office, "officer", filed.case)


def test_a_deputy_whose_declaration_is_refused_holds_the_case_again(office: Office) -> None:
    filed = office.accepted()
    recusals.declare(office["deputy"], filed.case, "other", "我和他吃过饭。")
    assert not sees(office, "deputy", filed.case)
    recusals.refuse(office["head"], wish_of(office), Said("不影响公正。"))
    assert sees(office, "deputy", filed.case)


def test_an_intake_officer_declares_before_anybody_accepts_and_the_head_can_open_the_case_to_decide(
    office: Office,
) -> None:
    filed = office.file()
    recusals.declare(office["intake2"], filed.case, "witness", "那天我在场。")
    assert not sees(office, "intake2", filed.case)
    assert sees(office, "intake", filed.case)
    assert sees(office, "head", filed.case)
    outcome = recusals.grant(office["head"], wish_of(office), [], REASONS)
    assert outcome.is_left
    assert holders(filed.case) == {"intake", "recovery"}
    recusals.declare(office["intake"], filed.case, "witness", "我也在场。")
    assert holders(filed.case) == {"deputy", "head", "recovery"}, "the desk is empty, so the line takes it in"


def test_whoever_knows_only_a_number_is_told_nothing_and_never_gets_the_case(office: Office) -> None:
    filed = office.accepted()
    number = str(Case.get_by_id(filed.case).number)
    for ref in (number, "清访2026-999999"):
        assert recusals.declare(office["officer2"], ref, "relative", "我的亲戚提过这件事。") is None
    assert standing(filed.case) == {"officer2": ("declared", "suspended")}
    with pytest.raises(Invalid) as caught:
        office.act(filed.case, "assign", "deputy", person=whom(office, "officer2"))
    assert caught.value.reason == "shut_out"
    assert recusal.waiting(office["head"])[0].why == "我的亲戚提过这件事。"
    event = reading.open_case(office["head"], filed.case).timeline[0]
    assert (event.by_kind, event.words["reason"]) == ("system", "我的亲戚提过这件事。")
    recusals.refuse(office["head"], wish_of(office), Said("关系太远。"))
    office.act(filed.case, "assign", "deputy", person=whom(office, "officer2"))


@pytest.mark.parametrize(
    "typed",
    [
        "2026-000002",
        "2026-2",
        "清访２０２６－０００００２",
        "清访2026—000002",
        " 清访 2026 000002 ",
        "信访2026-2",
    ],
)
def test_a_whole_number_ends_access_however_it_is_typed(office: Office, typed: str) -> None:
    filed = office.accepted()
    assert Case.get_by_id(filed.case).number == "清访2026-000002"
    recusals.declare(office["officer2"], typed, "relative", "我认识他。")
    assert standing(filed.case) == {"officer2": ("declared", "suspended")}


@pytest.mark.parametrize("typed", ["000002", "2", "０２", "清访-2", "清访2026", "nothing", "999999", ""])
def test_a_number_that_is_not_whole_is_never_answered_as_if_it_were_declared(
    office: Office, typed: str
) -> None:
    filed = office.accepted()
    with pytest.raises(Invalid, match="number: not_whole"):
        recusals.declare(office["officer2"], typed, "relative", "我认识他。")
    assert standing(filed.case) == {}


def test_of_a_case_that_one_can_open_the_end_of_its_number_is_enough(office: Office) -> None:
    filed = office.assigned("officer")
    recusals.declare(office["officer"], "０００２", "relative", "我认识他。")
    assert standing(filed.case) == {"officer": ("declared", "suspended")}
    assert not sees(office, "officer", filed.case)
    recusals.impose(office["head"], "2", whom(office, "reviewer"), REASONS)
    assert standing(filed.case)["reviewer"] == ("imposed", "in_force")


def test_a_number_of_a_case_in_sealed_handling_is_answered_like_any_other(office: Office) -> None:
    filed = office.assigned("officer")
    number = str(Case.get_by_id(filed.case).number)
    office.act(filed.case, "to_oversight", "officer", reason="涉及本机关人员。")
    assert recusals.declare(office["officer2"], number, "relative", "我认识他。") is None
    assert recusal.waiting(office["head"]) == []
    assert recusal.waiting(office["oversight"])[0].source == "self"


# --- decided -----------------------------------------------------------------------------------------------------


def test_a_decision_takes_everything_from_the_officer_and_makes_new_keys(office: Office) -> None:
    filed = office.assigned("officer", identity="named", name="李四", contact="13800004242")
    case = Case.get_by_id(filed.case)
    before = (case.key_generation, case.reports.get().key_generation)
    recusals.impose(office["head"], filed.case, whom(office, "officer"), REASONS)
    case = Case.get_by_id(filed.case)
    assert (case.key_generation, case.reports.get().key_generation) == (before[0] + 1, before[1] + 1)
    assert case.officer is None
    assert (
        not CaseSeal.select()
        .where(CaseSeal.person == whom(office, "officer"), CaseSeal.case == case)
        .exists()
    )
    assert filed.case not in {
        row.ref for row in desk.list_cases(office["officer"], desk.DeskFilters(view="all")).rows
    }
    assert case.number not in {
        row.number for row in desk.list_cases(office["officer"], desk.DeskFilters(view="all")).rows
    }
    for deed in (
        lambda: reading.open_case(office["officer"], filed.case),
        lambda: office.act(filed.case, "write", "officer", message="还在办。"),
        lambda: recusals.of_case(office["officer"], filed.case),
    ):
        with pytest.raises(NotFound):
            deed()
    event = reading.open_case(office["deputy"], filed.case).timeline[0]
    assert (event.action.name, event.facts["person"]) == ("recuse", office["officer"].name)
    assert event.words["reason"] == REASONS.reason
    assert ledger.verify().findings == ()


def test_the_half_of_a_real_names_key_goes_too(office: Office) -> None:
    filed = office.accepted(identity="named", name="李四", contact="13800004242")
    holders_of_half = {
        seal.person_id for seal in IdentitySeal.select().where(IdentitySeal.report == filed.report)
    }
    assert len(holders_of_half) > 1
    for person_id in holders_of_half:
        recusals.impose(office["head"], filed.case, person_id, REASONS)
    # The last one keeps it, or the name would be lost, and is refused whatever they would do with it.
    assert IdentitySeal.select().where(IdentitySeal.report == filed.report).count() == 1
    assert ledger.verify().findings == ()


def test_proposals_that_wait_by_or_for_the_person_are_overtaken(office: Office) -> None:
    filed = office.assigned("officer")
    told = {"receiver": "市税务局", "not_led_by_subject": True, "message": "已转。"}
    office.act(filed.case, "redirect", "officer", **told)
    recusals.impose(office["head"], filed.case, whom(office, "officer"), REASONS)
    assert Proposal.get(Proposal.case == filed.case).state == "overtaken"
    assert approvals.queue(office["deputy"]) == []


@pytest.mark.parametrize(
    ("by", "about", "why"),
    [
        ("deputy", "officer", "another_decides"),
        ("head", "head", "own_recusal"),
        ("deputy", "deputy", "own_recusal"),
    ],
)
def test_nobody_decides_on_whom_another_decides(office: Office, by: str, about: str, why: str) -> None:
    filed = office.assigned("officer")
    with pytest.raises(Conflict, match=why):
        recusals.impose(office[by], filed.case, whom(office, about), PAPER)
    assert standing(filed.case) == {}


@pytest.mark.parametrize("who", ["officer", "reviewer", "auditor", "admin", "supervisor", "oversight"])
def test_whoever_decides_nothing_cannot(office: Office, who: str) -> None:
    filed = office.assigned("officer")
    with pytest.raises((NotAllowed, NotFound)):
        recusals.impose(office[who], filed.case, whom(office, "officer2"), REASONS)


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        (Said("理由", "other"), "paper: empty"),
        (Said("理由", "other", "清纪〔2026〕3号"), "paper_on: empty"),
        (Said("理由", "other", "领导口头说的，还没有文号", MONDAY.date()), "paper: no_number"),
        (Said("理由", "other", "清纪〔2026〕3号", MONDAY.date() + dt.timedelta(days=1)), "paper_on: ahead"),
        (Said("", "other", "清纪〔2026〕3号", MONDAY.date()), "reason: empty"),
        (Said("理由", "no such", "清纪〔2026〕3号", MONDAY.date()), "ground: unknown"),
    ],
)
def test_the_heads_recusal_needs_the_superiors_paper(office: Office, said: Said, fault: str) -> None:
    filed = office.accepted()
    with pytest.raises(Invalid, match=fault):
        recusals.impose(office["deputy"], filed.case, whom(office, "head"), said)
    recusals.impose(office["deputy"], filed.case, whom(office, "head"), PAPER)
    assert (Recusal.get().paper, Recusal.get().paper_on) == ("清纪〔2026〕3号", MONDAY.date())
    assert not sees(office, "head", filed.case)


def test_of_two_oversight_members_each_decides_on_the_other(office: Office) -> None:
    filed = office.file(own_people=True)
    recusals.impose(office["oversight"], filed.case, whom(office, "oversight2"), REASONS)
    assert not sees(office, "oversight2", filed.case)
    assert sees(office, "oversight", filed.case)
    with pytest.raises(Conflict, match="no_reader"):
        recusals.declare(office["oversight"], filed.case, "relative", "我也是。")
    assert sees(office, "oversight", filed.case), "nobody would be left: the superior has to be asked first"


def test_a_recusal_stays_when_the_class_is_changed(office: Office) -> None:
    filed = office.assigned("officer")
    recusals.impose(office["head"], filed.case, whom(office, "officer"), REASONS)
    changed = {
        "category": "delay",
        "kind": "lead",
        "severity": "ordinary",
        "complexity": "ordinary",
        "reason": "改",
    }
    office.act(filed.case, "assign", "deputy", person=whom(office, "officer2"))
    office.act(filed.case, "reclassify", "officer2", **changed)
    office.approve("deputy")
    assert [row.reason for row in ShutOut.select().where(ShutOut.case == filed.case)] == ["recused"]


# --- asked for ---------------------------------------------------------------------------------------------------


def test_a_reporters_wish_that_is_granted_is_told_in_neutral_words_to_the_reporter_alone(
    office: Office,
) -> None:
    filed = office.assigned("officer")
    visit = office.visit(filed)
    tracking.request_recusal(visit, "周承办", "他是局长的亲戚", "n1")
    recusals.grant(office["head"], wish_of(office), [whom(office, "officer")], REASONS)
    assert not sees(office, "officer", filed.case)
    assert standing(filed.case) == {"officer": ("asked", "in_force")}
    shown = tracking.view(visit).recusals[0]
    assert (shown["outcome"], shown["answered_on"]) == ("granted", MONDAY.date())
    assert REASONS.reason not in repr(tracking.view(visit))


def test_a_wish_that_is_refused_tells_the_officer_it_was_about_nothing(office: Office) -> None:
    filed = office.assigned("officer")
    visit = office.visit(filed)
    tracking.request_recusal(visit, "周承办", "他是局长的亲戚", "n1")
    recusals.refuse(office["head"], wish_of(office), Said("查过了，周承办不是他的亲戚。"))
    assert tracking.view(visit).recusals[0]["outcome"] == "refused"
    seen = reading.open_case(office["officer"], filed.case)
    assert seen.timeline[0].action.name == "refuse_recusal"
    assert (seen.timeline[0].facts, seen.timeline[0].words, seen.recusals) == ({}, {}, [])
    with pytest.raises(Conflict, match="decided_already"):
        recusals.refuse(office["head"], recusal.answered(office["head"])[0].id, Said("再说一次"))


def test_a_wish_before_acceptance_is_granted_at_once_and_the_next_who_opens_the_case_makes_the_keys(
    office: Office,
) -> None:
    filed = office.file()
    tracking.request_recusal(office.visit(filed), "李二受理", "他们是同学", "n1")
    recusals.grant(office["head"], wish_of(office), [whom(office, "intake2")], REASONS)
    assert not sees(office, "intake2", filed.case)
    case = Case.get_by_id(filed.case)
    assert case.needs_new_keys
    assert sees(office, "intake", filed.case)
    assert holders(filed.case) == {"intake", "recovery"}
    assert ledger.verify().findings == ()


def test_the_desks_next_opening_gives_the_case_to_who_has_a_wish_to_decide(office: Office) -> None:
    filed = office.file()
    tracking.request_recusal(office.visit(filed), "李二受理", "他们是同学", "n1")
    assert not sees(office, "head", filed.case)
    assert sees(office, "intake", filed.case)
    assert sees(office, "head", filed.case)
    recusals.grant(office["head"], wish_of(office), [whom(office, "intake2")], REASONS)
    assert not Case.get_by_id(filed.case).needs_new_keys
    assert holders(filed.case) == {"intake", "recovery"}


def test_the_only_reader_is_not_taken_off_a_case_that_the_decider_cannot_open(office: Office) -> None:
    filed = office.file(persons_shut_out=f"{office['intake2'].name}、{office['deputy'].name}")
    tracking.request_recusal(office.visit(filed), office["intake"].name, "他们是同学", "n1")
    with pytest.raises(Conflict, match="no_reader"):
        recusals.grant(office["head"], wish_of(office), [whom(office, "intake")], REASONS)
    assert sees(office, "intake", filed.case)
    recusals.grant(office["head"], wish_of(office), [whom(office, "intake")], REASONS)
    assert holders(filed.case) == {"head", "recovery"}


def test_what_the_subject_asks_is_written_down_for_the_head_alone(office: Office) -> None:
    filed = office.assigned("officer")
    office.act(
        filed.case,
        "note_recusal_request",
        "officer",
        whom=office["officer"].name,
        asker="subject",
        reason="来信要求周承办回避。",
    )
    wish = recusal.waiting(office["head"])[0]
    assert (wish.source, wish.asker, wish.why) == ("others", "subject", "来信要求周承办回避。")
    assert reading.open_case(office["deputy"], filed.case).timeline[0].words == {}
    assert recusal.waiting(office["deputy"]) == []
    recusals.grant(office["head"], wish.id, [whom(office, "officer"), whom(office, "officer2")], REASONS)
    assert standing(filed.case) == {"officer": ("asked", "in_force"), "officer2": ("asked", "in_force")}


def test_a_wish_about_the_head_is_decided_with_the_superiors_paper(office: Office) -> None:
    filed = office.accepted()
    tracking.request_recusal(office.visit(filed), office["head"].name, "他是局长的同学", "n1")
    assert recusal.waiting(office["head"]) == []
    with pytest.raises(Invalid, match="paper: empty"):
        recusals.grant(office["deputy"], wish_of(office, "deputy"), [whom(office, "head")], REASONS)
    recusals.grant(office["deputy"], wish_of(office, "deputy"), [whom(office, "head")], PAPER)
    assert not sees(office, "head", filed.case)


def test_a_wish_is_taken_from_a_decider_who_keeps_off_and_the_reporter_is_told(office: Office) -> None:
    filed = office.accepted()
    visit = office.visit(filed)
    tracking.request_recusal(visit, "周承办", "他是局长的亲戚", "n1")
    recusals.impose(office["deputy"], filed.case, whom(office, "head"), PAPER)
    assert RecusalRequest.get(RecusalRequest.person == whom(office, "head")).sealed is None
    assert recusal.waiting(office["head"]) == []
    assert not tracking.view(visit).recusals[0]["is_read"]


# --- lifted, and let in ------------------------------------------------------------------------------------------


def test_a_recusal_is_lifted_by_who_decides_and_nobody_else(office: Office) -> None:
    filed = office.assigned("officer")
    recusals.impose(office["head"], filed.case, whom(office, "officer"), REASONS)
    with pytest.raises(Conflict, match="another_decides"):
        recusals.end(office["deputy"], filed.case, whom(office, "officer"), Said("可以了。"))
    recusals.end(office["head"], filed.case, whom(office, "officer"), Said("查明不是亲属。"))
    row = Recusal.get()
    assert (row.state, row.lifted_by.user_name) == ("lifted", "head")
    office.act(filed.case, "assign", "deputy", person=whom(office, "officer"))
    assert sees(office, "officer", filed.case)
    assert ledger.verify().findings == ()


def test_the_heads_recusal_is_lifted_with_a_paper_and_the_case_is_the_heads_again(office: Office) -> None:
    filed = office.accepted()
    recusals.impose(office["deputy"], filed.case, whom(office, "head"), PAPER)
    with pytest.raises(Invalid, match="paper: empty"):
        recusals.end(office["deputy"], filed.case, whom(office, "head"), Said("上级说可以了。"))
    recusals.end(office["deputy"], filed.case, whom(office, "head"), PAPER)
    assert sees(office, "head", filed.case)
    assert Recusal.get().lift_paper == PAPER.paper


def test_whoever_is_recused_and_named_stays_out_when_the_recusal_is_lifted(office: Office) -> None:
    filed = office.file()
    office.classify(filed.case, subject=office["officer"].name)
    office.act(filed.case, "accept", "intake")
    recusals.impose(office["head"], filed.case, whom(office, "officer"), REASONS)
    recusals.end(office["head"], filed.case, whom(office, "officer"), Said("不是亲属。"))
    assert [row.reason for row in ShutOut.select().where(ShutOut.case == filed.case)] == ["subject"]


def test_a_namesake_is_let_in_by_the_head_and_reads(office: Office) -> None:
    filed = office.file(people=f"{office['officer'].name}（窗口）")
    office.classify(filed.case, subject=f"窗口的{office['officer'].name}")
    office.act(filed.case, "accept", "intake")
    kept = {row.name: row for row in recusals.of_case(office["head"], filed.case).kept}
    assert (kept[office["officer"].name].why, kept[office["officer"].name].may_end) == ("subject", True)
    with pytest.raises(Conflict, match="another_decides"):
        recusals.end(office["deputy"], filed.case, whom(office, "officer"), Said("同名。"))
    recusals.end(office["head"], filed.case, whom(office, "officer"), Said("同名的另一个人。"))
    office.act(filed.case, "assign", "deputy", person=whom(office, "officer"))
    assert sees(office, "officer", filed.case)
    assert ledger.verify().findings == ()


def test_other_words_about_the_subject_shut_a_namesake_out_again(office: Office) -> None:
    filed = office.file()
    office.classify(filed.case, subject=office["officer"].name)
    office.act(filed.case, "accept", "intake")
    recusals.end(office["head"], filed.case, whom(office, "officer"), Said("同名。"))
    usual = {
        "category": "inaction",
        "kind": "lead",
        "severity": "ordinary",
        "complexity": "ordinary",
        "reason": "改",
    }
    office.act(
        filed.case,
        "reclassify",
        "intake",
        **{**usual, "severity": "serious", "subject": office["officer"].name},
    )
    office.approve("deputy")
    assert not ShutOut.select().where(ShutOut.case == filed.case).exists(), "the same words mean the same man"
    office.act(filed.case, "reclassify", "intake", **usual, subject=f"就是{office['officer'].name}本人")
    office.approve("deputy")
    assert ShutOut.select().where(ShutOut.case == filed.case).exists()
    assert Clearance.get(Clearance.of == "name").ended_at is not None


def test_whom_a_reporter_wanted_kept_out_stays_out(office: Office) -> None:
    filed = office.accepted(persons_shut_out=office["officer"].name)
    kept = {row.name: row for row in recusals.of_case(office["head"], filed.case).kept}
    assert (kept[office["officer"].name].why, kept[office["officer"].name].may_end) == ("wished", False)
    with pytest.raises(Conflict, match="kept_out_by_reporter"):
        recusals.end(office["head"], filed.case, whom(office, "officer"), Said("同名。"))
    assert Clearance.select().count() == 0


def test_the_deputy_lets_the_head_in_who_bears_the_subjects_name(office: Office) -> None:
    filed = office.file()
    office.classify(filed.case, subject=office["head"].name)
    office.act(filed.case, "accept", "intake")
    assert not sees(office, "head", filed.case)
    recusals.end(office["deputy"], filed.case, whom(office, "head"), Said("同名。"))
    assert sees(office, "head", filed.case)


# --- for the pages -----------------------------------------------------------------------------------------------


def test_who_decides_is_offered_those_it_is_theirs_to_decide_on(office: Office) -> None:
    filed = office.accepted()
    heads = {row.name for row in recusals.of_case(office["head"], filed.case).choices}
    assert {office["officer"].name, office["deputy"].name, office["intake"].name} <= heads
    assert office["head"].name not in heads
    assert {row.name for row in recusals.of_case(office["deputy"], filed.case).choices} == {
        office["head"].name
    }
    assert recusals.of_case(office["intake"], filed.case).choices == []


def test_every_step_of_a_recusal_leaves_its_event_and_its_leaf(office: Office) -> None:
    filed = office.assigned("officer")
    recusals.declare(office["officer"], filed.case, "relative", "亲属。")
    recusals.grant(office["head"], wish_of(office), [], REASONS)
    recusals.end(office["head"], filed.case, whom(office, "officer"), Said("不是了。"))
    events = CaseEvent.select().where(CaseEvent.case == filed.case).order_by(CaseEvent.seq)
    assert [event.action for event in events][-3:] == ["declare_recusal", "recuse", "lift_recusal"]
    assert ledger.verify().findings == ()


def test_a_filed_case_is_unknown_by_its_name(office: Office) -> None:
    """`Filed` names a case by its random id; a stranger to it declares with that too."""
    filed: Filed = office.accepted()
    recusals.declare(office["reviewer"], filed.case, "interest", "我家有份。")
    assert Person.get(Person.user_name == "reviewer").id in {row.person_id for row in Recusal.select()}


def test_whoever_keeps_off_a_case_learns_nothing_more_of_the_own_proposal(office: Office) -> None:
    filed = office.file()
    office.act(filed.case, "decline", "intake", reason="test_or_spam", message="不是举报")
    proposal = Proposal.get(Proposal.case == filed.case).id
    assert approvals.outcome(office["intake"], proposal).state == "waiting"
    recusals.impose(office["head"], filed.case, whom(office, "intake"), REASONS)
    with pytest.raises(NotFound):
        approvals.outcome(office["intake"], proposal)
