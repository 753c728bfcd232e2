"""Who was asked to wait and did: a mark on the waiting page, good for the same code alone, that says since when.

Whoever shares an address with a flood is ranked like it; having waited goes before that. A flood that waits too has to
send each code twice, seconds apart.
"""

import hashlib
import time

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

#: Beyond this a mark says nothing; the wait is two to four seconds, many times over if need be.
LONGEST = 600
FIELD = "waited"


def mark(code: str) -> str:
    """The mark for a page that sends this code again: the one it came with, or a fresh one."""
    carried = request.form.get(FIELD, "")
    return carried if _since(code, carried) is not None else str(_signer().dumps(_digest(code)))


def seconds(code: str) -> int:
    """How long ago the one who sends this code was first asked to wait; 0 where that was never so."""
    return _since(code, request.form.get(FIELD, "")) or 0


def _since(code: str, carried: str) -> int | None:
    try:
        digest, made_at = _signer().loads(carried, max_age=LONGEST, return_timestamp=True)
    except BadSignature:
        return None
    if digest != _digest(code):
        return None
    return max(0, int(time.time() - made_at.timestamp()))


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt=FIELD)


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode("utf-8", "surrogatepass")).hexdigest()
