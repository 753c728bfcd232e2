"""What `whistle deadlines run` takes, where a clock runs in each case of the office and some turned since yesterday."""

import datetime as dt
import time
from typing import Any

from benchmarks.instance import Instance, opened
from whistle import clock
from whistle.services import reminders
from whistle.services.shell import SHELL
from whistle.store.base import database
from whistle.store.cases import Case, Clock
from whistle.store.fields import new_id

#: One of so many clocks turns amber or is due on the day of the run, as where nine in ten months pass in green.
TURNS = 160
#: Days of a clock from its beginning to its end, and for how long it is amber before.
LENGTH, AMBER = dt.timedelta(days=60), dt.timedelta(days=3)
BATCH = 500


def measure(office: Instance) -> dict[str, Any]:
    """A day on which clocks turned, and the next run of that day, which has nothing to tell."""
    with opened(office):
        clocks = _start_clocks()
        first, second = _run(), _run()
        bare = _bare()
    return {
        "clocks": clocks,
        "turned": first["told"],
        "turned_s": first["seconds"],
        "turned_queries": first["queries"],
        "nothing_ms": 1000 * second["seconds"],
        "nothing_queries": second["queries"],
        "bare_ms": 1000 * bare,
    }


def _start_clocks() -> int:
    """Every case is open and has one clock."""
    cases = [case.id for case in Case.select(Case.id)]
    with database.atomic():
        Case.update(state="assessing").execute()
        Clock.delete().execute()
        for start in range(0, len(cases), BATCH):
            Clock.insert_many(
                [_row(case, start + place) for place, case in enumerate(cases[start : start + BATCH])]
            ).execute()
    database.execute_sql("ANALYZE")
    return len(cases)


def _row(case: str, number: int) -> dict[str, Any]:
    """Green for a while to come, but for one in TURNS, which turns amber today."""
    due = clock.today() + AMBER + dt.timedelta(days=0 if number % TURNS == 0 else 1 + number % 50)
    return {
        "id": new_id(),
        "case": case,
        "name": "assess",
        "started_on": due - LENGTH,
        "due_on": due,
        "amber_on": due - AMBER,
        "state": "running",
        "unit": "M",
        "is_provisional": False,
    }


def _run() -> dict[str, Any]:
    heard: list[object] = []
    database.query_hooks.append(heard.append)
    begun = time.perf_counter()
    try:
        told = reminders.run(SHELL).due_days
    finally:
        database.query_hooks.remove(heard.append)
    return {"told": told, "seconds": time.perf_counter() - begun, "queries": len(heard)}


def _bare() -> float:
    """The running clocks by their days, as the database hands them over."""
    begun = time.perf_counter()
    sql = "SELECT id, case_id, amber_on, due_on FROM clock WHERE state = ? AND amber_on <= ?"
    database.execute_sql(sql, ("running", clock.today().isoformat())).fetchall()
    return time.perf_counter() - begun
