"""What `whistle deadlines run` takes, where a clock runs in each case of the office and some turned since yesterday."""

import datetime as dt
import time
from typing import Any

from benchmarks import pages
from benchmarks.archive import AMBER, BATCH
from benchmarks.instance import Instance, opened
from whistle import clock
from whistle.services import reminders
from whistle.services.shell import SHELL
from whistle.store.base import database
from whistle.store.cases import Case, Clock
from whistle.store.fields import new_id

#: One of so many clocks turns amber on the day of the run.
TURNS = 160
#: How long a clock runs.
LENGTH = dt.timedelta(days=60)


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
            batch = enumerate(cases[start : start + BATCH], start)
            Clock.insert_many([_row(case, number) for number, case in batch]).execute()
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
    begun = time.perf_counter()
    with pages.listening() as heard:
        told = reminders.run(SHELL).due_days
    return {"told": told, "seconds": time.perf_counter() - begun, "queries": len(heard)}


def _bare() -> float:
    """The seconds in which the database hands over the clocks that turned."""
    begun = time.perf_counter()
    sql = "SELECT id, case_id, amber_on, due_on FROM clock WHERE state = ? AND amber_on <= ?"
    database.execute_sql(sql, ("running", clock.today().isoformat())).fetchall()
    return time.perf_counter() - begun
