"""A frame's token: what it opens, and all that makes it worth nothing."""

import datetime as dt
import json
from collections.abc import Callable

import pytest

from tests.builders import MONDAY, Office, attach
from whistle import clock
from whistle.services import accounts, admissions, assignment, corrections, sessions, tracking
from whistle.services.access import Acting, units_kept_out
from whistle.services.casework import file_views, reading
from whistle.services.errors import NotFound
from whistle.store import files
from whistle.store.attachments import Attachment, FileView
from whistle.store.cases import Case
from whistle.store.entries import Entry
from whistle.store.people import Person
from whistle.store.units import Unit
from whistle.vault.errors import SealBroken
from whistle.vault.stream import PIECE

TEXT = "那天上午的经过".encode()
LONG = bytes(range(256)) * 1_000  # some chunks of 64 KB
PNG = b"\x89PNG\r\n\x1a\n" + LONG


def looked(office: Office, who: Acting, case: str) -> str:
    """The token of a file of a case that this person may read."""
    [found] = reading.open_case(who, case).reports[0].files
    return file_views.look(who, case, found.id).token


def test_a_token_opens_the_one_file_for_half_an_hour_and_says_nothing_of_the_case(office: Office) -> None:
    filed = office.file(files={"经过.txt": TEXT})
    opened = file_views.opened(looked(office, office["intake"], filed.case))
    assert b"".join(opened.read(0, opened.size)) == TEXT
    assert (opened.name, opened.kind.name, opened.size) == ("经过.txt", "text", len(TEXT))
    assert {field for field in opened.__slots__ if "case" in field or "report" in field} == set()


@pytest.mark.parametrize(
    ("start", "stop"), [(0, 1), (PIECE - 1, PIECE + 1), (PIECE, 3 * PIECE), (len(PNG) - 1, len(PNG))]
)
def test_any_part_is_read_across_the_borders_of_chunks(office: Office, start: int, stop: int) -> None:
    filed = office.file(files={"a.png": PNG})
    opened = file_views.opened(looked(office, office["intake"], filed.case))
    assert b"".join(opened.read(start, stop)) == PNG[start:stop]


def _sign_out(office: Office, who: Acting, _case: str) -> None:
    sessions.end_all(who.person_id)


def _deactivate(office: Office, who: Acting, _case: str) -> None:
    accounts.deactivate(office["admin"], who.person_id)


def _hand_over(office: Office, who: Acting, _case: str) -> None:
    assignment.hand_over(office["deputy"], who.person_id, office["officer2"].person_id, "调离")


def _name_as_concerned(office: Office, who: Acting, case: str) -> None:
    office.act(case, "reclassify", "officer", **ANOTHER_CLASS, subject=who.name)
    office.approve("deputy")


def _turn_out_to_be_of_the_unit(office: Office, who: Acting, case: str) -> None:
    """The seal lies there until somebody renews the case's keys."""
    [unit] = units_kept_out(Case.get_by_id(case))
    person = Person.get_by_id(who.person_id)
    corrections.correct(
        office["admin"],
        person.id,
        name=person.name,
        user_name=person.user_name,
        unit_code=Unit.get_by_id(unit).code,
    )
    [wish] = admissions.confirmations(office["head"])
    admissions.confirm(office["head"], wish.id)


ANOTHER_CLASS = {
    "category": "delay",
    "kind": "lead",
    "severity": "ordinary",
    "complexity": "ordinary",
    "reason": "是慢作为。",
}


@pytest.mark.parametrize(
    "end", [_sign_out, _deactivate, _hand_over, _name_as_concerned, _turn_out_to_be_of_the_unit]
)
def test_a_token_is_worth_nothing_once_its_officer_may_not_read(
    office: Office, end: Callable[[Office, Acting, str], None]
) -> None:
    filed = office.assigned("officer", files={"经过.txt": TEXT})
    token = looked(office, office["officer"], filed.case)
    assert file_views.opened(token).size == len(TEXT)
    end(office, office["officer"], filed.case)
    with pytest.raises(NotFound):
        file_views.opened(token)


@pytest.mark.parametrize("minutes", [20, 30])
def test_a_token_ends_with_the_idle_session_and_after_half_an_hour_at_the_latest(
    office: Office, minutes: int
) -> None:
    filed = office.file(files={"经过.txt": TEXT})
    token = looked(office, office["intake"], filed.case)
    if minutes == 30:  # somebody who goes on working meanwhile
        view = FileView.get()
        view.session.seen_at = MONDAY + dt.timedelta(minutes=29)
        view.session.save()
    with clock.at(MONDAY + dt.timedelta(minutes=minutes - 1)):
        file_views.opened(token)
    with clock.at(MONDAY + dt.timedelta(minutes=minutes)), pytest.raises(NotFound):
        file_views.opened(token)


@pytest.mark.on_both_databases
@pytest.mark.parametrize("token", ["", "x" * 32, "\0", "密"])
def test_what_was_never_a_token_opens_nothing(office: Office, token: str) -> None:
    with pytest.raises(NotFound):
        file_views.opened(token)


def test_a_file_of_a_letter_opens_too_and_one_of_another_case_does_not(office: Office) -> None:
    filed, other = office.assigned(), office.assigned()
    secret = office.visit(filed)
    attach(secret, "track", {"后来.txt": TEXT})
    tracking.write(secret, "见文件", "form-1")
    file = Attachment.get().id
    assert file_views.look(office["officer"], filed.case, file).file.name == "后来.txt"
    with pytest.raises(NotFound):
        file_views.look(office["officer"], other.case, file)


def test_a_file_that_was_changed_in_the_store_is_given_out_no_further_than_it_is_whole(
    office: Office,
) -> None:
    filed = office.file(files={"a.png": PNG})
    opened = file_views.opened(looked(office, office["intake"], filed.case))
    path = next(iter(files.store().root.rglob(opened.file)))
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    pieces = opened.read(0, opened.size)
    assert PNG.startswith(next(pieces))
    with pytest.raises(SealBroken):
        list(pieces)
    path.write_bytes(bytes(len(whole)))
    with pytest.raises(NotFound):
        opened.read(0, opened.size)
    path.unlink()
    with pytest.raises(NotFound):
        opened.read(0, opened.size)


def test_the_log_says_who_looked_at_which_file(office: Office) -> None:
    case, file = office.file(files={"a.png": PNG}).case, Attachment.get().id
    before = Entry.select().count()
    for _ in range(2):
        looked(office, office["intake"], case)
    records = [json.loads(row.record) for row in Entry.select().where(Entry.position >= before)]
    looks = [record for record in records if record["what"] == "file_opened"]
    assert [(record["by"], record["more"]) for record in looks] == [
        (office["intake"].person_id, {"case": case, "file": file})
    ] * 2
