"""A reporter's visit: draft, receipt or tracking, sealed under a secret that only the cookie holds.

The row's clear expiry is a whole hour; the exact last act and its end lie inside the seal.
"""

import datetime as dt
from typing import Any

from whistle import clock
from whistle.services import contexts
from whistle.services.errors import NotFound
from whistle.store.attachments import VisitFile
from whistle.store.database import lock_row
from whistle.store.people import ReporterSession
from whistle.store.prepared import Prepared
from whistle.vault import envelope, keys

#: A draft is gone an hour after the last act, a receipt ten minutes after it was made, tracking after 20 idle minutes.
LIFETIMES = {
    "draft": dt.timedelta(hours=1),
    "receipt": dt.timedelta(minutes=10),
    "track": dt.timedelta(minutes=20),
}


def start(kind: str, content: dict[str, Any]) -> str:
    """Keep a new visit; returns the secret for its cookie."""
    secret = keys.token()
    row = ReporterSession(id=row_id(secret), kind=kind, made_on=clock.today())
    _fill(row, secret, content)
    row.save(force_insert=True)
    return secret


def read(secret: str, kind: str) -> dict[str, Any]:
    """A visit's content; raises NotFound when it ended, was never there, or is of another kind."""
    return _opened(secret, kind, _KEPT.first(row_id(secret)))


def read_to_change(secret: str, kind: str) -> dict[str, Any]:
    """The same, and no other request acts on this visit until the transaction ends."""
    return _opened(secret, kind, _LOCKED.first(row_id(secret)))


def _kept(id: str) -> Any:
    return ReporterSession.select().where(ReporterSession.id == id)


_KEPT = Prepared(ReporterSession, _kept)
_LOCKED = Prepared(ReporterSession, lambda id: lock_row(_kept(id)))


def _opened(secret: str, kind: str, row: ReporterSession | None) -> dict[str, Any]:
    if row is None or row.kind != kind:
        raise NotFound("visit")
    content: dict[str, Any] = envelope.open_json_record(
        key_of(secret), row.sealed, contexts.reporter_session(row.id)
    )
    if dt.datetime.fromisoformat(content.pop("until")) <= clock.now():
        raise NotFound("visit")
    return content


def exists(secret: str, kind: str) -> bool:
    """Whether a visit of a kind is there, ended or not."""
    row = _KEPT.first(row_id(secret))
    return row is not None and row.kind == kind


def lock(secret: str) -> None:
    """Let no other request act on this visit until the transaction ends."""
    _LOCKED.first(row_id(secret))


def write(secret: str, kind: str, content: dict[str, Any]) -> None:
    """Replace a visit's content and kind; its time starts anew. Raises NotFound where there is none."""
    row = ReporterSession(id=row_id(secret), kind=kind)
    _fill(row, secret, content)
    changed = {ReporterSession.kind: kind, ReporterSession.sealed: row.sealed}
    changed[ReporterSession.expires_at] = row.expires_at
    if not ReporterSession.update(changed).where(ReporterSession.id == row.id).execute():
        raise NotFound("visit")


def update(secret: str, kind: str, **content: Any) -> dict[str, Any]:
    """Take something in beside the rest of a visit's content, which is returned; its time starts anew.

    Raises NotFound.
    """
    whole = {**read_to_change(secret, kind), **content}
    write(secret, kind, whole)
    return whole


def end(secret: str) -> bool:
    """Delete a visit with the rows of its files; False where it was gone already."""
    return bool(ReporterSession.delete().where(ReporterSession.id == row_id(secret)).execute())


def sweep() -> tuple[int, list[str]]:
    """Delete every visit whose hour has passed; how many, and the names of the files that were in them, not sent."""
    ended = ReporterSession.select(ReporterSession.id).where(ReporterSession.expires_at <= clock.now())
    list(lock_row(ended))  # whoever is sending one has done so: only then is it known whose its files are
    names = [row.id for row in VisitFile.select(VisitFile.id).where(VisitFile.visit.in_(ended))]
    return int(ReporterSession.delete().where(ReporterSession.id.in_(ended)).execute()), names


def _fill(row: ReporterSession, secret: str, content: dict[str, Any]) -> None:
    until = clock.now() + LIFETIMES[row.kind]
    body = {**content, "until": until.isoformat()}
    row.sealed = envelope.seal_json_record(key_of(secret), body, contexts.reporter_session(row.id))
    row.expires_at = _next_hour(until)


def _next_hour(instant: dt.datetime) -> dt.datetime:
    whole = instant.replace(minute=0, second=0, microsecond=0)
    return whole if whole == instant else whole + dt.timedelta(hours=1)


def row_id(secret: str) -> str:
    """The id of a visit's row."""
    return keys.hash_token(secret).hex()


def key_of(secret: str) -> bytes:
    """The key that a visit's content and the descriptions of its files are sealed under."""
    return keys.derive(secret.encode(), "reporter-session")
