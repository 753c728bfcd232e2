"""What the worker does unasked: lapses, sweeps, and the log's daily checkpoint. Safe to run as often as one likes."""

import dataclasses

from whistle import clock
from whistle.services import ledger, sessions, visits
from whistle.services.access import AsSystem, require
from whistle.services.casework.act import act
from whistle.services.use_case import use_case
from whistle.store.cases import Case, Clock

#: The hour, in Asia/Shanghai, from which the day's checkpoint is made.
CHECKPOINT_HOUR = 3

WORKER = AsSystem("worker")


@dataclasses.dataclass(frozen=True, slots=True)
class Done:
    """What one round came to."""

    lapsed: int
    swept: int
    checkpoint: int | None


def run_due() -> Done:
    """One round of everything that is due."""
    return Done(lapsed=lapse_supplements(), swept=sweep_visits(), checkpoint=daily_checkpoint())


def lapse_supplements() -> int:
    """End every wait for missing facts whose day has passed; the act takes effect on the due day itself."""
    today = clock.today()
    due = (
        Clock.select(Clock.case, Clock.due_on)
        .join(Case)
        .where(Clock.name == "supplement", Clock.state == "running", Clock.due_on < today)
        .where(Case.state == "supplementing")
        .order_by(Clock.due_on)
        .limit(500)
    )
    rows = list(due)
    for row in rows:
        act(row.case_id, "lapse_supplement", WORKER, valid_on=row.due_on)
    return len(rows)


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
