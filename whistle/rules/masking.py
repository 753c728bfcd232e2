"""What is taken out of a text before others may see it: numbers by which a person is found, and names.

A draft for somebody who reads it through: what a pattern knows is masked, what only a reader can know is not. Names are
masked as custom has it: 张某, and 张某甲, 张某乙 where two of them share a surname.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

#: Surnames of two characters; all others are taken to have one.
COMPOUND = frozenset(
    (
        "欧阳",
        "上官",
        "司马",
        "诸葛",
        "皇甫",
        "尉迟",
        "公孙",
        "令狐",
        "慕容",
        "东方",
        "夏侯",
        "司徒",
        "轩辕",
        "长孙",
    )
)
#: The heavenly stems tell people of one surname apart.
STEMS = "甲乙丙丁戊己庚辛壬癸"

_GAP = r"[\s-]?"
#: What is masked by its form, in this order: a longer number is looked for before one that might be a part of it.
PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("电子邮箱", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)),
    ("身份证号", re.compile(r"(?<!\d)\d{6}(?:19|20)\d{9}[\dXx](?!\d)|(?<!\d)\d{15}(?!\d)")),
    (
        "银行卡号",
        re.compile(rf"(?<!\d)\d{{4}}{_GAP}\d{{4}}{_GAP}\d{{4}}{_GAP}\d{{4}}(?:{_GAP}\d{{1,3}})?(?!\d)"),
    ),
    ("手机号", re.compile(rf"(?<!\d)(?:\+?86{_GAP})?1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}(?!\d)")),
    ("电话号码", re.compile(r"(?<!\d)0\d{2,3}[\s-]?\d{7,8}(?!\d)")),
    (
        "车牌号",
        re.compile(
            r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·\s]?[A-Z0-9]{5,6}"
        ),
    ),
    ("QQ号", re.compile(r"(?<=[Qq][Qq])(?:号)?[:：\s]*\d{5,11}")),
    ("微信号", re.compile(r"(?<=微信)(?:号)?[:：\s]*[A-Za-z][A-Za-z0-9_-]{5,19}")),
)


@dataclass(frozen=True, slots=True)
class Masked:
    """A text with what was taken out of it named in its place; `kinds`: what that was, each once."""

    text: str
    kinds: tuple[str, ...]


def mask(text: str, names: Iterable[str] = ()) -> Masked:
    """The text without the numbers a pattern knows, and with these names as custom has it."""
    kinds: list[str] = []
    for name, written in _as_written(names).items():
        parts = re.split(_with_gaps(name), text)
        text = written.join(parts)
        kinds += ["姓名"] if len(parts) > 1 else []
    for kind, pattern in PATTERNS:
        text, count = pattern.subn(f"【{kind}】", text)
        kinds += [kind] if count else []
    return Masked(text, tuple(dict.fromkeys(kinds)))


def _with_gaps(name: str) -> str:
    """A name as it is typed, with spaces within a line between its letters too: 赵 六."""
    return r"[^\S\n]*".join(map(re.escape, "".join(name.split())))


def _as_written(names: Iterable[str]) -> dict[str, str]:
    """Each name with what is written for it; a longer name first, so that none is masked as a part of another."""
    known = sorted({name.strip() for name in names if len(name.strip()) > 1}, key=lambda n: (-len(n), n))
    by_surname: dict[str, list[str]] = {}
    for name in known:
        by_surname.setdefault(_surname(name), []).append(name)
    return {name: _written(name, by_surname[_surname(name)]) for name in known}


def _surname(name: str) -> str:
    return name[:2] if name[:2] in COMPOUND and len(name) > 2 else name[:1]


def _written(name: str, alike: list[str]) -> str:
    surname = _surname(name)
    if len(alike) == 1:
        return f"{surname}某"
    return f"{surname}某{STEMS[sorted(alike).index(name) % len(STEMS)]}"
