"""Random people do random things, allowed or not, to several cases: what must hold after each of them."""

import contextlib
import datetime as dt
import json
import os
import random
from collections.abc import Callable, Container, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests import stages
from tests.adversary.test_dump import everything
from tests.builders import ANSWERS, MONDAY, Filed, Office
from tests.databases import Copies
from tests.stages import meeting, with_third
from tests.stateful import checks, moves
from whistle import clock
from whistle.rules import taxonomy, workflow
from whistle.services import accounts, deciders, duties, ledger, tracking
from whistle.services.casework import approvals, happened
from whistle.services.casework.act import act
from whistle.services.errors import Conflict, Invalid, NotAllowed, NotFound
from whistle.store.cases import Case, CaseEvent, CaseKey, CaseSeal, Clock, MergedKey, Proposal, ShutOut
from whistle.store.database import close_all, open_database
from whistle.store.entries import Entry
from whistle.store.people import Person
from whistle.store.recusals import Clearance, Recusal, RecusalRequest
from whistle.store.reports import Message, Report, ReportKey
from whistle.store.things import THING_TABLES

REFUSED = (NotAllowed, NotFound, Conflict, Invalid)
#: What a refused act must leave as it was, by the columns that tell.
TELLING: tuple[tuple[Any, ...], ...] = (
    (Case.id, Case.version, Case.state, Case.key_generation, Case.officer, Case.reviewer, Case.desk),
    (CaseKey.id,),
    (CaseSeal.id, CaseSeal.reason),
    (CaseEvent.id,),
    (Clock.id,),
    (Entry.position,),
    (MergedKey.id, MergedKey.generation),
    (Message.id,),
    (Proposal.id, Proposal.state, Proposal.delegated_to),
    (Clearance.id, Clearance.ended_at),
    (Recusal.id, Recusal.state),
    (RecusalRequest.id, RecusalRequest.case),
    (Report.id, Report.case, Report.key_generation),
    (ReportKey.id, ReportKey.case_generation),
    (ShutOut.id, ShutOut.reason),
    *((table.id, table.state) for table in THING_TABLES.values()),
)
SEEDS = st.integers(0, 2**64)
#: How far the second case has come when a story begins.
BEGINNINGS: tuple[Callable[[Office], Filed | tuple[Filed, str]], ...] = (
    stages.let_in,
    stages.let_in,
    stages.verifying,
    stages.investigating,
    stages.reviewing,
    stages.deciding,
    stages.enforcing,
    stages.concluded,
    stages.closed,
)
STEPS = int(os.environ.get("WHISTLE_MACHINE_STEPS", "12"))
EXAMPLES = int(os.environ.get("WHISTLE_MACHINE_EXAMPLES", "6"))


class Casework(RuleBasedStateMachine):
    """Several cases in one office over a few months."""

    office: Office

    @initialize(seed=SEEDS)
    def open_office(self, seed: int) -> None:
        #: All chances of one story: told again from the same seed by the same rules, it is the same story.
        self.rng = random.Random(seed)
        self.now = MONDAY
        self.cases: list[str] = []
        self.filed: list[Filed] = []
        self.words: dict[str, str] = {}
        self.known = checks.Known()
        self.versions: dict[str, tuple[int, int, bool]] = {}
        self.numbers = 0
        self.waiting: set[str] = set()
        self._file("lead")
        with clock.at(self.now):
            begun = self.rng.choice(BEGINNINGS)(self.office)
        filed = begun if isinstance(begun, Filed) else begun[0]
        self.filed.append(filed)
        self.words[filed.report] = ANSWERS["story"]

    @rule(kind=st.sampled_from(["lead", "lead", "lead", *taxonomy.TABLES["kinds"]]))
    @precondition(lambda self: len(self.filed) < 5)
    def a_report_comes_in(self, kind: str) -> None:
        self._file(kind)

    def _file(self, kind: str) -> None:
        rng = self.rng
        words = f"举报{len(self.filed)}号的话"
        answers: dict[str, Any] = {"kind": kind, "story": words}
        answers |= {"own_people": True} if rng.random() < 0.1 else {}
        answers |= {"identity": "named", "name": "李四", "contact": "138"} if rng.random() < 0.4 else {}
        if rng.random() < 0.3:
            kept_out = rng.choice(("officer2", "officer2", "intake2", "intake2", "reviewer", "head"))
            answers["persons_shut_out"] = self.office[kept_out].name
        if rng.random() < 0.3:
            answers["people"] = self.office[rng.choice(("officer", "officer2"))].name
        with clock.at(self.now):
            filed = self.office.file(**answers)
        self.filed.append(filed)
        self.words[filed.report] = words
        note(f"{filed.case} comes in: {answers}")

    @rule(days=st.sampled_from([0, 1, 2, 5, 16, 31, 40]))
    def days_pass(self, days: int) -> None:
        self.now += dt.timedelta(days=days)
        with clock.at(self.now):
            duties.lapse_supplements()
            duties.end_loans()

    @rule()
    def a_case_goes_on(self) -> None:
        """Several steps that the table allows, each with leave where it is asked for."""
        self._go_on()

    @rule()
    def a_case_goes_on_further(self) -> None:
        self._go_on()

    @rule()
    def a_case_goes_far(self) -> None:
        self._go_on()

    def _go_on(self) -> None:
        case_id = self._some_case()
        for _ in range(8):
            self._rate(case_id)
            move = self._likely(case_id)
            if move is not None and self._try(case_id, move):
                self._decide(mostly_yes=True, of_case=case_id)
                self._check()

    @rule()
    @precondition(lambda self: self.filed)
    def somebody_tries_something(self) -> None:
        case_id = self._some_case()
        with clock.at(self.now):
            move = moves.any_at_all(self.office, Case.get_by_id(case_id), self.rng)
        self._try(case_id, move)

    @rule()
    def readers_change(self) -> None:
        """Cases are merged and parted, and people kept off them and let in again."""
        for _ in range(6):
            case_id = self._some_case()
            move = self._likely(case_id, moves.OF_READERS)
            if move is not None and self._try(case_id, move):
                self._decide(mostly_yes=True, of_case=case_id)
                self._check()

    @rule()
    def somebody_decides(self) -> None:
        self._decide(mostly_yes=False)

    @rule()
    @precondition(lambda self: self.filed)
    def somebody_acts_from_a_stale_page(self) -> None:
        case = Case.get_by_id(self._some_case())
        move = self._likely(case.id)
        if move is not None:
            with pytest.raises(REFUSED) as refused:
                self._refused(self._act, case.id, move, case.version - 1)
            assert str(refused.value) == "changed"

    @rule()
    @precondition(lambda self: self.filed)
    def a_reporter_comes_back(self) -> None:
        rng = self.rng
        filed = rng.choice(self.filed)
        self.numbers += 1
        number, words = f"n{self.numbers}", f"{self.words[filed.report]}，第{self.numbers}次"
        deeds: list[Callable[[str], None]] = [
            lambda visit: tracking.write(visit, words, number),
            lambda visit: tracking.request_withdrawal(visit, words, number),
            lambda visit: tracking.request_recusal(visit, self.office["officer"].name, words, number),
            lambda visit: tracking.request_protection(visit, words, number),
            lambda visit: tracking.rate(visit, rng.choice(sorted(taxonomy.TABLES["ratings"])), words, number),
        ]
        with clock.at(self.now):
            visit = tracking.open_report(filed.code)
            try:
                rng.choice(deeds)(visit)
            except Conflict as refused:
                assert refused.why in {
                    "state", "no_decider", "withdrawal_asked_already", "no_final_feedback", "rated_already",
                    "too_many_wishes", "too_many_letters", "letters_full",
                }  # fmt: skip

    @rule(who=st.sampled_from(["third", "reviewer2"]))
    @precondition(lambda self: len(self.filed) > 2)
    def somebody_is_dismissed(self, who: str) -> None:
        person = Person.get_by_id(self.office[who].person_id)
        if person.state == "active":
            note(f"{who} is dismissed")
            with clock.at(self.now):
                accounts.deactivate(self.office["admin"], person.id)

    def _rate(self, case_id: str) -> None:
        """Who was told the result often says at once what to think of it."""
        case = Case.get_by_id(case_id)
        if case.state != "concluded" or self.rng.random() < 0.5:
            return
        for filed in self.filed:
            if Report.get_by_id(filed.report).case_id == case_id and not happened.rating(case, filed.report):
                with clock.at(self.now), contextlib.suppress(Conflict):
                    rating = self.rng.choice(sorted(taxonomy.TABLES["ratings"]))
                    tracking.rate(
                        tracking.open_report(filed.code), rating, "", f"r-{case.version}-{filed.report}"
                    )

    # --- how ----------------------------------------------------------------------------------------------------

    def _some_case(self) -> str:
        known = set(self.cases)
        # Ids are random; a story must not be.
        self.cases += [row.id for row in Case.select(Case.id) if row.id not in known]
        return self.rng.choice(self.cases)

    def _likely(self, case_id: str, only: Container[str] = workflow.ACTIONS) -> moves.Move | None:
        with clock.at(self.now):
            return moves.likely(self.office, Case.get_by_id(case_id), self.rng, only)

    def _try(self, case_id: str, move: moves.Move) -> bool:
        """Whether it was done or proposed; what is refused leaves nothing behind."""
        try:
            self._refused(self._act, case_id, move, Case.get_by_id(case_id).version)
        except REFUSED as refused:
            note(f"{case_id}: {move}: {refused}")
            return False
        note(f"{case_id}: {move}")
        assert self.office[move.who].role not in checks.NEVER_HOLD
        return True

    def _act(self, case_id: str, move: moves.Move, version: int) -> None:
        with clock.at(self.now):
            act(
                case_id,
                move.action.name,
                self.office[move.who],
                version=version,
                thing=move.thing,
                **move.inputs,
            )

    def _refused(self, deed: Callable[..., None], *given: Any) -> None:
        before = _telling()
        try:
            deed(*given)
        except REFUSED as refused:
            # An attempt to send a report to whom it is about leaves its entry in the log, and nothing else.
            left = before if str(refused) != "receiver_is_subject" else None
            assert left in (None, _telling()), f"{refused} left something behind"
            raise

    def _decide(self, *, mostly_yes: bool, of_case: str = "") -> None:
        rng = self.rng
        waiting = {row.case_id: row for row in Proposal.select().where(Proposal.state == "waiting")}
        rows = [waiting[case] for case in ([of_case] if of_case else self.cases) if case in waiting]
        if not rows:
            return
        row = rng.choice(rows)
        by = self.office[rng.choice(deciders.of([row.id])[row.id]).user_name]
        how = (
            "approve"
            if rng.random() < (0.9 if mostly_yes else 0.4)
            else rng.choice(("return", "delegate", "withdraw"))
        )
        try:
            self._refused(self._do_decide, how, by, row)
        except REFUSED as refused:
            note(f"{row.case_id}: {by.user_name} {how} {row.action}: {refused}")
            assert Proposal.get_by_id(row.id).state == "waiting"
        else:
            note(f"{row.case_id}: {by.user_name} {how} {row.action}")

    def _do_decide(self, how: str, by: Any, row: Proposal) -> None:
        with clock.at(self.now):
            if how == "approve":
                approvals.approve(by, row.id, **(meeting() if row.approval == workflow.COLLECTIVE else {}))
            elif how == "return":
                approvals.send_back(by, row.id, f"{moves.INTERNAL}：再想想")
            elif how == "delegate":
                people = [p.id for p in deciders.delegates(row, by)]
                approvals.delegate(by, row.id, self.rng.choice([*people, by.person_id]))
            else:
                approvals.withdraw(self.office[row.by.user_name], row.id)

    # --- what holds ---------------------------------------------------------------------------------------------

    @invariant()
    def what_changed_is_as_it_must_be(self) -> None:
        if hasattr(self, "known"):
            self._check()

    def _check(self) -> None:
        with clock.at(self.now):
            for case in Case.select():
                now = (case.version, _count(case), bool(case.needs_new_keys))
                if self.versions.get(case.id) != now:
                    self._check_case(case)
                    self.versions[case.id] = now
            waiting = list(Proposal.select().where(Proposal.state == "waiting"))
            if {row.id for row in waiting} != self.waiting:
                checks.a_queue_holds_what_its_person_may_decide(waiting)
                self.waiting = {row.id for row in waiting}

    def _check_case(self, case: Case) -> None:
        for check in checks.OF_A_CASE:
            check(case)
        self.known.nobody_opens_what_is_written_after_losing_it(case)
        self.known.look(case)
        for filed in self.filed:
            if Report.get_by_id(filed.report).case_id == case.id:
                others = [words for report, words in self.words.items() if report != filed.report]
                report = Report.get_by_id(filed.report)
                checks.the_reporter_learns_nothing_else(report, filed.code, self.words[filed.report], others)

    def teardown(self) -> None:
        with clock.at(self.now):
            assert ledger.verify().findings == ()
        dump = everything()
        for words in (moves.INTERNAL, moves.TOLD, *self.words.values()):
            assert words.encode() not in dump, "in the clear"
            assert json.dumps(words).strip('"').encode() not in dump, "in the clear"
        close_all()


def _count(case: Case) -> int:
    """How many events, proposals and seals a case has: other numbers, other things to check."""
    waiting = case.proposals.where(Proposal.state == "waiting").count()
    return 10_000 * int(case.events.count()) + 100 * int(case.seals.count()) + int(waiting)


def _telling() -> tuple[Any, ...]:
    return tuple(sorted(columns[0].model.select(*columns).tuples(), key=str) for columns in TELLING)


@pytest.fixture(scope="session")
def with_archive(copies: Copies, trial_template: tuple[str, Office]) -> Iterator[tuple[str, Office]]:
    """A closed database with the trial office, an archive and a third officer."""
    url = copies.make_like(trial_template[0])
    open_database(url)
    with clock.at(MONDAY):
        office = with_third(trial_template[1])
    close_all()
    yield url, office
    copies.drop(url)


def test_random_people_never_break_the_rules(copies: Copies, with_archive: tuple[str, Office]) -> None:
    template, office = with_archive
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
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            # Each step is drawn from a seed: a shorter story is another one.
            phases=(Phase.explicit, Phase.reuse, Phase.generate),
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
    for url in used:
        copies.drop(url)
