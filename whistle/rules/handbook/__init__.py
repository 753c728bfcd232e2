"""The rule tables as one text for a jurist, in both languages: `whistle rules --markdown`, kept as docs/rules.md."""

from collections.abc import Iterable

from whistle.rules.clock_rows import CLOCKS
from whistle.rules.handbook import catalogues, periods, stages
from whistle.rules.handbook.words import both, days, is_own, is_unread, table
from whistle.rules.measures import MEASURES
from whistle.rules.taxonomy import CATEGORIES, DECLINE_REASONS
from whistle.rules.terms import SOURCES, Row, cited
from whistle.rules.workflow import ACTIONS

_BEGINNING = """# 规则 The rules

本文由 `make rules` 从程序的规则表生成，不要手改：程序照这些表办事，表改了，这里也跟着改。
供法律专业人员核对，不是法律意见。每一行写明依据、施行日期和最近一次核对条文的日期。
“本机关标准”没有法条规定，由本机关自定，可以缩短，不得超过法定期限。

Made from the program's rule tables by `make rules`; not to be edited. The program acts by these tables. They are here
for a jurist to check and are no legal advice. Each row names its source, the day it took force and the day its articles
were last read; the office's own standard rests on no article, may be shortened and never passes a limit of law.
"""

_HOW_PERIODS_RUN = """
起算之日为第零日。按月计算的，到期月没有相应日的，以该月最后一日为到期日。
期限届满日是休息日的，顺延到下一个工作日；处分期不顺延，由人填写的日期照填。

补正期间，要求补正之后、收到补正之日为止的天数加入本机关自定的期限，但不得因此超过法定期限；
法定期限不因补正而中止。延长自未顺延的到期日起算。

以转密封处理、暂存、退回、退回补充调查、收回交办或者补正逾期离开环节的，该环节的期限撤销，不计完成。
改变事项类型的，期限按事件重新计算。案件结束，期限撤销，标明“案件结束后继续”的除外；密封上报后全部撤销。
打击报复线索，自定期限减半，不足一的进一。

The starting day is day 0. Months end on the same day number, or on the month's last day where there is none. A period
that ends on a day off ends on the next working day; a sanction's period does not move, nor does a day that somebody
entered. While facts are waited for, the days after asking up to and including answering are added to the office's own
lengths, never past a limit of law, and the law's lengths do not stand still. An extension counts from the due day
before it was moved. Leaving a stage by sealed handling, hold, sending back, returning for more investigation,
recalling a referral or a lapse cancels its clock; a changed kind recomputes all from the events. The end of a case
cancels what does not go on after it, forwarding under seal cancels everything. Where retaliation is reported the
office's own lengths are halved and rounded up.
"""


def text() -> str:
    """The whole of it."""
    chapters = (
        ("规范性文件 Texts", _texts()),
        ("环节 States", [*stages.states(), *stages.diagrams()]),
        ("各环节可以做什么 What may be done in each state", stages.by_state()),
        ("期限 Clocks", [*_HOW_PERIODS_RUN.strip().splitlines(), "", *periods.clocks()]),
        ("办理步骤 Actions on a case", stages.actions()),
        ("案件内的对象、措施、谈话、承诺、整改事项 Things of a case", stages.actions_on_things()),
        ("措施目录 Measures", catalogues.measures()),
        ("问题类别 Categories", catalogues.categories()),
        ("不予受理的理由 Reasons to decline", catalogues.decline_reasons()),
        ("其他选项 Other choices", catalogues.choices()),
        ("本机关标准 The office's own standard", _own()),
        ("尚待核对的条文 Rows whose text is not at hand", _unread()),
    )
    said = [_BEGINNING]
    for number, (title, lines) in enumerate(chapters, 1):
        said += [f"## {number}. {title}", "", *lines]
    return "\n".join(said).rstrip("\n") + "\n"


def _texts() -> list[str]:
    rows = [
        [
            law.key,
            both(law.term),
            law.since.isoformat(),
            law.checked.isoformat() if law.checked else "未见文本 not at hand",
        ]
        for law in SOURCES.values()
        if law.key != "OWN"
    ]
    own = SOURCES["OWN"]
    rows.append([own.key, both(own.term), "", ""])
    return table(["key", "文件 text", "施行 in force", "核对 read"], rows)


def _rows() -> Iterable[Row]:
    return (*ACTIONS.values(), *CLOCKS, *MEASURES, *CATEGORIES, *DECLINE_REASONS)


def _own() -> list[str]:
    """Lengths that no article gives, and actions without one."""
    actions = [row for row in ACTIONS.values() if is_own(row)]
    measures = [row for row in (*MEASURES, *CATEGORIES, *DECLINE_REASONS) if is_own(row)]
    return [
        "### 期限 Lengths",
        "",
        *periods.own_lengths(),
        "",
        "### 步骤 Actions",
        "",
        *(f"- {both(row.term)} `{row.name}`" for row in actions),
        "",
        "### 措施、类别、理由 Measures, categories, reasons",
        "",
        *(f"- {both(row.term)} `{row.name}`（{cited(row.source)}）" for row in measures),
        "",
    ]


def _unread() -> list[str]:
    rows = [
        [both(row.term), f"`{row.name}`", cited(row.source), days(row)] for row in _rows() if is_unread(row)
    ]
    return table(["名称 name", "code", "依据 source", "日期 days"], rows)
