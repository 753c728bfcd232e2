"""What is wrong with an office is read from what is there, and told to nobody but administrators and the shell."""

import pytest

from tests.builders import Office
from whistle.services import accounts, channels, desks, doctor
from whistle.services.errors import NotAllowed
from whistle.services.shell import SHELL


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
