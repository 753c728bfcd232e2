"""What every rule row carries: a term in two languages, the article it rests on, and its days."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the law as the office says it, and its English."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Law:
    """A text that rows rest on. `checked`: when its cited articles were last read; None: no text, or none cited."""

    key: str
    term: Term
    since: dt.date
    checked: dt.date | None


_READ = dt.date(2026, 11, 23)

# The office's own standard has no day of its own: it is set before the first case there can be.
_LAWS = (
    Law(
        "ZWCF",
        Term("公职人员政务处分法", "Law on Administrative Sanctions for Public Officials"),
        dt.date(2020, 7, 1),
        _READ,
    ),
    Law("JCF", Term("监察法", "Supervision Law"), dt.date(2025, 6, 1), _READ),
    Law("GWY", Term("公务员法", "Civil Servants Law"), dt.date(2019, 6, 1), _READ),
    Law(
        "XZCF",
        Term(
            "行政机关公务员处分条例", "Regulations on Sanctions for Civil Servants of Administrative Organs"
        ),
        dt.date(2007, 6, 1),
        _READ,
    ),
    Law(
        "GQCF",
        Term("国有企业管理人员处分条例", "Regulations on Sanctions for Managers of State-owned Enterprises"),
        dt.date(2024, 9, 1),
        _READ,
    ),
    Law(
        "XF",
        Term("信访工作条例", "Regulations on Letters, Visits and Petitions"),
        dt.date(2022, 5, 1),
        _READ,
    ),
    Law(
        "YSHJ",
        Term("优化营商环境条例", "Regulations on Improving the Business Environment"),
        dt.date(2020, 1, 1),
        None,
    ),
    Law(
        "HN",
        Term("河南省优化营商环境条例", "Henan Regulations on Improving the Business Environment"),
        dt.date(2021, 1, 1),
        _READ,
    ),
    Law(
        "JJ",
        Term(
            "纪检监察机关处理检举控告工作规则",
            "Working Rules of Discipline and Supervision Organs on Handling Reports and Accusations",
        ),
        dt.date(2020, 1, 21),
        None,
    ),
    Law(
        "ZJ",
        Term(
            "中国共产党纪律检查机关监督执纪工作规则",
            "Working Rules of Party Discipline Inspection Organs on Supervision and Enforcement",
        ),
        dt.date(2019, 1, 1),
        None,
    ),
    Law(
        "SSTL",
        Term("监察法实施条例", "Regulations Implementing the Supervision Law"),
        dt.date(2025, 6, 1),
        None,
    ),
    Law(
        "DJ",
        Term("中国共产党纪律处分条例", "Party Regulations on Disciplinary Sanctions"),
        dt.date(2024, 1, 1),
        None,
    ),
    Law("WZ", Term("中国共产党问责条例", "Party Accountability Regulations"), dt.date(2019, 9, 1), None),
    Law(
        "ZZCL",
        Term("组织处理规定（试行）", "Provisions on Organisational Measures (trial)"),
        dt.date(2021, 3, 19),
        None,
    ),
    Law(
        "JM",
        Term(
            "对领导干部进行提醒、函询和诫勉的实施细则",
            "Rules on Reminding, Inquiring of and Admonishing Leading Cadres",
        ),
        dt.date(2015, 6, 26),
        None,
    ),
    Law(
        "SYCF",
        Term("事业单位工作人员处分规定", "Provisions on Sanctions for Staff of Public Institutions"),
        dt.date(2023, 11, 6),
        None,
    ),
    Law(
        "SYSS",
        Term("事业单位工作人员申诉规定", "Provisions on Appeals by Staff of Public Institutions"),
        dt.date(2014, 7, 1),
        None,
    ),
    Law(
        "MFD",
        Term("民法典第二百零一条至第二百零三条（类推）", "Civil Code 201 to 203, by analogy"),
        dt.date(2021, 1, 1),
        None,
    ),
    Law(
        "TZ",
        Term(
            "国务院办公厅关于部分节假日安排的通知",
            "State Council Notice on the Arrangement of Public Holidays",
        ),
        dt.date(2023, 10, 25),
        None,
    ),
    Law("OWN", Term("本机关标准", "the office's own standard"), dt.date(2024, 1, 1), _READ),
)
SOURCES: dict[str, Law] = {law.key: law for law in _LAWS}

_ARTICLE = re.compile(r"(\d+)(?:[–-](\d+))?(?:\((\d+)\))?")
_DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Source:
    """One place in one text: a key of SOURCES and an article: "23", "31–35", "52(1)"; "" is the whole."""

    key: str
    article: str = ""

    def __post_init__(self) -> None:
        if self.key not in SOURCES:
            raise ValueError(f"unknown source {self.key!r}")
        if self.article and not _ARTICLE.fullmatch(self.article):
            raise ValueError(f"unreadable article {self.article!r} of {self.key}")

    @property
    def term(self) -> Term:
        """The citation in words: 《信访工作条例》第二十三条, or "Regulations …, art. 23"."""
        law = SOURCES[self.key].term
        if self.key == "OWN":
            return law
        if not self.article:
            return Term(f"《{law.zh}》", law.en)
        return Term(f"《{law.zh}》{_article_in_chinese(self.article)}", f"{law.en}, art. {self.article}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What every row of every table says of itself. `since`: took force; `checked`: last read."""

    name: str
    term: Term
    source: tuple[Source, ...]
    since: dt.date
    checked: dt.date | None


SomeRow = TypeVar("SomeRow", bound=Row)


def cite(*places: str) -> tuple[Source, ...]:
    """Sources from "KEY" or "KEY 19, 23"; raises ValueError for what SOURCES does not know."""
    found = []
    for place in places:
        key, _, articles = place.partition(" ")
        found += [Source(key, article.strip()) for article in articles.split(",")]
    return tuple(found)


def force_day(source: Iterable[Source]) -> dt.date:
    """Since when a row resting on all of `source` is as it is: the day the youngest of them took force."""
    return max(SOURCES[place.key].since for place in source)


def read_day(source: Iterable[Source]) -> dt.date | None:
    """When all of `source` had last been read; None as soon as one has no text at hand."""
    days = [SOURCES[place.key].checked for place in source]
    known = [day for day in days if day is not None]
    return min(known) if len(known) == len(days) else None


def in_force(rows: Iterable[SomeRow], name: str, day: dt.date) -> SomeRow:
    """The row called `name` that held on `day`; before the first one, the first. KeyError: no such name."""
    versions = sorted((row for row in rows if row.name == name), key=lambda row: row.since)
    if not versions:
        raise KeyError(name)
    return [versions[0], *(row for row in versions if row.since <= day)][-1]


def cited(source: Iterable[Source]) -> str:
    """Sources as text, "JJ 15; XF 19, 23": the opposite of `cite`."""
    by_key: dict[str, list[str]] = {}
    for place in source:
        by_key.setdefault(place.key, []).extend([place.article] if place.article else [])
    return "; ".join(f"{key} {', '.join(articles)}".strip() for key, articles in by_key.items())


def _article_in_chinese(article: str) -> str:
    first, last, item = _ARTICLE.findall(article)[0]
    words = f"第{_number(int(first))}条"
    if last:
        words += f"至第{_number(int(last))}条"
    if item:
        words += f"第（{_number(int(item))}）项"
    return words


def _number(n: int) -> str:
    """A number from 1 to 199 in Chinese: 23 → 二十三, 101 → 一百零一."""
    hundreds, rest = divmod(n, 100)
    tens, ones = divmod(rest, 10)
    words = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        words += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        words += "零"
    return words + (_DIGITS[ones] if ones else "")
