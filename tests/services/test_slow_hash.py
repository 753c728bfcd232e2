"""The slow hash runs in few slots, so a flood costs waiting and not memory."""

import threading

import pytest

from whistle.services import slow_hash
from whistle.services.errors import Busy
from whistle.vault import passwords


def test_more_tries_than_slots_are_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow_hash, "WAIT_SECONDS", 0.05)
    slots = threading.BoundedSemaphore(1)
    monkeypatch.setattr(slow_hash, "_slots", slots)
    with slots, pytest.raises(Busy):
        slow_hash.of_password("x", passwords.new_salt())
    assert slow_hash.of_password("x", passwords.new_salt()).verify


def test_a_failure_gives_its_slot_back(monkeypatch: pytest.MonkeyPatch) -> None:
    slots = threading.BoundedSemaphore(1)
    monkeypatch.setattr(slow_hash, "_slots", slots)
    with pytest.raises(ValueError, match="salt"):
        slow_hash.of_password("x", b"")
    assert slots.acquire(blocking=False)
