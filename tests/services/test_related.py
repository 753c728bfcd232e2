"""Cases that may belong together: proposed from what a person reads, answered by a person, shown to who reads both."""

import json

import pytest

from tests.builders import Filed, Office
from whistle.services import ledger, units
from whistle.services.casework import reading, related
from whistle.services.casework.related import Alike, Related
from whistle.services.errors import Invalid, NotAllowed, NotFound
from whistle.store.cases import Case
from whistle.store.entries import Entry
from whistle.store.finding import CaseDigest, Relation

STORY = "每个月月初城管中队的协管员来夜市收卫生管理费，一个摊二百元，只要现金，不给票，问他要收据他就说不交别想摆。"
#: Too little to be like anything.
SHORT = "只说一句。"
RETOLD = (
    "城管中队的协管员每个月月初来夜市收卫生管理费，每个摊二百元，只收现金，没有票，问要收据就说不交别想摆摊。"
)


@pytest.fixture(autouse=True)
def noise(office: Office) -> None:
    """Cases that have nothing in common, one of them of somebody else."""
    office.assigned("officer", story="路灯坏了三个月没有人修，打了十几次电话都说已经派单，到现在还是黑的。")
    office.assigned("officer2", story=STORY)


def classified(office: Office, **said: object) -> Filed:
    """A case with the officer, of a unit and with a subject where named."""
    classed = {name: said.pop(name) for name in ("unit", "subject") if name in said}
    unit = {"unit": classed["unit"]} if "unit" in classed else {}
    filed = office.file(**{"story": SHORT, **said, **unit})
    office.classify(filed.case, **classed)
    office.act(filed.case, "accept", "intake")
    office.act(filed.case, "assign", "deputy", person=office["officer"].person_id)
    return filed


def beside(office: Office, filed: Filed, who: str = "officer") -> Related:
    return related.beside(office[who], filed.case)


def named(rows: tuple[Alike, ...]) -> list[str]:
    """The random ids of some rows."""
    return [Case.get((Case.number == one.row.ref) | (Case.id == one.row.ref)).id for one in rows]


def number(filed: Filed) -> str:
    case = Case.get_by_id(filed.case)
    return str(case.number or case.id)


# What is proposed


def test_two_tellings_of_one_matter_are_proposed_and_nothing_else(office: Office) -> None:
    one, other = office.assigned(story=STORY), office.assigned(story=RETOLD)
    found = beside(office, one)
    assert named(found.proposed) == [other.case]
    assert found.proposed[0].likeness > 30
    assert (found.read, found.left) == (2, 0)
    assert named(beside(office, other).proposed) == [one.case]


def test_only_cases_that_the_person_may_read_are_compared(office: Office) -> None:
    one = office.assigned(story=STORY)
    assert beside(office, one).proposed == ()
    assert len(beside(office, one, "deputy").proposed) == 1, "the deputy reads officer2's too"
    for who in ("officer2", "auditor", "intake"):
        with pytest.raises((NotAllowed, NotFound)):
            beside(office, one, who)


def test_who_is_recused_from_one_of_them_sees_it_beside_the_other_no_more(office: Office) -> None:
    one, other = office.assigned(story=STORY), office.assigned(story=RETOLD)
    related.answer(office["officer"], one.case, other.case, "matter", True)
    usual = {"category": "delay", "kind": "lead", "severity": "ordinary", "complexity": "ordinary"}
    subject = office["officer"].name
    office.act(other.case, "reclassify", "officer", **usual, subject=subject, reason="查明。")
    office.approve("deputy")
    found = beside(office, one)
    assert (found.linked, found.proposed) == ((), ())
    assert reading.open_case(office["officer"], one.case).linked == 0
    assert named(beside(office, one, "head").linked) == [other.case]


def test_who_is_named_as_not_to_read_a_report_is_shown_nothing_of_it(office: Office) -> None:
    one = office.file(story=STORY)
    kept_from = office.file(story=RETOLD, persons_shut_out=office["intake"].name)
    assert beside(office, one, "intake").proposed == ()
    assert named(beside(office, one, "intake2").proposed) == [kept_from.case]


def test_a_name_registered_in_one_and_registered_or_written_in_the_other_is_proposed(office: Office) -> None:
    one = classified(office, subject="王大明（副局长）、李四")
    written = classified(office, people="那个王 大明，戴眼镜")
    registered = classified(office, subject="李四")
    found = {id: row.names for row in beside(office, one).proposed for id in named((row,))}
    assert found == {written.case: ("王大明",), registered.case: ("李四",)}
    assert named(beside(office, written).proposed) == [one.case]
    listed = classified(office)
    office.act(listed.case, "subject.add", "officer", name="李四", person_kind="P", party_member="no")
    assert set(named(beside(office, listed).proposed)) == {one.case, registered.case}


def test_cases_of_the_same_unit_are_proposed_as_registered_or_as_chosen(office: Office) -> None:
    for code in ("B1", "B2"):
        units.make(office["admin"], code, f"{code}局", f"Bureau {code}")
    one, same = classified(office, unit="B1"), classified(office, unit="B1")
    classified(office, unit="B2")
    found = beside(office, one)
    assert named(found.proposed) == [same.case]
    assert (found.proposed[0].same_unit, found.of_unit) == (True, 1)
    new = office.file(unit="B1", story=SHORT)
    assert named(beside(office, new, "intake").proposed) == []
    second = office.file(unit="B1", story=SHORT)
    assert named(beside(office, new, "intake").proposed) == [second.case]


def test_a_report_without_a_unit_is_of_no_unit(office: Office) -> None:
    one = office.assigned()
    office.assigned()
    assert beside(office, one).of_unit == 0


# What is answered


def test_an_answer_is_kept_shown_on_both_and_can_be_taken_back(office: Office) -> None:
    one, other = office.assigned(story=STORY), office.assigned(story=RETOLD)
    related.answer(office["officer"], one.case, number(other), "matter", True)
    for here, there in ((one, other), (other, one)):
        found = beside(office, here)
        assert (named(found.linked), found.proposed) == ([there.case], ())
        assert reading.open_case(office["officer"], here.case).linked == 1
    related.answer(office["officer"], other.case, one.case, "matter", False)
    found = beside(office, one)
    assert (found.linked, found.proposed, named(found.settled)) == ((), (), [other.case])
    assert Relation.select().count() == 1
    assert reading.open_case(office["officer"], one.case).linked == 0


def test_same_or_another_person_is_asked_apart_from_the_matter(office: Office) -> None:
    one = classified(office, subject="王大明", story=STORY)
    other = classified(office, subject="王大明", story=RETOLD)
    related.answer(office["officer"], one.case, other.case, "matter", False)
    assert named(beside(office, one).proposed) == [other.case], "the person is still asked for"
    related.answer(office["officer"], one.case, other.case, "person", False)
    found = beside(office, one)
    assert (found.proposed, named(found.settled)) == ((), [other.case])
    related.answer(office["officer"], one.case, other.case, "person", True)
    linked = beside(office, one).linked
    assert [(row.matter, row.person) for row in linked] == [(False, True)]


def test_an_answer_has_its_leaf_and_the_same_answer_twice_none(office: Office) -> None:
    one, other = office.assigned(story=STORY), office.assigned(story=RETOLD)
    for _ in range(2):
        related.answer(office["officer"], one.case, other.case, "matter", True)
    records = [json.loads(entry.record) for entry in Entry.select().where(Entry.about_table == "relation")]
    assert [(r["what"], r["by"]) for r in records] == [("related", office["officer"].person_id)]
    assert ledger.verify().findings == ()


def test_a_comparison_leaves_a_leaf_with_numbers_and_no_name(office: Office) -> None:
    one, other = classified(office, subject="王大明"), classified(office, subject="王大明")
    beside(office, one)
    records = [entry.record for entry in Entry.select()]
    compared = [json.loads(r) for r in records if '"what":"compared"' in r]
    assert [r["more"] for r in compared] == [{"case": one.case, "cases": 2, "found": 1}]
    assert not any("王大明" in record for record in records)
    assert other.case not in json.dumps(compared)


@pytest.mark.parametrize(
    ("about", "fault"),
    [("matter", None), ("person", None), ("", Invalid), ("unit", Invalid), ("matter'", Invalid)],
)
def test_only_two_things_are_asked(office: Office, about: str, fault: type[Exception] | None) -> None:
    one, other = office.assigned(story=STORY), office.assigned(story=RETOLD)
    if fault is None:
        related.answer(office["officer"], one.case, other.case, about, True)
        return
    with pytest.raises(fault):
        related.answer(office["officer"], one.case, other.case, about, True)
    assert not Relation.select().exists()


def test_whoever_does_not_read_both_says_nothing_of_them(office: Office) -> None:
    mine, theirs = office.assigned("officer"), office.assigned("officer2")
    refused = [
        ("officer", mine.case, theirs.case),
        ("officer", theirs.case, mine.case),
        ("auditor", mine.case, theirs.case),
        ("officer", mine.case, "nothing"),
        ("officer", mine.case, ""),
    ]
    for who, one, other in refused:
        with pytest.raises((NotAllowed, NotFound)):
            related.answer(office[who], one, other, "matter", True)
    with pytest.raises(Invalid, match="itself"):
        related.answer(office["officer"], mine.case, number(mine), "matter", True)
    assert not Relation.select().exists()


def test_what_could_not_be_compared_yet_is_said(office: Office) -> None:
    one, other = office.assigned(story=STORY), office.assigned(story=RETOLD)
    beside(office, one)
    CaseDigest.update(sealed_traits=b"\1\2").where(CaseDigest.case == other.case).execute()
    found = beside(office, one)
    assert (found.proposed, found.left) == ((), 1)
