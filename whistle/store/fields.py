"""The column types that SQLite and PostgreSQL keep alike: instants, days, truth values and random ids.

An instant is stored as whole seconds since 1970 UTC and read as an aware datetime; a day as
`YYYY-MM-DD` text, which sorts as it should on both databases.
"""

import datetime as dt
import json
import re
import secrets
from typing import Any

from peewee import Field, TextField

FIELD_TYPES = {
    "sqlite": {"INSTANT": "INTEGER", "BOOL": "INTEGER"},
    "postgresql": {"INSTANT": "BIGINT", "BOOL": "BOOLEAN"},
}

_ID = re.compile("[0-9a-f]{24}")


def new_id() -> str:
    """A random row id (96 bits, hex): tells neither order nor time."""
    return secrets.token_hex(12)


def is_id(text: str) -> bool:
    """Whether this could be one of them."""
    return _ID.fullmatch(text) is not None


class InstantField(Field):
    """An aware moment in UTC, to the second."""

    field_type = "INSTANT"

    def db_value(self, value: dt.datetime | int | None) -> int | None:
        if value is None or isinstance(value, int):
            return value
        if value.tzinfo is None:
            raise TypeError("an instant needs a time zone")
        return int(value.timestamp())

    def python_value(self, value: int | None) -> dt.datetime | None:
        return None if value is None else dt.datetime.fromtimestamp(value, dt.UTC)


class DayField(TextField):
    """A calendar day."""

    def db_value(self, value: dt.date | str | None) -> str | None:
        if isinstance(value, dt.datetime):
            raise TypeError("a day is not an instant")
        return value.isoformat() if isinstance(value, dt.date) else value

    def python_value(self, value: str | None) -> dt.date | None:
        return None if value is None else dt.date.fromisoformat(value)


class JsonField(TextField):
    """Plain data as canonical JSON text."""

    def db_value(self, value: Any) -> str | None:
        if value is None:
            return None
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def python_value(self, value: str | None) -> Any:
        return None if value is None else json.loads(value)
