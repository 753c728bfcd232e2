"""The words for what services refuse: by reason code, as whole sentences that say what to do."""

import datetime as dt
import logging
from typing import Any

from flask_babel import lazy_gettext as _l

from whistle.services.errors import Conflict, Invalid
from whistle.web.filters import day_text

log = logging.getLogger("whistle.web")

#: `Invalid.reason`, or `field.reason` where a field needs its own sentence.
INVALID: dict[str, Any] = {
    "other": _l("请核对这一项"),
    "empty": _l("请填写这一项"),
    "unknown": _l("没有这一项，请从列出的里面选"),
    "taken": _l("已经有了，请换一个"),
    "too_many": _l("最多%(limit)s项，请合并或删去一些"),
    "not_a_day": _l("请按这样的格式填写日期：2026年11月23日"),
    "unprintable": _l("这里有看不见的字符，请删去后重新输入"),
    "out_of_range": _l("这个数不在允许的范围里，请换一个"),
    "too_long": _l("写得太长了，请精简后再提交"),
    "mistyped": _l("抄得不全或有一处抄错了，请对照原文再输一次"),
    "contains_code": _l("这里有一个查询码。为了举报人的安全，请把那24位数字删去再提交"),
    "holds_receipt_code": _l("这里有一个查询码。为了举报人的安全，请把那24位数字删去再提交"),
    # Receipt codes, one-time codes, short codes
    "code.mistyped": _l("查询码是24位数字，这里抄得不全或有一位抄错了，请对照原来的记录再输一次"),
    "code.too_many": _l("查询码是24位数字，这里有%(digits)s位数字，看不出哪些是查询码。请只留下查询码"),
    "code.unknown": _l("没有这个查询码。请对照原来的记录再输一次"),
    "code.wrong": _l("验证码不对，或者已经用过。请等下一个验证码，再输一次"),
    "code.differs": _l(
        "和系统里的短码不一样。请当面再核对一遍；如果对方读出的仍然不同，不要准入，并告诉主要负责人"
    ),
    "code.pattern": _l("代码只用小写字母、数字和连字符，例如qs-zhujian"),
    "code.taken": _l("这个代码已经有了，请换一个"),
    # Accounts
    "password.wrong": _l("用户名或密码不对"),
    "old.wrong": _l("原来的密码不对"),
    "password.too_short": _l("密码至少要%(least)s个字符"),
    "password.too_long": _l("密码最多%(most)s个字符"),
    "password.too_weak": _l("这个密码太容易猜到。请写几个不相干的词，或再长一些"),
    "password.same": _l("新密码和现在的密码一样，请换一个"),
    "user_name.taken": _l("这个用户名已经有人用了，请换一个"),
    "user_name.pattern": _l("用户名只用小写字母、数字、点和连字符，以字母开头"),
    "is_outside.only_oversight": _l("只有监督小组成员可以来自机关以外"),
    # Recovery sheet and keys
    "groups.mistyped": _l("有一组和恢复单上的不一样，请对照恢复单再输一次"),
    "sheet.mistyped": _l("恢复单抄得不全或有一处抄错了，请对照再输一次"),
    "sheet.not_ours": _l("这张恢复单不是现在有效的那一张，请找到最近一次打印的"),
    "sheet.wrong": _l("这张恢复单打不开这些事项，请找到最近一次打印的"),
    "sheet.not_sealed": _l("这个账号没有用恢复单备份过，只能重新邀请并重新准入"),
    "key.no_key": _l("这不是上级机关的公钥。请把收到的那段文字完整地贴进来"),
    "no_key": _l("这不是一把公钥。请把收到的那段文字完整地贴进来"),
    "file.other_key": _l("这个文件不是用这把密钥封的"),
    "file.no_package": _l("这不是密封文件，请重新索取"),
    "file.left_out": _l("附件没有到齐，请把缺的再要一份"),
    "file.other_version": _l("这个密封文件是另一个版本生成的，请用那个版本打开"),
    # Desks, units, channels
    "deputy_id.not_a_deputy": _l("请选一位分管领导"),
    "desk_id.role_does_not_fit": _l("这个角色不能坐在这个受理台"),
    "person_id.cannot_hold": _l("这个人现在不能保管身份信息，请选一位在任的办案人员"),
    "parent_code.circle": _l("上级单位不能是它自己或它的下级"),
    "valid_on.too_early": _l("这个单位最近一次变更从%(day)s起，不能再早。请填那一天或者以后的日期"),
    "valid_to.before_start": _l("截止日期不能早于开始日期"),
    "valid_to.over": _l("这一天已经过去，渠道一开通就过期。请填写今天或者以后的日期"),
    "no_phone": _l("请填写电话号码，例如12388或者010-12345678"),
    "no_email": _l("请填写完整的电子邮箱，例如jubao@example.gov.cn"),
    "not_for_numbers": _l("字头只能有文字、数字和连字符，因为编号要写进网址"),
    "languages.unknown": _l("请至少选一种语言"),
    # Casework
    "day.not_since_acceptance": _l("请填%(first)s到%(last)s之间的一天：从受理那天起，到今天为止"),
    "day.not_since_receipt": _l("请填%(first)s到%(last)s之间的一天：从收到举报那天起，到今天为止"),
    "receiver.another_unit": _l("这里写的和在单位目录中选的不是同一个单位，请核对后改成一致"),
    "category.nothing_new": _l("分类和现在登记的完全一样，没有什么要批准。请先改动要改的一项"),
    "reason.not_for_this_kind": _l("这个理由不适用于这类事项，请换一个理由，或先改变分类"),
    "person.not_active": _l("这个人的账号没有启用，请选别人"),
    "way.nobody_gave_a_name": _l("没有举报人留下姓名和联系方式，只能选“本系统留言”"),
    "way.not_on_page": _l(
        "有举报人没有查询码，看不到本系统的留言。请选电话、信函或者当面，或者只选有查询码的那位"
    ),
    "person.not_of_casework": _l("案卷只借给受理、承办、审理的人和领导，请选别人"),
    "person.not_an_officer": _l("请选一位承办人或审理员"),
    "person.shut_out": _l("这个人必须回避，请选别人"),
    "person.other_line": _l("这个人在另一位分管领导的受理台，请选本条线的人"),
    "person.not_admitted": _l("这个人还没有准入，请先准入，或选别人"),
    "other.itself": _l("不能把一件案和它自己标为相关"),
    "person.never_works_cases": _l("这个人不办案，不用回避"),
    "person.not_oneself": _l("只能申明自己回避"),
    "person.cannot_act": _l("这个角色不能代行主要负责人职责，请选别人"),
    "person.holds_them_already": _l("这个人能打开这些事项，不用再交给本人。请选接手的人"),
    "person.oneself": _l("不能登记自己代行。请由另一位分管领导或者监督小组登记，或者选别人"),
    "people.empty": _l("请勾选应当回避的人"),
    "paper.no_number": _l("请只填编号，例如清纪〔2026〕3号"),
    "paper_on.ahead": _l("上级文件的日期不能晚于今天"),
    "paper_on.too_early": _l("请核对日期：上级文件不会早于%(year)s年"),
    "asked_on.ahead": _l("日期不能晚于今天"),
    "from_person.no_cases": _l("这个人名下没有可以移交的事项"),
    "person.reviews_it": _l("这个人在审理这件案，不能再承办。请选别人"),
    "person.works_on_it_already": _l(
        "这个人已经在办这件案，原来的人退出后，核查或者调查就不到两个人了。请选别人"
    ),
    "person.worked_on_it": _l("这个人办过这件案，不能再审理。请选别人"),
    "person.not_for_this_seat": _l("审理员不能承办案件，请选一位承办人"),
    "person.may_not_decide": _l("这个人不能批准这一步，或者不能看这件案。请选别人"),
    "reviews.only_for_officers": _l("审理员本来就是审理，不用勾选这一项"),
    "not_yet": _l("请填今天或者以前的日期"),
    "not_ahead": _l("请填明天或者以后的日期"),
    "before_receipt": _l("请填%(first)s或者以后的日期：举报是那天收到的"),
    "day.before_stage": _l("请填%(first)s或者以后的日期：这一阶段从那天开始"),
    "before_filing": _l("请填%(first)s或者以后的日期：案件是那天立案的"),
    "day.before_delivery": _l("请填%(first)s或者以后的日期：函询是那天送达的"),
    "day.before_decision": _l("请填%(first)s或者以后的日期：决定是那天作出的"),
    "too_late": _l("最迟到%(last)s，请填这一天或者更早的日期"),
    "not_a_number": _l("请填1或者更大的整数，例如15"),
    "count.too_many": _l("最多延长%(limit)s，请填小一点的数"),
    "studied_on.day_or_names": _l("请填会议日期，或者在下面写明两名以上参加研究的人"),
    "signed.empty": _l("函询的说明要由所在单位党组织主要负责人签署，请核对后勾选"),
    "four_conditions.empty": _l("结论是容错免责的，要确认四项条件都符合；不符合的，请改选别的结论"),
    "opinion.empty": _l("求决事项要有书面处理意见，请写明诉求、事实、依据和救济途径"),
    "back_to.filed": _l("已经立案的，只能退回审理"),
    "back_to.never_there": _l("这件案没有经过那个阶段，请选它经过的阶段"),
    "back_to.not_filed": _l("没有立案的，不能退回审理，请选别的阶段"),
    "document_complete.empty": _l("给予政务处分的，要确认决定书载明了法定事项"),
    "meeting_on.empty": _l("这一步由集体讨论决定，请填会议日期"),
    "meeting_number.empty": _l("这一步由集体讨论决定，请填会议文号"),
    "meeting_result.empty": _l("这一步由集体讨论决定，请写明会议结果"),
    "no_measure.empty": _l("没有拟定措施，请写明为什么；要处理的，先在“措施”页拟定"),
    "half_told": _l("会议日期、文号和结果要么都填，要么都不填"),
    "none_needed.empty": _l("没有列问题清单，请写明为什么不需要整改"),
    "ground.no_look_back": _l("回头看还没有发现反弹，请改选别的依据，或者先做回头看"),
    "ground.no_second_look": _l("再核还没有认为意见成立，请改选别的依据，或者先做再核"),
    "clock.not_running": _l("这个期限已经不在计算，请重新选"),
    "clock.not_extendable": _l("这个期限不能延长，请另选"),
    "clock.extended_already": _l("这个期限已经延长过一次，不能再延长"),
    "clock.over_already": _l("这个期限已经过了，不能事后延长；请尽快办理，写明超期的原因"),
    "paper.empty": _l("这个期限要由上级批准延长，请填批准文号"),
    "message.empty": _l("请写明要告诉举报人的话"),
    "message.untold": _l("延长这个期限，要把理由告诉举报人，请写明"),
    "target.unknown": _l("没有找到你能打开的这个编号，请核对后再填"),
    "target.itself": _l("不能并入自己，请填另一件案的编号"),
    "target.not_open": _l("那件案已经结束，或者密封办理，不能并入"),
    "target.not_of_this_desk": _l("受理以前，只能并入本受理台还没有受理的案件"),
    "target.petition_of_its_own": _l("求决事项的六十日期限只在求决案件里计算，不能并入别的事项类型"),
    "kind.not_in_this_stage": _l("这个阶段只能办理检举控告或者营商投诉，请改选事项类型，或者先把案件退回"),
    "new_kind.new_subject_is_a_lead": _l("有新的被举报人的，新案件是检举控告"),
    "stage.not_concluded": _l("案件还没有办结，只能作阶段反馈"),
    "group.too_few": _l("至少选两个人"),
    "group.other_line": _l("%(name)s在另一位分管领导的受理台，请选本条线的人"),
    "group.not_an_officer": _l("%(name)s不是在任的承办人，请选别人"),
    "group.reviews_it": _l("%(name)s在审理这件案，请选别人"),
    "group.shut_out": _l("%(name)s必须回避，请选别人"),
    "group.not_admitted": _l("%(name)s还没有准入，请先准入，或选别人"),
    "name.listed_already": _l("这个人已经列为处理对象，不用再列一次"),
    "subject_person.person_or_unit": _l("请选一个人，或者选一个单位，只选其中一项"),
    "code.only_for_persons": _l("这项措施只能对人，请在下面选处理对象"),
    "code.only_for_units": _l("这项措施只能对单位，请改选单位"),
    "code.only_for_members": _l("党纪处分只能对中共党员"),
    "code.not_for_this_person": _l(
        "依法不能对这类人员采取这项措施（公职人员政务处分法第二十二条、第二十三条），请另选"
    ),
}

#: `Conflict.why`: the heading and the sentence of its page.
CONFLICT: dict[str, tuple[Any, Any]] = {
    "changed": (
        _l("这件事刚才有人改动过"),
        _l("刚才提交的内容没有生效，也没有覆盖别人的改动。请重新打开这个页面，看过最新情况再决定"),
    ),
    "sent_already": (_l("这一份已经提交过了"), _l("同一份内容只收一次，没有重复登记。前一次提交已经生效")),
    "too_many_files": (
        _l("这件举报的文件已经够多了"),
        _l("一件举报前后最多%(most)s个文件。请删去这次加的文件，文字照样可以补充"),
    ),
    "too_many_letters": (
        _l("今天写的已经很多，请明天再写"),
        _l(
            "一天最多写%(most)s次，这一次没有送出。请先把下面的内容留好，明天再提交；急事请打举报电话，有危险请马上拨打110"
        ),
    ),
    "letters_full": (
        _l("这件举报写的已经很多，不能再补充了"),
        _l(
            "一件举报前后最多写%(most)s次，这一次没有送出。办理机关问您的，照样可以回答；有新的情况请打举报电话，或者另外举报一次；有危险请马上拨打110"
        ),
    ),
    # Casework
    "state": (_l("现在不能做这一步"), _l("这件事已经走到别的阶段。请打开这件事，看现在可以做什么")),
    "done_already": (
        _l("这一步已经做过了"),
        _l("该告知的都告知了，不用再做。请打开这件事，看现在可以做什么"),
    ),
    "not_for_this_kind": (
        _l("这类事项没有这一步"),
        _l("确实要做的，先改变事项类型，或者把有关的事实拆分成另一件案"),
    ),
    "waiting_for_approval": (
        _l("这件事正在等审批"),
        _l("审批以前不能再提交别的意见。请等结果，或请审批人退回；是你报批的，也可以在案件页上收回"),
    ),
    "decided_already": (_l("这一项已经有人决定了"), _l("先作出的决定有效，后来的不起作用")),
    "classified_already": (_l("已经分类登记了"), _l("要改变分类，请用“改变分类”这一步，写明理由")),
    "not_classified": (_l("还没有分类登记"), _l("请先分类登记、编号，再做这一步")),
    "not_accepted": (_l("还没有受理"), _l("受理以后才能告知受理。请先决定是否受理")),
    "ask_for_facts_first": (_l("要先请举报人补充材料"), _l("这个理由只能在请举报人补充材料以后使用")),
    "supplement_asked_already": (_l("已经请举报人补充过一次"), _l("每件事只能请举报人补充一次材料")),
    "withdrawal_asked_already": (
        _l("您已经申请撤回，等待答复"),
        _l("不用再申请。还有要说的，请在查询页面用“补充情况”写"),
    ),
    "receiver_is_subject": (
        _l("不能转给被反映的单位和人"),
        _l(
            "接收机关就是被反映的单位、举报人不让看的单位，或者举报人说不清单位时二维码所在的单位，它们的下级、曾用名和简称也算；"
            "写着被举报人姓名的也一样。请转给别的单位"
        ),
    ),
    "nobody_gave_a_name": (
        _l("没有实名的举报人"),
        _l("匿名举报不用书面告知受理情况，举报人用查询码看得到进度"),
    ),
    "no_approver": (
        _l("没有人可以审批这一步"),
        _l("能审批的人都要回避或还没有准入。分管领导和主要负责人都回避的，请监督小组凭上级文件登记由谁代行"),
    ),
    "no_decider": (
        _l("没有人可以决定回避"),
        _l("能决定的人都要回避或还没有准入。分管领导和主要负责人都回避的，请监督小组凭上级文件登记由谁代行"),
    ),
    "too_many_wishes": (
        _l("已经有%(most)s件申请等待决定，请等结果"),
        _l("有了结果，会写在查询页面，那时可以再申请"),
    ),
    "own_recusal": (
        _l("不能决定自己的回避"),
        _l("自己应当回避的，请用“自行回避”；是不是回避由别人决定"),
    ),
    "another_decides": (
        _l("这个人的回避由别人决定"),
        _l(
            "工作人员的回避由主要负责人决定；主要负责人的回避由上级机关决定，由分管领导记录；密封处理的案件由监督小组另一位成员决定"
        ),
    ),
    "recused_already": (_l("这个人已经回避"), _l("不用再做一次。要恢复查阅，请先解除回避")),
    "not_recused": (_l("这个人没有在回避"), _l("请重新打开这个页面，看现在谁在回避")),
    "nothing_to_refuse": (_l("没有等待决定的回避"), _l("请重新打开这个页面，看现在谁在回避")),
    "not_shut_out": (_l("这个人没有被挡在案件之外"), _l("请重新打开这个页面，看现在谁打不开")),
    "kept_out_by_reporter": (
        _l("举报人不让这个人看"),
        _l("举报人写明不让看的人和单位，谁也不能放进来，所以没有执行"),
    ),
    "kept_out_of_target": (
        _l("这个人在并入的那件案里回避"),
        _l("本案已经并入别的案件。请在那件案里决定，两件案同时恢复"),
    ),
    "head_is_there": (
        _l("主要负责人没有回避这件案"),
        _l("主要负责人回避一件案，才能登记在这件案里代行。主要负责人离岗的，请填起止日期，不填案件编号"),
    ),
    "acts_already": (_l("这个人已经在代行"), _l("不用再登记")),
    "acts_no_more": (_l("这一次代行已经结束"), _l("请重新打开这个页面，看现在由谁代行")),
    "nobody_reads_this": (
        _l("能看这份登记的人都被写到了"),
        _l(
            "登记只给主要负责人和监督小组看，又不给写到的人看，现在一个人也不剩，所以没有保存。请直接向上级机关报告"
        ),
    ),
    "names_all_oversight": (
        _l("监督小组的人都被写到了"),
        _l(
            "不管是哪件案，写到监督小组全体的，登记时请不要填是哪件案，登记以后由主要负责人看。主要负责人也被写到的，请直接向上级机关报告"
        ),
    ),
    "no_reader": (
        _l("没有人可以读这件事"),
        _l("这样做以后没有人能打开它，所以没有执行。请先准入合适的人"),
    ),
    "nobody_may_read": (
        _l("这里没有人可以看这份材料"),
        _l(
            "能看的人都是您写明姓名的人，或者来自不能看的单位，所以没有提交，谁也没有看到。"
            "请直接向上级纪检监察机关反映，也可以拨打12388。填过的内容还在，返回上一页可以修改"
        ),
    ),
    "cannot_be_granted": (_l("不能把这件事交给这个人"), _l("这个人必须回避，或者还没有准入。请选别人")),
    "not_with_this_officer": (_l("这件事已经不在原来的承办人手里"), _l("请重新打开这个页面，看现在由谁承办")),
    "no_oversight_desk": (
        _l("监督小组还没有就绪"),
        _l("监督小组要有两名已准入的成员和自己的密钥，才能接收事项"),
    ),
    "not_handed_down": (
        _l("这不是上级转来的事项"),
        _l("只有上级机关转交的事项才能提出异议。不归本机关办的，请用“转办”"),
    ),
    "no_result_of_referral": (
        _l("还没有办理结果"),
        _l("从研判直接提出处置意见，要先有交办的办理结果。否则请先谈话函询或者初步核实"),
    ),
    "not_filed": (_l("这件案没有立案"), _l("只有立案的案件才能做这一步")),
    "returned_twice": (_l("已经退回过两次"), _l("补充调查最多退回两次。请根据现有材料提出审理意见")),
    "asked_by_talk": (_l("这次是谈话，没有函要送达"), _l("谈话以后，用“收到说明”登记谈话的情况")),
    "not_unfounded": (
        _l("这件案的结论不支持认定诬告"),
        _l("要先查明反映的事不存在：结论是查无实据、已澄清或者违法事实不成立。查错了、说错了，不是诬告"),
    ),
    "group_too_small": (
        _l("核实、调查的人不到两个"),
        _l("有人回避或者离开了。请分管领导用“移交承办”，把这个人的位置交给另一位承办人"),
    ),
    "no_measures": (_l("还没有拟定措施"), _l("请先在“措施”页拟定对谁采取什么措施，再做这一步")),
    "measures_drawn_up": (
        _l("已经拟定了措施"),
        _l("决定不予处分的，请先在“措施”页把拟定的措施去掉"),
    ),
    "no_exemption": (
        _l("还没有拟定免予政务处分"),
        _l("决定免予处分的，请先在“措施”页拟定“免予政务处分”，可以和谈话、责令检查、诫勉一起拟定"),
    ),
    "exempt_and_sanction": (_l("免予处分和政务处分不能并用"), _l("请先在“措施”页去掉其中一项")),
    "needs_filing": (
        _l("这些措施要先立案"),
        _l("不立案只能谈话、组织处理和对单位处理。要给予处分，请先立案调查、审理"),
    ),
    "head_decides": (
        _l("这要由主要负责人决定"),
        _l("拟定的措施里有要由主要负责人或者集体讨论决定的，或者没有拟定措施"),
    ),
    "own_measures": (_l("不能决定自己拟定的措施"), _l("请由另一位有权的领导决定")),
    "not_heard": (
        _l("还没有听取陈述申辩"),
        _l("作出政务处分前要听取被调查人的陈述和申辩，并记录下来"),
    ),
    "not_delivered": (_l("还有措施没有送达"), _l("请先在“措施”页逐项登记送达宣布")),
    "items_open": (_l("还有问题没有销号"), _l("请先在“整改”页逐项核查销号")),
    "no_final_feedback": (_l("还没有最终反馈"), _l("收到办理结果的最终反馈以后才能评价")),
    "rated_already": (_l("您已经评价过了"), _l("每件举报评价一次。还有要说的，请用“补充情况”写")),
    "feedback_missing": (_l("还没有最终反馈"), _l("请先把结果反馈给每一位举报人，再销号")),
    "second_look_owed": (
        _l("举报人不满意，还没有再核"),
        _l("由分管领导指派另一位承办人再核，再核以后才能销号"),
    ),
    "rating_open": (_l("还在等举报人评价"), _l("举报人评价以后，或者最终反馈满三十日以后，才能销号")),
    "nobody_dissatisfied": (_l("没有举报人表示不满意"), _l("有举报人评价“不满意”时，才做再核")),
    "worked_on_it": (_l("要由另一位承办人来做"), _l("你办过这件案。请分管领导另外指派一位承办人")),
    "struck_it_off": (_l("要由另一位承办人来做"), _l("销号是你做的，回头看要由别人来做")),
    "made_it": (_l("要由另一个人复核"), _l("摘录是你做的，要由别人逐字读过再复核")),
    "reopening_owed": (
        _l("要先重新启动"),
        _l(
            "再核认为意见成立、发现新的事实，或者回头看发现问题反弹。请报批重新启动；不重新启动的，再核或者回头看一次"
        ),
    ),
    "supplied_it": (_l("要由另一位承办人来销号"), _l("整改材料是你提交的，要由别人核查销号")),
    "not_for_this_measure": (_l("这项措施没有这一步"), _l("请回到“措施”页，看这项措施还要做什么")),
    "not_near_its_end": (
        _l("还没有到期满审核的时候"),
        _l("处分到%(last)s期满，%(first)s起才能审核"),
    ),
    "measure_does_not_fit": (
        _l("有措施不适用于处理对象"),
        _l("处理对象的人员类别或者党员身份更正过，有一项措施不再适用。请在“措施”页去掉它，另行拟定"),
    ),
    "has_measures": (_l("还有对这个人拟定的措施"), _l("请先去掉这些措施，再移除这个人")),
    "nothing_to_extend": (
        _l("没有可以延长的期限"),
        _l("现在计算的期限都不能延长，或者已经延长过一次，或者已经过了"),
    ),
    "not_pressed": (_l("没有等待回复的督办"), _l("分管领导或者主要负责人督办以后，才要回复")),
    "look_back_owed": (_l("还没有回头看"), _l("有措施或者整改的案件，先回头看，再归档")),
    "not_borrowed": (_l("案件已经归档"), _l("请先从档案台调卷，再做这一步")),
    "no_archive_desk": (
        _l("档案台还没有就绪"),
        _l("档案台要有密钥和两名已准入的成员，才能接收案卷。请联系管理员"),
    ),
    "day_passed": (
        _l("提请的日期已经到了"),
        _l("提请批准的%(day)s已经到了或者过去了，不能再批准。请退回，请提出的人重新填日期"),
    ),
    "report_left": (
        _l("这件举报已经不在这件案里"),
        _l("提请以后，它所说的举报转到了别的案件，不能再批准。请退回，需要的由提出的人在那件案里重新提出"),
    ),
    "nobody_to_write_to": (
        _l("没有可以答复的举报人"),
        _l("这件案里没有带查询码的举报：是本机关自己登记的，或者举报已经并到别的案件"),
    ),
    "target_merged": (
        _l("那件案后来也并入了别的案件"),
        _l("请先撤销那件案的并案，再撤销这一件的"),
    ),
    "target_closed": (_l("那件案刚才结束了"), _l("请重新打开这个页面，另选一件")),
    "target_read_by_kept_out": (
        _l("不能并入那件案"),
        _l("能看那件案的人里，有这件举报必须回避的人。请先另行指派，或者分开办理"),
    ),
    "target_not_open_to_you": (_l("并入的那件案你打不开"), _l("撤销并案要由能打开两件案的人来做")),
    "target_archived": (_l("并入的那件案已经归档"), _l("请先从档案台调卷，再撤销并案")),
    "no_superior_key": (_l("还没有上级机关的公钥"), _l("请监督小组先录入并确认上级机关的公钥，再上报")),
    # Accounts and keys
    "no_second_factor": (_l("这个账号没有第二重验证"), _l("请管理员重新邀请这个人，激活时会设置验证器")),
    "key_not_in_log": (
        _l("这把密钥和日志对不上"),
        _l("为了安全，没有继续。请告诉主要负责人，并运行日志核验"),
    ),
    "key_damaged": (
        _l("这把密钥打不开了"),
        _l("保存的数据可能被损坏或改动。请告诉主要负责人，并运行日志核验"),
    ),
    "key_changed": (_l("这个账号的密钥刚才换过"), _l("请退出后重新登录，再做一次")),
    "key_exists": (_l("密钥已经有了"), _l("不用再生成。请回到清单看下一步")),
    "key_retired": (_l("这把密钥已经作废"), _l("这个人重新激活过账号。请回到准入列表，核对新的短码")),
    "no_key": (_l("还没有密钥"), _l("请等这个人启用账号，或等受理台的密钥生成以后再做")),
    "role_needs_none": (_l("这个角色不用准入"), _l("这个角色不接触内容，激活以后就可以工作")),
    "last_head": (_l("这是唯一的主要负责人"), _l("请先准入下一位主要负责人，再停用或变更这一位")),
    "last_leader": (
        _l("这是唯一能准入别人的人"),
        _l("请先准入另一位分管领导或主要负责人，再停用或变更这一位"),
    ),
    "needs_sheet": (
        _l("不能换新密钥"),
        _l(
            "现在只有这个账号能准入别人，换了新密钥，就再也没有人能准入。什么都没有改动。"
            "请重新打开邀请链接，用恢复单保留原来的密钥"
        ),
    ),
    "last_holder_leaves": (
        _l("这是唯一的实名信息保管人"),
        _l("停用或者变更以后，举报人的姓名就没有人能打开，所以没有执行。请先在“受理台”里增加一位保管人"),
    ),
    "nobody_to_hold": (
        _l("现在没有实名信息保管人"),
        _l("取回的实名信息没有人可以保管，所以没有取回。请管理员先在“受理台”里提出增加一位，由你确认"),
    ),
    "last_holder": (_l("这是唯一的实名信息保管人"), _l("请先指定另一位保管人")),
    "halves_held_alone": (
        _l("还有实名信息只由这一位保管"),
        _l(
            "现在收回，这些姓名和联系方式就没有保管人能打开，所以没有执行。请先准入其他保管人，再请这一位登录一次，系统会把这一半交给他们"
        ),
    ),
    "asked_already": (
        _l("已经申请过了"),
        _l("上一次的申请还在等保管人决定，或者已经同意、还没有到期。请打开案件看现在的情况"),
    ),
    "no_holder": (
        _l("没有保管人可以决定"),
        _l("除了你自己，没有一位已准入、不用回避的保管人手里有这一半。请主要负责人增加保管人"),
    ),
    "look_over": (
        _l("现在不能查看"),
        _l("没有保管人同意，或者时间到了、已经收回。要看，请在案件的“实名信息”里写明理由再申请"),
    ),
    "asking_over": (
        _l("这件申请已经有了结果"),
        _l("可能保管人已经决定，也可能申请的人收回了，或者不再办这件案。现在不用再决定"),
    ),
    "asker_lost_case": (
        _l("申请的人不再办这件案"),
        _l("案件已经移交或者申请的人须回避，所以没有给出。这件申请随后自动结束"),
    ),
    "no_half": (
        _l("你手里没有这一半"),
        _l("你不再是保管人，或者其中一方换了密钥还没有准入，所以没有给出。请另一位保管人决定"),
    ),
    "cannot_hold": (_l("这个人不能保管身份信息"), _l("这个人已停用，或不再是办案人员。请另选一位")),
    "oversight_needs_own_account": (
        _l("监督小组成员要用单独的账号"),
        _l("进出监督小组不能改角色。请停用原来的账号，再邀请一个新的"),
    ),
    "own_entry": (_l("不能确认自己录入的内容"), _l("请另一位监督小组成员来核对并确认")),
    # Set-up, desks, units
    "set_up_already": (_l("这里已经启用过了"), _l("设置链接只能用一次。请从登录页进入")),
    "no_recovery_key": (
        _l("还没有恢复单"),
        _l("请主要负责人先打印恢复单，并抄回其中三组，再生成受理台的密钥"),
    ),
    "recovery_in_force": (_l("恢复单已经生效"), _l("不能再打印第二张。请找到原来打印的那一张")),
    "no_sheet": (_l("没有等待核对的恢复单"), _l("请先生成并打印恢复单，再抄回其中三组")),
    "not_a_deputy": (_l("这个人已经不是分管领导"), _l("请管理员重新选一位分管领导，再请确认")),
    "same_deputy": (_l("分管领导没有变"), _l("这个受理台本来就由这位分管领导负责")),
    "same_desk": (_l("受理台没有变"), _l("这个渠道本来就属于这个受理台")),
    "unit_circle": (
        _l("单位不能放在自己的下级下面"),
        _l("上级单位在这期间改过。请驳回，请管理员核对后重新提出"),
    ),
    "absence_over": (_l("这次离岗已经结束"), _l("要登记新的离岗，请从人员页面登记")),
    "not_planned": (_l("这项记录不能撤回"), _l("只有还没到日子的计划可以撤回。要改，请更新单位")),
    "later_is_planned": (_l("后面还有别的日期的记录"), _l("请更新单位，并填上要改的日期")),
    "first_fact": (_l("这是这个单位的第一条记录，不能撤回"), _l("写错了，请更新单位")),
    "day_has_come": (
        _l("这一天已经到了"),
        _l("已经到了或者过去的日子不能再改，期限照当时的安排计算。这次没有改动"),
    ),
    "too_many_days_off": (
        _l("这一年的休息日太多了"),
        _l("收回以后，周一至周五的休息日就超过了%(most)s天，所以没有收回。请先收回别的休息日"),
    ),
    "year_stands": (_l("这一年不能改"), _l("只能改今年和以后两年里程序还不知道的年份。这次没有改动")),
}


def of_invalid(fault: Invalid, own: dict[str, Any]) -> str:
    """The sentence for a refused input: a form's `own` words for it, or the common ones."""
    for table in (own, INVALID):
        for key in (f"{fault.field}.{fault.reason}", fault.reason):
            if key in table:
                return _filled(table[key], fault.data)
    log.error("no words for a refused %s: %s", fault.field, fault.reason)
    return str(INVALID["other"])


def of_conflict(fault: Conflict) -> tuple[str, str]:
    """Heading and sentence for a conflict."""
    heading, text = CONFLICT.get(fault.why, CONFLICT["changed"])
    return _filled(heading, fault.data), _filled(text, fault.data)


def _filled(message: Any, data: dict[str, object]) -> str:
    """The sentence with its data; days are written out in the page's language."""
    written = {name: day_text(value) if isinstance(value, dt.date) else value for name, value in data.items()}
    return str(message) % written if written else str(message)
