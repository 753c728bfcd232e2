"""Whether a text names a person, however the name was typed: who is named must not read, so rather once too often.

Compared are letters and digits alone, in one width and case. White space, marks, dots and dashes, and what nobody
sees may stand between the characters of a name; commas, stops, brackets and the like part one name from the next.
"""

import unicodedata

#: What ends a name, after NFKD has made one width of it.
_ENDS = frozenset(',:;!?()[]{}<>《》〈〉【】、。|"“”')
#: What stands for any of them.
END = "\n"
#: Letters by their category that show nothing: the fillers of Hangul.
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")


def is_named(name: str, text: str) -> bool:
    """Whether a full name occurs in a text; a name without any letter or digit occurs in none.

    Of a name with more behind it, as "王芳（信访室）", the name itself is enough.
    """
    letters, written = _letters(name), _letters(text)
    whole, first = letters.replace(END, ""), letters.split(END)[0]
    if not whole:
        return False
    return whole in written or (len(first) > 1 and first in written) or name in text


def _letters(text: str) -> str:
    """The letters and digits of a text; END stands where a name cannot go on."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(END if character in _ENDS else character for character in folded if _counts(character))


def _counts(character: str) -> bool:
    is_letter = unicodedata.category(character)[0] in "LN" and character not in _BLANK_LETTERS
    return is_letter or character in _ENDS
