"""Few slots and a short line: who asked least of late goes first, and nobody is lost in it."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from whistle.services.errors import Crowded
from whistle.services.lines import Line


def standing(line: Line, order: list[str], name: str, rank: int) -> threading.Thread:
    """Somebody who takes a place in the line and says so when the turn has come."""

    def run() -> None:
        try:
            with line.turn(rank):
                order.append(name)
        except Crowded:
            order.append(f"{name} sent away")

    before, thread = list(line._waiting), threading.Thread(target=run)
    thread.start()
    while line._waiting == before:
        time.sleep(0.001)
    return thread


def test_one_in_the_line_gets_the_slot_that_comes_free() -> None:
    line, order = Line(slots=1, waiting=1, seconds=5), []
    with line.turn():
        second = standing(line, order, "second", 0)
        order.append("first")
        with pytest.raises(Crowded):
            line.require_room()
        with pytest.raises(Crowded), line.turn():
            pass
    second.join(10)
    assert order == ["first", "second"]


def test_who_asked_least_goes_first_and_equals_as_they_came() -> None:
    line, order = Line(slots=1), []
    with line.turn():
        waiting = [standing(line, order, *who) for who in [("flood", 9), ("a", 0), ("again", 1), ("b", 0)]]
    for thread in waiting:
        thread.join(10)
    assert order == ["a", "b", "again", "flood"]


def test_who_asked_least_takes_the_last_place_of_a_full_line() -> None:
    line, order = Line(slots=1, waiting=1, seconds=5), []
    with line.turn():
        flood = standing(line, order, "flood", 9)
        line.require_room(0)
        first = standing(line, order, "first", 0)
        flood.join(10)
        assert order == ["flood sent away"]
    first.join(10)
    assert order == ["flood sent away", "first"]


def test_who_waits_too_long_is_sent_away_and_leaves_no_gap() -> None:
    line = Line(slots=1, waiting=1, seconds=0.05)
    with line.turn(), pytest.raises(Crowded), line.turn():
        pass
    with line.turn():
        assert not line._free
    assert line._free == 1


def test_no_slot_is_lost_in_a_great_throng() -> None:
    """Turns, time-outs and displacements at once: afterwards every slot is free and nobody is left standing."""
    line = Line(slots=2, waiting=2, seconds=0.01)

    def come(number: int) -> bool:
        try:
            with line.turn(number % 7):
                time.sleep(0.004)
        except Crowded:
            return False
        return True

    with ThreadPoolExecutor(12) as threads:
        served = sum(threads.map(come, range(300)))
    assert served > 2
    assert (line._free, line._waiting) == (2, [])
