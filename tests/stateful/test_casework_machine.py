"""Random people do random things, allowed or not, to several cases: what must hold after each of them."""

import datetime as dt
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests.builders import MONDAY, Filed, Office
from tests.databases import Copies
from whistle import clock
from whistle.rules import clocks, taxonomy, workflow
from whistle.services import deciders, duties, ledger, tracking
from whistle.services.access import is_shut_out
from whistle.services.casework import approvals, clockwork
from whistle.services.casework.act import act
from whistle.services.errors import Conflict, Invalid, NotAllowed, NotFound
from whistle.store.cases import Case, CaseEvent, CaseSeal, Clock, Proposal
from whistle.store.database import close_all, open_database
from whistle.store.people import Person
from whistle.store.units import Unit

REFUSED = (NotAllowed, NotFound, Conflict, Invalid)
OFFICERS = (
    "intake",
    "intake2",
    "officer",
    "officer2",
    "reviewer",
    "deputy",
    "head",
    "oversight",
    "oversight2",
)
STRANGERS_TO_CONTENT = ("admin", "auditor", "supervisor")


def _inputs(action: workflow.Action, filed: Filed, rng: random.Random) -> dict[str, Any]:
    """Inputs for an action, mostly fitting, sometimes not."""
    found: dict[str, Any] = {}
    people = [row.id for row in Person.select(Person.id)]
    for need in action.needs:
        if not need.required and rng.random() < 0.5:
            continue
        if need.kind in ("text", "message"):
            found[need.name] = "甲乙丙"
        elif need.kind == "code":
            found[need.name] = rng.choice([*taxonomy.TABLES[need.table], "no such code"])
        elif need.kind == "list":
            found[need.name] = []
        elif need.kind == "day":
            found[need.name] = clock.today().isoformat()
        elif need.kind == "person":
            found[need.name] = rng.choice(people)
        elif need.kind == "unit":
            found[need.name] = Unit.select().get().code
        else:
            found[need.name] = rng.random() < 0.9
    if action.name in ("write", "give_notice", "supplement"):
        found["report"] = filed.report
    return found


class Casework(RuleBasedStateMachine):
    """Several cases in one office over a few weeks."""

    office: Office
    url: str
    cases = Bundle("cases")

    @initialize()
    def open_office(self) -> None:
        self.now = MONDAY
        self.filed: list[Filed] = []
        self.numbers = 0

    def _at(self) -> Any:
        return clock.at(self.now)

    @rule(
        target=cases,
        kind=st.sampled_from(list(taxonomy.TABLES["kinds"])),
        flags=st.sampled_from(["", "", "", "own", "named"]),
    )
    def a_report_comes_in(self, kind: str, flags: str) -> Filed:
        answers: dict[str, Any] = {"kind": kind}
        if flags == "own":
            answers["own_people"] = True
        if flags == "named":
            answers |= {"identity": "named", "name": "李四", "contact": "1380000xx04"}
        with self._at():
            filed = self.office.file(**answers)
        self.filed.append(filed)
        return filed

    @rule(days=st.integers(0, 9))
    def days_pass(self, days: int) -> None:
        self.now += dt.timedelta(days=days)
        with self._at():
            duties.lapse_supplements()

    @rule(filed=cases, seed=st.integers(0, 10_000), who=st.sampled_from((*OFFICERS, *STRANGERS_TO_CONTENT)))
    def somebody_tries_something(self, filed: Filed, seed: int, who: str) -> None:
        rng = random.Random(seed)
        case = Case.get_by_id(filed.case)
        likely = workflow.possible(case.state, {self.office[who].role})
        action = rng.choice(likely if likely and rng.random() < 0.8 else list(workflow.ACTIONS.values()))
        if not action.frm:
            return
        before = _fingerprint()
        try:
            with self._at():
                act(
                    filed.case,
                    action.name,
                    self.office[who],
                    version=case.version,
                    **_inputs(action, filed, rng),
                )
        except REFUSED:
            assert _fingerprint() == before, f"a refused {action.name} left something behind"
        else:
            assert who not in STRANGERS_TO_CONTENT

    @rule(seed=st.integers(0, 10_000), yes=st.booleans())
    def somebody_decides(self, seed: int, yes: bool) -> None:
        waiting = list(Proposal.select().where(Proposal.state == "waiting"))
        if not waiting:
            return
        proposal = random.Random(seed).choice(waiting)
        deciding = deciders.of([proposal.id])[proposal.id]
        assert deciding, "a case waits for nobody"
        by = self.office[random.Random(seed).choice(deciding).user_name]
        try:
            with self._at():
                if yes:
                    approvals.approve(by, proposal.id)
                else:
                    approvals.send_back(by, proposal.id, "再想想")
        except REFUSED:
            assert Proposal.get_by_id(proposal.id).state == "waiting"

    @rule(filed=cases, how=st.sampled_from(["write", "withdraw", "recusal"]))
    def the_reporter_comes_back(self, filed: Filed, how: str) -> None:
        self.numbers += 1
        number = f"n{self.numbers}"
        with self._at():
            visit = tracking.open_report(filed.code)
            try:
                if how == "write":
                    tracking.write(visit, "还有一句", number)
                elif how == "withdraw":
                    tracking.request_withdrawal(visit, "不想再说", number)
                else:
                    tracking.request_recusal(visit, "某某", "有亲戚关系", number)
            except Conflict as refused:
                assert refused.why in ("state", "no_decider", "withdrawal_asked_already")

    @invariant()
    def only_the_tables_transitions_happened(self) -> None:
        for filed in self.filed:
            state = None
            for event in CaseEvent.select().where(CaseEvent.case == filed.case).order_by(CaseEvent.seq):
                row = workflow.ACTIONS[event.action]
                assert event.from_state == state
                assert state in row.frm if state else not row.frm
                assert row.to in (None, "back", event.to_state)
                state = event.to_state
            assert Case.get_by_id(filed.case).state == state

    @invariant()
    def the_clocks_are_what_the_events_say(self) -> None:
        for filed in self.filed:
            case = Case.get_by_id(filed.case)
            told = clocks.clocks_of(clockwork.events_of(case), clockwork.facts_of(case), clockwork.calendar())
            stored = [clockwork.state_of(row) for row in Clock.select().where(Clock.case == case)]
            assert sorted(map(repr, told)) == sorted(map(repr, stored))

    @invariant()
    def nobody_holds_a_case_without_a_reason(self) -> None:
        for seal in CaseSeal.select():
            case = seal.case
            assert seal.generation == case.key_generation
            if seal.person is not None:
                assert not is_shut_out(case, seal.person_id)
                assert seal.person.role not in STRANGERS_TO_CONTENT
            if case.is_flagged:
                assert not seal.is_recovery
                assert seal.person is None or seal.person.role == "oversight"
                assert seal.desk_key is None or seal.desk_key.desk.kind == "oversight"
            if seal.reason == "proposal":
                assert Proposal.select().where(Proposal.case == case, Proposal.state == "waiting").exists()

    @invariant()
    def a_queue_holds_what_its_person_may_decide(self) -> None:
        waiting = list(Proposal.select().where(Proposal.state == "waiting"))
        deciding = deciders.of([row.id for row in waiting])
        for person in Person.select():
            theirs = {row.id for row in waiting if person in deciding[row.id]}
            assert {row.id for row in deciders.waiting_for(person.id)} == theirs
            assert not theirs & {row.id for row in waiting if row.by_id == person.id}

    @invariant()
    def every_case_can_be_read_by_somebody(self) -> None:
        for filed in self.filed:
            seals = CaseSeal.select().where(CaseSeal.case == filed.case, CaseSeal.is_recovery == False)  # noqa: E712
            assert seals.exists(), "buried"

    def teardown(self) -> None:
        with self._at():
            for filed in self.filed:
                stage = tracking.view(tracking.open_report(filed.code)).stage
                assert stage in {state.reporter_sees for state in workflow.STATES.values()}
            assert ledger.verify().findings == ()
        close_all()


def _fingerprint() -> tuple[Any, ...]:
    """What a refused act must leave as it was."""
    tables = (Case, CaseEvent, CaseSeal, Clock, Proposal)
    return tuple(sorted(repr(row) for model in tables for row in model.select().tuples()))


@pytest.mark.parametrize("steps", [25])
def test_random_people_never_break_the_rules(
    copies: Copies, trial_template: tuple[str, Office], steps: int
) -> None:
    template, office = trial_template
    used: list[str] = []

    class OnThisDatabase(Casework):
        def __init__(self) -> None:
            self.office = office
            used.append(copies.make_like(template))
            open_database(used[-1])
            super().__init__()

    run_state_machine_as_test(
        OnThisDatabase,
        settings=settings(
            max_examples=8,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
    for url in used:
        copies.drop(url)
