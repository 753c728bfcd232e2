"""What a report's words say of its weight: sums of money and posts, as far as a pattern sees them.

For a suggestion that a person may overrule (繁简分流, rulebook §4); nothing is decided by it.
"""

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

_DIGITS = "零一二三四五六七八九"
_TENS = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_SAME = str.maketrans("〇两俩壹贰叁肆伍陆柒捌玖拾佰仟萬", "零二二一二三四五六七八九十百千万")

_MONEY = re.compile(
    r"([\d.,]+|[零一二三四五六七八九十百千万亿]+)\s*([十百千万亿]*)\s*[多余来几]?\s*([百千万亿]*)\s*(?:元|块|rmb|yuan)"
)
_MONEY_EN = re.compile(r"(?:rmb|¥|￥|cny)\s*([\d.,]+)")

#: Posts of leading cadres of a district and above; a section head of a district's bureau is none.
_LEADING = re.compile(
    r"(?<!班)(?<!办公室)(?:局长|书记|区长|县长|市长|镇长|乡长|部长|厅长|院长|检察长|常委|巡视员|(?:街道办|办事处|管委会|委员会|中心)主任)"
    r"|\b(?:director|secretary|mayor|bureau chief)\b"
)


def money_in(text: str) -> int:
    """The largest sum of money that a text names, in fen; 0 for none."""
    return max((int(amount * 100) for amount in _amounts(_plain(text))), default=0)


def names_leading_cadre(text: str) -> bool:
    """Whether a text names the post of a leading cadre (领导干部)."""
    return _LEADING.search(_plain(text)) is not None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().translate(_SAME)


def _amounts(text: str) -> Iterator[Decimal]:
    for found in _MONEY.finditer(text):
        number, *powers = found.groups()
        amount = _number(number)
        for power in "".join(powers):
            amount *= _TENS[power]
        yield amount
    for found in _MONEY_EN.finditer(text):
        yield _number(found[1])


def _number(text: str) -> Decimal:
    digits = text.replace(",", "").strip(".")
    if digits.replace(".", "", 1).isdigit() and digits.isascii():
        return Decimal(digits)
    return Decimal(_chinese(text))


def _chinese(text: str) -> int:
    """三万二千 is 32,000. What is no number counts as nothing."""
    total = section = digit = 0
    for sign in text:
        if sign in _DIGITS:
            digit = _DIGITS.index(sign)
        elif sign in _TENS and _TENS[sign] >= 10_000:
            total = (total + section + digit) * _TENS[sign]
            section = digit = 0
        elif sign in _TENS:
            section += (digit or 1) * _TENS[sign]
            digit = 0
    return total + section + digit
