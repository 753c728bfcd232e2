"""The columns of a spreadsheet of channels: what they are called, and how what stands in them is read."""

import datetime as dt
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import partial
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from whistle import clock
from whistle.services.channel_import import Row
from whistle.services.channels import Details
from whistle.services.office import LANGUAGES
from whistle.web import forms
from whistle.web.admin import channel_words
from whistle.web.admin.channels import usual_languages
from whistle.web.filters import day_text

#: A day that lost its style, on its way through a .csv, is a number of days from here; five figures are a year between
#: 1927 and 2173. Those of a workbook are read by `documents.workbooks`.
SERIAL_BEGIN = dt.date(1899, 12, 30)
SERIAL_FIGURES = 5


def _words(text: str) -> str:
    return text


def _languages(text: str) -> tuple[str, ...]:
    rest, found = _folded(text), []
    for code, words in channel_words.LANGUAGES.items():
        for word in words:
            if word in rest:
                found.append(code)
                rest = rest.replace(word, "")
                break
    if rest.strip(channel_words.BETWEEN) or not (found or not text):
        raise ValueError(_("请写“中文”“英文”或者“中文、英文”"))
    return tuple(found) or usual_languages()


def _day(text: str, meant: forms.Meant) -> dt.date | None:
    text = unicodedata.normalize("NFKC", text)
    if text.isdecimal() and len(text) == SERIAL_FIGURES:
        return SERIAL_BEGIN + dt.timedelta(days=int(text))
    return forms.read_day(text.removesuffix(" 00:00:00"), clock.today(), meant) if text else None


def _yes(text: str) -> bool:
    folded = _folded(text)
    if folded and folded not in channel_words.YES | channel_words.NO:
        raise ValueError(_("请写“是”或者“否”"))
    return folded not in channel_words.NO


def _told_yes(is_so: bool) -> str:
    return _("是") if is_so else _("否")


@dataclass(frozen=True, slots=True)
class Column:
    """A column by the name of its input. `read` makes its value of a cell, or raises ValueError in words; `tell` says
    how it was understood, where that may not be what was written.
    """

    name: str
    heading: Any
    read: Callable[[str], Any] = _words
    width: int = 14
    is_needed: bool = False
    tell: Callable[[Any], str] | None = None


COLUMNS = (
    Column("name", _l("名称"), width=24, is_needed=True),
    Column("unit_code", _l("单位代码"), width=12, is_needed=True),
    Column("place", _l("张贴地点"), width=32),
    Column("desk", _l("受理台"), width=18),
    Column("languages", _l("语言"), _languages),
    Column("welcome_zh", _l("欢迎语"), width=32),
    Column("welcome_en", _l("英文欢迎语"), width=32),
    Column("valid_from", _l("从哪天起"), partial(_day, meant="near"), tell=day_text),
    Column("valid_to", _l("到哪天为止"), partial(_day, meant="ahead"), tell=day_text),
    Column("is_public", _l("公开"), _yes, width=10, tell=_told_yes),
)
BY_NAME = {column.name: column for column in COLUMNS}
DETAILS = {field.name for field in fields(Details)}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the sheet by its number there: what its cells say, by column, and what of it could not be read."""

    number: int
    cells: dict[str, str]
    row: Row
    faults: tuple[tuple[str, str], ...]

    def told(self, column: Column) -> str:
        """What stands in a column as it was understood; as it was written where it was not. Empty for an empty cell."""
        written = self.cells[column.name]
        if not written or column.tell is None or column.name in dict(self.faults):
            return written
        return column.tell(getattr(self.row.details, column.name))


class WrongColumns(Exception):
    """The heading is none of ours; the sentences say why."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("wrong columns")
        self.sentences = sentences


def read(rows: Sequence[Sequence[str]]) -> list[Line]:
    """The lines below the heading, those that are empty passed over. Raises WrongColumns."""
    names = _headings(rows[0] if rows else ())
    found = []
    for number, cells in enumerate(rows[1:], 2):
        given = {name: cell.strip() for name, cell in zip(names, cells, strict=False) if name}
        if any(given.values()):
            found.append(_line(number, given))
    return found


def _headings(cells: Sequence[str]) -> list[str]:
    """The column of each heading; empty where a column has none and says nothing."""
    known, names, wrong = _known(), [], []
    for cell in cells:
        name = known.get(_folded(cell), "")
        if cell.strip() and not name:
            wrong.append(
                _("没有“%(heading)s”这一列，请改成模板里的列名，或者删掉这一列", heading=cell.strip()[:30])
            )
        elif name and name in names:
            wrong.append(_("“%(heading)s”有两列，请删掉一列", heading=BY_NAME[name].heading))
        names.append(name)
    wrong += [
        _("第一行是列名，里面没有“%(heading)s”。请用下面的模板", heading=column.heading)
        for column in COLUMNS
        if column.is_needed and column.name not in names
    ]
    if wrong:
        raise WrongColumns(wrong[:10])
    return names


def _known() -> dict[str, str]:
    """The headings in both languages: a sheet may have been begun on the other page."""
    found = dict(channel_words.ALSO)
    for language in LANGUAGES:
        with force_locale(language):
            found |= {_folded(str(column.heading)): column.name for column in COLUMNS}
    return found


def _folded(words: str) -> str:
    """Words in one form, without what stands in brackets after them: 公开（是/否） is 公开."""
    return unicodedata.normalize("NFKC", words).partition("(")[0].strip().casefold()


def _line(number: int, given: dict[str, str]) -> Line:
    values: dict[str, Any] = {}
    faults = []
    for name, cell in given.items():
        try:
            if cell.startswith("="):
                raise ValueError(_("这里是公式，请改成文字"))
            values[name] = BY_NAME[name].read(cell)
        except ValueError as fault:
            faults.append((name, str(fault)))
    details = {"name": "", "unit_code": ""} | {name: values[name] for name in DETAILS & values.keys()}
    cells = {column.name: given.get(column.name, "") for column in COLUMNS}
    return Line(number, cells, Row(Details(**details), str(values.get("desk", ""))), tuple(faults))


def all_faults(line: Line, refused: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """What is wrong with a line, each column once: what could not be read, then what the service refuses."""
    found: dict[str, str] = {}
    for name, words in (*line.faults, *refused):
        found.setdefault(name, words)
    return list(found.items())
