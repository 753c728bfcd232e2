"""Effects that move reports between cases, or make cases from cases: merge, unmerge, split, retaliation.

Both reporters keep their own receipts and learn nothing of each other: what is theirs lies under their own report's
key, which gets a new generation whenever the report changes the case.
"""

from collections.abc import Callable
from typing import Any

from whistle import clock
from whistle.rules.workflow import DESK_STATES
from whistle.services import contexts, grants, ledger
from whistle.services.access import units_kept_out
from whistle.services.casework import (
    classification,
    happened,
    holding,
    receiving,
    recusal_steps,
    writing,
)
from whistle.services.casework.words import newest_words
from whistle.services.casework.work import Work
from whistle.services.errors import Conflict
from whistle.store.cases import Case, Clock, ShutOut, UnitShutOut
from whistle.store.database import lock_row
from whistle.store.reports import Report
from whistle.store.units import Unit
from whistle.vault import envelope, keys


def merge_into(work: Work) -> None:
    """The reports go to the target with their keys; each that was not accepted counts as accepted."""
    case = work.case
    target = _locked(work.facts["target"])
    if not happened.is_open(target):
        raise Conflict("target_closed")
    key, target_key = work.key(), grants.case_key(work.by, target)  # type: ignore[arg-type]
    was_accepted = case.state not in DESK_STATES
    _shut_out_too(case, target)
    reports = list(case.reports)
    work.facts["reports"] = [report.id for report in reports]
    owed = {report.id: _owed(case, report) for report in reports}
    for report in reports:
        grants.move_report(report, case, key, target, target_key)
        target.is_named = bool(target.is_named or report.is_named)
        if not was_accepted:
            ledger.append("accepted", "merge", report)
        writing.note_on(target, "join", report=report, from_case=case.id, **owed[report.id])


def part_from(work: Work) -> None:
    """The reports that once came from this case come back to it, with new keys for what they write from now on."""
    case = work.case
    joined = happened.newest(case, "merge")
    target = _locked(joined.facts["target"])
    key, target_key = work.key(), grants.case_key(work.by, target)  # type: ignore[arg-type]
    for report in Report.select().where(Report.case == target, Report.id.in_(joined.facts["reports"])):
        grants.move_report(report, target, target_key, case, key)
        writing.note_on(target, "part", report=report, to_case=case.id)
    work.facts["reports"] = joined.facts["reports"]
    holding.seal_to_intake(work)


def _locked(case_id: str) -> Case:
    row: Case = lock_row(Case.select().where(Case.id == case_id)).get()
    return row


def _shut_out_too(case: Case, target: Case) -> None:
    """Who must not read the one must not read the other."""
    for row in ShutOut.select().where(ShutOut.case == case):
        classification.shut_out(target, row.person, row.reason)
    recusal_steps.carry_over(case, target)
    there = {row.unit_id for row in UnitShutOut.select().where(UnitShutOut.case == target)}
    for unit in Unit.select().where(Unit.id.in_(units_kept_out(case) - there)):
        classification.keep_unit_out(target, unit)


def _owed(case: Case, report: Report) -> dict[str, Any]:
    """What is owed to a report that changes the case, and since when: notice, and an answer to its letters."""
    rows = Clock.select().where(Clock.case == case, Clock.state.in_(("running", "paused")))
    since = {
        row.name: row.started_on.isoformat()
        for row in rows
        if row.name in ("notice", "reply_message") and row.report in (None, report.id)
    }
    facts = {
        "is_named": bool(report.is_named),
        "origin": report.origin,
        "since": since,
        "notice_owed": "notice" in since,
        "reply_owed": "reply_message" in since,
    }
    return facts


# --- new cases from old ones -----------------------------------------------------------------------------


def split_off(work: Work) -> None:
    """A new case at the same desk for facts that are a matter of their own; a new subject is a new lead."""
    subject = work.words.get("new_subject", "")
    work.facts["new_case"] = _new_case(work, work.facts["new_kind"], work.words["facts"], subject)


def open_retaliation_case(work: Work) -> None:
    """Retaliation is a new lead, urgent from the first day on (ZWCF 32, 62)."""
    work.facts["new_case"] = _new_case(work, "lead", work.words["facts"], "", retaliation=True)


def _new_case(work: Work, kind: str, facts: str, subject: str, **more: bool) -> str:
    case, key = work.case, work.key()
    desk = holding.home_desk(case) if not case.is_flagged else case.desk
    new, new_key = receiving.open_case(desk, kind=kind, is_flagged=bool(case.is_flagged), is_named=False)
    if more.get("retaliation"):
        new.severity = "urgent"
    report = _report_of_office(new, new_key, kind, _answers(work, key, facts, subject))
    _shut_out_too(case, new)
    new.save()
    receiving.receive(writing.SYSTEM, new, new_key, report, from_case=case.id, **more)
    return new.id


def _answers(work: Work, key: bytes, facts: str, subject: str) -> dict[str, Any]:
    """What the new report says; who must not read the old one is named in it too."""
    kept_out = "，".join(grants.names_kept_out(work.case, key))
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
