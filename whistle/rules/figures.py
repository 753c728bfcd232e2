"""What every statistic counts, as rows: name, term, unit, and the rule in words and in terms of events and clocks.

A figure is counted over a period by the day an act took legal effect, as it was recorded by the end of another day
("as of"). A merged case is counted once as a case, and each of its reports as a report. Rulebook §14;
`services.statistics` turns the rows into questions to the database.
"""

from dataclasses import dataclass

from whistle.rules.clock_rows import ALL_KINDS, CLOCKS
from whistle.rules.measures import MEASURES
from whistle.rules.terms import Row, Source, Term, cite, force_day, read_day


@dataclass(frozen=True, slots=True)
class Step:
    """An event that counts: by its action, by the state it left, by the state it led into from another; "" for any.

    fact: a name and a value that the event's facts must say; lacks: a name they must not speak of.
    """

    action: str = ""
    frm: str = ""
    to: str = ""
    fact: tuple[str, str] = ("", "")
    lacks: str = ""


@dataclass(frozen=True, slots=True)
class Events:
    """Distinct cases with one of these steps in the period; beside them their reports, where `reports` counts too.

    last: of a case's steps of these kinds only the last one recorded by the as-of day counts.
    """

    steps: tuple[Step, ...]
    reports: tuple[Step, ...] = ()
    last: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the cases of `whole` came by one of the steps of `part`; of_reports: of their reports instead."""

    part: tuple[Step, ...]
    whole: Events
    of_reports: bool = False


@dataclass(frozen=True, slots=True)
class Carried:
    """Whom a measure of this code reached: the persons or units, and beside them how often."""

    code: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A clock in the cases of some kinds; when: what must be true of the receipt of the case or of its report."""

    clock: str
    kinds: tuple[str, ...] = ALL_KINDS
    when: str = ""


@dataclass(frozen=True, slots=True)
class InTime:
    """Clocks met by their due day, of those due in the period: cancelled ones leave both, paused ones stay in."""

    limits: tuple[Limit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(Row):
    """A statistic. unit: what the number is a number of; beside: the same of the second number, if there is one."""

    unit: Term
    rule: Term
    counts: Events | Share | InTime | Carried
    beside: Term | None = None


CASES = Term("件", "cases")
REPORTS = Term("份举报", "reports")
PERSONS, UNITS, TIMES = Term("人", "persons"), Term("个单位", "units"), Term("次", "times")
PER_CENT = Term("%", "%")


def _figure(
    name: str,
    zh: str,
    en: str,
    counts: Events | Share | InTime | Carried,
    rule: Term,
    *,
    source: tuple[Source, ...] = cite("OWN"),
    unit: Term = CASES,
    beside: Term | None = None,
) -> Figure:
    return Figure(
        name=name,
        term=Term(zh, en),
        source=source,
        since=force_day(source),
        checked=read_day(source),
        unit=unit,
        rule=rule,
        counts=counts,
        beside=beside,
    )


_RECEIPT = (Step("receive"), Step("receive_flagged"))
#: A case that the office made out of another came with no report of anybody's.
_OF_A_REPORT = tuple(Step(step.action, lacks="from_case") for step in _RECEIPT)
_CONCLUSION = Events((Step(to="concluded"),), last=True)
_LOOK_BACK = Events((Step("look_back"),))

_IN_TIME = Term(
    "期间内到期的，按期完成的占多少；取消的不计，暂停的计入",
    "of those due in the period, the share met by the due day; cancelled ones are left out, paused ones are in",
)

#: The measures that the office's sentence names (rulebook §14), each with what it reaches.
_CARRIED = {
    "criticise_unit": UNITS,
    "admin_warning": PERSONS,
    "admin_demerit": PERSONS,
    "admonish": PERSONS,
    "summon": PERSONS,
    "self_criticism": PERSONS,
}


def _carried() -> tuple[Figure, ...]:
    by_name = {row.name: row for row in MEASURES}
    return tuple(
        _figure(
            f"carried_{code}",
            by_name[code].term.zh,
            by_name[code].term.en,
            Carried(code),
            Term(
                "按送达之日计；同一案件里的同一个人、同一个单位只计一次，不同案件里的分别计",
                "by the day of delivery; a person or unit counts once a case, and again in another case",
            ),
            unit=unit,
            beside=TIMES,
        )
        for code, unit in _CARRIED.items()
    )


_FIGURES = (
    _figure(
        "received",
        "收到",
        "received",
        Events(_RECEIPT, reports=_OF_A_REPORT),
        Term(
            "按收到之日计；并案的案件不另计，举报逐份计",
            "by the day it came in; a merged case is not counted beside its target, its report is",
        ),
        beside=REPORTS,
    ),
    _figure(
        "accepted",
        "受理",
        "accepted",
        Events((Step("accept"),), reports=(Step("accept"), Step("merge", frm="received"))),
        Term(
            "按受理之日计；并入别的案件的举报，并案之日即受理之日",
            "by the day of acceptance; a report that is merged is accepted with that",
        ),
        beside=REPORTS,
    ),
    _figure(
        "declined",
        "不予受理",
        "declined",
        Events((Step("decline"),)),
        Term("按批准之日计", "by the day it was approved"),
    ),
    _figure(
        "redirected",
        "转办",
        "redirected",
        Events((Step("redirect"), Step("objection_agreed"))),
        Term(
            "按批准之日计；上级转来而退回的也计入",
            "by the day it was approved; returns to a body above are among them",
        ),
    ),
    _figure(
        "redirected_later",
        "受理后转办",
        "redirected after acceptance",
        Events((Step("redirect", frm="assessing"),)),
        Term("按批准之日计", "by the day it was approved"),
    ),
    _figure(
        "concluded",
        "办结",
        "concluded",
        _CONCLUSION,
        Term(
            "按办结之日计；重新启动又办结的，只计最后一次", "by the day of conclusion; of several, the last"
        ),
    ),
    _figure(
        "substantiated",
        "查实率",
        "substantiated",
        Share((Step("enforce_done"), Step("rectified")), _CONCLUSION),
        Term(
            "办结的案件中，有处置或者整改的占多少",
            "of the cases concluded, those with a measure or a rectification",
        ),
        unit=PER_CENT,
    ),
    _figure(
        "satisfied",
        "满意率",
        "satisfied",
        Share((Step("rate", fact=("rating", "satisfied")),), Events((Step("rate"),)), of_reports=True),
        Term("评价的举报中，满意的占多少", "of the reports that were rated, those with “satisfied”"),
        unit=PER_CENT,
    ),
    _figure(
        "in_time_rectify",
        "整改按期率",
        "put right in time",
        InTime((Limit("rectify_item"),)),
        _IN_TIME,
        unit=PER_CENT,
    ),
    _figure(
        "look_backs",
        "回头看",
        "look-backs",
        _LOOK_BACK,
        Term("按回头看之日计", "by the day of the look-back"),
    ),
    _figure(
        "came_back",
        "反弹率",
        "came back",
        Share((Step("look_back", fact=("result", "came_back")),), _LOOK_BACK),
        Term(
            "回头看的案件中，问题反弹的占多少",
            "of the cases looked back at, those where the problem came back",
        ),
        unit=PER_CENT,
    ),
    _figure(
        "in_time_look_back",
        "回头看及时率",
        "looked back at in time",
        InTime((Limit("look_back"),)),
        _IN_TIME,
        unit=PER_CENT,
    ),
    _figure(
        "in_time_accept",
        "受理及时率",
        "decided on acceptance in time",
        InTime((Limit("accept"),)),
        _IN_TIME,
        unit=PER_CENT,
    ),
    _figure(
        "in_time_conclude",
        "办结及时率",
        "concluded in time",
        InTime(tuple(Limit(name) for name in ("solve", "solve_unresolved", "petition", "advice_reply"))),
        _IN_TIME,
        unit=PER_CENT,
    ),
)


def _of_law() -> tuple[Figure, ...]:
    """A rate for every clock whose length is a limit of law, in the cases for which it is."""
    found = []
    for row in CLOCKS:
        limits = tuple(Limit(row.name, length.kinds, length.when) for length in row.lengths if length.is_law)
        if limits:
            term = Term(f"法定期限：{row.term.zh}", f"limit of law: {row.term.en}")
            found.append(
                _figure(
                    f"in_time_{row.name}",
                    term.zh,
                    term.en,
                    InTime(limits),
                    _IN_TIME,
                    source=row.source,
                    unit=PER_CENT,
                )
            )
    return tuple(found)


FIGURES: dict[str, Figure] = {row.name: row for row in (*_FIGURES, *_carried(), *_of_law())}
