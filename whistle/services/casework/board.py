"""The board 挂图作战: the open cases a person may know of, by unit and stage; what is overdue is marked.

It reads nothing but clear columns. A cell counts its cases and names the most urgent of them, and no more than
CARDS of them are named on a page: the board of ten thousand cases is as large as that of a thousand.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from peewee import Case as When
from peewee import fn

from whistle import clock
from whistle.rules import workflow
from whistle.services import units
from whistle.services.access import Acting, require
from whistle.services.casework import clockwork, desk_pages, scope
from whistle.services.casework.clockwork import ClockView
from whistle.services.casework.desk import can_open, names_of_people
from whistle.services.casework.desk_filters import DeskFilters, narrowed
from whistle.services.use_case import reading
from whistle.store.cases import Case
from whistle.store.units import Unit

#: Units on a page.
ROWS = 30
#: Cards on a page, where each cell that has a case shows one at least.
CARDS = 300
#: Cards of a cell at most, however few the cells are.
MOST_CARDS = 12


@dataclasses.dataclass(frozen=True, slots=True)
class Card:
    """A case on the board with the clock of it that is due first; `can_open` as on the desk."""

    ref: str
    number: str | None
    received_on: dt.date
    is_named: bool
    officer: str | None
    clock: ClockView | None
    can_open: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Cell:
    """The cases of a unit at a stage: how many, how many of them overdue, and the most urgent."""

    total: int = 0
    overdue: int = 0
    cards: tuple[Card, ...] = ()

    @property
    def more(self) -> int:
        """How many are counted here and not named."""
        return self.total - len(self.cards)


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """A unit, without what stands beneath it; `code` is None for the cases of which no unit was registered."""

    code: str | None
    name_zh: str | None
    name_en: str | None
    cells: Mapping[str, Cell]
    total: int
    overdue: int


@dataclasses.dataclass(frozen=True, slots=True)
class Board:
    """A page of the board. `stages`: the columns, those that have a case on some page. `sums`: each column in all."""

    stages: tuple[workflow.State, ...]
    rows: tuple[Row, ...]
    sums: Mapping[str, Cell]
    total: int
    overdue: int
    page: int
    pages: int


#: Where a card stands: its unit and its state.
_Place = tuple[int | None, str]


@dataclasses.dataclass(frozen=True, slots=True)
class _Count:
    unit: int | None
    state: str
    total: int
    overdue: int


@reading
def show(by: Acting, filters: DeskFilters, page: int = 1) -> Board:
    """The board, narrowed down; units with the most overdue cases first. A page that is not there is the nearest."""
    require(by, "board.show")
    cases = narrowed(scope.visible(by), by, dataclasses.replace(filters, view="all"))
    cases = cases.where(Case.state.in_(workflow.OPEN_STATES))
    counts = _counts(cases)
    by_unit, by_state = _sums(counts, "unit"), _sums(counts, "state")
    codes = {unit.id: unit.code for unit in Unit.select()}
    order = _in_order(by_unit, codes)
    pages = max(1, -(-len(order) // ROWS))
    page = min(max(page, 1), pages)
    shown = order[(page - 1) * ROWS : page * ROWS]
    here = [count for count in counts if count.unit in shown]
    cards = _cards(by, cases, shown, _cards_a_cell(len(here)))
    names = units.names_of({unit for unit in shown if unit is not None})
    return Board(
        stages=tuple(workflow.STATES[name] for name in workflow.OPEN_STATES if name in by_state),
        rows=tuple(_row(unit, codes, names, _cells(unit, here, cards), by_unit[unit]) for unit in shown),
        sums=by_state,
        total=sum(count.total for count in counts),
        overdue=sum(count.overdue for count in counts),
        page=page,
        pages=pages,
    )


def _counts(cases: Any) -> list[_Count]:
    late = When(None, [(desk_pages.next_due() < clock.today().isoformat(), 1)], 0)
    grouped = cases.select(Case.unit, Case.state, fn.COUNT(Case.id), fn.SUM(late)).group_by(
        Case.unit, Case.state
    )
    return [_Count(*row) for row in grouped.tuples()]


def _sums(counts: Iterable[_Count], name: str) -> dict[Any, Cell]:
    """How many there are, and how many overdue, by unit or by state."""
    found: dict[Any, Cell] = {}
    for count in counts:
        so_far = found.get(getattr(count, name), Cell())
        found[getattr(count, name)] = Cell(so_far.total + count.total, so_far.overdue + count.overdue)
    return found


def _in_order(by_unit: Mapping[int | None, Cell], codes: Mapping[int, str]) -> list[int | None]:
    """The units, those with the most overdue cases first, then with the most; no unit at all comes last."""

    def place(unit: int | None) -> tuple[bool, int, int, str]:
        return unit is None, -by_unit[unit].overdue, -by_unit[unit].total, codes.get(unit or 0, "")

    return sorted(by_unit, key=place)


def _cards_a_cell(cells: int) -> int:
    return max(1, min(MOST_CARDS, CARDS // max(cells, 1)))


def _cards(by: Acting, cases: Any, shown: list[int | None], most: int) -> dict[_Place, list[Card]]:
    """The most urgent cases of each cell of these units."""
    found = _most_urgent(cases, shown, most)
    ids = [case.id for case in found]
    openable, due = can_open(by, ids), clockwork.next_due(ids)
    officers = names_of_people({case.officer_id for case in found})
    cards: dict[_Place, list[Card]] = {}
    for case in found:
        card = Card(
            ref=case.number or case.id,
            number=case.number,
            received_on=case.received_on,
            is_named=bool(case.is_named),
            officer=officers.get(case.officer_id),
            clock=due.get(case.id),
            can_open=case.id in openable,
        )
        cards.setdefault((case.unit_id, case.state), []).append(card)
    return cards


def _most_urgent(cases: Any, shown: list[int | None], most: int) -> list[Case]:
    order = [desk_pages.next_due(), Case.is_named.cast("INTEGER").desc(), Case.received_on, Case.id]
    place = fn.ROW_NUMBER().over(partition_by=[Case.unit, Case.state], order_by=order)
    of_units = Case.unit.in_([unit for unit in shown if unit is not None])
    ranked = (
        cases.where(of_units | Case.unit.is_null() if None in shown else of_units)
        .select(Case.id, place.alias("place"))
        .alias("ranked")
    )
    first = (
        Case.select(Case)
        .join(ranked, on=(ranked.c.id == Case.id))
        .where(ranked.c.place <= most)
        .order_by(ranked.c.place)
    )
    return list(first.objects())


def _cells(unit: int | None, counts: Iterable[_Count], cards: Mapping[_Place, list[Card]]) -> dict[str, Cell]:
    return {
        count.state: Cell(count.total, count.overdue, tuple(cards.get((unit, count.state), ())))
        for count in counts
        if count.unit == unit
    }


def _row(
    unit: int | None,
    codes: Mapping[int, str],
    names: Mapping[int, tuple[str, str]],
    cells: Mapping[str, Cell],
    whole: Cell,
) -> Row:
    name_zh, name_en = names.get(unit or 0, (None, None))
    return Row(codes.get(unit or 0), name_zh, name_en, cells, whole.total, whole.overdue)
