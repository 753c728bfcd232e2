"""The reporter later: a receipt code opens the own report; messages, questions, requests, and the log's openings."""

import dataclasses
import datetime as dt
from itertools import dropwhile
from typing import Any

from whistle import clock
from whistle.rules import workflow
from whistle.rules.terms import Term
from whistle.services import attachments, contexts, grants, ledger, messages, slow_hash, visit_files, visits
from whistle.services.access import AsReporter, as_stranger, require
from whistle.services.casework import happened, reporters_view
from whistle.services.casework.act import act
from whistle.services.errors import Conflict, Invalid, NotFound
from whistle.services.use_case import reading, use_case
from whistle.store.cases import Case
from whistle.store.channels import Channel
from whistle.store.database import lock_row
from whistle.store.offices import ReceiptSalt
from whistle.store.recusals import RecusalRequest
from whistle.store.reports import Report
from whistle.vault import envelope, keys, receipts

#: How many generations of the receipt salt are tried.
SALTS_TRIED = 2


@dataclasses.dataclass(frozen=True, slots=True)
class Tracked:
    """A report as its reporter sees it: never internal words, never a stage's date."""

    stage: Term
    state_is_end: bool
    received_on: dt.date
    channel: str | None
    is_named: bool
    is_flagged: bool
    #: The last day for the office's next word, and whether it has passed already.
    write_by: dt.date | None
    #: The clock that day is of: a name of `reporters_view.PROMISES`.
    promise: str | None
    is_late: bool
    #: The one-time list of missing facts that waits for an answer, and the last day for it.
    question: messages.Letter | None
    answer_by: dt.date | None
    letters: list[messages.Letter]
    can_write: bool
    can_withdraw: bool
    asked_to_withdraw: bool
    #: The office wrote since.
    withdrawal_was_answered: bool
    can_ask_recusal: bool
    can_rate: bool
    can_ask_protection: bool
    #: What the reporter thought of the result, as a code of `ratings`.
    rating: str | None
    answers: dict[str, Any]
    recusals: list[dict[str, Any]]
    #: The files of the report and of later messages, and those added but not sent yet.
    files: list[attachments.File]
    added: list[visit_files.Listed]
    #: What was written beside files that were added, and what was refused of the files sent last: name and code.
    note: str
    refused: tuple[tuple[str, str], ...]


def open_report(code_text: str, rank: int = 0) -> str:
    """Open a report with its receipt code; returns the secret of the visit's cookie.

    Raises Invalid('code', 'mistyped' or 'too_many') before any slow hash, and Invalid('code', 'unknown') for a
    well-formed stranger.
    The hash runs outside of any transaction, and no count of wrong codes ever keeps a right one out. Raises Crowded
    when too many try codes at once; sign-ins do not count among them, and the lower `rank` goes first.
    """
    try:
        code = receipts.normalise(code_text)
    except receipts.ReceiptUnclear as fault:
        raise Invalid("code", "too_many", digits=fault.digits) from None
    except receipts.ReceiptMistyped:
        raise Invalid("code", "mistyped") from None
    return _start_visit(slow_hash.of_receipt(code, _salts(), rank))


def code_in(note: str) -> str:
    """The receipt code in what somebody pasted; empty where there is none, or no telling which."""
    try:
        return receipts.normalise(note)
    except receipts.ReceiptMistyped:
        return ""


@reading
def _salts() -> list[bytes]:
    as_stranger("report.track")
    rows = ReceiptSalt.select().order_by(ReceiptSalt.generation.desc()).limit(SALTS_TRIED)
    return [bytes(row.salt) for row in rows]


@use_case
def _start_visit(derived: list[receipts.ReceiptKeys]) -> str:
    as_stranger("report.track")
    for found in derived:
        report = Report.get_or_none(Report.lookup_hash == found.lookup)
        if report is not None:
            return visits.start("track", {"report": report.id, "seed": found.pair.seed.hex()})
    raise Invalid("code", "unknown")


def _reporter(secret: str) -> AsReporter:
    """Who a visit's cookie stands for; proves that the seed is the report's own."""
    content = visits.read(secret, "track")
    seed = bytes.fromhex(content["seed"])
    report = Report.get_or_none(Report.id == content["report"])
    if report is None or report.reporter_public != keys.pair_from_seed(seed).public:
        raise NotFound("visit")
    return AsReporter(report.id, seed)


@use_case
def view(secret: str) -> Tracked:
    """The report's page; being looked at keeps the visit alive."""
    by = _reporter(secret)
    require(by, "report.view")
    content = visits.update(secret, "track")
    query = Report.select(Report, Case, Channel).join(Case).switch(Report).left_outer_join(Channel)
    report = query.where(Report.id == by.report_id).get()
    case = report.case
    letters = messages.letters(report, lambda generation: grants.reporter_key(by, generation))
    standing = reporters_view.of(report)
    promise = standing.promise
    write_by = None if promise is None else promise.due_on
    allowed = {row.name for row in workflow.possible(case.state, {"reporter"})}
    rating = happened.rating(case, report.id) if "rate" in allowed else None
    asked_to_withdraw, was_answered = _withdrawal(letters)
    return Tracked(
        stage=standing.stage,
        state_is_end=workflow.STATES[case.state].is_end,
        received_on=report.received_on,
        channel=None if report.channel is None else report.channel.name,
        is_named=bool(report.is_named),
        is_flagged=bool(report.is_flagged),
        write_by=write_by,
        promise=None if promise is None else promise.name,
        is_late=write_by is not None and write_by < clock.today(),
        question=next((letter for letter in letters if letter.id == standing.asked_in), None),
        answer_by=standing.answer_by,
        letters=letters,
        can_write="write" in allowed,
        can_withdraw="request_withdrawal" in allowed and not asked_to_withdraw,
        asked_to_withdraw=asked_to_withdraw,
        withdrawal_was_answered=was_answered,
        can_ask_recusal="request_recusal" in allowed,
        can_rate="rate" in allowed
        and rating is None
        and happened.final_feedback(case, report.id) is not None,
        can_ask_protection="request_protection" in allowed,
        rating=rating,
        answers=_answers(by, report),
        recusals=_recusals(by),
        files=attachments.of_report(report, lambda generation: grants.reporter_key(by, generation), letters),
        added=visit_files.listed(secret),
        note=content.get("note", ""),
        refused=tuple((name, why) for name, why in content.get("refused", ())),
    )


def _withdrawal(letters: list[messages.Letter]) -> tuple[bool, bool]:
    """Whether the reporter asked to withdraw, and whether the office wrote since."""
    since = list(dropwhile(lambda letter: letter.purpose != "request_withdrawal", letters))
    return bool(since), any(letter.side == "office" for letter in since)


def _answers(by: AsReporter, report: Report) -> dict[str, Any]:
    body: dict[str, Any] = envelope.open_json_record(
        grants.reporter_key(by, 1), report.sealed_body, contexts.report_body(report.id, 1)
    )
    return dict(body["answers"])


def _recusals(by: AsReporter) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for row in RecusalRequest.select().where(RecusalRequest.report == by.report_id):
        sealed = bytes(row.sealed_to_reporter or b"")
        words = envelope.open_json_with(by.seed, sealed, contexts.recusal(row.id, "reporter"))
        known = found.setdefault(
            words["at"],
            {
                "on": row.made_on,
                "at": dt.datetime.fromisoformat(words["at"]),
                "whom": words["whom"],
                "why": words["why"],
                "outcome": row.outcome,
                "answered_on": row.answered_on,
            },
        )
        known["is_read"] = known.get("is_read", False) or row.sealed is not None
    return list(found.values())


@use_case
def write(secret: str, text: str, form_number: str) -> None:
    """Add a message with the files that were added, or facts, or the answer to what was asked.

    The same form twice is one message, unless other files were added to it: the same ones may have come anew, where the
    network was gone before the answer came. Raises Invalid('text', …), Conflict('sent_already'), 'too_many_files',
    'too_many_letters' for today, 'letters_full' for ever (never for an answer), or 'state' when the case takes none any
    more.
    """
    by = _reporter(secret)
    require(by, "report.write")
    text = messages.check_text("text", text)
    sent = visits.read_to_change(secret, "track").get("sent", [])
    added = visit_files.digests(secret)
    form = keys.hash_token(f"{form_number}\n{text}").hex()
    if not added and form in sent:  # its files went with it
        raise Conflict("sent_already")
    report = _steady(by)
    number = "\n".join([form_number, *added])
    action = "write" if reporters_view.asked_in(report) is None else "supplement"
    message = messages.from_form(_act(by, report.case, action, number, message=text))
    report = Report.get_by_id(by.report_id)
    attachments.put(secret, report, grants.reporter_key(by, report.key_generation), message=message)
    visits.update(secret, "track", note="", refused=[], sent=[*sent, form])


@use_case
def add_note(secret: str, text: str, refused: list[tuple[str, str]]) -> None:
    """Keep what was written while files were added, and what was refused of them. Raises NotFound with the visit."""
    by = _reporter(secret)
    require(by, "report.write")
    visits.update(secret, "track", note=text[: 2 * messages.MESSAGE_LIMIT], refused=refused)


@use_case
def request_withdrawal(secret: str, text: str, form_number: str) -> None:
    """Ask for withdrawal; the office decides, for a report once made may concern others too.

    The same form twice is one request. Raises Invalid('text', …), or Conflict 'sent_already', 'state', or
    'withdrawal_asked_already' while the first request waits; 'too_many_letters' or 'letters_full' as in `write`.
    """
    by = _reporter(secret)
    require(by, "report.write")
    text = messages.check_text("text", text)
    _act(by, _steady(by).case, "request_withdrawal", form_number, message=text)


@use_case
def rate(secret: str, rating: str, text: str, form_number: str) -> None:
    """Say how satisfied one is with the result, once; words are optional.

    The same form twice is one rating. Raises Invalid for a rating that is none, or Conflict 'sent_already', 'state',
    'no_final_feedback' or 'rated_already'.
    """
    by = _reporter(secret)
    require(by, "report.write")
    text = messages.check_text("text", text) if text.strip() else ""
    _act(by, _steady(by).case, "rate", form_number, rating=rating, message=text)


@use_case
def request_protection(secret: str, text: str, form_number: str) -> None:
    """Tell the office that one is threatened or wronged because of the report, and ask for protection.

    The same form twice is one request. Raises Invalid('text', …) or Conflict 'sent_already', 'state',
    'too_many_letters' or 'letters_full' as in `write`.
    """
    by = _reporter(secret)
    require(by, "report.write")
    text = messages.check_text("text", text)
    _act(by, _steady(by).case, "request_protection", form_number, message=text)


@use_case
def request_recusal(secret: str, whom: str, why: str, form_number: str) -> None:
    """Ask that somebody keep off the case; only who decides it can read who is meant.

    The same form twice is one request; raises Invalid, Conflict('sent_already'), 'state', 'no_decider' or
    'too_many_wishes' while as many as may wait have no answer.
    """
    by = _reporter(secret)
    require(by, "report.write")
    whom = messages.check_text("whom", whom, 500)
    why = messages.check_text("why", why)
    _act(by, _steady(by).case, "request_recusal", form_number, whom=whom, message=why)


def _steady(by: AsReporter) -> Report:
    """The reporter's report, which changes the case no more before this transaction has ended."""
    while True:
        report = Report.get_by_id(by.report_id)
        case = lock_row(Case.select().where(Case.id == report.case_id)).get()
        report = Report.get_by_id(by.report_id)
        if report.case_id == case.id:
            return report


def _act(by: AsReporter, case: Case, action: str, form_number: str, **words: Any) -> str:
    """One act for one form with these words: whoever goes back and sends others with the same form is not ignored.

    Returns the number it counts by.
    """
    number = "\n".join([form_number, *words.values()])
    act(case.id, action, by, report=by.report_id, form_number=number, **words)
    return number


@reading
def openings(secret: str) -> list[dict[str, Any]]:
    """The openings of the report's own leaves in the transparency log, to be checked without this server."""
    by = _reporter(secret)
    require(by, "report.view")
    return ledger.openings_about("report", by.report_id, ("received", "accepted", "declined", "ended"))


def close(secret: str) -> None:
    """End the visit at once, with what was added and not sent."""
    visit_files.end(secret)
