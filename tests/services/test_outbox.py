"""The outbox: each notice goes once, none is lost while the mail server is down, and none says more than counts."""

import datetime as dt
from typing import Any

import pytest
from peewee import OperationalError

from tests.builders import Office
from tests.post_office import PostOffice
from tests.services.test_races import at_once
from whistle import clock
from whistle.services import doctor, notices, outbox, reminders
from whistle.services.casework import reading
from whistle.services.shell import SHELL
from whistle.store.cases import Case
from whistle.store.outbox import Notice
from whistle.store.people import Person

#: A day on which all of the line has something to be told of.
LATE = dt.datetime(2026, 10, 20, 1, 0, tzinfo=dt.UTC)
LINE = ("officer", "deputy", "head")


@pytest.fixture(autouse=True)
def addresses(office: Office) -> None:
    for person in Person.select():
        person.email = f"{person.user_name}@example.org"
        person.save(only=[Person.email])


def remind(office: Office, *, at: dt.datetime = LATE) -> None:
    """A notice for each of the line."""
    office.assigned()
    with clock.at(at):
        reminders.run(SHELL)


def send(minutes: int = 0, *, since: dt.datetime = LATE) -> outbox.Sent:
    with clock.at(since + dt.timedelta(minutes=minutes)):
        return outbox.send_due(SHELL)


def states() -> dict[str, tuple[str, str | None]]:
    return {row.person.user_name: (row.state, row.why) for row in Notice.select()}


def test_everybody_has_one_letter_and_a_second_round_sends_nothing(
    office: Office, post_office: PostOffice
) -> None:
    remind(office)
    assert send() == outbox.Sent(3, 0)
    assert send() == send(600) == outbox.Sent(0, 0)
    assert sorted(letter["To"] for letter in post_office.letters) == sorted(f"{n}@example.org" for n in LINE)
    assert len({letter["Message-ID"] for letter in post_office.letters}) == 3
    assert set(states().values()) == {("sent", None)}


def test_a_letter_has_counts_alone_and_the_language_of_its_reader(
    office: Office, post_office: PostOffice
) -> None:
    """Whatever a case holds in the clear or sealed: none of it goes by mail."""
    story = "马某每月收二百元"
    filed = office.assigned(story=story, people="马某", identity="named", name="李四", contact="1380000xx04")
    office.act(filed.case, "write", "officer", message="您好请补充日期")
    seen = reading.open_case(office["officer"], filed.case)
    Person.update(locale="en").where(Person.user_name == "head").execute()
    with clock.at(LATE):
        reminders.run(SHELL)
    send()
    planted = {story, "马某", "李四", "1380000xx04", "您好请补充日期", filed.code, filed.case, filed.report}
    planted |= {str(seen.number), seen.desk_zh, office.token, "assess", "lead", "http", "清风哨", "Whistle"}
    planted |= {row.name for row in Person.select()} | {str(seen.clocks[0].row.term.zh)}
    for letter in post_office.letters:
        whole = letter.as_string() + letter.get_content() + str(letter["Subject"])
        assert [word for word in planted if word in whole] == []
    (chinese,), (english,) = post_office.texts("officer@example.org"), post_office.texts("head@example.org")
    assert chinese.splitlines()[:3] == ["截至2026年10月20日，新提醒的期限共2个：", "", "已经超期：2"]
    assert english.splitlines()[:3] == [
        "As of 20 October 2026, due days with something new to tell: 2",
        "",
        "overdue: 2",
    ]
    assert {str(letter["Subject"]) for letter in post_office.letters} == {"工作提醒", "A reminder"}


def test_while_the_server_is_down_nothing_is_lost_and_it_is_asked_less_and_less(
    office: Office, post_office: PostOffice
) -> None:
    remind(office)
    post_office.shut()
    asked = [minute for minute in range(0, 90) if send(minute).failed]
    assert asked == [0, 1, 6, 21, 81]
    with clock.at(LATE):
        found = {row.name: row.data for row in doctor.examine(SHELL)}
    assert found["notices_failing"]["count"] == 3
    assert found["notices_failing"]["why"] == outbox.REASONS["unreachable"]
    post_office.open()
    assert send(260) == outbox.Sent(0, 0)
    assert send(261) == outbox.Sent(3, 0)
    assert len(post_office.letters) == 3


def test_after_days_without_the_server_a_notice_is_given_up_and_doctor_says_whose(
    office: Office, post_office: PostOffice
) -> None:
    remind(office)
    post_office.shut()
    for hours in range(0, 24 * 5, 3):
        send(60 * hours)
    assert set(states().values()) == {("given_up", "unreachable")}
    names = {Person.get(Person.user_name == name).name for name in LINE}
    with clock.at(LATE + dt.timedelta(days=6)):
        (found,) = [row for row in doctor.examine(SHELL) if row.name == "notices_given_up"]
        assert (set(found.data["names"]), found.is_fault) == (names, True)
    with clock.at(LATE + dt.timedelta(days=60)):
        assert "notices_given_up" not in {row.name for row in doctor.examine(SHELL)}


def test_one_address_that_is_refused_keeps_no_other_from_going(
    office: Office, post_office: PostOffice
) -> None:
    remind(office)
    post_office.refuses["deputy@example.org"] = "550 no such user"
    post_office.refuses["head@example.org"] = "450 greylisted"
    assert send() == outbox.Sent(1, 2)
    assert states() == {
        "officer": ("sent", None),
        "deputy": ("given_up", "address"),
        "head": ("waiting", "later"),
    }
    with clock.at(LATE):
        (found,) = [row for row in doctor.examine(SHELL) if row.name == "notices_given_up"]
        assert found.data["names"] == (Person.get(Person.user_name == "deputy").name,)
    post_office.refuses.clear()
    assert send(1) == outbox.Sent(1, 0)
    office.assigned()
    with clock.at(LATE + dt.timedelta(days=1)):
        reminders.run(SHELL)
        outbox.send_due(SHELL)
        assert "notices_given_up" not in {row.name for row in doctor.examine(SHELL)}


def test_workers_at_once_send_each_letter_once(office: Office, post_office: PostOffice) -> None:
    remind(office)
    done = at_once(*[lambda: outbox.send_due(SHELL)] * 4, now=LATE)
    assert sum(one.sent for one in done) == 3
    assert len(post_office.letters) == 3


def test_what_a_worker_had_in_hand_when_it_died_is_taken_up_again(
    office: Office, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    remind(office)

    class Died(BaseException):
        pass

    def die(*_: Any, **__: Any) -> None:
        raise Died

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "_record_failure", die)
        patch.setattr(outbox, "_record_sent", die)
        post_office.refuses["data"] = "452 full"
        with pytest.raises(Died):
            send()
    post_office.refuses.clear()
    assert send(5) == outbox.Sent(2, 0)
    assert send(15) == outbox.Sent(1, 0)
    assert len(post_office.letters) == 3


def test_that_a_letter_went_is_written_down_however_busy_the_database(
    office: Office, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    remind(office)
    whole, busy = outbox._settle_sent, iter([True, True, False] * 3)

    def settle(*given: Any) -> None:
        if next(busy):
            raise OperationalError("database is locked")
        whole(*given)

    monkeypatch.setattr(outbox, "_settle_sent", settle)
    assert send() == outbox.Sent(3, 0)
    assert send(60) == outbox.Sent(0, 0)


@pytest.mark.parametrize("when", ["before", "after"])
def test_who_has_no_address_or_left_is_written_nothing(
    office: Office, post_office: PostOffice, when: str
) -> None:
    def go() -> None:
        Person.update(email=None).where(Person.user_name == "deputy").execute()
        Person.update(state="deactivated").where(Person.user_name == "head").execute()

    office.assigned()
    with clock.at(LATE):
        reminders._tell(SHELL, [row.id for row in Case.select(Case.id)])
        if when == "before":
            go()
        notices.close_all(SHELL, is_mailed=True)
        go()
    assert send() == outbox.Sent(1, 0)
    assert states() == {"officer": ("sent", None), "deputy": ("kept", "no_address"), "head": ("kept", "left")}
    with clock.at(LATE):
        found = {row.name: row.data for row in doctor.examine(SHELL)}
        assert found["no_address"]["names"] == (Person.get(Person.user_name == "deputy").name,)


def test_without_a_server_notices_are_kept_and_none_is_sent_when_there_is_one_later(
    office: Office, request: pytest.FixtureRequest
) -> None:
    remind(office)
    assert set(states().values()) == {("kept", "no_server")}
    opened: PostOffice = request.getfixturevalue("post_office")
    assert send() == outbox.Sent(0, 0)
    assert opened.letters == []


def test_bodies_are_forgotten_thirty_days_after_sending_and_what_became_of_them_stays(
    office: Office, post_office: PostOffice
) -> None:
    remind(office)
    send()
    found = []
    for days in (30, 31, 32):
        with clock.at(LATE + dt.timedelta(days=days)):
            found.append(outbox.forget_bodies(SHELL))
    assert found == [0, 3, 0]
    assert {row.counts for row in Notice.select()} == {None}
    assert set(states().values()) == {("sent", None)}
