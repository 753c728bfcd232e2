"""Messages between reporter and office: sealed under the report key, read back in order. Rules live in `casework`."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from peewee import Case as When
from peewee import fn

from whistle import clock
from whistle.services import contexts, grants, ledger
from whistle.services.access import AsReporter
from whistle.services.errors import Conflict, Invalid
from whistle.store.cases import Case
from whistle.store.reports import Message, Report
from whistle.vault import envelope, keys, receipts

#: Characters a message may have, on either side.
MESSAGE_LIMIT = 20_000
#: Letters a report's reporter may write: 400 of MESSAGE_LIMIT are 8 million characters, about a second of every search
#: by whoever holds the case. The first ten days of a flood fill it; nobody who reports writes forty letters in a day.
LETTERS_A_DAY = 40
LETTERS_IN_ALL = 10 * LETTERS_A_DAY
#: What is not counted, for the office or the case bounds it: the answer to a question, and the one rating.
UNCOUNTED = ("supplement", "rate")


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as it is read: `at` and `place` (how many came before it) tell the order and come from inside the seal.

    `facts` are codes worded by the page.
    """

    id: str
    side: str
    purpose: str
    sent_on: dt.date
    at: dt.datetime
    place: int
    text: str
    items: tuple[str, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    by_name: str | None = None


def check_text(field_name: str, text: str, limit: int = MESSAGE_LIMIT) -> str:
    """A text fit to be kept; raises Invalid for empty, over-long, or one that holds a receipt code."""
    text = text.strip()
    if not text:
        raise Invalid(field_name, "empty")
    if len(text) > limit:
        raise Invalid(field_name, "too_long", limit=limit)
    if receipts.contains_code(text):
        raise Invalid(field_name, "holds_receipt_code")
    return text


def write_from_office(
    case: Case, key: bytes, report: Report, purpose: str, *, by: int | None, content: dict[str, Any]
) -> Message:
    """Seal a message of the office under the report's newest key; `content` has text, items and facts."""
    report_key = grants.report_key(case, key, report)
    return _store(report, report_key, "office", purpose, content, by=by, sent_at=clock.now())


def write_from_reporter(by: AsReporter, purpose: str, content: dict[str, Any], form_number: str) -> Message:
    """Seal a reporter's message; the caller holds the case's lock, so that none slips past the count.

    A form sent twice raises Conflict 'sent_already', one letter too many 'too_many_letters' or, where tomorrow changes
    nothing, 'letters_full'; neither stores anything.
    """
    form_hash = keys.hash_token(form_number)
    if Message.select().where(Message.form_hash == form_hash).exists():
        raise Conflict("sent_already")
    report = Report.get_by_id(by.report_id)
    if purpose not in UNCOUNTED:
        _check_room(report)
    report_key = grants.reporter_key(by, report.key_generation)
    return _store(report, report_key, "reporter", purpose, content, form_hash=form_hash)


def _check_room(report: Report) -> None:
    of_today = fn.COUNT(When(None, [(Message.sent_on == clock.today(), 1)]))
    written = Message.select(fn.COUNT(Message.id), of_today).where(
        Message.report == report, Message.side == "reporter", Message.purpose.not_in(UNCOUNTED)
    )
    in_all, today = written.scalar(as_tuple=True)
    if in_all >= LETTERS_IN_ALL:
        raise Conflict("letters_full", most=LETTERS_IN_ALL)
    if today >= LETTERS_A_DAY:
        raise Conflict("too_many_letters", most=LETTERS_A_DAY)


def _store(
    report: Report,
    report_key: bytes,
    side: str,
    purpose: str,
    content: dict[str, Any],
    **columns: Any,
) -> Message:
    message = Message(
        report=report,
        side=side,
        purpose=purpose,
        sent_on=clock.today(),
        generation=report.key_generation,
        **columns,
    )
    place = Message.select().where(Message.report == report).count()
    body = {"at": clock.now().isoformat(), "place": place, **content}
    context = contexts.message(message.id, report.id, report.key_generation)
    message.sealed = envelope.seal_json_record(report_key, body, context)
    message.save(force_insert=True)
    ledger.append("other", "message", message, by=columns.get("by"))
    return message


def from_form(form_number: str) -> Message:
    """The message that a reporter's form of this number became."""
    message: Message = Message.get(Message.form_hash == keys.hash_token(form_number))
    return message


def letters(report: Report, key_of: Any) -> list[Letter]:
    """A report's messages, oldest first; `key_of(generation)` gives the report key."""
    rows = list(Message.select().where(Message.report == report).order_by(Message.sent_on))
    held = {generation: key_of(generation) for generation in {row.generation for row in rows}}
    opened = [_open(row, held[row.generation]) for row in rows]
    return sorted(opened, key=lambda letter: (letter.sent_on, letter.at, letter.place))


def _open(row: Message, key: bytes) -> Letter:
    body = envelope.open_json_record(key, row.sealed, contexts.message(row.id, row.report_id, row.generation))
    return Letter(
        id=row.id,
        side=row.side,
        purpose=row.purpose,
        sent_on=row.sent_on,
        at=dt.datetime.fromisoformat(body["at"]),
        place=body.get("place", 0),  # letters of before it was written down
        text=body.get("text", ""),
        items=tuple(body.get("items", ())),
        facts=body.get("facts", {}),
        by_name=None if row.by is None else row.by.name,
    )
