"""How long the office may take for what: the clocks as rows.

A *stage* clock runs while the case stands in its states; the others run from a start to a stop. What a case's
events make of the rows is computed in `clocks`.
"""

import datetime as dt
from dataclasses import dataclass

from whistle.rules.taxonomy import KINDS
from whistle.rules.terms import Row, Source, Term, cite, force_day, in_force, read_day

WORKING, NATURAL, MONTHS = "W", "N", "M"
ALL_KINDS = tuple(kind.name for kind in KINDS)


@dataclass(frozen=True, slots=True)
class Length:
    """A period: `count` of `unit` (W working days, N natural days, M months).

    kinds: the matter kinds it is for. is_law: a limit of law, which no pause moves. when: a fact that must be
    true for it; of several lengths the first that fits counts.
    """

    count: int
    unit: str
    kinds: tuple[str, ...] = ALL_KINDS
    is_law: bool = False
    when: str = ""


@dataclass(frozen=True, slots=True)
class Extension:
    """By how much a clock may be extended, once, and by whose leave."""

    count: int
    unit: str
    approval: str


@dataclass(frozen=True, slots=True)
class Cause:
    """An action that starts or stops a clock; `by` "office" or "reporter" narrows it to one side's doing."""

    action: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock(Row):
    """One clock of the rulebook.

    stage: the states it runs in; it starts on entering the first of them. starts, stops: the actions of all
    others. restarts: stops that begin it anew. per_report: each joined report has its own. pauses: stands
    still while the reporter supplements, where its length is the office's own. within: clocks of law whose
    due day no pause passes, and before which a wait for facts ends. only_named: for real-name reports that
    are no repeats.
    """

    lengths: tuple[Length, ...]
    stage: tuple[str, ...]
    starts: tuple[Cause, ...]
    stops: tuple[Cause, ...]
    restarts: tuple[Cause, ...]
    per_report: bool
    pauses: bool
    within: tuple[str, ...]
    only_named: bool
    extension: Extension | None


def _causes(text: str) -> tuple[Cause, ...]:
    """Causes from "accept office:write"."""
    parts = [word.rpartition(":") for word in text.split()]
    return tuple(Cause(action, by) for by, _, action in parts)


def _clock(
    name: str,
    zh: str,
    en: str,
    *lengths: Length,
    source: tuple[Source, ...],
    stage: tuple[str, ...] = (),
    starts: str = "",
    stops: str = "",
    restarts: str = "",
    per_report: bool = False,
    pauses: bool = False,
    within: tuple[str, ...] = (),
    only_named: bool = False,
    extension: Extension | None = None,
) -> Clock:
    return Clock(
        name=name,
        term=Term(zh, en),
        source=source,
        since=force_day(source),
        checked=read_day(source),
        lengths=lengths,
        stage=stage,
        starts=_causes(starts),
        stops=_causes(stops),
        restarts=_causes(restarts),
        per_report=per_report,
        pauses=pauses,
        within=within,
        only_named=only_named,
        extension=extension,
    )


_LEAD, _COMPLAINT, _UNRESOLVED, _PETITION, _ADVICE = ((kind,) for kind in ALL_KINDS)
#: Henan's limits bind the department for the business environment; for this office they are its own, until
#: that department sends it a case.
_SENT = "sent_by_department"
_OF_LAW = ("notice_law", "notice", "redirect", "assess", "solve", "petition")

CLOCKS: tuple[Clock, ...] = (
    _clock(
        "register",
        "登记",
        "registration",
        Length(1, WORKING),
        starts="receive",
        stops="classify to_oversight",
        pauses=True,
        source=cite("OWN"),
    ),
    _clock(
        "accept",
        "受理决定",
        "decision on acceptance",
        Length(5, WORKING),
        stage=("received", "supplementing", "objecting"),
        pauses=True,
        within=("notice_law", "redirect"),
        source=cite("OWN"),
    ),
    _clock(
        "notice_law",
        "书面告知",
        "written notice",
        Length(15, NATURAL, _COMPLAINT + _PETITION, is_law=True),
        starts="receive",
        stops="accept decline redirect",
        source=cite("XF 23"),
    ),
    _clock(
        "notice",
        "实名受理告知",
        "notice to a real-name reporter",
        Length(15, WORKING, _LEAD, is_law=True),
        starts="receive",
        stops="give_notice",
        per_report=True,
        only_named=True,
        source=cite("JJ"),
    ),
    # Runs on in sealed handling, where only forwarding ends it: the law's days are counted from receipt whichever
    # way a case takes inside the office, and a case that is released has no more of them left than before.
    _clock(
        "redirect",
        "转送期限",
        "passing on",
        Length(5, NATURAL, _COMPLAINT, is_law=True, when=_SENT),
        Length(5, NATURAL, _COMPLAINT),
        Length(15, NATURAL, _PETITION, is_law=True),
        Length(5, WORKING, _LEAD),
        starts="receive",
        stops="accept decline redirect merge",
        pauses=True,
        within=("notice_law",),
        source=cite("HN 78", "XF 23", "OWN"),
    ),
    _clock(
        "forward_up",
        "密封上报",
        "forwarding under seal",
        Length(1, WORKING, when="concerns_head"),
        Length(5, WORKING),
        stage=("oversight", "supplementing"),
        pauses=True,
        source=cite("OWN", "JJ 15"),
    ),
    _clock(
        "supplement",
        "补正",
        "supplement",
        Length(15, WORKING),
        stage=("supplementing",),
        per_report=True,
        within=_OF_LAW,
        source=cite("OWN"),
    ),
    _clock(
        "assess",
        "线索处置意见",
        "opinion on a lead",
        Length(1, MONTHS, _LEAD, is_law=True),
        stage=("assessing", "supplementing"),
        source=cite("ZJ"),
    ),
    _clock(
        "solve",
        "投诉办结",
        "settling a complaint",
        Length(30, NATURAL, _COMPLAINT, is_law=True, when=_SENT),
        Length(30, NATURAL, _COMPLAINT),
        starts="receive",
        stops="resolve conclude_unfounded propose_disposal",
        pauses=True,
        extension=Extension(30, NATURAL, "deputy"),
        source=cite("HN 78", "OWN"),
    ),
    _clock(
        "answer",
        "首次答复",
        "first answer",
        Length(1, WORKING, _UNRESOLVED),
        starts="receive",
        stops="answer resolve",
        pauses=True,
        source=cite("HN 47", "OWN"),
    ),
    _clock(
        "solve_unresolved",
        "事项解决",
        "settling an unresolved matter",
        Length(5, WORKING, _UNRESOLVED),
        starts="receive",
        stops="resolve",
        pauses=True,
        extension=Extension(5, WORKING, "deputy"),
        source=cite("OWN"),
    ),
    _clock(
        "petition",
        "求决办结",
        "settling a petition",
        Length(60, NATURAL, _PETITION, is_law=True),
        starts="accept",
        stops="resolve",
        extension=Extension(30, NATURAL, "deputy"),
        source=cite("XF 34"),
    ),
    _clock(
        "advice_reply",
        "建议答复",
        "reply to advice",
        Length(15, WORKING, _ADVICE),
        starts="receive",
        stops="resolve",
        pauses=True,
        source=cite("OWN"),
    ),
    # Own lengths that never pause: asking for facts is itself a word to the reporter, and what the office owes in
    # that talk must not wait because the reporter is the one asked.
    _clock(
        "rhythm",
        "定期告知",
        "regular word to the reporter",
        Length(3, MONTHS),
        starts="accept",
        restarts="office:write feed_back",
        per_report=True,
        source=cite("OWN"),
    ),
    _clock(
        "reply_message",
        "回复来信",
        "reply to a message",
        Length(5, WORKING),
        starts="reporter:write",
        stops="office:write",
        per_report=True,
        source=cite("OWN"),
    ),
)


def clock_row(name: str, day: dt.date = dt.date.max) -> Clock:
    """The row of clock `name` that held on `day`, or the newest. KeyError: no such clock."""
    return in_force(CLOCKS, name, day)
