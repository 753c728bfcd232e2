"""Channels as administrators tend them: made, changed, suspended, replaced; their posters. Moving one to another desk
waits for the head or the deputy who would lose it (`confirmations`).

What somebody sees who scans one is in `scanned`.
"""

import datetime as dt
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from whistle import clock
from whistle.documents import posters
from whistle.services import (
    access,
    confirmations,
    keyholding,
    ledger,
    names,
    office,
    scanned,
    shell,
    units,
)
from whistle.services.access import Acting, AsSystem
from whistle.services.errors import Conflict, Invalid, NotFound
from whistle.services.office import LANGUAGES
from whistle.services.use_case import reading, use_case
from whistle.store.channels import Channel, OldToken
from whistle.store.database import lock_row
from whistle.store.desks import Desk
from whistle.store.units import Unit

WELCOME_LONGEST = 500


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """A channel as an administrator sees it."""

    id: int
    token: str
    name: str
    place: str
    unit_code: str
    unit_zh: str
    unit_en: str
    desk_id: int
    desk_zh: str
    desk_en: str
    languages: tuple[str, ...]
    welcome_zh: str
    welcome_en: str
    is_public: bool
    state: str
    valid_from: dt.date | None
    valid_to: dt.date | None
    why_not: str | None


@dataclass(frozen=True, slots=True)
class Details:
    """Everything about a channel but its token, its desk and its state, as it was given."""

    name: str
    unit_code: str
    place: str = ""
    languages: tuple[str, ...] = LANGUAGES
    welcome_zh: str = ""
    welcome_en: str = ""
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    is_public: bool = True


@use_case
def make(
    by: Acting | AsSystem,
    name: str,
    unit_code: str,
    desk_id: int,
    *,
    place: str = "",
    languages: tuple[str, ...] = LANGUAGES,
    welcome_zh: str = "",
    welcome_en: str = "",
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
    is_public: bool = True,
) -> ChannelRow:
    """A new channel with a fresh token; one that would be over already is refused."""
    access.require(by, "channels.make")
    details = Details(
        name, unit_code, place, languages, welcome_zh, welcome_en, valid_from, valid_to, is_public
    )
    row = begin(details, _intake_desk(desk_id))
    ledger.append("other", "channel", row, by=shell.person_of(by))
    return _to_row(row)


def begin(details: Details, desk: Desk) -> Channel:
    """Write a new channel's row, whose leaf is the caller's; in the caller's transaction."""
    if (fault := over(details)) is not None:
        raise fault
    row = Channel(token=_new_token(), desk=desk, recorded_at=clock.now())
    _fill(row, details)
    row.save(force_insert=True)
    return row


def over(details: Details) -> Invalid | None:
    """Why a new channel would be over already, if it would."""
    last = details.valid_to
    return Invalid("valid_to", "over") if last is not None and last < clock.today() else None


@use_case
def change(
    by: Acting,
    channel_id: int,
    *,
    name: str,
    unit_code: str,
    place: str,
    languages: tuple[str, ...],
    welcome_zh: str,
    welcome_en: str,
    valid_from: dt.date | None,
    valid_to: dt.date | None,
    is_public: bool,
    was: ChannelRow | None = None,
) -> ChannelRow:
    """Change everything about a channel but its token and desk.

    `was` is how it stood when this was put together: raises Conflict 'changed' where it no longer does.
    """
    row = _find(channel_id, lock=True)
    access.require(by, "channels.change", row)
    if was is not None and was != _to_row(row):
        raise Conflict("changed")
    details = Details(
        name, unit_code, place, languages, welcome_zh, welcome_en, valid_from, valid_to, is_public
    )
    _fill(row, details)
    return _save(row, "channel_changed", by)


def _fill(row: Channel, details: Details) -> None:
    columns, faults = cleaned(details, _unit)
    if faults:
        raise faults[0]
    for name, value in columns.items():
        setattr(row, name, value)


def cleaned(details: Details, unit_of: Callable[[str], Unit]) -> tuple[dict[str, Any], list[Invalid]]:
    """A channel's columns as they may be kept, and every fault of what was given for them.

    `unit_of` finds the unit of a code, or raises Invalid.
    """
    longest = WELCOME_LONGEST
    steps: dict[str, Callable[[], Any]] = {
        "name": lambda: names.clean(details.name, "name"),
        "unit": lambda: unit_of(details.unit_code),
        "place": lambda: names.clean(details.place, "place", may_be_empty=True),
        "languages": lambda: _languages(details.languages),
        "welcome_zh": lambda: names.clean_lines(details.welcome_zh, "welcome_zh", longest=longest),
        "welcome_en": lambda: names.clean_lines(details.welcome_en, "welcome_en", longest=longest),
        "valid_from": lambda: details.valid_from,
        "valid_to": lambda: _last_day(details.valid_from, details.valid_to),
        "is_public": lambda: details.is_public,
    }
    columns: dict[str, Any] = {}
    faults = []
    for column, step in steps.items():
        try:
            columns[column] = step()
        except Invalid as fault:
            faults.append(fault)
    return columns, faults


def _languages(languages: tuple[str, ...]) -> list[str]:
    if not languages or not set(languages) <= set(LANGUAGES):
        raise Invalid("languages", "unknown")
    return [code for code in LANGUAGES if code in languages]


def _last_day(first: dt.date | None, last: dt.date | None) -> dt.date | None:
    if first is not None and last is not None and last < first:
        raise Invalid("valid_to", "before_start")
    return last


def _unit(code: str) -> Unit:
    try:
        return units.find(code)
    except NotFound:
        raise Invalid("unit_code", "unknown") from None


def _intake_desk(desk_id: int) -> Desk:
    desk = Desk.get_or_none(Desk.id == desk_id)
    if desk is None or desk.kind != "intake":
        raise Invalid("desk_id", "unknown")
    return desk


def _new_token() -> str:
    return "".join(secrets.choice(scanned.ALPHABET) for _ in range(scanned.TOKEN_CHARACTERS))


def _find(channel_id: int, *, lock: bool = False) -> Channel:
    """A channel; with `lock` one that nobody else changes until this transaction ends."""
    query = Channel.select().where(Channel.id == channel_id)
    row: Channel | None = (lock_row(query) if lock else query).first()
    if row is None:
        raise NotFound("channel")
    return row


def _save(row: Channel, what: str, by: Acting) -> ChannelRow:
    row.save()
    ledger.append("other", what, row, by=by.person_id)
    return _to_row(row)


@use_case
def suspend(by: Acting, channel_id: int) -> ChannelRow:
    """Take no reports here until resumed; the page says so and offers the public channels."""
    row = _find(channel_id)
    access.require(by, "channels.suspend", row)
    row.state = "suspended"
    return _save(row, "channel_suspended", by)


@use_case
def resume(by: Acting, channel_id: int) -> ChannelRow:
    """Take reports here again."""
    row = _find(channel_id)
    access.require(by, "channels.resume", row)
    row.state = "open"
    return _save(row, "channel_resumed", by)


@use_case
def rotate(by: Acting, channel_id: int, token: str = "") -> ChannelRow:
    """A new token; the old poster's address says that it was replaced.

    `token` is the one to be replaced: of two people, or two clicks, the second replaces no code that is new already.
    """
    row = _find(channel_id, lock=True)
    access.require(by, "channels.rotate", row)
    if token and token != row.token:
        return _to_row(row)
    OldToken.create(token=row.token, channel=row, rotated_at=clock.now(), force_insert=True)
    row.token = _new_token()
    return _save(row, "channel_rotated", by)


@use_case
def move(by: Acting, channel_id: int, desk_id: int) -> int | None:
    """Ask to send a channel's reports to another desk; returns the id of the confirmation it waits for."""
    row = _find(channel_id)
    access.require(by, "channels.move", row)
    desk = _intake_desk(desk_id)
    if row.desk_id == desk.id:
        raise Conflict("same_desk")
    return confirmations.ask_or_do(by, "channel_move", {"channel": row.id, "desk": desk.id})


@reading
def list_channels(by: Acting | AsSystem) -> list[ChannelRow]:
    """All channels, the newest first."""
    access.require(by, "channels.list_channels")
    return in_rows(Channel.select().order_by(Channel.id.desc()), keyholding.receiving(Desk.select()))


def in_rows(query: Any, ready: Collection[int]) -> list[ChannelRow]:
    """The channels of a query as administrators see them; `ready` are the desks that could read a report."""
    query = query.select(Channel, Unit, Desk).join(Unit).switch(Channel).join(Desk)
    rows = list(query)
    known = units.names_of({row.unit_id for row in rows})
    return [_in_row(row, known[row.unit_id], scanned.why_not(row, ready)) for row in rows]


@reading
def get(by: Acting, channel_id: int) -> ChannelRow:
    """One channel."""
    row = _find(channel_id)
    access.require(by, "channels.get", row)
    return _to_row(row)


@reading
def poster_svg(by: Acting | AsSystem, channel_id: int, base_url: str) -> str:
    """The channel's poster, one A4 page; `base_url` is the public address."""
    row = _find(channel_id)
    access.require(by, "channels.poster", row)
    return posters.poster_svg(_poster(row, base_url))


@reading
def poster_png(by: Acting | AsSystem, channel_id: int, base_url: str) -> bytes:
    """The channel's QR code as PNG."""
    row = _find(channel_id)
    access.require(by, "channels.poster", row)
    return posters.poster_png(_poster(row, base_url))


def address(token: str, base_url: str) -> str:
    """What the QR code carries."""
    return f"{base_url.rstrip('/')}/r/{token}"


def _poster(row: Channel, base_url: str) -> posters.Poster:
    here, (unit_zh, unit_en) = office.current(), units.name_of(row.unit)
    return posters.Poster(
        office_zh=here.name_zh,
        office_en=here.name_en,
        unit_zh=unit_zh,
        unit_en=unit_en,
        place=row.place,
        address=address(row.token, base_url),
        phone=here.public_phone,
        is_invented=here.mode in office.INVENTED,
    )


def _to_row(row: Channel) -> ChannelRow:
    return _in_row(row, units.name_of(row.unit), scanned.why_not(row, keyholding.receiving([row.desk])))


def _in_row(row: Channel, unit_names: tuple[str, str], why_not: str | None) -> ChannelRow:
    unit_zh, unit_en = unit_names
    return ChannelRow(
        id=row.id,
        token=row.token,
        name=row.name,
        place=row.place,
        unit_code=row.unit.code,
        unit_zh=unit_zh,
        unit_en=unit_en,
        desk_id=row.desk_id,
        desk_zh=row.desk.name_zh,
        desk_en=row.desk.name_en,
        languages=tuple(row.languages),
        welcome_zh=row.welcome_zh,
        welcome_en=row.welcome_en,
        is_public=row.is_public,
        state=row.state,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        why_not=why_not,
    )
