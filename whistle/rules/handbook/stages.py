"""The states and their diagrams, and every action: who, from where to where, with whose leave, needing what."""

from whistle.rules.conditions import EFFECTS, GUARDS
from whistle.rules.handbook import words
from whistle.rules.handbook.words import NOBODY, both, table
from whistle.rules.states import DESK_STATES, STATES
from whistle.rules.steps import BACK
from whistle.rules.terms import Term
from whistle.rules.workflow import (
    CASE_ACTIONS,
    OPEN_STATES,
    THING_ACTIONS,
    THING_STATES,
    THINGS,
    Action,
    Need,
)

_TURNS = {
    "": NOBODY,
    "desk": Term("受理台", "the intake desk"),
    "reporter": Term("举报人", "the reporter"),
    "sender": Term("转来机关", "the sender"),
    "oversight": Term("监督小组", "the oversight desk"),
    "officer": Term("承办人", "the officer"),
    "reviewer": Term("审理员", "the reviewer"),
    "leader": Term("领导", "deputy or head"),
}
#: What a need holds.
_KINDS = {
    "text": Term("文字", "words"),
    "line": Term("短文字", "a few words"),
    "code": Term("选项", "choice"),
    "list": Term("多选", "choices"),
    "day": Term("日期", "day"),
    "number": Term("数字", "number"),
    "flag": Term("勾选", "tick"),
    "message": Term("给举报人或者举报人写的话", "words to or from the reporter"),
    "person": Term("人员", "person"),
    "people": Term("人员（多人）", "people"),
    "unit": Term("单位", "unit"),
    "case": Term("案件", "case"),
    "clock": Term("期限", "clock"),
    "report": Term("举报", "report"),
    "thing": Term("本案的对象、措施等", "something of the case"),
}
#: Actions that lead there from nearly everywhere; drawn they would hide the rest.
_FROM_EVERYWHERE = ("to_oversight", "reopen")
#: Where a diagram begins and ends.
_BEGIN = "[*]"


def states() -> list[str]:
    """The table of states."""
    rows = [
        [
            f"`{state.name}`",
            both(state.term),
            both(state.reporter_sees),
            both(_TURNS[state.turn]),
            both(words.kinds(state.kinds)),
            _end(state.name),
        ]
        for state in STATES.values()
    ]
    return table(
        ["code", "环节 state", "举报人看到 the reporter sees", "等谁 whose turn", "事项 kinds", "终点 end"],
        rows,
    )


def _end(name: str) -> str:
    state = STATES[name]
    if state.is_end:
        return "是，可重启 yes, may be reopened" if state.may_reopen else "是 yes"
    return "办结，可重启 concluded, may be reopened" if state.may_reopen else ""


def diagrams() -> list[str]:
    """Two pictures, up to acceptance and after it; what leads there from nearly everywhere is said in words."""
    edges = _edges()
    before = {frm for frm, _ in edges if frm not in STATES or STATES[frm].is_end}
    before = {*before, *DESK_STATES, "oversight"} - {"closed"}
    text = [
        "### 受理以前 Up to acceptance",
        "",
        *_diagram("LR", {edge: rows for edge, rows in edges.items() if edge[0] in before}),
    ]
    text += [
        "### 受理以后 After acceptance",
        "",
        *_diagram("TB", {edge: rows for edge, rows in edges.items() if edge[0] not in before}),
    ]
    for name in _FROM_EVERYWHERE:
        row = CASE_ACTIONS[name]
        frm = words.listed(STATES[state].term for state in row.frm)
        to = STATES[str(row.to)].term
        text.append(f"- {both(row.term)}：{frm.zh} → {to.zh}。{frm.en} → {to.en}.")
    return [*text, ""]


def _edges() -> dict[tuple[str, str], list[Action]]:
    """From where to where by which actions."""
    edges: dict[tuple[str, str], list[Action]] = {}
    for row in CASE_ACTIONS.values():
        if row.to is not None and row.name not in _FROM_EVERYWHERE:
            for frm in row.frm or (_BEGIN,):
                for to in _outcomes(row):
                    edges.setdefault((frm, to), []).append(row)
    return edges


def _diagram(direction: str, edges: dict[tuple[str, str], list[Action]]) -> list[str]:
    named = [state for state in STATES if any(state in edge for edge in edges)]
    return [
        "```mermaid",
        "stateDiagram-v2",
        f"    direction {direction}",
        *(f'    state "{both(STATES[name].term)}" as {name}' for name in named),
        *(f"    {frm} --> {to}: {_label(rows)}" for (frm, to), rows in edges.items()),
        *(f"    {name} --> {_BEGIN}" for name in named if STATES[name].is_end),
        "```",
        "",
    ]


def _label(rows: list[Action]) -> str:
    return "／".join(f"{row.term.zh} {row.name.replace('_', ' ')}" for row in rows)


def _outcomes(row: Action) -> tuple[str, ...]:
    """The states an action leads to; back means to where facts may be asked for."""
    if row.to == BACK:
        return CASE_ACTIONS["request_supplement"].frm
    return tuple(to for to in row.outcomes if to is not None)


# --- actions ---------------------------------------------------------------------------------------------------


def by_state() -> list[str]:
    """What may be done in each state: what moves the case, and what does not."""
    everywhere = [row for row in CASE_ACTIONS.values() if set(OPEN_STATES) <= set(row.frm)]
    said = words.listed(row.term for row in everywhere)
    text = [f"每个未办结的环节都可以：{said.zh}。", "", f"In every open state: {said.en}.", ""]
    rows = []
    for state in STATES.values():
        here = [row for row in CASE_ACTIONS.values() if state.name in row.frm]
        here = [row for row in here if row not in everywhere or not state.is_open]
        moving = [row.term for row in here if row.to is not None]
        staying = [row.term for row in here if row.to is None]
        rows.append([both(state.term), words.lines(words.listed(moving)), words.lines(words.listed(staying))])
    return text + table(["环节 state", "改变环节 moves the case", "不改变环节 does not"], rows)


def actions() -> list[str]:
    """Every action on a case."""
    return [line for row in CASE_ACTIONS.values() for line in _action(row)]


def actions_on_things() -> list[str]:
    """Every action on what belongs to a case."""
    text = []
    for thing, term in THINGS.items():
        found = words.listed(THING_STATES[thing].values())
        text += [f"### {both(term)}", "", f"{found.zh}。{found.en}.", ""]
        text += [line for row in THING_ACTIONS.values() if row.thing == thing for line in _action(row)]
    return text


def _action(row: Action) -> list[str]:
    parts = [
        ("从 from", _from(row)),
        ("到 to", _to(row)),
        (
            "案件环节 case in",
            both(words.listed(STATES[name].term for name in row.in_states)) if row.in_states else "",
        ),
        ("谁 by", both(words.actors(row.by))),
        ("批准 leave", _leave(row)),
        ("事项 kinds", both(words.kinds(row.kinds)) if row.kinds else ""),
        ("需要 needs", "；".join(_need(need) for need in row.needs)),
        ("条件 only if", "；".join(both(GUARDS[name]) for name in row.guards)),
        ("同时 then", "；".join(both(EFFECTS[name]) for name in row.effects)),
        ("依据 source", f"{words.articles(row.source)}；{words.days(row)}"),
    ]
    return [
        f"#### {both(row.term)} `{row.name}`",
        "",
        *(f"- **{name}**：{said}" for name, said in parts if said),
        "",
    ]


def _from(row: Action) -> str:
    names = (
        {name: state.term for name, state in STATES.items()}
        if row.thing == "case"
        else THING_STATES[row.thing]
    )
    if not row.frm:
        return "（新建）(new)"
    if row.thing == "case" and set(row.frm) == set(STATES):
        return "任何环节 any state"
    if row.thing == "case" and set(OPEN_STATES) <= set(row.frm):
        more = words.listed(names[state] for state in row.frm if state not in OPEN_STATES)
        return f"任何未办结的环节 any open state{'；' + both(more) if more.zh else ''}"
    return both(words.listed(names[state] for state in row.frm))


def _to(row: Action) -> str:
    names = (
        {name: state.term for name, state in STATES.items()}
        if row.thing == "case"
        else THING_STATES[row.thing]
    )
    if row.to == BACK:
        return "原来的环节 back to where it was"
    found = [names[to] for to in row.outcomes if to is not None]
    return " 或者 or ".join(both(term) for term in found) or "不变 unchanged"


def _leave(row: Action) -> str:
    if row.approval is None:
        return both(NOBODY)
    said = both(words.ACTORS[row.approval])
    if row.lighter is not None:
        complexity, role = row.lighter
        said += f"；{both(words.condition(complexity))}：{both(words.ACTORS[role])}"
    return said


def _need(need: Need) -> str:
    more = [_KINDS[need.kind]]
    if not need.required:
        more.append(Term("可不填", "optional"))
    if need.sealed:
        more.append(Term("密封", "sealed"))
    extra = words.listed(more)
    return f"{need.label.zh} {need.label.en}（{extra.zh} {extra.en}）"
