"""Logs that tell on nobody: no address, no path, no words of an error, only its class and the place in the code.

Gunicorn would write a caller's address with a malformed request, Flask and it the path of a failed one, and an error's
own text may hold content.
"""

import logging
import time
import traceback
from collections.abc import Callable

from whistle.config import ConfigError

#: Refused requests are told of no more often, in seconds: a stranger makes them at no cost.
TELL_EVERY = 60.0

#: The name gunicorn logs its errors by.
GUNICORN = "gunicorn.error"


def describe(error: BaseException) -> str:
    """The class of an error and where in our code it arose: no message, argument or address, they may hold content."""
    if isinstance(error, ConfigError):
        return str(error)  # made of a variable's name and its fault alone
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/whistle/" in frame.filename] or list(frames)
    where = f" at {_short(ours[-1].filename)}:{ours[-1].lineno} in {ours[-1].name}" if ours else ""
    return f"{type(error).__module__}.{type(error).__qualname__}{where}"


def _short(filename: str) -> str:
    return filename[filename.rfind("/whistle/") + 1 :]


class QuietFilter(logging.Filter):
    """Rewrites every record that carries an exception, and every warning about a request; drops who went away.

    Of refused requests it tells once a minute, and how many there were since.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._now = now
        #: When refused requests may be told of again, and how many were not. A count that two threads miss is no harm.
        self._again_at, self._untold = 0.0, 0

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, TimeoutError) and record.name == GUNICORN:
            return False  # somebody stopped taking the answer, which is no fault of ours
        if error is not None:
            self._rewrite(record, f"failed: {describe(error)}")
        elif record.levelno >= logging.WARNING and "request" in record.getMessage().lower():
            return self._tell_refused(record)
        return True

    def _tell_refused(self, record: logging.LogRecord) -> bool:
        if self._now() < self._again_at:
            self._untold += 1
            return False
        more = f", and {self._untold} more since last told" if self._untold else ""
        self._again_at, self._untold = self._now() + TELL_EVERY, 0
        self._rewrite(record, f"a request was refused before it reached a page{more}")
        return True

    def _rewrite(self, record: logging.LogRecord, words: str) -> None:
        record.msg, record.args = words, None
        record.exc_info = record.exc_text = record.stack_info = None
