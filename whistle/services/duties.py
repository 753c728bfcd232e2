"""What the worker does unasked: due days, lapses, loans, reminders, sweeps, the daily checkpoint, and sending mail.

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
from whistle.services import archive, headship, ledger, outbox, reminders, sessions, storage, visits
from whistle.services.access import AsSystem, require
from whistle.services.casework import clockwork, file_views, identity_asking
from whistle.services.casework.act import act, find_case
from whistle.services.errors import Conflict
from whistle.services.use_case import reading, use_case
from whistle.store import files
from whistle.store.cases import Case, Clock
from whistle.store.offices import DayOverride

#: The hour, in Asia/Shanghai, from which the day's checkpoint is made.
CHECKPOINT_HOUR = 3
#: The hour from which the day's reminders are made: nobody's telephone rings for them at night.
REMINDER_HOUR = 8

WORKER = AsSystem("worker")

log = logging.getLogger("whistle.duties")

#: The day on which this process last held every open case against the calendar, and the newest entry by hand it knew
#: of; it does so at its start, so a new release does.
_recounted: tuple[dt.date, int | None] | None = None
_files_swept_on: dt.date | None = None
#: The hour in which this process last looked for due days to remind of.
_reminded: dt.datetime | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Done:
    """What one round came to."""

    recounted: int
    lapsed: int
    reminded: int
    looks_ended: int
    returned: int
    stood_down: int
    swept: int
    files: int
    checkpoint: int | None
    sent: int


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
    reminded = _try(failures, "make_reminders", make_reminders)
    looks_ended = _try(failures, "end_looks", end_looks)
    returned = _try(failures, "end_loans", end_loans)
    stood_down = _try(failures, "end_acting_heads", end_acting_heads)
    swept = _try(failures, "sweep_visits", sweep_visits)
    swept_files = _try(failures, "sweep_files", sweep_files)
    checkpoint = _try(failures, "daily_checkpoint", daily_checkpoint)
    sent = _try(failures, "send_notices", send_notices)
    if failures:
        raise RoundFailed(failures)
    return Done(
        recounted=recounted or 0,
        lapsed=lapsed or 0,
        reminded=reminded or 0,
        looks_ended=looks_ended or 0,
        returned=returned or 0,
        stood_down=stood_down or 0,
        swept=swept or 0,
        files=swept_files or 0,
        checkpoint=checkpoint,
        sent=sent or 0,
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
    stored = [(clockwork.state_of(row), row.amber_on) for row in Clock.select().where(Clock.case == case)]
    return Counter((state, clockwork.amber_on(state, days)) for state in due) != Counter(stored)


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


def make_reminders() -> int | None:
    """In the first round of each hour by day, tell of the due days that turned; how many, None where that is done."""
    global _reminded
    now = clock.local(clock.now())
    hour = now.replace(minute=0, second=0, microsecond=0)
    if now.hour < REMINDER_HOUR or _reminded == hour:
        return None
    done = reminders.run(WORKER)
    _reminded = hour
    return done.due_days


def send_notices() -> int:
    """Send what waits in the outbox, and forget the bodies of what went long ago; returns how many went.

    It comes last, for it waits for another machine.
    """
    outbox.forget_bodies(WORKER)
    done = outbox.send_due(WORKER)
    if done.failed:
        log.warning("%d notices did not go and are tried again: whistle doctor says why", done.failed)
    return done.sent


def end_looks() -> int:
    """End what was given of real-name reporters' contacts past its time, or to somebody who lost the case since.

    Each by itself; raises RoundFailed when all were tried and some failed. Returns how many ended.
    """
    failures: list[Failure] = []
    ended = sum(
        _try(failures, "end_look", partial(identity_asking.end_due, WORKER, asking)) or 0
        for asking in identity_asking.due(WORKER)
    )
    if failures:
        raise RoundFailed(failures)
    return ended


def end_loans() -> int:
    """Take archived cases back from whom they were lent to until a day that has passed; returns how many.

    Each by itself; raises RoundFailed when all were tried and some failed.
    """
    failures: list[Failure] = []
    ended = [_try(failures, "end_loan", partial(_end, *over)) for over in archive.overdue().items()]
    if failures:
        raise RoundFailed(failures)
    return sum(done or 0 for done in ended)


def _end(case_id: str, until: dt.date) -> int:
    """1 where a loan ended now, 0 where it was given back in the same moment; it takes effect on its last day."""
    try:
        act(case_id, "give_back", WORKER, valid_on=until)
    except Conflict as told:
        if told.why in ("not_borrowed", "state"):
            return 0
        raise
    return 1


def end_acting_heads() -> int:
    """End whoever acts as head past the last day, or where the head is there again; returns how many.

    Each by itself; raises RoundFailed when all were tried and some failed.
    """
    failures: list[Failure] = []
    ended = [
        _try(failures, "end_acting_head", partial(headship.end_over, WORKER, acting))
        for acting in headship.over(WORKER)
    ]
    if failures:
        raise RoundFailed(failures)
    return sum(done or 0 for done in ended)


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
    """Make today's public checkpoint once its hour has come; its size, or None where there is none to make."""
    require(WORKER, "duty.checkpoint")
    if ledger.has_checkpoint(clock.today()) or clock.local(clock.now()).hour < CHECKPOINT_HOUR:
        return None
    try:
        return ledger.make_checkpoint().size
    except ledger.LogEmpty:
        return None
