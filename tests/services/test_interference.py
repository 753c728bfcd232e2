"""打听过问: recorded by whoever was asked, read by head and oversight but by nobody it names, taken away by no one."""

import datetime as dt
from typing import Any

import pytest

from tests.builders import MONDAY, Office
from whistle import clock
from whistle.services import accounts, interference, ledger
from whistle.services.casework import interferences, recusals
from whistle.services.casework.act import act
from whistle.services.casework.effects import EFFECTS
from whistle.services.casework.reading import open_case
from whistle.services.casework.recusals import Said
from whistle.services.errors import Conflict, Invalid, NotAllowed
from whistle.store.cases import Case, CaseEvent
from whistle.store.entries import Entry
from whistle.store.interferences import Interference, InterferenceSeal
from whistle.store.people import Person

TODAY = MONDAY.date()


@pytest.fixture(autouse=True)
def noise(office: Office) -> None:
    """A record of something else."""
    interferences.record(office["intake"], who="某局王科长", asked_on=TODAY, how="来电话问进度。")


def told(office: Office, recorder: str, /, **said: Any) -> str:
    usual = {"who": "某单位的人", "asked_on": TODAY, "how": "问有没有人举报。"}
    return interferences.record(office[recorder], **{**usual, **said})


def reads(office: Office, who: str) -> list[str]:
    """What somebody reads: who asked, newest first but for the noise."""
    return [row.who for row in interference.page(office[who]).rows if row.who != "某局王科长"]


@pytest.mark.parametrize("who", ["intake", "officer", "reviewer", "deputy", "auditor", "admin", "supervisor"])
def test_anybody_records_and_head_and_oversight_read(office: Office, who: str) -> None:
    told(office, who, about="窗口那件事")
    for reader in ("head", "oversight", "oversight2"):
        row = next(row for row in interference.page(office[reader]).rows if row.who == "某单位的人")
        assert (row.by_name, row.asked_on, row.how, row.about) == (
            office[who].name,
            TODAY,
            "问有没有人举报。",
            "窗口那件事",
        )


def test_what_many_later_records_push_down_is_read_page_by_page(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interference, "PAGE_ROWS", 2)
    for day in range(3):
        with clock.at(MONDAY + dt.timedelta(days=day)):
            told(office, "officer", who=f"第{day}天的人")
            told(office, "intake", who=f"第{day}天的另一人")
    read, page = [], interference.page(office["head"])
    while page.older is not None:
        read += [row.who for row in page.rows]
        page = interference.page(office["head"], page.older)
    read += [row.who for row in page.rows]
    assert sorted(read[:2]) == ["第2天的人", "第2天的另一人"]
    assert sorted(read) == sorted(
        ["某局王科长", *(f"第{day}天的{who}" for day in range(3) for who in ("人", "另一人"))]
    )
    assert interference.page(office["head"], "昨天") == interference.page(office["head"])


@pytest.mark.parametrize("who", ["intake", "officer", "deputy", "auditor", "admin"])
def test_nobody_else_reads_and_who_recorded_does_not_either(office: Office, who: str) -> None:
    told(office, who)
    with pytest.raises(NotAllowed):
        interference.page(office[who])


def test_a_record_that_names_the_head_is_read_by_the_oversight_desk_alone(office: Office) -> None:
    told(office, "officer", who=office["head"].name)
    assert reads(office, "head") == []
    assert reads(office, "oversight") == [office["head"].name]
    assert (
        not InterferenceSeal.select()
        .where(
            InterferenceSeal.person == office["head"].person_id,
            InterferenceSeal.interference.not_in(_noise()),
        )
        .exists()
    )


def test_a_name_in_the_story_keeps_its_bearer_out_too(office: Office) -> None:
    told(office, "officer", who="一位领导", how=f"{office['oversight'].name}打电话来，让我照顾一下。")
    assert reads(office, "oversight") == []
    assert reads(office, "oversight2") == ["一位领导"]
    assert reads(office, "head") == ["一位领导"]


def test_a_record_that_nobody_may_read_is_not_kept_in_silence(office: Office) -> None:
    everybody = "、".join(office[who].name for who in ("head", "oversight", "oversight2"))
    before = Interference.select().count()
    with pytest.raises(Conflict, match="nobody_reads_this"):
        told(office, "officer", who=everybody)
    assert Interference.select().count() == before


def test_about_a_case_in_sealed_handling_the_head_reads_nothing(office: Office) -> None:
    filed = office.file(own_people=True)
    told(office, "oversight", about=filed.case)
    assert reads(office, "head") == []
    assert reads(office, "oversight2") == ["某单位的人"]


def test_the_answer_does_not_tell_a_case_in_sealed_handling_from_any_other(office: Office) -> None:
    sealed, other = office.assigned(), office.assigned()
    numbers = [str(Case.get_by_id(filed.case).number) for filed in (sealed, other)]
    office.act(sealed.case, "to_oversight", "officer", reason="涉及本机关人员")
    both = "、".join(office[who].name for who in ("oversight", "oversight2"))
    for who in ("admin", "auditor", "head", "intake2"):
        for about in (*numbers, "清访2026-999999"):
            with pytest.raises(Conflict, match="names_all_oversight"):
                told(office, who, who=both, about=about)
    told(office, "admin", who=both)
    assert reads(office, "head") == [both]


@pytest.mark.parametrize(
    "about", ["2026-{}", "关于清访2026-{}那件", "{}", "２０２６－{}", "0{}号", "{}，还有2026-77"]
)
def test_a_short_number_of_a_case_in_sealed_handling_does_not_reach_the_head(
    office: Office, about: str
) -> None:
    filed = office.assigned()
    count = str(Case.get_by_id(filed.case).number).partition("-")[2]
    office.act(filed.case, "to_oversight", "officer", reason="涉及本机关人员")
    told(office, "intake2", about=about.format(count))
    assert reads(office, "head") == []
    assert reads(office, "oversight") == ["某单位的人"]


@pytest.mark.parametrize("about", ["2026-999999", "999999", "清访2031-000001", "第88号"])
def test_a_number_that_leads_to_no_case_is_kept_from_the_head_without_a_word(
    office: Office, about: str
) -> None:
    told(office, "intake2", about=about)
    assert reads(office, "head") == []
    assert reads(office, "oversight") == ["某单位的人"]


@pytest.mark.parametrize(
    "about", ["2026年11月23日的事", "3号窗口那件事", "电话88887777说的", "2026-11-23那天的"]
)
def test_a_day_or_a_window_is_not_taken_for_a_number(office: Office, about: str) -> None:
    told(office, "intake2", about=about)
    assert reads(office, "head") == ["某单位的人"]


def test_the_end_of_a_number_leads_to_the_case_as_the_whole_does(office: Office) -> None:
    filed = office.assigned("officer")
    told(office, "officer", about=str(Case.get_by_id(filed.case).number)[-4:])
    item = open_case(office["deputy"], filed.case).timeline[0]
    assert item.action.name == "record_interference"
    assert reads(office, "head") == ["某单位的人"]


def test_whoever_is_named_reads_nothing_when_the_case_is_handed_over_later(office: Office) -> None:
    filed = office.assigned("officer")
    named = office["officer2"].name
    told(office, "officer", who=named, how=f"{named}来问进度。", about=str(Case.get_by_id(filed.case).number))
    office.act(filed.case, "assign", "deputy", person=office["officer2"].person_id)
    item = next(
        item
        for item in open_case(office["officer2"], filed.case).timeline
        if item.action.name == "record_interference"
    )
    assert (item.by_name, item.facts, item.words) == (None, {}, {})
    event = CaseEvent.get(CaseEvent.case == filed.case, CaseEvent.action == "record_interference")
    assert event.sealed is None
    assert set(event.facts) == {"record"}


def test_words_that_a_case_was_told_before_are_shown_no_more(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed = office.assigned("officer")
    monkeypatch.setitem(EFFECTS, "keep_in_register", lambda _work: None)
    said = {"who": "某局王局长", "asked_on": TODAY, "how": "打电话。"}
    act(filed.case, "record_interference", office["officer"], **said)
    assert CaseEvent.get(CaseEvent.action == "record_interference").sealed is not None
    item = open_case(office["deputy"], filed.case).timeline[0]
    assert (item.by_name, item.facts, item.words) == (None, {}, {})


def test_where_only_the_case_keeps_its_readers_off_a_record_is_taken_all_the_same(office: Office) -> None:
    filed = office.file(own_people=True)
    recusals.declare(office["oversight2"], filed.case, "relative", "亲属。")
    for about in (filed.case, "清访2026-999999"):
        told(office, "auditor", who=office["oversight"].name, about=about)
    assert reads(office, "head") == []
    assert reads(office, "oversight2") == [office["oversight"].name]
    kept = Interference.select().join(InterferenceSeal)
    assert kept.where(InterferenceSeal.person == office["auditor"].person_id).count() == 1
    assert ledger.verify().findings == ()


def test_a_head_who_keeps_off_the_case_does_not_read_about_it(office: Office) -> None:
    filed = office.accepted()
    told(office, "intake", about=str(Case.get_by_id(filed.case).number))
    assert reads(office, "head") == ["某单位的人"]
    paper = Said("上级决定。", "interest", "清纪〔2026〕3号", TODAY)
    recusals.impose(office["deputy"], filed.case, office["head"].person_id, paper)
    assert reads(office, "head") == []
    assert reads(office, "oversight") == ["某单位的人"]


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"who": " "}, "who: empty"),
        ({"how": ""}, "how: empty"),
        ({"who": "长" * 201}, "who: too_long"),
        ({"asked_on": TODAY + dt.timedelta(days=1)}, "asked_on: ahead"),
    ],
)
def test_what_is_not_said_is_asked_for(office: Office, said: dict[str, Any], fault: str) -> None:
    with pytest.raises(Invalid, match=fault):
        told(office, "officer", **said)


# --- it stays ----------------------------------------------------------------------------------------------------


def test_in_the_clear_there_is_the_day_alone(office: Office) -> None:
    told(office, "officer")
    assert {field.name for field in Interference._meta.sorted_fields} == {"id", "recorded_on", "sealed"}
    assert (
        not InterferenceSeal.select().where(InterferenceSeal.person == office["officer"].person_id).exists()
    )
    (entry,) = (
        Entry.select().where(Entry.about_table == "interference").order_by(Entry.position.desc()).limit(1)
    )
    assert '"by"' not in entry.record


def test_when_its_readers_leave_a_record_keeps_its_last_seal(office: Office) -> None:
    told(office, "officer", who=office["head"].name)
    record = Interference.get(Interference.id.not_in(_noise()))
    for who in ("oversight2", "oversight"):
        accounts.deactivate(office["admin"], office[who].person_id)
    assert [seal.person.user_name for seal in record.seals] == ["oversight"]
    assert "interference_without_seal" not in {found.kind for found in ledger.verify().findings}
    InterferenceSeal.delete().execute()
    assert "interference_without_seal" in {found.kind for found in ledger.verify().findings}


def test_a_reader_who_comes_later_is_let_in_by_the_next_who_reads(office: Office) -> None:
    told(office, "officer")
    InterferenceSeal.delete().where(InterferenceSeal.person == office["oversight2"].person_id).execute()
    assert reads(office, "oversight2") == []
    reads(office, "head")
    assert reads(office, "oversight2") == ["某单位的人"]
    assert ledger.verify().findings == ()


def test_whoever_is_named_is_not_let_in_later_under_another_name(office: Office) -> None:
    told(office, "officer", who=office["head"].name)
    Person.update(name="高新主任").where(Person.user_name == "head").execute()
    reads(office, "oversight")
    assert reads(office, "head") == []


def test_a_record_that_is_changed_or_taken_away_is_found(office: Office) -> None:
    told(office, "officer")
    first, second = Interference.select().order_by(Interference.id)
    Interference.update(sealed=b"x").where(Interference.id == first.id).execute()
    InterferenceSeal.delete().where(InterferenceSeal.interference == second).execute()
    Interference.delete().where(Interference.id == second.id).execute()
    assert {(found.kind, found.row) for found in ledger.verify().findings} == {
        ("row_changed", first.id),
        ("row_missing", second.id),
    }


def test_the_auditor_sees_how_many_there_are_by_month_and_the_log_has_as_many(office: Office) -> None:
    told(office, "officer")
    assert interference.count_by_month(office["auditor"]) == [(TODAY.replace(day=1), 2)]
    assert Entry.select().where(Entry.about_table == "interference").count() == 2
    with pytest.raises(NotAllowed):
        interference.count_by_month(office["head"])


def _noise() -> Any:
    """The record of the fixture, which is the first that was made."""
    first = Entry.select().where(Entry.about_table == "interference").order_by(Entry.position).first()
    return [first.about_id]
