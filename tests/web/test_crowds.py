"""Turns go round among clients, and a crowd of slow senders is cut off from its greatest part."""

from contextlib import ExitStack
from dataclasses import dataclass

from whistle.web.crowds import Listening, Turns


def test_one_clients_thousand_requests_are_its_own_queue() -> None:
    turns: Turns[str] = Turns()
    for number in range(1000):
        turns.put("flood", f"flood {number}")
    assert turns.take() == ("flood", "flood 0")
    turns.put("somebody", "a page")
    turns.put("another", "a page")
    assert [turns.take() for _ in range(3)] == [
        ("somebody", "a page"),
        ("another", "a page"),
        ("flood", "flood 1"),
    ]


def test_a_hall_is_not_kept_waiting_by_those_who_always_come_singly(monkeypatch) -> None:
    """Each of the singles comes for the first time, ten from one address have come before: they get their turn."""
    passed = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: passed[0])
    turns: Turns[int] = Turns()
    for number in range(10):
        turns.put("hall", number)
    served = []
    for number in range(40):
        passed[0] += 0.05
        turns.put(f"single {number}", number)
        client, _thing = turns.take()
        turns.done(client)
        served.append(client)
    assert served.count("hall") == 10


def test_nothing_is_remembered_of_who_has_gone() -> None:
    turns: Turns[int] = Turns()
    turns.put("a", 1)
    turns.done(turns.take()[0])
    assert not turns._here._count


@dataclass
class Slow:
    """Somebody who sends slowly."""

    client: str
    began_at: float
    is_cut_off: bool = False

    def end(self) -> None:
        self.is_cut_off = True


def test_where_there_is_no_crowd_nobody_is_cut_off() -> None:
    listening, hall = Listening(most=100), [Slow("hall", n) for n in range(100)]
    with ExitStack() as stack:
        for sender in hall:
            stack.enter_context(listening.to(sender))
        assert not any(sender.is_cut_off for sender in hall)


def test_the_longest_of_the_client_with_the_most_makes_room() -> None:
    listening = Listening(most=4)
    one, flood = Slow("one", 1), [Slow("flood", n) for n in range(2, 6)]
    with ExitStack() as stack:
        for sender in (one, *flood):
            stack.enter_context(listening.to(sender))
        assert [sender.is_cut_off for sender in (one, *flood)] == [False, True, False, False, False]
        stack.enter_context(listening.to(Slow("two", 6)))
        assert [sender.is_cut_off for sender in (one, *flood)] == [False, True, True, False, False]
    assert not listening._senders
