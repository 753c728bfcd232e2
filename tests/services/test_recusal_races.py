"""A recusal while others act: whatever comes first, who keeps off gets nothing, and nothing is lost or doubled."""

from tests.builders import Office
from tests.cases import holders, sees
from tests.services.test_races import at_once, refused
from whistle.services import ledger, recusal, tracking
from whistle.services.casework import recusals
from whistle.services.casework.recusals import Said
from whistle.store.cases import Case, CaseEvent, CaseSeal, Proposal
from whistle.store.recusals import Recusal
from whistle.store.reports import Message

OFF = Said("表兄弟。", "relative")


def test_an_officer_writes_while_the_head_takes_them_off(office: Office) -> None:
    officer = office["officer"].person_id
    for _ in range(4):
        filed = office.assigned("officer")
        results = at_once(
            lambda f=filed: office.act(f.case, "write", "officer", report=f.report, message="正在核实。"),
            lambda f=filed: recusals.impose(office["head"], f.case, officer, OFF),
        )
        assert set(refused(results)) <= {"case", "changed"}
        written = Message.select().where(Message.report == filed.report).count()
        assert written == (0 if refused(results) else 1)
        assert not sees(office, "officer", filed.case)
        assert holders(filed.case) == {"deputy", "head", "recovery"}
    assert ledger.verify().findings == ()


def test_a_case_is_assigned_to_somebody_who_declares_in_the_same_moment(office: Office) -> None:
    for _ in range(4):
        filed = office.accepted()
        number = str(Case.get_by_id(filed.case).number)
        results = at_once(
            lambda f=filed: office.act(f.case, "assign", "deputy", person=office["officer2"].person_id),
            lambda n=number: recusals.declare(office["officer2"], n, "interest", "我家有份。"),
        )
        assert refused(results) == []
        assert (
            not CaseSeal.select()
            .where(CaseSeal.case == filed.case, CaseSeal.person == office["officer2"].person_id)
            .exists()
        )
        assert Case.get_by_id(filed.case).officer_id != office["officer2"].person_id
        assert Recusal.select().where(Recusal.case == filed.case).count() == 1
    assert ledger.verify().findings == ()


def test_a_wish_is_answered_once(office: Office) -> None:
    filed = office.assigned("officer")
    tracking.request_recusal(office.visit(filed), "周承办", "他是局长的亲戚", "n1")
    wish = recusal.waiting(office["head"])[0].id
    results = at_once(
        lambda: recusals.grant(office["head"], wish, [office["officer"].person_id], OFF),
        lambda: recusals.refuse(office["head"], wish, Said("没有关系。")),
    )
    assert refused(results) == ["decided_already"]
    answers = CaseEvent.select().where(CaseEvent.action.in_(("recuse", "refuse_recusal")))
    assert answers.count() == 1


def test_one_person_is_recused_once_by_two_presses(office: Office) -> None:
    filed = office.assigned("officer")
    results = at_once(
        *[lambda: recusals.impose(office["head"], filed.case, office["officer"].person_id, OFF)] * 3
    )
    assert refused(results) == ["recused_already"] * 2
    assert Recusal.select().where(Recusal.case == filed.case).count() == 1


def test_a_proposal_is_made_or_overtaken_but_never_waits_for_who_keeps_off(office: Office) -> None:
    told = {"receiver": "市税务局", "not_led_by_subject": True, "message": "已转。"}
    for _ in range(3):
        filed = office.assigned("officer")
        at_once(
            lambda f=filed: office.act(f.case, "redirect", "officer", **told),
            lambda f=filed: recusals.impose(office["head"], f.case, office["officer"].person_id, OFF),
        )
        waiting = Proposal.select().where(Proposal.case == filed.case, Proposal.state == "waiting")
        assert waiting.count() == 0
    assert ledger.verify().findings == ()
