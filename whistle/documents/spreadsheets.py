"""Rows of text out of a spreadsheet that somebody sent (.xlsx, .csv, pasted), and into one.

What is written is text in every cell: whatever begins like a formula is none where a program opens it, and is read
back as it was.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape

from whistle.documents.workbooks import (
    MAIN,
    MOST_COLUMNS,
    MOST_LETTERS,
    OFFICE,
    RELATIONS,
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


def write_workbook(rows: Iterable[Sequence[str]], widths: Sequence[int], title: str) -> bytes:
    """A workbook of one sheet with text in every cell, also in those that a person fills in below."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _workbook(rows, widths, title):
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{content}')
    return out.getvalue()


def _workbook(rows: Iterable[Sequence[str]], widths: Sequence[int], title: str) -> Iterator[tuple[str, str]]:
    package = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    yield (
        "[Content_Types].xml",
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{package}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{package}.styles+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{package}.worksheet+xml"/></Types>',
    )
    yield "_rels/.rels", _relations(("officeDocument", "xl/workbook.xml"))
    yield (
        "xl/_rels/workbook.xml.rels",
        _relations(("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml")),
    )
    yield (
        "xl/workbook.xml",
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        f'<sheet name="{escape(title)}" sheetId="1" r:id="rId1"/></sheets></workbook>',
    )
    # Format 49 is text: what is typed into such a cell stays as it was typed. The heading is bold as well.
    yield (
        "xl/styles.xml",
        f'<styleSheet xmlns="{MAIN}"><fonts count="2"><font/><font><b/></font></fonts>'
        '<fills count="1"><fill/></fills><borders count="1"><border/></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>'
        "</cellXfs></styleSheet>",
    )
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{width}" style="1" customWidth="1"/>'
        for n, width in enumerate(widths, 1)
    )
    cells = "".join(_row(row, style=1 if number else 2) for number, row in enumerate(rows))
    yield (
        "xl/worksheets/sheet1.xml",
        f'<worksheet xmlns="{MAIN}"><cols>{columns}</cols><sheetData>{cells}</sheetData></worksheet>',
    )


def _relations(*targets: tuple[str, str]) -> str:
    found = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{RELATIONS}">{found}</Relationships>'


def _row(row: Sequence[str], style: int) -> str:
    cells = "".join(
        f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
        for cell in row
    )
    return f"<row>{cells}</row>"
