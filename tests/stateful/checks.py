"""What must hold of an office's cases whatever anybody did. Each check raises AssertionError with words of its own."""

import datetime as dt
from collections import Counter, defaultdict

from tests.rules.slow_clocks import slow_clocks
from tests.stateful.moves import INTERNAL
from whistle.rules import workflow
from whistle.services import deciders, grants, tracking
from whistle.services.access import is_shut_out
from whistle.services.casework import clockwork, happened, seats
from whistle.services.casework.writing import newest_seq
from whistle.store.cases import Case, CaseEvent, Clock, Proposal
from whistle.store.desks import DeskSeal
from whistle.store.entries import Entry
from whistle.store.people import Person
from whistle.store.reports import Report
from whistle.store.things import THING_TABLES

NEVER_HOLD = frozenset({"admin", "auditor", "supervisor"})
#: What the reporter of a report that joined another case may see.
OF_JOINED = frozenset(
    {"已受理", "核查中", "已办结", "请您补充", "不予受理", "已转交有权处理的机关", "已报上级机关"}
)


# --- the table ---------------------------------------------------------------------------------------------------


def only_the_tables_transitions_happened(case: Case) -> None:
    state: str | None = None
    came_from: str | None = None
    things: dict[str, str] = {}
    for event in happened.events(case):
        row = workflow.ACTIONS[event.action]
        assert event.from_state == state, f"{row.name} began elsewhere"
        if row.thing == "case":
            after = workflow.state_after(row, state, came_from, event.to_state)
            came_from = workflow.return_state_after(row, state, came_from, event.to_state)
            assert event.to_state == after, f"{row.name} led from {state} to {event.to_state}"
            state = event.to_state
        else:
            assert state in row.in_states, f"{row.name} while {state}"
            assert event.to_state == state
            thing = event.facts["thing"]
            things[thing] = workflow.state_after(row, things.get(thing), chosen=_chosen(event, row))
        things |= dict.fromkeys(event.facts.get("things", ()), "decided") if row.name == "decide" else {}
        assert _may_do(case, event, row), f"{row.name} by {event.by and event.by.user_name}"
    assert (case.state, case.return_state) == (state, came_from)
    stored = {
        row.id: row.state
        for table in THING_TABLES.values()
        for row in table.select().where(table.case == case)
    }
    assert stored == things


def _chosen(event: CaseEvent, row: workflow.Action) -> str | None:
    """Which of several states an act on a thing led to; one act alone has several."""
    if len(row.outcomes) == 1:
        return None
    assert row.name == "measure.confirm_end"
    return "ended" if event.facts["has_ended"] else "delivered"


def what_needs_leave_had_it(case: Case) -> None:
    """Somebody else's, but where the head does by a meeting what the row lets the head do."""
    for event in happened.events(case):
        row = workflow.ACTIONS[event.action]
        if row.approval is None or event.by_kind != "office":
            continue
        proposed_by = event.facts.get("proposed_by")
        is_of_meeting = row.approval == workflow.COLLECTIVE and "head" in row.by
        assert proposed_by != event.by_id, f"{row.name}: decided what they had proposed"
        assert proposed_by is not None or is_of_meeting, f"{row.name} without leave"
        assert proposed_by is not None or event.facts.get("meeting_on"), f"{row.name} without a meeting"


def _may_do(case: Case, event: CaseEvent, row: workflow.Action) -> bool:
    if event.by_kind != "office":
        return event.by_kind in row.by
    doer = Person.get_by_id(event.facts.get("proposed_by", event.by_id))
    stands_in = "intake" in row.by and doer.role in ("deputy", "head")
    reviews = "reviewer" in row.by and doer.role == "officer"
    archive = bool({"archive", "borrower"} & set(row.by))
    return doer.role in row.by or stands_in or reviews or archive


def every_event_has_its_log_entry(case: Case) -> None:
    events = {event.id for event in happened.events(case)}
    known = Entry.select(Entry.about_id).where(Entry.about_table == "case_event", Entry.about_id.in_(events))
    assert {row.about_id for row in known} == events


def the_clocks_are_what_a_slow_reckoning_says(case: Case) -> None:
    slow = slow_clocks(clockwork.events_of(case), clockwork.facts_of(case), clockwork.calendar())
    stored = [clockwork.state_of(row) for row in Clock.select().where(Clock.case == case)]
    assert Counter(slow) == Counter(stored), _difference(Counter(slow), Counter(stored))


def _difference(slow: Counter[object], stored: Counter[object]) -> str:
    return f"slow alone {list(slow - stored)}, stored alone {list(stored - slow)}"


# --- keys --------------------------------------------------------------------------------------------------------


def holders(case: Case) -> set[int]:
    """Everybody who can open a case's key, by an own seal or a desk's."""
    found = {seal.person_id for seal in case.seals if seal.person_id is not None}
    keys = [seal.desk_key_id for seal in case.seals if seal.desk_key_id is not None]
    return found | {seal.person_id for seal in DeskSeal.select().where(DeskSeal.desk_key.in_(keys))}


def who_know_the_key(case: Case) -> set[int]:
    """Who holds a case, or the case it was merged into, with whose key its own opens."""
    found = holders(case)
    for row in case.merged_keys:
        found |= who_know_the_key(row.target)
    return found


class Known:
    """What everybody came to know: the newest generation of each case's and report's keys that opened for them."""

    def __init__(self) -> None:
        self.cases: dict[str, dict[int, int]] = defaultdict(dict)
        self.reports: dict[str, dict[int, int]] = defaultdict(dict)
        self.seen: dict[str, int] = defaultdict(int)

    def look(self, case: Case) -> None:
        """Note who holds a case now, and what they thereby know of its reports."""
        self.seen[case.id] = newest_seq(case)
        for person in who_know_the_key(case):
            self.cases[case.id][person] = case.key_generation
            for report in case.reports:
                self.reports[report.id][person] = report.key_generation

    def nobody_opens_what_is_written_after_losing_it(self, case: Case) -> None:
        """Who holds a case no more knows none of its newest keys.

        Unless they are marked to be made anew: then whoever could make them wrote nothing under the old ones.
        """
        if case.needs_new_keys:
            since = CaseEvent.select().where(CaseEvent.case == case, CaseEvent.seq > self.seen[case.id])
            written = (CaseEvent.by_kind == "office") | CaseEvent.action.in_(("join", "part"))
            assert not since.where(written).exists(), "written while new keys were wanted"
            return
        lost = {person for person, known in self.cases[case.id].items() if known == case.key_generation}
        assert lost <= who_know_the_key(case), "an old case key opens what is written now"
        for report in case.reports:
            lost = {
                person for person, known in self.reports[report.id].items() if known == report.key_generation
            }
            assert lost <= holders(case), "an old report key opens what is written now"


def nobody_holds_a_case_without_a_reason(case: Case) -> None:
    waiting = case.proposals.where(Proposal.state == "waiting").exists()
    reasons = {
        "assigned": lambda seal: case.officer_id == seal.person_id,
        "reviewing": lambda seal: case.reviewer_id == seal.person_id,
        "group": lambda seal: seal.person_id in seats.group_of(case),
        "line": lambda seal: seal.person.role in ("deputy", "head") and not case.is_flagged,
        "proposal": lambda _seal: waiting,
        "recusal": lambda seal: seal.person.role in ("deputy", "head", "oversight"),
        "lent": lambda _seal: case.state == "archived",
        "archive": lambda _seal: case.state == "archived",
        "desk": lambda _seal: case.state not in workflow.ACCEPTED_STATES and case.state != "archived",
        "intake": lambda seal: seal.person.role in ("intake", "officer", "deputy", "head"),
        "recovery": lambda _seal: not case.is_flagged,
        "superior": lambda _seal: bool(case.is_flagged),
    }
    for seal in case.seals:
        assert seal.generation == case.key_generation
        assert reasons[seal.reason](seal), f"holds it as {seal.reason} while {case.state}"
        if seal.person is not None:
            assert seal.person.state == "active"
            assert not is_shut_out(case, seal.person_id), f"{seal.person.user_name} is shut out"
            assert seal.person.role not in NEVER_HOLD
            assert case.is_flagged == (seal.person.role == "oversight")
            assert grants.admitted_key(seal.person) == seal.person_key
        if seal.desk_key is not None:
            kind = "oversight" if case.is_flagged else "archive" if case.state == "archived" else "intake"
            assert seal.desk_key.desk.kind == kind


def what_was_merged_follows_its_target(case: Case) -> None:
    """Nobody reads what is left of a merged case who must not read the case that it was merged into."""
    for other in happened.merged_into(case):
        assert bool(other.is_flagged) == bool(case.is_flagged)
        for person in Person.select():
            assert is_shut_out(other, person.id) or not is_shut_out(case, person.id), person.user_name
        assert other.key_generation == other.merged_keys.get().generation


def somebody_can_read_it(case: Case) -> None:
    people = Person.select().where(Person.id.in_(holders(case)), Person.state == "active")
    assert people.exists(), f"buried while {case.state}"


def a_reviewer_never_reviews_an_own_case(case: Case) -> None:
    if case.reviewer_id is not None:
        assert case.reviewer_id != case.officer_id
        assert case.reviewer_id not in seats.group_of(case)
        assert not happened.worked_on(case, case.reviewer) or case.reviewer.role == "officer"


# --- reports -----------------------------------------------------------------------------------------------------


def each_report_is_with_a_case_that_goes_on_with_it(case: Case) -> None:
    reports = list(case.reports)
    assert (case.state == "merged") == (not reports)
    assert bool(case.is_named) == any(report.is_named for report in reports)
    assert all(bool(report.is_flagged) == bool(case.is_flagged) for report in reports)


def the_reporter_learns_nothing_else(report: Report, code: str, words: str, others: list[str]) -> None:
    """The page shows the own words, the office's to this reporter, the stage and one day; nothing else."""
    page = tracking.view(tracking.open_report(code))
    shown = str(page)
    case = Report.get_by_id(report.id).case
    assert INTERNAL not in shown
    assert words in shown
    assert not [other for other in others if other in shown]
    if not CaseEvent.select().where(CaseEvent.case == case, CaseEvent.report == report.id, _BEGAN).exists():
        assert page.stage.zh in OF_JOINED
    days = {report.received_on, page.write_by, page.answer_by, *(letter.sent_on for letter in page.letters)}
    own = Clock.select().where(Clock.case == case, Clock.report.is_null() | (Clock.report == report.id))
    promised = {row.due_on for row in own if row.name in (page.promise, "supplement")}
    assert {page.write_by, page.answer_by} - {None} <= promised
    assert all(isinstance(day, dt.date | None) for day in days)


_BEGAN = CaseEvent.action.in_(("receive", "receive_flagged"))


# --- proposals ---------------------------------------------------------------------------------------------------


def a_queue_holds_what_its_person_may_decide(waiting: list[Proposal]) -> None:
    deciding = deciders.of([row.id for row in waiting])
    for row in waiting:
        assert deciding[row.id], f"{row.action} waits for nobody"
        assert row.by_id not in {person.id for person in deciding[row.id]}
        assert row.by_id in holders(row.case), f"{row.action} was proposed by who lost the case"
    asked = {person.id for people in deciding.values() for person in people}
    for person in asked | {row.by_id for row in waiting}:
        theirs = {row.id for row in waiting if person in {each.id for each in deciding[row.id]}}
        assert {row.id for row in deciders.waiting_for(person)} == theirs


#: What is checked of every case that changed.
OF_A_CASE = (
    only_the_tables_transitions_happened,
    what_needs_leave_had_it,
    every_event_has_its_log_entry,
    the_clocks_are_what_a_slow_reckoning_says,
    nobody_holds_a_case_without_a_reason,
    what_was_merged_follows_its_target,
    somebody_can_read_it,
    a_reviewer_never_reviews_an_own_case,
    each_report_is_with_a_case_that_goes_on_with_it,
)
