"""From what a form sent to what an act keeps: checked against the action's needs, facts apart from words."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from whistle import clock
from whistle.rules import taxonomy
from whistle.rules.workflow import Action, Need
from whistle.services.errors import Invalid
from whistle.services.messages import check_text
from whistle.store.people import Person
from whistle.store.units import Unit

#: Longest remark, and the most rows of a list.
REMARK_LIMIT = 5_000
LIST_LIMIT = 20
#: The number of a person as a form sends it; one digit more and it would not fit the database's column.
PERSON_NUMBER = re.compile("[0-9]{1,9}")


def split_inputs(row: Action, inputs: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Clear facts and sealed words for an action; raises Invalid naming the first input that cannot be taken."""
    known = {need.name for need in row.needs}
    unknown = set(inputs) - known
    if unknown:
        raise TypeError(f"{row.name} knows no {sorted(unknown)}")
    facts: dict[str, Any] = {}
    words: dict[str, Any] = {}
    for need in row.needs:
        value = _checked(need, _given(need, inputs))
        if value is not None:
            (words if need.sealed else facts)[need.name] = value
    _check_companions(row, facts | words)
    return facts, words


def _given(need: Need, inputs: dict[str, Any]) -> Any:
    """What was entered; today, where another input says that it is done here and now."""
    if need.today_with is not None and inputs.get(need.today_with[0]) == need.today_with[1]:
        return clock.today()
    return inputs.get(need.name)


def _check_companions(row: Action, given: dict[str, Any]) -> None:
    """What one input makes necessary is there too."""
    for need in row.needs:
        if need.required_with is not None and need.name not in given:
            name, value = need.required_with
            if given.get(name) == value:
                raise Invalid(need.name, "empty")


def _checked(need: Need, value: Any) -> Any:
    if value is None or value == "" or value == [] or (need.kind == "flag" and not value):
        if need.required:
            raise Invalid(need.name, "empty")
        return None
    return _CHECKS[need.kind](need, value)


def _text(need: Need, value: str) -> str:
    return check_text(need.name, value, REMARK_LIMIT)


def _message(need: Need, value: str) -> str:
    return check_text(need.name, value)


def _list(need: Need, value: list[str]) -> list[str]:
    if need.table:
        return [_code(need, item) for item in value]
    items = [check_text(need.name, item, REMARK_LIMIT) for item in value if item.strip()]
    if not items and need.required:
        raise Invalid(need.name, "empty")
    if len(items) > LIST_LIMIT:
        raise Invalid(need.name, "too_many", limit=LIST_LIMIT)
    return items


def _day(need: Need, value: dt.date | str) -> str:
    try:
        day = value if isinstance(value, dt.date) else dt.date.fromisoformat(value)
    except ValueError:
        raise Invalid(need.name, "not_a_day") from None
    return day.isoformat()


def _person(need: Need, value: int | str) -> int:
    person = Person.get_or_none(Person.id == int(value)) if PERSON_NUMBER.fullmatch(str(value)) else None
    if person is None:
        raise Invalid(need.name, "unknown")
    return int(person.id)


def _unit(need: Need, value: str) -> str:
    if not Unit.select().where(Unit.code == value).exists():
        raise Invalid(need.name, "unknown")
    return value


def _flag(need: Need, value: bool) -> bool:
    return bool(value)


def _code(need: Need, value: str) -> str:
    if value not in taxonomy.TABLES[need.table]:
        raise Invalid(need.name, "unknown")
    return value


_CHECKS: dict[str, Callable[[Need, Any], Any]] = {
    "text": _text,
    "message": _message,
    "list": _list,
    "day": _day,
    "person": _person,
    "unit": _unit,
    "flag": _flag,
    "code": _code,
}
