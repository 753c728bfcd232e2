"""How long the office may take for what: the clocks as rows.

A *stage* clock runs while the case stands in its states; the others run from a start to a stop. What a case's
events make of the rows is computed in `clocks`.
"""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from whistle.rules.measures import MEASURES
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
    """By how much a clock may be extended at most, once, and by whose leave; is_told: reporters are told the reason."""

    count: int
    unit: str
    approval: str
    is_told: bool = False


@dataclass(frozen=True, slots=True)
class Cause:
    """An action that starts or stops a clock; `by` "office" or "reporter" narrows it to one side's doing.

    `fact` narrows it to acts of which that fact is true, or has that value: "stage=final".
    """

    action: str
    by: str = ""
    fact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock(Row):
    """One clock of the rulebook.

    stage: the states it runs in; without starts, it begins on entering the first of them. enters: states on entering
    which it begins. starts, stops: the actions of all others. restarts: stops that begin it anew. cancels: actions
    that end it without merit; only_in: so does leaving these states. per: "case", "report" (each joined report has its
    own) or "thing" (each measure, item …). pauses: stands still while the reporter supplements, where its length is
    the office's own. only_named: for real-name reports that are no repeats. on_page: for reports with a receipt code,
    whose reporter reads on the tracking page. codes: only for measures of these codes.
    due_fact: the fact of the starting act that names the due day, in place of the length; moved_by: acts of which it
    does so again. from_first: where a report joins, or comes back to its case, it counts from the earliest day.
    at_most: unless extended, it is due by then, however long its length or what was entered. warns:
    amber from then on. survives: goes on when the case ends, but where it leaves the office under seal.
    """

    lengths: tuple[Length, ...]
    stage: tuple[str, ...]
    enters: tuple[str, ...]
    starts: tuple[Cause, ...]
    stops: tuple[Cause, ...]
    restarts: tuple[Cause, ...]
    cancels: tuple[Cause, ...]
    only_in: tuple[str, ...]
    per: str
    pauses: bool
    only_named: bool
    on_page: bool
    codes: tuple[str, ...]
    due_fact: str
    moved_by: tuple[Cause, ...]
    at_most: Length | None
    warns: Length | None
    survives: bool
    from_first: bool
    extension: Extension | None

    @property
    def per_report(self) -> bool:
        """Has each joined report its own?"""
        return self.per == "report"


def _causes(text: str) -> tuple[Cause, ...]:
    """Causes from "accept office:write feed_back?stage=final"."""
    found = []
    for word in text.split():
        said, _, fact = word.partition("?")
        by, _, action = said.rpartition(":")
        found.append(Cause(action, by, fact))
    return tuple(found)


def _clock(
    name: str,
    zh: str,
    en: str,
    *lengths: Length,
    source: tuple[Source, ...],
    stage: tuple[str, ...] = (),
    enters: tuple[str, ...] = (),
    starts: str = "",
    stops: str = "",
    restarts: str = "",
    cancels: str = "",
    only_in: tuple[str, ...] = (),
    per: str = "case",
    pauses: bool = False,
    only_named: bool = False,
    on_page: bool = False,
    codes: tuple[str, ...] = (),
    due_fact: str = "",
    moved_by: str = "",
    at_most: Length | None = None,
    warns: Length | None = None,
    survives: bool = False,
    from_first: bool = False,
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
        enters=enters,
        starts=_causes(starts),
        stops=_causes(stops),
        restarts=_causes(restarts),
        cancels=_causes(cancels),
        only_in=only_in,
        per=per,
        pauses=pauses,
        only_named=only_named,
        on_page=on_page,
        codes=codes,
        due_fact=due_fact,
        moved_by=_causes(moved_by),
        at_most=at_most,
        warns=warns,
        survives=survives,
        from_first=from_first,
        extension=extension,
    )


_LEAD, _COMPLAINT, _UNRESOLVED, _PETITION, _ADVICE = ((kind,) for kind in ALL_KINDS)
#: Henan's limits bind the department for the business environment; for this office they are its own, until
#: that department sends it a case.
_SENT = "sent_by_department"
_OF_A_FILED_CASE = ("investigating", "reviewing", "deciding")
_ADMIN = tuple(row.name for row in MEASURES if row.class_ == "admin")
#: 降级 and heavier: the pay changes.
_WITH_PAY = ("admin_downgrade", "admin_removal", "admin_expulsion")

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
        source=cite("OWN"),
    ),
    _clock(
        "notice_law",
        "书面告知",
        "written notice",
        Length(15, NATURAL, _COMPLAINT + _PETITION, is_law=True),
        starts="receive",
        # A merge counts as acceptance, and says so to the reporter.
        stops="accept decline redirect merge",
        source=cite("XF 23"),
    ),
    _clock(
        "notice",
        "实名受理告知",
        "notice to a real-name reporter",
        Length(15, WORKING, _LEAD, is_law=True),
        starts="receive join?notice_owed",
        stops="give_notice",
        per="report",
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
        source=cite("HN 78", "XF 23", "OWN"),
    ),
    _clock(
        "handed_down",
        "转交件受理或异议",
        "accepting or objecting to what was handed down",
        Length(5, WORKING, is_law=True, when="from_superior"),
        starts="receive",
        stops="accept object_transfer redirect merge",
        source=cite("JJ", "XF 23"),
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
        per="report",
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
        starts="receive reopen",
        # A disposal that is only proposed may come back; the matter is settled when it is decided.
        stops="resolve conclude_unfounded decide",
        pauses=True,
        from_first=True,
        extension=Extension(30, NATURAL, "deputy", is_told=True),
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
        starts="receive reopen",
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
        starts="accept reopen",
        stops="resolve",
        from_first=True,
        extension=Extension(30, NATURAL, "deputy", is_told=True),
        source=cite("XF 34"),
    ),
    _clock(
        "advice_reply",
        "建议答复",
        "reply to advice",
        Length(15, WORKING, _ADVICE),
        starts="receive reopen",
        stops="resolve",
        pauses=True,
        source=cite("OWN"),
    ),
    # --- working a lead ----------------------------------------------------------------------------------------
    _clock(
        "inquiry_reply",
        "函询回复",
        "reply to the inquiry",
        Length(15, WORKING, _LEAD, is_law=True),
        starts="deliver_letter",
        stops="inquiry_reply",
        only_in=("inquiring",),
        source=cite("ZJ"),
    ),
    _clock(
        "inquiry_report",
        "函询报告",
        "report on the inquiry",
        Length(1, MONTHS, _LEAD, is_law=True),
        starts="inquiry_reply",
        stage=("inquiring",),
        source=cite("ZJ"),
    ),
    _clock(
        "verify",
        "初步核实",
        "verification",
        Length(15, WORKING, when="simple"),
        Length(2, MONTHS),
        stage=("verifying",),
        extension=Extension(1, MONTHS, "deputy"),
        source=cite("OWN"),
    ),
    _clock(
        "hold_review",
        "暂存复看",
        "review of what is held",
        Length(6, MONTHS),
        stage=("held",),
        restarts="hold_again",
        due_fact="review_on",
        at_most=Length(6, MONTHS),
        source=cite("OWN"),
    ),
    _clock(
        "referral",
        "交办反馈",
        "result of the referral",
        Length(3, MONTHS, _LEAD, is_law=True),
        Length(3, MONTHS, _COMPLAINT + _UNRESOLVED + _PETITION + _ADVICE),
        stage=("referred",),
        due_fact="due",
        at_most=Length(3, MONTHS),
        extension=Extension(1, MONTHS, "deputy"),
        source=cite("JJ", "OWN"),
    ),
    _clock(
        "investigate",
        "审查调查",
        "investigation",
        Length(12, MONTHS, _LEAD, is_law=True),
        starts="file_case",
        stops="decide withdraw_case transfer_justice hand_to_competent",
        only_in=_OF_A_FILED_CASE,
        warns=Length(6, MONTHS),
        extension=Extension(6, MONTHS, "superior"),
        source=cite("SSTL", "OWN"),
    ),
    _clock(
        "review",
        "审理",
        "review",
        Length(1, MONTHS, _LEAD, is_law=True),
        stage=("reviewing",),
        extension=Extension(1, MONTHS, "head"),
        source=cite("ZJ", "OWN"),
    ),
    _clock(
        "decide",
        "决定",
        "decision",
        Length(15, WORKING),
        stage=("deciding",),
        extension=Extension(15, WORKING, "head"),
        source=cite("OWN"),
    ),
    # --- measures and what follows from them --------------------------------------------------------------------
    _clock(
        "deliver",
        "送达宣布",
        "delivery",
        Length(15, WORKING),
        starts="decide",
        stops="measure.deliver",
        per="thing",
        at_most=Length(1, MONTHS),
        survives=True,
        source=cite("ZWCF 46", "GQCF 27", "OWN"),
    ),
    _clock(
        "statement",
        "检查材料",
        "statement of self-criticism",
        Length(15, WORKING),
        starts="measure.deliver",
        stops="measure.statement_received",
        per="thing",
        codes=("self_criticism", "unit_check"),
        extension=Extension(5, WORKING, "deputy"),
        source=cite("OWN"),
    ),
    _clock(
        "pay_change",
        "待遇变更",
        "change of pay",
        Length(1, MONTHS, is_law=True),
        starts="decide",
        stops="measure.pay_changed",
        per="thing",
        codes=_WITH_PAY,
        survives=True,
        extension=Extension(5, MONTHS, "head"),
        source=cite("ZWCF 54", "GQCF 36"),
    ),
    _clock(
        "admonish_follow",
        "诫勉跟踪",
        "follow-up of an admonishment",
        Length(6, MONTHS, is_law=True),
        starts="measure.deliver",
        stops="measure.follow_up",
        per="thing",
        codes=("admonish",),
        survives=True,
        source=cite("JM"),
    ),
    # Due a month before the last day of the sanction, which the decision names.
    _clock(
        "confirm_end",
        "期满审核",
        "confirming the end",
        Length(1, MONTHS),
        starts="decide",
        stops="measure.confirm_end?has_ended",
        per="thing",
        codes=tuple(name for name in _ADMIN if name != "admin_expulsion"),
        due_fact="confirm_by",
        survives=True,
        source=cite("ZWCF 26"),
    ),
    _clock(
        "rectify_item",
        "整改期限",
        "rectification of an item",
        Length(30, NATURAL),
        starts="item.make",
        stops="item.strike_off",
        per="thing",
        due_fact="due",
        moved_by="item.postpone",
        source=cite("OWN"),
    ),
    _clock(
        "promise",
        "承诺到期",
        "promise due",
        Length(30, NATURAL),
        starts="promise.make",
        stops="promise.keep",
        per="thing",
        due_fact="due",
        survives=True,
        source=cite("OWN"),
    ),
    _clock(
        "pressed",
        "督办事项",
        "pressed matter",
        Length(15, WORKING),
        starts="press",
        stops="press_answered",
        per="thing",
        due_fact="due",
        source=cite("OWN"),
    ),
    # --- towards the reporter -------------------------------------------------------------------------------------
    _clock(
        "feedback",
        "结果反馈",
        "feedback of the result",
        Length(15, WORKING, is_law=True, when="is_named"),
        Length(15, WORKING),
        enters=("concluded",),
        stops="feed_back?stage=final",
        cancels="reopen",
        per="report",
        source=cite("JJ", "OWN"),
    ),
    # Own lengths that never pause: asking for facts is itself a word to the reporter, and what the office owes in
    # that talk must not wait because the reporter is the one asked.
    _clock(
        "rhythm",
        "定期告知",
        "regular word to the reporter",
        Length(3, MONTHS),
        starts="accept join reopen",
        # Who was told the result waits for nothing more.
        stops="feed_back?stage=final",
        restarts="office:write feed_back",
        per="report",
        on_page=True,
        source=cite("OWN"),
    ),
    _clock(
        "reply_message",
        "回复来信",
        "reply to a message",
        Length(5, WORKING),
        starts="reporter:write reporter:request_withdrawal join?reply_owed",
        stops="office:write",
        per="report",
        source=cite("OWN"),
    ),
    # A reporter who asks for protection is heard by who decides it, wherever the case stands: an officer brings it up.
    _clock(
        "protection",
        "保护请求",
        "request for protection",
        Length(1, WORKING),
        starts="reporter:request_protection join?protection_owed",
        stops="office:request_protection",
        per="report",
        survives=True,
        source=cite("OWN", "JJ"),
    ),
    # --- after the case ---------------------------------------------------------------------------------------------
    # Whoever rates a result with "not satisfied" was promised that another officer looks again.
    _clock(
        "second_look",
        "再核",
        "second look",
        Length(15, WORKING),
        starts="rate?rating=not_satisfied",
        stops="second_look",
        cancels="reopen",
        survives=True,
        source=cite("OWN"),
    ),
    _clock(
        "look_back",
        "回头看",
        "look-back",
        Length(3, MONTHS, when="with_measures"),
        starts="close",
        stops="look_back",
        cancels="reopen",
        survives=True,
        source=cite("OWN"),
    ),
    _clock(
        "archive",
        "归档",
        "archiving",
        Length(3, MONTHS),
        starts="close",
        stops="archive",
        cancels="reopen",
        survives=True,
        source=cite("OWN"),
    ),
)


_VERSIONS = {name: [row for row in CLOCKS if row.name == name] for name in (row.name for row in CLOCKS)}


def clock_row(name: str, day: dt.date = dt.date.max) -> Clock:
    """The row of clock `name` that held on `day`, or the newest. KeyError: no such clock."""
    return in_force(_VERSIONS[name], name, day)


@lru_cache(maxsize=4096)
def clocks_on(day: dt.date) -> tuple[Clock, ...]:
    """Every clock as its row held on `day`, in the table's order."""
    return tuple(clock_row(name, day) for name in _VERSIONS)
