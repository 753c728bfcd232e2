"""How names and short texts that people type are taken: of persons, units, desks, places."""

import re
import unicodedata

from whistle.services.errors import Invalid

#: Characters nobody sees: controls, formats (RTL overrides among them), surrogates, private use, line separators.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


#: The shortest number there is: 110.
LEAST_DIGITS = 3
#: What stands between the digits of one or several numbers, and before an extension.
_BETWEEN_DIGITS = frozenset(" +-()/,;、转")
#: Addresses as offices have them; nothing that would mean something in the link of a page.
_EMAIL = re.compile(r"[A-Za-z0-9._+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}")


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


def clean_prefix(prefix: str, field_name: str, *, longest: int) -> str:
    """The beginning of a series of numbers: letters, digits and hyphens alone, for the numbers stand in addresses.

    Raises Invalid.
    """
    prefix = clean(prefix, field_name, longest=longest)
    if not all(character.isalnum() or character == "-" for character in prefix):
        raise Invalid(field_name, "not_for_numbers")
    return prefix


def clean_phone(phone: str, field_name: str) -> str:
    """A telephone number as people write it, or none. Raises Invalid."""
    phone = clean(unicodedata.normalize("NFKC", phone), field_name, longest=30, may_be_empty=True)
    digits = sum(character.isdecimal() for character in phone)
    if phone and (digits < LEAST_DIGITS or not set(phone) - set("0123456789") <= _BETWEEN_DIGITS):
        raise Invalid(field_name, "no_phone")
    return phone


def clean_email(email: str, field_name: str) -> str:
    """An e-mail address, or none. Raises Invalid."""
    email = clean(unicodedata.normalize("NFKC", email), field_name, longest=100, may_be_empty=True)
    if email and not _EMAIL.fullmatch(email):
        raise Invalid(field_name, "no_email")
    return email


def clean_lines(text: str, field_name: str, *, longest: int) -> str:
    """A short text of several lines, or none, as it may be kept. Raises Invalid."""
    lines = [clean(line, field_name, longest=longest, may_be_empty=True) for line in text.splitlines()]
    kept = "\n".join(lines).strip()
    if len(kept) > longest:
        raise Invalid(field_name, "too_long", most=longest)
    return kept
