"""Taking a report in: the draft becomes a sealed report and a case, the visit a receipt to be shown once."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

from whistle import clock
from whistle.rules import reporting, taxonomy
from whistle.services import attachments, contexts, drafts, grants, identity, messages, scanned, visits
from whistle.services.access import Actor, AsSystem, as_stranger
from whistle.services.casework import classification, receiving
from whistle.services.casework.holding import oversight_desk
from whistle.services.errors import Conflict, Invalid, NotFound
from whistle.services.units import choices
from whistle.services.use_case import reading, use_case
from whistle.store.cases import Case, Clock
from whistle.store.channels import Channel
from whistle.store.desks import Desk
from whistle.store.offices import ReceiptSalt
from whistle.store.reports import Report
from whistle.store.units import Unit
from whistle.vault import envelope, keys, receipts

FORM = AsSystem("form")

#: The clock of the first decision, whichever way a report goes: to be accepted, or up under seal.
FIRST_DECISIONS = ("accept", "forward_up")


@dataclasses.dataclass(frozen=True, slots=True)
class UnitChoice:
    """A unit a reporter may choose."""

    code: str
    name_zh: str
    name_en: str


@dataclasses.dataclass(frozen=True, slots=True)
class Receipt:
    """What a reporter takes home; `code` is shown this once. `write_by` is the last day of the first decision."""

    code: str
    received_on: dt.date
    write_by: dt.date | None
    is_flagged: bool
    is_named: bool


@reading
def units() -> list[UnitChoice]:
    """Every unit, by code, for the question which unit a report is about."""
    as_stranger("channels.view")
    return [UnitChoice(*row) for row in choices()]


def submit(secret: str) -> None:
    """Store the report of a draft and turn the visit into one that shows the receipt.

    The form's number counts once: sent again, it raises Conflict 'sent_already'. Raises NotFound when the draft ended,
    Unusable when the channel takes nothing now, Invalid for the first answer that is missing or cannot be kept,
    Conflict 'no_oversight_desk' for an own-people report nobody could open. The slow hash runs before the transaction.
    """
    salt = _salt()
    code = receipts.new_code()
    _store(secret, code, salt.generation, receipts.derive(code, bytes(salt.salt)))


@reading
def _salt() -> ReceiptSalt:
    as_stranger("report.submit")
    return ReceiptSalt.select().order_by(ReceiptSalt.generation.desc()).get()


@use_case
def _store(secret: str, code: str, salt_generation: int, derived: receipts.ReceiptKeys) -> None:
    as_stranger("report.submit")
    draft = _draft_not_sent(secret)
    channel = scanned.find_usable(draft.token)
    arrival = Arrival(
        desk=channel.desk,
        origin="qr",
        channel=channel,
        form_number=draft.form_number,
        code=derived,
        salt_generation=salt_generation,
    )
    answers = check_answers(draft.answers)
    report = take_in(FORM, answers, arrival, partial(attachments.put, secret))
    visits.write(secret, "receipt", receipt_content(code, report))


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """How a report came: where and when, and by which code its reporter comes back to it, if there is one.

    `desk`: whose it is, unless it concerns the office's own people. `facts` and `words` go into the receipt.
    """

    desk: Desk
    origin: str
    form_number: str
    channel: Channel | None = None
    #: None: today.
    received_on: dt.date | None = None
    code: receipts.ReceiptKeys | None = None
    salt_generation: int | None = None
    facts: dict[str, Any] = dataclasses.field(default_factory=dict)
    words: dict[str, Any] = dataclasses.field(default_factory=dict)


def take_in(
    by: Actor,
    answers: dict[str, Any],
    arrival: Arrival,
    attach: Callable[[Report, bytes], object] | None = None,
) -> Report:
    """Seal checked answers as a report with a case of its own; whoever takes a report in comes through here.

    `attach` puts its files beside it, under the report's key. In the caller's transaction.
    """
    is_flagged = bool(answers.get("own_people"))
    is_named = answers["identity"] == "named"
    contact: dict[str, Any] = {name: answers.pop(name) for name in ("name", "contact") if name in answers}
    received_on = arrival.received_on or clock.today()
    case, key = receiving.open_case(
        oversight_desk() if is_flagged else arrival.desk,
        kind=answers["kind"],
        is_flagged=is_flagged,
        is_named=is_named,
        received_on=received_on,
    )
    report = _report_of(case, answers, arrival, received_on)
    report_key = keys.new_key()
    body = {"answers": answers, "at": clock.now().isoformat()}
    report.sealed_body = envelope.seal_json_record(report_key, body, contexts.report_body(report.id, 1))
    report.save(force_insert=True)
    grants.keep_report_key(report, report_key, key)
    if attach is not None:
        attach(report, report_key)
    if is_named:
        identity.seal(report, contact, key, with_recovery=not is_flagged)
    _keep_channels_unit_out(case, report)
    facts = {"concerns_head": bool(answers.get("concerns_head")), **arrival.facts}
    receiving.receive(by, case, key, report, at=arrival.desk, words=arrival.words, **facts)
    return report


def _report_of(case: Case, answers: dict[str, Any], arrival: Arrival, received_on: dt.date) -> Report:
    code = arrival.code
    return Report(
        case=case,
        channel=arrival.channel,
        origin=arrival.origin,
        kind=case.kind,
        is_named=case.is_named,
        is_flagged=case.is_flagged,
        unit=_unit_of(answers, "unit"),
        unit_shut_out=_unit_of(answers, "unit_shut_out"),
        received_on=received_on,
        lookup_hash=None if code is None else code.lookup,
        reporter_public=None if code is None else code.pair.public,
        salt_generation=arrival.salt_generation,
        form_hash=keys.hash_token(arrival.form_number),
        sealed_body=b"",
    )


def _keep_channels_unit_out(case: Case, report: Report) -> None:
    """Who is not sure which unit it is may well stand at its poster."""
    unit = None if report.channel is None else scanned.unit_kept_out(report.channel)
    if report.unit is None and unit is not None:
        classification.keep_unit_out(case, unit)


def _draft_not_sent(secret: str) -> drafts.Draft:
    try:
        draft = drafts.load_to_send(secret)
    except NotFound:
        if visits.exists(secret, "receipt"):
            raise Conflict("sent_already") from None
        raise
    if is_stored(draft.form_number):
        raise Conflict("sent_already")
    return draft


def is_stored(form_number: str) -> bool:
    """Whether a report was stored from the form of this number; in the caller's transaction."""
    return Report.select().where(Report.form_hash == keys.hash_token(form_number)).exists()


def check_answers(answers: dict[str, Any]) -> dict[str, Any]:
    """The answers as they are kept; raises Invalid naming the first field that is missing, too long or holds a code, or
    what was never offered.
    """
    asked = reporting.relevant(answers)
    kept: dict[str, Any] = {}
    for step in reporting.way(asked):
        for field in reporting.missing(step, asked):
            raise Invalid(field.name, "empty")
        for field in step.shown_fields(asked):
            value = asked.get(field.name)
            if field.kind == "choice" and value and value not in taxonomy.TABLES[field.table]:
                raise Invalid(field.name, "unknown")
            if isinstance(value, str) and field.limit and value.strip():
                kept[field.name] = messages.check_text(field.name, value, field.limit)
            elif value not in (None, "", False):
                kept[field.name] = value
    return kept


def _unit_of(answers: dict[str, Any], name: str) -> Unit | None:
    code = answers.get(name)
    return Unit.get_or_none(Unit.code == code) if code else None


def receipt_content(code: str, report: Report) -> dict[str, Any]:
    """What a receipt says, for the visit that shows it once; in the caller's transaction."""
    first = Clock.select().where(Clock.case == report.case, Clock.name.in_(FIRST_DECISIONS)).first()
    return {
        "code": code,
        "received_on": report.received_on.isoformat(),
        "write_by": None if first is None else first.due_on.isoformat(),
        "is_flagged": bool(report.is_flagged),
        "is_named": bool(report.is_named),
    }


@reading
def was_sent(*, form_number: str = "", secret: str = "") -> bool:
    """Whether we know of a report: one was stored from the form of this number, or from this visit a while ago."""
    as_stranger("report.submit")
    return is_stored(form_number) or visits.exists(secret, "receipt")


@reading
def receipt_waits(secret: str) -> bool:
    """Whether a report was sent from this visit whose receipt its browser has not had yet."""
    as_stranger("report.submit")
    try:
        visits.read(secret, "receipt")
    except NotFound:
        return False
    return True


@reading
def show_receipt(secret: str) -> Receipt:
    """The receipt, for ten minutes; raises NotFound later.

    The page that brings it takes the secret from the browser: once it has come through, nobody can ask again. Were the
    receipt deleted here, an answer lost on the way would cost an anonymous reporter the only key.
    """
    as_stranger("report.submit")
    return to_receipt(visits.read(secret, "receipt"))


def to_receipt(content: dict[str, Any]) -> Receipt:
    """A receipt from what its visit keeps."""
    by = content["write_by"]
    return Receipt(
        code=content["code"],
        received_on=dt.date.fromisoformat(content["received_on"]),
        write_by=None if by is None else dt.date.fromisoformat(by),
        is_flagged=content["is_flagged"],
        is_named=content["is_named"],
    )
