"""What the names in `Action.guards` and `Action.effects` mean: the conditions of an act, and what follows from it.

`services.casework` implements each name; here they are told, so that somebody who reads the tables sees them whole.
"""

from whistle.rules.terms import Term

#: What must hold beyond state, role and input.
GUARDS: dict[str, Term] = {
    # From receipt to acceptance.
    "unclassified": Term("尚未分类登记", "not classified yet"),
    "classified": Term(
        "已分类登记（测试、垃圾信息和密封件除外）", "classified, but for test, spam and sealed reports"
    ),
    "something_new": Term("至少一项分类与登记的不同", "at least one part of the class is new"),
    "kind_fits_stage": Term(
        "所在环节可以办理新的事项类型", "a matter of the new kind may stand where the case stands"
    ),
    "real_name": Term("有实名举报人", "some reporter gave a name"),
    "accepted": Term("已受理，或者密封处理中", "accepted, or in sealed handling"),
    "day_since_acceptance": Term("日期不早于受理，不晚于当天", "the day lies between acceptance and today"),
    "way_reaches_all": Term(
        "用本系统留言告知的，都有查询码",
        "told by a message here: every reporter concerned has a receipt code",
    ),
    "supplement_once": Term("本案没有要求过补正", "nothing was asked for in this case before"),
    "reason_fits_kind": Term(
        "理由适用于该事项类型；无实质内容的须先要求补正",
        "the reason is one for this kind; for lack of substance, facts were asked for first",
    ),
    "subject_unit_guard": Term(
        "接收机关不是被举报单位及其下属单位，也不是登记的被举报人",
        "the receiver is neither the subject unit, nor one beneath it, nor a person registered as subject",
    ),
    "from_superior": Term("上级机关或者信访部门转来", "handed down by a higher body or the petition office"),
    # Assessing.
    "due_within_three_months": Term("期限在三个月以内", "due within three months"),
    "target_fits": Term(
        "并入的案件正在办理，不是本案，未被并案，能办理本案的事项类型；受理员只能并入本室尚未受理的案件",
        "the target is open, another, not merged, and of a kind that this matter may go on in; intake merges only into"
        " a case of its own desk not yet accepted",
    ),
    "target_can_part": Term(
        "并入的案件没有归档，也没有再并入别的案件", "the target is neither archived nor merged into another"
    ),
    "new_subject_is_a_lead": Term("新的被举报人另立问题线索", "a new subject makes a new lead"),
    "assignee_free": Term(
        "承办人在岗、已获准、属于本条线、不回避、不属于被举报单位",
        "active, admitted, of this line, not recused, not of the subject unit",
    ),
    "reviewer_is_another": Term("审理的人没有承办过本案", "whoever reviews did not work the case"),
    "group_stays_two": Term(
        "核实、调查期间，换人以后仍有两人以上",
        "while a group verifies or investigates, two or more are left of it",
    ),
    "two_work_on_it": Term(
        "核实、调查的，仍有两人以上能打开案件",
        "of those who verify or investigate, two or more can still open the case",
    ),
    "study_recorded": Term("有会议日期，或者两名以上参加人", "a meeting's day, or the names of two"),
    # Working.
    "day_in_this_stage": Term("日期在本环节之内，不晚于当天", "the day lies in this stage and not ahead"),
    "looked_at_again": Term("举报人不满意的，已经再核", "who was not satisfied: looked at again"),
    "measures_or_why_not": Term(
        "有拟定的措施，或者写明理由", "measures are drawn up, or it is said why none"
    ),
    "asked_by_letter": Term("以函询方式进行", "the inquiry is by letter"),
    "signed_if_by_letter": Term(
        "函询的，说明已经签署", "of an inquiry by letter, the explanation was signed"
    ),
    "result_fits_kind": Term("结果适合事项类型", "the result fits the kind of matter"),
    "day_since_filing": Term("不早于立案之日", "not before the case was filed"),
    "day_since_delivery": Term("不早于函询送达之日", "not before the letter was delivered"),
    "group_fits": Term(
        "两人以上，均在岗、已获准、不回避", "two or more, each active, admitted and not recused"
    ),
    "review_within_six_months": Term("复看日期在六个月以内", "reviewed within six months"),
    "finding_fits": Term(
        "容错的须四项条件均符合；经初步核实的须有报告",
        "for tolerance all four conditions hold; after verification there is its report",
    ),
    "opinion_of_a_petition": Term("求决事项须有书面处理意见", "a petition gets a written opinion"),
    "result_of_referral": Term(
        "研判中的案件须已收到交办结果", "from assessment only with the result of a referral"
    ),
    "light_measures": Term(
        "只有谈话、组织处理和对单位的措施", "talks, organisational measures and those on units alone"
    ),
    "something_to_extend": Term("有可以延长的期限", "there is a period that may be extended"),
    "extension_fits": Term(
        "该期限可以延长，未延长过，不超过上限；上级批准的有文号，应当告知的有告知内容",
        "the clock may be extended, was not yet, and not by more than its row says; with the superior's paper and words"
        " to the reporter where these are asked for",
    ),
    "returned_twice_at_most": Term("退回补充调查不超过两次", "returned for more investigation twice at most"),
    "was_there_before": Term("案件曾在该环节", "the case stood in that stage before"),
    "was_filed": Term("已经立案", "the case was filed"),
    "met_since_filing": Term("会议不早于立案之日", "the meeting was not before the filing"),
    # Deciding and carrying out.
    "decided_by_role": Term(
        "分管领导只决定谈话等轻的措施", "a deputy decides talks and other light measures alone"
    ),
    "decision_fits": Term(
        "给予处理的有措施且决定书完整；免予、不予的有理由",
        "with measures: there are some, and the document is complete; without: the reason",
    ),
    "measures_still_fit": Term(
        "拟定的措施适用于其处理对象", "each measure drawn up is for the kind of person it is on"
    ),
    "measures_may_be_decided": Term(
        "每项措施都由有权的人决定，须集体讨论的有会议记录，政务处分的已听取陈述申辩",
        "each measure is decided by who may, by a meeting where one is asked for, and an administrative sanction after"
        " the subject was heard",
    ),
    "measures_delivered": Term("每项措施都已送达", "every measure was delivered"),
    "items_or_why_not": Term(
        "有整改事项，或者有不需要的理由", "there are items, or it is said why none are needed"
    ),
    "items_struck_off": Term("整改事项全部销号", "every item was struck off"),
    # After the result.
    "final_when_concluded": Term("最终反馈在办结以后", "final feedback once the case is concluded"),
    "final_feedback_given": Term("已作最终反馈", "final feedback was given"),
    "rated_once": Term("没有评价过", "not rated yet"),
    "somebody_not_satisfied": Term("有举报人不满意", "some reporter is not satisfied"),
    "not_the_first_officer": Term("不是原承办人", "not the first officer"),
    "all_told": Term(
        "每名举报人都已得到最终反馈，或者无法反馈", "every reporter had final feedback, or cannot"
    ),
    "rated_or_waited": Term("已评价，或者反馈后满三十日", "rated, or thirty days since the feedback"),
    "not_who_struck_off": Term("不是销号的人", "not whoever struck the items off"),
    "was_unfounded": Term(
        "结论是查无实据、已澄清或者违法事实不成立",
        "the finding is no evidence, cleared up, or facts not established",
    ),
    "taken_up_again": Term(
        "再核认为意见成立、发现新的事实，或者回头看发现问题反弹的，已经重新启动",
        "what a second look upheld or found, or a look-back found to have come back, was taken up again",
    ),
    "looked_back": Term("应当回头看的已经回头看", "where a look-back is owed, it was done"),
    "ground_holds": Term(
        "有新的事实，或者回头看发现问题反弹，或者再核认为意见成立",
        "new facts, a look-back that found it came back, or a second look that upheld the objection",
    ),
    "archive_desk_ready": Term("档案室有两名成员", "the archive desk has two members"),
    "borrower_free": Term("借阅人在岗、已获准、不回避", "the borrower is active, admitted, not recused"),
    "borrowed_if_archived": Term("已归档的案件须先调卷", "an archived case was lent to whoever acts"),
    "until_within_three_months": Term("归还日期在三个月以内", "to be given back within three months"),
    # At any time.
    "due_within_six_months": Term("期限在六个月以内", "due within six months"),
    "is_pressed": Term("有未回复的督办", "something is pressed and not answered"),
    "reaches_somebody": Term("有带查询码的举报人", "some reporter of the case has a receipt code"),
    "says_something": Term("有内容，或者说明无需答复", "there are words, or that no answer is needed"),
    "few_wishes_wait": Term(
        "等待决定的回避申请少于5件", "fewer than five wishes of this reporter for recusal wait"
    ),
    "withdrawal_once": Term("没有申请过撤回", "withdrawal was not asked for before"),
    # Things of a case.
    "not_listed_yet": Term("尚未列入", "not listed yet"),
    "without_measures": Term("没有措施", "has no measure"),
    "measure_fits": Term(
        "该措施适用于这类对象，且依法可以给予", "the measure is for such a person or unit, and lawful for it"
    ),
    "day_since_decision": Term("日期不早于决定，不晚于当天", "the day lies between the decision and today"),
    "code_asks_for_it": Term("该措施需要这一步", "the measure is one that asks for this"),
    "near_its_end": Term("离最后一天不到两个月", "less than two months before the last day"),
    "not_who_made": Term("不是摘录的人", "not whoever made the excerpt"),
    "not_who_supplied": Term("不是提交材料的人", "not whoever supplied the evidence"),
    # Recusal, and who acts as head.
    "declares_for_oneself": Term("只能申明自己回避，不重复申明", "one declares the own recusal, and once"),
    "decides_recusal": Term(
        "工作人员由主要负责人决定，主要负责人由上级机关决定，密封件由监督小组另一位成员决定；不决定自己的",
        "the head decides for staff, the superior for the head, another oversight member there; nobody for oneself",
    ),
    "not_recused_yet": Term("尚未回避", "not recused already"),
    "decides_letting_in": Term(
        "由主要负责人决定；涉及主要负责人的由分管领导决定",
        "the head decides; where it is the head, the deputy",
    ),
    "free_in_target": Term(
        "本案已并入别的案件的，此人在那件案里不回避",
        "where the case was merged into another, the person is not kept off that one",
    ),
    "fit_to_act_as_head": Term(
        "主要负责人回避本案，有上级文件；代行的人可以查阅本案",
        "the head keeps off the case, the superior's paper says so, and who acts may read the case",
    ),
    "acts_as_head": Term("正在代行", "acts as head now"),
}

#: The effects by which a message goes to reporters.
SENT = frozenset({"message_reporter", "tell_dissatisfied"})
#: What follows beyond the new state, the event, its log entry and the clocks.
EFFECTS: dict[str, Term] = {
    "allot_number": Term("编号", "the case gets its number"),
    "set_classification": Term(
        "写入分类，排除有关人员", "the class is written, and whom it concerns is shut out"
    ),
    "to_oversight_keys": Term(
        "更换密钥，只有监督小组和上级能打开", "new keys, for oversight and the superior alone"
    ),
    "release_keys": Term("更换密钥，交回受理台", "new keys, for the intake desk"),
    "forward_package": Term("生成只有上级能打开的文件", "a package that the superior alone can open"),
    "take_effect_on_day": Term("自所填日期生效", "it takes effect on the day entered"),
    "message_reporter": Term("告知举报人", "the reporter is told"),
    "tell_dissatisfied": Term("告知不满意的举报人", "the reporters who were not satisfied are told"),
    "record_answer": Term("密封保存举报人所写", "what the reporter wrote is kept sealed"),
    "pause": Term("本机关自定期限暂停", "the office's own periods stand still"),
    "shut_out_listed": Term("排除同名的本机关人员", "whoever of the office is so named is shut out"),
    "seal_to_line": Term(
        "分管领导、主要负责人和受理员持有案件", "deputy, head and the intake officer hold the case"
    ),
    "seal_to_line_again": Term("分管领导、主要负责人重新持有案件", "deputy and head hold the case again"),
    "seal_to_intake": Term("受理员或者受理台持有案件", "the intake officer, or the desk, holds the case"),
    "merge_into": Term(
        "举报转入另案，视为受理", "its reports go over to the other case, which counts as acceptance"
    ),
    "part_from": Term("举报从另案转回", "its reports come back from the other case"),
    "keep_off_merged": Term(
        "并入本案的案件同样不能查阅", "what was merged into the case is closed to them too"
    ),
    "let_back_to_merged": Term(
        "并入本案的案件同样恢复查阅", "what was merged into the case is open to them again too"
    ),
    "seal_up_merged": Term("并入本案的案件一并密封", "what was merged into the case goes along"),
    "give_back_merged": Term("并入本案的案件一并交回", "what was merged into the case comes back with it"),
    "split_off": Term("另建新案", "a new case is made"),
    "seal_to_assigned": Term(
        "承办人持有案件，前任不再持有", "the officer holds the case, the former no longer"
    ),
    "reseal_handover": Term(
        "接手人持有案件，移交人不再持有", "the case passes from one to the other, keys included"
    ),
    "seal_to_group": Term("核查、调查人员持有案件", "the group holds the case"),
    "set_finding": Term("写入结论", "the finding is written"),
    "set_substantiated": Term("写入结论：查实", "the finding is written: substantiated"),
    "set_not_established": Term("结论为违法事实不成立", "the finding is that the facts are not established"),
    "go_back_to": Term("退回所选环节", "back to the stage chosen"),
    "decide_measures": Term("拟定的措施成为决定", "the measures drawn up are decided"),
    "end_or_stay": Term(
        "有悔改表现、没有新的违法行为的，到期解除；否则继续执行，另行审核",
        "ends where the person reformed and did nothing new; else it stays in force and is confirmed later",
    ),
    "to_rectifying_or_concluded": Term(
        "有整改事项的转入整改，没有的办结", "to rectification where there are items, else concluded"
    ),
    "end_reports": Term("最终反馈后举报结束", "with final feedback the report ends"),
    "note_what_follows": Term("记下是否应当回头看", "whether a look-back is owed is noted"),
    "seal_to_archive": Term("档案室持有案件，其他人不再持有", "the archive desk holds the case, nobody else"),
    "seal_to_borrower": Term("借阅人持有案件至归还日期", "the borrower holds the case until the day"),
    "end_loan": Term("借阅人不再持有案件", "the borrower no longer holds the case"),
    "mask_text": Term("隐去姓名、号码", "names and numbers are masked"),
    "number_press": Term("给督办编号", "the press gets its number"),
    "seal_to_decider": Term("密封交给有权决定回避的人", "sealed to who decides on recusal"),
    "open_retaliation_case": Term(
        "另建紧急的关联案件，自定期限减半", "a linked, urgent case whose own periods are halved"
    ),
    "keep_in_register": Term(
        "记入登记簿，写到的人看不到，谁也不能删改",
        "kept in the register, unread by whom it names, changed and deleted by nobody",
    ),
    "keep_declarer_off": Term(
        "申明人立即不能查阅，密钥更换，交由有权的人决定",
        "the declarer's access ends at once, keys are renewed, and who decides is told",
    ),
    "pass_request_on": Term("密封交给有权决定回避的人", "sealed to who decides on recusal"),
    "keep_off": Term(
        "立即不能查阅，收回密钥和待批事项，密钥更换",
        "access ends at once with keys and proposals, keys are renewed",
    ),
    "end_suspension": Term(
        "申明回避的人可以再接触本案", "who declared it may have to do with the case again"
    ),
    "end_recusal": Term(
        "回避结束，可以再接触本案", "the recusal ends, the person may have to do with the case again"
    ),
    "let_in": Term(
        "单位和同名不再排除此人，举报人要求排除的除外",
        "unit and name keep the person out no longer, but for a reporter's wish",
    ),
    "enter_acting_head": Term("代行的人持有案件", "who acts as head holds the case"),
    "end_acting_head": Term("代行的人不再因此持有案件", "who acted holds the case for that no longer"),
}
