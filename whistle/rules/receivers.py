"""Which units of the district a receiver's name means, as somebody typed it: what is reported must not reach whom it
is about (XF 30; HN 78).

A name is found in any width and case, with any spaces and marks in it, within a longer text, and without the place
it begins with; where none is found, a text that is nothing but a name cut short means that name too. The longest name
is the one meant. A name without its place is borne by bodies elsewhere too: in 清源区, "税务局" and "区税务局" are the
district's own, and "清源市税务局" is not.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

#: Names of fewer letters, or of a single English word, are part of too many others: they mean a unit only alone.
SHORT = 3

_HAN_PLACE = re.compile(r"(?:[省市州盟区县旗]|国家|全国|中央)\Z")
_HAN_PLACES = re.compile(r"[^\W省市州盟区县旗]+[省市州盟区县旗]")
#: Names that are a place themselves, whatever is put before them.
_IS_PLACE = re.compile(r"街道|[镇乡](?:人民)?政府")
_LEVELS = "municipal|city|provincial|province|prefecture|county|district|national|state|central"
_LATIN_PLACE = re.compile(rf"(?:([a-z]+)\W+)?({_LEVELS})\W*\Z")
_OF_PLACE = re.compile(r"\W*of\s+(?:the\s+)?([a-z][a-z ]*)")


@dataclass(frozen=True, slots=True)
class Home:
    """The office's own names; their place is the one that units without a place in their name belong to."""

    name_zh: str
    name_en: str

    @property
    def place_zh(self) -> str:
        """The last place the Chinese name tells: 清源区 of "清源区纪委监委"; nothing where it tells none."""
        return next(reversed(_HAN_PLACES.findall(_fold(self.name_zh))), "")

    @property
    def place_en(self) -> str:
        """What the English name says the office is of; nothing where it says no such thing."""
        found = re.search(r".*\bof (?:the )?([a-z ]+)", _fold(self.name_en))
        return found.group(1).strip() if found else ""


@dataclass(frozen=True, slots=True)
class _Mention:
    unit: int
    name: str
    start: int
    end: int

    def is_within(self, other: "_Mention") -> bool:
        is_shorter = self.end - self.start < other.end - other.start
        return is_shorter and other.start <= self.start and self.end <= other.end


def units_named(text: str, names: Iterable[tuple[int, str]], home: Home) -> list[set[int]]:
    """For each place of `text` that names units, which: several where they share a name. `names` are (unit, name)."""
    text = _fold(text)
    known = {(unit, form) for unit, name in names for form in _forms(_fold(name), home)}
    found = [mention for unit, name in known for mention in _mentions(text, unit, name)]
    longest = [one for one in found if not any(one.is_within(other) for other in found)]
    if not longest:
        short = {unit for unit, name in known if _is_abbreviation(text, name, home)}
        return [short] if short else []
    places: dict[tuple[int, int], set[int]] = {}
    for one in sorted(longest, key=lambda mention: mention.start):
        if not _is_elsewhere(text, one, home):
            places.setdefault((one.start, one.end), set()).add(one.unit)
    return list(places.values())


def _is_abbreviation(text: str, name: str, home: Home) -> bool:
    """Whether the whole text is a Chinese name with letters left out, its last one kept: 区审批局 for 行政审批局."""
    letters = _without_place(_letters(text), home)
    if letters.isascii() or len(letters) < SHORT or letters[-1] != name[-1:]:
        return False
    rest = iter(name)
    return all(letter in rest for letter in letters)


def _without_place(letters: str, home: Home) -> str:
    """What is left of a name after the office's own place, or the end of it: 清源区 and 区 alike."""
    own = home.place_zh
    starts = [own[at:] for at in range(len(own)) if letters.startswith(own[at:])]
    return letters.removeprefix(starts[0]) if starts else letters


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _forms(name: str, home: Home) -> set[str]:
    """A name as it stands, and without the office's own place."""
    return {name, name.removeprefix(home.place_zh), name.removesuffix(f" of {home.place_en}")}


def _mentions(text: str, unit: int, name: str) -> Iterable[_Mention]:
    letters = _letters(name)
    if not letters or letters not in _letters(text):
        return
    if _is_short(name) and letters != _letters(text):
        return
    body = r"[\W_]*".join(map(re.escape, letters))
    for found in re.finditer(rf"(?<![a-z0-9]){body}(?![a-z0-9])" if letters.isascii() else body, text):
        yield _Mention(unit, name, found.start(), found.end())


def _letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def _is_short(name: str) -> bool:
    letters = _letters(name)
    return len(letters) < SHORT or (letters.isascii() and len(name.split()) == 1)


def _is_elsewhere(text: str, mention: _Mention, home: Home) -> bool:
    """Whether what stands around a name that tells no place of its own gives it another one than the office's."""
    before, after = text[: mention.start], text[mention.end :]
    if mention.name.isascii():
        return _is_elsewhere_en(before, after, mention.name, home)
    return _is_elsewhere_zh(before, mention.name, home)


def _is_elsewhere_zh(before: str, name: str, home: Home) -> bool:
    own = home.place_zh
    if not own or own in name or _IS_PLACE.search(name):
        return False
    place = re.split(r"[^\w\s]", before)[-1]
    place = "".join(place.split())
    return bool(_HAN_PLACE.search(place)) and not place.endswith(own) and not own.endswith(place)


def _is_elsewhere_en(before: str, after: str, name: str, home: Home) -> bool:
    own = home.place_en
    if not own or own in name:
        return False
    of = _OF_PLACE.match(after)
    if of:
        return not (of.group(1).startswith(own) or own.endswith(of.group(1).strip()))
    level = _LATIN_PLACE.search(before)
    if level is None:
        return False
    words = [word for word in level.groups() if word and word != "the"]
    return not f" {own}".endswith(" " + " ".join(words))
