"""The words of administrators' pages by code: what was done, what is wrong with the office, states and kinds."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

#: What the banner of the next page says.
DONE: Mapping[str, Any] = {
    "corrected": _l("资料已更正"),
    "absent": _l("离岗已登记"),
    "back": _l("离岗已结束，登记仍留在记录里"),
    "deactivated": _l("账号已停用，登录和密钥都已立即收回"),
    "role": _l("角色已变更，原来的权限已收回，要重新准入"),
    "seat_asked": _l("已提出安排席位，准入后生效"),
    "seat_ended": _l("席位已收回"),
    "unit_made": _l("单位已添加"),
    "unit_changed": _l("单位已更新，以前的名称仍保留在记录里"),
    "unit_planned": _l("已记下，到那一天才变，在那以前可以撤回"),
    "unit_plan_ended": _l("已撤回，到那一天不会变；计划和撤回都留在记录里"),
    "desk_made": _l("已添加，等分管领导或主要负责人生成密钥、准入成员"),
    "desk_renamed": _l("受理台已改名"),
    "waits": _l("已提出，等主要负责人或分管领导确认；确认以前可以在启用清单撤回"),
    "wish_withdrawn": _l("已撤回，一切照旧"),
    "channel_made": _l("渠道已开通，可以下载二维码"),
    "channels_made": _l("渠道已全部开通，下面就是它们的二维码"),
    "channel_changed": _l("渠道已更新"),
    "suspended": _l("渠道已暂停，扫码的人会看到说明和其他公开渠道"),
    "resumed": _l("渠道已恢复"),
    "rotated": _l("二维码已更换，请重新打印张贴"),
    "settings": _l("设置已保存"),
    "days_entered": _l("已录入，期限在一分钟内重新计算"),
    "day_taken_back": _l("已收回，这一天恢复原来的安排"),
    "year_known": _l("已记下这一年录全了，期限不再标“暂计”"),
    "year_unknown": _l("已记下这一年还没有录全，期限标“暂计”"),
}

#: What is wrong or missing, and what to do; the same codes as `whistle doctor`.
FINDINGS: Mapping[str, Any] = {
    "rows_deleted": _l(
        "数据库里有行被绕过程序删掉了：%(count)s行指向的内容已经不在。请运行whistle log verify查明，再从备份恢复"
    ),
    "no_recovery_key": _l("还没有生效的恢复单。请主要负责人打印恢复单，抄回三组字符"),
    "own_people_closed": _l("还不能接收反映本机关人员的举报。监督小组要有密钥和两位已准入的成员"),
    "no_superior_key": _l("还没有上级机关的公钥。请监督小组录入，由另一位成员核对"),
    "desk_without_deputy": _l("“%(desk)s”还没有分管领导。请在“受理台”里指定"),
    "desk_without_key": _l("“%(desk)s”还不能接收举报。请主要负责人或者分管领导生成密钥并准入成员"),
    "no_archive_desk": _l("还没有档案台，销号的案件不能归档。请在“受理台”里添加一个，安排两位成员"),
    "archive_not_ready": _l(
        "“%(desk)s”有密钥的成员现有%(count)s人，至少要%(least)s人。请在“人员”里安排，再请分管领导或者主要负责人生成密钥并准入"
    ),
    "no_channel": _l("还没有渠道。请在“渠道”里添加"),
    "channels_that_cannot_receive": _l("有%(count)s个开通的渠道所在的受理台还不能接收举报"),
    "too_few_people": _l("“%(role)s”现有%(count)s人，至少要%(least)s人：%(without)s"),
    "cases_need_new_keys": _l("有%(count)s件案件等着更换密钥。请分管领导或者主要负责人各打开一次"),
    "archived_cases_need_new_keys": _l("有%(count)s件归档的案件等着更换密钥。请档案台的成员各打开一次"),
    "desk_needs_new_key": _l("“%(desk)s”要更换密钥。请主要负责人或者分管领导更换"),
    "blind_key_needs_renewal": _l("人名检索要更换密钥。请主要负责人或者分管领导更换"),
    "holder_in_line": _l("实名信息保管人%(name)s同时管着案件，保管只剩形式。请另外指定一位"),
    "holder_has_cases": _l(
        "实名信息保管人%(name)s打得开自己保管的%(count)s件实名案件，保管只剩形式。请移交案件，或者另外指定一位"
    ),
    "no_identity_holder": _l(
        "没有已准入的实名信息保管人，谁也看不到实名举报人的联系方式。请提出一位，由主要负责人确认"
    ),
    "one_identity_holder": _l(
        "实名信息保管人只有%(name)s：这个人不在时没有人能同意，自己也不能申请。请再指定一位"
    ),
    "files_missing": _l(
        "举报附带的文件少了%(count)s个，或者被截短过。请运行whistle log verify查明，再从备份恢复"
    ),
    "no_room_for_reports": _l("磁盘满了，现在不能收新的举报。请马上清理磁盘或者换更大的磁盘"),
    "no_room_for_files": _l("存放文件的地方满了，现在只收文字。请在“存储”里看还差多少"),
    "room_nearly_full": _l("存放文件的地方已经用了百分之%(percent)s，请在“存储”里看还剩多少"),
    "notices_given_up": _l(
        "给%(names)s的到期提醒没能发出：%(why)s。请更正他们的邮箱，或者请管机器的人检查WHISTLE_SMTP_URL"
    ),
    "notices_failing": _l("有%(count)s份到期提醒等着发出：%(why)s。请管机器的人检查邮件服务器"),
    "no_address": _l("%(names)s还没有邮箱，到期提醒只在工作台上能看到"),
    "calendar_provisional": _l(
        "%(year)s年的放假安排还没有收进来，期限是暂计的。请更新程序，或者在“工作日”里录入"
    ),
}

#: The states of an account, of a channel, and the kinds of units.
PERSON_STATES: Mapping[str, Any] = {
    "invited": _l("已邀请"),
    "active": _l("已启用"),
    "deactivated": _l("已停用"),
}
#: What was recorded of an account.
TOLD: Mapping[str, Any] = {
    "account_invited": _l("已邀请"),
    "account_reinvited": _l("已重新邀请"),
    "account_activated": _l("已启用账号"),
    "account_corrected": _l("已更正资料"),
    "role_changed": _l("已变更角色"),
    "account_deactivated": _l("已停用账号"),
}
CHANNEL_STATES: Mapping[str, Any] = {
    "open": _l("开通"),
    "suspended": _l("已暂停"),
    "expired": _l("已过期"),
    "not_yet": _l("尚未生效"),
}
UNIT_KINDS: Mapping[str, Any] = {
    "department": _l("部门"),
    "subdistrict": _l("街道乡镇"),
    "state_enterprise": _l("国有企业"),
    "institution": _l("事业单位"),
    "other": _l("其他"),
}
#: What became of a record of a unit.
FACT_STATES: Mapping[str, Any] = {
    "past": _l("以前"),
    "now": _l("现在"),
    "planned": _l("计划中"),
    "replaced": _l("当天另有更新"),
    "withdrawn": _l("已撤回"),
}
DESK_KINDS: Mapping[str, Any] = {
    "intake": _l("受理台"),
    "oversight": _l("监督受理台"),
    "archive": _l("档案台"),
}
#: What the kinds that an administrator makes are for.
DESK_HINTS: Mapping[str, Any] = {
    "intake": _l("接收举报，决定是否受理"),
    "archive": _l("保管归档的案件，要有两位成员：一位提出调卷，另一位同意。一个机关只有一个"),
}
