"""What was merged into a case follows it: whoever keeps off the one keeps off the other, and is let back to both."""

import pytest

from tests.adversary.thief import Thief
from tests.builders import MONDAY, Filed, Office
from tests.cases import holders, sees
from tests.stages import ask, state
from whistle.services import accounts, ledger, tracking
from whistle.services.casework import reading, recusals, renewals
from whistle.services.casework.recusals import Said
from whistle.services.errors import Conflict
from whistle.store.cases import Case, CaseEvent, MergedKey, ShutOut
from whistle.store.recusals import Recusal
from whistle.store.reports import Message

OFF = Said("举报人的近亲属。", "relative")
PAPER = Said("上级决定。", "interest", "清纪〔2026〕3号", MONDAY.date())


def merge(office: Office, source: Filed, target: Filed) -> None:
    office.act(source.case, "merge", "deputy", target=target.case, reason="同一事实")


def joined(office: Office) -> tuple[Filed, Filed, Filed]:
    """The officer's case, merged into one of the other officer's, merged into a third; with a stranger beside."""
    first, second, third = (
        office.assigned("officer"),
        office.assigned("officer2"),
        office.assigned("officer2"),
    )
    merge(office, first, second)
    merge(office, second, third)
    office.assigned("officer")
    return first, second, third


def keep_off(office: Office, case: str, how: str) -> None:
    officer = office["officer"]
    if how == "recused":
        recusals.impose(office["head"], case, officer.person_id, OFF)
    elif how == "declared":
        recusals.declare(officer, str(Case.get_by_id(case).number), "relative", "我是他表哥。")
    elif how == "listed":
        office.act(case, "subject.add", "officer2", name=officer.name, person_kind="PA", party_member="yes")
    else:
        named = {"category": "delay", "kind": "lead", "severity": "ordinary", "complexity": "ordinary"}
        ask(
            office, case, "reclassify", "officer2", "deputy", **named, subject=officer.name, reason="查明被举报人"
        )  # fmt: skip


@pytest.mark.parametrize("how", ["recused", "declared", "listed", "named"])
def test_who_is_kept_off_a_case_is_kept_off_what_was_merged_into_it_and_stays_so(
    office: Office, how: str
) -> None:
    first, second, third = joined(office)
    thief = Thief(office["officer"])
    keep_off(office, third.case, how)
    tracking.write(office.visit(first), "回避以后写的", "n1")
    for filed in (first, second, third):
        assert not sees(office, "officer", filed.case)
        assert sees(office, "deputy", filed.case)
        case = Case.get_by_id(filed.case)
        assert not case.needs_new_keys
        assert case.officer_id != office["officer"].person_id
    ask(office, second.case, "unmerge", "deputy", "head", reason="不是")
    ask(office, first.case, "unmerge", "deputy", "head", reason="不是")
    assert state(first.case) == "received"
    assert not sees(office, "officer", first.case)
    office.act(first.case, "accept", "intake")
    tracking.write(office.visit(first), "撤销并案以后写的", "n2")
    since = {row.id for row in Message.select().where(Message.report == first.report)}
    since |= {row.id for row in CaseEvent.select().where(CaseEvent.action.in_(("unmerge", "recuse")))}
    thief.look()
    assert not thief.reads() & since
    assert ledger.verify().findings == ()


def test_who_keeps_off_the_target_already_loses_what_joins_it(office: Office) -> None:
    first, source, target = office.assigned(), office.assigned(), office.assigned("officer2")
    recusals.impose(office["head"], target.case, office["officer"].person_id, OFF)
    merge(office, first, source)
    merge(office, source, target)
    for filed in (first, source):
        assert not sees(office, "officer", filed.case)
        assert Case.get_by_id(filed.case).officer is None
    ask(office, source.case, "unmerge", "deputy", "head", reason="不是")
    assert not sees(office, "officer", source.case)


def test_a_head_kept_off_the_target_reads_nothing_of_what_was_merged_into_it(office: Office) -> None:
    source, target = office.assigned(), office.assigned("officer2")
    merge(office, source, target)
    recusals.impose(office["deputy"], target.case, office["head"].person_id, PAPER)
    assert not sees(office, "head", source.case)
    recusals.end(office["deputy"], target.case, office["head"].person_id, PAPER)
    assert sees(office, "head", target.case)
    assert sees(office, "head", source.case)


@pytest.mark.parametrize("of_source", [False, True])
def test_a_recusal_is_lifted_from_both_in_the_case_where_the_reports_are(
    office: Office, of_source: bool
) -> None:
    source, target = office.assigned("officer"), office.assigned("officer2")
    officer = office["officer"].person_id
    if of_source:
        recusals.impose(office["head"], source.case, officer, OFF)
    merge(office, source, target)
    if not of_source:
        recusals.impose(office["head"], target.case, officer, OFF)
    with pytest.raises(Conflict, match="kept_out_of_target"):
        recusals.end(office["head"], source.case, officer, Said("不是亲属"))
    recusals.end(office["head"], target.case, officer, Said("不是亲属"))
    assert {row.state for row in Recusal.select()} == {"lifted"}
    assert not ShutOut.select().where(ShutOut.person == officer).exists()
    ask(office, source.case, "unmerge", "deputy", "head", reason="不是")
    office.act(source.case, "accept", "intake")
    office.act(source.case, "assign", "deputy", person=officer)
    assert sees(office, "officer", source.case)
    assert ledger.verify().findings == ()


def test_who_is_let_in_to_a_case_is_let_in_to_what_was_merged_into_it(office: Office) -> None:
    source, target = office.assigned("officer2"), office.assigned("officer2")
    merge(office, source, target)
    keep_off(office, target.case, "listed")
    recusals.end(office["head"], target.case, office["officer"].person_id, Said("同名同姓"))
    assert not ShutOut.select().where(ShutOut.person == office["officer"].person_id).exists()


def test_a_decision_of_who_cannot_open_the_case_reaches_what_was_merged_into_it(office: Office) -> None:
    source, target = office.file(), office.file()
    office.act(source.case, "merge", "intake", target=target.case, reason="同一事实")
    recusals.impose(office["head"], target.case, office["intake2"].person_id, OFF)
    assert not sees(office, "intake2", source.case)
    thief = Thief(office["intake2"])
    reading.open_case(office["intake"], target.case)
    assert not Case.get_by_id(source.case).needs_new_keys
    known = len(thief.cases)
    thief.look()
    assert len(thief.cases) == known


def test_new_keys_of_many_at_once_are_made_of_what_was_merged_into_another_of_them_too(
    office: Office,
) -> None:
    target, *sources = [office.assigned() for _ in range(5)]
    for source in sources:
        merge(office, source, target)
    accounts.deactivate(office["admin"], office["officer"].person_id)
    assert renewals.count(office["deputy"]) == 5
    assert renewals.renew(office["deputy"]) == 5
    assert renewals.count(office["deputy"]) == 0
    assert all(sees(office, "deputy", filed.case) for filed in (target, *sources))


def test_whoever_loses_a_case_knows_no_new_key_of_what_was_merged_into_it(office: Office) -> None:
    """A case's key opens those of what was merged into it: they are renewed with it."""
    source, target = office.assigned("officer"), office.assigned("officer2")
    merge(office, source, target)
    thief = Thief(office["officer2"])
    generation = Case.get_by_id(source.case).key_generation
    assert (source.case, generation) in thief.cases
    office.act(target.case, "assign", "deputy", person=office["officer"].person_id)
    thief.look()
    after = Case.get_by_id(source.case).key_generation
    assert after > generation
    assert (source.case, after) not in thief.cases
    ask(office, source.case, "unmerge", "officer", "deputy", reason="不是同一事实")
    assert not MergedKey.select().exists()
    assert holders(source.case) >= {"intake", "officer", "deputy", "head", "recovery"}
