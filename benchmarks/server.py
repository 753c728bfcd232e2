"""A gunicorn as production starts it, on a port of its own; what its processes spend is read from /proc."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from whistle.config import ROOT

START_SECONDS = 60
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its port, and the process above its workers."""

    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """What all its processes have spent so far in user and kernel, those that ended included."""
        return sum(_ticks(pid) for pid in self.processes()) / TICKS

    def processes(self) -> list[int]:
        """The process above, then its workers."""
        return [self.pid, *_children(self.pid)]

    def resident_mb(self) -> float:
        """What the workers hold in memory now, added up; what they share is counted once for each."""
        return sum(_status_kb(pid, "VmRSS") for pid in _children(self.pid)) / 1024


@contextmanager
def serving(program: str, port: int, **environment: str) -> Iterator[Server]:
    """The server of a WSGI program with the product's own settings of gunicorn, until the block ends."""
    command = [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "gunicorn.conf.py")]
    process = subprocess.Popen(
        [*command, "--bind", f"127.0.0.1:{port}", program],
        cwd=ROOT,
        env={**os.environ, **environment},
        process_group=0,
    )
    try:
        _wait(process, port)
        yield Server(port, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"the server on port {port} did not start")


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _ticks(pid: int) -> int:
    """utime, stime, cutime and cstime of proc(5); the name before them may hold anything."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(field) for field in fields[11:15])


def _status_kb(pid: int, name: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))
