"""The Merkle tree of RFC 9162 section 2.1 (RFC 6962), grown leaf by leaf out of stored full subtrees.

A node is named by its level and its place counted from the left: leaves are level 0, and node (l, p) is the
root over the leaves p·2^l to (p+1)·2^l - 1. A node exists once all its leaves do and never changes again, so
a tree of n leaves is its full nodes, and its root follows from the at most log2(n)+1 of them that are
`peaks`.

The domain bytes keep a leaf from being passed off as a node (second preimages):
leaf `SHA-256(0x00 || data)`, node `SHA-256(0x01 || left || right)`, empty tree `SHA-256("")`.
"""

import functools
import hashlib
from collections.abc import Callable, Sequence

LEAF = b"\x00"
NODE = b"\x01"
#: The root of the tree without leaves.
EMPTY = hashlib.sha256(b"").digest()

#: Gives the hash of a stored full node by level and place.
GetNode = Callable[[int, int], bytes]


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf's data."""
    return hashlib.sha256(LEAF + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two children."""
    return hashlib.sha256(NODE + left + right).digest()


def siblings(size: int) -> list[tuple[int, int]]:
    """The stored nodes `append` will ask for, at most log2(size), so that a caller can fetch them at once."""
    found = []
    level = 0
    while size >> level & 1:
        found.append((level, (size >> level) - 1))
        level += 1
    return found


def append(size: int, leaf: bytes, get_node: GetNode) -> list[tuple[int, int, bytes]]:
    """The full nodes (level, place, hash) that come to be when the leaf hash `leaf` joins `size` others."""
    new = [(0, size, leaf)]
    digest = leaf
    for level, place in siblings(size):
        digest = node_hash(get_node(level, place), digest)
        new.append((level + 1, place // 2, digest))
    return new


def peaks(size: int) -> list[tuple[int, int]]:
    """The largest full subtrees of a tree of `size` leaves, from left to right."""
    found = []
    start = 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            found.append((level, start >> level))
            start += 1 << level
    return found


def root(size: int, get_node: GetNode) -> bytes:
    """The root of the first `size` leaves."""
    if size == 0:
        return EMPTY
    return join([get_node(level, place) for level, place in peaks(size)])


def path(position: int, size: int) -> list[list[tuple[int, int]]]:
    """The inclusion path of a leaf in the first `size` leaves (RFC 9162, 2.1.3.1), from the leaf up: each step as the
    stored nodes from left to right whose `join` is the hash beside.
    """
    found, start, end = [], 0, size
    while end - start > 1:
        middle = start + (1 << (end - start - 1).bit_length() - 1)
        left, right = (start, middle), (middle, end)
        (start, end), (first, last) = (left, right) if position < middle else (right, left)
        found.append([(level, place + (first >> level)) for level, place in peaks(last - first)])
    return found[::-1]


def join(hashes: Sequence[bytes]) -> bytes:
    """The hash over neighbouring full subtrees, the larger ones first."""
    return functools.reduce(lambda right, left: node_hash(left, right), reversed(hashes))


def count_nodes(size: int) -> int:
    """How many full nodes a tree of `size` leaves has."""
    return sum(size >> level for level in range(size.bit_length()))
