"""What the workers hold in memory: idle, while reports come in, and while four files of 50 MB stream."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from benchmarks import reporter
from benchmarks.instance import Instance
from benchmarks.server import Server, serving

SAMPLE_SECONDS = 0.02
REPORTS, CROWD = 48, 8
FILES, FILE_BYTES = 4, 50_000_000


def measure(instance: Instance, port: int) -> dict[str, Any]:
    """Megabytes of both workers together, of a server of its own; the greatest of many samples.

    Whoever sends a file also sends a report, whose slow hash needs memory: so the same crowd comes without files first.
    """
    with serving("wsgi:app", port, WHISTLE_INSTANCE=str(instance.folder)) as server:
        reporter.report(port, instance.token)
        found: dict[str, Any] = {"idle_mb": server.resident_mb()}
        found["before_files_mb"] = _greatest(server, instance.token, FILES, FILES)
        stored = _stored(instance)
        found["files_mb"] = _greatest(server, instance.token, FILES, FILES, file_bytes=FILE_BYTES)
        found["stored_mb"] = (_stored(instance) - stored) / 1e6
        found["reports_mb"] = _greatest(server, instance.token, CROWD, REPORTS)
        return found


def _stored(instance: Instance) -> int:
    return sum(path.stat().st_size for path in (instance.folder / "attachments").rglob("*") if path.is_file())


def _greatest(server: Server, token: str, crowd: int, count: int, *, file_bytes: int = 0) -> float:
    """The most that was held while so many reports were sent by a crowd."""
    over, most = threading.Event(), [server.resident_mb()]

    def sample() -> None:
        while not over.wait(SAMPLE_SECONDS):
            most.append(server.resident_mb())

    watcher = threading.Thread(target=sample)
    watcher.start()
    try:
        with ThreadPoolExecutor(crowd) as people:
            list(
                people.map(lambda _: reporter.report(server.port, token, file_bytes=file_bytes), range(count))
            )
    finally:
        over.set()
        watcher.join()
    return max(most)
