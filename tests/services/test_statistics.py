"""Figures: by the day an act counts for, as recorded by another day; merged cases once; clocks met of those due."""

import datetime as dt
from typing import Any

from tests import stages
from tests.builders import MONDAY, Office
from tests.cases import days_later
from whistle import clock
from whistle.rules.figures import FIGURES
from whistle.rules.periods import Period, month_of
from whistle.services import statistics
from whistle.services.statistics import Counted
from whistle.store.cases import Case, CaseEvent, Clock
from whistle.store.fields import new_id
from whistle.store.things import Measure
from whistle.store.units import Unit

SEPTEMBER = month_of(MONDAY.date())
TODAY = dt.date(2026, 12, 1)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(f"2026-{text}")


def happened(
    case: str, action: str, on: str, frm: str, to: str, recorded: str = "", **facts: Any
) -> CaseEvent:
    """An event as `act` writes it, whatever the table says of its action."""
    last = CaseEvent.select().where(CaseEvent.case == case).order_by(CaseEvent.seq.desc()).first()
    return CaseEvent.create(
        id=new_id(),
        case=case,
        seq=1 if last is None else last.seq + 1,
        action=action,
        from_state=frm,
        to_state=to,
        by_kind="system",
        facts=facts,
        valid_on=day(on),
        recorded_on=day(recorded or on),
    )


def figure(
    name: str, which: Any = Case.id != "", period: Period = SEPTEMBER, as_of: dt.date = TODAY
) -> tuple[int, int | None, int | None]:
    found = statistics.count(which, [FIGURES[name]], period, as_of)[name]
    return found.count, found.beside, found.whole


def test_what_came_in_and_what_was_decided_counts_in_its_month(office: Office) -> None:
    accepted = office.accepted()
    declined = office.file()
    office.classify(declined.case)
    office.act(declined.case, "decline", "intake", reason="court", message="请起诉。")
    office.approve("deputy")
    with clock.at(days_later(30)):
        office.act(
            accepted.case,
            "redirect",
            "intake",
            receiver="市局",
            not_led_by_subject=True,
            message="已转。",
        )
        office.approve("deputy")
        office.file()
    for name, wanted in (
        ("received", (2, 2, None)),
        ("accepted", (1, 1, None)),
        ("declined", (1, None, None)),
        ("redirected", (0, None, None)),
        ("redirected_later", (0, None, None)),
        ("concluded", (0, None, None)),
        ("substantiated", (0, None, 0)),
    ):
        assert figure(name) == wanted, name
    october = SEPTEMBER.earlier(-1)
    assert figure("redirected", period=october) == (1, None, None)
    assert figure("redirected_later", period=october) == (1, None, None)
    assert figure("received", period=october) == (1, 1, None)


def test_only_the_cases_that_are_named_count(office: Office) -> None:
    filed, _noise = office.accepted(), office.accepted()
    own = Case.id == filed.case
    assert figure("received", own) == (1, 1, None)
    assert figure("in_time_accept", own) == (1, None, 1)


def test_what_was_recorded_later_is_not_known_yet(office: Office) -> None:
    filed = office.accepted()
    happened(filed.case, "conclude_unfounded", "09-20", "assessing", "concluded", recorded="10-05")
    assert figure("concluded") == (1, None, None)
    assert figure("concluded", as_of=day("10-04")) == (0, None, None)


def test_a_merged_case_counts_once_as_a_case_and_each_time_as_a_report(office: Office) -> None:
    target, joined, parted, split = (office.file() for _ in range(4))
    for filed in (target, joined, parted):
        office.classify(filed.case)
    for filed in (joined, parted):
        office.act(filed.case, "merge", "intake", target=target.case, reason="同一事实")
    office.act(target.case, "accept", "intake")
    with clock.at(days_later(1)):
        CaseEvent.update(facts={"from_case": target.case}).where(CaseEvent.case == split.case).execute()
        happened(parted.case, "unmerge", "09-15", "merged", "received")
    assert figure("received") == (3, 3, None)
    assert figure("accepted") == (1, 3, None)
    assert figure("received", as_of=day("09-14")) == (2, 3, None)


def test_what_was_found_and_what_was_not_make_the_rate(office: Office) -> None:
    stages.concluded(office)
    filed, measure = stages.deciding(office)
    office.act(filed.case, "decide", "head", decision="measures", reason="属实")
    assert figure("concluded") == (1, None, None)
    office.act(filed.case, "measure.deliver", "officer", thing=measure, day=clock.today(), receipt="签收")
    office.act(filed.case, "enforce_done", "officer", in_file_and_announced=True, none_needed="无")
    assert figure("concluded") == (2, None, None)
    assert figure("substantiated") == (1, None, 2)


def test_of_several_conclusions_the_last_one_known_counts(office: Office) -> None:
    filed = office.accepted()
    happened(filed.case, "conclude_unfounded", "09-20", "assessing", "concluded")
    happened(filed.case, "reopen", "10-09", "concluded", "assessing")
    happened(filed.case, "enforce_done", "10-20", "enforcing", "concluded")
    happened(filed.case, "feed_back", "10-21", "concluded", "concluded")
    october = SEPTEMBER.earlier(-1)
    assert (figure("concluded"), figure("concluded", period=october)) == ((0, None, None), (1, None, None))
    assert (figure("substantiated"), figure("substantiated", period=october)) == ((0, None, 0), (1, None, 1))
    assert figure("concluded", as_of=day("10-19")) == (1, None, None)
    assert figure("substantiated", as_of=day("10-19")) == (0, None, 1)


def test_look_backs_and_what_came_back(office: Office) -> None:
    for result in ("holds", "came_back", "partly"):
        filed = office.accepted()
        happened(filed.case, "look_back", "09-20", "closed", "closed", result=result)
    assert figure("look_backs") == (3, None, None)
    assert figure("came_back") == (1, None, 3)


def test_in_time_is_what_was_met_by_its_day_of_what_was_due(office: Office) -> None:
    filed = office.file()
    Clock.delete().execute()
    for state, due, ended in (
        ("met", "09-20", "09-20"),
        ("met", "09-20", "09-21"),
        ("running", "09-21", None),
        ("paused", "09-22", None),
        ("cancelled", "09-22", "09-20"),
        ("met", "10-01", "09-20"),  # due next month
        ("running", "09-30", None),  # not due as of the 29th
    ):
        Clock.create(
            case=filed.case,
            name="accept",
            started_on=day("09-14"),
            due_on=day(due),
            amber_on=day(due),
            state=state,
            ended_on=None if ended is None else day(ended),
        )
    assert figure("in_time_accept") == (1, None, 5)
    assert figure("in_time_accept", as_of=day("09-29")) == (1, None, 4)


def test_a_limit_counts_as_law_in_the_cases_for_which_it_is(office: Office) -> None:
    ours, sent, _petition = (office.file(kind=kind) for kind in ("complaint", "complaint", "petition"))
    event = CaseEvent.get(CaseEvent.case == sent.case)
    CaseEvent.update(facts={**event.facts, "sent_by_department": True}).where(
        CaseEvent.id == event.id
    ).execute()
    Clock.update(due_on=day("09-20")).execute()
    names = {row.name for row in Clock.select().where(Clock.case == ours.case)}
    assert names >= {"redirect", "solve"}
    assert figure("in_time_redirect") == (0, None, 2), "the petition, and the complaint that was sent"
    assert figure("in_time_solve") == (0, None, 1)
    assert figure("in_time_conclude") == (0, None, 2), "and both complaints; a petition's clock starts later"


def test_figures_are_grouped_by_columns_of_the_case(office: Office) -> None:
    office.accepted()
    office.accepted(kind="petition")
    office.file()
    found = statistics.count_by(
        Case.is_flagged == False,  # noqa: E712
        [FIGURES["accepted"], FIGURES["in_time_accept"]],
        SEPTEMBER,
        TODAY,
        (Case.kind,),
    )
    assert found == {
        ("lead",): {"accepted": Counted(1, beside=1), "in_time_accept": Counted(1, whole=2)},
        ("petition",): {"accepted": Counted(1, beside=1), "in_time_accept": Counted(1, whole=1)},
    }


def test_a_share_of_nothing_is_none() -> None:
    assert Counted(0, whole=0).share is None
    assert Counted(1, whole=4).share == 0.25
    assert Counted(3).share is None


def test_measures_count_whom_they_reached_once_a_case_and_how_often(office: Office) -> None:
    filed, _measure = stages.enforcing(office, "summon")
    Measure.update(state="delivered", delivered_on=day("09-20")).execute()
    first = Measure.get()
    other = Unit.select().order_by(Unit.id).get()
    for number, (code, subject, unit, on) in enumerate(
        (
            ("summon", first.subject, None, "09-21"),
            ("summon", first.subject, None, "10-01"),
            ("criticise_unit", None, other, "09-22"),
            ("criticise_unit", None, other, "09-23"),
            ("admonish", first.subject, None, "09-24"),
        )
    ):
        Measure.create(
            id=f"m{number}",
            case=filed.case,
            state="delivered",
            code=code,
            subject=subject,
            unit=unit,
            decided_on=day("09-14"),
            delivered_on=day(on),
            sealed=first.sealed,
            generation=first.generation,
            made_on=day("09-14"),
        )
    assert figure("carried_summon") == (1, 2, None)
    assert figure("carried_criticise_unit") == (1, 2, None)
    assert figure("carried_admonish") == (1, 1, None)
    assert figure("carried_admin_warning") == (0, 0, None)
    assert figure("carried_summon", Case.id == "another") == (0, 0, None)
    by_kind = statistics.count_by(Case.id != "", [FIGURES["carried_summon"]], SEPTEMBER, TODAY, (Case.kind,))
    assert by_kind == {("lead",): {"carried_summon": Counted(1, 2)}}


def test_of_the_reports_that_were_rated_the_satisfied_ones_make_the_rate(office: Office) -> None:
    case = office.file().case
    for report, rating in (("a", "satisfied"), ("b", "partly"), ("c", "not_satisfied"), ("d", "satisfied")):
        event = happened(case, "rate", "09-20", "concluded", "concluded", rating=rating)
        CaseEvent.update(report=report).where(CaseEvent.id == event.id).execute()
    assert figure("satisfied") == (2, None, 4)
