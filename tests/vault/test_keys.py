"""Key pairs, derivation, tokens and short codes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whistle.vault import keys

halves = st.binary(min_size=32, max_size=32)


def test_a_pair_is_given_by_its_seed():
    pair = keys.new_pair()

    assert keys.pair_from_seed(pair.seed) == pair
    assert (len(pair.seed), len(pair.public)) == (32, 1216)
    assert keys.new_pair() != pair


def test_a_pair_does_not_print_its_seed():
    pair = keys.new_pair()

    assert "seed" not in repr(pair)
    assert repr(pair.seed) not in repr(pair)


@given(halves)
def test_other_labels_give_other_keys(key):
    derived = {keys.derive(key, label) for label in ("verify", "wrap", "verif", "identity", "")}

    assert len(derived) == 5
    assert key not in derived
    assert len(keys.derive(key, "long", 64)) == 64


@given(halves, halves, halves)
def test_an_identity_key_needs_both_halves_in_their_order(a, b, other):
    mixed = keys.mix_identity(a, b)

    assert mixed not in (a, b, bytes(x ^ y for x, y in zip(a, b, strict=True)))
    assert (keys.mix_identity(a, other) == mixed) == (other == b)
    assert (keys.mix_identity(other, b) == mixed) == (other == a)
    assert (keys.mix_identity(b, a) == mixed) == (a == b)


def test_half_an_identity_key_of_another_length_is_refused():
    with pytest.raises(ValueError, match="32 bytes"):
        keys.mix_identity(b"x" * 31, b"x" * 33)


def test_a_short_code_is_twenty_digits_in_groups_and_follows_the_key():
    public = keys.new_pair().public
    changed = bytes((public[0] ^ 1,)) + public[1:]

    assert re.fullmatch(r"\d{4}( \d{4}){4}", keys.short_code(public), re.ASCII)
    assert keys.short_code(public) == keys.short_code(public)
    assert keys.short_code(changed) != keys.short_code(public)


def test_tokens_are_long_url_safe_and_never_the_same():
    tokens = {keys.token() for _ in range(200)}

    assert len(tokens) == 200
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{32}", token) for token in tokens)


@given(st.text())
def test_any_text_has_a_token_hash(text):
    assert len(keys.hash_token(text)) == 32
    assert keys.hash_token(text) != keys.hash_token(text + " ")


@pytest.mark.parametrize(
    ("public", "is_one"),
    [
        (keys.new_pair().public, True),
        (b"", False),
        (keys.new_pair().public[:-1], False),
        (b"\xff" * 1216, False),
        (keys.new_pair().public[:1184] + bytes(32), False),
    ],
    ids=["good", "empty", "cut", "no ML-KEM key", "X25519 point of low order"],
)
def test_a_pasted_public_key_is_looked_at(public, is_one):
    assert keys.is_public(public) is is_one


@pytest.mark.parametrize("seed", [b"", b"x" * 31, b"x" * 33, b"x" * 64])
def test_a_seed_of_another_length_is_refused(seed):
    with pytest.raises(ValueError, match="32 bytes"):
        keys.pair_from_seed(seed)
