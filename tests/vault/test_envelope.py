"""Seals and records: they open for the right key and context, and for nothing else."""

import dataclasses
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whistle.vault.envelope import (
    Context,
    open_json_record,
    open_json_with,
    open_record,
    open_with,
    seal_json_record,
    seal_json_to,
    seal_record,
    seal_to,
)
from whistle.vault.errors import SealBroken, UnknownFormat, VaultError
from whistle.vault.keys import new_key, new_pair

CONTEXT = Context("report body", "b3c1", "lead", "17", 2)
PAIR, KEY = new_pair(), new_key()

WAYS = {
    "seal": (lambda text, context=CONTEXT: seal_to(PAIR.public, text, context), PAIR.seed, open_with),
    "record": (lambda text, context=CONTEXT: seal_record(KEY, text, context), KEY, open_record),
}
ways = pytest.mark.parametrize("way", WAYS)

OTHER_CONTEXTS = {
    "purpose": {"purpose": "report identity"},
    "record": {"record": "b3c2"},
    "kind": {"kind": "complaint"},
    "reader": {"reader": "18"},
    "no reader": {"reader": ""},
    "older generation": {"generation": 1},
    "newer generation": {"generation": 3},
}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
contexts = st.builds(Context, st.text(min_size=1), st.text(), st.text(), st.text(), st.integers(0, 2**32 - 1))


@ways
@given(text=st.binary(max_size=2000))
@settings(max_examples=40, deadline=None)
def test_what_was_sealed_opens_again(way, text):
    seal, secret, open_ = WAYS[way]

    assert open_(secret, seal(text), CONTEXT) == text


@ways
@given(context=contexts)
@settings(max_examples=30, deadline=None)
def test_any_context_opens_its_own(way, context):
    seal, secret, open_ = WAYS[way]

    assert open_(secret, seal(b"words", context), context) == b"words"


@ways
@given(mask=st.integers(1, 255))
@settings(max_examples=4, deadline=None)
def test_a_change_at_any_byte_is_refused(way, mask):
    seal, secret, open_ = WAYS[way]
    sealed = seal(b"words")

    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= mask
        with pytest.raises(UnknownFormat if place < 2 else SealBroken):
            open_(secret, bytes(changed), CONTEXT)


@ways
def test_every_shorter_and_any_longer_envelope_is_refused(way):
    seal, secret, open_ = WAYS[way]
    sealed = seal(b"words")

    for length in range(len(sealed)):
        with pytest.raises(SealBroken):
            open_(secret, sealed[:length], CONTEXT)
    with pytest.raises(SealBroken):
        open_(secret, sealed + b"\0", CONTEXT)


@ways
@given(noise=st.binary(max_size=1500))
@settings(max_examples=40, deadline=None)
def test_noise_never_does_more_than_a_vault_error(way, noise):
    _, secret, open_ = WAYS[way]

    for sealed in (noise, b"\x01\x01" + noise, b"\x01\x02" + noise):
        with pytest.raises(VaultError):
            open_(secret, sealed, CONTEXT)


@ways
@pytest.mark.parametrize("other", OTHER_CONTEXTS.values(), ids=OTHER_CONTEXTS)
def test_another_context_is_refused(way, other):
    seal, secret, open_ = WAYS[way]
    sealed = seal(b"words")

    with pytest.raises(SealBroken):
        open_(secret, sealed, dataclasses.replace(CONTEXT, **other))


@given(one=contexts, other=contexts)
@settings(max_examples=200, deadline=None)
def test_contexts_are_equal_exactly_when_their_bytes_are(one, other):
    assert (one == other) == (one.to_bytes() == other.to_bytes())


def test_a_letter_moved_between_fields_makes_another_context():
    assert Context("ab", "c").to_bytes() != Context("a", "bc").to_bytes()
    assert Context("a", "b", "c", "").to_bytes() != Context("a", "b", "", "c").to_bytes()


@ways
def test_another_key_is_refused(way):
    seal, _, open_ = WAYS[way]

    with pytest.raises(SealBroken):
        open_(new_key(), seal(b"words"), CONTEXT)


@ways
def test_the_same_text_is_never_sealed_to_the_same_bytes(way):
    seal, _, _ = WAYS[way]

    assert len({seal(b"words")[2:] for _ in range(20)}) == 20


@ways
def test_short_texts_have_one_sealed_length(way):
    seal, _, _ = WAYS[way]

    assert len({len(seal(b"x" * length)) for length in range(253)}) == 1


@ways
def test_an_unknown_version_or_suite_is_named(way):
    seal, secret, open_ = WAYS[way]
    sealed = seal(b"words")

    with pytest.raises(UnknownFormat, match="version byte 9"):
        open_(secret, b"\x09" + sealed[1:], CONTEXT)
    with pytest.raises(UnknownFormat, match="suite byte 119 of version 1"):
        open_(secret, b"\x01\x77" + sealed[2:], CONTEXT)


def test_a_record_is_not_taken_for_a_seal_nor_a_seal_for_a_record():
    with pytest.raises(UnknownFormat, match="suite byte 2"):
        open_with(PAIR.seed, seal_record(KEY, b"words", CONTEXT), CONTEXT)
    with pytest.raises(UnknownFormat, match="suite byte 1"):
        open_record(KEY, seal_to(PAIR.public, b"words", CONTEXT), CONTEXT)


@given(value=json_values)
@settings(max_examples=60, deadline=None)
def test_json_comes_back_as_it_was(value):
    assert open_json_record(KEY, seal_json_record(KEY, value, CONTEXT), CONTEXT) == value
    assert open_json_with(PAIR.seed, seal_json_to(PAIR.public, value, CONTEXT), CONTEXT) == value


def test_lone_surrogates_and_twenty_thousand_characters_come_back():
    value = {"text": "举" * 20_000 + "\ud800" + "\u202e"}

    assert open_json_record(KEY, seal_json_record(KEY, value, CONTEXT), CONTEXT) == value


def test_a_record_that_is_not_json_is_broken_for_the_json_reader():
    with pytest.raises(SealBroken):
        open_json_record(KEY, seal_record(KEY, b"\xff{", CONTEXT), CONTEXT)


def test_no_word_of_the_text_or_the_context_shows_outside():
    for way in WAYS:
        sealed = WAYS[way][0](json.dumps({"text": "planted-secret"}).encode())

        assert b"planted" not in sealed
        assert CONTEXT.record.encode() not in sealed


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: seal_record(b"short", b"", CONTEXT), ValueError),
        (lambda: open_record(b"x" * 16, seal_record(KEY, b"", CONTEXT), CONTEXT), ValueError),
        (lambda: seal_to(b"short", b"", CONTEXT), ValueError),
        (lambda: seal_to(b"\xff" * 1216, b"", CONTEXT), ValueError),
        (lambda: open_with(b"short", seal_to(PAIR.public, b"", CONTEXT), CONTEXT), ValueError),
        (lambda: seal_json_record(KEY, float("nan"), CONTEXT), ValueError),
        (lambda: Context("", "1"), ValueError),
        (lambda: Context("a", "1", generation=-1), ValueError),
        (lambda: Context("a", "1", generation=2**32), ValueError),
        (lambda: Context("a", 1), TypeError),
    ],
)
def test_a_programmers_mistake_is_loud(call, error):
    with pytest.raises(error):
        call()
