"""Receipt codes as people type them, and the keys they give."""

import contextlib
import hashlib

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from hypothesis import given, settings
from hypothesis import strategies as st

from whistle.vault import receipts
from whistle.vault.errors import ReceiptMistyped
from whistle.vault.keys import pair_from_seed

SALT = b"installation-one"
CODE = "482911705336902417748051"[:23]
CODE += str(next(d for d in range(10) if receipts.mod_11_10.is_valid(CODE + str(d))))

OTHER = "0" * 23 + str(receipts.mod_11_10.calc_check_digit("0" * 23))

separators = st.text(st.sampled_from(" -\u3000\u200b\n\u00a0—－·"), max_size=2)
places = st.integers(0, 23)


def full_width(text):
    return "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in text)


def test_new_codes_are_24_digits_that_are_taken_back():
    codes = {receipts.new_code() for _ in range(300)}

    assert len(codes) == 300
    assert all(receipts.normalise(receipts.group(code)) == code for code in codes)


def test_a_code_is_shown_in_six_groups():
    assert receipts.group(CODE) == f"4829 1170 5336 9024 1774 {CODE[20:]}"


@given(st.lists(separators, min_size=25, max_size=25), st.booleans())
def test_spaces_dashes_and_full_width_digits_are_taken(gaps, wide):
    typed = gaps[0] + "".join(digit + gap for digit, gap in zip(CODE, gaps[1:], strict=True))

    assert receipts.normalise(full_width(typed) if wide else typed) == CODE


@given(places, st.integers(1, 9))
def test_one_wrong_digit_is_noticed(place, shift):
    wrong = str((int(CODE[place]) + shift) % 10)

    with pytest.raises(ReceiptMistyped):
        receipts.normalise(CODE[:place] + wrong + CODE[place + 1 :])


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        CODE[:23],
        CODE + "0",
        CODE[1:],
        CODE[:12] + "O" + CODE[13:],
        "四八二九",
        "٤" * 24,
        "²" * 24,
        "�" * 24,
        "0" * 10000,
        CODE + CODE,
    ],
)
def test_what_can_be_no_code_is_mistyped(text):
    with pytest.raises(ReceiptMistyped):
        receipts.normalise(text)


@pytest.mark.parametrize(
    "note",
    [
        "{shown} 2026年11月25日",
        "{shown}（11月25日）",
        "2026年11月25日 {shown}",
        "2026 11 25 {shown} 12388",
        "查询码：{shown}\r\n收到的日期：2026年11月25日\r\n",
        "{code}，电话13800138000",
        "x{code}",
        "{shown}\n{code}",
        "码{shown}码",
        "2025 {shown}，2026-11-25",
    ],
)
@pytest.mark.parametrize("wide", [False, True])
def test_a_code_is_taken_from_the_note_it_stands_in(note, wide):
    text = note.format(code=CODE, shown=receipts.group(CODE))

    assert receipts.normalise(full_width(text) if wide else text) == CODE


@given(
    st.dates(),
    st.integers(0, 10**23 - 1),
    st.sampled_from(["{c} {d}", "{d}{c}", "{c}（{d}）", "{d}\n{c}", "{c} {iso}", "{c}，{iso}。"]),
)
def test_a_date_beside_a_code_hides_none(day, number, note):
    digits = str(number).zfill(23)
    code = digits + str(receipts.mod_11_10.calc_check_digit(digits))
    text = note.format(c=receipts.group(code), d=f"{day.year}年{day.month}月{day.day}日", iso=day)

    assert receipts.normalise(text) == code


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        (CODE + "0", 25),
        ("1" * 25, 25),
        (receipts.group(CODE) + "0", 25),
        (f"{CODE} {OTHER}", 48),
        (CODE + CODE, 48),
        ("0" * 10_000, receipts.LONGEST_NOTE),
    ],
)
def test_of_too_many_digits_none_are_chosen(text, digits):
    with pytest.raises(receipts.ReceiptUnclear) as caught:
        receipts.normalise(text)
    assert caught.value.digits == digits


def test_a_very_long_note_is_answered_soon():
    for text in ("1 " * 500_000, "1234 " * 200_000, "１" * 500_000):
        with pytest.raises(ReceiptMistyped):
            receipts.normalise(text)


@given(st.text(max_size=40))
def test_any_text_is_a_code_or_mistyped(text):
    with contextlib.suppress(ReceiptMistyped):
        assert len(receipts.normalise(text)) == 24


def test_the_keys_are_those_of_the_specification():
    secret = Argon2id(salt=SALT, length=64, iterations=2, lanes=1, memory_cost=19 * 1024).derive(
        CODE.encode()
    )
    keys = receipts.derive(CODE, SALT)

    assert keys.lookup == hashlib.sha256(b"whistle/v1/receipt-lookup" + secret[:32]).digest()
    assert keys.pair == pair_from_seed(secret[32:])


def test_the_same_code_gives_the_same_keys_however_it_is_typed():
    assert receipts.derive(full_width(receipts.group(CODE)), SALT) == receipts.derive(CODE, SALT)


def test_another_code_or_salt_gives_other_keys():
    keys = receipts.derive(CODE, SALT)
    others = [receipts.derive(receipts.new_code(), SALT), receipts.derive(CODE, b"installation-two")]

    assert all(other.lookup != keys.lookup and other.pair != keys.pair for other in others)


def test_a_mistyped_code_costs_no_slow_hash():
    with pytest.raises(ReceiptMistyped):
        receipts.derive(CODE[:-1] + str((int(CODE[-1]) + 1) % 10), SALT)


def test_keys_do_not_print_the_pair():
    assert "pair" not in repr(receipts.derive(CODE, SALT))


@pytest.mark.parametrize(
    "text",
    [
        CODE,
        receipts.group(CODE),
        f"我的回执码是{CODE}，请查。",
        f"码：{full_width(receipts.group(CODE))}。",
        "-".join(receipts.group(CODE).split()),
        "\n".join(receipts.group(CODE).split()),
        "，".join(receipts.group(CODE).split()),
        " / ".join(receipts.group(CODE).split()),
        f"2026 11 23 {receipts.group(CODE)} 12",
        f"8{CODE[:3]} {receipts.group(CODE)}",
    ],
)
def test_a_code_inside_a_text_is_found(text):
    assert receipts.contains_code(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "没有数字",
        CODE[:-1],
        CODE[:-1] + str((int(CODE[-1]) + 1) % 10),
        "7" + CODE,
        CODE[:12] + "和" + CODE[12:],
        "6222 0200 1100 2233 445 6222 0200 1100 2233 446",
        "电话 13800138000，车牌 12345，金额 1200000 元",
    ],
)
def test_other_numbers_are_no_code(text):
    assert not receipts.contains_code(text)


@given(st.text(st.sampled_from("0123456789 -."), max_size=300))
@settings(max_examples=50)
def test_any_row_of_digits_is_answered(text):
    assert receipts.contains_code(text) in (True, False)


def test_a_very_long_row_of_digits_is_answered_soon():
    assert not receipts.contains_code("1 " * 3 + "0" * 20_000)
    assert receipts.contains_code("12 " * 10_000) in (True, False)
