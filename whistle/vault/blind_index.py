"""Blind indexes: whether two names are equal can be seen, what they are cannot.

    blind = HMAC-SHA256(HKDF(key, "blind-index/" ‖ purpose), folded text)

Folding: NFKC, case folded, all white space and invisible characters dropped, the dots inside names of other
peoples made one (·). So 张 三 and 张三 are equal, and so are 买买提·艾力 and 买买提•艾力. Equality shows
only within one key (a generation) and one purpose; without the key the few thousand common names cannot be
tried out.
"""

import hmac
import re
import unicodedata

from whistle.vault.keys import derive

_INVISIBLE = re.compile(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_NAME_DOTS = re.compile("[.\u2022\u2027\u22c5\u30fb]")


def blind(key: bytes, purpose: str, text: str) -> bytes:
    """Thirty-two bytes that are equal when the folded texts are."""
    folded = fold(text).encode("utf-8", "surrogatepass")
    return hmac.digest(derive(key, f"blind-index/{purpose}"), folded, "sha256")


def fold(text: str) -> str:
    """The text as it is compared."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return _NAME_DOTS.sub("·", _INVISIBLE.sub("", plain))
