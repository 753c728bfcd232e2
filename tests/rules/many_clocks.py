"""`make clocks N=1000000`: tells random histories of so many acts, reckons their clocks twice, and compares.

The second reckoning is `slow_clocks`. A history is told by its number alone, so that one which differs can be told
again: `python -m tests.rules.many_clocks --show NUMBER`.
"""

import argparse
import multiprocessing
import random
import sys
import time
from collections import Counter

from tests.rules.slow_clocks import slow_clocks
from tests.rules.tellings import tell
from whistle.rules.clocks import CaseFacts, ClockState, Event, clocks_of
from whistle.rules.workdays import Calendar

LONGEST = 60
#: Histories a process takes at once.
SHARE = 40
CALENDAR = Calendar()


def history(number: int) -> tuple[list[Event], CaseFacts]:
    """The history of this number, always the same."""
    rng = random.Random(number)
    return tell(rng, rng.randint(1, LONGEST))


def differences(events: list[Event], facts: CaseFacts) -> tuple[list[ClockState], list[ClockState]]:
    """Clocks that only the product has, and those that only the slow reckoning has."""
    fast, slow = Counter(clocks_of(events, facts, CALENDAR)), Counter(slow_clocks(events, facts, CALENDAR))
    return list((fast - slow).elements()), list((slow - fast).elements())


def _share(first: int) -> tuple[int, int, list[int]]:
    """Acts and clocks of a share of histories, and the numbers of those that differ."""
    acts = clocks = 0
    differing = []
    for number in range(first, first + SHARE):
        events, facts = history(number)
        acts += len(events)
        clocks += len(clocks_of(events, facts, CALENDAR))
        if any(differences(events, facts)):
            differing.append(number)
    return acts, clocks, differing


def _show(number: int) -> None:
    events, facts = history(number)
    print(facts)
    for place, event in enumerate(events):
        way = f"{event.from_state} → {event.to_state}"
        print(
            f"{place:3} {event.day} {event.action}: {way} {event.report or ''} {event.by_kind} {dict(event.facts)}"
        )
    for name, clocks in zip(
        ("the product alone", "the slow reckoning alone"), differences(events, facts), strict=True
    ):
        print(name, *clocks, sep="\n    ")


def main(wanted: int, first: int) -> int:
    """Compare until so many acts were told; 1 where a history differs."""
    acts = clocks = told = 0
    begun = time.monotonic()
    with multiprocessing.get_context("spawn").Pool() as pool:
        for found, started, differing in pool.imap(_share, _numbers(first, wanted)):
            acts, clocks, told = acts + found, clocks + started, told + SHARE
            if differing:
                print(
                    f"history {differing[0]} differs: python -m tests.rules.many_clocks --show {differing[0]}"
                )
                pool.terminate()
                return 1
            if sys.stderr.isatty():
                print(f"\r{acts:,} acts", end="", file=sys.stderr)
            if acts >= wanted:
                pool.terminate()
                break
    minutes = (time.monotonic() - begun) / 60
    print(
        f"{acts:,} acts in {told:,} histories, {clocks:,} clocks reckoned twice: no difference ({minutes:.1f} minutes)"
    )
    return 0


def _numbers(first: int, wanted: int) -> range:
    """Where each share begins; more of them than are needed, since a history has at least one act."""
    return range(first, first + wanted + SHARE, SHARE)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("acts", type=int, nargs="?", default=20_000)
    parser.add_argument("--first", type=int, default=0, help="the number of the first history")
    parser.add_argument("--show", type=int, help="tell this history and what differs in it")
    asked = parser.parse_args()
    if asked.show is not None:
        _show(asked.show)
    else:
        sys.exit(main(asked.acts, asked.first))
