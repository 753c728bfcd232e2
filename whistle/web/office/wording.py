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
    "assign": _l("已指派"),
    "hand_over": _l("已移交承办"),
    "write": _l("已发出答复"),
    "request_withdrawal": _l("举报人申请撤回"),
    "request_recusal": _l("举报人申请回避"),
    "object_transfer": _l("已对上级转交提出异议"),
    "objection_agreed": _l("异议已获准"),
    "objection_refused": _l("异议未获准"),
    "refer": _l("已交办"),
    "receive_referral": _l("已收到办理结果"),
    "recall_referral": _l("已收回交办"),
    "merge": _l("已并案"),
    "unmerge": _l("已撤销并案"),
    "split": _l("已拆分"),
    "study": _l("已集体研究"),
    "start_inquiry": _l("已开始谈话函询"),
    "deliver_letter": _l("函询已送达"),
    "inquiry_reply": _l("已收到说明"),
    "start_verification": _l("已开始初步核实"),
    "hold": _l("已暂存待查"),
    "hold_again": _l("已继续暂存"),
    "resume_held": _l("已重启"),
    "conclude_unfounded": _l("已予以了结"),
    "resolve": _l("已解决并答复"),
    "answer": _l("已作首次答复"),
    "propose_disposal": _l("已提出处置意见"),
    "file_case": _l("已立案"),
    "extend": _l("已延长期限"),
    "suspend_duty": _l("已建议暂停履行职务"),
    "to_review": _l("已移送审理"),
    "return_investigation": _l("已退回补充调查"),
    "hear_subject": _l("已听取陈述申辩"),
    "to_decision": _l("已提请审议"),
    "send_back": _l("已退回"),
    "decide": _l("已作出决定"),
    "withdraw_case": _l("已撤销案件"),
    "hand_to_competent": _l("已交有管理权限机关"),
    "transfer_justice": _l("已移送检察机关"),
    "enforce_done": _l("已执行完毕"),
    "rectified": _l("整改已完成"),
    "feed_back": _l("已反馈"),
    "rate": _l("举报人已评价"),
    "second_look": _l("已再核"),
    "close": _l("已销号"),
    "look_back": _l("已回头看"),
    "reopen": _l("已重新启动"),
    "archive": _l("已归档"),
    "lend": _l("已调卷"),
    "give_back": _l("已还卷"),
    "press": _l("已督办"),
    "press_answered": _l("已回复督办"),
    "request_protection": _l("已请求保护"),
    "report_retaliation": _l("已登记报复线索"),
    "record_interference": _l("已登记打听过问"),
    "clarify": _l("已澄清正名"),
    "find_malicious": _l("已认定诬告"),
    "join": _l("已并入一件举报"),
    "part": _l("已撤销并入的举报"),
    "subject.add": _l("已列为处理对象"),
    "subject.correct": _l("已更正处理对象"),
    "subject.remove": _l("已移除处理对象"),
    "measure.propose": _l("已拟定措施"),
    "measure.drop": _l("已去掉拟定的措施"),
    "measure.deliver": _l("措施已送达宣布"),
    "measure.statement_received": _l("已收到检查材料"),
    "measure.pay_changed": _l("待遇变更已完成"),
    "measure.follow_up": _l("已作诫勉跟踪"),
    "measure.confirm_end": _l("期满已审核"),
    "talk.schedule": _l("已约定谈话"),
    "talk.hold": _l("已谈话"),
    "talk.record": _l("已补充谈话记录"),
    "promise.make": _l("已记录承诺"),
    "promise.keep": _l("承诺已兑现"),
    "item.make": _l("已列入问题清单"),
    "item.submit": _l("已提交整改材料"),
    "item.return": _l("整改材料已退回"),
    "item.postpone": _l("整改已延期"),
    "item.strike_off": _l("已对账销号"),
    "excerpt.make": _l("已摘录脱敏"),
    "excerpt.correct": _l("已修改摘录"),
    "excerpt.return": _l("摘录已退回"),
    "excerpt.confirm": _l("摘录已复核"),
    "excerpt.withdraw": _l("摘录已作废"),
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

#: What a case is to another of whose event a fact has its id.
OTHER_CASES: Mapping[str, Any] = {
    "target": _l("并入的案件"),
    "from_case": _l("原来的案件"),
    "to_case": _l("转回的案件"),
    "new_case": _l("新的案件"),
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
    "sealed_away": _l("已密封交给监督小组，你和受理台都不再能打开。手边的草稿请销毁"),
    "written_down": _l("已登记。举报人不让你看，所以你不再能打开，由别人办理"),
    "email": _l("邮箱已保存"),
    "approved": _l("已批准，已经生效"),
    "sent_back": _l("已退回，提出的人会看到你的理由"),
    "delegated": _l("已交给别人批，案件的密钥也交给了他"),
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
    "related": _l("已记下你的判断，两件案的页面都会显示"),
    "identity_asked": _l("申请已交给实名信息的保管人"),
    "identity_stopped": _l("已结束，要再看就重新申请"),
    "identity_given": _l("已同意，到时自动结束"),
    "identity_refused": _l("没有同意，申请的人会看到你的理由"),
    "identity_taken_back": _l("已收回，对方不能再看"),
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
    "object_transfer": _l("批准后，向转来的机关提出异议，等它答复期间不能受理"),
    "refer": _l("批准后，把事项交给有关单位办理并等结果。被举报的单位和人绝不能成为接收机关"),
    "merge": _l("举报并入那件案一起办理。两边的举报人各用各的查询码，互不知道；没有受理的，从此算作受理"),
    "unmerge": _l("批准后，举报回到原来的案件，重新决定怎样办理"),
    "split": _l("批准后，拆出来的事实成为受理台的一件新案，单独办理"),
    "start_inquiry": _l("批准后进入谈话函询。收到函询的人会知道有人反映，先想清楚要不要这样做"),
    "start_verification": _l("批准后，核查组的每个人都能打开案件"),
    "hold": _l("批准后暂不办理，到复看日期再看有没有新的线索"),
    "conclude_unfounded": _l("批准后，案件办结，接着要向举报人反馈结果"),
    "resolve": _l("批准后，案件办结，接着要向举报人反馈结果"),
    "answer": _l(
        "有查询码的举报人会看到这些话；没有查询码的，写下当面或者电话里怎样答复的，留在案件记录里。首次答复的期限随之停止"
    ),
    "propose_disposal": _l("批准后，拟定的措施提交领导决定"),
    "file_case": _l("批准后，调查组的每个人都能打开案件，审查调查的期限开始计算"),
    "extend": _l("每个期限只能延长一次，从原来的到期日起算"),
    "to_review": _l("批准后由审理员审理。还没有审理员的，等分管领导指派"),
    "decide": _l("拟定的措施从今天起生效，送达的期限开始计算"),
    "withdraw_case": _l("批准后，案件办结，接着要向举报人反馈结果，并通知所在单位"),
    "enforce_done": _l("还有没销号的问题，就进入整改；没有的，案件办结"),
    "feed_back": _l(
        "批准后，有查询码的举报人看到这些话；最终反馈以后，可以评价。打电话、写信、当面反馈的，反馈以后再登记"
    ),
    "second_look": _l("批准后，不满意的举报人会看到再核结果"),
    "close": _l("批准后销号；有措施或者整改的，三个月内要回头看"),
    "reopen": _l("批准后，案件回到研判，重新开始计算期限"),
    "archive": _l("归档以后，只有档案台打得开。要再看，须经档案台两个人同意调卷"),
    "give_back": _l("还卷以后，你不再能打开这件案，密钥同时更换。你提出、还没有批准的事项随之失效"),
    "lend": _l("档案台另一位成员同意以后，借阅人能打开案件，到期自动收回"),
    "report_retaliation": _l("系统会立一件紧急的新案，本机关自定的期限减半"),
    "record_interference": _l("登记以后谁也不能删改"),
    "clarify": _l("批准后，在写明的范围内澄清，恢复名誉"),
    "find_malicious": _l("须有设区的市级以上机关的认定。错告不是诬告"),
    "press": _l("承办人会看到督办的事项和期限，并要回复"),
    "request_protection": _l("报请主要负责人决定怎样保护举报人"),
    "measure.propose": _l("拟定以后还没有生效，要到作出决定时才决定"),
    "measure.confirm_end": _l("两项都勾选的，批准后这项处分到期解除；没有都勾选的，继续执行，以后再审核"),
    "excerpt.make": _l(
        "写进去的姓名、电话、证件号会自动隐去。复核以前不能给别人看；看得出是谁举报的话，请自己删去"
    ),
    "excerpt.confirm": _l("复核以后才能打印、给别人看。请逐字读一遍，系统认不出口吻、经过里的线索"),
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
    "listed": _l("和处理对象同名"),
    "linked_case": _l("打不开和这件案并在一起的另一件案"),
    "wished": _l("举报人不让看，或者举报里写到"),
}

#: Since when somebody keeps off for it, where no decision says so and it is not since the report or its class.
KEPT_SINCE: Mapping[str, Any] = {
    "listed": _l("列为处理对象时起"),
    "linked_case": _l("并案时起，或者从另一件案打不开时起"),
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
    "objection_agreed",
    "receive_referral",
    "decide",
    "to_decision",
    "forward_up",
    "give_notice",
    "answer",
    "press_answered",
    "to_review",
    "enforce_done",
    "rectified",
    "feed_back",
    "close",
    "look_back",
    "archive",
    "lend",
    "give_back",
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
    "another": _l("等另一位承办人办理"),
    "officer_gone": _l("承办人已停用，请移交"),
    "officer_without_key": _l("承办人打不开这件案，请把密钥重新交付给本人，或者移交给别人"),
}

#: What somebody has to do for a clock whose own name is no deed.
DEEDS: Mapping[str, Any] = {
    "accept": _l("决定是否受理"),
    "redirect": _l("受理或者转送"),
    "handed_down": _l("受理或者提出异议"),
    "assess": _l("提出处置意见"),
    "solve": _l("办结投诉"),
    "solve_unresolved": _l("解决事项"),
    "petition": _l("办结求决事项"),
    "advice_reply": _l("答复建议"),
    "inquiry_reply": _l("登记函询回复"),
    "inquiry_report": _l("写出函询报告"),
    "referral": _l("催办交办结果"),
    "statement": _l("收齐检查材料"),
    "pay_change": _l("落实待遇变更"),
    "rectify_item": _l("整改问题"),
    "promise": _l("督促兑现承诺"),
    "pressed": _l("回复督办"),
    "feedback": _l("反馈结果"),
    "protection": _l("答复保护请求"),
}

#: What the reporter can be told, to begin with.
FIRST_WORDS: Mapping[str, Any] = {
    "accept": _l(
        "您反映的问题我们已经受理。办理中有需要您补充的，会在这里问您；最迟每三个月告诉您一次情况。"
    ),
    "give_notice": _l("您实名反映的问题我们已经受理，特此告知。办理情况会在这里告诉您。"),
}

#: What is said beside a box of a step's form, by the step and what it needs.
HINTS: Mapping[tuple[str, str], Any] = {
    ("classify", "subject"): _l("写成：王芳（副局长）、李四"),
    ("reclassify", "subject"): _l("写成：王芳（副局长）、李四"),
    ("item.make", "due"): _l("填明天或者以后的一天。不填为三十日"),
    ("excerpt.make", "names"): _l("用顿号隔开"),
    ("excerpt.correct", "names"): _l("用顿号隔开"),
    ("measure.propose", "subject_person"): _l("选一个人或者一个单位"),
}
#: Needs of which exactly one is given: neither is optional, and neither is asked for alone.
ONE_OF_TWO = frozenset({("measure.propose", "subject_person"), ("measure.propose", "unit")})

#: Steps after which there is no way back: their page sums the case up and asks once more.
GRAVE = frozenset({"to_oversight", "forward_up", "decline", "transfer_justice", "archive"})

#: Who gives leave, by the roles that may, as the page before a proposal says it.
LEAVE: Mapping[tuple[str, ...], Any] = {
    ("deputy", "head"): _l("这一步须经分管领导或者主要负责人批准，批准前案件照旧"),
    ("head",): _l("这一步须经主要负责人批准，批准前案件照旧"),
    ("oversight",): _l("这一步须经监督小组另一位成员批准，批准前案件照旧"),
    ("archive",): _l("这一步须经档案台另一位成员同意，同意前案件照旧"),
}

#: What is said where the leave follows from what is chosen in the form, and of a meeting's.
LEAVE_BY_CLOCK = _l("这一步须经批准：由分管领导、主要负责人还是上级批准，看选哪个期限")
LEAVE_BY_MEETING = _l("这一步由集体讨论决定，主要负责人记录会议以后才生效")

#: Who decides on a measure, by the codes of the catalogue.
DECIDED_BY: Mapping[str | None, Any] = {
    "deputy": _l("由分管领导或者主要负责人决定"),
    "head": _l("由主要负责人决定"),
    "collective": _l("由集体讨论决定，要填会议日期、文号和结果"),
    None: _l("由别的机关决定，这里只作记录"),
}

#: The names of the desk's views.
VIEWS: Mapping[str, Any] = {
    "new": _l("新举报"),
    "open": _l("办理中"),
    "ended": _l("已结束"),
    "archive": _l("档案"),
    "all": _l("全部"),
}

#: How what is owed in a case stands, as the desk's filter calls it.
CLOCK_STATES: Mapping[str, Any] = {
    "overdue": _l("已超期"),
    "today": _l("今天到期"),
    "week": _l("本周到期"),
    "running": _l("计时中"),
    "paused": _l("已暂停"),
    "none": _l("没有期限在走"),
}

#: The meeting papers, as the tabs between them say.
PAPERS: Mapping[str, Any] = {
    "week": _l("周例会"),
    "month": _l("月总结"),
    "quarter": _l("季度反馈"),
}

#: The parts of the weekly sheet.
PAPER_PARTS: Mapping[str, Any] = {
    "new": _l("新收"),
    "moved": _l("有进展"),
    "due": _l("七日内到期"),
    "overdue": _l("超期"),
    "closed": _l("结束"),
}

#: The orders of the desk.
SORTS: Mapping[str, Any] = {
    "": _l("实名在前，先到期在前"),
    "due": _l("到期日"),
    "received": _l("收到日期"),
}

#: Which part of a case words were found in, where neither a question nor a step names it.
FOUND_IN: Mapping[str, Any] = {
    "reporter": _l("举报人来信"),
    "office": _l("给举报人的信"),
    "file": _l("附件名称"),
    "decision": _l("退回报批的理由"),
}

#: What an empty view would show, and how it gets there.
EMPTY: Mapping[str, Any] = {
    "new": _l("举报人扫码提交后，新举报会出现在这里。现在没有等待受理的举报"),
    "open": _l("受理以后、办结以前的案件会出现在这里"),
    "ended": _l("不予受理、已转办、已上报和已办结的案件会出现在这里"),
    "archive": _l("销号的案件归档以后会出现在这里。现在档案里没有案件"),
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
