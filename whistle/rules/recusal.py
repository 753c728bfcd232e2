"""Who decides on a recusal: staff by the head, the head by the superior, and at the oversight desk each other (§11).

What the superior decides comes as a paper, whose number and day the deputy records.
"""

import re
from dataclasses import dataclass

from whistle.rules.codes import Choice, choice
from whistle.rules.terms import Row, Term, cite, force_day, read_day

#: A paper's number: 清纪〔2026〕3号 and the like. No room for a sentence, for it lies in the clear.
PAPER_NUMBER = re.compile(r"(?=.*\d)[\w〔〕（）()\[\]【】第号-]{2,40}")

#: Why somebody keeps off a case, in the law's own four items.
RECUSAL_GROUNDS: tuple[Choice, ...] = (
    choice(
        "relative",
        "是被反映人或者举报人的近亲属",
        "near relative of the subject or the reporter",
        source=cite("ZWCF 47", "JCF 67", "XF 28"),
    ),
    choice("witness", "担任过本案的证人", "was a witness in the matter", source=cite("ZWCF 47", "JCF 67")),
    choice(
        "interest",
        "本人或者近亲属与这件事有利害关系",
        "own or a near relative's interest",
        source=cite("ZWCF 47", "JCF 67", "XF 28"),
    ),
    choice(
        "other",
        "可能影响公正办理的其他情形",
        "another reason that may affect fairness",
        source=cite("ZWCF 47", "JCF 67"),
    ),
)

#: Who asks for a recusal from outside, by letter or by word of mouth; a reporter asks with the receipt code.
RECUSAL_ASKERS: tuple[Choice, ...] = (
    choice("subject", "被反映人", "the subject", source=cite("ZWCF 47", "JCF 67")),
    choice(
        "reporter",
        "举报人（没有用查询码）",
        "the reporter, without the code",
        source=cite("ZWCF 47", "JCF 67"),
    ),
    choice("others", "其他有关人员", "others concerned", source=cite("ZWCF 47", "JCF 67")),
)

#: How somebody came to keep off a case: by themselves, found out by who decides, or asked for by reporter or others.
WAYS: dict[str, Term] = {
    "declared": Term("自行回避", "declared"),
    "imposed": Term("决定回避", "decided"),
    "asked": Term("申请回避", "asked for"),
}

#: How a recusal stands: a declaration that waits for its decision keeps its person off too.
RECUSAL_STATES: dict[str, Term] = {
    "suspended": Term("已停止查阅，等待决定", "access suspended, awaiting the decision"),
    "in_force": Term("回避中", "in force"),
    "refused": Term("不同意回避", "refused"),
    "lifted": Term("已解除", "lifted"),
}
#: The states in which the person is kept off.
STANDING = ("suspended", "in_force")


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedBy(Row):
    """Whose recusal is decided, or recorded, by holders of which role. `by_superior`: with the superior's paper."""

    whose: str
    role: str
    by_superior: bool


def _row(
    name: str, zh: str, en: str, *, whose: str, role: str, by_superior: bool = False, source: str = "ZWCF 48"
) -> DecidedBy:
    sources = cite(source)
    return DecidedBy(
        name=name,
        term=Term(zh, en),
        source=sources,
        since=force_day(sources),
        checked=read_day(sources),
        whose=whose,
        role=role,
        by_superior=by_superior,
    )


DECIDED_BY: tuple[DecidedBy, ...] = (
    _row("staff", "工作人员的回避由主要负责人决定", "the head decides for staff", whose="staff", role="head"),
    _row(
        "head",
        "主要负责人的回避由上级机关决定，由分管领导记录",
        "the superior decides for the head, and the deputy records it",
        whose="head",
        role="deputy",
        by_superior=True,
    ),
    _row(
        "oversight",
        "密封处理的案件由监督小组另一位成员决定",
        "of a case in sealed handling another oversight member decides",
        whose="oversight",
        role="oversight",
        source="OWN",
    ),
)
_BY_WHOSE = {row.whose: row for row in DECIDED_BY}


def decided_by(role: str, *, is_flagged: bool) -> DecidedBy:
    """Who decides on the recusal of somebody of a role; of a case in sealed handling, whatever the role."""
    if is_flagged:
        return _BY_WHOSE["oversight"]
    return _BY_WHOSE["head" if role == "head" else "staff"]
