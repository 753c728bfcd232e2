"""The list of channels: filters, pages of it, and the posters of all that a filter leaves.

A thousand channels are as cheap as fifty: the filters are asked of the database, and a page goes on from an id.
"""

from dataclasses import dataclass
from typing import Any

from whistle.services import access, channels, keyholding, scanned
from whistle.services.access import Acting
from whistle.services.channels import ChannelRow
from whistle.services.use_case import reading
from whistle.store.channels import Channel
from whistle.store.desks import Desk
from whistle.store.units import Unit

PAGE_ROWS = 50
#: Posters of one sheet: 63 pages, and about a second to draw.
SHEET_ROWS = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; what is empty is not asked. `state` is a channel's `why_not`, or 'open'.

    `ids` are the first and the last id, which is how channels that were made at once are found again.
    """

    unit: str = ""
    desk: int | None = None
    state: str = ""
    words: str = ""
    ids: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class ChannelPage:
    """A page, the newest first. `older` and `newer` are ids to go on from, None where there is nothing beyond."""

    rows: tuple[ChannelRow, ...]
    total: int
    older: int | None
    newer: int | None


@dataclass(frozen=True, slots=True)
class DeskName:
    """A desk that reports can come to."""

    id: int
    name_zh: str
    name_en: str


@reading
def desks(by: Acting) -> list[DeskName]:
    """The desks a channel can lead to, in one question however many there are."""
    access.require(by, "channels.list_channels")
    rows = Desk.select().where(Desk.kind == "intake").order_by(Desk.id)
    return [DeskName(row.id, row.name_zh, row.name_en) for row in rows]


@reading
def page(
    by: Acting, wanted: Wanted, *, older: int | None = None, newer: int | None = None, size: int = PAGE_ROWS
) -> ChannelPage:
    """The channels that are wanted: the newest, or those older than one id, or newer than another."""
    access.require(by, "channels.list_channels")
    ready = keyholding.receiving(Desk.select())
    query = _matching(wanted, ready)
    total, is_back = query.count(), newer is not None
    if is_back:
        query = query.where(Channel.id > newer).order_by(Channel.id)
    else:
        query = query if older is None else query.where(Channel.id < older)
        query = query.order_by(Channel.id.desc())
    rows = channels.in_rows(query.limit(size + 1), ready)
    has_more, rows = len(rows) > size, rows[:size]
    if is_back:
        rows.reverse()
    return ChannelPage(
        rows=tuple(rows),
        total=total,
        older=rows[-1].id if rows and (is_back or has_more) else None,
        newer=rows[0].id if rows and (has_more if is_back else older is not None) else None,
    )


@reading
def for_sheet(by: Acting, wanted: Wanted) -> list[ChannelRow]:
    """The channels whose posters are to be printed at once, by unit and name; one more than SHEET_ROWS at most."""
    access.require(by, "channels.poster")
    ready = keyholding.receiving(Desk.select())
    query = _matching(wanted, ready).order_by(Unit.code, Channel.name, Channel.id)
    return channels.in_rows(query.limit(SHEET_ROWS + 1), ready)


def _matching(wanted: Wanted, ready: set[int]) -> Any:
    query = Channel.select()
    if wanted.unit:
        query = query.where(Channel.unit.in_(Unit.select(Unit.id).where(Unit.code == wanted.unit)))
    if wanted.desk is not None:
        query = query.where(Channel.desk == wanted.desk)
    if wanted.ids is not None:
        query = query.where(Channel.id.between(*wanted.ids))
    if wanted.words:
        words = wanted.words
        query = query.where(
            Channel.name.contains(words) | Channel.place.contains(words) | Channel.token.contains(words)
        )
    return query.where(*_in_state(wanted.state, ready)) if wanted.state else query


def _in_state(state: str, ready: set[int]) -> tuple[Any, ...]:
    """What `ChannelRow.why_not` says of one channel, asked of all."""
    is_open, can_receive = Channel.state == "open", Channel.desk.in_(sorted(ready))
    works = scanned.begun() & can_receive
    return {
        "open": (is_open, scanned.not_over(), works),
        "suspended": (~is_open,),
        "expired": (is_open, ~scanned.not_over()),
        "not_yet": (is_open, scanned.not_over(), ~works),
    }[state]
