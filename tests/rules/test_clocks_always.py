"""What holds of the clocks for every list of events, possible or not."""

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.case_story import CALENDAR
from tests.rules.tellings import EVERYBODY
from whistle.rules.clocks import CLOCKS, CaseFacts, ClockState, Event, clocks_of, colour, working_days_left
from whistle.rules.taxonomy import KINDS
from whistle.rules.workflow import ACTIONS, STATES, possible, return_state_after, state_after

KIND_NAMES = [kind.name for kind in KINDS]
DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2027, 6, 30))
FACTS = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from([*KIND_NAMES, "nonsense", None]),
        "is_named": st.booleans(),
        "is_repeat": st.booleans(),
        "concerns_head": st.booleans(),
        "sent_by_department": st.booleans(),
        "no_answer_needed": st.booleans(),
        "report": st.sampled_from(["R", "S", 7]),
        "origin": st.sampled_from(["qr", "office", "superior", None]),
        "retaliation": st.booleans(),
        "complexity": st.sampled_from(["simple", "ordinary", 3]),
        "notice_owed": st.booleans(),
        "protection_owed": st.booleans(),
        "stage": st.sampled_from(["final", "interim", None]),
        "with_measures": st.booleans(),
    },
)
#: What may stand where a day, a number, a thing is meant.
ANYTHING = st.one_of(
    DAYS.map(dt.date.isoformat),
    st.sampled_from(
        ["A", "B", "", "0000-00-00", "9999-12-31", "0001-01-01", None, True, -1, 0, 7, 10**30, 0.5]
    ),
    st.lists(st.integers(), max_size=1),
)
NAMES = [
    "due", "review_on", "confirm_by", "thing", "things", "code", "clock", "count", "of", "since", "kind", "is_named",
    "report", "origin", "stage",
]  # fmt: skip
#: Facts that no service would write.
WILD_FACTS = st.dictionaries(
    st.sampled_from(NAMES), st.one_of(ANYTHING, st.dictionaries(st.sampled_from("AB"), ANYTHING)), max_size=6
)
SIDES = st.sampled_from(["office", "reporter", "system"])
ANY_EVENT = st.builds(
    Event,
    action=st.sampled_from([*ACTIONS, "nonsense"]),
    day=DAYS,
    from_state=st.sampled_from([None, *STATES]),
    to_state=st.sampled_from(list(STATES)),
    report=st.sampled_from([None, "R", "S"]),
    by_kind=SIDES,
    facts=st.one_of(FACTS, WILD_FACTS),
)
#: Acts that leave every clock alone.
UNTOLD = ("hand_over", "assign", "clarify", "record_interference", "find_malicious", "study")
CASES = st.builds(CaseFacts, kind=st.sampled_from(KIND_NAMES), is_named=st.booleans())


@st.composite
def walks(draw: st.DrawFn, *, max_steps: int = 12) -> list[Event]:
    """Events as they may really happen: along the table, with days that never go back."""
    day = draw(DAYS)
    state: str | None = None
    back: str | None = None
    events: list[Event] = []
    for _ in range(draw(st.integers(1, max_steps))):
        row = draw(st.sampled_from([row for row in possible(state, EVERYBODY) if row.name not in UNTOLD]))
        day += dt.timedelta(draw(st.integers(0, 12)))
        to = draw(st.sampled_from(row.outcomes))
        after = state_after(row, state, back, to)
        facts = draw(FACTS) if row.name in ("receive", "classify", "reclassify", "write") else {}
        by_kind = "reporter" if row.by == ("reporter",) else draw(SIDES)
        report = "joined" if row.name in ("join", "part") else None
        events.append(Event(row.name, day, state, after, report, by_kind, facts))
        back = return_state_after(row, state, back, to)
        state = after
    return events


def without_supplements(events: list[Event]) -> list[Event]:
    """The same events as if nothing had been asked: what happened meanwhile happened where the case stood."""
    kept: list[Event] = []
    parked_from: str | None = None
    for event in events:
        if event.action == "request_supplement":
            parked_from = event.from_state
        elif event.action not in ("supplement", "lapse_supplement"):
            frm = parked_from if event.from_state == "supplementing" else event.from_state
            to = parked_from if event.to_state == "supplementing" else event.to_state
            kept.append(
                Event(event.action, event.day, frm, to or "", event.report, event.by_kind, event.facts)
            )
    return kept


def is_of_one_kind(events: list[Event]) -> bool:
    return not any(event.facts.get("kind") for event in events if event.action != "receive")


def is_of_law(clock: ClockState) -> bool:
    lengths = [length for row in CLOCKS if row.name == clock.name for length in row.lengths]
    return all(length.is_law for length in lengths)


@given(st.lists(ANY_EVENT, max_size=12), CASES)
def test_every_list_of_events_has_an_answer_and_always_the_same(
    events: list[Event], facts: CaseFacts
) -> None:
    clocks = clocks_of(events, facts, CALENDAR)
    assert clocks == clocks_of(tuple(events), facts, CALENDAR)
    for clock in clocks:
        assert clock.due_on >= clock.started_on
        assert clock.state in ("running", "paused", "met", "cancelled")
        assert (clock.ended_on is None) == (clock.state in ("running", "paused"))
        assert (clock.paused_on is not None) == (clock.state == "paused")
        assert colour(clock, clock.due_on, CALENDAR) in ("green", "amber", "red")


@given(walks(), CASES)
def test_a_due_day_is_a_working_day_and_a_case_has_one_running_clock_of_a_name(
    events: list[Event], facts: CaseFacts
) -> None:
    clocks = clocks_of(events, facts, CALENDAR)
    going = [(clock.name, clock.report) for clock in clocks if clock.ended_on is None]
    assert len(going) == len(set(going))
    for clock in clocks:
        is_day_of_asking = clock.name == "supplement" and clock.due_on == clock.started_on
        assert CALENDAR.is_working(clock.due_on) or is_day_of_asking


@given(walks(), CASES)
def test_a_case_that_stands_where_a_stage_begins_has_the_stages_clock(
    events: list[Event], facts: CaseFacts
) -> None:
    if any(event.facts.get("kind") == "nonsense" for event in events):
        return
    going = {clock.name for clock in clocks_of(events, facts, CALENDAR) if clock.ended_on is None}
    for row in CLOCKS:
        is_of_all_kinds = all(set(length.kinds) == set(KIND_NAMES) for length in row.lengths)
        if row.stage and is_of_all_kinds and row.stage[0] == events[-1].to_state:
            assert row.name in going


@given(walks(), CASES)
def test_a_pause_never_touches_a_limit_of_law(events: list[Event], facts: CaseFacts) -> None:
    def of_law(told: list[Event]) -> list[tuple[str, dt.date, dt.date]]:
        clocks = clocks_of(told, facts, CALENDAR)
        return [(clock.name, clock.started_on, clock.due_on) for clock in clocks if is_of_law(clock)]

    assert of_law(events) == of_law(without_supplements(events))


@given(walks(), CASES)
def test_a_pause_never_carries_the_decision_past_the_written_notice(
    events: list[Event], facts: CaseFacts
) -> None:
    if not is_of_one_kind(events):
        return
    clocks = clocks_of(events, facts, CALENDAR)
    plain = clocks_of(without_supplements(events), facts, CALENDAR)
    limits = [clock for clock in clocks if clock.name == "notice_law"]
    unpaused = {clock.started_on: clock.due_on for clock in plain if clock.name == "accept"}
    for clock in clocks:
        if clock.name == "accept" and limits and clock.started_on == limits[0].started_on:
            assert clock.due_on <= max(limits[0].due_on, unpaused[clock.started_on])


@given(walks(), CASES)
def test_a_wait_for_facts_leaves_a_day_to_keep_every_limit_of_law(
    events: list[Event], facts: CaseFacts
) -> None:
    if not is_of_one_kind(events):
        return
    clocks = clocks_of(events, facts, CALENDAR)
    # One that has ended binds nobody any more, and a limit may have come after it: its time was another list's end.
    for wait in (clock for clock in clocks if clock.name == "supplement" and clock.ended_on is None):
        for limit in filter(is_of_law, clocks):
            was_there = limit.started_on < wait.started_on and limit.report in (None, wait.report)
            is_kept = limit.ended_on is None or limit.ended_on > wait.started_on
            if was_there and is_kept and limit.due_on >= wait.started_on:
                assert wait.due_on < limit.due_on or wait.due_on == wait.started_on


@given(walks(), CASES)
def test_a_pause_only_ever_gives_days(events: list[Event], facts: CaseFacts) -> None:
    plain = clocks_of(without_supplements(events), facts, CALENDAR)
    unpaused = {(clock.name, clock.report, clock.started_on): clock.due_on for clock in plain}
    for clock in clocks_of(events, facts, CALENDAR):
        if clock.name != "supplement" and (key := (clock.name, clock.report, clock.started_on)) in unpaused:
            assert clock.due_on >= unpaused[key]


@given(walks(), CASES)
def test_an_ended_clock_is_never_changed_by_what_comes_later(events: list[Event], facts: CaseFacts) -> None:
    if not is_of_one_kind(events[:-1]):
        return
    before = [clock for clock in clocks_of(events[:-1], facts, CALENDAR) if clock.ended_on is not None]
    after = clocks_of(events, facts, CALENDAR)
    assert all(clock in after for clock in before)


@given(walks(), CASES, st.integers(-40, 40))
@settings(max_examples=50)
def test_colours_only_ever_get_worse(events: list[Event], facts: CaseFacts, shift: int) -> None:
    order = ["green", "amber", "red"]
    for clock in clocks_of(events, facts, CALENDAR):
        today = clock.due_on + dt.timedelta(shift)
        tomorrow = today + dt.timedelta(1)
        assert order.index(colour(clock, today, CALENDAR)) <= order.index(colour(clock, tomorrow, CALENDAR))
        assert working_days_left(clock, today, CALENDAR) >= working_days_left(clock, tomorrow, CALENDAR)
