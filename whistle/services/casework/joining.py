"""Effects that move reports between cases, or make cases from cases: merge, unmerge, split, retaliation.

Both reporters keep their own receipts and learn nothing of each other: what is theirs lies under their own report's
key, which gets a new generation whenever the report changes the case.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from whistle import clock
from whistle.rules.clock_rows import CLOCKS
from whistle.rules.workflow import DESK_STATES
from whistle.services import askings, contexts, grants, ledger, overtaking, recusal
from whistle.services.access import units_kept_out
from whistle.services.casework import (
    classification,
    following,
    happened,
    holding,
    receiving,
    recusal_steps,
    writing,
)
from whistle.services.casework.words import newest_words
from whistle.services.casework.work import Work
from whistle.store.cases import Case, Clock
from whistle.store.database import lock_row
from whistle.store.reports import Report
from whistle.vault import envelope, keys


def merge_into(work: Work) -> None:
    """The reports go to the target with their keys; each that was not accepted counts as accepted.

    Whom they keep out of the case stays out of what is left of it: the names go into the words of the event. Who keeps
    off one of the two cases keeps off both from now on.
    """
    case, key = work.case, work.key()
    target = _locked(work.facts["target"])
    target_key = grants.case_key(work.by, target)  # type: ignore[arg-type]
    was_accepted = case.state not in DESK_STATES
    work.words[grants.KEPT_OUT_WORDS] = grants.names_kept_out(case, key)
    following.keep_units_out(case, units_kept_out(case))
    recusal_steps.end_clearances(target, target_key)
    _keep_out_of_both(work, target, target_key)
    # Each has new keys before anything comes under them: whoever lost a case has its old one.
    key = work.held_key = _renewed(case, key)
    target_key = _renewed(target, target_key)
    reports = list(case.reports)
    work.facts["reports"] = [report.id for report in reports]
    owed = {report.id: _owed(case, report) for report in reports}
    limits = _limits(case)
    for report in reports:
        owed[report.id]["since"] |= limits
        _move(report, case, key, target, target_key)
        if not was_accepted:
            # Its reporter reads the opening: that it was merged would say that somebody else reported the same.
            ledger.append("accepted", "accept", report)
        writing.note_on(target, "join", report=report, from_case=case.id, **owed[report.id])
    grants.hand_to_target(case, key, target)


def _keep_out_of_both(work: Work, target: Case, target_key: bytes) -> None:
    """Who keeps off one of two cases keeps off the other, and off what either has from earlier merges."""
    case = work.case
    following.keep_out_too(case, target)
    following.keep_out_too(target, case)
    following.pass_on(work.by, case, work.key())
    following.pass_on(work.by, target, target_key)


def part_from(work: Work) -> None:
    """The reports that once came from this case come back to it, with new keys for what they write from now on.

    The case itself gets new keys first: whoever held the other case knew its own.
    """
    case = work.case
    joined = happened.newest(case, "merge")
    target = _locked(joined.facts["target"])
    key, target_key = work.key(), grants.case_key(work.by, target)  # type: ignore[arg-type]
    following.keep_out_too(target, case)
    grants.take_from_target(case)
    key = work.held_key = grants.renew(case, key)
    reports = list(Report.select().where(Report.case == target, Report.id.in_(joined.facts["reports"])))
    work.facts["reports"] = [report.id for report in reports]
    overtaking.of_reports(target, target_key, work.facts["reports"])
    for report in reports:
        owed = _owed(target, report)
        _move(report, target, target_key, case, key)
        writing.note_on(target, "part", report=report, to_case=case.id)
        # What is owed to it comes back with it, once the case is open again.
        work.then.append(partial(writing.note_on, case, "join", report=report, from_case=target.id, **owed))
    holding.seal_to_intake(work)


def _move(report: Report, old: Case, old_key: bytes, new: Case, new_key: bytes) -> None:
    """A report with its keys and its reporter's wishes changes the case; each case then knows whether it has a name."""
    grants.move_report(report, old, old_key, new, new_key)
    askings.move(report, old, old_key, new, new_key)
    recusal.move_with(report)
    for case in (old, new):
        case.is_named = any(left.is_named for left in case.reports)


def _renewed(case: Case, key: bytes) -> bytes:
    """The key of a case that a report comes to: a new one where somebody lost the case, who keeps the old one."""
    classification.leave_readers(case, key)
    return grants.renew(case, key) if case.needs_new_keys else key


def _locked(case_id: str) -> Case:
    row: Case = lock_row(Case.select().where(Case.id == case_id)).get()
    return row


def _owed(case: Case, report: Report) -> dict[str, Any]:
    """What is owed to a report that changes the case, and since when: notice, answers, protection, the next word."""
    rows = Clock.select().where(Clock.case == case, Clock.state.in_(("running", "paused")))
    since = {
        row.name: row.started_on.isoformat()
        for row in rows
        if row.name in ("notice", "reply_message", "protection", "rhythm") and row.report in (None, report.id)
    }
    facts = {
        "is_named": bool(report.is_named),
        "origin": happened.receipt_of(report).get("origin", report.origin),
        "has_receipt": report.reporter_public is not None,
        "since": since,
        "notice_owed": "notice" in since,
        "reply_owed": "reply_message" in since,
        "protection_owed": "protection" in since,
        "rhythm_owed": "rhythm" in since,
    }
    return facts


def _limits(case: Case) -> dict[str, str]:
    """Since when the limits of a case count that go on where its reports go."""
    names = [row.name for row in CLOCKS if row.from_first]
    rows = Clock.select().where(Clock.case == case, Clock.name.in_(names))
    return {
        row.name: row.started_on.isoformat() for row in rows.where(Clock.state.in_(("running", "paused")))
    }


# --- new cases from old ones -----------------------------------------------------------------------------


def split_off(work: Work) -> None:
    """A new case at the same desk for facts that are a matter of their own; a new subject is a new lead."""
    subject = work.words.get("new_subject", "")
    work.facts["new_case"] = _new_case(work, work.facts["new_kind"], work.words["facts"], subject)


def open_retaliation_case(work: Work) -> None:
    """Retaliation is a new lead, urgent from the first day on (ZWCF 32, 62)."""
    work.facts["new_case"] = _new_case(work, "lead", work.words["facts"], "", retaliation=True)


def _new_case(work: Work, kind: str, facts: str, subject: str, **more: Any) -> str:
    case, key = work.case, work.key()
    new, new_key = receiving.open_case(case.desk, kind=kind, is_flagged=bool(case.is_flagged), is_named=False)
    if more.get("retaliation"):
        new.severity = "urgent"
    report = _report_of_office(new, new_key, kind, _answers(work, key, facts, subject))
    following.keep_out_too(case, new)
    new.save()
    receiving.receive(writing.SYSTEM, new, new_key, report, from_case=case.id, **more)
    return new.id


def _answers(work: Work, key: bytes, facts: str, subject: str) -> dict[str, Any]:
    """What the new report says; who must not read the old one is named in it too."""
    kept_out = "，".join(filter(None, grants.names_kept_out(work.case, key)))
    registered = newest_words(work.case, key, "classify", "reclassify").get("subject", "")
    about = subject or (registered if not work.row.name.startswith("split") else "")
    answers = {"story": facts, "people": about, "persons_shut_out": kept_out}
    return {name: value for name, value in answers.items() if value}


def _report_of_office(case: Case, key: bytes, kind: str, answers: dict[str, Any]) -> Report:
    report = Report(
        case=case, origin="office", kind=kind, is_flagged=case.is_flagged, received_on=clock.today()
    )
    report_key = keys.new_key()
    body = {"answers": answers, "at": clock.now().isoformat()}
    report.sealed_body = envelope.seal_json_record(report_key, body, contexts.report_body(report.id, 1))
    report.save(force_insert=True)
    grants.keep_report_key(report, report_key, key)
    return report


JOINING: dict[str, Callable[[Work], None]] = {
    "merge_into": merge_into,
    "part_from": part_from,
    "split_off": split_off,
    "open_retaliation_case": open_retaliation_case,
}
