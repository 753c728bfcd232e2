"""Finding words in texts: what counts as the same word, and the few words around it that show where it stands.

Compared are texts in one width and case, without white space and without what nobody sees: Chinese is written without
spaces, and whoever types some means nothing by them. So a word is any run of characters, wherever it begins. Simplified
and traditional characters are not the same.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

#: Words that one search may ask for, and characters of all of them.
MOST_WORDS = 10
MOST_CHARACTERS = 200

#: Characters shown before what was found, and altogether.
BEFORE = 24
SHOWN = 96

_UNSEEN = re.compile(r"[\s\x00-\x1f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]+")


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a text around what was found in it: parts in order, each with whether it is what was looked for.

    `is_cut_before`, `is_cut_after`: more of the text stands there.
    """

    parts: tuple[tuple[str, bool], ...]
    is_cut_before: bool
    is_cut_after: bool

    def shows(self, words: Collection[str]) -> set[str]:
        """Those of some folded words that are marked in it."""
        marked = [fold(part) for part, is_hit in self.parts if is_hit]
        return {word for word in words if any(word in part for part in marked)}


def fold(text: str) -> str:
    """A text as it is compared; none of its characters is white space or a control character."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return _UNSEEN.sub("", plain)


def words_of(query: str) -> list[str]:
    """The words of a query, each folded and once: they are parted by white space. All of them have to occur."""
    found = (fold(word) for word in unicodedata.normalize("NFKC", query).split())
    return list(dict.fromkeys(word for word in found if word))


def snippet(text: str, words: Sequence[str]) -> Snippet | None:
    """The text around the first of these folded words that occurs in it; None where none does."""
    folded, places = _with_places(text)
    found = {span for word in words for span in _spans(folded, places, word)}
    spans = sorted(found, key=lambda span: (span[0], -span[1]))  # of two that begin together the longer one
    if not spans:
        return None
    start = max(0, spans[0][0] - BEFORE)
    end = min(len(text), max(start + SHOWN, spans[0][1]))
    return Snippet(tuple(_parts(text, start, end, spans)), start > 0, end < len(text))


def _with_places(text: str) -> tuple[str, list[int]]:
    """A text folded character by character, and for each character of that where it came from."""
    folded: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for plain in _fold_one(character):
            folded.append(plain)
            places.append(place)
    return "".join(folded), places


@lru_cache(4096)
def _fold_one(character: str) -> str:
    return fold(character)


def _spans(folded: str, places: list[int], word: str) -> Iterator[tuple[int, int]]:
    """Where a word stands in the text as it was written: from, to before."""
    at = folded.find(word)
    while at >= 0:
        yield places[at], places[at + len(word) - 1] + 1
        at = folded.find(word, at + len(word))


def _parts(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    at = start
    for first, last in spans:
        if first < at or first >= end:
            continue
        if first > at:
            yield text[at:first], False
        yield text[first : min(last, end)], True
        at = min(last, end)
    if at < end:
        yield text[at:end], False
