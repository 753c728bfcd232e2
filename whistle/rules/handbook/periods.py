"""The clocks: how long, from what to what, extended by whom, and which lengths are the office's own."""

from whistle.rules.clock_rows import CLOCKS, Clock, Length
from whistle.rules.handbook import words
from whistle.rules.handbook.words import both, lines, table
from whistle.rules.measures import MEASURES
from whistle.rules.states import STATES
from whistle.rules.terms import Term, cited
from whistle.rules.workflow import ACTIONS

_LAW, _OWN = Term("法定", "law"), Term("本机关标准", "own standard")
_PER = {
    "case": Term("每案", "each case"),
    "report": Term("每件举报", "each report"),
    "thing": Term("每项措施、事项", "each measure, item …"),
}


def clocks() -> list[str]:
    """The table of clocks."""
    rows = [
        [
            f"{lines(row.term)}<br>`{row.name}`",
            "<br>".join(both(said) for said in _lengths(row)),
            lines(_runs(row)),
            "<br>".join(both(said) for said in _more(row)),
            f"{cited(row.source)}<br>{words.days(row)}",
        ]
        for row in CLOCKS
    ]
    return table(["期限 clock", "多长 length", "起止 runs", "其他 more", "依据 source"], rows)


def own_lengths() -> list[str]:
    """Each length that no text gives, said in one line."""
    return [
        f"- {both(row.term)}：{both(_length(row, length))}"
        for row in CLOCKS
        for length in row.lengths
        if not length.is_law and not row.due_fact
    ]


def _lengths(row: Clock) -> list[Term]:
    if row.name == "confirm_end":
        return [
            Term(
                "决定写明的处分期最后一日前一个月",
                "a month before the sanction's last day, as the decision says",
            )
        ]
    found = [_length(row, length) for length in row.lengths]
    if row.due_fact:
        entered = Term("所填的日期；没有填的，", "the day entered; else ")
        found = [Term(entered.zh + length.zh, entered.en + length.en) for length in found]
    return found


def _length(row: Clock, length: Length) -> Term:
    said = words.length(length)
    parts = [_LAW if length.is_law else _OWN]
    if len(row.lengths) > 1 or len(length.kinds) < len(_ALL):
        parts = [words.kinds(length.kinds), *parts]
    if length.when:
        parts = [words.condition(length.when), *parts]
    extra = words.listed(parts)
    return Term(f"{said.zh}（{extra.zh}）", f"{said.en} ({extra.en})")


_ALL = {kind for row in CLOCKS for length in row.lengths for kind in length.kinds}


def _runs(row: Clock) -> Term:
    """From what to what."""
    begins = words.listed(words.cause(cause) for cause in row.starts)
    if row.stage and not row.starts:
        stage = words.listed(STATES[name].term for name in row.stage)
        return Term(f"在“{stage.zh}”期间", f"while {stage.en}")
    if row.enters:
        entered = words.listed(STATES[name].term for name in row.enters)
        begins = Term(f"进入“{entered.zh}”", f"entering {entered.en}")
    ends = words.listed(words.cause(cause) for cause in (*row.stops, *row.restarts))
    if row.stage:
        stage = words.listed(STATES[name].term for name in row.stage)
        ends = Term(f"离开“{stage.zh}”", f"leaving {stage.en}")
    return Term(f"{begins.zh} → {ends.zh}", f"{begins.en} → {ends.en}")


def _more(row: Clock) -> list[Term]:
    found = [_PER[row.per]] if row.per != "case" else []
    if row.extension is not None:
        by, leave = words.length(row.extension), words.ACTORS[row.extension.approval]
        told = (
            Term("，告知举报人理由", ", the reporter is told why") if row.extension.is_told else Term("", "")
        )
        found.append(
            Term(
                f"可延长一次，至多{by.zh}，{leave.zh}批准{told.zh}",
                f"once longer by {by.en} at most, leave of {leave.en}{told.en}",
            )
        )
    if row.at_most is not None:
        most = words.length(row.at_most)
        found.append(Term(f"至多{most.zh}", f"{most.en} at most"))
    if row.warns is not None:
        warns = words.length(row.warns)
        found.append(Term(f"满{warns.zh}提醒", f"warns after {warns.en}"))
    for holds, said in (
        (
            row.pauses,
            Term("补正期间自定期限暂停", "the office's own length stands still while facts are waited for"),
        ),
        (bool(row.restarts), Term("每次重新起算", "begins anew each time")),
        (row.only_named, Term("只对实名且不是重复的举报", "for real-name reports that are no repeats")),
        (
            row.from_first,
            Term("并案的从最早起算的一日算", "of merged reports it counts from the earliest day"),
        ),
        (row.survives, Term("案件结束后继续", "goes on when the case has ended")),
    ):
        found += [said] if holds else []
    if row.moved_by:
        moved = words.listed(ACTIONS[cause.action].term for cause in row.moved_by)
        found.append(Term(f"{moved.zh}改变日期", f"{moved.en} moves the day"))
    if row.codes:
        found.append(_measures(row.codes))
    return found


def _measures(codes: tuple[str, ...]) -> Term:
    said = words.listed(row.term for row in MEASURES if row.name in codes)
    return Term(f"只对{said.zh}", f"for {said.en}")
