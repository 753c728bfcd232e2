"""Rows of text out of a workbook (.xlsx) that somebody sent, within bounds.

A workbook is a zip of XML. Its sizes are checked before and while it is unpacked, its XML may declare nothing of its
own, and the first sheet's cells alone are read. Nothing is calculated: a formula is the text that it is. A day is a
number whose style says so, counted from 1900 or from 1904 as the workbook says; it is read as 2026-11-23.
"""

import datetime as dt
import io
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

Rows = list[list[str]]

#: A workbook's parts: those of one sheet with its styles are about ten.
MOST_PARTS = 200
#: What all parts may come to: beyond is a bomb, or no list of a thousand rows.
MOST_UNPACKED = 20_000_000
#: Texts that cells point to, those of other sheets included.
MOST_STRINGS = 100_000
#: Columns that are looked at, and letters of a cell: enough for every column, and for a fault to be seen.
MOST_COLUMNS = 50
MOST_LETTERS = 2_000
CHUNK = 64 * 1024

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#: The same in the strict form of the standard.
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"

REFERENCE = re.compile(r"([A-Z]{1,3})[0-9]+")

#: The day from which days are counted: so that 1 is 1 January 1900, but for a leap day that year never had; or 1904.
SINCE_1900, SINCE_1904 = dt.date(1899, 12, 30), dt.date(1904, 1, 1)
TRUE = ("1", "true", "on")
#: Formats of numbers that every program knows and that show a day; 27 to 36 and 50 to 58 are the Chinese ones.
DAY_FORMATS = frozenset({14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58})
#: What a format only shows: words in quotes, what follows a backslash, colours and languages in brackets.
SHOWN_AS_IT_IS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


#: What reading stumbles over where a file is torn, locked, or not what it says. RuntimeError: it has a password.
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)


class Unreadable(Exception):
    """A file that cannot be taken: `why` is old, broken, too_big, too_many_rows, no_sheet, not_text."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def read_workbook(content: bytes, most_rows: int) -> Rows:
    """The rows of the first sheet, each where it stands. Raises Unreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = _Parts(archive)
            sheet = _first_sheet(parts)
            shared = _shared_strings(parts)
            reader = _Sheet(shared, most_rows, _day_styles(parts), _first_day(parts))
            parts.parse(sheet, reader)
            return reader.rows
    except BROKEN:
        raise Unreadable("broken") from None


class _Parts:
    """The parts of a workbook, unpacked in pieces; what comes out of all of them together is counted."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        infos = archive.infolist()
        if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > MOST_UNPACKED:
            raise Unreadable("too_big")
        self._archive = archive
        self.names = {info.filename for info in infos}
        self._unpacked = 0

    def parse(self, name: str, reader: "_Reader") -> None:
        """Read a part's XML into a reader, which sees elements by their names without the namespace."""
        parser = expat.ParserCreate(namespace_separator="\n")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse
        parser.StartElementHandler = lambda tag, attributes: reader.start(_local(tag), attributes)
        parser.EndElementHandler = lambda tag: reader.end(_local(tag))
        parser.CharacterDataHandler = reader.text
        with self._archive.open(name) as part:
            while piece := part.read(CHUNK):
                self._unpacked += len(piece)
                if self._unpacked > MOST_UNPACKED:
                    raise Unreadable("too_big")
                parser.Parse(piece, False)
        parser.Parse(b"", True)


def _refuse(*_declared: Any) -> None:
    """No workbook declares a document type: only what wants to blow up, or to read files, does."""
    raise Unreadable("broken")


def _local(tag: str) -> str:
    """An element's name where it is one of spreadsheets; empty for others."""
    space, _, name = tag.rpartition("\n")
    return name if space in (MAIN, STRICT_MAIN, RELATIONS) else ""


class _Reader:
    """What is done with a part's XML."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """It ends."""

    def text(self, text: str) -> None:
        """Letters between."""


@dataclass
class _Attributes(_Reader):
    """The attributes of all elements of one name."""

    wanted: str
    found: list[dict[str, str]] = field(default_factory=list)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == self.wanted:
            self.found.append(attributes)


def _first_sheet(parts: _Parts) -> str:
    """The name of the part that is the first sheet."""
    if "xl/workbook.xml" not in parts.names:
        raise Unreadable("no_sheet")
    sheets, relations = _Attributes("sheet"), _Attributes("Relationship")
    parts.parse("xl/workbook.xml", sheets)
    parts.parse("xl/_rels/workbook.xml.rels", relations)
    targets = {relation["Id"]: relation["Target"] for relation in relations.found}
    for sheet in sheets.found:
        wanted = sheet.get(f"{OFFICE}\nid") or sheet.get(f"{STRICT_OFFICE}\nid") or ""
        name = posixpath.normpath(posixpath.join("/xl", targets.get(wanted, ""))).lstrip("/")
        if name in parts.names:
            return name
    raise Unreadable("no_sheet")


@dataclass
class _Strings(_Reader):
    """The texts that cells point to; how a word is read aloud (`rPh`) is no part of it."""

    found: list[str] = field(default_factory=list)
    _now: list[str] = field(default_factory=list)
    _is_text: bool = False
    _is_aloud: bool = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "si":
            self._now = []
        elif name == "rPh":
            self._is_aloud = True
        elif name == "t":
            self._is_text = not self._is_aloud

    def end(self, name: str) -> None:
        if name == "si":
            if len(self.found) == MOST_STRINGS:
                raise Unreadable("too_big")
            self.found.append("".join(self._now)[:MOST_LETTERS])
        elif name == "rPh":
            self._is_aloud = False
        elif name == "t":
            self._is_text = False

    def text(self, text: str) -> None:
        if self._is_text:
            self._now.append(text)


def _shared_strings(parts: _Parts) -> list[str]:
    strings = _Strings()
    if "xl/sharedStrings.xml" in parts.names:
        parts.parse("xl/sharedStrings.xml", strings)
    return strings.found


def _first_day(parts: _Parts) -> dt.date:
    """The day from which this workbook counts."""
    settings = _Attributes("workbookPr")
    parts.parse("xl/workbook.xml", settings)
    return SINCE_1904 if any(each.get("date1904") in TRUE for each in settings.found) else SINCE_1900


@dataclass
class _Styles(_Reader):
    """The formats of numbers that the workbook made itself, and which format each style of a cell has."""

    formats: dict[str, str] = field(default_factory=dict)
    of_cells: list[str] = field(default_factory=list)
    _is_of_cells: bool = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            self.formats[attributes["numFmtId"]] = attributes["formatCode"]
        elif name == "cellXfs":
            self._is_of_cells = True
        elif name == "xf" and self._is_of_cells:
            self.of_cells.append(attributes.get("numFmtId", "0"))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._is_of_cells = False


def _day_styles(parts: _Parts) -> set[str]:
    """The styles, by number, that show a number as a day."""
    styles = _Styles()
    if "xl/styles.xml" in parts.names:
        parts.parse("xl/styles.xml", styles)
    return {
        str(place)
        for place, name in enumerate(styles.of_cells)
        if _shows_day(styles.formats[name] if name in styles.formats else int(name))
    }


def _shows_day(form: str | int) -> bool:
    if isinstance(form, int):
        return form in DAY_FORMATS
    return not {"y", "d"}.isdisjoint(SHOWN_AS_IT_IS.sub("", form).lower())


class _Sheet(_Reader):
    """The cells of a sheet as text, rows and columns where they stand."""

    def __init__(self, shared: list[str], most_rows: int, day_styles: set[str], first_day: dt.date) -> None:
        self.rows: Rows = []
        self._shared, self._most_rows = shared, most_rows
        self._day_styles, self._first_day = day_styles, first_day
        self._is_day = False
        self._row, self._column = 0, 0
        self._kind = ""
        self._is_aloud = False
        self._into: list[str] | None = None
        self._value: list[str] = []
        self._formula: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0
        elif name == "c":
            self._column = _column(attributes.get("r", ""), self._column)
            self._kind = attributes.get("t", "n")
            self._is_day = self._kind == "n" and attributes.get("s", "0") in self._day_styles
            self._value, self._formula = [], []
        elif name == "f":
            self._into = self._formula
            self._formula.append("=")
        elif name in ("v", "t") and not self._is_aloud:
            self._into = self._value
        elif name == "rPh":
            self._is_aloud = True

    def end(self, name: str) -> None:
        if name == "c":
            self._put("".join(self._formula or self._value)[:MOST_LETTERS])
        elif name in ("v", "t", "f"):
            self._into = None
        elif name == "rPh":
            self._is_aloud = False

    def text(self, text: str) -> None:
        if self._into is not None:
            self._into.append(text)

    def _put(self, value: str) -> None:
        if self._kind == "s" and not self._formula and value:
            value = self._shared[int(value)]
        elif self._kind == "d":
            value = value.partition("T")[0]
        elif self._is_day and not self._formula:
            value = self._day(value)
        if not value.strip() or self._column > MOST_COLUMNS:
            return
        if not 0 < self._row <= self._most_rows:
            raise Unreadable("too_many_rows" if self._row > 0 else "broken")
        while len(self.rows) < self._row:
            self.rows.append([])
        row = self.rows[self._row - 1]
        row += [""] * (self._column - len(row))
        row[self._column - 1] = value

    def _day(self, value: str) -> str:
        """The day that a number stands for; the number itself where it is a time of day, or no day at all."""
        try:
            number = float(value)
            return str(self._first_day + dt.timedelta(days=int(number))) if number >= 1 else value
        except (ValueError, OverflowError):
            return value


def _column(reference: str, before: int) -> int:
    """The number of a cell's column from a reference like C7, or the one after the cell before."""
    found = REFERENCE.fullmatch(reference)
    if found is None:
        return before + 1
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
