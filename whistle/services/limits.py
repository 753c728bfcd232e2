"""How much strangers may set going: one table of budgets, so that a flood is slowed and nobody else is.

Three budgets hold for an act, each "so many within so long": its client's, that of the thing it goes to (a channel),
and that of all together. What is within a client's own small `share` passes whatever others do to the channel, and may
use the whole of what all have together; what is beyond it has half of that. So a flood on one channel slows those who
cause it, a hundred people behind one address are within that address's budget, and a single reporter is asked for
nothing. A client that cannot be told (a proxy that does not say) has neither share nor budget of its own.

Slow hashes have no budget but a rank (`services/lines.py`): to refuse some of them while slots are free would let a
flood shut out who shares its address, and help nobody.
"""

import datetime as dt
import logging
import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from whistle import clock
from whistle.services.debts import Debts
from whistle.services.errors import Slowed

log = logging.getLogger("whistle.limits")

MINUTES = 60
HOURS = 3600
#: Beyond the own share, what all do together may only come to this part of its budget.
SHARED_PART = 0.5
#: A page comes back no later than this: it keeps a form from ending, and its turn may come sooner.
LONGEST_WAIT = 60
#: Instants are sums of fractions.
ROUNDING = 0.001
#: The log is told of refusals no more often.
TELL_EVERY = 10 * MINUTES


@dataclass(frozen=True, slots=True)
class Budget:
    """`count` at once, then at the pace of `count` in `seconds`."""

    count: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Limit:
    """A row: what it counts, the budgets, and why they are so large. None: no end but the others'."""

    name: str
    counts: str
    share: Budget
    client: Budget | None
    channel: Budget | None
    together: Budget | None
    why: str


#: The law of floods. "The hall" is a hundred people behind one address who report within ten minutes.
LIMITS = (
    Limit(
        "begin",
        "a draft begun",
        share=Budget(10, 10 * MINUTES),
        client=Budget(600, HOURS),
        channel=Budget(2400, HOURS),
        together=Budget(7200, HOURS),
        why="the hall may begin six times each; a draft is a row that stays for up to two hours",
    ),
    Limit(
        "answer",
        "a page of the form kept",
        share=Budget(100, 10 * MINUTES),
        client=Budget(4000, HOURS),
        channel=Budget(12_000, HOURS),
        together=Budget(36_000, HOURS),
        why="the hall may keep forty pages each, and a form has eight to twelve; each is a write to the database",
    ),
    Limit(
        "send",
        "a report sent",
        share=Budget(5, 10 * MINUTES),
        client=Budget(200, HOURS),
        channel=Budget(1000, HOURS),
        together=Budget(3600, HOURS),
        why="twice the hall for an address; a channel has room for the hall beside four addresses that flood it",
    ),
    Limit(
        "message",
        "a message of a reporter, or a request",
        share=Budget(10, 10 * MINUTES),
        client=Budget(200, HOURS),
        channel=None,
        together=Budget(3600, HOURS),
        why="as for a report; it needs a receipt code, so a channel is no measure of it",
    ),
    Limit(
        "upload",
        "1 MB of a file sent along, begun ones whole",
        share=Budget(600, HOURS),
        client=Budget(6000, HOURS),
        channel=Budget(12_000, HOURS),
        together=Budget(36_000, HOURS),
        why="a share is one report's ten files of 50 MB and some to spare; the hall's are twelve photos of 5 MB each",
    ),
)

#: Of whom how many tries are remembered, to let others go first: a person mistypes twice, a flood fills it at once.
RANKS = {"track": Budget(30, 10 * MINUTES), "sign_in": Budget(30, 10 * MINUTES)}

BY_NAME = {row.name: row for row in LIMITS}
#: What a refusal is counted as, for the log.
REFUSALS = (*BY_NAME, *RANKS)

#: This process's table, and that of all it forks: made when this is read, before a server forks.
_debts = Debts()


def begin_anew() -> None:
    """Forget everything."""
    _debts.wipe()


class Charge:
    """What an act was counted as, of which what did not come of it can be given back. Used by one thread."""

    def __init__(self, day: dt.date, cost: int, charged: Iterable["_Charged"]) -> None:
        self._day = day
        self._left = cost
        self._charged = tuple(charged)

    def give_back(self, cost: int, now: Callable[[], float] = time.monotonic) -> None:
        """Count so much of it as not done; never more than was counted, nor what was forgotten of it meanwhile.

        On another day all was forgotten, and what is known under the same names is of other acts.
        """
        left = max(0, self._left - max(0, cost))
        today, at = clock.today(), now()
        with _debts.locked(today) as debts:
            if today == self._day:
                self._charged = tuple(one.lessened(debts, self._left, left, at) for one in self._charged)
        self._left = left


def take(
    kind: str, client: str, channel: str = "", cost: int = 1, now: Callable[[], float] = time.monotonic
) -> Charge:
    """Count an act of a client before it is done; raises Slowed, and counts nothing, where it has to wait.

    `channel` names the thing the act goes to, `client` is of `web/clients.py` and may be ''.
    """
    row, at, today, charged = BY_NAME[kind], now(), clock.today(), list[_Charged]()
    with _debts.locked(today) as debts:
        share = _Account(debts, f"{kind} share {client}", row.share, cost, at) if client else None
        is_small = share is not None and not share.wait()
        own = [share] if is_small and share is not None else []
        bound = [
            _Account(debts, f"{kind} {what} {name}", budget, cost, at, part)
            for what, name, budget, part in (
                ("client", client, row.client, 1.0),
                ("channel", "" if is_small else channel, row.channel, 1.0),
                ("together", "all", row.together, 1.0 if is_small else SHARED_PART),
            )
            if name and budget is not None
        ]
        wait = max((account.wait() for account in bound), default=0.0)
        told = None
        if wait > 0:
            told = debts.count_refused(REFUSALS.index(kind), at, TELL_EVERY)
        else:
            charged = [account.charge() for account in own + bound]
    if told is not None:
        _tell(told)
    if wait > 0:
        raise Slowed(min(LONGEST_WAIT, math.ceil(wait)))
    return Charge(today, cost, charged)


def rank(kind: str, client: str, now: Callable[[], float] = time.monotonic) -> int:
    """Count a try before a slow hash; how many this client made of late, as its place in the line."""
    if not client:
        return 0
    with _debts.locked(clock.today()) as debts:
        account = _Account(debts, f"{kind} tries {client}", RANKS[kind], 1, now())
        tries = round(account.debt)
        if not account.wait():
            account.charge()
        return tries


def count_refused(kind: str, now: Callable[[], float] = time.monotonic) -> None:
    """Count that a line was full, for the log."""
    with _debts.locked(clock.today()) as debts:
        told = debts.count_refused(REFUSALS.index(kind), now(), TELL_EVERY)
    if told is not None:
        _tell(told)


def _tell(counts: list[int]) -> None:
    """A line for whoever keeps the server: how many were asked to wait since the last one, and of nobody who."""
    words = ", ".join(f"{name} {count}" for name, count in zip(REFUSALS, counts, strict=False) if count)
    log.warning("asked to wait since last told: %s", words)


@dataclass(frozen=True, slots=True)
class _Charged:
    """One act in one account: when it will be forgotten, and what one costs, up to how many, in seconds."""

    name: str
    until: float
    pace: float
    most: float

    def lessened(self, debts: Debts, cost: int, left: int, now: float) -> "_Charged":
        """Let only `left` of the `cost` be counted. Within `locked`.

        Older debts melt first: of this one, what is before `until` is still there. It is taken from the account as it
        is by now, to which others may have added, and which may have given way to others' in the table.
        """
        seconds = min((min(cost, self.most) - min(left, self.most)) * self.pace, self.until - now)
        kept = debts.forgotten_at(self.name)
        if seconds <= 0 or kept <= now:
            return self
        debts.keep(self.name, max(now, kept - seconds))
        return replace(self, until=self.until - seconds)


class _Account:
    """A name's debt under a budget, and what an act would add to it. `part` of the budget may be used."""

    def __init__(
        self, debts: Debts, name: str, budget: Budget, cost: int, now: float, part: float = 1.0
    ) -> None:
        self._debts, self._name, self._now = debts, name, now
        self._pace = budget.seconds / budget.count
        self._most = budget.count * part
        self._cost = min(cost, self._most)  # what is larger than a budget waits for the whole of it
        self.debt = max(0.0, debts.forgotten_at(name) - now) / self._pace

    def wait(self) -> float:
        """How many seconds until there is room for the act; 0 where there is now."""
        seconds = (self.debt + self._cost - self._most) * self._pace
        return seconds if seconds > ROUNDING else 0.0

    def charge(self) -> _Charged:
        until = self._now + (self.debt + self._cost) * self._pace
        self._debts.keep(self._name, until)
        return _Charged(self._name, until, self._pace, self._most)
