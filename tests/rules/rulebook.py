"""The rulebook's table of actions, copied by hand: what the rows of the product are held against."""

from whistle.rules.states import STATES
from whistle.rules.steps import BACK

OPEN = {
    "received", "supplementing", "objecting", "oversight", "assessing", "referred", "inquiring", "verifying", "held",
    "investigating", "reviewing", "deciding", "enforcing", "rectifying",
}  # fmt: skip
#: Who may make a masked excerpt.
EXCERPTS = {"intake", "officer", "reviewer", "oversight"}
WORKED_ON = OPEN | {"concluded", "closed"}
ANY = set(STATES)
SEEN_BY_MANY = OPEN - {"oversight", "enforcing", "rectifying"}
ANYBODY = {"intake", "officer", "reviewer", "deputy", "head"}

#: name: (from, to, by, whose leave); several "to" as a tuple.
ACTIONS: dict[str, tuple[set[str], str | tuple[str, ...] | None, set[str], str | None]] = {
    "receive": (set(), "received", {"system", "intake"}, None),
    "receive_flagged": (set(), "oversight", {"system", "intake"}, None),
    # Declined as test or spam, a case has no class; it needs one to be reopened.
    "classify": ({"received", "declined"}, None, {"intake"}, None),
    "reclassify": (OPEN, None, {"officer", "intake"}, "deputy"),
    "to_oversight": (SEEN_BY_MANY, "oversight", ANYBODY, None),
    "release_oversight": ({"oversight"}, "received", {"oversight"}, "oversight"),
    "forward_up": ({"oversight"}, "forwarded", {"oversight"}, None),
    "give_notice": (OPEN, None, {"intake", "officer", "oversight"}, None),
    "request_supplement": (
        {"received", "assessing", "oversight"}, "supplementing", {"intake", "officer", "oversight"}, None,
    ),
    # The reporter's own answer is what the system notes.
    "supplement": ({"supplementing"}, BACK, {"system", "intake", "reporter"}, None),
    "lapse_supplement": ({"supplementing"}, BACK, {"system"}, None),
    "accept": ({"received"}, "assessing", {"intake"}, None),
    "decline": ({"received"}, "declined", {"intake"}, "deputy"),
    "redirect": ({"received", "assessing"}, "redirected", {"intake", "officer"}, "deputy"),
    "returned": ({"redirected"}, "received", {"intake"}, None),
    "object_transfer": ({"received"}, "objecting", {"intake"}, "deputy"),
    "objection_agreed": ({"objecting"}, "redirected", {"intake"}, None),
    "objection_refused": ({"objecting"}, "received", {"intake"}, None),
    "refer": ({"assessing"}, "referred", {"officer"}, "deputy"),
    "receive_referral": ({"referred"}, "assessing", {"officer"}, None),
    "recall_referral": ({"referred"}, "assessing", {"officer"}, "deputy"),
    "merge": ({"received", "assessing"}, "merged", {"intake", "officer", "deputy"}, None),
    # Whoever may merge: what was merged before its acceptance never had an officer.
    "unmerge": ({"merged"}, "received", {"officer", "intake", "deputy"}, "deputy"),
    "split": ({"assessing", "verifying", "investigating"}, None, {"officer"}, "deputy"),
    "assign": (WORKED_ON, None, {"deputy", "head"}, None),
    "hand_over": (WORKED_ON, None, {"deputy", "head"}, None),
    "study": ({"assessing"}, None, {"officer"}, "deputy"),
    "start_inquiry": ({"assessing"}, "inquiring", {"officer"}, "head"),
    "deliver_letter": ({"inquiring"}, None, {"officer"}, None),
    "inquiry_reply": ({"inquiring"}, None, {"officer"}, None),
    "start_verification": ({"assessing", "inquiring", "held"}, "verifying", {"officer"}, "head"),
    "hold": ({"assessing", "verifying"}, "held", {"officer"}, "head"),
    "hold_again": ({"held"}, None, {"officer"}, "head"),
    "resume_held": ({"held"}, "assessing", {"officer"}, "deputy"),
    "conclude_unfounded": ({"assessing", "inquiring", "verifying", "held"}, "concluded", {"officer"}, "head"),
    "resolve": ({"assessing", "verifying"}, "concluded", {"officer"}, "deputy"),
    "answer": (OPEN, None, {"intake", "officer"}, None),
    "propose_disposal": ({"inquiring", "verifying", "assessing"}, "deciding", {"officer"}, "head"),
    "file_case": ({"verifying"}, "investigating", {"officer"}, "head"),
    "extend": (WORKED_ON, None, {"officer"}, "clock"),
    "suspend_duty": ({"investigating"}, None, {"officer"}, "head"),
    "to_review": ({"investigating"}, "reviewing", {"officer"}, "deputy"),
    "return_investigation": ({"reviewing"}, "investigating", {"reviewer"}, "deputy"),
    "hear_subject": ({"investigating", "reviewing", "deciding"}, None, {"officer", "reviewer"}, None),
    "to_decision": ({"reviewing"}, "deciding", {"reviewer"}, "head"),
    "send_back": ({"deciding"}, ("reviewing", "verifying", "assessing"), {"deputy", "head"}, None),
    # Whose leave it needs is asked of each measure.
    "decide": ({"deciding"}, "enforcing", {"deputy", "head"}, None),
    "withdraw_case": (
        {"investigating", "reviewing", "deciding"}, "concluded", {"officer", "reviewer"}, "collective",
    ),
    "hand_to_competent": ({"deciding"}, "enforcing", {"head"}, "collective"),
    "transfer_justice": ({"deciding"}, "enforcing", {"head"}, "collective"),
    "enforce_done": ({"enforcing"}, ("rectifying", "concluded"), {"officer"}, None),
    "rectified": ({"rectifying"}, "concluded", {"officer"}, "deputy"),
    "feed_back": ({"enforcing", "rectifying", "concluded"}, None, {"officer", "intake"}, "deputy"),
    "rate": ({"concluded", "closed"}, None, {"reporter"}, None),
    "second_look": ({"concluded", "closed"}, None, {"officer"}, "deputy"),
    "close": ({"concluded"}, "closed", {"officer"}, "deputy"),
    "look_back": ({"closed"}, None, {"officer"}, None),
    "reopen": (
        {"declined", "redirected", "concluded", "closed", "archived"}, "assessing", {"officer", "intake"}, "head",
    ),
    "archive": ({"closed"}, "archived", {"officer"}, None),
    "lend": ({"archived"}, None, {"archive"}, "archive"),
    "give_back": ({"archived"}, None, {"borrower", "system"}, None),
    "press": (OPEN, None, {"deputy", "head"}, None),
    "press_answered": (OPEN, None, {"officer"}, None),
    "write": (ANY - {"archived"}, None, {"reporter", "intake", "officer", "oversight"}, None),
    "request_withdrawal": (OPEN, None, {"reporter"}, None),
    "request_recusal": (OPEN, None, {"reporter"}, None),
    "request_protection": (ANY, None, {"reporter", "intake", "officer"}, "head"),
    "report_retaliation": (ANY, None, {"system", "intake", "officer"}, None),
    "record_interference": (ANY, None, {*ANYBODY, "oversight"}, None),
    "clarify": (
        {"verifying", "investigating", "reviewing", "concluded", "closed"}, None, {"officer"}, "head",
    ),
    "find_malicious": ({"concluded", "closed"}, None, {"officer"}, "collective"),
    # The other side of a merge, written by the merge itself.
    "join": (OPEN, None, {"system"}, None),
    "part": (ANY - {"merged", "archived"}, None, {"system"}, None),
    # Recusal (§11), and who acts as head (§2). What somebody decides who cannot open the case, the system records.
    "declare_recusal": (ANY, None, {*ANYBODY, "oversight", "system"}, None),
    "note_recusal_request": (ANY, None, {*ANYBODY, "oversight"}, None),
    "recuse": (ANY, None, {"deputy", "head", "oversight", "system"}, None),
    "refuse_recusal": (ANY, None, {"deputy", "head", "oversight", "system"}, None),
    "lift_recusal": (ANY, None, {"deputy", "head", "oversight"}, None),
    "let_in": (ANY, None, {"deputy", "head", "oversight"}, None),
    "enter_acting_head": (ANY, None, {"deputy", "system"}, None),
    "end_acting_head": (ANY, None, {"deputy", "system"}, None),
}  # fmt: skip

#: name: (from, to, by, whose leave), in states of the thing.
THING_ACTIONS: dict[str, tuple[set[str], str | None, set[str], str | None]] = {
    "subject.add": (set(), "listed", {"officer", "reviewer"}, None),
    "subject.correct": ({"listed"}, None, {"officer", "reviewer"}, None),
    "subject.remove": ({"listed"}, "removed", {"officer", "reviewer"}, None),
    "measure.propose": (set(), "proposed", {"officer", "reviewer"}, None),
    "measure.drop": ({"proposed"}, "dropped", {"officer", "reviewer"}, None),
    "measure.deliver": ({"decided"}, "delivered", {"officer"}, None),
    "measure.statement_received": ({"delivered"}, None, {"officer"}, None),
    "measure.pay_changed": ({"decided", "delivered"}, None, {"officer"}, None),
    "measure.follow_up": ({"delivered"}, None, {"officer"}, None),
    "measure.confirm_end": ({"delivered"}, ("ended", "delivered"), {"officer"}, "deputy"),
    "talk.schedule": (set(), "planned", {"officer"}, None),
    "talk.hold": ({"planned"}, "held", {"officer"}, None),
    "talk.record": ({"held"}, None, {"officer"}, None),
    "promise.make": (set(), "given", {"officer"}, None),
    "promise.keep": ({"given"}, "kept", {"officer"}, None),
    "item.make": (set(), "open", {"officer"}, None),
    "item.submit": ({"open", "returned"}, "submitted", {"officer"}, None),
    "item.return": ({"submitted"}, "returned", {"officer"}, None),
    "item.postpone": ({"open", "returned"}, None, {"officer"}, "deputy"),
    "item.strike_off": ({"submitted"}, "struck_off", {"officer"}, None),
    # The office's own: what may be shown on to others is masked, and a second person confirms it.
    "excerpt.make": (set(), "drafted", EXCERPTS, None),
    "excerpt.correct": ({"drafted", "returned"}, "drafted", EXCERPTS, None),
    "excerpt.return": ({"drafted"}, "returned", {*EXCERPTS, "deputy", "head"}, None),
    "excerpt.confirm": ({"drafted"}, "confirmed", {*EXCERPTS, "deputy", "head"}, None),
    "excerpt.withdraw": (
        {"drafted", "returned", "confirmed"},
        "withdrawn",
        {*EXCERPTS, "deputy", "head"},
        None,
    ),
}
#: Sources as the rulebook gives them, for the actions that rest on a text.
SOURCES = {
    "receive": "JJ; XF 19, 23; JCF 38", "receive_flagged": "JJ 15", "classify": "JJ", "to_oversight": "JJ 15",
    "forward_up": "JJ 15", "give_notice": "JJ", "accept": "JJ; XF 23", "decline": "JJ; JCF 38",
    "redirect": "JCF 38; XF 23, 30, 46; HN 78", "returned": "XF 23", "object_transfer": "XF 23",
    "objection_agreed": "XF 23", "objection_refused": "XF 23", "refer": "JJ", "receive_referral": "JJ",
    "split": "JCF 45", "study": "JJ 17", "start_inquiry": "ZJ; JCF 19", "deliver_letter": "ZJ",
    "inquiry_reply": "ZJ; JCF 19", "start_verification": "ZJ; JCF 41, 43", "hold": "ZJ; JCF 41", "hold_again": "ZJ",
    "resume_held": "ZJ", "conclude_unfounded": "JCF 41; HN 81", "resolve": "HN 47, 78; XF 29, 31–35",
    "answer": "HN 47", "propose_disposal": "JCF 41, 52(1); ZWCF 12", "file_case": "JCF 42; ZWCF 42; ZJ",
    "suspend_duty": "ZWCF 52; GQCF 34", "to_review": "JCF 51", "return_investigation": "ZJ", "hear_subject": "ZWCF 43",
    "to_decision": "JCF 51", "decide": "ZWCF 4, 14, 44, 45; JCF 51, 52", "withdraw_case": "ZWCF 44; JCF 52",
    "hand_to_competent": "ZWCF 51", "transfer_justice": "JCF 52(4), 53", "enforce_done": "ZWCF 46, 54",
    "feed_back": "JJ", "rate": "XF 21", "reopen": "JJ", "write": "JJ", "request_recusal": "JCF 67",
    "request_protection": "JJ", "report_retaliation": "ZWCF 32, 62; XF 18; JCF 73", "record_interference": "JCF 66",
    "clarify": "ZWCF 53; GQCF 35", "find_malicious": "JJ", "measure.propose": "ZWCF 7, 8, 12; JCF 52",
    "measure.deliver": "ZWCF 46; GQCF 27", "measure.pay_changed": "ZWCF 54; GQCF 36", "measure.follow_up": "JM",
    "measure.confirm_end": "ZWCF 26", "declare_recusal": "ZWCF 47; JCF 67; XF 28",
    "note_recusal_request": "ZWCF 47; JCF 67", "recuse": "ZWCF 47, 48; JCF 67; XF 28", "refuse_recusal": "ZWCF 48",
    "lift_recusal": "ZWCF 48",
    **dict.fromkeys(("excerpt.make", "excerpt.correct", "excerpt.return", "excerpt.confirm", "excerpt.withdraw"), "JJ"),
}  # fmt: skip
#: What must hold beyond state, role and inputs, by the names of the conditions.
CONDITIONS = {
    "classify": "unclassified",
    "reclassify": "classified something_new kind_fits_stage",
    "give_notice": "real_name accepted day_since_acceptance way_reaches_all",
    "request_supplement": "reaches_somebody supplement_once",
    "accept": "classified",
    "decline": "classified reason_fits_kind",
    "redirect": "classified subject_unit_guard",
    "object_transfer": "from_superior",
    "refer": "subject_unit_guard due_within_three_months",
    "merge": "target_fits",
    "unmerge": "target_can_part",
    "split": "new_subject_is_a_lead",
    "assign": "assignee_free reviewer_is_another",
    "hand_over": "assignee_free reviewer_is_another",
    "study": "study_recorded",
    "deliver_letter": "day_in_this_stage",
    "inquiry_reply": "day_in_this_stage day_since_delivery",
    "start_verification": "group_fits",
    "hold": "review_within_six_months",
    "hold_again": "review_within_six_months",
    "conclude_unfounded": "finding_fits",
    "resolve": "opinion_of_a_petition result_fits_kind",
    "propose_disposal": "result_of_referral light_measures",
    "file_case": "group_fits",
    "extend": "something_to_extend extension_fits",
    "return_investigation": "returned_twice_at_most",
    "to_decision": "measures_or_why_not",
    "send_back": "was_there_before",
    "decide": "decision_fits measures_still_fit measures_may_be_decided",
    "withdraw_case": "was_filed",
    "hand_to_competent": "was_filed",
    "transfer_justice": "was_filed",
    "enforce_done": "measures_delivered items_or_why_not",
    "rectified": "items_struck_off",
    "feed_back": "final_when_concluded day_in_this_stage way_reaches_all",
    "rate": "final_feedback_given rated_once",
    "second_look": "somebody_not_satisfied not_the_first_officer",
    "close": "all_told rated_or_waited looked_at_again taken_up_again items_struck_off",
    "look_back": "not_who_struck_off",
    "answer": "reaches_somebody",
    "reopen": "ground_holds borrowed_if_archived",
    "archive": "looked_back taken_up_again archive_desk_ready",
    "lend": "borrower_free until_within_three_months",
    "press_answered": "is_pressed",
    "write": "reaches_somebody says_something",
    "request_withdrawal": "withdrawal_once",
    "request_recusal": "few_wishes_wait",
    "subject.add": "not_listed_yet",
    "subject.correct": "not_listed_yet",
    "subject.remove": "without_measures",
    "measure.propose": "measure_fits",
    "measure.deliver": "day_since_decision borrowed_if_archived",
    "measure.statement_received": "code_asks_for_it day_since_decision borrowed_if_archived",
    "measure.pay_changed": "code_asks_for_it borrowed_if_archived",
    "measure.follow_up": "code_asks_for_it borrowed_if_archived",
    "measure.confirm_end": "code_asks_for_it near_its_end borrowed_if_archived",
    "promise.keep": "borrowed_if_archived",
    "item.make": "due_within_six_months",
    "item.postpone": "due_within_six_months",
    "item.strike_off": "not_who_supplied",
    "declare_recusal": "declares_for_oneself",
    "recuse": "decides_recusal not_recused_yet",
    "refuse_recusal": "decides_recusal free_in_target",
    "lift_recusal": "decides_recusal free_in_target",
    "let_in": "decides_letting_in free_in_target",
    "enter_acting_head": "fit_to_act_as_head",
    "end_acting_head": "acts_as_head",
    "excerpt.return": "not_who_made",
    "excerpt.confirm": "not_who_made",
}
#: The actions' names in Chinese, in the table's order.
NAMES = """
    接收登记 接收（涉本机关） 分类登记 改变分类 转密封处理 退回一般处理 密封上报 告知受理 一次性告知补正 收到补正
    逾期未补正 受理 不予受理 转办 被退回 对上级转交提出异议 异议获准 异议未获准 交办 收到办理结果 收回交办 并案
    撤销并案 拆分 指派 移交承办 集体研究 谈话函询 函询送达 收到说明 初步核实 暂存待查 继续暂存 重启 予以了结
    解决并答复 首次答复 提出处置意见（不立案） 立案 延长期限 建议暂停履行职务 移送审理 退回补充调查 听取陈述申辩
    提请审议 退回 作出决定 撤销案件 交有管理权限机关 移送检察机关 执行完毕 整改完成 反馈 评价 再核 销号 回头看
    重新启动 归档 调卷 还卷 督办 督办回复 往来 申请撤回 申请回避 请求保护 报复线索 打听过问登记 澄清正名 认定诬告
    并入举报 撤销并入 自行回避 登记回避申请 决定回避 不同意回避 解除回避 准许查阅 登记代行主要负责人职责
    结束代行主要负责人职责
"""
