"""The states of a case: what each is called, whose turn it is there, and the one thing a reporter sees of it."""

from dataclasses import dataclass

from whistle.rules.steps import DISPOSABLE
from whistle.rules.terms import Row, Term, cite, force_day, read_day


@dataclass(frozen=True, slots=True, kw_only=True)
class State(Row):
    """A state of a case. `reporter_sees` is the only thing about it that leaves the office.

    `turn`: whom it waits for: desk, reporter, sender, oversight, officer, reviewer, leader; '' for nobody.
    `is_open`: work goes on. `is_end`: nothing more happens here; `may_reopen`: but `reopen` leads back.
    `kinds`: the matter kinds that may stand here; () all.
    """

    kinds: tuple[str, ...]
    reporter_sees: Term
    turn: str
    is_open: bool
    is_end: bool
    may_reopen: bool


_RECEIVED = Term("已收到", "received")
_TAKEN = Term("已受理", "accepted")
_LOOKED_INTO = Term("核查中", "being looked into")
_RESULT = Term("已有结果", "there is a result")
_DONE = Term("已办结", "concluded")

#: The kind that may be filed as a case.
_FILED = ("lead",)


def _state(
    name: str,
    zh: str,
    en: str,
    sees: Term,
    *,
    turn: str = "",
    open_: bool = True,
    end: bool = False,
    reopen: bool = False,
    kinds: tuple[str, ...] = (),
) -> State:
    source = cite("OWN")
    return State(
        name=name,
        term=Term(zh, en),
        source=source,
        since=force_day(source),
        checked=read_day(source),
        kinds=kinds,
        reporter_sees=sees,
        turn=turn or ("officer" if open_ and not end else ""),
        is_open=open_ and not end,
        is_end=end,
        may_reopen=reopen,
    )


_STATES = (
    _state("received", "待受理", "awaiting acceptance", _RECEIVED, turn="desk"),
    _state(
        "supplementing",
        "待补正",
        "awaiting supplement",
        Term("请您补充", "please add what is missing"),
        turn="reporter",
    ),
    _state("objecting", "退回协商中", "objection under discussion", _RECEIVED, turn="sender"),
    _state("oversight", "密封处理中", "sealed handling", _RECEIVED, turn="oversight"),
    _state("declined", "不予受理", "declined", Term("不予受理", "not accepted"), end=True, reopen=True),
    _state(
        "redirected",
        "已转办",
        "redirected",
        Term("已转交有权处理的机关", "passed to the body that may handle it"),
        end=True,
        reopen=True,
    ),
    _state(
        "forwarded",
        "已密封上报",
        "forwarded under seal",
        Term("已报上级机关", "passed to the higher body"),
        end=True,
    ),
    # A merged report sees only that it was accepted, then what its own leaves say; never the word, never the
    # target.
    _state("merged", "已并案", "merged", _TAKEN, end=True, reopen=True),
    _state("assessing", "研判中", "under assessment", _TAKEN),
    _state("referred", "已交办", "referred", _LOOKED_INTO),
    _state("inquiring", "谈话函询中", "under inquiry", _LOOKED_INTO),
    _state("verifying", "初步核实中", "under verification", _LOOKED_INTO),
    _state("held", "暂存待查", "held", _TAKEN),
    _state("investigating", "审查调查中", "under investigation", _LOOKED_INTO, kinds=_FILED),
    _state("reviewing", "审理中", "under review", _LOOKED_INTO, turn="reviewer", kinds=_FILED),
    _state("deciding", "待决定", "awaiting decision", _LOOKED_INTO, turn="leader", kinds=DISPOSABLE),
    _state("enforcing", "处置执行中", "being enforced", _RESULT, kinds=DISPOSABLE),
    _state(
        "rectifying", "整改中", "under rectification", Term("整改中", "being put right"), kinds=DISPOSABLE
    ),
    _state("concluded", "已办结", "concluded", _DONE, open_=False, reopen=True),
    _state("closed", "已销号", "struck off", _DONE, end=True, reopen=True),
    _state("archived", "已归档", "archived", _DONE, end=True, reopen=True),
)
STATES: dict[str, State] = {state.name: state for state in _STATES}

OPEN_STATES: tuple[str, ...] = tuple(state.name for state in _STATES if state.is_open)
END_STATES: tuple[str, ...] = tuple(state.name for state in _STATES if state.is_end)
#: States a case waits in for somebody else's answer; it goes on afterwards where it was.
PARKING_STATES: tuple[str, ...] = ("supplementing", "objecting")
#: States in which a case is at its desk: nobody of the line has it yet.
DESK_STATES: tuple[str, ...] = ("received", "supplementing", "objecting")
#: States in which the next step is intake's: what was redirected may be returned.
INTAKE_STATES: tuple[str, ...] = (*DESK_STATES, "redirected")
#: States in which an accepted case is worked on.
ACCEPTED_STATES: tuple[str, ...] = tuple(
    name for name in (*OPEN_STATES, "concluded", "closed") if name not in (*DESK_STATES, "oversight")
)
