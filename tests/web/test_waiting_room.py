"""A form is listened to before its request takes one of the few places at work."""

import io
import queue
import socket
import threading
import time

import pytest
from werkzeug.exceptions import RequestTimeout

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
    held = [places.take("flood") for _ in range(10)]
    assert [place is not None for place in held] == [True] * 8 + [False] * 2
    assert [bool(places.take(f"client {n}")) for n in range(5)] == [True] * 4 + [False]
    places.give_back(held[0])
    assert places.take("another")


def test_few_wait_for_a_place_for_files_so_that_threads_are_left_for_pages(monkeypatch):
    """Who waits holds a thread, and is no listener who could be cut off: a flood had them all for twenty seconds."""
    monkeypatch.setattr(waiting_room, "FILE_PATIENCE", 10.0)
    places, told = waiting_room.FilePlaces(12), queue.SimpleQueue()
    held = [places.take("flood") for _ in range(8)]
    crowd = [threading.Thread(target=lambda: told.put(places.take("flood")), daemon=True) for _ in range(40)]
    for one in crowd:
        one.start()
    assert [told.get(timeout=5) for _ in range(24)] == [None] * 24, "sent away at once"
    assert told.empty(), "the others wait"
    for _ in range(16):
        places.give_back(held.pop(0))
        held.append(told.get(timeout=5))
    assert all(held)


class Flood:
    """Twelve places, and whoever holds them; seconds pass when told to."""

    def __init__(self, monkeypatch):
        self.monkeypatch, self.places, self.told = (
            monkeypatch,
            waiting_room.FilePlaces(12),
            queue.SimpleQueue(),
        )
        self.seconds = 0.0
        now = time.monotonic
        monkeypatch.setattr(waiting_room.time, "monotonic", lambda: now() + self.seconds)
        monkeypatch.setattr(waiting_room, "FILE_PATIENCE", 0.3)
        monkeypatch.setattr(waiting_room, "LOOK_EVERY", 0.01)

    def hold(self, client, count):
        return [self.places.take(client, 500_000_000) for _ in range(count)]

    def wait(self, client):
        """Come for a place, and wait for it in a thread."""
        threading.Thread(target=lambda: self.told.put(self.places.take(client)), daemon=True).start()

    def ended(self, held):
        """Which of them were ended, given back as the thread of each would."""
        deadline = time.perf_counter() + 2
        while self.told.empty() and time.perf_counter() < deadline:
            for place in held:
                if place.is_over and place in self.places._held:
                    self.places.give_back(place)
            threading.Event().wait(0.005)
        return [number for number, place in enumerate(held) if place.is_over]


@pytest.fixture
def flood(monkeypatch):
    return Flood(monkeypatch)


def test_who_has_no_place_ends_the_slow_place_a_crowd_held_longest(flood):
    """Twenty-four connections of two addresses that trickled kept everybody's photos out for a day and a half."""
    held = flood.hold("flood", 8) + flood.hold("another", 4)
    held[0].came = 400_000_000  # quick
    flood.seconds = 61
    flood.wait("newcomer")
    assert flood.ended(held) == [1]
    assert flood.told.get(timeout=2).client == "newcomer"


@pytest.mark.parametrize(
    ("crowds", "seconds", "pace"),
    [
        ({"flood": 8, "another": 4}, 59, 0),
        ({"flood": 8, "another": 4}, 600, 41_000),
        ({f"client {n}": 1 for n in range(12)}, 600, 0),
        ({"newcomer": 1, "flood": 8, "another": 3}, 600, 0),
    ],
    ids=["in its first minute", "quick enough", "nobody holds two", "who waits holds one"],
)
def test_no_place_is_ended(flood, crowds, seconds, pace):
    held = [place for client, count in crowds.items() for place in flood.hold(client, count)]
    flood.seconds = seconds
    for place in held:
        place.came = seconds * pace
    flood.wait("newcomer")
    assert flood.ended(held) == []
    assert flood.told.get(timeout=2) is None


def test_a_form_that_is_here_is_not_ended(flood):
    held = flood.hold("flood", 8) + flood.hold("another", 4)
    for place in held:
        place.came = 500_000_000
    flood.seconds = 1e6
    flood.wait("newcomer")
    assert flood.ended(held) == []


def test_a_crowd_never_ends_the_upload_of_one_person(flood):
    held = flood.hold("one", 1) + flood.hold("flood", 8) + flood.hold("another", 3)
    flood.seconds = 600
    for _ in range(3):
        flood.wait("flood")
    assert flood.ended(held) == []


def test_each_newcomer_ends_one_place_and_a_crowd_of_them_only_one(flood):
    held = flood.hold("flood", 8) + flood.hold("another", 4)
    flood.seconds = 61
    flood.monkeypatch.setattr(waiting_room, "FILE_PATIENCE", 10.0)
    for _ in range(3):
        flood.wait("newcomers")
    assert flood.ended(held) == [0]
    assert flood.told.get(timeout=2).client == "newcomers"
    flood.wait("another newcomer")
    assert flood.ended(held) == [0, 1]


def test_who_has_no_place_waits_in_front_of_a_crowd_that_fills_the_line(flood):
    flood.monkeypatch.setattr(waiting_room, "FILE_PATIENCE", 10.0)
    held = flood.hold("flood", 8) + flood.hold("another", 4)
    for client, count in (("flood", 16), ("another", 8)):
        for _ in range(count):
            flood.wait(client)
    while len(flood.places._waiting) < 24:
        threading.Event().wait(0.005)
    flood.wait("newcomer")
    assert flood.told.get(timeout=2) is None, "the last of the crowd was sent away"
    assert len(flood.places._waiting) == 24
    flood.seconds = 5  # nobody is slow yet; one has sent all
    flood.places.give_back(held.pop())
    assert flood.told.get(timeout=2).client == "newcomer"


def test_who_is_sent_away_is_told_as_slow_and_its_thread_wakes():
    """Nothing came any more, so nothing would have been counted: only the end of the stream wakes the reader."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        theirs = socket.create_connection(server.getsockname())
        ours, _address = server.accept()
    place = waiting_room.FilePlaces(1).take("flood", 99, ours)
    form = waiting_room.FileForm(ours.makefile("rb", 0), place)
    theirs.sendall(b"12345")
    assert (form.read(64), place.came) == (b"12345", 5)
    threading.Timer(0.05, place.end).start()
    with pytest.raises(RequestTimeout):
        form.read(64)
    theirs.sendall(b"more")
    with pytest.raises(RequestTimeout):
        form.read(64)
    ours.sendall(b"told")
    assert theirs.recv(4) == b"told"
    ours.close()
    theirs.close()


def test_a_form_whose_place_is_ended_is_read_no_further(monkeypatch):
    """Through the room: who comes next is served, and the program of the one before hears that it was too slow."""
    monkeypatch.setattr(waiting_room, "SLOW_AFTER", 0.0)
    monkeypatch.setattr(waiting_room, "LOOK_EVERY", 0.01)
    told, slow, begun = [], Slow(), threading.Semaphore(0)

    def run(environ, start_response):
        begun.release()
        try:
            told.append((environ[CLIENT], len(environ["wsgi.input"].read())))
        except RequestTimeout:
            told.append((environ[CLIENT], "slow"))
        return []

    def send(client, body):
        form = {"CONTENT_LENGTH": "99", "CONTENT_TYPE": "multipart/form-data; boundary=b", "wsgi.input": body}
        room(form | {"REMOTE_ADDR": client}, lambda *_: None)

    room = WaitingRoom(run, longest=10, file_places=3)
    senders = [
        threading.Thread(target=send, args=(client, slow), daemon=True)
        for client in ("192.0.2.1", "192.0.2.1", "192.0.2.2")
    ]
    for sender in senders:
        sender.start()
        assert begun.acquire(timeout=5)
    coming = threading.Thread(target=send, args=("192.0.2.3", io.BytesIO(b"x" * 99)))
    coming.start()
    while not any(place.is_over for place in room._file_places._held):
        threading.Event().wait(0.005)
    slow.go_on.set()
    for sender in (*senders, coming):
        sender.join(10)
    assert ("192.0.2.1", "slow") in told
    assert ("192.0.2.3", 99) in told
