"""Rows of text out of a spreadsheet that somebody sent (.xlsx, .csv, pasted), and into one.

What is written holds no formula: a text that begins like one is text where a program opens it, and is read back as it
was.
"""

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from whistle.documents.workbooks import (
    MAIN,
    MOST_COLUMNS,
    MOST_LETTERS,
    OFFICE,
    RELATIONS,
    SINCE_1900,
    Rows,
    Unreadable,
    read_workbook,
)

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
#: What makes a cell a formula where a program opens a .csv; an apostrophe before it makes it text.
FORMULA = re.compile(r"'*[=+\-@\t\r]")

#: A first line in which Excel says what stands between the cells.
SAID = re.compile(r"sep=([,;\t])\r?\n", re.IGNORECASE)


def read(content: bytes, most_rows: int) -> Rows:
    """The rows of a file, its heading first, without those that are empty at its end. Raises Unreadable."""
    if content.startswith(OLE):
        raise Unreadable("old")
    if content.startswith(ZIP):
        rows = read_workbook(content, most_rows)
        return _trimmed([[_plain(cell) for cell in row] for row in rows])
    return read_text(_decoded(content), most_rows)


def read_text(text: str, most_rows: int) -> Rows:
    """The rows of a .csv, or of what was copied out of a table. Raises Unreadable."""
    text = text.lstrip("\ufeff")
    if "\0" in text:
        raise Unreadable("not_text")
    if found := SAID.match(text):
        text = text[found.end() :]
    separator = found[1] if found else _separator(text.partition("\n")[0])
    rows: Rows = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            if len(rows) >= most_rows and any(cell.strip() for cell in row):
                raise Unreadable("too_many_rows")
            rows.append([_plain(cell[:MOST_LETTERS]) for cell in row[:MOST_COLUMNS]])
    except csv.Error:
        raise Unreadable("not_text") from None
    return _trimmed(rows[:most_rows])


def _separator(heading: str) -> str:
    """What stands between the cells of the heading: a tab, a comma or a semicolon."""
    return max("\t,;", key=heading.count)


def _plain(cell: str) -> str:
    """A cell without the apostrophe that keeps it from being a formula."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def _decoded(content: bytes) -> str:
    """Text as UTF-8 with or without a mark, as UTF-16 with one, or as GB18030, which Chinese programs write."""
    encodings = ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("not_text")


def _trimmed(rows: Rows) -> Rows:
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    return rows


# Writing


def write_text(rows: Iterable[Sequence[str]], separator: str = ",") -> str:
    """Rows as .csv, or separated by tabs to be copied; what a program would take for a formula is kept as text."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, lineterminator="\r\n" if separator == "," else "\n")
    writer.writerows([as_text(cell) for cell in row] for row in rows)
    return out.getvalue()


def as_text(cell: str) -> str:
    """A cell that no program takes for a formula."""
    return f"'{cell}" if FORMULA.match(cell) else cell


Value = str | int | float | dt.date | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook: its first `heads` rows are headings.

    A whole number is a count, any other a share of one, shown as a percentage; a day is a day; None is an empty cell.
    across: it prints on paper that lies across, as wide as the paper.
    """

    title: str
    rows: Sequence[Sequence[Value]]
    widths: Sequence[int]
    heads: int = 1
    across: bool = False


def write_workbook(rows: Iterable[Sequence[str]], widths: Sequence[int], title: str) -> bytes:
    """A workbook of one sheet with text in every cell, also in those that a person fills in below."""
    return write_sheets([Sheet(title, list(rows), widths)])


def write_sheets(sheets: Sequence[Sheet]) -> bytes:
    """A workbook of several sheets, each under a title of its own."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _workbook(sheets):
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{content}')
    return out.getvalue()


def _workbook(sheets: Sequence[Sheet]) -> Iterator[tuple[str, str]]:
    package = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    numbers = range(1, len(sheets) + 1)
    yield (
        "[Content_Types].xml",
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{package}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{package}.styles+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{package}.worksheet+xml"/>'
            for n in numbers
        )
        + "</Types>",
    )
    yield "_rels/.rels", _relations(("officeDocument", "xl/workbook.xml"))
    yield (
        "xl/_rels/workbook.xml.rels",
        _relations(*(("worksheet", f"worksheets/sheet{n}.xml") for n in numbers), ("styles", "styles.xml")),
    )
    listed = "".join(
        f'<sheet name="{escape(title)}" sheetId="{n}" r:id="rId{n}"/>'
        for n, title in enumerate(_titles(sheets), 1)
    )
    yield (
        "xl/workbook.xml",
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>',
    )
    yield "xl/styles.xml", STYLES
    for n, sheet in enumerate(sheets, 1):
        yield f"xl/worksheets/sheet{n}.xml", _sheet(sheet)


#: What a title of a sheet may not hold, and how long it may be.
NO_TITLE = re.compile(r"[\[\]:*?/\\'\"]")
LONGEST_TITLE = 31


def _titles(sheets: Sequence[Sheet]) -> list[str]:
    """Titles as a program takes them, no two alike."""
    found: list[str] = []
    for number, sheet in enumerate(sheets, 1):
        title = NO_TITLE.sub(" ", sheet.title).strip()[:LONGEST_TITLE]
        if not title or title.casefold() in (known.casefold() for known in found):
            end = f"~{number}"
            title = title[: LONGEST_TITLE - len(end)] + end
        found.append(title)
    return found


#: Formats of cells by their number: 0 any, 1 text, 2 a heading, 3 a count, 4 a share, 5 a day. Format 49 is text: what
#: is typed into such a cell stays as it was typed.
TEXT, HEADING, COUNT, SHARE, DAY = 1, 2, 3, 4, 5
_PLAIN = 'fillId="0" borderId="0" xfId="0"'
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="0.0%"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/></font><font><b/><sz val="11"/></font></fonts>'
    # Programs know the first two fills by their number, and some open no book that leaves them out.
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    f'<cellXfs count="6"><xf numFmtId="0" fontId="0" {_PLAIN}/>'
    f'<xf numFmtId="49" fontId="0" {_PLAIN} applyNumberFormat="1"/>'
    f'<xf numFmtId="49" fontId="1" {_PLAIN} applyNumberFormat="1" applyFont="1"/>'
    f'<xf numFmtId="1" fontId="0" {_PLAIN} applyNumberFormat="1"/>'
    f'<xf numFmtId="164" fontId="0" {_PLAIN} applyNumberFormat="1"/>'
    f'<xf numFmtId="165" fontId="0" {_PLAIN} applyNumberFormat="1"/></cellXfs></styleSheet>'
)


def _sheet(sheet: Sheet) -> str:
    fit = '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>' if sheet.across else ""
    page = (
        '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>'
        if sheet.across
        else ""
    )
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{width}" style="{TEXT}" customWidth="1"/>'
        for n, width in enumerate(sheet.widths, 1)
    )
    rows = "".join(_row(row, number <= sheet.heads) for number, row in enumerate(sheet.rows, 1))
    return f'<worksheet xmlns="{MAIN}">{fit}<cols>{columns}</cols><sheetData>{rows}</sheetData>{page}</worksheet>'


def _relations(*targets: tuple[str, str]) -> str:
    found = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{RELATIONS}">{found}</Relationships>'


def _row(row: Sequence[Value], is_heading: bool) -> str:
    return f"<row>{''.join(_cell(value, HEADING if is_heading else TEXT) for value in row)}</row>"


def _cell(value: Value, style: int) -> str:
    if value is None:
        return f'<c s="{style}"/>'
    if isinstance(value, str):
        return f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    if isinstance(value, dt.date):
        return f'<c s="{DAY}"><v>{(value - SINCE_1900).days}</v></c>'
    return f'<c s="{COUNT if isinstance(value, int) else SHARE}"><v>{value}</v></c>'
