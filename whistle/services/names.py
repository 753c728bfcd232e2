"""How names and short texts that people type are taken: of persons, units, desks, places."""

import unicodedata

from whistle.services.errors import Invalid

#: Characters nobody sees: controls, formats (RTL overrides among them), surrogates, private use, line separators.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def clean(name: str, field_name: str, *, longest: int = 60, may_be_empty: bool = False) -> str:
    """A name as it may be kept: trimmed, one line, nothing invisible. Raises Invalid."""
    name = unicodedata.normalize("NFC", name).strip()
    if not name and not may_be_empty:
        raise Invalid(field_name, "empty")
    if len(name) > longest:
        raise Invalid(field_name, "too_long", most=longest)
    if any(unicodedata.category(character) in _INVISIBLE for character in name):
        raise Invalid(field_name, "unprintable")
    return name


def clean_lines(text: str, field_name: str, *, longest: int) -> str:
    """A short text of several lines, or none, as it may be kept. Raises Invalid."""
    lines = [clean(line, field_name, longest=longest, may_be_empty=True) for line in text.splitlines()]
    kept = "\n".join(lines).strip()
    if len(kept) > longest:
        raise Invalid(field_name, "too_long", most=longest)
    return kept
