"""Random stories of a case that could happen: every action of the tables, with facts such as the services write."""

import datetime as dt
import random
from typing import Any

from whistle.rules.clock_rows import CLOCKS
from whistle.rules.clocks import CaseFacts, Event
from whistle.rules.permits import ROLES
from whistle.rules.recusal_rows import RECUSAL_ROWS
from whistle.rules.taxonomy import KINDS
from whistle.rules.workflow import (
    BACK,
    END_STATES,
    OPEN_STATES,
    STAYS,
    THING_ACTIONS,
    Action,
    is_from,
    may_stand,
    possible,
    return_state_after,
    state_after,
)

EVERYBODY = [*ROLES, "system", "reporter", "archive", "borrower"]
KIND_NAMES = [kind.name for kind in KINDS]
CODES = (
    "summon", "self_criticism", "admonish", "unit_check", "admin_warning", "admin_demerit", "admin_downgrade",
    "admin_removal", "admin_expulsion", "party_warning",
)  # fmt: skip
AFTER_DECISION = ("enforcing", "rectifying", "concluded", "closed", "archived")
EXTENDED = [row for row in CLOCKS if row.extension is not None]
FROM_FIRST = tuple(row.name for row in CLOCKS if row.from_first)
FIRST, LAST = dt.date(2024, 1, 1), dt.date(2027, 12, 31)


class Telling:
    """A case as it is told: `step` adds one event that the tables allow."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.kind = rng.choice([*KIND_NAMES, "lead", "lead", "lead"])
        self.facts = CaseFacts(kind=self.kind, is_named=rng.random() < 0.3)
        self.today = FIRST + dt.timedelta(rng.randrange((LAST - FIRST).days))
        self.events: list[Event] = []
        self.state: str | None = None
        self.back: str | None = None
        self.reports: list[str] = []
        #: Each thing's kind, state and code by its id.
        self.things: dict[str, tuple[str, str, str]] = {}
        self.numbers = 0
        self.was_asked = False
        #: The states the case has been in.
        self.seen: set[str | None] = {None, BACK}

    def step(self) -> None:
        """One more thing happens, some days after the last."""
        rng = self.rng
        self.today += dt.timedelta(rng.choice((0, 0, 0, 1, 1, 2, 3, 5, 8, 13, 30, 90)))
        if self._some(0.6 if self.state in AFTER_DECISION else 0.2) and self._act_on_a_thing():
            return
        if self.state in END_STATES and self._some(0.7):
            return
        rows = [row for row in possible(self.state, EVERYBODY, self.kind) if self._is_told(row)]
        (row,) = rng.choices(rows, [self._weight(row) for row in rows])
        to = rng.choice([to for to in row.outcomes if to in (None, BACK) or may_stand(self.kind, str(to))])
        if row.name == "send_back" and not any(event.to_state == to for event in self.events):
            return
        after = state_after(row, self.state, self.back, to)
        back = return_state_after(row, self.state, self.back, to)
        by = self._side(row)
        facts, report = self._facts(row.name, by)
        if row.name == "unmerge":
            self._reports_come_home(0.5)
        self._happens(row, after, by, report, facts)
        self.state, self.back = after, back
        self.seen.add(after)
        if row.name == "unmerge":
            self._reports_come_home(0.5)

    def _is_told(self, row: Action) -> bool:
        if row.name == "request_supplement":
            return not self.was_asked
        if "classified" in row.guards and not self._is_classified():
            return False
        if row.name == "part":
            return len(self.reports) > 1
        return any(to in (None, BACK) or may_stand(self.kind, str(to)) for to in row.outcomes)

    def _is_classified(self) -> bool:
        return any(event.action == "classify" for event in self.events)

    def _weight(self, row: Action) -> float:
        """Stories come to their later chapters: what moves is told oftener, what ends the work or leads back seldom."""
        if row.name == "classify" and not self._is_classified():
            return 30
        is_back = row.name in (
            "to_oversight",
            "send_back",
            "returned",
            "recall_referral",
            "return_investigation",
        )
        is_end = self.state in OPEN_STATES and row.to in END_STATES
        if is_back or is_end or row.name == "reopen":
            return 0.5
        if row in RECUSAL_ROWS:  # they move no clock
            return 0.1
        if row.to is STAYS:
            return 4 if len(row.frm) <= 3 else 1
        return 4 if set(row.outcomes) <= self.seen else 8

    def _happens(self, row: Action, after: str, by: str, report: str | None, facts: dict[str, Any]) -> None:
        day = self.today
        if "take_effect_on_day" in row.effects and self.events:
            day = max(self.events[-1].day, day - dt.timedelta(self.rng.choice((0, 0, 1, 4))))
            day = min(day, self.today)
        self.events.append(Event(row.name, day, self.state, after, report, by, facts))
        self.was_asked |= row.name == "request_supplement"

    def _side(self, row: Action) -> str:
        sides = {"system": "system", "reporter": "reporter"}
        return sides.get(self.rng.choice(row.by), "office")

    def _some(self, odds: float) -> bool:
        return self.rng.random() < odds

    def _ahead(self, most: int) -> str:
        return (self.today + dt.timedelta(self.rng.randrange(1, most))).isoformat()

    def _before(self, most: int) -> str:
        return (self.today - dt.timedelta(self.rng.randrange(most))).isoformat()

    def _number(self, letter: str) -> str:
        self.numbers += 1
        return f"{letter}{self.numbers}"

    # --- facts ---------------------------------------------------------------------------------------------------

    def _facts(self, name: str, by: str) -> tuple[dict[str, Any], str | None]:
        """What the event says, and the report it is about."""
        rng = self.rng
        if name in ("receive", "receive_flagged"):
            return self._receipt(), None
        if name == "to_oversight":
            return {"concerns_head": self._some(0.5)}, None
        if name in ("classify", "reclassify"):
            kinds = [kind for kind in KIND_NAMES if may_stand(kind, self.state or "received")]
            self.kind = self.kind if self._some(0.6) else rng.choice(kinds)
            return {"kind": self.kind, "complexity": rng.choice(("simple", "ordinary", "complex"))}, None
        if name == "write":
            report = (
                rng.choice(self.reports) if self.reports and (by == "reporter" or self._some(0.5)) else None
            )
            return ({"no_answer_needed": True} if by == "office" and self._some(0.3) else {}), report
        if name == "request_protection" and by == "reporter":
            return {}, rng.choice(self.reports) if self.reports else None
        if name in ("give_notice", "feed_back"):
            report = rng.choice(self.reports) if self.reports and self._some(0.5) else None
            return {"stage": rng.choice(("interim", "final"))}, report
        if name == "join":
            return self._joining(self._number("R"))
        if name == "part":
            return {}, self.reports.pop(rng.randrange(1, len(self.reports)))
        plain = {
            "refer": lambda: {"due": self._ahead(92)},
            "hold": lambda: {"review_on": self._ahead(200)},
            "hold_again": lambda: {"review_on": self._ahead(200)},
            "close": lambda: {"with_measures": self._some(0.5)},
            "press": lambda: {"thing": self._new("pressed", "asked"), "due": self._ahead(40)},
            "press_answered": self._pressed,
            "decide": self._decision,
            "rate": lambda: {"rating": rng.choice(("satisfied", "not_satisfied"))},
            "extend": self._extension,
        }
        return (plain[name]() if name in plain else {}), None

    def _receipt(self) -> dict[str, Any]:
        report = self._number("R")
        origin = self.rng.choice(("qr", "qr", "qr", "superior", "office"))
        has_receipt, is_named = self._some(0.8), self._some(0.5)
        if origin != "office" and (has_receipt or is_named):
            self.reports.append(report)
        return {
            "report": report,
            "origin": origin,
            "kind": self.kind,
            "is_named": is_named,
            "has_receipt": has_receipt,
            "is_repeat": self._some(0.1),
            "sent_by_department": self._some(0.3),
            "concerns_head": self._some(0.3),
            "retaliation": origin == "office" and self._some(0.5),
        }

    def _joining(self, report: str) -> tuple[dict[str, Any], str]:
        if report not in self.reports:
            self.reports.append(report)
        since = {
            name: self._before(40)
            for name in ("notice", "reply_message", "protection", "rhythm", *FROM_FIRST)
            if self._some(0.6)
        }
        facts = {
            "has_receipt": self._some(0.8),
            "is_named": self._some(0.5),
            "notice_owed": self._some(0.5),
            "reply_owed": self._some(0.5),
            "protection_owed": self._some(0.3),
        }
        return {**facts, "since": since}, report

    def _reports_come_home(self, odds: float) -> None:
        """Each by a joining of its own, which may be told before its case's parting or after."""
        for report in [report for report in self.reports if self._some(odds)]:
            facts, _ = self._joining(report)
            self.events.append(
                Event("join", self.today, self.state, self.state or "", report, "system", facts)
            )

    def _decision(self) -> dict[str, Any]:
        drawn_up = [thing for thing, (_, state, _) in self.things.items() if state == "proposed"]
        for thing in drawn_up:
            self.things[thing] = ("measure", "decided", self.things[thing][2])
        new = [self._new("measure", "decided", self.rng.choice(CODES)) for _ in range(self.rng.randrange(3))]
        things = {thing: self.things[thing][2] for thing in (*drawn_up, *new)}
        confirmed = {thing: self._ahead(700) for thing in things if self._some(0.8)}
        return {"things": things, "confirm_by": confirmed} if things else {"things": {}}

    def _extension(self) -> dict[str, Any]:
        row = self.rng.choice(EXTENDED)
        most = row.extension.count if row.extension else 1
        of = self.rng.choice(list(self.things)) if row.per == "thing" and self.things else None
        return {"clock": row.name, "count": self.rng.randint(1, most), "of": of}

    def _pressed(self) -> dict[str, Any]:
        pressed = [thing for thing, (kind, _, _) in self.things.items() if kind == "pressed"]
        return {"thing": self.rng.choice(pressed)} if pressed and self._some(0.5) else {}

    def _new(self, kind: str, state: str, code: str = "") -> str:
        thing = self._number(kind[0].upper())
        self.things[thing] = (kind, state, code)
        return thing

    # --- things --------------------------------------------------------------------------------------------------

    def _act_on_a_thing(self) -> bool:
        """Something is done to a thing of the case, or a new one is made; False where nothing can be."""
        measures = [thing for thing, (kind, _, _) in self.things.items() if kind == "measure"]
        thing = self.rng.choice([None, *self.things, *measures, *measures, *measures])
        kind, state, code = self.things[thing] if thing else (None, None, "")
        rows = [
            row
            for row in THING_ACTIONS.values()
            if self.state in row.in_states and is_from(row, state) and (thing is None or row.thing == kind)
        ]
        if not rows:
            return False
        row = self.rng.choice(rows)
        to = row.to if isinstance(row.to, str) else state
        if row.name == "measure.propose":
            code = self.rng.choice(CODES)
        thing = thing or self._new(row.thing, str(to))
        self.things[thing] = (row.thing, str(to), code)
        facts: dict[str, Any] = {"thing": thing, **({"code": code} if code else {})}
        if row.name in ("promise.make", "item.postpone") or (row.name == "item.make" and self._some(0.6)):
            facts["due"] = self._ahead(60)
        self._happens(row, self.state or "", "office", None, facts)
        return True


def tell(rng: random.Random, steps: int) -> tuple[list[Event], CaseFacts]:
    """A story of so many steps at most."""
    telling = Telling(rng)
    for _ in range(steps):
        telling.step()
    return telling.events, telling.facts
