"""`whistle serve` as a story: it starts, says where it is, serves, and leaves no process behind however it ends."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from tests.people import NAMES
from whistle.config import ROOT
from whistle.services import setup

#: Never through a proxy that the machine may have been told of.
BROWSER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def whistle(*arguments, **variables):
    """The command in a process of its own, with only these variables of ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WHISTLE_")}
    return subprocess.Popen(
        [sys.executable, "-m", "whistle.cli", *arguments],
        cwd=ROOT,
        env=kept | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def serving(tmp_path):
    """A started server on SQLite and the first lines it printed."""
    port = free_port()
    process = whistle("serve", PORT=str(port), WHISTLE_INSTANCE=str(tmp_path / "instance"))
    printed = [process.stdout.readline() for _ in range(3)]
    yield process, printed, f"http://127.0.0.1:{port}"
    process.kill()
    process.communicate()


def children(pid):
    said = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return [int(line) for line in said.stdout.split()]


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rpartition(")")[2].split()[0] != "Z"


def gone(pids, seconds=25):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and any(map(alive, pids)):
        time.sleep(0.1)
    return not any(map(alive, pids))


def test_it_says_where_it_is_and_prints_one_set_up_link_that_works(serving):
    _process, printed, address = serving
    assert printed[0] == f"Whistle is at {address}\n"
    link = re.search(r"http\S+/setup/\S+", printed[1])[0]
    assert BROWSER.open(link).status == 200
    assert link.startswith(f"{address}/setup/"), "the port it listens on"
    assert BROWSER.open(f"{address}/readyz").read() == b"ok\n"


@pytest.mark.usefixtures("app")
def test_it_prints_the_link_again_until_an_administrator_has_a_password(database_url, tmp_path):
    setup.start_office(setup.first_link(), NAMES, "admin", "秦管理")
    port = free_port()
    own = {"WHISTLE_DATABASE_URL": database_url, "WHISTLE_INSTANCE": str(tmp_path / "instance")}
    process = whistle("serve", PORT=str(port), **own)
    try:
        link = re.search(r"http\S+/setup/\S+", [process.stdout.readline() for _ in range(2)][1])[0]
        assert link.startswith(f"http://127.0.0.1:{port}/")
        assert "设置密码" in BROWSER.open(link).read().decode()
    finally:
        process.terminate()
        process.communicate(timeout=30)


def test_stopped_it_leaves_no_process_behind(serving):
    process, _printed, _address = serving
    started = children(process.pid)
    assert len(started) == 2
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert gone(started)


def test_killed_outright_its_children_end_too(serving):
    process, _printed, _address = serving
    started = children(process.pid)
    process.kill()
    assert gone(started)


def test_when_a_child_ends_by_itself_all_end_and_it_says_so(serving):
    process, _printed, _address = serving
    first, second = children(process.pid)
    os.kill(second, signal.SIGKILL)
    assert process.wait(30) == 1
    assert "ended by itself" in process.stderr.read()
    assert gone([first])


def test_a_taken_port_is_one_line_and_nothing_is_started(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        process = whistle("serve", PORT=port, WHISTLE_INSTANCE=str(tmp_path))
        out, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert err.count("\n") == 1
    assert f"port {port}" in err
    assert out == ""


def test_nothing_of_a_request_is_in_what_the_server_prints(serving):
    process, _printed, address = serving
    with socket.create_connection(address.removeprefix("http://").split(":")) as raw:
        raw.sendall(b"GET /r/geheim-token HTTP/9.9\r\n\r\n")
        raw.recv(1000)
    with pytest.raises(urllib.error.HTTPError):
        BROWSER.open(f"{address}/r/geheim-token/nothing/there")
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=30)
    for forbidden in ("geheim", "/r/", "127.0.0.1 ", "ip="):
        assert forbidden not in out + err


@pytest.mark.parametrize("command", [["-m", "whistle.cli", "doctor"], ["-m", "gunicorn", "wsgi:app"]])
def test_an_office_on_open_http_does_not_start_and_says_in_one_line_what_to_set(town, tmp_path, command):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WHISTLE_")}
    own = {
        "WHISTLE_DATABASE_URL": town.url,
        "WHISTLE_INSTANCE": str(tmp_path / "instance"),
        "WHISTLE_PUBLIC_URL": "http://192.0.2.7",
        "PORT": str(free_port()),
    }
    if "gunicorn" in command:
        command = [*command, "--bind", f"127.0.0.1:{own['PORT']}"]
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=kept | own,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    said = [line for line in done.stderr.splitlines() if "WHISTLE_PUBLIC_URL=https://" in line]
    assert len(said) == 1, done.stderr
    assert "Traceback" not in done.stderr
