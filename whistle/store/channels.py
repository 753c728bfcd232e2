"""Channels: the printed QR codes and the other ways a report comes in."""

from __future__ import annotations

from typing import Any

from peewee import AutoField, BooleanField, Check, ForeignKeyField, ModelSelect, TextField

from whistle.store.base import Table
from whistle.store.desks import Desk
from whistle.store.fields import DayField, InstantField, JsonField
from whistle.store.units import Unit


class Channel(Table):
    """One way in. `kind` is 'qr' so far; the token is what the poster's address carries."""

    old_tokens: ModelSelect[Any]

    id = AutoField()
    token = TextField(unique=True)
    kind = TextField(default="qr", constraints=[Check("kind IN ('qr')")])
    name = TextField()
    place = TextField(default="")
    unit = ForeignKeyField(Unit)
    unit_id: int
    desk = ForeignKeyField(Desk)
    desk_id: int
    languages = JsonField(default=lambda: ["zh_CN", "en"])
    welcome_zh = TextField(default="")
    welcome_en = TextField(default="")
    is_public = BooleanField(default=True)
    state = TextField(default="open", constraints=[Check("state IN ('open', 'suspended')")])
    valid_from = DayField(null=True)
    valid_to = DayField(null=True)
    recorded_at = InstantField()


class OldToken(Table):
    """A token that was rotated away: its address says so instead of 'unknown'."""

    token = TextField(primary_key=True)
    channel = ForeignKeyField(Channel, backref="old_tokens")
    channel_id: int
    rotated_at = InstantField()
