"""The figures in words: the table that is printed, and the page `docs/benchmarks.md`."""

from typing import Any

from benchmarks.weight import MOST_BYTES, MOST_REQUESTS
from whistle.config import ROOT

#: What is wanted: server CPU per report as a multiple of the floor, and the front page beside eight reporters.
MOST_OF_FLOOR = 1.5
MOST_FRONT_MS = 100
#: What is wanted of a search through 2,000 granted cases.
MOST_FIND_MS = 200

WALKS = {"text": "1 KB of text", "file": "with a file of 1 MB", "floor": "the floor"}
PAGES = {
    "case_page": "a case with 100 messages",
    "case_messages": "its messages",
    "desk_of_intake": "the desk with 10,000 reports, intake officer",
    "desk_of_deputy": "the same, deputy, all of the line",
}
LOOKS = {
    "case": "a case",
    "related": "what may be related to it",
    "desk": "desk, officer",
    "board": "board, officer",
    "desk_of_deputy": "desk, deputy, all of the line",
    "board_of_deputy": "board, deputy",
}
#: Words that no run writes: what the figures mean, and figures taken by hand.
AROUND = ROOT / "benchmarks" / "around.md"


def share_of_floor(results: dict[str, Any], crowd: str) -> float:
    """Server CPU of a report with text, as a multiple of the floor's with the bare cryptography."""
    at_once = results["reports"][crowd]
    floor = at_once["floor"]["cpu_ms"] + results["sealing"]["cpu_ms"]
    return float(at_once["text"]["cpu_ms"] / floor)


def table(results: dict[str, Any]) -> str:
    """All figures as lines of a table in Markdown, which is also good to read in a shell."""
    parts = [
        ("Reports from the poster to the tracking page", _reports(results)),
        ("Against the floor", _floor(results)),
        ("Pages that grow with the work", _pages(results)),
        ("Work in an office with many cases", _working(results)),
        ("Finding by words inside what is sealed", _finding(results)),
        ("Due days: `whistle deadlines run`", _deadlines(results)),
        ("Memory of both workers", _memory(results)),
        ("First visit of a poster's address", _weight(results)),
        ("Right receipt codes while wrong ones come", _flood(results)),
        ("A hall that reports while fifty networks flood the same channel", _hall(results)),
    ]
    return "\n".join(f"\n### {head}\n\n{_lines(rows)}" for head, rows in parts)


def page(results: dict[str, Any]) -> str:
    """The page for the documentation; a line of `around.md` says where the tables go."""
    about = results["machine"]
    changed = ", with changes" if about["is_changed"] else ""
    taken = (
        f"Taken on {about['date']} at commit `{about['commit']}`{changed}: {about['processors']} × "
        f"{about['processor']}, {about['memory_gb']} GB, {about['system']}, Python {about['python']}, SQLite "
        f"{about['sqlite']}. Load of the machine before and after: {about['load_before']}, {about['load_after']}."
    )
    return AROUND.read_text().replace("{{ figures }}\n", f"{taken}\n{table(results)}\n")


def _lines(rows: list[list[str]]) -> str:
    head, *rest = rows
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *rest))


def _reports(results: dict[str, Any]) -> list[list[str]]:
    return [
        ["at once", "reports/s", "p50 ms", "p95 ms", "request p95 ms", "server CPU ms", "errors"],
        *(
            [
                f"{crowd}, {WALKS[name]}",
                f"{walk['reports_a_second']:.1f}",
                f"{walk['report_p50_ms']:.0f}",
                f"{walk['report_p95_ms']:.0f}",
                f"{walk['request_p95_ms']:.0f}",
                f"{walk['cpu_ms']:.0f}",
                str(walk["errors"]),
            ]
            for crowd, walks in results["reports"].items()
            for name, walk in walks.items()
        ),
    ]


def _floor(results: dict[str, Any]) -> list[list[str]]:
    sealing = results["sealing"]
    rows = [
        ["figure", "measured", "wanted"],
        ["bare cryptography of a report, CPU ms", f"{sealing['cpu_ms']:.0f}", ""],
        ["of it one Argon2id of the receipt, ms", f"{sealing['argon2id_ms']:.0f}", ""],
    ]
    for crowd, walks in results["reports"].items():
        share = f"{share_of_floor(results, crowd):.2f} ×"
        rows.append([f"server CPU against the floor, {crowd} at once", share, f"≤ {MOST_OF_FLOOR} ×"])
        front = walks["text"]["front_page_p95_ms"]
        if front is not None:
            rows.append([f"front page beside {crowd}, p95 ms", f"{front:.0f}", f"≤ {MOST_FRONT_MS}"])
    return rows


def _pages(results: dict[str, Any]) -> list[list[str]]:
    return [
        ["page", "p50 ms", "p95 ms", "queries", "bytes"],
        *(
            [
                PAGES[name],
                *_timed(found),
                f"{found['bytes']:,}",
            ]
            for name, found in results["pages"].items()
        ),
    ]


def _timed(found: dict[str, Any]) -> list[str]:
    return [f"{found['p50_ms']:.0f}", f"{found['p95_ms']:.0f}", str(found["queries"])]


def _finding(results: dict[str, Any]) -> list[list[str]]:
    return [
        [
            "cases",
            "granted",
            "p50 ms",
            "p95 ms",
            "wanted",
            "server CPU ms",
            "queries",
            "rows alone, p95 ms",
        ],
        *(
            [
                f"{int(total):,}",
                f"{office['granted']:,}",
                f"{found['p50_ms']:.0f}",
                f"{found['whole_p95_ms']:.0f}",
                f"≤ {MOST_FIND_MS}",
                f"{found['cpu_ms']:.0f}",
                str(found["queries"]),
                f"{found['bare_p95_ms']:.0f}",
            ]
            for total, office in results["working"].items()
            for found in [office["search"]]
        ),
    ]


def _working(results: dict[str, Any]) -> list[list[str]]:
    return [
        ["cases", "page", "p50 ms", "p95 ms", "queries", "rows alone, p95 ms", "bytes"],
        *(
            [
                f"{int(total):,}",
                LOOKS[name],
                *_timed(found),
                f"{found['bare_p95_ms']:.0f}",
                f"{found['bytes']:,}",
            ]
            for total, office in results["working"].items()
            for name, found in office["pages"].items()
        ),
    ]


def _deadlines(results: dict[str, Any]) -> list[list[str]]:
    return [
        ["clocks", "run", "due days told", "ms", "queries", "rows alone, ms"],
        *(
            [f"{found['clocks']:,}", *row, f"{found['bare_ms']:.1f}"]
            for office in results["working"].values()
            if (found := office["deadlines"]) is not None
            for row in (
                [
                    "the day's first",
                    str(found["turned"]),
                    f"{1000 * found['turned_s']:,.0f}",
                    f"{found['turned_queries']:,}",
                ],
                ["the next one", "0", f"{found['nothing_ms']:.0f}", str(found["nothing_queries"])],
            )
        ),
    ]


def _memory(results: dict[str, Any]) -> list[list[str]]:
    words = {
        "idle_mb": "idle, after the first report",
        "before_files_mb": "most while four report at once without a file",
        "files_mb": "most while four report at once with a file of 50 MB each",
        "stored_mb": "what these files take on the disk, sealed",
        "reports_mb": "most while eight report at once, 48 reports",
    }
    held = results["memory"]
    rows = [[words[name], f"{held[name]:.0f}"] for name in words if held.get(name) is not None]
    return [["moment", "MB"], *rows]


def _weight(results: dict[str, Any]) -> list[list[str]]:
    found = results["weight"]
    return [
        ["figure", "measured", "wanted"],
        ["requests", str(found["requests"]), f"≤ {MOST_REQUESTS}"],
        ["bytes with headers", f"{found['bytes']:,}", f"≤ {MOST_BYTES:,}"],
        ["of them the page itself", f"{found['page_bytes']:,}", ""],
    ]


def _flood(results: dict[str, Any]) -> list[list[str]]:
    return [
        [
            "wrong codes",
            "came a second",
            "hashed",
            "asked to wait",
            "right codes opened",
            "p50 ms",
            "p95 ms",
            "front page p95 ms",
        ],
        *(
            [
                name,
                f"{found['tried_a_second']:.0f}",
                str(found["hashed"]),
                str(found["asked_to_wait"]),
                f"{found['opened']} after {found['opened_after_waits']} waits",
                *("–" if (value := found[key]) is None else f"{value:.0f}" for key in _FLOOD_MS),
            ]
            for name, found in results["flood"].items()
        ),
    ]


_FLOOD_MS = ("opened_p50_ms", "opened_p95_ms", "front_page_p95_ms")


def _hall(results: dict[str, Any]) -> list[list[str]]:
    found = results["hall"]
    return [
        ["figure", "measured"],
        ["people behind one address, ten at once", str(found["people"])],
        ["of them served", str(found["served"])],
        ["all of them, s", f"{found['all_s']:.0f}"],
        ["one report p50, s", f"{found['one_p50_s']:.1f}"],
        ["one report p95, s", f"{found['one_p95_s']:.1f}"],
        ["their pages asked to wait: budget used up", str(found["slowed"])],
        ["their pages asked to wait: database busy", str(found["busy"])],
        ["the flood's reports that were taken", str(found["flood_sent"])],
        ["the flood's pages asked to wait", str(found["flood_slowed"])],
    ]
