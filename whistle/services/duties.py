"""What the worker does unasked: due days, lapses, loans, sweeps, and the log's daily checkpoint.

Safe to run as often as one likes.
"""

import dataclasses
import datetime as dt
import logging
import traceback
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import PurePath

from peewee import fn

from whistle import clock
from whistle.rules import clocks
from whistle.rules.workdays import Calendar
from whistle.services import archive, ledger, sessions, storage, visits
from whistle.services.access import AsSystem, require
from whistle.services.casework import clockwork, file_views
from whistle.services.casework.act import act, find_case
from whistle.services.errors import Conflict
from whistle.services.use_case import reading, use_case
from whistle.store import files
from whistle.store.cases import Case, Clock
from whistle.store.offices import DayOverride

#: The hour, in Asia/Shanghai, from which the day's checkpoint is made.
CHECKPOINT_HOUR = 3

WORKER = AsSystem("worker")

log = logging.getLogger("whistle.duties")

#: The day on which this process last held every open case against the calendar, and the newest entry by hand it knew
#: of; it does so at its start, so a new release does.
_recounted: tuple[dt.date, int | None] | None = None
_files_swept_on: dt.date | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Done:
    """What one round came to."""

    recounted: int
    lapsed: int
    loans: int
    swept: int
    files: int
    checkpoint: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class Failure:
    """A duty that failed: the class of the error and where in the code it rose. Its text may hold content."""

    duty: str
    kind: str
    place: str


class RoundFailed(RuntimeError):
    """Something of a round failed, while all the rest of it was done."""

    def __init__(self, failures: list[Failure]) -> None:
        super().__init__(f"{len(failures)} failed")
        self.failures = failures


def run_due() -> Done:
    """One round of everything that is due. What fails stops nothing else; raises RoundFailed at the end."""
    failures: list[Failure] = []
    recounted = _try(failures, "recount_days", recount_days)
    lapsed = _try(failures, "lapse_supplements", lapse_supplements)
    ended = _try(failures, "end_loans", end_loans)
    swept = _try(failures, "sweep_visits", sweep_visits)
    swept_files = _try(failures, "sweep_files", sweep_files)
    checkpoint = _try(failures, "daily_checkpoint", daily_checkpoint)
    if failures:
        raise RoundFailed(failures)
    return Done(
        recounted=recounted or 0,
        lapsed=lapsed or 0,
        loans=ended or 0,
        swept=swept or 0,
        files=swept_files or 0,
        checkpoint=checkpoint,
    )


def _try(failures: list[Failure], duty: str, deed: Callable[[], int | None]) -> int | None:
    """What the deed returns; None where it failed, which is logged and added to `failures`."""
    try:
        return deed()
    except RoundFailed as several:
        failures += several.failures
    except Exception as error:
        failure = Failure(duty, type(error).__qualname__, _place(error))
        log.error("%s failed: %s at %s", failure.duty, failure.kind, failure.place)
        failures.append(failure)
    return None


def _place(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{PurePath(frame.filename).name}:{frame.lineno}"


def recount_days() -> int | None:
    """Bring the due days of open cases in line with the calendar: once a day, for days off are published late in a
    year, and in the round after somebody entered one by hand.

    A case moves its own at its next act; this is for those that nobody touches. Returns how many cases changed, None
    where that is done. Each by itself; raises RoundFailed when all were tried and some failed.
    """
    global _recounted
    state = (clock.today(), DayOverride.select(fn.MAX(DayOverride.id)).scalar())
    if _recounted == state:
        return None
    failures: list[Failure] = []
    changed = sum(_try(failures, "recount", partial(_recount, case)) or 0 for case in _outdated())
    if failures:
        raise RoundFailed(failures)
    _recounted = state
    return changed


@reading
def _outdated() -> list[str]:
    """The cases with a clock that still counts whose stored clocks are not what their events make of them."""
    require(WORKER, "duty.sweep")
    counting = Clock.select(Clock.case).where(Clock.state.in_(("running", "paused")))
    days = clockwork.calendar()
    cases = Case.select().where(Case.id.in_(counting)).order_by(Case.id)
    return [case.id for case in cases.iterator() if _differs(case, days)]


def _differs(case: Case, days: Calendar) -> bool:
    due = clocks.clocks_of(clockwork.events_of(case), clockwork.facts_of(case), days)
    stored = Clock.select().where(Clock.case == case)
    return Counter(due) != Counter(clockwork.state_of(row) for row in stored)


@use_case
def _recount(case_id: str) -> int:
    """1 where the clocks changed now, 0 where an act changed them in the same moment."""
    require(WORKER, "duty.sweep")
    case = find_case(case_id, lock=True)
    if not _differs(case, clockwork.calendar()):
        return 0
    clockwork.recompute(case)
    return 1


def lapse_supplements() -> int:
    """End every wait for missing facts whose day has passed; the act takes effect on the due day itself.

    Each by itself; raises RoundFailed when all were tried and some failed. Returns how many lapsed.
    """
    today = clock.today()
    due = (
        Clock.select(Clock.case, Clock.due_on)
        .join(Case)
        .where(Clock.name == "supplement", Clock.state == "running", Clock.due_on < today)
        .where(Case.state == "supplementing")
        .order_by(Clock.due_on, Clock.id)
        .limit(500)
    )
    failures: list[Failure] = []
    lapsed = sum(_try(failures, "lapse", partial(_lapse, row)) or 0 for row in list(due))
    if failures:
        raise RoundFailed(failures)
    return lapsed


def _lapse(row: Clock) -> int:
    """1 where the wait ended now, 0 where the facts came in the same moment."""
    try:
        act(row.case_id, "lapse_supplement", WORKER, valid_on=row.due_on)
    except Conflict as told:
        if told.why == "state":
            return 0
        raise
    return 1


def end_loans() -> int:
    """Take archived cases back from whom they were lent to once the last day has passed; it takes effect on that day.

    Each by itself; raises RoundFailed when all were tried and some failed. Returns how many cases came back.
    """
    failures: list[Failure] = []
    ended = [_try(failures, "end_loan", partial(_end_loan, *over)) for over in archive.overdue().items()]
    if failures:
        raise RoundFailed(failures)
    return sum(done or 0 for done in ended)


def _end_loan(case_id: str, until: dt.date) -> int:
    """1 where a loan ended now, 0 where the case left the archive in the same moment."""
    try:
        act(case_id, "give_back", WORKER, valid_on=until)
    except Conflict as told:
        if told.why in ("state", "not_lent"):
            return 0
        raise
    return 1


def sweep_visits() -> int:
    """Delete ended drafts, receipts and tracking visits with their files, and officers' sessions long ended."""
    swept, names = _sweep_rows()
    for name in names:
        files.store().delete(name)
    return swept


@use_case
def _sweep_rows() -> tuple[int, list[str]]:
    require(WORKER, "duty.sweep")
    swept, names = visits.sweep()
    return swept + sessions.sweep() + file_views.sweep(), names


def sweep_files() -> int | None:
    """Once a day, delete what uploads that were cut off left; returns how many, None where today's sweep is done.

    Whole files that nobody knows of are only told of: `whistle files sweep` lists them first.
    """
    global _files_swept_on
    if _files_swept_on == clock.today():
        return None
    swept = storage.sweep(WORKER, unfinished_only=True)
    if swept.left:
        log.warning(
            "%d whole files that no report knows of: whistle files sweep --dry-run lists them", swept.left
        )
    _files_swept_on = clock.today()
    return swept.files


@use_case
def daily_checkpoint() -> int | None:
    """Make today's public checkpoint once its hour has come; its size, or None where it was not due."""
    require(WORKER, "duty.checkpoint")
    if ledger.has_checkpoint(clock.today()) or clock.local(clock.now()).hour < CHECKPOINT_HOUR:
        return None
    return ledger.make_checkpoint().size
