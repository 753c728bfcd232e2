"""Password keys, refused passwords, recovery codes."""

import re

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from hypothesis import given, settings
from hypothesis import strategies as st

from whistle.vault import keys, passwords

SALT = b"0123456789abcdef"
PERSON = ("zhang.wei", "张伟", "区教育局")


def test_the_keys_are_those_of_the_specification():
    slow = Argon2id(salt=SALT, length=32, iterations=3, lanes=1, memory_cost=64 * 1024)
    secret = slow.derive("湖边 three".encode())
    found = passwords.derive("湖边 three", SALT)

    assert found.verify == keys.derive(secret, "password/verify")
    assert found.wrap == keys.derive(secret, "password/wrap")
    assert found.verify != found.wrap


def test_another_password_or_salt_gives_other_keys_and_another_keyboard_does_not():
    found = passwords.derive("Lake 3 ducks", SALT)

    assert passwords.derive("Ｌａｋｅ 3 ducks", SALT) == found
    for password, salt in (("lake 3 ducks", SALT), ("Lake 3 ducks ", SALT), ("Lake 3 ducks", b"x" * 16)):
        other = passwords.derive(password, salt)
        assert not passwords.matches(other.verify, found.verify)
        assert other.wrap != found.wrap


@pytest.mark.parametrize("password", ["", "\ud800", "\0", "x" * 10_000])
def test_any_text_has_keys(password):
    found = passwords.derive(password, SALT)

    assert passwords.matches(found.verify, passwords.derive(password, SALT).verify)


def test_keys_print_nothing_and_salts_differ():
    assert repr(passwords.derive("x", SALT)) == "PasswordKeys()"
    assert passwords.new_salt() != passwords.new_salt()
    assert len(passwords.new_salt()) == 16


@pytest.mark.parametrize(
    "password",
    [
        "Jiwei@2026纪委",
        "jiwei123456",
        "J1w3i@2026!!",
        "qjw12388!!",
        "Jijian_2025#",
        "jijianjiancha",
        "ganbu.tongzhi.2025",
        "清正廉洁2026!!",
        "不忘初心牢记使命1921",
        "Buwangchuxin2026",
        "Admin@123456",
        "P@ssw0rd2026!!",
        "Qwer1234!@#$",
        "1qaz@WSX2026ab",
        "1q2w3e4r5t6y",
        "147258369abc",
        "5201314woaini",
        "Woaini1314!!",
        "aaaaaaaaaaaa",
        "abababababab",
        "demo-demo-demo",
        "13812345678ab",
        "19880214zw!!",
        "zhangwei1988",
        "Zhang.Wei@1988",
        "iew.gnahz2020",
        "张伟张伟张伟2026",
        "区教育局张伟八八",
        "ＪｉＷｅｉ２０２６！！",
        "Beijing2026!!",
        "wodemima888",
    ],
)
def test_what_everybody_would_guess_is_refused(password):
    assert not passwords.is_acceptable(password, PERSON)


@pytest.mark.parametrize(
    "password",
    [
        "xK9jwQ2mZp",
        "correct horse battery staple",
        "绿豆汤配油条每天早上七点",
        "湖边三只灰鸭子慢慢走路",
        "lvdoutang peiyoutiao zaoshang",
        "Tui-9-mian!kelp",
        "jiwei lake grey ducks at noon",
    ],
)
def test_what_only_its_owner_knows_is_taken(password):
    assert passwords.is_acceptable(password, PERSON)


@pytest.mark.parametrize(("password", "length"), [("", 0), ("xK9jwQ2mZ", 9), ("xK9jwQ2mZp" * 13, 130)])
def test_a_password_is_neither_short_nor_endless(password, length):
    found = passwords.strength(password)

    assert found.length == length
    assert not found.is_acceptable


def test_the_meter_tells_that_habit_lowered_the_score():
    assert passwords.strength("Jiwei@2026纪委").is_guessable
    assert not passwords.strength("xK9jwQ2mZp").is_guessable


@given(st.text(max_size=140), st.lists(st.text(max_size=12), max_size=3))
@settings(max_examples=80, deadline=None)
def test_any_text_has_a_strength(password, words):
    found = passwords.strength(password, words)

    assert 0 <= found.score <= 4
    assert passwords.own_characters(password, words) <= len(passwords.normalise(password).lower())


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=20))
@settings(max_examples=50, deadline=None)
def test_the_own_name_alone_is_never_taken(name):
    assert not passwords.is_acceptable(name * 3, [name])


def test_recovery_codes_are_ten_different_ones_that_can_be_typed_loosely():
    codes = passwords.new_recovery_codes()

    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}", code) for code in codes)
    loose = codes[0].lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert passwords.hash_recovery_code(loose) == passwords.hash_recovery_code(codes[0])
    assert len({passwords.hash_recovery_code(code) for code in codes}) == 10


@given(st.text())
def test_any_text_has_a_recovery_code_hash(text):
    assert len(passwords.hash_recovery_code(text)) == 32
