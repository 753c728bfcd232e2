"""The words of officers' pages by code: what was done, what a step brings about, why one is not possible."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

#: An action as the timeline tells it, and as the banner of the next page says it.
PAST: Mapping[str, Any] = {
    "receive": _l("已接收登记"),
    "receive_flagged": _l("已接收（涉本机关）"),
    "classify": _l("已分类登记"),
    "reclassify": _l("已改变分类"),
    "to_oversight": _l("已转密封处理"),
    "release_oversight": _l("已退回一般处理"),
    "forward_up": _l("已密封上报"),
    "give_notice": _l("已告知受理"),
    "request_supplement": _l("已一次性告知补正"),
    "supplement": _l("已收到补正"),
    "lapse_supplement": _l("逾期未补正，按现有材料办理"),
    "accept": _l("已受理"),
    "decline": _l("已决定不予受理"),
    "redirect": _l("已转办"),
    "returned": _l("已被接收机关退回"),
    "assign": _l("已指派承办人"),
    "hand_over": _l("已移交承办"),
    "write": _l("已发出答复"),
    "request_withdrawal": _l("举报人申请撤回"),
    "request_recusal": _l("举报人申请回避"),
    "declare_recusal": _l("有人自行回避"),
    "note_recusal_request": _l("已登记回避申请，交给有权决定的人"),
    "recuse": _l("已决定回避，这个人现在打不开这件案"),
    "refuse_recusal": _l("已答复回避申请：不同意"),
    "lift_recusal": _l("已解除回避"),
    "let_in": _l("已准许查阅"),
    "enter_acting_head": _l("已登记代行主要负责人职责"),
    "end_acting_head": _l("代行主要负责人职责已经结束"),
}

#: A step of a proposal as the timeline tells it, before the name of what was proposed.
PROPOSAL_PAST: Mapping[str, Any] = {
    "waiting": _l("已报批"),
    "returned": _l("报批被退回"),
    "withdrawn": _l("报批已收回"),
    "overtaken": _l("报批已失效"),
}

#: How a proposal stands, as the heading of its page says it.
OUTCOMES: Mapping[str, Any] = {
    "waiting": _l("“%(what)s”还在等批准"),
    "approved": _l("“%(what)s”已批准"),
    "returned": _l("“%(what)s”的报批已退回"),
    "withdrawn": _l("“%(what)s”的报批已收回"),
    "overtaken": _l("“%(what)s”的报批已失效"),
}

#: A letter that came in; the same step by the office is `PAST["write"]`.
REPORTER_WROTE = _l("举报人来信")

#: What else a banner can say.
DONE: Mapping[str, Any] = {
    **PAST,
    "proposed": _l("已报批，批准后才生效"),
    "approved": _l("已批准，已经生效"),
    "sent_back": _l("已退回，提出的人会看到你的理由"),
    "withdrawn": _l("已收回，没有生效"),
    "no_answer": _l("已记录：这封来信无需答复"),
    "signed_out": _l("已退出"),
    "password": _l("密码已更换，其他地方的登录都已结束"),
    "authenticator": _l("验证器已更换，原来的不能再用，其他地方的登录都已结束"),
    "admitted": _l("已准入，密钥已经交给本人"),
    "confirmed": _l("已确认，已经生效"),
    "refused": _l("已驳回，一切照旧"),
    "sheet_checked": _l("恢复单已核对，本机关的密钥已经启用"),
    "desk_key": _l("受理台的密钥已生成"),
    "key_renewed": _l("密钥已更换"),
    "holder_ended": _l("已收回，其他保管人照旧保管"),
    "rescued": _l("已取回，现在由你保管；请尽快指派或者移交"),
    "superior_entered": _l("上级机关的公钥已录入，等另一位成员核对"),
    "superior_confirmed": _l("上级机关的公钥已启用"),
    "handed_over": _l("案件已移交，密钥已同时更换"),
    "declared": _l("已登记。如果有这件案，从现在起你打不开它，也看不到它，由有权的人决定是否回避"),
    "ended_recusal": _l("已经生效：这个人可以重新接触这件案"),
}

#: What the reporter and others get to see or lose by a step; shown above its form.
CONSEQUENCES: Mapping[str, Any] = {
    "classify": _l("登记后案件有正式编号，各项期限按事项类型计算。以后再改分类须经批准"),
    "reclassify": _l("事项类型改变后，各项期限从头按新类型重新计算"),
    "to_oversight": _l(
        "转出后，你、受理台、承办人和分管领导都不能再打开这件举报，恢复单也打不开；实名举报人的姓名和联系方式此后只有举报人自己掌握。这一步不能撤回"
    ),
    "release_oversight": _l("批准后，这件举报回到原来的受理台，按一般举报办理"),
    "forward_up": _l(
        "系统会生成一个只有上级机关能打开的文件，由你交给上级机关。这件举报在这里就结束了，不能撤回"
    ),
    "give_notice": _l("记录受理情况已经告知实名举报人，告知期限随之停止"),
    "request_supplement": _l("每件只能告知一次，请把需要补充的内容一次列全。等待期间，本机关自定的期限暂停"),
    "supplement": _l("把举报人口头补充的内容如实记下来，案件回到原来的环节"),
    "accept": _l(
        "举报人会看到“已受理”。受理后，只有分管领导、主要负责人和你能打开，受理台的其他人不再能打开"
    ),
    "decline": _l("举报人会看到理由和可以向哪里反映。批准后这件举报就结束了"),
    "redirect": _l(
        "举报人会看到转给了哪里。被举报的单位和人绝不能成为接收机关。批准后这件举报在这里就结束了"
    ),
    "returned": _l("案件回到“待受理”，重新决定怎样办理"),
    "assign": _l("承办人随即能打开案件；不勾选保留查阅，受理员就不再能打开"),
    "hand_over": _l("原承办人立即不能再打开案件，密钥同时更换。移交给同一个人，就是在丢失密码后重新交付密钥"),
    "note_recusal_request": _l("写的内容只有决定回避的人看得到，办这件案的其他人看不到"),
}

#: Who wishes that somebody keep off a case, by `recusal.Wish.source`.
ASKED_BY: Mapping[str, Any] = {
    "self": _l("本人自行回避"),
    "reporter": _l("举报人申请回避"),
    "others": _l("工作人员登记的申请"),
}

#: Why somebody is kept off a case, by `recusals.Kept.why`.
KEPT_BY: Mapping[str, Any] = {
    "in_force": _l("回避"),
    "suspended": _l("自行回避，等待决定"),
    "subject_unit": _l("属于被反映的单位"),
    "subject": _l("和被反映人同名"),
    "wished": _l("举报人不让看，或者举报里写到"),
}

#: Where a step means something else before the case is accepted.
BEFORE_ACCEPTANCE: Mapping[str, Any] = {
    "assign": _l("承办人随即能打开案件。案件还没有受理，打得开它的受理员照旧打得开，仍要由他们决定受理"),
}

#: The steps that lead a case on, the most usual first: the first of them that is possible is the page's main button.
#: All others stand after them and never stand out, what is done once in a case at most among them.
ONWARD = (
    "classify",
    "accept",
    "supplement",
    "returned",
    "assign",
    "forward_up",
    "give_notice",
)

#: Whom a case waits for, by the codes of `State.turn` and of `casework.stranded`.
TURNS: Mapping[str, Any] = {
    "desk": _l("等受理台办理"),
    "reporter": _l("等举报人补充"),
    "sender": _l("等转来的机关答复"),
    "oversight": _l("等监督小组办理"),
    "officer": _l("等承办人办理"),
    "reviewer": _l("等审理员审理"),
    "leader": _l("等领导决定"),
    "assignment": _l("等分管领导指派"),
    "officer_gone": _l("承办人已停用，请移交"),
    "officer_without_key": _l("承办人打不开这件案，请把密钥重新交付给本人，或者移交给别人"),
}

#: What the reporter can be told, to begin with.
FIRST_WORDS: Mapping[str, Any] = {
    "accept": _l(
        "您反映的问题我们已经受理。办理中有需要您补充的，会在这里问您；最迟每三个月告诉您一次情况。"
    ),
    "give_notice": _l("您实名反映的问题我们已经受理，特此告知。办理情况会在这里告诉您。"),
}

#: Steps after which there is no way back: their page sums the case up and asks once more.
GRAVE = frozenset({"to_oversight", "forward_up", "decline"})

#: Who gives leave, by the roles that may, as the page before a proposal says it.
LEAVE: Mapping[tuple[str, ...], Any] = {
    ("deputy", "head"): _l("这一步须经分管领导或者主要负责人批准，批准前案件照旧"),
    ("head",): _l("这一步须经主要负责人批准，批准前案件照旧"),
    ("oversight",): _l("这一步须经监督小组另一位成员批准，批准前案件照旧"),
}

#: The names of the desk's views.
VIEWS: Mapping[str, Any] = {
    "new": _l("新举报"),
    "open": _l("办理中"),
    "ended": _l("已结束"),
    "all": _l("全部"),
}

#: The orders of the desk.
SORTS: Mapping[str, Any] = {
    "": _l("实名在前，先到期在前"),
    "due": _l("到期日"),
    "received": _l("收到日期"),
}

#: What an empty view would show, and how it gets there.
EMPTY: Mapping[str, Any] = {
    "new": _l("举报人扫码提交后，新举报会出现在这里。现在没有等待受理的举报"),
    "open": _l("受理以后、办结以前的案件会出现在这里"),
    "ended": _l("不予受理、已转办、已上报和已办结的案件会出现在这里"),
    "all": _l("你能看到的案件都会出现在这里。现在一件也没有"),
}

#: What a password's weight is called.
STRENGTHS: Mapping[str, Any] = {
    "short": _l("太短，至少10个字符"),
    "long": _l("太长，最多128个字符"),
    "weak": _l("太容易被猜到，请换一个更少见的，或者再加几个不相干的词"),
    "good": _l("可以使用"),
    "strong": _l("很难猜到"),
}
