"""How the tables are said in sentences and set in Markdown: always the Chinese first, then the English."""

from collections.abc import Iterable, Sequence

from whistle.rules.clock_rows import MONTHS, NATURAL, WORKING, Cause, Extension, Length
from whistle.rules.permits import REPORTER, ROLES, SYSTEM
from whistle.rules.taxonomy import TABLES
from whistle.rules.terms import SOURCES, Row, Source, Term, cited
from whistle.rules.workflow import ACTIONS

NOBODY = Term("无", "none")
#: Those who act without a role of the office, and leave that is no single role's.
ACTORS: dict[str, Term] = {
    **{name: role.term for name, role in ROLES.items()},
    SYSTEM: Term("系统", "the system"),
    REPORTER: Term("举报人", "the reporter"),
    "archive": Term("档案室成员", "a member of the archive desk"),
    "borrower": Term("借阅人", "the borrower"),
    "collective": Term("集体讨论（主要负责人记录）", "a meeting, recorded by the head"),
    "clock": Term("按各期限的规定", "as the clock's row says"),
    "superior": Term("上级机关（主要负责人记录）", "the superior body, recorded by the head"),
}
_UNITS = {
    WORKING: Term("{}个工作日", "{} working days"),
    NATURAL: Term("{}日", "{} days"),
    MONTHS: Term("{}个月", "{} months"),
}
#: What a length or a cause asks for, by the name of the fact.
_CONDITIONS = {
    "sent_by_department": Term(
        "营商环境主管部门转来的", "sent by the department for the business environment"
    ),
    "from_superior": Term(
        "上级机关或者信访部门转来的", "handed down by a higher body or the petition office"
    ),
    "concerns_head": Term("涉及本机关主要负责人的", "concerning the office's head"),
    "simple": Term("简单案件", "simple case"),
    "is_named": Term("实名举报", "real-name report"),
    "with_measures": Term("有措施或者整改事项的", "with measures or items"),
    "notice_owed": Term("尚未告知受理的", "not yet given notice"),
    "reply_owed": Term("来信尚未回复的", "with a message not yet answered"),
    "protection_owed": Term("保护请求尚未决定的", "with a request for protection not yet decided"),
    "has_ended": Term("到期解除", "it ended"),
    "stage=final": Term("最终", "final"),
    "rating=not_satisfied": Term("不满意", "not satisfied"),
}
_SIDES = {"": NOBODY, "office": Term("本机关", "the office's"), "reporter": Term("举报人", "the reporter's")}


def both(term: Term) -> str:
    """「受理 accept」: a term in both languages, on one line."""
    return f"{term.zh} {term.en}"


def lines(term: Term) -> str:
    """A term in both languages, one above the other in a cell."""
    return f"{term.zh}<br>{term.en}" if term.zh else ""


def listed(terms: Iterable[Term]) -> Term:
    """Several terms as one: 甲、乙; a, b."""
    found = list(terms)
    return Term("、".join(term.zh for term in found), ", ".join(term.en for term in found))


def actors(names: Iterable[str]) -> Term:
    """Who may act."""
    return listed(ACTORS[name] for name in names)


def kinds(names: Sequence[str]) -> Term:
    """Matter kinds; all where there are none named."""
    table = TABLES["kinds"]
    if not names or len(names) == len(table):
        return Term("各类事项", "all kinds")
    return listed(table[name].term for name in names)


def length(value: Length | Extension) -> Term:
    """十五个工作日 in figures: 15个工作日, 15 working days."""
    unit = _UNITS[value.unit]
    english = unit.en.format(value.count)
    return Term(unit.zh.format(value.count), english.removesuffix("s") if value.count == 1 else english)


def condition(name: str) -> Term:
    """What a length asks for beside the kind."""
    return _CONDITIONS[name]


def cause(value: Cause) -> Term:
    """What starts or stops a clock: 来信（举报人）."""
    action, side = ACTIONS[value.action].term, _SIDES[value.by]
    more = [term for term in (side, _CONDITIONS.get(value.fact, NOBODY)) if term is not NOBODY]
    if not more:
        return action
    extra = listed(more)
    return Term(f"{action.zh}（{extra.zh}）", f"{action.en} ({extra.en})")


def articles(source: Iterable[Source]) -> str:
    """Sources in full and by their keys: 《信访工作条例》第十九条、第二十三条 XF 19, 23."""
    places = list(source)
    return f"{'、'.join(place.term.zh for place in places)}（{cited(places)}）"


def days(row: Row) -> str:
    """Since when a row is as it is, and when its articles were read."""
    read = f"核对 read {row.checked}" if row.checked else "未见文本 text not at hand"
    return f"施行 since {row.since}；{read}"


def is_own(row: Row) -> bool:
    """Does a row rest on the office's own standard, wholly or in part?"""
    return any(place.key == "OWN" for place in row.source)


def is_unread(row: Row) -> bool:
    """Does a row rest on a text that nobody here has read?"""
    return any(SOURCES[place.key].checked is None for place in row.source)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table of Markdown."""
    return [
        _row(head),
        _row(["---"] * len(head)),
        *(_row([cell.replace("|", "\\|").replace("\n", " ") for cell in cells]) for cells in rows),
        "",
    ]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
