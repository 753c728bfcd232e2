"""How much a receipt code can add to a case: so many letters a day and in all, and the answer that was asked for."""

import datetime as dt
from collections.abc import Callable

import pytest

from tests.builders import MONDAY, Filed, Office
from whistle import clock
from whistle.services import messages, tracking
from whistle.services.errors import Conflict
from whistle.store.cases import CaseEvent
from whistle.store.reports import Message


@pytest.fixture(autouse=True)
def noise(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters of another reporter's, and small bounds."""
    monkeypatch.setattr(messages, "LETTERS_A_DAY", 3)
    monkeypatch.setattr(messages, "LETTERS_IN_ALL", 5)
    write(office, office.file(), 3)


def write(office: Office, filed: Filed, times: int) -> None:
    """Add so many letters, each by a form of its own."""
    visit = office.visit(filed)
    for number in range(times):
        tracking.write(visit, f"第{number}封", f"{filed.report}-{clock.now()}-{number}")


@pytest.mark.parametrize("ask", [tracking.write, tracking.request_withdrawal, tracking.request_protection])
def test_so_many_letters_a_day_whatever_they_ask_and_more_the_next_day(
    office: Office, ask: Callable[[str, str, str], None]
) -> None:
    filed = office.accepted()
    write(office, filed, 3)
    kept = Message.select().count(), CaseEvent.select().count()
    with pytest.raises(Conflict, match="too_many_letters") as told:
        ask(office.visit(filed), "还有", "one-more")
    assert told.value.data == {"most": 3}
    assert (Message.select().count(), CaseEvent.select().count()) == kept
    with clock.at(MONDAY + dt.timedelta(days=1)):
        ask(office.visit(filed), "还有", "one-more")


def test_so_many_letters_in_all_and_the_office_may_write_on(office: Office) -> None:
    filed = office.accepted()
    write(office, filed, 3)
    with clock.at(MONDAY + dt.timedelta(days=1)):
        write(office, filed, 2)
    with clock.at(MONDAY + dt.timedelta(days=2)):
        office.act(filed.case, "write", "intake", message="收到了。")
        with pytest.raises(Conflict, match="letters_full"):
            write(office, filed, 1)
        assert len(tracking.view(office.visit(filed)).letters) > messages.LETTERS_IN_ALL


def test_what_the_office_asks_can_still_be_answered(office: Office) -> None:
    filed = office.file()
    office.classify(filed.case)
    write(office, filed, 3)
    office.act(filed.case, "request_supplement", "intake", message="哪一天？")
    tracking.write(office.visit(filed), "八号上午。", "answer")
    with pytest.raises(Conflict, match="too_many_letters"):
        tracking.write(office.visit(filed), "还有", "one-more")


def test_a_letter_sent_again_at_the_bound_is_told_that_it_came(office: Office) -> None:
    filed = office.accepted()
    write(office, filed, 2)
    visit = office.visit(filed)
    tracking.request_protection(visit, "有人威胁", "form")
    with pytest.raises(Conflict, match="sent_already"):
        tracking.request_protection(visit, "有人威胁", "form")
