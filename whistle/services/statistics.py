"""Figures counted from events and clocks by the rows of `rules.figures`, over the cases that the caller names.

Whoever calls decides which cases somebody may see counted; nothing here looks at a grant. Cases are joined crosswise,
so that SQLite reads what happened on some days first, and not all that ever happened to every case.
"""

import datetime as dt
import functools
import operator
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from peewee import JOIN, fn
from peewee import Case as When

from whistle.rules.figures import Carried, Events, Figure, InTime, Limit, Share, Step
from whistle.rules.periods import Period
from whistle.store.cases import Case, CaseEvent, Clock
from whistle.store.things import Measure

#: How a clock can stand that counts to what was due.
_DUE_STATES = ("running", "paused", "met")


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure's number. beside: its second number. whole: of a share, what `count` is a part of."""

    count: int
    beside: int | None = None
    whole: int | None = None

    @property
    def share(self) -> float | None:
        """A share of one; None where it is none, or where there is nothing to take a share of."""
        return self.count / self.whole if self.whole else None


#: The values of the columns that cases are grouped by; () where they are not.
Key = tuple[Any, ...]


def count(which: Any, figures: Iterable[Figure], period: Period, as_of: dt.date) -> dict[str, Counted]:
    """The figures of a period over the cases of which the condition `which` holds.

    What was recorded after `as_of` is not known yet. Clocks are taken as they stand: what was due by `as_of`, and
    whether it was met by its day.
    """
    rows = list(figures)
    found = count_by(which, rows, period, as_of, ()).get((), {})
    return {row.name: found.get(row.name, _nothing(row)) for row in rows}


def count_by(
    which: Any, figures: Iterable[Figure], period: Period, as_of: dt.date, columns: tuple[Any, ...]
) -> dict[Key, dict[str, Counted]]:
    """The same for each value of some columns of cases; a figure that a value has nothing of is not in its row."""
    found: dict[Key, dict[str, Counted]] = {}
    rows = list(figures)
    due = _due(which, Period(period.first, min(period.last, as_of)))
    for figure in rows:
        if isinstance(figure.counts, Events | Share):
            for key, counted in _of_events(which, figure, period, as_of, columns).items():
                found.setdefault(key, {})[figure.name] = counted
    for key, name, counted in _carried(which, rows, period, columns):
        found.setdefault(key, {})[name] = counted
    for key, name, counted in _in_time([row for row in rows if isinstance(row.counts, InTime)], due, columns):
        found.setdefault(key, {})[name] = counted
    return found


def _nothing(figure: Figure) -> Counted:
    is_share = isinstance(figure.counts, Share | InTime)
    return Counted(0, beside=0 if figure.beside else None, whole=0 if is_share else None)


# --- events ----------------------------------------------------------------------------------------------------


def _of_events(
    which: Any, figure: Figure, period: Period, as_of: dt.date, columns: tuple[Any, ...]
) -> dict[Key, Counted]:
    counts = figure.counts
    if isinstance(counts, Share):
        found = _events(which, counts.whole, period, as_of)
        what = CaseEvent.report if counts.of_reports else CaseEvent.case
        part = _distinct(found.where(_is_any(counts.part)), columns, what)
        return {key: Counted(part.get(key, 0), whole=n) for key, n in _distinct(found, columns, what).items()}
    if not isinstance(counts, Events):
        raise TypeError(f"{figure.name} counts no events")
    found = _events(which, counts, period, as_of)
    if not counts.reports:
        return {key: Counted(n) for key, n in _distinct(found, columns).items()}
    # A report makes a case of its own, which a merge ends: so its case stands for it.
    beside = _distinct(_recorded(which, counts.reports, as_of).where(_within(period)), columns)
    main = _distinct(found.where(~_is_merged(as_of)), columns)
    return {key: Counted(main.get(key, 0), beside.get(key, 0)) for key in {**beside, **main}}


def _events(which: Any, counts: Events, period: Period, as_of: dt.date) -> Any:
    found = _recorded(which, counts.steps, as_of).where(_within(period))
    if not counts.last:
        return found
    later = CaseEvent.alias("later")
    is_later = (later.case == CaseEvent.case) & (later.seq > CaseEvent.seq) & (later.recorded_on <= as_of)
    return found.where(~fn.EXISTS(later.select(later.id).where(is_later, _is_any(counts.steps, later))))


def _recorded(which: Any, steps: tuple[Step, ...], as_of: dt.date) -> Any:
    return (
        CaseEvent.select()
        .join(Case, JOIN.CROSS)
        .where(CaseEvent.case == Case.id, which)
        .where(_is_any(steps))
        .where(CaseEvent.recorded_on <= as_of)
    )


def _within(period: Period) -> Any:
    return CaseEvent.valid_on.between(period.first, period.last)


def _is_any(steps: tuple[Step, ...], event: Any = CaseEvent) -> Any:
    return functools.reduce(operator.or_, (_is(step, event) for step in steps))


def _is(step: Step, event: Any) -> Any:
    conditions = [event.action == step.action] if step.action else []
    if step.frm:
        conditions.append(event.from_state == step.frm)
    if step.to:
        conditions += [event.to_state == step.to, event.from_state.is_null() | (event.from_state != step.to)]
    if step.fact[0]:
        conditions.append(says(event.facts, step.fact[0], f'"{step.fact[1]}"'))
    if step.lacks:
        conditions.append(~says(event.facts, step.lacks, ""))
    return functools.reduce(operator.and_, conditions)


def says(facts: Any, name: str, value: str) -> Any:
    """Whether clear facts, kept as canonical JSON, say this of a name; `value` as JSON writes it, "" for anything."""
    return facts.cast("TEXT").contains(f'"{name}":{value}')


def _is_merged(as_of: dt.date) -> Any:
    """Whether an event's case was merged into another by then, and not taken out of it again."""
    merge, undone = CaseEvent.alias("merge"), CaseEvent.alias("undone")
    is_undone = (
        (undone.case == merge.case)
        & (undone.seq > merge.seq)
        & (undone.action == "unmerge")
        & (undone.recorded_on <= as_of)
    )
    is_merge = (merge.case == CaseEvent.case) & (merge.action == "merge") & (merge.recorded_on <= as_of)
    return fn.EXISTS(
        merge.select(merge.id).where(is_merge, ~fn.EXISTS(undone.select(undone.id).where(is_undone)))
    )


def _distinct(events: Any, columns: tuple[Any, ...], what: Any = CaseEvent.case) -> dict[Key, int]:
    rows = events.select(*columns, fn.COUNT(what.distinct())).group_by(*columns).tuples()
    return {tuple(of): int(n) for *of, n in rows if n}


# --- measures ------------------------------------------------------------------------------------------------


def _carried(
    which: Any, figures: list[Figure], period: Period, columns: tuple[Any, ...]
) -> Iterator[tuple[Key, str, Counted]]:
    """Whom measures reached, and how often; names are sealed, so that nobody is known again in another case."""
    names = {row.counts.code: row.name for row in figures if isinstance(row.counts, Carried)}
    if not names:
        return
    unit_in_case = Measure.case.concat(Measure.unit.cast("TEXT"))
    by = (*columns, Measure.code)
    rows: Any = (
        Measure.select(
            *by,
            fn.COUNT(Measure.subject.distinct()) + fn.COUNT(unit_in_case.distinct()),
            fn.COUNT(Measure.id),
        )
        .join(Case, JOIN.CROSS)
        .where(Measure.case == Case.id, which)
        .where(Measure.code.in_(list(names)), Measure.delivered_on.between(period.first, period.last))
        .group_by(*by)
    )
    for *of, code, reached, times in rows.tuples():
        yield tuple(of), names[code], Counted(int(reached), beside=int(times))


# --- clocks ----------------------------------------------------------------------------------------------------


def _due(which: Any, period: Period) -> Any:
    return (
        Clock.select()
        .join(Case, JOIN.CROSS)
        .where(Clock.case == Case.id, which)
        .where(Clock.state.in_(_DUE_STATES), Clock.due_on.between(period.first, period.last))
    )


def _in_time(figures: list[Figure], due: Any, columns: tuple[Any, ...]) -> Iterator[tuple[Key, str, Counted]]:
    """For each value of the columns, by figure, how many clocks were met in time, of how many that were due."""
    if not figures:
        return
    plain = _met(due, columns)
    for figure in figures:
        sums: dict[Key, tuple[int, int]] = {}
        for limit in figure.counts.limits if isinstance(figure.counts, InTime) else ():
            counted = _met(due.where(_holds(limit)), columns) if limit.when else plain
            for (*of, name, kind), (met, all_of) in counted.items():
                if name == limit.clock and kind in limit.kinds:
                    so_far = sums.get(tuple(of), (0, 0))
                    sums[tuple(of)] = so_far[0] + met, so_far[1] + all_of
        for key, (met, all_of) in sums.items():
            yield key, figure.name, Counted(met, whole=all_of)


def _met(due: Any, columns: tuple[Any, ...]) -> dict[Key, tuple[int, int]]:
    """By the columns, name and kind: how many clocks were met by their day, and how many there are."""
    is_met = (Clock.state == "met") & (Clock.ended_on <= Clock.due_on)
    by = (*columns, Clock.name, Case.kind)
    rows = due.select(*by, fn.SUM(When(None, [(is_met, 1)], 0)), fn.COUNT(Clock.id)).group_by(*by).tuples()
    return {tuple(of): (int(met), int(all_of)) for *of, met, all_of in rows}


def _holds(limit: Limit) -> Any:
    """Whether a clock is this limit's, and the receipt of its case, or of its report, says what makes it hold."""
    told = (
        CaseEvent.select(CaseEvent.id)
        .where(CaseEvent.case == Clock.case, CaseEvent.action.in_(("receive", "join")))
        .where(Clock.report.is_null() | (CaseEvent.report == Clock.report))
        .where(says(CaseEvent.facts, limit.when, "true"))
    )
    return (Clock.name == limit.clock) & Case.kind.in_(limit.kinds) & fn.EXISTS(told)
