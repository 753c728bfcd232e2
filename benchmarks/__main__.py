"""Runs all measurements in one go, prints them, and writes `benchmarks/results.json` and `docs/benchmarks.md`."""

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import (
    flood,
    hall,
    instance,
    machine,
    memory,
    pages,
    reports,
    sealing,
    telling,
    weight,
    working,
)
from benchmarks.server import serving
from whistle.config import ROOT

RESULTS = ROOT / "benchmarks" / "results.json"
PAGE = ROOT / "docs" / "benchmarks.md"


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=main.__doc__)
    parser.add_argument("--port", type=int, default=8090, help="this one and the next are used")
    parser.add_argument("--quick", action="store_true", help="few reports, nothing written: does it run?")
    asked = parser.parse_args()
    if asked.quick:
        reports.CROWDS, reports.ROUNDS, flood.SECONDS, hall.PEOPLE = {1: 2, 8: 8}, 1, 2.0, 10
        working.OFFICES, working.TIMES, working.CLOCKS = (200,), 8, 200
    with tempfile.TemporaryDirectory(prefix="whistle-bench-") as folder:
        results = measure(Path(folder), asked.port)
    print(telling.table(results))
    if not asked.quick:
        RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
        PAGE.write_text(telling.page(results))
        print(f"\nWritten: {RESULTS.relative_to(ROOT)}, {PAGE.relative_to(ROOT)}")


def measure(folder: Path, port: int) -> dict[str, Any]:
    """Every figure, each on the server as production starts it."""
    found: dict[str, Any] = {"machine": machine.about()}
    office = instance.make(folder / "office")
    _say("the cryptography of a report")
    before = sealing.measure(office)
    environment = {"WHISTLE_INSTANCE": str(office.folder)}
    floor = serving("benchmarks.floor.app:app", port + 1, FLOOR_DATABASE=str(folder / "floor.db"))
    with serving("wsgi:app", port, **environment) as server, floor as beside:
        _say("the first visit")
        found["weight"] = weight.measure(port, office.token)
        _say("reports, one and eight at once, beside the floor")
        found["reports"] = reports.measure(server, beside, office.token)
    # The machine may have been slower at one time: the lower figure makes the lower floor.
    found["sealing"] = min(before, sealing.measure(office), key=lambda figures: figures["cpu_ms"])
    _say("memory")
    found["memory"] = memory.measure(office, port)
    _say("wrong receipt codes")
    found["flood"] = flood.measure(office, port)
    _say("a hall of a hundred people beside a flood of reports")
    found["hall"] = hall.measure(office, port)
    _say("a case with 100 messages, a desk with 10,000 reports")
    looks = pages.fill(office)
    with serving("wsgi:app", port, **environment) as server:
        found["pages"] = pages.measure(server, office, looks)
    _say("case, desk, board and search in an office of 1,000 cases and in one of 100,000, and its due days")
    found["working"] = working.measure(folder, port)
    found["machine"]["load_after"] = machine.load()
    return found


def _say(what: str) -> None:
    print(f"measuring: {what}", flush=True)


if __name__ == "__main__":
    main()
