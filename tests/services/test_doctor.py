"""What is wrong with an office is read from what is there, and told to nobody but administrators and the shell."""

import datetime as dt

import pytest

from tests.builders import Office
from whistle import clock
from whistle.services import accounts, channels, days_off, desks, doctor
from whistle.services.errors import NotAllowed
from whistle.services.shell import SHELL
from whistle.store.cases import Case, Clock
from whistle.store.desks import IdentityHolder


def names(office: Office) -> set[str]:
    return {finding.name for finding in doctor.examine(office["admin"])}


def test_a_whole_office_has_no_findings(office: Office) -> None:
    assert doctor.examine(SHELL) == []


@pytest.mark.parametrize("user_name", ["intake", "head", "auditor", "oversight"])
def test_nobody_else_is_told(office: Office, user_name: str) -> None:
    with pytest.raises(NotAllowed):
        doctor.examine(office[user_name])


def test_the_gravest_come_first(office: Office) -> None:
    accounts.deactivate(office["admin"], office["officer2"].person_id)
    desks.make(office["admin"], "分台", "Branch")
    faults = [finding.is_fault for finding in doctor.examine(SHELL)]
    assert faults == [
        True,
        True,
        False,
        False,
    ]  # desk without deputy and key; an officer short, a key that one knew


def test_an_oversight_desk_of_one_is_closed(office: Office) -> None:
    accounts.deactivate(office["admin"], office["oversight2"].person_id)
    assert {"own_people_closed", "desk_needs_new_key", "too_few_people"} <= names(office)


def test_a_channel_of_a_desk_without_a_key_is_counted(office: Office) -> None:
    branch = desks.make(office["admin"], "分台", "Branch")
    channels.make(office["admin"], "窗口", "QY01", branch.id)
    (found,) = [row for row in doctor.examine(SHELL) if row.name == "channels_that_cannot_receive"]
    assert found.data == {"count": 1}


def test_cases_in_sealed_handling_are_not_counted_with_those_that_want_new_keys(office: Office) -> None:
    plain, sealed = office.accepted(), office.file(own_people=True)
    for case in (plain.case, sealed.case):
        Case.update(needs_new_keys=True).where(Case.id == case).execute()
    (found,) = [row for row in doctor.examine(office["admin"]) if row.name == "cases_need_new_keys"]
    assert found.data == {"count": 1}


def test_holders_of_names_are_two_and_read_none_of_the_cases(office: Office) -> None:
    noise = {"identity": "named", "name": "李四", "contact": "1380000xx04"}
    office.assigned(**noise)
    office.assigned("reviewer")
    assert not names(office) & {"holder_has_cases", "one_identity_holder"}
    office.assigned("reviewer", **noise)
    (found,) = [row for row in doctor.examine(SHELL) if row.name == "holder_has_cases"]
    assert found.data == {"name": office["reviewer"].name, "count": 1}
    desks.end_holder(office["head"], office["reviewer2"].person_id)
    assert "one_identity_holder" in names(office)
    IdentityHolder.update(ended_at=clock.now()).execute()  # as when the last one comes back with a new key
    assert "no_identity_holder" in names(office)


def years(office: Office) -> list[object]:
    found = doctor.examine(office["admin"])
    return [finding.data["year"] for finding in found if finding.name == "calendar_provisional"]


def test_a_clock_that_reaches_into_an_unpublished_year_is_told(office: Office) -> None:
    with clock.at(dt.datetime(2026, 12, 28, 1, 0, tzinfo=dt.UTC)):
        assert years(office) == []
        filed = office.file()
        assert years(office) == [2027]
        days_off.say_year(office["admin"], 2027, is_known=True)
        assert years(office) == []
        days_off.say_year(office["admin"], 2027, is_known=False)
        assert years(office) == [2027]
        days_off.say_year(office["admin"], 2027, is_known=True)
        office.classify(filed.case)
        office.act(filed.case, "decline", "intake", reason="court", message="请向法院提出。")
        office.approve("deputy")
        assert years(office) == []


def test_a_year_of_which_nothing_is_published_is_told_with_all_that_clocks_count_through(
    office: Office,
) -> None:
    with clock.at(dt.datetime(2028, 12, 28, 1, 0, tzinfo=dt.UTC)):
        office.file()
        assert years(office) == [2028, 2029]
        Clock.update(started_on=dt.date(2027, 12, 1)).where(Clock.name == "accept").execute()
        assert years(office) == [2027, 2028, 2029]
