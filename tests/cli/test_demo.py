"""`whistle demo` as a story: built once, months deep, in every state; typed again it says what is there."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import Result

from tests.cli.typed import TypeIn, refused, typing
from tests.conftest import make_app
from whistle import clock, config
from whistle.cli import demo, demo_stories
from whistle.rules.workflow import STATES
from whistle.services import ledger, sessions, superior, tracking
from whistle.services.access import Acting
from whistle.services.attachments import File
from whistle.services.casework import approvals, reading
from whistle.services.casework.desk import DeskFilters, list_cases
from whistle.store.attachments import Attachment
from whistle.store.cases import Case, CaseEvent, Proposal
from whistle.store.channels import Channel
from whistle.store.database import close_all
from whistle.store.people import Person
from whistle.store.reports import IdentityAsking, IdentityLook, Message, Report
from whistle.store.units import Unit
from whistle.vault import passwords

#: It takes a while to build: once a run, and not once in each of its processes.
pytestmark = pytest.mark.xdist_group("demo")

USER_NAMES = (
    "intake officer officer2 reviewer deputy head auditor supervisor oversight oversight2 "
    "intake2 reviewer2 admin admin2"
)
#: A Monday evening, so that the demo's days are the same in each run.
NOW = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)


@dataclass
class Made:
    """A demo and what was printed while it was made."""

    instance: Path
    type_in: TypeIn
    first: Result


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    instance = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch, clock.at(NOW):
        patch.setattr(passwords, "MEMORY_KIB", 64)
        patch.setattr(passwords, "ITERATIONS", 1)
        type_in = typing(make_app(config.load({"WHISTLE_INSTANCE": str(instance)})))
        yield Made(instance, type_in, type_in("demo"))
    close_all()


def acting(user_name: str):
    return sessions.acting(sessions.switch(None, user_name).secret)


def test_it_ends_with_the_common_password(made: Made) -> None:
    assert made.first.exit_code == 0, made.first.output
    last = made.first.stdout.splitlines()[-1]
    assert last.startswith("password: ")
    assert sessions.sign_in("officer", last.removeprefix("password: ")).stage == "open"


def test_the_second_time_it_says_what_is_there_and_makes_nothing(made: Made) -> None:
    reports = Report.select().count()
    again = made.type_in("demo")
    assert again.exit_code == 0
    assert "there already" in again.stdout
    assert again.stdout.splitlines()[-1] == made.first.stdout.splitlines()[-1]
    assert Report.select().count() == reports


def test_people_of_every_role_have_the_fixed_names(made: Made) -> None:
    assert set(USER_NAMES.split()) <= {p.user_name for p in Person.select().where(Person.state == "active")}


def test_the_district_is_whole(made: Made) -> None:
    assert Unit.select().count() == 18
    assert 30 <= Channel.select().count() <= 60
    assert Report.select().count() == 48


def test_looks_at_real_names_are_asked_for_granted_and_used(made: Made) -> None:
    assert {asking.state for asking in IdentityAsking.select()} == {"given", "waiting"}
    assert IdentityLook.select().count() == 1


def test_cases_stand_in_every_state_there_is(made: Made) -> None:
    assert {case.state for case in Case.select()} == set(STATES)
    assessing = [case.officer_id for case in Case.select().where(Case.state == "assessing")]
    assert None in assessing
    assert any(assessing)


def test_every_action_happened_somewhere(made: Made) -> None:
    done = {event.action for event in CaseEvent.select(CaseEvent.action).distinct()}
    waiting = {row.action for row in Proposal.select().where(Proposal.state == "waiting")}
    wanted = {
        *("receive", "receive_flagged", "classify", "accept", "decline", "redirect", "returned", "assign"),
        *("hand_over", "request_supplement", "supplement", "lapse_supplement", "give_notice", "write"),
        *("request_withdrawal", "request_recusal", "to_oversight", "release_oversight", "forward_up"),
        *(
            "study",
            "refer",
            "start_inquiry",
            "deliver_letter",
            "start_verification",
            "hold",
            "file_case",
            "to_review",
        ),
        *(
            "propose_disposal",
            "decide",
            "enforce_done",
            "resolve",
            "conclude_unfounded",
            "feed_back",
            "rate",
            "close",
        ),
        *(
            "look_back",
            "archive",
            "merge",
            "object_transfer",
            "subject.add",
            "measure.propose",
            "measure.deliver",
        ),
        *("item.make", "talk.schedule", "record_interference", "declare_recusal", "recuse"),
    }
    assert wanted <= done
    assert waiting == {"decline", "redirect", "reclassify"}
    assert len(approvals.queue(acting("deputy"))) == len(waiting)


def test_both_sides_write(made: Made) -> None:
    sides = Counter(message.side for message in Message.select())
    assert min(sides.values()) > 25


def test_it_is_several_months_deep_and_nothing_lies_ahead(made: Made) -> None:
    days = [report.received_on for report in Report.select()]
    assert max(days) - min(days) > dt.timedelta(days=145)
    assert len({(day.year, day.month) for day in days}) >= 5
    assert max(event.recorded_on for event in CaseEvent.select()) <= clock.day_of(NOW)


def test_the_clocks_are_green_amber_and_red(made: Made) -> None:
    by, colours = acting("deputy"), Counter()
    page = list_cases(by, DeskFilters(view="all"))
    while True:
        colours.update(row.clock.colour for row in page.rows if row.clock is not None)
        if page.older is None:
            break
        page = list_cases(by, DeskFilters(view="all"), older=page.older)
    assert colours["green"] > colours["red"] > 2
    assert colours["amber"] > 1


def test_the_receipt_codes_open_reports(made: Made) -> None:
    shown = [line.partition(": ")[2] for line in made.first.stdout.splitlines() if line.startswith("receipt")]
    views = [tracking.view(tracking.open_report(code)) for code in shown]
    assert len(views) == 3
    assert views[0].question is not None
    assert views[1].is_named


def test_every_file_that_a_report_speaks_of_is_there_and_can_be_taken_out(made: Made) -> None:
    stories = demo_stories.load()
    named = [item["filename"] for story in stories for item in story.source.get("attachments", ())]
    assert Attachment.select().count() == len(named) > 50
    by = acting("officer")
    rows = list_cases(by, DeskFilters(view="all")).rows
    shown = [file for row in rows if row.can_open for file in _files(by, row.ref)]
    assert {"image", "audio", "application"} <= {file.kind.family for file in shown}
    assert {file.name for file in shown} <= set(named)


def _files(by: Acting, ref: str) -> list[File]:
    case = reading.open_case(by, ref)
    return [file for report in case.reports for file in report.files]


def test_the_package_for_the_superior_opens_with_its_key_alone(made: Made) -> None:
    key = (made.instance / demo.PACKAGE_KEY).read_text()
    assert "付饭钱" in superior.open_package(key, (made.instance / demo.PACKAGE).read_bytes())


def test_the_log_holds(made: Made) -> None:
    found = ledger.verify()
    assert (found.findings, found.complete) == ([], True) or (found.findings, found.complete) == ((), True)


def test_it_refuses_an_instance_that_is_something_else(tmp_path: Path, office, office_url: str) -> None:
    app = make_app(config.load({"WHISTLE_DATABASE_URL": office_url, "WHISTLE_INSTANCE": str(tmp_path)}))
    assert "WHISTLE_INSTANCE=instance/demo" in refused(typing(app)("demo"))
    assert not (tmp_path / demo.FACTS).exists()


@pytest.mark.parametrize("day", ["2026-02-20", "2026-05-04", "2026-10-05", "2027-01-01"])
def test_whatever_the_day_all_acts_keep_their_order_and_lie_in_the_past(day: str) -> None:
    now = dt.datetime.fromisoformat(f"{day}T00:30:00+08:00")
    beats = demo_stories.beats(demo_stories.load(), now)
    assert all(beat.at < now for beat in beats)
    for story in {id(beat.story): beat.story for beat in beats}.values():
        own = [beat for beat in beats if beat.story is story]
        assert [beat.what for beat in own] == [
            "send",
            *(what for _days, _who, what, _inputs in story.told["acts"]),
        ]


def test_every_text_of_a_story_is_there() -> None:
    for story in demo_stories.load():
        for _days, _who, _what, inputs in story.told["acts"]:
            assert not any(str(story.text(value)).startswith("@") for value in inputs.values())
        json.dumps(story.told)
