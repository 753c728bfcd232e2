"""Masking: every number by which somebody is found, names by custom, and nothing else of a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whistle.rules.masking import mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("打13800138000找我", "打【手机号】找我"),
        ("电话138 0013 8000", "电话【手机号】"),
        ("+86 13800138000", "【手机号】"),
        ("座机0371-66668888", "座机【电话号码】"),
        ("身份证410102199003071234", "身份证【身份证号】"),
        ("身份证41010219900307123X。", "身份证【身份证号】。"),
        ("卡号6222 0202 0000 1234 567", "卡号【银行卡号】"),
        ("车是豫A12345", "车是【车牌号】"),
        ("写到zhang.san@example.com", "写到【电子邮箱】"),
        ("加我微信：zhangsan_88", "加我微信【微信号】"),
        ("QQ：123456789", "QQ【QQ号】"),
        ("罚款20000元，案号2026-000123", "罚款20000元，案号2026-000123"),
    ],
)
def test_numbers_are_masked_by_their_form(text: str, masked: str) -> None:
    assert mask(text).text == masked


@pytest.mark.parametrize(
    ("names", "text", "masked"),
    [
        (["张小明"], "张小明收了钱", "张某收了钱"),
        (["欧阳明"], "欧阳明不在", "欧阳某不在"),
        (["张小明", "张大力"], "张小明和张大力", "张某乙和张某甲"),
        (["张明", "张明亮"], "张明亮的科长张明", "张某乙的科长张某甲"),
        (["李"], "李子熟了", "李子熟了"),
        (["赵六"], "赵 六、赵\u3000六说的", "赵某、赵某说的"),
        (["Zhao Liu"], "Zhao  Liu said", "Z某 said"),
        (["赵六"], "姓赵\n六月", "姓赵\n六月"),
    ],
)
def test_names_are_written_as_custom_has_it(names: list[str], text: str, masked: str) -> None:
    assert mask(text, names).text == masked


@given(st.text(alphabet="张王收了钱，1 2窗口办证", max_size=60))
def test_what_is_masked_once_is_not_masked_again(text: str) -> None:
    once = mask(text, ["张王"])
    assert mask(once.text, ["张王"]).text == once.text


def test_it_is_told_what_was_taken_out() -> None:
    assert mask("张小明13800138000", ["张小明"]).kinds == ("姓名", "手机号")
