"""No deactivation buries a report: what nobody can open any more comes to the head by the recovery sheet."""

import pytest

from tests.people import Town
from whistle.services import accounts, desks, drafts, intake, recovery
from whistle.services.casework import desk, reading, rescue
from whistle.services.casework.act import act
from whistle.services.errors import Conflict, Invalid, NotAllowed
from whistle.store.cases import Case
from whistle.store.channels import Channel
from whistle.store.reports import IdentitySeal


def _file(story: str) -> str:
    secret = drafts.begin(Channel.select().get().token)
    drafts.save(secret, {"kind": "advice", "unit": "unknown", "story": story, "identity": "anonymous"})
    intake.submit(secret)
    return str(Case.select().where(Case.number.is_null()).get().id)


def _remove_the_desk(staffed: Town) -> None:
    for row in accounts.list_people(staffed.people["admin"]):
        if row.role == "intake" and row.state == "active":
            accounts.deactivate(staffed.people["admin"], row.id)


def test_a_report_that_only_removed_people_could_read_comes_to_the_head_by_the_sheet(staffed: Town) -> None:
    case = _file("四趟十天")
    head = staffed.people["head"]
    assert rescue.count(head).cases == 0
    _remove_the_desk(staffed)
    assert rescue.count(head).cases == 1
    assert not desk.list_cases(head, desk.DeskFilters()).rows[0].can_open
    assert rescue.rescue(head, staffed.sheet) == 1
    assert reading.open_case(head, case).reports[0].answers["story"] == "四趟十天"
    assert rescue.count(head).cases == 0


def test_what_was_merged_comes_back_with_the_case_that_it_was_merged_into(staffed: Town) -> None:
    head, intake = staffed.people["head"], staffed.people["intake"]
    for number in range(4):
        _file(f"第{number}件")
    target, *sources = [str(case.id) for case in Case.select()]
    for source in sources:
        act(source, "merge", intake, target=target, reason="同一事实")
    _remove_the_desk(staffed)
    assert rescue.rescue(head, staffed.sheet) == 4
    assert len(reading.open_case(head, target).reports) == 4
    assert all(reading.open_case(head, source).timeline for source in sources)


@pytest.mark.parametrize(("sheet", "reason"), [("", "mistyped"), ("AAAA BBBB", "mistyped")])
def test_a_sheet_that_is_not_the_offices_opens_nothing(staffed: Town, sheet: str, reason: str) -> None:
    _file("一")
    _remove_the_desk(staffed)
    with pytest.raises(Invalid) as caught:
        rescue.rescue(staffed.people["head"], sheet)
    assert caught.value.reason == reason


@pytest.mark.parametrize("who", ["admin", "deputy"])
def test_nobody_but_the_head_types_the_sheet(staffed: Town, who: str) -> None:
    with pytest.raises(NotAllowed):
        rescue.rescue(staffed.people[who], staffed.sheet)


def test_names_that_no_holder_has_any_more_come_back_by_the_sheet_once_somebody_holds_them(
    staffed: Town,
) -> None:
    staffed.file_named()
    head = staffed["head"]
    desks.name_holder(head, staffed["reviewer"].person_id)
    desks.end_holder(head, staffed["head"].person_id)
    staffed.activate(accounts.reinvite(staffed["admin"], staffed["reviewer"].person_id))
    staffed.admit("head", "reviewer")
    assert rescue.count(head) == rescue.Lost(cases=0, names=1, has_holder=False)
    assert recovery.is_complete(), "the sheet is still the one that was printed"
    with pytest.raises(Conflict, match="nobody_to_hold"):
        rescue.rescue(head, staffed.sheet)
    desks.name_holder(head, staffed["reviewer"].person_id)
    assert rescue.rescue(head, staffed.sheet) == 0
    assert rescue.count(head) == rescue.Lost()
    assert [seal.person.user_name for seal in IdentitySeal.select()] == ["reviewer"]
