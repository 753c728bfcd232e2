"""Correcting people: what decides whom reports stay closed to waits for somebody else."""

import pytest

from tests.people import Town
from whistle.services import accounts, admissions, corrections
from whistle.services.errors import Invalid, NotAllowed
from whistle.store.people import Person


def _correct(town: Town, who: str, **what: str | None) -> bool:
    person = Person.get(Person.id == town[who].person_id)
    given = {"name": person.name, "user_name": person.user_name, "unit_code": None} | what
    return corrections.correct(town["admin"], person.id, **given)  # type: ignore[arg-type]


def _officer(town: Town) -> Person:
    return Person.get_by_id(town["officer"].person_id)


def test_a_user_name_changes_at_once_and_name_and_unit_wait_for_the_head(staffed: Town) -> None:
    before = _officer(staffed).name
    assert _correct(staffed, "officer", user_name=" Wang.2 ") is False
    assert _officer(staffed).user_name == "wang.2"
    assert _correct(staffed, "officer", name="王五", unit_code="QY01")
    assert (_officer(staffed).name, _officer(staffed).unit) == (before, None)
    waiting = admissions.confirmations(staffed["head"])
    assert [(row.kind, row.old, row.new) for row in waiting] == [
        ("person_name", before, "王五"),
        ("person_unit", "", "清源区行政审批局"),
    ]
    for row in waiting:
        with pytest.raises(NotAllowed):
            admissions.confirm(staffed["deputy"], row.id)
        admissions.confirm(staffed["head"], row.id)
    assert (_officer(staffed).name, _officer(staffed).unit.code) == ("王五", "QY01")
    told = corrections.told(staffed["admin"], _officer(staffed).id)
    assert [row.was for row in told[:3]] == [{"unit": ""}, {"name": before}, {"user_name": "officer"}]
    assert told[-1].what == "account_invited"


def test_nobody_decides_which_reports_stay_closed_to_themselves(staffed: Town) -> None:
    assert _correct(staffed, "head", unit_code="QY01")
    assert admissions.confirmations(staffed["head"]) == []
    (row,) = admissions.confirmations(staffed["deputy"])
    with pytest.raises(NotAllowed):
        admissions.confirm(staffed["head"], row.id)
    admissions.confirm(staffed["deputy"], row.id)
    assert Person.get_by_id(staffed["head"].person_id).unit.code == "QY01"
    with pytest.raises(NotAllowed):
        _correct(staffed, "admin", user_name="root")


def test_before_there_is_a_key_everything_is_corrected_at_once(staffed: Town) -> None:
    accounts.invite(staffed["admin"], "zhang", "张二", "officer")
    person = Person.get(Person.user_name == "zhang")
    assert not corrections.correct(
        staffed["admin"], person.id, name="张三", user_name="zhang", unit_code="QY01"
    )
    person = Person.get(Person.user_name == "zhang")
    assert (person.name, person.unit.code) == ("张三", "QY01")


@pytest.mark.on_both_databases
@pytest.mark.parametrize(
    ("what", "fault"),
    [
        ({"user_name": "intake"}, "taken"),
        ({"user_name": "王"}, "pattern"),
        ({"unit_code": "NONE"}, "unknown"),
        ({"name": ""}, "name"),
    ],
)
def test_what_cannot_be_is_refused_whole(staffed: Town, what: dict[str, str], fault: str) -> None:
    with pytest.raises(Invalid, match=fault):
        _correct(staffed, "officer", **({"name": "王五"} | what))
    assert (_officer(staffed).user_name, admissions.confirmations(staffed["head"])) == ("officer", [])
