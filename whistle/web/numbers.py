"""Numbers that come from outside: in addresses and in hidden fields, never greater than a row's number can be."""

import re

#: The greatest number of a row: PostgreSQL counts them in four bytes.
GREATEST = 2**31 - 1

#: A row's number in an address: `f"/desks/<{NUMBER}:desk_id>"`.
NUMBER = f"int(max={GREATEST})"

_DIGITS = re.compile(f"[0-9]{{1,{len(str(GREATEST))}}}")


def as_number(text: str | None) -> int:
    """What came along in a hidden field; 0, which no row has, for anything else."""
    number = int(text) if text and _DIGITS.fullmatch(text) else 0
    return number if number <= GREATEST else 0
