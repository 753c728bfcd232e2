"""A file on its way into the real server: looked at in the middle, killed there, and swept away."""

import http.cookiejar
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import Office
from whistle.config import ROOT
from whistle.store.database import close_all

MARK = b"planted-words-in-a-picture"
PNG = b"\x89PNG\r\n\x1a\n" + MARK * 100_000


#: Makes a process tell of each file that it opens to write, for however short a time; the database's own are opened
#: below Python, and read by their handles.
TELLTALE = """
import os, sys
told = os.open(os.environ["OPENED"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
def note(event, args):
    if event == "open" and not isinstance(args[0], int) and args[2] & (os.O_WRONLY | os.O_RDWR):
        os.write(told, os.fsencode(args[0]) + b"\\n")
sys.addaudithook(note)
"""


class Server:
    """The program as it is served, on the trial office's database."""

    def __init__(self, office_url: str, instance: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        kept = {name: value for name, value in os.environ.items() if not name.startswith("WHISTLE_")}
        self.environ = kept | {
            "WHISTLE_DATABASE_URL": office_url,
            "WHISTLE_INSTANCE": str(instance),
            "TMPDIR": str(instance.parent / "tmp"),
            "OPENED": str(instance.parent / "opened"),
            "PYTHONPATH": str(instance.parent / "watch"),
        }
        (instance.parent / "tmp").mkdir()
        (instance.parent / "watch").mkdir()
        (instance.parent / "watch" / "sitecustomize.py").write_text(TELLTALE)
        command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py"]
        self.process = subprocess.Popen(
            [*command, "--bind", f"127.0.0.1:{self.port}", "wsgi:app"],
            cwd=ROOT,
            env=self.environ,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    break
            time.sleep(0.1)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def kill(self) -> None:
        """As a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def pids(self) -> list[int]:
        said = subprocess.run(
            ["ps", "-o", "pid=", "-g", str(self.process.pid)], capture_output=True, text=True, check=True
        )
        return [int(line) for line in said.stdout.split()]

    def whistle(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "whistle.cli", *arguments],
            cwd=ROOT,
            env=self.environ,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout


@pytest.fixture
def server(office: Office, office_url: str, tmp_path: Path) -> Iterator[Server]:
    close_all()
    started = Server(office_url, tmp_path / "instance")
    yield started
    if started.process.poll() is None:
        started.kill()


def half_an_upload(server: Server, token: str) -> socket.socket:
    """Begin a report, and send half of a picture."""
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(jar)
    )
    page = browser.open(f"{server.address}/r/{token}").read().decode()
    browser.open(f"{server.address}/r/{token}", urllib.parse.urlencode({"csrf_token": csrf(page)}).encode())
    page = browser.open(f"{server.address}/r/{token}/files").read().decode()
    body = b"--b\r\nContent-Disposition: form-data; name=csrf_token\r\n\r\n" + csrf(page).encode()
    body += b"\r\n--b\r\nContent-Disposition: form-data; name=files; filename=a.png\r\n\r\n" + PNG
    head = f"POST /r/{token}/files HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {2 * len(body)}\r\n"
    head += "Content-Type: multipart/form-data; boundary=b\r\nCookie: "
    head += "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar) + "\r\n\r\n"
    sock = socket.create_connection(("127.0.0.1", server.port))
    sock.sendall(head.encode() + body)
    return sock


def csrf(page: str) -> str:
    found = re.search(r'name="csrf_token" type="hidden" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def coming_in(instance: Path) -> list[Path]:
    return [path for path in instance.rglob("*.part") if path.stat().st_size > len(PNG) // 2]


def opened_to_write(folder: Path) -> list[Path]:
    """Every file that the server's processes opened to write so far, but for a worker's sign of life."""
    opened = [Path(line) for line in (folder / "opened").read_text().splitlines()]
    return [path for path in opened if not path.name.startswith("wgunicorn-")]


def test_what_comes_in_is_in_no_file_in_clear_and_a_kill_leaves_nothing_that_opens(
    server: Server, office: Office, tmp_path: Path
) -> None:
    before = opened_to_write(tmp_path)
    assert before, "it tells what it opens"
    with half_an_upload(server, office.token):
        deadline = time.monotonic() + 20
        while not (parts := coming_in(tmp_path / "instance")):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        for pid in server.pids():
            for handle in Path(f"/proc/{pid}/fd").iterdir():  # those that have no name any more, too
                if stat.S_ISREG(handle.stat().st_mode):
                    assert MARK not in handle.read_bytes(), os.readlink(handle)
        others = set(opened_to_write(tmp_path)[len(before) :]) - set(parts)
        assert others == set(), "nothing is written while files come in but the sealed file"
        server.kill()
    assert [path for path in tmp_path.rglob("*") if path.is_file() and MARK in path.read_bytes()] == []
    for part in parts:
        assert written_at(part).endswith("00:00:00"), "the minute would tell when somebody was here"
        os.utime(part, (0, 0))
    assert "1 files, 2." in server.whistle("files", "sweep", "--dry-run")
    assert "1 files deleted" in server.whistle("files", "sweep", "--yes")
    assert coming_in(tmp_path / "instance") == []


def written_at(path: Path) -> str:
    """When a file was last written to, in Shanghai."""
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(path.stat().st_mtime + 8 * 3600))
