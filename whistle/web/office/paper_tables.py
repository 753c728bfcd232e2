"""The tables of the meeting papers, once for the page and for the workbook: what one shows, the other holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from whistle.documents.spreadsheets import Sheet, Value
from whistle.rules.figures import Figure, InTime, Share
from whistle.rules.permits import ROLES
from whistle.rules.terms import Term
from whistle.services.casework.clockwork import ClockView
from whistle.services.casework.due import DueRow
from whistle.services.casework.summaries import DeskSheet, FigureRow, KindRow, Month
from whistle.services.casework.weekly import PARTS, Line, Tally, Week
from whistle.web.filters import days_left, either, term
from whistle.web.languages import is_english
from whistle.web.office.desk import case_url, clock_words
from whistle.web.office.told import code_term
from whistle.web.office.wording import DEEDS, PAPER_PARTS, TURNS

#: Widths of a workbook's columns, in letters.
NARROW, USUAL, WIDE, WIDEST = 10, 16, 28, 60


@dataclass(frozen=True, slots=True)
class Cell:
    """A value, and where its case is opened, if it may be; late: overdue, which its words say too."""

    value: Value
    url: str | None = None
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column's head, whether it holds numbers, and how wide it is in a workbook."""

    head: str
    is_number: bool = False
    width: int = USUAL


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a paper; `name` is short enough for a sheet of a workbook. `more`: what is not listed, in words."""

    name: str
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    empty: str = ""
    more: str = ""


def sheet(table: Table) -> Sheet:
    """A table as a sheet of a workbook."""
    heads: list[list[Value]] = [[table.caption], [column.head for column in table.columns]]
    rows: list[list[Value]] = [[cell.value for cell in row] for row in table.rows]
    more: list[list[Value]] = [[table.more]] if table.more else []
    widths = [column.width for column in table.columns]
    return Sheet(table.name, [*heads, *rows, *more], widths, heads=2, across=True)


def _numbers(*heads: str) -> list[Column]:
    return [Column(head, is_number=True, width=NARROW) for head in heads]


# --- the week --------------------------------------------------------------------------------------------------


def of_week(week: Week) -> list[Table]:
    """By officer, by unit, and each part case by case."""
    parts = [_part(part.name, part.total, part.lines) for part in week.parts]
    by_officer = _tallies(_("承办人汇总"), _("承办人"), week.by_officer, _("未指派"))
    by_unit = _tallies(_("单位汇总"), _("单位"), week.by_unit, _("单位未登记"))
    return [by_officer, by_unit, *parts]


def _tallies(caption: str, head: str, tallies: Sequence[Tally], nobody: str) -> Table:
    columns = [Column(head, width=WIDE), *_numbers(*(str(PAPER_PARTS[name]) for name in PARTS))]
    rows = [
        [
            Cell(_named(tally, "name") or nobody),
            *(Cell(tally.counts[name], is_late=_is_late(name, tally.counts)) for name in PARTS),
        ]
        for tally in tallies
    ]
    return Table(caption, caption, columns, rows, empty=_("没有要列的案件"))


def _is_late(part: str, counts: Mapping[str, int]) -> bool:
    return part == "overdue" and counts[part] > 0


def _part(name: str, total: int, lines: Sequence[Line]) -> Table:
    words = str(PAPER_PARTS[name])
    left = total - len(lines)
    return Table(
        name=words,
        caption=_("%(part)s：%(num)s件", part=words, num=total),
        columns=[*_case_columns(), Column(_("谁来做什么"), width=WIDE), Column(_("到期")), Column(_("还剩"))],
        rows=[_line(line) for line in lines],
        empty=_("没有"),
        more=ngettext("另有%(num)s件没有列出", "另有%(num)s件没有列出", left) if left else "",
    )


def _line(line: Line) -> list[Cell]:
    stage = term(line.state)
    if line.came_from is not None and line.came_from != line.state:
        stage = _("%(before)s→%(now)s", before=term(line.came_from), now=stage)
    is_late = line.clock is not None and line.clock.colour == "red"
    return [
        *_case(line, stage),
        Cell(_to_do(line)),
        Cell(None if line.clock is None else line.clock.due_on),
        Cell(left_words(line.clock), is_late=is_late),
    ]


def _case_columns() -> list[Column]:
    return [
        Column(_("编号")),
        Column(_("单位"), width=WIDE),
        Column(_("环节")),
        Column(_("承办人"), width=NARROW),
    ]


def _case(row: Line | DueRow, stage: str) -> list[Cell]:
    """What every list of cases begins with: number, unit, stage and officer."""
    return [
        Cell(row.number or _("未编号"), url=case_url(row.ref) if row.can_open else None),
        Cell(_named(row, "unit") or _("单位未登记")),
        Cell(stage),
        Cell(row.officer or _("未指派")),
    ]


def _to_do(line: Line) -> str:
    """Who must do what: give leave, or what meets the clock that is due first."""
    if line.proposed is not None:
        who = _("或").join(term(ROLES[role]) if role in ROLES else _("档案台") for role in line.leave_of)
        return _("%(who)s：批准“%(what)s”", who=who, what=term(line.proposed))
    person = {"officer": line.officer, "reviewer": line.reviewer}.get(line.turn)
    who = person or str(TURNS.get(line.turn, ""))
    what = "" if line.clock is None else str(DEEDS.get(line.clock.name) or term(line.clock.row))
    return _("%(who)s：%(what)s", who=who, what=what) if who and what else who or what


def left_words(clock: ClockView | None) -> str:
    """How far off a due day is, as text, and whether the day may still move."""
    if clock is None:
        return ""
    words = clock_words(clock) or days_left(clock.left)
    plain = words.striptags() if hasattr(words, "striptags") else words
    return _("%(words)s（暂计）", words=plain) if clock.is_provisional else plain


def _named(row: Any, stem: str) -> str | None:
    """A name in the page's language, of a row that may have none."""
    zh, en = getattr(row, f"{stem}_zh"), getattr(row, f"{stem}_en")
    return (en if is_english() else zh) or zh


# --- the month -------------------------------------------------------------------------------------------------


def of_month(month: Month) -> list[Table]:
    """Numbers, rates, the longest overdue, and how each figure is counted."""
    plain = [row for row in month.figures if not isinstance(row.figure.counts, Share | InTime)]
    rates = [row for row in month.figures if isinstance(row.figure.counts, Share | InTime)]
    return [
        _counts(plain, month),
        _rates(rates),
        _longest(month.longest),
        _rules([row.figure for row in month.figures]),
    ]


def _counts(rows: Sequence[FigureRow], month: Month) -> Table:
    columns = [
        Column(_("项目"), width=WIDE),
        *_numbers(_("本月"), _("上月"), _("去年同月")),
    ]
    found: list[list[Cell]] = []
    for row in rows:
        numbers = (row.now, row.before, row.year_ago)
        found.append(_count_line(row.figure, row.figure.unit, [n.count for n in numbers], month))
        if row.figure.beside is not None:
            found.append(_count_line(row.figure, row.figure.beside, [n.beside or 0 for n in numbers], month))
    return Table(_("收办情况"), _("收办情况"), columns, found)


def _count_line(figure: Figure, unit: Term, numbers: Sequence[int], month: Month) -> list[Cell]:
    """A figure's row; none of a month before the office began is no nought."""
    periods = (month.period, month.before, month.year_ago)
    known = [
        number if number or period.last >= month.begun_on else None
        for number, period in zip(numbers, periods, strict=True)
    ]
    return [Cell(_labelled(figure, unit)), *(Cell(number) for number in known)]


def _labelled(figure: Figure, unit: Term) -> str:
    return _("%(figure)s（%(unit)s）", figure=term(figure), unit=either(unit))


def _rates(rows: Sequence[FigureRow]) -> Table:
    columns = [
        Column(_("项目"), width=WIDE),
        *_numbers(_("本月"), _("分子"), _("分母"), _("上月"), _("去年同月")),
    ]
    found = [
        [
            Cell(term(row.figure)),
            Cell(row.now.share),
            Cell(row.now.count),
            Cell(row.now.whole),
            Cell(row.before.share),
            Cell(row.year_ago.share),
        ]
        for row in rows
    ]
    return Table(_("比率"), _("比率"), columns, found)


def _longest(rows: Sequence[DueRow]) -> Table:
    columns = [*_case_columns(), Column(_("期限"), width=WIDE), Column(_("到期")), Column(_("超期"))]
    found = [
        [
            *_case(row, term(row.state)),
            Cell(term(row.clock.row)),
            Cell(row.clock.due_on),
            Cell(left_words(row.clock), is_late=True),
        ]
        for row in rows
    ]
    return Table(_("超期最久"), _("现在超期最久的案件"), columns, found, empty=_("没有超期"))


def _rules(figures: Sequence[Figure]) -> Table:
    """How figures are counted, those that are counted alike in one row."""
    columns = [
        Column(_("项目"), width=WIDE),
        Column(_("怎样计数"), width=WIDEST),
        Column(_("依据"), width=WIDEST),
    ]
    alike: dict[Term, list[Figure]] = {}
    for figure in figures:
        alike.setdefault(figure.rule, []).append(figure)
    rows = [[Cell(_listed(some)), Cell(term(rule)), Cell(_sources(some))] for rule, some in alike.items()]
    return Table(_("计数口径"), _("计数口径"), columns, rows)


def _listed(figures: Sequence[Figure]) -> str:
    return _("、").join(term(figure) for figure in figures)


def _sources(figures: Sequence[Figure]) -> str:
    return _("；").join(dict.fromkeys(either(source.term) for figure in figures for source in figure.source))


# --- the quarter -----------------------------------------------------------------------------------------------


def of_quarter(desks: Sequence[DeskSheet]) -> list[Table]:
    """A table a desk, a row a kind of matter, and their sum."""
    return [_desk(desk) for desk in desks]


def _desk(desk: DeskSheet) -> Table:
    columns = [
        Column(_("事项类型")),
        *_numbers(
            _("受理"),
            _("办结"),
            _("其中查实"),
            _("受理后转办"),
            _("现在在办"),
            _("其中暂存"),
            _("其中超期"),
        ),
    ]
    rows = [[Cell(code_term("kinds", row.kind)), *_kind_cells(row)] for row in desk.rows]
    total = KindRow(
        "", *(sum(numbers) for numbers in zip(*(_kind_numbers(r) for r in desk.rows), strict=True))
    )
    name = either(desk, "name")
    return Table(name, name, columns, [*rows, [Cell(_("合计")), *_kind_cells(total)]])


def _kind_cells(row: KindRow) -> list[Cell]:
    *numbers, overdue = _kind_numbers(row)
    return [*(Cell(number) for number in numbers), Cell(overdue, is_late=overdue > 0)]


def _kind_numbers(row: KindRow) -> tuple[int, ...]:
    return (
        row.accepted,
        row.concluded,
        row.substantiated,
        row.redirected,
        row.in_hand,
        row.held,
        row.overdue,
    )
