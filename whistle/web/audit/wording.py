"""The words of a check of the log by code: what does not match, and what could not be checked."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

#: What a finding means; the same codes as `whistle log verify`.
FINDINGS: Mapping[str, Any] = {
    "gap": _l("日志中间缺了条目"),
    "leaf_hash": _l("这一条日志的内容和它的校验值对不上"),
    "commitment": _l("这一条日志的明细和当时写入的承诺值对不上"),
    "entry": _l("这一条日志的登记栏和它的内容不一致"),
    "node": _l("日志的校验树有节点缺失、多余或者被改动"),
    "size": _l("日志登记的条数和实际连续的条数不一致"),
    "root": _l("存下的校验树和日志条目得出的根值不一致"),
    "checkpoint_missing": _l("签名密钥还在，签名记录却一条也没有"),
    "checkpoint_size": _l("签过名的条数比现有的条数多，日志被截短过"),
    "checkpoint_root": _l("签名覆盖的条目得不出当时签名的根值"),
    "checkpoint_signature": _l("签名验证不通过，或者签名原文和登记的不一致"),
    "kept_signature": _l("另行保存的签名原文不是用本系统的密钥签的"),
    "kept_size": _l("另行保存的签名覆盖的条数比现有的多，日志被截短过"),
    "kept_root": _l("另行保存的签名覆盖的条目得不出它的根值"),
    "row_changed": _l("数据库里的这一行和日志里最后一次登记的内容不一致"),
    "row_missing": _l("日志里登记过的一行在数据库里已经没有了"),
    "row_back": _l("日志里登记为已删除的一行又出现在数据库里"),
    "row_without_leaf": _l("数据库里的这一行在日志里没有登记过"),
    "case_without_seal": _l("案件的密钥没有任何人持有，打不开了"),
    "report_without_key": _l("举报缺少密钥，打不开了"),
    "message_without_key": _l("来往消息缺少密钥，打不开了"),
    "identity_without_seal": _l("实名信息的密钥本该有人持有，现在一份也没有"),
    "desk_key_without_seal": _l("受理台的密钥本该有成员持有，现在一份也没有"),
    "blind_key_without_seal": _l("姓名索引的密钥本该有人持有，现在一份也没有"),
    "interference_without_seal": _l("打听过问的登记本该有人能读，现在一个人也没有"),
    "file_missing": _l("举报附带的文件不见了，或者被截短过"),
    "file_changed": _l("举报附带的文件内容和收下时不一样，被改动过"),
    "clock_differs": _l(
        "存下的期限和按办理记录推算的不一致：可能被改动过；已经结束的案件，也可能是旧版程序按旧规则算的"
    ),
}

#: What could not be checked, and what to do about it.
REASONS: Mapping[str, Any] = {
    "log_empty": _l("日志是空的，没有可以核验的内容"),
    "checkpoint_signatures": _l(
        "签名无法验证：签名密钥文件log_signing.key不在或者已经损坏，请从备份放回实例文件夹"
    ),
    "checkpoint_old": _l("有条目过了两天还没有签名：请检查工作进程是否在运行"),
    "signatures_missing": _l(
        "签名记录和签名密钥都没有，而日志已经超过一天。请先不要重新签名：从备份恢复，或者先和另行保存的签名原文比对"
    ),
    "checkpoint_root": _l("日志中间缺了条目，后面签名的根值无法核对：请从备份恢复日志"),
    "files_without_hash": _l("有旧版程序收下的文件没有登记校验值，内容有没有改动过无从核对"),
    "more_findings": _l("不一致之处太多，没有全部列出"),
}
