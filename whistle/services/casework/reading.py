"""A case opened for a person who was granted it: reports, messages, words, timeline, and what may be done next.

Opening is recorded once for each session, in the same transaction and before anything is opened.
"""

import dataclasses
import datetime as dt
from collections.abc import Collection, Iterator
from typing import Any

from whistle import clock
from whistle.rules import workflow
from whistle.rules.permits import permission_of
from whistle.rules.workflow import Action
from whistle.services import archive, attachments, contexts, deciders, grants, messages, recusal, units
from whistle.services.access import Acting, permitted, relations, require, roles_of
from whistle.services.casework import (
    approvals,
    before_decision,
    case_things,
    classification,
    clockwork,
    digests,
    happened,
    identity_asking,
    openings,
    other_cases,
    record,
    stranded,
)
from whistle.services.casework.act import blocked_by_proposal, find_case, reference
from whistle.services.casework.guards import obstacle
from whistle.services.casework.record import TimelineItem
from whistle.services.casework.related import count_linked
from whistle.services.casework.work import Work
from whistle.services.errors import Conflict, NotAllowed, NotFound
from whistle.services.use_case import use_case
from whistle.store.cases import Case, Clock, Opening, Proposal
from whistle.store.reports import Message, ReadState, Report
from whistle.vault import envelope


@dataclasses.dataclass(frozen=True, slots=True)
class ReportView:
    """One joined report with its answers and letters; of the reporter's name only who asked to see it."""

    id: str
    received_on: dt.date
    #: How it came in, as a code of `origins`.
    origin: str
    channel: str | None
    place: str | None
    is_named: bool
    identity: identity_asking.IdentityView | None
    answers: dict[str, Any]
    letters: list[messages.Letter]
    files: list[attachments.File]
    unread: int
    #: What the reporter thought of the result, as a code of `ratings`.
    rating: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class CaseView:
    """All that the case page shows."""

    id: str
    ref: str
    number: str | None
    state: workflow.State
    version: int
    desk_zh: str
    desk_en: str
    officer: str | None
    officer_id: int | None
    taken_in_by: str | None
    kind: str
    category: str | None
    other_categories: list[str]
    severity: str | None
    complexity: str | None
    unit_code: str | None
    unit_zh: str | None
    unit_en: str | None
    is_flagged: bool
    is_named: bool
    received_on: dt.date
    reviewer: str | None
    reviewer_id: int | None
    #: How it ended, as a code.
    finding: str | None
    #: Who has it out of the archive, and until when.
    loans: tuple[archive.Loan, ...]
    clocks: list[clockwork.ClockView]
    #: Those of the running clocks that may be extended.
    extendable: list[clockwork.ClockView]
    things: list[case_things.ThingView]
    #: The acts that make a thing here.
    makers: list[Action]
    reports: list[ReportView]
    timeline: list[TimelineItem]
    proposals: list[approvals.ProposalView]
    waiting: approvals.ProposalView | None
    #: The newest proposal, where it was sent or taken back and the case has not moved on since; `returned`: sent back.
    left_undone: approvals.ProposalView | None
    returned: approvals.ProposalView | None
    #: The timeline with what became of proposals.
    record: list[TimelineItem]
    #: Whose turn it is: as the state's row says, or what keeps the officer from working (`stranded`).
    turn: str
    #: Whether the reporter was asked for what is missing, which is done once.
    asked_for_facts: bool
    recusals: list[recusal.Wish]
    #: As what this person acts: the own role, or the head's for who acts as head.
    acts_as: str
    opened_by: list[tuple[str, dt.datetime]]
    #: The other cases that the timeline names, by id, as each is addressed; of those this person may open alone.
    named: dict[str, str]
    #: How many cases somebody said belong to this one, of those this person may read.
    linked: int
    actions: list[Action]
    #: What would be possible but for the case itself, each with why it is not: a code as of `Conflict`.
    held_up: list[tuple[Action, str]]
    #: Where it can be decided, or brought to decision: what is missing for that, as codes of `Conflict`.
    missing: list[str]


@dataclasses.dataclass(frozen=True, slots=True)
class ProposalPage:
    """A proposal before it is decided: what it says, the case as it stands now, and what happened in between."""

    proposal: approvals.ProposalView
    version: int
    seen: int
    since: list[TimelineItem]
    things: list[case_things.ThingView]
    complexity: str | None
    #: The class as it is registered, where another is proposed.
    class_now: dict[str, Any] | None


@use_case
def open_proposal(by: Acting, proposal_id: str) -> ProposalPage:
    """Open a proposal for somebody who may decide it: an opening of its case.

    Raises NotFound, and Conflict 'decided_already' for one that does not wait, or not for this person: what became of
    it, `approvals.outcome` tells.
    """
    row = Proposal.get_or_none(Proposal.id == proposal_id)
    if row is None or approvals.is_sealed_from(by, row):
        raise NotFound("proposal")
    case = find_case(row.case_id, lock=True)
    require(by, "proposal.list")
    if not deciders.may_decide(by.person_id, row):
        raise Conflict("decided_already")
    require(by, "proposal.decide", row)
    key = grants.case_key(by, case)
    openings.note(by, case)
    since = record.timeline(case, key, after=row.case_seq)
    return ProposalPage(
        proposal=approvals.view(by, row),
        version=case.version,
        seen=since[0].seq if since else row.case_seq,
        since=since,
        things=case_things.of_case(by, case, key, relations(by, case), workflow.ACTIONS[row.action]),
        complexity=case.complexity,
        class_now=classification.class_of(case, key) if row.action == "reclassify" else None,
    )


@use_case
def open_case(by: Acting, case_ref: str, *, letters_shown: bool = True) -> CaseView:
    """Open a case; raises NotFound for one this person may not know of, NotAllowed for one not granted.

    Where the letters are not shown to the person, they stay unread. A case that wants new keys gets them here, so that
    the row is locked: two who open it at once would else each renew what the other had.
    """
    case = find_case(case_ref, lock=True)
    _ask_to_read(by, case)
    key = grants.case_key(by, case)
    openings.note(by, case)
    recusal.owe_deciders(case, key)
    if case.needs_new_keys:
        key = grants.renew(case, key)
    digests.refresh(case, key)
    rows = list(case.proposals.order_by(Proposal.made_at, Proposal.id))
    proposals = [approvals.view(by, row) for row in rows]
    timeline = record.timeline(case, key)
    waiting = next((p for p in proposals if p.state == "waiting"), None)
    proposed = None if waiting is None else waiting.action
    undone = record.left_undone(case, rows, proposals)
    related, clocks = relations(by, case), clocks_of(case)
    extendable = _extendable(case, clocks)
    steps = list(_with_obstacles(by, case, proposed, related, can_extend=bool(extendable)))
    kinds, done = {item.action.thing for item in timeline}, {item.action.name for item in timeline}
    unit = (None, None) if case.unit is None else units.name_of(case.unit)
    return CaseView(
        id=case.id,
        ref=reference(case),
        number=case.number,
        state=workflow.STATES[case.state],
        version=case.version,
        desk_zh=case.desk.name_zh,
        desk_en=case.desk.name_en,
        officer=None if case.officer is None else case.officer.name,
        officer_id=case.officer_id,
        taken_in_by=None if case.taken_in_by is None else case.taken_in_by.name,
        kind=case.kind,
        category=case.category,
        other_categories=list(case.other_categories),
        severity=case.severity,
        complexity=case.complexity,
        unit_code=None if case.unit is None else case.unit.code,
        unit_zh=unit[0],
        unit_en=unit[1],
        is_flagged=bool(case.is_flagged),
        is_named=bool(case.is_named),
        received_on=case.received_on,
        reviewer=None if case.reviewer is None else case.reviewer.name,
        reviewer_id=case.reviewer_id,
        finding=case.finding,
        loans=archive.loans([case.id]).get(case.id, ()) if case.state == "archived" else (),
        clocks=clocks,
        extendable=extendable,
        things=case_things.of_case(by, case, key, related, proposed, kinds),
        makers=case_things.makers(by, case, related, proposed, kinds),
        reports=_reports(by, case, key, letters_shown, was_rated="rate" in done),
        timeline=timeline,
        proposals=proposals,
        waiting=waiting,
        left_undone=undone,
        returned=undone if undone is not None and undone.state == "returned" else None,
        record=record.with_proposals(timeline, rows, proposals),
        turn=stranded.turn(case),
        asked_for_facts="request_supplement" in done,
        recusals=recusal.of_case(case, by),
        acts_as="head" if "acting" in related else by.role,
        opened_by=_opened_by(case),
        named=other_cases.named_in(by, timeline),
        linked=count_linked(by, case),
        actions=[row for row, why in steps if why is None],
        held_up=[(row, why) for row, why in steps if why is not None],
        missing=before_decision.missing(case) if _is_before_decision(steps) else [],
    )


def _opened_by(case: Case) -> list[tuple[str, dt.datetime]]:
    """Who opened a case, the newest first: at most 50."""
    newest = case.openings.order_by(Opening.recorded_at.desc(), Opening.id).limit(50)
    return [(opening.person.name, opening.recorded_at) for opening in newest]


def _is_before_decision(steps: list[tuple[Action, str | None]]) -> bool:
    return any(row.name in before_decision.STEPS for row, why in steps if why is None)


def _ask_to_read(by: Acting, case: Case) -> None:
    """Ask leave to open a case; the refusal tells who may know of the case where it is."""
    try:
        require(by, "case.read", case)
    except NotAllowed as fault:
        if fault.permission == "case.read" and case.state == "archived":
            raise NotAllowed("case.read", "archived") from fault
        if fault.permission != "case.read" or not (
            _is_at_desk(case) or clockwork.acceptance_of(case) is None
        ):
            raise
        has_ended = case.state in workflow.END_STATES
        raise NotAllowed("case.read", "never_accepted" if has_ended else "still_at_desk") from fault


def _is_at_desk(case: Case) -> bool:
    """Whether a case waits to be accepted, also anew: it may have been accepted before it went the sealed way."""
    return any(state in workflow.ACTIONS["accept"].frm for state in (case.state, case.return_state))


def _with_obstacles(
    by: Acting, case: Case, proposed: Action | None, related: Collection[str], *, can_extend: bool
) -> Iterator[tuple[Action, str | None]]:
    """What this person may do next by state, role and relation, and nothing that a proposal holds up; each with what a
    guard alone has against it.
    """
    for row in workflow.possible(case.state, _roles(by, related), case.kind):
        is_blocked = proposed is not None and blocked_by_proposal(row, proposed)
        is_empty = not can_extend and any(need.kind == "clock" for need in row.needs)
        if (
            is_blocked
            or is_empty
            or is_done(case, row)
            or not permitted(permission_of(row), by.role, related)
        ):
            continue
        yield row, obstacle(Work(case=case, row=row, by=by))


def _roles(by: Acting, related: Collection[str]) -> set[str]:
    """The role a person has, with what they do in another's place, or by where they sit."""
    beside = {"stands_in": "intake", "reviews": "reviewer", "archive_desk": "archive", "borrower": "borrower"}
    return roles_of(by.role, related) | {role for relation, role in beside.items() if relation in related}


def is_done(case: Case, row: Action) -> bool:
    """Whether nothing is left for an act to do: its clock was met for every reporter, or nobody has the case yet."""
    if (
        any(need.name == "from_person" for need in row.needs)
        and case.officer_id is None
        and case.reviewer_id is None
    ):
        return True
    states = {state for (state,) in _states_of_clock(case, row.fulfils).tuples()} if row.fulfils else set()
    return "met" in states and not states & {"running", "paused"}


def _extendable(case: Case, views: list[clockwork.ClockView]) -> list[clockwork.ClockView]:
    open_ones = [v for v in views if v.state in ("running", "paused") and v.row.extension is not None]
    left = {(row.name, row.report) for row in happened.extendable(case)} if open_ones else set()
    return [view for view in open_ones if (view.name, view.report_id) in left]


def _states_of_clock(case: Case, name: str) -> Any:
    return Clock.select(Clock.state).where(Clock.case == case, Clock.name == name)


def clocks_of(case: Case) -> list[clockwork.ClockView]:
    """A case's clocks, running ones by due day first."""
    calendar, today = clockwork.calendar(), clock.today()
    rows = list(Clock.select().where(Clock.case == case).order_by(Clock.due_on, Clock.name, Clock.id))
    views = [clockwork.view(row, calendar, today) for row in rows]
    return sorted(views, key=lambda v: (v.state not in ("running", "paused"), v.due_on))


def body_of(case: Case, key: bytes, report: Report) -> dict[str, Any]:
    """A report's answers, through the case key."""
    report_key = grants.report_key(case, key, report, 1)
    body: dict[str, Any] = envelope.open_json_record(
        report_key, report.sealed_body, contexts.report_body(report.id, 1)
    )
    return dict(body["answers"])


def _origin(report: Report) -> str:
    """Of what an officer wrote down, as it was entered; of what the office itself makes, 'office'."""
    if report.origin == "qr":
        return "qr"
    return str(happened.receipt_of(report).get("origin", report.origin))


def _reports(by: Acting, case: Case, key: bytes, letters_shown: bool, *, was_rated: bool) -> list[ReportView]:
    """The joined reports, oldest first; `was_rated`: one of them was, else none is asked about."""
    return [
        _report_view(by, case, key, report, letters_shown, was_rated=was_rated)
        for report in case.reports.order_by(Report.received_on, Report.id)
    ]


def _report_view(
    by: Acting, case: Case, key: bytes, report: Report, letters_shown: bool, *, was_rated: bool
) -> ReportView:
    def key_of(generation: int) -> bytes:
        return grants.report_key(case, key, report, generation)

    letters = messages.letters(report, key_of)
    unread = _mark_read(by, report) if letters_shown else unread_of(by.person_id, report)
    return ReportView(
        id=report.id,
        received_on=report.received_on,
        origin=_origin(report),
        channel=None if report.channel is None else report.channel.name,
        place=None if report.channel is None else report.channel.place,
        is_named=bool(report.is_named),
        identity=identity_asking.of_report(by, case, key, report),
        answers=body_of(case, key, report),
        letters=letters,
        files=attachments.of_report(report, key_of, letters),
        unread=unread,
        rating=happened.rating(case, report.id) if was_rated else None,
    )


def unread_of(person_id: int, report: Report) -> int:
    """How many of a reporter's messages a person has not yet seen."""
    total = Message.select().where(Message.report == report, Message.side == "reporter").count()
    row = ReadState.get_or_none(ReadState.report == report, ReadState.person == person_id)
    return int(total) - (0 if row is None else int(row.seen))


def _mark_read(by: Acting, report: Report) -> int:
    unread = unread_of(by.person_id, report)
    if unread:
        row = ReadState.get_or_none(ReadState.report == report, ReadState.person == by.person_id)
        if row is None:
            row = ReadState.create(report=report, person=by.person_id)
        row.seen += unread
        row.save()
    return unread
