"""What follows from an act, by the names used in `rules.workflow`: numbers, classes, keys, messages to the reporter.

An effect runs inside the act's transaction, before the event is written, in the session of the person whose act it is.
"""

import datetime as dt
import re
from collections.abc import Callable

from whistle import clock
from whistle.rules import masking
from whistle.services import grants, ledger, messages, office, recusal
from whistle.services.access import Acting, AsReporter
from whistle.services.casework import acting_steps, happened, interference_steps, recusal_steps, upward
from whistle.services.casework.classification import set_classification, shut_out_listed
from whistle.services.casework.following import FOLLOWING
from whistle.services.casework.holding import HOLDING
from whistle.services.casework.joining import JOINING
from whistle.services.casework.outcomes import OUTCOMES
from whistle.services.casework.work import Work
from whistle.services.errors import Conflict
from whistle.store.database import lock_row
from whistle.store.offices import Series
from whistle.store.reports import Report


def allot_number(work: Work) -> None:
    """Give the case its number of the year's series, once; reports on the office's own people get none."""
    if work.case.number is not None or work.case.is_flagged:
        return
    year = clock.today().year
    Series.insert(name="case", year=year, last=0).on_conflict_ignore().execute()
    series = lock_row(Series.select().where(Series.name == "case", Series.year == year)).get()
    series.last += 1
    series.save()
    work.case.number = office.case_number(office.current(), year, series.last)
    work.facts["number"] = work.case.number
    ledger.append("other", "series", series, by=work.person_id)


def forward_package(work: Work) -> None:
    """Seal everything in the case to the superior's key; the bytes are handed to the acting member as a file."""
    work.download = upward.make(work.case, work.key(), work.words.get("note", ""))


def message_reporter(work: Work) -> None:
    """Tell each reporter concerned what the office says, with the reason's code and who has it now."""
    _tell(work, work.reports())


def tell_dissatisfied(work: Work) -> None:
    """Tell those who were not satisfied what came of the second look, and nobody else."""
    rated = happened.events_anew(work.case, "rate")
    dissatisfied = {event.report for event in rated if event.facts.get("rating") == "not_satisfied"}
    _tell(work, [report for report in work.reports() if report.id in dissatisfied])


def _tell(work: Work, reports: list[Report]) -> None:
    if not isinstance(work.by, Acting) or not work.message():
        return
    work.facts.pop("no_answer_needed", None)  # what was written is an answer, whatever was ticked beside it
    told = {"reason": work.facts.get("reason"), "receiver": work.words.get("receiver")}
    content = {"text": work.message(), "facts": {name: value for name, value in told.items() if value}}
    sent = []
    for report in reports:
        if report.reporter_public is not None:
            sent.append(
                messages.write_from_office(
                    work.case, work.key(), report, work.row.name, by=work.person_id, content=content
                ).id
            )
    work.facts["messages"] = sent


def record_answer(work: Work) -> None:
    """Keep what the reporter wrote under the report key, which is all that a reporter's session can open."""
    if isinstance(work.by, AsReporter) and work.message():
        content = {"text": work.message()}
        row = messages.write_from_reporter(work.by, work.row.name, content, work.form_number)
        work.facts["messages"] = [row.id]
        work.words.clear()


def seal_to_decider(work: Work) -> None:
    """A wish for recusal goes to who decides it: not to the officers it may speak of, nor to whom it names."""
    if not isinstance(work.by, AsReporter):
        raise TypeError("only a reporter asks for recusal here")
    body = {"whom": work.words["whom"], "why": work.message(), "at": clock.now().isoformat()}
    public = bytes(Report.get_by_id(work.by.report_id).reporter_public or b"")
    naming = [*grants.names_kept_out_by(work.by), work.words["whom"]]
    rows = recusal.address(work.case, body, naming=naming, report=(work.by.report_id, public))
    if not rows:
        raise Conflict("no_decider")
    work.facts["requests"] = rows
    work.words.clear()


def take_effect_on_day(work: Work) -> None:
    """What was done before it is entered took effect on its own day, which is the day that clocks count."""
    work.valid_on = dt.date.fromisoformat(work.facts["day"])


def mask_text(work: Work) -> None:
    """Take out of an excerpt what a pattern knows, and the names entered; the second person reads the rest."""
    names = re.split(r"[、，,;；\s]+", work.words.get("names", ""))
    work.words["text"] = masking.mask(work.words["text"], names).text


def pause(work: Work) -> None:
    """Nothing to write: the clocks read the pause from the events."""


EFFECTS: dict[str, Callable[[Work], None]] = {
    "allot_number": allot_number,
    "set_classification": set_classification,
    "shut_out_listed": shut_out_listed,
    "forward_package": forward_package,
    "message_reporter": message_reporter,
    "tell_dissatisfied": tell_dissatisfied,
    "record_answer": record_answer,
    "seal_to_decider": seal_to_decider,
    "take_effect_on_day": take_effect_on_day,
    "pause": pause,
    "keep_in_register": interference_steps.keep_in_register,
    "keep_declarer_off": recusal_steps.keep_declarer_off,
    "pass_request_on": recusal_steps.pass_request_on,
    "keep_off": recusal_steps.keep_off,
    "end_suspension": recusal_steps.end_suspension,
    "end_recusal": recusal_steps.end_recusal,
    "let_in": recusal_steps.let_in,
    "enter_acting_head": acting_steps.enter_acting_head,
    "end_acting_head": acting_steps.end_acting_head,
    "mask_text": mask_text,
    **FOLLOWING,
    **HOLDING,
    **JOINING,
    **OUTCOMES,
}
