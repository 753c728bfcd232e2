"""Many channels from a spreadsheet: a template, a look at what was sent, and all of them made at once.

Nothing of a sheet is kept between the two: its rows go along in the page that shows them, and are read again.
"""

import json
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from wtforms import FileField

from whistle.documents import spreadsheets
from whistle.documents.workbooks import Rows, Unreadable
from whistle.services import channel_import as service
from whistle.services.channel_lists import SHEET_ROWS
from whistle.services.errors import Invalid
from whistle.web import uploads, wording
from whistle.web.admin import blueprint, channel_columns
from whistle.web.admin.channel_columns import COLUMNS, Line, WrongColumns
from whistle.web.admin.channels import desk_choices, unit_choices
from whistle.web.admin.ground import AdminForm
from whistle.web.forms import Hidden, Lines, show
from whistle.web.session import by

#: Rows with their heading.
MOST_ROWS = service.MOST_ROWS + 1
#: What the rows may weigh in the page that carries them: with the rest of its form it stays under 1 MB.
MOST_CARRIED = 900_000

EMPTY = _l("里面没有渠道。只读第一张工作表：第一行是列名，从第二行起一行一个渠道")
UNREADABLE = {
    "old": _l("这是旧的Excel格式（.xls），读不了。请在Excel或WPS里另存为.xlsx，再上传"),
    "broken": _l("这个文件打不开：可能没有传完整，或者设了密码。请在Excel或WPS里另存为.xlsx，再上传"),
    "too_big": _l("这个文件解开以后太大，没有读。请只留下一张工作表，去掉图片和用不到的行"),
    "too_many_rows": _l("一次最多1,000行。请分成几个文件"),
    "no_sheet": _l("这个文件里没有工作表。请用下面的模板"),
    "not_text": _l("这不是表格文件。请上传.xlsx或者.csv"),
}


class Sheet(FileField):
    """A box for one small file."""

    is_optional = True


class SheetForm(AdminForm):
    """A file, or rows that were copied out of one. Its `words` are of a row, beside those of a single channel."""

    file = Sheet(_l("表格文件"))
    pasted = Lines(
        _l("或者把表格粘贴在这里"),
        hint=_l("在Excel或WPS里选中单元格，连同第一行列名一起复制"),
        at_most=MOST_CARRIED // 3,
        rows=8,
    )
    words: ClassVar[dict[str, Any]] = {
        "rows.refused": _l("有的行要修改"),
        "name.twice": _l("和前面的一行相同：名称、单位和地点都一样"),
        "name.there_already": _l("已经有这个渠道：名称、单位和地点都一样"),
        "unit_code.unknown": _l("没有这个单位代码。代码在“单位”页面里"),
        "unit_code.empty": _l("请填写单位代码。合并的单元格只有第一行算数，请取消合并，每一行都填"),
        "desk.unknown": _l("没有这个受理台，请照“受理台”页面里的名称写"),
        "desk.which": _l("受理台不止一个，请写明是哪一个"),
    }

    def table(self) -> Rows | None:
        """The rows that were sent; None where there is a fault beside a field."""
        # Text under its name is no file.
        sent = self.file.data if isinstance(self.file.data, FileStorage) else None
        content = sent.read() if sent else b""
        where = self.file if content or (sent and sent.filename) else self.pasted
        try:
            if where is self.file:
                rows = spreadsheets.read(content, MOST_ROWS)
            else:
                rows = spreadsheets.read_text(self.pasted.data or "", MOST_ROWS)
        except Unreadable as fault:
            where.errors = [UNREADABLE[fault.why]]
            return None
        if len(rows) < 2:
            nothing = _l("请选择一个表格文件，或者把表格粘贴进来")
            where.errors = [EMPTY if rows or where is self.file else nothing]
        elif len(_carried(rows).encode()) > MOST_CARRIED:
            where.errors = [_l("内容太多，请分成几个文件")]
        return None if where.errors else rows


class MakeForm(AdminForm):
    """The rows that were looked at."""

    rows = Hidden()

    def table(self) -> Rows | None:
        """The rows, as they were carried; None where they are none."""
        try:
            rows = json.loads(self.rows.data or "")
            _carried(rows).encode()  # a half of a character is no text
        except (ValueError, RecursionError):
            return None
        is_table = isinstance(rows, list) and all(isinstance(row, list) for row in rows)
        if not is_table or len(rows) > MOST_ROWS or not all(isinstance(c, str) for row in rows for c in row):
            return None
        return rows


@dataclass(frozen=True, slots=True)
class Seen:
    """A line as the page shows it; `faults` are the columns' headings with what is wrong."""

    line: Line
    others: list[tuple[str, str]]
    faults: list[tuple[str, str]]


@blueprint.route("/channels/import", methods=["GET", "POST"])
@uploads.takes_small_file
def channel_import() -> ResponseReturnValue:
    """Send a spreadsheet, and see what it would make."""
    form = SheetForm()
    if form.validate_on_submit() and (rows := form.table()) is not None:
        return _look(rows, form)
    return show("admin/channels/import.html", form=form)


@blueprint.post("/channels/import/make")
@uploads.takes_small_file
def channel_import_make() -> ResponseReturnValue:
    """Make the channels that were looked at: all of them, or none."""
    form = MakeForm()
    rows = form.table()
    if rows is None:
        return redirect(url_for(".channel_import"), 303)
    if form.validate_on_submit():
        try:
            made = service.make_all(by(), [line.row for line in _faultless(rows)])
        except (Invalid, WrongColumns):
            return _look(rows, SheetForm(formdata=None))
        page = ".channel_sheet" if made.count <= SHEET_ROWS else ".channels"
        return redirect(url_for(page, made=f"{made.first}-{made.last}", done="channels_made"), 303)
    return _look(rows, SheetForm(formdata=None), form)


def _faultless(rows: Rows) -> list[Line]:
    lines = channel_columns.read(rows)
    if any(line.faults for line in lines):
        raise Invalid("rows", "refused")
    return lines


def _look(rows: Rows, form: SheetForm, make: MakeForm | None = None) -> ResponseReturnValue:
    """What the rows would make, or what is wrong with which; in the box they can be mended."""
    try:
        lines = channel_columns.read(rows)
    except WrongColumns as fault:
        form.pasted.data = spreadsheets.write_text(rows, "\t")
        form.form_errors += fault.sentences
        return show("admin/channels/import.html", form=form)
    refused = service.look_through(by(), [line.row for line in lines])
    seen = [_seen(line, found) for line, found in zip(lines, refused, strict=True)]
    wrong = [row for row in seen if row.faults]
    if seen and not wrong:
        make = make or MakeForm(formdata=None, data={"rows": _carried(rows)})
        return show("admin/channels/import_look.html", make=make, rows=seen)
    form.pasted.data = spreadsheets.write_text(rows, "\t")
    if not seen:
        form.form_errors.append(EMPTY)
        return show("admin/channels/import.html", form=form)
    form.form_errors.append(
        _("%(count)s行里有%(wrong)s行要修改，一个渠道也没有开通", count=len(seen), wrong=len(wrong))
    )
    return show("admin/channels/import.html", form=form, wrong=wrong)


def _seen(line: Line, refused: list[Invalid]) -> Seen:
    words = [(fault.field, str(wording.of_invalid(fault, SheetForm.words))) for fault in refused]
    others = [(str(column.heading), line.told(column)) for column in COLUMNS[4:]]
    return Seen(
        line,
        [(heading, told) for heading, told in others if told],
        [
            (str(channel_columns.BY_NAME[name].heading), told)
            for name, told in channel_columns.all_faults(line, words)
        ],
    )


def _carried(rows: Rows) -> str:
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


# The template


@blueprint.get("/channels/import/template.xlsx")
def channel_template_xlsx() -> Response:
    """An empty sheet with the headings and one line to write over."""
    content = spreadsheets.write_workbook(_template(), [column.width for column in COLUMNS], _("渠道"))
    return _file(content, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")


@blueprint.get("/channels/import/template.csv")
def channel_template_csv() -> Response:
    """The same as .csv, with the mark by which Excel knows UTF-8."""
    return _file(("\ufeff" + spreadsheets.write_text(_template())).encode(), "text/csv", "csv")


def _template() -> Rows:
    units, desks = unit_choices(), desk_choices()
    example = {
        "name": _("车辆管理窗口"),
        "unit_code": units[0][0] if units else "QS-ZJJ",
        "place": _("政务服务大厅二楼5号窗口"),
        "desk": desks[0][1] if desks else "",
        "languages": _("中文、英文"),
        "is_public": _("是"),
    }
    return [
        [str(column.heading) for column in COLUMNS],
        [example.get(column.name, "") for column in COLUMNS],
    ]


def _file(content: bytes, mimetype: str, ending: str) -> Response:
    response = Response(content, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="channels.{ending}"'
    return response
