"""The office's register 来件登记: what came otherwise than by the form, written down by an officer of its desk.

It becomes a report like any other (`intake.take_in`). What concerns the office's own people goes to the oversight desk
at once, and whoever wrote it down cannot open it any more. The receipt code, where one is wished for, is shown to the
officer once, to be handed over.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from whistle import clock
from whistle.rules import taxonomy, workdays
from whistle.services import desks, intake, keyholding, messages, units, visits
from whistle.services.access import Acting, may, require
from whistle.services.casework.act import reference
from whistle.services.casework.inputs import LINE_LIMIT
from whistle.services.errors import Conflict, Invalid, NotFound
from whistle.services.use_case import reading, use_case
from whistle.store.channels import Channel
from whistle.store.desks import Desk, DeskMember, is_seated
from whistle.store.offices import ReceiptSalt
from whistle.store.reports import Report
from whistle.vault import keys, receipts

#: Before this day nobody knows which days were worked, so that no clock could count from it.
EARLIEST = dt.date(min(workdays.YEARS), 1, 1)
#: A day longer ago than this is sooner a slip of the pen: somebody has to say that it is right.
USUAL_DAYS = 90


@dataclass(frozen=True, slots=True)
class Blank:
    """A form to be filled in: the desks an officer may write down for, their channels, by id, name and unit.

    `own_people_open`: whether the oversight desk takes what concerns the office's own people.
    """

    form_number: str
    desks: tuple[tuple[int, str, str], ...]
    channels: tuple[tuple[int, str, str, str], ...]
    own_people_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What an officer wrote down. `answers` are those of the report form, by its fields' names.

    `is_long_ago`: the officer affirms a day of receipt that lies longer back than USUAL_DAYS. `sender`: the body that
    sent it, with its number. `wants_code`: the reporter is to have a receipt code.
    """

    form_number: str
    desk_id: int
    origin: str
    received_on: dt.date
    answers: dict[str, Any]
    channel_id: int | None = None
    sender: str = ""
    is_long_ago: bool = False
    wants_code: bool = False


@dataclass(frozen=True, slots=True)
class Registered:
    """What became of it. `case_ref`: None where the officer cannot open it. `secret`: of the visit with the receipt."""

    case_ref: str | None
    secret: str | None
    is_flagged: bool


@reading
def blank(by: Acting) -> Blank:
    """A fresh form, and what there is to choose from for this officer."""
    require(by, "register.look")
    mine = _desks_of(by)
    columns = Channel.id, Channel.name, Channel.unit
    channels = list(
        Channel.select(*columns)
        .where(Channel.desk.in_([desk.id for desk in mine]))
        .order_by(Channel.name, Channel.id)
    )
    names = units.names_of({row.unit_id for row in channels})
    return Blank(
        form_number=keys.token(),
        desks=tuple((desk.id, desk.name_zh, desk.name_en) for desk in mine),
        channels=tuple((row.id, row.name, *names[row.unit_id]) for row in channels),
        own_people_open=keyholding.own_people_open(),
    )


def _desks_of(by: Acting) -> list[Desk]:
    """The intake desks a person sits at."""
    seats = DeskMember.select(DeskMember.desk).where(
        DeskMember.person == by.person_id,
        is_seated(),
    )
    return list(Desk.select().where(Desk.kind == "intake", Desk.id.in_(seats)).order_by(Desk.id))


def take_in(by: Acting, entry: Entry) -> Registered:
    """Write down what came; the slow hash of a receipt code runs before the transaction.

    Raises Invalid naming what is missing or cannot be, Conflict 'sent_already' for a form that was sent before,
    'no_oversight_desk' and 'nobody_may_read' as the form does. What concerns the office's own people gets no code: it
    would open the reporter's page to whoever copied it.
    """
    if not entry.wants_code or entry.answers.get("own_people"):
        return _store(by, entry)
    salt = _salt(by)
    code = receipts.new_code()
    return _store(by, entry, code, salt.generation, receipts.derive(code, bytes(salt.salt)))


@reading
def _salt(by: Acting) -> ReceiptSalt:
    require(by, "register.look")
    return ReceiptSalt.select().order_by(ReceiptSalt.generation.desc()).get()


@use_case
def _store(
    by: Acting,
    entry: Entry,
    code: str = "",
    salt_generation: int | None = None,
    derived: receipts.ReceiptKeys | None = None,
) -> Registered:
    desk = desks.find(entry.desk_id)
    require(by, "register.take_in", desk)
    if intake.is_stored(entry.form_number):
        raise Conflict("sent_already")
    origin = _origin(entry.origin)
    _check_day(entry)
    facts: dict[str, Any] = {"origin": origin.code, "has_receipt": derived is not None, "from_desk": desk.id}
    if origin.fact:
        facts[origin.fact] = True
    arrival = intake.Arrival(
        desk=desk,
        origin="office",
        channel=_channel(entry, desk),
        form_number=entry.form_number,
        received_on=entry.received_on,
        code=derived,
        salt_generation=salt_generation,
        facts=facts,
        words=_words(entry, origin),
    )
    report = intake.take_in(by, intake.check_answers(entry.answers), arrival)
    return _registered(by, report, code)


def _origin(code: str) -> taxonomy.Origin:
    row = taxonomy.TABLES["origins"].get(code)
    if not isinstance(row, taxonomy.Origin) or not row.is_entered:
        raise Invalid("origin", "unknown")
    return row


def _check_day(entry: Entry) -> None:
    """The clocks count from this day: not ahead, not before the calendar begins, and meant where it is long ago."""
    day, today = entry.received_on, clock.today()
    if day > today:
        raise Invalid("received_on", "not_yet", last=today)
    if day < EARLIEST:
        raise Invalid("received_on", "too_early", first=EARLIEST)
    if (today - day).days > USUAL_DAYS and not entry.is_long_ago:
        raise Invalid("is_long_ago", "long_ago", day=day)


def _channel(entry: Entry, desk: Desk) -> Channel | None:
    if entry.channel_id is None:
        return None
    row = Channel.get_or_none(Channel.id == entry.channel_id, Channel.desk == desk)
    if row is None:
        raise Invalid("channel", "not_of_this_desk")
    return row


def _words(entry: Entry, origin: taxonomy.Origin) -> dict[str, Any]:
    if not entry.sender.strip():
        if origin.needs_sender:
            raise Invalid("sender", "empty")
        return {}
    return {"sender": messages.check_text("sender", entry.sender, LINE_LIMIT)}


def _registered(by: Acting, report: Report, code: str) -> Registered:
    case = report.case
    can_open = may(by, "case.read", case)
    secret = None
    if code:
        ref = reference(case) if can_open else None
        content = {**intake.receipt_content(code, report), "by": by.person_id, "case_ref": ref}
        secret = visits.start("receipt", content)
    return Registered(reference(case) if can_open else None, secret, bool(report.is_flagged))


@reading
def show_receipt(by: Acting, secret: str) -> tuple[intake.Receipt, str | None]:
    """The receipt for the officer who wrote the report down, for ten minutes, and where the case is.

    Raises NotFound later, and for anybody else.
    """
    require(by, "register.look")
    content = visits.read(secret, "receipt")
    if content.get("by") != by.person_id:
        raise NotFound("receipt")
    return intake.to_receipt(content), content["case_ref"]
