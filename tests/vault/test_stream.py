"""Sealed files: any size, constant memory, and no chunk that is changed, moved, cut or borrowed."""

import dataclasses
import hashlib
import io
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whistle.vault.envelope import Context
from whistle.vault.errors import SealBroken, UnknownFormat
from whistle.vault.keys import new_key
from whistle.vault.padding import padded_size
from whistle.vault.stream import (
    HEADER_BYTES,
    LENGTH_BYTES,
    PIECE,
    SALT_BYTES,
    SEALED_CHUNK,
    TAG,
    SealingStream,
    _Chunks,
    open_part,
    open_stream,
)

KEY = new_key()
CONTEXT = Context("attachment", "f00d", "image", "", 1)
HEAD = HEADER_BYTES + SALT_BYTES
EDGES = [0, 1, 255, 256, 257, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE - 1, 2 * PIECE, 2 * PIECE + 1, 5 * PIECE]


def seal(data, key=KEY, context=CONTEXT):
    out = io.BytesIO()
    with SealingStream(out, key, context) as stream:
        stream.write(data)
    return out.getvalue()


def unseal(sealed, key=KEY, context=CONTEXT):
    return b"".join(open_stream(io.BytesIO(sealed), key, context))


def parts(sealed):
    """Header, then chunks."""
    return [sealed[:HEAD]] + [sealed[at : at + SEALED_CHUNK] for at in range(HEAD, len(sealed), SEALED_CHUNK)]


def text(size):
    return hashlib.shake_256(size.to_bytes(8, "big")).digest(size)


@pytest.mark.parametrize("size", EDGES)
def test_a_file_of_any_size_comes_back(size):
    data = text(size)
    sealed = seal(data)
    chunks = -(-padded_size(size) // PIECE)

    assert unseal(sealed) == data
    assert len(sealed) == HEAD + padded_size(size) + chunks * (LENGTH_BYTES + TAG)


@pytest.mark.parametrize("size", [PIECE, 3 * PIECE + 5])
def test_files_of_zeros_keep_their_length(size):
    assert unseal(seal(bytes(size))) == bytes(size)


@given(st.lists(st.integers(0, 2 * PIECE), max_size=5))
@settings(max_examples=25, deadline=None)
def test_the_way_a_file_is_cut_while_writing_does_not_matter(sizes):
    out = io.BytesIO()
    stream = SealingStream(out, KEY, CONTEXT)
    for size in sizes:
        assert stream.write(memoryview(text(size))) == size
    stream.close()
    stream.close()

    assert stream.size == sum(sizes)
    assert unseal(out.getvalue()) == b"".join(map(text, sizes))


def test_a_source_that_gives_a_few_bytes_at_a_time_is_read():
    class Trickle(io.BytesIO):
        def read(self, size=-1):
            return super().read(min(size, 1000))

    data = text(PIECE + 10)

    assert b"".join(open_stream(Trickle(seal(data)), KEY, CONTEXT)) == data


def test_files_of_nearly_one_size_have_one_sealed_size():
    assert len({len(seal(bytes(size))) for size in range(300_000, 300_000 + 3000, 500)}) == 1


@given(mask=st.integers(1, 255))
@settings(max_examples=3, deadline=None)
def test_a_change_at_any_byte_of_a_small_file_is_refused(mask):
    sealed = seal(b"words")

    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= mask
        with pytest.raises(UnknownFormat if place < HEADER_BYTES else SealBroken):
            unseal(bytes(changed))


LARGE = seal(text(3 * PIECE + 500))


@given(place=st.integers(HEADER_BYTES, len(LARGE) - 1), mask=st.integers(1, 255))
@settings(max_examples=60, deadline=None)
def test_a_change_anywhere_in_a_large_file_is_refused(place, mask):
    changed = bytearray(LARGE)
    changed[place] ^= mask

    with pytest.raises(SealBroken):
        unseal(bytes(changed))


@given(length=st.integers(0, len(LARGE) - 1))
@settings(max_examples=60, deadline=None)
def test_a_file_cut_anywhere_is_refused(length):
    with pytest.raises(SealBroken):
        unseal(LARGE[:length])


@pytest.mark.parametrize("length", [0, 1, 2, 3, HEAD - 1, HEAD, HEAD + 1, HEAD + TAG, HEAD + SEALED_CHUNK])
def test_a_file_cut_in_its_header_or_between_chunks_is_refused(length):
    with pytest.raises(SealBroken):
        unseal(LARGE[:length])


def rearranged():
    head, *chunks = parts(LARGE)
    other_head, *others = parts(seal(text(3 * PIECE + 500)))
    first, second, third, last = chunks
    return {
        "without the last": [head, first, second, third],
        "without the first": [head, second, third, last],
        "without one between": [head, first, third, last],
        "only the last": [head, last],
        "only the header": [head],
        "two swapped": [head, second, first, third, last],
        "last moved forward": [head, last, first, second, third],
        "one repeated": [head, first, first, second, third, last],
        "last repeated": [head, first, second, third, last, last],
        "one replaced by its neighbour": [head, first, first, third, last],
        "one from another file of the key": [head, first, others[1], third, last],
        "last from another file of the key": [head, first, second, third, others[3]],
        "header of another file of the key": [other_head, first, second, third, last],
        "something behind": [head, first, second, third, last, b"\0"],
        "another file behind": [head, first, second, third, last, other_head, *others],
    }


@pytest.mark.parametrize("pieces", rearranged().values(), ids=rearranged())
def test_chunks_rearranged_are_refused(pieces):
    with pytest.raises(SealBroken):
        unseal(b"".join(pieces))


@pytest.mark.parametrize(
    "other",
    [{"purpose": "cleaned"}, {"record": "f00e"}, {"kind": "video"}, {"reader": "3"}, {"generation": 2}],
    ids=lambda other: next(iter(other)),
)
def test_another_context_is_refused(other):
    with pytest.raises(SealBroken):
        unseal(seal(b"words"), context=dataclasses.replace(CONTEXT, **other))


def test_another_key_is_refused():
    with pytest.raises(SealBroken):
        unseal(seal(b"words"), key=new_key())


@pytest.mark.parametrize(
    ("head", "named"),
    [(b"\x02\x03", "version byte 2"), (b"\x01\x02", "suite byte 2"), (b"\x01\x63", "suite byte 99")],
)
def test_an_unknown_version_or_suite_is_named_before_any_chunk_is_asked_for(head, named):
    with pytest.raises(UnknownFormat, match=named):
        open_stream(io.BytesIO(head + seal(b"words")[2:]), KEY, CONTEXT)


def test_a_writer_that_failed_leaves_nothing_that_opens():
    out = io.BytesIO()

    def fail_half_way():
        with SealingStream(out, KEY, CONTEXT) as stream:
            stream.write(text(2 * PIECE))
            raise ConnectionError

    with pytest.raises(ConnectionError):
        fail_half_way()
    with pytest.raises(SealBroken):
        unseal(out.getvalue())


def test_nothing_can_be_written_behind_the_end():
    stream = SealingStream(io.BytesIO(), KEY, CONTEXT)
    stream.close()

    with pytest.raises(ValueError, match="closed"):
        stream.write(b"more")


@pytest.mark.parametrize(
    "plaintexts",
    [
        [(0, bytes(255))],
        [(257, bytes(256))],
        [(0, b"")],
        [(PIECE - 1, bytes(PIECE)), (1, bytes(4))],
        [(0, bytes(PIECE)), (0, bytes(256))],
    ],
    ids=[
        "too little padding",
        "length beyond the piece",
        "nothing",
        "bytes after padding",
        "too much padding",
    ],
)
def test_a_sealer_that_pads_in_its_own_way_is_refused(plaintexts):
    head = seal(b"")[:HEAD]
    chunks = _Chunks(KEY, head, CONTEXT)
    sealed = [
        chunks.seal(true.to_bytes(LENGTH_BYTES, "big") + piece, is_last=number == len(plaintexts))
        for number, (true, piece) in enumerate(plaintexts, 1)
    ]

    with pytest.raises(SealBroken):
        unseal(head + b"".join(sealed))


def test_a_large_file_is_sealed_and_opened_in_constant_memory(tmp_path):
    block, blocks = text(100_000), 160
    path = tmp_path / "sealed"

    tracemalloc.start()
    with path.open("wb") as out, SealingStream(out, KEY, CONTEXT) as stream:
        for _ in range(blocks):
            stream.write(block)
    digest = hashlib.sha256()
    with path.open("rb") as inp:
        for piece in open_stream(inp, KEY, CONTEXT):
            digest.update(piece)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert digest.digest() == hashlib.sha256(block * blocks).digest()
    assert peak < 1_500_000


def test_a_key_of_another_length_is_refused():
    with pytest.raises(ValueError, match="32 bytes"):
        SealingStream(io.BytesIO(), b"short", CONTEXT)


# Parts


def part(sealed, start, stop, *, key=KEY, context=CONTEXT, sealed_size=None):
    size = len(sealed) if sealed_size is None else sealed_size
    return b"".join(open_part(io.BytesIO(sealed), key, context, size, start, stop))


@given(size=st.sampled_from(EDGES[1:]), cut=st.tuples(st.integers(0, 6 * PIECE), st.integers(0, 6 * PIECE)))
@settings(deadline=None)
def test_any_part_of_a_file_of_any_size_comes_back(size, cut):
    data = hashlib.shake_128(b"part").digest(size)
    start, stop = sorted(place % (size + 1) for place in cut)
    assert part(seal(data), start, stop) == data[start:stop]


@pytest.mark.parametrize("size", [1, 1000, PIECE + 1, 3 * PIECE])
def test_no_part_reaches_into_the_padding_or_beyond_the_end(size):
    sealed = seal(b"x" * size)
    for stop in (size + 1, padded_size(size), padded_size(size) + PIECE):
        if stop > size:
            with pytest.raises(SealBroken):
                part(sealed, size - 1, stop)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_part_of_a_chunk_that_is_changed_or_stands_elsewhere_is_refused(number):
    sealed = seal(hashlib.shake_128(b"chunks").digest(3 * PIECE))
    at, other = (HEAD + n * SEALED_CHUNK for n in (number, (number + 1) % 3))
    changed, moved = bytearray(sealed), bytearray(sealed)
    changed[at + 5] ^= 1
    moved[at : at + SEALED_CHUNK] = sealed[other : other + SEALED_CHUNK]
    for broken in (bytes(changed), bytes(moved)):
        with pytest.raises(SealBroken):
            part(broken, number * PIECE + 1, number * PIECE + 2)


def test_a_cut_file_gives_its_last_piece_to_nobody_whatever_length_is_said():
    sealed = seal(b"x" * (3 * PIECE))
    cut = sealed[: HEAD + 2 * SEALED_CHUNK]
    for said in (len(sealed), len(cut)):
        with pytest.raises(SealBroken):
            part(cut, 2 * PIECE, 3 * PIECE, sealed_size=said)
    with pytest.raises(SealBroken):
        part(cut, PIECE, 2 * PIECE, sealed_size=len(cut))


def test_a_part_opens_with_its_own_key_and_context_alone():
    sealed = seal(b"words")
    for wrong in ({"key": new_key()}, {"context": dataclasses.replace(CONTEXT, record="beef")}):
        with pytest.raises(SealBroken):
            part(sealed, 0, 5, **wrong)
    with pytest.raises(UnknownFormat):
        part(b"\x09" + sealed[1:], 0, 5)
    with pytest.raises(SealBroken):
        part(sealed[: HEAD - 1], 0, 5)


def test_of_a_large_file_a_small_part_reads_one_chunk():
    class Counted(io.BytesIO):
        taken = 0

        def read(self, size=-1, /):
            data = super().read(size)
            self.taken += len(data)
            return data

    inp = Counted(seal(bytes(40 * PIECE)))
    b"".join(open_part(inp, KEY, CONTEXT, len(inp.getvalue()), 20 * PIECE, 20 * PIECE + 9))
    assert inp.taken == HEAD + SEALED_CHUNK
