"""What the worker does unasked: lapses, sweeps, and the log's daily checkpoint. Safe to run as often as one likes."""

import dataclasses
import logging
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import PurePath

from whistle import clock
from whistle.services import ledger, sessions, visits
from whistle.services.access import AsSystem, require
from whistle.services.casework.act import act
from whistle.services.errors import Conflict
from whistle.services.use_case import use_case
from whistle.store.cases import Case, Clock

#: The hour, in Asia/Shanghai, from which the day's checkpoint is made.
CHECKPOINT_HOUR = 3

WORKER = AsSystem("worker")

log = logging.getLogger("whistle.duties")


@dataclasses.dataclass(frozen=True, slots=True)
class Done:
    """What one round came to."""

    lapsed: int
    swept: int
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
    lapsed = _try(failures, "lapse_supplements", lapse_supplements)
    swept = _try(failures, "sweep_visits", sweep_visits)
    checkpoint = _try(failures, "daily_checkpoint", daily_checkpoint)
    if failures:
        raise RoundFailed(failures)
    return Done(lapsed=lapsed or 0, swept=swept or 0, checkpoint=checkpoint)


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
        .order_by(Clock.due_on)
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


@use_case
def sweep_visits() -> int:
    """Delete ended drafts, receipts and tracking visits, and officers' sessions long past their end."""
    require(WORKER, "duty.sweep")
    return visits.sweep() + sessions.sweep()


@use_case
def daily_checkpoint() -> int | None:
    """Make today's public checkpoint once its hour has come; its size, or None where it was not due."""
    require(WORKER, "duty.checkpoint")
    if ledger.has_checkpoint(clock.today()) or clock.local(clock.now()).hour < CHECKPOINT_HOUR:
        return None
    return ledger.make_checkpoint().size
