"""What became of the demo's reports: read from the data, put in order of time, and lived through act by act."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from whistle import clock
from whistle.rules.workdays import Calendar
from whistle.services import drafts, intake, sessions, tracking, visit_files
from whistle.services.access import Acting
from whistle.services.casework import approvals, reading
from whistle.services.casework.act import act
from whistle.services.casework.desk import list_cases
from whistle.services.casework.desk_filters import DeskFilters

DATA = Path(__file__).resolve().parent.parent / "demo_data"

REPORTER = "reporter"
#: A person of the office signs in anew after so many days; in between the same session stands for many.
SIGN_IN_DAYS = 30
#: The last act lies at least so far back, so that nothing happens while one looks.
LAST_ACT = dt.timedelta(minutes=20)
BETWEEN_ACTS = dt.timedelta(minutes=9)


@dataclass(slots=True)
class Story:
    """A report of the data with what became of it; `case`, `code` and `proposal` are known once it happened."""

    told: dict[str, Any]
    source: dict[str, Any]
    case: str = ""
    code: str = ""
    proposal: str = ""

    @property
    def is_flagged(self) -> bool:
        return bool(self.told.get("own_people"))

    def text(self, value: Any) -> Any:
        """A text as it is sent: `@0` is the first reply of the data."""
        if isinstance(value, str) and value.startswith("@"):
            return self.source["replies"][int(value[1:])]["text"]
        return value


@dataclass(frozen=True, slots=True, order=True)
class Beat:
    """One act at its instant."""

    at: dt.datetime
    number: int
    story: Story = field(compare=False)
    who: str = field(compare=False)
    what: str = field(compare=False)
    inputs: dict[str, Any] = field(compare=False)


@dataclass(slots=True)
class Cast:
    """The people of the office, signed in when they are needed."""

    signed_in: dict[str, tuple[dt.datetime, Acting]] = field(default_factory=dict)

    def __getitem__(self, user_name: str) -> Acting:
        since, acting = self.signed_in.get(user_name, (None, None))
        if since is None or acting is None or clock.now() - since > dt.timedelta(days=SIGN_IN_DAYS):
            acting = sessions.acting(sessions.switch(None, user_name).secret)
            self.signed_in[user_name] = (clock.now(), acting)
        return acting


def load() -> list[Story]:
    """All stories with the reports they are about."""
    lines = (DATA / "reports.jsonl").read_text("utf-8").splitlines()
    reports = {row["id"]: row for row in map(json.loads, lines)}
    stories = json.loads((DATA / "stories.json").read_text("utf-8"))
    return [Story(told, reports.get(told["report"], told)) for told in stories]


# --- when ------------------------------------------------------------------------------------------------------


def beats(stories: list[Story], now: dt.datetime) -> list[Beat]:
    """Every act of every story in the order of time, the office's on working days; all lie before `now`."""
    calendar = Calendar({})
    found: list[Beat] = []
    for number, story in enumerate(stories):
        earliest = dt.datetime.min.replace(tzinfo=dt.UTC)
        for order, (days, who, what, inputs) in enumerate(_acts(story)):
            at = max(earliest, min(_instant(days, who, 7 * number + order, now, calendar), now - LAST_ACT))
            found.append(Beat(at, len(found), story, who, what, inputs))
            earliest = at + BETWEEN_ACTS
    return sorted(found)


def _acts(story: Story) -> Iterator[tuple[int, str, str, dict[str, Any]]]:
    yield story.told["days"], REPORTER, "send", {}
    yield from story.told["acts"]


def _instant(days: int, who: str, number: int, now: dt.datetime, calendar: Calendar) -> dt.datetime:
    """So many days ago, at an hour at which the office works, or at which people write."""
    day = clock.day_of(now) - dt.timedelta(days=days)
    is_office = who != REPORTER
    if is_office and not calendar.is_working(day):
        day = calendar.next_working(day)
    hour = 9 + number % 8 if is_office else 8 + 5 * number % 14
    return clock.start_of_day(day) + dt.timedelta(hours=hour, minutes=37 * number % 60)


# --- what ------------------------------------------------------------------------------------------------------


def play(beat: Beat, cast: Cast, tokens: dict[str, str]) -> bytes | None:
    """Let one act happen; returns the file it handed over, if any. `tokens` are the channels' by unit and name."""
    story, inputs = beat.story, {name: beat.story.text(value) for name, value in beat.inputs.items()}
    if beat.what == "send":
        _send(story, cast, tokens[story.told["channel"]])
    elif beat.who == REPORTER:
        _write(beat, inputs)
    elif beat.what in ("approve", "send_back"):
        reading.open_case(cast[beat.who], story.case)
        if beat.what == "approve":
            approvals.approve(cast[beat.who], story.proposal)
        else:
            approvals.send_back(cast[beat.who], story.proposal, inputs["words"])
    else:
        return _act(beat, cast, inputs)
    return None


def _send(story: Story, cast: Cast, token: str) -> None:
    at_desk = cast["oversight" if story.is_flagged else "intake"]
    before = _new_cases(at_desk)
    secret = drafts.begin(token)
    drafts.save(secret, _answers(story))
    _attach(secret, [item["filename"] for item in story.source.get("attachments", ())])
    intake.submit(secret)
    story.code = intake.show_receipt(secret).code
    (story.case,) = _new_cases(at_desk) - before


def _attach(secret: str, names: list[str]) -> None:
    """An invented file of its kind for each that the report speaks of; no two alike, for a form takes none twice."""
    for number, name in enumerate(names):
        received = visit_files.Receiving(name)
        received.write((DATA / "files" / f"specimen{Path(name).suffix}").read_bytes())
        if any(Path(earlier).suffix == Path(name).suffix for earlier in names[:number]):
            received.write(b"\n%% %d" % number)
        received.finish()
        visit_files.keep(secret, "draft", received)
        if received.refused is not None:
            raise ValueError(f"{name}: {received.refused}")


def _new_cases(by: Acting) -> set[str]:
    """What lies on the desk and is not accepted yet; never more than a page in the demo."""
    return {row.ref for row in list_cases(by, DeskFilters(view="new")).rows if row.number is None}


def _answers(story: Story) -> dict[str, Any]:
    told, source = story.told, story.source
    contact = source.get("contact") or {}
    answers: dict[str, Any] = {
        "kind": told["kind"],
        "problem": told["problem"],
        "unit": told["unit"],
        "unit_words": (source.get("place") or "")[:200],
        "happened_on": told.get("happened_on", source.get("happened_on")) or "",
        "story": source["text"],
        "people": _people(source),
        "proof": _proof(source),
        "own_people": story.is_flagged,
        "identity": "named" if contact else "anonymous",
    }
    if contact:
        answers.update(name=contact["name"], contact=contact["phone"])
    return answers


def _people(source: dict[str, Any]) -> str:
    if "people" in source:
        return str(source["people"])
    return "\n".join(f"{person['name']}，{person['post']}" for person in source.get("persons", ()))


def _proof(source: dict[str, Any]) -> str:
    if "proof" in source:
        return str(source["proof"])
    return "\n".join(item["note"] for item in source.get("attachments", ()))


def _write(beat: Beat, inputs: dict[str, Any]) -> None:
    secret, number = tracking.open_report(beat.story.code), f"demo-{beat.number}"
    tracking.view(secret)
    if beat.what == "request_withdrawal":
        tracking.request_withdrawal(secret, inputs["text"], number)
    elif beat.what == "request_recusal":
        tracking.request_recusal(secret, inputs["whom"], inputs["why"], number)
    else:
        tracking.write(secret, inputs.get("message") or inputs["text"], number)
    tracking.close(secret)


def _act(beat: Beat, cast: Cast, inputs: dict[str, Any]) -> bytes | None:
    by, story = cast[beat.who], beat.story
    for name in ("person", "from_person"):
        if name in inputs:
            inputs[name] = cast[inputs[name]].person_id
    view = reading.open_case(by, story.case)
    outcome = act(story.case, beat.what, by, version=view.version, **_defaults(beat, story), **inputs)
    story.proposal = outcome.proposal_id or story.proposal
    return outcome.download


def _defaults(beat: Beat, story: Story) -> dict[str, Any]:
    """What an officer ticks without thinking twice, unless the story says otherwise."""
    usual: dict[str, dict[str, Any]] = {
        "classify": {
            "kind": story.told["kind"],
            "severity": "ordinary",
            "complexity": "ordinary",
            "unit": "" if story.told["unit"] == "unknown" else story.told["unit"],
        },
        "redirect": {"not_led_by_subject": True},
        "give_notice": {"day": clock.today()},
    }
    return {name: value for name, value in usual.get(beat.what, {}).items() if name not in beat.inputs}
