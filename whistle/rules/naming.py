"""Whether a text names a person, however the name was typed: who is named must not read, so rather once too often.

Compared are letters and digits alone, in one width and case. White space, marks, dots and dashes, and what nobody
sees may stand between the characters of a name; commas, stops, brackets and the like part one name from the next.
"""

import re
import unicodedata
from dataclasses import dataclass

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
    return is_among(letters(name), letters(text)) or (_has_letters(name) and name in text)


def is_among(name: str, written: str) -> bool:
    """The same of what `letters` made of name and text, for who asks of many texts."""
    whole, first = name.replace(END, ""), name.split(END)[0]
    return bool(whole) and (whole in written or name in written or (len(first) > 1 and first in written))


#: What parts the names of several people in one line, and what is written of them in brackets.
_PARTS = re.compile(r"[\s、，,;；/|＋+和与及]+")
_BRACKETS = re.compile(r"[（(【\[〔][^）)】\]〕]*[）)】\]〕]")
#: What is written where no name is known, and words that are no name by themselves.
_NO_NAMES = frozenset(
    [
        "不详",
        "不明",
        "不清楚",
        "未知",
        "待查",
        "无",
        "某人",
        "本人",
        "单位",
        "工作人员",
        "窗口人员",
        "负责人",
        "领导",
        "主任",
        "副主任",
        "局长",
        "副局长",
        "科长",
        "副科长",
        "书记",
        "所长",
        "站长",
        "村长",
    ]
)
#: Letters of a name at least; one alone is part of too many.
_LEAST = 2


def names_in(line: str) -> set[str]:
    """The names in a line that registers subjects, as `letters` has them: "王芳（副局长）、李四" gives two.

    A line is no form: a title that stands with a name stays with it, and such a name is equal to none without it.
    """
    parts = (letters(part).replace(END, "") for part in _PARTS.split(_BRACKETS.sub(" ", line)))
    return {part for part in parts if len(part) >= _LEAST and part not in _NO_NAMES}


def at_most_named(line: str) -> int:
    """How many people a line names, at the most: 和 stands between two names, and in some."""
    return len({part for part in _PARTS.split(_BRACKETS.sub(" ", line)) if part})


#: Stands in a name that is hidden: such a name is in too many texts.
HIDDEN = "某"


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a case is about: names registered as subjects (`names_in`), and texts that may name people (`letters`)."""

    names: tuple[str, ...]
    texts: tuple[str, ...]

    def shared_with(self, other: "Named") -> tuple[str, ...]:
        """The names registered in one of them that are registered in the other too, or written there."""
        both = set(self.names) & set(other.names)
        for one, another in ((self, other), (other, self)):
            whole = [name for name in one.names if HIDDEN not in name]
            both |= {name for name in whole if any(is_among(name, text) for text in another.texts)}
        return tuple(sorted(both))


def letters(text: str) -> str:
    """The letters and digits of a text as they are compared; END stands where a name cannot go on."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(END if character in _ENDS else character for character in folded if _counts(character))


def _has_letters(name: str) -> bool:
    return bool(letters(name).replace(END, ""))


def _counts(character: str) -> bool:
    is_letter = unicodedata.category(character)[0] in "LN" and character not in _BLANK_LETTERS
    return is_letter or character in _ENDS
