"""The case: its states, and every action on it: who, from where to where, with whose leave, needing what.

A new state or action is a new row here and a test; no other module asks for a state by name to decide what
may happen.
"""

from collections.abc import Collection
from dataclasses import dataclass

from whistle.rules.terms import Row, Source, Term, cite, force_day, read_day


class Impossible(ValueError):
    """The action does not lead anywhere from this state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State(Row):
    """A state of a case. `reporter_sees` is the only thing about it that leaves the office.

    `turn`: whom it waits for: desk, reporter, sender, oversight, officer, reviewer, leader; '' for nobody.
    `is_open`: work goes on. `is_end`: nothing more happens here; `may_reopen`: but `reopen` leads back.
    """

    reporter_sees: Term
    turn: str
    is_open: bool
    is_end: bool
    may_reopen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A named input of an action.

    kind: text, code, day, person, unit, list, flag or message. `sealed`: words, kept under the case key and
    never in a clear fact. `table`: for codes, the table in `taxonomy` they come from. `purpose`: for
    messages, what the message is for. A required flag must be true: it is something the person affirms.
    `required_with`: another input and the value of it that makes this one required; a message then goes out with that
    value alone. `today_with`: another input and the value of it with which a day is today, whatever was entered.
    `asked_in`: the states in which it is asked for; () in all.
    """

    name: str
    kind: str
    label: Term
    required: bool = True
    sealed: bool = False
    table: str = ""
    purpose: str = ""
    required_with: tuple[str, str] | None = None
    today_with: tuple[str, str] | None = None
    asked_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Action(Row):
    """One verb of the rulebook.

    frm: states it may start from; () for the one that makes a case. to: the state after; None stays; BACK
    returns to where the case was parked from. by: roles, with "system" and "reporter". approval: the role
    whose leave makes it a proposal. guards must hold, effects happen; both are names that `services.casework`
    implements. leaf: the public type of its log entry. fulfils: the clock it is there for; once that was
    met for everybody, the action is not offered any more. yields: it waits too while a proposal does that would end
    the case.
    """

    frm: tuple[str, ...]
    to: str | None
    by: tuple[str, ...]
    approval: str | None
    needs: tuple[Need, ...]
    guards: tuple[str, ...]
    effects: tuple[str, ...]
    leaf: str
    fulfils: str = ""
    yields: bool = False


#: As `to`: back to the state the case was parked from.
BACK = "back"

_RECEIVED = Term("已收到", "received")
_TAKEN = Term("已受理", "accepted")
_LOOKED_INTO = Term("核查中", "being looked into")
_DONE = Term("已办结", "concluded")


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
) -> State:
    source = cite("OWN")
    return State(
        name=name,
        term=Term(zh, en),
        source=source,
        since=force_day(source),
        checked=read_day(source),
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
    _state("investigating", "审查调查中", "under investigation", _LOOKED_INTO),
    _state("reviewing", "审理中", "under review", _LOOKED_INTO, turn="reviewer"),
    _state("deciding", "待决定", "awaiting decision", _LOOKED_INTO, turn="leader"),
    _state("enforcing", "处置执行中", "being enforced", Term("已有结果", "there is a result")),
    _state("rectifying", "整改中", "under rectification", Term("整改中", "being put right")),
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

_NOWHERE: tuple[str, ...] = ()
_STAYS = None
_WORKED_ON = (*OPEN_STATES, "concluded", "closed")
_NOT_ARCHIVED = tuple(name for name in STATES if name != "archived")
_TO_OVERSIGHT_FROM = (
    "received",
    "supplementing",
    "objecting",
    "assessing",
    "referred",
    "inquiring",
    "verifying",
    "held",
    "investigating",
    "reviewing",
    "deciding",
)


def _words(name: str, zh: str, en: str, *, required: bool = True) -> Need:
    return Need(name=name, kind="text", label=Term(zh, en), required=required, sealed=True)


def _code(name: str, zh: str, en: str, table: str, *, required: bool = True) -> Need:
    return Need(name=name, kind="code", label=Term(zh, en), required=required, table=table)


def _flag(name: str, zh: str, en: str, *, required: bool) -> Need:
    return Need(name=name, kind="flag", label=Term(zh, en), required=required)


def _message(
    purpose: str,
    zh: str,
    en: str,
    *,
    required: bool = True,
    required_with: tuple[str, str] | None = None,
) -> Need:
    return Need(
        name="message",
        kind="message",
        label=Term(zh, en),
        required=required,
        sealed=True,
        purpose=purpose,
        required_with=required_with,
    )


def _person(name: str, zh: str, en: str) -> Need:
    return Need(name=name, kind="person", label=Term(zh, en))


_REASON = _words("reason", "理由", "reason")
_CLASSIFICATION = (
    _code("category", "问题类别", "category", "categories"),
    Need(
        name="other_categories",
        kind="list",
        label=Term("其他类别", "other categories"),
        required=False,
        table="categories",
    ),
    _code("kind", "事项类型", "matter kind", "kinds"),
    _code("severity", "紧急程度", "severity", "severities"),
    _code("complexity", "繁简程度", "complexity", "complexities"),
    # Left empty where the subject is nobody of the district's own tree.
    Need(name="unit", kind="unit", label=Term("被举报单位", "subject unit"), required=False),
    _words("subject", "被举报人", "subject", required=False),
)
_CONCERNS_HEAD = _flag("concerns_head", "涉及本机关主要负责人", "concerns the office's head", required=False)


def _action(
    name: str,
    zh: str,
    en: str,
    *,
    frm: tuple[str, ...],
    to: str | None,
    by: tuple[str, ...],
    source: tuple[Source, ...],
    approval: str | None = None,
    needs: tuple[Need, ...] = (),
    guards: tuple[str, ...] = (),
    effects: tuple[str, ...] = (),
    leaf: str = "other",
    fulfils: str = "",
    yields: bool = False,
) -> Action:
    return Action(
        name=name,
        term=Term(zh, en),
        source=source,
        since=force_day(source),
        checked=read_day(source),
        frm=frm,
        to=to,
        by=by,
        approval=approval,
        needs=needs,
        guards=guards,
        effects=effects,
        leaf=leaf,
        fulfils=fulfils,
        yields=yields,
    )


_ACTIONS = (
    _action(
        "receive",
        "接收登记",
        "receive",
        frm=_NOWHERE,
        to="received",
        by=("system", "intake"),
        needs=(_code("origin", "来源", "origin", "origins"),),
        leaf="received",
        source=cite("JJ", "XF 19, 23", "JCF 38"),
    ),
    _action(
        "receive_flagged",
        "接收（涉本机关）",
        "receive (own people)",
        frm=_NOWHERE,
        to="oversight",
        by=("system", "intake"),
        needs=(
            _code("origin", "来源", "origin", "origins"),
            _flag("own_people", "涉及本机关人员", "concerns the office's own people", required=True),
            _CONCERNS_HEAD,
        ),
        leaf="received",
        source=cite("JJ 15"),
    ),
    _action(
        "classify",
        "分类登记",
        "classify",
        frm=("received",),
        to=_STAYS,
        by=("intake",),
        needs=_CLASSIFICATION,
        guards=("unclassified",),
        effects=("allot_number", "set_classification"),
        source=cite("JJ"),
    ),
    _action(
        "reclassify",
        "改变分类",
        "reclassify",
        frm=OPEN_STATES,
        to=_STAYS,
        by=("officer", "intake"),
        approval="deputy",
        needs=(*_CLASSIFICATION, _REASON),
        guards=("classified", "something_new"),
        effects=("set_classification",),
        source=cite("OWN"),
    ),
    _action(
        "to_oversight",
        "转密封处理",
        "move to sealed handling",
        frm=_TO_OVERSIGHT_FROM,
        to="oversight",
        by=("intake", "officer", "reviewer", "deputy", "head"),
        needs=(_REASON, _CONCERNS_HEAD),
        effects=("to_oversight_keys",),
        source=cite("JJ 15"),
    ),
    _action(
        "release_oversight",
        "退回一般处理",
        "return to ordinary handling",
        frm=("oversight",),
        to="received",
        by=("oversight",),
        approval="oversight",
        needs=(
            _flag(
                "not_own_people",
                "不涉及本机关人员",
                "does not concern the office's own people",
                required=True,
            ),
            _REASON,
        ),
        effects=("release_keys",),
        source=cite("OWN"),
    ),
    _action(
        "forward_up",
        "密封上报",
        "forward under seal",
        frm=("oversight",),
        to="forwarded",
        by=("oversight",),
        needs=(_words("note", "附言", "covering note", required=False),),
        effects=("forward_package",),
        leaf="ended",
        source=cite("JJ 15"),
    ),
    _action(
        "give_notice",
        "告知受理",
        "give notice of acceptance",
        frm=OPEN_STATES,
        to=_STAYS,
        by=("intake", "officer", "oversight"),
        needs=(
            _code("way", "告知方式", "way of notice", "notice_ways"),
            Need(
                name="day",
                kind="day",
                label=Term("告知日期", "day of notice"),
                today_with=("way", "message"),
            ),
            _message(
                "message",
                "告知内容",
                "words of the notice",
                required=False,
                required_with=("way", "message"),
            ),
        ),
        guards=("real_name", "accepted", "day_since_acceptance"),
        effects=("take_effect_on_day", "message_reporter"),
        fulfils="notice",
        source=cite("JJ"),
    ),
    _action(
        "request_supplement",
        "一次性告知补正",
        "ask once for what is missing",
        frm=("received", "assessing", "oversight"),
        to="supplementing",
        by=("intake", "officer", "oversight"),
        needs=(
            _message("question", "需要补充的内容（一次列全）", "everything that is missing, in one list"),
        ),
        guards=("supplement_once",),
        effects=("message_reporter", "pause"),
        source=cite("OWN"),
    ),
    _action(
        "supplement",
        "收到补正",
        "supplement received",
        frm=("supplementing",),
        to=BACK,
        # The reporter's answer is what the system notes; intake writes down an oral one.
        by=("system", "reporter", "intake"),
        needs=(_message("answer", "补充的内容", "what was added"),),
        effects=("record_answer",),
        source=cite("OWN"),
    ),
    _action(
        "lapse_supplement",
        "逾期未补正",
        "supplement lapsed",
        frm=("supplementing",),
        to=BACK,
        by=("system",),
        source=cite("OWN"),
    ),
    _action(
        "accept",
        "受理",
        "accept",
        frm=("received",),
        to="assessing",
        by=("intake",),
        needs=(_message("acceptance", "告知举报人的话", "words to the reporter", required=False),),
        guards=("classified",),
        effects=("seal_to_line", "message_reporter"),
        leaf="accepted",
        source=cite("JJ", "XF 23"),
    ),
    _action(
        "decline",
        "不予受理",
        "decline",
        frm=("received",),
        to="declined",
        by=("intake",),
        approval="deputy",
        needs=(
            _code("reason", "不予受理的理由", "reason for declining", "decline_reasons"),
            _message("decline", "理由和可向何处反映", "the reason, and where to turn"),
        ),
        guards=("classified", "reason_fits_kind"),
        effects=("message_reporter",),
        leaf="declined",
        source=cite("JJ", "JCF 38"),
    ),
    _action(
        "redirect",
        "转办",
        "redirect",
        frm=("received", "assessing"),
        to="redirected",
        by=("intake", "officer"),
        approval="deputy",
        needs=(
            _words("receiver", "接收机关", "receiving body"),
            Need(
                name="receiver_unit",
                kind="unit",
                label=Term("接收机关在单位目录中的条目", "the receiving body in the list of units"),
                required=False,
                sealed=True,
            ),
            _flag(
                "not_led_by_subject",
                "接收机关不是被举报单位，也不由被举报人领导",
                "the receiver is not the subject unit nor led by the subject",
                required=True,
            ),
            _message("redirect", "告知举报人转往何处", "telling the reporter where it goes"),
        ),
        guards=("classified", "subject_unit_guard"),
        effects=("seal_to_intake", "message_reporter"),
        leaf="ended",
        source=cite("JCF 38", "XF 23, 30, 46", "HN 78"),
    ),
    _action(
        "returned",
        "被退回",
        "returned by the receiver",
        frm=("redirected",),
        to="received",
        by=("intake",),
        needs=(_words("objection", "接收机关的异议", "the receiver's objection"),),
        source=cite("XF 23"),
    ),
    _action(
        "assign",
        "指派",
        "assign",
        frm=_WORKED_ON,
        to=_STAYS,
        by=("deputy", "head"),
        needs=(
            _person("person", "承办人", "officer or reviewer"),
            # Before acceptance the case stays with whoever has to accept it: there is nothing to choose.
            Need(
                name="keep_intake",
                kind="flag",
                label=Term("受理员保留查阅", "the intake officer keeps reading"),
                required=False,
                asked_in=ACCEPTED_STATES,
            ),
        ),
        guards=("assignee_free",),
        effects=("seal_to_assigned",),
        yields=True,
        source=cite("OWN"),
    ),
    _action(
        "hand_over",
        "移交承办",
        "hand over",
        frm=_WORKED_ON,
        to=_STAYS,
        by=("deputy", "head"),
        needs=(
            _person("from_person", "移交人", "from"),
            _person("person", "接手人", "to"),
            _REASON,
        ),
        guards=("assignee_free",),
        effects=("reseal_handover",),
        source=cite("OWN"),
    ),
    _action(
        "write",
        "往来",
        "write",
        frm=_NOT_ARCHIVED,
        to=_STAYS,
        by=("reporter", "intake", "officer", "oversight"),
        needs=(
            _message("message", "内容", "message", required=False),
            _flag("no_answer_needed", "无需答复", "no answer needed", required=False),
        ),
        guards=("says_something",),
        effects=("message_reporter", "record_answer"),
        source=cite("JJ"),
    ),
    _action(
        "request_withdrawal",
        "申请撤回",
        "ask for withdrawal",
        frm=OPEN_STATES,
        to=_STAYS,
        by=("reporter",),
        needs=(_message("withdrawal", "撤回的理由", "why it should be withdrawn"),),
        guards=("withdrawal_once",),
        effects=("record_answer",),
        source=cite("OWN"),
    ),
    _action(
        "request_recusal",
        "申请回避",
        "ask for recusal",
        frm=OPEN_STATES,
        to=_STAYS,
        by=("reporter",),
        needs=(
            _words("whom", "应当回避的人", "who should stay away"),
            _message("recusal", "回避的理由", "why"),
        ),
        effects=("seal_to_decider",),
        source=cite("JCF 67"),
    ),
)
# Recusal (rulebook §11): declared by who knows, decided by whom `rules.recusal` names, lifted by them alone.
_ABOUT = _person("person", "应当回避的人", "who keeps off")
_DECLARER = Need(name="person", kind="person", label=Term("申明回避的人", "who declares it"), required=False)
_GROUND = _code("ground", "回避的情形", "ground", "recusal_grounds")
_PAPER = (
    _words("paper", "上级文件编号", "number of the superior's paper", required=False),
    Need(
        name="paper_on",
        kind="day",
        label=Term("上级文件日期", "day of the superior's paper"),
        required=False,
    ),
)
_ANYBODY = ("intake", "officer", "reviewer", "deputy", "head", "oversight")
_DECIDERS = ("deputy", "head", "oversight")
_EVERY_STATE = tuple(STATES)
_RECUSAL_ACTIONS = (
    _action(
        "declare_recusal",
        "自行回避",
        "declare own recusal",
        frm=_EVERY_STATE,
        to=_STAYS,
        by=(*_ANYBODY, "system"),
        needs=(_DECLARER, _GROUND, _REASON),
        guards=("declares_for_oneself",),
        effects=("keep_declarer_off",),
        source=cite("ZWCF 47", "JCF 67", "XF 28"),
    ),
    _action(
        "note_recusal_request",
        "登记回避申请",
        "write down a request for recusal",
        frm=_EVERY_STATE,
        to=_STAYS,
        by=_ANYBODY,
        needs=(
            _words("whom", "应当回避的人", "who should stay away"),
            _code("asker", "谁提出", "who asks", "recusal_askers"),
            _REASON,
        ),
        effects=("pass_request_on",),
        source=cite("ZWCF 47", "JCF 67"),
    ),
    _action(
        "recuse",
        "决定回避",
        "decide a recusal",
        frm=_EVERY_STATE,
        to=_STAYS,
        by=(*_DECIDERS, "system"),
        needs=(_ABOUT, _GROUND, _REASON, *_PAPER),
        guards=("decides_recusal", "not_recused_yet"),
        effects=("keep_off",),
        source=cite("ZWCF 47, 48", "JCF 67", "XF 28"),
    ),
    _action(
        "refuse_recusal",
        "不同意回避",
        "refuse a recusal",
        frm=_EVERY_STATE,
        to=_STAYS,
        by=(*_DECIDERS, "system"),
        # Whom a reporter or another wanted off is not told to those who read the case: that person may be among them.
        needs=(
            Need(name="person", kind="person", label=Term("申明回避的人", "who declared it"), required=False),
            _words("reason", "理由", "reason", required=False),
            *_PAPER,
        ),
        guards=("decides_recusal",),
        effects=("end_suspension",),
        source=cite("ZWCF 48"),
    ),
    _action(
        "lift_recusal",
        "解除回避",
        "lift a recusal",
        frm=_EVERY_STATE,
        to=_STAYS,
        by=_DECIDERS,
        needs=(_ABOUT, _REASON, *_PAPER),
        guards=("decides_recusal",),
        effects=("end_recusal",),
        source=cite("ZWCF 48"),
    ),
    _action(
        "let_in",
        "准许查阅",
        "let somebody in who was shut out",
        frm=_EVERY_STATE,
        to=_STAYS,
        by=_DECIDERS,
        needs=(_person("person", "准许查阅的人", "who is let in"), _REASON),
        guards=("decides_letting_in",),
        effects=("let_in",),
        source=cite("OWN"),
    ),
    # The head is recused: somebody decides in the head's place, by the superior's paper (rulebook §2).
    _action(
        "enter_acting_head",
        "登记代行主要负责人职责",
        "enter an acting head",
        frm=_EVERY_STATE,
        to=_STAYS,
        by=("deputy",),
        needs=(_person("person", "代行职责的人", "who acts as head"), *_PAPER),
        guards=("fit_to_act_as_head",),
        effects=("enter_acting_head",),
        source=cite("OWN"),
    ),
    _action(
        "end_acting_head",
        "结束代行主要负责人职责",
        "end an acting head",
        frm=_EVERY_STATE,
        to=_STAYS,
        by=("deputy",),
        needs=(
            _person("person", "代行职责的人", "who acts as head"),
            _words("reason", "理由", "reason", required=False),
        ),
        guards=("acts_as_head",),
        effects=("end_acting_head",),
        source=cite("OWN"),
    ),
)

ACTIONS: dict[str, Action] = {action.name: action for action in (*_ACTIONS, *_RECUSAL_ACTIONS)}


def needs_in(action: Action, state: str) -> tuple[Need, ...]:
    """What an action asks for where the case stands in `state`."""
    return tuple(need for need in action.needs if not need.asked_in or state in need.asked_in)


def possible(state: str | None, roles: Collection[str]) -> list[Action]:
    """What holders of any of `roles` may do from `state`, in the table's order; None: what makes a case."""
    return [
        action
        for action in ACTIONS.values()
        if any(role in action.by for role in roles) and is_from(action, state)
    ]


def is_from(action: Action, state: str | None) -> bool:
    """Does `action` start from `state`? None stands for: there is no case yet."""
    return not action.frm if state is None else state in action.frm


def state_after(action: Action | str, state: str | None, return_state: str | None = None) -> str:
    """Where the case stands afterwards. Raises `Impossible` from a wrong state or with no way back."""
    row = ACTIONS[action] if isinstance(action, str) else action
    if not is_from(row, state):
        raise Impossible(f"{row.name} from {state}")
    after = {_STAYS: state, BACK: return_state}.get(row.to, row.to)
    if after is None:
        raise Impossible(f"{row.name} has nowhere to go")
    return after


def return_state_after(
    action: Action | str, state: str | None, return_state: str | None = None
) -> str | None:
    """What to remember as the way back: the state a parked case came from, nothing for all others."""
    after = state_after(action, state, return_state)
    if after not in PARKING_STATES:
        return None
    return return_state if state in PARKING_STATES else state


def approvers(action: Action | str, by: str = "") -> tuple[str, ...]:
    """Roles that may give leave for `action` proposed by role `by`; () where none is needed.

    The head stands above the deputy; a desk has one deputy, and nobody decides an own proposal, so what the deputy
    proposes in place of a desk that may not read a case goes to the head.
    """
    row = ACTIONS[action] if isinstance(action, str) else action
    if row.approval != "deputy":
        return (row.approval,) if row.approval else ()
    return ("head",) if by == "deputy" else ("deputy", "head")
