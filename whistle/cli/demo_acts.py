"""The demo's acts, one at a time: a report comes in, people of the office and its reporter do their part."""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from whistle import clock
from whistle.cli.demo_stories import DATA, REPORTER, Beat, Story
from whistle.services import drafts, intake, register, sessions, tracking, visit_files
from whistle.services.access import Acting
from whistle.services.casework import approvals, reading
from whistle.services.casework.act import act
from whistle.services.casework.desk import list_cases
from whistle.services.casework.desk_filters import DeskFilters

#: A person of the office signs in anew after so many days; in between the same session stands for many.
SIGN_IN_DAYS = 30
#: Inputs that are days: a story gives them as so many days from the act on.
DAYS = frozenset({"day", "due", "until", "review_on", "planned_on", "meeting_on", "studied_on", "asked_on"})
#: Inputs that name people, and things of the case by the names the story gave them.
PEOPLE = ("person", "from_person")
THINGS = ("thing", "subject_person", "talk")


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


@dataclass(slots=True)
class Stage:
    """Where the stories happen: who acts, the channels' tokens and ids by unit and name, and the stories by report."""

    tokens: dict[str, str]
    ids: dict[str, int]
    stories: dict[str, Story]
    cast: Cast = field(default_factory=Cast)


def play(beat: Beat, stage: Stage) -> bytes | None:
    """Let one act happen; returns the file it handed over, if any."""
    inputs = {name: beat.story.text(value) for name, value in beat.inputs.items()}
    if beat.what == "send":
        _come_in(beat.story, stage)
    elif beat.who == REPORTER:
        _of_reporter(beat, inputs)
    elif beat.what in ("approve", "send_back"):
        _decide(beat, stage, inputs)
    else:
        return _of_office(beat, stage, inputs)
    return None


# --- how it comes in -------------------------------------------------------------------------------------------


def _come_in(story: Story, stage: Stage) -> None:
    if "follows" in story.told:
        _follow(story, stage)
    elif "origin" in story.told:
        _write_down(story, stage)
    else:
        _send(story, stage)


def _send(story: Story, stage: Stage) -> None:
    """The form of a channel, filled in and sent."""
    at_desk = stage.cast["oversight" if story.is_flagged else "intake"]
    before = _new_cases(at_desk)
    secret = drafts.begin(stage.tokens[story.told["channel"]])
    drafts.save(secret, _answers(story))
    _attach(secret, [item["filename"] for item in story.source.get("attachments", ())])
    intake.submit(secret)
    story.code = intake.show_receipt(secret).code
    (story.case,) = _new_cases(at_desk) - before


def _write_down(story: Story, stage: Stage) -> None:
    """A call, a letter, a visit, or what another body sent: an officer writes it down at the register."""
    told, by = story.told, stage.cast[story.told.get("by", "intake")]
    blank = register.blank(by)
    entry = register.Entry(
        form_number=blank.form_number,
        desk_id=blank.desks[0][0],
        origin=told["origin"],
        received_on=clock.today() - dt.timedelta(days=told.get("lay", 0)),
        answers=_answers(story),
        sender=told.get("sender", ""),
        wants_code=told.get("wants_code", False),
    )
    done = register.take_in(by, entry)
    story.case = done.case_ref or ""
    if done.secret is not None:
        story.code = register.show_receipt(by, done.secret)[0].code


def _follow(story: Story, stage: Stage) -> None:
    """A case that another's officer opens: retaliation that became known, or facts split off."""
    by, words = stage.cast[story.told["by"]], story.source["text"]
    at_desk = stage.cast["intake"]
    before = _new_cases(at_desk)
    parent = stage.stories[story.told["follows"]]
    reading.open_case(by, parent.case)
    act(parent.case, "report_retaliation", by, facts=words)
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


# --- what is done -------------------------------------------------------------------------------------------------


def _of_reporter(beat: Beat, inputs: dict[str, Any]) -> None:
    secret, number = tracking.open_report(beat.story.code), f"demo-{beat.number}"
    tracking.view(secret)
    if beat.what == "request_withdrawal":
        tracking.request_withdrawal(secret, inputs["text"], number)
    elif beat.what == "request_recusal":
        tracking.request_recusal(secret, inputs["whom"], inputs["why"], number)
    elif beat.what == "request_protection":
        tracking.request_protection(secret, inputs["text"], number)
    elif beat.what == "rate":
        tracking.rate(secret, inputs["rating"], inputs.get("text", ""), number)
    else:
        tracking.write(secret, inputs.get("message") or inputs["text"], number)
    tracking.close(secret)


def _decide(beat: Beat, stage: Stage, inputs: dict[str, Any]) -> None:
    by, proposal = stage.cast[beat.who], beat.story.proposal
    reading.open_proposal(by, proposal)
    if beat.what == "approve":
        approvals.approve(by, proposal, **_resolved(inputs, beat.story, stage))
    else:
        approvals.send_back(by, proposal, inputs["words"])


def _of_office(beat: Beat, stage: Stage, inputs: dict[str, Any]) -> bytes | None:
    by, story = stage.cast[beat.who], beat.story
    made = inputs.pop("as", None)
    given = {**_defaults(beat, story), **_resolved(inputs, story, stage)}
    view = reading.open_case(by, story.case)
    outcome = act(story.case, beat.what, by, version=view.version, **given)
    story.proposal = outcome.proposal_id or story.proposal
    if made is not None:
        before = {thing.id for thing in view.things}
        (story.things[made],) = {t.id for t in reading.open_case(by, story.case).things} - before
    return outcome.download


def _resolved(inputs: dict[str, Any], story: Story, stage: Stage) -> dict[str, Any]:
    """Inputs with real people, days, things and cases in place of what the story calls them."""
    found = dict(inputs)
    for name, value in inputs.items():
        if name in DAYS:
            found[name] = clock.today() + dt.timedelta(days=value)
        elif name in PEOPLE:
            found[name] = stage.cast[value].person_id
        elif name == "group":
            found[name] = [stage.cast[user_name].person_id for user_name in value]
        elif name in THINGS:
            found[name] = story.things[value]
        elif name == "target":
            found[name] = stage.stories[value].case
    return found


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
        "refer": {"not_led_by_subject": True},
        "give_notice": {"day": clock.today()},
        "start_verification": {"no_disturbance": True},
        "inquiry_reply": {"signed": True},
        "propose_disposal": {"tolerance_checked": True},
        "file_case": {"told": True, "planned_on": clock.today()},
        "hear_subject": {"facts_told": True, "day": clock.today()},
        "measure.deliver": {"day": clock.today()},
        "enforce_done": {"in_file_and_announced": True},
        "archive": {"file_complete": True},
    }
    return {name: value for name, value in usual.get(beat.what, {}).items() if name not in beat.inputs}
