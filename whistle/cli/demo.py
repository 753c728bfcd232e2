"""`whistle demo`: an invented district with months of history, made through the ordinary services alone."""

import datetime as dt
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from whistle import clock
from whistle.cli import demo_acts
from whistle.cli import demo_stories as stories
from whistle.services import accounts, admissions, channels, desks, duties, office, setup, units
from whistle.services.access import Acting
from whistle.services.casework import desk, identity_asking, identity_giving, reading
from whistle.services.casework.desk_filters import DeskFilters

#: The office opens so many days before the first report.
OPEN_BEFORE = dt.timedelta(days=12)
#: What is told at the end, and again by the next `make demo`.
FACTS = "demo.json"
#: The package for the superior, as the oversight member downloads it, and the key that opens it.
PACKAGE, PACKAGE_KEY = "forwarded.package", "superior.private.txt"
#: The hour, at the office, at which each day's duties run.
DUTY_HOUR = 4
#: Stories whose receipt codes are printed: a question waits, accepted under a real name, declined.
SHOWN = ("D32", "D04", "D24")


@dataclass(slots=True)
class District:
    """The office while it is made: who acts, and the channels' tokens and ids by unit and name."""

    built: setup.Built
    tokens: dict[str, str] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)

    @property
    def admin(self) -> Acting:
        return self.built.people["admin"]

    @property
    def head(self) -> Acting:
        return self.built.people["head"]


@click.command("demo")
@with_appcontext
def command() -> None:
    """Make the synthetic district in this instance, or say that it is there. `make demo` then serves it.

    Everything in it is invented. People sign in with a user name and the common password alone.

    Example: WHISTLE_INSTANCE=instance/demo whistle demo
    """
    settings = current_app.extensions["whistle"].settings
    facts = settings.instance / FACTS
    about = office.about()
    if about is None:
        build(settings.instance, click.echo)
    elif about.mode != "demo":
        raise click.ClickException(
            "This instance is set up already. Name another folder: WHISTLE_INSTANCE=instance/demo"
        )
    elif not facts.exists():
        raise click.ClickException(
            f"The demo here was not finished. Remove {settings.instance} and its database, then run make demo again."
        )
    else:
        click.echo("The demo is there already. Start it with: make demo")
    _tell(json.loads(facts.read_text("utf-8")))


def _tell(facts: dict[str, Any]) -> None:
    click.echo(f"user names: {' '.join(facts['people'])}")
    for shown in facts["receipts"]:
        click.echo(f"receipt code for /track: {shown}")
    click.echo(f"password: {facts['password']}")


def build(instance: Path, say: Callable[[str], None]) -> None:
    """Found the district and live through its months up to now."""
    now, told = clock.now(), stories.load()
    beats = stories.beats(told, now)
    opened = beats[0].at - OPEN_BEFORE
    say("Making the demo, months of it. That takes a while.")
    with clock.at(opened):
        district = _found()
    stage = demo_acts.Stage(district.tokens, district.ids, {story.told["report"]: story for story in told})
    for at, beat in _with_duties(opened, beats, now):
        with clock.at(at):
            if beat is None:
                duties.run_due()
            elif (package := demo_acts.play(beat, stage)) is not None:
                (instance / PACKAGE).write_bytes(package)
    with clock.at(now - dt.timedelta(minutes=10)):
        _last_days(district)
    duties.run_due()
    _keep_facts(instance, district, told)
    say(
        f"{len(told)} reports, {len(district.tokens)} channels, {clock.day_of(opened)} to {clock.day_of(now)}."
    )


def _with_duties(
    opened: dt.datetime, beats: list[stories.Beat], now: dt.datetime
) -> list[tuple[dt.datetime, stories.Beat | None]]:
    """The acts in order, with the worker's round of each night between them."""
    nights = []
    day = clock.day_of(opened) + dt.timedelta(days=1)
    while (at := clock.start_of_day(day) + dt.timedelta(hours=DUTY_HOUR)) < now:
        nights.append(at)
        day += dt.timedelta(days=1)
    moments: list[tuple[dt.datetime, int, stories.Beat | None]] = [
        (beat.at, beat.number, beat) for beat in beats
    ]
    moments += [(at, -1, None) for at in nights]
    return [(at, beat) for at, _number, beat in sorted(moments, key=lambda moment: moment[:2])]


# --- the district ----------------------------------------------------------------------------------------------


def _found() -> District:
    org, own = _read("org.json"), _read("people.json")
    place, first = org["district"], org["units"][0]
    names = setup.OfficeNames(
        office_zh=place["office_zh"],
        office_en=place["office_en"],
        unit_code=first["code"],
        unit_zh=first["name_zh"],
        unit_en=first["name_en"],
        desk_zh=own["first_desk"]["name_zh"],
        desk_en=own["first_desk"]["name_en"],
        superior_address=own["superior_address"],
    )
    district = District(setup.build_people("demo", names))
    for row in org["units"][1:]:
        units.make(district.admin, row["code"], row["name_zh"], row["name_en"], kind=row["kind"])
    second = _second_desk(district, own)
    _make_channels(district, org, own, second)
    return district


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((stories.DATA / name).read_text("utf-8"))
    return found


def _second_desk(district: District, own: dict[str, Any]) -> int:
    """Another desk in the same line: made and peopled by the administrator, opened by the head."""
    deputy = district.built.people["deputy"].person_id
    names = own["second_desk"]
    desk = desks.make(district.admin, names["name_zh"], names["name_en"], deputy_id=deputy)
    desks.make_key(district.head, desk.id)
    for user_name in own["seats"]:
        desks.ask_seat(district.admin, desk.id, district.built.people[user_name].person_id)
    for person in admissions.waiting(district.head):
        seats = tuple(seat.desk_id for seat in person.seats if seat.may_admit)
        admissions.admit(district.head, person.key_id, person.short_code, seats)
    return desk.id


def _make_channels(district: District, org: dict[str, Any], own: dict[str, Any], second: int) -> None:
    windows = [
        {"unit": unit["code"], "name": window["name"], "place": window["location"]}
        for unit in org["units"]
        for window in unit["windows"]
    ]
    for row in (*windows, *own["posters"]):
        desk = second if row["unit"] in own["second_desk_units"] else district.built.desk_id
        made = channels.make(
            district.admin,
            row["name"],
            row["unit"],
            desk,
            place=row["place"],
            welcome_zh=own["welcome_zh"],
            welcome_en=own["welcome_en"],
        )
        key = f"{row['unit']}/{row['name']}"
        district.tokens[key], district.ids[key] = made.token, made.id


def _last_days(district: District) -> None:
    """What an administrator did lately: channels in every state, a newcomer who waits, a move that waits."""
    own, admin = _read("people.json"), district.admin
    channels.suspend(admin, district.ids[own["suspended"]])
    _end(admin, channels.get(admin, district.ids[own["ended"]]))
    channels.rotate(admin, district.ids[own["rotated"]])
    channels.move(admin, district.ids[own["moving"]], district.built.desk_id)
    newcomer = own["newcomer"]
    link = accounts.invite(admin, newcomer["user_name"], newcomer["name"], newcomer["role"])
    accounts.finish_activation(accounts.start_activation(link, district.built.common_password))
    _ask_for_names(district, own["asked"])


def _ask_for_names(district: District, reasons: list[str]) -> None:
    """An officer asks to see real-name reporters' contacts: one look is granted and was used, another waits."""
    officer, holder = district.built.people["officer"], district.built.people["reviewer"]
    named = desk.list_cases(officer, DeskFilters(view="open", named=True)).rows
    for row, reason in zip([row for row in named if row.can_open], reasons, strict=False):
        case = reading.open_case(officer, row.ref, letters_shown=False)
        report = next(report.id for report in case.reports if report.identity is not None)
        identity_asking.ask(officer, row.ref, report, reason)
        if reason == reasons[0]:
            identity_giving.give(holder, identity_giving.queue(holder).waiting[0].id, "days")
            identity_asking.look(officer, row.ref, report)


def _end(admin: Acting, row: channels.ChannelRow) -> None:
    """A poster whose time is over since yesterday."""
    channels.change(
        admin,
        row.id,
        name=row.name,
        unit_code=row.unit_code,
        place=row.place,
        languages=row.languages,
        welcome_zh=row.welcome_zh,
        welcome_en=row.welcome_en,
        valid_from=row.valid_from,
        valid_to=clock.today() - dt.timedelta(days=1),
        is_public=row.is_public,
    )


def _keep_facts(instance: Path, district: District, told: list[stories.Story]) -> None:
    """What the next start tells again, and the key that opens the package for the superior: all of it invented."""
    shown = {story.told["report"]: story.code for story in told}
    facts = {
        "password": district.built.common_password,
        "people": list(district.built.people),
        "receipts": [_in_fours(shown[report]) for report in SHOWN],
    }
    (instance / PACKAGE_KEY).write_text(district.built.superior_private + "\n", "ascii")
    fresh = instance / f"{FACTS}.new"
    fresh.write_text(json.dumps(facts, indent=1) + "\n", "utf-8")
    os.replace(fresh, instance / FACTS)


def _in_fours(code: str) -> str:
    return " ".join(code[i : i + 4] for i in range(0, len(code), 4))
