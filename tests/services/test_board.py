"""The board: every open case once, in its place, for those who may know of it; as large as a page whatever there is."""

import datetime as dt
import threading

import pytest

from tests.builders import Filed, Office
from tests.cases import days_later, other_line
from whistle import clock
from whistle.services.casework import board
from whistle.services.casework.desk_filters import NO_UNIT, DeskFilters
from whistle.services.errors import NotAllowed
from whistle.store.cases import Case, CaseSeal, Clock, ShutOut
from whistle.store.database import close
from whistle.store.desks import Desk
from whistle.store.fields import new_id
from whistle.store.units import Unit, UnitFact


def make_unit(code: str, under: Unit | None = None) -> Unit:
    now = clock.now()
    unit = Unit.create(code=code, recorded_at=now)
    day = clock.day_of(now)
    UnitFact.create(unit=unit, name_zh=f"{code}局", name_en=code, parent=under, valid_on=day, recorded_at=now)
    return unit


def at_stage(filed: Filed, state: str, unit: Unit | None = None) -> str:
    """Put a case where it would stand much later; the board asks its row alone."""
    Case.update(state=state, unit=unit).where(Case.id == filed.case).execute()
    return filed.case


def look(office: Office, who: str, **filters: object) -> board.Board:
    return board.show(office[who], DeskFilters(view="all", **filters))


def refs(shown: board.Board) -> set[str]:
    return {card.ref for row in shown.rows for cell in row.cells.values() for card in cell.cards}


def test_cards_stand_by_unit_and_stage_and_what_is_overdue_is_counted(office: Office) -> None:
    works, fees = make_unit("B1"), make_unit("B2")
    late = office.assigned()
    at_stage(late, "verifying", works)
    with clock.at(days_later(60)):
        fresh = office.accepted()
        at_stage(fresh, "assessing", fees)
        new = office.file()
        at_stage(office.accepted(), "concluded", works)
        shown = look(office, "deputy")
    assert [stage.name for stage in shown.stages] == ["received", "assessing", "verifying"]
    assert [(row.code, row.total, row.overdue) for row in shown.rows] == [
        ("B1", 1, 1),
        ("B2", 1, 0),
        (None, 1, 0),
    ]
    (card,) = shown.rows[0].cells["verifying"].cards
    assert (card.number, card.officer, card.can_open) == (Case.get_by_id(late.case).number, "周承办", True)
    assert card.clock is not None
    assert (card.clock.name, card.clock.colour) == ("assess", "red")
    (waiting,) = shown.rows[2].cells["received"].cards
    assert (waiting.ref, waiting.can_open) == (new.case, False)
    assert (shown.total, shown.overdue, shown.sums["verifying"].overdue) == (3, 1, 1)


#: Whose board names which cases of `test_everybody…`.
SEEN = {
    "officer": {"own"},
    "officer2": {"others"},
    "reviewer": set(),
    "intake": {"new"},
    "deputy": {"own", "new", "others"},
    "head": {"own", "new", "others", "line"},
    "oversight": {"sealed"},
}


def test_everybody_finds_on_it_what_they_may_know_of_and_nobody_else_has_one(office: Office) -> None:
    cases = {
        "own": office.assigned("officer").case,
        "new": office.file().case,
        "others": office.assigned("officer2").case,
        "line": office.file().case,
        "sealed": office.file(own_people=True).case,
        "shut out": office.assigned("officer").case,
    }
    Case.update(desk=other_line()).where(Case.id == cases["line"]).execute()
    CaseSeal.delete().where(CaseSeal.case == cases["line"]).execute()
    for name in ("officer", "intake", "deputy", "head"):
        ShutOut.create(case=cases["shut out"], person=office[name].person_id, reason="recused")
    names = {case.number or case.id: case.id for case in Case.select()}
    for who, wanted in SEEN.items():
        shown = look(office, who)
        assert {names[ref] for ref in refs(shown)} == {cases[name] for name in wanted}, who
        assert shown.total == sum(row.total for row in shown.rows) == len(wanted)
    for who in ("auditor", "admin", "supervisor"):
        with pytest.raises(NotAllowed):
            look(office, who)


def test_it_is_narrowed_by_unit_with_what_stands_beneath_officer_and_kind(office: Office) -> None:
    above = make_unit("B1")
    beneath = make_unit("B2", under=above)
    at_stage(office.assigned("officer"), "assessing", above)
    at_stage(office.assigned("officer2", kind="petition"), "assessing", beneath)
    office.file()
    for filters, total in (
        ({"unit": "B1"}, 2),
        ({"unit": "B1", "unit_alone": True}, 1),
        ({"unit": "B2"}, 1),
        ({"unit": NO_UNIT}, 1),
        ({"unit": "NONE"}, 0),
        ({"officer": "officer2"}, 1),
        ({"kind": "petition"}, 1),
        ({"kind": "petition", "officer": "officer"}, 0),
    ):
        assert look(office, "deputy", **filters).total == total, filters


def test_five_hundred_cases_that_move_while_the_board_is_read_are_each_counted_once(office: Office) -> None:
    units, day = [make_unit("B1"), make_unit("B2")], clock.today()
    usual = {"desk": Desk.get(Desk.kind == "intake"), "version": 1, "kind": "lead", "received_on": day}
    cases = [{"id": new_id(), "unit": units[0], "state": "received", **usual} for _ in range(500)]
    Case.insert_many(cases).execute()

    def move() -> None:
        for case in cases:
            Case.update(unit=units[1], state="held").where(Case.id == case["id"]).execute()
        close()

    mover = threading.Thread(target=move)
    mover.start()
    seen = []
    while mover.is_alive():
        seen.append(look(office, "deputy"))
    mover.join()
    seen.append(look(office, "deputy"))
    for shown in seen:
        assert shown.total == sum(row.total for row in shown.rows) == 500
        for cell in (cell for row in shown.rows for cell in row.cells.values()):
            assert len(cell.cards) == min(cell.total, board.MOST_CARDS)
    assert [row.code for row in seen[-1].rows] == ["B2"]
    assert any(len(shown.rows) == 2 for shown in seen), "it was read while they moved"


def test_a_board_of_many_is_pages_of_so_many_units_and_cards(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "ROWS", 3)
    monkeypatch.setattr(board, "CARDS", 12)
    desk, day = Desk.get(Desk.kind == "intake"), clock.today()
    units = [make_unit(f"B{n}") for n in range(4)]
    places = [(unit, state) for unit in units for state in ("received", "held") for _ in range(5)]
    usual = {"desk": desk, "version": 1, "kind": "lead", "received_on": day}
    cases = [{"id": new_id(), "unit": unit, "state": state, **usual} for unit, state in places]
    Case.insert_many(cases).execute()
    due = {case["id"]: day + dt.timedelta(days=n % 3) for n, case in enumerate(cases)}
    due |= {case["id"]: day - dt.timedelta(days=3) for case in cases if case["unit"] == units[3]}
    usual = {"name": "assess", "started_on": day, "state": "running"}
    Clock.insert_many(
        [{"id": new_id(), "case": i, "due_on": on, "amber_on": on, **usual} for i, on in due.items()]
    ).execute()
    first = look(office, "deputy")
    assert (first.total, first.overdue, first.pages) == (40, 10, 2)
    assert [row.code for row in first.rows] == ["B3", "B0", "B1"]
    for cell in (cell for row in first.rows for cell in row.cells.values()):
        assert (len(cell.cards), cell.more) == (2, 3)
        days = [card.clock.due_on for card in cell.cards if card.clock is not None]
        assert days == sorted(days)
        assert days[0] <= day, "the most urgent are named"
    second = board.show(office["deputy"], DeskFilters(view="all"), page=99)
    assert (second.page, [row.code for row in second.rows]) == (2, ["B2"])
