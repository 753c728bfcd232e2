"""What a QR code leads to, for whoever scans or types it: the channel, whether it takes reports, and the public list.

A token has 60 random bits in letters and digits that are not mistaken for each other; whoever types it may use
capitals.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from whistle import clock
from whistle.services import access, grants, keyholding, office, units
from whistle.services.errors import Unusable
from whistle.services.office import LANGUAGES
from whistle.services.use_case import reading
from whistle.store.channels import Channel, OldToken
from whistle.store.desks import Desk
from whistle.store.prepared import Prepared
from whistle.store.units import Unit, UnitFact

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
TOKEN_CHARACTERS = 12
#: What a hand that copies a poster writes instead.
_READ_AS = str.maketrans("oil", "011")
#: Channels on a page of the public list.
PAGE_ROWS = 100


@dataclass(frozen=True, slots=True)
class ChannelGlance:
    """What every page of a channel's form needs. `why_not`: unknown, suspended, expired, not_yet, rotated; or None.

    That the desk behind it cannot receive is found where the whole view is asked for, and when a report is sent.
    """

    token: str
    unit_code: str = ""
    languages: tuple[str, ...] = LANGUAGES
    why_not: str | None = "unknown"

    @property
    def is_usable(self) -> bool:
        """Whether a report can be sent here now."""
        return self.why_not is None


@dataclass(frozen=True, slots=True)
class ChannelView(ChannelGlance):
    """What the pages need that say whose form it is, and who will read what is sent."""

    office_zh: str = ""
    office_en: str = ""
    unit_zh: str = ""
    unit_en: str = ""
    name: str = ""
    place: str = ""
    welcome_zh: str = ""
    welcome_en: str = ""
    state: str = "unknown"
    own_people_open: bool = False
    superior_address: str = ""
    channel_id: int | None = None
    #: Whether the unit's people are kept out of a report that does not know which unit it is about.
    keeps_unit_out: bool = False


@dataclass(frozen=True, slots=True)
class PublicChannel:
    """A line of the list that anybody sees."""

    token: str
    unit_code: str
    unit_zh: str
    unit_en: str
    name: str
    place: str


@dataclass(frozen=True, slots=True)
class PublicPage:
    """A page of that list; pages count from 1."""

    rows: tuple[PublicChannel, ...]
    number: int
    has_more: bool


@reading
def glance(token: str) -> ChannelGlance:
    """The channel of a token as it was scanned or typed, in one question to the database where it is known."""
    access.as_stranger("channels.view")
    token = plain_token(token)
    row: Any = _GLANCE.first(token)
    if row is None:
        return ChannelGlance(token, why_not=_why_unknown(token))
    return ChannelGlance(row.token, row.code, tuple(row.languages), _why_not_by_itself(row))


def _glance(token: str) -> Any:
    own = (Channel.token, Channel.languages, Channel.state, Channel.valid_from, Channel.valid_to)
    return Channel.select(*own, Unit.code).join(Unit).where(Channel.token == token)


_GLANCE = Prepared(Channel, _glance)


@reading
def own_people_open() -> bool:
    """Whether reports on the office's own people can be taken in."""
    access.as_stranger("channels.view")
    return keyholding.own_people_open()


@reading
def view(token: str) -> ChannelView:
    """The channel of a token as it was scanned or typed; an unknown one is a view that says so."""
    access.as_stranger("channels.view")
    token = plain_token(token)
    query = Channel.select(Channel, Unit, Desk).join(Unit).switch(Channel).join(Desk)
    row = query.where(Channel.token == token).first()
    if row is not None:
        return _to_view(row)
    return ChannelView(token=token, why_not=_why_unknown(token))


def _why_unknown(token: str) -> str:
    return "rotated" if OldToken.select().where(OldToken.token == token).exists() else "unknown"


@reading
def public_channels(number: int = 1) -> PublicPage:
    """A page of the usable channels that may be listed, by unit and name.

    What it asks of the database depends on the desks and not on the channels, for anybody may call this.
    """
    access.as_stranger("channels.view")
    listed = Channel.select().where(Channel.is_public).where(*_open_today())
    ready = keyholding.receiving(Desk.select().where(Desk.id.in_(listed.select(Channel.desk))))
    query = listed.select(Channel, Unit).join(Unit).where(Channel.desk.in_(sorted(ready)))
    query = query.order_by(Unit.code, Channel.name, Channel.id)
    rows = list(query.limit(PAGE_ROWS + 1).offset((number - 1) * PAGE_ROWS))
    known = units.names_of({row.unit_id for row in rows})
    shown = tuple(
        PublicChannel(row.token, row.unit.code, *known[row.unit_id], row.name, row.place)
        for row in rows[:PAGE_ROWS]
    )
    return PublicPage(shown, number, has_more=len(rows) > PAGE_ROWS)


def _open_today() -> tuple[Any, ...]:
    """What `why_not` asks of one channel, asked of all, but for the desk."""
    return Channel.state == "open", begun(), not_over()


def begun() -> Any:
    """Of which channels the first day has come."""
    return Channel.valid_from.is_null() | (Channel.valid_from <= clock.today())


def not_over() -> Any:
    """Of which channels the last day has not passed."""
    return Channel.valid_to.is_null() | (Channel.valid_to >= clock.today())


def is_any_open() -> bool:
    """Whether some channel takes reports today; in the caller's transaction."""
    ready = keyholding.receiving(Desk.select())
    return Channel.select().where(*_open_today(), Channel.desk.in_(sorted(ready))).exists()


def find_usable(token: str) -> Channel:
    """The channel to send a report to; raises Unusable with the reason. In the caller's transaction."""
    token = plain_token(token)
    row = Channel.get_or_none(Channel.token == token)
    if row is None:
        raise Unusable(_why_unknown(token))
    reason = why_not(row, keyholding.receiving([row.desk]))
    if reason is not None:
        raise Unusable(reason)
    return row


def unit_kept_out(channel: Channel) -> Unit | None:
    """The unit whose people must not read what comes by a channel from whoever is not sure which unit it is about.

    None where the channel hangs at the office itself, or at what it stands beneath: then nobody could read. Its own
    unit is the one that bears its name, or from which all come who could take a report in.
    """
    here = office.current()
    named = UnitFact.select(UnitFact.unit).where(UnitFact.name_zh == here.name_zh)
    readers = grants.units_of_readers(channel.desk)
    is_own = any(access.is_within(row.unit_id, channel.unit_id) for row in named)
    if is_own or (readers and all(access.is_within(unit, channel.unit_id) for unit in readers)):
        return None
    return channel.unit


def plain_token(token: str) -> str:
    """A token as it is stored, from however it was typed; empty for what cannot be one."""
    token = token.strip().lower().translate(_READ_AS)
    return token if len(token) == TOKEN_CHARACTERS and set(token) <= set(ALPHABET) else ""


def _to_view(row: Channel) -> ChannelView:
    here, (unit_zh, unit_en) = office.current(), units.name_of(row.unit)
    oversight = keyholding.oversight_desk()
    ready = keyholding.receiving([row.desk] if oversight is None else [row.desk, oversight])
    return ChannelView(
        token=row.token,
        office_zh=here.name_zh,
        office_en=here.name_en,
        unit_code=row.unit.code,
        unit_zh=unit_zh,
        unit_en=unit_en,
        name=row.name,
        place=row.place,
        welcome_zh=row.welcome_zh,
        welcome_en=row.welcome_en,
        languages=tuple(row.languages),
        state=row.state,
        why_not=why_not(row, ready),
        own_people_open=oversight is not None and oversight.id in ready,
        superior_address=here.superior_address,
        channel_id=row.id,
        keeps_unit_out=unit_kept_out(row) is not None,
    )


def why_not(row: Channel, ready: Collection[int]) -> str | None:
    """Why a channel takes nothing now, or None; `ready` are the desks that could read a report."""
    return _why_not_by_itself(row) or (None if row.desk_id in ready else "not_yet")


def _why_not_by_itself(row: Channel) -> str | None:
    today = clock.today()
    if row.state == "suspended":
        return "suspended"
    if row.valid_to is not None and today > row.valid_to:
        return "expired"
    if row.valid_from is not None and today < row.valid_from:
        return "not_yet"
    return None
