"""How alike two texts are, told by sketches of them: so thousands can be compared without reading them again.

A text is taken as the set of its pairs of neighbours, hashed: neighbours are Han characters one by one, and words of
other scripts whole. Its sketch are the 128 smallest of the hashes (a bottom-k sketch, after Broder, "On the resemblance
and containment of documents", 1997). Of two sketches, the share of common ones among the 128 smallest of both is, but
for chance of some hundredths, the share of common pairs among all pairs of both texts (Jaccard's index). A copy with
small changes keeps most; two people who tell of the same matter in their own words have a quarter or more in common,
two matters at one counter less than a tenth.
"""

import hashlib
import re
import struct
import unicodedata
from collections.abc import Collection
from itertools import pairwise

Sketch = frozenset[int]

SIZE = 128
HASH_BYTES = 4
#: A text of fewer pairs says too little to be compared.
LEAST_PAIRS = 12
#: From here on two texts are shown as nearly the same.
ALIKE = 0.2

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_NEIGHBOUR = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]+")


def sketch(text: str) -> Sketch:
    """The sketch of a text; empty for one that is too short."""
    found = _NEIGHBOUR.findall(unicodedata.normalize("NFKC", text).casefold())
    pairs = {f"{one}\n{next_}" for one, next_ in pairwise(found)}
    if len(pairs) < LEAST_PAIRS:
        return frozenset()
    return frozenset(sorted(_hash(pair) for pair in pairs)[:SIZE])


def _hash(pair: str) -> int:
    hashed = hashlib.blake2b(pair.encode("utf-8", "surrogatepass"), digest_size=HASH_BYTES)
    return int.from_bytes(hashed.digest(), "big")


def likeness(one: Sketch, other: Sketch) -> float:
    """How alike two texts are by their sketches, from 0 to 1."""
    both = one & other
    if not both:
        return 0.0
    least = sorted(one | other)[:SIZE]
    return sum(hashed in both for hashed in least) / len(least)


def nearest(sketches: Collection[Sketch], others: Collection[Sketch]) -> float:
    """How alike the two most alike of them are."""
    return max((likeness(one, other) for one in sketches for other in others), default=0.0)


def to_bytes(sketch: Sketch) -> bytes:
    """A sketch as bytes: its hashes in order."""
    return struct.pack(f">{len(sketch)}I", *sorted(sketch))


def from_bytes(data: bytes) -> Sketch:
    """A sketch from its bytes."""
    return frozenset(struct.unpack(f">{len(data) // HASH_BYTES}I", data))
