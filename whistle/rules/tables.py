"""All rule tables as plain values, for `whistle rules` and for the pages that print the law as it is in the code."""

from collections.abc import Callable, Iterable
from typing import Any

from whistle.rules.clock_rows import CLOCKS, Clock, Length
from whistle.rules.measures import MEASURES, Measure
from whistle.rules.taxonomy import CATEGORIES, Category
from whistle.rules.terms import Row, cited
from whistle.rules.workflow import ACTIONS, STATES, Action, State


def as_json() -> dict[str, list[dict[str, Any]]]:
    """The tables by name. Each row: name, zh, en, source, since, checked (a day or null), then its own fields."""
    return {
        "states": _rows(STATES.values(), _state),
        "actions": _rows(ACTIONS.values(), _action),
        "clocks": _rows(CLOCKS, _clock),
        "measures": _rows(MEASURES, _measure),
        "categories": _rows(CATEGORIES, _category),
    }


def _rows(rows: Iterable[Any], own: Callable[[Any], dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**_common(row), **own(row)} for row in rows]


def _common(row: Row) -> dict[str, Any]:
    return {
        "name": row.name,
        "zh": row.term.zh,
        "en": row.term.en,
        "source": cited(row.source),
        "since": row.since.isoformat(),
        "checked": row.checked.isoformat() if row.checked else None,
    }


def _state(row: State) -> dict[str, Any]:
    return {"reporter_sees": row.reporter_sees.zh, "is_end": row.is_end, "may_reopen": row.may_reopen}


def _action(row: Action) -> dict[str, Any]:
    return {
        "from": list(row.frm),
        "to": row.to,
        "by": list(row.by),
        "approval": row.approval,
        "needs": [need.name for need in row.needs],
    }


def _clock(row: Clock) -> dict[str, Any]:
    return {"lengths": [_length(length) for length in row.lengths]}


def _length(length: Length) -> dict[str, Any]:
    return {
        "count": length.count,
        "unit": length.unit,
        "kinds": list(length.kinds),
        "is_law": length.is_law,
        "when": length.when or None,
    }


def _measure(row: Measure) -> dict[str, Any]:
    return {
        "class": row.class_,
        "on": list(row.on),
        "kinds": list(row.kinds),
        "approval": row.approval,
        "regime": row.regime,
        "months": row.period.months,
        "forms": list(row.forms),
        "sentence": row.sentence or None,
    }


def _category(row: Category) -> dict[str, Any]:
    return {"rows": [term.zh for term in row.rows]}
