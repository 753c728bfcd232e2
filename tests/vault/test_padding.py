"""Padmé: sizes, and the way back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whistle.vault.errors import SealBroken
from whistle.vault.padding import FLOOR, pad, padded_size, unpad


@pytest.mark.parametrize(
    ("size", "padded"),
    [
        (0, 256),
        (36, 256),
        (256, 256),
        (257, 272),
        (272, 272),
        (273, 288),
        (1000, 1024),
        (1025, 1088),
        (100000, 100352),
        (2**20, 2**20),
        (2**20 + 1, 2**20 + 2**15),
    ],
)
def test_sizes_by_hand(size, padded):
    assert padded_size(size) == padded


@given(st.integers(0, 2**40))
def test_a_size_grows_by_twelve_percent_at_most_and_is_then_a_fixed_point(size):
    padded = padded_size(size)

    assert size <= padded
    assert padded <= FLOOR or padded <= size * 1.12
    assert padded_size(padded) == padded


@given(st.integers(0, 2**40), st.integers(0, 2**20))
def test_a_longer_text_is_never_padded_to_less(size, more):
    assert padded_size(size) <= padded_size(size + more)


def test_a_mebibyte_has_few_sizes():
    assert len({padded_size(size) for size in range(0, 2**20, 7)}) < 260


@given(st.binary(max_size=1000))
def test_what_was_padded_comes_back(text):
    assert len(pad(text)) == padded_size(4 + len(text))
    assert unpad(pad(text)) == text


@pytest.mark.parametrize(
    "padded",
    [
        b"",
        b"\x00\x00\x00",
        b"\x00" * 255,
        b"\x00" * 257,
        b"\x00\x00\x00\x01" + b"\x00x" + b"\x00" * 250,
        b"\xff" * 256,
        pad(b"x" * 300)[:-1],
        pad(b"x" * 300) + b"\x00",
    ],
)
def test_anything_else_is_refused(padded):
    with pytest.raises(SealBroken):
        unpad(padded)
