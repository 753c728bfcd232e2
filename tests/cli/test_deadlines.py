"""`whistle deadlines run` and the worker as one story: told once, sent once, and never with a word of a case."""

import datetime as dt

import pytest
from click.testing import Result

from tests.builders import Office
from tests.cli.typed import TypeIn, type_early, type_in  # noqa: F401 - fixtures
from tests.post_office import PostOffice
from whistle import clock
from whistle.services import duties
from whistle.store.outbox import Notice, Reminder
from whistle.store.people import Person

LATE = dt.datetime(2026, 10, 20, 1, 0, tzinfo=dt.UTC)


def told(done: Result) -> list[str]:
    assert (done.exit_code, done.stderr) == (0, "")
    return done.stdout.splitlines()


def test_due_days_are_told_once_and_sent_by_the_worker(
    type_in: TypeIn,  # noqa: F811
    office: Office,
    post_office: PostOffice,
) -> None:
    office.assigned()
    Person.update(email="line@example.org").execute()
    with clock.at(LATE):
        assert told(type_in("deadlines", "run")) == ["due days told of: 1", "people with a new notice: 3"]
        assert post_office.letters == []
        for _ in range(2):
            assert type_in("worker", "--once").exit_code == 0
            assert told(type_in("deadlines", "run")) == ["due days told of: 0", "people with a new notice: 0"]
    assert len(post_office.letters) == 3


def test_the_worker_alone_does_it_in_the_morning(
    type_in: TypeIn,  # noqa: F811
    office: Office,
    post_office: PostOffice,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(duties, "_reminded", None)
    office.assigned()
    Person.update(email="line@example.org").execute()
    for hour in (22, 24):  # six and eight in the morning in Shanghai
        with clock.at(dt.datetime(2026, 10, 19, 0, 0, tzinfo=dt.UTC) + dt.timedelta(hours=hour)):
            assert type_in("worker", "--once").exit_code == 0
            assert len(post_office.letters) == {22: 0, 24: 3}[hour]


def test_without_a_mail_server_it_says_where_notices_are(type_in: TypeIn, office: Office) -> None:  # noqa: F811
    office.assigned()
    with clock.at(LATE):
        lines = told(type_in("deadlines", "run"))
    assert "WHISTLE_SMTP_URL" in lines[-1]
    assert {row.state for row in Notice.select()} == {"kept"}


def test_before_anything_is_set_up_there_is_nothing_to_tell(type_early: TypeIn) -> None:  # noqa: F811
    assert told(type_early("deadlines", "run"))[0] == "due days told of: 0"
    assert not Reminder.select().exists()
