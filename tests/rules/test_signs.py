"""What a report's words say of its weight, for the suggestion of how it is worked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whistle.rules.signs import money_in, names_leading_cadre


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("收了我3000元", 3_000),
        ("一共三千多元，说以后好说话", 3_000),
        ("要了两万块", 20_000),
        ("前后３．５万元", 35_000),
        ("工程款120万余元一直没付", 1_200_000),
        ("罚款10,000元，又要三十五万二千元", 352_000),
        ("十五元", 15),
        ("He asked for RMB 50,000 and later 800 yuan", 50_000),
        ("两条烟", 0),
        ("跑了四趟，等了3小时", 0),
        ("", 0),
    ],
)
def test_the_largest_sum_counts_however_it_is_written(text: str, yuan: int) -> None:
    assert money_in(text) == yuan * 100


@given(st.text(alphabet="一二三十百千万亿零1234567890.,元块 ", max_size=40))
def test_whatever_stands_there_is_a_sum_or_none(text: str) -> None:
    assert money_in(text) >= 0


@pytest.mark.parametrize(
    ("text", "leading"),
    [
        ("市场监管局王局长", True),
        ("街道办主任汪某", True),
        ("the bureau's director", True),
        ("窗口的刘某", False),
        ("特种设备科庞科长", False),
        ("班主任李老师", False),
        ("办公室主任", False),
    ],
)
def test_posts_of_leading_cadres_are_seen_and_others_are_not(text: str, leading: bool) -> None:
    assert names_leading_cadre(text) == leading
