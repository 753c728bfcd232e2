"""Finding cases: by words inside what is sealed, and by what lies in the clear; for their readers alone."""

import dataclasses
import datetime as dt
import json
from typing import Any

import pytest

from tests.builders import Filed, Office, attach
from tests.cases import days_later
from whistle import clock
from whistle.services import ledger, sessions, tracking, units
from whistle.services.casework import approvals, looking, reading, search
from whistle.services.casework.search import Query
from whistle.services.errors import Invalid, NotAllowed, NotFound
from whistle.store.cases import Case, CaseSeal, Opening
from whistle.store.entries import Entry
from whistle.store.finding import CaseDigest, LastSearch
from whistle.store.people import Person

USUAL = {"category": "delay", "kind": "lead", "severity": "ordinary", "complexity": "ordinary"}


@pytest.fixture(autouse=True)
def noise(office: Office) -> None:
    """Other cases, which say something else; one of them nobody here holds."""
    office.assigned("officer", story="路灯坏了三个月没有人修。")
    office.assigned("officer2", story="押金押金押金，别人的案。")
    office.file(own_people=True, story="押金，本机关的人。")


def find(office: Office, who: str, text: str = "", **narrowed: Any) -> search.Page:
    return search.find(office[who], Query(text=text, **narrowed))


def refs(office: Office, who: str, text: str = "", **narrowed: Any) -> list[str]:
    """The random ids of what somebody finds."""
    found = [one.row.ref for one in find(office, who, text, **narrowed).found]
    return [Case.get((Case.number == ref) | (Case.id == ref)).id for ref in found]


def shown(page: search.Page) -> list[tuple[str, str, list[str]]]:
    """Place, name and the marked words of each line."""
    lines = [line for one in page.found for line in one.where]
    return [(w.place, w.name, [text for text, is_hit in w.snippet.parts if is_hit]) for w in lines]


# Where words are


def _told(office: Office) -> Filed:
    filed = office.file(
        files={"鹤望兰清单.pdf": b"%PDF-1.4\n%%EOF\n"},
        story="窗口先收鹤鸣押金。",
        people="鹤影科长",
        proof="鹤羽收据",
        unit_words="鹤岭办证点",
        persons_shut_out="鹤田主任",
    )
    office.classify(filed.case, subject="鹤舞")
    office.act(filed.case, "request_supplement", "intake", message="鹤问哪一天？")
    visit = office.visit(filed)
    attach(visit, "track", {"鹤步照片.txt": b"x"})
    tracking.write(visit, "鹤答周二。", "n1")
    office.act(filed.case, "reclassify", "intake", **USUAL, subject="鹤舞二", reason="鹤因改类。")
    approvals.send_back(office["deputy"], approvals.queue(office["deputy"])[0].id, "鹤退再查。")
    office.act(filed.case, "decline", "intake", reason="court", message="鹤告请起诉。")
    return filed


def test_words_are_found_wherever_they_stand_in_a_case(office: Office) -> None:
    number = Case.get_by_id(_told(office).case).number
    for word, place, name in (
        ("鹤鸣押金", "answer", "story"),
        ("鹤影", "answer", "people"),
        ("鹤羽", "answer", "proof"),
        ("鹤岭", "answer", "unit_words"),
        ("鹤田", "answer", "persons_shut_out"),
        ("鹤望兰清单", "file", ""),
        ("鹤步照片", "file", ""),
        ("鹤问", "letter", "office"),
        ("鹤答", "letter", "reporter"),
        ("鹤舞", "step", "classify/subject"),
        ("鹤因改类", "proposal", "reclassify/reason"),
        ("鹤退", "decision", "reclassify"),
        ("鹤告", "proposal", "decline/message"),
    ):
        page = find(office, "intake", word)
        assert [one.row.number for one in page.found] == [number], word
        assert shown(page) == [(place, name, [word])]


def test_what_lies_under_the_identity_key_is_not_found(office: Office) -> None:
    office.file(identity="named", name="澹台明镜", contact="13800004242")
    assert refs(office, "intake", "澹台") == []
    assert refs(office, "intake", "13800004242") == []


def test_every_word_has_to_occur_wherever_in_the_case_and_one_line_may_show_several(office: Office) -> None:
    filed = office.assigned(story="先收押金二百元，说没有收据。", people="高个子")
    assert refs(office, "officer", "押金 高个子") == [filed.case]
    assert refs(office, "officer", "押金 路灯") == []
    assert shown(find(office, "officer", "收据 高个子 押金")) == [
        ("answer", "story", ["押金", "收据"]),
        ("answer", "people", ["高个子"]),
    ]


def test_words_far_apart_in_one_long_text_have_a_line_each(office: Office) -> None:
    filed = office.assigned(story=f"开头说押金。{'一天又一天。' * 40}末尾说收据。")
    page = find(office, "officer", "收据 押金")
    assert shown(page) == [("answer", "story", ["押金"]), ("answer", "story", ["收据"])]
    assert page.found[0].row.number == Case.get_by_id(filed.case).number


def test_a_word_does_not_reach_from_one_piece_into_the_next(office: Office) -> None:
    office.assigned(story="结尾是鹤", people="鸣字开头")
    assert refs(office, "officer", "鹤鸣") == []


def test_width_case_and_spaces_make_no_difference_and_a_sign_is_a_sign(office: Office) -> None:
    signs = ("%", "_", "' OR 1=1 --", "<b>", "\\", ".*")
    assert [typed for typed in signs if refs(office, "officer", typed)] == []
    filed = office.assigned(story=f"收了 200 元，说要ＩＳＯ9001证书。他说{'和'.join(signs)}就这样。")
    for typed in ("２００元", "200 元", "２ ０ ０　元", "iso９００１", "ISO 9001", *signs):
        assert refs(office, "officer", typed) == [filed.case], typed


# Who finds


def test_each_finds_in_what_they_hold_and_nobody_else_anything(office: Office) -> None:
    filed = office.assigned(story="先收押金。")
    found = {
        who: filed.case in refs(office, who, "押金") for who in ("officer", "deputy", "head", "officer2")
    }
    assert found == {"officer": True, "deputy": True, "head": True, "officer2": False}
    assert len(refs(office, "oversight", "押金")) == 1
    assert refs(office, "intake", "押金") == []
    for who in ("auditor", "admin"):
        with pytest.raises(NotAllowed):
            find(office, who, "押金")


def test_who_is_recused_finds_nothing_from_that_moment(office: Office) -> None:
    filed = office.assigned(story="先收押金。")
    assert refs(office, "officer", "押金") == [filed.case]
    name = office["officer"].name
    office.act(filed.case, "reclassify", "officer", **USUAL, subject=name, reason="查明。")
    office.approve("deputy")
    assert refs(office, "officer", "押金") == []
    assert not CaseSeal.select().where(
        CaseSeal.case == filed.case, CaseSeal.person == office["officer"].person_id
    )
    assert filed.case in refs(office, "head", "押金")


def test_who_is_named_as_not_to_read_finds_nothing_though_they_hold_the_desks_key(office: Office) -> None:
    filed = office.file(story="先收押金。", people="高个子")
    assert refs(office, "intake2", "押金") == [filed.case]
    Person.update(name="高个子").where(Person.user_name == "intake2").execute()
    by = sessions.acting(sessions.sign_in("intake2", office.password).secret)
    assert search.find(by, Query(text="押金")).total == 0
    assert refs(office, "intake", "押金") == [filed.case]


def test_who_loses_the_case_while_it_is_looked_through_is_shown_none_of_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed = office.assigned(story="先收押金。")
    through = looking.through

    def slowly(*given: Any) -> Any:
        looked = through(*given)
        office.act(filed.case, "assign", "deputy", person=office["officer2"].person_id)
        return looked

    monkeypatch.setattr(looking, "through", slowly)
    assert find(office, "officer", "押金").found == ()


def test_a_handed_over_case_is_found_by_the_new_officer_alone(office: Office) -> None:
    filed = office.assigned(story="先收押金。")
    assert refs(office, "officer", "押金") == [filed.case]
    was = CaseDigest.get_by_id(filed.case)
    people = {"from_person": office["officer"].person_id, "person": office["officer2"].person_id}
    office.act(filed.case, "hand_over", "deputy", **people, reason="休假。")
    now = CaseDigest.get_by_id(filed.case)
    assert (now.generation, now.sealed_folded) != (was.generation, was.sealed_folded), "under the new key"
    assert refs(office, "officer", "押金") == []
    assert filed.case in refs(office, "officer2", "押金")


def test_a_merged_report_is_found_in_the_case_it_joined(office: Office) -> None:
    joined, target = office.file(story="先收押金。"), office.file(story="没有收据。")
    for filed in (joined, target):
        office.classify(filed.case)
    assert refs(office, "intake", "押金") == [joined.case]
    office.act(joined.case, "merge", "intake", target=target.case, reason="同一件事。")
    assert refs(office, "intake", "押金") == [target.case]
    assert refs(office, "intake", "押金 收据") == [target.case]


def test_what_is_written_with_a_thing_of_a_case_is_found_and_codes_are_not(office: Office) -> None:
    filed = office.assigned()
    person = {"name": "王大明", "post": "鹤局窗口", "person_kind": "P", "party_member": "yes"}
    office.act(filed.case, "subject.add", "officer", **person)
    assert refs(office, "officer", "鹤局窗口 王大明") == [filed.case]
    assert refs(office, "officer", "yes") == []


# Up to date


def test_a_letter_is_found_before_anybody_opened_it(office: Office) -> None:
    filed = office.assigned()
    assert refs(office, "officer", "蟋蟀") == []
    tracking.write(office.visit(filed), "是蟋蟀叫的那个晚上。", "n1")
    assert refs(office, "officer", "蟋蟀") == [filed.case]


def test_a_digest_is_made_once_and_used_until_the_case_moves_on(office: Office) -> None:
    filed = office.assigned(story="先收押金。")
    find(office, "officer", "押金")
    first = bytes(CaseDigest.get_by_id(filed.case).sealed_folded)
    find(office, "deputy", "押金")
    assert bytes(CaseDigest.get_by_id(filed.case).sealed_folded) == first
    office.act(filed.case, "write", "officer", message="请等候。")
    find(office, "officer", "押金")
    assert bytes(CaseDigest.get_by_id(filed.case).sealed_folded) != first


@pytest.mark.on_both_databases
@pytest.mark.parametrize("column", ["sealed_folded", "sealed_pieces"])
def test_a_digest_that_somebody_tampered_with_is_made_anew_or_shows_no_line(
    office: Office, column: str
) -> None:
    filed = office.assigned(story="先收押金。")
    find(office, "officer", "押金")
    CaseDigest.update({column: b"\1\2" + b"\0" * 300}).where(CaseDigest.case == filed.case).execute()
    if column == "sealed_folded":
        CaseDigest.update(events=0).where(CaseDigest.case == filed.case).execute()
    assert refs(office, "officer", "押金") == [filed.case]


def test_an_older_digest_put_back_as_if_it_were_new_is_not_believed(office: Office) -> None:
    filed = office.assigned(story="先收押金。")
    find(office, "officer", "押金")
    old = CaseDigest.get_by_id(filed.case).__data__
    office.act(filed.case, "write", "officer", message="蟋蟀已经查过。")
    find(office, "officer", "蟋蟀")
    newest = CaseDigest.get_by_id(filed.case)
    sealed = {name: old[name] for name in ("sealed_folded", "sealed_pieces", "sealed_traits")}
    CaseDigest.update(**sealed).where(CaseDigest.case == filed.case).execute()
    page = find(office, "officer", "蟋蟀")
    assert (page.total, page.left) == (0, 1), "said to be unread, not said to be without the word"
    CaseDigest.delete().where(CaseDigest.case == filed.case).execute()
    assert refs(office, "officer", "蟋蟀") == [filed.case]
    assert newest.events == CaseDigest.get_by_id(filed.case).events


def test_what_one_look_does_not_come_to_is_said_and_the_next_one_goes_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        office.file(story="先收押金。")
    CaseDigest.delete().execute()
    monkeypatch.setattr(looking, "MOST_MADE", 2)
    came = [(page.total, page.left) for page in (find(office, "intake", "押金") for _ in range(2))]
    assert came == [(2, 1), (3, 0)]


# What is recorded


def test_a_search_leaves_who_and_how_many_and_never_a_word(office: Office) -> None:
    filed = office.assigned(story="先收押金。")
    before = Entry.select().count()
    search.keep(office["officer"], Query(text="押金 鹤望兰"))
    find(office, "officer", "押金")
    records = [json.loads(entry.record) for entry in Entry.select().where(Entry.position >= before)]
    searched = [record for record in records if record["what"] == "searched"]
    by = office["officer"].person_id
    assert [(r["by"], r["more"]) for r in searched] == [(by, {"cases": 2, "found": 1})]
    assert [r["id"] for r in records if r["what"] == "opened"] == [
        row.id for row in Opening.select().where(Opening.case == filed.case, Opening.person == by)
    ]
    everything = "".join(entry.record + bytes(entry.leaf).decode() for entry in Entry.select())
    assert "押金" not in everything
    assert "鹤望兰" not in everything


def test_a_case_of_which_a_line_is_shown_counts_as_opened_once_a_session(office: Office) -> None:
    shown, hidden = office.assigned(story="先收押金。"), office.assigned(story="没有收据。")
    for _ in range(2):
        find(office, "officer", "押金")
    reading.open_case(office["officer"], shown.case)
    opened = Opening.select(Opening.case).where(Opening.person == office["officer"].person_id)
    assert [row.case_id for row in opened] == [shown.case]
    assert hidden.case not in {row.case_id for row in opened}


def test_without_words_nothing_is_opened_and_nothing_recorded(office: Office) -> None:
    office.assigned()
    entries = Entry.select().count()
    assert find(office, "officer", state="assessing").total == 2
    assert (Entry.select().count(), Opening.select().count()) == (entries, 0)


def test_the_log_is_whole_after_searches(office: Office) -> None:
    office.assigned(story="先收押金。")
    for who in ("officer", "deputy"):
        find(office, who, "押金")
    assert ledger.verify().findings == ()


# What is looked for


def test_what_was_looked_for_is_kept_for_the_session_alone(office: Office) -> None:
    query = Query(text="押金", unit="QY01", received_from=dt.date(2026, 9, 1), clock="overdue")
    with pytest.raises(NotFound):
        search.kept(office["officer"])
    search.keep(office["officer"], query)
    assert search.kept(office["officer"]) == query
    search.keep(office["officer"], Query(number="7"))
    assert search.kept(office["officer"]) == Query(number="7")
    again = sessions.sign_in("officer", office.password).secret
    with pytest.raises(NotFound):
        search.kept(sessions.acting(again))


def test_it_ends_with_the_session(office: Office) -> None:
    secret = sessions.sign_in("officer", office.password).secret
    by = sessions.acting(secret)
    search.keep(by, Query(text="押金"))
    sessions.sign_out(secret)
    assert not LastSearch.select().where(LastSearch.session == by.session_id).exists()


def test_nobody_else_opens_what_was_looked_for(office: Office) -> None:
    search.keep(office["officer"], Query(text="押金"))
    row = LastSearch.get()
    assert "押金".encode() not in bytes(row.sealed)
    other = dataclasses.replace(office["officer2"], session_id=row.session_id)
    with pytest.raises(NotFound):
        search.kept(other)


def test_a_query_that_cannot_be_is_refused(office: Office) -> None:
    for query, field, reason in (
        (Query(), "text", "empty"),
        (Query(text=" \u3000\u200b "), "text", "empty"),
        (Query(text="甲" * 201), "text", "too_long"),
        (Query(text=" ".join("甲乙丙丁戊己庚辛壬癸子")), "text", "too_many"),
        (
            Query(received_from=dt.date(2026, 9, 2), received_to=dt.date(2026, 9, 1)),
            "received_to",
            "before_start",
        ),
    ):
        for ask in (search.keep, search.find):
            with pytest.raises(Invalid) as fault:
                ask(office["officer"], query)
            assert (fault.value.field, fault.value.reason) == (field, reason)


# Narrowing


@pytest.fixture
def tree(office: Office) -> None:
    """A bureau with a section beneath it, and another bureau."""
    units.make(office["admin"], "B1", "一局", "Bureau one")
    units.make(office["admin"], "B1-1", "一科", "Section one", parent_code="B1")
    units.make(office["admin"], "B2", "二局", "Bureau two")


@pytest.mark.usefixtures("tree")
def test_what_lies_in_the_clear_narrows_with_words_and_without(office: Office) -> None:
    section = office.file(story="先收押金。")
    office.classify(section.case, unit="B1-1")
    office.act(section.case, "accept", "intake")
    office.act(section.case, "assign", "deputy", person=office["officer"].person_id)
    bureau = office.file(story="先收押金。")
    office.classify(bureau.case, unit="B1", category="delay")
    with clock.at(days_later(8)):
        chosen = office.file(story="先收押金。", unit="B1-1")
        known = {section.case: "section", bureau.case: "bureau", chosen.case: "chosen"}

        def found(text: str, narrowed: dict[str, Any]) -> set[str]:
            ids = [id for who in ("intake", "head") for id in refs(office, who, text, **narrowed)]
            return {known[id] for id in ids if id in known}

        for narrowed, wanted in NARROWED:
            assert found("押金", narrowed) == wanted, narrowed
            assert found("", narrowed) == wanted, narrowed


#: What narrows, and which of the three cases are left.
NARROWED: list[tuple[dict[str, Any], set[str]]] = [
    ({"unit": "B1"}, {"bureau", "section"}),
    ({"unit": "B1-1"}, {"section"}),
    ({"unit": "none"}, {"chosen"}),
    ({"unit": "B2"}, set()),
    ({"unit": "NONE"}, set()),
    ({"officer": "officer"}, {"section"}),
    ({"officer": "nobody"}, {"bureau", "chosen"}),
    ({"state": "received"}, {"bureau", "chosen"}),
    ({"state": "received", "category": "delay"}, {"bureau"}),
    ({"kind": "complaint"}, set()),
    ({"received_from": dt.date(2026, 9, 21)}, {"chosen"}),
    ({"received_to": dt.date(2026, 9, 20)}, {"bureau", "section"}),
    ({"received_from": dt.date(2026, 9, 14), "received_to": dt.date(2026, 9, 14)}, {"bureau", "section"}),
    ({"clock": "overdue"}, {"bureau"}),
    ({"clock": "paused"}, set()),
    ({"clock": "week"}, {"chosen"}),
    ({"number": "000004"}, {"bureau"}),
]


def test_a_page_at_a_time_what_came_in_last_first(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "PAGE_SIZE", 2)
    ids = []
    for day in range(3):
        with clock.at(days_later(day)):
            ids.append(office.file(story="先收押金。").case)
    pages = [search.find(office["intake"], Query(text="押金"), number) for number in (1, 2, 3, 0)]
    assert [(p.number, p.pages, p.total, len(p.found)) for p in pages] == [
        (1, 2, 3, 2),
        (2, 2, 3, 1),
        (2, 2, 3, 1),
        (1, 2, 3, 2),
    ]
    assert [one.row.ref for one in (*pages[0].found, *pages[1].found)] == ids[::-1]


def test_a_number_is_found_by_its_end(office: Office) -> None:
    for typed in ("清访2026-000001", "清访２０２６－０００００１", "2026-1", "000001", "1", " 0 0 1 ", "2"):
        assert len(search.by_number(office["head"], typed)) == 1, typed
    for typed in ("3", "0", "", "访", "%", "9" * 40):
        assert search.by_number(office["head"], typed) == [], typed
    assert search.by_number(office["reviewer"], "1") == [], "of a case that one may not know of"
