"""Blind indexes: equal names meet, nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whistle.vault.blind_index import blind, fold
from whistle.vault.keys import new_key

KEY = new_key()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("张三", "张 三"),
        ("张三", " 张\u3000三\u200b\n"),
        ("买买提·艾力", "买买提•艾力"),
        ("买买提・艾力", "买买提.艾力"),
        ("ZHANG San", "zhangsan"),
        ("Ｗang", "wang"),
        ("１３８", "138"),
        ("Straße", "STRASSE"),
    ],
)
def test_one_name_written_in_two_ways_is_one(one, other):
    assert blind(KEY, "name", one) == blind(KEY, "name", other)


@pytest.mark.parametrize(
    ("one", "other"), [("张三", "张山"), ("张三", "三张"), ("买买提·艾力", "买买提艾力")]
)
def test_two_names_are_two(one, other):
    assert blind(KEY, "name", one) != blind(KEY, "name", other)


@given(st.text(), st.text())
def test_equal_exactly_when_folded_equal(one, other):
    assert (blind(KEY, "name", one) == blind(KEY, "name", other)) == (fold(one) == fold(other))


def test_another_key_or_purpose_shows_no_equality():
    found = blind(KEY, "name", "张三")

    assert len(found) == 32
    assert blind(new_key(), "name", "张三") != found
    assert blind(KEY, "phone", "张三") != found
