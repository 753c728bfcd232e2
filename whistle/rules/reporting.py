"""The report form as rows: which questions, in which order, when each is asked, how long an answer is.

Answers are one flat mapping from field name to text, or to True for a ticked box; a field that is not asked
for the answers given so far counts for nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from whistle.rules.terms import Term

Answers = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ShownIf:
    """Asked only when field `name` has one of `values`."""

    name: str
    values: tuple[object, ...]

    def holds(self, answers: Answers) -> bool:
        """Do these answers make it asked?"""
        return answers.get(self.name) in self.values


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One answer. kind: choice, unit, line, text or flag. limit: characters. table: a choice's codes.

    office_label: what officers call it, where the label is a question to the reporter.
    """

    name: str
    label: Term
    kind: str
    hint: Term | None = None
    required: bool = False
    limit: int = 0
    table: str = ""
    shown_if: ShownIf | None = None
    office_label: Term | None = None

    def is_shown(self, answers: Answers) -> bool:
        """Is it asked, given these answers?"""
        return self.shown_if is None or self.shown_if.holds(answers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One page of the form: one question with its fields; the page of FILES has none."""

    name: str
    question: Term
    fields: tuple[Field, ...]
    hint: Term | None = None
    shown_if: ShownIf | None = None

    def is_shown(self, answers: Answers) -> bool:
        """Is the page part of the way, given these answers?"""
        return self.shown_if is None or self.shown_if.holds(answers)

    def shown_fields(self, answers: Answers) -> tuple[Field, ...]:
        """The fields asked on it, given these answers."""
        return tuple(field for field in self.fields if field.is_shown(answers))


#: Longest text of a report or of one message, in characters.
TEXT_LIMIT = 20_000
#: Longest answer of one line, and of a few lines beside the story.
LINE_LIMIT = 200
NOTE_LIMIT = 2_000

#: A day before this year is sooner a slip of the finger than what somebody reports; it is asked about.
EARLIEST_YEAR = 1990

#: The page after the last question, where answers are checked and sent.
CHECK = "check"

#: The page where files are added. It asks for no answer.
FILES = "files"

_NAMED = ShownIf("identity", ("named",))
_NOT_ADVICE = ShownIf("kind", ("lead", "complaint", "unresolved", "petition"))

STEPS: tuple[Step, ...] = (
    Step(
        name="kind",
        question=Term("您想反映什么？", "What is it about?"),
        fields=(
            Field(
                name="kind",
                label=Term("您想反映什么？", "What is it about?"),
                office_label=Term("事项类型", "Kind of matter"),
                kind="choice",
                table="kinds",
                required=True,
            ),
        ),
    ),
    Step(
        name="problem",
        question=Term("是哪一类问题？", "What kind of problem?"),
        fields=(
            Field(
                name="problem",
                label=Term("是哪一类问题？", "What kind of problem?"),
                office_label=Term("问题类型", "Kind of problem"),
                kind="choice",
                table="citizen_choices",
                required=True,
            ),
        ),
        shown_if=_NOT_ADVICE,
    ),
    Step(
        name="where",
        question=Term("是哪个单位，什么时候？", "Which unit, and when?"),
        fields=(
            Field(
                name="unit",
                label=Term("单位", "Unit"),
                kind="unit",
                hint=Term("找不到就选“不清楚”", "If it is not listed, choose “not sure”"),
                required=True,
            ),
            Field(
                name="unit_words",
                label=Term("单位、窗口或者地点", "Unit, counter or place in your words"),
                kind="line",
                limit=LINE_LIMIT,
            ),
            Field(
                name="happened_on",
                label=Term("发生时间", "When"),
                kind="line",
                hint=Term(
                    "例如2026年3月9日，或者“今年三月起每月月初”",
                    "A day, or words such as “every month since March”",
                ),
                limit=LINE_LIMIT,
            ),
        ),
    ),
    Step(
        name="story",
        question=Term("发生了什么？", "What happened?"),
        fields=(
            Field(
                name="story",
                label=Term("发生了什么？", "What happened?"),
                office_label=Term("经过", "What happened"),
                kind="text",
                hint=Term(
                    "时间、地点、经过，写得越具体越好查", "When, where and how: the more exact, the better"
                ),
                required=True,
                limit=TEXT_LIMIT,
            ),
        ),
    ),
    Step(
        name="people",
        question=Term("涉及谁，有什么可以证明？", "Who is involved, and what proves it?"),
        fields=(
            Field(
                name="people",
                label=Term("涉及的人", "Who is involved"),
                kind="text",
                hint=Term("姓名、职务，或者样子、工号", "Name and post, or looks and badge number"),
                limit=NOTE_LIMIT,
            ),
            Field(
                name="proof",
                label=Term("有什么人或者材料可以证明", "What or who proves it"),
                kind="text",
                limit=NOTE_LIMIT,
            ),
        ),
    ),
    Step(
        name=FILES,
        question=Term("有照片、录音或者文件吗？", "Any photos, recordings or documents?"),
        fields=(),
    ),
    Step(
        name="readers",
        question=Term("有谁不能看到这份材料？", "Who must not read this?"),
        fields=(
            Field(
                name="own_people",
                label=Term(
                    "反映的是本机关（纪委监委）的工作人员", "It concerns the discipline office’s own staff"
                ),
                kind="flag",
                hint=Term(
                    "勾选后由专门的监督小组密封处理，直接报上级机关",
                    "It then goes, sealed, to a separate oversight group and to the higher body",
                ),
            ),
            Field(
                name="concerns_head",
                label=Term("其中涉及本机关主要负责人", "It concerns the head of the office"),
                kind="flag",
                hint=Term("勾选了上一项才需要选", "Only if the box above is ticked"),
                shown_if=ShownIf("own_people", (True,)),
            ),
            Field(
                name="unit_shut_out",
                label=Term("不能看的单位", "A unit that must not read it"),
                kind="unit",
                hint=Term("该单位派来的人将看不到", "People who come from that unit will not see it"),
            ),
            Field(
                name="persons_shut_out",
                label=Term("不能看的人", "Persons who must not read it"),
                kind="line",
                hint=Term(
                    "请写全名，只写职务或者绰号挡不住",
                    "Write full names: a post or a nickname alone keeps nobody out",
                ),
                limit=LINE_LIMIT,
            ),
        ),
    ),
    Step(
        name="identity",
        question=Term("匿名还是实名？", "Anonymous or with your name?"),
        fields=(
            Field(
                name="identity",
                label=Term("匿名还是实名？", "Anonymous or with your name?"),
                office_label=Term("署名方式", "Anonymous or named"),
                kind="choice",
                table="identities",
                required=True,
            ),
            Field(
                name="name",
                label=Term("姓名", "Name"),
                kind="line",
                hint=Term("选了“实名”才需要填", "Only if you give your name"),
                required=True,
                limit=LINE_LIMIT,
                shown_if=_NAMED,
            ),
            Field(
                name="contact",
                label=Term("联系方式", "How to reach you"),
                kind="line",
                hint=Term(
                    "选了“实名”才需要填：电话、地址或者邮箱",
                    "Only if you give your name: telephone, address or e-mail",
                ),
                required=True,
                limit=LINE_LIMIT,
                shown_if=_NAMED,
            ),
        ),
    ),
)
STEP_NAMES: tuple[str, ...] = tuple(step.name for step in STEPS)

#: The answer for "not sure which unit".
NO_UNIT = "unknown"


def step_of(field_name: str) -> str:
    """The page that asks for a field; KeyError for none."""
    return {field.name: step.name for step in STEPS for field in step.fields}[field_name]


def way(answers: Answers, steps: tuple[Step, ...] = STEPS) -> list[Step]:
    """The pages these answers lead over, in order."""
    return [step for step in steps if step.is_shown(answers)]


def missing(step: Step, answers: Answers) -> list[Field]:
    """Required fields of the page without an answer."""
    return [
        field
        for field in step.shown_fields(answers)
        if field.required and not _given(answers.get(field.name))
    ]


def first_unanswered(answers: Answers, steps: tuple[Step, ...] = STEPS) -> str | None:
    """The first page on the way that still misses something; None when the report is whole."""
    return next((step.name for step in way(answers, steps) if missing(step, answers)), None)


def next_step(current: str, answers: Answers, steps: tuple[Step, ...] = STEPS) -> str:
    """The page after `current`: the next on the way, or CHECK after the last."""
    return next((name for name in _after(current, steps) if name in _names(answers, steps)), CHECK)


def previous_step(current: str, answers: Answers, steps: tuple[Step, ...] = STEPS) -> str | None:
    """The page before `current` (CHECK has one too); None before the first."""
    names = [step.name for step in steps]
    before = names[: names.index(current)] if current in names else names
    on_the_way = _names(answers, steps)
    return next((name for name in reversed(before) if name in on_the_way), None)


def relevant(answers: Answers, steps: tuple[Step, ...] = STEPS) -> dict[str, object]:
    """Only what is asked, given these answers, without what a changed answer took back."""
    asked = {field.name for step in way(answers, steps) for field in step.shown_fields(answers)}
    return {name: value for name, value in answers.items() if name in asked}


def _after(current: str, steps: tuple[Step, ...]) -> list[str]:
    names = [step.name for step in steps]
    return names[names.index(current) + 1 :] if current in names else []


def _names(answers: Answers, steps: tuple[Step, ...]) -> set[str]:
    return {step.name for step in way(answers, steps)}


def _given(value: object) -> bool:
    return bool(value.strip()) if isinstance(value, str) else bool(value)
