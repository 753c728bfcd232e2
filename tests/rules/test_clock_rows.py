"""The rows of the clocks, held against the rulebook's table as it was copied by hand."""

import pytest

from tests.rules.slow_clocks import LETTERS, LINES, Line
from whistle.rules.clock_rows import CLOCKS, Clock, Length, clock_row
from whistle.rules.terms import cited

#: name: (in Chinese, source)
WORDS = {
    "register": ("登记", "OWN"),
    "accept": ("受理决定", "OWN"),
    "notice_law": ("书面告知", "XF 23"),
    "notice": ("实名受理告知", "JJ"),
    "redirect": ("转送期限", "HN 78; XF 23; OWN"),
    "handed_down": ("转交件受理或异议", "JJ; XF 23"),
    "forward_up": ("密封上报", "OWN; JJ 15"),
    "supplement": ("补正", "OWN"),
    "assess": ("线索处置意见", "ZJ"),
    "solve": ("投诉办结", "HN 78; OWN"),
    "answer": ("首次答复", "HN 47; OWN"),
    "solve_unresolved": ("事项解决", "OWN"),
    "petition": ("求决办结", "XF 34"),
    "advice_reply": ("建议答复", "OWN"),
    "inquiry_reply": ("函询回复", "ZJ"),
    "inquiry_report": ("函询报告", "ZJ"),
    "verify": ("初步核实", "OWN"),
    "hold_review": ("暂存复看", "OWN"),
    "referral": ("交办反馈", "JJ; OWN"),
    "investigate": ("审查调查", "SSTL; OWN"),
    "review": ("审理", "ZJ; OWN"),
    "decide": ("决定", "OWN"),
    "deliver": ("送达宣布", "ZWCF 46; GQCF 27; OWN"),
    "statement": ("检查材料", "OWN"),
    "pay_change": ("待遇变更", "ZWCF 54; GQCF 36"),
    "admonish_follow": ("诫勉跟踪", "JM"),
    "confirm_end": ("期满审核", "ZWCF 26"),
    "rectify_item": ("整改期限", "OWN"),
    "promise": ("承诺到期", "OWN"),
    "pressed": ("督办事项", "OWN"),
    "feedback": ("结果反馈", "JJ; OWN"),
    "rhythm": ("定期告知", "OWN"),
    "reply_message": ("回复来信", "OWN"),
    "protection": ("保护请求", "OWN; JJ"),
    "second_look": ("再核", "OWN"),
    "look_back": ("回头看", "OWN"),
    "archive": ("归档", "OWN"),
}
#: By whose leave a clock is extended, and whether reporters are told the reason.
LEAVE = {
    "solve": ("deputy", True), "solve_unresolved": ("deputy", False), "petition": ("deputy", True),
    "verify": ("deputy", False), "referral": ("deputy", False), "investigate": ("superior", False),
    "review": ("head", False), "decide": ("head", False), "statement": ("deputy", False), "pay_change": ("head", False),
}  # fmt: skip

EVERY_CLOCK = pytest.mark.parametrize("row", CLOCKS, ids=lambda row: row.name)
EVERY_LINE = pytest.mark.parametrize("line", LINES, ids=lambda line: line.name)


def words_of(causes: tuple) -> list[str]:
    """Causes as the table writes them."""
    asked = [cause.fact.partition("=")[2] or cause.fact for cause in causes]
    sides = [f"{cause.by}:" if cause.by else "" for cause in causes]
    return [
        f"{side}{cause.action}{f'?{fact}' if fact else ''}"
        for side, cause, fact in zip(sides, causes, asked, strict=True)
    ]


def length_of(length: Length, row: Clock) -> set[str]:
    """A length as the table writes it; kinds only where the clock's lengths differ in them."""
    is_of_all = all(other.kinds == length.kinds for other in row.lengths)
    kinds = {letter for letter, kind in LETTERS.items() if kind in length.kinds}
    law = {"law"} if length.is_law else set()
    return {
        str(length.count),
        length.unit,
        *([length.when] if length.when else []),
        *law,
        *(() if is_of_all else kinds),
    }


@EVERY_CLOCK
def test_a_clock_is_called_and_founded_as_in_the_rulebook(row: Clock) -> None:
    assert (row.term.zh, cited(row.source)) == WORDS[row.name]


def test_there_is_no_clock_the_rulebook_does_not_know() -> None:
    assert [row.name for row in CLOCKS] == list(WORDS)


@EVERY_LINE
def test_a_clock_is_for_the_kinds_and_lengths_of_the_rulebook(line: Line) -> None:
    row = clock_row(line.name)
    assert {kind for length in row.lengths for kind in length.kinds} == set(line.kinds)
    assert [length_of(length, row) for length in row.lengths] == [set(words) for words in line.lengths]


@EVERY_LINE
def test_a_clock_begins_and_ends_by_what_the_rulebook_says(line: Line) -> None:
    row = clock_row(line.name)
    assert row.stage == line.stage
    begins = [f"entering {state}" for state in row.enters] + words_of(row.starts)
    if line.begins[0] != "in":
        assert " ".join(begins) == " ".join(line.begins)
    assert words_of(row.stops) == ([] if line.stage else list(line.ends))
    assert words_of(row.restarts) == [word for word in line.says.get("anew", "").split(",") if word]
    assert words_of(row.cancels) == ([line.says["off"]] if "off" in line.says else [])
    assert words_of(row.moved_by) == ([line.says["moved"]] if "moved" in line.says else [])
    assert row.only_in == tuple(line.says["while"].split(",") if "while" in line.says else ())


@EVERY_LINE
def test_a_clock_belongs_to_and_lasts_what_the_rulebook_says(line: Line) -> None:
    row = clock_row(line.name)
    per = next((word for word in ("report", "thing") if word in line.marks), "case")
    assert (row.per, row.pauses, row.survives) == (per, "pauses" in line.marks, "survives" in line.marks)
    assert row.only_named == ("named" in line.marks)
    assert row.from_first == ("first" in line.marks)
    assert set(row.codes) == set(line.says["codes"].split(",") if "codes" in line.says else ())
    assert row.due_fact == line.says.get("due", "")
    most = row.at_most and f"{row.at_most.count}{row.at_most.unit}"
    assert most == line.says.get("most")


@EVERY_LINE
def test_a_clock_is_extended_by_what_and_by_whom_the_rulebook_says(line: Line) -> None:
    extension = clock_row(line.name).extension
    assert (extension and f"{extension.count}{extension.unit}") == line.says.get("longer")
    assert (extension and (extension.approval, extension.is_told)) == LEAVE.get(line.name)


@EVERY_CLOCK
def test_only_lengths_of_the_offices_own_stand_still_and_an_extension_stays_within_the_law(
    row: Clock,
) -> None:
    if row.pauses:
        assert any(not length.is_law for length in row.lengths)
    if row.name == "pay_change" and row.extension:
        assert row.lengths[0].count + row.extension.count == 6, "six months in all (ZWCF 54)"
    if row.name == "petition" and row.extension:
        assert (row.extension.count, row.extension.unit) == (30, "N"), "thirty days (XF 34)"


@EVERY_CLOCK
def test_a_length_that_rests_on_no_standard_of_the_offices_is_law(row: Clock) -> None:
    if "OWN" not in cited(row.source) and row.name != "confirm_end":
        assert all(length.is_law for length in row.lengths)


def test_nothing_but_the_investigation_warns_before_its_time() -> None:
    assert {row.name: (row.warns.count, row.warns.unit) for row in CLOCKS if row.warns} == {
        "investigate": (6, "M")
    }
