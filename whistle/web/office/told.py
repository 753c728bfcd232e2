"""What an act or a report says, as labelled lines: codes become terms, numbers of people become names."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from whistle.rules.clock_rows import clock_row
from whistle.rules.taxonomy import TABLES
from whistle.rules.workflow import COLLECTIVE, MEETING, Action, Need
from whistle.web.answers import in_words
from whistle.web.filters import day, term


@dataclass(frozen=True, slots=True)
class Line:
    """One labelled value; a long one was typed as paragraphs."""

    label: str
    value: Any
    is_long: bool = False
    #: Where the value leads.
    url: str | None = None


#: Kinds of needs and of questions whose words run over lines.
LONG = frozenset({"message", "text"})
#: Kept under the identity key, not among the answers.
IDENTITY = frozenset({"name", "contact"})


def lines_of(
    row: Action,
    facts: Mapping[str, Any],
    words: Mapping[str, Any],
    units: Mapping[str, str],
    people: Mapping[int, str],
    labels: Mapping[str, str],
    *,
    without: Collection[str] = (),
) -> list[Line]:
    """What somebody entered with an action, in the order of its form; what was left out is left out.

    `labels`: what things and reports are called, by id. Other cases are left to who knows which of them may be named.
    `without`: kinds of needs that are passed over.
    """
    given = {**facts, **words}
    needs = (*row.needs, *MEETING) if row.approval == COLLECTIVE else row.needs
    return [
        Line(_label(need), _value(need, given[need.name], units, people, labels), need.kind in LONG)
        for need in needs
        if need.kind not in {"case", *without} and given.get(need.name) not in (None, "", [], False)
    ]


def _label(need: Need) -> str:
    return term(need.label)


def _value(
    need: Need,
    value: Any,
    units: Mapping[str, str],
    people: Mapping[int, str],
    labels: Mapping[str, str],
) -> Any:
    if need.kind in ("thing", "report"):
        return labels.get(value, value)
    if need.kind == "clock":
        return term(clock_row(value.partition(":")[0]))
    if need.kind == "people":
        return _("、").join(str(people.get(person, person)) for person in value)
    if need.kind == "person":
        return people.get(value, value)
    if need.table:
        codes = value if isinstance(value, list) else [value]
        return _("、").join(term(TABLES[need.table][code]) for code in codes if code in TABLES[need.table])
    if need.kind == "day":
        return day(dt.date.fromisoformat(value))
    if need.kind == "unit":
        return units.get(value, value)
    return _("是") if need.kind == "flag" else value


def answers_of(answers: Mapping[str, Any], units: Mapping[str, str]) -> list[Line]:
    """A report's answers under officers' words for them, in the order of the report form."""
    rows = in_words(answers, units)
    return [Line(term(row.office_label), row.value, row.is_long) for row in rows if row.field not in IDENTITY]


def written_by_office(answers: Mapping[str, Any], units: Mapping[str, str]) -> list[Line]:
    """What the office's own report of a new case says: nobody was asked anything, and whom the old case keeps out
    nobody asked to keep out of this one.
    """
    rows = [row for row in in_words(answers, units) if answers.get(row.field)]
    taken_over = {"persons_shut_out": _("原案件里不能看的人")}
    return [Line(taken_over.get(row.field) or term(row.office_label), row.value, row.is_long) for row in rows]


def code_term(table: str, code: str | None) -> str:
    """The term of a stored code; nothing for none."""
    row = TABLES[table].get(code or "")
    return "" if row is None else term(row)
