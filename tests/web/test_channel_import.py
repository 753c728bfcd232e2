"""Many channels from a spreadsheet: looked at first, then all of them made at once, or none."""

import io
import json
import time

import pytest

from tests.documents.test_spreadsheets import workbook
from tests.visiting import Page, Visitor, words
from tests.web.officers import Desks, desks  # noqa: F401 - fixtures
from whistle.documents import spreadsheets
from whistle.documents.workbooks import MAIN
from whistle.services import channel_import as service
from whistle.services import channels, ledger
from whistle.services import desks as desk_service
from whistle.services.channel_import import Row
from whistle.services.channels import Details
from whistle.services.errors import Invalid, NotAllowed
from whistle.services.shell import SHELL
from whistle.store.channels import Channel
from whistle.store.entries import Entry
from whistle.web import uploads
from whistle.web.admin import channel_import

ADDRESS = "/admin/channels/import"
HEAD = "名称,单位代码,张贴地点,受理台,语言,欢迎语,英文欢迎语,从哪天起,到哪天为止,公开（是/否）\n"
GOOD = '东门,qy01,一楼,,中文,"您好\n请讲",,2026-09-20,46387,否\n南门,QY01,,,,,,,,\n'


def send(visitor: Visitor, content: bytes | str, status: int = 200) -> Page:
    """Upload a file of this content."""
    raw = content.encode() if isinstance(content, str) else content
    return visitor.submit(visitor.get(ADDRESS), "核对", status, file=(io.BytesIO(raw), "a.xlsx"))


def made(but: int = 1) -> int:
    """How many channels there are beyond the office's own."""
    return Channel.select().count() - but


def test_a_sheet_is_looked_at_first_and_then_all_are_made(desks: Desks) -> None:  # noqa: F811
    admin = desks.sit("admin")
    page = send(admin, HEAD + GOOD)
    assert "还没有开通。请核对下面的2个渠道" in page.text
    assert made() == 0
    before = Entry.select().count()
    page = admin.submit(page, "开通这2个渠道")
    assert "渠道已全部开通" in page.text
    assert len(page.soup.select(".small-poster")) == 2
    south, east = channels.list_channels(SHELL)[:2]
    assert (east.name, east.place, east.languages, east.is_public) == ("东门", "一楼", ("zh_CN",), False)
    assert (east.welcome_zh, str(east.valid_from), str(east.valid_to)) == (
        "您好\n请讲",
        "2026-09-20",
        "2026-12-31",
    )
    assert (south.languages, south.is_public, south.desk_id) == (channels.LANGUAGES, True, 1)
    assert Entry.select().count() == before + 2
    assert ledger.matching(list(Channel.select().where(Channel.id > 1)))


def test_the_templates_are_taken_as_they_are(desks: Desks) -> None:  # noqa: F811
    desk_service.rename(desks.office["admin"], 1, "=受理台", "=Desk")
    admin = desks.sit("admin")
    for ending in ("xlsx", "csv"):
        answer = admin.client.get(f"{ADDRESS}/template.{ending}")
        assert answer.headers["Content-Disposition"] == f'attachment; filename="channels.{ending}"'
        rows = spreadsheets.read(answer.data, 9)
        assert rows[1][3] == "=受理台", "an office may call a desk so: it is written as text"
        assert ending == "xlsx" or "'=受理台" in answer.text
    desk_service.rename(desks.office["admin"], 1, "受理台", "Desk")
    content = admin.client.get(f"{ADDRESS}/template.xlsx").data
    assert "请核对下面的1个渠道" in send(admin, content).text
    english = "Name\tUnit code\tDesk\tPublic\tLanguages\n西门\tQY01\tDesk\tno\tChinese and English"
    page = admin.submit(admin.get(ADDRESS), "核对", pasted=english)
    assert "请核对下面的1个渠道" in page.text
    admin.headers = {"Accept-Language": "en"}
    page = admin.submit(admin.get(ADDRESS), "Check", pasted=english)
    assert "Make 1 channel" in page.text
    page = admin.submit(admin.get(ADDRESS), "Check", 422, pasted=english.replace("QY01", "NONE"))
    assert "Unit code: There is no" in page.text


WRONG = {
    "名称,地点\n东门,一楼": "第一行是列名，里面没有“单位代码”。请用下面的模板",
    "名称,单位代码,密级\n东门,QY01,1": "没有“密级”这一列，请改成模板里的列名，或者删掉这一列",
    "名称,单位代码,名称\n东门,QY01,1": "“名称”有两列，请删掉一列",
    HEAD: "里面没有渠道。只读第一张工作表：第一行是列名，从第二行起一行一个渠道",
    "": "里面没有渠道。只读第一张工作表：第一行是列名，从第二行起一行一个渠道",
    HEAD + "a,QY01\n" * 1_001: "一次最多1,000行。请分成几个文件",
    "\0": "这不是表格文件。请上传.xlsx或者.csv",
}


@pytest.mark.parametrize("content", WRONG, ids=lambda content: WRONG[content][:12])
def test_a_sheet_that_cannot_be_is_told_in_words(desks: Desks, content: str) -> None:  # noqa: F811
    assert send(desks.sit("admin"), content, 422).faults == [WRONG[content]]


@pytest.mark.parametrize("since_1904", [False, True])
def test_days_of_a_workbook_are_shown_as_days_from_whichever_year_it_counts(
    desks: Desks,  # noqa: F811
    since_1904: bool,
) -> None:
    admin = desks.sit("admin")
    page = send(admin, with_days(since_1904))
    assert "从哪天起：2027年1月1日" in page.text
    assert "到哪天为止：2028年2月29日" in page.text
    assert "公开：否" in page.text
    admin.submit(page, "开通这1个渠道")
    made_row = channels.list_channels(SHELL)[0]
    assert (str(made_row.valid_from), str(made_row.valid_to)) == ("2027-01-01", "2028-02-29")


def with_days(since_1904: bool) -> bytes:
    """A workbook with a day, a moment and a box that is not ticked."""
    first, last = (44926, 45350.354) if since_1904 else (46388, 46812.354)
    cells = (
        '<row><c t="inlineStr"><is><t>窗口</t></is></c><c t="inlineStr"><is><t>QY01</t></is></c>'
        f'<c s="1"><v>{first}</v></c><c s="2"><v>{last}</v></c><c t="b"><v>0</v></c></row>'
    )
    head = "".join(
        f'<c t="inlineStr"><is><t>{words}</t></is></c>'
        for words in ("名称", "单位代码", "从哪天起", "到哪天为止", "公开")
    )
    return workbook(
        f'<worksheet xmlns="{MAIN}"><sheetData><row>{head}</row>{cells}</sheetData></worksheet>',
        more={
            "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts>'
            '<numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/></numFmts>'
            '<cellStyleXfs><xf numFmtId="0"/><xf numFmtId="0"/></cellStyleXfs>'
            '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="176"/></cellXfs></styleSheet>'
        },
        settings='<workbookPr date1904="1"/>' if since_1904 else "",
    )


def test_text_where_a_file_belongs_is_taken_for_no_file(desks: Desks) -> None:  # noqa: F811
    admin = desks.sit("admin")
    page = admin.submit(admin.get(ADDRESS), "核对", 422, file="东门,qy01")
    assert "请选择一个表格文件，或者把表格粘贴进来" in page.text
    assert made() == 0


def test_a_row_of_merged_cells_says_what_is_missing(desks: Desks) -> None:  # noqa: F811
    page = send(desks.sit("admin"), "名称,单位代码\n东门,QY01\n西门,\n", 422)
    assert "请填写单位代码。合并的单元格只有第一行算数" in page.text


def test_an_old_workbook_and_a_torn_one_are_told_in_words(desks: Desks) -> None:  # noqa: F811
    admin = desks.sit("admin")
    assert "旧的Excel格式（.xls）" in send(admin, b"\xd0\xcf\x11\xe0" + b"\0" * 99, 422).faults[0]
    torn = spreadsheets.write_workbook([["名称", "单位代码"]], [9, 9], "a")[:-30]
    assert "这个文件打不开" in send(admin, torn, 422).faults[0]
    assert admin.submit(admin.get(ADDRESS), "核对", 422).faults == ["请选择一个表格文件，或者把表格粘贴进来"]


def test_more_than_a_megabyte_is_not_read_and_no_more_than_fits_goes_along(
    desks: Desks,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    admin = desks.sit("admin")
    page = admin.post(ADDRESS, b"x" * 1_000_001, 413, content_type="multipart/form-data; boundary=x")
    assert page.h1 == "表格太大了"
    assert "一次最多1 MB、1,000行" in page.text
    monkeypatch.setattr(channel_import, "MOST_CARRIED", 50)
    assert send(admin, HEAD + GOOD, 422).faults == ["内容太多，请分成几个文件"]


def test_an_uploaded_sheet_lies_in_no_temporary_file(
    desks: Desks,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    admin = desks.sit("admin")
    opened = uploads.UploadRequest._get_file_stream
    streams = []

    def noted(*given: object, **more: object) -> object:
        streams.append(opened(*given, **more))
        return streams[-1]

    monkeypatch.setattr(uploads.UploadRequest, "_get_file_stream", noted)
    send(admin, HEAD + GOOD)
    assert [type(stream) for stream in streams] == [io.BytesIO]


def test_every_fault_stands_beside_its_row_and_nothing_is_made(desks: Desks) -> None:  # noqa: F811
    desk_service.make(desks.office["admin"], "分台", "Branch")
    lines = [
        "好的,QY01,一楼,分台",
        ",QY01,,分台",
        "南门,NONE,,没有的台",
        "=1+1,QY01,,分台,日文,,,明年,2026-02-30,也许",
        "北门,QY01,,,,,,2026-12-31,2026-12-30",
        "老的,QY01,,分台,,,,,2020-01-01",
        f"{'长' * 61},QY01,,分台",
        "好的,qy01,一楼,分台",
        "企业开办窗口,QY01,政务服务大厅一楼3号窗口,分台",
    ]
    page = send(desks.sit("admin"), HEAD + "\n".join(lines), 422)
    assert page.faults == ["9行里有8行要修改，一个渠道也没有开通"]
    told = [words(row) for row in page.soup.select("tbody tr")]
    for row, sentence in zip(told, SENTENCES, strict=True):
        for part in sentence:
            assert part in row
    kept = page.soup.select_one("textarea").get_text()
    assert "'=1+1\tQY01\t\t分台\t日文" in kept
    assert made() == 0


SENTENCES = [
    ["第3行", "名称：请填写这一项"],
    ["第4行", "单位代码：没有这个单位代码", "受理台：没有这个受理台"],
    ["第5行", "名称：这里是公式", "语言：请写“中文”", "从哪天起：请按这样的格式", "公开：请写“是”"],
    ["第6行", "受理台：受理台不止一个", "到哪天为止：截止日期不能早于开始日期"],
    ["第7行", "到哪天为止：这一天已经过去"],
    ["第8行", "名称：写得太长了"],
    ["第9行", "名称：和前面的一行相同"],
    ["第10行", "名称：已经有这个渠道"],
]


def test_what_was_wrong_is_mended_in_the_box(desks: Desks) -> None:  # noqa: F811
    admin = desks.sit("admin")
    page = send(admin, HEAD + GOOD + "西门,NONE,,,,,,,,\n", 422)
    mended = page.soup.select_one("textarea").get_text().replace("NONE", "QY01")
    page = admin.submit(admin.submit(page, "核对", pasted=mended), "开通这3个渠道")
    assert made() == 3
    assert channels.list_channels(SHELL)[2].welcome_zh == "您好\n请讲"


def test_the_rows_are_looked_at_again_when_they_are_made(desks: Desks) -> None:  # noqa: F811
    admin = desks.sit("admin")
    page = send(admin, HEAD + GOOD)
    admin.submit(page, "开通这2个渠道")
    again = admin.submit(page, "开通这2个渠道", 422)
    assert "2行里有2行要修改，一个渠道也没有开通" in again.faults
    head = ["名称", "单位代码"]
    for rows in ([head, ["东门", "NONE"]], [["名称"], ["东门"]], [head, ["=1", "QY01"]], [head]):
        admin.submit(page, "开通这2个渠道", 422, rows=json.dumps(rows))
    for odd in ("", "[", "1", '[["a"], [1]]', "[" * 9_999, json.dumps([head] * 1_002)):
        assert admin.submit(page, "开通这2个渠道", rows=odd).h1 == "从表格成批添加"
    stale = admin.submit(page, "开通这2个渠道", 422, csrf_token="x", rows=json.dumps([head, ["西", "QY01"]]))
    assert made() == 2
    admin.submit(stale, "开通这1个渠道")
    assert made() == 3


def test_five_hundred_are_made_within_seconds(desks: Desks) -> None:  # noqa: F811
    rows = [Row(Details(f"窗口{number}", "QY01", f"{number}楼"), "") for number in range(500)]
    begun = time.perf_counter()
    assert service.make_all(desks.office["admin"], rows).count == 500
    assert time.perf_counter() - begun < 20, "a few seconds, on a machine that does other things as well"
    assert made() == 500
    assert len({row.token for row in Channel.select()}) == 501


def test_one_bad_row_of_many_makes_nothing_and_leaves_no_leaf(
    desks: Desks,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    admin, before = desks.office["admin"], Entry.select().count()
    rows = [Row(Details(f"窗口{number}", "QY01")) for number in range(20)]
    for bad in ([*rows, Row(Details("x", "NONE"))], [], rows * 51):
        with pytest.raises(Invalid, match="rows"):
            service.make_all(admin, bad)
    appended = ledger.append

    def fails(*given: object, **more: object) -> None:
        if Entry.select().count() > before + 10:
            raise OSError("disk")
        appended(*given, **more)

    monkeypatch.setattr(service.ledger, "append", fails)
    with pytest.raises(OSError, match="disk"):
        service.make_all(admin, rows)
    assert (made(), Entry.select().count()) == (0, before)


def test_only_an_administrator_makes_many(desks: Desks) -> None:  # noqa: F811
    with pytest.raises(NotAllowed):
        service.make_all(desks.office["head"], [Row(Details("x", "QY01"))])
    with pytest.raises(NotAllowed):
        service.look_through(desks.office["intake"], [])


def test_carried_rows_that_are_no_text_are_taken_for_none(desks: Desks) -> None:  # noqa: F811
    admin = desks.sit("admin")
    page = send(admin, HEAD + GOOD)
    half = json.dumps([["名称", "单位代码"], ["\ud800", "QY01"]])
    assert admin.submit(page, "开通这2个渠道", rows=half).h1 == "从表格成批添加"
    assert made() == 0
