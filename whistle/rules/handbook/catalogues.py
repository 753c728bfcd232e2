"""What is chosen from: measures, categories, kinds, reasons and results."""

from collections.abc import Iterable

from whistle.rules.codes import Coded
from whistle.rules.handbook import words
from whistle.rules.handbook.words import NOBODY, both, lines, table
from whistle.rules.measures import CLASSES, ELSEWHERE, MEASURES, PERSON_KINDS, Measure, Period
from whistle.rules.taxonomy import CATEGORIES, DECLINE_REASONS, TABLES, DeclineReason
from whistle.rules.terms import Term, cited

_ON = {
    "person": Term("个人", "person"),
    "unit": Term("单位", "unit"),
    "unit_leader": Term("单位负责人", "the unit's leader"),
}
_CHOICES: dict[str, Term] = {
    "kinds": Term("事项类型", "matter kinds"),
    "severities": Term("紧急程度", "severity"),
    "complexities": Term("繁简程度", "complexity"),
    "origins": Term("来源", "origins"),
    "notice_ways": Term("告知方式", "ways of notice"),
    "disposal_ways": Term("线索处置方式", "ways to dispose of a lead"),
    "inquiry_forms": Term("谈话函询的方式", "forms of inquiry"),
    "all_findings": Term("结论", "findings and results"),
    "decisions": Term("决定", "decisions"),
    "feedback_stages": Term("反馈", "feedback"),
    "ratings": Term("评价", "ratings"),
    "second_looks": Term("再核结果", "results of a second look"),
    "look_backs": Term("回头看结果", "results of a look-back"),
    "reopen_grounds": Term("重新启动的依据", "grounds to reopen"),
}


def measures() -> list[str]:
    """The catalogue of measures."""
    rows = [
        [
            f"{lines(row.term)}<br>`{row.name}`",
            both(CLASSES[row.class_]),
            _on(row),
            both(words.ACTORS[row.approval] if row.approval else NOBODY),
            lines(_document(row)),
            lines(_period(row.period)),
            lines(row.effects) if row.effects else "",
            f"{cited(row.source)}<br>{words.days(row)}",
        ]
        for row in MEASURES
    ]
    head = [
        "措施 measure",
        "类别 class",
        "对谁 on",
        "谁决定 decided by",
        "文书 document",
        "期间 period",
        "影响 effects",
    ]
    return table([*head, "依据 source"], rows)


def _on(row: Measure) -> str:
    who = both(words.listed(_ON[on] for on in row.on))
    return (
        who
        if row.on == ("unit",)
        else f"{who}<br>{lines(words.listed(PERSON_KINDS[kind] for kind in row.kinds))}"
    )


def _document(row: Measure) -> Term:
    where = Term("（由有权机关作出，这里记录）", "(decided elsewhere, recorded here)")
    document = row.document or Term("", "")
    return Term(document.zh + where.zh, f"{document.en} {where.en}") if row.regime == ELSEWHERE else document


def _period(period: Period) -> Term:
    if period.text is not None:
        return period.text
    if period.months is None:
        return Term("无", "none")
    if period.is_upper_bound:
        return Term(f"不超过{period.months}个月", f"up to {period.months} months")
    return Term(f"{period.months}个月", f"{period.months} months")


def categories() -> list[str]:
    """The taxonomy of problems."""
    rows = [
        [
            f"{both(row.term)}<br>`{row.name}`",
            lines(words.listed(row.rows)),
            cited(row.source),
            words.days(row),
        ]
        for row in CATEGORIES
    ]
    return table(["类别 category", "情形 forms", "可对照的条款 clause to look at", "日期 days"], rows)


def decline_reasons() -> list[str]:
    """Why a report is not accepted, and where to turn."""
    rows = [
        [
            f"{lines(row.term)}<br>`{row.name}`",
            lines(words.kinds(row.kinds)),
            lines(row.where_to_turn),
            "<br>".join(both(said) for said in _conditions(row)),
            f"{cited(row.source)}<br>{words.days(row)}",
        ]
        for row in DECLINE_REASONS
    ]
    return table(
        ["理由 reason", "事项 kinds", "可向何处反映 where to turn", "条件 condition", "依据 source"], rows
    )


def _conditions(row: DeclineReason) -> Iterable[Term]:
    if row.redirect_first:
        yield Term("先考虑转办", "redirecting is offered first")
    if row.after_supplement:
        yield Term("须先要求补正", "facts were asked for first")
    if not row.needs_classification:
        yield Term("不必分类登记", "needs no classification")


def choices() -> list[str]:
    """Every other code that is chosen."""
    text = []
    for name, term in _CHOICES.items():
        text += [f"### {both(term)}", "", *_choices(TABLES[name].values())]
    return text


def _choices(rows: Iterable[Coded]) -> list[str]:
    return table(
        ["code", "名称 name", "依据 source"],
        [[f"`{row.code}`", both(row.term), cited(row.source)] for row in rows],
    )
