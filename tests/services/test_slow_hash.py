"""The slow hashes run in few slots with a short line, so a flood costs its makers waiting and nobody else a page."""

import runpy
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.builders import Office
from tests.crowds import full
from tests.people import PASSWORD, Town
from whistle.config import ROOT
from whistle.services import accounts, sessions, slow_hash
from whistle.services.errors import Crowded, Invalid
from whistle.store.people import SignInTries
from whistle.vault import passwords

SALT = b"s" * 16


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hash at its real length, without its memory."""
    monkeypatch.setattr(passwords, "derive", lambda password, salt: time.sleep(0.16))


def test_a_burst_of_sign_ins_leaves_the_other_pages_their_threads(slow: None) -> None:
    with ThreadPoolExecutor(8) as threads:
        burst = [threads.submit(slow_hash.of_password, "x", SALT) for _ in range(100)]
        start = time.perf_counter()
        waited = threads.submit(lambda: time.perf_counter() - start).result()
        told = [run.exception() for run in burst]
    assert waited < 1
    assert {type(fault) for fault in told} == {type(None), Crowded}
    assert sum(fault is None for fault in told) >= slow_hash.PASSWORDS.places


def test_both_lines_full_leave_a_thread_of_the_server() -> None:
    threads = runpy.run_path(str(ROOT / "gunicorn.conf.py"))["threads"]
    assert slow_hash.PASSWORDS.places + slow_hash.RECEIPTS.places < threads


def test_a_failure_gives_slot_and_place_back() -> None:
    for _ in range(slow_hash.PASSWORDS.places + 1):
        with pytest.raises(ValueError, match="salt"):
            slow_hash.of_password("x", b"")


def test_a_try_that_found_no_slot_is_none(town: Town) -> None:
    with full(slow_hash.PASSWORDS):
        for _ in range(sessions.FREE_TRIES + 2):
            with pytest.raises(Crowded):
                sessions.sign_in("admin", PASSWORD)
    assert not SignInTries.select().where(SignInTries.failures > 0).exists()
    assert sessions.sign_in("admin", PASSWORD)


def test_a_wait_that_was_sat_out_is_not_lost_to_a_crowd(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(sessions.FREE_TRIES + 1):
        with pytest.raises(Invalid):
            sessions.sign_in("admin", "wrong-one")
        town.wait(seconds=2)
    town.wait(seconds=4)
    monkeypatch.setattr(slow_hash.PASSWORDS, "require_room", lambda rank: None)
    with full(slow_hash.PASSWORDS), pytest.raises(Crowded):
        sessions.sign_in("admin", PASSWORD)
    assert sessions.sign_in("admin", PASSWORD)


def test_typing_the_old_password_again_into_a_crowd_is_no_try(town: Town) -> None:
    with full(slow_hash.PASSWORDS):
        for _ in range(sessions.FREE_TRIES + 2):
            with pytest.raises(Crowded):
                accounts.change_password(town["admin"], PASSWORD, "qiezi-7-lundun-fengche-mi")
    assert accounts.change_password(town["admin"], PASSWORD, "qiezi-7-lundun-fengche-mi")


def test_a_flood_of_sign_ins_keeps_no_receipt_code_out(office: Office) -> None:
    filed = office.file()
    with full(slow_hash.PASSWORDS):
        assert office.visit(filed)


def test_a_right_code_opens_as_soon_as_there_is_a_place_however_many_tried(office: Office) -> None:
    filed = office.file()
    with full(slow_hash.RECEIPTS):
        for _ in range(30):
            with pytest.raises(Crowded):
                office.visit(filed)
    assert office.visit(filed)
