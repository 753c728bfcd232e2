"""The server's own log: nothing of a caller or of what was asked for comes through."""

import logging
import sys

import pytest

from whistle.web.quiet_log import QuietFilter


def _said(level, message, *args, error=None):
    record = logging.LogRecord("gunicorn.error", level, __file__, 1, message, args, error)
    assert QuietFilter().filter(record)
    return logging.Formatter().format(record)


@pytest.mark.parametrize(
    "message",
    [
        "Invalid request from ip=203.0.113.9: Invalid HTTP request line: 'GET /r/abc'",
        "Error handling request /r/abc",
    ],
)
def test_a_refused_request_is_only_a_refused_request(message):
    said = _said(logging.WARNING, message)
    assert "203.0.113.9" not in said
    assert "/r/" not in said
    assert "refused" in said


def test_a_flood_of_refused_requests_is_a_line_a_minute():
    """A stranger wrote a line of the log with each few bytes, and could fill a disk with them."""
    now, quiet = [1000.0], QuietFilter(lambda: now[0])

    def said():
        record = logging.LogRecord(
            "gunicorn.error", logging.WARNING, __file__, 1, "Invalid request", (), None
        )
        return logging.Formatter().format(record) if quiet.filter(record) else None

    assert [said() is not None for _ in range(1000)] == [True] + [False] * 999
    now[0] += 61
    assert "999" in said()
    now[0] += 61
    assert "999" not in said()


def test_an_error_is_its_class_and_place():
    try:
        raise ValueError("清源区的秘密")
    except ValueError:
        said = _said(logging.ERROR, "Error handling request %s", "/r/abc", error=sys.exc_info())
    assert "ValueError" in said
    assert "test_quiet_log.py" in said
    assert "秘密" not in said
    assert "/r/" not in said
    assert "\n" not in said


def test_somebody_who_stopped_taking_the_answer_is_no_fault_of_ours():
    gone = (TimeoutError, TimeoutError("110"), None)
    record = logging.LogRecord("gunicorn.error", logging.ERROR, __file__, 1, "Socket error", None, gone)
    assert not QuietFilter().filter(record)
    record.name = "whistle"
    assert QuietFilter().filter(record), "one of our own is told"


def test_starting_and_stopping_is_told_as_it_is():
    assert _said(logging.INFO, "Listening at: %s (%s)", "http://127.0.0.1:8000", 7).endswith("(7)")
