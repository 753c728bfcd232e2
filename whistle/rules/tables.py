"""All rule tables as plain values, for `whistle rules` and for the pages that print the law as it is in the code.

Every field of a row is in it, whatever fields a row has: nothing of the law is left out because nobody thought of it.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from typing import Any

from whistle.rules.clock_rows import CLOCKS
from whistle.rules.measures import MEASURES
from whistle.rules.taxonomy import CATEGORIES
from whistle.rules.terms import Row, cited
from whistle.rules.workflow import ACTIONS, STATES

#: Fields whose name is a word of Python, as the rulebook calls them.
CALLED = {"frm": "from", "class_": "class"}


def as_json() -> dict[str, list[dict[str, Any]]]:
    """The tables by name. Each row: name, zh, en, source, since, checked (a day or null), then its own fields.

    A term is `{"zh", "en"}`; what does not apply is null.
    """
    return {
        "states": _rows(STATES.values()),
        "actions": _rows(ACTIONS.values()),
        "clocks": _rows(CLOCKS),
        "measures": _rows(MEASURES),
        "categories": _rows(CATEGORIES),
    }


def _rows(rows: Iterable[Row]) -> list[dict[str, Any]]:
    return [{**_common(row), **_own(row)} for row in rows]


def _common(row: Row) -> dict[str, Any]:
    return {"name": row.name, "zh": row.term.zh, "en": row.term.en, "source": cited(row.source)}


def _own(row: Row) -> dict[str, Any]:
    return {name: value for name, value in _plain(row).items() if name not in ("name", "term", "source")}


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {CALLED.get(f.name, f.name): _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    return None if value == "" else value
