"""Turns go round among clients, and a crowd of slow senders is cut off from its greatest part."""

from contextlib import ExitStack
from dataclasses import dataclass

from whistle.web.crowds import Listening, Turns


def test_one_clients_thousand_requests_are_its_own_queue() -> None:
    turns: Turns[str] = Turns()
    for number in range(1000):
        turns.put("flood", f"flood {number}")
    assert [turns.take()[1] for _ in range(3)] == ["flood 0", "flood 1", "flood 2"]
    turns.put("somebody", "a page")
    turns.put("another", "a page")
    assert [turns.take() for _ in range(3)] == [
        ("somebody", "a page"),
        ("another", "a page"),
        ("flood", "flood 3"),
    ]


def test_clients_with_as_many_under_way_take_turns() -> None:
    turns: Turns[int] = Turns()
    for number in range(4):
        turns.put("a", number)
        turns.put("b", number)
    order = []
    for _ in range(8):
        client, number = turns.take()
        order.append((client, number))
        turns.done(client)
    assert order == [(client, number) for number in range(4) for client in "ab"]
    assert not turns._under_way


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
