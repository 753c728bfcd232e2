"""A case's number as people type it: in any width, with or without its beginning, its zeros and its year.

A series counts a year's cases through, whatever its numbers begin with: year and count are enough to know the case.
"""

import functools
import operator
import re
from dataclasses import dataclass
from typing import Any

from whistle.rules.finding import fold
from whistle.services.access import Acting
from whistle.services.casework import scope
from whistle.services.errors import Invalid
from whistle.services.office import NUMBER_WIDTHS
from whistle.store.cases import Case
from whistle.store.fields import is_id

#: What people take for a hyphen, once widths are folded.
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30fc\u4e00_", "-"))
_YEAR, _COUNT, _PARTED = "((?:19|20)[0-9]{2})", "0*([0-9]{1,9})", "(?:-+|/|年第?)"
_WHOLE = re.compile(f".*?{_YEAR}(?:{_PARTED}|(?=[0-9]{{4,9}}(?![0-9]))){_COUNT}号?")
_SHORT = re.compile(f"(?:第|no\\.?|#|-)?{_COUNT}号?")
#: Inside other words: a year and a count that are no date, or a count with the zeros before it.
_AMONG_WORDS = re.compile(
    f"{_YEAR}{_PARTED}{_COUNT}(?![0-9/月-])|(?<![0-9])(?=0[0-9]{{3,8}}(?![0-9-]))0*([0-9]+)"
)


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: the year, where it was, and the count."""

    year: str
    count: str

    @property
    def is_whole(self) -> bool:
        """Whether it can mean one case alone."""
        return bool(self.year)

    def is_meant(self) -> Any:
        """Whether a case has this number, as a condition; without a year, those of all years have."""
        widths = range(1, NUMBER_WIDTHS[1] + 1)
        endings = sorted({f"{self.year}-{self.count.zfill(width)}" for width in widths})
        return functools.reduce(operator.or_, (Case.number.endswith(ending) for ending in endings))


def plain(text: str) -> str:
    """A number, or a part of one, in the width and with the hyphens that numbers have; letters lose their case."""
    return fold(text).translate(_DASHES)


def read(text: str) -> Typed | None:
    """What was typed as a number; None where it can be none."""
    if whole := _WHOLE.fullmatch(plain(text)):
        return Typed(whole[1], whole[2])
    short = _SHORT.fullmatch(plain(text))
    return None if short is None else Typed("", short[1])


def among(text: str) -> list[Typed]:
    """Every number in some words; all of them may be one."""
    if typed := read(text):
        return [typed]
    return [Typed(found[1] or "", found[2] or found[3]) for found in _AMONG_WORDS.finditer(plain(text))]


def known(by: Acting, typed: Typed) -> list[Case]:
    """The cases with this number of which a person may know, the newest first: at most two."""
    return list(scope.visible(by).where(typed.is_meant()).order_by(Case.number.desc()).limit(2))


def case_meant(by: Acting, ref: str) -> Case | None:
    """The case of an id, of a whole number, or of the end of one that the person may know; None if there is none.

    Raises Invalid('number', 'not_whole') for the end of a number that means no case or several to this person.
    """
    if is_id(ref):
        return Case.get_or_none(Case.id == ref)
    number = read(ref)
    if number is None:
        raise Invalid("number", "not_whole")
    if number.is_whole:
        return Case.get_or_none(number.is_meant())
    found = known(by, number)
    if len(found) != 1:
        raise Invalid("number", "not_whole")
    return found[0]


def reference(by: Acting, ref: str) -> str:
    """The number of the case that was typed, of which an end is enough; else what was typed, which leads nowhere."""
    try:
        case = case_meant(by, ref)
    except Invalid:
        return ref
    return ref if case is None else case.number or case.id
