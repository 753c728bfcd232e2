"""A form is listened to before its request takes one of the few places at work."""

import io
import queue
import threading

import pytest

from whistle.services import slow_hash
from whistle.web import waiting_room
from whistle.web.clients import CLIENT
from whistle.web.waiting_room import PLACES, WaitingRoom


class Slow(io.RawIOBase):
    """A body that stops after its first half until it may go on."""

    def __init__(self):
        self.go_on = threading.Event()

    def read(self, size=-1):
        self.go_on.wait(10)
        return b"x" * size


def program(seen):
    def run(environ, start_response):
        seen.append(environ["wsgi.input"].read())
        start_response("200 OK", [])
        return [b""]

    return run


def call(room, body, length):
    return room({"CONTENT_LENGTH": length, "wsgi.input": body}, lambda *_: None)


def test_who_sends_slowly_takes_no_place_meanwhile():
    seen, slow = [], Slow()
    room = WaitingRoom(program(seen), longest=10, places=1)
    waiting = threading.Thread(target=call, args=(room, slow, "4"))
    waiting.start()
    call(room, io.BytesIO(b"quick"), "5")
    assert seen == [b"quick"]
    slow.go_on.set()
    waiting.join(10)
    assert seen == [b"quick", b"xxxx"]


def test_only_so_many_are_worked_on_at_once():
    at_work, most, lock = [], [], threading.Lock()

    def run(environ, start_response):
        with lock:
            at_work.append(1)
            most.append(len(at_work))
        threading.Event().wait(0.02)
        with lock:
            at_work.pop()
        return []

    room = WaitingRoom(run, longest=10, places=2)
    threads = [threading.Thread(target=call, args=(room, io.BytesIO(), "")) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(most) == 8
    assert max(most) == 2


def test_what_is_too_long_for_the_memory_is_left_to_the_program():
    seen = []
    body = io.BytesIO(b"x" * 11)
    call(WaitingRoom(lambda environ, _: seen.append(environ["wsgi.input"]) or [], longest=10), body, "11")
    assert seen == [body]


def test_a_length_that_is_no_number_is_left_to_the_program():
    seen = []
    for length in ("", "-1", "ten", "²"):
        call(WaitingRoom(program(seen), longest=10), io.BytesIO(b""), length)
    assert seen == [b""] * 4


def test_a_place_is_free_again_after_a_fault():
    def fail(environ, start_response):
        raise ValueError("a fault")

    room = WaitingRoom(fail, longest=10, places=1)

    def try_it():
        with pytest.raises(ValueError, match="a fault"):
            call(room, io.BytesIO(), "")

    try_it()
    again = threading.Thread(target=try_it, daemon=True)
    again.start()
    again.join(10)
    assert not again.is_alive()


def test_a_proxy_that_does_not_say_for_whom_is_told_of_once(caplog, monkeypatch):
    monkeypatch.setattr(waiting_room.log, "disabled", False)  # as other programs' logging leaves it
    room = WaitingRoom(lambda environ, _: [environ[CLIENT].encode()], longest=10, proxies=1)

    def ask(**more):
        return room({"REQUEST_METHOD": "POST", "wsgi.input": io.BytesIO(), **more}, lambda *_: None)

    assert ask(HTTP_X_FORWARDED_FOR="203.0.113.9") == [b"203.0.113.9"]
    assert not caplog.messages
    assert ask() == ask() == [b""]
    assert len(caplog.messages) == 1


def test_slow_hashes_never_take_every_place():
    assert sum(line.places for line in (slow_hash.PASSWORDS, slow_hash.RECEIPTS)) < PLACES


def upload(room, body):
    form = {"CONTENT_LENGTH": "99", "CONTENT_TYPE": "multipart/form-data; boundary=b", "wsgi.input": body}
    return room(form, lambda *_: None)


def test_an_upload_takes_no_place_of_a_page():
    seen, slow = [], Slow()
    room = WaitingRoom(program(seen), longest=10, places=1)
    coming = threading.Thread(target=upload, args=(room, slow))
    coming.start()
    call(room, io.BytesIO(b"quick"), "5")
    assert seen == [b"quick"]
    slow.go_on.set()
    coming.join(10)


def test_where_too_many_files_come_in_at_once_the_next_is_told_and_not_left_waiting(monkeypatch):
    monkeypatch.setattr(waiting_room, "FILE_PATIENCE", 0.01)
    told, slow = [], Slow()

    def run(environ, start_response):
        told.append(waiting_room.NO_PLACE in environ)
        environ["wsgi.input"].read()
        return []

    room = WaitingRoom(run, longest=10, places=1, file_places=1)
    coming = threading.Thread(target=upload, args=(room, slow))
    coming.start()
    while not told:
        threading.Event().wait(0.01)
    upload(room, io.BytesIO(b"x"))
    assert told == [False, True]
    slow.go_on.set()
    coming.join(10)


def test_one_client_leaves_places_for_the_files_of_others(monkeypatch):
    monkeypatch.setattr(waiting_room, "FILE_PATIENCE", 0.01)
    places = waiting_room.FilePlaces(12)
    assert [places.take("flood") for _ in range(10)] == [True] * 8 + [False] * 2
    assert [places.take(f"client {n}") for n in range(5)] == [True] * 4 + [False]
    places.give_back("flood")
    assert places.take("another")


def test_few_wait_for_a_place_for_files_so_that_threads_are_left_for_pages(monkeypatch):
    """Who waits holds a thread, and is no listener who could be cut off: a flood had them all for twenty seconds."""
    monkeypatch.setattr(waiting_room, "FILE_PATIENCE", 10.0)
    places, told = waiting_room.FilePlaces(12), queue.SimpleQueue()
    assert all(places.take("flood") for _ in range(8))
    crowd = [threading.Thread(target=lambda: told.put(places.take("flood")), daemon=True) for _ in range(40)]
    for one in crowd:
        one.start()
    assert [told.get(timeout=5) for _ in range(24)] == [False] * 24, "sent away at once"
    assert told.empty(), "the others wait"
    for _ in range(16):
        places.give_back("flood")
    assert [told.get(timeout=5) for _ in range(16)] == [True] * 16
