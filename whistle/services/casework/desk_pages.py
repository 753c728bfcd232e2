"""Pages of the desk: the orders a list can have, and going on from where another page ended.

A cursor is the place of a case in every order: real name, next due day, day of receipt and id, so that the same case
marks the same place whatever the order is. Cases without a running clock come after those that have one.
"""

import dataclasses
import datetime as dt
import re
from typing import Any

from peewee import fn

from whistle.store.cases import Case, Clock

#: Stands for no due day; sorts after every one.
NEVER = dt.date.max.isoformat()

CURSOR = re.compile("([01])[.]([0-9-]{10})[.]([0-9-]{10})[.]([0-9a-f]{24})")

#: The orders by name, each as columns of a cursor; '-' in front of those where the greatest comes first.
SORTS: dict[str, tuple[str, ...]] = {
    "": ("-named", "due", "-received", "-id"),
    "due": ("due", "-received", "-id"),
    "received": ("-received", "-id"),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """The cases of one page; `older` and `newer` are cursors, or None where there is nothing beyond."""

    rows: list[Case]
    older: str | None
    newer: str | None


def page(query: Any, sort: str, *, older: str, newer: str, size: int) -> Found:
    """A page of `query` (of cases) in an order of SORTS: the first, or what comes after `older`, or before `newer`.

    A cursor that is none is passed over.
    """
    after, before = _parsed(older), _parsed(newer)
    is_back = before is not None
    columns = {
        "named": Case.is_named.cast("INTEGER"),
        "due": next_due(),
        "received": Case.received_on,
        "id": Case.id,
    }
    keys = [(name.lstrip("-"), name.startswith("-") is not is_back) for name in SORTS.get(sort, SORTS[""])]
    query = query.select(Case, columns["due"].alias("next_due"))
    if (mark := before or after) is not None:
        query = query.where(_beyond(columns, keys, mark))
    order = [columns[name].desc() if is_falling else columns[name].asc() for name, is_falling in keys]
    rows = list(query.order_by(*order).limit(size + 1).objects())
    has_more, rows = len(rows) > size, rows[:size]
    if is_back:
        rows.reverse()
    return Found(
        rows=rows,
        older=_cursor(rows[-1]) if rows and (is_back or has_more) else None,
        newer=_cursor(rows[0]) if rows and (has_more if is_back else after is not None) else None,
    )


def next_due() -> Any:
    """The earliest due day of a case's running clocks, NEVER without one; as a column of cases."""
    running = Clock.select(fn.MIN(Clock.due_on)).where(Clock.case == Case.id, Clock.state == "running")
    return fn.COALESCE(running, NEVER)


def _beyond(columns: dict[str, Any], keys: list[tuple[str, bool]], mark: dict[str, Any]) -> Any:
    """The condition for what comes later than a mark: the first column that differs decides."""
    found: Any = None
    for name, is_falling in reversed(keys):
        column, value = columns[name], mark[name]
        later = column < value if is_falling else column > value
        found = later if found is None else later | ((column == value) & found)
    return found


def _cursor(case: Any) -> str:
    return f"{int(bool(case.is_named))}.{case.next_due}.{case.received_on.isoformat()}.{case.id}"


def _parsed(cursor: str) -> dict[str, Any] | None:
    parts = CURSOR.fullmatch(cursor)
    if parts is None:
        return None
    return {"named": int(parts[1]), "due": parts[2], "received": parts[3], "id": parts[4]}
