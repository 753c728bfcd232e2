"""Recusal as steps of a case (rulebook §11): declared by who knows, decided by whom `recusal` names, lifted by them.

And who acts as head by the superior's paper, where the head keeps off the case (§2).
"""

from whistle.rules.states import STATES
from whistle.rules.steps import STAYS, Action, action, chosen, code, day, line, words

_ANY = tuple(STATES)
_ANYBODY = ("intake", "officer", "reviewer", "deputy", "head", "oversight")
_DECIDERS = ("deputy", "head", "oversight")

_ABOUT = chosen("person", "person", "应当回避的人", "who keeps off")
_DECLARER = chosen("person", "person", "申明回避的人", "who declares it", required=False)
_ACTS = chosen("person", "person", "代行职责的人", "who acts as head")
_GROUND = code("ground", "回避的情形", "ground", "recusal_grounds")
_REASON = words("reason", "理由", "reason")
_PAPER = (
    line("paper", "上级文件编号", "number of the superior's paper", required=False),
    day("paper_on", "上级文件日期", "day of the superior's paper", meant="", required=False),
)

RECUSAL_ROWS: tuple[Action, ...] = (
    action(
        "declare_recusal",
        "自行回避",
        "declare own recusal",
        frm=_ANY,
        to=STAYS,
        by=(*_ANYBODY, "system"),
        needs=(_DECLARER, _GROUND, _REASON),
        guards=("declares_for_oneself",),
        effects=("keep_declarer_off", "keep_off_merged"),
        source=("ZWCF 47", "JCF 67", "XF 28"),
    ),
    action(
        "note_recusal_request",
        "登记回避申请",
        "write down a request for recusal",
        frm=_ANY,
        to=STAYS,
        by=_ANYBODY,
        needs=(
            line("whom", "应当回避的人", "who should stay away"),
            code("asker", "谁提出", "who asks", "recusal_askers"),
            _REASON,
        ),
        effects=("pass_request_on",),
        source=("ZWCF 47", "JCF 67"),
    ),
    action(
        "recuse",
        "决定回避",
        "decide a recusal",
        frm=_ANY,
        to=STAYS,
        by=(*_DECIDERS, "system"),
        needs=(_ABOUT, _GROUND, _REASON, *_PAPER),
        guards=("decides_recusal", "not_recused_yet"),
        effects=("keep_off", "keep_off_merged"),
        source=("ZWCF 47, 48", "JCF 67", "XF 28"),
    ),
    # Whom a reporter or another wanted off is not told to those who read the case: that person may be among them.
    action(
        "refuse_recusal",
        "不同意回避",
        "refuse a recusal",
        frm=_ANY,
        to=STAYS,
        by=(*_DECIDERS, "system"),
        needs=(_DECLARER, words("reason", "理由", "reason", required=False), *_PAPER),
        guards=("decides_recusal", "free_in_target"),
        effects=("end_suspension", "let_back_to_merged"),
        source="ZWCF 48",
    ),
    action(
        "lift_recusal",
        "解除回避",
        "lift a recusal",
        frm=_ANY,
        to=STAYS,
        by=_DECIDERS,
        needs=(_ABOUT, _REASON, *_PAPER),
        guards=("decides_recusal", "free_in_target"),
        effects=("end_recusal", "let_back_to_merged"),
        source="ZWCF 48",
    ),
    action(
        "let_in",
        "准许查阅",
        "let somebody in who was shut out",
        frm=_ANY,
        to=STAYS,
        by=_DECIDERS,
        needs=(chosen("person", "person", "准许查阅的人", "who is let in"), _REASON),
        guards=("decides_letting_in", "free_in_target"),
        effects=("let_in", "let_back_to_merged"),
    ),
    action(
        "enter_acting_head",
        "登记代行主要负责人职责",
        "enter an acting head",
        frm=_ANY,
        to=STAYS,
        by=("deputy", "system"),
        needs=(_ACTS, *_PAPER),
        guards=("fit_to_act_as_head",),
        effects=("enter_acting_head",),
    ),
    action(
        "end_acting_head",
        "结束代行主要负责人职责",
        "end an acting head",
        frm=_ANY,
        to=STAYS,
        by=("deputy", "system"),
        needs=(_ACTS, words("reason", "理由", "reason", required=False)),
        guards=("acts_as_head",),
        effects=("end_acting_head",),
    ),
)
