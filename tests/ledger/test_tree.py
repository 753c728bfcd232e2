"""The Merkle tree against the published vectors of RFC 6962 logs and against the RFC's own recursive definition."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whistle.ledger import tree

#: The leaves of the certificate-transparency project's reference tests, and the roots over the first n of them.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


class Grown:
    """A tree grown leaf by leaf, with a count of the nodes that were asked for."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.nodes: dict[tuple[int, int], bytes] = {}
        self.asked: list[tuple[int, int]] = []
        for size, leaf in enumerate(leaves):
            for level, place, digest in tree.append(size, tree.leaf_hash(leaf), self.get):
                assert (level, place) not in self.nodes, "a full node never changes"
                self.nodes[level, place] = digest

    def get(self, level: int, place: int) -> bytes:
        self.asked.append((level, place))
        return self.nodes[level, place]


def by_definition(leaves: list[bytes]) -> bytes:
    """MTH of RFC 9162 section 2.1.1, word for word."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return hashlib.sha256(b"\x01" + by_definition(leaves[:half]) + by_definition(leaves[half:])).digest()


@pytest.mark.parametrize("size", range(len(ROOTS)))
def test_the_published_roots_come_out(size: int) -> None:
    grown = Grown(LEAVES[:size])
    assert tree.root(size, grown.get).hex() == ROOTS[size]


@given(st.lists(st.binary(max_size=8), max_size=70))
def test_growing_leaf_by_leaf_equals_the_definition_at_every_size(leaves: list[bytes]) -> None:
    grown = Grown(leaves)
    for size in range(len(leaves) + 1):
        assert tree.root(size, grown.get) == by_definition(leaves[:size])


@given(st.integers(min_value=0, max_value=2**62))
def test_an_append_or_a_root_needs_no_more_nodes_than_the_tree_is_high(size: int) -> None:
    asked: list[tuple[int, int]] = []

    def get(level: int, place: int) -> bytes:
        asked.append((level, place))
        return bytes(32)

    tree.append(size, bytes(32), get)
    assert asked == tree.siblings(size)
    assert len(asked) <= size.bit_length()
    asked.clear()
    tree.root(size, get)
    assert asked == tree.peaks(size)
    assert len(asked) <= size.bit_length()


@given(st.integers(min_value=0, max_value=300))
def test_the_peaks_cover_each_leaf_once_from_left_to_right(size: int) -> None:
    covered = [
        leaf for level, place in tree.peaks(size) for leaf in range(place << level, (place + 1) << level)
    ]
    assert covered == list(range(size))


def test_the_number_of_full_nodes_is_known() -> None:
    for size in range(40):
        assert len(Grown([b""] * size).nodes) == tree.count_nodes(size)


def test_a_leaf_cannot_be_passed_off_as_a_node() -> None:
    left, right = tree.leaf_hash(b"a"), tree.leaf_hash(b"b")
    assert tree.leaf_hash(left + right) != tree.node_hash(left, right)


def path_by_definition(position: int, leaves: list[bytes]) -> list[bytes]:
    """PATH of RFC 9162 section 2.1.3.1, word for word."""
    if len(leaves) == 1:
        return []
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    if position < half:
        return [*path_by_definition(position, leaves[:half]), by_definition(leaves[half:])]
    return [*path_by_definition(position - half, leaves[half:]), by_definition(leaves[:half])]


@given(st.data(), st.integers(min_value=1, max_value=40))
def test_the_path_of_a_leaf_is_that_of_the_definition(data: st.DataObject, size: int) -> None:
    position = data.draw(st.integers(min_value=0, max_value=size - 1))
    leaves = [bytes([n]) for n in range(size)]
    grown = Grown(leaves)
    path = [tree.join([grown.get(*node) for node in step]) for step in tree.path(position, size)]
    assert path == path_by_definition(position, leaves)


@given(st.integers(min_value=1, max_value=2**40), st.data())
def test_a_path_needs_few_nodes_however_long_the_log_is(size: int, data: st.DataObject) -> None:
    position = data.draw(st.integers(min_value=0, max_value=size - 1))
    assert len(tree.path(position, size)) <= size.bit_length()
    assert sum(map(len, tree.path(position, size))) <= 2 * size.bit_length()
