"""Days off as people paste them: “10月1日（周四）至7日（周三）放假调休，共7天。9月27日上班”.

A line is read from left to right: days and spans of days wait for the next word that says off or worked. What was not
understood comes back in its own words, so that nothing is half taken.
"""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, field

#: A day: 2027年10月1日, 10月1日, 2027-10-01; the second of a span may be a number alone.
DAY = r"(?:(?:(\d{4})年)?(\d{1,2})月(\d{1,2})[日号]?|(\d{4})[-./](\d{1,2})[-./](\d{1,2}))"
SPAN = re.compile(DAY + r"(?:\s*(?:至|到|~|-|–|—|to)\s*(?:" + DAY + r"|(\d{1,2})[日号]))?")
OFF = re.compile(r"放假调休|放假|调休|休息|休|off")
WORKED = re.compile(r"补班|上班|working|worked|work")
#: What stands between, and what a notice says besides: weekdays in brackets, “共3天”, “元旦：”, “一、”.
ASIDE = re.compile(r"\([^()]*\)")
BETWEEN = re.compile(r"(?:[\s,;。、:和及与]|共\d+天|and\b|正常|为|are\b|is\b)+")
LABEL = re.compile(r"^\s*(?:[一二三四五六七八九十]+、)?\s*[^\d:]{0,12}:")
#: No feast is longer; a slip in a month is caught before it becomes a quarter of a year.
LONGEST_SPAN = 31


@dataclass(slots=True)
class Read:
    """The days read, each with whether it is worked, and the words that were not understood."""

    days: dict[dt.date, bool] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    twice: list[dt.date] = field(default_factory=list)


def read(text: str, year: int) -> Read:
    """The days of a pasted text; days without a year are of `year`."""
    found = Read()
    for line in unicodedata.normalize("NFKC", text).splitlines():
        _read_line(LABEL.sub("", ASIDE.sub("", line)), year, found)
    return found


def _read_line(line: str, year: int, found: Read) -> None:
    waiting: list[dt.date] = []
    began, at = 0, 0
    while at < len(line):
        if skipped := BETWEEN.match(line, at):
            at = skipped.end()
        elif span := SPAN.match(line, at):
            days = _days(span, year)
            if days is None:
                found.unread.append(span[0])
            waiting += days or []
            at = span.end()
        elif word := OFF.match(line, at) or WORKED.match(line, at):
            _take(waiting, WORKED.fullmatch(word[0]) is not None, found)
            waiting = []
            began = at = word.end()
        else:
            found.unread.append(line[began:].strip(" ,;。"))
            return
    if waiting:
        found.unread.append(line[began:].strip(" ,;。"))


def _take(days: list[dt.date], is_working: bool, found: Read) -> None:
    for day in days:
        if found.days.setdefault(day, is_working) != is_working:
            found.twice.append(day)


def _days(span: re.Match[str], year: int) -> list[dt.date] | None:
    """The days of a span; None where the calendar has no such days, or too many."""
    first_parts = (span[1] or span[4] or year, span[2] or span[5], span[3] or span[6])
    try:
        first = dt.date(*(int(part) for part in first_parts))
        last = first
        if span[13]:
            last = first.replace(day=int(span[13]))
        elif span[8] or span[10]:
            last = dt.date(
                int(span[7] or span[10] or first.year),
                int(span[8] or span[11]),
                int(span[9] or span[12]),
            )
    except ValueError:
        return None
    if not 0 <= (last - first).days < LONGEST_SPAN:
        return None
    return [first + n * dt.timedelta(days=1) for n in range((last - first).days + 1)]
