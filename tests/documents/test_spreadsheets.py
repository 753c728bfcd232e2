"""Spreadsheets in and out: every form that offices send, and what wants to do harm."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from whistle.documents import spreadsheets, workbooks
from whistle.documents.workbooks import MAIN, OFFICE, RELATIONS, Unreadable

ROWS = [["名称", "单位代码"], ["企业开办窗口", "QY01"], ["“东门”, 一楼\n二楼", "QY02"]]
SHEET = f'<worksheet xmlns="{MAIN}"><sheetData>%s</sheetData></worksheet>'
CELL = '<c r="A{0}" t="inlineStr"><is><t>x</t></is></c>'


def workbook(
    sheet: str,
    *,
    more: dict[str, str] | None = None,
    target: str = "worksheets/sheet2.xml",
    settings: str = "",
) -> bytes:
    """A workbook as other programs write it: the sheet has another number, its texts may lie elsewhere."""
    parts = {
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{settings}<sheets>'
        '<sheet name="a" r:id="rId7"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELATIONS}">'
        f'<Relationship Id="rId7" Target="{target}"/></Relationships>',
        "xl/worksheets/sheet2.xml": sheet,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (parts | (more or {})).items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("separator", [",", "\t", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_in_every_encoding_and_with_every_separator(encoding: str, separator: str) -> None:
    assert spreadsheets.read(spreadsheets.write_text(ROWS, separator).encode(encoding), 9) == ROWS


def test_a_workbook_is_read_back_and_another_program_would_read_text() -> None:
    rows = [*ROWS, ["=1+1", "<&>"], ["+8", "@a"]]
    content = spreadsheets.write_workbook(rows, [20, 8], "渠道")
    assert spreadsheets.read(content, 9) == rows
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert sheet.count('t="inlineStr"') == 10


def test_cells_stand_where_their_references_say_and_shared_texts_have_no_reading_aloud() -> None:
    row = '<row r="3"><c r="B3" t="s"><v>1</v></c><c><v>46387</v></c><c t="b"><v>1</v></c></row>'
    strings = (
        f'<sst xmlns="{MAIN}"><si><t>a</t></si>'
        "<si><r><t>东</t></r><r><t>京</t></r><rPh><t>とう</t></rPh></si></sst>"
    )
    found = spreadsheets.read(workbook(SHEET % row, more={"xl/sharedStrings.xml": strings}), 9)
    assert found == [[], [], ["", "东京", "46387", "1"]]


def test_a_day_is_a_number_whose_style_says_so() -> None:
    styles = (
        f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="170" formatCode="[Red]0&quot;day&quot;"/>'
        '<numFmt numFmtId="171" formatCode="[$-804]m\\.d"/></numFmts>'
        '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="170"/>'
        '<xf numFmtId="171"/><xf numFmtId="31"/><xf/></cellXfs></styleSheet>'
    )
    cells = "".join(f'<c s="{style}"><v>46388</v></c>' for style in range(5))
    odd = '<c s="3"><v>0.5</v></c><c s="3"><v>9e99</v></c><c s="3"><f>A1</f><v>1</v></c>'
    iso = '<c t="d"><v>2027-01-01T08:00:00</v></c>'
    found = spreadsheets.read(
        workbook(SHEET % f"<row>{cells}{odd}{iso}</row>", more={"xl/styles.xml": styles}), 9
    )
    day = "2027-01-01"
    assert found == [["46388", "46388", day, day, "46388", "0.5", "9e99", "=A1", day]]


def test_a_first_line_may_say_what_stands_between() -> None:
    assert spreadsheets.read("sep=;\r\n名称;a,b,c\r\n".encode(), 9) == [["名称", "a,b,c"]]


def test_a_formula_stays_the_text_it_is() -> None:
    row = '<row><c><f>HYPERLINK("http://x")</f><v>7</v></c><c t="str"><f>A1</f><v>y</v></c></row>'
    assert spreadsheets.read(workbook(SHEET % row), 9) == [['=HYPERLINK("http://x")', "=A1"]]


@pytest.mark.parametrize("cell", ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "'=1", "''+"])
def test_what_looks_like_a_formula_is_written_as_none_and_read_back_as_it_was(cell: str) -> None:
    written = spreadsheets.write_text([["a", "b"], [cell, "c"]])
    assert written.splitlines()[1].lstrip('"').startswith("'")
    assert spreadsheets.read_text(written, 9) == [["a", "b"], [cell, "c"]]


def _torn() -> bytes:
    return workbook(SHEET % CELL)[:-40]


def _locked() -> bytes:
    content = bytearray(workbook(SHEET % "<row/>"))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(mark)
        while place >= 0:
            content[place + offset] |= 1
            place = content.find(mark, place + 4)
    return bytes(content)


def _lying() -> bytes:
    """A bomb that says it is small."""
    content = bytearray(workbook(SHEET % " " * 1_000_000))
    size = (len(SHEET % " ") * 1_000_000).to_bytes(4, "little")
    assert size in content
    return bytes(content.replace(size, (100).to_bytes(4, "little")))


DOCTYPE = '<!DOCTYPE s [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "an old .xls": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old"),
    "a torn zip": (_torn, "broken"),
    "a zip with a password": (_locked, "broken"),
    "the mark of a zip and nothing": (lambda: b"PK\x03\x04" + b"x" * 90, "broken"),
    "a zip that is no workbook": (lambda: _zip({"word/document.xml": "<x/>"}), "no_sheet"),
    "a sheet that is elsewhere": (lambda: workbook("", target="../../etc/passwd"), "no_sheet"),
    "no XML": (lambda: workbook("<worksheet"), "broken"),
    "a bomb of entities": (lambda: workbook(DOCTYPE + SHEET % "<row><c><v>&b;</v></c></row>"), "broken"),
    "a bomb of zeros": (lambda: workbook(SHEET % (" " * 30_000_000)), "too_big"),
    "a bomb that says it is small": (_lying, "broken"),
    "a thousand parts": (lambda: workbook("", more={f"xl/{n}": "" for n in range(1_000)}), "too_big"),
    "a million texts": (
        lambda: workbook("", more={"xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{"<si/>" * 10**6}</sst>'}),
        "too_big",
    ),
    "a text that is not there": (lambda: workbook(SHEET % '<row><c t="s"><v>9</v></c></row>'), "broken"),
    "a row before the first": (lambda: workbook(SHEET % f'<row r="-1">{CELL}</row>'), "broken"),
    "a row far below": (lambda: workbook(SHEET % f'<row r="{10**9}">{CELL}</row>'), "too_many_rows"),
    "100,000 rows": (
        lambda: workbook(SHEET % "".join(f"<row>{CELL.format(n)}</row>" for n in range(1, 100_001))),
        "too_many_rows",
    ),
    "100,000 rows of text": (lambda: b"a,b\n" * 100_000, "too_many_rows"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not_text"),
}


def _zip(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("what", HOSTILE)
def test_what_cannot_be_taken_says_why(what: str) -> None:
    make, why = HOSTILE[what]
    with pytest.raises(Unreadable) as fault:
        spreadsheets.read(make(), 1_001)
    assert fault.value.why == why


def test_a_bomb_is_not_unpacked_beyond_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = workbook(SHEET % (" " * 200_000))
    monkeypatch.setattr(workbooks, "MOST_UNPACKED", 100_000)
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_args: pytest.fail("unpacked"))
    with pytest.raises(Unreadable, match="too_big"):
        spreadsheets.read(bomb, 9)


def test_empty_rows_below_are_none_and_an_empty_file_has_none() -> None:
    assert spreadsheets.read(b"a,b\n1,2\n,\n\n , \n", 2) == [["a", "b"], ["1", "2"]]
    assert spreadsheets.read(b"", 9) == []


def test_numbers_shares_and_days_are_read_back_as_what_they_are() -> None:
    day = dt.date(2026, 11, 23)
    rows = [["名称", "件数"], ["=1+1", 12, 0.857, day, None, "完"]]
    content = spreadsheets.write_sheets([spreadsheets.Sheet("周", rows, [10, 8], across=True)])
    assert spreadsheets.read(content, 9) == [
        ["名称", "件数"],
        ["=1+1", "12", "0.857", "2026-11-23", "", "完"],
    ]


def test_every_sheet_has_a_title_that_programs_take_and_none_twice() -> None:
    wanted = ["a/b", "a:b", "长" * 40, "长" * 40, "plain", "<&>", ""]
    content = spreadsheets.write_sheets([spreadsheets.Sheet(title, [["x"]], [9]) for title in wanted])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
        assert len([name for name in archive.namelist() if "worksheets" in name]) == len(wanted)
    titles = [sheet.get("name") or "" for sheet in book.iter(f"{{{MAIN}}}sheet")]
    assert len({title.casefold() for title in titles}) == len(wanted)
    assert all(0 < len(title) <= 31 and not set(title) & set("[]:*?/\\'") for title in titles)
