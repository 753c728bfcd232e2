"""The clocks a second time, slowly and plainly: told clock by clock from the rulebook's words, counted day by day.

Nothing of the product's own reckoning is used but the names of events and, of its calendar, whether a day is worked.
`TABLE` is the rulebook's chapter on clocks, copied by hand; `test_slow_clocks` and `make clocks` hold the product
against it.

How the chapter is read: leaving a stage meets its clock, but for six actions that cancel it; entering an end cancels
all but what is marked "survives", and the sealed end everything; coming back from an end owes again what the end had
cancelled, from that day; what a changed kind leaves without ground is cancelled, and what had ended stays as it ended.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from whistle.rules.clocks import CaseFacts, ClockState, Event
from whistle.rules.workdays import Calendar

ONE = dt.timedelta(days=1)
LETTERS = {"L": "lead", "C": "complaint", "U": "unresolved", "T": "petition", "A": "advice"}
ENDS = ("declined", "redirected", "forwarded", "merged", "closed", "archived")
NO_MERIT = (
    "to_oversight",
    "hold",
    "send_back",
    "return_investigation",
    "recall_referral",
    "lapse_supplement",
)

#: name; lengths, the first that fits; begins; ends; for which kinds; the rest. "law" is no length of the office's own.
TABLE = """
register; 1 W; receive; classify to_oversight; *; pauses
accept; 5 W; in received supplementing objecting; ; *; pauses
notice_law; 15 N law; receive; accept decline redirect merge; CT;
notice; 15 W law; receive join?notice_owed; give_notice; L; report named
redirect; 5 N C law sent_by_department, 5 N C, 15 N T law, 5 W L; receive; accept decline redirect merge; CTL; pauses
handed_down; 5 W law from_superior; receive; accept object_transfer redirect merge; *;
forward_up; 1 W concerns_head, 5 W; in oversight supplementing; ; *; pauses
supplement; 15 W; in supplementing; ; *; report wait
assess; 1 M law; in assessing supplementing; ; L;
solve; 30 N law sent_by_department, 30 N; receive reopen; resolve conclude_unfounded decide; C; \
    pauses longer=30N first
answer; 1 W; receive; answer resolve; U; pauses
solve_unresolved; 5 W; receive reopen; resolve; U; pauses longer=5W
petition; 60 N law; accept reopen; resolve; T; longer=30N first
advice_reply; 15 W; receive reopen; resolve; A; pauses
inquiry_reply; 15 W law; deliver_letter; inquiry_reply; L; while=inquiring
inquiry_report; 1 M law; inquiry_reply; leaving inquiring; L;
verify; 15 W simple, 2 M; in verifying; ; *; longer=1M
hold_review; 6 M; in held; ; *; due=review_on most=6M anew=hold_again
referral; 3 M L law, 3 M C U T A; in referred; ; *; due=due most=3M longer=1M
investigate; 12 M law; file_case; decide withdraw_case transfer_justice hand_to_competent; L; \
    while=investigating,reviewing,deciding longer=6M
review; 1 M law; in reviewing; ; L; longer=1M
decide; 15 W; in deciding; ; *; longer=15W
deliver; 15 W; decide; measure.deliver; *; thing most=1M survives
statement; 15 W; measure.deliver; measure.statement_received; *; thing codes=self_criticism,unit_check longer=5W
pay_change; 1 M law; decide; measure.pay_changed; *; \
    thing codes=admin_downgrade,admin_removal,admin_expulsion longer=5M survives
admonish_follow; 6 M law; measure.deliver; measure.follow_up; *; thing codes=admonish survives
confirm_end; 1 M; decide; measure.confirm_end?has_ended; *; thing due=confirm_by survives \
    codes=admin_warning,admin_demerit,admin_major_demerit,admin_downgrade,admin_removal
rectify_item; 30 N; item.make; item.strike_off; *; thing due=due moved=item.postpone
promise; 30 N; promise.make; promise.keep; *; thing due=due survives
pressed; 15 W; press; press_answered; *; thing due=due
feedback; 15 W law is_named, 15 W; entering concluded; feed_back?final; *; report off=reopen
rhythm; 3 M; accept join reopen; feed_back?final; *; report page anew=office:write,feed_back
protection; 1 W; reporter:request_protection join?protection_owed; office:request_protection; *; report survives
reply_message; 5 W; reporter:write reporter:request_withdrawal join?reply_owed; office:write; *; report
second_look; 15 W; rate?not_satisfied; second_look; *; survives off=reopen
look_back; 3 M with_measures; close; look_back; *; survives off=reopen
archive; 3 M; close; archive; *; survives off=reopen
"""


@dataclass(frozen=True)
class Line:
    """One clock of the table, its words apart."""

    name: str
    lengths: tuple[tuple[str, ...], ...]
    begins: tuple[str, ...]
    ends: tuple[str, ...]
    kinds: tuple[str, ...]
    marks: frozenset[str]
    says: dict[str, str]

    @property
    def stage(self) -> tuple[str, ...]:
        """The states it runs in, where it is a stage's."""
        if self.begins[0] == "in":
            return self.begins[1:]
        return self.ends[1:] if self.ends[:1] == ("leaving",) else ()


def _line(text: str) -> Line:
    name, lengths, begins, ends, kinds, rest = (cell.strip() for cell in text.split(";"))
    words = rest.split()
    return Line(
        name=name,
        lengths=tuple(tuple(length.split()) for length in lengths.split(",")),
        begins=tuple(begins.split()),
        ends=tuple(ends.split()),
        kinds=tuple(LETTERS.values()) if kinds == "*" else tuple(LETTERS[letter] for letter in kinds),
        marks=frozenset(word for word in words if "=" not in word),
        says=dict(word.split("=") for word in words if "=" in word),
    )


LINES = [_line(text) for text in TABLE.replace("\\\n", "").strip().splitlines()]


@dataclass
class Life:
    """One clock from its beginning to its end."""

    line: Line
    owner: str | None
    begun: int
    day: dt.date
    count: int
    unit: str
    is_law: bool
    named_day: dt.date | None
    code: str | None
    ended: int | None = None
    how: str = "running"
    longer: tuple[int, int, str] | None = None
    asked: list[tuple[int, int | None]] = field(default_factory=list)


def slow_clocks(events: Sequence[Event], facts: CaseFacts, calendar: Calendar) -> list[ClockState]:
    """What `clocks_of` should say, in no particular order."""
    settled: dict[tuple[int, str, str | None], ClockState] = {}
    shown: dict[tuple[int, str, str | None], ClockState] = {}
    for until, kind, complexity in _turns(events, facts):
        lives = [life for line in LINES for life in _lives(line, events[:until], kind, complexity, facts)]
        for life in lives:
            key = (life.begun, life.line.name, life.owner)
            state = _as_state(life, lives, events, calendar)
            shown[key] = state
            if state.ended_on is not None:
                settled.setdefault(key, state)
            elif until < len(events):
                shown[key] = _cancelled(state, events[until].day)
    return list({**shown, **settled}.values())


def _turns(events: Sequence[Event], facts: CaseFacts) -> Iterator[tuple[int, str, str]]:
    """Up to which event the case was of which kind and complexity."""
    kind, complexity = facts.kind, ""
    for number, event in enumerate(events):
        if event.action in ("receive", "receive_flagged", "classify", "reclassify"):
            now = event.facts.get("kind") or kind, event.facts.get("complexity") or complexity
            if number and now != (kind, complexity):
                yield number, kind, complexity
            kind, complexity = now
    yield len(events), kind, complexity


def _cancelled(state: ClockState, day: dt.date) -> ClockState:
    return ClockState(
        state.name,
        state.report,
        state.started_on,
        state.due_on,
        "cancelled",
        day,
        state.is_provisional,
        state.unit,
    )


# --- the life of a clock ---------------------------------------------------------------------------------------


def _lives(line: Line, events: Sequence[Event], kind: str, complexity: str, facts: CaseFacts) -> list[Life]:
    """Every life of one clock in a case that was of this kind and complexity all along."""
    lives: list[Life] = []
    if kind not in line.kinds:
        return lives
    case = _Case(kind, complexity, facts)
    for number, event in enumerate(events):
        case.hear(event)
        _count_from_first(line, lives, event, case)
        for life in lives:
            if life.ended is None:
                _answer_pause(life, event, number)
                how = _ends(life, event)
                if how:
                    life.ended, life.how = number, how
                else:
                    _lengthen(life, event, number)
        for life in _begun(line, event, number, case):
            if not any(old.ended is None and old.owner == life.owner for old in lives):
                lives.append(life)
        _begin_anew(line, lives, event, number, case)
        _come_back(line, lives, events, number, case)
        case.remember(event)
    return lives


def _count_from_first(line: Line, lives: list[Life], event: Event, case: "_Case") -> None:
    """A joining report's limit goes on from the day on which it began, in the clock that runs or in the first one."""
    if event.to_state in ENDS:
        case.first_day = None
    brought = event.facts.get("since", {}).get(line.name) if event.action == "join" else None
    if brought is None or "first" not in line.marks:
        return
    day = dt.date.fromisoformat(brought)
    for life in lives:
        if life.ended is None:
            life.day = min(life.day, day)
    if not lives:
        case.first_day = min(day, case.first_day or day)


class _Case:
    """What is known of the case when an event happens."""

    def __init__(self, kind: str, complexity: str, facts: CaseFacts) -> None:
        self.kind, self.facts = kind, facts
        self.known = {complexity}
        self.reports: dict[str | None, dict[str, bool]] = {}
        self.all_named: set[str | None] = set()
        self.offline: set[str | None] = set()
        self.came_on: dt.date | None = None
        self.was_taken_in = False
        self.first_day: dt.date | None = None

    def hear(self, event: Event) -> None:
        """A report comes or goes; a fact is said."""
        said = event.facts
        if event.action != "join":
            self.known |= {name for name in said if said[name] is True and name != "is_named"}
        if said.get("origin") == "superior":
            self.known.add("from_superior")
        if event.action in ("receive", "receive_flagged", "join"):
            self.came_on = self.came_on or event.day
            named = bool(said.get("is_named", self.facts.is_named))
            by_code = said.get("has_receipt", True)
            if said.get("origin") != "office" and (by_code or named):
                self.offline |= set() if by_code else {_report(event)}
                self.reports[_report(event)] = {"named": named, "first": not said.get("is_repeat")}
                self.all_named |= {_report(event)} if named else set()
        if event.action == "part":
            self.reports.pop(_report(event), None)

    def remember(self, event: Event) -> None:
        """Taken in is a report once, when it is received or released from sealed handling."""
        self.was_taken_in |= self.takes_in(event)

    def takes_in(self, event: Event) -> bool:
        """Is this the event by which the office takes the report in?"""
        return event.action == "receive" or (event.action == "release_oversight" and not self.was_taken_in)


def _begun(line: Line, event: Event, number: int, case: _Case) -> list[Life]:
    first, *more = line.begins
    if first in ("in", "entering"):
        begins = event.to_state == more[0] and event.from_state != more[0]
    else:
        begins = any(_is(word, event) for word in line.begins) or (
            "receive" in line.begins and case.takes_in(event)
        )
    if not begins:
        return []
    found = []
    for owner, code in _owners(line, event, case):
        life = _new_life(line, owner, code, event, number, case)
        if life is not None:
            found.append(life)
    return found


def _owners(line: Line, event: Event, case: _Case) -> list[tuple[str | None, str | None]]:
    if "thing" in line.marks:
        things = event.facts.get("things")
        if things is None:
            thing = event.facts.get("thing")
            things = {} if thing is None else {thing: event.facts.get("code")}
        wanted = line.says.get("codes", "").split(",") if "codes" in line.says else None
        return [(thing, code) for thing, code in things.items() if wanted is None or code in wanted]
    if "report" not in line.marks:
        return [(None, None)]
    report = _report(event)
    if report is None:
        return [(one, None) for one in case.reports or ([None] if "wait" in line.marks else [])]
    if event.action in ("receive", "join") and report not in case.reports:
        return []
    return [(report, None)]


def _new_life(
    line: Line, owner: str | None, code: str | None, event: Event, number: int, case: _Case
) -> Life | None:
    if "named" in line.marks:
        report = case.reports.get(owner, {})
        if not (report.get("named") and report.get("first")):
            return None
    if "page" in line.marks and owner in case.offline:
        return None
    found = _length(line, owner, case)
    if found is None:
        return None
    count, unit, is_law = found
    day = event.day
    if event.action == "join":
        brought = event.facts.get("since", {}).get(line.name)
        day = dt.date.fromisoformat(brought) if brought else day
    if is_law and case.takes_in(event) and not line.stage and case.came_on:
        day = case.came_on
    if case.first_day is not None:
        day, case.first_day = min(day, case.first_day), None
    return Life(line, owner, number, day, count, unit, is_law, _named_day(line, event, owner), code)


def _length(line: Line, owner: str | None, case: _Case) -> tuple[int, str, bool] | None:
    for count, unit, *words in line.lengths:
        letters = [word for word in words if word in LETTERS]
        if letters and case.kind not in [LETTERS[letter] for letter in letters]:
            continue
        conditions = [word for word in words if word not in LETTERS and word != "law"]
        known = case.known | ({"is_named"} if owner in case.all_named else set())
        if all(condition in known for condition in conditions):
            is_law = "law" in words
            halved = "retaliation" in case.known and not is_law
            return (-(-int(count) // 2) if halved else int(count)), unit, is_law
    return None


def _named_day(line: Line, event: Event, owner: str | None) -> dt.date | None:
    value: Any = event.facts.get(line.says["due"]) if "due" in line.says else None
    if isinstance(value, dict):
        value = value.get(owner)
    return dt.date.fromisoformat(value) if value else None


def _ends(life: Life, event: Event) -> str:
    """Met, cancelled, or "" while it goes on."""
    line = life.line
    if line.stage and event.to_state not in line.stage:
        return "cancelled" if event.action in NO_MERIT else "met"
    if _is_about(life, event) and any(_is(word, event) for word in line.ends):
        return "met"
    is_of_report = "report" in line.marks and "wait" not in line.marks
    if is_of_report and event.action == "part" and life.owner == _report(event):
        return "cancelled"
    if "while" in line.says and event.to_state not in line.says["while"].split(","):
        return "cancelled"
    if event.action == line.says.get("off"):
        return "cancelled"
    is_end = event.to_state in ENDS and event.from_state not in ENDS
    if is_end and ("survives" not in line.marks or event.to_state == "forwarded"):
        return "cancelled"
    return ""


def _begin_anew(line: Line, lives: list[Life], event: Event, number: int, case: _Case) -> None:
    """What is met by the very act that begins it again."""
    words = line.says.get("anew", "").split(",")
    if not any(word and _is(word, event) for word in words) or event.facts.get("no_answer_needed"):
        return
    for life in list(lives):
        if life.ended is None and life.begun < number and _is_about(life, event):
            life.ended, life.how = number, "met"
            again = _new_life(line, life.owner, life.code, event, number, case)
            lives += [again] if again else []


def _come_back(line: Line, lives: list[Life], events: Sequence[Event], number: int, case: _Case) -> None:
    """After an end, what the end had cancelled is owed again, unless it was done meanwhile or has lost its ground."""
    event = events[number]
    if event.from_state not in ENDS or event.to_state in ENDS or event.action == line.says.get("off"):
        return
    if "report" in line.marks and event.action == "unmerge":
        return  # comes back with the report itself
    end = max(
        i for i, told in enumerate(events[:number]) if told.to_state in ENDS and told.from_state not in ENDS
    )
    meanwhile = events[end + 1 : number]
    for life in list(lives):
        was_cut = life.ended == end and life.how == "cancelled" and not _lost_otherwise(life, events[end])
        is_done = any(
            _is_about(life, told) and any(_is(word, told) for word in line.ends) for told in meanwhile
        )
        runs = any(old.ended is None and old.owner == life.owner for old in lives)
        has_left = "report" in line.marks and life.owner not in case.reports
        if was_cut and not is_done and event.action == "unmerge" and "first" in line.marks:
            case.first_day = life.day
        if event.to_state == "received" and "accept" in line.begins:
            continue  # waits to be accepted again
        if was_cut and not (is_done or runs or has_left):
            again = _new_life(line, life.owner, life.code, event, number, case)
            lives += [again] if again else []


def _lost_otherwise(life: Life, event: Event) -> bool:
    """Whether an end state was not the reason why it was cancelled."""
    is_out = "while" in life.line.says and event.to_state not in life.line.says["while"].split(",")
    return bool(life.line.stage) or is_out


def _lengthen(life: Life, event: Event, number: int) -> None:
    """Extended, moved, or made to stand still."""
    line = life.line
    said = event.facts
    is_meant = event.action == "extend" and (said.get("clock"), said.get("of")) == (line.name, life.owner)
    if is_meant and "longer" in line.says:
        most, unit = int(line.says["longer"][:-1]), line.says["longer"][-1]
        life.longer = (number, min(int(said["count"]), most), unit)
    if event.action == line.says.get("moved") and _is_about(life, event):
        life.named_day = _named_day(line, event, life.owner) or life.named_day
    asks = event.to_state == "supplementing" and event.from_state != "supplementing"
    if asks and "pauses" in line.marks and not life.is_law:
        life.asked.append((number, None))


def _answer_pause(life: Life, event: Event, number: int) -> None:
    if event.to_state != "supplementing" and life.asked and life.asked[-1][1] is None:
        life.asked[-1] = (life.asked[-1][0], number)


def _is(word: str, event: Event) -> bool:
    """`reporter:write`, `join?notice_owed`, `feed_back?final`: is the event that?"""
    action, _, condition = word.partition("?")
    side, _, action = action.rpartition(":")
    if action != event.action or side not in ("", event.by_kind):
        return False
    if condition in ("final", "not_satisfied"):
        return condition in (event.facts.get("stage"), event.facts.get("rating"))
    return not condition or bool(event.facts.get(condition))


def _is_about(life: Life, event: Event) -> bool:
    about = event.facts.get("thing") if "thing" in life.line.marks else _report(event)
    return life.owner is None or about is None or about == life.owner


def _report(event: Event) -> str | None:
    return event.report or event.facts.get("report")


# --- counting, day by day ----------------------------------------------------------------------------------------


def _as_state(life: Life, lives: list[Life], events: Sequence[Event], calendar: Calendar) -> ClockState:
    due = _due(life, lives, events, calendar)
    stands = life.ended is None and life.asked and life.asked[-1][1] is None
    return ClockState(
        name=life.line.name,
        report=life.owner,
        started_on=life.day,
        due_on=due,
        state="paused" if stands else life.how,
        ended_on=None if life.ended is None else events[life.ended].day,
        is_provisional=calendar.is_provisional(due),
        unit=life.unit,
        paused_on=events[life.asked[-1][0]].day if stands else None,
    )


def _due(life: Life, lives: list[Life], events: Sequence[Event], calendar: Calendar) -> dt.date:
    plain = _last_day(life, calendar)
    if "wait" in life.line.marks:
        days = [
            _eve(limit, calendar)
            for limit in _limits(life, lives, [life.begun], calendar)
            if limit >= life.day
        ]
        return max(life.day, min([plain, *days]))
    still = _still_days(life, events, calendar)
    if not life.asked:
        return plain
    longer = _last_day(life, calendar, still=still)
    asked = [number for number, _ in life.asked]
    return min([longer, *(limit for limit in _limits(life, lives, asked, calendar) if limit >= plain)])


def _eve(day: dt.date, calendar: Calendar) -> dt.date:
    """The last working day before."""
    day -= ONE
    while not calendar.is_working(day):
        day -= ONE
    return day


def _limits(life: Life, lives: list[Life], asked: list[int], calendar: Calendar) -> list[dt.date]:
    """Until when the law allowed what ran while facts were asked for, as it was when this clock ended."""
    found = []
    for law in lives:
        ran = any(law.begun <= number and (law.ended is None or law.ended >= number) for number in asked)
        is_ours = life.owner is None or law.owner is None or law.owner == life.owner
        if law.is_law and ran and is_ours and "thing" not in law.line.marks and law is not life:
            found.append(_last_day(law, calendar, known_at=life.ended))
    return found


def _still_days(life: Life, events: Sequence[Event], calendar: Calendar) -> int:
    """Days strictly after asking up to and including answering, in the clock's kind of day."""
    count = 0
    for asked, answered in life.asked:
        if answered is not None:
            day = events[asked].day
            while day < events[answered].day:
                day += ONE
                count += life.unit != "W" or calendar.is_working(day)
    return count


def _last_day(life: Life, calendar: Calendar, *, still: int = 0, known_at: int | None = None) -> dt.date:
    is_longer = life.longer is not None and (known_at is None or life.longer[0] <= known_at)
    if life.named_day is not None:
        end = max(life.day, life.named_day)
        due = end
    else:
        end = _walk(life.day, life.count, life.unit, calendar, still)
        due = _working(end, calendar)
    if is_longer and life.longer is not None:
        _, count, unit = life.longer
        return _working(_walk(end, count, unit, calendar), calendar)
    if "most" in life.line.says:
        most = life.line.says["most"]
        due = min(due, _working(_walk(life.day, int(most[:-1]), most[-1], calendar), calendar))
    return due


def _walk(day: dt.date, count: int, unit: str, calendar: Calendar, still: int = 0) -> dt.date:
    """Day by day to the end of a period; `day` itself is day 0."""
    if unit == "M":
        start, months = day, 0
        while months < count or not (day.day == start.day or (day + ONE).month != day.month):
            day += ONE
            months = (day.year - start.year) * 12 + day.month - start.month
        return day + still * ONE
    left = count + still
    while left:
        day += ONE
        left -= unit == "N" or calendar.is_working(day)
    return day


def _working(day: dt.date, calendar: Calendar) -> dt.date:
    while not calendar.is_working(day):
        day += ONE
    return day
