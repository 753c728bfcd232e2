"""The recovery sheet: printed, typed back, and slips noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whistle.vault.errors import SheetMistyped
from whistle.vault.recovery import ALPHABET, from_sheet, groups, to_sheet

SEED = bytes(range(32))
SHEET = to_sheet(SEED)

seeds = st.binary(min_size=32, max_size=32)


@given(seeds)
def test_a_sheet_gives_its_seed_back(seed):
    sheet = to_sheet(seed)

    assert [len(group) for group in groups(sheet)] == [4] * 14
    assert set(sheet) <= set(ALPHABET + " ")
    assert from_sheet(sheet) == seed


@pytest.mark.parametrize(
    "typed",
    [
        SHEET.lower(),
        SHEET.replace(" ", ""),
        SHEET.replace(" ", "-"),
        SHEET.replace(" ", "\n"),
        SHEET.replace(" ", "\u3000"),
        SHEET.replace("0", "O").replace("1", "l"),
        SHEET.replace("0", "o").replace("1", "I"),
        "".join(chr(ord(c) + 0xFEE0) if c != " " else c for c in SHEET),
        f"\ufeff {SHEET}\r\n",
    ],
)
def test_a_sheet_may_be_typed_loosely(typed):
    assert from_sheet(typed) == SEED


@given(st.integers(0, 55), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(place, character):
    plain = SHEET.replace(" ", "")
    typed = plain[:place] + character + plain[place + 1 :]

    if typed != plain:
        with pytest.raises(SheetMistyped) as mistyped:
            from_sheet(typed)
        assert mistyped.value.reason == "checksum"


@given(st.integers(0, 12))
def test_two_groups_in_the_wrong_order_are_noticed(place):
    typed = groups(SHEET)
    typed[place], typed[place + 1] = typed[place + 1], typed[place]

    with pytest.raises(SheetMistyped):
        from_sheet(" ".join(typed))


@pytest.mark.parametrize(
    ("typed", "reason", "group"),
    [
        ("", "length", None),
        (SHEET[:-1], "length", None),
        (SHEET + " 0", "length", None),
        (SHEET[:5] + "U" + SHEET[6:], "character", 2),
        ("汉字", "character", 1),
        (SHEET[:-1] + "é", "character", 14),
    ],
)
def test_what_is_wrong_is_named(typed, reason, group):
    with pytest.raises(SheetMistyped) as mistyped:
        from_sheet(typed)

    assert (mistyped.value.reason, mistyped.value.group) == (reason, group)


@given(st.text())
def test_any_text_is_a_sheet_or_mistyped(text):
    with pytest.raises(SheetMistyped):
        from_sheet(text)


def test_a_group_typed_back_alone_is_read_like_the_printed_one():
    for group in groups(SHEET):
        assert groups(group.lower().replace("0", "o").replace("1", "i")) == [group]


def test_a_seed_of_another_length_has_no_sheet():
    with pytest.raises(ValueError, match="32 bytes"):
        to_sheet(b"short")
