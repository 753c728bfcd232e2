"""A report's questions and answers in words, for its reporter and for officers alike."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from whistle.rules import reporting
from whistle.rules.taxonomy import TABLES
from whistle.rules.terms import Term
from whistle.web.filters import day, term


@dataclass(frozen=True, slots=True)
class Answered:
    """One row of the list of answers; one that is missing has to be given."""

    step: str
    field: str
    label: Term
    office_label: Term
    value: Any
    is_long: bool
    is_missing: bool


def in_words(answers: Mapping[str, Any], units: Mapping[str, str]) -> list[Answered]:
    """Every question on the way these answers lead over, with the answer as it is read; `units` are names by code."""
    return [
        Answered(
            step=step.name,
            field=row.name,
            label=row.label,
            office_label=row.office_label or row.label,
            value=_words(row, answers.get(row.name), units),
            is_long=row.kind == "text",
            is_missing=row in reporting.missing(step, answers),
        )
        for step in reporting.way(answers)
        for row in step.shown_fields(answers)
    ]


def _words(row: reporting.Field, value: Any, units: Mapping[str, str]) -> Any:
    if row.kind == "flag":
        return _("是") if value else _("否")
    if not value:
        return ""
    if row.kind == "choice":
        choice = TABLES[row.table].get(value)
        return value if choice is None else _begun_large(term(choice))
    if row.kind == "unit":
        return _("不清楚") if value == reporting.NO_UNIT else units.get(value, value)
    return _day(value) if row.name == "happened_on" else value


def _begun_large(words: str) -> str:
    """Legal terms are written small in English; an answer begins with a capital."""
    return words[:1].upper() + words[1:]


def _day(value: str) -> Any:
    try:
        return day(dt.date.fromisoformat(value))
    except ValueError:
        return value
