"""The words of the record of administration: what was done, by the code in the log, and the kinds to choose from."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

#: What can be chosen; the same names as `services.administration.GROUPS`.
GROUPS: Mapping[str, Any] = {
    "people": _l("人员和准入"),
    "units": _l("单位目录"),
    "desks": _l("受理台和席位"),
    "channels": _l("举报渠道"),
    "confirmations": _l("要别人确认的变更"),
    "days": _l("工作日"),
    "settings": _l("设置"),
}

#: By the code of the act: what was done, in other words than the button that does it, for English has two of them.
#: A house test holds every code of the program against this table or that of other acts.
ACTS: Mapping[str, Any] = {
    "account_invited": _l("添加账号"),
    "account_activated": _l("激活账号"),
    "account_reinvited": _l("再次邀请"),
    "account_deactivated": _l("停用账号"),
    "role_changed": _l("改任角色"),
    "account_corrected": _l("更正姓名、用户名、单位或者邮箱"),
    "absence": _l("离岗登记"),
    "absence_ended": _l("提前结束离岗"),
    "sign_in_eased": _l("放行登录"),
    "recovery_codes": _l("换备用码"),
    "invitation": _l("生成邀请链接"),
    "invitation_used": _l("邀请链接已使用"),
    "invitation_ended": _l("邀请链接作废"),
    "admitted": _l("准入"),
    "admitted_on_trust": _l("首位人员直接准入"),
    "admission_ended": _l("收回准入"),
    "identity_holder": _l("指定实名信息保管人"),
    "identity_holder_ended": _l("结束实名信息保管"),
    "unit": _l("新增单位"),
    "unit_fact": _l("登记单位名称和上级"),
    "desk": _l("新增受理台"),
    "desk_renamed": _l("受理台更名"),
    "desk_deputy": _l("指定分管领导"),
    "seat_wished": _l("提出安排席位"),
    "seat_admitted": _l("席位准入"),
    "seat_ended": _l("席位收回"),
    "channel": _l("开通渠道"),
    "channel_changed": _l("修改渠道"),
    "channel_suspended": _l("暂停渠道"),
    "channel_resumed": _l("恢复渠道"),
    "channel_rotated": _l("换新二维码"),
    "channel_moved": _l("渠道换受理台"),
    "confirmation_asked": _l("提出变更，等人确认"),
    "confirmation_confirmed": _l("确认变更"),
    "confirmation_withdrawn": _l("撤回提出的变更"),
    "confirmation_refused": _l("不同意变更"),
    "day_off": _l("录入休息日"),
    "day_worked": _l("录入上班日"),
    "day_published": _l("收回录入的日子"),
    "day_year_known": _l("说明全年已经录全"),
    "day_year_unknown": _l("说明全年没有录全"),
    "office": _l("启用本机关"),
    "office_changed": _l("修改设置"),
}
#: For an act of an older release that has no words any more.
UNNAMED = _l("其他操作")
