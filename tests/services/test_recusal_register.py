"""The register of recusals: who sees which rows, what stands in them, and whether the log knows them."""

import pytest

from tests.builders import MONDAY, Office
from whistle.services import recusal_register
from whistle.services.casework import recusals
from whistle.services.casework.recusals import Said
from whistle.services.errors import NotAllowed
from whistle.store.cases import Case
from whistle.store.entries import Entry
from whistle.store.recusals import Recusal

REASONS = Said("鹤望兰是他的表弟。", "relative")
PAPER = Said("上级已经决定。", "interest", "清纪〔2026〕3号", MONDAY.date())


def off(office: Office, who: str, by: str = "head", said: Said = REASONS, **answers: object) -> str:
    """A case that somebody keeps off."""
    filed = office.file(**answers) if answers.get("own_people") else office.accepted(**answers)
    recusals.impose(office[by], filed.case, office[who].person_id, said)
    return filed.case


def test_head_and_deputy_see_who_when_why_and_by_whom(office: Office) -> None:
    case = off(office, "officer")
    recusals.end(office["head"], case, office["officer"].person_id, Said("不是亲属。"))
    for who in ("head", "deputy"):
        (row,) = recusal_register.register(office[who]).entries
        assert (row.name, row.way, row.ground, row.state) == (
            office["officer"].name,
            "imposed",
            "relative",
            "lifted",
        )
        assert (row.decided_by, row.lifted_by) == (office["head"].name, office["head"].name)
        assert row.number == Case.get_by_id(case).number
        assert row.is_logged
        assert "鹤望兰" not in repr(row)


def test_whoever_keeps_off_a_case_does_not_see_it_in_the_register(office: Office) -> None:
    off(office, "head", by="deputy", said=PAPER)
    assert recusal_register.register(office["head"]).entries == []
    assert len(recusal_register.register(office["deputy"]).entries) == 1
    (row,) = recusal_register.audit(office["auditor"]).entries
    assert (row.paper, row.paper_on, row.decided_by) == (PAPER.paper, PAPER.paper_on, office["deputy"].name)


def test_a_case_in_sealed_handling_is_shown_to_the_oversight_desk_alone(office: Office) -> None:
    off(office, "oversight2", by="oversight", own_people=True)
    assert len(recusal_register.register(office["oversight"]).entries) == 1
    for shown in (
        recusal_register.register(office["head"]),
        recusal_register.register(office["deputy"]),
        recusal_register.audit(office["auditor"]),
    ):
        assert (shown.entries, shown.months) == ([], [])


def test_a_case_that_goes_the_sealed_way_leaves_the_register_of_the_line(office: Office) -> None:
    filed = office.assigned("officer2")
    recusals.impose(office["head"], filed.case, office["officer"].person_id, REASONS)
    office.act(filed.case, "to_oversight", "officer2", reason="涉及本机关人员。")
    assert recusal_register.register(office["head"]).entries == []
    assert recusal_register.audit(office["auditor"]).entries == []
    assert len(recusal_register.register(office["oversight"]).entries) == 1


@pytest.mark.parametrize("who", ["intake", "officer", "reviewer", "supervisor", "admin", "auditor"])
def test_others_have_no_register(office: Office, who: str) -> None:
    with pytest.raises(NotAllowed):
        recusal_register.register(office[who])


@pytest.mark.parametrize("who", ["head", "deputy", "officer", "oversight", "admin"])
def test_the_auditors_view_is_the_auditors(office: Office, who: str) -> None:
    with pytest.raises(NotAllowed):
        recusal_register.audit(office[who])


def test_the_months_count_and_the_log_has_a_leaf_for_each_row(office: Office) -> None:
    for who in ("officer", "officer2", "reviewer"):
        off(office, who)
    shown = recusal_register.audit(office["auditor"])
    assert shown.months == [(MONDAY.date().replace(day=1), 3)]
    assert Entry.select().where(Entry.about_table == "recusal").count() >= 3
    assert shown.all_logged
    Recusal.update(ground="other").where(Recusal.person == office["officer"].person_id).execute()
    changed = recusal_register.audit(office["auditor"])
    assert [row.name for row in changed.entries if not row.is_logged] == [office["officer"].name]
    assert not changed.all_logged


def test_who_was_let_in_stands_in_the_register(office: Office) -> None:
    filed = office.file()
    office.classify(filed.case, subject=office["officer"].name)
    office.act(filed.case, "accept", "intake")
    recusals.end(office["head"], filed.case, office["officer"].person_id, Said("同名。"))
    shown = recusal_register.audit(office["auditor"]).let_in
    assert [(row.name, row.of, row.decided_by) for row in shown] == [
        (office["officer"].name, "name", office["head"].name)
    ]
