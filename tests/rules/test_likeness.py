"""How alike two texts are: copies, two tellings of one matter, and matters that only share a counter."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whistle.config import ROOT
from whistle.rules.likeness import ALIKE, SIZE, from_bytes, likeness, nearest, sketch, to_bytes

STORIES = {
    row["id"]: row["text"]
    for row in map(json.loads, (ROOT / "whistle/demo_data/reports.jsonl").read_text().splitlines())
}
#: Two people of the demo's district tell of the same collector of "fees", each in their own words.
ONE_MATTER = ("D02", "D18")


def test_only_two_tellings_of_one_matter_are_alike_among_forty_reports() -> None:
    sketches = {id: sketch(text) for id, text in STORIES.items()}
    alike = [
        (one, other)
        for one in sketches
        for other in sketches
        if one < other and likeness(sketches[one], sketches[other]) >= ALIKE
    ]
    assert alike == [ONE_MATTER]


@pytest.mark.parametrize("id", ["D01", "D03", "D08"])
@pytest.mark.parametrize(
    "change",
    [
        lambda text: text + "请尽快处理，谢谢。",
        lambda text: "补充一点情况：" + text,
        lambda text: text.replace("，", ",").replace("。", " . "),
        lambda text: text.upper(),
        lambda text: "\n".join(text[at : at + 30] for at in range(0, len(text), 30)),
    ],
    ids=["added", "before", "punctuation", "case", "line ends"],
)
def test_a_copy_with_small_changes_is_alike(id: str, change) -> None:  # type: ignore[no-untyped-def]
    assert likeness(sketch(STORIES[id]), sketch(change(STORIES[id]))) > 2 * ALIKE


@pytest.mark.parametrize("text", ["", "。。。", "不给办", "窗口" * 40, "aa " * 40])
def test_a_text_that_says_little_is_like_nothing(text: str) -> None:
    assert likeness(sketch(text), sketch(text)) == 0


@given(st.text(max_size=400), st.text(max_size=400))
def test_likeness_is_a_share_the_same_both_ways_and_whole_with_itself(one: str, other: str) -> None:
    a, b = sketch(one), sketch(other)
    assert 0 <= likeness(a, b) == likeness(b, a) <= 1
    assert likeness(a, a) == (1 if a else 0)
    assert from_bytes(to_bytes(a)) == a
    assert len(a) <= SIZE


def test_of_several_reports_the_nearest_counts() -> None:
    own, far, near = (sketch(STORIES[id]) for id in ("D02", "D05", "D18"))
    assert nearest([own], [far, near]) == likeness(own, near)
    assert nearest([], [near]) == 0
