"""What a reporter is told of where the own report stands: a stage, a promise, a question. Nothing else of it leaves.

A report that joined another case follows it and yet knows nothing of it: neither its question, unless it was asked of
this report too, nor its days, nor its result before the own feedback.
"""

import dataclasses
import datetime as dt

from whistle.rules import clocks, workflow
from whistle.rules.states import seen_of_joined
from whistle.rules.terms import Term
from whistle.services.casework import happened
from whistle.store.cases import Case, CaseEvent, Clock
from whistle.store.reports import Message, Report

#: The clocks that promise the reporter a word from the office; the earliest that can still be met gives the day.
PROMISES = ("accept", "forward_up", "notice", "notice_law", "answer", "reply_message", "feedback", "rhythm")


@dataclasses.dataclass(frozen=True, slots=True)
class Standing:
    """Where a report stands, as its reporter is told. `asked_in`: the letter whose question waits for an answer."""

    stage: Term
    promise: Clock | None
    asked_in: str | None
    answer_by: dt.date | None


def of(report: Report) -> Standing:
    """What the reporter of a report is told of it."""
    joined, asked = is_joined(report), asked_in(report)
    owed = _owed(report, with_case=not joined)
    return Standing(
        stage=_stage(report, is_joined=joined, is_asked=asked is not None),
        promise=_promise(report.case, owed),
        asked_in=asked,
        answer_by=next((row.due_on for row in owed if asked and row.name == "supplement"), None),
    )


def _stage(report: Report, *, is_joined: bool, is_asked: bool) -> Term:
    """The only thing about a case's state that its reporter sees; `is_asked`: facts are wanted of this one."""
    case = report.case
    waits_for_another = case.state == "supplementing" and not is_asked
    state = case.return_state if waits_for_another and case.return_state else case.state
    if is_joined and not is_asked:
        return seen_of_joined(state, is_told=happened.final_feedback(case, report.id) is not None)
    return workflow.STATES[state].reporter_sees


def is_joined(report: Report) -> bool:
    """Whether a report is with a case that is not the one it began."""
    begun = CaseEvent.select().where(CaseEvent.case == report.case, CaseEvent.report == report.id)
    return not begun.where(CaseEvent.action.in_(("receive", "receive_flagged"))).exists()


def asked_in(report: Report) -> str | None:
    """The id of the letter that asks this reporter for facts and waits for an answer, if one does."""
    if report.case.state != "supplementing":
        return None
    sent = happened.newest(report.case, "request_supplement").facts.get("messages", ())
    letter = Message.get_or_none(Message.id.in_(list(sent)), Message.report == report)
    return None if letter is None else str(letter.id)


def _promise(case: Case, owed: list[Clock]) -> Clock | None:
    """The earliest promise that some step can keep from where the case stands, or goes back to; late or not."""
    state = case.return_state or case.state
    kept = (
        row
        for row in owed
        if row.name in PROMISES and clocks.can_be_met(clocks.clock_row(row.name, row.started_on), state)
    )
    return next(kept, None)


def _owed(report: Report, *, with_case: bool) -> list[Clock]:
    """The clocks that run for a report, and the case's own where they are the report's too; the earliest due first.

    When the result is due is known to nobody who does not know that there is one.
    """
    query = Clock.select().where(Clock.case == report.case, Clock.name.in_((*PROMISES, "supplement")))
    whose = Clock.report == report.id
    whose = whose | Clock.report.is_null() if with_case else whose & (Clock.name != "feedback")
    return list(query.where(Clock.state.in_(("running", "paused")), whose).order_by(Clock.due_on))
