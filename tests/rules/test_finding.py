"""Words in texts: what counts as the same word, and the line that shows where it stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whistle.rules.finding import BEFORE, SHOWN, fold, snippet, words_of

STORY = "窗口 3 号的工作人员说要先交２００元押金，没有收据。Ｍａｎａｇｅｒ Wang promised it."


@pytest.mark.parametrize(
    "word",
    [
        "200元押金",
        "２００元押金",
        "2 0 0 元",
        "窗口3号",
        "窗口３号",
        "manager",
        "MANAGER wang",
        "ｗａｎｇ",
        "收\u200b据",
        "收\u3000据",
    ],
)
def test_a_word_is_found_however_it_is_typed(word: str) -> None:
    assert all(part in fold(STORY) for part in words_of(word))
    assert snippet(STORY, words_of(word)) is not None


@pytest.mark.parametrize("word", ["300元", "押全", "窗ロ", "wangg"])
def test_another_word_is_not(word: str) -> None:
    assert not all(part in fold(STORY) for part in words_of(word))
    assert snippet(STORY, words_of(word)) is None


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("押金 收据", ["押金", "收据"]),
        ("押金　收据\n押金", ["押金", "收据"]),
        ("  ", []),
        ("\u200b \ufeff", []),
        ("ＡＢ ab", ["ab"]),
        ("Straße STRASSE", ["strasse"]),
        ("%_'\"\\", ["%_'\"\\"]),
    ],
)
def test_a_query_is_words_parted_by_white_space_each_once(query: str, words: list[str]) -> None:
    assert words_of(query) == words


@given(st.text(), st.text())
def test_what_parts_two_pieces_is_in_no_folded_text(text: str, other: str) -> None:
    assert not set(fold(text + other)) & set("\n\0\x1f \t\u3000")


@given(st.text("窗口收据aＡ 　\u200bé。", max_size=300), st.text("窗口收据aé", min_size=1, max_size=3))
def test_a_snippet_is_a_piece_of_the_text_with_the_word_marked(text: str, word: str) -> None:
    found = snippet(text, [fold(word)])
    if fold(word) not in fold(text):
        assert found is None
        return
    assert found is not None
    shown = "".join(part for part, _ in found.parts)
    assert shown in text
    assert found.is_cut_before or text.startswith(shown)
    assert found.is_cut_after or text.endswith(shown)
    assert fold(word) in [fold(part) for part, is_hit in found.parts if is_hit]


def test_a_long_text_is_cut_around_what_was_found_and_every_word_in_sight_is_marked() -> None:
    text = "甲" * 500 + "押金" + "乙" * 20 + "收据" + "丙" * 500
    found = snippet(text, ["收据", "押金"])
    assert found is not None
    assert (found.is_cut_before, found.is_cut_after) == (True, True)
    assert found.parts[0] == ("甲" * BEFORE, False)
    assert [part for part, is_hit in found.parts if is_hit] == ["押金", "收据"]
    assert sum(len(part) for part, _ in found.parts) == SHOWN


def test_of_words_that_overlap_the_first_and_longest_is_marked() -> None:
    found = snippet("先收押金额外费", ["押", "押金", "金额"])
    assert found is not None
    assert [part for part, is_hit in found.parts if is_hit] == ["押金"]
    assert found.shows(["押", "押金", "金额"]) == {"押", "押金"}


def test_a_character_that_becomes_several_is_shown_as_it_was_typed() -> None:
    found = snippet("补㍿贴", ["会社"])
    assert found is not None
    assert found.parts == (("补", False), ("㍿", True), ("贴", False))
