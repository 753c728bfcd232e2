"""From what a form sent to what an act keeps: checked against the action's needs, facts apart from words."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from typing import Any

from whistle import clock
from whistle.rules import taxonomy
from whistle.rules.workdays import Calendar
from whistle.rules.workflow import Need
from whistle.services.errors import Conflict, Invalid
from whistle.services.messages import check_text
from whistle.store.cases import Case
from whistle.store.people import Person
from whistle.store.reports import Report
from whistle.store.things import THING_TABLES
from whistle.store.units import Unit

#: Longest remark and line, the most rows of a list, and the most people of a group.
REMARK_LIMIT = 5_000
LINE_LIMIT = 200
LIST_LIMIT = 20
#: The number of a person as a form sends it; one digit more and it would not fit the database's column.
PERSON_NUMBER = re.compile("[0-9]{1,9}")
#: How far ahead a day lies that somebody plans or promises, in months. No step's own limit is longer, and no clock
#: counts to a year that was mistyped.
MONTHS_AHEAD = 36
#: Any other number that is entered.
NUMBER = re.compile("[0-9]{1,4}")


def split_inputs(
    needs: Sequence[Need], inputs: dict[str, Any], case: Case | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Clear facts and sealed words for an act; raises Invalid naming the first input that cannot be taken.

    `case`: whose days, reports and things are meant.
    """
    known = {need.name for need in needs}
    unknown = set(inputs) - known
    if unknown:
        raise TypeError(f"nothing knows {sorted(unknown)}")
    facts: dict[str, Any] = {}
    words: dict[str, Any] = {}
    for need in needs:
        value = _checked(need, _given(need, inputs), case)
        if value is not None:
            (words if need.sealed else facts)[need.name] = value
    _check_companions(needs, facts | words)
    return facts, words


def check_ahead(needs: Sequence[Need], facts: dict[str, Any]) -> None:
    """What was proposed for a day to come is not approved once that day is there; raises Conflict 'day_passed'."""
    for need in needs:
        if (
            need.meant == "ahead"
            and dt.date.fromisoformat(facts.get(need.name, "9999-12-31")) <= clock.today()
        ):
            raise Conflict("day_passed", day=dt.date.fromisoformat(facts[need.name]))


def days_of_now(needs: Sequence[Need], facts: dict[str, Any]) -> dict[str, str]:
    """The days of what is done with the approval and not with the proposal: a message goes out when it is approved."""
    return {need.name: clock.today().isoformat() for need in needs if _is_now(need, facts)}


def _is_now(need: Need, given: dict[str, Any]) -> bool:
    return need.today_with is not None and given.get(need.today_with[0]) == need.today_with[1]


def _given(need: Need, inputs: dict[str, Any]) -> Any:
    """What was entered; today, where another input says that it is done here and now."""
    return clock.today() if _is_now(need, inputs) else inputs.get(need.name)


def _check_companions(needs: Sequence[Need], given: dict[str, Any]) -> None:
    """What one input makes necessary is there too."""
    for need in needs:
        if need.required_with is not None and need.name not in given:
            name, value = need.required_with
            if given.get(name) == value:
                raise Invalid(need.name, "empty")


def _checked(need: Need, value: Any, case: Case | None) -> Any:
    if value is None or value == "" or value == [] or (need.kind == "flag" and not value):
        if need.required:
            raise Invalid(need.name, "empty")
        return None
    found = _CHECKS[need.kind](need, value)
    if case is not None and need.kind in _OF_THE_CASE:
        _OF_THE_CASE[need.kind](need, found, case)
    return found


def _text(need: Need, value: str) -> str:
    return check_text(need.name, value, REMARK_LIMIT)


def _line(need: Need, value: str) -> str:
    return check_text(need.name, value, LINE_LIMIT)


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
    if need.meant == "past" and day > clock.today():
        raise Invalid(need.name, "not_yet", last=clock.today())
    if need.meant == "ahead" and day <= clock.today():
        raise Invalid(need.name, "not_ahead", last=clock.today())
    if day > (last := Calendar().add_months(clock.today(), MONTHS_AHEAD)):
        raise Invalid(need.name, "too_late", last=last)
    return day.isoformat()


def _day_of_case(need: Need, value: str, case: Case) -> None:
    """What happened in a case happened since the first report came in."""
    if need.meant == "past" and dt.date.fromisoformat(value) < case.received_on:
        raise Invalid(need.name, "before_receipt", first=case.received_on)


def _person(need: Need, value: int | str) -> int:
    person = Person.get_or_none(Person.id == int(value)) if PERSON_NUMBER.fullmatch(str(value)) else None
    if person is None:
        raise Invalid(need.name, "unknown")
    return int(person.id)


def _people(need: Need, value: list[Any]) -> list[int]:
    found = sorted({_person(need, item) for item in value})
    if len(found) > LIST_LIMIT:
        raise Invalid(need.name, "too_many", limit=LIST_LIMIT)
    return found


def _number(need: Need, value: int | str) -> int:
    if not NUMBER.fullmatch(str(value)) or int(value) < 1:
        raise Invalid(need.name, "not_a_number")
    return int(value)


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


def _as_sent(need: Need, value: str) -> str:
    return check_text(need.name, str(value), LINE_LIMIT)


def _report_of_case(need: Need, value: str, case: Case) -> None:
    if not Report.select().where(Report.id == value, Report.case == case).exists():
        raise Invalid(need.name, "unknown")


def _thing_of_case(need: Need, value: str, case: Case) -> None:
    table = THING_TABLES[need.table]
    if not table.select().where(table.id == value, table.case == case, table.state != "removed").exists():
        raise Invalid(need.name, "unknown")


_CHECKS: dict[str, Callable[[Need, Any], Any]] = {
    "text": _text,
    "line": _line,
    "message": _message,
    "list": _list,
    "day": _day,
    "person": _person,
    "people": _people,
    "number": _number,
    "unit": _unit,
    "flag": _flag,
    "code": _code,
    "case": _as_sent,
    "clock": _as_sent,
    "report": _as_sent,
    "thing": _as_sent,
}
_OF_THE_CASE: dict[str, Callable[[Need, Any, Case], None]] = {
    "day": _day_of_case,
    "report": _report_of_case,
    "thing": _thing_of_case,
}
